/*
 * policy_check.c - what is wrong with packs, and what is odd about them.
 *
 *     kits.json:12:15: error: rules/KIT-01/when: params.limt: no such key; the nearest is limit
 *     kits.json:19:15: warning: KIT-02: no test makes it fire
 *
 * An error keeps a gateway from loading the pack: it cannot be read, or one of
 * its tests fails.  Warnings and notes are those of policy/rules/analysis.h, and
 * rules that no test reaches.
 */
#include <string.h>

#include "clients/policy.h"
#include "clients/policy_pack.h"
#include "clients/print.h"
#include "gateway/base/buffer.h"
#include "policy/pack_test.h"
#include "policy/rules/analysis.h"

#define LINE_BYTES_FIRST 512

enum severity { NOTE, WARNING, ERROR, SEVERITY_COUNT };

static const char *const severity_names[] = {"note", "warning", "error"};
static const enum severity severity_of[] = {[PACK_NOTE] = NOTE, [PACK_WARNING] = WARNING};

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

static int
pack_check(struct checking *checking, const char *argument, struct error *err)
{
    struct pack_report report;
    struct error why = {0};
    struct host_pack file;

    if (policy_pack_find(&checking->arena, argument, &file, err) != 0)
        return -1;
    if (pack_test_run(&checking->sources, checking->goods, &file, &checking->arena, &report,
                      &why) != 0) {
        tell(checking, finding_of_error(file.path, why.text));
        return 0;
    }
    tell_tests(checking, &report);
    tell_analysis(checking, report.pack);
    tell_coverage(checking, &report);
    return 0;
}

/* -- all of them -- */

static void
summary_print(const struct checking *checking, size_t packs)
{
    printf("%zu pack%s: %zu error%s, %zu warning%s, %zu note%s\n", packs, packs == 1 ? "" : "s",
           checking->counts[ERROR], checking->counts[ERROR] == 1 ? "" : "s",
           checking->counts[WARNING], checking->counts[WARNING] == 1 ? "" : "s",
           checking->counts[NOTE], checking->counts[NOTE] == 1 ? "" : "s");
}

static int
packs_check(struct checking *checking, const struct options *options, struct error *err)
{
    if (policy_sources(&checking->arena, &checking->sources, err) != 0 ||
        goods_load(checking->sources.goods_path, &checking->arena, &checking->goods, err) != 0)
        return -1;
    for (size_t i = 0; i < options->argument_count; i++)
        if (pack_check(checking, options->arguments[i], err) != 0)
            return -1;
    return 0;
}

int
policy_check(const struct options *options)
{
    struct checking checking = {.json = options->values[OPTION_JSON] != NULL};
    struct error err = {0};
    int status = STATUS_DONE;

    if (packs_check(&checking, options, &err) != 0) {
        status = command_complain(STATUS_USAGE, &err);
        goto out;
    }
    if (!checking.json)
        summary_print(&checking, options->argument_count);
    if (checking.counts[ERROR] > 0 ||
        (options->values[OPTION_STRICT] && checking.counts[WARNING] > 0))
        status = STATUS_UNEXPECTED;
out:
    arena_release(&checking.arena);
    return status;
}
