/*
 * policy_diff.c - what another pack or book would have done: a scenario judged by two.
 *
 * Each payment of the scenario is judged by each of the pair, at the time that the
 * scenario's clock shows there and under its seed.  No gateway runs and nothing is
 * stored; expectations, and what a payment asks to be simulated, are not looked at.
 * The payments of a store are policy_diff_store.c's.
 */
#include <stdlib.h>
#include <string.h>

#include "clients/changes.h"
#include "clients/input.h"
#include "clients/policy.h"
#include "clients/policy_pack.h"
#include "clients/print.h"
#include "clients/scenario.h"
#include "gateway/base/buffer.h"
#include "gateway/base/time.h"
#include "policy/rules/pack.h"

#define ACTION_COUNT     (POLICY_FREEZE + 1)
#define LINE_BYTES_FIRST 1024
#define CHANGE_INDENT    5

struct diff {
    bool json;
    struct arena arena; /* lives as long as the command */
    struct arena step;  /* emptied after each payment */
    struct scenario scenario;
    struct pair pair;
    struct clock clock;
    struct changes changes;
    size_t skipped;
};

/* -- reading -- */

static int
scenario_open(struct diff *diff, const struct options *options, struct error *err)
{
    const char *file = options->values[OPTION_SCENARIO];
    char *text;
    size_t len;

    if (input_read(&diff->arena, file, &text, &len, err) != 0 ||
        scenario_read(&diff->arena, file, text, len, &diff->scenario, err) != 0 ||
        pair_take_banks(&diff->pair, &diff->arena, options, diff->scenario.book, err) != 0)
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

/* Both decisions; -1 where a gateway would not have taken the payment. */
static int
payment_judge(struct diff *diff, size_t index, const struct policy_payment **payment,
              struct decision decisions[PAIR_COUNT], struct error *err)
{
    const struct scenario_step *step = &diff->scenario.steps[index];
    const char *name = arena_printf(&diff->step, "step %zu", index + 1);
    int64_t now_ms;

    if (policy_payment_read(&diff->step, name, step->body, step->body_len, payment, err) != 0 ||
        time_of(diff, *payment, &now_ms, err) != 0)
        return -1;
    pair_judge(&diff->pair, *payment, now_ms, (uint64_t)diff->scenario.seed, &diff->step,
               decisions);
    return 0;
}

/* -- telling, for people -- */

static void
change_print(const struct diff *diff, size_t index, const struct decision *decisions)
{
    printf("%3zu  ", index + 1);
    print_text(stdout, diff->scenario.steps[index].title);
    fputc('\n', stdout);
    pair_print(&diff->pair, stdout, CHANGE_INDENT, decisions);
}

static void
begin_print(const struct diff *diff)
{
    print_text(stdout, diff->scenario.name);
    printf(": A %s, B %s\n\n", pair_label(&diff->pair, PAIR_A),
           pair_label(&diff->pair, PAIR_B));
}

/* The moves alone, in the order of the actions. */
static void
moves_print(const struct diff *diff)
{
    for (int from = 0; from < ACTION_COUNT; from++)
        for (int to = 0; to < ACTION_COUNT; to++)
            for (const struct change_row *row = diff->changes.moves; row; row = row->next)
                if (row->from == from && row->to == to)
                    printf("%6zu  %s -> %s\n", row->count,
                           pack_action_name((enum policy_action)from),
                           pack_action_name((enum policy_action)to));
}

static void
end_print(struct diff *diff)
{
    const struct changes *changes = &diff->changes;

    printf("%s%zu of %zu payments judged otherwise\n", changes->changed ? "\n" : "",
           changes->changed, changes->payments);
    if (pair_is_of_books(&diff->pair))
        changes_print(stdout, &diff->arena, changes);
    else
        moves_print(diff);
    if (diff->skipped)
        printf("%zu left out: no payment that a gateway takes\n", diff->skipped);
}

/* -- telling, for programs -- */

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
    pair_json(&diff->pair, &line, decisions);
    json_close(&line, '}');
    puts(buffer_terminate(&line));
}

static void
counts_json(struct buffer *line, const struct changes *changes)
{
    json_key(line, "payments");
    json_int(line, (int64_t)changes->payments);
    json_key(line, "changed");
    json_int(line, (int64_t)changes->changed);
}

static void
end_json(struct diff *diff)
{
    struct buffer line;

    buffer_init(&line, &diff->arena, LINE_BYTES_FIRST);
    json_open(&line, '{');
    json_member(&line, "scenario", diff->scenario.name);
    json_member(&line, "a", pair_label(&diff->pair, PAIR_A));
    json_member(&line, "b", pair_label(&diff->pair, PAIR_B));
    if (pair_is_of_books(&diff->pair))
        changes_json(&line, &diff->arena, &diff->changes, pair_noun(&diff->pair));
    else
        counts_json(&line, &diff->changes);
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
    struct decision decisions[PAIR_COUNT];
    struct error err = {0};

    if (payment_judge(diff, index, &payment, decisions, &err) != 0) {
        diff->skipped++;
        return;
    }
    if (!changes_add(&diff->changes, &diff->arena, payment, decisions))
        return;
    if (diff->json)
        change_json(diff, index, payment, decisions);
    else
        change_print(diff, index, decisions);
}

static int
step_move(struct diff *diff, const struct scenario_step *step, struct error *err)
{
    int64_t now_ms = clock_now(&diff->clock);

    if (step->kind == STEP_ADVANCE)
        return clock_advance(&diff->clock, step->move_ms, err);
    if (step->move_ms <= now_ms)
        return error_set(err, ERROR_INVALID, "%s: the clock is past that already", step->title);
    return clock_advance(&diff->clock, step->move_ms - now_ms, err);
}

static int
diff_run(struct diff *diff, struct error *err)
{
    for (size_t i = 0; i < diff->scenario.step_count; i++) {
        const struct scenario_step *step = &diff->scenario.steps[i];

        if (step->kind == STEP_PAY)
            step_pay(diff, i);
        else if ((step->kind == STEP_ADVANCE || step->kind == STEP_TO) &&
                 step_move(diff, step, err) != 0)
            return -1;
        arena_reset(&diff->step);
    }
    return 0;
}

/* One of the two says whose payments, and some options mean the store alone. */
static int
options_agree(const struct options *options, struct error *err)
{
    static const enum option of_store[] = {OPTION_FROM, OPTION_TO, OPTION_LIMIT,
                                           OPTION_THREADS};
    bool store = options->values[OPTION_STORE], scenario = options->values[OPTION_SCENARIO];

    if (store == scenario)
        return error_set(err, ERROR_INVALID,
                         "policy diff needs --scenario FILE or --store sqlite:PATH%s",
                         store ? ", not both" : "");
    for (size_t i = 0; i < sizeof(of_store) / sizeof(of_store[0]) && !store; i++)
        if (options->values[of_store[i]])
            return error_set(err, ERROR_INVALID, "--%s belongs to policy diff --store",
                             option_name(of_store[i]));
    return 0;
}

static int
diff_scenario(const struct options *options)
{
    struct diff diff = {.json = options->values[OPTION_JSON] != NULL};
    struct error err = {0};
    int status = STATUS_USAGE;

    if (pair_open(&diff.pair, &diff.arena, options, &err) != 0 ||
        scenario_open(&diff, options, &err) != 0)
        goto out;
    if (!diff.json)
        begin_print(&diff);
    if (diff_run(&diff, &err) != 0)
        goto out;
    diff.json ? end_json(&diff) : end_print(&diff);
    status = diff.changes.changed ? STATUS_UNEXPECTED : STATUS_DONE;
out:
    if (err.code != ERROR_NONE)
        command_complain(status, &err);
    pair_close(&diff.pair);
    arena_release(&diff.step);
    arena_release(&diff.arena);
    return status;
}

int
policy_diff(const struct options *options)
{
    struct error err = {0};

    if (options_agree(options, &err) != 0)
        return command_complain(STATUS_USAGE, &err);
    return options->values[OPTION_STORE] ? policy_diff_store(options) : diff_scenario(options);
}
