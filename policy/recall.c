/* recall.c - one loop a question. */
#include "policy/recall.h"

#include <string.h>

static bool
has_end_user(const struct memory_keys *keys, uint64_t end_user)
{
    for (uint32_t i = 0; i < keys->end_user_count; i++)
        if (keys->end_users[i] == end_user)
            return true;
    return false;
}

/* Is the note one of those that the key stands for? */
static bool
is_of(const struct memory_note *note, enum policy_history_by by, uint64_t key)
{
    switch (by) {
    case POLICY_HISTORY_DEBTOR:
        return note->keys.debtor == key;
    case POLICY_HISTORY_CREDITOR:
        return note->keys.creditor == key;
    case POLICY_HISTORY_CONTRACT:
        return key != 0 && note->keys.contract == key;
    case POLICY_HISTORY_END_USER:
        return has_end_user(&note->keys, key);
    case POLICY_HISTORY_REFUSED:
        return note->keys.presented == key && note->outcome == MEMORY_REFUSED;
    default:
        return false;
    }
}

/* Does a later one of those that are counted have the same counterparty? */
static bool
comes_again(const struct recall *recall, size_t i, enum policy_history_by by, uint64_t key,
            int64_t since_ms)
{
    uint64_t other = memory_counterparty(&recall->notes[i].keys, by);

    for (size_t j = i + 1; j < recall->count; j++)
        if (recall->notes[j].at_ms >= since_ms && is_of(&recall->notes[j], by, key) &&
            memory_counterparty(&recall->notes[j].keys, by) == other)
            return true;
    return false;
}

static void
window_of(const struct recall *recall, enum policy_history_by by, uint64_t key,
          int64_t since_ms, struct memory_window *out)
{
    *out = (struct memory_window){0};
    for (size_t i = 0; i < recall->count; i++) {
        const struct memory_note *note = &recall->notes[i];

        if (!is_of(note, by, key))
            continue;
        if (note->at_ms > out->last_ms)
            out->last_ms = note->at_ms;
        if (note->at_ms < since_ms)
            continue;
        out->count++;
        out->refused += note->outcome == MEMORY_REFUSED;
        out->counterparties += !comes_again(recall, i, by, key, since_ms);
        if (note->amount == MEMORY_UNKNOWN) {
            out->unknown++;
            continue;
        }
        out->sum += note->amount;
        if (note->amount > out->largest)
            out->largest = note->amount;
    }
}

static void
recall_window(struct facts_memory *memory, enum policy_history_by by, int64_t since_ms,
              struct memory_window *out)
{
    const struct recall *recall = (const struct recall *)memory;
    const struct memory_keys *keys = recall->keys;
    const uint64_t single[] = {
        [POLICY_HISTORY_DEBTOR] = keys->debtor,
        [POLICY_HISTORY_CREDITOR] = keys->creditor,
        [POLICY_HISTORY_CONTRACT] = keys->contract,
        [POLICY_HISTORY_REFUSED] = keys->presented,
    };

    if (by != POLICY_HISTORY_END_USER) {
        window_of(recall, by, single[by], since_ms, out);
        return;
    }
    *out = (struct memory_window){0};
    for (uint32_t i = 0; i < keys->end_user_count; i++) {
        struct memory_window window;

        window_of(recall, by, keys->end_users[i], since_ms, &window);
        if (memory_window_is_more(&window, out))
            *out = window;
    }
}

/* Could its goods be meant for the same device? */
static bool
is_related(const struct memory_keys *keys, const struct memory_note *note)
{
    if (note->keys.debtor == keys->debtor ||
        (keys->contract != 0 && note->keys.contract == keys->contract))
        return true;
    for (uint32_t i = 0; i < keys->end_user_count; i++)
        if (has_end_user(&note->keys, keys->end_users[i]))
            return true;
    return false;
}

static size_t
recall_parts(struct facts_memory *memory, int64_t since_ms, struct arena *arena,
             const struct memory_part **out)
{
    const struct recall *recall = (const struct recall *)memory;
    struct memory_part *parts =
        arena_alloc(arena, (recall->count * MEMORY_LINES_MAX + 1) * sizeof(*parts));
    size_t count = 0;

    *out = parts;
    for (size_t i = 0; i < recall->count; i++) {
        const struct memory_note *note = &recall->notes[i];
        char *uetr;

        if (note->outcome != MEMORY_OPEN || note->at_ms < since_ms ||
            !is_related(recall->keys, note))
            continue;
        uetr = arena_alloc(arena, MEMORY_UETR_SIZE);
        memory_uetr_print(note->uetr, uetr);
        for (uint32_t j = 0; j < note->line_count; j++)
            parts[count++] =
                (struct memory_part){uetr, note->lines[j].hs_code, note->lines[j].description,
                                     note->at_ms, note->lines[j].line};
    }
    return memory_parts_sort(parts, count);
}

static void
recall_enter(struct facts_memory *memory)
{
    (void)memory;
}

void
recall_init(struct recall *recall, const struct memory_keys *keys,
            const struct memory_note *notes, size_t count)
{
    *recall = (struct recall){
        .memory = {recall_enter, recall_window, recall_parts},
        .keys = keys,
        .notes = notes,
        .count = count,
    };
}
