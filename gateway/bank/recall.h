/*
 * recall.h - the payer wants a payment back (camt.056): decide() and context of an act.
 *
 *   state                                 answer (camt.029)
 *   held, awaiting_information            CNCL: cancelled, and the money comes back
 *     with hits or a disposition          PDCR: a person decides; until then nothing follows
 *                                         by itself and the payment is not released
 *   accepted, released                    RJCR AGNT: on its way, the bank does not stop it
 *   credited                              RJCR CUST: it is the creditor's
 *   rejected, returned                    RJCR ARDT: already sent back
 *   frozen                                RJCR LEGL: regulatory rules; only here a reason
 *
 *   K1  asked again while nothing has changed, the bank answers the same and stores nothing.
 */
#ifndef GATEWAY_BANK_RECALL_H
#define GATEWAY_BANK_RECALL_H

#include "gateway/bank/act.h"

struct recall {
    struct policy_reason reason; /* in: a code of camt.056 */

    /* Out: with rc 0, or where it was answered before. */
    bool repeated; /* rc is -1, for nothing was stored, and yet this is the answer */
    const char *id, *uetr;
    enum payment_state state;
    const char *status;   /* "CNCL", "PDCR" or "RJCR" */
    const char *code;     /* of RJCR; "" else */
    const char *returned; /* of CNCL: what comes back, as JSON; "" else */
};

int recall_decide(struct act *act, struct bank *bank, const struct snapshot *snapshot,
                  const struct dossier *dossier, struct life_event *event, struct error *err);

/* For the payer: the bank's answer as JSON. */
void recall_write_result(const struct recall *recall, struct buffer *out);

#endif
