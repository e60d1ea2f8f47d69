/*
 * hash.h - SHA-256, the one hash of the house.
 *
 * OpenSSL does the work (with the processor's instructions where it has them);
 * the digest is fetched once a thread, because a fetch costs more than a hash.
 */
#ifndef GATEWAY_BASE_HASH_H
#define GATEWAY_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_BYTES    32
#define SHA256_HEX_SIZE 65 /* with the NUL */

struct hash_part {
    const void *data;
    size_t len;
};

/* SHA-256 over the parts, one after the other. */
void hash_sha256(const struct hash_part *parts, size_t count, uint8_t digest[SHA256_BYTES]);

/* The same over pieces, one after the other: new, add …, read, free. */
struct hash_sum;

struct hash_sum *hash_sum_new(void);
void hash_sum_add(struct hash_sum *sum, const void *data, size_t len);
void hash_sum_read(struct hash_sum *sum, uint8_t digest[SHA256_BYTES]); /* once, at the end */
void hash_sum_free(struct hash_sum *sum);                               /* takes NULL */

/* Lower-case hexadecimal digits and a NUL; hex has room for 2 * len + 1. */
void hash_hex(const uint8_t *bytes, size_t len, char *hex);

/* The first 8 bytes, big-endian. */
uint64_t hash_u64(const uint8_t digest[SHA256_BYTES]);

#endif
