/* rollout_print.c - see rollout_print.h. */
#include "clients/rollout_print.h"

#include <string.h>

#include "clients/answer.h"
#include "clients/print.h"

/* -- names -- */

static void
print_standing(FILE *out, const cJSON *name, int width)
{
    const char *in_force = answer_text(name, "in_force/digest");

    print_padded(out, answer_text(name, "name"), width);
    print_digest(out, "  in force ", in_force);
    print_part(out, ", from ", answer_text(name, "in_force/from"));
    if (in_force[0] == '\0') {
        fputs("  not in force", out);
        print_digest(out, ", but activated ", answer_text(name, "activated"));
    }
    print_digest(out, "  candidate ", answer_text(name, "candidate/digest"));
    print_part(out, " ", answer_text(name, "candidate/state"));
    print_digest(out, "  shadow ", answer_text(name, "shadow"));
    fputc('\n', out);
}

void
rollout_print_name(FILE *out, const cJSON *name)
{
    print_standing(out, name, 0);
}

void
rollout_print_names(FILE *out, const cJSON *page)
{
    const cJSON *name;
    int width = 0;

    cJSON_ArrayForEach(name, answer_at(page, "data"))
    {
        int len = (int)strlen(answer_text(name, "name"));

        width = len > width ? len : width;
    }
    cJSON_ArrayForEach(name, answer_at(page, "data"))
    {
        print_standing(out, name, width);
    }
    print_more(out, page);
}

/* -- checks -- */

void
rollout_print_findings(FILE *out, const cJSON *check)
{
    const cJSON *finding;

    cJSON_ArrayForEach(finding, answer_at(check, "findings"))
    {
        print_text(out, answer_text(finding, "file"));
        if (answer_number(finding, "line") > 0)
            fprintf(out, ":%.0f:%.0f", answer_number(finding, "line"),
                    answer_number(finding, "column"));
        print_part(out, ": ", answer_text(finding, "severity"));
        print_part(out, ": ", answer_text(finding, "rule"));
        print_part(out, ": ", answer_text(finding, "sentence"));
        fputc('\n', out);
    }
}

void
rollout_print_check(FILE *out, const cJSON *check)
{
    rollout_print_findings(out, check);
    print_text(out, answer_text(check, "name"));
    print_digest(out, " ", answer_text(check, "digest"));
    print_part(out, " ", answer_text(check, "state"));
    fputc('\n', out);
}

/* How much of "mine.json:3:7: why", or of "mine.json: why", is the place. */
static size_t
place_length(const char *detail)
{
    const char *colon = strchr(detail, ':');
    unsigned line, column;
    int used = 0;

    if (!colon)
        return 0;
    if (sscanf(colon, ":%u:%u:%n", &line, &column, &used) != 2 || used == 0)
        used = 1;
    return (size_t)(colon - detail) + (size_t)used;
}

bool
rollout_print_refusal(FILE *out, const cJSON *problem)
{
    const cJSON *errors = answer_at(problem, "errors"), *error;

    cJSON_ArrayForEach(error, errors)
    {
        if (answer_text(error, "pointer")[0] != '\0')
            return false;
    }
    if (cJSON_GetArraySize(errors) == 0)
        return false;
    cJSON_ArrayForEach(error, errors)
    {
        const char *detail = answer_text(error, "detail");
        size_t len = place_length(detail);

        print_text_n(out, detail, len);
        fputs(" error:", out);
        print_text(out, detail + len);
        fputc('\n', out);
    }
    fputs("refused\n", out);
    return true;
}

/* -- shadows -- */

static void
print_moves(FILE *out, const cJSON *moves)
{
    const cJSON *move;

    cJSON_ArrayForEach(move, moves)
    {
        fprintf(out, "%6.0f  ", answer_number(move, "count"));
        print_text(out, answer_text(move, "active"));
        print_part(out, " -> ", answer_text(move, "candidate"));
        fputc('\n', out);
    }
}

/* A side that no rule made strict, and what the gateway counts together, have no id. */
static void
print_rules(FILE *out, const cJSON *rules)
{
    const cJSON *rule;

    cJSON_ArrayForEach(rule, rules)
    {
        const char *id = answer_text(rule, "id");

        fprintf(out, "%6.0f  ", answer_number(rule, "count"));
        print_text(out, answer_text(rule, "of"));
        print_part(out, " ", id[0] ? id : "by no rule");
        print_part(out, " of ", answer_text(rule, "pack"));
        fputc('\n', out);
    }
}

static void
print_side(FILE *out, const char *label, const cJSON *side)
{
    const char *rule = answer_text(side, "rule"), *pack = answer_text(side, "pack");

    fprintf(out, "  %-11s", label);
    print_text(out, answer_text(side, "action"));
    print_part(out, "  ", answer_text(side, "reason/code"));
    print_part(out, " ", answer_text(side, "reason/text"));
    print_part(out, "  told ", answer_text(side, "disclosed_code"));
    print_part(out, "  by ", rule[0] ? rule : pack);
    print_part(out, " of ", rule[0] ? pack : "");
    if (cJSON_IsTrue(answer_at(side, "failed")))
        fputs("  could not answer", out);
    fputc('\n', out);
}

static void
print_disagreement(FILE *out, const cJSON *found)
{
    static const char *const parts[] = {"traffic", "uetr", "bank", "amount/currency"};

    fputc('\n', out);
    print_text(out, answer_text(found, "at"));
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        print_part(out, "  ", answer_text(found, parts[i]));
    print_part(out, " ", answer_text(found, "amount/value"));
    fputc('\n', out);
    print_side(out, "active", answer_at(found, "active"));
    print_side(out, "candidate", answer_at(found, "candidate"));
}

void
rollout_print_comparison(FILE *out, const cJSON *comparison)
{
    const cJSON *found;

    print_text(out, answer_text(comparison, "name"));
    print_digest(out, " ", answer_text(comparison, "digest"));
    print_part(out, " in shadow since ", answer_text(comparison, "since"));
    fputc('\n', out);
    print_count(out, answer_number(comparison, "judged/payments"), "payment");
    fputs(" and ", out);
    print_count(out, answer_number(comparison, "judged/evaluations"), "evaluation");
    fputs(" judged twice, ", out);
    print_count(out, answer_number(comparison, "disagreements"), "disagreement");
    fputc('\n', out);
    print_moves(out, answer_at(comparison, "moves"));
    print_rules(out, answer_at(comparison, "rules"));
    cJSON_ArrayForEach(found, answer_at(comparison, "data"))
    {
        print_disagreement(out, found);
    }
    print_more(out, comparison);
}

/* -- the past -- */

void
rollout_print_history(FILE *out, const cJSON *page)
{
    const cJSON *event;

    cJSON_ArrayForEach(event, answer_at(page, "data"))
    {
        print_text(out, answer_text(event, "at"));
        print_part(out, "  ", answer_text(event, "what"));
        print_part(out, " ", answer_text(event, "result"));
        print_part(out, "\n  version   ", answer_text(event, "digest"));
        print_part(out, "\n  snapshot  ", answer_text(event, "snapshot"));
        print_part(out, "\n  note      ", answer_text(event, "note"));
        fputc('\n', out);
    }
    print_more(out, page);
}

void
rollout_print_snapshot(FILE *out, const cJSON *snapshot)
{
    const cJSON *text;

    print_text(out, answer_text(snapshot, "snapshot"));
    fputs(cJSON_IsTrue(answer_at(snapshot, "in_force")) ? "  in force\n" : "  of the past\n",
          out);
    print_part(out, "  first ", answer_text(snapshot, "first_at"));
    print_part(out, "  last ", answer_text(snapshot, "last_at"));
    fputc('\n', out);
    cJSON_ArrayForEach(text, answer_at(snapshot, "texts"))
    {
        print_digest(out, "  ", answer_text(text, "digest"));
        print_part(out, "  ", answer_text(text, "kind"));
        print_part(out, "/", answer_text(text, "name"));
        fputs(cJSON_IsTrue(answer_at(text, "kept")) ? "\n" : "  (text not kept)\n", out);
    }
}
