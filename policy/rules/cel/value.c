/*
 * value.c - memory and errors of an evaluation, maps, and looking things up.
 *
 * What compares is in compare.c, what calculates in arithmetic.c, what prints
 * in print.c.
 */
#include "policy/rules/cel/value.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

#include "policy/rules/records.h"

#define ALIGNMENT    16
#define SENTENCE_MAX 400
#define OVERLOAD_MAX 200                   /* what a sentence says of the arguments */
#define KEY_TEXT_MAX 80                    /* a key in a sentence */
#define SMALL_MAP    12                    /* up to here every pair of keys is compared */
#define HASH_BASIS   14695981039346656037u /* FNV-1a, 64 bits */
#define HASH_PRIME   1099511628211u
#define HASH_GOLDEN  0x9e3779b97f4a7c15u

void *
cel_alloc(struct cel_run *run, size_t bytes)
{
    size_t padded = (bytes + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);

    if (bytes > run->memory_left || padded > run->memory_left)
        return NULL;
    run->memory_left -= padded;
    return run->alloc(run->context, padded);
}

struct cel_value
cel_fail(struct cel_run *run, const char *fmt, ...)
{
    char sentence[SENTENCE_MAX];
    va_list args;
    char *kept;
    size_t len;

    va_start(args, fmt);
    vsnprintf(sentence, sizeof(sentence), fmt, args);
    va_end(args);
    len = strlen(sentence);
    kept = cel_alloc(run, len + 1);
    if (!kept)
        return cel_out_of_memory();
    memcpy(kept, sentence, len + 1);
    return cel_error(kept);
}

struct cel_value
cel_out_of_memory(void)
{
    return cel_error("the evaluation needs more memory than an expression may use");
}

struct cel_value
cel_out_of_steps(void)
{
    return cel_error("the evaluation takes more steps than an expression may use");
}

const char *
cel_kind_name(enum cel_kind kind)
{
    static const char *const names[CEL_KIND_COUNT] = {
        [CEL_ERROR] = "error",
        [CEL_NULL] = "null_type",
        [CEL_BOOL] = "bool",
        [CEL_INT] = "int",
        [CEL_UINT] = "uint",
        [CEL_DOUBLE] = "double",
        [CEL_STRING] = "string",
        [CEL_BYTES] = "bytes",
        [CEL_TIMESTAMP] = "google.protobuf.Timestamp",
        [CEL_DURATION] = "google.protobuf.Duration",
        [CEL_TYPE] = "type",
        [CEL_LIST] = "list",
        [CEL_MAP] = "map",
        [CEL_RECORD] = "record",
        [CEL_DYN] = "dyn",
    };

    return kind < CEL_KIND_COUNT ? names[kind] : "unknown";
}

const char *
cel_name_of_kind(struct cel_value value)
{
    return value.kind == CEL_RECORD ? cel_records[value.type].name : cel_kind_name(value.kind);
}

/* "int, string" */
static void
list_kinds(const struct cel_value *args, uint32_t count, char *text, size_t size)
{
    size_t used = 0;

    text[0] = '\0';
    for (uint32_t i = 0; i < count && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i > 0 ? ", " : "",
                                 cel_name_of_kind(args[i]));
}

struct cel_value
cel_no_overload(struct cel_run *run, const char *operation, const struct cel_value *args,
                uint32_t count)
{
    bool is_function = isalpha((unsigned char)operation[0]) && strcmp(operation, "in") != 0;
    char kinds[OVERLOAD_MAX];

    if (!is_function && count == 1)
        return cel_fail(run, "no such overload: %s%s", operation, cel_name_of_kind(args[0]));
    if (count == 2 && strcmp(operation, "[]") == 0)
        return cel_fail(run, "no such overload: %s[%s]", cel_name_of_kind(args[0]),
                        cel_name_of_kind(args[1]));
    if (!is_function && count == 2)
        return cel_fail(run, "no such overload: %s %s %s", cel_name_of_kind(args[0]), operation,
                        cel_name_of_kind(args[1]));
    list_kinds(args, count, kinds, sizeof(kinds));
    return cel_fail(run, "no such overload: %s(%s)", operation, kinds);
}

struct cel_value
cel_string_copy(struct cel_run *run, const char *text, size_t size)
{
    char *copy = cel_alloc(run, size);

    if (!copy)
        return cel_out_of_memory();
    if (size > 0)
        memcpy(copy, text, size);
    return cel_string(copy, size);
}

static bool
is_key(struct cel_value value)
{
    return value.kind == CEL_STRING || value.kind == CEL_INT || value.kind == CEL_UINT ||
           value.kind == CEL_BOOL;
}

/* Equal keys have equal hashes: an int and a uint of the same value as well. */
static uint64_t
key_hash(struct cel_value key)
{
    uint64_t hash = HASH_BASIS;

    if (key.kind == CEL_BOOL)
        return key.truth;
    if (key.kind != CEL_STRING)
        return key.u * HASH_GOLDEN;
    for (uint32_t i = 0; i < key.size; i++)
        hash = (hash ^ (unsigned char)key.text[i]) * HASH_PRIME;
    return hash * HASH_GOLDEN;
}

static struct cel_value
repeated_key(struct cel_run *run, struct cel_value key)
{
    char text[KEY_TEXT_MAX];

    cel_print(key, text, sizeof(text));
    return cel_fail(run, "the key %s stands in the map more than once", text);
}

/* Null when no key repeats, else the error. */
static struct cel_value
check_few_keys(struct cel_run *run, const struct cel_value *items, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t j = 0; j < i; j++) {
            struct cel_value same = cel_equal(run, items[2 * i], items[2 * j]);

            if (same.kind == CEL_ERROR)
                return same;
            if (same.truth)
                return repeated_key(run, items[2 * i]);
        }
    return cel_null();
}

/* The same with a table of the pairs' numbers, from 1; 0 is a free place. */
static struct cel_value
check_many_keys(struct cel_run *run, const struct cel_value *items, size_t count)
{
    size_t places = SMALL_MAP;
    uint32_t *table;

    while (places < 2 * count)
        places *= 2;
    table = cel_alloc(run, places * sizeof(*table));
    if (!table)
        return cel_out_of_memory();
    memset(table, 0, places * sizeof(*table));
    for (size_t i = 0; i < count; i++) {
        size_t place = (size_t)((key_hash(items[2 * i]) >> 32) % places);

        for (; table[place] != 0; place = (place + 1) % places) {
            struct cel_value same = cel_equal(run, items[2 * i], items[2 * (table[place] - 1)]);

            if (same.kind == CEL_ERROR || !cel_spend(run, 1))
                return cel_out_of_steps();
            if (same.truth)
                return repeated_key(run, items[2 * i]);
        }
        table[place] = (uint32_t)i + 1;
    }
    return cel_null();
}

struct cel_value
cel_map(struct cel_run *run, const struct cel_value *items, size_t count)
{
    struct cel_value fault;

    for (size_t i = 0; i < count; i++)
        if (!is_key(items[2 * i]))
            return cel_fail(run, "a map's key is a bool, an int, a uint or a string, not %s",
                            cel_kind_name(items[2 * i].kind));
    fault = count <= SMALL_MAP ? check_few_keys(run, items, count)
                               : check_many_keys(run, items, count);
    if (fault.kind == CEL_ERROR)
        return fault;
    return (struct cel_value){.kind = CEL_MAP, .size = (uint32_t)count, .items = items};
}

bool
cel_map_find(struct cel_value map, struct cel_value key, struct cel_value *found)
{
    for (uint32_t i = 0; i < map.size; i++) {
        const struct cel_value *pair = &map.items[2 * (size_t)i];
        bool same = key.kind == CEL_STRING
                        ? pair->kind == CEL_STRING && cel_same_text(*pair, key)
                        : cel_is_equal(*pair, key);

        if (same) {
            *found = pair[1];
            return true;
        }
    }
    return false;
}

/* The place in a list of `size` items that a number means; false where it means none. */
static bool
list_place(struct cel_value number, uint32_t size, uint32_t *place)
{
    if (number.kind == CEL_INT && number.i >= 0 && number.i < size)
        *place = (uint32_t)number.i;
    else if (number.kind == CEL_UINT && number.u < size)
        *place = (uint32_t)number.u;
    else if (number.kind == CEL_DOUBLE && number.d >= 0 && number.d < size &&
             number.d == (uint32_t)number.d)
        *place = (uint32_t)number.d;
    else
        return false;
    return true;
}

static struct cel_value
index_list(struct cel_run *run, struct cel_value list, struct cel_value key)
{
    char text[KEY_TEXT_MAX];
    uint32_t place;

    if (key.kind != CEL_INT && key.kind != CEL_UINT && key.kind != CEL_DOUBLE)
        return cel_no_overload(run, "[]", (struct cel_value[]){list, key}, 2);
    if (list_place(key, list.size, &place))
        return list.items[place];
    cel_print(key, text, sizeof(text));
    return cel_fail(run, "index out of range: %s in a list of %u", text, list.size);
}

static struct cel_value
index_map(struct cel_run *run, struct cel_value map, struct cel_value key)
{
    char text[KEY_TEXT_MAX];
    struct cel_value found;

    if (!cel_spend(run, map.size))
        return cel_out_of_steps();
    if (cel_map_find(map, key, &found))
        return found;
    cel_print(key, text, sizeof(text));
    return cel_fail(run, "no such key: %s", text);
}

struct cel_value
cel_index(struct cel_run *run, struct cel_value container, struct cel_value key)
{
    if (container.kind == CEL_LIST)
        return index_list(run, container, key);
    if (container.kind == CEL_MAP)
        return index_map(run, container, key);
    return cel_no_overload(run, "[]", (struct cel_value[]){container, key}, 2);
}

/* Most lists are of strings, and most strings differ in size or first byte. */
static bool
list_has_text(struct cel_value list, struct cel_value text)
{
    for (uint32_t i = 0; i < list.size; i++) {
        const struct cel_value *item = &list.items[i];

        if (item->kind == CEL_STRING && item->size == text.size &&
            (text.size == 0 || (item->text[0] == text.text[0] && cel_same_text(*item, text))))
            return true;
    }
    return false;
}

static struct cel_value
in_list(struct cel_run *run, struct cel_value element, struct cel_value list)
{
    if (!cel_spend(run, list.size))
        return cel_out_of_steps();
    if (element.kind == CEL_STRING)
        return cel_bool(list_has_text(list, element));
    for (uint32_t i = 0; i < list.size; i++) {
        struct cel_value same = cel_equal(run, list.items[i], element);

        if (same.kind == CEL_ERROR || same.truth)
            return same;
    }
    return cel_bool(false);
}

struct cel_value
cel_in(struct cel_run *run, struct cel_value element, struct cel_value container)
{
    struct cel_value found;

    if (container.kind == CEL_LIST)
        return in_list(run, element, container);
    if (container.kind != CEL_MAP)
        return cel_no_overload(run, "in", (struct cel_value[]){element, container}, 2);
    if (!cel_spend(run, container.size))
        return cel_out_of_steps();
    return cel_bool(cel_map_find(container, element, &found));
}
