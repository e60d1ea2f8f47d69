/*
 * conjuncts.h - a condition as the demands that must all hold, and what they say of each other.
 *
 * a && b && c makes three demands.  A demand asks something of an expression:
 * to be one of some values (x == 1, x in [1, 2], x itself for a bool), to be
 * none of them, or to lie beyond one (x < 5).  What fits no such form is asked
 * to be true as a whole.
 *
 *   C1  what is said to conflict can never hold (NaN left aside); what is not
 *       may still never hold.
 *
 * For checked trees only (check.h).
 */
#ifndef POLICY_RULES_CONJUNCTS_H
#define POLICY_RULES_CONJUNCTS_H

#include "policy/rules/cel/check.h"
#include "policy/rules/demands.h"

/* A part of a condition that must be true, or with negated false. */
struct asked {
    const struct cel_node *node;
    bool negated;
};

/* Why demands cannot all hold. */
struct conflict {
    struct asked a; /* this and b exclude each other; without b, a alone never is */
    struct asked b;
    const struct cel_node *of; /* or: no value of this fits all that is asked of it */
    struct asked choice;       /* or: no side of this a || b can be */
};

/* a || b, which must hold, or !(a && b): any side suffices. */
struct choice {
    struct asked asked;
    size_t demand;           /* it is this one of the demands, as a whole */
    struct conjuncts *sides; /* once conjuncts_split() has been called */
    size_t side_count;
};

struct conjuncts {
    struct demand *demands;
    size_t count;
    struct choice *choices;
    size_t choice_count;
    bool never; /* they cannot all hold: conflict says why */
    struct conflict conflict;
    uint64_t asks, knows; /* implication.c's: a bit for each expression asked about */
};

/*
 * The demands of a condition, or with negated of its opposite; those that
 * always hold are left out.  with_params: parameters stand for their values.
 * Everything lives on the arena.
 */
struct conjuncts conjuncts_of(struct arena *arena, const struct cel_node *condition,
                              bool negated, bool with_params);

#endif
