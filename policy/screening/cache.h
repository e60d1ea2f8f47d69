/*
 * cache.h - names seen before, and which listed names they met.
 *
 * A fixed number of places in sets; a new name takes the oldest place of its set.  Each
 * set is under one of a few locks that are held for the time of a copy.
 *
 *   H1  what is got is what was put for the same bytes and threshold, or nothing.
 *   H2  nothing is allocated after cache_init().
 */
#ifndef POLICY_SCREENING_CACHE_H
#define POLICY_SCREENING_CACHE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CACHE_SETS      4096 /* a power of two */
#define CACHE_WAYS      4
#define CACHE_LOCKS     64
#define CACHE_TEXT_MAX  80 /* bytes; longer names are not kept */
#define CACHE_FOUND_MAX 6  /* names with more hits are not kept */

struct cache_question {
    const char *text;
    size_t len;
    uint32_t kind;
    float threshold;
};

struct cache_place;

struct cache {
    struct cache_place *places;
    pthread_mutex_t locks[CACHE_LOCKS];
};

void cache_init(struct cache *cache);
void cache_release(struct cache *cache);

/* Is the question kept?  Then the numbers it was put with, and how many. */
bool cache_get(struct cache *cache, const struct cache_question *question,
               uint32_t found[CACHE_FOUND_MAX], size_t *count);
void cache_put(struct cache *cache, const struct cache_question *question,
               const uint32_t *found, size_t count);

size_t cache_footprint(void);

#endif
