/* hash.c - SHA-256 through one OpenSSL context a thread, or one a sum of pieces. */
#include "gateway/base/hash.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>

static EVP_MD *sha256;
static pthread_key_t context_key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
context_free(void *context)
{
    EVP_MD_CTX_free(context);
}

static void
hash_init(void)
{
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (!sha256 || pthread_key_create(&context_key, context_free) != 0)
        abort();
}

static EVP_MD_CTX *
hash_context(void)
{
    static _Thread_local EVP_MD_CTX *context;

    if (!context) {
        pthread_once(&once, hash_init);
        context = EVP_MD_CTX_new();
        if (!context || pthread_setspecific(context_key, context) != 0)
            abort();
    }
    return context;
}

void
hash_sha256(const struct hash_part *parts, size_t count, uint8_t digest[SHA256_BYTES])
{
    EVP_MD_CTX *context = hash_context();

    if (EVP_DigestInit_ex2(context, sha256, NULL) != 1)
        abort();
    for (size_t i = 0; i < count; i++)
        if (EVP_DigestUpdate(context, parts[i].data, parts[i].len) != 1)
            abort();
    if (EVP_DigestFinal_ex(context, digest, NULL) != 1)
        abort();
}

struct hash_sum {
    EVP_MD_CTX *context;
};

struct hash_sum *
hash_sum_new(void)
{
    struct hash_sum *sum = calloc(1, sizeof(*sum));

    pthread_once(&once, hash_init);
    if (!sum || !(sum->context = EVP_MD_CTX_new()) ||
        EVP_DigestInit_ex2(sum->context, sha256, NULL) != 1)
        abort();
    return sum;
}

void
hash_sum_add(struct hash_sum *sum, const void *data, size_t len)
{
    if (EVP_DigestUpdate(sum->context, data, len) != 1)
        abort();
}

void
hash_sum_read(struct hash_sum *sum, uint8_t digest[SHA256_BYTES])
{
    if (EVP_DigestFinal_ex(sum->context, digest, NULL) != 1)
        abort();
}

void
hash_sum_free(struct hash_sum *sum)
{
    if (!sum)
        return;
    EVP_MD_CTX_free(sum->context);
    free(sum);
}

void
hash_hex(const uint8_t *bytes, size_t len, char *hex)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < len; i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    hex[2 * len] = '\0';
}

uint64_t
hash_u64(const uint8_t digest[SHA256_BYTES])
{
    uint64_t value = 0;

    for (int i = 0; i < 8; i++)
        value = value << 8 | digest[i];
    return value;
}
