/*
 * list_format.c - what a file is, told by its first bytes.
 *
 *   <…               XML; the name of the root element says whose
 *   {…               JSON lines: an entity, or an operation on one
 *   "id","schema",…  OpenSanctions' table of targets, known by its header
 *   snapshot_date,…  daily operations on an OFAC main file
 *   36,"NAME",…      an OFAC file; how many columns says which
 */
#include <string.h>

#include "policy/screening/list_csv.h"
#include "policy/screening/load.h"

#define HEAD_BYTES_MAX 65536 /* as far as is looked */
#define DOCTYPE        "<!DOCTYPE "

static const struct {
    const char *name;
    const struct load_format *format;
} roles[ROLE_COUNT] = {
    [ROLE_UNKNOWN] = {"unknown", NULL},
    [ROLE_OFAC_MAIN] = {"main", &load_ofac},
    [ROLE_OFAC_ALT] = {"alt", &load_ofac},
    [ROLE_OFAC_ADD] = {"add", &load_ofac},
    [ROLE_OFAC_COMMENTS] = {"comments", &load_ofac},
    [ROLE_OFAC_HISTORY] = {"history", &load_ofac},
    [ROLE_UN] = {"whole", &load_un},
    [ROLE_EU] = {"whole", &load_eu},
    [ROLE_TARGETS] = {"whole", &load_targets},
    [ROLE_FTM] = {"whole", &load_ftm},
    [ROLE_FTM_DELTA] = {"delta", &load_ftm},
};

const char *
load_role_name(enum load_role role)
{
    return roles[role].name;
}

const struct load_format *
load_format_of(enum load_role role)
{
    return roles[role].format;
}

/* -- XML -- */

/* Behind the next "<" that opens an element: past declarations and comments. */
static struct list_text
root_element(struct list_text head)
{
    static const struct {
        const char *open, *close;
    } skipped[] = {{"<?", "?>"}, {"<!--", "-->"}, {"<!", ">"}};
    struct list_text part;

    for (head = text_trim(head); text_begins(head, "<"); head = text_trim(head)) {
        size_t i = 0;

        if (text_begins(head, DOCTYPE)) /* names it; that it is there is refused later */
            return (struct list_text){head.data + strlen(DOCTYPE), head.len - strlen(DOCTYPE)};
        while (i < 3 && !text_begins(head, skipped[i].open))
            i++;
        if (i == 3)
            return (struct list_text){head.data + 1, head.len - 1};
        if (!text_cut(&head, skipped[i].close, &part))
            break;
    }
    return (struct list_text){"", 0};
}

static bool
is_element(struct list_text root, const char *name)
{
    size_t len = strlen(name);

    return root.len > len && memcmp(root.data, name, len) == 0 &&
           strchr(" \t\r\n/>", root.data[len]) != NULL;
}

static enum load_role
role_of_xml(struct list_text head)
{
    struct list_text root = root_element(head);

    if (is_element(root, "CONSOLIDATED_LIST"))
        return ROLE_UN;
    return is_element(root, "export") ? ROLE_EU : ROLE_UNKNOWN;
}

/* -- JSON lines -- */

/* Does its first line have the member "op", outside any string? */
static enum load_role
role_of_json(struct list_text head)
{
    static const char op[] = "\"op\"";
    int depth = 0;

    for (size_t i = 0; i < head.len && head.data[i] != '\n'; i++) {
        char c = head.data[i];

        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        if (c != '"')
            continue;
        if (depth == 1 && head.len - i > sizeof(op) &&
            memcmp(head.data + i, op, sizeof(op) - 1) == 0)
            return ROLE_FTM_DELTA;
        for (i++; i < head.len && head.data[i] != '"'; i++)
            i += head.data[i] == '\\';
    }
    return ROLE_FTM;
}

/* -- CSV -- */

static bool
is_number(struct list_text text)
{
    text = text_trim(text);
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    return text.len > 0;
}

static bool
has_column(const struct csv *csv, const char *name)
{
    for (size_t i = 0; i < csv->count; i++)
        if (text_is(text_trim(csv->fields[i]), name))
            return true;
    return false;
}

static enum load_role
role_of_row(const struct csv *csv)
{
    static const enum load_role by_columns[] = {[2] = ROLE_OFAC_COMMENTS,
                                                [5] = ROLE_OFAC_ALT,
                                                [6] = ROLE_OFAC_ADD,
                                                [12] = ROLE_OFAC_MAIN};

    if (has_column(csv, "snapshot_date") && has_column(csv, "op"))
        return ROLE_OFAC_HISTORY;
    if (has_column(csv, "id") && has_column(csv, "schema") && has_column(csv, "name"))
        return ROLE_TARGETS;
    if (is_number(csv->fields[0]) && csv->count < sizeof(by_columns) / sizeof(by_columns[0]))
        return by_columns[csv->count];
    return ROLE_UNKNOWN;
}

/* The first row, read from a copy: the reader writes into what it reads. */
static enum load_role
role_of_csv(struct list_text head)
{
    struct arena arena = {0};
    enum load_role role = ROLE_UNKNOWN;
    struct csv *csv = arena_alloc(&arena, sizeof(*csv));

    csv_init(csv, arena_copy(&arena, head.data, head.len), head.len);
    if (csv_next(csv) == CSV_ROW)
        role = role_of_row(csv);
    arena_release(&arena);
    return role;
}

enum load_role
load_role_of(const struct load_file *file)
{
    struct list_text head = {file->data,
                             file->len < HEAD_BYTES_MAX ? file->len : HEAD_BYTES_MAX};

    if (text_begins(text_trim(head), "<"))
        return role_of_xml(head);
    if (text_begins(text_trim(head), "{"))
        return role_of_json(head);
    return role_of_csv(head);
}
