/*
 * recall.h - a memory of a few payments, asked by looking at each of them.
 *
 * For the tests of packs, which say what came before; and what the bank's own memory is
 * tested against, because nothing in it can be out of step.
 */
#ifndef POLICY_RECALL_H
#define POLICY_RECALL_H

#include "policy/memory.h"

struct recall {
    struct facts_memory memory;     /* first */
    const struct memory_keys *keys; /* of the payment that is judged */
    const struct memory_note *notes;
    size_t count;
};

/* What came before the payment that has the keys; all is the caller's and outlives it. */
void recall_init(struct recall *recall, const struct memory_keys *keys,
                 const struct memory_note *notes, size_t count);

#endif
