/* due.c - a binary heap. */
#include "gateway/bank/due.h"

#include <stdlib.h>

#define CAPACITY_FIRST 1024

static bool
is_before(const struct due *a, const struct due *b)
{
    return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->seq < b->seq;
}

void
due_push(struct due_heap *heap, struct due due)
{
    size_t at = heap->count++;

    if (at == heap->capacity) {
        heap->capacity = heap->capacity ? heap->capacity * 2 : CAPACITY_FIRST;
        heap->list = realloc(heap->list, heap->capacity * sizeof(*heap->list));
        if (!heap->list)
            abort();
    }
    for (; at > 0 && is_before(&due, &heap->list[(at - 1) / 2]); at = (at - 1) / 2)
        heap->list[at] = heap->list[(at - 1) / 2];
    heap->list[at] = due;
}

bool
due_pop(struct due_heap *heap, struct due *out)
{
    struct due last;
    size_t at = 0;

    if (heap->count == 0)
        return false;
    *out = heap->list[0];
    last = heap->list[--heap->count];
    for (size_t child = 1; child < heap->count; child = 2 * at + 1) {
        if (child + 1 < heap->count && is_before(&heap->list[child + 1], &heap->list[child]))
            child++;
        if (!is_before(&heap->list[child], &last))
            break;
        heap->list[at] = heap->list[child];
        at = child;
    }
    heap->list[at] = last;
    return true;
}

const struct due *
due_first(const struct due_heap *heap)
{
    return heap->count > 0 ? &heap->list[0] : NULL;
}

void
due_release(struct due_heap *heap)
{
    free(heap->list);
    *heap = (struct due_heap){0};
}
