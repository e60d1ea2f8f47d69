/*
 * arena.h - memory that dies together.
 *
 * Everything built while a request is answered lives in one arena and goes
 * when the reply has left.  Nothing is freed singly.  An arena belongs to one
 * thread at a time; handing it on is the caller's affair.
 *
 *   A1  arena_alloc() never returns NULL: out of memory aborts.  Callers meet
 *       a named limit before a remote size gets here.
 *   A2  memory is aligned for any object and not cleared.
 *   A3  after arena_reset() the first chunk is kept, so that a warm arena
 *       allocates without malloc.
 *   A4  arena_rewind() gives back all that came after a mark, but for the newest chunk, which
 *       the next allocations come from: what is done again and again takes memory once.
 */
#ifndef GATEWAY_BASE_ARENA_H
#define GATEWAY_BASE_ARENA_H

#include <stddef.h>

#define ARENA_CHUNK_BYTES 16384 /* the first chunk; larger ones as needed */

struct arena_chunk;

/* {0} is an empty arena, ready for use. */
struct arena {
    struct arena_chunk *chunks; /* newest first; the last one is kept by reset */
    char *next;
    char *end;
};

#define ARENA_ALIGNMENT _Alignof(max_align_t)

/* When the newest chunk is full: the other half of arena_alloc(). */
void *arena_alloc_slow(struct arena *arena, size_t bytes);

/* Inline, because a request makes hundreds of small allocations. */
static inline void *
arena_alloc(struct arena *arena, size_t bytes)
{
    size_t padded = (bytes + ARENA_ALIGNMENT - 1) & ~(ARENA_ALIGNMENT - 1);
    char *memory = arena->next;

    if ((size_t)(arena->end - memory) < padded || !memory)
        return arena_alloc_slow(arena, padded);
    arena->next = memory + padded;
    return memory;
}

void *arena_zalloc(struct arena *arena, size_t bytes) __attribute__((malloc, alloc_size(2)));

/* A NUL-terminated copy of len bytes of text. */
char *arena_copy(struct arena *arena, const char *text, size_t len);
char *arena_printf(struct arena *arena, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Grow the newest allocation in place where it can, else move it. */
void *arena_grow(struct arena *arena, void *old, size_t old_bytes, size_t new_bytes);

/* Bytes held from malloc, chunk heads included. */
size_t arena_footprint(const struct arena *arena);

/* Where an arena stands; of use until it is reset, or rewound to an earlier mark. */
struct arena_mark {
    struct arena_chunk *chunk;
    char *next;
};

static inline struct arena_mark
arena_mark(const struct arena *arena)
{
    return (struct arena_mark){arena->chunks, arena->next};
}

void arena_rewind(struct arena *arena, struct arena_mark mark);

void arena_reset(struct arena *arena);
void arena_release(struct arena *arena);

#endif
