/*
 * cel_json.h - values of CEL as JSON, in and out.
 *
 *     {"type": "int", "value": "42"}
 *     {"type": "map", "value": [[{"type": "string", "value": "a"},
 *                                {"type": "list", "value": []}]]}
 *
 *   type                 value written                       read too
 *   int, uint            "42"                                42 up to 2^53
 *   double               1.5, "NaN", "Infinity", "-Infinity" "1.5"
 *   bool, string         true, "text"
 *   null                 null                                type "null_type"
 *   bytes                base64 (RFC 4648), padded
 *   timestamp            RFC 3339                            type "google.protobuf.Timestamp"
 *   duration             "3.5s"                              type "google.protobuf.Duration"
 *   list                 [value, ...]
 *   map                  [[key, value], ...]
 *   type                 "int": as type() names it           "timestamp", ...
 *
 * A record of ours is written with its name as type and null as value; it is
 * never read.  null stands also for what does not fit.
 */
#ifndef CLIENTS_CEL_JSON_H
#define CLIENTS_CEL_JSON_H

#include "gateway/base/buffer.h"
#include "policy/document.h"
#include "policy/rules/cel/value.h"

/*
 * Text of the result is the document's, lists and maps are memory of the run.
 * A fault names the place within the document and what was expected there.
 */
int cel_json_read(struct cel_run *run, const struct value *json, struct cel_value *out,
                  struct error *err) __attribute__((warn_unused_result));

/* A list may hold another one twice, and that one a third: a few bytes in memory, written
 * out without end.  Has the value at most CEL_MEMORY_MAX bytes with everything counted as
 * often as it stands there? */
bool cel_json_fits(struct cel_value value);

/* The two members, within an object that the caller has opened.  Not an ERROR. */
void cel_json_members(struct buffer *out, struct cel_value value);

/* The same as an object of its own. */
void cel_json_write(struct buffer *out, struct cel_value value);

#endif
