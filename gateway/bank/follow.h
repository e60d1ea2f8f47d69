/*
 * follow.h - what an action makes of a payment that is under way.
 *
 * The same for the clock, for answers and for people: the state that the picture of
 * payment/life.h allows, the message for the payer, the money of a return, and what
 * follows from there.
 */
#ifndef GATEWAY_BANK_FOLLOW_H
#define GATEWAY_BANK_FOLLOW_H

#include "gateway/bank/bank.h"
#include "gateway/bank/dossier.h"
#include "gateway/bank/life_event.h"

/*
 * Fill the event, which life_event_init() has begun, for a move to next at event->at_ms.
 * snapshot is what is in force.  ERROR_CONFLICT where the picture has no such arrow.
 */
int follow_move(const struct bank *bank, const struct snapshot *snapshot,
                const struct dossier *dossier, enum payment_state next, struct arena *arena,
                struct life_event *event, struct error *err)
    __attribute__((warn_unused_result));

/*
 * The event's record on the arena, and the entry for the store, but for what the writer
 * adds.  The event leaves flags as they are, but for set and without cleared.
 */
void follow_entry(const struct dossier *dossier, const struct life_event *event,
                  unsigned cleared, unsigned set, struct arena *arena,
                  struct store_entry *entry);

#endif
