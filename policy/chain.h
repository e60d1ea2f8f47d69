/*
 * chain.h - asks every policy in order; the strictest answer wins.
 *
 *   C1  all policies are asked, whatever the first one said: every reason is
 *       recorded.
 *   C2  the strictest answer decides; among equals the first in order.  If all
 *       abstain, the book's default decides.
 *   C3  a policy that fails, answers what the ABI does not name, or answers
 *       milder than a rule it fired, is recorded as a failure and counts as
 *       POLICY_HOLD, or as the strictest rule that it fired if that is stricter:
 *       the strictest wins within a policy too.  What it fired stays on record.
 *   C4  what decides has a reason, made up here where the policy gave none.
 */
#ifndef POLICY_CHAIN_H
#define POLICY_CHAIN_H

#include <stddef.h>

#include "gateway/base/arena.h"
#include "policy/decision.h"
#include "policy/facts.h"
#include "policy/host.h"

struct chain {
    const struct policy **policies;
    size_t count;
    enum policy_action default_action; /* never POLICY_ABSTAIN */
};

/*
 * Fill action, score, policy, reasons, terms, rules, failures, kits and hits of *decision;
 * the other members are left alone: course.h has what follows.
 */
void chain_judge(const struct chain *chain, struct facts *facts, struct decision *decision);

/*
 * The answers that need no policy: an unknown bank, no regime in force, all
 * abstained.  text is for the bank's people; the payer reads a phrase that
 * belongs to the action.
 */
void decision_settle(struct decision *decision, enum policy_action action, const char *code,
                     const char *text);

#endif
