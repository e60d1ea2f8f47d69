/*
 * facts.h - what is known around one payment, found when first asked for.
 *
 * One struct facts serves all policies of one payment, on one thread.  The
 * goods tables are read and the kits sought at most once, on the arena.
 *
 *   F1  what a policy is told does not depend on which policy asked first.
 *   F2  without a memory every payment is the first.
 *   F3  a plugin older than ABI 1.2 is told of kits in this payment alone, and its lines have
 *       the roles that they have there: it knows of no part that is no line of it.
 *   F4  what cannot be said in this payment's currency, for want of a rate, is said to be
 *       INT64_MAX: a limit that cannot be checked counts as passed over.
 *   F5  a plugin older than ABI 1.2 is told of the latest payment only where it is in the
 *       window, as 1.1 had it; later ones however long ago it was.
 */
#ifndef POLICY_FACTS_H
#define POLICY_FACTS_H

#include <stdbool.h>

#include "gateway/base/arena.h"
#include "policy/goods/kits.h"
#include "policy/memory.h"
#include "policy/policy_plugin.h"
#include "policy/rates.h"

struct roster;

struct facts {
    struct policy_facts base; /* what the policies see; first */
    const struct policy_payment *payment;
    uint64_t seed; /* of chance() */
    const struct goods *goods;
    struct arena *arena;
    bool found_known; /* found is filled */
    struct kits_found found;
    const struct roster *roster; /* NULL: no list is screened */
    bool hits_known; /* hits is filled: a test of a pack says who is found on which list */
    const struct policy_hit *const *hits;
    size_t hit_count;
    const struct roster_exception *excepted;
    struct facts_memory *memory; /* NULL: nothing is remembered */
    const struct rates *rates;   /* what its amounts are converted by */
    int64_t kits_ms;             /* goods of how long make up a kit */
    bool alone;                  /* a plugin that F3 and F5 mean is asking */
    bool alone_known;            /* found_alone is filled */
    struct kits_found found_alone;
};

/*
 * All pointers are the caller's and outlive the facts.  Nobody is on a list, unless the
 * caller sets roster, or hits; nothing is remembered, unless it sets memory, rates and kits_ms.
 */
void facts_init(struct facts *facts, const struct policy_payment *payment,
                const struct policy_bank *bank, int64_t now_ms, uint64_t seed,
                const struct goods *goods, struct arena *arena);

/* hits is filled from here on: parties are screened now, if nobody has asked before. */
void facts_screen(struct facts *facts);

/* The kits, and the lines that some kit may need, as every policy but an old one is told. */
const struct kits_found *facts_found(struct facts *facts);

#endif
