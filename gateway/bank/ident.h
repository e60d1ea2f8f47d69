/*
 * ident.h - a payment's id, and the fingerprint it shares with its uetr.
 *
 * An id is a UUID version 8 (RFC 9562): 48 bits of decided_at in milliseconds,
 * the rest from SHA-256(seed, uetr).  Its last 62 bits are the fingerprint, so
 * that one index in memory serves look-ups by id and by uetr alike.
 */
#ifndef GATEWAY_BANK_IDENT_H
#define GATEWAY_BANK_IDENT_H

#include <stdbool.h>
#include <stdint.h>

#define IDENT_TEXT_SIZE 37

struct ident {
    uint8_t bytes[16];
    uint64_t fingerprint;
};

/* The id of the payment with this uetr, its time still zero. */
struct ident ident_of_uetr(uint64_t seed, const uint8_t uetr[16]);

/* Put in when the payment was decided.  The fingerprint stays. */
void ident_set_time(struct ident *ident, int64_t now_ms);

/* Lower-case text of 36 characters with a NUL. */
void ident_print(const struct ident *ident, char text[IDENT_TEXT_SIZE]);

/* False where the text is no UUID version 8; upper case is taken too. */
bool ident_parse(const char *text, struct ident *ident);

#endif
