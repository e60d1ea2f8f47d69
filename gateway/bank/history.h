/*
 * history.h - what the bank remembers of the payments it judged.
 *
 *     history_visit()    whose payments matter to this one; takes no lock
 *     snapshot_judge()   screens, then enters: the shards of its keys are locked
 *     history_note()     this payment is part of what the next one sees
 *     (the caller hands it to the writer)
 *     history_leave()    unlocks
 *
 * A party, end user or contract is a 64-bit key (policy/memory.h), its payments an account
 * (history_account.h), and accounts are in HISTORY_SHARDS tables with a lock each.
 *
 *   T1  for one key the order of notes is the order of judging: a visit that notes holds all
 *       its shards from before it judges until it has left.  Shards are locked by number.
 *   T2  a visit that notes nothing only reads.
 *   T3  what is HISTORY_DAYS old at a visit is not told, whether it is still there or not; but
 *       that a party was last seen then is.
 *   T4  at most HISTORY_NOTES_MAX payments are remembered; of more the oldest days' go first,
 *       HISTORY_TRIM at each leaving.
 *   T5  what is noted, packed, and loaded again tells the same.
 */
#ifndef GATEWAY_BANK_HISTORY_H
#define GATEWAY_BANK_HISTORY_H

#include "gateway/base/arena.h"
#include "gateway/base/error.h"
#include "policy/decision.h"
#include "policy/memory.h"

#define HISTORY_SHARDS       256     /* a power of two */
#define HISTORY_DAYS         400     /* the horizon */
#define HISTORY_NOTES_MAX    4000000 /* payments */
#define HISTORY_ACCOUNTS_MAX 8000000 /* of which those without payments go, past it */
#define HISTORY_TRIM         16
#define HISTORY_NOTE_MAX     1024 /* bytes of a packed note; MEMORY_* see to it that all fits */
#define HISTORY_KEYS_MAX     (4 + MEMORY_END_USERS_MAX)

struct account;
struct history;

struct history_visit {
    struct facts_memory memory; /* what policies are lent; first */
    struct history *history;
    int64_t now_ms;
    struct memory_keys keys;
    uint32_t shard_count;
    bool entered;
    uint16_t shards[HISTORY_KEYS_MAX];          /* sorted, each once */
    struct account *accounts[HISTORY_KEYS_MAX]; /* of the keys, once entered; NULL: none */
};

struct history *history_new(void);
void history_free(struct history *history); /* takes NULL */

/* The arena is for a while only.  End it with history_leave(), whatever came of it. */
void history_visit(struct history *history, const struct policy_payment *payment,
                   int64_t now_ms, struct arena *arena, struct history_visit *visit);

/*
 * The payment that was visited, as it was decided at the visit's time.  packed has room for
 * HISTORY_NOTE_MAX bytes; its length is the result.  *id names the note from here on; 0 is
 * none.
 */
size_t history_note(struct history_visit *visit, const struct policy_payment *payment,
                    const struct decision *decision, uint8_t *packed, uint64_t *id);

void history_leave(struct history_visit *visit);

/* It was not stored after all.  Not within a visit. */
void history_forget(struct history *history, uint64_t id);

/* Within the visit that has just noted it: the queue did not take it. */
void history_unnote(struct history_visit *visit, uint64_t id);

/*
 * Something comes of a payment later: it is refused, or the payer took it back.  The shards
 * stay locked until history_changed(), for the event to be queued in between (T1).  False
 * where nothing changes, and nothing is locked: it is not remembered any more, or was so.
 */
struct history_change {
    struct history_visit visit;
    uint64_t id;
};
bool history_change(struct history *history, uint64_t id, enum memory_outcome outcome,
                    struct history_change *change);
void history_unchange(struct history_change *change); /* the queue did not take the event */
void history_changed(struct history_change *change);

/* The event was not stored after all: open again. */
void history_reopen(struct history *history, uint64_t id);

/* The same without an event. */
void history_refuse(struct history *history, uint64_t id);
void history_cancel(struct history *history, uint64_t id);

/* At start, in the order of judging: what history_note() packed, and what came of it. */
int history_load(struct history *history, const void *packed, size_t len, int64_t at_ms,
                 enum memory_outcome outcome, uint64_t *id, struct error *err)
    __attribute__((warn_unused_result));

size_t history_count(struct history *history); /* payments remembered */

#endif
