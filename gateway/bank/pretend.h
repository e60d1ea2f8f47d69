/*
 * pretend.h - a decision replaced by the one that the caller asked for.
 *
 * Private to gateway/bank.
 *
 *   F1  what a policy failed to judge stays held, whatever was asked for.
 *   F2  what follows is that of the action pretended, never of the one replaced.
 */
#ifndef GATEWAY_BANK_PRETEND_H
#define GATEWAY_BANK_PRETEND_H

#include "gateway/bank/bank_private.h"

/* Does the caller's wish take the place of this decision? */
bool bank_pretends(const struct bank *bank, const struct payment *payment,
                   const struct decision *decision);

/* Where it does. */
void bank_pretend(const struct bank *bank, const struct snapshot *snapshot,
                  const struct payment *payment, int64_t now_ms, struct arena *arena,
                  struct decision *decision);

#endif
