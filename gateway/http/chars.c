/*
 * chars.c - the table, spelt by ranges so that it can be held against the RFCs.
 *
 * Where a grammar is a list of single signs the signs stand here one by one.
 */
#include "gateway/http/chars.h"

#define T CHARS_TOKEN
#define F CHARS_FIELD
#define P CHARS_PATH
#define Q CHARS_QUERY
#define H CHARS_HOST
#define D CHARS_DIGIT
#define X CHARS_HEX

#define DIGIT  (T | F | P | Q | H | D | X)
#define HEXLET (T | F | P | Q | H | X)
#define LETTER (T | F | P | Q | H)

const uint8_t chars_sets[256] = {
    /* clang-format off */
    ['\t'] = F,
    [' ']  = F,

    ['0' ... '9'] = DIGIT,
    ['A' ... 'F'] = HEXLET, ['G' ... 'Z'] = LETTER,
    ['a' ... 'f'] = HEXLET, ['g' ... 'z'] = LETTER,

    /* unreserved, besides letters and digits */
    ['-'] = T | F | P | Q | H, ['.'] = T | F | P | Q | H,
    ['_'] = T | F | P | Q | H, ['~'] = T | F | P | Q | H,

    /* sub-delims; some of them are token characters too */
    ['!'] = T | F | P | Q | H, ['$']  = T | F | P | Q | H,
    ['&'] = T | F | P | Q | H, ['\''] = T | F | P | Q | H,
    ['('] =     F | P | Q | H, [')']  =     F | P | Q | H,
    ['*'] = T | F | P | Q | H, ['+']  = T | F | P | Q | H,
    [','] =     F | P | Q | H, [';']  =     F | P | Q | H,
    ['='] =     F | P | Q | H,

    ['%'] = T | F | P | Q | H, /* a host's escapes are looked at more closely */
    [':'] =     F | P | Q,
    ['@'] =     F | P | Q,
    ['/'] =     F | P | Q,
    ['?'] =     F | Q,

    /* visible, and in no part of a target */
    ['#'] = T | F, ['^'] = T | F, ['`'] = T | F, ['|'] = T | F,
    ['"'] = F, ['<'] = F, ['>'] = F, ['['] = F, ['\\'] = F, [']'] = F,
    ['{'] = F, ['}'] = F,

    [0x80 ... 0xff] = F,
    /* clang-format on */
};
