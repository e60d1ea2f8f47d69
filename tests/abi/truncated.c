/* A table that ends before 1.0 does: its last member is not there. */
#include "tests/abi/never_run.h"

POLICY_EXPORT const struct policy_plugin policy_plugin = {
    .abi = POLICY_ABI,
    .size = POLICY_PLUGIN_SIZE_1_0 - sizeof(void (*)(void *)),
    .name = "truncated",
    .version = "1.0.0",
    NEVER_RUN,
};
