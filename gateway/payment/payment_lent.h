/*
 * payment_lent.h - what this room lends to policy/, which must not look into it.
 *
 * The functions of struct snapshot_sources (policy/snapshot.h); the gateway and
 * yuanctl hand them over.
 */
#ifndef GATEWAY_PAYMENT_PAYMENT_LENT_H
#define GATEWAY_PAYMENT_PAYMENT_LENT_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "gateway/base/arena.h"
#include "gateway/base/error.h"
#include "policy/policy_plugin.h"

/* A payment as JSON, on the arena; NULL, and err names the first fault and how many more
 * there are. */
const struct policy_payment *payment_lent_read(struct arena *arena, const cJSON *json,
                                               struct error *err);

/* Has the ISO 20022 message that tells of this action the code as a reason? */
bool payment_lent_reason_fits(enum policy_action action, const char *code);

#endif
