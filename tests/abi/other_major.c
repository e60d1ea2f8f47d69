/* Built for the next major version: nothing of it may be called. */
#include "tests/abi/never_run.h"

POLICY_EXPORT const struct policy_plugin policy_plugin = {
    .abi = (POLICY_ABI_MAJOR + 1) << 16,
    .size = sizeof(struct policy_plugin),
    .name = "other_major",
    .version = "1.0.0",
    NEVER_RUN,
};
