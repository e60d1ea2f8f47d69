/* rules.c - opens a pack, judges by it, says why. */
#include "policy/rules/rules.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "gateway/base/json.h"
#include "policy/rules/cel/program.h"
#include "policy/rules/evidence.h"
#include "policy/rules/index.h"
#include "policy/rules/pack.h"

#define INDEX_RULES_MIN 8 /* with fewer, asking all is quicker than finding out which to ask */

/* A rule ready to be asked. */
struct ready_rule {
    struct policy_rule rule; /* but for the score */
    uint32_t condition;
    uint32_t score;
};

struct rules {
    struct arena arena;
    struct pack *pack;
    struct cel_program *program;
    struct rule_index *index;
    struct evidence_names *names;
    struct ready_rule *ready;
    int (*currency_decimals)(const char *currency);
};

/* -- opening -- */

static void
rules_compile(struct rules *rules)
{
    const struct pack *pack = rules->pack;
    uint32_t *conditions =
        arena_alloc(&rules->arena, (pack->rule_count + 1) * sizeof(*conditions));

    rules->program = cel_program_new(&pack->environment, true);
    rules->ready = arena_zalloc(&rules->arena, (pack->rule_count + 1) * sizeof(*rules->ready));
    for (size_t i = 0; i < pack->rule_count; i++) {
        const struct pack_rule *from = &pack->rules[i];
        struct ready_rule *to = &rules->ready[i];

        to->rule = (struct policy_rule){.size = sizeof(to->rule),
                                        .action = from->action,
                                        .id = from->id,
                                        .title = from->title,
                                        .reason = from->reason,
                                        .disclosed = from->disclosed,
                                        .terms = from->terms};
        to->condition = cel_program_add(rules->program, from->condition, from->id);
        to->score = cel_program_add(rules->program, from->score, from->id);
        conditions[i] = to->condition;
    }
    cel_program_seal(rules->program);
    rules->index = rule_index_new(rules->program, conditions, pack->rule_count);
    rules->names = evidence_names_new(&rules->arena, rules->program);
}

static void
rules_close(void *self)
{
    struct rules *rules = self;

    rule_index_free(rules->index);
    cel_program_free(rules->program);
    arena_release(&rules->arena);
    free(rules);
}

/* The book's options: "parameters" alone. */
static int
read_options(struct rules *rules, const char *options, const cJSON **parameters,
             struct error *err)
{
    cJSON *json;

    if (json_parse(&rules->arena, options, strlen(options), &json, err) != 0)
        return -1;
    for (const cJSON *member = json->child; member; member = member->next)
        if (strcmp(member->string, "parameters") != 0)
            return error_set(err, ERROR_INVALID, "%s: expected parameters; found \"%s\"",
                             member->string, member->string);
    *parameters = cJSON_GetObjectItemCaseSensitive(json, "parameters");
    return 0;
}

static int
rules_open(const struct policy_host *host, const char *options, void **self, char *error,
           size_t error_size)
{
    struct rules *rules = calloc(1, sizeof(*rules));
    const cJSON *parameters = NULL;
    struct error err = {0};
    char *text;

    *self = NULL;
    if (!rules)
        abort();
    rules->currency_decimals = host->currency_decimals;
    if (!host->pack_text) {
        error_set(&err, ERROR_INVALID, "the plugin rules needs a pack");
    } else if (read_options(rules, options, &parameters, &err) == 0) {
        text = arena_copy(&rules->arena, host->pack_text, host->pack_len);
        if (pack_read(&rules->arena,
                      arena_copy(&rules->arena, host->pack_path, strlen(host->pack_path)), text,
                      host->pack_len, parameters, &rules->pack, &err) == 0) {
            rules_compile(rules);
            *self = rules;
            return 0;
        }
    }
    snprintf(error, error_size, "%s", err.text);
    rules_close(rules);
    return -1;
}

static const char *
rules_label(void *self)
{
    const struct rules *rules = self;

    return rules->pack->label;
}

/* -- judging -- */

/* One payment being judged by one pack. */
struct judging {
    const struct rules *rules;
    struct policy_verdict *verdict;
    struct cel_host host;
    struct cel_run run;
    struct cel_frame frame;
    enum policy_action action;
};

static void *
facts_alloc(void *context, size_t bytes)
{
    struct policy_facts *facts = context;

    return facts->alloc(facts, bytes);
}

/* A rule that could not be answered: the payment waits, and somebody reads why. */
static void
rule_failed(struct judging *judging, const struct ready_rule *ready, struct cel_value error)
{
    char why[300];

    snprintf(why, sizeof(why), "%s: %s", ready->rule.id,
             error.kind == CEL_ERROR ? error.text : "its condition is no bool");
    judging->verdict->fail(judging->verdict, why);
    if (judging->action < POLICY_HOLD)
        judging->action = POLICY_HOLD;
}

/* How sure the rule is.  A score that cannot be computed is a rule that failed. */
static bool
rule_score(struct judging *judging, const struct ready_rule *ready, double *score)
{
    struct cel_value value = cel_evaluate(&judging->frame, ready->score);

    *score = value.kind == CEL_INT    ? (double)value.i
             : value.kind == CEL_UINT ? (double)value.u
                                      : value.d;
    *score = *score >= 0 ? fmin(*score, 1) : 0; /* what is not a number is not sure */
    if (value.kind == CEL_INT || value.kind == CEL_UINT || value.kind == CEL_DOUBLE)
        return true;
    rule_failed(judging, ready, value);
    return false;
}

static void
rule_ask(struct judging *judging, const struct ready_rule *ready)
{
    struct cel_value value;
    struct policy_rule rule;

    judging->run.steps_left = CEL_STEPS_MAX;
    value = cel_evaluate(&judging->frame, ready->condition);
    if (value.kind == CEL_BOOL && !value.truth)
        return;
    if (value.kind != CEL_BOOL) {
        rule_failed(judging, ready, value);
        return;
    }
    rule = ready->rule;
    if (!rule_score(judging, ready, &rule.score))
        return;
    judging->verdict->fire(judging->verdict, &rule);
    evidence_tell(judging->rules->names, &judging->frame, ready->condition, judging->verdict);
    if (rule.action > (int)judging->action)
        judging->action = (enum policy_action)rule.action;
}

static void
ask_candidates(struct judging *judging)
{
    const struct rules *rules = judging->rules;
    uint64_t candidates[INDEX_WORDS_MAX];

    rule_index_candidates(rules->index, &judging->frame, candidates);
    for (size_t w = 0; w * 64 < rules->pack->rule_count; w++)
        for (uint64_t left = candidates[w]; left; left &= left - 1)
            rule_ask(judging, &rules->ready[w * 64 + (size_t)__builtin_ctzll(left)]);
}

static int
rules_check(void *self, const struct policy_payment *payment, struct policy_facts *facts,
            struct policy_verdict *verdict)
{
    const struct rules *rules = self;
    struct judging judging;

    judging.rules = rules;
    judging.verdict = verdict;
    judging.action = POLICY_ABSTAIN;
    judging.host = (struct cel_host){payment, facts, rules->currency_decimals};
    judging.run = (struct cel_run){.alloc = facts_alloc,
                                   .context = facts,
                                   .memory_left = CEL_MEMORY_MAX,
                                   .steps_left = CEL_STEPS_MAX,
                                   .host = &judging.host};
    cel_frame_init(&judging.frame, rules->program, &judging.run, NULL, cel_variable_load);
    if (rules->pack->rule_count < INDEX_RULES_MIN)
        for (size_t i = 0; i < rules->pack->rule_count; i++)
            rule_ask(&judging, &rules->ready[i]);
    else
        ask_candidates(&judging);
    return judging.action;
}

const struct policy_plugin rules_plugin = {
    .abi = POLICY_ABI,
    .size = sizeof(struct policy_plugin),
    .name = "rules",
    .version = "1.0.0",
    .open = rules_open,
    .check = rules_check,
    .close = rules_close,
    .label = rules_label,
};
