/* check_calls.c - calls: which function is meant, and do its arguments fit. */
#include <stdio.h>

#include "policy/rules/cel/checker.h"
#include "policy/rules/cel/functions.h"
#include "policy/rules/cel/types.h"
#include "policy/rules/records.h"

/* --- a function that is not there -------------------------------------------------------- */

static const struct cel_type *
unknown_function(struct checker *checker, const struct cel_node *node)
{
    const char *names[CHECKER_NAMES_MAX];
    size_t count = 0;

    for (const struct cel_macro *macro = cel_macros; macro->name; macro++) {
        if (strcmp(macro->name, node->name) == 0)
            return checker_fault(checker, node->at, "no such overload: %s(); write %s",
                                 node->name, macro->form);
        if (macro->method == node->method)
            names[count++] = macro->name; /* a few */
    }
    for (size_t t = 0; cel_function_tables[t]; t++)
        for (const struct cel_function *row = cel_function_tables[t];
             row->name && count < CHECKER_NAMES_MAX; row++)
            if (row->method == node->method)
                names[count++] = row->name;
    if (!cel_nearest(node->name, names, count))
        return checker_fault(checker, node->at, "%s(): no such function", node->name);
    return checker_unknown(checker, node->at, arena_printf(checker->arena, "%s()", node->name),
                           "function", node->name, names, count);
}

/* The name is known, but not with that many arguments, or not in that style. */
static const struct cel_type *
other_arguments(struct checker *checker, const struct cel_node *node)
{
    unsigned min = CEL_ARGUMENTS_MAX, max = 0, receiver = node->method;
    char range[32];

    for (size_t t = 0; cel_function_tables[t]; t++)
        for (const struct cel_function *row = cel_function_tables[t]; row->name; row++) {
            if (row->method != node->method || strcmp(row->name, node->name) != 0)
                continue;
            min = row->min < min ? row->min : min;
            max = row->max > max ? row->max : max;
        }
    if (max == 0)
        return checker_fault(
            checker, node->at, "no such function: %s(); write %s", node->name,
            arena_printf(checker->arena, node->method ? "%s(x)" : "x.%s()", node->name));
    snprintf(range, sizeof(range), min == max ? "%u" : "%u to %u", min - receiver,
             max - receiver);
    return checker_fault(checker, node->at,
                         "no such overload: %s() takes %s argument%s, not %u", node->name,
                         range, max - receiver == 1 ? "" : "s", node->arg_count - receiver);
}

/* --- arguments that do not fit ----------------------------------------------------------- */

/* "size(int)", or with a receiver "int.contains(string)"; args: "int, string". */
static const char *
call_text(struct arena *arena, const struct cel_node *node, const char *args)
{
    const char *comma = strstr(args, ", ");
    int receiver = (int)(comma ? (size_t)(comma - args) : strlen(args));

    if (!node->method)
        return arena_printf(arena, "%s(%s)", node->name, args);
    return arena_printf(arena, "%.*s.%s(%s)", receiver, args, node->name,
                        comma ? comma + 2 : "");
}

static const char *
given_text(struct checker *checker, const struct cel_node *node)
{
    char text[CEL_ERROR_MAX] = "";
    size_t len = 0;

    for (uint32_t i = 0; i < node->arg_count && len < sizeof(text); i++)
        len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s", i ? ", " : "",
                                cel_type_name(checker->arena, node->args[i]->type));
    return call_text(checker->arena, node, text);
}

static const struct cel_type *
no_overload(struct checker *checker, const struct cel_node *node, const char *signatures)
{
    char text[CEL_ERROR_MAX] = "", args[CEL_ERROR_MAX];
    size_t len = 0;

    for (const char *at = signatures; at && len < sizeof(text);) {
        at = cel_signature_print(at, args, sizeof(args));
        len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s", len ? ", " : "",
                                call_text(checker->arena, node, args));
    }
    return checker_mismatch(checker, node->at, "no such overload: %s; there is %s",
                            given_text(checker, node), text);
}

/* --- arguments written out --------------------------------------------------------------- */

static void *
scratch_alloc(void *context, size_t bytes)
{
    return arena_alloc(context, bytes);
}

/* duration('30d') fails whenever it is met: better said when the pack is loaded.  A time is as
 * good as another: now.getHours('Mars') fails for its zone. */
static const struct cel_type *
constant_call(struct checker *checker, const struct cel_node *node,
              const struct cel_function *function, const struct cel_type *type)
{
    struct cel_run run = {.alloc = scratch_alloc,
                          .context = checker->arena,
                          .memory_left = CEL_MEMORY_MAX,
                          .steps_left = CEL_STEPS_MAX};
    struct cel_value args[CEL_ARGUMENTS_MAX], result;

    for (uint32_t i = 0; i < node->arg_count; i++) {
        if (node->args[i]->kind == CEL_NODE_CONST)
            args[i] = node->args[i]->value;
        else if (node->args[i]->type->kind == CEL_TIMESTAMP)
            args[i] = cel_timestamp(0, 0);
        else
            return type;
    }
    if (!function->pure)
        return type;
    result = function->call(&run, args, node->arg_count);
    return result.kind == CEL_ERROR
               ? checker_fault(checker, node->at, "this can only fail: %s", result.text)
               : type;
}

static const struct cel_type *
constant_pattern(struct checker *checker, const struct cel_node *node,
                 const struct cel_type *type)
{
    const struct cel_node *last = node->args[node->arg_count - 1];
    struct cel_pattern *pattern;
    char error[CEL_ERROR_MAX];

    if (strcmp(node->name, "matches") != 0 || last->value.kind != CEL_STRING)
        return type;
    pattern = cel_pattern_compile(last->value.text, last->value.size, error, sizeof(error));
    if (!pattern)
        return checker_fault(checker, last->at, "%s", error);
    cel_pattern_release(pattern);
    return type;
}

/* chance(params.share) with a share of 20: it would fail for every payment. */
static const struct cel_type *
constant_chance(struct checker *checker, const struct cel_node *node,
                const struct cel_type *type)
{
    const struct cel_node *share;

    if (strcmp(node->name, "chance") != 0)
        return type;
    share = node->args[0];
    if (share->value.kind == CEL_ERROR || cel_is_probability(share->value))
        return type;
    return checker_fault(checker, share->at, "chance() wants a probability from 0 to 1");
}

/* --- a call ------------------------------------------------------------------------------ */

/*
 * The tree says of strings.quote(x) that quote() is called on a variable strings.
 * Where there is none, and a function of the whole name, that is meant.
 */
static void
resolve_namespace(struct checker *checker, struct cel_node *node)
{
    const char *space = node->method ? checker_qualified(checker, node->args[0]) : NULL;
    const char *name;
    bool known = false;

    if (!node->method)
        node->name += node->name[0] == '.';
    if (!space || checker_is_variable(checker, space))
        return;
    name = arena_printf(checker->arena, "%s.%s", space + (space[0] == '.'), node->name);
    (void)cel_function_find(name, false, node->arg_count - 1, &known);
    if (!known)
        return;
    node->name = name;
    node->method = false;
    node->args++;
    node->arg_count--;
}

const struct cel_type *
checker_call(struct checker *checker, struct cel_node *node)
{
    const struct cel_type *types[CEL_ARGUMENTS_MAX], *type;
    const struct cel_function *function;
    bool known = false;

    resolve_namespace(checker, node);
    function = cel_function_find(node->name, node->method, node->arg_count, &known);
    if (!function)
        return known ? other_arguments(checker, node) : unknown_function(checker, node);
    for (uint32_t i = 0; i < node->arg_count; i++) { /* at most function->max */
        types[i] = checker_node(checker, node->args[i]);
        if (!types[i])
            return NULL;
    }
    type = cel_signature_result(checker->arena, function->signatures, types, node->arg_count);
    if (!type)
        return no_overload(checker, node, function->signatures);
    if (checker->environment->lenient)
        return type;
    type = constant_call(checker, node, function, type);
    type = type ? constant_pattern(checker, node, type) : NULL;
    return type ? constant_chance(checker, node, type) : NULL;
}
