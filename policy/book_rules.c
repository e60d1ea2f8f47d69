/*
 * book_rules.c - rules of different packs that meet in one chain: what one says of the other.
 *
 *   chain   the packs that judge some banks in some regime, in their order
 *   rule a of one pack, b of another:
 *       a accepts, b refuses, and either condition implies the other     contradiction
 *       a implies b, and b is stricter, or as strict and asked before    a is outdone
 *
 * and a pack named twice in one chain.  Parameters stand for the values that the book gives them.  Chains of the same packs say
 * the same, so that each is looked into once.
 */
#include <string.h>

#include "policy/book_private.h"

struct comparing {
    struct book_check *check;
    struct book_chain *chains;
    size_t chain_count;
    size_t comparisons;
};

/* A rule where it stands in a chain. */
struct standing {
    const struct book_variant *variant;
    size_t link; /* of the chain */
    size_t rule; /* of the pack */
};

/* -- chains -- */

static void
links_add(struct book_check *check, const struct book_policies *policies,
          struct book_chain *chain)
{
    for (size_t i = 0; i < policies->count; i++)
        chain->links[chain->count++] =
            (struct book_link){&policies->list[i], book_variant_of(check, &policies->list[i])};
}

static bool
is_same_chain(const struct book_chain *a, const struct book_chain *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->links[i].variant != b->links[i].variant)
            return false;
    return true;
}

/* What banks at a place are judged by: their lists one after the other. */
static void
chain_add(struct comparing *comparing, const char *place,
          const struct book_policies *const lists[], size_t count)
{
    struct book_chain *chain = &comparing->chains[comparing->chain_count];
    struct book_check *check = comparing->check;
    size_t links = 0;

    for (size_t i = 0; i < count; i++)
        links += lists[i]->count;
    *chain = (struct book_chain){.place = place};
    chain->links = arena_alloc(check->arena, links * sizeof(*chain->links));
    for (size_t i = 0; i < count; i++)
        links_add(check, lists[i], chain);
    for (size_t i = 0; i < chain->count; i++)
        if (chain->links[i].variant)
            chain->links[i].variant->of->judges = true;
    for (size_t i = 0; i < comparing->chain_count; i++)
        if (is_same_chain(&comparing->chains[i], chain))
            return;
    comparing->chain_count += comparing->chain_count < BOOK_CHAINS_MAX;
}

static bool
class_judges(const struct book *book, const struct book_regime *regime, size_t class)
{
    for (size_t i = 0; i < book->bank_count; i++)
        if ((size_t)book->banks[i].class == class && !book_own(regime, &book->banks[i]))
            return true;
    return false;
}

static void
chains_of_regime(struct comparing *comparing, const struct book_regime *regime)
{
    const struct book *book = &comparing->check->book;
    struct arena *arena = comparing->check->arena;
    const struct book_policies *any = &regime->classes[BANK_ANY];

    for (size_t c = 0; c < BANK_CLASS_COUNT; c++) {
        const struct book_policies *const lists[] = {&regime->classes[c], any};

        if (class_judges(book, regime, c))
            chain_add(comparing,
                      arena_printf(arena, "%s banks from %s on",
                                   bank_class_name((enum bank_class)c), regime->from),
                      lists, 2);
    }
    for (size_t i = 0; i < book->bank_count; i++) { /* in the file's order */
        const struct book_own *own = book_own(regime, &book->banks[i]);
        const struct book_policies *const lists[] = {
            own ? &own->policies : NULL, &regime->classes[book->banks[i].class], any};

        if (own)
            chain_add(comparing,
                      arena_printf(arena, "%s from %s on", own->bank->bank.bic, regime->from),
                      lists, 3);
    }
}

/* -- the same pack twice in a chain -- */

static void
find_twice(struct book_check *check, const struct book_policies *list,
           const struct book_policies *with, const char *whom)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct book_variant *variant = book_variant_of(check, &list->list[i]);

        for (size_t j = 0; variant && j < (list == with ? i : with->count); j++)
            if (book_variant_of(check, &with->list[j]) == variant)
                book_find(check, BOOK_WARNING, list->list[i].pointer,
                          arena_printf(check->arena,
                                       "%s judges %s twice with the same parameters",
                                       variant->of->name, whom));
    }
}

static void
find_twice_in_regime(struct book_check *check, const struct book_regime *regime)
{
    const struct book_policies *any = &regime->classes[BANK_ANY];

    find_twice(check, any, any, "all banks");
    for (size_t c = 0; c < BANK_CLASS_COUNT; c++) {
        const struct book_policies *class = &regime->classes[c];
        const char *whom =
            arena_printf(check->arena, "%s banks", bank_class_name((enum bank_class)c));

        if (!book_bank_of(&check->book, c))
            continue;
        find_twice(check, class, class, whom);
        find_twice(check, class, any, whom);
    }
    for (size_t i = 0; i < regime->own_count; i++) {
        const struct book_own *own = &regime->own[i];

        find_twice(check, &own->policies, &own->policies, own->bank->bank.bic);
        find_twice(check, &own->policies, &regime->classes[own->bank->class],
                   own->bank->bank.bic);
        find_twice(check, &own->policies, any, own->bank->bank.bic);
    }
}

/* -- a rule and another -- */

/* The demands of each rule of a variant, its parameters standing for their values. */
static void
variant_prepare(struct arena *arena, struct book_variant *variant)
{
    size_t rules = variant->pack ? variant->pack->rule_count : 0;

    variant->conjuncts = arena_alloc(arena, rules * sizeof(*variant->conjuncts));
    for (size_t i = 0; i < rules; i++) {
        variant->conjuncts[i] =
            conjuncts_of(arena, variant->pack->rules[i].condition, false, true);
        conjuncts_split(arena, &variant->conjuncts[i], true);
    }
}

static const struct pack_rule *
rule_of(struct standing standing)
{
    return &standing.variant->pack->rules[standing.rule];
}

/* Whenever a holds, b holds. */
static bool
implies(struct comparing *comparing, struct standing a, struct standing b)
{
    comparing->comparisons++;
    return conjuncts_imply(&a.variant->conjuncts[a.rule], &b.variant->conjuncts[b.rule]);
}

static bool
is_outdone(struct comparing *comparing, struct standing a, struct standing b)
{
    enum policy_action own = rule_of(a)->action, other = rule_of(b)->action;

    return (other > own || (other == own && b.link < a.link)) && implies(comparing, a, b);
}

static bool
contradicts(struct comparing *comparing, struct standing a, struct standing b)
{
    return rule_of(a)->action == POLICY_ACCEPT && rule_of(b)->action >= POLICY_RETURN &&
           (implies(comparing, a, b) || implies(comparing, b, a));
}

/* The first rule of another pack in the chain of which is() says yes. */
static bool
other_find(struct comparing *comparing, const struct book_chain *chain, struct standing a,
           bool (*is)(struct comparing *comparing, struct standing a, struct standing b),
           struct standing *out)
{
    for (size_t l = 0; l < chain->count; l++) {
        const struct book_variant *variant = chain->links[l].variant;
        size_t rules = variant && variant->pack ? variant->pack->rule_count : 0;

        for (size_t i = 0; rules > 0 && variant->of != a.variant->of && i < rules; i++) {
            *out = (struct standing){variant, l, i};
            if (comparing->comparisons < BOOK_COMPARISONS_MAX && is(comparing, a, *out))
                return true;
        }
    }
    return false;
}

/* -- telling -- */

static const char *
called(struct comparing *comparing, struct standing standing)
{
    return arena_printf(comparing->check->arena, "%s of %s", rule_of(standing)->id,
                        standing.variant->of->name);
}

static void
tell_contradiction(struct comparing *comparing, struct standing a, struct standing b,
                   const char *place)
{
    bool only = implies(comparing, a, b), always = implies(comparing, b, a);
    const char *how = only && always ? "exactly what" : only ? "nothing but what" : "all that";

    book_find_rule(comparing->check, BOOK_WARNING, a.variant->pack, rule_of(a),
                   arena_printf(comparing->check->arena,
                                "accepts %s %s %s, as at %s; the stricter decides", how,
                                called(comparing, b), pack_action_verb(rule_of(b)->action),
                                place));
}

static void
tell_outdone(struct comparing *comparing, struct standing a, struct standing b, bool anywhere,
             const char *place)
{
    const char *other = called(comparing, b), *does = pack_action_verb(rule_of(b)->action);
    const char *where =
        arena_printf(comparing->check->arena, anywhere ? "anywhere, as at %s" : "at %s", place);
    bool same = implies(comparing, b, a);

    book_find_rule(
        comparing->check, anywhere ? BOOK_WARNING : BOOK_NOTE, a.variant->pack, rule_of(a),
        arena_printf(comparing->check->arena,
                     same ? "decides nothing %s: it has the condition of %s, which %s"
                          : "decides nothing %s: whenever it holds, %s holds too and "
                            "%s",
                     where, other, does));
}

/* -- a rule in all its chains -- */

/* Where a pack stands in a chain first; count: it does not. */
static size_t
link_of(const struct book_chain *chain, const struct book_pack *pack)
{
    size_t i = 0;

    while (i < chain->count && (!chain->links[i].variant || !chain->links[i].variant->pack ||
                                chain->links[i].variant->of != pack))
        i++;
    return i;
}

static void
find_of_rule(struct comparing *comparing, const struct book_pack *pack, size_t rule)
{
    struct standing outdone = {0}, by = {0}, other;
    const struct book_chain *where = NULL;
    bool contradicted = false;
    size_t judges = 0, loses = 0;

    for (size_t c = 0; c < comparing->chain_count; c++) {
        const struct book_chain *chain = &comparing->chains[c];
        size_t link = link_of(chain, pack);
        struct standing a;

        if (link == chain->count)
            continue;
        a = (struct standing){chain->links[link].variant, link, rule};
        judges++;
        if (!contradicted && other_find(comparing, chain, a, contradicts, &other)) {
            tell_contradiction(comparing, a, other, chain->place);
            contradicted = true;
        }
        if (!other_find(comparing, chain, a, is_outdone, &other))
            continue;
        loses++;
        if (!where) {
            where = chain;
            outdone = a;
            by = other;
        }
    }
    if (where && !contradicted)
        tell_outdone(comparing, outdone, by, loses == judges, where->place);
}

void
book_find_rules(struct book_check *check)
{
    struct comparing comparing = {.check = check};

    comparing.chains =
        arena_alloc(check->arena, (BOOK_CHAINS_MAX + 1) * sizeof(*comparing.chains));
    for (size_t i = 0; i < check->variant_count; i++)
        variant_prepare(check->arena, &check->variants[i]);
    for (size_t r = 0; r < check->book.regime_count; r++) {
        find_twice_in_regime(check, &check->book.regimes[r]);
        chains_of_regime(&comparing, &check->book.regimes[r]);
    }
    for (size_t p = 0; p < check->pack_count; p++)
        for (size_t i = 0; check->packs[p].pack && i < check->packs[p].pack->rule_count; i++)
            find_of_rule(&comparing, &check->packs[p], i);
    if (comparing.comparisons >= BOOK_COMPARISONS_MAX ||
        comparing.chain_count == BOOK_CHAINS_MAX || check->variant_count == BOOK_VARIANTS_MAX)
        book_find(check, BOOK_NOTE, "/regimes",
                  "has too many rules to hold each beside each: not all are compared");
}
