/* scenario_step.c - a table of members and a reader for each kind of step. */
#include <stdio.h>
#include <string.h>

#include "clients/expectation.h"
#include "clients/scenario_reader.h"
#include "gateway/base/buffer.h"
#include "gateway/base/hash.h"
#include "gateway/base/time.h"

static const struct member pay_members[] = {
    /* clang-format off */
    { "pay",    cJSON_Object, true },
    { "as",     cJSON_String, false },
    { "title",  cJSON_String, false },
    { "expect", cJSON_Object, false },
    { NULL, 0, false },
    /* clang-format on */
};

static const struct member documents_members[] = {{"documents", cJSON_Object, true},
                                                  {"title", cJSON_String, false},
                                                  {"expect", cJSON_Object, false},
                                                  {NULL, 0, false}};

static const struct member answers_members[] = {
    {"payment", cJSON_String, true}, {"answers", cJSON_Array, true}, {NULL, 0, false}};

static const struct member cancel_members[] = {{"cancel", cJSON_Object, true},
                                               {"title", cJSON_String, false},
                                               {"expect", cJSON_Object, false},
                                               {NULL, 0, false}};

static const struct member recall_members[] = {
    {"payment", cJSON_String, true}, {"reason", cJSON_Object, false}, {NULL, 0, false}};

static const struct member case_members[] = {{"case", cJSON_Object, true},
                                             {"by", cJSON_String, false},
                                             {"title", cJSON_String, false},
                                             {"expect", cJSON_Object, false},
                                             {NULL, 0, false}};

static const struct member act_members[] = {
    /* clang-format off */
    { "payment",     cJSON_String, true },
    { "disposition", cJSON_String, false },
    { "release",     cJSON_True,   false },
    { "return",      cJSON_True,   false },
    { "reject",      cJSON_True,   false },
    { "freeze",      cJSON_True,   false },
    { "text",        cJSON_String, false },
    { "reason",      cJSON_Object, false },
    { NULL, 0, false },
    /* clang-format on */
};

static const struct member advance_members[] = {{"advance", cJSON_String, true},
                                                {"title", cJSON_String, false},
                                                {"expect", cJSON_Object, false},
                                                {NULL, 0, false}};

static const struct member to_members[] = {{"to", cJSON_String, true},
                                           {"title", cJSON_String, false},
                                           {"expect", cJSON_Object, false},
                                           {NULL, 0, false}};

static const struct member expect_members[] = {
    {"expect", cJSON_Object, true}, {"title", cJSON_String, false}, {NULL, 0, false}};

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

/* The payment that "$kit" names, paid by a step before this one. */
static int
payment_of_step(const struct scenario_reader *reader, const char *name, const char *where,
                size_t index, struct scenario_step *step)
{
    if (name[0] != '$')
        return error_set(reader->err, ERROR_INVALID,
                         "%s/%s: must name a payment, such as \"$kit\"", reader->where, where);
    step->payment = step_named(reader->scenario, index, name + 1);
    if (name[1] == '\0' || step->payment == index)
        return error_set(reader->err, ERROR_INVALID,
                         "%s/%s: no step before this one pays as \"%.40s\"", reader->where,
                         where, name + 1);
    return 0;
}

/* The payment as text, with the uetr of N2 where it has none. */
static void
body_make(const struct scenario_reader *reader, const cJSON *pay, size_t index,
          struct scenario_step *step)
{
    char *printed = cJSON_PrintUnformatted(pay);
    char uetr[UETR_TEXT_SIZE];

    if (scenario_has(pay, "uetr")) {
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
expect_of_step(const struct scenario_reader *reader, const cJSON *json,
               struct scenario_step *step)
{
    const char *where = arena_printf(reader->arena, "%s/expect", reader->where);

    step->expect = cJSON_GetObjectItemCaseSensitive(json, "expect");
    return step->expect ? expectation_read(step->expect, where, reader->err) : 0;
}

/* A step's own title, or what else to call it. */
static const char *
title_of(const cJSON *json, const char *otherwise)
{
    return scenario_text(json, "title", otherwise);
}

static int
pay_read(const struct scenario_reader *reader, const cJSON *json, size_t index,
         struct scenario_step *step)
{
    if (scenario_check(reader, json, pay_members) != 0)
        return -1;
    step->payment = index;
    step->name = scenario_text(json, "as", "");
    step->title = title_of(json, step->name[0] ? step->name : "payment");
    if (scenario_has(json, "as") && step->name[0] == '\0')
        return error_set(reader->err, ERROR_INVALID, "%s/as: must not be empty", reader->where);
    if (step->name[0] && step_named(reader->scenario, index, step->name) != index)
        return error_set(reader->err, ERROR_INVALID, "%s/as: \"%.40s\" is taken", reader->where,
                         step->name);
    if (expect_of_step(reader, json, step) != 0)
        return -1;
    if (step->expect && scenario_has(step->expect, "payment"))
        return error_set(reader->err, ERROR_INVALID,
                         "%s/expect/payment: only a step that does not pay refers to a payment",
                         reader->where);
    body_make(reader, cJSON_GetObjectItemCaseSensitive(json, "pay"), index, step);
    return 0;
}

/* What is posted of an object: all but the payment, which is in the path, and the verb. */
static void
rest_make(const struct scenario_reader *reader, const cJSON *object, struct scenario_step *step)
{
    const cJSON *member;
    struct buffer body;

    buffer_init(&body, reader->arena, 128);
    json_open(&body, '{');
    cJSON_ArrayForEach(member, object)
    {
        char *printed;

        if (strcmp(member->string, "payment") == 0 || cJSON_IsTrue(member))
            continue;
        printed = cJSON_PrintUnformatted(member);
        json_key(&body, member->string);
        json_raw(&body, printed, strlen(printed));
        cJSON_free(printed);
    }
    json_close(&body, '}');
    step->body = buffer_terminate(&body);
    step->body_len = body.len;
}

/* What the steps that act on a payment have in common: an object that names it. */
static int
act_read(const struct scenario_reader *reader, const cJSON *json, const char *kind,
         const struct member *own, size_t index, struct scenario_step *step)
{
    const cJSON *object = cJSON_GetObjectItemCaseSensitive(json, kind);
    struct scenario_reader inner = *reader;
    const char *name;

    inner.where = arena_printf(reader->arena, "%s/%s", reader->where, kind);
    if (scenario_check(&inner, object, own) != 0 || expect_of_step(reader, json, step) != 0)
        return -1;
    name = scenario_text(object, "payment", "");
    if (payment_of_step(&inner, name, "payment", index, step) != 0)
        return -1;
    if (step->expect && scenario_has(step->expect, "payment"))
        return error_set(reader->err, ERROR_INVALID,
                         "%s/expect/payment: the step names its payment itself", reader->where);
    step->title = title_of(json, arena_printf(reader->arena, "%s %s", kind, name));
    rest_make(reader, object, step);
    return 0;
}

static int
documents_read(const struct scenario_reader *reader, const cJSON *json, size_t index,
               struct scenario_step *step)
{
    return scenario_check(reader, json, documents_members) != 0
               ? -1
               : act_read(reader, json, "documents", answers_members, index, step);
}

static int
cancel_read(const struct scenario_reader *reader, const cJSON *json, size_t index,
            struct scenario_step *step)
{
    return scenario_check(reader, json, cancel_members) != 0
               ? -1
               : act_read(reader, json, "cancel", recall_members, index, step);
}

/* One of the verbs at most; without any it is a note, which needs a text. */
static int
verb_read(const struct scenario_reader *reader, const cJSON *object, struct scenario_step *step)
{
    static const char *const verbs[] = {"disposition", "release", "return", "reject", "freeze"};

    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (!scenario_has(object, verbs[i]))
            continue;
        if (step->verb[0])
            return error_set(reader->err, ERROR_INVALID, "%s/case/%s: does not go with %s",
                             reader->where, verbs[i], step->verb);
        step->verb = verbs[i];
    }
    if (step->verb[0])
        return 0;
    step->verb = "notes";
    if (!scenario_has(object, "text"))
        return error_set(reader->err, ERROR_INVALID,
                         "%s/case: has disposition, release, return, reject or freeze, or the "
                         "text of a note",
                         reader->where);
    return 0;
}

static int
case_read(const struct scenario_reader *reader, const cJSON *json, size_t index,
          struct scenario_step *step)
{
    if (scenario_check(reader, json, case_members) != 0 ||
        act_read(reader, json, "case", act_members, index, step) != 0)
        return -1;
    step->actor = scenario_text(json, "by", "");
    if (step->actor[strcspn(step->actor, "\r\n")] != '\0')
        return error_set(reader->err, ERROR_INVALID, "%s/by: must be one line", reader->where);
    return verb_read(reader, cJSON_GetObjectItemCaseSensitive(json, "case"), step);
}

/* What both moves of the clock have in common. */
static int
move_read(const struct scenario_reader *reader, const cJSON *json, const char *member,
          struct scenario_step *step)
{
    const char *text = scenario_text(json, member, "");
    struct buffer body;

    step->title = title_of(json, arena_printf(reader->arena, "%s %s", member, text));
    if (strncmp(reader->scenario->clock, "manual:", 7) != 0)
        return error_set(reader->err, ERROR_INVALID,
                         "%s/%s: the clock is \"%.40s\", only a manual one is moved",
                         reader->where, member, reader->scenario->clock);
    buffer_init(&body, reader->arena, 64);
    json_open(&body, '{');
    json_member(&body, member, text);
    json_close(&body, '}');
    step->body = buffer_terminate(&body);
    step->body_len = body.len;
    return expect_of_step(reader, json, step);
}

static int
advance_read(const struct scenario_reader *reader, const cJSON *json, size_t index,
             struct scenario_step *step)
{
    const char *text = scenario_text(json, "advance", "");

    (void)index;
    if (scenario_check(reader, json, advance_members) != 0)
        return -1;
    if (!duration_parse(text, &step->move_ms) || step->move_ms <= 0)
        return error_set(reader->err, ERROR_INVALID,
                         "%s/advance: \"%.40s\" is not a duration such as P40D or PT1H30M",
                         reader->where, text);
    return move_read(reader, json, "advance", step);
}

static int
to_read(const struct scenario_reader *reader, const cJSON *json, size_t index,
        struct scenario_step *step)
{
    const char *text = scenario_text(json, "to", "");

    (void)index;
    if (scenario_check(reader, json, to_members) != 0)
        return -1;
    if (!instant_parse_local(text, &step->move_ms))
        return error_set(reader->err, ERROR_INVALID,
                         "%s/to: \"%.40s\" is not a time such as 2024-05-25T09:00:00",
                         reader->where, text);
    return move_read(reader, json, "to", step);
}

static int
read_back_read(const struct scenario_reader *reader, const cJSON *json, size_t index,
               struct scenario_step *step)
{
    const cJSON *payment;
    const char *name;

    if (scenario_check(reader, json, expect_members) != 0 ||
        expect_of_step(reader, json, step) != 0)
        return -1;
    payment = cJSON_GetObjectItemCaseSensitive(step->expect, "payment");
    name = cJSON_IsString(payment) ? payment->valuestring : "";
    step->title = title_of(json, name);
    return payment_of_step(reader, name, "expect/payment", index, step);
}

/* Whose presence makes a step one of this kind: the first that is there. */
static const struct {
    const char *member;
    int (*read)(const struct scenario_reader *reader, const cJSON *json, size_t index,
                struct scenario_step *step);
} kinds[STEP_KIND_COUNT] = {
    [STEP_PAY] = {"pay", pay_read},
    [STEP_DOCUMENTS] = {"documents", documents_read},
    [STEP_CANCEL] = {"cancel", cancel_read},
    [STEP_CASE] = {"case", case_read},
    [STEP_ADVANCE] = {"advance", advance_read},
    [STEP_TO] = {"to", to_read},
    [STEP_EXPECT] = {"expect", read_back_read},
};

const char *
step_kind_name(enum step_kind kind)
{
    return kinds[kind].member;
}

int
scenario_step_read(const struct scenario_reader *reader, const cJSON *json, size_t index,
                   struct scenario_step *step)
{
    if (!cJSON_IsObject(json))
        return error_set(reader->err, ERROR_INVALID, "%s: must be an object", reader->where);
    *step = (struct scenario_step){.name = "", .verb = "", .actor = ""};
    for (int kind = 0; kind < STEP_KIND_COUNT; kind++) {
        if (!scenario_has(json, kinds[kind].member))
            continue;
        step->kind = (enum step_kind)kind;
        return kinds[kind].read(reader, json, index, step);
    }
    return error_set(reader->err, ERROR_INVALID,
                     "%s: a step has pay, documents, cancel, case, advance, to or expect",
                     reader->where);
}
