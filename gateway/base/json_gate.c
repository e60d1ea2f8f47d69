/*
 * json_gate.c - one pass over the bytes: strict JSON becomes cJSON nodes.
 *
 * A descent over the grammar of RFC 8259, one function a rule.  It recurses
 * at most depth_max deep.  Each function starts with gate->at on the
 * first byte of what it reads and leaves it on the first byte behind.  The
 * place of an error is counted out only once there is one.
 *
 * The nodes are linked as cJSON_Parse() would: the first child's prev is the
 * last child, the last one's next is NULL.  Without an arena nothing is built,
 * and every node written is the same scratch node.
 */
#include <endian.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/file.h"
#include "gateway/base/json.h"
#include "gateway/base/json_keys.h"

#define NUMBER_MAX    63 /* characters: no double needs more */
#define EXACT_DIGITS  15 /* decimal digits that a double always holds */
#define KEY_SHOWN_MAX 60 /* bytes of a key in an error text */
#define FOUND_SIZE    32

#define EACH_BYTE 0x0101010101010101u
#define HIGH_BITS 0x8080808080808080u

struct gate {
    const unsigned char *start;
    const unsigned char *at;
    const unsigned char *end;
    int depth;
    int depth_max;
    size_t values_left;
    struct arena *arena; /* NULL: only check */
    cJSON scratch;
    struct json_key_table keys;
    struct error *err;
};

static int gate_value(struct gate *gate, cJSON *node);

/* A fresh node of no type yet. */
static cJSON *
gate_node(struct gate *gate)
{
    return gate->arena ? arena_zalloc(gate->arena, sizeof(cJSON)) : &gate->scratch;
}

/* Behind the parent's last child, which first->prev is. */
static void
gate_link(const struct gate *gate, cJSON *parent, cJSON *child)
{
    cJSON *first = parent->child;

    if (!gate->arena)
        return;
    if (first) {
        first->prev->next = child;
        child->prev = first->prev;
        first->prev = child;
    } else {
        parent->child = child;
        child->prev = child;
    }
}

/* What stands between quotes, escapes resolved, as a string on the arena. */
static char *
gate_text(const struct gate *gate, const char *text, size_t len, bool escaped)
{
    char *copy;

    if (!gate->arena)
        return NULL;
    copy = arena_alloc(gate->arena, len + 1);
    if (escaped)
        len = json_resolve(text, len, copy);
    else
        memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

/* Report at place; everything before it has passed, so it is valid UTF-8. */
static int __attribute__((format(printf, 3, 4)))
gate_fail(struct gate *gate, const unsigned char *place, const char *fmt, ...)
{
    char why[ERROR_TEXT_MAX / 2];
    size_t line = 1, column = 1;
    va_list args;

    for (const unsigned char *p = gate->start; p < place; p++) {
        if (*p == '\n') {
            line++;
            column = 1;
        } else if ((*p & 0xc0) != 0x80) {
            column++;
        }
    }
    va_start(args, fmt);
    vsnprintf(why, sizeof(why), fmt, args);
    va_end(args);
    return error_set(gate->err, ERROR_INVALID, "line %zu, column %zu: %s", line, column, why);
}

/* What stands at a place, for "expected this, found that". */
static const char *
gate_found(const struct gate *gate, const unsigned char *place, char text[FOUND_SIZE])
{
    if (place >= gate->end)
        snprintf(text, FOUND_SIZE, "the end of the text");
    else if (*place > 0x20 && *place < 0x7f)
        snprintf(text, FOUND_SIZE, "%c", *place);
    else
        snprintf(text, FOUND_SIZE, "the byte 0x%02x", *place);
    return text;
}

static int
gate_expected(struct gate *gate, const unsigned char *place, const char *what)
{
    char found[FOUND_SIZE];

    return gate_fail(gate, place, "expected %s, found %s", what,
                     gate_found(gate, place, found));
}

static inline void
gate_skip_blank(struct gate *gate)
{
    const unsigned char *at = gate->at;

    while (at < gate->end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        at++;
    gate->at = at;
}

static inline bool
gate_is_at(const struct gate *gate, unsigned char byte)
{
    return gate->at < gate->end && *gate->at == byte;
}

/*
 * A quote, a backslash, a control character or the beginning of a longer
 * character.  Of eight bytes at once each that is one has its high bit set
 * in the result; bytes above the first such one may have it set wrongly.
 */
static inline uint64_t
special_bytes(uint64_t word)
{
    uint64_t quote = word ^ EACH_BYTE * '"';
    uint64_t backslash = word ^ EACH_BYTE * '\\';

    return ((word - EACH_BYTE * 0x20) | (quote - EACH_BYTE) | (backslash - EACH_BYTE) | word) &
           HIGH_BITS;
}

/* The first special byte from at on, or the end. */
static inline const unsigned char *
skip_plain(const unsigned char *at, const unsigned char *end)
{
    while (end - at >= 8) {
        uint64_t word, special;

        memcpy(&word, at, sizeof(word));
        special = special_bytes(le64toh(word));
        if (special)
            return at + __builtin_ctzll(special) / 8;
        at += 8;
    }
    while (at < end && *at >= 0x20 && *at < 0x80 && *at != '"' && *at != '\\')
        at++;
    return at;
}

/*
 * The length of the UTF-8 character at a place, 0 if it is none.  The table
 * of RFC 3629: the second byte's range keeps out overlong forms, surrogates
 * and what lies beyond U+10FFFF.
 */
static size_t
utf8_length(const unsigned char *at, const unsigned char *end)
{
    unsigned char low = 0x80, high = 0xbf;
    size_t length;

    if (*at >= 0xc2 && *at <= 0xdf)
        length = 2;
    else if (*at >= 0xe0 && *at <= 0xef)
        length = 3;
    else if (*at >= 0xf0 && *at <= 0xf4)
        length = 4;
    else
        return 0;

    if (*at == 0xe0)
        low = 0xa0;
    else if (*at == 0xed)
        high = 0x9f;
    else if (*at == 0xf0)
        low = 0x90;
    else if (*at == 0xf4)
        high = 0x8f;
    if ((size_t)(end - at) < length || at[1] < low || at[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    return length;
}

/* Four hexadecimal digits as a number, -1 if they are not. */
static int
hex_digits(const unsigned char *at, const unsigned char *end)
{
    int value = 0;

    if (end - at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int digit = at[i] >= '0' && at[i] <= '9'   ? at[i] - '0'
                    : at[i] >= 'a' && at[i] <= 'f' ? at[i] - 'a' + 10
                    : at[i] >= 'A' && at[i] <= 'F' ? at[i] - 'A' + 10
                                                   : -1;

        if (digit < 0)
            return -1;
        value = value << 4 | digit;
    }
    return value;
}

/* at is on the u of \uXXXX. */
static int
gate_unicode_escape(struct gate *gate)
{
    const unsigned char *escape = gate->at - 1;
    int unit = hex_digits(gate->at + 1, gate->end);

    if (unit < 0)
        return gate_fail(gate, escape, "\\u needs four hexadecimal digits");
    if (unit == 0)
        return gate_fail(gate, escape, "\\u0000 is not allowed in a string");
    gate->at += 5;
    if (unit < 0xd800 || unit > 0xdfff)
        return 0;
    if (unit <= 0xdbff && gate->end - gate->at >= 6 && gate->at[0] == '\\' &&
        gate->at[1] == 'u') {
        int low = hex_digits(gate->at + 2, gate->end);

        gate->at += 6;
        if (low >= 0xdc00 && low <= 0xdfff)
            return 0;
    }
    return gate_fail(gate, escape, "\\u%04x is half of a surrogate pair without the other half",
                     (unsigned)unit);
}

/* at is behind the backslash. */
static int
gate_escape(struct gate *gate)
{
    if (gate_is_at(gate, 'u'))
        return gate_unicode_escape(gate);
    if (gate->at == gate->end || *gate->at == '\0' || !strchr("\"\\/bfnrt", *gate->at))
        return gate_expected(gate, gate->at, "one of \" \\ / b f n r t u behind a backslash");
    gate->at++;
    return 0;
}

/* What a plain run of a string ended at, if it was not the quote. */
static int
gate_special(struct gate *gate)
{
    size_t length;

    if (*gate->at == '\\') {
        gate->at++;
        return gate_escape(gate);
    }
    if (*gate->at < 0x20)
        return gate_fail(gate, gate->at,
                         "the control character 0x%02x has to be escaped in a string",
                         *gate->at);
    length = utf8_length(gate->at, gate->end);
    if (length == 0)
        return gate_fail(gate, gate->at, "not UTF-8: the byte 0x%02x", *gate->at);
    gate->at += length;
    return 0;
}

static int
gate_string(struct gate *gate, bool *escaped)
{
    const unsigned char *opened = gate->at++;

    for (;;) {
        gate->at = skip_plain(gate->at, gate->end);
        if (gate->at == gate->end)
            return gate_fail(gate, opened, "a string begins here and is not closed");
        if (*gate->at == '"')
            break;
        *escaped |= *gate->at == '\\';
        if (gate_special(gate) != 0)
            return -1;
    }
    gate->at++;
    return 0;
}

/* At least one digit. */
static int
gate_digits(struct gate *gate, const char *where)
{
    const unsigned char *first = gate->at;

    while (gate->at < gate->end && *gate->at >= '0' && *gate->at <= '9')
        gate->at++;
    return gate->at > first ? 0 : gate_expected(gate, first, where);
}

/* One zero, or digits that do not begin with one. */
static int
gate_integer(struct gate *gate)
{
    const unsigned char *first = gate->at;

    if (gate_digits(gate, "a digit behind the minus sign") != 0)
        return -1;
    if (*first == '0' && gate->at - first > 1)
        return gate_fail(gate, first, "a number may not begin with a superfluous zero");
    return 0;
}

/* "17", with or without a sign, few enough digits: no need for strtod. */
static double
short_integer(const unsigned char *at, const unsigned char *end)
{
    bool negative = *at == '-';
    int64_t value = 0;

    for (at += negative; at < end; at++)
        value = value * 10 + (*at - '0');
    return negative ? -(double)value : (double)value;
}

static int
gate_double(struct gate *gate, const unsigned char *first, cJSON *node)
{
    char text[NUMBER_MAX + 1] = "";

    memcpy(text, first, (size_t)(gate->at - first));
    node->valuedouble = strtod(text, NULL);
    if (isfinite(node->valuedouble))
        return 0;
    return gate_fail(gate, first, "the number is too large for a double");
}

/* cJSON keeps each number as an int too, at its limits where it is out of range. */
static int
gate_set_number(struct gate *gate, const unsigned char *first, bool integer, cJSON *node)
{
    node->type = cJSON_Number;
    if (integer && gate->at - first <= EXACT_DIGITS)
        node->valuedouble = short_integer(first, gate->at);
    else if (gate_double(gate, first, node) != 0)
        return -1;
    node->valueint = node->valuedouble >= INT_MAX   ? INT_MAX
                     : node->valuedouble <= INT_MIN ? INT_MIN
                                                    : (int)node->valuedouble;
    return 0;
}

static int
gate_number(struct gate *gate, cJSON *node)
{
    const unsigned char *first = gate->at;
    bool integer = true;

    if (*gate->at == '-')
        gate->at++;
    if (gate_integer(gate) != 0)
        return -1;
    if (gate_is_at(gate, '.')) {
        integer = false;
        gate->at++;
        if (gate_digits(gate, "a digit behind the decimal point") != 0)
            return -1;
    }
    if (gate_is_at(gate, 'e') || gate_is_at(gate, 'E')) {
        integer = false;
        gate->at++;
        if (gate_is_at(gate, '+') || gate_is_at(gate, '-'))
            gate->at++;
        if (gate_digits(gate, "a digit in the exponent") != 0)
            return -1;
    }
    if (gate->at - first > NUMBER_MAX)
        return gate_fail(gate, first, "a number has at most %d characters", NUMBER_MAX);
    return gate_set_number(gate, first, integer, node);
}

static int
gate_word(struct gate *gate, const char *word, size_t len, int type, cJSON *node)
{
    if ((size_t)(gate->end - gate->at) < len || memcmp(gate->at, word, len) != 0)
        return gate_fail(gate, gate->at,
                         "expected a value; words are true, false and null, in lower case");
    gate->at += len;
    node->type = type;
    node->valueint = type == cJSON_True;
    return 0;
}

/* Behind an opening bracket. */
static int
gate_enter(struct gate *gate)
{
    if (gate->depth++ == gate->depth_max)
        return gate_fail(gate, gate->at, "nested more than %d deep", gate->depth_max);
    gate->at++;
    gate_skip_blank(gate);
    return 0;
}

static int
gate_leave(struct gate *gate)
{
    gate->at++;
    gate->depth--;
    return 0;
}

static int
gate_array(struct gate *gate, cJSON *node)
{
    node->type = cJSON_Array;
    if (gate_enter(gate) != 0)
        return -1;
    if (gate_is_at(gate, ']'))
        return gate_leave(gate);
    for (;;) {
        cJSON *item = gate_node(gate);

        if (gate_value(gate, item) != 0)
            return -1;
        gate_link(gate, node, item);
        gate_skip_blank(gate);
        if (gate_is_at(gate, ']'))
            return gate_leave(gate);
        if (!gate_is_at(gate, ','))
            return gate_expected(gate, gate->at, "a comma or ]");
        gate->at++;
        gate_skip_blank(gate);
    }
}

/* A key and its colon. */
static int
gate_key(struct gate *gate, struct json_object_keys *keys, cJSON *node)
{
    const unsigned char *quote = gate->at;
    const char *text = (const char *)quote + 1;
    bool escaped = false;
    size_t len;

    if (!gate_is_at(gate, '"'))
        return gate_expected(gate, quote, "a key in double quotes");
    if (gate_string(gate, &escaped) != 0)
        return -1;
    len = (size_t)((const char *)gate->at - 1 - text);
    if (!json_keys_add(&gate->keys, keys, text, len, escaped))
        return gate_fail(gate, quote, "the key \"%.*s\" appears twice in one object",
                         len < KEY_SHOWN_MAX ? (int)len : KEY_SHOWN_MAX, text);
    node->string = gate_text(gate, text, len, escaped);
    gate_skip_blank(gate);
    if (!gate_is_at(gate, ':'))
        return gate_expected(gate, gate->at, "a colon behind the key");
    gate->at++;
    return 0;
}

static int
gate_object(struct gate *gate, cJSON *node)
{
    struct json_object_keys keys; /* most of it is filled as needed */

    node->type = cJSON_Object;
    keys.count = 0;
    keys.object = 0;
    if (gate_enter(gate) != 0)
        return -1;
    if (gate_is_at(gate, '}'))
        return gate_leave(gate);
    for (;;) {
        cJSON *member = gate_node(gate);

        if (gate_key(gate, &keys, member) != 0)
            return -1;
        gate_skip_blank(gate);
        if (gate_value(gate, member) != 0)
            return -1;
        gate_link(gate, node, member);
        gate_skip_blank(gate);
        if (gate_is_at(gate, '}'))
            return gate_leave(gate);
        if (!gate_is_at(gate, ','))
            return gate_expected(gate, gate->at, "a comma or }");
        gate->at++;
        gate_skip_blank(gate);
    }
}

static int
gate_string_value(struct gate *gate, cJSON *node)
{
    const char *text = (const char *)gate->at + 1;
    bool escaped = false;

    if (gate_string(gate, &escaped) != 0)
        return -1;
    node->type = cJSON_String;
    node->valuestring =
        gate_text(gate, text, (size_t)((const char *)gate->at - 1 - text), escaped);
    return 0;
}

static int
gate_value(struct gate *gate, cJSON *node)
{
    if (gate->values_left-- == 0)
        return gate_fail(gate, gate->at, "has more than %d values", JSON_VALUES_MAX);
    if (gate->at == gate->end)
        return gate_expected(gate, gate->at, "a value");
    switch (*gate->at) {
    case '"':
        return gate_string_value(gate, node);
    case '{':
        return gate_object(gate, node);
    case '[':
        return gate_array(gate, node);
    case 't':
        return gate_word(gate, "true", 4, cJSON_True, node);
    case 'f':
        return gate_word(gate, "false", 5, cJSON_False, node);
    case 'n':
        return gate_word(gate, "null", 4, cJSON_NULL, node);
    default:
        if (*gate->at == '-' || (*gate->at >= '0' && *gate->at <= '9'))
            return gate_number(gate, node);
        return gate_expected(gate, gate->at, "a value");
    }
}

/* The whole text as one value; *root is its node, or the scratch node. */
static int
gate_document(struct gate *gate, cJSON **root)
{
    static const char mark[] = {'\xef', '\xbb', '\xbf'};

    if ((size_t)(gate->end - gate->at) >= sizeof(mark) &&
        memcmp(gate->at, mark, sizeof(mark)) == 0)
        return gate_fail(gate, gate->at,
                         "begins with a byte order mark; send UTF-8 without one");
    gate_skip_blank(gate);
    if (gate->at == gate->end)
        return gate_fail(gate, gate->at, "there is no JSON in it");
    *root = gate_node(gate);
    if (gate_value(gate, *root) != 0)
        return -1;
    gate_skip_blank(gate);
    if (gate->at != gate->end)
        return gate_expected(gate, gate->at, "the end of the text behind the value");
    return 0;
}

struct limits {
    int depth;
    size_t values;
};

static int
gate_run(struct arena *arena, const char *text, size_t len, struct limits limits, cJSON **root,
         struct error *err)
{
    const unsigned char *start = (const unsigned char *)text;
    struct gate gate = {.start = start,
                        .at = start,
                        .end = start + len,
                        .depth_max = limits.depth,
                        .values_left = limits.values,
                        .arena = arena,
                        .err = err};
    int rc = gate_document(&gate, root);

    json_keys_release(&gate.keys);
    return rc;
}

int
json_gate(const char *text, size_t len, struct error *err)
{
    cJSON *root;

    return gate_run(NULL, text, len, (struct limits){JSON_DEPTH_MAX, SIZE_MAX}, &root, err);
}

static int
parse(struct arena *arena, const char *text, size_t len, struct limits limits, cJSON **out,
      struct error *err)
{
    cJSON *root;

    *out = NULL;
    if (gate_run(arena, text, len, limits, &root, err) != 0)
        return -1;
    *out = root;
    return 0;
}

int
json_parse(struct arena *arena, const char *text, size_t len, cJSON **out, struct error *err)
{
    return parse(arena, text, len, (struct limits){JSON_DEPTH_MAX, SIZE_MAX}, out, err);
}

int
json_parse_deep(struct arena *arena, const char *text, size_t len, int depth_max, cJSON **out,
                struct error *err)
{
    return parse(arena, text, len, (struct limits){depth_max, SIZE_MAX}, out, err);
}

int
json_parse_request(struct arena *arena, const char *text, size_t len, cJSON **out,
                   struct error *err)
{
    return parse(arena, text, len, (struct limits){JSON_DEPTH_MAX, JSON_VALUES_MAX}, out, err);
}

int
json_parse_file(struct arena *arena, const char *path, size_t bytes_max, cJSON **out,
                struct error *err)
{
    struct error why = {0};
    char *text;
    size_t len;

    *out = NULL;
    if (file_read(arena, path, bytes_max, &text, &len, err) != 0)
        return -1;
    if (parse(arena, text, len, (struct limits){JSON_DEPTH_MAX, SIZE_MAX}, out, &why) != 0)
        return error_set(err, why.code, "%s: %.300s", path, why.text);
    return 0;
}
