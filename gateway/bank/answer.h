/*
 * answer.h - the bank's answer to a payment, as JSON.
 *
 * The top level is for the payer's side and says no more than the bank wants
 * to disclose; the member "decision" is for the bank's own people.  The bytes
 * written here are stored and given again on a repeated request.
 */
#ifndef GATEWAY_BANK_ANSWER_H
#define GATEWAY_BANK_ANSWER_H

#include "gateway/base/buffer.h"
#include "gateway/payment/life.h"
#include "gateway/payment/payment.h"
#include "policy/decision.h"

/* id "": an evaluation, which has none. */
void answer_write(const char *id, const struct payment *payment,
                  const struct decision *decision, int64_t decided_at_ms, struct buffer *out);

/* An array of hits, as a decision has them. */
void answer_write_hits(const struct policy_hit *const *hits, size_t count, struct buffer *out);

/* {"currency", "value", "charges"}: what comes back of an amount, exactly. */
void answer_write_returned(const char *currency, int64_t amount_minor, int64_t charges_minor,
                           struct buffer *out);

/* The ISO 20022 code told to the payer; "" where the message carries none. */
const char *answer_disclosed_code(const struct decision *decision);

#endif
