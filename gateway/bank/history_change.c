/* history_change.c - notes that leave, and what becomes of a payment later. */
#include <stdlib.h>
#include <string.h>

#include "gateway/bank/history_private.h"

/* --- leaving ----------------------------------------------------------------------------- */

static void
note_leave_parts(struct history_visit *visit, uint32_t number)
{
    for (uint32_t i = 0; i < visit_keys(visit); i++)
        if (visit->accounts[i])
            account_remove_part(visit->accounts[i], number);
}

/* Out of all accounts; aged: that it was there stays known, but of what may come but once. */
static void
note_remove(struct history_visit *visit, uint32_t number, bool aged)
{
    const struct note *note = note_at(&visit->history->notes, number);

    if (note->extra)
        note_leave_parts(visit, number);
    for (uint32_t i = 0; i < visit_keys(visit); i++) {
        struct account *account = visit->accounts[i];
        bool kept = aged && i != VISIT_CONTRACT && i != VISIT_PRESENTED;

        if (!account)
            continue;
        account_remove(account, note->at_ms, note->order);
        if (kept && note->at_ms > account->gone_ms)
            account->gone_ms = note->at_ms;
        visit_account_settle(visit, i);
    }
}

/* T4.  No lock is held. */
static void
history_trim(struct history *history)
{
    for (int i = 0; i < HISTORY_TRIM; i++) {
        struct history_visit visit = {.history = history};
        uint32_t number = notes_oldest(&history->notes);

        if (number == 0)
            return;
        note_keys(note_at(&history->notes, number), &visit.keys);
        visit_find_shards(&visit);
        visit_enter(&visit.memory);
        if (!note_at(&history->notes, number)->gone)
            note_remove(&visit, number, true);
        visit_unlock(&visit);
        notes_drop(&history->notes, number);
    }
}

void
history_leave(struct history_visit *visit)
{
    visit_unlock(visit);
    history_trim(visit->history);
}

/* --- what changes later ------------------------------------------------------------------ */

/* Locks the shards of a note that is remembered; NULL: it is not, and nothing is locked. */
static struct note *
note_enter(struct history *history, uint64_t id, struct history_visit *visit)
{
    *visit = (struct history_visit){.history = history};
    if (!notes_get(&history->notes, id, &visit->keys))
        return NULL;
    visit_find_shards(visit);
    visit_enter(&visit->memory);
    if (notes_get(&history->notes, id, &visit->keys))
        return note_at(&history->notes, (uint32_t)id);
    visit_unlock(visit);
    return NULL;
}

void
history_forget(struct history *history, uint64_t id)
{
    struct history_visit visit;
    struct note *note = note_enter(history, id, &visit);

    if (!note)
        return;
    note_remove(&visit, (uint32_t)id, false);
    pthread_mutex_lock(&history->notes.lock);
    note->gone = 1; /* listed by day until that day goes */
    history->notes.gone++;
    pthread_mutex_unlock(&history->notes.lock);
    visit_unlock(&visit);
}

void
history_refuse(struct history *history, uint64_t id)
{
    struct history_visit visit;
    struct note *note = note_enter(history, id, &visit);

    if (!note)
        return;
    if (note->outcome != MEMORY_REFUSED) {
        note->outcome = MEMORY_REFUSED;
        for (uint32_t i = 0; i < visit_keys(&visit); i++)
            if (visit.accounts[i] && i != VISIT_PRESENTED)
                account_refuse(visit.accounts[i], note->at_ms, note->order);
        note_under(&visit, VISIT_PRESENTED, note);
        note_leave_parts(&visit, (uint32_t)id);
    }
    visit_unlock(&visit);
}

void
history_cancel(struct history *history, uint64_t id)
{
    struct history_visit visit;
    struct note *note = note_enter(history, id, &visit);

    if (!note)
        return;
    if (note->outcome == MEMORY_OPEN) {
        note->outcome = MEMORY_CANCELLED;
        note_leave_parts(&visit, (uint32_t)id);
    }
    visit_unlock(&visit);
}
