/*
 * evidence.h - the facts that made a condition true, told to a verdict.
 *
 * After a rule fired its condition is walked once more: of && that is true both
 * operands count, of || those that are true, of exists() the elements that
 * passed.  Where a field of the payment is read, the field and its value are a
 * fact; where a goods line, kit or hit passed, it is one as a whole.
 *
 *   E1  each fact is told once a rule, in the order of the condition, at most
 *       EVIDENCE_MAX of them.
 *   E2  pointers are those of the payment's JSON: "debtor/country", "goods/0".
 */
#ifndef POLICY_RULES_EVIDENCE_H
#define POLICY_RULES_EVIDENCE_H

#include "policy/rules/cel/program.h"

#define EVIDENCE_MAX 64

/* Pointers of a sealed program's fields, written once.  On the arena. */
struct evidence_names;
struct evidence_names *evidence_names_new(struct arena *arena,
                                          const struct cel_program *program);

/* verdict->fire() has been called for the rule. */
void evidence_tell(const struct evidence_names *names, struct cel_frame *frame,
                   uint32_t expression, struct policy_verdict *verdict);

#endif
