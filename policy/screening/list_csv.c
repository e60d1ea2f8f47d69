/* list_csv.c - a strict reader of comma-separated values. */
#include "policy/screening/list_csv.h"

#include <string.h>

void
csv_init(struct csv *csv, char *data, size_t len)
{
    *csv = (struct csv){.data = data, .len = len, .line_next = 1};
}

/* The line end at this place: its bytes, 0 if there is none. */
static size_t
line_end(const struct csv *csv, size_t at)
{
    if (at < csv->len && csv->data[at] == '\n')
        return 1;
    return at + 1 < csv->len && csv->data[at] == '\r' && csv->data[at + 1] == '\n' ? 2 : 0;
}

static enum csv_result
fault(struct csv *csv, size_t row, size_t at, const char *why)
{
    const char *next = memchr(csv->data + row, '\n', csv->len - row);

    csv->fault = why;
    csv->column = (uint32_t)(at - row + 1);
    csv->line_next = csv->line + 1;
    csv->at = next ? (size_t)(next - csv->data) + 1 : csv->len;
    return CSV_FAULT;
}

static enum csv_result
cut(struct csv *csv, size_t row)
{
    csv->fault = "the last row has no line end";
    csv->column = (uint32_t)(csv->len - row + 1);
    csv->at = csv->len;
    return CSV_CUT;
}

/*
 * A field in quotes that begins at *at; *at goes behind its closing quote, which is past
 * the end where the file ends first.  NULL, or what is wrong at *at.
 */
static const char *
field_quoted(struct csv *csv, size_t *at)
{
    size_t from = ++*at, to = from;

    for (; *at < csv->len; ++*at) {
        char c = csv->data[*at];

        if (c == '"' && (*at + 1 >= csv->len || csv->data[*at + 1] != '"'))
            break;
        if (c == '"')
            ++*at;
        if (c == '\0' || (c == '\n' && !csv->lines_in_fields))
            return c ? "a quoted field is not closed on its line" : "a NUL byte";
        if (c == '\n')
            csv->line_next++;
        if (*at - from > CSV_FIELD_BYTES_MAX)
            return "a field of more than 256 KiB; is a quote not closed?";
        if (to != *at)
            csv->data[to] = c;
        to++;
    }
    csv->fields[csv->count] = (struct list_text){csv->data + from, to - from};
    csv->quoted[csv->count++] = true;
    ++*at;
    return NULL;
}

static const char *
field_bare(struct csv *csv, size_t *at)
{
    size_t from = *at;

    for (; *at < csv->len && csv->data[*at] != ','; ++*at) {
        if (csv->data[*at] < ' ' && line_end(csv, *at))
            break;
        if (csv->data[*at] == '"')
            return "a quote inside a field that did not begin with one";
        if (csv->data[*at] == '\0')
            return "a NUL byte";
        if (*at - from > CSV_FIELD_BYTES_MAX)
            return "a field of more than 256 KiB";
    }
    csv->fields[csv->count] = (struct list_text){csv->data + from, *at - from};
    csv->quoted[csv->count++] = false;
    return NULL;
}

enum csv_result
csv_next(struct csv *csv)
{
    size_t row, at, end;

    while ((end = line_end(csv, csv->at)) > 0) {
        csv->at += end;
        csv->line_next++;
    }
    csv->line = csv->line_next;
    csv->count = 0;
    csv->column = 1;
    if (csv->at >= csv->len)
        return CSV_END;
    for (row = at = csv->at;; at++) {
        const char *why;

        if (csv->count == CSV_FIELDS_MAX)
            return fault(csv, row, at, "more than 64 fields");
        why = at < csv->len && csv->data[at] == '"' ? field_quoted(csv, &at)
                                                    : field_bare(csv, &at);
        if (!why && at - row > CSV_ROW_BYTES_MAX)
            why = "a row of more than 1 MiB";
        if (why)
            return fault(csv, row, at, why);
        if (at >= csv->len)
            return cut(csv, row);
        end = line_end(csv, at);
        if (end > 0)
            break;
        if (csv->data[at] != ',')
            return fault(csv, row, at,
                         "something stands between a closing quote and the comma");
    }
    csv->at = at + end;
    csv->line_next++;
    return CSV_ROW;
}
