/* The reader runs jobs in order on its own thread, refuses past its limit, and drains. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "gateway/store/reader.h"
#include "tests/support/test.h"

static struct store nowhere; /* the reader only hands it on */

/* While this is locked, a job that takes it keeps the reader busy. */
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

struct noting_job {
    struct reader_job job;
    int order; /* 1 for the first that ran */
    struct store *store;
    pthread_t thread;
};

static atomic_int runs;

static void
note_run(struct reader_job *job, struct store *store)
{
    struct noting_job *noting = (struct noting_job *)job;

    noting->store = store;
    noting->thread = pthread_self();
    noting->order = atomic_fetch_add(&runs, 1) + 1;
}

static void
wait_at_the_gate(struct reader_job *job, struct store *store)
{
    pthread_mutex_lock(&gate);
    pthread_mutex_unlock(&gate);
    note_run(job, store);
}

static void
jobs_run_in_order_on_another_thread(void **state)
{
    struct noting_job jobs[100] = {0};
    struct reader *reader;
    struct error err = {0};

    (void)state;
    atomic_store(&runs, 0);
    assert_int_equal(reader_open(&nowhere, &reader, &err), 0);
    for (size_t i = 0; i < COUNT(jobs); i++) {
        jobs[i].job.run = note_run;
        assert_int_equal(reader_submit(reader, &jobs[i].job, &err), 0);
    }
    reader_close(reader);
    for (size_t i = 0; i < COUNT(jobs); i++) {
        assert_int_equal(jobs[i].order, i + 1);
        assert_ptr_equal(jobs[i].store, &nowhere);
        assert_false(pthread_equal(jobs[i].thread, pthread_self()));
    }
}

static void
a_full_queue_refuses_and_closing_runs_what_waits(void **state)
{
    struct noting_job *jobs = calloc(READER_QUEUE_MAX + 2, sizeof(*jobs));
    struct reader *reader;
    struct error err = {0};
    int accepted = 0;

    (void)state;
    atomic_store(&runs, 0);
    assert_int_equal(reader_open(&nowhere, &reader, &err), 0);
    pthread_mutex_lock(&gate);
    for (int i = 0; i < READER_QUEUE_MAX + 2; i++) {
        jobs[i].job.run = i == 0 ? wait_at_the_gate : note_run;
        accepted += reader_submit(reader, &jobs[i].job, &err) == 0;
    }
    /* The first may be running already; then one more finds a place. */
    assert_in_range(accepted, READER_QUEUE_MAX, READER_QUEUE_MAX + 1);
    assert_int_equal(err.code, ERROR_BUSY);
    pthread_mutex_unlock(&gate);
    reader_close(reader);
    assert_int_equal(atomic_load(&runs), accepted);
    free(jobs);
}

static void
closing_nothing_does_nothing(void **state)
{
    (void)state;
    reader_close(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_run_in_order_on_another_thread),
        cmocka_unit_test(a_full_queue_refuses_and_closing_runs_what_waits),
        cmocka_unit_test(closing_nothing_does_nothing),
    };

    return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}
