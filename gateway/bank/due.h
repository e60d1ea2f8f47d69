/*
 * due.h - what is due when: a heap of instants and payments, the earliest first.
 *
 * An entry is a hint: a payment that people moved meanwhile has another due time by then,
 * which standing.h knows.  Equal instants come in the order of the payments.
 */
#ifndef GATEWAY_BANK_DUE_H
#define GATEWAY_BANK_DUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct due {
    int64_t at_ms;
    uint64_t seq;
};

/* {0} is empty. */
struct due_heap {
    struct due *list; /* malloc */
    size_t count, capacity;
};

void due_push(struct due_heap *heap, struct due due);
bool due_pop(struct due_heap *heap, struct due *out); /* false where there is none */
const struct due *due_first(const struct due_heap *heap);
void due_release(struct due_heap *heap);

#endif
