/* history.c - what a visit is told, and what it leaves behind. */
#include "gateway/bank/history.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/bank/history_private.h"

struct history *
history_new(void)
{
    struct history *history = aligned_alloc(64, sizeof(*history));

    if (!history)
        abort();
    memset(history, 0, sizeof(*history));
    for (size_t s = 0; s < HISTORY_SHARDS; s++)
        pthread_mutex_init(&history->shards[s].lock, NULL);
    notes_init(&history->notes);
    return history;
}

void
history_free(struct history *history)
{
    if (!history)
        return;
    for (size_t s = 0; s < HISTORY_SHARDS; s++) {
        struct shard *shard = &history->shards[s];

        for (size_t i = 0; i < shard->capacity; i++)
            account_free(shard->slots[i].account);
        free(shard->slots);
        pthread_mutex_destroy(&shard->lock);
    }
    notes_release(&history->notes);
    free(history);
}

size_t
history_count(struct history *history)
{
    size_t count;

    pthread_mutex_lock(&history->notes.lock);
    count = history->notes.count;
    pthread_mutex_unlock(&history->notes.lock);
    return count;
}

/* --- asking ------------------------------------------------------------------------------ */

/* T3 */
static int64_t
within_horizon(const struct history_visit *visit, int64_t since_ms)
{
    int64_t horizon = visit->now_ms - HISTORY_HORIZON_MS;

    return since_ms > horizon ? since_ms : horizon;
}

static void
visit_window(struct facts_memory *memory, enum policy_history_by by, int64_t since_ms,
             struct memory_window *out)
{
    static const uint32_t places[POLICY_HISTORY_COUNT] = {
        [POLICY_HISTORY_DEBTOR] = VISIT_DEBTOR,      [POLICY_HISTORY_CREDITOR] = VISIT_CREDITOR,
        [POLICY_HISTORY_CONTRACT] = VISIT_CONTRACT,  [POLICY_HISTORY_REFUSED] = VISIT_PRESENTED,
        [POLICY_HISTORY_END_USER] = VISIT_END_USERS,
    };
    const struct history_visit *visit = (const struct history_visit *)memory;
    uint32_t from = places[by], to = from < VISIT_END_USERS ? from + 1 : visit_keys(visit);

    *out = (struct memory_window){0};
    since_ms = within_horizon(visit, since_ms);
    for (uint32_t i = from; i < to; i++) {
        struct memory_window window;

        if (!visit->accounts[i])
            continue;
        account_window(visit->accounts[i], since_ms, &window);
        if (i == from || memory_window_is_more(&window, out))
            *out = window;
    }
}

/* Where goods for the same device may be: under the debtor, the contract, the end users. */
static const struct account_parts *
visit_parts_of(const struct history_visit *visit, uint32_t at)
{
    if (at == VISIT_CREDITOR || at == VISIT_PRESENTED || !visit->accounts[at])
        return NULL;
    return visit->accounts[at]->parts;
}

static size_t
visit_parts(struct facts_memory *memory, int64_t since_ms, struct arena *arena,
            const struct memory_part **out)
{
    const struct history_visit *visit = (const struct history_visit *)memory;
    size_t room = 0, count = 0;
    struct memory_part *list;

    since_ms = within_horizon(visit, since_ms);
    for (uint32_t i = 0; i < visit_keys(visit); i++) {
        const struct account_parts *parts = visit_parts_of(visit, i);

        room += parts ? parts->count * MEMORY_LINES_MAX : 0;
    }
    *out = list = arena_alloc(arena, room * sizeof(*list));
    for (uint32_t i = 0; i < visit_keys(visit); i++) {
        const struct account_parts *parts = visit_parts_of(visit, i);

        for (uint32_t p = 0; parts && p < parts->count; p++) {
            const struct note *note = note_at(&visit->history->notes, parts->list[p].note);

            if (note->at_ms >= since_ms)
                count += note_parts(note, arena, &list[count]);
        }
    }
    return memory_parts_sort(list, count);
}

/* --- noting ------------------------------------------------------------------------------ */

void
history_visit(struct history *history, const struct policy_payment *payment, int64_t now_ms,
              struct arena *arena, struct history_visit *visit)
{
    visit->memory = (struct facts_memory){visit_enter, visit_window, visit_parts};
    visit->history = history;
    visit->now_ms = now_ms;
    visit->entered = false;
    memory_keys_of(payment, arena, &visit->keys);
    visit_find_shards(visit);
}

void
note_part(struct history_visit *visit, const struct note *note, uint32_t number)
{
    for (uint32_t i = 0; i < visit_keys(visit); i++) {
        if (i == VISIT_CREDITOR || i == VISIT_PRESENTED || !visit->accounts[i])
            continue;
        account_add_part(visit->accounts[i], number, note->extra->goods);
    }
}

void
note_under(struct history_visit *visit, uint32_t at, const struct note *note)
{
    struct account *account = visit_account_made(visit, at);
    const struct entry entry = {
        .at_ms = note->at_ms,
        .amount = note->amount,
        .other = at == VISIT_DEBTOR ? note->creditor : note->debtor,
        .order = note->order,
        .marks = note->outcome == MEMORY_REFUSED ? ENTRY_REFUSED : 0,
    };

    if (account)
        account_add(account, &entry);
}

uint64_t
note_insert(struct history_visit *visit, const struct memory_note *from)
{
    struct notes *notes = &visit->history->notes;
    uint32_t number = notes_add(notes, from);
    const struct note *note = note_at(notes, number);

    for (uint32_t i = 0; i < visit_keys(visit); i++)
        if (i != VISIT_PRESENTED || from->outcome == MEMORY_REFUSED)
            note_under(visit, i, note);
    if (from->outcome == MEMORY_OPEN && from->line_count > 0)
        note_part(visit, note, number);
    return note_id(number, note->order);
}

size_t
history_note(struct history_visit *visit, const struct policy_payment *payment,
             const struct decision *decision, uint8_t *packed, uint64_t *id)
{
    struct memory_note note;

    visit_enter(&visit->memory);
    memory_note_of(payment, &visit->keys, decision, &note);
    note.at_ms = visit->now_ms;
    *id = note_insert(visit, &note);
    return history_pack(&note, packed);
}

int
history_load(struct history *history, const void *packed, size_t len, int64_t at_ms,
             enum memory_outcome outcome, uint64_t *id, struct error *err)
{
    struct history_visit visit = {.history = history, .now_ms = at_ms};
    struct memory_note note;

    *id = 0;
    if (history_unpack(packed, len, &note, err) != 0)
        return -1;
    note.at_ms = at_ms;
    note.outcome = outcome;
    visit.keys = note.keys;
    visit_find_shards(&visit);
    visit_enter(&visit.memory);
    *id = note_insert(&visit, &note);
    history_leave(&visit);
    return 0;
}
