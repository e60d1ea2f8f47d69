/*
 * buffer.h - text that grows on an arena, and JSON written into it.
 *
 * The writer puts the commas: call json_key() before each member's value and
 * the value functions in order.  What it cannot know (that every key got its
 * value, that brackets pair) is the caller's to keep; tests parse the result.
 */
#ifndef GATEWAY_BASE_BUFFER_H
#define GATEWAY_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "gateway/base/arena.h"

/* data is not NUL-terminated; it lives as long as the arena. */
struct buffer {
    struct arena *arena;
    char *data;
    size_t len;
    size_t capacity;
    bool comma; /* the next JSON value needs one before it */
};

/* Room for capacity bytes at first. */
void buffer_init(struct buffer *buffer, struct arena *arena, size_t capacity);
void buffer_append(struct buffer *buffer, const char *data, size_t len);
void buffer_text(struct buffer *buffer, const char *text);
void buffer_printf(struct buffer *buffer, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void buffer_int(struct buffer *buffer, int64_t value);

/* A trailing NUL that is not counted in len; returns data. */
char *buffer_terminate(struct buffer *buffer);

void json_open(struct buffer *buffer, char bracket);                 /* '{' or '[' */
void json_close(struct buffer *buffer, char bracket);                /* '}' or ']' */
void json_key_n(struct buffer *buffer, const char *key, size_t len); /* key needs no escape */
void json_string(struct buffer *buffer, const char *text);
void json_string_n(struct buffer *buffer, const char *text, size_t len);
/* The parts joined into one string, without building it first. */
void json_string_parts(struct buffer *buffer, const char *const *parts, size_t count);
void json_int(struct buffer *buffer, int64_t value);
void json_bool(struct buffer *buffer, bool value);
void json_null(struct buffer *buffer);
void json_number(struct buffer *buffer, double value); /* shortest that reads back */
void json_raw(struct buffer *buffer, const char *json, size_t len); /* a finished value */

/* Inline, because the compiler knows the length of nearly every key. */
static inline void
json_key(struct buffer *buffer, const char *key)
{
    json_key_n(buffer, key, strlen(key));
}

/* The commonest pairs: "key":"text" and, where text is not "", the same. */
static inline void
json_member(struct buffer *buffer, const char *key, const char *text)
{
    json_key(buffer, key);
    json_string(buffer, text);
}

static inline void
json_member_if(struct buffer *buffer, const char *key, const char *text)
{
    if (text[0] != '\0')
        json_member(buffer, key, text);
}

/* The member is always there: null for what is NULL or "". */
static inline void
json_member_or_null(struct buffer *buffer, const char *key, const char *text)
{
    json_key(buffer, key);
    if (text && text[0] != '\0')
        json_string(buffer, text);
    else
        json_null(buffer);
}

#endif
