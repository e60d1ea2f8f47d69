/*
 * firing.c - a batch of payments whose time has come: claimed, each with its event put
 * together on the reader's thread, and handed to the writer in order.
 */
#include <stdlib.h>

#include "gateway/bank/follow.h"
#include "gateway/bank/schedule_private.h"
#include "gateway/base/log.h"

/* Why something happens by itself, by the state that it happens in. */
static const char *const causes[PAYMENT_STATE_COUNT] = {
    [PAYMENT_ACCEPTED] = "settled",
    [PAYMENT_RELEASED] = "settled",
    [PAYMENT_HELD] = "hold_ran_out",
    [PAYMENT_AWAITING_INFORMATION] = "deadline_passed",
};

static int
firing_fill(struct bank *bank, const struct snapshot *snapshot, const struct dossier *dossier,
            struct firing *firing, struct error *err)
{
    struct arena *arena = &firing->batch->arena;
    enum payment_state state = firing->stand.state, next;
    struct life_event event;
    struct course follows;

    if (dossier_follows(dossier, arena, &follows, err) != 0)
        return -1;
    next = action_follows(state, follows.action);
    if (follows.at_ms != firing->due.at_ms || next == PAYMENT_RECEIVED)
        return error_set(err, ERROR_INTERNAL,
                         "payment %llu is %s, and its records do not say what follows",
                         (unsigned long long)firing->due.seq, payment_state_name(state));
    life_event_init(&event, dossier->record.id, dossier->record.uetr, state, firing->due.at_ms);
    if (follow_move(bank, snapshot, dossier, next, arena, &event, err) != 0)
        return -1;
    event.cause = causes[state];
    event.reason = follows.reason;
    event.disclosed = follows.disclosed.code[0] ? follows.disclosed : follows.reason;
    follow_entry(dossier, &event, 0, 0, arena, &firing->write.entry);
    return 0;
}

/* What the store cannot read now it may read later; what it has read stays as it is. */
static enum firing_built
firing_read(struct bank *bank, const struct snapshot *active, struct store *store,
            struct firing *firing, struct error *err)
{
    struct dossier dossier;

    if (dossier_read(store, firing->due.seq, &firing->stand, &firing->batch->arena, &dossier,
                     err) != 0)
        return err->code == ERROR_BUSY ? FIRING_LATER : FIRING_LOST;
    return firing_fill(bank, active, &dossier, firing, err) == 0 ? FIRING_BUILT : FIRING_LOST;
}

/* Once per change, not once per try. */
static void
note_unreadable(struct schedule *schedule, bool unreadable, uint64_t seq,
                const struct error *err)
{
    if (schedule->unreadable == unreadable)
        return;
    schedule->unreadable = unreadable;
    if (unreadable)
        log_error("schedule.waits", "seq=%llu why=\"%s\"", (unsigned long long)seq, err->text);
    else
        log_info("schedule.goes_on", "seq=%llu", (unsigned long long)seq);
}

static enum firing_built
firing_build(struct bank *bank, const struct snapshot *active, struct store *store,
             struct firing *firing)
{
    struct error err = {0};
    enum firing_built built =
        active ? firing_read(bank, active, store, firing, &err) : FIRING_LATER;

    if (active)
        note_unreadable(firing->batch->schedule, built == FIRING_LATER, firing->due.seq, &err);
    if (built == FIRING_LOST)
        log_error("schedule.lost", "seq=%llu why=\"%s\"", (unsigned long long)firing->due.seq,
                  err.text);
    return built;
}

static void
batch_build(struct bank *bank, struct store *store, struct batch *batch)
{
    const struct snapshot *active = bank_enter(bank)->active;

    for (size_t i = 0; i < batch->count; i++)
        batch->firings[i].built = firing_build(bank, active, store, &batch->firings[i]);
    bank_leave();
}

/* Under the lock: one user of the batch less. */
static void
batch_leave(struct batch *batch)
{
    if (--batch->pending > 0)
        return;
    arena_release(&batch->arena);
    free(batch);
}

/* Take what is due by limit, in order, and claim it. */
static struct batch *
batch_claim(struct schedule *schedule, int64_t limit_ms)
{
    struct standing *standing = schedule->bank->standing;
    struct batch *batch = calloc(1, sizeof(*batch));
    const struct due *first;

    if (!batch)
        abort();
    batch->schedule = schedule;
    batch->pending = 1;
    pthread_mutex_lock(&schedule->lock);
    while (batch->count < FIRING_BATCH && (first = due_first(&schedule->heap)) != NULL &&
           first->at_ms <= limit_ms) {
        struct firing *firing = &batch->firings[batch->count];

        due_pop(&schedule->heap, &firing->due);
        firing->batch = batch;
        if (!standing_claim_due(standing, firing->due.seq, &firing->stand))
            continue;
        /* Moved meanwhile, it is in the schedule with another instant. */
        if (firing->stand.due_ms != firing->due.at_ms) {
            standing_give_up(standing, firing->due.seq);
            continue;
        }
        batch->count++;
    }
    schedule_note_next(schedule);
    pthread_mutex_unlock(&schedule->lock);
    return batch;
}

static void
on_build(struct reader_job *job, struct store *store)
{
    struct batch *batch = (struct batch *)(void *)((char *)job - offsetof(struct batch, read));
    struct schedule *schedule = batch->schedule;

    batch_build(schedule->bank, store, batch);
    pthread_mutex_lock(&schedule->lock);
    schedule->built = true;
    pthread_cond_signal(&schedule->wake);
    pthread_mutex_unlock(&schedule->lock);
}

static int
batch_have_built(struct schedule *schedule, struct batch *batch)
{
    struct error err = {0};

    schedule->built = false;
    batch->read.run = on_build;
    if (reader_submit(schedule->bank->reader, &batch->read, &err) != 0)
        return -1;
    pthread_mutex_lock(&schedule->lock);
    while (!schedule->built)
        pthread_cond_wait(&schedule->wake, &schedule->lock);
    pthread_mutex_unlock(&schedule->lock);
    return 0;
}

/* Not fired: as if it had never been taken. */
static void
firing_put_back(struct schedule *schedule, struct firing *firing)
{
    bank_give_up(schedule->bank, firing->due.seq, &firing->stand);
}

/* On the writer's thread. */
static void
on_written(struct writer_job *job, int rc)
{
    struct firing *firing = (struct firing *)job;
    struct batch *batch = firing->batch;
    struct schedule *schedule = batch->schedule;

    bank_event_written(schedule->bank, &firing->stand, &job->entry, rc);
    if (rc == 0)
        atomic_fetch_add(&schedule->fired, 1);
    else
        atomic_store(&schedule->refused, true);
    pthread_mutex_lock(&schedule->lock);
    schedule->in_flight--;
    if (schedule->in_flight == 0 || schedule->in_flight == IN_FLIGHT_MAX / 2)
        pthread_cond_signal(&schedule->wake);
    batch_leave(batch);
    pthread_mutex_unlock(&schedule->lock);
}

void
schedule_drain(struct schedule *schedule, size_t most)
{
    pthread_mutex_lock(&schedule->lock);
    while (schedule->in_flight > most)
        pthread_cond_wait(&schedule->wake, &schedule->lock);
    pthread_mutex_unlock(&schedule->lock);
}

/* Hand one to the writer.  False: it does not take it. */
static bool
firing_submit(struct schedule *schedule, struct firing *firing)
{
    struct error err = {0};

    firing->write.done = on_written;
    pthread_mutex_lock(&schedule->lock);
    schedule->in_flight++;
    firing->batch->pending++;
    pthread_mutex_unlock(&schedule->lock);
    if (bank_submit_event(schedule->bank, &firing->stand, &firing->write, &err) == 0)
        return true;
    pthread_mutex_lock(&schedule->lock);
    schedule->in_flight--;
    firing->batch->pending--;
    pthread_mutex_unlock(&schedule->lock);
    atomic_store(&schedule->refused, true);
    return false;
}

/*
 * Hand over what was built, in order.  What is due after something that follows from what
 * is under way goes back, until that is in the heap (D1).
 */
static void
batch_submit(struct schedule *schedule, struct batch *batch)
{
    bool stopped = false;

    for (size_t i = 0; i < batch->count; i++) {
        struct firing *firing = &batch->firings[i];
        int64_t follows_ms = firing->write.entry.due_ms;

        if (firing->built == FIRING_LOST) {
            standing_give_up(schedule->bank->standing, firing->due.seq);
            continue;
        }
        if (firing->built == FIRING_LATER)
            atomic_store(&schedule->refused, true);
        stopped = stopped || firing->built == FIRING_LATER ||
                  firing->due.at_ms > schedule->barrier_ms;
        if (stopped || !firing_submit(schedule, firing)) {
            stopped = true;
            firing_put_back(schedule, firing);
            continue;
        }
        if (follows_ms != 0 && follows_ms < schedule->barrier_ms)
            schedule->barrier_ms = follows_ms;
    }
    schedule_drain(schedule, stopped ? 0 : IN_FLIGHT_MAX / 2);
    if (stopped)
        schedule->barrier_ms = INT64_MAX;
}

/* Fire what is due by limit, one batch of it. */
void
schedule_fire(struct schedule *schedule, int64_t limit_ms)
{
    struct batch *batch = batch_claim(schedule, limit_ms);

    if (batch->count > 0 && batch_have_built(schedule, batch) == 0) {
        batch_submit(schedule, batch);
    } else if (batch->count > 0) {
        for (size_t i = 0; i < batch->count; i++)
            firing_put_back(schedule, &batch->firings[i]);
        atomic_store(&schedule->refused, true);
    }
    pthread_mutex_lock(&schedule->lock);
    batch_leave(batch);
    pthread_mutex_unlock(&schedule->lock);
}
