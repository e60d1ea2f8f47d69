/* buffer.c - appending, and JSON's escapes. */
#include "gateway/base/buffer.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INT64_DIGITS_MAX 20 /* with the sign */

/* Make room for more bytes and return where they go. */
static char *
buffer_room(struct buffer *buffer, size_t more)
{
    if (buffer->capacity - buffer->len < more) {
        size_t capacity = buffer->capacity * 2;

        if (capacity < buffer->len + more)
            capacity = buffer->len + more;
        buffer->data = arena_grow(buffer->arena, buffer->data, buffer->capacity, capacity);
        buffer->capacity = capacity;
    }
    return buffer->data + buffer->len;
}

void
buffer_init(struct buffer *buffer, struct arena *arena, size_t capacity)
{
    *buffer = (struct buffer){.arena = arena, .capacity = capacity};
    buffer->data = arena_alloc(arena, capacity);
}

void
buffer_append(struct buffer *buffer, const char *data, size_t len)
{
    memcpy(buffer_room(buffer, len), data, len);
    buffer->len += len;
}

void
buffer_text(struct buffer *buffer, const char *text)
{
    buffer_append(buffer, text, strlen(text));
}

void
buffer_printf(struct buffer *buffer, const char *fmt, ...)
{
    va_list args, again;
    int len;

    va_start(args, fmt);
    va_copy(again, args);
    len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (len < 0)
        abort();
    vsnprintf(buffer_room(buffer, (size_t)len + 1), (size_t)len + 1, fmt, again);
    va_end(again);
    buffer->len += (size_t)len;
}

void
buffer_int(struct buffer *buffer, int64_t value)
{
    char digits[INT64_DIGITS_MAX];
    char *start = digits + sizeof(digits);
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    do
        *--start = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0)
        *--start = '-';
    buffer_append(buffer, start, (size_t)(digits + sizeof(digits) - start));
}

char *
buffer_terminate(struct buffer *buffer)
{
    *buffer_room(buffer, 1) = '\0';
    return buffer->data;
}

/* The comma before a value, where one is due; a value asks for one after it. */
static void
json_begin_value(struct buffer *buffer)
{
    if (buffer->comma)
        buffer_append(buffer, ",", 1);
    buffer->comma = true;
}

void
json_open(struct buffer *buffer, char bracket)
{
    assert(bracket == '{' || bracket == '[');
    json_begin_value(buffer);
    buffer_append(buffer, &bracket, 1);
    buffer->comma = false;
}

void
json_close(struct buffer *buffer, char bracket)
{
    assert(bracket == '}' || bracket == ']');
    buffer_append(buffer, &bracket, 1);
    buffer->comma = true;
}

void
json_key_n(struct buffer *buffer, const char *key, size_t len)
{
    char *room = buffer_room(buffer, len + 4);
    char *at = room;

    if (buffer->comma)
        *at++ = ',';
    *at++ = '"';
    memcpy(at, key, len);
    at += len;
    *at++ = '"';
    *at++ = ':';
    buffer->len += (size_t)(at - room);
    buffer->comma = false;
}

static void
json_escape(struct buffer *buffer, unsigned char byte)
{
    static const char short_form[] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n',  ['\f'] = 'f',
        ['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\',
    };

    if (byte < sizeof(short_form) && short_form[byte])
        buffer_append(buffer, (char[]){'\\', short_form[byte]}, 2);
    else
        buffer_printf(buffer, "\\u%04x", byte);
}

#define ONES 0x0101010101010101ULL
#define HIGH 0x8080808080808080ULL

/* Bytes of eight that are below 0x20, a quote or a backslash: their high bit is set. */
static uint64_t
special_bytes(uint64_t word)
{
    uint64_t quote = word ^ (ONES * '"'), slash = word ^ (ONES * '\\');

    return ((word - ONES * 0x20) | (quote - ONES) | (slash - ONES)) & ~word & HIGH;
}

/*
 * How much of text can be copied as it stands.  Eight bytes at a time; a word
 * that may hold something special is looked at byte by byte.
 */
static size_t
plain_run(const char *text, size_t len)
{
    size_t i = 0;

    for (uint64_t word; len - i >= sizeof(word); i += sizeof(word)) {
        memcpy(&word, text + i, sizeof(word));
        if (special_bytes(word))
            break;
    }
    if (i < len && len - i < sizeof(uint64_t) && len >= sizeof(uint64_t)) {
        uint64_t last; /* the rest, with bytes already seen in front */

        memcpy(&last, text + len - sizeof(last), sizeof(last));
        if (!special_bytes(last))
            return len;
    }
    while (i < len && (unsigned char)text[i] >= 0x20 && text[i] != '"' && text[i] != '\\')
        i++;
    return i;
}

/* Text inside quotes: runs that need no escape are copied whole. */
static void
json_escaped(struct buffer *buffer, const char *text, size_t len)
{
    size_t run = plain_run(text, len);

    buffer_append(buffer, text, run);
    while (run < len) {
        size_t next;

        json_escape(buffer, (unsigned char)text[run++]);
        next = plain_run(text + run, len - run);
        buffer_append(buffer, text + run, next);
        run += next;
    }
}

/* A comma where one is due, quotes and text: one reservation for most strings. */
void
json_string_n(struct buffer *buffer, const char *text, size_t len)
{
    char *room = buffer_room(buffer, len + 3), *at = room;

    if (plain_run(text, len) < len) {
        json_begin_value(buffer);
        buffer_append(buffer, "\"", 1);
        json_escaped(buffer, text, len);
        buffer_append(buffer, "\"", 1);
        return;
    }
    if (buffer->comma)
        *at++ = ',';
    *at++ = '"';
    memcpy(at, text, len);
    at += len;
    *at++ = '"';
    buffer->len += (size_t)(at - room);
    buffer->comma = true;
}

void
json_string(struct buffer *buffer, const char *text)
{
    json_string_n(buffer, text, strlen(text));
}

void
json_string_parts(struct buffer *buffer, const char *const *parts, size_t count)
{
    json_begin_value(buffer);
    buffer_append(buffer, "\"", 1);
    for (size_t i = 0; i < count; i++)
        json_escaped(buffer, parts[i], strlen(parts[i]));
    buffer_append(buffer, "\"", 1);
}

void
json_int(struct buffer *buffer, int64_t value)
{
    json_begin_value(buffer);
    buffer_int(buffer, value);
}

void
json_bool(struct buffer *buffer, bool value)
{
    json_begin_value(buffer);
    buffer_text(buffer, value ? "true" : "false");
}

void
json_null(struct buffer *buffer)
{
    json_begin_value(buffer);
    buffer_append(buffer, "null", 4);
}

/*
 * Most fractions written here (a coverage, a score) have few decimals.  As a
 * whole number of millionths they print without printf, and read back to the
 * same double: both numbers of the division are exact.
 */
static bool
json_millionths(struct buffer *buffer, double value)
{
    int64_t millionths = (int64_t)(value * 1e6 + 0.5);
    char digits[8] = "0.000000";
    int len = sizeof(digits);

    if (value <= 0 || value >= 1 || (double)millionths / 1e6 != value)
        return false;
    for (int i = len - 1; i > 1; i--, millionths /= 10)
        digits[i] = (char)('0' + millionths % 10);
    while (digits[len - 1] == '0')
        len--;
    json_raw(buffer, digits, (size_t)len);
    return true;
}

void
json_number(struct buffer *buffer, double value)
{
    char text[32];

    assert(isfinite(value)); /* JSON has no word for the others */
    if (value == floor(value) && fabs(value) < 1e15) {
        json_int(buffer, (int64_t)value);
        return;
    }
    if (json_millionths(buffer, value))
        return;
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    json_begin_value(buffer);
    buffer_text(buffer, text);
}

void
json_raw(struct buffer *buffer, const char *json, size_t len)
{
    json_begin_value(buffer);
    buffer_append(buffer, json, len);
}
