/*
 * load_targets.c - OpenSanctions' table of targets, targets.simple.csv.
 *
 * One target a row; several values in one cell are parted by ";".  Which columns there
 * are has changed over the years, so they are bound by the header: id, schema and name
 * must be there, others may, and those that are not known are passed over.
 *
 * Layout: https://www.opensanctions.org/docs/bulk/csv/
 */
#include <string.h>

#include "policy/screening/list_country.h"
#include "policy/screening/list_csv.h"
#include "policy/screening/load.h"
#include "policy/screening/load_schema.h"

#define PROGRESS_ROWS 1024

enum column {
    ID,
    SCHEMA,
    NAME,
    ALIASES,
    BIRTH_DATE,
    COUNTRIES,
    ADDRESSES,
    IDENTIFIERS,
    SANCTIONS,
    PROGRAM_IDS,
    LAST_SEEN,
    COLUMN_COUNT,
};

#define REQUIRED (NAME + 1) /* the first so many */

static const char *const names[COLUMN_COUNT] = {
    [ID] = "id",
    [SCHEMA] = "schema",
    [NAME] = "name",
    [ALIASES] = "aliases",
    [BIRTH_DATE] = "birth_date",
    [COUNTRIES] = "countries",
    [ADDRESSES] = "addresses",
    [IDENTIFIERS] = "identifiers",
    [SANCTIONS] = "sanctions",
    [PROGRAM_IDS] = "program_ids",
    [LAST_SEEN] = "last_seen",
};

struct targets {
    struct load *load;
    struct load_file *file;
    struct csv csv;
    int at[COLUMN_COUNT]; /* -1: the file has no such column */
    size_t columns;
};

static struct list_text
cell(const struct targets *targets, enum column column)
{
    if (targets->at[column] < 0)
        return (struct list_text){"", 0};
    return text_trim(targets->csv.fields[targets->at[column]]);
}

static int
header_bind(struct targets *targets)
{
    const struct csv *csv = &targets->csv;

    targets->columns = csv->count;
    for (int k = 0; k < COLUMN_COUNT; k++) {
        targets->at[k] = -1;
        for (size_t i = 0; i < csv->count; i++) {
            if (!text_is(text_trim(csv->fields[i]), names[k]))
                continue;
            if (targets->at[k] >= 0)
                return load_refuse(targets->load, targets->file, csv->line, 1,
                                   "two columns are called %s", names[k]);
            targets->at[k] = (int)i;
        }
        if (k < REQUIRED && targets->at[k] < 0)
            return load_refuse(targets->load, targets->file, csv->line, 1,
                               "there is no column %s", names[k]);
    }
    return 0;
}

/* -- a row; false: not UTF-8 -- */

static bool
texts_take(struct targets *targets, struct draft *draft)
{
    struct list_build *build = &targets->load->build;
    enum column programs = targets->at[PROGRAM_IDS] >= 0 ? PROGRAM_IDS : SANCTIONS;
    struct list_text rest, part;
    bool good = draft_name(build, draft, LIST_NAME_PRIMARY, cell(targets, NAME));

    for (rest = cell(targets, ALIASES); good && text_cut(&rest, ";", &part);)
        good = draft_name(build, draft, LIST_NAME_ALIAS, part);
    for (rest = cell(targets, ADDRESSES); good && text_cut(&rest, ";", &part);)
        good = draft_address(build, draft, part);
    for (rest = cell(targets, IDENTIFIERS); good && text_cut(&rest, ";", &part);)
        good = draft_identifier(build, draft, "", part, NULL);
    for (rest = cell(targets, programs); good && text_cut(&rest, ";", &part);)
        good = draft_program(build, draft, part);
    return good;
}

static void
codes_take(struct targets *targets, struct draft *draft)
{
    struct list_text rest, part;

    for (rest = cell(targets, COUNTRIES); text_cut(&rest, ";", &part);)
        draft_country(&targets->load->build, draft, country_of_code(text_trim(part)));
    for (rest = cell(targets, BIRTH_DATE); text_cut(&rest, ";", &part);)
        draft_born_on(&targets->load->build, draft, part);
    load_published(targets->load, cell(targets, LAST_SEEN));
}

/* NULL, or why it makes no entry. */
static const char *
row_take(struct targets *targets)
{
    struct list_text id = cell(targets, ID);
    const struct schema *schema = schema_of(cell(targets, SCHEMA));
    struct draft *draft;

    if (targets->csv.count != targets->columns)
        return "not as many fields as the header has";
    if (id.len == 0)
        return "a row without an id";
    draft = build_add(&targets->load->build, id);
    if (!draft)
        return "an id for the second time";
    draft->kind = schema->part == SCHEMA_PARTY ? schema->kind : LIST_OTHER;
    draft->dropped = true;
    if (!texts_take(targets, draft))
        return "bytes that are not UTF-8";
    if (draft->names.count == 0)
        return "a target without a name";
    codes_take(targets, draft);
    draft->dropped = false;
    targets->file->rows++;
    return NULL;
}

static int
rows_take(struct targets *targets)
{
    struct csv *csv = &targets->csv;
    enum csv_result result;

    while ((result = csv_next(csv)) != CSV_END) {
        const char *why;

        if (result == CSV_CUT)
            return load_refuse(targets->load, targets->file, csv->line, csv->column,
                               "%s: the file was cut off; get it again", csv->fault);
        if (csv->line % PROGRESS_ROWS == 0)
            load_progress(targets->load, csv->at);
        why = result == CSV_FAULT ? csv->fault : row_take(targets);
        if (why &&
            load_fault(targets->load, targets->file, csv->line, csv->column, "%s", why) != 0)
            return -1;
    }
    return 0;
}

static int
read_all(struct load *load)
{
    struct targets *targets = arena_alloc(load->scratch, sizeof(*targets));

    *targets = (struct targets){.load = load, .file = &load->files[0]};
    if (load->file_count != 1)
        return load_refuse(load, &load->files[1], 0, 0,
                           "a second table of targets; load it as a list of its own");
    csv_init(&targets->csv, load->files[0].data, load->files[0].len);
    targets->csv.lines_in_fields = true;
    if (csv_next(&targets->csv) != CSV_ROW)
        return load_refuse(load, targets->file, 1, 1, "the header cannot be read");
    if (header_bind(targets) != 0 || rows_take(targets) != 0)
        return -1;
    load_file_done(load, targets->file);
    return 0;
}

const struct load_format load_targets = {"targets-csv", read_all};
