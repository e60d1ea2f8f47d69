/*
 * writer.c - group commit.
 *
 * Submitting is one compare-and-swap onto a stack; the writer takes the whole
 * stack at once and turns it round, which gives the order of submission back
 * (W4).  A submitter makes a system call only where the writer sleeps, and
 * under load it does not: it sleeps only when a commit ended and nothing came
 * in meanwhile.
 *
 * A commit costs 50 to 80 µs of processor time however small it is, and a fast
 * disk lets the next one begin so soon that it is small.  So after a commit of
 * several jobs the next waits until as many have come again, GATHER_NS at most
 * after the last began.  Clients that wait for their answers send together
 * again and lose nothing; a single one is never delayed.
 *
 * `queued` counts a job from before it is pushed until after its done().  So a
 * writer that is closing and sees 0 knows that nothing is on its way.
 */
#include "gateway/store/writer.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gateway/base/log.h"
#include "gateway/base/metrics.h"
#include "gateway/base/time.h"
#include "gateway/store/chain.h"

#define GATHER_NS     1000000
#define NS_PER_SECOND 1000000000

struct writer {
    struct store *store;
    pthread_t thread;

    _Atomic(struct writer_job *) newest; /* the stack; each job's next is older */
    atomic_size_t queued;
    atomic_bool closing;
    atomic_bool healthy;
    pthread_rwlock_t gate; /* W6 */
    struct writer_observer observer;

    atomic_size_t wake_at; /* so many queued end the writer's wait; 0: it is awake */
    pthread_mutex_t lock;  /* of wake and head */
    pthread_cond_t wake;
    uint64_t head_seq;
    uint8_t head_chain[SHA256_BYTES];

    /* The writer thread's own. */
    struct writer_job *oldest; /* taken from the stack, not yet committed */
    struct writer_job **end;   /* where the next one is linked in */
    const struct store_entry *batch[WRITER_BATCH_MAX];
    size_t last_count; /* of jobs in the last commit, and when it began */
    int64_t last_ns;
};

static bool
writer_is_finished(struct writer *writer)
{
    return atomic_load(&writer->closing) && atomic_load(&writer->queued) == 0;
}

/* Move the stack, turned round, behind what was taken before. */
static void
writer_take(struct writer *writer)
{
    struct writer_job *job = atomic_exchange(&writer->newest, NULL);
    struct writer_job *turned = NULL, *last = job;

    if (!job)
        return;
    while (job) {
        struct writer_job *older = job->next;

        job->next = turned;
        turned = job;
        job = older;
    }
    *writer->end = turned;
    writer->end = &last->next;
}

/* A job counts when it is queued, but the last one only when it can be taken. */
static bool
writer_has(struct writer *writer, size_t jobs)
{
    return jobs > 1 ? atomic_load(&writer->queued) >= jobs
                    : atomic_load(&writer->newest) != NULL;
}

/*
 * Wait until so many jobs are queued, the writer is closing, or the deadline
 * (NULL: none) has passed.  Both sides first write and then look (wake_at here
 * and the queue in submit), so that at least one of them sees the other.
 */
static void
writer_wait(struct writer *writer, size_t jobs, const struct timespec *deadline)
{
    int why = 0;

    pthread_mutex_lock(&writer->lock);
    for (;;) {
        atomic_store(&writer->wake_at, jobs);
        if (writer_has(writer, jobs) || writer_is_finished(writer) || why == ETIMEDOUT)
            break;
        if (deadline)
            why = pthread_cond_timedwait(&writer->wake, &writer->lock, deadline);
        else
            pthread_cond_wait(&writer->wake, &writer->lock);
    }
    atomic_store(&writer->wake_at, 0);
    pthread_mutex_unlock(&writer->lock);
}

static void
writer_wake(struct writer *writer)
{
    if (atomic_exchange(&writer->wake_at, 0) == 0)
        return;
    pthread_mutex_lock(&writer->lock);
    pthread_cond_signal(&writer->wake);
    pthread_mutex_unlock(&writer->lock);
}

static void
writer_gather(struct writer *writer)
{
    int64_t until_ns = writer->last_ns + GATHER_NS;
    const struct timespec deadline = {.tv_sec = until_ns / NS_PER_SECOND,
                                      .tv_nsec = until_ns % NS_PER_SECOND};

    if (writer->last_count > 1 && !atomic_load(&writer->closing))
        writer_wait(writer, writer->last_count, &deadline);
}

/* Give back those that rest on what a failed commit took away (W6). */
static void
writer_give_back(struct writer *writer)
{
    struct writer_job **link = &writer->oldest, *resting = NULL, **resting_end = &resting;
    size_t count = 0;

    writer_take(writer);
    for (struct writer_job *job; (job = *link);) {
        if (!job->rests) {
            link = &job->next;
            continue;
        }
        *link = job->next;
        *resting_end = job;
        resting_end = &job->next;
        count++;
    }
    writer->end = link;
    *resting_end = NULL;
    while (resting) {
        struct writer_job *job = resting;

        resting = job->next;
        job->done(job, WRITER_AGAIN);
    }
    atomic_fetch_sub(&writer->queued, count);
    metric_add(METRIC_WRITER_QUEUE, -(int64_t)count);
}

/* Number and chain the oldest jobs into batch[]; returns how many. */
static size_t
writer_seal(struct writer *writer)
{
    const uint8_t *previous = writer->head_chain;
    size_t count = 0, bytes = 0;

    for (struct writer_job *job = writer->oldest; job; job = job->next) {
        struct store_entry *entry = &job->entry;

        if (count == WRITER_BATCH_MAX || bytes >= WRITER_BATCH_BYTES_MAX)
            break;
        entry->seq = writer->head_seq + count + 1;
        chain_next(previous, entry->seq, entry->body, entry->body_len, entry->chain);
        previous = entry->chain;
        bytes += entry->body_len;
        writer->batch[count++] = entry;
    }
    return count;
}

static void
writer_set_head(struct writer *writer, const struct store_entry *last)
{
    pthread_mutex_lock(&writer->lock);
    writer->head_seq = last->seq;
    memcpy(writer->head_chain, last->chain, SHA256_BYTES);
    pthread_mutex_unlock(&writer->lock);
}

/* Once per change, not once per commit: a full disk must not fill the log too. */
static void
writer_set_healthy(struct writer *writer, bool healthy, const struct error *err)
{
    if (atomic_exchange(&writer->healthy, healthy) == healthy)
        return;
    if (healthy)
        log_info("store.writes_again", "seq=%llu", (unsigned long long)writer->head_seq);
    else
        log_error("store.commit_failed", "seq=%llu why=\"%s\"",
                  (unsigned long long)writer->head_seq + 1, err->text);
}

static int
writer_commit(struct writer *writer, size_t count)
{
    struct store *store = writer->store;
    struct error err = {0};
    int rc;

    writer->last_count = count;
    writer->last_ns = monotonic_ns();
    rc = store->ops->append(store, writer->batch, count, &err);
    metric_add(METRIC_COMMIT_MICROSECONDS_TOTAL, (monotonic_ns() - writer->last_ns) / 1000);
    if (rc == 0) {
        writer_set_head(writer, writer->batch[count - 1]);
        metric_add(METRIC_COMMIT_TOTAL, 1);
        metric_add(METRIC_STORED_TOTAL, (int64_t)count);
        if (writer->observer.see)
            writer->observer.see(writer->observer.context, writer->batch, count);
    } else {
        metric_add(METRIC_COMMIT_FAILED_TOTAL, 1);
    }
    writer_set_healthy(writer, rc == 0, &err);
    return rc;
}

/* A job may be gone as soon as its done() was called. */
static void
writer_finish(struct writer *writer, size_t count, int rc)
{
    for (size_t i = 0; i < count; i++) {
        struct writer_job *job = writer->oldest;

        writer->oldest = job->next;
        if (!writer->oldest)
            writer->end = &writer->oldest;
        job->done(job, rc);
    }
    atomic_fetch_sub(&writer->queued, count);
    metric_add(METRIC_WRITER_QUEUE, -(int64_t)count);
}

static void
writer_store(struct writer *writer)
{
    size_t count = writer_seal(writer);

    if (writer_commit(writer, count) == 0) {
        writer_finish(writer, count, 0);
        if (writer->observer.tell)
            writer->observer.tell(writer->observer.context);
        return;
    }
    pthread_rwlock_wrlock(&writer->gate);
    writer_finish(writer, count, -1);
    writer_give_back(writer);
    pthread_rwlock_unlock(&writer->gate);
}

static void *
writer_main(void *context)
{
    struct writer *writer = context;

    pthread_setname_np(pthread_self(), "writer"); /* as top and the benchmarks show it */
    for (;;) {
        writer_take(writer);
        if (writer->oldest) {
            writer_gather(writer);
            writer_take(writer);
            writer_store(writer);
        } else if (writer_is_finished(writer)) {
            return NULL;
        } else {
            writer_wait(writer, 1, NULL);
        }
    }
}

static struct writer *
writer_new(struct store *store)
{
    struct writer *writer = calloc(1, sizeof(*writer));
    pthread_rwlockattr_t patient;
    pthread_condattr_t monotonic;

    if (!writer || pthread_mutex_init(&writer->lock, NULL) != 0 ||
        pthread_condattr_init(&monotonic) != 0 ||
        pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) != 0 ||
        pthread_cond_init(&writer->wake, &monotonic) != 0)
        abort();
    pthread_condattr_destroy(&monotonic);
    /* Those who decide come one after the other without end; the writer must get its turn. */
    if (pthread_rwlockattr_init(&patient) != 0 ||
        pthread_rwlockattr_setkind_np(&patient, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP) !=
            0 ||
        pthread_rwlock_init(&writer->gate, &patient) != 0)
        abort();
    pthread_rwlockattr_destroy(&patient);
    writer->store = store;
    writer->end = &writer->oldest;
    atomic_init(&writer->healthy, true);
    return writer;
}

static void
writer_free(struct writer *writer)
{
    pthread_rwlock_destroy(&writer->gate);
    pthread_cond_destroy(&writer->wake);
    pthread_mutex_destroy(&writer->lock);
    free(writer);
}

int
writer_open(struct store *store, struct writer **out, struct error *err)
{
    struct writer *writer = writer_new(store);
    int why;

    *out = NULL;
    if (store->ops->head(store, &writer->head_seq, writer->head_chain, err) != 0)
        goto fail;
    why = pthread_create(&writer->thread, NULL, writer_main, writer);
    if (why != 0) {
        error_set(err, ERROR_INTERNAL, "cannot start the writer: %s", strerror(why));
        goto fail;
    }
    *out = writer;
    return 0;
fail:
    writer_free(writer);
    return -1;
}

/* The writer reads them only once a job was pushed, and that orders it behind us. */
void
writer_observe(struct writer *writer, const struct writer_observer *observer)
{
    writer->observer = *observer;
}

/* Take back what writer_submit() counted; a closing writer may wait for it. */
static void
writer_uncount(struct writer *writer)
{
    atomic_fetch_sub(&writer->queued, 1);
    if (atomic_load(&writer->closing))
        writer_wake(writer);
}

int
writer_submit(struct writer *writer, struct writer_job *job, struct error *err)
{
    size_t before = atomic_fetch_add(&writer->queued, 1), wake_at;

    assert(job->done && job->entry.body);
    if (atomic_load(&writer->closing)) {
        writer_uncount(writer);
        return error_set(err, ERROR_BUSY, "the gateway is shutting down");
    }
    if (before >= WRITER_QUEUE_MAX) {
        writer_uncount(writer);
        return error_set(err, ERROR_BUSY, "%d decisions wait for the store already",
                         WRITER_QUEUE_MAX);
    }
    metric_add(METRIC_WRITER_QUEUE, 1);
    job->next = atomic_load(&writer->newest);
    while (!atomic_compare_exchange_weak(&writer->newest, &job->next, job))
        ;
    wake_at = atomic_load(&writer->wake_at);
    if (wake_at != 0 && before + 1 >= wake_at)
        writer_wake(writer);
    return 0;
}

void
writer_enter(struct writer *writer)
{
    pthread_rwlock_rdlock(&writer->gate);
}

void
writer_leave(struct writer *writer)
{
    pthread_rwlock_unlock(&writer->gate);
}

uint64_t
writer_head(struct writer *writer, uint8_t chain[SHA256_BYTES])
{
    uint64_t seq;

    pthread_mutex_lock(&writer->lock);
    seq = writer->head_seq;
    memcpy(chain, writer->head_chain, SHA256_BYTES);
    pthread_mutex_unlock(&writer->lock);
    return seq;
}

size_t
writer_queued(struct writer *writer)
{
    return atomic_load(&writer->queued);
}

bool
writer_healthy(struct writer *writer)
{
    return atomic_load(&writer->healthy);
}

void
writer_close(struct writer *writer)
{
    if (!writer)
        return;
    atomic_store(&writer->closing, true);
    writer_wake(writer);
    pthread_join(writer->thread, NULL);
    writer_free(writer);
}
