/* judge.c - a chain of one policy. */
#include "clients/judge.h"

#include "policy/rules/rules.h"

int
judge_open(struct judge *judge, struct arena *arena, const struct snapshot_sources *sources,
           const struct host_pack *pack, const struct goods *goods, struct error *err)
{
    const struct host_currencies currencies = {sources->currency_decimals,
                                               sources->money_parse};

    *judge = (struct judge){.goods = goods};
    return policy_open(&rules_plugin, NULL, pack, &currencies, arena, &judge->policy, err);
}

void
judge_close(struct judge *judge)
{
    if (judge->policy.plugin)
        policy_close(&judge->policy);
    *judge = (struct judge){0};
}

void
judge_payment(const struct judge *judge, const struct policy_payment *payment,
              const struct circumstances *circumstances, struct arena *arena,
              struct decision *decision)
{
    const struct policy *policies[] = {&judge->policy};
    const struct chain chain = {policies, 1, POLICY_ACCEPT};
    struct facts facts;

    *decision = (struct decision){.bank = &circumstances->bank};
    facts_init(&facts, payment, &circumstances->bank, circumstances->now_ms,
               circumstances->seed, judge->goods, arena);
    chain_judge(&chain, &facts, decision);
    if (decision->policy[0] == '\0') /* the chain's default, which we have none of */
        decision->action = POLICY_ABSTAIN;
}
