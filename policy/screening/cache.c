/* cache.c - a few places a set, the newer first. */
#include "policy/screening/cache.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct cache_place {
    uint64_t hash; /* 0: free */
    float threshold;
    struct cache_found found[CACHE_FOUND_MAX];
    uint8_t count, kind, len;
    char text[CACHE_TEXT_MAX];
};

void
cache_init(struct cache *cache)
{
    cache->places = calloc((size_t)CACHE_SETS * CACHE_WAYS, sizeof(*cache->places));
    if (!cache->places)
        abort();
    for (int i = 0; i < CACHE_LOCKS; i++)
        pthread_mutex_init(&cache->locks[i], NULL);
}

void
cache_release(struct cache *cache)
{
    if (cache->places)
        for (int i = 0; i < CACHE_LOCKS; i++)
            pthread_mutex_destroy(&cache->locks[i]);
    free(cache->places);
    cache->places = NULL;
}

size_t
cache_footprint(void)
{
    return (size_t)CACHE_SETS * CACHE_WAYS * sizeof(struct cache_place);
}

static uint64_t
question_hash(const struct cache_question *question)
{
    uint64_t hash = 0xcbf29ce484222325u + question->kind;

    for (size_t i = 0; i < question->len; i++)
        hash = (hash ^ (unsigned char)question->text[i]) * 0x100000001b3u;
    hash ^= hash >> 32;
    return hash ? hash : 1;
}

static bool
place_holds(const struct cache_place *place, uint64_t hash, const struct cache_question *q)
{
    return place->hash == hash && place->kind == q->kind && place->len == q->len &&
           memcmp(&place->threshold, &q->threshold, sizeof(q->threshold)) == 0 &&
           memcmp(place->text, q->text, q->len) == 0;
}

bool
cache_get(struct cache *cache, const struct cache_question *question,
          struct cache_found found[CACHE_FOUND_MAX], size_t *count)
{
    uint64_t hash = question_hash(question);
    const struct cache_place *set = &cache->places[(hash & (CACHE_SETS - 1)) * CACHE_WAYS];
    pthread_mutex_t *lock = &cache->locks[hash & (CACHE_LOCKS - 1)];
    bool kept = false;

    if (question->len > CACHE_TEXT_MAX)
        return false;
    pthread_mutex_lock(lock);
    for (int i = 0; i < CACHE_WAYS && !kept; i++)
        if (place_holds(&set[i], hash, question)) {
            *count = set[i].count;
            memcpy(found, set[i].found, set[i].count * sizeof(*found));
            kept = true;
        }
    pthread_mutex_unlock(lock);
    return kept;
}

void
cache_put(struct cache *cache, const struct cache_question *question,
          const struct cache_found *found, size_t count)
{
    uint64_t hash = question_hash(question);
    struct cache_place *set = &cache->places[(hash & (CACHE_SETS - 1)) * CACHE_WAYS];
    pthread_mutex_t *lock = &cache->locks[hash & (CACHE_LOCKS - 1)];

    if (question->len > CACHE_TEXT_MAX || count > CACHE_FOUND_MAX)
        return;
    pthread_mutex_lock(lock);
    memmove(&set[1], &set[0], (CACHE_WAYS - 1) * sizeof(*set));
    set[0] = (struct cache_place){.hash = hash,
                                  .threshold = question->threshold,
                                  .count = (uint8_t)count,
                                  .kind = (uint8_t)question->kind,
                                  .len = (uint8_t)question->len};
    if (count > 0)
        memcpy(set[0].found, found, count * sizeof(*found));
    memcpy(set[0].text, question->text, question->len);
    pthread_mutex_unlock(lock);
}
