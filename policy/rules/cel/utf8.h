/* utf8.h - code points in text that should be, but need not be, UTF-8. */
#ifndef POLICY_RULES_CEL_UTF8_H
#define POLICY_RULES_CEL_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_BYTES_MAX 4 /* of one code point */

static inline bool
utf8_continues(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* Bytes of the code point at *text, its value in *point.  0: not UTF-8 (overlong forms and
 * surrogates are not), or nothing left. */
static inline size_t
utf8_decode(const char *text, size_t left, uint32_t *point)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char lead = left ? (unsigned char)*text : 0xFF;
    size_t length = lead < 0x80 ? 1 : lead < 0xC0 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;

    *point = lead;
    if (length == 1)
        return 1;
    if (length == 0 || lead > 0xF4 || length > left)
        return 0;
    *point = lead & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if (!utf8_continues(text[i]))
            return 0;
        *point = *point << 6 | ((unsigned char)text[i] & 0x3F);
    }
    if (*point < least[length] || *point > 0x10FFFF || (*point & ~0x7FFu) == 0xD800)
        return 0;
    return length;
}

/* Bytes written; point is a code point. */
static inline size_t
utf8_encode(uint32_t point, char bytes[UTF8_BYTES_MAX])
{
    size_t length = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    static const unsigned char marks[] = {0, 0, 0xC0, 0xE0, 0xF0};

    for (size_t i = length - 1; i > 0; i--, point >>= 6)
        bytes[i] = (char)(0x80 | (point & 0x3F));
    bytes[0] = (char)(marks[length] | point);
    return length;
}

/* Where the code point after the one at `at` begins; a stray byte counts as one. */
static inline size_t
utf8_next(const char *text, size_t size, size_t at)
{
    do
        at++;
    while (at < size && utf8_continues(text[at]));
    return at;
}

#endif
