/*
 * cache.h - names seen before, and which listed names they met, how well.
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
#define CACHE_FOUND_MAX 12 /* names that met more are not kept */

struct cache_question {
    const char *text;
    size_t len;
    uint32_t kind;
    float threshold;
};

/* A listed name, and the score of the two names alone. */
struct cache_found {
    uint32_t record;
    float score;
};

struct cache_place;

struct cache {
    struct cache_place *places;
    pthread_mutex_t locks[CACHE_LOCKS];
};

void cache_init(struct cache *cache);
void cache_release(struct cache *cache);

/* Is the question kept?  Then what it was put with, and how many. */
bool cache_get(struct cache *cache, const struct cache_question *question,
               struct cache_found found[CACHE_FOUND_MAX], size_t *count);
void cache_put(struct cache *cache, const struct cache_question *question,
               const struct cache_found *found, size_t count);

size_t cache_footprint(void);

#endif
