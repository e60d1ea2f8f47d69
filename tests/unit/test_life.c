/*
 * The life of a payment, exhaustively: every state against every state.  The
 * expected answers are a picture written by hand, so that a change to the
 * table in life.c has to be made twice to be believed.
 */
#include <stdio.h>
#include <string.h>

#include "gateway/payment/life.h"
#include "tests/support/test.h"

static const struct {
    const char *name;
    const char *outcome;
    const char *moves;
} expected[PAYMENT_STATE_COUNT] = {
    /* clang-format off */
    /*                                               to: Rec Acc Hld Inf Rel Crd Rej Ret Frz Can */
    { "received",             "held",     ".   x   x   x   .   .   x   x   x   ." },
    { "accepted",             "approved", ".   .   .   .   .   x   .   .   .   ." },
    { "held",                 "held",     ".   .   .   .   x   .   x   x   x   x" },
    { "awaiting_information", "held",     ".   x   x   .   .   .   x   x   x   x" },
    { "released",             "approved", ".   .   .   .   .   x   .   .   .   ." },
    { "credited",             "approved", ".   .   .   .   .   .   .   .   .   ." },
    { "rejected",             "blocked",  ".   .   .   .   .   .   .   .   .   ." },
    { "returned",             "blocked",  ".   .   .   .   .   .   .   .   .   ." },
    { "frozen",               "blocked",  ".   .   .   .   .   .   .   .   .   ." },
    { "cancelled",            "held",     ".   .   .   .   .   .   .   .   .   ." },
    /* clang-format on */
};

static void
every_move_is_allowed_or_refused_as_drawn(void **state)
{
    (void)state;
    for (int from = 0; from < PAYMENT_STATE_COUNT; from++) {
        for (int to = 0; to < PAYMENT_STATE_COUNT; to++) {
            enum payment_state at = (enum payment_state)from;
            struct error err = {0};
            int rc = payment_move(&at, (enum payment_state)to, &err);

            if (expected[from].moves[to * 4] == 'x') {
                assert_int_equal(rc, 0);
                assert_int_equal(at, to);
            } else {
                assert_int_equal(rc, -1);
                assert_int_equal(err.code, ERROR_CONFLICT);
                assert_int_equal(at, from); /* untouched */
            }
        }
    }
}

static void
a_state_without_moves_is_final(void **state)
{
    (void)state;
    for (int i = 0; i < PAYMENT_STATE_COUNT; i++)
        assert_int_equal(payment_state_is_final((enum payment_state)i),
                         strchr(expected[i].moves, 'x') == NULL);
}

static void
states_and_outcomes_have_the_names_of_the_interface(void **state)
{
    enum payment_state at;
    enum payment_outcome outcome;

    (void)state;
    for (int i = 0; i < PAYMENT_STATE_COUNT; i++) {
        enum payment_outcome of = payment_outcome((enum payment_state)i);

        assert_string_equal(payment_state_name((enum payment_state)i), expected[i].name);
        assert_true(payment_state_parse(expected[i].name, &at));
        assert_int_equal(at, i);
        assert_string_equal(payment_outcome_name(of), expected[i].outcome);
        assert_true(payment_outcome_parse(expected[i].outcome, &outcome));
        assert_int_equal(outcome, of);
    }
    assert_false(payment_state_parse("paid", &at));
    assert_false(payment_state_parse("", &at));
    assert_false(payment_outcome_parse("Approved", &outcome));
}

static void
a_forbidden_move_says_what_was_tried_and_what_is_allowed(void **state)
{
    enum payment_state at = PAYMENT_HELD;
    struct error err = {0};

    (void)state;
    assert_int_equal(payment_move(&at, PAYMENT_CREDITED, &err), -1);
    assert_string_equal(err.text,
                        "a payment that is held cannot become credited, only released, "
                        "rejected, returned, frozen or cancelled");
    at = PAYMENT_RELEASED;
    assert_int_equal(payment_move(&at, PAYMENT_HELD, &err), -1);
    assert_string_equal(err.text,
                        "a payment that is released cannot become held, only credited");
    at = PAYMENT_REJECTED;
    assert_int_equal(payment_move(&at, PAYMENT_ACCEPTED, &err), -1);
    assert_string_equal(err.text,
                        "a payment that is rejected stays so and cannot become accepted");
}

static void
each_action_has_its_state_and_its_first_iso_20022_answer(void **state)
{
    static const struct {
        int action;
        const char *name;
        const char *state;
        const char *answer; /* message, status, default code */
    } rows[] = {
        {POLICY_ACCEPT, "accept", "accepted", "pacs.002 ACSP G002"},
        {POLICY_REQUEST_INFORMATION, "request_information", "awaiting_information",
         "pacs.002 ACSP G003"},
        {POLICY_HOLD, "hold", "held", "pacs.002 PDNG "},
        {POLICY_RETURN, "return", "returned", "pacs.004 none MS03"},
        {POLICY_REJECT, "reject", "rejected", "pacs.002 RJCT MS03"},
        {POLICY_FREEZE, "freeze", "frozen", "pacs.002 ACWP "},
        {POLICY_ABSTAIN, "abstain", "held", "pacs.002 PDNG "},
        {0, "hold", "held", "pacs.002 PDNG "}, /* what is no action holds */
        {8, "hold", "held", "pacs.002 PDNG "},
        {-1, "hold", "held", "pacs.002 PDNG "},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        enum policy_action action = (enum policy_action)rows[i].action;
        const struct iso20022_answer *answer = action_answer(action);
        char text[40];

        snprintf(text, sizeof(text), "%s %s %s", answer->message,
                 answer->transaction_status ? answer->transaction_status : "none",
                 answer->default_code);
        assert_string_equal(text, rows[i].answer);
        assert_string_equal(action_name(action), rows[i].name);
        assert_string_equal(payment_state_name(action_state(action)), rows[i].state);
    }
}

static void
every_action_leads_to_a_state_that_received_may_become(void **state)
{
    (void)state;
    for (int action = POLICY_ABSTAIN; action <= POLICY_FREEZE; action++) {
        enum payment_state at = PAYMENT_RECEIVED;
        struct error err = {0};

        assert_int_equal(payment_move(&at, action_state((enum policy_action)action), &err), 0);
    }
}

/* What an action leads to from a state that waits; a dot: nowhere. */
static void
actions_lead_where_the_picture_goes(void **state)
{
    static const struct {
        enum payment_state from;
        const char *leads; /* by accept, request_information, hold, return, reject, freeze */
    } cases[] = {
        {PAYMENT_ACCEPTED, "credited . . . . ."},
        {PAYMENT_RELEASED, "credited . . . . ."},
        {PAYMENT_HELD, "released . . returned rejected frozen"},
        {PAYMENT_AWAITING_INFORMATION, "accepted . held returned rejected frozen"},
        {PAYMENT_CREDITED, ". . . . . ."},
        {PAYMENT_RETURNED, ". . . . . ."},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[80] = "";

        for (int action = POLICY_ACCEPT; action <= POLICY_FREEZE; action++) {
            enum payment_state at = cases[i].from;
            enum payment_state next = action_follows(at, (enum policy_action)action);
            struct error err = {0};

            strcat(text, action > POLICY_ACCEPT ? " " : "");
            strcat(text, next == PAYMENT_RECEIVED ? "." : payment_state_name(next));
            if (next != PAYMENT_RECEIVED)
                assert_int_equal(payment_move(&at, next, &err),
                                 0); /* an arrow of the picture */
        }
        assert_string_equal(text, cases[i].leads);
    }
}

static void
what_is_told_later_is_a_message_of_its_own(void **state)
{
    (void)state;
    assert_string_equal(state_answer(PAYMENT_CREDITED)->transaction_status, "ACCC");
    assert_string_equal(state_answer(PAYMENT_RETURNED)->message, "pacs.004");
    assert_null(state_answer(PAYMENT_RETURNED)->transaction_status);
    assert_string_equal(state_answer(PAYMENT_FROZEN)->transaction_status, "BLCK");
    assert_string_equal(state_answer(PAYMENT_FROZEN)->default_code, "AM07");
    assert_string_equal(state_answer(PAYMENT_CANCELLED)->message, "camt.029");
}

static void
actions_are_read_by_their_names(void **state)
{
    enum policy_action action;

    (void)state;
    assert_true(action_parse("return", &action) && action == POLICY_RETURN);
    assert_true(action_parse("request_information", &action));
    assert_false(action_parse("approve", &action));
    assert_false(action_parse("", &action));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_move_is_allowed_or_refused_as_drawn),
        cmocka_unit_test(a_state_without_moves_is_final),
        cmocka_unit_test(states_and_outcomes_have_the_names_of_the_interface),
        cmocka_unit_test(a_forbidden_move_says_what_was_tried_and_what_is_allowed),
        cmocka_unit_test(each_action_has_its_state_and_its_first_iso_20022_answer),
        cmocka_unit_test(every_action_leads_to_a_state_that_received_may_become),
        cmocka_unit_test(actions_lead_where_the_picture_goes),
        cmocka_unit_test(what_is_told_later_is_a_message_of_its_own),
        cmocka_unit_test(actions_are_read_by_their_names),
    };

    return cmocka_run_group_tests_name("life", tests, NULL, NULL);
}
