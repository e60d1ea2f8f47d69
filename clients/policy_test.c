/*
 * policy_test.c - runs the tests that packs carry, and says which rules they reach.
 *
 * A pack that cannot be read counts as one test that could not be run; the
 * others are still tested.
 */
#include <errno.h>
#include <string.h>

#include "clients/junit.h"
#include "clients/policy.h"
#include "clients/policy_pack.h"
#include "clients/print.h"
#include "policy/pack_test.h"

#define NAMED_MAX 20 /* rules that never fired, for people; --json has all */

#define LINE_BYTES_FIRST  1024
#define JUNIT_BYTES_FIRST 16384

/* One pack's part of the whole. */
struct tested {
    const char *path;
    const char *broken; /* why it is no pack to be tested; NULL: report is filled */
    struct pack_report report;
};

struct testing {
    bool json;
    struct arena arena;
    struct snapshot_sources sources;
    struct goods *goods;
    struct tested *packs;
    size_t pack_count;
    size_t tests, failed, broken;
};

/* -- coverage -- */

static size_t
rules_fired(const struct pack_report *report)
{
    size_t count = 0;

    for (size_t i = 0; i < report->pack->rule_count; i++)
        count += report->fired[i] > 0;
    return count;
}

static void
coverage_print(const struct pack_report *report)
{
    const char *separator = "; never: ";
    size_t fired = rules_fired(report), named = 0;

    printf("  %zu of %zu rules fired", fired, report->pack->rule_count);
    for (size_t i = 0; i < report->pack->rule_count && named < NAMED_MAX; i++)
        if (report->fired[i] == 0) {
            printf("%s%s", separator, report->pack->rules[i].id);
            separator = ", ";
            named++;
        }
    if (report->pack->rule_count - fired > named)
        printf(" and %zu more", report->pack->rule_count - fired - named);
    fputc('\n', stdout);
}

/* -- for people -- */

static void
pack_print(const struct tested *tested)
{
    const struct pack_report *report = &tested->report;

    if (tested->broken) {
        print_text(stdout, tested->broken);
        fputc('\n', stdout);
        return;
    }
    printf("%s: ", report->pack->label);
    print_text(stdout, report->pack->title);
    fputc('\n', stdout);
    for (size_t i = 0; i < report->result_count; i++) {
        const struct pack_result *result = &report->results[i];

        printf("  %-6s  ", result->failure ? "FAILED" : "ok");
        print_text(stdout, result->test->title);
        fputc('\n', stdout);
        if (!result->failure)
            continue;
        printf("          %s:%u: ", report->pack->path, result->test->line);
        print_text(stdout, result->failure);
        fputc('\n', stdout);
    }
    coverage_print(report);
    printf("  %zu of %zu tests passed\n", report->result_count - report->failed,
           report->result_count);
}

static void
summary_print(const struct testing *testing)
{
    if (testing->pack_count == 1)
        return;
    printf("\n%zu packs: %zu of %zu tests passed", testing->pack_count,
           testing->tests - testing->failed, testing->tests);
    if (testing->broken)
        printf(", %zu could not be read", testing->broken);
    fputc('\n', stdout);
}

/* -- for programs -- */

static void
rules_json(struct buffer *line, const char *const *ids, size_t count)
{
    json_key(line, "rules");
    json_open(line, '[');
    for (size_t i = 0; i < count; i++)
        json_string(line, ids[i]);
    json_close(line, ']');
}

static void
result_json(struct buffer *line, const struct pack *pack, const struct pack_result *result)
{
    const struct pack_test *test = result->test;

    json_open(line, '{');
    json_member(line, "pack", pack->label);
    json_member(line, "test", test->title);
    json_key(line, "line");
    json_int(line, test->line);
    json_key(line, "passed");
    json_bool(line, !result->failure);
    json_key(line, "expected");
    json_open(line, '{');
    json_member(line, "action", pack_action_name(test->action));
    if (test->rules_given)
        rules_json(line, test->rules, test->rule_count);
    json_close(line, '}');
    json_key(line, "got");
    json_open(line, '{');
    json_member(line, "action", pack_action_name(result->action));
    rules_json(line, result->rules, result->rule_count);
    json_close(line, '}');
    if (result->failure)
        json_member(line, "failure", result->failure);
    json_close(line, '}');
    buffer_text(line, "\n");
    line->comma = false;
}

static void
coverage_json(struct buffer *line, const struct pack_report *report)
{
    json_open(line, '{');
    json_member(line, "pack", report->pack->label);
    json_key(line, "tests");
    json_int(line, (int64_t)report->result_count);
    json_key(line, "failed");
    json_int(line, (int64_t)report->failed);
    json_key(line, "rules");
    json_int(line, (int64_t)report->pack->rule_count);
    json_key(line, "fired");
    json_int(line, (int64_t)rules_fired(report));
    json_key(line, "never");
    json_open(line, '[');
    for (size_t i = 0; i < report->pack->rule_count; i++)
        if (report->fired[i] == 0)
            json_string(line, report->pack->rules[i].id);
    json_close(line, ']');
    json_close(line, '}');
    buffer_text(line, "\n");
    line->comma = false;
}

static void
pack_json(struct arena *arena, const struct tested *tested)
{
    const struct pack_report *report = &tested->report;
    struct buffer out;

    buffer_init(&out, arena, LINE_BYTES_FIRST);
    if (tested->broken) {
        json_open(&out, '{');
        json_member(&out, "pack", tested->path);
        json_member(&out, "error", tested->broken);
        json_close(&out, '}');
        buffer_text(&out, "\n");
    } else {
        for (size_t i = 0; i < report->result_count; i++)
            result_json(&out, report->pack, &report->results[i]);
        coverage_json(&out, report);
    }
    fwrite(out.data, 1, out.len, stdout);
}

/* -- for build servers -- */

static struct junit_suite
suite_of(struct arena *arena, const struct tested *tested)
{
    const struct pack_report *report = &tested->report;
    size_t count = tested->broken ? 1 : report->result_count;
    struct junit_case *cases = arena_zalloc(arena, (count + 1) * sizeof(*cases));

    if (tested->broken)
        cases[0] = (struct junit_case){"the pack is read", JUNIT_BROKEN, tested->broken};
    for (size_t i = 0; i < report->result_count; i++)
        cases[i] = (struct junit_case){report->results[i].test->title,
                                       report->results[i].failure ? JUNIT_FAILED : JUNIT_PASSED,
                                       report->results[i].failure};
    return (struct junit_suite){tested->broken ? tested->path : report->pack->label, cases,
                                count};
}

static int
junit_save(struct testing *testing, const char *path, struct error *err)
{
    struct junit_suite *suites =
        arena_alloc(&testing->arena, testing->pack_count * sizeof(*suites));
    FILE *file = fopen(path, "w");
    struct buffer out;
    bool saved;

    if (!file)
        return error_set(err, ERROR_INVALID, "--junit %s: %s", path, strerror(errno));
    for (size_t i = 0; i < testing->pack_count; i++)
        suites[i] = suite_of(&testing->arena, &testing->packs[i]);
    buffer_init(&out, &testing->arena, JUNIT_BYTES_FIRST);
    junit_write(&out, suites, testing->pack_count);
    saved = fwrite(out.data, 1, out.len, file) == out.len;
    if (fclose(file) != 0 || !saved)
        return error_set(err, ERROR_INVALID, "--junit %s: %s", path, strerror(errno));
    return 0;
}

/* -- running -- */

static int
pack_run(struct testing *testing, const char *argument, struct tested *tested,
         struct error *err)
{
    struct error why = {0};
    struct host_pack file;

    if (policy_pack_find(&testing->arena, argument, &file, err) != 0)
        return -1;
    tested->path = file.path;
    if (pack_test_run(&testing->sources, testing->goods, &file, &testing->arena,
                      &tested->report, &why) != 0) {
        tested->report = (struct pack_report){0};
        tested->broken = arena_printf(&testing->arena, "%s", why.text);
    }
    testing->tests += tested->report.result_count;
    testing->failed += tested->report.failed;
    testing->broken += tested->broken != NULL;
    return 0;
}

static int
packs_run(struct testing *testing, const struct options *options, struct error *err)
{
    testing->pack_count = options->argument_count;
    testing->packs =
        arena_zalloc(&testing->arena, testing->pack_count * sizeof(*testing->packs));
    if (policy_sources(&testing->arena, &testing->sources, err) != 0 ||
        goods_load(testing->sources.goods_path, &testing->arena, &testing->goods, err) != 0)
        return -1;
    for (size_t i = 0; i < testing->pack_count; i++) {
        if (pack_run(testing, options->arguments[i], &testing->packs[i], err) != 0)
            return -1;
        if (testing->json)
            pack_json(&testing->arena, &testing->packs[i]);
        else
            pack_print(&testing->packs[i]);
    }
    return 0;
}

int
policy_test(const struct options *options)
{
    struct testing testing = {.json = options->values[OPTION_JSON] != NULL};
    const char *junit = options->values[OPTION_JUNIT];
    struct error err = {0};
    int status = STATUS_USAGE;

    if (packs_run(&testing, options, &err) != 0 ||
        (junit && junit_save(&testing, junit, &err) != 0)) {
        command_complain(status, &err);
        goto out;
    }
    if (!testing.json)
        summary_print(&testing);
    status = testing.failed + testing.broken > 0 ? STATUS_UNEXPECTED : STATUS_DONE;
out:
    arena_release(&testing.arena);
    return status;
}
