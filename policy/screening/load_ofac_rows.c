/*
 * load_ofac_rows.c - OFAC's main file, and the daily operations on it.
 *
 * Published files end with the byte 0x1A behind the last line end.  A file that was
 * cut off has lost it, even where it was cut between two rows.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/screening/load_ofac.h"

#define END_MARK       '\x1a'
#define ROWS_FIRST     2048
#define NUMBER_LEN_MAX 10
#define PROGRESS_ROWS  1024

struct list_text
ofac_cell(struct list_text field)
{
    field = text_trim(field);
    return text_is(field, "-0-") ? (struct list_text){"", 0} : field;
}

static bool
is_number(struct list_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    return text.len > 0 && text.len <= NUMBER_LEN_MAX && text.data[0] != '0';
}

int
ofac_next(struct load *load, const struct load_file *file, struct csv *csv, size_t columns)
{
    for (;;) {
        enum csv_result result = csv_next(csv);
        const char *why;

        if (result == CSV_END)
            return 0;
        if (csv->line % PROGRESS_ROWS == 0)
            load_progress(load, csv->at);
        if (result == CSV_CUT)
            return load_refuse(load, file, csv->line, csv->column,
                               "%s: the file was cut off; get it again", csv->fault);
        why = result == CSV_FAULT ? csv->fault : NULL;
        if (!why && csv->count == columns)
            return 1;
        if (why ? load_fault(load, file, csv->line, csv->column, "%s", why) != 0
                : load_fault(load, file, csv->line, 1, "%zu fields where %zu belong",
                             csv->count, columns) != 0)
            return -1;
    }
}

/* -- rows by number -- */

static uint32_t
number_hash(struct list_text number)
{
    uint32_t hash = 0;

    for (size_t i = 0; i < number.len; i++)
        hash = hash * 10 + (uint32_t)(number.data[i] - '0');
    return hash * 2654435761u;
}

static uint32_t *
rows_place(const struct ofac_rows *rows, struct list_text number)
{
    size_t mask = rows->table_size - 1, at = (number_hash(number) >> 7) & mask;

    while (rows->table[at] &&
           !text_equals(rows->rows[rows->table[at] - 1].cells[OFAC_ENT_NUM], number))
        at = (at + 1) & mask;
    return &rows->table[at];
}

static void
rows_grow(struct load *load, struct ofac_rows *rows)
{
    size_t bytes = rows->capacity * sizeof(*rows->rows);

    rows->capacity = rows->capacity ? rows->capacity * 2 : ROWS_FIRST;
    rows->rows =
        arena_grow(load->scratch, rows->rows, bytes, rows->capacity * sizeof(*rows->rows));
    rows->table_size = rows->capacity * 2;
    rows->table = arena_zalloc(load->scratch, rows->table_size * sizeof(*rows->table));
    for (size_t i = 0; i < rows->count; i++)
        *rows_place(rows, rows->rows[i].cells[OFAC_ENT_NUM]) = (uint32_t)i + 1;
}

static struct ofac_row *
rows_find(const struct ofac_rows *rows, struct list_text number)
{
    uint32_t at = *rows_place(rows, number);

    return at ? &rows->rows[at - 1] : NULL;
}

static void
rows_add(struct load *load, struct ofac_rows *rows, const struct ofac_row *row)
{
    if (rows->count == rows->capacity)
        rows_grow(load, rows);
    rows->rows[rows->count] = *row;
    *rows_place(rows, row->cells[OFAC_ENT_NUM]) = (uint32_t)++rows->count;
}

/* -- a row -- */

/* What is wrong with it; NULL: nothing. */
static const char *
row_fault(const struct ofac_row *row)
{
    if (!is_number(row->cells[OFAC_ENT_NUM]))
        return "the first field is no entry number";
    return row->cells[OFAC_NAME].len == 0 ? "an entry without a name" : NULL;
}

static struct ofac_row
row_of(const struct csv *csv, size_t first, const struct load_file *file)
{
    struct ofac_row row = {.file = file, .line = csv->line};

    for (size_t i = 0; i < OFAC_COLUMN_COUNT; i++)
        row.cells[i] = ofac_cell(csv->fields[first + i]);
    return row;
}

/* -- the main file -- */

static int
main_read(struct load *load, struct load_file *file, struct ofac_rows *rows)
{
    struct csv *csv = arena_alloc(load->scratch, sizeof(*csv));
    int more;

    csv_init(csv, file->data, file->len - 1); /* without its end mark */
    while ((more = ofac_next(load, file, csv, OFAC_COLUMN_COUNT)) > 0) {
        struct ofac_row row = row_of(csv, 0, file);
        const char *why = row_fault(&row);

        if (!why && rows->count > 0 && rows_find(rows, row.cells[OFAC_ENT_NUM]))
            why = "an entry number for the second time";
        if (why && load_fault(load, file, csv->line, 1, "%s: %.*s", why, (int)row.cells[0].len,
                              row.cells[0].data) != 0)
            return -1;
        if (why)
            continue;
        if (rows->count == LIST_ENTRIES_MAX)
            return load_refuse(load, file, csv->line, 1, "more than %d entries",
                               LIST_ENTRIES_MAX);
        rows_add(load, rows, &row);
        file->rows++;
    }
    return more;
}

/* -- daily operations -- */

/* What keeps the operation from being carried out; NULL: it has been. */
static const char *
operation_apply(struct load *load, struct ofac_rows *rows, struct list_text operation,
                const struct ofac_row *row)
{
    struct ofac_row *present = rows_find(rows, row->cells[OFAC_ENT_NUM]);
    bool there = present && !present->gone;

    if (text_is(operation, "DEL")) {
        if (there)
            present->gone = true;
        return there ? NULL : "DEL of an entry that is not there";
    }
    if (text_is(operation, "CHG")) {
        if (there)
            *present = *row;
        return there ? NULL : "CHG of an entry that is not there";
    }
    if (!text_is(operation, "ADD"))
        return "an operation that is none of ADD, CHG and DEL";
    if (there)
        return "ADD of an entry that is there";
    if (rows->count == LIST_ENTRIES_MAX)
        return "more entries than a list can have";
    if (present)
        *present = *row;
    else
        rows_add(load, rows, row);
    return NULL;
}

/* Days must not run backwards, from file to file either: operations build on each other. */
static int
history_read(struct load *load, struct load_file *file, struct ofac_rows *rows,
             struct list_text *last)
{
    enum { DAY, OPERATION, FIRST, COLUMNS = FIRST + OFAC_COLUMN_COUNT };
    struct csv *csv = arena_alloc(load->scratch, sizeof(*csv));
    struct list_text upto = text_of(load->order->as_of ? load->order->as_of : "");
    int more;

    csv_init(csv, file->data, file->len);
    more = ofac_next(load, file, csv, COLUMNS); /* the header */
    while (more > 0 && (more = ofac_next(load, file, csv, COLUMNS)) > 0) {
        struct ofac_row row = row_of(csv, FIRST, file);
        struct list_text day = text_trim(csv->fields[DAY]);
        const char *why = row_fault(&row);

        if (last->len && (day.len != last->len || memcmp(day.data, last->data, day.len) < 0))
            return load_refuse(
                load, file, csv->line, 1,
                "%.*s stands behind %.*s; operations must be in the order of days",
                (int)day.len, day.data, (int)last->len, last->data);
        *last = day;
        if (upto.len && (day.len != upto.len || memcmp(day.data, upto.data, day.len) > 0))
            break;
        if (!why)
            why = operation_apply(load, rows, text_trim(csv->fields[OPERATION]), &row);
        if (why && load_fault(load, file, csv->line, 1, "%s: %.*s", why, (int)row.cells[0].len,
                              row.cells[0].data) != 0)
            return -1;
        load_published(load, day);
        file->rows++;
    }
    return more < 0 ? -1 : 0;
}

/* -- all of it -- */

static int
compare_rows(const void *a, const void *b)
{
    struct list_text x = ((const struct ofac_row *)a)->cells[OFAC_ENT_NUM];
    struct list_text y = ((const struct ofac_row *)b)->cells[OFAC_ENT_NUM];

    return x.len != y.len ? (x.len > y.len) - (x.len < y.len) : memcmp(x.data, y.data, x.len);
}

/* The first file that plays a part which one before it plays already; NULL: none does. */
static const struct load_file *
file_twice(const struct load *load)
{
    size_t seen[ROLE_COUNT] = {0};

    for (size_t i = 0; i < load->file_count; i++)
        if (seen[load->files[i].role]++ && load->files[i].role != ROLE_OFAC_HISTORY &&
            load->files[i].role != ROLE_OFAC_MAIN)
            return &load->files[i];
    return NULL;
}

static int
files_check(struct load *load)
{
    const struct load_file *twice = file_twice(load);
    size_t mains = 0;

    for (size_t i = 0; i < load->file_count; i++) {
        const struct load_file *file = &load->files[i];

        if (file->role != ROLE_OFAC_HISTORY && file->data[file->len - 1] != END_MARK)
            return load_refuse(
                load, file, 0, 0,
                "it does not end with the byte 0x1A, as OFAC publishes it: it was "
                "cut off; get it again, and do not edit it");
        mains += file->role == ROLE_OFAC_MAIN;
    }
    if (mains != 1)
        return load_refuse(load, &load->files[0], 0, 0,
                           "%zu main files among these; a list has one (sdn.csv or "
                           "cons_prim.csv), load each as a list of its own",
                           mains);
    if (twice)
        return load_refuse(load, twice, 0, 0, "a second file of %s rows; a list has one",
                           load_role_name(twice->role));
    return 0;
}

/* First the main file, then its history, whatever the order they were given in. */
int
ofac_rows_read(struct load *load, struct ofac_rows *rows)
{
    static const enum load_role order[] = {ROLE_OFAC_MAIN, ROLE_OFAC_HISTORY};
    struct list_text last = {"", 0};

    *rows = (struct ofac_rows){0};
    if (files_check(load) != 0)
        return -1;
    rows_grow(load, rows);
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; i < load->file_count; i++) {
            struct load_file *file = &load->files[i];

            if (file->role != order[k])
                continue;
            if ((k == 0 ? main_read(load, file, rows)
                        : history_read(load, file, rows, &last)) != 0)
                return -1;
            load_file_done(load, file);
        }
    }
    qsort(rows->rows, rows->count, sizeof(*rows->rows), compare_rows);
    return 0;
}
