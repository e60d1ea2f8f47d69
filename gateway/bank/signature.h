/*
 * signature.h - how a webhook's deliveries are signed, after the Standard Webhooks convention.
 *
 * HMAC-SHA256 with the secret's bytes over "id.timestamp.body", as "v1," and base64.
 */
#ifndef GATEWAY_BANK_SIGNATURE_H
#define GATEWAY_BANK_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIGNATURE_PREFIX      "whsec_"
#define SIGNATURE_SECRET_MIN  24 /* bytes behind the prefix, once decoded */
#define SIGNATURE_SECRET_MAX  64
#define SIGNATURE_SECRET_SIZE 128 /* of one as text, NUL included */
#define SIGNATURE_SIZE        64  /* of a signature likewise */

struct signature_key {
    uint8_t bytes[SIGNATURE_SECRET_MAX + 2];
    size_t len;
};

/* False where the text is not whsec_ and the base64 of so many bytes. */
bool signature_key_read(const char *secret, struct signature_key *key)
    __attribute__((warn_unused_result));

/* A new secret of 32 bytes by chance. */
void signature_secret_make(char secret[SIGNATURE_SECRET_SIZE]);

void signature_make(const struct signature_key *key, const char *id, const char *timestamp,
                    const char *body, size_t body_len, char signature[SIGNATURE_SIZE]);

#endif
