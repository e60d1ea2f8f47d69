/* A file whose plugin calls itself otherwise. */
#include "tests/abi/never_run.h"

POLICY_EXPORT const struct policy_plugin policy_plugin = {
    .abi = POLICY_ABI,
    .size = sizeof(struct policy_plugin),
    .name = "another_name",
    .version = "1.0.0",
    NEVER_RUN,
};
