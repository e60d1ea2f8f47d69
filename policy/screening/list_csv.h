/*
 * list_csv.h - rows of comma-separated values, read strictly, within named limits.
 *
 * RFC 4180 with either line end.  Fields point into the file's own bytes, which are
 * written to where a doubled quote is resolved.
 *
 *   X1  every row ends with a line end: one without is a file that was cut off.
 *   X2  a quote opens a field only at its beginning, and closes it only before a
 *       comma or a line end.
 *   X3  after a fault reading goes on at the next line: a quote that nobody closed
 *       takes one row with it, not the file.
 */
#ifndef POLICY_SCREENING_LIST_CSV_H
#define POLICY_SCREENING_LIST_CSV_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/screening/list_text.h"

#define CSV_FIELDS_MAX      64
#define CSV_FIELD_BYTES_MAX (256u << 10)
#define CSV_ROW_BYTES_MAX   (1u << 20)

enum csv_result {
    CSV_ROW,
    CSV_FAULT, /* line, column and fault say what; the row is lost */
    CSV_CUT,   /* the last row has no end (X1) */
    CSV_END,
};

struct csv {
    char *data;
    size_t len;
    size_t at;
    uint32_t line_next;
    bool lines_in_fields; /* a quoted field may hold line ends */
    /* of the row just read: */
    struct list_text fields[CSV_FIELDS_MAX]; /* quotes resolved, not trimmed */
    bool quoted[CSV_FIELDS_MAX];
    size_t count;
    uint32_t line, column;
    const char *fault;
};

void csv_init(struct csv *csv, char *data, size_t len);

/* An empty line is passed over. */
enum csv_result csv_next(struct csv *csv);

#endif
