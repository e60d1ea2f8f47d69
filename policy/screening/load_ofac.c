/*
 * load_ofac.c - OFAC's CSV files as a list.
 *
 * The main file has an entry a row; the others point to it by its number.  Programs
 * are packed into one cell as "A] [B".  Remarks are cut at 1,000 characters in the
 * main file and go on in the comments, so they are joined before they are read.  A
 * row that points to no entry is a fault: many of them mean that the main file is
 * not whole.
 *
 * Layout: OFAC, "Specification of data", sdn.csv, alt.csv, add.csv, sdn_comments.csv;
 * the consolidated list (cons_prim.csv, ...) is laid out the same.
 */
#include <string.h>

#include "policy/screening/list_country.h"
#include "policy/screening/load_ofac.h"

enum { ALT_ENT_NUM, ALT_NUM, ALT_TYPE, ALT_NAME, ALT_REMARKS, ALT_COLUMNS };
enum { ADD_ENT_NUM, ADD_NUM, ADD_ADDRESS, ADD_CITY, ADD_COUNTRY, ADD_REMARKS, ADD_COLUMNS };
enum { COMMENTS_ENT_NUM, COMMENTS_TEXT, COMMENTS_COLUMNS };

static const struct {
    const char *word;
    enum list_kind kind;
} kinds[] = {
    {"", LIST_COMPANY}, /* -0- */
    {"individual", LIST_PERSON}, {"entity", LIST_COMPANY},
    {"vessel", LIST_VESSEL},     {"aircraft", LIST_AIRCRAFT},
};

/* "Now known as" is a current name like any other. */
static const struct {
    const char *word;
    enum list_name_kind kind;
} alias_kinds[] = {
    {"aka", LIST_NAME_ALIAS},
    {"fka", LIST_NAME_FORMER},
    {"nka", LIST_NAME_ALIAS},
};

#define REMARKS_BYTES_MAX (1u << 20) /* of one entry, with its comments */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char not_utf8[] = "bytes that are not UTF-8";
static const char without_name[] = "an entry without a name";

/* -- the main rows -- */

static int
kind_of(struct list_text word)
{
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (text_is_word(word, kinds[i].word))
            return (int)kinds[i].kind;
    return -1;
}

static bool
programs_add(struct list_build *build, struct draft *draft, struct list_text packed)
{
    struct list_text program;

    while (text_cut(&packed, "] [", &program))
        if (!draft_program(build, draft, program))
            return false;
    return true;
}

/* NULL, or why the row makes no entry. */
static const char *
row_make(struct load *load, const struct ofac_row *row)
{
    int kind = kind_of(row->cells[OFAC_TYPE]);
    struct draft *draft;

    if (kind < 0)
        return "a type that is none of individual, entity, vessel and aircraft";
    draft = build_add(&load->build, row->cells[OFAC_ENT_NUM]);
    if (!draft)
        return "an entry number for the second time";
    draft->kind = (enum list_kind)kind;
    draft->remarks = row->cells[OFAC_REMARKS];
    if (!draft_name(&load->build, draft, LIST_NAME_PRIMARY, row->cells[OFAC_NAME]) ||
        !programs_add(&load->build, draft, row->cells[OFAC_PROGRAM])) {
        draft->dropped = true;
        return not_utf8;
    }
    if (draft->names.count == 0) { /* of control characters alone */
        draft->dropped = true;
        return without_name;
    }
    draft_country(&load->build, draft, country_of_name(row->cells[OFAC_FLAG]));
    return NULL;
}

static int
rows_make(struct load *load)
{
    struct ofac_rows rows;

    if (ofac_rows_read(load, &rows) != 0)
        return -1;
    for (size_t i = 0; i < rows.count; i++) {
        const struct ofac_row *row = &rows.rows[i];
        const char *why = row->gone ? NULL : row_make(load, row);

        if (why && load_fault(load, row->file, row->line, 1, "%s: %.*s", why,
                              (int)row->cells[0].len, row->cells[0].data) != 0)
            return -1;
    }
    return 0;
}

/* -- the rows that point to them -- */

static const char *
alt_add(struct load *load, struct draft *draft, const struct csv *csv)
{
    struct list_text type = ofac_cell(csv->fields[ALT_TYPE]);
    struct list_text name = ofac_cell(csv->fields[ALT_NAME]);
    size_t i = 0;

    while (i < COUNT(alias_kinds) && !text_is_word(type, alias_kinds[i].word))
        i++;
    if (i == COUNT(alias_kinds))
        return "a type of name that is none of aka, fka and nka";
    if (!text_clean(load->scratch, name, &name))
        return not_utf8;
    if (name.len == 0)
        return "an alias without a name";
    return draft_name(&load->build, draft, alias_kinds[i].kind, name) ? NULL : not_utf8;
}

/* "Ibex House, The Minories, London EC3N 1DY, United Kingdom" */
static const char *
address_add(struct load *load, struct draft *draft, const struct csv *csv)
{
    struct list_text country = ofac_cell(csv->fields[ADD_COUNTRY]);
    size_t len = 0, room = 0;
    char *line;

    for (int i = ADD_ADDRESS; i <= ADD_COUNTRY; i++)
        room += csv->fields[i].len + sizeof(", ");
    line = arena_alloc(load->scratch, room);
    for (int i = ADD_ADDRESS; i <= ADD_COUNTRY; i++) {
        struct list_text cell = ofac_cell(csv->fields[i]);

        if (cell.len == 0)
            continue;
        if (len > 0)
            memcpy(line + len, ", ", 2);
        len += len > 0 ? 2 : 0;
        memcpy(line + len, cell.data, cell.len);
        len += cell.len;
    }
    draft_country(&load->build, draft, country_of_name(country));
    return draft_address(&load->build, draft, (struct list_text){line, len}) ? NULL : not_utf8;
}

/* What the main file has is cut at 1,000 characters, in the middle of a word if need be. */
static const char *
comments_add(struct load *load, struct draft *draft, const struct csv *csv)
{
    struct list_text more = ofac_cell(csv->fields[COMMENTS_TEXT]);
    char *joined;

    if (draft->remarks.len + more.len > REMARKS_BYTES_MAX)
        return "remarks of more than 1 MiB";
    joined = arena_alloc(load->scratch, draft->remarks.len + more.len + 1);
    if (draft->remarks.len)
        memcpy(joined, draft->remarks.data, draft->remarks.len);
    memcpy(joined + draft->remarks.len, more.data, more.len);
    draft->remarks.data = joined;
    draft->remarks.len += more.len;
    return NULL;
}

static const struct {
    enum load_role role;
    size_t columns;
    const char *(*add)(struct load *load, struct draft *draft, const struct csv *csv);
} parts[] = {
    {ROLE_OFAC_ALT, ALT_COLUMNS, alt_add},
    {ROLE_OFAC_ADD, ADD_COLUMNS, address_add},
    {ROLE_OFAC_COMMENTS, COMMENTS_COLUMNS, comments_add},
};

static int
part_read(struct load *load, struct load_file *file, size_t part)
{
    struct csv *csv = arena_alloc(load->scratch, sizeof(*csv));
    int more;

    csv_init(csv, file->data, file->len - 1); /* without its end mark */
    while ((more = ofac_next(load, file, csv, parts[part].columns)) > 0) {
        struct list_text number = text_trim(csv->fields[0]);
        struct draft *draft = build_find(&load->build, number);
        const char *why = draft ? parts[part].add(load, draft, csv)
                                : "no entry of the main file has this number";

        if (why && load_fault(load, file, csv->line, 1, "%s: %.*s", why, (int)number.len,
                              number.data) != 0)
            return -1;
        file->rows += !why;
    }
    if (more == 0)
        load_file_done(load, file);
    return more;
}

static int
read_all(struct load *load)
{
    if (rows_make(load) != 0)
        return -1;
    for (size_t i = 0; i < load->file_count; i++)
        for (size_t k = 0; k < COUNT(parts); k++)
            if (load->files[i].role == parts[k].role &&
                part_read(load, &load->files[i], k) != 0)
                return -1;
    for (size_t i = 0; i < load->build.count; i++) {
        struct draft *draft = load->build.drafts[i];

        if (ofac_remarks(load, draft, draft->remarks) != 0)
            return -1;
    }
    return 0;
}

const struct load_format load_ofac = {"ofac-csv", read_all};
