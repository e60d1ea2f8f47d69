/* chance.c - a hash read as a number. */
#include "policy/chance.h"

#include <string.h>

#include "gateway/base/hash.h"

#define FRACTION_BITS 53 /* what a double holds exactly */

static void
put_big_endian(uint64_t value, uint8_t *bytes, size_t count)
{
    for (size_t i = count; i > 0; i--, value >>= 8)
        bytes[i - 1] = (uint8_t)value;
}

double
chance_draw(uint64_t seed, const char *uetr, const char *rule, uint32_t site)
{
    uint8_t seed_bytes[8], site_bytes[4], digest[SHA256_BYTES];
    const struct hash_part parts[] = {
        {seed_bytes, sizeof(seed_bytes)},
        {uetr, strnlen(uetr, CHANCE_UETR_LENGTH)},
        {rule, strlen(rule) + 1},
        {site_bytes, sizeof(site_bytes)},
    };

    put_big_endian(seed, seed_bytes, sizeof(seed_bytes));
    put_big_endian(site, site_bytes, sizeof(site_bytes));
    hash_sha256(parts, sizeof(parts) / sizeof(parts[0]), digest);
    return (double)(hash_u64(digest) >> (64 - FRACTION_BITS)) /
           (double)(UINT64_C(1) << FRACTION_BITS);
}
