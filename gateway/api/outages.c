/* outages.c - a ring of the latest, oldest overwritten. */
#include "gateway/api/outages.h"

#include <pthread.h>
#include <stddef.h>
#include <string.h>

struct outage {
    uint8_t uetr[16];
    int64_t began_ms;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct outage ring[OUTAGES_MAX];
static size_t count, next;

/* NULL: not remembered. */
static const struct outage *
outage_find(const uint8_t uetr[16])
{
    for (size_t i = 0; i < count; i++)
        if (memcmp(ring[i].uetr, uetr, sizeof(ring[i].uetr)) == 0)
            return &ring[i];
    return NULL;
}

static void
outage_begin(const uint8_t uetr[16], int64_t now_ms)
{
    memcpy(ring[next].uetr, uetr, sizeof(ring[next].uetr));
    ring[next].began_ms = now_ms;
    next = (next + 1) % OUTAGES_MAX;
    if (count < OUTAGES_MAX)
        count++;
}

int64_t
outage_left_ms(const uint8_t uetr[16], int64_t for_ms, int64_t now_ms)
{
    const struct outage *outage;
    int64_t left = for_ms;

    pthread_mutex_lock(&lock);
    outage = outage_find(uetr);
    if (outage)
        left = outage->began_ms + for_ms - now_ms;
    else
        outage_begin(uetr, now_ms);
    pthread_mutex_unlock(&lock);
    return left > 0 ? left : 0;
}
