/*
 * shadow.h - a candidate that judges live traffic beside what is in force.
 *
 * Each payment that is judged is judged by the shadow's snapshot as well, on the same
 * thread; what comes out is compared, counted, and forgotten.
 *
 *   W1  a shadow's answer reaches no decision, no store and no client but the one who
 *       asks for the comparison.
 *   W2  every judgement counts once, and so does every disagreement: once among the
 *       moves and once for the rule that makes the difference.
 *   W3  memory is bounded: the latest disagreements are kept, SHADOW_KEPT at the least
 *       where one thread has judged them all.
 *
 * Threads count in parts of their own, so that none waits for another; a reader takes
 * each part's lock in turn.
 */
#ifndef GATEWAY_ROLLOUT_SHADOW_H
#define GATEWAY_ROLLOUT_SHADOW_H

#include <stdbool.h>

#include "gateway/base/buffer.h"
#include "policy/snapshot.h"

#define SHADOW_PARTS 8
#define SHADOW_KEPT  128 /* of each part: at most 1,024 in all */
#define SHADOW_RULES_MAX                                                                       \
    512 /* rules that are told apart; the last stands for all others, as "*" */

enum { SHADOW_ACTIVE, SHADOW_CANDIDATE, SHADOW_SIDES };

enum shadow_traffic { SHADOW_PAYMENT, SHADOW_EVALUATION, SHADOW_TRAFFIC_COUNT };

struct shadow;
struct rollout_name;

/* Takes the snapshot, which it frees in the end; active is the one it is compared with. */
struct shadow *shadow_new(struct snapshot *snapshot, const struct rollout_name *name,
                          const char *active, int64_t since_ms);
void shadow_free(struct shadow *shadow); /* takes NULL */

const struct rollout_name *shadow_name(const struct shadow *shadow); /* whose candidate it is */
const char *shadow_snapshot(const struct shadow *shadow);            /* its digest */

/* Judge the payment that got this decision, and count.  Any number of threads. */
void shadow_judge(struct shadow *shadow, const struct policy_payment *payment, int64_t now_ms,
                  uint64_t seed, enum shadow_traffic traffic, const struct decision *decision,
                  struct facts_memory *memory, struct arena *arena);

/* "in its shadow 120 payments and 3 evaluations were judged, 2 of them otherwise" */
const char *shadow_summary(struct shadow *shadow, struct arena *arena);

/*
 * The members "snapshot", "active_snapshot", "since", "judged", "disagreements", "moves",
 * "rules" and "data", the latest limit of those whose number is below before, newest
 * first; *next is the number to go on with, 0 for none.
 */
void shadow_write(struct shadow *shadow, uint64_t before, size_t limit, struct arena *arena,
                  struct buffer *out, uint64_t *next);

#endif
