/* act.c - find, claim, read, decide, write; then standing and schedule. */
#include "gateway/bank/act.h"

#include <stddef.h>
#include <string.h>

#include "gateway/bank/bank_private.h"
#include "gateway/bank/follow.h"

#define VIEW_BYTES_MORE 1024

#define act_of(member, pointer)                                                                \
    ((struct act *)(void *)((char *)(pointer)-offsetof(struct act, member)))

static void
act_finish(struct act *act, int rc)
{
    act->rc = rc;
    act->done(act);
}

/* On the writer's thread. */
static void
act_written(struct writer_job *job, int rc)
{
    struct act *act = act_of(write, job);

    bank_event_written(act->bank, &act->stand, &job->entry, rc);
    if (rc != 0)
        error_record(&act->err, ERROR_BUSY,
                     "the store could not write; nothing was changed, try again");
    act_finish(act, rc == 0 ? 0 : -1);
}

/* The payment as it will stand with the event. */
static void
act_view(struct act *act, const struct dossier *dossier)
{
    const struct dossier_event next = {act->write.entry.body, act->write.entry.body_len};
    struct buffer view;

    buffer_init(&view, act->arena, dossier->record.answer_len + VIEW_BYTES_MORE);
    dossier_view(dossier, dossier->record.answer, dossier->record.answer_len, &next, true,
                 &view);
    act->view = view.data;
    act->view_len = view.len;
    act->event = next.body;
    act->event_len = next.len;
}

/* Claimed: what comes of it. */
static int
act_decide(struct act *act, struct store *store, uint64_t seq)
{
    struct bank *bank = act->bank;
    const struct snapshot *active;
    struct life_event event;
    struct dossier dossier;
    int rc;

    if (dossier_read(store, seq, &act->stand, act->arena, &dossier, &act->err) != 0)
        return -1;
    if (dossier.event_count >= DOSSIER_EVENTS_MAX)
        return error_set(&act->err, ERROR_CONFLICT,
                         "%d things have happened to this payment already; no more are taken",
                         DOSSIER_EVENTS_MAX);
    life_event_init(&event, dossier.record.id, dossier.record.uetr, act->stand.state,
                    clock_now(&bank->clock));
    event.actor = act->actor;
    active = bank_enter(bank)->active;
    rc = active ? act->decide(act, bank, active, &dossier, &event, &act->err)
                : error_set(&act->err, ERROR_BUSY, "no policy is in force; try again later");
    if (rc == 0)
        follow_entry(&dossier, &event, act->clears, act->sets, act->arena, &act->write.entry);
    bank_leave();
    if (rc == 0)
        act_view(act, &dossier);
    return rc;
}

/* The seq of the one that is meant: a fingerprint alone does not prove it. */
static int
act_find(struct act *act, struct store *store, uint64_t *seq)
{
    char wanted[IDENT_TEXT_SIZE];

    ident_print(&act->id, wanted);
    for (size_t i = 0; i < act->match_count; i++) {
        struct store_entry entry;
        struct record record;

        if (store->ops->read(store, act->matches[i], act->arena, &entry, &act->err) != 0 ||
            record_read(entry.body, entry.body_len, act->arena, &record, &act->err) != 0)
            return -1;
        *seq = entry.seq;
        if (strcmp(record.id, wanted) == 0)
            return 0;
    }
    return error_set(&act->err, ERROR_NOT_FOUND, "no payment has this id");
}

/* On the reader's thread. */
static void
act_run(struct reader_job *job, struct store *store)
{
    struct act *act = act_of(read, job);
    struct bank *bank = act->bank;
    uint64_t seq;

    if (act_find(act, store, &seq) != 0 ||
        standing_claim(bank->standing, seq, &act->stand, &act->err) != 0) {
        act_finish(act, -1);
        return;
    }
    act->write.done = act_written;
    if (act_decide(act, store, seq) != 0 ||
        bank_submit_event(bank, &act->stand, &act->write, &act->err) != 0) {
        bank_give_up(bank, seq, &act->stand);
        act_finish(act, -1);
    }
}

void
bank_act(struct bank *bank, struct act *act)
{
    act->bank = bank;
    act->clears = act->sets = 0;
    act->match_count = fingerprints_find(bank->uetrs, act->id.fingerprint, act->matches);
    if (act->match_count == 0) {
        error_record(&act->err, ERROR_NOT_FOUND, "no payment has this id");
        act_finish(act, -1);
        return;
    }
    act->read.run = act_run;
    if (reader_submit(bank->reader, &act->read, &act->err) != 0)
        act_finish(act, -1);
}
