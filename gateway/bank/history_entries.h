/*
 * history_entries.h - sorted entries and their sums, for the files history_account.c and
 * history_large.c only.
 */
#ifndef GATEWAY_BANK_HISTORY_ENTRIES_H
#define GATEWAY_BANK_HISTORY_ENTRIES_H

#include <stdlib.h>
#include <string.h>

#include "gateway/bank/history_account.h"

static inline void *
grown(void *old, size_t bytes)
{
    void *memory = realloc(old, bytes);

    if (!memory)
        abort();
    return memory;
}

static inline void
sums_add(struct sums *sums, const struct sums *more)
{
    sums->sum += more->sum;
    sums->count += more->count;
    sums->last += more->last;
    sums->refused += more->refused;
    sums->unknown += more->unknown;
    if (more->largest > sums->largest)
        sums->largest = more->largest;
}

static inline struct sums
sums_of(const struct entry *entry)
{
    bool known = entry->amount != MEMORY_UNKNOWN;

    return (struct sums){
        .sum = known ? entry->amount : 0,
        .largest = known ? entry->amount : 0,
        .count = 1,
        .last = (entry->marks & ENTRY_LAST) != 0,
        .refused = (entry->marks & ENTRY_REFUSED) != 0,
        .unknown = !known,
    };
}

static inline void
sums_add_entries(struct sums *sums, const struct entry *entries, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        const struct sums one = sums_of(&entries[i]);

        sums_add(sums, &one);
    }
}

static inline bool
is_before(int64_t at_ms, uint32_t order, int64_t other_ms, uint32_t other_order)
{
    return at_ms != other_ms ? at_ms < other_ms : (int32_t)(order - other_order) < 0;
}

/* The first that is not before the time and order: most often it would be behind the last. */
static inline size_t
entries_find(const struct entry *entries, size_t count, int64_t at_ms, uint32_t order)
{
    size_t low = 0, high = count;

    if (count > 0 &&
        is_before(entries[count - 1].at_ms, entries[count - 1].order, at_ms, order))
        return count;
    while (low < high) {
        size_t middle = (low + high) / 2;

        if (is_before(entries[middle].at_ms, entries[middle].order, at_ms, order))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The first of the time since_ms or later: most often the first of all. */
static inline size_t
entries_since(const struct entry *entries, size_t count, int64_t since_ms)
{
    size_t low = 0, high = count;

    if (count == 0 || entries[0].at_ms >= since_ms)
        return 0;
    while (low < high) {
        size_t middle = (low + high) / 2;

        if (entries[middle].at_ms < since_ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static inline void
entries_insert(struct entry *entries, size_t count, size_t at, const struct entry *entry)
{
    memmove(&entries[at + 1], &entries[at], (count - at) * sizeof(*entries));
    entries[at] = *entry;
}

static inline void
entries_delete(struct entry *entries, size_t count, size_t at)
{
    memmove(&entries[at], &entries[at + 1], (count - at - 1) * sizeof(*entries));
}

#endif
