/* A check() whose answer nobody has defined: option answer, as a number. */
#include <stdint.h>
#include <stdlib.h>

#include "policy/policy_plugin.h"

static int
bad_open(const struct policy_host *host, const char *options, void **self, char *error,
         size_t error_size)
{
    (void)options, (void)error, (void)error_size;
    *self = (void *)(intptr_t)atoi(host->option(host, "answer"));
    return 0;
}

static int
bad_check(void *self, const struct policy_payment *payment, struct policy_facts *facts,
          struct policy_verdict *verdict)
{
    (void)payment, (void)facts, (void)verdict;
    return (int)(intptr_t)self;
}

static void
bad_close(void *self)
{
    (void)self;
}

POLICY_EXPORT const struct policy_plugin policy_plugin = {
    .abi = POLICY_ABI,
    .size = sizeof(struct policy_plugin),
    .name = "bad_answer",
    .version = "1.0.0",
    .open = bad_open,
    .check = bad_check,
    .close = bad_close,
};
