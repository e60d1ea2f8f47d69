/* facts.c - lazily, once. */
#include "policy/facts.h"

static const struct kits_found *
facts_found(struct facts *facts)
{
    if (!facts->found_known) {
        kits_find(facts->goods, facts->payment, facts->arena, &facts->found);
        facts->found_known = true;
    }
    return &facts->found;
}

/* A line that is not there has no facts; a policy that asks must not crash us. */
static const struct policy_goods_fact *
facts_goods(struct policy_facts *base, uint32_t line)
{
    static const struct policy_goods_fact nothing = {sizeof(nothing), "", "", ""};
    struct facts *facts = (struct facts *)base;

    if (line >= facts->payment->goods_count)
        return &nothing;
    return &facts_found(facts)->lines[line];
}

static size_t
facts_kits(struct policy_facts *base, const struct policy_kit *const **kits)
{
    const struct kits_found *found = facts_found((struct facts *)base);

    *kits = found->kits;
    return found->kit_count;
}

void
facts_init(struct facts *facts, const struct policy_payment *payment,
           const struct policy_bank *bank, int64_t now_ms, const struct goods *goods,
           struct arena *arena)
{
    *facts = (struct facts){
        .base = {.size = sizeof(facts->base),
                 .now_ms = now_ms,
                 .bank = bank,
                 .goods = facts_goods,
                 .kits = facts_kits},
        .payment = payment,
        .goods = goods,
        .arena = arena,
    };
}
