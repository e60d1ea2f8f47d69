/*
 * schema.h - does a JSON value keep the contract?
 *
 * As much of JSON Schema 2020-12 as gateway/api/openapi.json uses: $ref within
 * the document, type, enum, const, required, properties,
 * additionalProperties: false, items, minItems, maxItems, minLength,
 * maxLength, minimum, maximum, exclusiveMinimum, pattern (POSIX extended),
 * anyOf.  A keyword that is none of these and no annotation fails, so that the
 * contract cannot promise what nobody checks.
 */
#ifndef TESTS_SUPPORT_SCHEMA_H
#define TESTS_SUPPORT_SCHEMA_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

/* False: why[0..why_size) says where and what. document is the whole contract. */
bool schema_holds(const cJSON *document, const cJSON *schema, const cJSON *value, char *why,
                  size_t why_size);

/* "#/components/schemas/Answer" in the document, or NULL. */
const cJSON *schema_at(const cJSON *document, const char *ref);

#endif
