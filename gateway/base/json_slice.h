/*
 * json_slice.h - a member of JSON that we wrote ourselves, without parsing it.
 *
 * For compact JSON out of buffer.h alone: objects without white space whose keys need no
 * escapes.  What is not of that kind has no members.
 */
#ifndef GATEWAY_BASE_JSON_SLICE_H
#define GATEWAY_BASE_JSON_SLICE_H

#include <stdbool.h>
#include <stddef.h>

/* A value, as it stands in the text; data is NULL where there is none. */
struct json_slice {
    const char *data;
    size_t len;
};

/* The value of a member of the object json[0..len). */
struct json_slice json_slice_member(const char *json, size_t len, const char *name);

/* Step through the members: *at is 0 at first.  False past the last one. */
bool json_slice_next(const char *json, size_t len, size_t *at, struct json_slice *name,
                     struct json_slice *value);

/* Step through the elements of the array json[0..len), likewise. */
bool json_slice_element(const char *json, size_t len, size_t *at, struct json_slice *value);

/* A string's content where it has no escapes, as codes and ids have none; else NULL. */
struct json_slice json_slice_text(struct json_slice value);

bool json_slice_is(struct json_slice slice, const char *text);

#endif
