/* check.c - the type checker: one function a kind of node, found in a table. */
#include "policy/rules/cel/check.h"

#include <stdarg.h>
#include <stdio.h>

#include "policy/rules/cel/checker.h"
#include "policy/rules/cel/types.h"

#define BOOL (&cel_types[CEL_BOOL])
#define DYN  (&cel_types[CEL_DYN])

/* --- faults ------------------------------------------------------------------------------ */

__attribute__((format(printf, 3, 0))) static void
fault_write(struct checker *checker, uint32_t at, const char *fmt, va_list args)
{
    checker->fault->at = at;
    vsnprintf(checker->fault->text, sizeof(checker->fault->text), fmt, args);
}

const struct cel_type *
checker_fault(struct checker *checker, uint32_t at, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    fault_write(checker, at, fmt, args);
    va_end(args);
    return NULL;
}

const struct cel_type *
checker_mismatch(struct checker *checker, uint32_t at, const char *fmt, ...)
{
    va_list args;

    if (checker->environment->lenient) /* T2 */
        return DYN;
    va_start(args, fmt);
    fault_write(checker, at, fmt, args);
    va_end(args);
    return NULL;
}

static const char *
type_name(struct checker *checker, const struct cel_type *type)
{
    return cel_type_name(checker->arena, type);
}

/* "a, b, c", as many as there is room for. */
static const char *
names_joined(struct arena *arena, const char *const *names, size_t count)
{
    char *text = arena_alloc(arena, CEL_ERROR_MAX);
    size_t len = 0;

    text[0] = '\0';
    for (size_t i = 0; i < count && len < CEL_ERROR_MAX; i++)
        len +=
            (size_t)snprintf(text + len, CEL_ERROR_MAX - len, "%s%s", i ? ", " : "", names[i]);
    return text;
}

const struct cel_type *
checker_unknown(struct checker *checker, uint32_t at, const char *name, const char *kind,
                const char *wanted, const char *const *candidates, size_t count)
{
    const char *last = strrchr(wanted, '.');
    const char *nearest = cel_nearest(last ? last + 1 : wanted, candidates, count);

    if (nearest)
        return checker_fault(checker, at, "%s: no such %s; the nearest is %s", name, kind,
                             nearest);
    if (count == 0)
        return checker_fault(checker, at, "%s: no such %s", name, kind);
    return checker_fault(checker, at, "%s: no such %s; there %s %s", name, kind,
                         count == 1 ? "is" : "are",
                         names_joined(checker->arena, candidates, count));
}

/* --- literals ---------------------------------------------------------------------------- */

static const struct cel_type *
check_const(struct checker *checker, struct cel_node *node)
{
    return cel_type_of(checker->arena, node->value);
}

static const struct cel_type *
check_list(struct checker *checker, struct cel_node *node)
{
    struct cel_type *list = arena_alloc(checker->arena, sizeof(*list));

    *list = (struct cel_type){.kind = CEL_LIST, .element = &cel_type_open};
    for (uint32_t i = 0; i < node->arg_count; i++) {
        const struct cel_type *item = checker_node(checker, node->args[i]);

        if (!item)
            return NULL;
        list->element = cel_type_join(checker->arena, list->element, item);
    }
    return list;
}

static bool
may_be_key(const struct cel_type *type)
{
    return type->kind == CEL_BOOL || type->kind == CEL_INT || type->kind == CEL_UINT ||
           type->kind == CEL_STRING || type->kind == CEL_DYN;
}

static const struct cel_type *
check_map(struct checker *checker, struct cel_node *node)
{
    struct cel_type *map = arena_alloc(checker->arena, sizeof(*map));

    *map = (struct cel_type){.kind = CEL_MAP, .key = &cel_type_open, .element = &cel_type_open};
    for (uint32_t i = 0; i + 1 < node->arg_count; i += 2) {
        const struct cel_type *key = checker_node(checker, node->args[i]);
        const struct cel_type *value = key ? checker_node(checker, node->args[i + 1]) : NULL;

        if (!value)
            return NULL;
        if (!may_be_key(key)) {
            key = checker_mismatch(checker, node->args[i]->at,
                                   "a key is a bool, int, uint or string, not %s",
                                   type_name(checker, key));
            if (!key)
                return NULL;
        }
        map->key = cel_type_join(checker->arena, map->key, key);
        map->element = cel_type_join(checker->arena, map->element, value);
    }
    return map;
}

/* --- operators --------------------------------------------------------------------------- */

#define TAKES_ORDERED                                                                          \
    "it takes two numbers, or two strings, bytes, bools, timestamps or durations"
#define ORDERED "bb:b ii:b iu:b id:b ui:b uu:b ud:b di:b du:b dd:b ss:b yy:b tt:b rr:b"

/* clang-format off */
static const struct operator {
    const char *symbol;
    const char *signatures; /* as in functions.h; NULL: whatever can be compared */
    const char *takes;
} operators[CEL_NODE_KIND_COUNT] = {
    [CEL_NODE_NOT]    = { "!",  "b:b",     "it takes a bool" },
    [CEL_NODE_NEGATE] = { "-",  "i:i d:d", "it takes an int or a double" },
    [CEL_NODE_AND]    = { "&&", "bb:b",    "it takes two bools" },
    [CEL_NODE_OR]     = { "||", "bb:b",    "it takes two bools" },
    [CEL_NODE_EQ]     = { "==", NULL,      "it takes two values of one type" },
    [CEL_NODE_NE]     = { "!=", NULL,      "it takes two values of one type" },
    [CEL_NODE_LT]     = { "<",  ORDERED,   TAKES_ORDERED },
    [CEL_NODE_LE]     = { "<=", ORDERED,   TAKES_ORDERED },
    [CEL_NODE_GT]     = { ">",  ORDERED,   TAKES_ORDERED },
    [CEL_NODE_GE]     = { ">=", ORDERED,   TAKES_ORDERED },
    [CEL_NODE_ADD]    = { "+",  "ii:i uu:u dd:d ss:s yy:y [A][A]:[A] tr:t rt:t rr:r",
                          "it takes two ints, uints, doubles, strings, bytes, lists or durations, or a timestamp and a duration" },
    [CEL_NODE_SUB]    = { "-",  "ii:i uu:u dd:d tt:r tr:t rr:r",
                          "it takes two ints, uints, doubles, timestamps or durations, or a timestamp and a duration" },
    [CEL_NODE_MUL]    = { "*",  "ii:i uu:u dd:d", "it takes two ints, uints or doubles" },
    [CEL_NODE_DIV]    = { "/",  "ii:i uu:u dd:d", "it takes two ints, uints or doubles" },
    [CEL_NODE_MOD]    = { "%",  "ii:i uu:u",      "it takes two ints or uints" },
    [CEL_NODE_IN]     = { "in", NULL,             "it takes an element and a list, or a key and a map" },
};
/* clang-format on */

static const struct cel_type *
comparison_result(const struct cel_type *const *types, bool in)
{
    const struct cel_type *with = types[1];

    if (in && with->kind != CEL_DYN) {
        if (with->kind != CEL_LIST && with->kind != CEL_MAP)
            return NULL;
        with = with->kind == CEL_LIST ? with->element : with->key;
    }
    return cel_type_comparable(types[0], with) ? BOOL : NULL;
}

static const struct cel_type *
check_operator(struct checker *checker, struct cel_node *node)
{
    const struct operator* op = & operators[node->kind];
    const struct cel_type *types[2] = {NULL}, *result;

    for (uint32_t i = 0; i < node->arg_count; i++) {
        types[i] = checker_node(checker, node->args[i]);
        if (!types[i])
            return NULL;
    }
    result = op->signatures
                 ? cel_signature_result(checker->arena, op->signatures, types, node->arg_count)
                 : comparison_result(types, node->kind == CEL_NODE_IN);
    if (result)
        return result;
    if (node->arg_count == 1)
        return checker_mismatch(checker, node->at, "no such overload: %s%s; %s", op->symbol,
                                type_name(checker, types[0]), op->takes);
    return checker_mismatch(checker, node->at, "no such overload: %s %s %s; %s",
                            type_name(checker, types[0]), op->symbol,
                            type_name(checker, types[1]), op->takes);
}

static const struct cel_type *
check_condition(struct checker *checker, struct cel_node *node)
{
    const struct cel_type *types[3];

    for (int i = 0; i < 3; i++) {
        types[i] = checker_node(checker, node->args[i]);
        if (!types[i])
            return NULL;
    }
    if (!cel_type_accepts(BOOL, types[0]))
        return checker_mismatch(checker, node->at, "before ? stands a bool, not %s",
                                type_name(checker, types[0]));
    return cel_type_join(checker->arena, types[1], types[2]);
}

/* --- loops ------------------------------------------------------------------------------- */

static const char *const loop_names[CEL_NODE_KIND_COUNT] = {
    [CEL_NODE_ALL] = "all",
    [CEL_NODE_EXISTS] = "exists",
    [CEL_NODE_EXISTS_ONE] = "exists_one",
    [CEL_NODE_FILTER] = "filter",
    [CEL_NODE_MAP_EACH] = "map",
};

static const struct cel_type *
loop_variable(struct checker *checker, const struct cel_node *node)
{
    const struct cel_type *range = node->args[0]->type;

    switch (range->kind) {
    case CEL_LIST:
        return range->element;
    case CEL_MAP:
        return range->key;
    case CEL_DYN:
        return DYN;
    default:
        return checker_mismatch(checker, node->at, "%s() goes over a list or a map, not %s",
                                loop_names[node->kind], type_name(checker, range));
    }
}

/* The predicate of a loop, args[1]: a bool. */
static const struct cel_type *
loop_predicate(struct checker *checker, struct cel_node *node)
{
    const struct cel_type *type = checker_node(checker, node->args[1]);

    if (type && !cel_type_accepts(BOOL, type))
        return checker_mismatch(checker, node->args[1]->at,
                                "%s() asks a bool of each element, not %s",
                                loop_names[node->kind], type_name(checker, type));
    return type;
}

/* What the loop gives, its variable being in scope; the type of a list's elements in *element. */
static const struct cel_type *
loop_result(struct checker *checker, struct cel_node *node, const struct cel_type **element)
{
    if ((node->kind != CEL_NODE_MAP_EACH || node->arg_count == 3) &&
        !loop_predicate(checker, node))
        return NULL;
    *element = checker->scope->type;
    if (node->kind == CEL_NODE_MAP_EACH)
        *element = checker_node(checker, node->args[node->arg_count - 1]);
    return *element;
}

static const struct cel_type *
check_loop(struct checker *checker, struct cel_node *node)
{
    struct scope scope = {.name = node->name, .outer = checker->scope};
    const struct cel_type *element, *result;
    struct cel_type *list;

    if (!checker_node(checker, node->args[0]))
        return NULL;
    scope.type = loop_variable(checker, node);
    if (!scope.type)
        return NULL;
    checker->scope = &scope;
    result = loop_result(checker, node, &element);
    checker->scope = scope.outer;
    if (!result)
        return NULL;
    if (node->kind != CEL_NODE_FILTER && node->kind != CEL_NODE_MAP_EACH)
        return BOOL;
    list = arena_alloc(checker->arena, sizeof(*list));
    *list = (struct cel_type){.kind = CEL_LIST, .element = element};
    return list;
}

/* --- the tree ---------------------------------------------------------------------------- */

typedef const struct cel_type *check_function(struct checker *checker, struct cel_node *node);

static check_function *const checks[CEL_NODE_KIND_COUNT] = {
    [CEL_NODE_CONST] = check_const,     [CEL_NODE_IDENT] = checker_ident,
    [CEL_NODE_SELECT] = checker_select, [CEL_NODE_HAS] = checker_has,
    [CEL_NODE_INDEX] = checker_index,   [CEL_NODE_LIST] = check_list,
    [CEL_NODE_MAP] = check_map,         [CEL_NODE_CALL] = checker_call,
    [CEL_NODE_NOT] = check_operator,    [CEL_NODE_NEGATE] = check_operator,
    [CEL_NODE_AND] = check_operator,    [CEL_NODE_OR] = check_operator,
    [CEL_NODE_EQ] = check_operator,     [CEL_NODE_NE] = check_operator,
    [CEL_NODE_LT] = check_operator,     [CEL_NODE_LE] = check_operator,
    [CEL_NODE_GT] = check_operator,     [CEL_NODE_GE] = check_operator,
    [CEL_NODE_ADD] = check_operator,    [CEL_NODE_SUB] = check_operator,
    [CEL_NODE_MUL] = check_operator,    [CEL_NODE_DIV] = check_operator,
    [CEL_NODE_MOD] = check_operator,    [CEL_NODE_IN] = check_operator,
    [CEL_NODE_COND] = check_condition,  [CEL_NODE_ALL] = check_loop,
    [CEL_NODE_EXISTS] = check_loop,     [CEL_NODE_EXISTS_ONE] = check_loop,
    [CEL_NODE_FILTER] = check_loop,     [CEL_NODE_MAP_EACH] = check_loop,
};

/* T2: what is not known is an error of its own, to be met at run time or not. */
static const struct cel_type *
become_error(struct checker *checker, struct cel_node *node)
{
    const struct cel_fault *fault = checker->fault;

    if (checker->first.text[0] == '\0')
        checker->first = *fault;
    node->kind = CEL_NODE_CONST;
    node->value = cel_error(arena_copy(checker->arena, fault->text, strlen(fault->text)));
    node->arg_count = 0;
    return DYN;
}

const struct cel_type *
checker_node(struct checker *checker, struct cel_node *node)
{
    const struct cel_type *type = checks[node->kind](checker, node);

    if (!type && checker->environment->lenient)
        type = become_error(checker, node);
    node->type = type;
    return type;
}

int
cel_check(struct arena *arena, const struct cel_environment *environment, struct cel_node *root,
          const struct cel_type *wanted, struct cel_fault *fault)
{
    struct checker checker = {.arena = arena, .environment = environment, .fault = fault};
    const struct cel_type *type = checker_node(&checker, root);

    if (!type)
        return -1;
    if (environment->lenient)
        *fault = checker.first;
    if (!wanted || cel_type_same(wanted, type))
        return 0;
    if (environment->lenient && cel_type_accepts(wanted, type))
        return 0;
    checker_fault(&checker, root->begin, "the whole must be %s, this is %s",
                  type_name(&checker, wanted), type_name(&checker, type));
    return -1;
}
