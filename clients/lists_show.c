/* lists_show.c - what a gateway says of its lists, for a person at a terminal. */
#include <string.h>

#include "clients/answer.h"
#include "clients/lists_gateway.h"
#include "clients/print.h"
#include "clients/rollout_print.h"

/* -- files -- */

void
lists_print_put(FILE *out, const cJSON *answer)
{
    print_text(out, answer_text(answer, "list"));
    print_part(out, "/", answer_text(answer, "file"));
    fputs("  ", out);
    print_count(out, answer_number(answer, "bytes"), "byte");
    print_digest(out, "  sha256 ", answer_text(answer, "sha256"));
    fputc('\n', out);
}

/* -- a table -- */

#define CELL_SIZE 80

static void
cell_name(const cJSON *list, char cell[CELL_SIZE])
{
    snprintf(cell, CELL_SIZE, "%s", answer_text(list, "name"));
}

static void
cell_from(const cJSON *list, char cell[CELL_SIZE])
{
    snprintf(cell, CELL_SIZE, "%s", answer_text(list, "in_force/from"));
}

static void
cell_count(const cJSON *list, const char *path, char cell[CELL_SIZE])
{
    if (cJSON_IsNumber(answer_at(list, path)))
        snprintf(cell, CELL_SIZE, "%.0f", answer_number(list, path));
}

static void
cell_entries(const cJSON *list, char cell[CELL_SIZE])
{
    cell_count(list, "loaded/entries", cell);
}

static void
cell_names(const cJSON *list, char cell[CELL_SIZE])
{
    cell_count(list, "loaded/names", cell);
}

/* The day that was asked for says more than that of the last operation before it. */
static void
cell_published(const cJSON *list, char cell[CELL_SIZE])
{
    const char *as_of = answer_text(list, "loaded/as_of");

    snprintf(cell, CELL_SIZE, "%s%s", as_of[0] ? "as of " : "",
             as_of[0] ? as_of : answer_text(list, "loaded/published_on"));
}

static void
cell_age(const cJSON *list, char cell[CELL_SIZE])
{
    double days = answer_number(list, "loaded/age_days");

    if (cJSON_IsNumber(answer_at(list, "loaded/age_days")))
        snprintf(cell, CELL_SIZE, "%.0f day%s", days, days == 1 ? "" : "s");
}

static void
cell_incoming(const cJSON *list, char cell[CELL_SIZE])
{
    int count = cJSON_GetArraySize(answer_at(list, "incoming"));

    if (count > 0)
        snprintf(cell, CELL_SIZE, "%d file%s", count, count == 1 ? "" : "s");
}

static void
cell_shadow(const cJSON *list, char cell[CELL_SIZE])
{
    if (answer_text(list, "shadow")[0])
        snprintf(cell, CELL_SIZE, "yes");
}

static void
cell_alarm(const cJSON *list, char cell[CELL_SIZE])
{
    if (answer_text(list, "alarm")[0])
        snprintf(cell, CELL_SIZE, "refused");
}

/* What has no value in a row is "-" there. */
static const struct {
    const char *head;
    void (*fill)(const cJSON *list, char cell[CELL_SIZE]);
    bool number; /* stands to the right */
} columns[] = {
    {"name", cell_name, false},           {"from", cell_from, false},
    {"entries", cell_entries, true},      {"names", cell_names, true},
    {"published", cell_published, false}, {"age", cell_age, true},
    {"shadow", cell_shadow, false},       {"incoming", cell_incoming, false},
    {"alarm", cell_alarm, false},
};

#define COLUMN_COUNT (sizeof(columns) / sizeof(columns[0]))

static void
cell_of(size_t column, const cJSON *list, char cell[CELL_SIZE])
{
    cell[0] = '\0';
    columns[column].fill(list, cell);
    if (cell[0] == '\0')
        strcpy(cell, "-");
}

static int
wider(int width, const char *text)
{
    int len = (int)strlen(text);

    return len > width ? len : width;
}

/* The last one needs no blanks behind it. */
static void
print_cell(FILE *out, size_t column, const char *text, int width)
{
    int blanks = width - (int)strlen(text);

    fprintf(out, "%s%*s", column > 0 ? "  " : "", columns[column].number ? blanks : 0, "");
    print_padded(out, text, columns[column].number || column == COLUMN_COUNT - 1 ? 0 : width);
}

void
lists_print_all(FILE *out, const cJSON *page)
{
    const cJSON *lists = answer_at(page, "data"), *list;
    int widths[COLUMN_COUNT] = {0};
    char cell[CELL_SIZE];

    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        widths[i] = wider(0, columns[i].head);
        cJSON_ArrayForEach(list, lists)
        {
            cell_of(i, list, cell);
            widths[i] = wider(widths[i], cell);
        }
    }
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        print_cell(out, i, columns[i].head, widths[i]);
    fputc('\n', out);
    cJSON_ArrayForEach(list, lists)
    {
        for (size_t i = 0; i < COLUMN_COUNT; i++) {
            cell_of(i, list, cell);
            print_cell(out, i, cell, widths[i]);
        }
        print_part(out, "\n  ", answer_text(list, "alarm"));
        fputc('\n', out);
    }
    print_more(out, page);
}

/* -- one list -- */

static void
print_in_force(FILE *out, const cJSON *list)
{
    const char *in_force = answer_text(list, "in_force/digest");

    print_part(out, "  in force   ", in_force);
    print_part(out, ", from ", answer_text(list, "in_force/from"));
    if (in_force[0] == '\0') {
        fputs("  not in force", out);
        print_part(out, ", but activated: ", answer_text(list, "activated"));
    }
    fputc('\n', out);
}

static void
print_kinds(FILE *out, const cJSON *loaded)
{
    const cJSON *kind;

    fprintf(out, "  entries    %.0f:", answer_number(loaded, "entries"));
    cJSON_ArrayForEach(kind, answer_at(loaded, "kinds"))
    {
        if (cJSON_IsNumber(kind) && kind->valuedouble > 0) {
            fprintf(out, " %.0f ", kind->valuedouble);
            print_text(out, kind->string);
        }
    }
    fprintf(out, "\n  names      %.0f\n", answer_number(loaded, "names"));
}

static void
print_files(FILE *out, const cJSON *files)
{
    const cJSON *file;

    cJSON_ArrayForEach(file, files)
    {
        fputs("  file       ", out);
        print_padded(out, answer_text(file, "role"), 9);
        print_text(out, answer_text(file, "name"));
        fputs(": ", out);
        print_count(out, answer_number(file, "rows"), "row");
        fputs(", ", out);
        print_count(out, answer_number(file, "bytes"), "byte");
        print_digest(out, ", sha256 ", answer_text(file, "sha256"));
        fputc('\n', out);
    }
}

static void
print_age(FILE *out, const cJSON *loaded)
{
    const char *published = answer_text(loaded, "published_on");

    fputs("  published  ", out);
    print_text(out, published[0] ? published : "(not said)");
    if (cJSON_IsNumber(answer_at(loaded, "age_days"))) {
        fputs(", ", out);
        print_count(out, answer_number(loaded, "age_days"), "day");
        fputs(published[0] ? " old" : " old by the files' own time", out);
    }
    print_part(out, "\n  as of      ", answer_text(loaded, "as_of"));
    fputc('\n', out);
}

static void
print_loaded(FILE *out, const cJSON *loaded)
{
    if (!cJSON_IsObject(loaded))
        return;
    print_part(out, "  format     ", answer_text(loaded, "format"));
    fputc('\n', out);
    print_kinds(out, loaded);
    print_age(out, loaded);
    print_files(out, answer_at(loaded, "files"));
    fputs("  left out   ", out);
    print_count(out, answer_number(loaded, "rows_left_out"), "row");
    fputc('\n', out);
}

static void
print_version(FILE *out, const char *label, const cJSON *version)
{
    print_part(out, label, answer_text(version, "digest"));
    print_part(out, " ", answer_text(version, "state"));
    print_part(out, ", put ", answer_text(version, "put_at"));
    fputc('\n', out);
}

static void
print_names(FILE *out, const char *label, const cJSON *names)
{
    const cJSON *name;

    cJSON_ArrayForEach(name, names)
    {
        print_part(out, name == names->child ? label : ", ",
                   cJSON_IsString(name) ? name->valuestring : "?");
    }
    fputs(cJSON_GetArraySize(names) > 0 ? "\n" : "", out);
}

/* A line where there is something to say. */
static void
print_line(FILE *out, const char *label, const char *text)
{
    print_part(out, label, text);
    fputs(text[0] ? "\n" : "", out);
}

void
lists_print_one(FILE *out, const cJSON *list)
{
    const cJSON *version;

    print_line(out, "", answer_text(list, "name"));
    print_in_force(out, list);
    print_loaded(out, answer_at(list, "loaded"));
    print_line(out, "  shadow     ", answer_text(list, "shadow"));
    print_names(out, "  incoming   ", answer_at(list, "incoming"));
    print_line(out, "  alarm      ", answer_text(list, "alarm"));
    cJSON_ArrayForEach(version, answer_at(list, "versions"))
    {
        print_version(out, "  version    ", version);
    }
    rollout_print_findings(out, list);
}

void
lists_print_incoming(FILE *out, const cJSON *answer)
{
    print_text(out, answer_text(answer, "list"));
    print_part(out, " without ", answer_text(answer, "file"));
    fputc('\n', out);
    print_names(out, "  incoming   ", answer_at(answer, "incoming"));
}

/* -- refused -- */

bool
lists_print_refusal(FILE *out, const cJSON *problem)
{
    if (cJSON_GetArraySize(answer_at(problem, "errors")) > 0 &&
        cJSON_GetArraySize(answer_at(problem, "findings")) == 0)
        return false; /* the body's faults */
    rollout_print_findings(out, problem);
    print_line(out, "refused: ", answer_text(problem, "detail"));
    return true;
}

/* -- a shadow -- */

static void
print_hits(FILE *out, const char *label, const cJSON *hits)
{
    const cJSON *hit;

    cJSON_ArrayForEach(hit, hits)
    {
        print_part(out, label, answer_text(hit, "field"));
        print_part(out, "  ", answer_text(hit, "query"));
        print_part(out, " is ", answer_text(hit, "matched"));
        print_part(out, ", ", answer_text(hit, "list"));
        print_part(out, " ", answer_text(hit, "entry"));
        fprintf(out, ", score %.4g\n", answer_number(hit, "score"));
    }
}

static void
print_changed(FILE *out, const cJSON *payment)
{
    const cJSON *rule, *rules = answer_at(payment, "rules");

    fputc('\n', out);
    print_text(out, answer_text(payment, "decided_at"));
    print_part(out, "  ", answer_text(payment, "id"));
    print_part(out, "  ", answer_text(payment, "amount/currency"));
    print_part(out, " ", answer_text(payment, "amount/value"));
    print_part(out, "  ", answer_text(payment, "from"));
    print_part(out, " -> ", answer_text(payment, "to"));
    cJSON_ArrayForEach(rule, rules)
    {
        print_part(out, rule == rules->child ? "  by " : ", ",
                   cJSON_IsString(rule) ? rule->valuestring : "?");
    }
    fputc('\n', out);
    print_hits(out, "  found  ", answer_at(payment, "hits_added"));
    print_hits(out, "  gone   ", answer_at(payment, "hits_gone"));
}

static void
print_impact(FILE *out, const cJSON *impact)
{
    const cJSON *item;

    print_line(out, "the last payments could not be looked at: ", answer_text(impact, "error"));
    if (!cJSON_IsNumber(answer_at(impact, "payments")))
        return;
    fputs("of the last ", out);
    print_count(out, answer_number(impact, "payments"), "payment");
    fprintf(out, " %.0f would be decided otherwise, %.0f have other hits\n",
            answer_number(impact, "flips"), answer_number(impact, "hits_changed"));
    if (answer_number(impact, "unread") > 0) {
        print_count(out, answer_number(impact, "unread"), "record");
        fputs(" could not be read\n", out);
    }
    cJSON_ArrayForEach(item, answer_at(impact, "moves"))
    {
        fprintf(out, "%6.0f  ", answer_number(item, "count"));
        print_text(out, answer_text(item, "from"));
        print_part(out, " -> ", answer_text(item, "to"));
        fputc('\n', out);
    }
    cJSON_ArrayForEach(item, answer_at(impact, "data"))
    {
        print_changed(out, item);
    }
}

void
lists_print_shadow(FILE *out, const cJSON *comparison)
{
    rollout_print_comparison(out, comparison);
    print_impact(out, answer_at(comparison, "impact"));
    rollout_print_findings(out, comparison);
}
