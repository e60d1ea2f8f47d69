#include "tests/fuzz/walk.h"

#include "tests/fuzz/fuzz.h"

/* A loop's variable; the inner ones first. */
struct scope {
    const struct scope *outer;
    const char *name;
    struct cel_value value;
};

static struct cel_value visit(struct walk *walk, const struct scope *scope,
                              const struct cel_node *node);

static bool
is_error(struct cel_value value)
{
    return value.kind == CEL_ERROR;
}

static struct cel_value *
room(struct walk *walk, size_t count)
{
    struct cel_value *items = cel_alloc(walk->run, (count + 1) * sizeof(*items));

    walk->gave_up = walk->gave_up || !items;
    return items;
}

static struct cel_value
visit_name(struct walk *walk, const struct scope *scope, const char *name)
{
    const struct cel_environment *environment = walk->environment;

    for (; scope; scope = scope->outer)
        if (strcmp(scope->name, name) == 0)
            return scope->value;
    name += name[0] == '.';
    for (size_t i = 0; i < environment->variable_count; i++) {
        if (strcmp(environment->variables[i].name, name) != 0)
            continue;
        if (environment->variables[i].constant)
            return *environment->variables[i].constant;
        return walk->variables ? walk->variables[i]
                               : walk->load(walk->run, (enum cel_variable_id)i);
    }
    MUST(false, "walk: no variable %s", name);
    return cel_null();
}

/* operand.name, or with has whether there is one. */
static struct cel_value
visit_field(struct walk *walk, const struct scope *scope, const struct cel_node *node, bool has)
{
    struct cel_value operand = visit(walk, scope, node->args[0]), found;
    const struct cel_field *field;

    if (operand.kind == CEL_MAP) {
        bool there = cel_map_find(operand, cel_text(node->name), &found);

        return has ? cel_bool(there) : there ? found : cel_error("no such key");
    }
    if (operand.kind != CEL_RECORD)
        return is_error(operand) ? operand : cel_error("no fields");
    field = cel_record_field((enum cel_record_id)operand.type, node->name);
    if (!field)
        return cel_error("no such field");
    return has ? cel_field_has(walk->run, field, operand.record)
               : cel_field_get(walk->run, field, operand.record);
}

/* Two operands, each for itself; an error of either is the result. */
static struct cel_value
visit_operation(struct walk *walk, const struct scope *scope, const struct cel_node *node)
{
    static const char characters[CEL_NODE_KIND_COUNT] = {
        [CEL_NODE_ADD] = '+', [CEL_NODE_SUB] = '-', [CEL_NODE_MUL] = '*',
        [CEL_NODE_DIV] = '/', [CEL_NODE_MOD] = '%',
    };
    struct cel_value a = visit(walk, scope, node->args[0]);
    struct cel_value b = visit(walk, scope, node->args[1]);
    int order;

    if (is_error(a) || is_error(b))
        return is_error(a) ? a : b;
    if (characters[node->kind])
        return cel_arithmetic(walk->run, characters[node->kind], a, b);
    if (node->kind == CEL_NODE_INDEX)
        return cel_index(walk->run, a, b);
    if (node->kind == CEL_NODE_IN)
        return cel_in(walk->run, a, b);
    if (node->kind == CEL_NODE_EQ || node->kind == CEL_NODE_NE) {
        struct cel_value equal = cel_equal(walk->run, a, b);

        return is_error(equal) ? equal : cel_bool(equal.truth == (node->kind == CEL_NODE_EQ));
    }
    if (!cel_compare(a, b, &order))
        return cel_error("no order");
    switch (node->kind) {
    case CEL_NODE_LT:
        return cel_bool(order == -1);
    case CEL_NODE_LE:
        return cel_bool(order == -1 || order == 0);
    case CEL_NODE_GT:
        return cel_bool(order == 1);
    default:
        return cel_bool(order == 1 || order == 0);
    }
}

/* What && (or, with any, ||) makes of what came before and one more: the deciding bool wins
 * over an error, an error over the other bool. */
static struct cel_value
joined(struct cel_value before, struct cel_value more, bool any)
{
    if (before.kind == CEL_BOOL && before.truth == any)
        return before;
    if (more.kind == CEL_BOOL && more.truth == any)
        return more;
    if (is_error(before) || before.kind != CEL_BOOL)
        return cel_error("not a bool, or an error");
    return more.kind == CEL_BOOL ? more : cel_error("not a bool, or an error");
}

static struct cel_value
visit_items(struct walk *walk, const struct scope *scope, const struct cel_node *node)
{
    struct cel_value *items = room(walk, node->arg_count);

    for (uint32_t i = 0; items && i < node->arg_count; i++) {
        items[i] = visit(walk, scope, node->args[i]);
        if (is_error(items[i]))
            return items[i];
    }
    if (!items)
        return cel_out_of_memory();
    return node->kind == CEL_NODE_LIST ? cel_list(items, node->arg_count)
                                       : cel_map(walk->run, items, node->arg_count / 2);
}

static struct cel_value
visit_call(struct walk *walk, const struct scope *scope, const struct cel_node *node)
{
    struct cel_value args[CEL_ARGUMENTS_MAX];
    const struct cel_function *function;
    bool known;

    function = cel_function_find(node->name, node->method, node->arg_count, &known);
    MUST(function, "walk: no function %s", node->name);
    for (uint32_t i = 0; i < node->arg_count; i++) {
        args[i] = visit(walk, scope, node->args[i]);
        if (is_error(args[i]))
            return args[i];
    }
    if (strcmp(node->name, "chance") == 0) { /* the compiler says which call it is */
        walk->gave_up = true;
        return cel_bool(false);
    }
    return function->call(walk->run, args, node->arg_count);
}

/* One round of a loop: what it adds to the result. */
static struct cel_value
visit_round(struct walk *walk, const struct scope *scope, const struct cel_node *node,
            struct cel_value so_far, struct cel_value *items)
{
    struct cel_value first = visit(walk, scope, node->args[1]), item = scope->value;

    if (node->kind == CEL_NODE_ALL || node->kind == CEL_NODE_EXISTS)
        return joined(so_far, first, node->kind == CEL_NODE_EXISTS);
    if (is_error(first))
        return first;
    if (node->kind != CEL_NODE_MAP_EACH || node->arg_count == 3) {
        if (first.kind != CEL_BOOL)
            return cel_error("not a bool");
        if (!first.truth)
            return so_far;
        if (node->kind == CEL_NODE_EXISTS_ONE)
            return cel_int(so_far.i + 1);
    }
    if (node->kind == CEL_NODE_MAP_EACH)
        item = node->arg_count == 3 ? visit(walk, scope, node->args[2]) : first;
    if (is_error(item))
        return item;
    items[so_far.size] = item;
    return cel_list(items, so_far.size + 1);
}

static struct cel_value
visit_loop(struct walk *walk, const struct scope *scope, const struct cel_node *node)
{
    struct cel_value range = visit(walk, scope, node->args[0]), result, *items;
    size_t step = range.kind == CEL_MAP ? 2 : 1;

    if (range.kind != CEL_LIST && range.kind != CEL_MAP)
        return is_error(range) ? range : cel_error("no range");
    items = room(walk, range.size);
    if (!items)
        return cel_out_of_memory();
    result = cel_list(items, 0);
    if (node->kind == CEL_NODE_ALL || node->kind == CEL_NODE_EXISTS)
        result = cel_bool(node->kind == CEL_NODE_ALL);
    else if (node->kind == CEL_NODE_EXISTS_ONE)
        result = cel_int(0);
    for (uint32_t i = 0; i < range.size && !walk->gave_up; i++) {
        const struct scope inner = {scope, node->name, range.items[i * step]};

        result = visit_round(walk, &inner, node, result, items);
        if (is_error(result) && node->kind != CEL_NODE_ALL && node->kind != CEL_NODE_EXISTS)
            return result;
    }
    return node->kind == CEL_NODE_EXISTS_ONE ? cel_bool(result.i == 1) : result;
}

static struct cel_value
visit_condition(struct walk *walk, const struct scope *scope, const struct cel_node *node)
{
    struct cel_value condition = visit(walk, scope, node->args[0]);

    if (condition.kind != CEL_BOOL)
        return is_error(condition) ? condition : cel_error("not a bool");
    return visit(walk, scope, node->args[condition.truth ? 1 : 2]);
}

static struct cel_value
visit_sign(struct walk *walk, const struct scope *scope, const struct cel_node *node)
{
    struct cel_value operand = visit(walk, scope, node->args[0]);

    if (is_error(operand))
        return operand;
    if (node->kind == CEL_NODE_NEGATE)
        return cel_negate(walk->run, operand);
    return operand.kind == CEL_BOOL ? cel_bool(!operand.truth) : cel_error("not a bool");
}

static struct cel_value
visit(struct walk *walk, const struct scope *scope, const struct cel_node *node)
{
    walk->gave_up = walk->gave_up || !cel_spend(walk->run, 1);
    if (walk->gave_up)
        return cel_out_of_steps();
    switch (node->kind) {
    case CEL_NODE_CONST:
        return node->value;
    case CEL_NODE_IDENT:
        return visit_name(walk, scope, node->name);
    case CEL_NODE_SELECT:
    case CEL_NODE_HAS:
        return visit_field(walk, scope, node, node->kind == CEL_NODE_HAS);
    case CEL_NODE_LIST:
    case CEL_NODE_MAP:
        return visit_items(walk, scope, node);
    case CEL_NODE_CALL:
        return visit_call(walk, scope, node);
    case CEL_NODE_NOT:
    case CEL_NODE_NEGATE:
        return visit_sign(walk, scope, node);
    case CEL_NODE_AND:
    case CEL_NODE_OR:
        return joined(visit(walk, scope, node->args[0]), visit(walk, scope, node->args[1]),
                      node->kind == CEL_NODE_OR);
    case CEL_NODE_COND:
        return visit_condition(walk, scope, node);
    default:
        return node->kind >= CEL_NODE_ALL ? visit_loop(walk, scope, node)
                                          : visit_operation(walk, scope, node);
    }
}

struct cel_value
walk_tree(struct walk *walk, const struct cel_node *root)
{
    return visit(walk, NULL, root);
}
