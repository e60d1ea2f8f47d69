/* arena.c - a list of chunks and a pointer that moves. */
#include "gateway/base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arena_chunk {
    struct arena_chunk *older;
    size_t bytes; /* of data[] */
    _Alignas(max_align_t) char data[];
};

static size_t
align_up(size_t bytes)
{
    return (bytes + ARENA_ALIGNMENT - 1) & ~(ARENA_ALIGNMENT - 1);
}

static void
arena_use(struct arena *arena, struct arena_chunk *chunk)
{
    arena->next = chunk->data;
    arena->end = chunk->data + chunk->bytes;
}

void *
arena_alloc_slow(struct arena *arena, size_t bytes)
{
    size_t want = ARENA_CHUNK_BYTES - sizeof(struct arena_chunk);
    struct arena_chunk *chunk;

    if (arena->chunks) /* each chunk twice the last: a few even for a large body */
        want = arena->chunks->bytes * 2;
    if (want < bytes)
        want = bytes;
    chunk = malloc(sizeof(*chunk) + want);
    if (!chunk)
        abort();
    chunk->older = arena->chunks;
    chunk->bytes = want;
    arena->chunks = chunk;
    arena_use(arena, chunk);
    arena->next += bytes;
    return chunk->data;
}

void *
arena_zalloc(struct arena *arena, size_t bytes)
{
    return memset(arena_alloc(arena, bytes), 0, bytes);
}

char *
arena_copy(struct arena *arena, const char *text, size_t len)
{
    char *copy = arena_alloc(arena, len + 1);

    if (len)
        memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

char *
arena_printf(struct arena *arena, const char *fmt, ...)
{
    va_list args, again;
    char *text;
    int len;

    va_start(args, fmt);
    va_copy(again, args);
    len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (len < 0)
        abort();
    text = arena_alloc(arena, (size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, fmt, again);
    va_end(again);
    return text;
}

void *
arena_grow(struct arena *arena, void *old, size_t old_bytes, size_t new_bytes)
{
    char *memory = old;
    size_t held = align_up(old_bytes), want = align_up(new_bytes);

    if (new_bytes <= old_bytes)
        return old;
    if (memory && memory + held == arena->next && (size_t)(arena->end - memory) >= want) {
        arena->next = memory + want;
        return memory;
    }
    memory = arena_alloc(arena, new_bytes);
    if (old_bytes)
        memcpy(memory, old, old_bytes);
    return memory;
}

size_t
arena_footprint(const struct arena *arena)
{
    size_t bytes = 0;

    for (const struct arena_chunk *chunk = arena->chunks; chunk; chunk = chunk->older)
        bytes += sizeof(*chunk) + chunk->bytes;
    return bytes;
}

void
arena_rewind(struct arena *arena, struct arena_mark mark)
{
    struct arena_chunk *newest = arena->chunks;

    if (newest == mark.chunk) {
        arena->next = mark.next;
        return;
    }
    while (newest->older != mark.chunk) {
        struct arena_chunk *older = newest->older;

        newest->older = older->older;
        free(older);
    }
    arena_use(arena, newest);
}

void
arena_reset(struct arena *arena)
{
    if (!arena->chunks)
        return;
    while (arena->chunks->older) {
        struct arena_chunk *older = arena->chunks->older;

        free(arena->chunks);
        arena->chunks = older;
    }
    arena_use(arena, arena->chunks);
}

void
arena_release(struct arena *arena)
{
    while (arena->chunks) {
        struct arena_chunk *older = arena->chunks->older;

        free(arena->chunks);
        arena->chunks = older;
    }
    *arena = (struct arena){0};
}
