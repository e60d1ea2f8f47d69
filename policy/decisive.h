/*
 * decisive.h - which facts suffice for a decision.
 *
 * Every rule that fired says what it rests on, and together that is often more
 * than the action needs.  So the facts are dropped one after another, the
 * payment is judged again without each, and a drop is kept if the action stays:
 *
 *     amount/currency   dropped: still rejected
 *     debtor/country    stays:   without it nothing fires
 *     goods/0           dropped ...
 *
 *   E1  the action, the bank and the number of failed policies are those of the
 *       decision, with all that is not in the set dropped.
 *   E2  no tried fact of the set can be dropped alone: it is irreducible, but
 *       need not be the smallest.
 *   E3  at most DECISIVE_TRIALS_MAX judgements; facts beyond them stay, and so do
 *       those that no payment can be without (the bank's, the time), if the
 *       rules that are left rest on them.
 *
 * A goods line is dropped whole; a text or number reads as not given; a list's
 * element goes.  Kits follow from the goods.  What is remembered of earlier payments
 * stays as it is: it is no fact of this payment that could be dropped.
 */
#ifndef POLICY_DECISIVE_H
#define POLICY_DECISIVE_H

#include "policy/snapshot.h"

#define DECISIVE_TRIALS_MAX 64

/*
 * Fill decision->decisive, with pointers in the order of the payment's JSON
 * Pointers, for a decision that snapshot_judge() made of these arguments.
 */
void decisive_find(const struct snapshot *snapshot, const struct policy_payment *payment,
                   int64_t now_ms, uint64_t seed, struct facts_memory *memory,
                   struct arena *arena, struct decision *decision);

#endif
