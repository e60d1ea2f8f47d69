/* scenario.c - member tables, then one reader for each kind of step. */
#include "clients/scenario.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "clients/expectation.h"
#include "gateway/base/buffer.h"
#include "gateway/base/hash.h"
#include "gateway/base/json.h"
#include "gateway/base/time.h"

struct member {
    const char *name;
    int type; /* cJSON_String, ... */
    bool required;
};

static const struct member scenario_members[] = {
    /* clang-format off */
    { "scenario", cJSON_String, true },
    { "title",    cJSON_String, false },
    { "seed",     cJSON_Number, false },
    { "clock",    cJSON_String, true },
    { "book",     cJSON_String, false },
    { "steps",    cJSON_Array,  true },
    { NULL, 0, false },
    /* clang-format on */
};

static const struct member pay_members[] = {
    /* clang-format off */
    { "pay",    cJSON_Object, true },
    { "as",     cJSON_String, false },
    { "title",  cJSON_String, false },
    { "expect", cJSON_Object, false },
    { NULL, 0, false },
    /* clang-format on */
};

static const struct member advance_members[] = {
    {"advance", cJSON_String, true}, {"title", cJSON_String, false}, {NULL, 0, false}};

static const struct member expect_members[] = {
    {"expect", cJSON_Object, true}, {"title", cJSON_String, false}, {NULL, 0, false}};

/* What reading carries along; where begins every error. */
struct reader {
    struct arena *arena;
    struct scenario *scenario;
    const char *where; /* "file: step 3, /steps/2" */
    struct error *err;
};

/* cJSON_HasObjectItem() ignores case, and JSON does not. */
static bool
has(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name) != NULL;
}

static const char *
type_name(int type)
{
    switch (type) {
    case cJSON_String:
        return "a string";
    case cJSON_Number:
        return "a number";
    case cJSON_Array:
        return "an array";
    default:
        return "an object";
    }
}

static const struct member *
member_find(const struct member *members, const char *name)
{
    while (members->name && strcmp(members->name, name) != 0)
        members++;
    return members->name ? members : NULL;
}

/* Only these members, of these types, and none missing. */
static int
object_check(const struct reader *reader, const cJSON *object, const struct member *members)
{
    const cJSON *value;

    cJSON_ArrayForEach(value, object)
    {
        const struct member *member = member_find(members, value->string);

        if (!member)
            return error_set(reader->err, ERROR_INVALID, "%s/%.40s: no member of this name",
                             reader->where, value->string);
        if ((value->type & 0xff) != member->type)
            return error_set(reader->err, ERROR_INVALID, "%s/%s: must be %s", reader->where,
                             member->name, type_name(member->type));
    }
    for (; members->name; members++)
        if (members->required && !has(object, members->name))
            return error_set(reader->err, ERROR_INVALID, "%s/%s: is missing", reader->where,
                             members->name);
    return 0;
}

static const char *
text_of(const cJSON *object, const char *name, const char *otherwise)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);

    return value ? value->valuestring : otherwise;
}

void
scenario_uetr(int64_t seed, size_t step, char text[UETR_TEXT_SIZE])
{
    char source[64], hex[SHA256_HEX_SIZE];
    uint8_t digest[SHA256_BYTES];
    int len = snprintf(source, sizeof(source), "scenario %lld step %zu", (long long)seed, step);

    hash_sha256(&(struct hash_part){source, (size_t)len}, 1, digest);
    digest[6] = (uint8_t)((digest[6] & 0x0f) | 0x40); /* version 4 */
    digest[8] = (uint8_t)((digest[8] & 0x3f) | 0x80); /* the variant of RFC 9562 */
    hash_hex(digest, 16, hex);
    snprintf(text, UETR_TEXT_SIZE, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12,
             hex + 16, hex + 20);
}

/* The step that paid as name, among the first count; count if there is none. */
static size_t
step_named(const struct scenario *scenario, size_t count, const char *name)
{
    size_t i = 0;

    while (i < count &&
           (scenario->steps[i].kind != STEP_PAY || strcmp(scenario->steps[i].name, name) != 0))
        i++;
    return i;
}

/* The payment as text, with the uetr of N2 where it has none. */
static void
body_make(const struct reader *reader, const cJSON *pay, size_t index,
          struct scenario_step *step)
{
    char *printed = cJSON_PrintUnformatted(pay);
    char uetr[UETR_TEXT_SIZE];

    if (has(pay, "uetr")) {
        step->body = arena_copy(reader->arena, printed, strlen(printed));
    } else {
        scenario_uetr(reader->scenario->seed, index + 1, uetr);
        step->body = arena_printf(reader->arena, "{\"uetr\":\"%s\"%s%s", uetr,
                                  pay->child ? "," : "", printed + 1);
    }
    step->body_len = strlen(step->body);
    cJSON_free(printed);
}

static int
expect_of_step(const struct reader *reader, const cJSON *json, struct scenario_step *step)
{
    const char *where = arena_printf(reader->arena, "%s/expect", reader->where);

    step->expect = cJSON_GetObjectItemCaseSensitive(json, "expect");
    return step->expect ? expectation_read(step->expect, where, reader->err) : 0;
}

static int
pay_read(const struct reader *reader, const cJSON *json, size_t index,
         struct scenario_step *step)
{
    if (object_check(reader, json, pay_members) != 0)
        return -1;
    step->payment = index;
    step->name = text_of(json, "as", "");
    step->title = text_of(json, "title", step->name[0] ? step->name : "payment");
    if (has(json, "as") && step->name[0] == '\0')
        return error_set(reader->err, ERROR_INVALID, "%s/as: must not be empty", reader->where);
    if (step->name[0] && step_named(reader->scenario, index, step->name) != index)
        return error_set(reader->err, ERROR_INVALID, "%s/as: \"%.40s\" is taken", reader->where,
                         step->name);
    if (expect_of_step(reader, json, step) != 0)
        return -1;
    if (step->expect && has(step->expect, "payment"))
        return error_set(reader->err, ERROR_INVALID,
                         "%s/expect/payment: only a step that does not pay refers to a payment",
                         reader->where);
    body_make(reader, cJSON_GetObjectItemCaseSensitive(json, "pay"), index, step);
    return 0;
}

static int
advance_read(const struct reader *reader, const cJSON *json, size_t index,
             struct scenario_step *step)
{
    int64_t ms;

    (void)index;
    if (object_check(reader, json, advance_members) != 0)
        return -1;
    step->duration = text_of(json, "advance", "");
    step->title =
        text_of(json, "title", arena_printf(reader->arena, "advance %s", step->duration));
    if (!duration_parse(step->duration, &ms) || ms <= 0)
        return error_set(reader->err, ERROR_INVALID,
                         "%s/advance: \"%.40s\" is not a duration such as P40D or PT1H30M",
                         reader->where, step->duration);
    if (strncmp(reader->scenario->clock, "manual:", 7) != 0)
        return error_set(reader->err, ERROR_INVALID,
                         "%s/advance: the clock is \"%.40s\", only a manual one is advanced",
                         reader->where, reader->scenario->clock);
    return 0;
}

static int
read_back_read(const struct reader *reader, const cJSON *json, size_t index,
               struct scenario_step *step)
{
    const cJSON *payment;

    if (object_check(reader, json, expect_members) != 0 ||
        expect_of_step(reader, json, step) != 0)
        return -1;
    payment = cJSON_GetObjectItemCaseSensitive(step->expect, "payment");
    if (!cJSON_IsString(payment) || payment->valuestring[0] != '$')
        return error_set(reader->err, ERROR_INVALID,
                         "%s/expect/payment: must name a payment, such as \"$kit\"",
                         reader->where);
    step->payment = step_named(reader->scenario, index, payment->valuestring + 1);
    if (payment->valuestring[1] == '\0' || step->payment == index)
        return error_set(reader->err, ERROR_INVALID,
                         "%s/expect/payment: no step before this one pays as \"%.40s\"",
                         reader->where, payment->valuestring + 1);
    step->title = text_of(json, "title", payment->valuestring);
    return 0;
}

static const struct {
    const char *member; /* whose presence makes a step one of this kind */
    int (*read)(const struct reader *reader, const cJSON *json, size_t index,
                struct scenario_step *step);
} kinds[] = {
    [STEP_PAY] = {"pay", pay_read},
    [STEP_ADVANCE] = {"advance", advance_read},
    [STEP_EXPECT] = {"expect", read_back_read},
};

static int
step_read(const struct reader *reader, const cJSON *json, size_t index,
          struct scenario_step *step)
{
    if (!cJSON_IsObject(json))
        return error_set(reader->err, ERROR_INVALID, "%s: must be an object", reader->where);
    *step = (struct scenario_step){.name = ""};
    for (int kind = STEP_PAY; kind <= STEP_EXPECT; kind++) {
        if (!has(json, kinds[kind].member))
            continue;
        step->kind = (enum step_kind)kind;
        return kinds[kind].read(reader, json, index, step);
    }
    return error_set(reader->err, ERROR_INVALID, "%s: a step has pay, advance or expect",
                     reader->where);
}

static int
steps_read(struct reader *reader, const char *file, const cJSON *steps)
{
    struct scenario *scenario = reader->scenario;
    size_t count = (size_t)cJSON_GetArraySize(steps), i = 0;
    const cJSON *step;

    if (count == 0 || count > SCENARIO_STEPS_MAX)
        return error_set(reader->err, ERROR_INVALID, "%s: /steps: must have 1 to %d steps",
                         file, SCENARIO_STEPS_MAX);
    scenario->steps = arena_alloc(reader->arena, count * sizeof(*scenario->steps));
    scenario->step_count = count;
    cJSON_ArrayForEach(step, steps)
    {
        reader->where = arena_printf(reader->arena, "%s: step %zu, /steps/%zu", file, i + 1, i);
        if (step_read(reader, step, i, &scenario->steps[i]) != 0)
            return -1;
        i++;
    }
    return 0;
}

static int
seed_read(const struct reader *reader, const cJSON *json)
{
    const cJSON *seed = cJSON_GetObjectItemCaseSensitive(json, "seed");
    double value = seed ? seed->valuedouble : 1;

    if (value != floor(value) || value < 0 || value > (double)SCENARIO_SEED_MAX)
        return error_set(reader->err, ERROR_INVALID,
                         "%s/seed: must be a whole number from 0 to %lld", reader->where,
                         SCENARIO_SEED_MAX);
    reader->scenario->seed = (int64_t)value;
    return 0;
}

static int
clock_read(const struct reader *reader)
{
    struct error why = {0};
    struct clock clock;

    if (clock_init(&clock, reader->scenario->clock, &why) != 0)
        return error_set(reader->err, ERROR_INVALID, "%s/clock: %.300s", reader->where,
                         why.text);
    return 0;
}

int
scenario_read(struct arena *arena, const char *file, const char *text, size_t len,
              struct scenario *out, struct error *err)
{
    struct reader reader = {.arena = arena, .scenario = out, .err = err};
    struct error why = {0};
    cJSON *json;

    *out = (struct scenario){0};
    reader.where = arena_printf(arena, "%s: ", file);
    if (json_parse(arena, text, len, &json, &why) != 0)
        return error_set(err, ERROR_INVALID, "%s: %.300s", file, why.text);
    if (!cJSON_IsObject(json))
        return error_set(err, ERROR_INVALID, "%s: must be an object", file);
    if (object_check(&reader, json, scenario_members) != 0)
        return -1;
    out->name = text_of(json, "scenario", "");
    out->title = text_of(json, "title", "");
    out->clock = text_of(json, "clock", "");
    out->book = text_of(json, "book", "");
    if (seed_read(&reader, json) != 0 || clock_read(&reader) != 0)
        return -1;
    return steps_read(&reader, file, cJSON_GetObjectItemCaseSensitive(json, "steps"));
}
