/* facts.c - lazily, once. */
#include "policy/facts.h"

#include <string.h>

#include "policy/chance.h"
#include "policy/screening/roster.h"

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

static void *
facts_alloc(struct policy_facts *base, size_t bytes)
{
    return arena_alloc(((struct facts *)base)->arena, bytes);
}

void
facts_screen(struct facts *facts)
{
    struct roster_hits found;

    if (facts->hits_known)
        return;
    facts->hits_known = true;
    if (!facts->roster)
        return;
    roster_screen(facts->roster, facts->payment, facts->base.now_ms, facts->arena, &found);
    facts->hits = found.list;
    facts->hit_count = found.count;
    facts->excepted = found.excepted;
}

static size_t
facts_hits(struct policy_facts *base, const struct policy_hit *const **hits)
{
    static const struct policy_hit *const none[1];
    struct facts *facts = (struct facts *)base;

    facts_screen(facts);
    *hits = facts->hit_count > 0 ? facts->hits : none;
    return facts->hit_count;
}

/* Nothing is remembered yet: every payment is the first. */
static void
facts_history(struct policy_facts *base, enum policy_history_by by, int64_t window_ms,
              struct policy_window *out)
{
    static const struct policy_window nothing;
    size_t reach = out->size < sizeof(*out) ? out->size : sizeof(*out);

    (void)base, (void)by, (void)window_ms;
    if (reach > sizeof(out->size))
        memcpy((char *)out + sizeof(out->size), (const char *)&nothing + sizeof(out->size),
               reach - sizeof(out->size));
}

static double
facts_chance(struct policy_facts *base, const char *rule, uint32_t site)
{
    const struct facts *facts = (const struct facts *)base;

    return chance_draw(facts->seed, facts->payment->uetr, rule ? rule : "", site);
}

void
facts_init(struct facts *facts, const struct policy_payment *payment,
           const struct policy_bank *bank, int64_t now_ms, uint64_t seed,
           const struct goods *goods, struct arena *arena)
{
    *facts = (struct facts){
        .base = {.size = sizeof(facts->base),
                 .now_ms = now_ms,
                 .bank = bank,
                 .goods = facts_goods,
                 .kits = facts_kits,
                 .alloc = facts_alloc,
                 .hits = facts_hits,
                 .history = facts_history,
                 .chance = facts_chance},
        .payment = payment,
        .seed = seed,
        .goods = goods,
        .arena = arena,
    };
}
