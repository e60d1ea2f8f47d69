/*
 * fuzz_pack.c - any bytes as a pack.
 *
 * Beyond not crashing:
 *   Y1  a pack that is refused is refused with a sentence that names the file.
 *   Y2  a pack that is read is whole, as K1 of pack.h says.
 *   Y3  the rules plugin, where it opens with the pack, answers with an action
 *       or says why it cannot.
 *   Y4  what fires, index or not, are the rules that hold when their conditions
 *       are walked through (walk.h).
 *   Y5  what is found about a rule is so: never true, always true, no more than
 *       another; but for arithmetic, where NaN may come from.
 *   Y6  read again with its own parameters for options, it is the same pack,
 *       unless a book cannot set them (an integer that no double holds, ...).
 */
#include "tests/fuzz/fuzz.h"

#include "gateway/base/json.h"
#include "policy/host.h"
#include "policy/rules/analysis.h"
#include "policy/rules/rules.h"
#include "policy/terms.h"
#include "tests/fuzz/sample.h"
#include "tests/fuzz/walk.h"

#define PATH "fuzz.json"

static struct arena arena;
static struct arena scratch; /* of one walk */

/* What a rule does to the sample payment. */
enum outcome {
    HOLDS_NOT,
    HOLDS,
    FAILS,
    UNKNOWN,
};

static void
examine_rule(const struct pack *pack, size_t i)
{
    const struct pack_rule *rule = &pack->rules[i];

    MUST(rule->id[0] && rule->condition && rule->score, "Y2: a rule without id or condition");
    MUST(rule->condition->type->kind == CEL_BOOL, "Y2: %s is not bool", rule->id);
    MUST(cel_cost(rule->condition) <= CEL_COST_MAX, "Y2: %s costs too much", rule->id);
    MUST(rule->action > POLICY_ABSTAIN && rule->action <= POLICY_FREEZE,
         "Y2: %s has the action %d", rule->id, rule->action);
    MUST(rule->reason.code && rule->disclosed.code && rule->title, "Y2: %s has no reason",
         rule->id);
    MUST(!rule->terms || !terms_fault(rule->terms), "Y2: %s has terms that a plugin may not",
         rule->id);
    for (size_t k = 0; k < i; k++)
        MUST(strcmp(pack->rules[k].id, rule->id) != 0, "Y2: %s twice", rule->id);
}

static void *
scratch_alloc(void *context, size_t bytes)
{
    return arena_alloc(context, bytes);
}

static enum outcome
walk_rule(const struct pack *pack, const struct pack_rule *rule)
{
    struct cel_run run = {scratch_alloc, &scratch, CEL_MEMORY_MAX, CEL_STEPS_MAX,
                          sample_host()};
    struct walk walk = {
        .run = &run, .environment = &pack->environment, .load = cel_variable_load};
    struct cel_value condition, score;

    arena_reset(&scratch);
    condition = walk_tree(&walk, rule->condition);
    score = walk_tree(&walk, rule->score);
    if (walk.gave_up || run.memory_left < CEL_MEMORY_MAX / 2 ||
        run.steps_left < CEL_STEPS_MAX / 2)
        return UNKNOWN;
    if (condition.kind != CEL_BOOL)
        return FAILS;
    return !condition.truth ? HOLDS_NOT : score.kind == CEL_ERROR ? FAILS : HOLDS;
}

/* What the plugin says while it judges. */
struct hearing {
    struct policy_verdict base;
    const struct pack *pack;
    bool *fired;
    bool failed;
    bool limited; /* it failed for want of memory or steps */
};

static void
hear_fire(struct policy_verdict *verdict, const struct policy_rule *rule)
{
    struct hearing *hearing = (struct hearing *)verdict;
    size_t i = 0;

    while (i < hearing->pack->rule_count && strcmp(hearing->pack->rules[i].id, rule->id) != 0)
        i++;
    MUST(i < hearing->pack->rule_count, "Y4: %s fired, which is not in the pack", rule->id);
    MUST(!hearing->fired[i], "Y4: %s fired twice", rule->id);
    hearing->fired[i] = true;
}

static void
hear_because(struct policy_verdict *verdict, const char *pointer, const char *value)
{
    (void)verdict;
    MUST(pointer && value, "Y3: evidence without pointer or value");
}

static void
hear_because_goods(struct policy_verdict *verdict, uint32_t line)
{
    (void)verdict;
    MUST(line < sample_host()->payment->goods_count, "Y3: evidence in line %u", line);
}

static void
hear_fail(struct policy_verdict *verdict, const char *why)
{
    struct hearing *hearing = (struct hearing *)verdict;

    MUST(why && why[0], "Y3: a failure without a reason");
    hearing->failed = true;
    hearing->limited = hearing->limited || strstr(why, cel_out_of_memory().text) ||
                       strstr(why, cel_out_of_steps().text);
}

static int
parse_money(const char *value, const char *currency, int64_t *minor)
{
    (void)value;
    (void)currency;
    *minor = 0;
    return -1;
}

static void
examine_hearing(const struct hearing *hearing, const enum outcome *outcomes)
{
    const struct pack_rule *rules = hearing->pack->rules;

    for (size_t i = 0; i < hearing->pack->rule_count && !hearing->limited; i++) {
        if (outcomes[i] == UNKNOWN)
            continue;
        MUST(hearing->fired[i] == (outcomes[i] == HOLDS), "Y4: %s fired: %d, walked: %d",
             rules[i].id, hearing->fired[i], outcomes[i]);
        MUST(outcomes[i] != FAILS || hearing->failed, "Y4: %s failed unheard", rules[i].id);
    }
}

static void
judge(const struct pack *pack, const char *text, size_t size, const enum outcome *outcomes)
{
    const struct host_pack file = {PATH, text, size};
    const struct host_currencies currencies = {sample_host()->currency_decimals, parse_money};
    struct hearing hearing = {
        .base = {sizeof(hearing.base), hear_fire, hear_because, hear_because_goods, hear_fail},
        .pack = pack,
        .fired = arena_zalloc(&arena, pack->rule_count),
    };
    struct error err = {0};
    struct policy policy;
    int answer;

    if (policy_open(&rules_plugin, NULL, &file, &currencies, &arena, &policy, &err) != 0) {
        MUST(err.text[0], "Y3: not opened, without a sentence");
        return;
    }
    MUST(strcmp(policy.label, pack->label) == 0, "Y3: %s calls itself %s", pack->label,
         policy.label);
    answer = policy.plugin->check(policy.self, sample_host()->payment, sample_host()->facts,
                                  &hearing.base);
    MUST(action_is_known(answer) || hearing.failed, "Y3: %d and no word why", answer);
    examine_hearing(&hearing, outcomes);
    policy_close(&policy);
    sample_release();
}

/* Does another rule hold that is as strict? */
static bool
is_overruled(const struct pack *pack, size_t rule, const enum outcome *outcomes)
{
    for (size_t i = 0; i < pack->rule_count; i++)
        if (i != rule && outcomes[i] != HOLDS_NOT &&
            pack->rules[i].action >= pack->rules[rule].action)
            return true;
    return false;
}

static void
examine_findings(const struct pack *pack, const enum outcome *outcomes)
{
    const struct pack_finding *findings;
    size_t count = pack_analyse(&arena, pack, &findings);

    for (size_t i = 0; i < count; i++) {
        size_t rule = 0;

        MUST(findings[i].sentence && findings[i].sentence[0], "Y5: a finding without words");
        if (!findings[i].rule[0])
            continue;
        while (rule < pack->rule_count && strcmp(pack->rules[rule].id, findings[i].rule) != 0)
            rule++;
        MUST(rule < pack->rule_count, "Y5: of %s, which is not there", findings[i].rule);
        if (strpbrk(pack->rules[rule].when, "/*-N"))
            continue;
        MUST(outcomes[rule] != HOLDS || !strstr(findings[i].sentence, "is never true"),
             "Y5: %s holds: %s", findings[i].rule, findings[i].sentence);
        MUST(outcomes[rule] != HOLDS_NOT ||
                 !strstr(findings[i].sentence, "is true of every payment"),
             "Y5: %s does not hold: %s", findings[i].rule, findings[i].sentence);
        MUST(outcomes[rule] != HOLDS || !strstr(findings[i].sentence, "decides nothing") ||
                 is_overruled(pack, rule, outcomes),
             "Y5: %s decides: %s", findings[i].rule, findings[i].sentence);
    }
}

static void
read_again(const struct pack *pack, const char *text, size_t size)
{
    struct error err = {0};
    struct pack *again;
    cJSON *json;

    MUST(json_parse(&arena, text, size, &json, &err) == 0, "Y6: no JSON: %s", err.text);
    json = cJSON_GetObjectItemCaseSensitive(json, "parameters");
    if (pack_read(&arena, PATH, text, size, json, &again, &err) == 0)
        MUST(cel_is_equal(pack->params, again->params), "Y6: other parameters");
    else
        MUST(strstr(err.text, PATH), "Y1: %s", err.text);
}

int
fuzz_pack(const uint8_t *data, size_t size)
{
    const char *text;
    struct error err = {0};
    struct pack *pack;
    enum outcome *outcomes;

    arena_reset(&arena);
    text = arena_copy(&arena, (const char *)data, size); /* files are terminated */
    if (pack_read(&arena, PATH, text, size, NULL, &pack, &err) != 0) {
        MUST(strstr(err.text, PATH), "Y1: %s", err.text);
        return 0;
    }
    outcomes = arena_alloc(&arena, pack->rule_count * sizeof(*outcomes));
    for (size_t i = 0; i < pack->rule_count; i++) {
        examine_rule(pack, i);
        outcomes[i] = walk_rule(pack, &pack->rules[i]);
    }
    judge(pack, text, size, outcomes);
    examine_findings(pack, outcomes);
    read_again(pack, text, size);
    return 0;
}
