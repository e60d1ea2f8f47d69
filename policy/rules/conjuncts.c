/*
 * conjuncts.c - the demands of a condition collected, and conflicts among them found.
 *
 * "Always true" needs no code of its own: a || b always holds if !a && !b never does.
 */
#include "policy/rules/conjuncts.h"

#include "policy/rules/expression.h"

#define VALUES_MAX 1000 /* of a set that is looked into */

static const struct cel_value truths[2] = {{.kind = CEL_BOOL, .truth = false},
                                           {.kind = CEL_BOOL, .truth = true}};

struct collector {
    struct arena *arena;
    bool with_params;
    const struct enclosing *around;
    struct demand *demands;
    size_t count;
    struct choice *choices;
    size_t choice_count;
    bool never;
    struct conflict conflict;
};

static bool collect(struct collector *collector, const struct cel_node *node, bool negated);
static bool find_conflict(struct collector *collector, size_t first, size_t first_choice);

static bool
never(struct collector *collector, struct conflict conflict)
{
    collector->never = true;
    collector->conflict = conflict;
    return false;
}

/* --- collecting -------------------------------------------------------------------------- */

static bool
demand_add(struct collector *collector, struct demand demand)
{
    bool whole = demand.relation == RELATION_IS_NOT && demand.count == 1 &&
                 demand.values[0].kind == CEL_BOOL;

    if (whole) { /* a bool that is not true is false */
        demand.relation = RELATION_IS;
        demand.values = &truths[!demand.values[0].truth];
    }
    demand.of = expression_hash(collector->around, demand.expression, collector->with_params);
    collector->demands[collector->count++] = demand;
    return true;
}

/* a == b for a != b, a < b for a >= b, a > b for a <= b: so that opposites are about one
 * expression.  NULL for others. */
static const struct cel_node *
opposite(struct collector *collector, const struct cel_node *node)
{
    static const enum cel_node_kind opposites[CEL_NODE_KIND_COUNT] = {
        [CEL_NODE_NE] = CEL_NODE_EQ, [CEL_NODE_GE] = CEL_NODE_LT, [CEL_NODE_LE] = CEL_NODE_GT};
    struct cel_node *copy;

    if (!opposites[node->kind])
        return NULL;
    copy = arena_alloc(collector->arena, sizeof(*copy));
    *copy = *node;
    copy->kind = opposites[node->kind];
    return copy;
}

/* The expression as a whole must be true, or false. */
static bool
demand_truth(struct collector *collector, const struct cel_node *node, bool negated)
{
    const struct cel_node *other = opposite(collector, node);
    bool wanted = !negated != (other != NULL);

    return demand_add(collector, (struct demand){.relation = RELATION_IS,
                                                 .count = 1,
                                                 .values = &truths[wanted],
                                                 .node = node,
                                                 .negated = negated,
                                                 .expression = other ? other : node});
}

/* What holds by itself is no demand; what does not is the end of it. */
static bool
known(struct collector *collector, const struct cel_node *node, bool negated, bool holds)
{
    return holds || never(collector, (struct conflict){.a = {node, negated}});
}

static const struct cel_value *
kept(struct collector *collector, struct cel_value value)
{
    struct cel_value *copy = arena_alloc(collector->arena, sizeof(*copy));

    *copy = value;
    return copy;
}

static struct cel_value
value_of(const struct collector *collector, const struct cel_node *node)
{
    return expression_value(collector->arena, node, collector->with_params);
}

static bool
may_be_nan(const struct cel_type *type)
{
    return type->kind == CEL_DOUBLE || type->kind == CEL_DYN || type->kind == CEL_LIST ||
           type->kind == CEL_MAP;
}

/* x == c, x != c. */
static bool
collect_equality(struct collector *collector, const struct cel_node *node, bool negated)
{
    const struct cel_node *left = node->args[0], *right = node->args[1];
    struct cel_value a = value_of(collector, left), b = value_of(collector, right);
    bool equal = (node->kind == CEL_NODE_EQ) != negated;

    if (a.kind != CEL_ERROR && b.kind != CEL_ERROR)
        return known(collector, node, negated, cel_is_equal(a, b) == equal);
    if (a.kind != CEL_ERROR || b.kind != CEL_ERROR)
        return demand_add(
            collector, (struct demand){.relation = equal ? RELATION_IS : RELATION_IS_NOT,
                                       .count = 1,
                                       .values = kept(collector, a.kind != CEL_ERROR ? a : b),
                                       .node = node,
                                       .negated = negated,
                                       .expression = a.kind != CEL_ERROR ? right : left});
    if (!may_be_nan(left->type) &&
        expression_hash(collector->around, left, collector->with_params) ==
            expression_hash(collector->around, right, collector->with_params))
        return known(collector, node, negated, equal);
    return demand_truth(collector, node, negated);
}

/* x < c and its kin.  For each kind of node: what it asks of its left side, of its right
 * side, and the opposites. */
static const struct {
    enum relation left, right, not_left, not_right;
} orders[] = {
    [CEL_NODE_LT] = {RELATION_BELOW, RELATION_ABOVE, RELATION_AT_LEAST, RELATION_AT_MOST},
    [CEL_NODE_LE] = {RELATION_AT_MOST, RELATION_AT_LEAST, RELATION_ABOVE, RELATION_BELOW},
    [CEL_NODE_GT] = {RELATION_ABOVE, RELATION_BELOW, RELATION_AT_MOST, RELATION_AT_LEAST},
    [CEL_NODE_GE] = {RELATION_AT_LEAST, RELATION_AT_MOST, RELATION_BELOW, RELATION_ABOVE},
};

static bool
collect_order(struct collector *collector, const struct cel_node *node, bool negated)
{
    struct cel_value a = value_of(collector, node->args[0]);
    struct cel_value b = value_of(collector, node->args[1]);
    struct demand demand = {.count = 1, .node = node, .negated = negated};

    if (b.kind != CEL_ERROR) {
        demand.relation = negated ? orders[node->kind].not_left : orders[node->kind].left;
        demand.values = kept(collector, b);
        demand.expression = node->args[0];
        return a.kind == CEL_ERROR
                   ? demand_add(collector, demand)
                   : known(collector, node, negated, demand_satisfies(a, &demand));
    }
    if (a.kind == CEL_ERROR)
        return demand_truth(collector, node, negated);
    demand.relation = negated ? orders[node->kind].not_right : orders[node->kind].right;
    demand.values = kept(collector, a);
    demand.expression = node->args[1];
    return demand_add(collector, demand);
}

/* x in [a, b]. */
static bool
collect_in(struct collector *collector, const struct cel_node *node, bool negated)
{
    struct cel_value list = value_of(collector, node->args[1]);
    struct cel_value value = value_of(collector, node->args[0]);
    struct demand demand = {.relation = negated ? RELATION_IS_NOT : RELATION_IS,
                            .node = node,
                            .negated = negated,
                            .expression = node->args[0]};

    if (list.kind != CEL_LIST || list.size > VALUES_MAX)
        return demand_truth(collector, node, negated);
    demand.count = list.size;
    demand.values = list.items;
    if (list.size == 0 || value.kind != CEL_ERROR)
        return known(collector, node, negated,
                     list.size == 0 ? negated : demand_satisfies(value, &demand));
    return demand_add(collector, demand);
}

/* Can the loop's predicate, or its opposite, ever be true of an element? */
static bool
predicate_never(struct collector *collector, const struct cel_node *loop, bool negated,
                struct conflict *why)
{
    const struct enclosing *around = collector->around;
    struct enclosing inner = {loop->name, around ? around->depth + 1 : 0, around};
    size_t nodes = expression_nodes(loop->args[1]);
    struct collector predicate = {
        .arena = collector->arena,
        .with_params = collector->with_params,
        .around = &inner,
        .demands = arena_alloc(collector->arena, nodes * sizeof(struct demand)),
        .choices = arena_alloc(collector->arena, nodes * sizeof(struct choice)),
    };

    if (collect(&predicate, loop->args[1], negated) && !find_conflict(&predicate, 0, 0))
        return false;
    *why = predicate.conflict;
    return true;
}

static bool
collect_loop(struct collector *collector, const struct cel_node *node, bool negated)
{
    struct cel_value range = value_of(collector, node->args[0]);
    bool for_all = node->kind == CEL_NODE_ALL;
    struct conflict why;

    if ((range.kind == CEL_LIST || range.kind == CEL_MAP) && range.size == 0)
        return known(collector, node, negated, for_all != negated);
    /* exists() needs an element of which it holds, all() fails for one of which it does not. */
    if (predicate_never(collector, node, for_all, &why))
        return for_all != negated || never(collector, why);
    return demand_truth(collector, node, negated);
}

/* The values that the sides of a choice allow, where all ask the same of one expression:
 * x == 1 || x in [2, 3]. */
struct allowed {
    struct cel_value *values;
    uint32_t count, room;
    uint64_t of;
    const struct cel_node *expression;
};

static void
allow(struct collector *collector, struct allowed *allowed, const struct demand *side)
{
    while (allowed->count + side->count > allowed->room) {
        uint32_t room = allowed->room ? 2 * allowed->room : 8;

        allowed->values = arena_grow(collector->arena, allowed->values,
                                     allowed->room * sizeof(struct cel_value),
                                     room * sizeof(struct cel_value));
        allowed->room = room;
    }
    memcpy(allowed->values + allowed->count, side->values,
           side->count * sizeof(struct cel_value));
    allowed->count += side->count;
    allowed->of = side->of;
    allowed->expression = side->expression;
}

/* What is collected is looked at and dropped again. */
static bool
side_allows(struct collector *collector, const struct cel_node *side, bool negated,
            struct allowed *allowed)
{
    size_t count = collector->count, choices = collector->choice_count;
    const struct demand *demand = &collector->demands[count];
    bool simple = collect(collector, side, negated) && collector->count == count + 1 &&
                  collector->choice_count == choices && demand->relation == RELATION_IS &&
                  (allowed->count == 0 || allowed->of == demand->of);

    if (simple)
        allow(collector, allowed, demand);
    collector->count = count;
    collector->choice_count = choices;
    collector->never = false;
    return simple;
}

static bool
sides_allow(struct collector *collector, const struct cel_node *node, enum cel_node_kind kind,
            bool negated, struct allowed *allowed)
{
    if (node->kind != kind)
        return side_allows(collector, node, negated, allowed);
    return sides_allow(collector, node->args[0], kind, negated, allowed) &&
           sides_allow(collector, node->args[1], kind, negated, allowed);
}

static bool
collect_choice(struct collector *collector, const struct cel_node *node, bool negated)
{
    struct allowed allowed = {0};

    if (sides_allow(collector, node, node->kind, negated, &allowed))
        return demand_add(collector, (struct demand){.relation = RELATION_IS,
                                                     .count = allowed.count,
                                                     .values = allowed.values,
                                                     .node = node,
                                                     .negated = negated,
                                                     .expression = allowed.expression});
    collector->choices[collector->choice_count++] =
        (struct choice){.asked = {node, negated}, .demand = collector->count};
    return demand_truth(collector, node, negated);
}

/* Adds what the node demands; false once that can never hold. */
static bool
collect(struct collector *collector, const struct cel_node *node, bool negated)
{
    struct cel_value value = value_of(collector, node);

    if (value.kind == CEL_BOOL)
        return known(collector, node, negated, value.truth != negated);
    switch (node->kind) {
    case CEL_NODE_NOT:
        return collect(collector, node->args[0], !negated);
    case CEL_NODE_AND:
    case CEL_NODE_OR:
        if ((node->kind == CEL_NODE_AND) == negated)
            return collect_choice(collector, node, negated);
        return collect(collector, node->args[0], negated) &&
               collect(collector, node->args[1], negated);
    case CEL_NODE_EQ:
    case CEL_NODE_NE:
        return collect_equality(collector, node, negated);
    case CEL_NODE_LT:
    case CEL_NODE_LE:
    case CEL_NODE_GT:
    case CEL_NODE_GE:
        return collect_order(collector, node, negated);
    case CEL_NODE_IN:
        return collect_in(collector, node, negated);
    case CEL_NODE_ALL:
    case CEL_NODE_EXISTS:
    case CEL_NODE_EXISTS_ONE:
        return collect_loop(collector, node, negated);
    default:
        return demand_truth(collector, node, negated);
    }
}

/* --- conflicts --------------------------------------------------------------------------- */

/* No value of the set satisfies all that is demanded of the expression. */
static bool
is_emptied(const struct collector *collector, const struct demand *set)
{
    for (uint32_t v = 0; v < set->count; v++) {
        size_t i = 0;

        while (i < collector->count &&
               (collector->demands[i].of != set->of ||
                demand_satisfies(set->values[v], &collector->demands[i])))
            i++;
        if (i == collector->count)
            return false;
    }
    return true;
}

/* All that is demanded of one expression. */
static bool
group_conflicts(struct collector *collector, uint64_t of)
{
    const struct demand *demands = collector->demands, *set = NULL;

    for (size_t i = 0; i < collector->count; i++) {
        if (demands[i].of != of)
            continue;
        for (size_t j = 0; j < i; j++)
            if (demands[j].of == of && demand_exclude(&demands[j], &demands[i]))
                return !never(collector,
                              (struct conflict){.a = {demands[j].node, demands[j].negated},
                                                .b = {demands[i].node, demands[i].negated}});
        if (demands[i].relation == RELATION_IS)
            set = &demands[i];
    }
    return set && is_emptied(collector, set) &&
           !never(collector, (struct conflict){.of = set->expression});
}

/* The side beside all that is demanded so far; nothing of it stays. */
static bool
side_conflicts(struct collector *collector, const struct cel_node *side, bool negated)
{
    size_t count = collector->count, choices = collector->choice_count;
    bool conflicts =
        !collect(collector, side, negated) || find_conflict(collector, count, choices);

    collector->count = count;
    collector->choice_count = choices;
    collector->never = false;
    return conflicts;
}

static bool
sides_conflict(struct collector *collector, const struct cel_node *node,
               enum cel_node_kind kind, bool negated)
{
    if (node->kind != kind)
        return side_conflicts(collector, node, negated);
    return sides_conflict(collector, node->args[0], kind, negated) &&
           sides_conflict(collector, node->args[1], kind, negated);
}

/* Do the demands and choices from first on conflict with each other or those before? */
static bool
find_conflict(struct collector *collector, size_t first, size_t first_choice)
{
    size_t choices = collector->choice_count;

    for (size_t i = first; i < collector->count; i++) {
        size_t j = first;

        while (collector->demands[j].of != collector->demands[i].of)
            j++;
        if (j == i && group_conflicts(collector, collector->demands[i].of))
            return true;
    }
    for (size_t i = first_choice; i < choices; i++) {
        struct asked choice = collector->choices[i].asked;

        if (sides_conflict(collector, choice.node, choice.node->kind, choice.negated))
            return !never(collector, (struct conflict){.choice = choice});
    }
    return false;
}

/* --- the interface ----------------------------------------------------------------------- */

struct conjuncts
conjuncts_of(struct arena *arena, const struct cel_node *condition, bool negated,
             bool with_params)
{
    size_t nodes = expression_nodes(condition);
    struct collector collector = {
        .arena = arena,
        .with_params = with_params,
        .demands = arena_alloc(arena, nodes * sizeof(struct demand)),
        .choices = arena_alloc(arena, nodes * sizeof(struct choice)),
    };

    if (collect(&collector, condition, negated))
        (void)find_conflict(&collector, 0, 0);
    return (struct conjuncts){.demands = collector.demands,
                              .count = collector.count,
                              .choices = collector.choices,
                              .choice_count = collector.choice_count,
                              .never = collector.never,
                              .conflict = collector.conflict};
}
