/*
 * roster.h - the lists that a snapshot screens by, and how: who of a payment is found on them.
 *
 *     every party, agent, owner, vessel and end user of the payment
 *        └─► each list ─► hits ─► less those that are excepted   good_guys.h
 *     owners that are blocked ─► together half of a party? ─► a hit on it   ownership.h
 *
 * A hit's field is where in the payment it is: "debtor/name", "debtor/identifiers/inn",
 * "debtor_agent/bic", "debtor/owners/0/name", "trade/vessels/0/imo", "goods/3/end_user"; and
 * "debtor/owners" where owners whom one list blocks hold so much together that the party is
 * blocked too.
 *
 *   R1  every name, BIC and identifier of the payment is screened against every list.
 *   R2  of a list entry and a field of a party there is one hit, the best; hits are sorted
 *       by score, the best first, then in the order of the fields above.
 *   R3  an entry that is on a list only because it owns or is owned is a hit where the
 *       ownership rule of the day makes it blocked.
 *   R4  what is excepted is no hit, but is told; it is found like a hit in all else.
 *   R5  memory is the arena's alone.
 */
#ifndef POLICY_SCREENING_ROSTER_H
#define POLICY_SCREENING_ROSTER_H

#include "policy/policy_plugin.h"
#include "policy/screening/good_guys.h"
#include "policy/screening/listing.h"

#define GOOD_GUYS_NAME "good-guys" /* of the text that holds them; no list is called so */

struct roster {
    struct listing *const *listings; /* sorted by name */
    size_t count;
    const struct screen_thresholds *thresholds; /* for each */
    enum ownership_law law;
    const struct good_guys *good_guys; /* bound to these listings; NULL: none */
};

/* What is no hit, because an officer said so (R4). */
struct roster_exception {
    struct policy_hit hit;
    const char *good_guy; /* its id */
    const struct roster_exception *next;
};

struct roster_hits {
    const struct policy_hit *const *list;
    size_t count;
    const struct roster_exception *excepted; /* in the order that they were found in */
};

/*
 * The lists of all orders that the listings were made with, as a book that says nothing of
 * lists has them: for judging without one.  On the arena; *out starts as {0}, and
 * roster_release() is due whatever comes out.
 */
int roster_load(struct roster *out, struct listings *listings, struct arena *arena,
                struct error *err) __attribute__((warn_unused_result));
void roster_release(struct roster *roster);

/* NULL: it has no list of that name. */
struct listing *roster_named(const struct roster *roster, const char *name);

/* now_ms is the bank's time: ownership rules are those of its day. */
void roster_screen(const struct roster *roster, const struct policy_payment *payment,
                   int64_t now_ms, struct arena *arena, struct roster_hits *out);

/* One party alone, by one list of the roster: entries that do not count left out. */
size_t roster_find(const struct roster *roster, size_t listing, struct screen_party *party,
                   int64_t now_ms, struct arena *arena, struct screen_hit **hits);

/* By what such an entry of that list is blocked: by the ownership rule of the day. */
enum ownership_state roster_state(const struct roster *roster, size_t listing,
                                  const struct list_entry *entry, int64_t now_ms);

/* Four decimals of a score, as decisions show it. */
double roster_score(float score);

#endif
