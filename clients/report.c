/* report.c - the two forms of a replay's report. */
#include "clients/report.h"

#include <stdio.h>
#include <string.h>

#include "clients/answer.h"
#include "clients/print.h"
#include "gateway/base/buffer.h"

#define TITLE_COLUMN_MAX 60
#define LINE_BYTES_FIRST 1024
#define INDENT           "             "

/* Characters, not bytes. */
static int
text_width(const char *text)
{
    int width = 0;

    for (; *text; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

static void
print_column(const char *text, int width)
{
    int left = width - text_width(text);

    print_text(stdout, text);
    printf("%*s", left > 0 ? left + 2 : 2, "");
}

/* Wide enough for the longest title that is not absurd. */
static int
title_column(const struct scenario *scenario)
{
    int column = 0;

    for (size_t i = 0; i < scenario->step_count; i++) {
        int width = text_width(scenario->steps[i].title);

        if (width > column && width <= TITLE_COLUMN_MAX)
            column = width;
    }
    return column;
}

void
report_begin(struct report *report, const struct scenario *scenario)
{
    if (report->json)
        return;
    report->title_column = title_column(scenario);
    print_text(stdout, scenario->name);
    if (scenario->title[0]) {
        fputs(": ", stdout);
        print_text(stdout, scenario->title);
    }
    fputs("\nclock ", stdout);
    print_text(stdout, scenario->clock);
    printf(", seed %lld, book ", (long long)scenario->seed);
    print_text(stdout, scenario->book[0] ? scenario->book : "as shipped");
    fputs("\n\n", stdout);
}

/* Of the payment; an answer about a case has it inside. */
static const char *
payment_text(const cJSON *answer, const char *path)
{
    const char *text = answer_text(answer, path);

    return text[0] ? text : answer_text(answer_at(answer, "payment"), path);
}

static void
print_code_and_rules(const cJSON *answer)
{
    const char *code = answer_text(answer, "decision/reason/code");
    const cJSON *rule;

    if (code[0]) {
        fputs("  ", stdout);
        print_text(stdout, code);
    }
    cJSON_ArrayForEach(rule, answer_at(answer, "decision/rules"))
    {
        fputs("  ", stdout);
        print_text(stdout, answer_text(rule, "id"));
    }
}

static void
print_mismatches(const struct step_result *result)
{
    for (size_t i = 0; i < result->mismatch_count; i++) {
        printf(INDENT "%s: expected ", result->mismatches[i].member);
        print_text(stdout, result->mismatches[i].expected);
        fputs(", found ", stdout);
        print_text(stdout, result->mismatches[i].found);
        fputc('\n', stdout);
    }
}

static bool
moves_clock(const struct scenario_step *step)
{
    return step->kind == STEP_ADVANCE || step->kind == STEP_TO;
}

/* How much came about by a move of the clock, where anything did. */
static void
print_fired(const struct report *report, const struct scenario_step *step, const cJSON *answer)
{
    double events = answer_number(answer, "events");

    if (events == 0)
        return;
    printf("%*s", report->title_column - text_width(step->title) + 2, "");
    print_count(stdout, events, "event");
}

static void
step_table(const struct report *report, size_t index, const struct scenario_step *step,
           const struct step_result *result)
{
    printf("%3zu  %-6s  ", index + 1, result->passed ? "ok" : "FAILED");
    if (!result->answer || (result->http_status >= 400 && !result->passed)) {
        print_text(stdout, step->title);
    } else if (result->http_status >= 400) { /* as expected */
        print_column(step->title, report->title_column);
        printf("%d  ", result->http_status);
        print_text(stdout, answer_text(result->answer, "detail"));
    } else if (moves_clock(step)) {
        print_text(stdout, step->title);
        print_fired(report, step, result->answer);
    } else {
        print_column(step->title, report->title_column);
        print_column(payment_text(result->answer, "outcome"), 8);
        print_text(stdout, payment_text(result->answer, "state"));
        print_code_and_rules(result->answer);
    }
    fputc('\n', stdout);
    print_mismatches(result);
    if (result->trouble)
        printf(INDENT "%s\n", result->trouble);
    if (result->http_status >= 400 && !result->passed)
        print_problem(stdout, INDENT, result->http_status, result->answer);
}

/* A text of the answer, or null where it has none. */
static void
json_answer(struct buffer *line, const char *key, const cJSON *answer, const char *path)
{
    const char *text = payment_text(answer, path);

    json_key(line, key);
    if (text[0])
        json_string(line, text);
    else
        json_null(line);
}

static void
json_names(struct buffer *line, const char *key, const cJSON *items, const char *member)
{
    const cJSON *item;

    json_key(line, key);
    json_open(line, '[');
    cJSON_ArrayForEach(item, items)
    {
        json_string(line, answer_text(item, member));
    }
    json_close(line, ']');
}

static void
json_mismatches(struct buffer *line, const struct step_result *result)
{
    json_key(line, "mismatches");
    json_open(line, '[');
    for (size_t i = 0; i < result->mismatch_count; i++) {
        json_open(line, '{');
        json_member(line, "member", result->mismatches[i].member);
        json_member(line, "expected", result->mismatches[i].expected);
        json_member(line, "found", result->mismatches[i].found);
        json_close(line, '}');
    }
    json_close(line, ']');
}

static void
json_problem(struct buffer *line, const cJSON *problem)
{
    char *printed = cJSON_PrintUnformatted(problem);

    json_key(line, "problem");
    json_raw(line, printed, strlen(printed));
    cJSON_free(printed);
}

static void
step_json(struct arena *arena, size_t index, const struct scenario_step *step,
          const struct step_result *result)
{
    const cJSON *answer = result->http_status < 400 ? result->answer : NULL;
    struct buffer line;

    buffer_init(&line, arena, LINE_BYTES_FIRST);
    json_open(&line, '{');
    json_key(&line, "step");
    json_int(&line, (int64_t)index + 1);
    json_member(&line, "kind", step_kind_name(step->kind));
    json_member(&line, "title", step->title);
    json_key(&line, "passed");
    json_bool(&line, result->passed);
    json_key(&line, "status");
    json_int(&line, result->http_status);
    if (moves_clock(step)) {
        json_key(&line, "events");
        json_int(&line, (int64_t)answer_number(answer, "events"));
    } else {
        json_answer(&line, "id", answer, "id");
        json_answer(&line, "outcome", answer, "outcome");
        json_answer(&line, "state", answer, "state");
        json_answer(&line, "action", answer, "decision/action");
        json_answer(&line, "reason_code", answer, "decision/reason/code");
        json_answer(&line, "disclosed_reason_code", answer, "iso20022/reason_code");
        json_answer(&line, "transaction_status", answer, "iso20022/transaction_status");
        json_names(&line, "rules", answer_at(answer, "decision/rules"), "id");
        json_names(&line, "kits", answer_at(answer, "decision/kits"), "kit");
    }
    json_mismatches(&line, result);
    if (result->trouble)
        json_member(&line, "trouble", result->trouble);
    if (result->http_status >= 400 && result->answer)
        json_problem(&line, result->answer);
    json_close(&line, '}');
    puts(buffer_terminate(&line));
}

void
report_step(struct report *report, size_t index, const struct scenario_step *step,
            const struct step_result *result)
{
    *(result->passed ? &report->passed : &report->failed) += 1;
    if (report->json)
        step_json(report->arena, index, step, result);
    else
        step_table(report, index, step, result);
}

void
report_end(const struct report *report, const struct scenario *scenario)
{
    struct buffer line;

    if (!report->json) {
        printf("\n%zu of %zu steps as expected\n", report->passed, scenario->step_count);
        return;
    }
    buffer_init(&line, report->arena, LINE_BYTES_FIRST);
    json_open(&line, '{');
    json_member(&line, "scenario", scenario->name);
    json_key(&line, "steps");
    json_int(&line, (int64_t)scenario->step_count);
    json_key(&line, "passed");
    json_int(&line, (int64_t)report->passed);
    json_key(&line, "failed");
    json_int(&line, (int64_t)report->failed);
    json_close(&line, '}');
    puts(buffer_terminate(&line));
}
