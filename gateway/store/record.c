/*
 * record.c - writes the three parts, and reads back exactly what it writes.
 *
 * The head line is JSON for an auditor's tools, but only ever ours: one order
 * of members, no white space, and ids and keys of which no character needs an
 * escape.  So reading compares instead of parsing JSON, and anything else is
 * refused as damage.
 */
#include "gateway/store/record.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#define DIGITS_MAX 18 /* no length or instant of ours needs more */

/* Upper and lower case letters, digits, dash. */
static bool
is_plain(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           c == '-';
}

static size_t
plain_length(const char *text, size_t max)
{
    size_t len = 0;

    while (len < max && is_plain(text[len]))
        len++;
    return len;
}

static void
member_plain(struct buffer *out, const char *key, const char *text)
{
    assert(text[plain_length(text, SIZE_MAX)] == '\0');
    json_member(out, key, text);
}

void
record_write(const struct record *record, struct buffer *out)
{
    bool comma = out->comma;

    assert(record->at_ms >= 0);
    out->comma = false;
    json_open(out, '{');
    json_member(out, "kind", "payment");
    member_plain(out, "id", record->id);
    member_plain(out, "uetr", record->uetr);
    json_key(out, "at_ms");
    json_int(out, record->at_ms);
    if (record->key[0] != '\0')
        member_plain(out, "key", record->key);
    json_key(out, "request_bytes");
    json_int(out, (int64_t)record->request_len);
    json_key(out, "answer_bytes");
    json_int(out, (int64_t)record->answer_len);
    json_close(out, '}');
    buffer_append(out, "\n", 1);
    buffer_append(out, record->request, record->request_len);
    buffer_append(out, "\n", 1);
    buffer_append(out, record->answer, record->answer_len);
    out->comma = comma;
}

/* What is left to read.  After the first mismatch, ok is false for good. */
struct cursor {
    const char *next;
    size_t left;
    bool ok;
};

static bool
cursor_has(const struct cursor *cursor, const char *text)
{
    size_t len = strlen(text);

    return cursor->ok && cursor->left >= len && memcmp(cursor->next, text, len) == 0;
}

static const char *
cursor_skip(struct cursor *cursor, size_t len)
{
    const char *start = cursor->next;

    cursor->ok = cursor->ok && len <= cursor->left;
    if (cursor->ok) {
        cursor->next += len;
        cursor->left -= len;
    }
    return start;
}

static void
cursor_expect(struct cursor *cursor, const char *text)
{
    cursor->ok = cursor_has(cursor, text);
    cursor_skip(cursor, cursor->ok ? strlen(text) : 0);
}

static const char *
cursor_plain(struct cursor *cursor, struct arena *arena)
{
    size_t len = cursor->ok ? plain_length(cursor->next, cursor->left) : 0;

    return arena_copy(arena, cursor_skip(cursor, len), len);
}

static int64_t
cursor_number(struct cursor *cursor)
{
    int64_t value = 0;
    size_t len = 0;

    while (cursor->ok && len < cursor->left && len < DIGITS_MAX && cursor->next[len] >= '0' &&
           cursor->next[len] <= '9')
        value = value * 10 + (cursor->next[len++] - '0');
    cursor->ok = cursor->ok && len > 0 && (len == 1 || cursor->next[0] != '0');
    cursor_skip(cursor, len);
    return value;
}

static void
read_head(struct cursor *cursor, struct arena *arena, struct record *out)
{
    cursor_expect(cursor, "{\"kind\":\"payment\",\"id\":\"");
    out->id = cursor_plain(cursor, arena);
    cursor_expect(cursor, "\",\"uetr\":\"");
    out->uetr = cursor_plain(cursor, arena);
    cursor_expect(cursor, "\",\"at_ms\":");
    out->at_ms = cursor_number(cursor);
    out->key = "";
    if (cursor_has(cursor, ",\"key\":\"")) {
        cursor_expect(cursor, ",\"key\":\"");
        out->key = cursor_plain(cursor, arena);
        cursor_expect(cursor, "\"");
    }
    cursor_expect(cursor, ",\"request_bytes\":");
    out->request_len = (size_t)cursor_number(cursor);
    cursor_expect(cursor, ",\"answer_bytes\":");
    out->answer_len = (size_t)cursor_number(cursor);
    cursor_expect(cursor, "}\n");
}

int
record_read(const char *body, size_t body_len, struct arena *arena, struct record *out,
            struct error *err)
{
    struct cursor cursor = {body, body_len, true};

    *out = (struct record){0};
    read_head(&cursor, arena, out);
    if (!cursor.ok)
        return error_set(err, ERROR_INTERNAL,
                         "record: expected a payment's head line, found something else at "
                         "byte %zu",
                         body_len - cursor.left);
    out->request = cursor_skip(&cursor, out->request_len);
    cursor_expect(&cursor, "\n");
    out->answer = cursor_skip(&cursor, out->answer_len);
    if (!cursor.ok || cursor.left != 0)
        return error_set(err, ERROR_INTERNAL,
                         "record: expected %zu and %zu bytes after the head, found another "
                         "number",
                         out->request_len, out->answer_len);
    return 0;
}
