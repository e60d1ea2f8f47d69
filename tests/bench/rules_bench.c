/*
 * rules_bench.c - what judging one payment by a pack of rules costs.
 *
 *     build/tests/bench/rules_bench      ns a payment, medians of batches in turn
 *
 * It is the sample payment; what the goods tables and kits say of it is found
 * before: that has a budget of its own.  Every answer is compared with the first.
 *
 *   100    the shipped rules over and over; from the second copy on with other
 *          goods, roles and words, so that hardly two conditions are the same
 *   1,000  the same ten times over, but only ten are about the payment's
 *          countries
 *   20     rules that other engines are timed on too (peers/)
 */
#include <time.h>

#include "gateway/base/buffer.h"
#include "tests/bench/judging.h"

#define BATCHES       41
#define BATCH_NS      10000000 /* a batch takes about this long */
#define SHAPES_MAX    64
#define APPLIES_EVERY 100 /* of the thousand: one in a hundred */

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const char *const shipped[] = {
    "baseline",      "cny-return",       "drone-engines",      "goods-filter",   "kit-blockade",
    "machine-tools", "microelectronics", "missile-technology", "nitrocellulose",
};

static struct arena kept; /* packs and tables: until the end */

/* -- packs -- */

/* One rule of a shipped pack. */
struct shape {
    const char *pack; /* as a name in params */
    const cJSON *rule;
};

static struct shape shapes[SHAPES_MAX];
static size_t shape_count;
static cJSON *packs[COUNT_OF(shipped)];
static const char *pack_names[COUNT_OF(shipped)];

static void
read_shapes(void)
{
    for (size_t i = 0; i < COUNT_OF(shipped); i++) {
        const char *path = arena_printf(&kept, "policy/packs/%s.json", shipped[i]);
        char *name = arena_copy(&kept, shipped[i], strlen(shipped[i]));
        const cJSON *rule;

        packs[i] = cJSON_Parse(read_text(&kept, path));
        if (!packs[i])
            die(path, "no JSON");
        for (char *c = name; *c; c++)
            *c = *c == '-' ? '_' : *c;
        pack_names[i] = name;
        cJSON_ArrayForEach(rule, cJSON_GetObjectItem(packs[i], "rules"))
        {
            if (shape_count == SHAPES_MAX)
                die(path, "more shapes than expected");
            shapes[shape_count++] = (struct shape){name, rule};
        }
    }
}

/* How one rule differs from its shape. */
struct variation {
    unsigned copy;       /* 0: not at all */
    const char *country; /* instead of RU, or NULL */
};

/* Words and codes get a number, currencies change; countries, documents and patterns stay. */
static void
vary_literal(struct buffer *out, const char *literal, size_t size, struct variation variation)
{
    static const char *const currencies[] = {"HKD", "SGD", "THB", "AED", "TRY", "KZT", "INR"};
    static const char word[] = "abcdefghijklmnopqrstuvwxyz_", code[] = "0123456789.AB";

    if (variation.country && size == 2 && memcmp(literal, "RU", 2) == 0)
        buffer_text(out, variation.country);
    else if (variation.copy == 0 || size == 0)
        buffer_append(out, literal, size);
    else if (size == 3 && memcmp(literal, "CNY", 3) == 0)
        buffer_text(out, currencies[variation.copy % COUNT_OF(currencies)]);
    else if (strspn(literal, word) >= size || strspn(literal, code) >= size)
        buffer_printf(out, "%.*s_%u", (int)size, literal, variation.copy);
    else
        buffer_append(out, literal, size);
}

/* An expression of a shape: its literals varied, params under the name of its pack. */
static const char *
vary(const char *source, const char *pack, struct variation variation)
{
    static const char params[] = "params.";
    struct buffer out;

    buffer_init(&out, &kept, 2 * strlen(source) + 64);
    while (*source) {
        if (strncmp(source, params, strlen(params)) == 0) {
            buffer_printf(&out, "params.%s_%u.", pack, variation.copy);
            source += strlen(params);
        } else if (*source == '\'') {
            size_t size = strcspn(source + 1, "'");

            buffer_text(&out, "'");
            vary_literal(&out, source + 1, size, variation);
            buffer_text(&out, "'");
            source += size + 2;
        } else {
            buffer_append(&out, source++, 1);
        }
    }
    return buffer_terminate(&out);
}

static void
add_rule(struct buffer *out, const struct shape *shape, size_t number,
         struct variation variation)
{
    const cJSON *then = cJSON_GetObjectItem(shape->rule, "then");
    const cJSON *score = cJSON_GetObjectItem(then, "score");
    const char *when =
        vary(cJSON_GetObjectItem(shape->rule, "when")->valuestring, shape->pack, variation);

    if (variation.country && !strstr(when, variation.country))
        when = arena_printf(&kept, "payment.debtor.country == '%s' && (%s)", variation.country,
                            when);
    json_open(out, '{');
    json_key(out, "id");
    json_string(out, arena_printf(&kept, "R%04zu", number));
    json_member(out, "title", "a rule");
    json_member(out, "when", when);
    json_key(out, "then");
    json_open(out, '{');
    json_member(out, "action", cJSON_GetObjectItem(then, "action")->valuestring);
    json_key(out, "score");
    if (cJSON_IsString(score))
        json_string(out, vary(score->valuestring, shape->pack, variation));
    else
        json_number(out, score ? score->valuedouble : 1);
    json_key(out, "reason");
    json_open(out, '{');
    json_member(out, "code", "NARR");
    json_member(out, "text", "a reason");
    json_close(out, '}');
    json_close(out, '}');
    json_close(out, '}');
}

/* All packs' parameters, for one copy of their rules: shares move towards 1. */
static void
add_parameters(struct buffer *out, unsigned copy)
{
    for (size_t i = 0; i < COUNT_OF(shipped); i++) {
        cJSON *parameters = cJSON_Duplicate(cJSON_GetObjectItem(packs[i], "parameters"), true);
        cJSON *parameter;
        char *text;

        cJSON_ArrayForEach(parameter, parameters)
        {
            if (cJSON_IsNumber(parameter) && parameter->valuedouble < 1)
                cJSON_SetNumberHelper(parameter,
                                      1 - (1 - parameter->valuedouble) / (1 + 0.4 * copy));
        }
        text = parameters ? cJSON_PrintUnformatted(parameters) : NULL;
        json_key(out, arena_printf(&kept, "%s_%u", pack_names[i], copy));
        json_raw(out, text ? text : "{}", text ? strlen(text) : 2);
        free(text);
        cJSON_Delete(parameters);
    }
}

/* rule_count rules; only one in applies_every is about Russia (0: as shipped, all). */
static const char *
generate_pack(size_t rule_count, size_t applies_every)
{
    struct buffer out;

    buffer_init(&out, &kept, 600 * rule_count);
    json_open(&out, '{');
    json_key(&out, "pack");
    json_string(&out, "generated");
    json_member(&out, "version", "1.0.0");
    json_member(&out, "title", "rules of the shipped kind");
    json_key(&out, "parameters");
    json_open(&out, '{');
    for (unsigned copy = 0; copy <= rule_count / shape_count; copy++)
        add_parameters(&out, copy);
    json_close(&out, '}');
    json_key(&out, "rules");
    json_open(&out, '[');
    for (size_t i = 0; i < rule_count; i++) {
        struct variation variation = {.copy = (unsigned)(i / shape_count)};

        if (applies_every > 0 && i % applies_every == 0)
            variation.copy = 0;
        else if (applies_every > 0)
            variation.country =
                arena_printf(&kept, "%c%c", 'A' + (int)(i / 26 % 26), 'A' + (int)(i % 26));
        if (variation.country && strcmp(variation.country, "RU") == 0)
            variation.country = "ZZ";
        add_rule(&out, &shapes[i % shape_count], i, variation);
    }
    json_close(&out, ']');
    json_close(&out, '}');
    return buffer_terminate(&out);
}

/* -- time -- */

struct timed {
    const char *name;
    void *self;
    size_t repeats;
    double ns[BATCHES];
    size_t rules, facts;
};

static int64_t
now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000 + now.tv_nsec;
}

static double
batch(struct timed *timed, struct asked *asked, size_t repeats)
{
    struct tally tally;
    int64_t begin = now_ns();

    for (size_t i = 0; i < repeats; i++) {
        judge(timed->self, asked, &tally);
        if (tally.rules != timed->rules || tally.facts != timed->facts)
            die(timed->name, "the same payment, other rules");
    }
    return (double)(now_ns() - begin) / (double)repeats;
}

static int
by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double
median(const double *values)
{
    double sorted[BATCHES];

    memcpy(sorted, values, sizeof(sorted));
    qsort(sorted, BATCHES, sizeof(sorted[0]), by_value);
    return sorted[BATCHES / 2];
}

/* Warm up, note what fires, and find how many payments a batch has. */
static void
timed_open(struct timed *timed, const char *name, const char *pack, struct asked *asked)
{
    struct tally tally;

    *timed = (struct timed){.name = name, .self = open_pack(name, pack)};
    judge(timed->self, asked, &tally);
    timed->rules = tally.rules;
    timed->facts = tally.facts;
    timed->repeats = 1 + (size_t)(BATCH_NS / batch(timed, asked, 10000));
}

static void
time_packs(const struct goods *goods)
{
    static struct timed timed[3];
    static struct asked asked;
    double ratio[BATCHES];

    sample(&asked, goods);
    timed_open(&timed[0], "100 rules", generate_pack(100, 0), &asked);
    timed_open(&timed[1], "1,000 rules", generate_pack(1000, APPLIES_EVERY), &asked);
    timed_open(&timed[2], "20 rules", read_text(&kept, JUDGING_TWENTY), &asked);
    for (size_t round = 0; round < BATCHES; round++) {
        for (size_t i = 0; i < 3; i++)
            timed[i].ns[round] = batch(&timed[i], &asked, timed[i].repeats);
        ratio[round] = timed[1].ns[round] / timed[0].ns[round];
    }
    printf("%-12s %12s %8s %8s\n", "", "ns/payment", "fired", "facts");
    for (size_t i = 0; i < 3; i++)
        printf("%-12s %12.0f %8zu %8zu\n", timed[i].name, median(timed[i].ns), timed[i].rules,
               timed[i].facts);
    printf("%-12s %12.2f times the 100 rules; wanted: at most 3\n", "1,000 rules",
           median(ratio));
    for (size_t i = 0; i < 3; i++)
        rules_plugin.close(timed[i].self);
    asked_release(&asked);
}

int
main(void)
{
    struct goods *goods;
    struct error err = {0};

    if (goods_load("policy/goods", &kept, &goods, &err) != 0)
        die("policy/goods", err.text);
    read_shapes();
    time_packs(goods);
    for (size_t i = 0; i < COUNT_OF(shipped); i++)
        cJSON_Delete(packs[i]);
    arena_release(&kept);
    return 0;
}
