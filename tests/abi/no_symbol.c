/* A shared object that is no policy. */
#include "policy/policy_plugin.h"

POLICY_EXPORT const int something_else = 1;
