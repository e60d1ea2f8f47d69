/*
 * check_names.c - what names mean: variables, fields, keys, elements.
 *
 * Where a constant of the environment is read (params.limit), the node keeps
 * the value: a key that is not there is a fault, and the cost of a loop over
 * it is known.
 */
#include <assert.h>
#include <stdio.h>

#include "policy/rules/cel/checker.h"
#include "policy/rules/cel/functions.h"
#include "policy/rules/cel/types.h"

#define BOOL (&cel_types[CEL_BOOL])
#define DYN  (&cel_types[CEL_DYN])

/* --- names ------------------------------------------------------------------------------- */

static const struct scope *
local_find(const struct checker *checker, const char *name)
{
    const struct scope *scope = checker->scope;

    while (scope && strcmp(scope->name, name) != 0)
        scope = scope->outer;
    return scope;
}

static const struct cel_variable *
variable_find(const struct checker *checker, const char *name)
{
    const struct cel_environment *environment = checker->environment;

    for (size_t i = 0; i < environment->variable_count; i++)
        if (strcmp(environment->variables[i].name, name) == 0)
            return &environment->variables[i];
    return NULL;
}

/* What a name may stand for in the container a.b: "a.b.name", "a.name", "name". */
struct candidates {
    const char *name;
    size_t container; /* bytes of it that come next */
    bool last;
};

static struct candidates
candidates_of(const struct checker *checker, const char *name)
{
    const char *container = checker->environment->container;

    if (name[0] == '.') /* the outermost namespace, whatever the container */
        return (struct candidates){.name = name + 1};
    return (struct candidates){.name = name, .container = container ? strlen(container) : 0};
}

static const char *
candidates_next(struct checker *checker, struct candidates *left)
{
    const char *container = checker->environment->container, *candidate;

    if (left->last)
        return NULL;
    left->last = left->container == 0;
    if (left->last)
        return left->name;
    candidate =
        arena_printf(checker->arena, "%.*s.%s", (int)left->container, container, left->name);
    do
        left->container--;
    while (left->container > 0 && container[left->container] != '.');
    return candidate;
}

bool
checker_is_variable(struct checker *checker, const char *name)
{
    struct candidates left = candidates_of(checker, name);
    const char *candidate;

    while ((candidate = candidates_next(checker, &left)) != NULL)
        if (variable_find(checker, candidate))
            return true;
    return false;
}

/* The node as it is written, where it is a name with fields behind it; NULL else. */
static const char *
path_of(struct arena *arena, const struct cel_node *node)
{
    const char *base;

    if (node->kind == CEL_NODE_IDENT)
        return node->name;
    base = node->kind == CEL_NODE_SELECT ? path_of(arena, node->args[0]) : NULL;
    return base ? arena_printf(arena, "%s.%s", base, node->name) : NULL;
}

const char *
checker_qualified(struct checker *checker, const struct cel_node *node)
{
    const struct cel_node *first = node;

    while (first->kind == CEL_NODE_SELECT)
        first = first->args[0];
    if (first->kind != CEL_NODE_IDENT || local_find(checker, first->name))
        return NULL;
    return path_of(checker->arena, node);
}

/* The node names a variable.  One found under its own name keeps its dot (".x"): a loop's
 * variable may have that name too. */
static const struct cel_type *
become_variable(struct cel_node *node, const struct cel_variable *variable, const char *written)
{
    bool dotted = written[0] == '.';

    node->kind = CEL_NODE_IDENT;
    node->name = dotted ? written : variable->name;
    node->arg_count = 0;
    if (variable->constant)
        node->value = *variable->constant;
    return variable->type;
}

static const struct cel_type *
become_type(struct cel_node *node, struct cel_value type)
{
    node->kind = CEL_NODE_CONST;
    node->value = type;
    node->arg_count = 0;
    return &cel_types[CEL_TYPE];
}

/* The type of a variable, or of a type's name such as int; NULL without a fault: neither. */
static const struct cel_type *
name_type(struct checker *checker, struct cel_node *node, const char *name)
{
    struct candidates left = candidates_of(checker, name);
    const struct cel_variable *variable;
    struct cel_value type;
    const char *candidate;

    while ((candidate = candidates_next(checker, &left)) != NULL) {
        variable = variable_find(checker, candidate);
        if (variable)
            return become_variable(node, variable, name);
        if (cel_type_named(candidate, &type))
            return become_type(node, type);
    }
    return NULL;
}

const struct cel_type *
checker_ident(struct checker *checker, struct cel_node *node)
{
    const struct cel_environment *environment = checker->environment;
    const struct scope *local = local_find(checker, node->name);
    const struct cel_type *type;
    const char *names[CHECKER_NAMES_MAX];
    size_t count = 0;

    if (local)
        return local->type;
    type = name_type(checker, node, node->name);
    if (type)
        return type;
    for (const struct scope *scope = checker->scope; scope; scope = scope->outer)
        names[count++] = scope->name; /* at most CEL_LOOPS_MAX */
    for (size_t i = 0; i < environment->variable_count && count < CHECKER_NAMES_MAX; i++)
        names[count++] = environment->variables[i].name;
    return checker_unknown(checker, node->at, node->name, "variable", node->name, names, count);
}

/* --- fields, keys, elements -------------------------------------------------------------- */

static const struct cel_type *
unknown_field(struct checker *checker, const struct cel_node *node,
              const struct cel_record *record)
{
    const char *path = path_of(checker->arena, node->args[0]);
    const char *names[CHECKER_NAMES_MAX];

    assert(record->field_count <= CHECKER_NAMES_MAX);
    for (size_t i = 0; i < record->field_count; i++)
        names[i] = record->fields[i].name;
    path = arena_printf(checker->arena, "%s.%s", path ? path : record->name, node->name);
    return checker_unknown(checker, node->at, path, "field", node->name, names,
                           record->field_count);
}

/* The type of operand.name; NULL with a fault. */
static const struct cel_type *
field_type(struct checker *checker, const struct cel_node *node)
{
    const struct cel_type *type = node->args[0]->type;
    const struct cel_field *field;

    switch (type->kind) {
    case CEL_DYN:
        return DYN;
    case CEL_RECORD:
        field = cel_record_field((enum cel_record_id)type->record, node->name);
        return field ? field->type : unknown_field(checker, node, &cel_records[type->record]);
    case CEL_MAP:
        if (cel_type_accepts(type->key, &cel_types[CEL_STRING]))
            return type->element;
        return checker_mismatch(checker, node->at, ".%s: the keys of %s are not strings",
                                node->name, cel_type_name(checker->arena, type));
    default:
        return checker_mismatch(checker, node->at, ".%s: %s has no fields", node->name,
                                cel_type_name(checker->arena, type));
    }
}

static bool
is_known(const struct cel_node *node)
{
    return node->value.kind != CEL_ERROR;
}

/* A key that a map known now does not have. */
static const struct cel_type *
unknown_key(struct checker *checker, const struct cel_node *node, const char *key)
{
    const struct cel_value *map = &node->args[0]->value;
    const char *path = path_of(checker->arena, node->args[0]), *names[CHECKER_NAMES_MAX];
    size_t count = 0;

    if (checker->environment->lenient)
        return DYN;
    for (uint32_t i = 0; i < map->size && count < CHECKER_NAMES_MAX; i++)
        if (map->items[2 * (size_t)i].kind == CEL_STRING)
            names[count++] = arena_copy(checker->arena, map->items[2 * (size_t)i].text,
                                        map->items[2 * (size_t)i].size);
    path = arena_printf(checker->arena, "%s.%s", path ? path : "map", key);
    return checker_unknown(checker, node->at, path, "key", key, names, count);
}

/* operand[key] of a map known now: the node knows its value too. */
static const struct cel_type *
known_key(struct checker *checker, struct cel_node *node, struct cel_value key)
{
    char text[CEL_ERROR_MAX];

    if (cel_map_find(node->args[0]->value, key, &node->value))
        return cel_type_of(checker->arena, node->value);
    node->value = (struct cel_value){.kind = CEL_ERROR};
    if (key.kind == CEL_STRING)
        snprintf(text, sizeof(text), "%.*s", (int)key.size, key.text);
    else
        cel_print(key, text, sizeof(text));
    return unknown_key(checker, node, text);
}

const struct cel_type *
checker_select(struct checker *checker, struct cel_node *node)
{
    const char *qualified = checker_qualified(checker, node);
    const struct cel_type *type = qualified ? name_type(checker, node, qualified) : NULL;

    if (type)
        return type;
    type = checker_node(checker, node->args[0]);
    if (type && type->kind == CEL_MAP && is_known(node->args[0]))
        return known_key(checker, node, cel_text(node->name));
    return type ? field_type(checker, node) : NULL;
}

const struct cel_type *
checker_has(struct checker *checker, struct cel_node *node)
{
    return checker_node(checker, node->args[0]) && field_type(checker, node) ? BOOL : NULL;
}

static const struct cel_type *
known_element(struct checker *checker, struct cel_node *node, int64_t index)
{
    const struct cel_value *list = &node->args[0]->value;

    if (index < 0 || index >= list->size)
        return checker_mismatch(checker, node->at,
                                "there is no element [%lld]: the list has %u elements",
                                (long long)index, list->size);
    node->value = list->items[index];
    return cel_type_of(checker->arena, node->value);
}

const struct cel_type *
checker_index(struct checker *checker, struct cel_node *node)
{
    const struct cel_type *of = checker_node(checker, node->args[0]);
    const struct cel_type *key = of ? checker_node(checker, node->args[1]) : NULL;
    const struct cel_value *literal = &node->args[1]->value;
    bool known;

    if (!key)
        return NULL;
    known = is_known(node->args[0]) && is_known(node->args[1]);
    if (of->kind == CEL_DYN)
        return DYN;
    if (of->kind == CEL_LIST && known && literal->kind == CEL_INT)
        return known_element(checker, node, literal->i);
    if (of->kind == CEL_LIST && cel_type_accepts(&cel_types[CEL_INT], key))
        return of->element;
    if (of->kind == CEL_MAP && cel_type_comparable(of->key, key))
        return known ? known_key(checker, node, *literal) : of->element;
    return checker_mismatch(
        checker, node->at, "no such overload: %s[%s]; a list takes an int, a map its key",
        cel_type_name(checker->arena, of), cel_type_name(checker->arena, key));
}
