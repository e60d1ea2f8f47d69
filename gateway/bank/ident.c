/* ident.c - ids made of time and hash. */
#include "gateway/bank/ident.h"

#include <string.h>

#include "gateway/base/hash.h"

#define UUID_TEXT_LENGTH 36

static uint64_t
fingerprint_of(const uint8_t bytes[16])
{
    uint64_t value = 0;

    for (int i = 8; i < 16; i++)
        value = value << 8 | bytes[i];
    return value & ~(3ULL << 62); /* without the variant */
}

struct ident
ident_of_uetr(uint64_t seed, const uint8_t uetr[16])
{
    uint8_t seed_be[8], digest[SHA256_BYTES];
    const struct hash_part parts[] = {{seed_be, sizeof(seed_be)}, {uetr, 16}};
    struct ident ident = {0};

    for (int i = 0; i < 8; i++)
        seed_be[i] = (uint8_t)(seed >> (56 - 8 * i));
    hash_sha256(parts, 2, digest);
    memcpy(ident.bytes + 6, digest, 10);
    ident.bytes[6] = (ident.bytes[6] & 0x0f) | 0x80; /* version 8 */
    ident.bytes[8] = (ident.bytes[8] & 0x3f) | 0x80; /* variant of RFC 9562 */
    ident.fingerprint = fingerprint_of(ident.bytes);
    return ident;
}

void
ident_set_time(struct ident *ident, int64_t now_ms)
{
    for (int i = 0; i < 6; i++)
        ident->bytes[i] = (uint8_t)((uint64_t)now_ms >> (40 - 8 * i));
}

static bool
is_hyphen_at(int position)
{
    return position == 8 || position == 13 || position == 18 || position == 23;
}

void
ident_print(const struct ident *ident, char text[IDENT_TEXT_SIZE])
{
    char hex[33];
    const char *digit = hex;

    hash_hex(ident->bytes, 16, hex);
    for (int i = 0; i < UUID_TEXT_LENGTH; i++)
        text[i] = is_hyphen_at(i) ? '-' : *digit++;
    text[UUID_TEXT_LENGTH] = '\0';
}

static int
hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool
ident_parse(const char *text, struct ident *ident)
{
    int nibbles = 0;

    if (strlen(text) != UUID_TEXT_LENGTH)
        return false;
    *ident = (struct ident){0};
    for (int i = 0; i < UUID_TEXT_LENGTH; i++) {
        int value = hex_value(text[i]);

        if (is_hyphen_at(i) != (text[i] == '-') || (!is_hyphen_at(i) && value < 0))
            return false;
        if (value >= 0) {
            ident->bytes[nibbles / 2] |= (uint8_t)(value << (nibbles % 2 ? 0 : 4));
            nibbles++;
        }
    }
    ident->fingerprint = fingerprint_of(ident->bytes);
    return ident->bytes[6] >> 4 == 8 && ident->bytes[8] >> 6 == 2;
}
