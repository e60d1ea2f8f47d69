/* chain.c - one link of the audit chain. */
#include "gateway/store/chain.h"

void
chain_next(const uint8_t previous[SHA256_BYTES], uint64_t seq, const char *body,
           size_t body_len, uint8_t chain[SHA256_BYTES])
{
    const struct hash_part record = {body, body_len};
    uint8_t body_digest[SHA256_BYTES], seq_bytes[8];
    const struct hash_part link[] = {
        {previous, SHA256_BYTES},
        {seq_bytes, sizeof(seq_bytes)},
        {body_digest, sizeof(body_digest)},
    };

    hash_sha256(&record, 1, body_digest);
    for (int i = 0; i < 8; i++)
        seq_bytes[i] = (uint8_t)(seq >> (56 - 8 * i));
    hash_sha256(link, sizeof(link) / sizeof(link[0]), chain);
}
