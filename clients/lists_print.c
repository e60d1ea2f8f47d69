/* lists_print.c - what a list is, for a person and for a program. */
#include <string.h>
#include <time.h>

#include "clients/lists.h"
#include "clients/print.h"
#include "gateway/base/buffer.h"

#define LINE_BYTES_FIRST 2048
#define DIGEST_SHOWN     16 /* digits of a file's digest that a person sees */

static int
age_days(const struct list *list)
{
    return list_age_days(list, (int64_t)time(NULL) * 1000);
}

/* -- for a person -- */

static void
print_age(FILE *out, const struct list *list)
{
    int days = age_days(list);

    fprintf(out, "  published  %s", list->published_on[0] ? list->published_on : "(not said)");
    if (days >= 0)
        fprintf(out, ", %d day%s old%s", days, days == 1 ? "" : "s",
                list->published_on[0] ? "" : " by the files' own time");
    fputc('\n', out);
}

static void
print_kinds(FILE *out, const struct list *list)
{
    fprintf(out, "  entries    %zu:", list->entry_count);
    for (int i = 0; i < LIST_KIND_COUNT; i++)
        if (list->kind_counts[i])
            fprintf(out, " %zu %s", list->kind_counts[i], list_kind_name((enum list_kind)i));
    fprintf(out, "\n  names      %zu\n  addresses  %zu\n", list->name_count,
            list->address_count);
}

/* What OFAC publishes in files of its own, and without which a list is not all of it. */
static void
print_missing(FILE *out, const struct list *list)
{
    static const char *const roles[] = {"alt", "add", "comments"};

    if (strcmp(list->format, "ofac-csv") != 0)
        return;
    for (size_t i = 0; i < 3; i++) {
        size_t k = 0;

        while (k < list->file_count && strcmp(list->files[k].role, roles[i]) != 0)
            k++;
        if (k == list->file_count)
            fprintf(out, "  missing    the file of %s rows\n", roles[i]);
    }
}

void
lists_print_faults(FILE *out, const struct list_faults *faults)
{
    size_t shown =
        faults->count < LIST_FAULTS_SHOWN_MAX ? faults->count : LIST_FAULTS_SHOWN_MAX;

    for (size_t i = 0; i < shown; i++) {
        print_text(out, faults->shown[i].file);
        if (faults->shown[i].line)
            fprintf(out, ":%u:%u", faults->shown[i].line, faults->shown[i].column);
        fputs(": ", out);
        print_text(out, faults->shown[i].text);
        fputc('\n', out);
    }
    if (faults->count > shown)
        fprintf(out, "... and %zu more\n", faults->count - shown);
}

void
lists_print(FILE *out, const struct list *list, const struct list_faults *faults)
{
    fprintf(out, "%s\n  format     %s\n", list->name, list->format);
    print_kinds(out, list);
    print_age(out, list);
    fprintf(out, "  digest     %s\n", list->digest);
    for (size_t i = 0; i < list->file_count; i++) {
        fprintf(out, "  file       %-9s", list->files[i].role);
        print_text(out, list->files[i].name);
        fprintf(out, ": %zu rows, %zu bytes, sha256 %.*s...\n", list->files[i].rows,
                list->files[i].bytes, DIGEST_SHOWN, list->files[i].digest);
    }
    print_missing(out, list);
    fprintf(out, "  left out   %zu row%s\n", list->faults, list->faults == 1 ? "" : "s");
    lists_print_faults(out, faults);
}

/* -- for a program -- */

static void
json_kinds(struct buffer *line, const struct list *list)
{
    json_key(line, "kinds");
    json_open(line, '{');
    for (int i = 0; i < LIST_KIND_COUNT; i++) {
        json_key(line, list_kind_name((enum list_kind)i));
        json_int(line, (int64_t)list->kind_counts[i]);
    }
    json_close(line, '}');
}

static void
json_files(struct buffer *line, const struct list *list)
{
    json_key(line, "files");
    json_open(line, '[');
    for (size_t i = 0; i < list->file_count; i++) {
        json_open(line, '{');
        json_member(line, "name", list->files[i].name);
        json_member(line, "role", list->files[i].role);
        json_key(line, "rows");
        json_int(line, (int64_t)list->files[i].rows);
        json_key(line, "bytes");
        json_int(line, (int64_t)list->files[i].bytes);
        json_member(line, "sha256", list->files[i].digest);
        json_close(line, '}');
    }
    json_close(line, ']');
}

static void
json_faults(struct buffer *line, const struct list_faults *faults)
{
    json_key(line, "faults");
    json_int(line, (int64_t)faults->count);
    json_key(line, "first_faults");
    json_open(line, '[');
    for (size_t i = 0; i < faults->count && i < LIST_FAULTS_SHOWN_MAX; i++) {
        json_open(line, '{');
        json_member(line, "file", faults->shown[i].file);
        json_key(line, "line");
        json_int(line, faults->shown[i].line);
        json_key(line, "column");
        json_int(line, faults->shown[i].column);
        json_member(line, "sentence", faults->shown[i].text);
        json_close(line, '}');
    }
    json_close(line, ']');
}

void
lists_print_json(FILE *out, const struct list *list, const struct list_faults *faults)
{
    struct arena arena = {0};
    struct buffer line;

    buffer_init(&line, &arena, LINE_BYTES_FIRST);
    json_open(&line, '{');
    json_member(&line, "list", list->name);
    json_member(&line, "format", list->format);
    json_key(&line, "entries");
    json_int(&line, (int64_t)list->entry_count);
    json_kinds(&line, list);
    json_key(&line, "names");
    json_int(&line, (int64_t)list->name_count);
    json_key(&line, "addresses");
    json_int(&line, (int64_t)list->address_count);
    json_member(&line, "published_on", list->published_on);
    json_key(&line, "age_days");
    json_int(&line, age_days(list));
    json_member(&line, "digest", list->digest);
    json_files(&line, list);
    json_faults(&line, faults);
    json_close(&line, '}');
    fprintf(out, "%s\n", buffer_terminate(&line));
    arena_release(&arena);
}
