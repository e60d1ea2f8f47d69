/*
 * life.c - the picture of life.h as tables, and nothing else.
 *
 * What a table does not name is refused: a missing arrow is a forbidden move,
 * an action that is none of ours is a hold.
 */
#include "gateway/payment/life.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define TO(state)       (1u << PAYMENT_##state)
#define MOVES_TEXT_SIZE 160

static const struct {
    const char *name;
    enum payment_outcome outcome;
    uint32_t moves; /* the states that may follow, one bit each */
} states[PAYMENT_STATE_COUNT] = {
    /* clang-format off */
    [PAYMENT_RECEIVED] = { "received", OUTCOME_HELD,
        TO(ACCEPTED) | TO(HELD) | TO(AWAITING_INFORMATION) | TO(REJECTED) | TO(RETURNED) | TO(FROZEN) },
    [PAYMENT_ACCEPTED] = { "accepted", OUTCOME_APPROVED, TO(CREDITED) },
    [PAYMENT_HELD] = { "held", OUTCOME_HELD,
        TO(RELEASED) | TO(RETURNED) | TO(REJECTED) | TO(FROZEN) | TO(CANCELLED) },
    [PAYMENT_AWAITING_INFORMATION] = { "awaiting_information", OUTCOME_HELD,
        TO(HELD) | TO(ACCEPTED) | TO(REJECTED) | TO(RETURNED) | TO(FROZEN) | TO(CANCELLED) },
    [PAYMENT_RELEASED]  = { "released",  OUTCOME_APPROVED, TO(CREDITED) },
    [PAYMENT_CREDITED]  = { "credited",  OUTCOME_APPROVED, 0 },
    [PAYMENT_REJECTED]  = { "rejected",  OUTCOME_BLOCKED,  0 },
    [PAYMENT_RETURNED]  = { "returned",  OUTCOME_BLOCKED,  0 },
    [PAYMENT_FROZEN]    = { "frozen",    OUTCOME_BLOCKED,  0 },
    [PAYMENT_CANCELLED] = { "cancelled", OUTCOME_HELD,     0 },
    /* clang-format on */
};

static const char *const outcomes[OUTCOME_COUNT] = {
    [OUTCOME_APPROVED] = "approved",
    [OUTCOME_HELD] = "held",
    [OUTCOME_BLOCKED] = "blocked",
};

/*
 * ISO 20022:  ACSP/G002: in process, credit may not be confirmed the
 * same day.  ACSP/G003: credit waits for documents.  MS03: no reason given.
 * ACWP: accepted without posting; BLCK/AM07 follows.
 */
static const struct {
    const char *name;
    enum payment_state state;
    struct iso20022_answer answer;
} actions[] = {
    /* clang-format off */
    [POLICY_ABSTAIN] = { "abstain", PAYMENT_HELD,     { "pacs.002", "PDNG", "" } },
    [POLICY_ACCEPT]  = { "accept",  PAYMENT_ACCEPTED, { "pacs.002", "ACSP", "G002" } },
    [POLICY_REQUEST_INFORMATION] =
        { "request_information", PAYMENT_AWAITING_INFORMATION, { "pacs.002", "ACSP", "G003" } },
    [POLICY_HOLD]    = { "hold",    PAYMENT_HELD,     { "pacs.002", "PDNG", "" } },
    [POLICY_RETURN]  = { "return",  PAYMENT_RETURNED, { "pacs.004", NULL,   "MS03" } },
    [POLICY_REJECT]  = { "reject",  PAYMENT_REJECTED, { "pacs.002", "RJCT", "MS03" } },
    [POLICY_FREEZE]  = { "freeze",  PAYMENT_FROZEN,   { "pacs.002", "ACWP", "" } },
    /* clang-format on */
};

/*
 * ACCC: credited.  camt.029 CNCL: cancelled as asked.  BLCK/AM07: blocked, and no pacs.004
 * follows.  The rest as above.
 */
static const struct iso20022_answer later[PAYMENT_STATE_COUNT] = {
    [PAYMENT_RECEIVED] = {"pacs.002", "PDNG", ""},
    [PAYMENT_ACCEPTED] = {"pacs.002", "ACSP", "G002"},
    [PAYMENT_HELD] = {"pacs.002", "PDNG", ""},
    [PAYMENT_AWAITING_INFORMATION] = {"pacs.002", "ACSP", "G003"},
    [PAYMENT_RELEASED] = {"pacs.002", "ACSP", "G002"},
    [PAYMENT_CREDITED] = {"pacs.002", "ACCC", ""},
    [PAYMENT_REJECTED] = {"pacs.002", "RJCT", "MS03"},
    [PAYMENT_RETURNED] = {"pacs.004", NULL, "MS03"},
    [PAYMENT_FROZEN] = {"pacs.002", "BLCK", "AM07"},
    [PAYMENT_CANCELLED] = {"camt.029", "CNCL", ""},
};

/* What an action makes of a payment that waits.  What is not here leads nowhere. */
static const enum payment_state leads[PAYMENT_STATE_COUNT][POLICY_FREEZE + 1] = {
    [PAYMENT_ACCEPTED] = {[POLICY_ACCEPT] = PAYMENT_CREDITED},
    [PAYMENT_RELEASED] = {[POLICY_ACCEPT] = PAYMENT_CREDITED},
    [PAYMENT_HELD] = {[POLICY_ACCEPT] = PAYMENT_RELEASED,
                      [POLICY_RETURN] = PAYMENT_RETURNED,
                      [POLICY_REJECT] = PAYMENT_REJECTED,
                      [POLICY_FREEZE] = PAYMENT_FROZEN},
    [PAYMENT_AWAITING_INFORMATION] = {[POLICY_ACCEPT] = PAYMENT_ACCEPTED,
                                      [POLICY_HOLD] = PAYMENT_HELD,
                                      [POLICY_RETURN] = PAYMENT_RETURNED,
                                      [POLICY_REJECT] = PAYMENT_REJECTED,
                                      [POLICY_FREEZE] = PAYMENT_FROZEN},
};

/* "released, returned or frozen" */
static const char *
moves_text(uint32_t moves, char text[MOVES_TEXT_SIZE])
{
    size_t len = 0;

    for (int i = 0; moves != 0; i++) {
        uint32_t bit = 1u << i;

        if (!(moves & bit))
            continue;
        moves &= ~bit;
        len += (size_t)snprintf(text + len, MOVES_TEXT_SIZE - len, "%s%s",
                                len == 0     ? ""
                                : moves == 0 ? " or "
                                             : ", ",
                                states[i].name);
    }
    return text;
}

int
payment_move(enum payment_state *state, enum payment_state next, struct error *err)
{
    enum payment_state from = *state;
    char allowed[MOVES_TEXT_SIZE];

    assert(from < PAYMENT_STATE_COUNT && next < PAYMENT_STATE_COUNT);
    if (payment_state_is_final(from))
        return error_set(err, ERROR_CONFLICT,
                         "a payment that is %s stays so and cannot become %s",
                         states[from].name, states[next].name);
    if (!(states[from].moves & 1u << next))
        return error_set(err, ERROR_CONFLICT, "a payment that is %s cannot become %s, only %s",
                         states[from].name, states[next].name,
                         moves_text(states[from].moves, allowed));
    *state = next;
    return 0;
}

bool
payment_state_is_final(enum payment_state state)
{
    assert(state < PAYMENT_STATE_COUNT);
    return states[state].moves == 0;
}

const char *
payment_state_name(enum payment_state state)
{
    assert(state < PAYMENT_STATE_COUNT);
    return states[state].name;
}

bool
payment_state_parse(const char *name, enum payment_state *state)
{
    for (int i = 0; i < PAYMENT_STATE_COUNT; i++) {
        if (strcmp(name, states[i].name) == 0) {
            *state = (enum payment_state)i;
            return true;
        }
    }
    return false;
}

enum payment_outcome
payment_outcome(enum payment_state state)
{
    assert(state < PAYMENT_STATE_COUNT);
    return states[state].outcome;
}

const char *
payment_outcome_name(enum payment_outcome outcome)
{
    assert(outcome < OUTCOME_COUNT);
    return outcomes[outcome];
}

bool
payment_outcome_parse(const char *name, enum payment_outcome *outcome)
{
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        if (strcmp(name, outcomes[i]) == 0) {
            *outcome = (enum payment_outcome)i;
            return true;
        }
    }
    return false;
}

/* An action that is none is a hold: nothing is approved by mistake. */
static enum policy_action
action_or_hold(enum policy_action action)
{
    return action >= POLICY_ABSTAIN && action <= POLICY_FREEZE ? action : POLICY_HOLD;
}

enum payment_state
action_state(enum policy_action action)
{
    return actions[action_or_hold(action)].state;
}

const struct iso20022_answer *
action_answer(enum policy_action action)
{
    return &actions[action_or_hold(action)].answer;
}

const char *
action_name(enum policy_action action)
{
    return actions[action_or_hold(action)].name;
}

bool
action_parse(const char *name, enum policy_action *action)
{
    for (int i = POLICY_ABSTAIN; i <= POLICY_FREEZE; i++) {
        if (strcmp(name, actions[i].name) == 0) {
            *action = (enum policy_action)i;
            return true;
        }
    }
    return false;
}

const struct iso20022_answer *
state_answer(enum payment_state state)
{
    assert(state < PAYMENT_STATE_COUNT);
    return &later[state];
}

enum payment_state
action_follows(enum payment_state state, enum policy_action action)
{
    assert(state < PAYMENT_STATE_COUNT);
    return leads[state][action_or_hold(action)];
}
