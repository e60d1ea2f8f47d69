/* bank_private.h - the bank's inside, for the files of gateway/bank only. */
#ifndef GATEWAY_BANK_BANK_PRIVATE_H
#define GATEWAY_BANK_BANK_PRIVATE_H

#include <stdatomic.h>

#include "gateway/bank/bank.h"
#include "gateway/bank/events.h"
#include "gateway/bank/history.h"
#include "gateway/bank/schedule.h"
#include "gateway/bank/standing.h"
#include "gateway/bank/webhooks.h"
#include "gateway/rollout/shadow.h"
#include "gateway/store/fingerprints.h"

struct record;

struct bank {
    uint64_t seed;
    bool simulate;
    atomic_bool closing; /* what takes long ends early */
    struct clock clock;
    struct arena arena;              /* the strings of sources */
    struct snapshot_sources sources; /* where a reload looks again */
    struct listings *listings;       /* the lists of all snapshots */
    struct rollout *rollout;         /* what is in force */
    struct store *store;
    struct writer *writer;
    struct reader *reader;
    struct standing *standing;  /* how each payment stands */
    struct schedule *schedule;  /* what follows by itself */
    struct events *events;      /* who listens to what the writer stores */
    struct webhooks *webhooks;  /* who is told of it, and until where */
    struct fingerprints *uetrs; /* ident.fingerprint -> seq */
    struct fingerprints *keys;  /* of the Idempotency-Key -> seq */
    struct history *history;    /* what was judged before */
};

/*
 * Judge at now_ms by what is in force, and by each shadow; the caller's wish for a
 * simulated outcome is honoured here.  force->active must be there.
 */
void bank_judge(const struct bank *bank, const struct in_force *force,
                const struct payment *payment, int64_t now_ms, enum shadow_traffic traffic,
                struct facts_memory *memory, struct arena *arena, struct decision *decision);

/*
 * Judge by one snapshot, which counts nowhere; and say which facts are decisive: none
 * are where the outcome was wished for.
 */
void bank_judge_again(const struct bank *bank, const struct snapshot *snapshot,
                      const struct payment *payment, int64_t now_ms,
                      struct facts_memory *memory, struct arena *arena,
                      struct decision *decision);
void bank_explain(const struct bank *bank, const struct snapshot *snapshot,
                  const struct payment *payment, int64_t now_ms, struct facts_memory *memory,
                  struct arena *arena, struct decision *decision);

/*
 * An event of a payment that is claimed, to the writer: what it makes of the payment is
 * remembered in the order of the records.  stand is that of the claim.  In the job's done()
 * bank_event_written(), which ends the claim and has the schedule know what follows; where no
 * event comes of a claim, bank_give_up().
 */
int bank_submit_event(struct bank *bank, const struct stand *stand, struct writer_job *job,
                      struct error *err) __attribute__((warn_unused_result));
void bank_give_up(struct bank *bank, uint64_t seq, const struct stand *stand);
void bank_event_written(struct bank *bank, const struct stand *stand,
                        const struct store_entry *entry, int rc);

/* The stored request of a record as a payment. */
int bank_read_request(struct arena *arena, const struct record *record, struct payment **out,
                      struct error *err) __attribute__((warn_unused_result));

#endif
