/*
 * values.h - CEL values written in a table, and a run to evaluate in.
 *
 *     {I(1), LIST(S("a"), U(2))}
 */
#ifndef TESTS_RULES_VALUES_H
#define TESTS_RULES_VALUES_H

#include "gateway/base/arena.h"
#include "policy/rules/cel/value.h"
#include "tests/support/test.h"

#define NOTHING                                                                                \
    {                                                                                          \
        .kind = CEL_NULL                                                                       \
    }
#define BOOL(x)                                                                                \
    {                                                                                          \
        .kind = CEL_BOOL, .truth = (x)                                                         \
    }
#define I(x)                                                                                   \
    {                                                                                          \
        .kind = CEL_INT, .i = (x)                                                              \
    }
#define U(x)                                                                                   \
    {                                                                                          \
        .kind = CEL_UINT, .u = (x)                                                             \
    }
#define D(x)                                                                                   \
    {                                                                                          \
        .kind = CEL_DOUBLE, .d = (x)                                                           \
    }
#define S(x)                                                                                   \
    {                                                                                          \
        .kind = CEL_STRING, .size = sizeof(x) - 1, .text = (x)                                 \
    }
#define BYTES(x)                                                                               \
    {                                                                                          \
        .kind = CEL_BYTES, .size = sizeof(x) - 1, .text = (x)                                  \
    }
#define T(sec, ns)                                                                             \
    {                                                                                          \
        .kind = CEL_TIMESTAMP, .size = (ns), .i = (sec)                                        \
    }
#define DUR(ns)                                                                                \
    {                                                                                          \
        .kind = CEL_DURATION, .i = (ns)                                                        \
    }
#define TYPE(k)                                                                                \
    {                                                                                          \
        .kind = CEL_TYPE, .type = (k)                                                          \
    }
#define ITEMS(...) ((const struct cel_value[]){__VA_ARGS__})
#define LIST(...)                                                                              \
    {                                                                                          \
        .kind = CEL_LIST, .size = COUNT(ITEMS(__VA_ARGS__)), .items = ITEMS(__VA_ARGS__)       \
    }
#define EMPTY_LIST                                                                             \
    {                                                                                          \
        .kind = CEL_LIST                                                                       \
    }
#define MAP(...)                                                                               \
    {                                                                                          \
        .kind = CEL_MAP, .size = COUNT(ITEMS(__VA_ARGS__)) / 2, .items = ITEMS(__VA_ARGS__)    \
    }
#define EMPTY_MAP                                                                              \
    {                                                                                          \
        .kind = CEL_MAP                                                                        \
    }

struct test_run {
    struct arena arena;
    struct cel_run run;
};

static inline void *
test_run_alloc(void *context, size_t bytes)
{
    return arena_alloc(context, bytes);
}

/* Full limits; the values of the run before are gone. */
static inline struct cel_run *
test_run_start(struct test_run *test)
{
    arena_reset(&test->arena);
    test->run = (struct cel_run){
        .alloc = test_run_alloc,
        .context = &test->arena,
        .memory_left = CEL_MEMORY_MAX,
        .steps_left = CEL_STEPS_MAX,
    };
    return &test->run;
}

/* For cmocka's set-up and tear-down of a group. */
static inline int
test_run_open(void **state)
{
    static struct test_run test;

    *state = &test;
    return 0;
}

static inline int
test_run_close(void **state)
{
    arena_release(&((struct test_run *)*state)->arena);
    return 0;
}

/* The value as cel_print() has it; in memory of the run. */
static inline const char *
printed(struct test_run *test, struct cel_value value)
{
    char *text = arena_alloc(&test->arena, 1000);

    cel_print(value, text, 1000);
    return text;
}

#endif
