/* W1 to W7 of writer.h, on stores that succeed, fail and stand still. */
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/store/chain.h"
#include "gateway/store/writer.h"
#include "tests/support/store_faulty.h"
#include "tests/support/test.h"

#define THREADS         4
#define JOBS_PER_THREAD 5000

struct test_job {
    struct writer_job job;
    char body[24];
    int rc;       /* 1 until done */
    uint64_t seq; /* when done */
    uint8_t chain[SHA256_BYTES];
};

struct fixture {
    struct store *memory; /* inside faulty */
    struct store *store;
    struct writer *writer;
    struct arena arena;
    struct error err;
};

static int
setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    if (store_memory.open("", 1, &f->memory, &f->err) != 0)
        return -1;
    f->store = store_faulty_new(f->memory);
    store_faulty_arm(f->store, 1, 0);
    *state = f;
    return writer_open(f->store, &f->writer, &f->err);
}

static int
teardown(void **state)
{
    struct fixture *f = *state;

    writer_close(f->writer);
    f->store->ops->close(f->store);
    arena_release(&f->arena);
    free(f);
    return 0;
}

/* Let all that was submitted be done, and go on with a new writer. */
static void
drain(struct fixture *f)
{
    writer_close(f->writer);
    f->writer = NULL;
}

static void
reopen(struct fixture *f)
{
    drain(f);
    assert_int_equal(writer_open(f->store, &f->writer, &f->err), 0);
}

static void
note_done(struct writer_job *job, int rc)
{
    struct test_job *test = (struct test_job *)job;

    test->rc = rc;
    test->seq = job->entry.seq;
    memcpy(test->chain, job->entry.chain, SHA256_BYTES);
}

static void
job_init(struct test_job *job, int number)
{
    *job = (struct test_job){.rc = 1, .job.done = note_done};
    job->job.entry.kind = RECORD_PAYMENT;
    job->job.entry.body_len =
        (size_t)snprintf(job->body, sizeof(job->body), "record %d", number);
    job->job.entry.body = job->body;
}

static void
submit(struct fixture *f, struct test_job *job, int number)
{
    job_init(job, number);
    assert_int_equal(writer_submit(f->writer, &job->job, &f->err), 0);
}

static uint64_t
stored(struct fixture *f)
{
    uint8_t chain[SHA256_BYTES];
    uint64_t seq;

    assert_int_equal(f->memory->ops->head(f->memory, &seq, chain, &f->err), 0);
    return seq;
}

static void
jobs_are_stored_in_the_order_of_submission(void **state) /* W1, W4 */
{
    static struct test_job jobs[3000];
    uint8_t chain[SHA256_BYTES] = {0};
    struct fixture *f = *state;
    struct store_entry entry;

    for (size_t i = 0; i < COUNT(jobs); i++)
        submit(f, &jobs[i], (int)i);
    drain(f);
    for (size_t i = 0; i < COUNT(jobs); i++) {
        assert_int_equal(jobs[i].rc, 0);
        assert_int_equal(jobs[i].seq, i + 1);
        assert_int_equal(f->memory->ops->read(f->memory, i + 1, &f->arena, &entry, &f->err), 0);
        assert_int_equal(entry.body_len, strlen(jobs[i].body));
        assert_memory_equal(entry.body, jobs[i].body, entry.body_len);
        chain_next(chain, i + 1, entry.body, entry.body_len, chain); /* W5, within batches */
        assert_memory_equal(entry.chain, chain, SHA256_BYTES);
    }
}

/* What an observer was shown: the last seq, and whether all was as W7 says. */
struct observed {
    struct fixture *f;
    struct test_job *jobs;
    uint64_t last, told;
    bool in_order, behind_the_head, before_done, told_after;
};

static void
observe(void *context, const struct store_entry *const *entries, size_t count)
{
    struct observed *observed = context;
    uint8_t chain[SHA256_BYTES];

    observed->behind_the_head &=
        writer_head(observed->f->writer, chain) == entries[count - 1]->seq;
    for (size_t i = 0; i < count; i++) {
        observed->in_order &= entries[i]->seq == ++observed->last;
        observed->before_done &= observed->jobs[entries[i]->seq - 1].rc == 1;
    }
}

static void
be_told(void *context)
{
    struct observed *observed = context;

    observed->told_after &= observed->jobs[observed->last - 1].rc == 0;
    observed->told = observed->last;
}

static void
begin_to_observe(struct observed *observed)
{
    writer_observe(observed->f->writer, &(struct writer_observer){observe, be_told, observed});
}

static void
an_observer_sees_what_is_on_disk_once_and_in_order(void **state) /* W7 */
{
    static struct test_job jobs[3000];
    struct fixture *f = *state;
    struct observed observed = {f, jobs, 0, 0, true, true, true, true};

    begin_to_observe(&observed);
    for (size_t i = 0; i < COUNT(jobs); i++)
        submit(f, &jobs[i], (int)i);
    drain(f);
    assert_int_equal(observed.last, COUNT(jobs));
    assert_true(observed.in_order && observed.behind_the_head && observed.before_done);
    assert_int_equal(observed.told, COUNT(jobs));
    assert_true(observed.told_after);
}

static void
an_observer_is_shown_nothing_of_a_failed_commit(void **state) /* W7 */
{
    struct fixture *f = *state;
    struct observed observed = {.f = f};
    struct test_job job;

    begin_to_observe(&observed);
    store_faulty_arm(f->store, 1, 1);
    submit(f, &job, 1);
    drain(f);
    assert_int_equal(job.rc, -1);
    assert_int_equal(observed.last + observed.told, 0);
}

/* W5.  The expected values were computed with Python's hashlib from the formula. */
static void
the_chain_is_the_documented_one(void **state)
{
    static const char *const expected[] = {
        "ff4df9751ba93050d84a47bad40a6ce0dfcbb8fd52f2c80fa15db82e50f2af9e",
        "4a07d726dc7dfa26202e4b80f3a08af9e610895eb4d67dda8d4ff087cb4ab92a",
        "c11c9d02c81bc29a7de477faf30a7f3a734046a164405116da0eec61d6c69044",
    };
    struct fixture *f = *state;
    struct test_job jobs[3];
    char hex[SHA256_HEX_SIZE];

    for (int i = 0; i < 3; i++) {
        submit(f, &jobs[i], i + 1);
        reopen(f); /* the chain goes on from the store's head */
        hash_hex(jobs[i].chain, SHA256_BYTES, hex);
        assert_string_equal(hex, expected[i]);
    }
}

static void
the_head_is_that_of_the_last_commit(void **state)
{
    uint8_t chain[SHA256_BYTES];
    struct fixture *f = *state;
    struct test_job jobs[5];

    assert_int_equal(writer_head(f->writer, chain), 0);
    for (int i = 0; i < 5; i++)
        submit(f, &jobs[i], i);
    reopen(f);
    assert_int_equal(writer_head(f->writer, chain), 5);
    assert_memory_equal(chain, jobs[4].chain, SHA256_BYTES);
    assert_int_equal(writer_queued(f->writer), 0);
}

/* The nth append fails, n rising until none does; each time the rest must be whole. */
static void
a_failed_commit_leaves_no_gap(void **state) /* W2 */
{
    struct fixture *f = *state;
    uint64_t before = 0;

    for (long nth = 1; nth <= 6; nth++) {
        struct test_job jobs[5];

        store_faulty_arm(f->store, nth, 1);
        for (int i = 0; i < 5; i++) {
            submit(f, &jobs[i], i);
            while (writer_queued(f->writer) > 0) /* each in a commit of its own */
                sched_yield();
            assert_int_equal(jobs[i].rc, i + 1 == nth ? -1 : 0);
            assert_true(writer_healthy(f->writer) == (jobs[i].rc == 0));
            before += jobs[i].rc == 0;
            assert_int_equal(stored(f), before);
            if (jobs[i].rc == 0)
                assert_int_equal(jobs[i].seq, before);
        }
    }
}

static void
a_failed_commit_fails_all_of_its_batch(void **state) /* W2 */
{
    static struct test_job jobs[500];
    struct fixture *f = *state;
    int failed = 0;

    store_faulty_arm(f->store, 1, LONG_MAX);
    for (size_t i = 0; i < COUNT(jobs); i++)
        submit(f, &jobs[i], (int)i);
    drain(f);
    for (size_t i = 0; i < COUNT(jobs); i++)
        failed += jobs[i].rc == -1;
    assert_int_equal(failed, COUNT(jobs));
    assert_int_equal(stored(f), 0);
}

/* Given back, it is decided again and submitted again. */
static struct writer *again_writer;

static void
submit_again(struct writer_job *job, int rc)
{
    struct error err = {0};

    if (rc != WRITER_AGAIN) {
        note_done(job, rc);
        return;
    }
    ((struct test_job *)job)->body[0] = 'R';
    assert_int_equal(writer_submit(again_writer, job, &err), 0);
}

static void
what_rests_on_a_failed_commit_is_given_back(void **state) /* W6 */
{
    struct test_job failed, resting, unconcerned;
    struct fixture *f = *state;
    struct store_entry entry;

    again_writer = f->writer;
    store_faulty_arm(f->store, 1, 1);
    writer_enter(f->writer); /* so that the failure is dealt with after all are queued */
    submit(f, &failed, 0);
    while (writer_healthy(f->writer))
        sched_yield();
    job_init(&resting, 1);
    resting.job.rests = true;
    resting.job.done = submit_again;
    assert_int_equal(writer_submit(f->writer, &resting.job, &f->err), 0);
    submit(f, &unconcerned, 2);
    writer_leave(f->writer);
    while (writer_queued(f->writer) > 0)
        sched_yield();
    assert_int_equal(failed.rc, -1);
    assert_true(resting.rc == 0 && unconcerned.rc == 0);
    assert_int_equal(stored(f), 2);
    assert_int_equal(f->memory->ops->read(f->memory, resting.seq, &f->arena, &entry, &f->err),
                     0);
    assert_memory_equal(entry.body, "Record 1", 8);
}

static void
a_writer_does_not_open_on_a_store_without_a_head(void **state)
{
    struct fixture *f = *state;
    struct writer *writer;

    store_faulty_arm(f->store, 1, 1);
    assert_int_equal(writer_open(f->store, &writer, &f->err), -1);
    assert_null(writer);
    assert_string_equal(f->err.text, "simulated store fault");
}

/* A store that takes its time: append waits until the gate opens, and notes its size. */
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static size_t greatest_count, greatest_bytes;

static int
slow_head(struct store *store, uint64_t *seq, uint8_t chain[SHA256_BYTES], struct error *err)
{
    (void)store, (void)err;
    *seq = 0;
    memset(chain, 0, SHA256_BYTES);
    return 0;
}

static int
slow_append(struct store *store, const struct store_entry *const *entries, size_t count,
            struct error *err)
{
    size_t bytes = 0;

    (void)store, (void)err;
    pthread_mutex_lock(&gate);
    pthread_mutex_unlock(&gate);
    for (size_t i = 0; i < count; i++)
        bytes += entries[i]->body_len;
    greatest_count = count > greatest_count ? count : greatest_count;
    greatest_bytes = bytes > greatest_bytes ? bytes : greatest_bytes;
    return 0;
}

static const struct store_ops slow_ops = {.head = slow_head, .append = slow_append};
static struct store slow = {.ops = &slow_ops};

static void
a_full_queue_refuses_and_a_batch_has_its_limit(void **state) /* W3 */
{
    struct test_job *jobs = calloc(WRITER_QUEUE_MAX + 1, sizeof(*jobs));
    struct writer *writer;
    struct error err = {0};

    (void)state;
    greatest_count = 0;
    pthread_mutex_lock(&gate);
    assert_int_equal(writer_open(&slow, &writer, &err), 0);
    for (int i = 0; i < WRITER_QUEUE_MAX; i++) {
        job_init(&jobs[i], i);
        assert_int_equal(writer_submit(writer, &jobs[i].job, &err), 0);
    }
    assert_int_equal(writer_queued(writer), WRITER_QUEUE_MAX);
    job_init(&jobs[WRITER_QUEUE_MAX], 0);
    assert_int_equal(writer_submit(writer, &jobs[WRITER_QUEUE_MAX].job, &err), -1);
    assert_int_equal(err.code, ERROR_BUSY);
    assert_int_equal(writer_queued(writer), WRITER_QUEUE_MAX);
    pthread_mutex_unlock(&gate);
    writer_close(writer);
    assert_int_equal(greatest_count, WRITER_BATCH_MAX);
    assert_int_equal(jobs[WRITER_QUEUE_MAX - 1].rc, 0);
    assert_int_equal(jobs[WRITER_QUEUE_MAX].rc, 1); /* refused: its done() never comes */
    free(jobs);
}

static void
a_batch_of_great_bodies_ends_early(void **state)
{
    static char body[262144];
    static struct test_job jobs[100];
    struct writer *writer;
    struct error err = {0};

    (void)state;
    greatest_bytes = 0;
    pthread_mutex_lock(&gate);
    assert_int_equal(writer_open(&slow, &writer, &err), 0);
    for (size_t i = 0; i < COUNT(jobs); i++) {
        job_init(&jobs[i], (int)i);
        jobs[i].job.entry.body = body;
        jobs[i].job.entry.body_len = sizeof(body);
        assert_int_equal(writer_submit(writer, &jobs[i].job, &err), 0);
    }
    pthread_mutex_unlock(&gate);
    writer_close(writer);
    assert_int_equal(greatest_bytes, WRITER_BATCH_BYTES_MAX);
    assert_int_equal(jobs[99].seq, 100);
}

struct submitter {
    struct writer *writer;
    struct test_job *jobs;
};

static void *
submit_all(void *context)
{
    struct submitter *submitter = context;
    struct error err = {0};

    for (int i = 0; i < JOBS_PER_THREAD; i++) {
        job_init(&submitter->jobs[i], i);
        while (writer_submit(submitter->writer, &submitter->jobs[i].job, &err) != 0)
            sched_yield();
    }
    return NULL;
}

static void
several_threads_submit_and_each_keeps_its_order(void **state) /* W4 */
{
    struct fixture *f = *state;
    struct submitter submitters[THREADS];
    pthread_t threads[THREADS];

    for (int t = 0; t < THREADS; t++) {
        submitters[t] =
            (struct submitter){f->writer, calloc(JOBS_PER_THREAD, sizeof(struct test_job))};
        assert_int_equal(pthread_create(&threads[t], NULL, submit_all, &submitters[t]), 0);
    }
    for (int t = 0; t < THREADS; t++)
        pthread_join(threads[t], NULL);
    drain(f);
    assert_int_equal(stored(f), THREADS * JOBS_PER_THREAD);
    for (int t = 0; t < THREADS; t++) {
        for (int i = 0; i < JOBS_PER_THREAD; i++) {
            assert_int_equal(submitters[t].jobs[i].rc, 0);
            if (i > 0)
                assert_true(submitters[t].jobs[i].seq > submitters[t].jobs[i - 1].seq);
        }
        free(submitters[t].jobs);
    }
}

static void
closing_nothing_does_nothing(void **state)
{
    (void)state;
    writer_close(NULL);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(jobs_are_stored_in_the_order_of_submission),
        TEST(the_chain_is_the_documented_one),
        TEST(the_head_is_that_of_the_last_commit),
        TEST(an_observer_sees_what_is_on_disk_once_and_in_order),
        TEST(an_observer_is_shown_nothing_of_a_failed_commit),
        TEST(a_failed_commit_leaves_no_gap),
        TEST(a_failed_commit_fails_all_of_its_batch),
        TEST(what_rests_on_a_failed_commit_is_given_back),
        TEST(a_writer_does_not_open_on_a_store_without_a_head),
        cmocka_unit_test(a_full_queue_refuses_and_a_batch_has_its_limit),
        cmocka_unit_test(a_batch_of_great_bodies_ends_early),
        TEST(several_threads_submit_and_each_keeps_its_order),
        cmocka_unit_test(closing_nothing_does_nothing),
    };

    return cmocka_run_group_tests_name("writer", tests, NULL, NULL);
}
