/* json_keys.c - a short list an object, and one hash table for the long ones. */
#include "gateway/base/json_keys.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define SLOTS_FIRST 256
#define MULTIPLIER  0x9e3779b97f4a7c15u /* odd, bits well spread: the golden ratio */

struct json_key_slot {
    const char *text; /* NULL: free */
    size_t len;
    uint32_t object;
    uint32_t hash;
};

/* Walks a key's bytes with its escapes resolved. */
struct cursor {
    const char *at;
    const char *end;
    char pending[4]; /* the rest of a character that was escaped, last byte first */
    int pending_count;
};

static unsigned
hex_value(const char *digits)
{
    unsigned value = 0;

    for (int i = 0; i < 4; i++) {
        unsigned char c = (unsigned char)digits[i];

        value = value << 4 | (c <= '9' ? c - (unsigned)'0' : (c | 0x20u) - 'a' + 10);
    }
    return value;
}

/* Behind \u: take four digits, or ten where they are half of a pair. */
static unsigned
cursor_code_point(struct cursor *cursor)
{
    unsigned high = hex_value(cursor->at);

    cursor->at += 4;
    if (high < 0xd800 || high > 0xdfff)
        return high;
    cursor->at += 2 + 4;
    return 0x10000 + ((high & 0x3ff) << 10 | (hex_value(cursor->at - 4) & 0x3ff));
}

/* Queue the UTF-8 form of a code point, last byte first; return the first byte. */
static int
cursor_encode(struct cursor *cursor, unsigned code)
{
    static const unsigned char lead[] = {0, 0xc0, 0xe0, 0xf0};
    int more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;

    for (int i = 0; i < more; i++) {
        cursor->pending[i] = (char)(0x80 | (code & 0x3f));
        code >>= 6;
    }
    cursor->pending_count = more;
    return (int)(lead[more] | code);
}

static int
cursor_escape(struct cursor *cursor)
{
    switch (*cursor->at++) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'u':
        return cursor_encode(cursor, cursor_code_point(cursor));
    default:
        return cursor->at[-1];
    }
}

/* The next byte, or -1 at the end. */
static int
cursor_next(struct cursor *cursor)
{
    if (cursor->pending_count > 0)
        return (unsigned char)cursor->pending[--cursor->pending_count];
    if (cursor->at == cursor->end)
        return -1;
    if (*cursor->at != '\\')
        return (unsigned char)*cursor->at++;
    cursor->at++;
    return cursor_escape(cursor);
}

static bool
resolved_equal(const char *a, size_t a_len, const char *b, size_t b_len)
{
    struct cursor left = {.at = a, .end = a + a_len};
    struct cursor right = {.at = b, .end = b + b_len};
    int byte;

    do {
        byte = cursor_next(&left);
        if (byte != cursor_next(&right))
            return false;
    } while (byte >= 0);
    return true;
}

static uint32_t
resolved_hash(const struct json_key_table *table, uint32_t object, const char *text, size_t len)
{
    struct cursor cursor = {.at = text, .end = text + len};
    uint64_t hash = table->seed ^ object * MULTIPLIER;
    int byte;

    while ((byte = cursor_next(&cursor)) >= 0) {
        hash = (hash ^ (unsigned)byte) * MULTIPLIER;
        hash ^= hash >> 29;
    }
    return (uint32_t)(hash * MULTIPLIER >> 32);
}

/* The slot that holds the key, or the free one where it belongs. */
static struct json_key_slot *
table_find(struct json_key_table *table, const struct json_key_slot *key)
{
    for (size_t i = key->hash;; i++) {
        struct json_key_slot *slot = &table->slots[i & (table->capacity - 1)];

        if (!slot->text)
            return slot;
        if (slot->hash == key->hash && slot->object == key->object &&
            resolved_equal(slot->text, slot->len, key->text, key->len))
            return slot;
    }
}

static void
table_grow(struct json_key_table *table)
{
    struct json_key_table old = *table;

    table->capacity = old.capacity ? old.capacity * 2 : SLOTS_FIRST;
    table->slots = calloc(table->capacity, sizeof(*table->slots));
    if (!table->slots)
        abort();
    if (!old.slots && getrandom(&table->seed, sizeof(table->seed), 0) < 0)
        abort();
    for (size_t i = 0; i < old.capacity; i++)
        if (old.slots[i].text)
            *table_find(table, &old.slots[i]) = old.slots[i];
    free(old.slots);
}

static bool
table_add(struct json_key_table *table, uint32_t object, const char *text, size_t len)
{
    struct json_key_slot key = {.text = text, .len = len, .object = object};
    struct json_key_slot *slot;

    if (table->used * 2 >= table->capacity)
        table_grow(table);
    key.hash = resolved_hash(table, object, text, len);
    slot = table_find(table, &key);
    if (slot->text)
        return false;
    *slot = key;
    table->used++;
    return true;
}

/* The list is full or an escape turned up: from now on the table serves this object. */
static void
keys_move(struct json_key_table *table, struct json_object_keys *keys)
{
    keys->object = ++table->objects;
    for (uint32_t i = 0; i < keys->count; i++) {
        bool added = table_add(table, keys->object, keys->list[i].text, keys->list[i].len);

        assert(added);
    }
}

bool
json_keys_add(struct json_key_table *table, struct json_object_keys *keys, const char *text,
              size_t len, bool escaped)
{
    struct json_key key = {.text = text, .len = len};

    if (keys->object == 0 && (escaped || keys->count == JSON_KEYS_LISTED))
        keys_move(table, keys);
    if (keys->object != 0)
        return table_add(table, keys->object, text, len);

    /* The byte behind the key is its quote, so the empty key may be looked at too. */
    key.tag = (uint32_t)len << 16 ^ (uint32_t)(unsigned char)text[len / 2] << 8 ^
              (unsigned char)text[len - (len > 0)];
    for (uint32_t i = 0; i < keys->count; i++)
        if (keys->list[i].tag == key.tag && keys->list[i].len == len &&
            memcmp(keys->list[i].text, text, len) == 0)
            return false;
    keys->list[keys->count++] = key;
    return true;
}

size_t
json_resolve(const char *text, size_t len, char *out)
{
    struct cursor cursor = {.at = text, .end = text + len};
    size_t resolved = 0;
    int byte;

    while ((byte = cursor_next(&cursor)) >= 0)
        out[resolved++] = (char)byte;
    return resolved;
}

void
json_keys_release(struct json_key_table *table)
{
    free(table->slots);
    *table = (struct json_key_table){0};
}
