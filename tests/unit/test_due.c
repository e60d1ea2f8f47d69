/* The heap of what is due: against sorting, with equal instants among them. */
#include <stdlib.h>

#include "gateway/bank/due.h"
#include "tests/support/test.h"

#define DUES 5000

static int
by_instant_and_payment(const void *a, const void *b)
{
    const struct due *left = a, *right = b;

    if (left->at_ms != right->at_ms)
        return left->at_ms < right->at_ms ? -1 : 1;
    return left->seq < right->seq ? -1 : left->seq > right->seq;
}

static void
what_is_due_comes_in_the_order_of_instants_and_then_of_payments(void **state)
{
    static struct due expected[DUES];
    struct due_heap heap = {0};
    struct due due;

    (void)state;
    for (size_t i = 0; i < DUES; i++) {
        expected[i] = (struct due){(int64_t)(i * 7919 % 97), i * 104729 % DUES};
        due_push(&heap, expected[i]);
    }
    qsort(expected, DUES, sizeof(expected[0]), by_instant_and_payment);
    for (size_t i = 0; i < DUES; i++) {
        assert_int_equal(due_first(&heap)->seq, expected[i].seq);
        assert_true(due_pop(&heap, &due));
        assert_int_equal(due.at_ms, expected[i].at_ms);
        assert_int_equal(due.seq, expected[i].seq);
    }
    assert_false(due_pop(&heap, &due));
    assert_null(due_first(&heap));
    due_release(&heap);
}

static void
pushing_between_pops_keeps_the_order(void **state)
{
    struct due_heap heap = {0};
    int64_t last = 0;
    struct due due;

    (void)state;
    for (int64_t i = 0; i < 1000; i++)
        due_push(&heap, (struct due){1000 - i, 1});
    for (int64_t i = 0; due_pop(&heap, &due); i++) {
        assert_true(due.at_ms >= last);
        last = due.at_ms;
        if (i % 3 == 0 && i < 600)
            due_push(&heap, (struct due){last + i % 50, 2});
    }
    assert_true(last >= 1000);
    due_release(&heap);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_due_comes_in_the_order_of_instants_and_then_of_payments),
        cmocka_unit_test(pushing_between_pops_keeps_the_order),
    };

    return cmocka_run_group_tests_name("due", tests, NULL, NULL);
}
