/*
 * fixture.h - expressions and packs to evaluate, over the sample payment.
 *
 * Header only: each test program is one file.
 */
#ifndef TESTS_RULES_FIXTURE_H
#define TESTS_RULES_FIXTURE_H

#include "policy/facts.h"
#include "policy/rules/cel/program.h"
#include "tests/policy/fixture.h"
#include "tests/support/test.h"

#define RULES_NOW_MS 1713144600000 /* 2024-04-15T09:30:00+08:00 */

static inline void *
rules_alloc(void *context, size_t bytes)
{
    return arena_alloc(context, bytes);
}

static inline struct cel_run
rules_run(struct arena *arena, const void *host)
{
    return (struct cel_run){.alloc = rules_alloc,
                            .context = arena,
                            .memory_left = CEL_MEMORY_MAX,
                            .steps_left = CEL_STEPS_MAX,
                            .host = host};
}

/* What a rule may name, params aside. */
static inline const struct cel_environment *
rules_environment(void)
{
    static struct cel_variable variables[CEL_VAR_COUNT];
    static const struct cel_environment environment = {.variables = variables,
                                                       .variable_count = CEL_VAR_COUNT};

    for (int i = 0; i < CEL_VAR_COUNT; i++)
        variables[i] = (struct cel_variable){cel_variable_names[i],
                                             cel_variable_type((enum cel_variable_id)i), NULL};
    return &environment;
}

/* Parse and check; the test fails where the source has a fault. */
static inline struct cel_node *
rules_node(struct arena *arena, const struct cel_environment *environment, const char *source)
{
    struct cel_fault fault = {0};
    struct cel_node *root;

    if (cel_parse(arena, source, strlen(source), &root, &fault) != 0 ||
        cel_check(arena, environment, root, NULL, &fault) != 0)
        fail_msg("%s: at %u: %s", source, fault.at, fault.text);
    return root;
}

/* What surrounds one payment. */
struct rules_setting {
    struct arena arena;
    struct facts facts;
    struct cel_host host;
    struct cel_run run;
};

static inline void
rules_set(struct rules_setting *setting, const struct fixture *fixture,
          const struct goods *goods)
{
    static const struct policy_bank bank = {sizeof(bank), "HLDBCNBS", "Hulan Development Bank",
                                            "joint_stock"};

    *setting = (struct rules_setting){0};
    facts_init(&setting->facts, &fixture->payment, &bank, RULES_NOW_MS, 1, goods,
               &setting->arena);
    setting->host =
        (struct cel_host){&fixture->payment, &setting->facts.base, fixture_decimals};
    setting->run = rules_run(&setting->arena, &setting->host);
}

#endif
