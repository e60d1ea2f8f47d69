/*
 * chain.h - the audit chain: each record's hash seals all records before it.
 *
 *     h(i) = SHA-256(h(i-1) ‖ u64be i ‖ SHA-256(record i as stored)),  h(0) = 32 zeros
 *
 * Whoever knows h(n) can tell whether any of the n records was changed, left
 * out, added or moved.
 */
#ifndef GATEWAY_STORE_CHAIN_H
#define GATEWAY_STORE_CHAIN_H

#include <stddef.h>
#include <stdint.h>

#include "gateway/base/hash.h"

/* previous and chain may be the same memory. */
void chain_next(const uint8_t previous[SHA256_BYTES], uint64_t seq, const char *body,
                size_t body_len, uint8_t chain[SHA256_BYTES]);

#endif
