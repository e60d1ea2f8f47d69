/* document.c - strict reading, with the place of every fault. */
#include "policy/document.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "gateway/base/file.h"
#include "gateway/base/json.h"

int
document_parse(struct arena *arena, const char *path, const char *text, size_t len,
               struct document *out, struct error *err)
{
    struct error why = {0};
    cJSON *root;

    *out = (struct document){.path = path, .text = text, .len = len};
    if (len > DOCUMENT_BYTES_MAX)
        return error_set(err, ERROR_INVALID, "%s: expected at most %u bytes; found %zu", path,
                         DOCUMENT_BYTES_MAX, len);
    if (json_parse(arena, text, len, &root, &why) != 0)
        return error_set(err, why.code, "%s: %s", path, why.text);
    out->root = root;
    hash_sha256(&(struct hash_part){text, len}, 1, out->digest);
    return 0;
}

int
document_read(struct arena *arena, const char *path, struct document *out, struct error *err)
{
    char *text;
    size_t len;

    *out = (struct document){.path = path};
    if (file_read(arena, path, DOCUMENT_BYTES_MAX, &text, &len, err) != 0)
        return -1;
    return document_parse(arena, path, text, len, out, err);
}

struct value
value_root(const struct document *document)
{
    return (struct value){.document = document, .json = document->root};
}

struct value
value_member(const struct value *object, const char *name)
{
    return (struct value){
        .document = object->document,
        .parent = object,
        .name = name,
        .json = cJSON_GetObjectItemCaseSensitive(object->json, name),
    };
}

int
value_next(const struct value *container, struct value *child)
{
    const cJSON *json = child->json ? child->json->next : container->json->child;
    size_t index = child->json ? child->index + 1 : 0;

    *child = (struct value){
        .document = container->document,
        .parent = container,
        .name = json ? json->string : NULL,
        .index = index,
        .json = json,
    };
    return json != NULL;
}

/* A member's name behind the pointer so far; RFC 6901 writes "~" as "~0" and "/" as "~1". */
static void
pointer_append(char text[DOCUMENT_POINTER_MAX], const char *name)
{
    size_t len = strlen(text);

    if (len + 1 < DOCUMENT_POINTER_MAX)
        text[len++] = '/';
    for (; *name && len + 2 < DOCUMENT_POINTER_MAX; name++) {
        bool escaped = *name == '~' || *name == '/';

        text[len++] = escaped ? '~' : *name;
        if (escaped)
            text[len++] = *name == '~' ? '0' : '1';
    }
    text[len] = '\0';
}

void
value_pointer(const struct value *value, char text[DOCUMENT_POINTER_MAX])
{
    size_t len;

    if (!value->parent) {
        text[0] = '\0';
        return;
    }
    value_pointer(value->parent, text);
    len = strlen(text);
    if (value->name)
        pointer_append(text, value->name);
    else
        snprintf(text + len, DOCUMENT_POINTER_MAX - len, "/%zu", value->index);
}

void
value_describe(const struct value *value, char text[DOCUMENT_FOUND_MAX])
{
    const cJSON *json = value->json;

    if (!json)
        snprintf(text, DOCUMENT_FOUND_MAX, "nothing");
    else if (cJSON_IsString(json))
        snprintf(text, DOCUMENT_FOUND_MAX, "\"%.*s\"", DOCUMENT_FOUND_MAX - 20,
                 json->valuestring);
    else if (cJSON_IsNumber(json))
        snprintf(text, DOCUMENT_FOUND_MAX, "%.15g", json->valuedouble);
    else if (cJSON_IsArray(json))
        snprintf(text, DOCUMENT_FOUND_MAX, "an array of %d", cJSON_GetArraySize(json));
    else if (cJSON_IsObject(json))
        snprintf(text, DOCUMENT_FOUND_MAX, "an object");
    else
        snprintf(text, DOCUMENT_FOUND_MAX, "%s",
                 cJSON_IsTrue(json)    ? "true"
                 : cJSON_IsFalse(json) ? "false"
                                       : "null");
}

int
value_fault(const struct value *value, struct error *err, const char *expected)
{
    char pointer[DOCUMENT_POINTER_MAX], found[DOCUMENT_FOUND_MAX];

    if (value->document->fault)
        return value->document->fault(value, err, expected);
    value_pointer(value, pointer);
    value_describe(value, found);
    return error_set(err, ERROR_INVALID, "%s: %s: expected %s; found %s", value->document->path,
                     pointer[0] ? pointer : "/", expected, found);
}

static int
is_one_of(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (strcmp(name, *names) == 0)
            return 1;
    return 0;
}

/* "one of the members a, b and c", for the fault. */
static int
unknown_member(const struct value *member, const char *const *names, struct error *err)
{
    char expected[ERROR_TEXT_MAX] = "only the members";

    for (size_t i = 0; names[i]; i++) {
        size_t len = strlen(expected);

        snprintf(expected + len, sizeof(expected) - len, "%s %s", i ? "," : "", names[i]);
    }
    return value_fault(member, err, expected);
}

int
value_object(const struct value *value, const char *const *names, struct error *err)
{
    struct value member = {0};

    if (!cJSON_IsObject(value->json))
        return value_fault(value, err, "an object");
    while (value_next(value, &member))
        if (!is_one_of(member.name, names))
            return unknown_member(&member, names, err);
    return 0;
}

int
value_array(const struct value *value, size_t min, size_t max, struct error *err)
{
    char expected[64];
    size_t count;

    snprintf(expected, sizeof(expected), "an array of %zu to %zu elements", min, max);
    if (!cJSON_IsArray(value->json))
        return value_fault(value, err, expected);
    count = (size_t)cJSON_GetArraySize(value->json);
    if (count < min || count > max)
        return value_fault(value, err, expected);
    return 0;
}

int
value_text(const struct value *value, const char **text, struct error *err)
{
    if (!cJSON_IsString(value->json) || value->json->valuestring[0] == '\0')
        return value_fault(value, err, "a text");
    *text = value->json->valuestring;
    return 0;
}
