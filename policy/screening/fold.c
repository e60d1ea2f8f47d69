/* fold.c - one pass over the bytes; runs of other scripts go to fold_script.c. */
#include "policy/screening/fold.h"

#include <string.h>

#include "gateway/base/buffer.h"

#define HAN_FIRST 0x4e00u
#define HAN_LAST  0x9fffu

/* What an ASCII byte becomes: itself in lower case, a mark, a blank; 0: nothing. */
static const char ascii[128] = {
    ['\t'] = ' ', [' '] = ' ', ['!'] = ' ', ['"'] = '"', ['#'] = ' ', ['$'] = ' ', ['%'] = ' ',
    ['&'] = '&',  ['('] = '(', [')'] = ')', ['*'] = ' ', ['+'] = ' ', [','] = ',', ['-'] = '-',
    ['.'] = '.',  ['/'] = '/', [':'] = ' ', [';'] = ' ', ['<'] = ' ', ['='] = ' ', ['>'] = ' ',
    ['?'] = ' ',  ['@'] = ' ', ['['] = '(', [']'] = ')', ['_'] = ' ', ['|'] = '/', ['~'] = ' ',
    ['0'] = '0',  ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4', ['5'] = '5', ['6'] = '6',
    ['7'] = '7',  ['8'] = '8', ['9'] = '9', ['A'] = 'a', ['B'] = 'b', ['C'] = 'c', ['D'] = 'd',
    ['E'] = 'e',  ['F'] = 'f', ['G'] = 'g', ['H'] = 'h', ['I'] = 'i', ['J'] = 'j', ['K'] = 'k',
    ['L'] = 'l',  ['M'] = 'm', ['N'] = 'n', ['O'] = 'o', ['P'] = 'p', ['Q'] = 'q', ['R'] = 'r',
    ['S'] = 's',  ['T'] = 't', ['U'] = 'u', ['V'] = 'v', ['W'] = 'w', ['X'] = 'x', ['Y'] = 'y',
    ['Z'] = 'z',  ['a'] = 'a', ['b'] = 'b', ['c'] = 'c', ['d'] = 'd', ['e'] = 'e', ['f'] = 'f',
    ['g'] = 'g',  ['h'] = 'h', ['i'] = 'i', ['j'] = 'j', ['k'] = 'k', ['l'] = 'l', ['m'] = 'm',
    ['n'] = 'n',  ['o'] = 'o', ['p'] = 'p', ['q'] = 'q', ['r'] = 'r', ['s'] = 's', ['t'] = 't',
    ['u'] = 'u',  ['v'] = 'v', ['w'] = 'w', ['x'] = 'x', ['y'] = 'y', ['z'] = 'z',
};

uint32_t
fold_decode(const char **at, const char *end)
{
    const unsigned char *s = (const unsigned char *)*at;
    size_t more = s[0] < 0x80 ? 0 : s[0] >= 0xf0 ? 3 : s[0] >= 0xe0 ? 2 : s[0] >= 0xc2 ? 1 : 9;
    uint32_t c = more == 0 ? s[0] : s[0] & (0x3fu >> more);

    if (more > 3 || (size_t)(end - *at) <= more) {
        (*at)++;
        return 0;
    }
    for (size_t i = 1; i <= more; i++) {
        if ((s[i] & 0xc0) != 0x80) {
            *at += i;
            return 0;
        }
        c = c << 6 | (s[i] & 0x3f);
    }
    *at += more + 1;
    return c;
}

static int
is_han(uint32_t c)
{
    return (c >= HAN_FIRST && c <= HAN_LAST) || (c >= 0x3400 && c <= 0x4dbf) ||
           (c >= 0xf900 && c <= 0xfaff) || (c >= 0x20000 && c <= 0x3ffff);
}

/* The Han characters at *at as syllables between brackets. */
static void
han_append(struct buffer *out, const char **at, const char *end)
{
    const char *next = *at;
    char bracket = FOLD_HAN_BEGIN;

    buffer_append(out, &bracket, 1);
    for (uint32_t c; next < end && is_han(c = fold_decode(&next, end)); *at = next) {
        char syllable[8];

        fold_han(out->arena, c, syllable);
        if (*syllable) {
            buffer_text(out, syllable);
            buffer_text(out, " ");
        }
    }
    bracket = FOLD_HAN_END;
    buffer_append(out, &bracket, 1);
}

/* A word of Arabic or Hebrew at *at, between its marks. */
static void
abjad_append(struct buffer *out, const char **at, const char *end)
{
    const char *next = *at, *letter, mark = FOLD_ABJAD;

    buffer_append(out, &mark, 1);
    for (; next < end && (letter = fold_abjad(fold_decode(&next, end))); *at = next)
        buffer_text(out, letter);
    buffer_append(out, &mark, 1);
}

static int
is_foreign(uint32_t c)
{
    return c >= 0x80 && !is_han(c) && !fold_abjad(c) && !fold_letter(c);
}

/* A run of other scripts at *at, blanks within it included. */
static void
script_append(struct buffer *out, const char **at, const char *end)
{
    const char *begin = *at, *next = begin;

    while (next < end) {
        uint32_t c = fold_decode(&next, end);

        if (is_foreign(c))
            *at = next;
        else if (c != ' ')
            break;
    }
    for (const char *s = fold_script(out->arena, begin, (size_t)(*at - begin)); *s; s++)
        if ((unsigned char)*s < 0x80 && ascii[(unsigned char)*s])
            buffer_append(out, &ascii[(unsigned char)*s], 1);
}

static void
foreign_append(struct buffer *out, const char **at, const char *end)
{
    const char *next = *at, *letter;
    uint32_t c = fold_decode(&next, end);

    if (c != 0 && is_han(c)) {
        han_append(out, at, end);
    } else if (c != 0 && fold_abjad(c)) {
        abjad_append(out, at, end);
    } else if (c != 0 && !(letter = fold_letter(c))) {
        script_append(out, at, end);
    } else {
        if (c != 0)
            buffer_text(out, letter);
        *at = next;
    }
}

char *
fold(struct arena *arena, const char *text, size_t *len)
{
    size_t bytes = strnlen(text, FOLD_BYTES_MAX);
    const char *end = text + bytes;
    struct buffer out;

    buffer_init(&out, arena, bytes + bytes / 4 + 16);
    while (text < end) {
        if ((unsigned char)*text >= 0x80) {
            foreign_append(&out, &text, end);
            continue;
        }
        if (ascii[(unsigned char)*text])
            buffer_append(&out, &ascii[(unsigned char)*text], 1);
        text++;
    }
    *len = out.len;
    return buffer_terminate(&out);
}
