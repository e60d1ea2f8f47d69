/*
 * fuzz_pack.c - any bytes as a pack.
 *
 * Beyond not crashing:
 *   Y1  a pack that is refused is refused with a sentence that names the file.
 *   Y2  a pack that is read is whole, as K1 of pack.h says.
 *   Y3  the rules plugin, where it opens with the pack, answers with an action
 *       or says why it cannot, and what fires is a rule of the pack.
 */
#include "tests/fuzz/fuzz.h"

#include "policy/host.h"
#include "policy/rules/pack.h"
#include "policy/rules/rules.h"
#include "tests/fuzz/sample.h"

#define PATH "fuzz.json"

static struct arena arena;

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
    for (size_t k = 0; k < i; k++)
        MUST(strcmp(pack->rules[k].id, rule->id) != 0, "Y2: %s twice", rule->id);
}

/* What the plugin says while it judges. */
struct hearing {
    struct policy_verdict base;
    const struct pack *pack;
    bool failed;
};

static void
hear_fire(struct policy_verdict *verdict, const struct policy_rule *rule)
{
    const struct pack *pack = ((struct hearing *)verdict)->pack;
    bool known = false;

    for (size_t i = 0; i < pack->rule_count; i++)
        known = known || strcmp(pack->rules[i].id, rule->id) == 0;
    MUST(known, "Y3: %s fired, which is not in the pack", rule->id);
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
    MUST(why && why[0], "Y3: a failure without a reason");
    ((struct hearing *)verdict)->failed = true;
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
judge(const struct pack *pack, const char *text, size_t size)
{
    const struct host_pack file = {PATH, text, size};
    const struct host_currencies currencies = {sample_host()->currency_decimals, parse_money};
    struct hearing hearing = {
        .base = {sizeof(hearing.base), hear_fire, hear_because, hear_because_goods, hear_fail},
        .pack = pack,
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
    policy_close(&policy);
    sample_release();
}

int
fuzz_pack(const uint8_t *data, size_t size)
{
    const char *text;
    struct error err = {0};
    struct pack *pack;

    arena_reset(&arena);
    text = arena_copy(&arena, (const char *)data, size); /* files are terminated */
    if (pack_read(&arena, PATH, text, size, NULL, &pack, &err) != 0) {
        MUST(strstr(err.text, PATH), "Y1: %s", err.text);
        return 0;
    }
    for (size_t i = 0; i < pack->rule_count; i++)
        examine_rule(pack, i);
    judge(pack, text, size);
    return 0;
}
