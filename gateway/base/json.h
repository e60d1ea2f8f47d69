/*
 * json.h - strict JSON in, a cJSON tree out.
 *
 * cJSON's own parser is lax: of 188 documents that RFC 8259 says must be
 * refused it takes 33.  So the strict gate that has to look at every byte
 * anyway builds the tree itself, out of cJSON's nodes, and cJSON serves for
 * walking and printing it.  (Gate, then cJSON_Parse(), was the first form: for
 * the sample payment 2.0 us against 0.8, a tenth of a whole evaluation, and
 * cJSON_Parse() writes to a global that all worker threads share.)
 *
 * What passes is RFC 8259 narrowed to I-JSON (RFC 7493):
 *
 *   J1  UTF-8 without overlong forms, surrogates or a byte order mark;
 *   J2  no \u0000, no lone surrogate escape, no control character in a string;
 *   J3  no duplicate key in one object (after escapes are resolved);
 *   J4  numbers as the grammar has them, and finite as a double;
 *   J5  at most JSON_DEPTH_MAX nested brackets;
 *   J6  one value, then white space, then the end.
 */
#ifndef GATEWAY_BASE_JSON_H
#define GATEWAY_BASE_JSON_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "gateway/base/arena.h"
#include "gateway/base/error.h"

#define JSON_DEPTH_MAX  16
#define JSON_VALUES_MAX 8192

/*
 * Check text[0..len) against J1 to J6 without building anything.  On failure
 * the error names line, column and what was wrong, in words a user can act on.
 */
int json_gate(const char *text, size_t len, struct error *err)
    __attribute__((warn_unused_result));

/*
 * The same, and *out is the tree, each node and string on the arena.  It must
 * not be handed to cJSON_Delete() and dies with the arena.
 */
int json_parse(struct arena *arena, const char *text, size_t len, cJSON **out,
               struct error *err) __attribute__((warn_unused_result));

/*
 * The same with another limit than JSON_DEPTH_MAX, for what is nested by its
 * nature.  Each bracket takes about 1 KiB of stack.
 */
int json_parse_deep(struct arena *arena, const char *text, size_t len, int depth_max,
                    cJSON **out, struct error *err) __attribute__((warn_unused_result));

/*
 * The same for what a stranger sent: at most JSON_VALUES_MAX values, because
 * two bytes make a node of 64.  A payment with everything in it has some 3,000.
 */
int json_parse_request(struct arena *arena, const char *text, size_t len, cJSON **out,
                       struct error *err) __attribute__((warn_unused_result));

/* Read a whole file, at most bytes_max, and parse it; errors name path, line and column. */
int json_parse_file(struct arena *arena, const char *path, size_t bytes_max, cJSON **out,
                    struct error *err) __attribute__((warn_unused_result));

#endif
