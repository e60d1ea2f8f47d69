/*
 * load_ofac.h - OFAC's list as rows: what its files hold before it is interpreted.
 *
 * The main file and the history of daily operations make rows; load_ofac.c makes
 * entries of them.  A cell that holds "-0-" is "" here.
 */
#ifndef POLICY_SCREENING_LOAD_OFAC_H
#define POLICY_SCREENING_LOAD_OFAC_H

#include "policy/screening/list_csv.h"
#include "policy/screening/load.h"

/* Of the main file, in its order; the history has the same behind a day and an operation. */
enum ofac_column {
    OFAC_ENT_NUM,
    OFAC_NAME,
    OFAC_TYPE,
    OFAC_PROGRAM,
    OFAC_TITLE,
    OFAC_CALL_SIGN,
    OFAC_VESSEL_TYPE,
    OFAC_TONNAGE,
    OFAC_GROSS_TONNAGE,
    OFAC_FLAG,
    OFAC_OWNER,
    OFAC_REMARKS,
    OFAC_COLUMN_COUNT,
};

struct ofac_row {
    struct list_text cells[OFAC_COLUMN_COUNT]; /* trimmed */
    const struct load_file *file;
    uint32_t line;
    bool gone; /* an operation deleted it */
};

struct ofac_rows {
    struct ofac_row *rows; /* in the order of their numbers, once ofac_rows_read() is done */
    size_t count, capacity;
    uint32_t *table; /* of ent_num: index + 1; size a power of two */
    size_t table_size;
};

/* The main file, and every operation of the history up to order.as_of. */
int ofac_rows_read(struct load *load, struct ofac_rows *rows)
    __attribute__((warn_unused_result));

/* A cell as it is meant: trimmed, "" for "-0-". */
struct list_text ofac_cell(struct list_text field);

/* The next row of a file of OFAC's, faults told on the way: 1, 0 at the end, -1 refused. */
int ofac_next(struct load *load, const struct load_file *file, struct csv *csv, size_t columns)
    __attribute__((warn_unused_result));

/* The remarks of an entry, taken apart into identifiers, dates, countries, weak names. */
int ofac_remarks(struct load *load, struct draft *draft, struct list_text remarks)
    __attribute__((warn_unused_result));

#endif
