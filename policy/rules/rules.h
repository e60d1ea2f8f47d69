/*
 * rules.h - the plugin "rules": packs, judged through the ABI like any policy.
 *
 * It is linked in, and is otherwise as much a stranger to the host as any .so:
 * it gets its pack from policy_host, its facts and memory from policy_facts.
 */
#ifndef POLICY_RULES_RULES_H
#define POLICY_RULES_RULES_H

#include "policy/policy_plugin.h"

extern const struct policy_plugin rules_plugin;

#endif
