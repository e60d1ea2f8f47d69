/*
 * history_last.h - when each counterparty of a large account was last seen.
 *
 * Open addressing, one probe after the other; what is dropped leaves no gap behind.
 */
#ifndef GATEWAY_BANK_HISTORY_LAST_H
#define GATEWAY_BANK_HISTORY_LAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct history_last_seen {
    int64_t at_ms;
    uint32_t order;
    uint32_t place; /* where its entry was put, and may be no longer (history_large.h) */
};

struct history_last_slot {
    uint64_t other; /* 0: free */
    struct history_last_seen seen;
};

/* {0} is an empty one. */
struct history_last {
    struct history_last_slot *slots;
    size_t count, capacity; /* a power of two */
};

bool history_last_find(const struct history_last *last, uint64_t other,
                       struct history_last_seen *out);
void history_last_set(struct history_last *last, uint64_t other, struct history_last_seen seen);
void history_last_drop(struct history_last *last, uint64_t other);
void history_last_release(struct history_last *last);

#endif
