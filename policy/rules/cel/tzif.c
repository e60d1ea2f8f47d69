/*
 * tzif.c - reading one file of the time zone database.
 *
 * A header with six counts and a block of 32-bit data for readers of version 1,
 * then the same again with 64 bits, then the rule between two line feeds.
 * Every count is checked against the file's length before it is used.
 */
#include "policy/rules/cel/tzif.h"

#include <stdlib.h>
#include <string.h>

#define HEADER_BYTES 44
#define COUNTS_AT    20
#define TYPE_BYTES   6
#define OFFSET_MAX   93599 /* seconds; the format's own limit is 25:59:59 */

/* The counts of a header. */
struct layout {
    uint32_t utc, standard, leaps, changes, types, letters;
};

static uint32_t
read_u32(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int64_t
read_i64(const unsigned char *at)
{
    return (int64_t)((uint64_t)read_u32(at) << 32 | read_u32(at + 4));
}

static bool
read_header(const unsigned char *at, const unsigned char *end, struct layout *layout)
{
    if (end - at < HEADER_BYTES || memcmp(at, "TZif", 4) != 0 || at[4] < '2')
        return false;
    at += COUNTS_AT;
    *layout = (struct layout){
        .utc = read_u32(at),
        .standard = read_u32(at + 4),
        .leaps = read_u32(at + 8),
        .changes = read_u32(at + 12),
        .types = read_u32(at + 16),
        .letters = read_u32(at + 20),
    };
    return true;
}

/* Bytes of a block whose moments have `width` bytes.  Cannot overflow: 64 bits hold it. */
static uint64_t
block_bytes(const struct layout *layout, unsigned width)
{
    return (uint64_t)layout->changes * (width + 1) + (uint64_t)layout->types * TYPE_BYTES +
           layout->letters + (uint64_t)layout->leaps * (width + 4) + layout->standard +
           layout->utc;
}

/* Moments, the types that hold from them on, and what each type is. */
static bool
read_block(const unsigned char *at, const struct layout *layout, struct tzif *zone,
           int64_t *changes, uint8_t *types)
{
    const unsigned char *indices = at + (size_t)layout->changes * 8;
    const unsigned char *type = indices + layout->changes;

    for (uint32_t i = 0; i < layout->changes; i++) {
        changes[i] = read_i64(at + (size_t)i * 8);
        types[i] = indices[i];
        if (types[i] >= layout->types || (i > 0 && changes[i] <= changes[i - 1]))
            return false;
    }
    for (uint32_t i = 0; i < layout->types; i++, type += TYPE_BYTES) {
        zone->offsets[i] = (int32_t)read_u32(type);
        if (zone->offsets[i] < -OFFSET_MAX || zone->offsets[i] > OFFSET_MAX)
            return false;
    }
    return true;
}

/* "\nCET-1CEST,M3.5.0,M10.5.0/3\n"; nothing between is no rule, which is right too. */
static bool
read_rule(const unsigned char *at, const unsigned char *end, struct tzif *zone)
{
    const unsigned char *stop;

    if (at >= end || *at != '\n')
        return false;
    at++;
    stop = memchr(at, '\n', (size_t)(end - at));
    if (!stop)
        return false;
    zone->has_rule = stop > at;
    return !zone->has_rule || tz_rule_parse((const char *)at, (size_t)(stop - at), &zone->rule);
}

struct tzif *
tzif_parse(const unsigned char *bytes, size_t len)
{
    const unsigned char *at = bytes, *end = bytes + len;
    struct layout layout;
    struct tzif *zone;
    int64_t *changes;
    uint8_t *types;

    if (!read_header(at, end, &layout))
        return NULL;
    if (block_bytes(&layout, 4) > (uint64_t)(end - at) - HEADER_BYTES)
        return NULL;
    at += HEADER_BYTES + block_bytes(&layout, 4);
    if (!read_header(at, end, &layout) ||
        block_bytes(&layout, 8) > (uint64_t)(end - at) - HEADER_BYTES)
        return NULL;
    if (layout.types == 0 || layout.types > TZIF_TYPES_MAX || layout.leaps > 0)
        return NULL; /* leap seconds are no part of the bank's time */
    zone = calloc(1, sizeof(*zone) + layout.changes * (sizeof(*changes) + 1));
    if (!zone)
        abort();
    changes = (int64_t *)(zone + 1);
    types = (uint8_t *)(changes + layout.changes);
    zone->count = layout.changes;
    zone->changes = changes;
    zone->types = types;
    at += HEADER_BYTES;
    if (!read_block(at, &layout, zone, changes, types) ||
        !read_rule(at + block_bytes(&layout, 8), end, zone)) {
        free(zone);
        return NULL;
    }
    return zone;
}

int32_t
tzif_offset(const struct tzif *zone, int64_t seconds)
{
    size_t low = 0, high = zone->count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (zone->changes[middle] <= seconds)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == zone->count && zone->has_rule)
        return tz_rule_offset(&zone->rule, seconds);
    return low == 0 ? zone->offsets[0] : zone->offsets[zone->types[low - 1]];
}
