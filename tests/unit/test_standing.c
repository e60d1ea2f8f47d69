/* How payments stand: T2 of standing.h, and what records make of them. */
#include <stdlib.h>
#include <string.h>

#include "gateway/bank/standing.h"
#include "tests/support/test.h"

#define FAR 200000 /* in another chunk */

static int
setup(void **state)
{
    *state = standing_new();
    return 0;
}

static int
teardown(void **state)
{
    standing_free(*state);
    return 0;
}

static void
take_payment(struct standing *standing, uint64_t seq, enum payment_state state, int64_t due_ms)
{
    const struct store_entry entry = {
        .seq = seq, .kind = RECORD_PAYMENT, .state = (int)state, .due_ms = due_ms};

    standing_take(standing, &entry);
}

static void
take_event(struct standing *standing, uint64_t seq, uint64_t payment, enum payment_state state,
           int64_t due_ms, unsigned flags)
{
    const struct store_entry entry = {.seq = seq,
                                      .kind = RECORD_EVENT,
                                      .payment_seq = payment,
                                      .state = (int)state,
                                      .due_ms = due_ms,
                                      .flags = flags};

    standing_take(standing, &entry);
}

static void
a_payment_stands_as_its_latest_event_says(void **state)
{
    struct stand stand;

    take_payment(*state, 1, PAYMENT_HELD, 500);
    take_payment(*state, FAR, PAYMENT_ACCEPTED, INT64_MAX);
    assert_true(standing_find(*state, 1, &stand));
    assert_true(stand.state == PAYMENT_HELD && stand.due_ms == 500 && stand.event_seq == 0);
    assert_int_equal(stand.flags, STAND_CASE);
    take_event(*state, 2, 1, PAYMENT_RELEASED, 900, STAND_CASE | 2u << STAND_DISPOSITION_SHIFT);
    take_event(*state, FAR + 1, FAR, PAYMENT_CREDITED, 0, 0);
    assert_true(standing_find(*state, 1, &stand));
    assert_true(stand.state == PAYMENT_RELEASED && stand.due_ms == 900 && stand.event_seq == 2);
    assert_int_equal(stand.flags, STAND_CASE | 2u << STAND_DISPOSITION_SHIFT);
    assert_true(standing_find(*state, FAR, &stand));
    assert_true(stand.state == PAYMENT_CREDITED && stand.due_ms == 0);
    assert_int_equal(stand.event_seq, FAR + 1);
    assert_false(standing_find(*state, 2, &stand)); /* an event */
    assert_false(standing_find(*state, FAR * 9, &stand));
    assert_int_equal(standing_state_now(*state, 1, PAYMENT_HELD), PAYMENT_RELEASED);
    assert_int_equal(standing_state_now(*state, 7, PAYMENT_HELD), PAYMENT_HELD);
}

static void
a_payment_has_one_mover_at_a_time(void **state) /* T2 */
{
    struct error err = {0};
    struct stand stand;

    take_payment(*state, 3, PAYMENT_HELD, 500);
    assert_int_equal(standing_claim(*state, 3, &stand, &err), 0);
    assert_int_equal(stand.due_ms, 500);
    assert_int_equal(standing_claim(*state, 3, &stand, &err), -1);
    assert_int_equal(err.code, ERROR_CONFLICT);
    standing_give_up(*state, 3);
    assert_int_equal(standing_claim(*state, 3, &stand, &err), 0);
    take_event(*state, 4, 3, PAYMENT_RETURNED, 0, 0); /* ends the claim */
    assert_int_equal(standing_claim(*state, 3, &stand, &err), 0);
    assert_int_equal(stand.state, PAYMENT_RETURNED);
    assert_int_equal(standing_claim(*state, 4, &stand, &err), -1);
    assert_int_equal(err.code, ERROR_NOT_FOUND);
}

static void
what_the_schedule_took_goes_back_when_nothing_came_of_it(void **state) /* T3 */
{
    struct error err = {0};
    struct stand stand;

    take_payment(*state, 3, PAYMENT_HELD, 500);
    assert_true(standing_claim_due(*state, 3, &stand));
    assert_int_equal(stand.due_ms, 500);
    assert_true(standing_give_up(*state, 3));
    assert_int_equal(standing_claim(*state, 3, &stand, &err), 0);
    assert_false(standing_give_up(*state, 3)); /* the schedule has it still */
    assert_int_equal(standing_claim(*state, 3, &stand, &err), 0);
    assert_false(standing_claim_due(*state, 3, &stand)); /* another has it: that one adds it */
    assert_true(standing_give_up(*state, 3));
    assert_true(standing_claim_due(*state, 3, &stand));
    take_event(*state, 4, 3, PAYMENT_RETURNED, 0, 0);
    assert_int_equal(standing_claim(*state, 3, &stand, &err), 0);
    assert_false(standing_give_up(*state, 3));
    assert_false(standing_claim_due(*state, 4, &stand));
}

static void
many_are_listed_as_few_are(void **state)
{
    static uint64_t seqs[30000];

    for (uint64_t seq = 1; seq <= COUNT(seqs); seq++)
        take_payment(*state, seq, seq % 3 ? PAYMENT_ACCEPTED : PAYMENT_HELD, 0);
    assert_int_equal(standing_list(*state, UINT64_MAX, 1u << PAYMENT_HELD, STAND_CASE,
                                   STAND_CASE, seqs, COUNT(seqs)),
                     COUNT(seqs) / 3);
    for (size_t i = 0; i < COUNT(seqs) / 3; i++)
        assert_int_equal(seqs[i], COUNT(seqs) - 3 * i);
}

static void
cases_are_listed_newest_first_by_state_and_flags(void **state)
{
    uint64_t seqs[4];

    for (uint64_t seq = 1; seq <= 30; seq++)
        take_payment(*state, seq, seq % 3 ? PAYMENT_ACCEPTED : PAYMENT_HELD, 0);
    take_event(*state, 31, 27, PAYMENT_RELEASED, 0, STAND_CASE);
    take_event(*state, 32, 24, PAYMENT_HELD, 0, STAND_CASE | 1u << STAND_DISPOSITION_SHIFT);
    assert_int_equal(
        standing_list(*state, UINT64_MAX, 0, STAND_CASE, STAND_CASE, seqs, COUNT(seqs)), 4);
    assert_true(seqs[0] == 30 && seqs[1] == 27 && seqs[2] == 24 && seqs[3] == 21);
    assert_int_equal(standing_list(*state, 20, 1u << PAYMENT_HELD, STAND_CASE, STAND_CASE, seqs,
                                   COUNT(seqs)),
                     4);
    assert_true(seqs[0] == 18 && seqs[3] == 9);
    assert_int_equal(standing_list(*state, UINT64_MAX, 1u << PAYMENT_HELD,
                                   STAND_CASE | STAND_DISPOSITION,
                                   STAND_CASE | 1u << STAND_DISPOSITION_SHIFT, seqs, 4),
                     1);
    assert_int_equal(seqs[0], 24);
}

static void
note_due(void *context, uint64_t seq, int64_t due_ms)
{
    int64_t *sum = context;

    *sum += (int64_t)seq * due_ms;
}

static void
only_what_something_follows_for_is_due(void **state)
{
    int64_t sum = 0;

    take_payment(*state, 1, PAYMENT_HELD, 10);
    take_payment(*state, 2, PAYMENT_REJECTED, 0);
    take_payment(*state, FAR, PAYMENT_ACCEPTED, 2);
    take_payment(*state, 5, PAYMENT_ACCEPTED, 100);
    take_event(*state, 6, 5, PAYMENT_CREDITED, 0, 0);
    standing_each_due(*state, note_due, &sum);
    assert_int_equal(sum, 10 + 2 * FAR);
}

int
main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_payment_stands_as_its_latest_event_says),
        TEST(a_payment_has_one_mover_at_a_time),
        TEST(what_the_schedule_took_goes_back_when_nothing_came_of_it),
        TEST(many_are_listed_as_few_are),
        TEST(cases_are_listed_newest_first_by_state_and_flags),
        TEST(only_what_something_follows_for_is_due),
    };

    return cmocka_run_group_tests_name("standing", tests, NULL, NULL);
}
