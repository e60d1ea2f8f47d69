/* signature.c - secrets as text, and HMAC by OpenSSL. */
#include "gateway/bank/signature.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECRET_BYTES 32 /* of one that we make */

/* EVP_DecodeBlock() passes over blanks at the ends and takes '=' for a digit. */
#define BASE64_DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

bool
signature_key_read(const char *secret, struct signature_key *key)
{
    size_t prefix = strlen(SIGNATURE_PREFIX), len, pad, bytes;
    const char *text = secret + prefix;

    if (strncmp(secret, SIGNATURE_PREFIX, prefix) != 0)
        return false;
    len = strlen(text);
    pad = len > 1 ? (size_t)(text[len - 1] == '=') + (size_t)(text[len - 2] == '=') : 0;
    bytes = len / 4 * 3 - pad;
    if (len == 0 || len % 4 != 0 || strspn(text, BASE64_DIGITS) != len - pad ||
        bytes < SIGNATURE_SECRET_MIN || bytes > SIGNATURE_SECRET_MAX)
        return false;
    key->len = bytes;
    return EVP_DecodeBlock(key->bytes, (const unsigned char *)text, (int)len) > 0;
}

void
signature_secret_make(char secret[SIGNATURE_SECRET_SIZE])
{
    uint8_t bytes[SECRET_BYTES];

    if (RAND_bytes(bytes, sizeof(bytes)) != 1)
        abort();
    memcpy(secret, SIGNATURE_PREFIX, strlen(SIGNATURE_PREFIX));
    EVP_EncodeBlock((unsigned char *)secret + strlen(SIGNATURE_PREFIX), bytes, sizeof(bytes));
}

void
signature_make(const struct signature_key *key, const char *id, const char *timestamp,
               const char *body, size_t body_len, char signature[SIGNATURE_SIZE])
{
    size_t head = strlen(id) + strlen(timestamp) + 2;
    char *text = malloc(head + body_len + 1);
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned digest_len = 0;

    if (!text)
        abort();
    snprintf(text, head + 1, "%s.%s.", id, timestamp);
    memcpy(text + head, body, body_len);
    if (!HMAC(EVP_sha256(), key->bytes, (int)key->len, (const unsigned char *)text,
              head + body_len, digest, &digest_len))
        abort(); /* OpenSSL has no memory */
    free(text);
    memcpy(signature, "v1,", 3);
    EVP_EncodeBlock((unsigned char *)signature + 3, digest, (int)digest_len);
}
