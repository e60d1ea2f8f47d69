/*
 * dossier.h - all that is stored of one payment: its record and its events.
 *
 * Read on the reader's thread.  The view of a payment is its answer as it was given, with
 * what the payer would be told today in the place of what he was told then, and the events
 * behind it.
 *
 *   V1  without events the view is the stored answer, byte for byte.
 */
#ifndef GATEWAY_BANK_DOSSIER_H
#define GATEWAY_BANK_DOSSIER_H

#include "gateway/bank/standing.h"
#include "gateway/base/buffer.h"
#include "gateway/payment/payment.h"
#include "gateway/store/record.h"
#include "gateway/store/store.h"
#include "policy/decision.h"

#define DOSSIER_EVENTS_MAX 1000 /* of one payment; then people can write no more of them */

struct dossier_event {
    const char *body;
    size_t len;
};

struct dossier {
    uint64_t seq;
    struct store_entry entry;
    struct record record;
    struct stand stand;
    struct dossier_event *events; /* oldest first */
    size_t event_count;
};

/* Everything on the arena.  ERROR_INTERNAL where the store's records do not fit together. */
int dossier_read(struct store *store, uint64_t seq, const struct stand *stand,
                 struct arena *arena, struct dossier *out, struct error *err)
    __attribute__((warn_unused_result));

/* The same of a payment whose entry is at hand, on the same arena. */
int dossier_join(struct store *store, const struct store_entry *entry,
                 const struct stand *stand, struct arena *arena, struct dossier *out,
                 struct error *err) __attribute__((warn_unused_result));

/* What follows by itself, by the latest event that says so, else by the decision. */
int dossier_follows(const struct dossier *dossier, struct arena *arena, struct course *out,
                    struct error *err) __attribute__((warn_unused_result));

/*
 * The answer as it stands now.  answer is the stored one, or that with more in its
 * decision; next, which may be NULL, an event about to be stored.  with_events: listings
 * leave them out.
 */
void dossier_view(const struct dossier *dossier, const char *answer, size_t answer_len,
                  const struct dossier_event *next, bool with_events, struct buffer *out);

#endif
