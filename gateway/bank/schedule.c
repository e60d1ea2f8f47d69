/*
 * schedule.c - one thread, a heap, and the queue of those who wait.
 *
 *   claim what is due -> have it built (reader) -> hand it over (writer) -> on disk
 *        ^                                              |
 *        +----- what follows, or what failed -----------+
 *
 * While the writer commits one batch the next is being built.  An event that something
 * follows from within the same stretch of time holds back what is due after that: first
 * all that is under way must be on disk and in the heap again (D1).
 */
#include "gateway/bank/schedule.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gateway/bank/schedule_private.h"
#include "gateway/base/log.h"
#include "gateway/base/metrics.h"
#include "gateway/base/time.h"
#include "gateway/base/waiter.h"

#define RETRY_MS 200   /* of real time, after the store refused something */
#define LOOK_MS  60000 /* a clock that runs is looked at at least so often */

/* Under the lock, after the heap has changed. */
void
schedule_note_next(struct schedule *schedule)
{
    const struct due *first = due_first(&schedule->heap);

    atomic_store(&schedule->next_ms, first ? first->at_ms : INT64_MAX);
}

void
schedule_push(struct schedule *schedule, struct due due)
{
    if (due.at_ms == 0)
        return;
    due_push(&schedule->heap, due);
    schedule_note_next(schedule);
}

void
schedule_add(struct schedule *schedule, uint64_t seq, int64_t due_ms)
{
    if (due_ms == 0)
        return;
    pthread_mutex_lock(&schedule->lock);
    /* Only an earlier one than all the rest changes how long the thread may sleep. */
    if (due_ms < atomic_load(&schedule->next_ms))
        pthread_cond_signal(&schedule->wake);
    schedule_push(schedule, (struct due){due_ms, seq});
    pthread_mutex_unlock(&schedule->lock);
}

int64_t
schedule_next_ms(struct schedule *schedule)
{
    return atomic_load(&schedule->next_ms);
}

void
schedule_until(struct schedule *schedule, struct schedule_wait *wait)
{
    bool closing;

    wait->next = NULL;
    wait->rc = 0;
    wait->fired = 0;
    pthread_mutex_lock(&schedule->lock);
    closing = schedule->closing;
    if (!closing) {
        *schedule->last = wait;
        schedule->last = &wait->next;
        pthread_cond_signal(&schedule->wake);
    }
    pthread_mutex_unlock(&schedule->lock);
    if (closing) {
        wait->rc = error_set(&wait->err, ERROR_BUSY, "the gateway is shutting down");
        wait->done(wait);
    }
}

/* ---- the clock ---- */

struct clock_record {
    struct writer_job write;
    struct waiter waiter;
};

static void
on_clock_written(struct writer_job *job, int rc)
{
    waiter_done(&((struct clock_record *)job)->waiter, rc);
}

/* That the clock is to be moved, on disk (D3). */
static int
write_clock(struct schedule *schedule, const struct schedule_wait *wait, struct error *err)
{
    struct clock_record record = {.write.done = on_clock_written};
    struct arena arena = {0};
    char at[INSTANT_TEXT_SIZE];
    struct buffer body;
    int rc;

    instant_print(wait->until_ms, at);
    buffer_init(&body, &arena, 256);
    json_open(&body, '{');
    json_member(&body, "kind", "clock");
    json_member(&body, "at", at);
    json_key(&body, "at_ms");
    json_int(&body, wait->until_ms);
    json_member(&body, "actor", wait->actor);
    json_close(&body, '}');
    record.write.entry = (struct store_entry){
        .kind = RECORD_CLOCK, .at_ms = wait->until_ms, .body = body.data, .body_len = body.len};
    waiter_init(&record.waiter, 1);
    rc = writer_submit(schedule->bank->writer, &record.write, err);
    if (rc != 0)
        waiter_done(&record.waiter, -1);
    if (waiter_wait(&record.waiter) != 0 && rc == 0)
        rc = error_set(err, ERROR_BUSY,
                       "the store could not write; the clock was not moved, try again");
    arena_release(&arena);
    return rc;
}

static int
refuse_backwards(struct clock *clock, struct error *err)
{
    char now[INSTANT_TEXT_SIZE];

    instant_print(clock_now(clock), now);
    return error_set(err, ERROR_INVALID,
                     "the clock stands at %s already, and only moves forward", now);
}

/* Its turn has come: what it waits for. */
static int
wait_begin(struct schedule *schedule, struct schedule_wait *wait)
{
    struct clock *clock = &schedule->bank->clock;

    if (wait->to_ms > 0) {
        wait->advance_ms = wait->to_ms - clock_now(clock);
        if (wait->advance_ms <= 0 && clock->kind == CLOCK_MANUAL)
            return refuse_backwards(clock, &wait->err);
    }
    if (wait->advance_ms == 0)
        return 0;
    if (clock_may_advance(clock, wait->advance_ms, &wait->err) != 0)
        return -1;
    wait->until_ms = clock_now(clock) + wait->advance_ms;
    return write_clock(schedule, wait, &wait->err);
}

/*
 * All is fired, or the store refuses: then the clock stands where the record says that it
 * does, and what is overdue is tried again.
 */
static void
wait_end(struct schedule *schedule, struct schedule_wait *wait, bool refused)
{
    if (wait->advance_ms != 0)
        clock_advance_to(&schedule->bank->clock, wait->until_ms);
    if (refused)
        wait->rc = error_set(&wait->err, ERROR_BUSY,
                             "the store could not write all that is due; it is tried again");
    wait->done(wait);
}

/* ---- the thread ---- */

static struct schedule_wait *
take_wait(struct schedule *schedule)
{
    struct schedule_wait *wait;

    pthread_mutex_lock(&schedule->lock);
    wait = schedule->first;
    if (wait) {
        schedule->first = wait->next;
        if (!schedule->first)
            schedule->last = &schedule->first;
    }
    pthread_mutex_unlock(&schedule->lock);
    return wait;
}

static bool
is_closing(struct schedule *schedule)
{
    bool closing;

    pthread_mutex_lock(&schedule->lock);
    closing = schedule->closing;
    pthread_mutex_unlock(&schedule->lock);
    return closing;
}

/* Fire all that is due by limit.  False: something could not be done now. */
static bool
fire_until(struct schedule *schedule, int64_t limit_ms)
{
    atomic_store(&schedule->refused, false);
    do {
        while (schedule_next_ms(schedule) <= limit_ms && !atomic_load(&schedule->refused) &&
               !is_closing(schedule))
            schedule_fire(schedule, limit_ms);
        schedule_drain(schedule, 0); /* what it leaves may be due as well */
        schedule->barrier_ms = INT64_MAX;
    } while (schedule_next_ms(schedule) <= limit_ms && !atomic_load(&schedule->refused) &&
             !is_closing(schedule));
    return !atomic_load(&schedule->refused);
}

static void
serve(struct schedule *schedule, struct schedule_wait *wait)
{
    uint64_t before = atomic_load(&schedule->fired);
    bool whole;

    if (wait_begin(schedule, wait) != 0) {
        wait->rc = -1;
        wait->done(wait);
        return;
    }
    whole = fire_until(schedule, wait->until_ms);
    wait->fired = atomic_load(&schedule->fired) - before;
    wait_end(schedule, wait, !whole || schedule_next_ms(schedule) <= wait->until_ms);
}

/* How long nothing need be done, of real time; less than 0: until somebody calls. */
static int64_t
idle_ms(struct schedule *schedule, int64_t next_ms, bool refused)
{
    struct clock *clock = &schedule->bank->clock;
    int64_t left;

    if (refused)
        return RETRY_MS;
    if (next_ms == INT64_MAX || clock->kind == CLOCK_MANUAL || clock->kind == CLOCK_PAYMENT)
        return -1;
    left = next_ms - clock_now(clock);
    return left < 0 ? 0 : left < LOOK_MS ? left : LOOK_MS;
}

/* Until somebody waits, something is due before next_ms, or the time is up. */
static void
sleep_until_called(struct schedule *schedule, int64_t next_ms, int64_t ms)
{
    struct timespec deadline;
    int why = 0;

    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += ms / 1000;
    deadline.tv_nsec += ms % 1000 * 1000000;
    if (deadline.tv_nsec >= 1000000000) {
        deadline.tv_sec++;
        deadline.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&schedule->lock);
    while (!schedule->closing && !schedule->first && why != ETIMEDOUT &&
           schedule_next_ms(schedule) >= next_ms)
        why = ms < 0 ? pthread_cond_wait(&schedule->wake, &schedule->lock)
                     : pthread_cond_timedwait(&schedule->wake, &schedule->lock, &deadline);
    pthread_mutex_unlock(&schedule->lock);
}

static void *
schedule_main(void *context)
{
    struct schedule *schedule = context;

    pthread_setname_np(pthread_self(), "schedule");
    while (!is_closing(schedule)) {
        bool refused = !fire_until(schedule, clock_now(&schedule->bank->clock));
        struct schedule_wait *wait = take_wait(schedule);

        /* Read once: what comes between the reckoning and the sleep is before this. */
        int64_t next_ms = schedule_next_ms(schedule);

        if (wait)
            serve(schedule, wait);
        else
            sleep_until_called(schedule, next_ms, idle_ms(schedule, next_ms, refused));
    }
    return NULL;
}

struct schedule *
schedule_new(struct bank *bank)
{
    struct schedule *schedule = calloc(1, sizeof(*schedule));
    pthread_condattr_t monotonic;

    if (!schedule || pthread_mutex_init(&schedule->lock, NULL) != 0 ||
        pthread_condattr_init(&monotonic) != 0 ||
        pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) != 0 ||
        pthread_cond_init(&schedule->wake, &monotonic) != 0)
        abort();
    pthread_condattr_destroy(&monotonic);
    schedule->bank = bank;
    schedule->last = &schedule->first;
    schedule->barrier_ms = INT64_MAX;
    atomic_init(&schedule->next_ms, INT64_MAX);
    return schedule;
}

int
schedule_start(struct schedule *schedule, struct error *err)
{
    int why = pthread_create(&schedule->thread, NULL, schedule_main, schedule);

    if (why != 0)
        return error_set(err, ERROR_INTERNAL, "cannot start the schedule: %s", strerror(why));
    schedule->started = true;
    return 0;
}

void
schedule_stop(struct schedule *schedule)
{
    struct schedule_wait *wait;

    if (!schedule)
        return;
    pthread_mutex_lock(&schedule->lock);
    schedule->closing = true;
    pthread_cond_signal(&schedule->wake);
    pthread_mutex_unlock(&schedule->lock);
    if (schedule->started)
        pthread_join(schedule->thread, NULL);
    schedule->started = false;
    while ((wait = take_wait(schedule)) != NULL) {
        wait->rc = error_set(&wait->err, ERROR_BUSY, "the gateway is shutting down");
        wait->done(wait);
    }
}

void
schedule_free(struct schedule *schedule)
{
    if (!schedule)
        return;
    due_release(&schedule->heap);
    pthread_cond_destroy(&schedule->wake);
    pthread_mutex_destroy(&schedule->lock);
    free(schedule);
}
