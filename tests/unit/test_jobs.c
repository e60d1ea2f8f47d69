/* Jobs run in order on a thread of their own; past the limit they are refused; none is lost. */
#include <pthread.h>
#include <stdatomic.h>

#include "gateway/base/jobs.h"
#include "tests/support/test.h"

#define QUEUE_MAX 3

/* While this is locked, the thread does not get past a job. */
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

struct noting {
    struct job job;
    int order; /* 1 for the first that ran */
    void *context;
    pthread_t thread;
    char name[16];
};

static atomic_int begun, runs;

static void
note(struct job *job, void *context)
{
    struct noting *noting = (struct noting *)job;

    atomic_fetch_add(&begun, 1);
    pthread_mutex_lock(&gate);
    pthread_mutex_unlock(&gate);
    noting->context = context;
    noting->thread = pthread_self();
    pthread_getname_np(pthread_self(), noting->name, sizeof(noting->name));
    noting->order = atomic_fetch_add(&runs, 1) + 1;
}

static struct jobs *
open_queue(size_t max)
{
    const struct jobs_options options = {
        .name = "clerk", .noun = "letters", .max = max, .run = note, .context = &runs};
    struct error err = {0};
    struct jobs *jobs;

    atomic_store(&begun, 0);
    atomic_store(&runs, 0);
    assert_int_equal(jobs_open(&options, &jobs, &err), 0);
    return jobs;
}

static void
jobs_run_in_order_on_a_thread_of_that_name(void **state)
{
    struct noting all[50] = {0};
    struct jobs *jobs = open_queue(COUNT(all));
    struct error err = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(all); i++)
        assert_int_equal(jobs_submit(jobs, &all[i].job, &err), 0);
    jobs_close(jobs);
    for (size_t i = 0; i < COUNT(all); i++) {
        assert_int_equal(all[i].order, i + 1);
        assert_ptr_equal(all[i].context, &runs);
        assert_string_equal(all[i].name, "clerk");
        assert_false(pthread_equal(all[i].thread, pthread_self()));
    }
}

static void
one_too_many_is_refused_and_what_waits_is_run_at_the_end(void **state)
{
    struct noting all[QUEUE_MAX + 2] = {0};
    struct jobs *jobs = open_queue(QUEUE_MAX);
    struct error err = {0};

    (void)state;
    pthread_mutex_lock(&gate);
    assert_int_equal(jobs_submit(jobs, &all[0].job, &err), 0);
    while (atomic_load(&begun) == 0) /* it waits no more */
        sched_yield();
    for (int i = 1; i <= QUEUE_MAX; i++)
        assert_int_equal(jobs_submit(jobs, &all[i].job, &err), 0);
    assert_int_equal(jobs_submit(jobs, &all[QUEUE_MAX + 1].job, &err), -1);
    assert_int_equal(err.code, ERROR_BUSY);
    assert_string_equal(err.text, "3 letters wait already");
    pthread_mutex_unlock(&gate);
    jobs_close(jobs);
    assert_int_equal(atomic_load(&runs), QUEUE_MAX + 1);
    assert_int_equal(all[QUEUE_MAX + 1].order, 0);
}

static void
closing_nothing_does_nothing(void **state)
{
    (void)state;
    jobs_close(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_run_in_order_on_a_thread_of_that_name),
        cmocka_unit_test(one_too_many_is_refused_and_what_waits_is_run_at_the_end),
        cmocka_unit_test(closing_nothing_does_nothing),
    };

    return cmocka_run_group_tests_name("jobs", tests, NULL, NULL);
}
