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
history_trim(struct history *history, int64_t now_ms)
{
    for (int i = 0; i < HISTORY_TRIM; i++) {
        struct history_visit visit = {.history = history};
        uint32_t number = notes_oldest(&history->notes, now_ms);

        if (number == 0)
            return;
        note_keys(note_at(&history->notes, number), &visit.keys);
        visit_find_shards(&visit);
        visit_enter(&visit.memory);
        if (!note_at(&history->notes, number)->gone)
            note_remove(&visit, number, true);
        notes_drop(&history->notes, number);
        visit_unlock(&visit);
    }
}

void
history_leave(struct history_visit *visit)
{
    visit_unlock(visit);
    history_trim(visit->history, visit->now_ms);
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

/* Under the locks of its shards. */
static void
note_forget(struct history_visit *visit, uint32_t number)
{
    note_remove(visit, number, false);
    notes_forget(&visit->history->notes, number);
}

void
history_unnote(struct history_visit *visit, uint64_t id)
{
    note_forget(visit, (uint32_t)id);
}

void
history_forget(struct history *history, uint64_t id)
{
    struct history_visit visit;

    if (!note_enter(history, id, &visit))
        return;
    note_forget(&visit, (uint32_t)id);
    visit_unlock(&visit);
}

static void
mark_accounts(struct history_visit *visit, const struct note *note, bool refused)
{
    for (uint32_t i = 0; i < visit_keys(visit); i++)
        if (visit->accounts[i] && i != VISIT_PRESENTED)
            account_refuse(visit->accounts[i], note->at_ms, note->order, refused);
}

bool
history_change(struct history *history, uint64_t id, enum memory_outcome outcome,
               struct history_change *change)
{
    struct history_visit *visit = &change->visit;
    struct note *note = note_enter(history, id, visit);

    if (!note)
        return false;
    if (note->outcome == MEMORY_REFUSED || note->outcome == outcome) {
        visit_unlock(visit);
        return false;
    }
    change->id = id;
    note->outcome = (uint8_t)outcome;
    if (outcome == MEMORY_REFUSED) {
        mark_accounts(visit, note, true);
        note_under(visit, VISIT_PRESENTED, note);
    }
    if (note->extra)
        note_leave_parts(visit, (uint32_t)id);
    return true;
}

/* Under the locks of its shards. */
static void
note_reopen(struct history_visit *visit, struct note *note, uint32_t number)
{
    if (note->outcome == MEMORY_REFUSED) {
        mark_accounts(visit, note, false);
        if (visit->accounts[VISIT_PRESENTED]) {
            account_remove(visit->accounts[VISIT_PRESENTED], note->at_ms, note->order);
            visit_account_settle(visit, VISIT_PRESENTED);
        }
    }
    if (note->outcome != MEMORY_OPEN) {
        note->outcome = MEMORY_OPEN;
        if (note->extra && note->extra->packed_len > 0)
            note_part(visit, note, number);
    }
}

void
history_unchange(struct history_change *change)
{
    struct history_visit *visit = &change->visit;
    uint32_t number = (uint32_t)change->id;

    note_reopen(visit, note_at(&visit->history->notes, number), number);
}

void
history_changed(struct history_change *change)
{
    visit_unlock(&change->visit);
}

void
history_reopen(struct history *history, uint64_t id)
{
    struct history_visit visit;
    struct note *note = note_enter(history, id, &visit);

    if (!note)
        return;
    note_reopen(&visit, note, (uint32_t)id);
    visit_unlock(&visit);
}

static void
change_at_once(struct history *history, uint64_t id, enum memory_outcome outcome)
{
    struct history_change change;

    if (history_change(history, id, outcome, &change))
        history_changed(&change);
}

void
history_refuse(struct history *history, uint64_t id)
{
    change_at_once(history, id, MEMORY_REFUSED);
}

void
history_cancel(struct history *history, uint64_t id)
{
    change_at_once(history, id, MEMORY_CANCELLED);
}
