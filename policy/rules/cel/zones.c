/*
 * zones.c - zones by name, read once and kept.
 *
 * They stand in a table with a place for each hash.  A look-up reads it without
 * a lock; a new zone is added under one, whole before anybody sees it.
 */
#include "policy/rules/cel/zones.h"

#include <ctype.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "gateway/base/file.h"
#include "policy/rules/cel/tzif.h"

#define ZONE_FOLDER   "/usr/share/zoneinfo"
#define PLACES        (2 * ZONES_MAX) /* a power of two, never more than half full */
#define ZONE_PATH_MAX 1024
#define HASH_BASIS    2166136261u /* FNV-1a, 32 bits */
#define HASH_PRIME    16777619u

struct zone {
    size_t len;
    char name[ZONE_NAME_MAX + 1];
    struct tzif *times;
};

static _Atomic(struct zone *) zones[PLACES];
static size_t zone_count; /* under the lock */
static pthread_mutex_t zones_lock = PTHREAD_MUTEX_INITIALIZER;

/* Where the zone is, or the free place where it belongs. */
static size_t
zone_place(const char *name, size_t len)
{
    uint32_t hash = HASH_BASIS;
    size_t place;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)name[i]) * HASH_PRIME;
    for (place = hash % PLACES;; place = (place + 1) % PLACES) {
        const struct zone *zone = atomic_load_explicit(&zones[place], memory_order_acquire);

        if (!zone || (zone->len == len && memcmp(zone->name, name, len) == 0))
            return place;
    }
}

static bool
name_is_valid(const char *name, size_t len)
{
    if (len == 0 || len > ZONE_NAME_MAX || !isupper((unsigned char)name[0]))
        return false;
    for (size_t i = 0; i < len; i++)
        if (!isalnum((unsigned char)name[i]) && !(name[i] && strchr("_+/-", name[i])))
            return false;
    return true;
}

/* NULL with a sentence in why. */
static struct tzif *
read_zone(const char *name, size_t len, char why[ZONE_ERROR_MAX])
{
    const char *folder = getenv("TZDIR");
    char path[ZONE_PATH_MAX], *bytes;
    struct tzif *times = NULL;
    struct arena arena = {0};
    struct error err = {0};
    struct stat info;
    size_t size;

    if (!folder || !*folder)
        folder = ZONE_FOLDER;
    snprintf(path, sizeof(path), "%s/%.*s", folder, (int)len, name);
    if (stat(folder, &info) != 0)
        snprintf(why, ZONE_ERROR_MAX,
                 "no time zones: there is no folder %.80s; install the package tzdata", folder);
    else if (file_read(&arena, path, ZONE_BYTES_MAX, &bytes, &size, &err) != 0)
        snprintf(why, ZONE_ERROR_MAX, "no such time zone: '%.*s'", (int)len, name);
    else if (!(times = tzif_parse((const unsigned char *)bytes, size)))
        snprintf(why, ZONE_ERROR_MAX, "%.120s is no time zone file of version 2 or later",
                 path);
    arena_release(&arena);
    return times;
}

/* Under the lock: another thread may have been quicker. */
static struct zone *
load_zone(const char *name, size_t len, char why[ZONE_ERROR_MAX])
{
    size_t place = zone_place(name, len);
    struct zone *zone = atomic_load_explicit(&zones[place], memory_order_relaxed);
    struct tzif *times;

    if (zone)
        return zone;
    if (zone_count == ZONES_MAX) {
        snprintf(why, ZONE_ERROR_MAX, "more than %d time zones are in use", ZONES_MAX);
        return NULL;
    }
    times = read_zone(name, len, why);
    if (!times)
        return NULL;
    zone = calloc(1, sizeof(*zone));
    if (!zone)
        abort();
    zone->len = len;
    memcpy(zone->name, name, len);
    zone->times = times;
    zone_count++;
    atomic_store_explicit(&zones[place], zone, memory_order_release);
    return zone;
}

static const struct zone *
find_zone(const char *name, size_t len, char why[ZONE_ERROR_MAX])
{
    const struct zone *zone;

    if (!name_is_valid(name, len)) {
        snprintf(why, ZONE_ERROR_MAX,
                 "a time zone is 'UTC', an offset such as '+05:30' or a name such as "
                 "'Asia/Shanghai'");
        return NULL;
    }
    zone = atomic_load_explicit(&zones[zone_place(name, len)], memory_order_acquire);
    if (zone)
        return zone;
    pthread_mutex_lock(&zones_lock);
    zone = load_zone(name, len, why);
    pthread_mutex_unlock(&zones_lock);
    return zone;
}

static int
two_digits(const char *at)
{
    if (!isdigit((unsigned char)at[0]) || !isdigit((unsigned char)at[1]))
        return -1;
    return (at[0] - '0') * 10 + at[1] - '0';
}

/* "+05:30", "-08:00", "02:00" */
static bool
fixed_offset(const char *name, size_t len, int32_t *offset)
{
    bool has_sign = len > 0 && (name[0] == '+' || name[0] == '-');
    int hours, minutes;

    if (len - has_sign != 5 || name[has_sign + 2] != ':')
        return false;
    hours = two_digits(name + has_sign);
    minutes = two_digits(name + has_sign + 3);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
        return false;
    *offset = (hours * 60 + minutes) * 60;
    if (name[0] == '-')
        *offset = -*offset;
    return true;
}

bool
cel_zone_offset(const char *name, size_t len, int64_t seconds, int32_t *offset,
                char why[ZONE_ERROR_MAX])
{
    const struct zone *zone;

    *offset = 0;
    if (len == 3 && memcmp(name, "UTC", 3) == 0)
        return true;
    if (fixed_offset(name, len, offset))
        return true;
    zone = find_zone(name, len, why);
    if (zone)
        *offset = tzif_offset(zone->times, seconds);
    return zone != NULL;
}

bool
cel_zone_known(const char *name)
{
    char why[ZONE_ERROR_MAX];
    int32_t offset;

    return cel_zone_offset(name, strlen(name), 0, &offset, why);
}
