/*
 * steps_json.h - what people say of a payment under way, out of JSON.
 *
 *     {"text":…}                                                    a note
 *     {"disposition":…,"text":…}                                    a disposition
 *     {"text":…,"reason":{"code":…,"text":…},"disclosed":{…}}       a decision
 *     {"reason":{"code":"CUST","text":…}}                           the payer's recall
 *
 *   S1  a code is one of the message that will carry it: LEGL is in none of them.
 *   S2  no string is NULL; what is left out is "".
 */
#ifndef GATEWAY_PAYMENT_STEPS_JSON_H
#define GATEWAY_PAYMENT_STEPS_JSON_H

#include "gateway/payment/payment.h"

enum step_kind { STEP_NOTE, STEP_DISPOSITION, STEP_DECISION, STEP_RECALL, STEP_KIND_COUNT };

struct step_body {
    const char *text;
    const char *disposition; /* "false_positive", "true_match" or "inconclusive" */
    struct policy_reason reason;
    struct policy_reason disclosed;
};

/*
 * Every fault is collected; -1 if there are any.  action is a decision's, which says what
 * message its codes are for.  Strings are those of json, or live on faults->arena.
 */
int step_read(const cJSON *json, enum step_kind kind, enum policy_action action,
              struct step_body *out, struct payment_faults *faults)
    __attribute__((warn_unused_result));

#endif
