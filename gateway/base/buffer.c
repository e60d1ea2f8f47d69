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
json_key(struct buffer *buffer, const char *key)
{
    size_t len = strlen(key);
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

/* Text inside quotes: runs that need no escape are copied whole. */
static void
json_escaped(struct buffer *buffer, const char *text, size_t len)
{
    size_t plain = 0;

    for (size_t i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)text[i];

        if (byte >= 0x20 && byte != '"' && byte != '\\')
            continue;
        buffer_append(buffer, text + plain, i - plain);
        json_escape(buffer, byte);
        plain = i + 1;
    }
    buffer_append(buffer, text + plain, len - plain);
}

void
json_string_n(struct buffer *buffer, const char *text, size_t len)
{
    json_begin_value(buffer);
    buffer_append(buffer, "\"", 1);
    json_escaped(buffer, text, len);
    buffer_append(buffer, "\"", 1);
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

void
json_number(struct buffer *buffer, double value)
{
    char text[32];

    assert(isfinite(value)); /* JSON has no word for the others */
    if (value == floor(value) && fabs(value) < 1e15) {
        json_int(buffer, (int64_t)value);
        return;
    }
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

void
json_member(struct buffer *buffer, const char *key, const char *text)
{
    json_key(buffer, key);
    json_string(buffer, text);
}

void
json_member_if(struct buffer *buffer, const char *key, const char *text)
{
    if (text[0] != '\0')
        json_member(buffer, key, text);
}
