/*
 * pack_parameters.c - JSON into the value of params, and what a book replaces.
 *
 * The pack's own are read beside their text, because the tree does not tell 1
 * from 1.0 and holds no integer beyond 2^53 exactly (K3).  A book's are a tree
 * alone: their integers take the kind of what they replace.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "policy/rules/locate.h"
#include "policy/rules/pack_private.h"

#define EXACT_MAX 9007199254740991.0 /* 2^53 - 1 */

static struct cel_value
container(bool map, const struct cel_value *items, size_t count)
{
    if (!map)
        return cel_list(items, count);
    return (struct cel_value){.kind = CEL_MAP, .size = (uint32_t)count, .items = items};
}

/* -- the pack's own -- */

struct walk {
    struct pack_reading *reading;
    size_t left; /* of PACK_ITEMS_MAX */
};

static int
read_number(const struct value *value, size_t at, struct cel_value *out, struct error *err)
{
    const char *literal = pack_reading_of(value)->text + at;

    size_t digits = strspn(literal, "-0123456789");

    if (literal[digits] == '.' || (literal[digits] | 0x20) == 'e') {
        *out = cel_double(value->json->valuedouble);
        return 0;
    }
    errno = 0;
    *out = cel_int(strtoll(literal, NULL, 10));
    if (errno != 0)
        return pack_fault_at(value, at, err,
                             "expected an integer of at most 64 bits; found %.*s",
                             (int)(digits < 60 ? digits : 60), literal);
    return 0;
}

static int read_value(struct walk *walk, const struct value *value, size_t at,
                      struct cel_value *out, struct error *err);

static int
read_children(struct walk *walk, const struct value *value, size_t at, struct cel_value *out,
              struct error *err)
{
    bool map = cJSON_IsObject(value->json);
    size_t count = (size_t)cJSON_GetArraySize(value->json);
    struct value child = {0};
    struct cel_value *items, *next;

    if (count > walk->left)
        return pack_fault_at(value, at, err, "expected at most %d values; found more",
                             PACK_ITEMS_MAX);
    walk->left -= count;
    items = next = arena_alloc(walk->reading->arena, (2 * count + 1) * sizeof(*items));
    at = locate_first(walk->reading->text, at);
    while (value_next(value, &child)) {
        if (map)
            *next++ = cel_text(child.name);
        if (read_value(walk, &child, at, next++, err) != 0)
            return -1;
        at = locate_next(walk->reading->text, at);
    }
    *out = container(map, items, count);
    return 0;
}

static int
read_value(struct walk *walk, const struct value *value, size_t at, struct cel_value *out,
           struct error *err)
{
    if (cJSON_IsNumber(value->json))
        return read_number(value, at, out, err);
    if (cJSON_IsArray(value->json) || cJSON_IsObject(value->json))
        return read_children(walk, value, at, out, err);
    if (cJSON_IsNull(value->json))
        return pack_fault_at(value, at, err,
                             "expected a truth, a number, a text, an array or an object; "
                             "found null");
    *out = cJSON_IsString(value->json) ? cel_text(value->json->valuestring)
                                       : cel_bool(cJSON_IsTrue(value->json));
    return 0;
}

/* -- a book's -- */

/* A number takes the kind of like, which may be NULL. */
static bool
replace_number(double number, const struct cel_value *like, struct cel_value *out)
{
    bool whole = number == floor(number);

    if ((like && like->kind == CEL_DOUBLE) || !whole)
        *out = cel_double(number);
    else
        *out = cel_int(fabs(number) <= EXACT_MAX ? (int64_t)number : 0);
    return out->kind == CEL_DOUBLE || fabs(number) <= EXACT_MAX;
}

/* What a child of the replacement is like: an element as the first, a member as its namesake. */
static const struct cel_value *
like_of_child(const struct cel_value *like, const cJSON *child)
{
    if (like && like->kind == CEL_LIST && like->size > 0)
        return &like->items[0];
    for (size_t i = 0; like && like->kind == CEL_MAP && i < like->size; i++)
        if (cel_is_equal(like->items[2 * i], cel_text(child->string)))
            return &like->items[2 * i + 1];
    return like && like->kind == CEL_MAP && like->size > 0 ? &like->items[1] : NULL;
}

/* The replacement as a value; false where it cannot be one. */
static bool
replace_value(struct walk *walk, const cJSON *json, const struct cel_value *like,
              struct cel_value *out)
{
    bool map = cJSON_IsObject(json);
    struct cel_value *items, *next;
    size_t count;

    if (cJSON_IsNumber(json))
        return replace_number(json->valuedouble, like, out);
    *out = cJSON_IsString(json) ? cel_text(json->valuestring) : cel_bool(cJSON_IsTrue(json));
    if (!map && !cJSON_IsArray(json))
        return !cJSON_IsNull(json);
    count = (size_t)cJSON_GetArraySize(json);
    if (count > walk->left)
        return false;
    walk->left -= count;
    items = next = arena_alloc(walk->reading->arena, (2 * count + 1) * sizeof(*items));
    for (const cJSON *child = json->child; child; child = child->next) {
        if (map)
            *next++ = cel_text(child->string);
        if (!replace_value(walk, child, like_of_child(like, child), next++))
            return false;
    }
    *out = container(map, items, count);
    return true;
}

/* An empty list or map is of any type. */
static bool
same_type(struct arena *arena, struct cel_value a, struct cel_value b)
{
    if (a.kind != b.kind)
        return false;
    if ((a.kind == CEL_LIST || a.kind == CEL_MAP) && (a.size == 0 || b.size == 0))
        return true;
    return strcmp(cel_type_name(arena, cel_type_of(arena, a)),
                  cel_type_name(arena, cel_type_of(arena, b))) == 0;
}

static int
unknown_parameter(const struct value *value, const char *name, struct error *err)
{
    int count = cJSON_GetArraySize(value->json), i = 0;
    const char **names =
        arena_alloc(pack_reading_of(value)->arena, (size_t)(count + 1) * sizeof(*names));
    struct value member = {0};
    const char *nearest;

    while (value->json && value_next(value, &member))
        names[i++] = member.name;
    nearest = cel_nearest(name, names, (size_t)i);
    return pack_fault(value, err, "the book sets %.60s: no such parameter%s%s", name,
                      nearest ? "; the nearest is " : "", nearest ? nearest : "");
}

/* One member of the book's parameters; items are the pack's pairs, to be changed. */
static int
replace_parameter(struct walk *walk, const struct value *value, const cJSON *json,
                  struct cel_value *items, struct error *err)
{
    struct arena *arena = walk->reading->arena;
    struct value member = {0};
    struct cel_value replacement;
    size_t i = 0;

    while (value->json && value_next(value, &member) && strcmp(member.name, json->string) != 0)
        i++;
    if (!member.json)
        return unknown_parameter(value, json->string, err);
    if (!replace_value(walk, json, &items[2 * i + 1], &replacement))
        return pack_fault(&member, err,
                          "the book sets a null, more than %d values or an integer that a JSON "
                          "number does not hold exactly",
                          PACK_ITEMS_MAX);
    if (!same_type(arena, items[2 * i + 1], replacement))
        return pack_fault(&member, err, "expected %s in the book too; found %s",
                          cel_type_name(arena, cel_type_of(arena, items[2 * i + 1])),
                          cel_type_name(arena, cel_type_of(arena, replacement)));
    items[2 * i + 1] = replacement;
    return 0;
}

int
pack_parameters_read(const struct value *value, const cJSON *options, struct error *err)
{
    struct pack_reading *reading = pack_reading_of(value);
    struct walk walk = {reading, PACK_ITEMS_MAX};
    struct cel_value *params = &reading->pack->params, *items = NULL;

    *params = container(true, NULL, 0);
    if (value->json && !cJSON_IsObject(value->json))
        return value_fault(value, err, "an object of parameters");
    if (value->json &&
        read_value(&walk, value, locate_value(reading->text, value), params, err) != 0)
        return -1;
    if (options && !cJSON_IsObject(options))
        return pack_fault(value, err, "expected an object of parameters in the book");
    walk.left = PACK_ITEMS_MAX;
    if (params->size > 0) {
        items = arena_alloc(reading->arena, 2 * params->size * sizeof(*items));
        memcpy(items, params->items, 2 * params->size * sizeof(*items));
        params->items = items;
    }
    for (const cJSON *json = options ? options->child : NULL; json; json = json->next)
        if (replace_parameter(&walk, value, json, items, err) != 0)
            return -1;
    reading->pack->in_terms = arena_zalloc(reading->arena, params->size + 1);
    return 0;
}
