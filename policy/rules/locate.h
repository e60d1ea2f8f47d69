/*
 * locate.h - where in its text a piece of a JSON document stands.
 *
 * The tree does not remember, because hardly anybody asks: only a fault needs
 * line and column.  So the way to the piece is walked again in the text.
 *
 *   L1  the text has passed the gate (gateway/base/json.h), and the tree was made
 *       of it and has its order; nothing is checked a second time.
 *   L2  offsets are bytes from the beginning of the text; lines and columns
 *       count from 1, columns in characters.
 */
#ifndef POLICY_RULES_LOCATE_H
#define POLICY_RULES_LOCATE_H

#include <stddef.h>
#include <stdint.h>

#include "policy/document.h"

/* Where a value begins; for an absent member, the object that lacks it. */
size_t locate_value(const char *text, const struct value *value);

/* Where the name of a member begins, its quotation mark; for others as locate_value(). */
size_t locate_name(const char *text, const struct value *value);

/* The value `child` of the container at `at`, by the tree beside it. */
size_t locate_child(const char *text, size_t at, const cJSON *container, const cJSON *child);

/* The first child (value) of the container at `at`, and the next one after a child.  Only
 * as far as there are any. */
size_t locate_first(const char *text, size_t at);
size_t locate_next(const char *text, size_t at);

/* Byte n of the string whose quotation mark is at `at`, as it is written there: an escape
 * stands for the bytes of its character.  At most the closing mark. */
size_t locate_in_string(const char *text, size_t at, size_t n);

/* A place that moves forwards through the text; it starts as {0, 1, 1}. */
struct place {
    size_t at;
    uint32_t line;
    uint32_t column;
};

void place_move(const char *text, struct place *place, size_t at);

#endif
