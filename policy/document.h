/*
 * document.h - the policy room's JSON files: read once, hashed, read strictly.
 *
 * A struct value is a piece of a document together with the way to it, so
 * that every fault can name file, JSON Pointer, what was expected and what
 * was found:
 *
 *     china-2024.json: /banks/3/class: expected one of state_big, ...; found "jiont_stock"
 *
 *   V1  the digest is that of the very bytes that were parsed.
 *   V2  a value's parents outlive it: values are built on the stack, downwards.
 */
#ifndef POLICY_DOCUMENT_H
#define POLICY_DOCUMENT_H

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/arena.h"
#include "gateway/base/error.h"
#include "gateway/base/hash.h"

#define DOCUMENT_BYTES_MAX   (1u << 20)
#define DOCUMENT_POINTER_MAX 200 /* of a pointer as shown; longer ones are cut */

struct value;

struct document {
    const char *path; /* the caller's string */
    const cJSON *root;
    const char *text; /* NUL-terminated, on the arena or the caller's */
    size_t len;
    uint8_t digest[SHA256_BYTES];
    /* How a fault names its place, always -1; NULL: as above. */
    int (*fault)(const struct value *value, struct error *err, const char *expected);
};

/* The same for a text that the caller has, and keeps; path is what faults call it. */
int document_parse(struct arena *arena, const char *path, const char *text, size_t len,
                   struct document *out, struct error *err) __attribute__((warn_unused_result));

/* The tree lives on the arena. */
int document_read(struct arena *arena, const char *path, struct document *out,
                  struct error *err) __attribute__((warn_unused_result));

struct value {
    const struct document *document;
    const struct value *parent; /* NULL: the root */
    const char *name;           /* the member's; NULL: an element */
    size_t index;               /* the element's */
    const cJSON *json;          /* NULL: absent */
};

struct value value_root(const struct document *document);
struct value value_member(const struct value *object, const char *name);

/* Over an array or an object; starts with {0} and ends with a false result. */
int value_next(const struct value *container, struct value *child);

/* RFC 6901; "" for the root. */
void value_pointer(const struct value *value, char text[DOCUMENT_POINTER_MAX]);

/* A value in a few words, as faults show it: "an array of 3". */
#define DOCUMENT_FOUND_MAX 80
void value_describe(const struct value *value, char text[DOCUMENT_FOUND_MAX]);

/* "FILE: POINTER: expected EXPECTED; found ..."; always -1. */
int value_fault(const struct value *value, struct error *err, const char *expected)
    __attribute__((warn_unused_result));

/* An object that has no member but those named; names ends with NULL. */
int value_object(const struct value *value, const char *const *names, struct error *err)
    __attribute__((warn_unused_result));

/* An array of min to max elements. */
int value_array(const struct value *value, size_t min, size_t max, struct error *err)
    __attribute__((warn_unused_result));

/* A string that is not empty.  Lives as long as the document. */
int value_text(const struct value *value, const char **text, struct error *err)
    __attribute__((warn_unused_result));

#endif
