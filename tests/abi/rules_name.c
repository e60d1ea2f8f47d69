/* A plugin that takes the name of the one that is linked in. */
#include "tests/abi/never_run.h"

POLICY_EXPORT const struct policy_plugin policy_plugin = {
    .abi = POLICY_ABI,
    .size = sizeof(struct policy_plugin),
    .name = "rules",
    .version = "9.0.0",
    NEVER_RUN,
};
