/* payment_document.h - a payment with every field there is, and edits of it. */
#ifndef TESTS_SUPPORT_PAYMENT_DOCUMENT_H
#define TESTS_SUPPORT_PAYMENT_DOCUMENT_H

#include "gateway/payment/payment.h"

/* Parties, banks and numbers are fictional. */
extern const char payment_document[];

/*
 * payment_document with the first occurrence of from replaced by to, parsed on
 * the arena.  It fails the test if from is not in it, or the result no JSON.
 */
const cJSON *payment_document_edit(struct arena *arena, const char *from, const char *to);

/* Faults as "pointer: detail" lines, each with its newline, on the faults' arena. */
const char *payment_faults_text(const struct payment_faults *faults);

#endif
