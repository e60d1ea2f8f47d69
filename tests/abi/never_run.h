/* Functions for plugins that must be turned away unopened. */
#ifndef TESTS_ABI_NEVER_RUN_H
#define TESTS_ABI_NEVER_RUN_H

#include <stdlib.h>

#include "policy/policy_plugin.h"

static inline int
never_open(const struct policy_host *host, const char *options, void **self, char *error,
           size_t error_size)
{
    (void)host, (void)options, (void)self, (void)error, (void)error_size;
    abort();
}

static inline int
never_check(void *self, const struct policy_payment *payment, struct policy_facts *facts,
            struct policy_verdict *verdict)
{
    (void)self, (void)payment, (void)facts, (void)verdict;
    abort();
}

static inline void
never_close(void *self)
{
    (void)self;
    abort();
}

#define NEVER_RUN .open = never_open, .check = never_check, .close = never_close

#endif
