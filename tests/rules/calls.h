/*
 * calls.h - one call of a CEL function as a row of a table.
 *
 * Values are written as in values.h; an answer is compared as cel_print()
 * writes it, an error as its sentence behind "error: ".
 */
#ifndef TESTS_RULES_CALLS_H
#define TESTS_RULES_CALLS_H

#include <stdio.h>

#include "policy/rules/cel/functions.h"
#include "tests/rules/values.h"

struct call {
    const char *name;
    struct cel_value args[4]; /* up to the first that is an ERROR, as {0} is */
    const char *answer;
};

static inline const struct cel_function *
calls_find(const struct cel_function *functions, const char *name)
{
    while (functions->name && strcmp(functions->name, name) != 0)
        functions++;
    if (!functions->name)
        fail_msg("no function %s", name);
    return functions;
}

static inline void
calls_print(struct cel_value value, char *text, size_t size)
{
    if (value.kind == CEL_ERROR)
        snprintf(text, size, "error: %s", value.text);
    else
        cel_print(value, text, size);
}

static inline uint32_t
calls_given(const struct call *call)
{
    uint32_t given = 0;

    while (given < COUNT(call->args) && call->args[given].kind != CEL_ERROR)
        given++;
    return given;
}

static inline void
calls_check(struct test_run *test, const struct cel_function *functions,
            const struct call *calls, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct cel_function *function = calls_find(functions, calls[i].name);
        uint32_t given = calls_given(&calls[i]);
        struct cel_run *run = test_run_start(test);
        char answer[400];

        assert_in_range(given, function->min, function->max);
        calls_print(function->call(run, calls[i].args, given), answer, sizeof(answer));
        if (strcmp(answer, calls[i].answer) != 0)
            fail_msg("row %zu, %s: %s, not %s", i, calls[i].name, answer, calls[i].answer);
    }
}

#endif
