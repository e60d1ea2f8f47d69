/* How the frozen 1.2 header lays the structs out, for test_abi.c. */
#include "tests/abi/policy_plugin_1_2.h"

#include "tests/abi/layout.h"

POLICY_EXPORT const struct layout *const layout_1_2 = layout_here;
POLICY_EXPORT const size_t layout_1_2_count = sizeof(layout_here) / sizeof(layout_here[0]);
