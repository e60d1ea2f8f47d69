/*
 * standing.h - how each stored payment stands now, in memory.
 *
 * Records are never changed, so what became of a payment is in its events.  This
 * table is their sum: 24 bytes a sequence number, filled at the start from the
 * store's narrow tables and kept up as records reach the disk.
 *
 *   T1  what it says of a payment is on disk.
 *   T2  at most one mover has a payment claimed; nobody else can write an event of it
 *       until the claim is settled or given up.
 *   T3  what the schedule took for due, and nothing came of, is added to it again by the one
 *       who gives the claim up.
 */
#ifndef GATEWAY_BANK_STANDING_H
#define GATEWAY_BANK_STANDING_H

#include <stdbool.h>
#include <stdint.h>

#include "gateway/base/error.h"
#include "gateway/payment/life.h"
#include "gateway/store/store.h"

struct standing;

/* Stored in store_entry.flags: append only. */
enum stand_flags {
    STAND_CASE = 1u << 0,        /* people had, or have, to look at it */
    STAND_DISPOSITION_SHIFT = 1, /* two bits: enum disposition of cases.h */
    STAND_DISPOSITION = 3u << 1,
    STAND_CANCELLATION = 1u << 3, /* the payer wants it back, and nobody has answered */
};

struct stand {
    uint64_t event_seq; /* its latest event; 0: none since the decision */
    int64_t due_ms;     /* when something follows by itself; 0: nothing does */
    uint64_t note;      /* its number in history.h; 0: it is not remembered */
    enum payment_state state;
    unsigned flags;
    bool claimed;
};

struct standing *standing_new(void);
void standing_free(struct standing *standing); /* takes NULL */

/*
 * A payment or event that is on disk.  An event ends the claim on its payment; at a start
 * events may come before the payments.
 */
void standing_take(struct standing *standing, const struct store_entry *entry);

/* By which number of history.h a payment is remembered. */
void standing_remember(struct standing *standing, uint64_t seq, uint64_t note);

/* False where seq is no payment's. */
bool standing_find(struct standing *standing, uint64_t seq, struct stand *out);

/* ERROR_CONFLICT where another has claimed it, ERROR_NOT_FOUND where there is none. */
int standing_claim(struct standing *standing, uint64_t seq, struct stand *out,
                   struct error *err) __attribute__((warn_unused_result));

/* For the schedule, which has taken it for due.  False: nothing is claimed by it. */
bool standing_claim_due(struct standing *standing, uint64_t seq, struct stand *out);

/* Whether it is for the caller to add to the schedule again (T3). */
bool standing_give_up(struct standing *standing, uint64_t seq);

/* Each payment that something follows for, by rising seq.  At a start: it takes no lock. */
void standing_each_due(struct standing *standing,
                       void (*each)(void *context, uint64_t seq, int64_t due_ms),
                       void *context);

/* store_filter.state_now, with the table as its context. */
int standing_state_now(void *context, uint64_t seq, int state);

/*
 * For listings of cases: the payments from seq on (downwards) whose state and flags pass;
 * at most limit of them into seqs.
 */
size_t standing_list(struct standing *standing, uint64_t from, unsigned states, unsigned mask,
                     unsigned flags, uint64_t *seqs, size_t limit);

#endif
