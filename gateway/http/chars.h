/*
 * chars.h - which bytes may stand where in a request.
 *
 * One table of 256 sets, after RFC 9110 section 5.6.2 (token), section 5.5
 * (field values), and RFC 3986 section 3 (host, path, query).  A byte that no
 * grammar names is in no set, so what is forgotten is refused.
 */
#ifndef GATEWAY_HTTP_CHARS_H
#define GATEWAY_HTTP_CHARS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CHARS_TOKEN = 1 << 0, /* methods and field names */
    CHARS_FIELD = 1 << 1, /* field values: visible, blank, tab, and bytes past ASCII */
    CHARS_PATH = 1 << 2,  /* pchar and '/', '%' included */
    CHARS_QUERY = 1 << 3, /* the same and '?' */
    CHARS_HOST = 1 << 4,  /* reg-name, '%' included */
    CHARS_DIGIT = 1 << 5,
    CHARS_HEX = 1 << 6,
};

extern const uint8_t chars_sets[256];

static inline bool
chars_is(char byte, unsigned set)
{
    return (chars_sets[(unsigned char)byte] & set) != 0;
}

/* How many bytes at the start are in the set. */
static inline size_t
chars_span(const char *text, size_t len, unsigned set)
{
    size_t n = 0;

    while (n < len && chars_is(text[n], set))
        n++;
    return n;
}

/* The value of a hexadecimal digit; the byte must be CHARS_HEX. */
static inline unsigned
chars_hex(char digit)
{
    return digit <= '9' ? (unsigned)(digit - '0') : (unsigned)((digit | 0x20) - 'a') + 10;
}

#endif
