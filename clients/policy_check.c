/*
 * policy_check.c - what is wrong with packs and books, and what is odd about them.
 *
 *     kits.json:12:15: error: rules/KIT-01/when: params.limt: no such key; the nearest is limit
 *     kits.json:19:15: warning: KIT-02: no test makes it fire
 *
 * An error keeps a gateway from loading the pack: it cannot be read, or one of
 * its tests fails.  Warnings and notes are those of policy/rules/analysis.h, and
 * rules that no test reaches; of a book, a file whose first member is "book", those
 * of policy/book_analysis.h.
 */
#include <string.h>

#include "clients/policy.h"
#include "clients/policy_pack.h"
#include "clients/print.h"
#include "gateway/base/buffer.h"
#include "policy/book_analysis.h"
#include "policy/pack_test.h"
#include "policy/rules/analysis.h"

#define LINE_BYTES_FIRST 512

enum severity { NOTE, WARNING, ERROR, SEVERITY_COUNT };

static const char *const severity_names[] = {"note", "warning", "error"};
static const enum severity severity_of[] = {[PACK_NOTE] = NOTE, [PACK_WARNING] = WARNING};
static const enum severity severity_of_book[] = {
    [BOOK_NOTE] = NOTE, [BOOK_WARNING] = WARNING, [BOOK_ERROR] = ERROR};

/* rule "": the pack as a whole; line 0: the file as a whole. */
struct finding {
    enum severity severity;
    const char *path;
    const char *rule;
    uint32_t line, column;
    const char *sentence;
};

struct checking {
    bool json;
    struct arena arena;
    struct snapshot_sources sources;
    struct goods *goods;
    size_t packs, books;
    size_t counts[SEVERITY_COUNT];
};

/* -- telling -- */

static void
finding_json(struct checking *checking, const struct finding *finding)
{
    struct buffer line;

    buffer_init(&line, &checking->arena, LINE_BYTES_FIRST);
    json_open(&line, '{');
    json_member(&line, "file", finding->path);
    if (finding->line) {
        json_key(&line, "line");
        json_int(&line, finding->line);
        json_key(&line, "column");
        json_int(&line, finding->column);
    }
    json_member(&line, "severity", severity_names[finding->severity]);
    json_member_if(&line, "rule", finding->rule);
    json_member(&line, "sentence", finding->sentence);
    json_close(&line, '}');
    puts(buffer_terminate(&line));
}

static void
finding_print(const struct finding *finding)
{
    printf("%s:", finding->path);
    if (finding->line)
        printf("%u:%u:", finding->line, finding->column);
    printf(" %s: ", severity_names[finding->severity]);
    print_text(stdout, finding->rule);
    fputs(finding->rule[0] ? ": " : "", stdout);
    print_text(stdout, finding->sentence);
    fputc('\n', stdout);
}

static void
tell(struct checking *checking, struct finding finding)
{
    checking->counts[finding.severity]++;
    if (checking->json)
        finding_json(checking, &finding);
    else
        finding_print(&finding);
}

/* "path:LINE:COLUMN: sentence" of an error's text, as far as it is so. */
static struct finding
finding_of_error(const char *path, const char *text)
{
    struct finding finding = {.severity = ERROR, .path = path, .rule = "", .sentence = text};
    size_t len = strlen(path);
    int used = 0;

    if (strncmp(text, path, len) != 0 || text[len] != ':')
        return finding;
    finding.sentence = text + len + 1 + strspn(text + len + 1, " ");
    if (sscanf(text + len, ":%u:%u: %n", &finding.line, &finding.column, &used) == 2 &&
        used > 0)
        finding.sentence = text + len + used;
    return finding;
}

/* -- a pack -- */

static void
tell_tests(struct checking *checking, const struct pack_report *report)
{
    for (size_t i = 0; i < report->result_count; i++) {
        const struct pack_result *result = &report->results[i];

        if (result->failure)
            tell(checking, (struct finding){
                               .severity = ERROR,
                               .path = report->pack->path,
                               .rule = "",
                               .line = result->test->line,
                               .column = result->test->column,
                               .sentence = arena_printf(&checking->arena, "test \"%s\": %s",
                                                        result->test->title, result->failure)});
    }
}

static void
tell_analysis(struct checking *checking, const struct pack *pack)
{
    const struct pack_finding *found;
    size_t count = pack_analyse(&checking->arena, pack, &found);

    for (size_t i = 0; i < count; i++)
        tell(checking, (struct finding){.severity = severity_of[found[i].severity],
                                        .path = pack->path,
                                        .rule = found[i].rule,
                                        .line = found[i].line,
                                        .column = found[i].column,
                                        .sentence = found[i].sentence});
}

static void
tell_coverage(struct checking *checking, const struct pack_report *report)
{
    for (size_t i = 0; i < report->pack->rule_count; i++)
        if (report->fired[i] == 0)
            tell(checking, (struct finding){.severity = WARNING,
                                            .path = report->pack->path,
                                            .rule = report->pack->rules[i].id,
                                            .line = report->pack->rules[i].line,
                                            .column = report->pack->rules[i].column,
                                            .sentence = "no test makes it fire"});
}

static void
pack_check(struct checking *checking, const struct host_pack *file)
{
    struct pack_report report;
    struct error why = {0};

    checking->packs++;
    if (pack_test_run(&checking->sources, checking->goods, file, &checking->arena, &report,
                      &why) != 0) {
        tell(checking, finding_of_error(file->path, why.text));
        return;
    }
    tell_tests(checking, &report);
    tell_analysis(checking, report.pack);
    tell_coverage(checking, &report);
}

/* -- a book -- */

static void
book_check(struct checking *checking, const struct host_pack *file)
{
    const struct book_finding *found;
    size_t count;

    checking->books++;
    checking->sources.book = file->path;
    count = book_analyse(&checking->sources, file->text, file->len, checking->goods,
                         &checking->arena, &found);
    for (size_t i = 0; i < count; i++)
        tell(checking, (struct finding){.severity = severity_of_book[found[i].severity],
                                        .path = found[i].path,
                                        .rule = found[i].rule,
                                        .line = found[i].line,
                                        .column = found[i].column,
                                        .sentence = found[i].sentence});
}

/* -- all of them -- */

static void
count_print(size_t count, const char *what, const char *after)
{
    printf("%zu %s%s%s", count, what, count == 1 ? "" : "s", after);
}

static void
summary_print(const struct checking *checking)
{
    if (checking->packs)
        count_print(checking->packs, "pack", checking->books ? ", " : ": ");
    if (checking->books)
        count_print(checking->books, "book", ": ");
    count_print(checking->counts[ERROR], "error", ", ");
    count_print(checking->counts[WARNING], "warning", ", ");
    count_print(checking->counts[NOTE], "note", "\n");
}

/* A file, or the name of a shipped pack or book. */
static int
argument_check(struct checking *checking, const char *argument, struct error *err)
{
    struct host_pack file;
    bool is_book;

    if (policy_file_find(&checking->arena, argument, &file, &is_book, err) != 0)
        return -1;
    if (is_book)
        book_check(checking, &file);
    else
        pack_check(checking, &file);
    return 0;
}

static int
all_check(struct checking *checking, const struct options *options, struct error *err)
{
    struct snapshot_sources *sources = &checking->sources;

    if (policy_sources_of_books(&checking->arena, options->values[OPTION_PACKS], sources,
                                err) != 0 ||
        goods_load(sources->goods_path, &checking->arena, &checking->goods, err) != 0)
        return -1;
    for (size_t i = 0; i < options->argument_count; i++)
        if (argument_check(checking, options->arguments[i], err) != 0)
            return -1;
    return 0;
}

int
policy_check(const struct options *options)
{
    struct checking checking = {.json = options->values[OPTION_JSON] != NULL};
    struct error err = {0};
    int status = STATUS_DONE;

    if (all_check(&checking, options, &err) != 0) {
        status = command_complain(STATUS_USAGE, &err);
        goto out;
    }
    if (!checking.json)
        summary_print(&checking);
    if (checking.counts[ERROR] > 0 ||
        (options->values[OPTION_STRICT] && checking.counts[WARNING] > 0))
        status = STATUS_UNEXPECTED;
out:
    arena_release(&checking.arena);
    return status;
}
