/* history_last.c - a hash table of counterparties. */
#include "gateway/bank/history_last.h"

#include <stdlib.h>

#define CAPACITY_FIRST 128

/* Of the counterparty, or the free one where it would be. */
static size_t
slot_of(const struct history_last *last, uint64_t other)
{
    size_t i = other & (last->capacity - 1);

    while (last->slots[i].other != 0 && last->slots[i].other != other)
        i = (i + 1) & (last->capacity - 1);
    return i;
}

bool
history_last_find(const struct history_last *last, uint64_t other,
                  struct history_last_seen *out)
{
    const struct history_last_slot *slot;

    if (last->count == 0)
        return false;
    slot = &last->slots[slot_of(last, other)];
    *out = slot->seen;
    return slot->other != 0;
}

static void
grow(struct history_last *last)
{
    struct history_last old = *last;

    last->capacity = old.capacity ? 2 * old.capacity : CAPACITY_FIRST;
    last->slots = calloc(last->capacity, sizeof(*last->slots));
    if (!last->slots)
        abort();
    for (size_t i = 0; i < old.capacity; i++)
        if (old.slots[i].other != 0)
            last->slots[slot_of(last, old.slots[i].other)] = old.slots[i];
    free(old.slots);
}

void
history_last_set(struct history_last *last, uint64_t other, struct history_last_seen seen)
{
    struct history_last_slot *slot;

    if (last->count + 1 > last->capacity / 4 * 3)
        grow(last);
    slot = &last->slots[slot_of(last, other)];
    last->count += slot->other == 0;
    *slot = (struct history_last_slot){other, seen};
}

/* Those behind it move up, as far as they may stand before where they are. */
void
history_last_drop(struct history_last *last, uint64_t other)
{
    size_t hole, i, mask = last->capacity - 1;

    if (last->count == 0)
        return;
    hole = slot_of(last, other);
    if (last->slots[hole].other == 0)
        return;
    last->count--;
    for (i = (hole + 1) & mask; last->slots[i].other != 0; i = (i + 1) & mask) {
        size_t home = last->slots[i].other & mask;

        if (((i - home) & mask) >= ((i - hole) & mask)) {
            last->slots[hole] = last->slots[i];
            hole = i;
        }
    }
    last->slots[hole] = (struct history_last_slot){0};
}

void
history_last_release(struct history_last *last)
{
    free(last->slots);
    *last = (struct history_last){0};
}
