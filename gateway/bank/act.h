/*
 * act.h - one thing that somebody does with one payment.
 *
 * Whoever acts says in decide() what comes of it; the rest is the same for all: find the
 * payment, claim it, read what is stored of it, write the event, and let the world know.
 *
 *   A1  done() is called exactly once, on a thread of the bank's or before bank_act() returns.
 *   A2  with rc 0 the event is on disk; otherwise nothing has changed.
 *   A3  between the reading and the event nobody else acts on the payment.
 */
#ifndef GATEWAY_BANK_ACT_H
#define GATEWAY_BANK_ACT_H

#include "gateway/bank/bank.h"
#include "gateway/bank/dossier.h"
#include "gateway/bank/life_event.h"

struct act {
    /* In. */
    struct arena *arena; /* lent: used by one thread at a time */
    struct ident id;
    const char *actor; /* who acts: a key's name */
    void *context;     /* decide()'s own */
    /*
     * On the reader's thread, while snapshot is in force.  event is begun, at the bank's
     * time and by the actor; -1 with err refuses, and nothing is changed.
     */
    int (*decide)(struct act *act, struct bank *bank, const struct snapshot *snapshot,
                  const struct dossier *dossier, struct life_event *event, struct error *err);
    unsigned clears, sets; /* decide(): stand_flags that the event takes away and adds */
    void (*done)(struct act *act);

    /* Out. */
    int rc;
    struct error err; /* NOT_FOUND, CONFLICT, INVALID, BUSY or INTERNAL */
    const char *view; /* of the payment with the event: dossier_view() */
    size_t view_len;
    const char *event; /* the event's own record */
    size_t event_len;

    /* The bank's. */
    struct bank *bank;
    struct reader_job read;
    struct writer_job write;
    struct stand stand;
    uint64_t matches[8];
    size_t match_count;
};

void bank_act(struct bank *bank, struct act *act);

#endif
