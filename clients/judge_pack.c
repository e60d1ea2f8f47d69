/* judge_pack.c - a chain of one policy. */
#include "clients/judge.h"

#include "policy/chain.h"
#include "policy/rules/rules.h"

/* As the book has it; one that is not in the book has no class. */
static const struct policy_bank *
bank_of(const struct book *book, const struct policy_payment *payment, struct arena *arena)
{
    const char *bic = payment->creditor_agent->bic;
    const struct book_bank *known = book_bank(book, bic);
    struct policy_bank *bank;

    if (known)
        return &known->bank;
    bank = arena_alloc(arena, sizeof(*bank));
    *bank = (struct policy_bank){
        .size = sizeof(struct policy_bank), .bic = bic, .name = "", .bank_class = ""};
    return bank;
}

static void
pack_judge(const struct judge *judge, const struct policy_payment *payment,
           const struct circumstances *circumstances, struct arena *arena,
           struct decision *decision)
{
    const struct policy_bank *bank = bank_of(circumstances->banks, payment, arena);
    const struct policy *policies[] = {&judge->policy};
    const struct chain chain = {policies, 1, POLICY_ACCEPT};
    struct facts facts;

    *decision = (struct decision){.bank = bank};
    facts_init(&facts, payment, bank, circumstances->now_ms, circumstances->seed, judge->goods,
               arena);
    facts.roster = judge->roster;
    chain_judge(&chain, &facts, decision);
    if (decision->policy[0] == '\0') /* the chain's default, which we have none of */
        decision->action = POLICY_ABSTAIN;
}

static void
pack_close(struct judge *judge)
{
    policy_close(&judge->policy);
    *judge = (struct judge){0};
}

static const struct judge_ops pack_ops = {"pack", false, pack_judge, pack_close};

int
judge_pack_open(struct judge *judge, struct arena *arena,
                const struct snapshot_sources *sources, const struct host_pack *pack,
                const struct goods *goods, const struct roster *roster, struct error *err)
{
    const struct host_currencies currencies = {sources->currency_decimals,
                                               sources->money_parse};
    struct policy policy;

    *judge = (struct judge){0};
    if (policy_open(&rules_plugin, NULL, pack, &currencies, arena, &policy, err) != 0)
        return -1;
    *judge = (struct judge){.ops = &pack_ops,
                            .label = policy.label,
                            .goods = goods,
                            .roster = roster,
                            .policy = policy};
    return 0;
}
