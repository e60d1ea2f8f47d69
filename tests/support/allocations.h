/*
 * allocations.h - counts what a test takes from the heap.
 *
 * The program is linked with --wrap for malloc, calloc and realloc (Makefile).
 */
#ifndef TESTS_SUPPORT_ALLOCATIONS_H
#define TESTS_SUPPORT_ALLOCATIONS_H

#include <stdatomic.h>
#include <stddef.h>

static atomic_size_t allocations;

void *__real_malloc(size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void *__real_realloc(void *old, size_t bytes);
void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);
void *__wrap_realloc(void *old, size_t bytes);

void *
__wrap_malloc(size_t bytes)
{
    allocations++;
    return __real_malloc(bytes);
}

void *
__wrap_calloc(size_t count, size_t bytes)
{
    allocations++;
    return __real_calloc(count, bytes);
}

void *
__wrap_realloc(void *old, size_t bytes)
{
    allocations++;
    return __real_realloc(old, bytes);
}

#endif
