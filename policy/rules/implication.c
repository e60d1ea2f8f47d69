/*
 * implication.c - demand by demand, and through a choice case by case.
 *
 * A demand is implied by one of the same expression that is tighter; a choice by any of its
 * sides; and anything, if it is implied in each case of one choice of the first condition.
 */
#include "policy/rules/implication.h"

#define STEPS_MAX 5000 /* demands held against demands for one answer; then it is not plain */

/* What is known to hold: a condition, and beside it one side of one of its choices. */
struct known {
    const struct conjuncts *conjuncts;
    const struct known *beside;
    size_t *steps; /* taken so far */
};

static uint64_t
bit_of(const struct demand *demand)
{
    return UINT64_C(1) << (demand->of & 63);
}

/* -- preparing -- */

static size_t
side_count(const struct cel_node *node, enum cel_node_kind kind)
{
    if (node->kind != kind)
        return 1;
    return side_count(node->args[0], kind) + side_count(node->args[1], kind);
}

static void
sides_fill(struct arena *arena, const struct cel_node *node, enum cel_node_kind kind,
           bool with_params, struct choice *choice)
{
    struct conjuncts *side;

    if (node->kind == kind) {
        sides_fill(arena, node->args[0], kind, with_params, choice);
        sides_fill(arena, node->args[1], kind, with_params, choice);
        return;
    }
    side = &choice->sides[choice->side_count++];
    *side = conjuncts_of(arena, node, choice->asked.negated, with_params);
    conjuncts_split(arena, side, with_params);
}

/* The choice that a demand is; NULL: it is none. */
static const struct choice *
choice_of(const struct conjuncts *conjuncts, size_t demand)
{
    for (size_t i = 0; i < conjuncts->choice_count; i++)
        if (conjuncts->choices[i].demand == demand)
            return &conjuncts->choices[i];
    return NULL;
}

void
conjuncts_split(struct arena *arena, struct conjuncts *conjuncts, bool with_params)
{
    if (conjuncts->never)
        return;
    for (size_t i = 0; i < conjuncts->choice_count; i++) {
        struct choice *choice = &conjuncts->choices[i];
        enum cel_node_kind kind = choice->asked.node->kind;

        choice->sides =
            arena_alloc(arena, side_count(choice->asked.node, kind) * sizeof(*choice->sides));
        sides_fill(arena, choice->asked.node, kind, with_params, choice);
        for (size_t s = 0; s < choice->side_count; s++)
            conjuncts->knows |= choice->sides[s].knows;
    }
    for (size_t i = 0; i < conjuncts->count; i++) {
        conjuncts->knows |= bit_of(&conjuncts->demands[i]);
        if (!choice_of(conjuncts, i))
            conjuncts->asks |= bit_of(&conjuncts->demands[i]);
    }
}

/* -- asking -- */

static bool all_known(const struct known *known, const struct conjuncts *conjuncts);

static bool
demand_known(const struct known *known, const struct demand *demand)
{
    for (; known; known = known->beside)
        for (size_t i = 0; i < known->conjuncts->count && *known->steps < STEPS_MAX;
             i++, ++*known->steps)
            if (known->conjuncts->demands[i].of == demand->of &&
                demand_implies(&known->conjuncts->demands[i], demand))
                return true;
    return false;
}

static bool
choice_known(const struct known *known, const struct choice *choice)
{
    for (size_t i = 0; choice && i < choice->side_count && *known->steps < STEPS_MAX; i++)
        if (!choice->sides[i].never && all_known(known, &choice->sides[i]))
            return true;
    return false;
}

/* In every case of one choice of what is known; a case is not split again. */
static bool
cases_know(const struct known *known, const struct conjuncts *conjuncts, size_t demand)
{
    const struct conjuncts *first = known->conjuncts;

    for (size_t i = 0; !known->beside && i < first->choice_count && *known->steps < STEPS_MAX;
         i++) {
        const struct choice *choice = &first->choices[i];
        size_t s = 0;

        for (; s < choice->side_count; s++) {
            const struct known with = {&choice->sides[s], known, known->steps};

            if (!choice->sides[s].never && !demand_known(&with, &conjuncts->demands[demand]) &&
                !choice_known(&with, choice_of(conjuncts, demand)))
                break;
        }
        if (s == choice->side_count)
            return true;
    }
    return false;
}

static bool
all_known(const struct known *known, const struct conjuncts *conjuncts)
{
    for (size_t i = 0; i < conjuncts->count; i++)
        if (!demand_known(known, &conjuncts->demands[i]) &&
            !choice_known(known, choice_of(conjuncts, i)) && !cases_know(known, conjuncts, i))
            return false;
    return true;
}

bool
conjuncts_imply(const struct conjuncts *first, const struct conjuncts *second)
{
    size_t steps = 0;
    const struct known known = {first, NULL, &steps};

    if (first->never || second->never || (second->asks & ~first->knows) != 0)
        return false;
    return all_known(&known, second);
}
