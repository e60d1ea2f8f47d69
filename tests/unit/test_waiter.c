/* Who waits goes on when all is done, and knows whether any of it failed. */
#include <pthread.h>
#include <stdatomic.h>

#include "gateway/base/waiter.h"
#include "tests/support/test.h"

#define THREADS 8

struct worker {
    pthread_t thread;
    struct waiter *waiter;
    int rc;
};

static atomic_int finished;

static void *
work(void *context)
{
    struct worker *worker = context;

    atomic_fetch_add(&finished, 1);
    waiter_done(worker->waiter, worker->rc);
    return NULL;
}

/* The rc of a wait for threads of which the one at `failing` fails. */
static int
wait_for_threads(int failing)
{
    struct worker workers[THREADS];
    struct waiter waiter;
    int rc;

    atomic_store(&finished, 0);
    waiter_init(&waiter, THREADS);
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.waiter = &waiter, .rc = i == failing ? -1 : 0};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    rc = waiter_wait(&waiter);
    assert_int_equal(atomic_load(&finished), THREADS);
    for (int i = 0; i < THREADS; i++)
        pthread_join(workers[i].thread, NULL);
    return rc;
}

static void
a_wait_ends_when_all_is_done(void **state)
{
    (void)state;
    assert_int_equal(wait_for_threads(THREADS), 0);
}

static void
one_that_fails_is_enough(void **state)
{
    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(wait_for_threads(i), -1);
}

static void
what_was_done_before_is_not_waited_for(void **state)
{
    struct waiter waiter;

    (void)state;
    waiter_init(&waiter, 2);
    waiter_done(&waiter, -1);
    waiter_done(&waiter, 0);
    assert_int_equal(waiter_wait(&waiter), -1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wait_ends_when_all_is_done),
        cmocka_unit_test(one_that_fails_is_enough),
        cmocka_unit_test(what_was_done_before_is_not_waited_for),
    };

    return cmocka_run_group_tests_name("waiter", tests, NULL, NULL);
}
