/*
 * policy_explain.c - why a pack's rules fired for a payment, or did not.
 *
 * Every rule is taken apart (explain.h) on the facts that a gateway would have:
 * goods lines, kits, the bank's class, the bank's time.  There is no history and
 * no list behind an explanation.
 */
#include <stdlib.h>
#include <string.h>

#include "clients/cel_json.h"
#include "clients/explain.h"
#include "clients/input.h"
#include "clients/policy.h"
#include "clients/policy_lists.h"
#include "clients/policy_pack.h"
#include "clients/print.h"
#include "gateway/base/time.h"
#include "policy/book.h"
#include "policy/facts.h"
#include "policy/pack_test.h"
#include "policy/rules/records.h"
#include "policy/screening/roster.h"

#define BANK_CLASS_DEFAULT  "joint_stock"
#define SEED_DEFAULT        1
#define VALUE_TEXT_SIZE     160
#define INDENT              2 /* columns a level */
#define RECORD_FIELDS_SHOWN 2
#define LINE_BYTES_FIRST    4096

struct subject {
    struct arena arena;
    const struct options *options;
    struct pack *pack;
    const struct policy_payment *payment;
    struct policy_bank bank;
    struct listings *listings;
    struct roster roster;
    struct facts facts;
    struct cel_host host;
    struct cel_run run;
};

static void *
run_alloc(void *context, size_t bytes)
{
    return arena_alloc(context, bytes);
}

/* -- what is explained -- */

static int
pack_open(struct subject *subject, struct error *err)
{
    struct host_pack file;

    return policy_pack_find(&subject->arena, subject->options->arguments[0], &file, err) == 0
               ? pack_read(&subject->arena, file.path, file.text, file.len, NULL,
                           &subject->pack, err)
               : -1;
}

static int
payment_open(struct subject *subject, struct error *err)
{
    const char *file = subject->options->arguments[1];
    char *text;
    size_t len;

    return input_read(&subject->arena, file, &text, &len, err) == 0
               ? policy_payment_read(&subject->arena, file, text, len, &subject->payment, err)
               : -1;
}

/* --now, else the payment's own time, else when the article's story is in its middle. */
static int
now_choose(const struct subject *subject, int64_t *now_ms, struct error *err)
{
    const char *now = subject->options->values[OPTION_NOW];

    *now_ms = subject->payment->created_at_ms;
    if (!now && *now_ms != 0)
        return 0;
    if (instant_parse_local(now ? now : PACK_TEST_NOW, now_ms))
        return 0;
    return error_set(
        err, ERROR_INVALID,
        "--now: expected a time such as 2024-04-15T09:00:00+08:00; found \"%.40s\"", now);
}

static int
bank_choose(struct subject *subject, struct error *err)
{
    const char *class = subject->options->values[OPTION_BANK_CLASS];

    if (class && !bank_class_is_known(class))
        return error_set(err, ERROR_INVALID,
                         "--bank-class: expected " BANK_CLASSES_EXPECTED "; found \"%.40s\"",
                         class);
    subject->bank = (struct policy_bank){.size = sizeof(subject->bank),
                                         .bic = subject->payment->creditor_agent->bic,
                                         .name = "",
                                         .bank_class = class ? class : BANK_CLASS_DEFAULT};
    return 0;
}

static int
facts_open(struct subject *subject, struct error *err)
{
    struct snapshot_sources sources;
    struct goods *goods;
    int64_t now_ms;

    if (now_choose(subject, &now_ms, err) != 0 || bank_choose(subject, err) != 0 ||
        policy_sources(&subject->arena, &sources, err) != 0 ||
        goods_load(sources.goods_path, &subject->arena, &goods, err) != 0 ||
        policy_lists_open(&subject->arena, subject->options, &subject->listings, err) != 0 ||
        roster_load(&subject->roster, subject->listings, &subject->arena, err) != 0)
        return -1;
    facts_init(&subject->facts, subject->payment, &subject->bank, now_ms, SEED_DEFAULT, goods,
               &subject->arena);
    subject->facts.roster = &subject->roster;
    subject->host = (struct cel_host){.payment = subject->payment,
                                      .facts = &subject->facts.base,
                                      .currency_decimals = sources.currency_decimals};
    subject->run = (struct cel_run){
        .alloc = run_alloc, .context = &subject->arena, .host = &subject->host};
    return 0;
}

static int
rule_exists(const struct subject *subject, struct error *err)
{
    const char *wanted = subject->options->values[OPTION_RULE], *nearest;
    const struct pack *pack = subject->pack;
    const char *ids[PACK_RULES_MAX];

    for (size_t i = 0; i < pack->rule_count; i++) {
        ids[i] = pack->rules[i].id;
        if (!wanted || strcmp(wanted, ids[i]) == 0)
            return 0;
    }
    nearest = wanted ? cel_nearest(wanted, ids, pack->rule_count) : NULL;
    return error_set(err, ERROR_NOT_FOUND, "%s has no rule \"%.60s\"%s%s", pack->label, wanted,
                     nearest ? "; the nearest is " : "", nearest ? nearest : "");
}

/* -- for people -- */

/* "kit {kit: 'notebook', title: ...}": a record by its first texts, which tell it apart. */
static void
record_print(struct cel_run *run, struct cel_value value)
{
    const struct cel_record *record = &cel_records[value.type];
    char text[VALUE_TEXT_SIZE];
    int shown = 0;

    printf("%s {", record->name);
    for (size_t i = 0; i < record->field_count && shown < RECORD_FIELDS_SHOWN; i++) {
        const struct cel_field *field = &record->fields[i];

        if (field->how != CEL_FIELD_TEXT ||
            !cel_is_true(cel_field_has(run, field, value.record)))
            continue;
        cel_print(cel_field_get(run, field, value.record), text, sizeof(text));
        printf("%s%s: ", shown++ ? ", " : "", field->name);
        print_text(stdout, text);
    }
    fputc('}', stdout);
}

static void
value_print(struct cel_run *run, struct cel_value value)
{
    char text[VALUE_TEXT_SIZE];

    if (value.kind == CEL_RECORD) {
        record_print(run, value);
        return;
    }
    cel_print(value, text, sizeof(text));
    print_text(stdout, text);
}

static void
part_print(struct cel_run *run, const struct explained *part, int depth)
{
    printf("%*s", depth * INDENT, "");
    print_text(stdout, part->text);
    if (part->is_element) {
        fputs(" = ", stdout);
        value_print(run, part->element);
    }
    fputs("  ->  ", stdout);
    value_print(run, part->value);
    fputs(part->needed ? "\n" : "  (not needed)\n", stdout);
    for (const struct explained *inner = part->parts.first; inner; inner = inner->next)
        part_print(run, inner, depth + 1);
    if (part->omitted)
        printf("%*s... and %u more\n", (depth + 1) * INDENT, "", part->omitted);
}

static const char *
verdict_word(struct cel_value value)
{
    return value.kind != CEL_BOOL ? "FAILED" : value.truth ? "fired" : "not fired";
}

static void
rule_print(struct cel_run *run, const struct pack_rule *rule, const struct explained *condition,
           struct cel_value score)
{
    printf("%s  %s  ", rule->id, verdict_word(condition->value));
    print_text(stdout, rule->title);
    printf(" (%s", pack_action_name(rule->action));
    if (rule->reason.code[0])
        printf(" %s", rule->reason.code);
    fputs(")\n", stdout);
    part_print(run, condition, 1);
    if (cel_is_true(condition->value)) {
        fputs("  score  ->  ", stdout);
        value_print(run, score);
        fputc('\n', stdout);
    }
    fputc('\n', stdout);
}

/* -- for programs -- */

static void
value_json(struct buffer *out, struct cel_value value)
{
    if (value.kind == CEL_ERROR)
        json_member(out, "error", value.text);
    else
        cel_json_members(out, value);
}

static void
part_json(struct buffer *out, const struct explained *part)
{
    json_open(out, '{');
    json_member(out, part->is_element ? "variable" : "expr", part->text);
    if (part->is_element) {
        json_key(out, "index");
        json_int(out, part->index);
        json_key(out, "element");
        cel_json_write(out, part->element);
    }
    value_json(out, part->value);
    json_key(out, "needed");
    json_bool(out, part->needed);
    if (part->omitted) {
        json_key(out, "omitted");
        json_int(out, part->omitted);
    }
    json_key(out, "parts");
    json_open(out, '[');
    for (const struct explained *inner = part->parts.first; inner; inner = inner->next)
        part_json(out, inner);
    json_close(out, ']');
    json_close(out, '}');
}

static void
rule_json(struct arena *arena, const struct pack_rule *rule, const struct explained *condition,
          struct cel_value score)
{
    struct buffer line;

    buffer_init(&line, arena, LINE_BYTES_FIRST);
    json_open(&line, '{');
    json_member(&line, "rule", rule->id);
    json_member(&line, "title", rule->title);
    json_member(&line, "action", pack_action_name(rule->action));
    json_key(&line, "fired");
    if (condition->value.kind == CEL_BOOL)
        json_bool(&line, condition->value.truth);
    else
        json_null(&line);
    json_key(&line, "condition");
    part_json(&line, condition);
    json_key(&line, "score");
    if (cel_is_true(condition->value)) {
        json_open(&line, '{');
        value_json(&line, score);
        json_close(&line, '}');
    } else {
        json_null(&line);
    }
    json_close(&line, '}');
    puts(buffer_terminate(&line));
}

/* -- the rules -- */

static void
rule_explain(struct subject *subject, const struct pack_rule *rule)
{
    const struct explained *condition;
    struct explainer explainer;
    struct arena arena = {0};
    struct cel_value score;

    subject->run.context = &arena;
    explainer_init(&explainer, &arena, &subject->run, &subject->pack->environment,
                   cel_variable_load);
    condition = explain(&explainer, rule->condition, rule->when, rule->id);
    score = explain_value(&explainer, rule->score, rule->id);
    if (subject->options->values[OPTION_JSON])
        rule_json(&arena, rule, condition, score);
    else
        rule_print(&subject->run, rule, condition, score);
    explainer_release(&explainer);
    arena_release(&arena);
}

int
policy_explain(const struct options *options)
{
    const char *wanted = options->values[OPTION_RULE];
    struct subject subject = {.options = options};
    struct error err = {0};
    int status = STATUS_USAGE;

    if (pack_open(&subject, &err) != 0 || payment_open(&subject, &err) != 0 ||
        facts_open(&subject, &err) != 0 || rule_exists(&subject, &err) != 0)
        goto out;
    for (size_t i = 0; i < subject.pack->rule_count; i++) {
        const struct pack_rule *rule = &subject.pack->rules[i];

        if (!wanted || strcmp(wanted, rule->id) == 0)
            rule_explain(&subject, rule);
    }
    status = STATUS_DONE;
out:
    if (status != STATUS_DONE)
        command_complain(status, &err);
    roster_release(&subject.roster);
    listings_free(subject.listings);
    arena_release(&subject.arena);
    return status;
}
