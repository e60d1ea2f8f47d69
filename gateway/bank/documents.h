/*
 * documents.h - a payer answers what the bank has asked: decide() and context of an act.
 *
 *   Q1  only a payment that awaits information takes answers, and only to what was asked.
 *   Q2  what answers lead to was drawn with the decision: here it is only carried out.  So a
 *       payer may answer everything and be refused anyway.
 *   Q3  where the decision does not say, complete and contradictory answers are for people.
 */
#ifndef GATEWAY_BANK_DOCUMENTS_H
#define GATEWAY_BANK_DOCUMENTS_H

#include "gateway/bank/act.h"
#include "gateway/bank/answers.h"

#define DOCUMENTS_POSTS_MAX 20 /* that one payment takes */

struct documents {
    struct document_answers answers; /* in */

    /* Out. */
    const char *id, *uetr;
    enum payment_state state;
    struct answers_judged judged;
};

int documents_decide(struct act *act, struct bank *bank, const struct snapshot *snapshot,
                     const struct dossier *dossier, struct life_event *event,
                     struct error *err);

/* For the payer: what came of it, as JSON. */
void documents_write_result(const struct documents *documents, struct buffer *out);

#endif
