/* A table with a hole in it. */
#include "tests/abi/never_run.h"

POLICY_EXPORT const struct policy_plugin policy_plugin = {
    .abi = POLICY_ABI,
    .size = sizeof(struct policy_plugin),
    .name = "null_version",
    .version = NULL,
    NEVER_RUN,
};
