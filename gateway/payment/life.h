/*
 * life.h - the states of a payment, and what each means to the outside.
 *
 *   received --+-- accepted -----------------------------> credited
 *              +-- held ---------------+-- released -----> credited
 *              |                       +-- returned
 *              |                       +-- rejected
 *              +-- awaiting_information -- held, accepted, rejected, returned
 *              +-- rejected                 final
 *              +-- returned                 final
 *              +-- frozen                   final; also from held and
 *                                           awaiting_information
 *   cancelled (final): by the payer, from held and awaiting_information.
 *
 *   L1  credited, rejected, returned, frozen and cancelled are final.
 *   L2  every move not drawn above is refused and changes nothing.
 *   L3  outcome follows the state: accepted, released, credited are approved;
 *       rejected, returned, frozen are blocked; the rest is held.
 */
#ifndef GATEWAY_PAYMENT_LIFE_H
#define GATEWAY_PAYMENT_LIFE_H

#include <stdbool.h>

#include "gateway/base/error.h"
#include "policy/policy_plugin.h"

/* Stored as numbers: append only. */
enum payment_state {
    PAYMENT_RECEIVED,
    PAYMENT_ACCEPTED,
    PAYMENT_HELD,
    PAYMENT_AWAITING_INFORMATION,
    PAYMENT_RELEASED,
    PAYMENT_CREDITED,
    PAYMENT_REJECTED,
    PAYMENT_RETURNED,
    PAYMENT_FROZEN,
    PAYMENT_CANCELLED,
    PAYMENT_STATE_COUNT,
};

enum payment_outcome { OUTCOME_APPROVED, OUTCOME_HELD, OUTCOME_BLOCKED, OUTCOME_COUNT };

/* The ISO 20022 message that first tells the payer's bank. NULL: no such field. */
struct iso20022_answer {
    const char *message;            /* "pacs.002" or "pacs.004" */
    const char *transaction_status; /* "RJCT"; NULL in a pacs.004, which carries none */
    const char *default_code;       /* where the reason names none; "" for none */
};

/* Set *state to next, or ERROR_CONFLICT with from, to and what is allowed. */
int payment_move(enum payment_state *state, enum payment_state next, struct error *err)
    __attribute__((warn_unused_result));

bool payment_state_is_final(enum payment_state state);
const char *payment_state_name(enum payment_state state);
bool payment_state_parse(const char *name, enum payment_state *state);

enum payment_outcome payment_outcome(enum payment_state state);
const char *payment_outcome_name(enum payment_outcome outcome);
bool payment_outcome_parse(const char *name, enum payment_outcome *outcome);

/* The state that an action leads to from received, and how ISO 20022 says so. */
enum payment_state action_state(enum policy_action action);
const struct iso20022_answer *action_answer(enum policy_action action);
const char *action_name(enum policy_action action); /* "request_information" */
bool action_parse(const char *name, enum policy_action *action);

/* How ISO 20022 says that a payment has come to a state later than by its decision. */
const struct iso20022_answer *state_answer(enum payment_state state);

/*
 * Where an action leads by itself or by an answer, from held or awaiting_information
 * (credited from accepted and released); PAYMENT_RECEIVED where it leads nowhere.
 */
enum payment_state action_follows(enum payment_state state, enum policy_action action);

#endif
