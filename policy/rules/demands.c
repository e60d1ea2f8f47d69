/* demands.c - sets and ranges of values held against each other. */
#include "policy/rules/demands.h"

static bool
is_among(struct cel_value value, const struct demand *demand)
{
    for (uint32_t i = 0; i < demand->count; i++)
        if (cel_is_equal(value, demand->values[i]))
            return true;
    return false;
}

static bool
is_lower_bound(const struct demand *demand)
{
    return demand->relation == RELATION_ABOVE || demand->relation == RELATION_AT_LEAST;
}

static bool
is_upper_bound(const struct demand *demand)
{
    return demand->relation == RELATION_BELOW || demand->relation == RELATION_AT_MOST;
}

static bool
is_strict(const struct demand *demand)
{
    return demand->relation == RELATION_ABOVE || demand->relation == RELATION_BELOW;
}

bool
demand_satisfies(struct cel_value value, const struct demand *demand)
{
    int order;

    if (demand->relation == RELATION_IS)
        return is_among(value, demand);
    if (demand->relation == RELATION_IS_NOT)
        return !is_among(value, demand);
    if (!cel_compare(value, demand->values[0], &order))
        return true; /* cannot be told */
    if (order == CEL_UNORDERED)
        return false;
    if (order == 0)
        return !is_strict(demand);
    return is_lower_bound(demand) ? order > 0 : order < 0;
}

/* How many of the values of a set satisfy the demand? */
static uint32_t
satisfying(const struct demand *set, const struct demand *demand)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < set->count; i++)
        count += demand_satisfies(set->values[i], demand);
    return count;
}

/* Nothing lies above the one and below the other. */
static bool
is_empty_range(const struct demand *low, const struct demand *high)
{
    struct cel_value from = low->values[0], to = high->values[0];
    int order;

    if (!cel_compare(from, to, &order) || order == CEL_UNORDERED)
        return false;
    if (order == 0)
        return is_strict(low) || is_strict(high);
    if (order > 0)
        return true;
    return is_strict(low) && is_strict(high) && low->expression->type->kind == CEL_INT &&
           from.kind == CEL_INT && to.kind == CEL_INT && from.i + 1 == to.i;
}

bool
demand_exclude(const struct demand *a, const struct demand *b)
{
    if (a->relation == RELATION_IS)
        return satisfying(a, b) == 0;
    if (b->relation == RELATION_IS)
        return satisfying(b, a) == 0;
    if (is_lower_bound(a) && is_upper_bound(b))
        return is_empty_range(a, b);
    if (is_upper_bound(a) && is_lower_bound(b))
        return is_empty_range(b, a);
    return false;
}

static bool
is_tighter(const struct demand *first, const struct demand *second)
{
    int order;

    if (!cel_compare(first->values[0], second->values[0], &order) || order == CEL_UNORDERED)
        return false;
    if (order == 0)
        return is_strict(first) || !is_strict(second);
    return is_lower_bound(first) ? order > 0 : order < 0;
}

bool
demand_implies(const struct demand *first, const struct demand *second)
{
    if (first->relation == RELATION_IS)
        return satisfying(first, second) == first->count;
    if (second->relation == RELATION_IS_NOT) /* the values excluded are excluded already */
        return satisfying(second, first) == 0;
    if (is_lower_bound(first) && is_lower_bound(second))
        return is_tighter(first, second);
    return is_upper_bound(first) && is_upper_bound(second) && is_tighter(first, second);
}
