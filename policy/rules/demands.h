/*
 * demands.h - what is asked of an expression: to be one of some values, none of them, or beyond
 * one.
 *
 * Where two values have no order (they are of different kinds, or one is NaN)
 * the answers err towards: nothing is known.
 */
#ifndef POLICY_RULES_DEMANDS_H
#define POLICY_RULES_DEMANDS_H

#include "policy/rules/cel/check.h"

enum relation {
    RELATION_IS,     /* one of the values */
    RELATION_IS_NOT, /* none of them */
    RELATION_BELOW,  /* these four: the one value */
    RELATION_AT_MOST,
    RELATION_ABOVE,
    RELATION_AT_LEAST,
};

struct demand {
    uint64_t of; /* the expression's hash: expression.h */
    enum relation relation;
    uint32_t count;
    const struct cel_value *values;
    const struct cel_node *node;       /* the conjunct as written */
    bool negated;                      /* which must be false */
    const struct cel_node *expression; /* what it asks something of */
};

bool demand_satisfies(struct cel_value value, const struct demand *demand);

/* Two demands of the same expression: can they not both hold; does the first mean the second? */
bool demand_exclude(const struct demand *a, const struct demand *b);
bool demand_implies(const struct demand *first, const struct demand *second);

#endif
