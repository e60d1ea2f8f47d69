/*
 * index.h - which rules can apply to a payment at all.
 *
 * Most conditions begin by comparing a field with a constant: a country, a
 * currency, the group of some goods line.  Such a comparison is an atom.  A
 * condition that is a conjunction needs one true atom of each of its clauses:
 *
 *     payment.amount.currency in ['CNY', 'HKD'] && goods.exists(g, g.group == 'kit' && ...)
 *     clause 0: currency CNY or HKD               clause 1: some goods group kit
 *
 * For a payment each field that atoms speak of is read once and looked up; the
 * rules of the atoms found are OR-ed clause by clause and the clauses AND-ed,
 * 64 rules a word.
 *
 *   I1  a rule that is not a candidate would have evaluated to false: neither to
 *       true nor to an error.
 *   I2  built once, then only read.
 */
#ifndef POLICY_RULES_INDEX_H
#define POLICY_RULES_INDEX_H

#include "policy/rules/cel/program.h"

#define INDEX_CLAUSES_MAX 4  /* of a rule that are used; the others wait for its evaluation */
#define INDEX_WORDS_MAX   32 /* of 64 rules */

struct rule_index;

/* Of the expressions of a sealed program, which must outlive the index. */
struct rule_index *rule_index_new(const struct cel_program *program,
                                  const uint32_t *expressions, size_t count);
void rule_index_free(struct rule_index *index); /* takes NULL */

/* Bit i of candidates[i / 64]: expression i may be true or an error. */
void rule_index_candidates(const struct rule_index *index, struct cel_frame *frame,
                           uint64_t candidates[INDEX_WORDS_MAX]);

/* How many expressions have a clause at all; for those who wonder about speed. */
size_t rule_index_covered(const struct rule_index *index);

#endif
