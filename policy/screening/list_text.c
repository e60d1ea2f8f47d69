/* list_text.c - slices of text, and cleaning them. */
#include "policy/screening/list_text.h"

#include <string.h>
#include <strings.h>

struct list_text
text_of(const char *text)
{
    return (struct list_text){text, strlen(text)};
}

bool
text_is(struct list_text text, const char *word)
{
    return text.len == strlen(word) && memcmp(text.data, word, text.len) == 0;
}

bool
text_is_word(struct list_text text, const char *word)
{
    return text.len == strlen(word) && strncasecmp(text.data, word, text.len) == 0;
}

bool
text_begins(struct list_text text, const char *word)
{
    size_t len;

    if (text.len == 0 || text.data[0] != word[0]) /* most tables of words end here */
        return false;
    len = strlen(word);
    return text.len >= len && memcmp(text.data, word, len) == 0;
}

bool
text_equals(struct list_text a, struct list_text b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static bool
is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct list_text
text_trim(struct list_text text)
{
    while (text.len > 0 && is_space(text.data[0])) {
        text.data++;
        text.len--;
    }
    while (text.len > 0 && is_space(text.data[text.len - 1]))
        text.len--;
    return text;
}

bool
text_cut(struct list_text *rest, const char *separator, struct list_text *part)
{
    size_t len = strlen(separator);
    const char *found;

    if (rest->len == 0)
        return false;
    found = memmem(rest->data, rest->len, separator, len);
    if (!found) {
        *part = *rest;
        rest->data += rest->len;
        rest->len = 0;
        return true;
    }
    *part = (struct list_text){rest->data, (size_t)(found - rest->data)};
    rest->len -= part->len + len;
    rest->data = found + len;
    return true;
}

/* The bytes of the UTF-8 sequence at text; 0: none is there. */
static size_t
utf8_len(const unsigned char *text, size_t left)
{
    static const struct {
        unsigned char first, last, low, high; /* of the lead byte, of the second one */
        unsigned char len;
    } forms[] = {
        {0x00, 0x7f, 0x00, 0xff, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        size_t len = forms[i].len;

        if (text[0] < forms[i].first || text[0] > forms[i].last)
            continue;
        if (len > left || (len > 1 && (text[1] < forms[i].low || text[1] > forms[i].high)))
            return 0;
        for (size_t k = 2; k < len; k++)
            if ((text[k] & 0xc0) != 0x80)
                return 0;
        return len;
    }
    return 0;
}

static bool
is_control(const unsigned char *text, size_t len)
{
    return len == 1 ? text[0] < 0x20 || text[0] == 0x7f
                    : len == 2 && text[0] == 0xc2 && text[1] < 0xa0;
}

static bool
is_plain(struct list_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.data[i] < 0x20 || (unsigned char)text.data[i] >= 0x7f)
            return false;
    return true;
}

bool
text_clean(struct arena *arena, struct list_text text, struct list_text *clean)
{
    const unsigned char *at;
    size_t out = 0, len;
    char *copy;

    text = text_trim(text);
    *clean = text;
    if (is_plain(text))
        return true;
    copy = arena_alloc(arena, text.len);
    for (size_t i = 0; i < text.len; i += len) {
        at = (const unsigned char *)text.data + i;
        len = utf8_len(at, text.len - i);
        if (len == 0)
            return false;
        if (!is_control(at, len)) {
            memcpy(copy + out, at, len);
            out += len;
        } else if (out > 0 && copy[out - 1] != ' ') {
            copy[out++] = ' ';
        }
    }
    *clean = text_trim((struct list_text){copy, out});
    return true;
}

struct list_text
text_pack(struct arena *arena, struct list_text text)
{
    static const char separators[] = " -./\t:";
    char *copy = arena_alloc(arena, text.len + 1);
    size_t out = 0;

    for (size_t i = 0; i < text.len; i++)
        if (!memchr(separators, text.data[i], sizeof(separators) - 1))
            copy[out++] = text.data[i];
    return (struct list_text){copy, out};
}
