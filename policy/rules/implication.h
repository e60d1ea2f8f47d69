/*
 * implication.h - does one condition holding mean that another holds?
 *
 *     x == 1 && y > 5            means   x in [1, 2]
 *     x == 1                     means   x == 1 || y == 2
 *     (x == 1 || y == 2) && z    means   y == 2 || x == 1 || z
 *
 *   I1  what is said to be implied is, for every payment (NaN and hash
 *       collisions aside); what is not may still be.
 */
#ifndef POLICY_RULES_IMPLICATION_H
#define POLICY_RULES_IMPLICATION_H

#include "policy/rules/conjuncts.h"

/* Prepare what conjuncts_of() gave with the same with_params: its choices get their sides. */
void conjuncts_split(struct arena *arena, struct conjuncts *conjuncts, bool with_params);

/* Does first mean second?  Both are split; of two packs both are made with_params.  What can
 * never hold implies nothing here. */
bool conjuncts_imply(const struct conjuncts *first, const struct conjuncts *second);

#endif
