/* facts.c - lazily, once. */
#include "policy/facts.h"

#include <string.h>

#include "policy/chance.h"
#include "policy/screening/roster.h"

/* Far enough back for whoever asks for all time. */
static int64_t
since(const struct facts *facts, int64_t window_ms)
{
    int64_t from;

    if (window_ms < 0)
        window_ms = 0;
    return __builtin_sub_overflow(facts->base.now_ms, window_ms, &from) ? INT64_MIN : from;
}

const struct kits_found *
facts_found(struct facts *facts)
{
    if (!facts->found_known) {
        kits_find(facts->goods, facts->payment, facts->memory, since(facts, facts->kits_ms),
                  facts->arena, &facts->found);
        facts->found_known = true;
    }
    return &facts->found;
}

/* F3; where no kit is in several payments, that is all there is to tell. */
static const struct kits_found *
facts_found_alone(struct facts *facts)
{
    if (facts_found(facts)->across_count == 0)
        return &facts->found;
    if (!facts->alone_known) {
        kits_find(facts->goods, facts->payment, NULL, 0, facts->arena, &facts->found_alone);
        facts->alone_known = true;
    }
    return &facts->found_alone;
}

/* As the policy that is asking may know it. */
static const struct kits_found *
facts_told(struct facts *facts)
{
    return facts->alone ? facts_found_alone(facts) : facts_found(facts);
}

/* A line that is not there has no facts; a policy that asks must not crash us. */
static const struct policy_goods_fact *
facts_goods(struct policy_facts *base, uint32_t line)
{
    static const struct policy_goods_fact nothing = {sizeof(nothing), "", "", ""};
    struct facts *facts = (struct facts *)base;

    if (line >= facts->payment->goods_count)
        return &nothing;
    return &facts_told(facts)->lines[line];
}

static size_t
facts_kits(struct policy_facts *base, const struct policy_kit *const **kits)
{
    const struct kits_found *found = facts_told((struct facts *)base);

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

/* F4 */
static int64_t
amount_told(const struct facts *facts, const struct memory_window *window, __int128 base)
{
    if (window->count == 0)
        return 0;
    if (window->unknown > 0 || !facts->rates)
        return INT64_MAX;
    return rates_from_base(facts->rates, facts->payment->currency, base, facts->base.now_ms);
}

/* F5 */
static int64_t
last_told(const struct facts *facts, const struct memory_window *window)
{
    return facts->alone && window->count == 0 ? 0 : window->last_ms;
}

/* As far as the caller's struct reaches. */
static void
facts_history(struct policy_facts *base, enum policy_history_by by, int64_t window_ms,
              struct policy_window *out)
{
    struct facts *facts = (struct facts *)base;
    size_t reach = out->size < sizeof(*out) ? out->size : sizeof(*out);
    struct memory_window window = {0};
    struct policy_window told;

    if (facts->memory && by >= 0 && by < POLICY_HISTORY_COUNT)
        facts->memory->window(facts->memory, by, since(facts, window_ms), &window);
    told = (struct policy_window){
        .count = window.count,
        .sum_minor = amount_told(facts, &window, window.sum),
        .counterparties = window.counterparties,
        .last_ms = last_told(facts, &window),
        .refused = window.refused,
        .largest_minor = amount_told(facts, &window, window.largest),
    };
    if (reach > offsetof(struct policy_window, count))
        memcpy((char *)out + offsetof(struct policy_window, count),
               (const char *)&told + offsetof(struct policy_window, count),
               reach - offsetof(struct policy_window, count));
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
