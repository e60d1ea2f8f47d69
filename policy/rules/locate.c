/* locate.c - walks the text of a JSON document that is known to be one. */
#include "policy/rules/locate.h"

#include <string.h>

#define WHITE_SPACE " \t\r\n"

static size_t
skip_space(const char *text, size_t at)
{
    return at + strspn(text + at, WHITE_SPACE);
}

/* From a quotation mark to behind the closing one. */
static size_t
skip_string(const char *text, size_t at)
{
    for (at++; text[at] != '"'; at++)
        if (text[at] == '\\')
            at++;
    return at + 1;
}

/* From the first byte of a value to behind its last one. */
static size_t
skip_value(const char *text, size_t at)
{
    size_t depth = 0;

    do {
        switch (text[at]) {
        case '"':
            at = skip_string(text, at);
            break;
        case '{':
        case '[':
            depth++, at++;
            break;
        case '}':
        case ']':
            depth--, at++;
            break;
        default: /* a number or a word; between the brackets also space, commas and colons */
            at += depth > 0 ? 1 : strcspn(text + at, ",]}" WHITE_SPACE);
        }
    } while (depth > 0);
    return at;
}

/* From the first byte of a child: of a member, its value. */
static size_t
skip_name(const char *text, size_t at)
{
    at = skip_space(text, skip_string(text, at));
    return skip_space(text, at + 1); /* the colon */
}

/* How many bytes of text stand for one character or byte, and how many bytes they are. */
static size_t
unit_length(const char *text, size_t *bytes)
{
    unsigned code = 0;

    *bytes = 1;
    if (text[0] != '\\')
        return 1;
    if (text[1] != 'u')
        return 2;
    for (size_t i = 2; i < 6; i++) {
        char c = text[i];

        code = code << 4 |
               (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10); /* a digit: L1 */
    }
    if (code >= 0xd800 && code < 0xe000) { /* two escapes make one character */
        *bytes = 4;
        return 12;
    }
    *bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
    return 6;
}

size_t
locate_in_string(const char *text, size_t at, size_t n)
{
    size_t done = 0, bytes;

    at++;
    while (text[at] != '"') {
        size_t length = unit_length(text + at, &bytes);

        if (done + bytes > n)
            return at;
        done += bytes;
        at += length;
    }
    return at;
}

size_t
locate_first(const char *text, size_t at)
{
    int in_object = text[at] == '{';

    at = skip_space(text, at + 1);
    return in_object && text[at] == '"' ? skip_name(text, at) : at;
}

size_t
locate_next(const char *text, size_t at)
{
    size_t after = skip_space(text, skip_value(text, at)), child;

    if (text[after] != ',')
        return after; /* it was the last one */
    child = skip_space(text, after + 1);
    if (text[child] != '"')
        return child;
    after = skip_space(text, skip_string(text, child));
    return text[after] == ':' ? skip_name(text, child) : child;
}

size_t
locate_child(const char *text, size_t at, const cJSON *container, const cJSON *child)
{
    const cJSON *json = container->child;

    for (at = locate_first(text, at); json != child; json = json->next)
        at = locate_next(text, at);
    return at;
}

size_t
locate_value(const char *text, const struct value *value)
{
    size_t at;

    if (!value->parent)
        return skip_space(text, 0);
    at = locate_value(text, value->parent);
    return value->json ? locate_child(text, at, value->parent->json, value->json) : at;
}

size_t
locate_name(const char *text, const struct value *value)
{
    size_t at = locate_value(text, value);

    if (!value->parent || !value->json || !value->name)
        return at;
    /* Backwards over blanks, the colon, blanks, to the mark that no backslash precedes. */
    while (text[at - 1] != ':')
        at--;
    for (at--; text[at - 1] != '"'; at--)
        ;
    for (at -= 2; text[at] != '"' || text[at - 1] == '\\'; at--)
        ;
    return at;
}

void
place_move(const char *text, struct place *place, size_t at)
{
    for (; place->at < at; place->at++) {
        if (text[place->at] == '\n') {
            place->line++;
            place->column = 1;
        } else if (((unsigned char)text[place->at] & 0xc0) != 0x80) {
            place->column++;
        }
    }
}
