/*
 * json.h - the strict gate, and cJSON behind it.
 *
 * cJSON alone is lax: of 188 documents that RFC 8259 says must be refused it
 * takes 33.  So nothing reaches it that the gate has not passed, and what the
 * gate passes is RFC 8259 narrowed to I-JSON (RFC 7493):
 *
 *   J1  UTF-8 without overlong forms, surrogates or a byte order mark;
 *   J2  no \u0000, no lone surrogate escape, no control character in a string;
 *   J3  no duplicate key in one object (after escapes are resolved);
 *   J4  numbers as the grammar has them, and finite as a double;
 *   J5  at most JSON_DEPTH_MAX nested brackets, JSON_STRING_MAX characters
 *       (code points) in a string where the caller's limit asks for it;
 *   J6  one value, then white space, then the end.
 */
#ifndef GATEWAY_BASE_JSON_H
#define GATEWAY_BASE_JSON_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "gateway/base/arena.h"
#include "gateway/base/error.h"

#define JSON_DEPTH_MAX 16

/*
 * Check text[0..len) against J1 to J6 without building anything.  On failure
 * the error names line, column and what was wrong, in words a user can act on.
 */
int json_gate(const char *text, size_t len, struct error *err)
    __attribute__((warn_unused_result));

/*
 * The gate, then cJSON with every node and string on the arena.  The tree must
 * not be handed to cJSON_Delete() and dies with the arena.  Thread-safe: the
 * arena is bound to this thread for the duration of the call.
 */
int json_parse(struct arena *arena, const char *text, size_t len, cJSON **out,
               struct error *err) __attribute__((warn_unused_result));

/*
 * Install the allocation hooks.  Once, before any thread uses cJSON; without a
 * bound arena the hooks are malloc and free.
 */
void json_init(void);

/* Read a whole file, at most bytes_max, and parse it; errors name path, line and column. */
int json_parse_file(struct arena *arena, const char *path, size_t bytes_max, cJSON **out,
                    struct error *err) __attribute__((warn_unused_result));

#endif
