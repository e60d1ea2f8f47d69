/*
 * policy_diff.c - what another pack would have done: a scenario judged by two.
 *
 * Each payment of the scenario is judged by each pack alone, at the time that the
 * scenario's clock shows there, under its seed, at the bank that its book names.
 * No gateway runs and nothing is stored; expectations are not looked at.
 */
#include <stdlib.h>
#include <string.h>

#include "clients/input.h"
#include "clients/judge.h"
#include "clients/place.h"
#include "clients/policy.h"
#include "clients/policy_pack.h"
#include "clients/print.h"
#include "clients/scenario.h"
#include "gateway/base/buffer.h"
#include "gateway/base/time.h"
#include "gateway/payment/life.h"
#include "policy/book.h"
#include "policy/rules/pack.h"

#define BOOK_DEFAULT     "china-2024"
#define ACTION_COUNT     (POLICY_FREEZE + 1)
#define LINE_BYTES_FIRST 1024
#define DIFF_PACKS       2

struct diff {
    bool json;
    struct arena arena; /* lives as long as the command */
    struct arena step;  /* emptied after each payment */
    struct scenario scenario;
    struct document book_document;
    struct book book;
    struct clock clock;
    struct judge judges[DIFF_PACKS];
    size_t payments, changed, skipped;
    size_t moves[ACTION_COUNT][ACTION_COUNT];
};

/* -- reading -- */

static int
judges_open(struct diff *diff, const struct options *options, struct error *err)
{
    struct snapshot_sources sources;
    struct goods *goods;

    if (policy_sources(&diff->arena, &sources, err) != 0 ||
        goods_load(sources.goods_path, &diff->arena, &goods, err) != 0)
        return -1;
    for (size_t i = 0; i < DIFF_PACKS; i++) {
        struct host_pack pack;

        if (policy_pack_find(&diff->arena, options->arguments[i], &pack, err) != 0 ||
            judge_open(&diff->judges[i], &diff->arena, &sources, &pack, goods, err) != 0)
            return -1;
    }
    return 0;
}

static int
scenario_open(struct diff *diff, const char *file, struct error *err)
{
    const char *path, *book, *program = place_of_program(&diff->arena);
    char *text;
    size_t len;

    if (input_read(&diff->arena, file, &text, &len, err) != 0 ||
        scenario_read(&diff->arena, file, text, len, &diff->scenario, err) != 0)
        return -1;
    book = diff->scenario.book[0] ? diff->scenario.book : BOOK_DEFAULT;
    if (place_of_book(&diff->arena, book, file, program, &path, err) != 0 ||
        document_read(&diff->arena, path, &diff->book_document, err) != 0 ||
        book_read(&diff->book_document, &diff->arena, &diff->book, err) != 0)
        return -1;
    return clock_init(&diff->clock, diff->scenario.clock, err);
}

/* -- judging -- */

/* The bank's time for a payment; a clock that runs is taken where it starts. */
static int
time_of(struct diff *diff, const struct policy_payment *payment, int64_t *now_ms,
        struct error *err)
{
    if (diff->clock.kind == CLOCK_FROM) {
        *now_ms = diff->clock.start_ms;
        return 0;
    }
    if (clock_of_payment(&diff->clock, payment->created_at_ms, now_ms, err) != 0)
        return -1;
    clock_reach(&diff->clock, *now_ms);
    return 0;
}

/* As the book has it; one that is not in the book has no class. */
static struct policy_bank
bank_of(const struct diff *diff, const struct policy_payment *payment)
{
    const char *bic = payment->creditor_agent->bic;
    const struct book_bank *known = book_bank(&diff->book, bic);

    if (known)
        return known->bank;
    return (struct policy_bank){
        .size = sizeof(struct policy_bank), .bic = bic, .name = "", .bank_class = ""};
}

/* Both packs' decisions; -1 where a gateway would not have taken the payment. */
static int
payment_judge(struct diff *diff, size_t index, const struct policy_payment **payment,
              struct decision decisions[DIFF_PACKS], struct error *err)
{
    const struct scenario_step *step = &diff->scenario.steps[index];
    const char *name = arena_printf(&diff->step, "step %zu", index + 1);
    struct circumstances circumstances = {.seed = (uint64_t)diff->scenario.seed};

    if (policy_payment_read(&diff->step, name, step->body, step->body_len, payment, err) != 0 ||
        time_of(diff, *payment, &circumstances.now_ms, err) != 0)
        return -1;
    circumstances.bank = bank_of(diff, *payment);
    for (size_t i = 0; i < DIFF_PACKS; i++)
        judge_payment(&diff->judges[i], *payment, &circumstances, &diff->step, &decisions[i]);
    return 0;
}

/* -- telling, for people -- */

static void
rules_print(const struct decision *decision)
{
    for (const struct fired_rule *rule = decision->rules; rule; rule = rule->next) {
        fputc(' ', stdout);
        print_text(stdout, rule->id);
    }
}

static void
change_print(const struct diff *diff, size_t index, const struct decision *decisions)
{
    printf("%3zu  ", index + 1);
    print_text(stdout, diff->scenario.steps[index].title);
    fputc('\n', stdout);
    for (size_t i = 0; i < DIFF_PACKS; i++) {
        printf("     %c  %s", (int)('A' + i), pack_action_name(decisions[i].action));
        rules_print(&decisions[i]);
        fputc('\n', stdout);
        for (const struct policy_failure *failure = decisions[i].failures; failure;
             failure = failure->next) {
            fputs("        ", stdout);
            print_text(stdout, failure->why);
            fputc('\n', stdout);
        }
    }
}

static void
begin_print(const struct diff *diff)
{
    print_text(stdout, diff->scenario.name);
    for (size_t i = 0; i < DIFF_PACKS; i++)
        printf("%s%s", i == 0 ? ": A " : ", B ", diff->judges[i].policy.label);
    fputs("\n\n", stdout);
}

static void
end_print(const struct diff *diff)
{
    printf("%s%zu of %zu payments judged otherwise\n", diff->changed ? "\n" : "", diff->changed,
           diff->payments);
    for (int from = 0; from < ACTION_COUNT; from++)
        for (int to = 0; to < ACTION_COUNT; to++)
            if (diff->moves[from][to])
                printf("%6zu  %s -> %s\n", diff->moves[from][to],
                       pack_action_name((enum policy_action)from),
                       pack_action_name((enum policy_action)to));
    if (diff->skipped)
        printf("%zu left out: no payment that a gateway takes\n", diff->skipped);
}

/* -- telling, for programs -- */

static void
decision_json(struct buffer *line, const char *key, const struct decision *decision)
{
    json_key(line, key);
    json_open(line, '{');
    json_member(line, "action", pack_action_name(decision->action));
    json_key(line, "outcome");
    if (decision->action == POLICY_ABSTAIN)
        json_null(line);
    else
        json_string(line,
                    payment_outcome_name(payment_outcome(action_state(decision->action))));
    json_key(line, "rules");
    json_open(line, '[');
    for (const struct fired_rule *rule = decision->rules; rule; rule = rule->next)
        json_string(line, rule->id);
    json_close(line, ']');
    json_key(line, "failures");
    json_open(line, '[');
    for (const struct policy_failure *failure = decision->failures; failure;
         failure = failure->next)
        json_string(line, failure->why);
    json_close(line, ']');
    json_close(line, '}');
}

static void
change_json(struct diff *diff, size_t index, const struct policy_payment *payment,
            const struct decision *decisions)
{
    struct buffer line;

    buffer_init(&line, &diff->step, LINE_BYTES_FIRST);
    json_open(&line, '{');
    json_key(&line, "step");
    json_int(&line, (int64_t)index + 1);
    json_member(&line, "title", diff->scenario.steps[index].title);
    json_member(&line, "uetr", payment->uetr);
    decision_json(&line, "a", &decisions[0]);
    decision_json(&line, "b", &decisions[1]);
    json_close(&line, '}');
    puts(buffer_terminate(&line));
}

static void
end_json(struct diff *diff)
{
    struct buffer line;

    buffer_init(&line, &diff->arena, LINE_BYTES_FIRST);
    json_open(&line, '{');
    json_member(&line, "scenario", diff->scenario.name);
    json_member(&line, "a", diff->judges[0].policy.label);
    json_member(&line, "b", diff->judges[1].policy.label);
    json_key(&line, "payments");
    json_int(&line, (int64_t)diff->payments);
    json_key(&line, "changed");
    json_int(&line, (int64_t)diff->changed);
    json_key(&line, "skipped");
    json_int(&line, (int64_t)diff->skipped);
    json_close(&line, '}');
    puts(buffer_terminate(&line));
}

/* -- the steps -- */

static void
step_pay(struct diff *diff, size_t index)
{
    const struct policy_payment *payment;
    struct decision decisions[DIFF_PACKS];
    struct error err = {0};

    if (payment_judge(diff, index, &payment, decisions, &err) != 0) {
        diff->skipped++;
        return;
    }
    diff->payments++;
    if (decisions[0].action == decisions[1].action)
        return;
    diff->changed++;
    diff->moves[decisions[0].action][decisions[1].action]++;
    if (diff->json)
        change_json(diff, index, payment, decisions);
    else
        change_print(diff, index, decisions);
}

static int
step_advance(struct diff *diff, const struct scenario_step *step, struct error *err)
{
    int64_t ms;

    if (!duration_parse(step->duration, &ms)) /* the scenario was read: it is one */
        abort();
    return clock_advance(&diff->clock, ms, err);
}

static int
diff_run(struct diff *diff, struct error *err)
{
    for (size_t i = 0; i < diff->scenario.step_count; i++) {
        const struct scenario_step *step = &diff->scenario.steps[i];

        if (step->kind == STEP_PAY)
            step_pay(diff, i);
        else if (step->kind == STEP_ADVANCE && step_advance(diff, step, err) != 0)
            return -1;
        arena_reset(&diff->step);
    }
    return 0;
}

int
policy_diff(const struct options *options)
{
    const char *file = options->values[OPTION_SCENARIO];
    struct diff diff = {.json = options->values[OPTION_JSON] != NULL};
    struct error err = {0};
    int status = STATUS_USAGE;

    if (!file)
        error_set(&err, ERROR_INVALID, "policy diff needs --scenario FILE");
    if (!file || judges_open(&diff, options, &err) != 0 ||
        scenario_open(&diff, file, &err) != 0)
        goto out;
    if (!diff.json)
        begin_print(&diff);
    if (diff_run(&diff, &err) != 0)
        goto out;
    diff.json ? end_json(&diff) : end_print(&diff);
    status = diff.changed ? STATUS_UNEXPECTED : STATUS_DONE;
out:
    if (err.code != ERROR_NONE)
        command_complain(status, &err);
    for (size_t i = 0; i < DIFF_PACKS; i++)
        judge_close(&diff.judges[i]);
    arena_release(&diff.step);
    arena_release(&diff.arena);
    return status;
}
