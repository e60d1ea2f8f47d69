/* pack_tests.c - reads the tests of a pack; policy/pack_test.h runs them. */
#include <stdio.h>
#include <string.h>

#include "gateway/base/time.h"
#include "policy/book.h"
#include "policy/rules/locate.h"
#include "policy/rules/pack_private.h"

#define SEED_DEFAULT 1
#define SEED_MAX     9007199254740991.0 /* 2^53 - 1: what a JSON number holds exactly */

/* -- JSON Merge Patch (RFC 7396); what is not changed is shared -- */

static cJSON *
append(struct arena *arena, cJSON *object, const cJSON *value, char *name)
{
    cJSON *copy = arena_alloc(arena, sizeof(*copy));

    *copy = *value;
    copy->string = name;
    copy->next = NULL;
    if (object->child) {
        copy->prev = object->child->prev;
        object->child->prev->next = copy;
        object->child->prev = copy;
    } else {
        object->child = copy->prev = copy;
    }
    return copy;
}

static const cJSON *
member_of(const cJSON *object, const char *name)
{
    return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, name) : NULL;
}

/* target may be NULL; as deep as the document is. */
static const cJSON *
merge(struct arena *arena, const cJSON *target, const cJSON *patch)
{
    cJSON *merged;

    if (!cJSON_IsObject(patch))
        return patch;
    merged = arena_zalloc(arena, sizeof(*merged));
    merged->type = cJSON_Object;
    if (cJSON_IsObject(target))
        for (const cJSON *old = target->child; old; old = old->next) {
            const cJSON *change = member_of(patch, old->string);

            if (!change)
                append(arena, merged, old, old->string);
            else if (!cJSON_IsNull(change))
                append(arena, merged, merge(arena, old, change), old->string);
        }
    for (const cJSON *added = patch->child; added; added = added->next)
        if (!cJSON_IsNull(added) && !member_of(target, added->string))
            append(arena, merged, merge(arena, NULL, added), added->string);
    return merged;
}

/* An object with objects in it that merging, and finding names, may walk through. */
static int
check_payment(const struct value *value, struct error *err)
{
    struct value member = {0};

    if (cJSON_IsObject(value->json) && cJSON_GetArraySize(value->json) > PACK_MEMBERS_MAX)
        return pack_fault(value, err, "expected at most %d members; found %d", PACK_MEMBERS_MAX,
                          cJSON_GetArraySize(value->json));
    while (cJSON_IsObject(value->json) && value_next(value, &member))
        if (check_payment(&member, err) != 0)
            return -1;
    return 0;
}

static int
read_payment(const struct value *value, const struct value *base, const cJSON **out,
             struct error *err)
{
    static const cJSON nothing = {.type = cJSON_Object};

    if (value->json ? !cJSON_IsObject(value->json) : !base->json)
        return value_fault(value, err, "a payment, here or at the top");
    if (check_payment(value, err) != 0)
        return -1;
    *out =
        merge(pack_reading_of(value)->arena, base->json, value->json ? value->json : &nothing);
    return 0;
}

/* -- the rest of a test -- */

static int
read_bank(const struct value *value, struct pack_test *out, struct error *err)
{
    static const char *const names[] = {"bic", "name", "class", NULL};
    struct value bic = value_member(value, "bic");
    struct value name = value_member(value, "name");
    struct value class = value_member(value, "class");

    out->bank_bic = out->bank_name = out->bank_class = "";
    if (!value->json)
        return 0;
    if (pack_object(value, names, err) != 0 || pack_text_if(&bic, &out->bank_bic, err) != 0 ||
        pack_text_if(&name, &out->bank_name, err) != 0 ||
        pack_text_if(&class, &out->bank_class, err) != 0)
        return -1;
    if (out->bank_bic[0] != '\0' && strlen(out->bank_bic) != BOOK_BIC_LENGTH)
        return value_fault(&bic, err, "a BIC of 8 characters, as books have them");
    if (out->bank_class[0] != '\0' && !bank_class_is_known(out->bank_class))
        return value_fault(&class, err, BANK_CLASSES_EXPECTED);
    return 0;
}

static int
read_now(const struct value *value, int64_t *out, struct error *err)
{
    const char *text;

    if (!value->json)
        return 0;
    if (value_text(value, &text, err) != 0)
        return -1;
    if (!instant_parse_local(text, out))
        return value_fault(value, err, "a date such as 2024-03-20 or an RFC 3339 time");
    return 0;
}

static int
read_seed(const struct value *value, uint64_t *out, struct error *err)
{
    double seed = value->json ? value->json->valuedouble : SEED_DEFAULT;

    if (value->json && (!cJSON_IsNumber(value->json) || seed < 0 || seed > SEED_MAX ||
                        seed != (double)(uint64_t)seed))
        return value_fault(value, err, "a whole number, 0 to 9007199254740991");
    *out = (uint64_t)seed;
    return 0;
}

/* -- who is found on which list -- */

/* Is the member or element so called?  Elements are called by their number. */
static bool
is_called(const cJSON *child, size_t index, const char *name, size_t len)
{
    char number[24];
    const char *its = child->string ? child->string : number;

    snprintf(number, sizeof(number), "%zu", index);
    return strlen(its) == len && memcmp(its, name, len) == 0;
}

/* Has the payment something at "debtor/owners/0/name"? */
static bool
points_into(const cJSON *json, const char *pointer)
{
    for (;;) {
        size_t len = strcspn(pointer, "/"), index = 0;

        json = json->child;
        while (json && !is_called(json, index++, pointer, len))
            json = json->next;
        if (!json || pointer[len] == '\0')
            return json != NULL;
        pointer += len + 1;
    }
}

/* A field that the payment has not would let a near miss pass for a typo. */
static int
read_hit(const struct value *value, const cJSON *payment, struct policy_hit *out,
         struct error *err)
{
    static const char *const names[] = {"list",    "entry", "field", "query",
                                        "matched", "score", NULL};
    struct value list = value_member(value, "list");
    struct value entry = value_member(value, "entry");
    struct value field = value_member(value, "field");
    struct value query = value_member(value, "query");
    struct value matched = value_member(value, "matched");
    struct value score = value_member(value, "score");

    *out = (struct policy_hit){.size = sizeof(*out)};
    if (pack_object(value, names, err) != 0 || pack_text(&list, &out->list, err) != 0 ||
        pack_text(&entry, &out->entry, err) != 0 || pack_text(&field, &out->field, err) != 0 ||
        pack_text_if(&query, &out->query, err) != 0 ||
        pack_text_if(&matched, &out->matched, err) != 0)
        return -1;
    if (!points_into(payment, out->field))
        return value_fault(&field, err,
                           "what the test's payment has, such as debtor/name, goods/0/end_user "
                           "or trade/vessels/0/imo");
    if (!cJSON_IsNumber(score.json) || score.json->valuedouble < 0 ||
        score.json->valuedouble > 1)
        return value_fault(&score, err, "a number, 0 to 1");
    out->score = score.json->valuedouble;
    return 0;
}

/* Best score first, as the facts of a payment have them; equals stay as written. */
static void
insert_hit(const struct policy_hit **hits, size_t count, const struct policy_hit *hit)
{
    while (count > 0 && hits[count - 1]->score < hit->score) {
        hits[count] = hits[count - 1];
        count--;
    }
    hits[count] = hit;
}

/* After the payment. */
static int
read_hits(const struct value *value, struct pack_test *out, struct error *err)
{
    struct arena *arena = pack_reading_of(value)->arena;
    struct value item = {0};
    const struct policy_hit **hits;

    if (value->json && value_array(value, 0, PACK_HITS_MAX, err) != 0)
        return -1;
    hits = arena_alloc(arena, ((size_t)cJSON_GetArraySize(value->json) + 1) * sizeof(*hits));
    out->hits = hits;
    while (value->json && value_next(value, &item)) {
        struct policy_hit *hit = arena_alloc(arena, sizeof(*hit));

        if (read_hit(&item, out->payment, hit, err) != 0)
            return -1;
        insert_hit(hits, out->hit_count++, hit);
    }
    return 0;
}

/* -- what came before -- */

static int
read_earlier(const struct value *value, const struct value *base, struct pack_earlier *out,
             struct error *err)
{
    static const char *const names[] = {"payment", "at", "refused", NULL};
    struct value payment = value_member(value, "payment");
    struct value at = value_member(value, "at");
    struct value refused = value_member(value, "refused");

    if (pack_object(value, names, err) != 0 ||
        read_payment(&payment, base, &out->payment, err) != 0 ||
        read_now(&at, &out->at_ms, err) != 0)
        return -1;
    if (refused.json && !cJSON_IsBool(refused.json))
        return value_fault(&refused, err, "true or false");
    out->refused = cJSON_IsTrue(refused.json);
    return 0;
}

static int
read_history(const struct value *value, const struct value *base, struct pack_test *out,
             struct error *err)
{
    struct value item = {0};
    struct pack_earlier *history;

    if (!value->json)
        return 0;
    if (value_array(value, 0, PACK_HISTORY_MAX, err) != 0)
        return -1;
    out->history_count = (size_t)cJSON_GetArraySize(value->json);
    out->history = history = arena_zalloc(pack_reading_of(value)->arena,
                                          (out->history_count + 1) * sizeof(*history));
    while (value_next(value, &item))
        if (read_earlier(&item, base, &history[item.index], err) != 0)
            return -1;
    return 0;
}

/* -- what is expected -- */

static int
unknown_rule(const struct value *value, const char *id, struct error *err)
{
    const struct pack_reading *reading = pack_reading_of(value);
    const struct pack *pack = reading->pack;
    const char **ids = arena_alloc(reading->arena, pack->rule_count * sizeof(*ids));
    const char *nearest;

    for (size_t i = 0; i < pack->rule_count; i++)
        ids[i] = pack->rules[i].id;
    nearest = cel_nearest(id, ids, pack->rule_count);
    return pack_fault(value, err, "expected the id of a rule; found \"%.80s\"%s%s", id,
                      nearest ? "; the nearest is " : "", nearest ? nearest : "");
}

/* The ids into the pack's order: a mark at each rule, and then from the first on. */
static int
read_expected_rules(const struct value *value, struct pack_test *out, struct error *err)
{
    const struct pack_reading *reading = pack_reading_of(value);
    const struct pack *pack = reading->pack;
    struct value item = {0};
    const char **ids;
    bool *expected;

    out->rules_given = value->json != NULL;
    if (!value->json)
        return 0;
    if (value_array(value, 0, pack->rule_count, err) != 0)
        return -1;
    expected = arena_zalloc(reading->arena, pack->rule_count);
    while (value_next(value, &item)) {
        const struct pack_rule *rule;
        const char *id;

        if (value_text(&item, &id, err) != 0)
            return -1;
        rule = pack_rule_find(reading, id);
        if (!rule)
            return unknown_rule(&item, id, err);
        if (expected[rule - pack->rules])
            return pack_fault(&item, err, "expected each rule once; found %s again", id);
        expected[rule - pack->rules] = true;
    }
    ids = arena_alloc(reading->arena, ((size_t)item.index + 1) * sizeof(*ids));
    for (size_t i = 0; i < pack->rule_count; i++)
        if (expected[i])
            ids[out->rule_count++] = pack->rules[i].id;
    out->rules = ids;
    return 0;
}

static int
read_expected_asks(const struct value *value, struct pack_test *out, struct error *err)
{
    const struct terms_file file = pack_terms_file(value);
    struct policy_terms terms = {.size = sizeof(terms)};

    out->asks_given = value->json != NULL;
    if (terms_read_asks(value, &file, &terms, err) != 0)
        return -1;
    out->asks = terms.asks;
    out->ask_count = terms.ask_count;
    return 0;
}

static int
read_expected_course(const struct value *value, struct pack_test *out, struct error *err)
{
    static const char *const names[] = {"action", NULL};
    struct value action = value_member(value, "action");

    out->follows = POLICY_ABSTAIN;
    out->follows_given = value->json != NULL;
    if (!value->json || cJSON_IsNull(value->json))
        return 0;
    if (pack_object(value, names, err) != 0)
        return -1;
    return pack_action(&action, false, &out->follows, err);
}

static int
read_expectation(const struct value *value, struct pack_test *out, struct error *err)
{
    static const char *const names[] = {"action", "rules", "asks", "follows", NULL};
    struct value action = value_member(value, "action");
    struct value rules = value_member(value, "rules");
    struct value asks = value_member(value, "asks");
    struct value follows = value_member(value, "follows");

    if (pack_object(value, names, err) != 0 ||
        pack_action(&action, true, &out->action, err) != 0 ||
        read_expected_asks(&asks, out, err) != 0 ||
        read_expected_course(&follows, out, err) != 0)
        return -1;
    return read_expected_rules(&rules, out, err);
}

static int
read_test(const struct value *value, const struct value *base, struct pack_test *out,
          struct error *err)
{
    static const char *const names[] = {"title", "payment", "bank",   "now", "seed",
                                        "hits",  "history", "expect", NULL};
    struct value title = value_member(value, "title");
    struct value payment = value_member(value, "payment");
    struct value bank = value_member(value, "bank");
    struct value now = value_member(value, "now");
    struct value seed = value_member(value, "seed");
    struct value hits = value_member(value, "hits");
    struct value history = value_member(value, "history");
    struct value expect = value_member(value, "expect");

    if (pack_object(value, names, err) != 0 || pack_text(&title, &out->title, err) != 0 ||
        read_payment(&payment, base, &out->payment, err) != 0 ||
        read_bank(&bank, out, err) != 0 || read_now(&now, &out->now_ms, err) != 0 ||
        read_seed(&seed, &out->seed, err) != 0 || read_hits(&hits, out, err) != 0 ||
        read_history(&history, base, out, err) != 0)
        return -1;
    return read_expectation(&expect, out, err);
}

int
pack_tests_read(const struct value *value, const struct value *base, struct error *err)
{
    struct pack_reading *reading = pack_reading_of(value);
    struct pack *pack = reading->pack;
    struct value item = {0};

    if (base->json && !cJSON_IsObject(base->json))
        return value_fault(base, err, "a payment");
    if (check_payment(base, err) != 0)
        return -1;
    if (!value->json)
        return 0;
    if (value_array(value, 0, PACK_TESTS_MAX, err) != 0)
        return -1;
    pack->test_count = (size_t)cJSON_GetArraySize(value->json);
    pack->tests = arena_zalloc(reading->arena, pack->test_count * sizeof(*pack->tests));
    while (value_next(value, &item))
        if (read_test(&item, base, &pack->tests[item.index], err) != 0)
            return -1;
    return 0;
}
