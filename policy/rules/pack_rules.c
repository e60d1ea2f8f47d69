/* pack_rules.c - the rules of a pack: conditions typed and of bounded cost, ids unique. */
#include <stdlib.h>
#include <string.h>

#include "gateway/base/buffer.h"
#include "policy/rules/locate.h"
#include "policy/rules/pack_private.h"

/* A source of several lines: an array of texts, joined by line ends. */
static int
read_lines(const struct value *value, const char **source, struct error *err)
{
    struct value line = {0};
    const char *text;
    struct buffer joined;

    if (value_array(value, 1, PACK_LINES_MAX, err) != 0)
        return -1;
    buffer_init(&joined, pack_reading_of(value)->arena, CEL_SOURCE_MAX);
    while (value_next(value, &line)) {
        if (value_text(&line, &text, err) != 0)
            return -1;
        if (strchr(text, '\n'))
            return pack_fault(&line, err, "expected one line; found several");
        if (line.index > 0)
            buffer_append(&joined, "\n", 1);
        buffer_text(&joined, text);
    }
    *source = buffer_terminate(&joined);
    return 0;
}

static int
read_source(const struct value *value, const char **source, struct error *err)
{
    return cJSON_IsArray(value->json) ? read_lines(value, source, err)
                                      : value_text(value, source, err);
}

/* Where the fault is in the file: byte fault->at of the source, escapes and lines counted. */
static int
expression_fault(const struct value *value, const char *source, const struct cel_fault *fault,
                 struct error *err)
{
    const char *text = pack_reading_of(value)->text;
    const char *line_begin = source;
    struct value line = {0};
    size_t at;

    if (!cJSON_IsArray(value->json)) {
        at = locate_in_string(text, locate_value(text, value), fault->at);
        return pack_fault_at(value, at, err, "%s", fault->text);
    }
    while (value_next(value, &line) &&
           strcspn(line_begin, "\n") + (size_t)(line_begin - source) < fault->at)
        line_begin += strcspn(line_begin, "\n") + 1;
    at = locate_in_string(text, locate_value(text, &line),
                          fault->at - (size_t)(line_begin - source));
    return pack_fault_at(value, at, err, "%s", fault->text);
}

/* How deep loops stand in loops. */
static unsigned
loops_in(const struct cel_node *node)
{
    unsigned deepest = 0;

    for (uint32_t i = 0; i < node->arg_count; i++) {
        unsigned here = loops_in(node->args[i]) + (i > 0 && cel_node_is_loop(node));

        deepest = here > deepest ? here : deepest;
    }
    return deepest;
}

static int
read_expression(const struct value *value, const char *source, const struct cel_type *wanted,
                const struct cel_node **out, struct error *err)
{
    const struct pack_reading *reading = pack_reading_of(value);
    struct cel_fault fault = {0};
    struct cel_node *node;

    if (cel_parse(reading->arena, source, strlen(source), &node, &fault) != 0 ||
        cel_check(reading->arena, &reading->pack->environment, node, wanted, &fault) != 0)
        return expression_fault(value, source, &fault, err);
    if (loops_in(node) > PACK_LOOPS_MAX)
        return pack_fault(value, err, "expected at most %d loops in each other; found %u",
                          PACK_LOOPS_MAX, loops_in(node));
    if (cel_cost(node) > CEL_COST_MAX)
        return pack_fault(value, err,
                          "expected at most %d steps for any payment; found more: fewer loops "
                          "in loops cost less",
                          CEL_COST_MAX);
    *out = node;
    return 0;
}

static const struct cel_node *
number_node(struct arena *arena, double number)
{
    struct cel_node *node = arena_zalloc(arena, sizeof(*node));

    node->kind = CEL_NODE_CONST;
    node->name = "";
    node->value = cel_double(number);
    node->type = &cel_types[CEL_DOUBLE];
    return node;
}

static int
read_score(const struct value *value, const struct cel_node **out, struct error *err)
{
    struct arena *arena = pack_reading_of(value)->arena;
    const char *source;

    if (!value->json || cJSON_IsNumber(value->json)) {
        double score = value->json ? value->json->valuedouble : 1;

        if (score < 0 || score > 1)
            return value_fault(value, err, "a number, 0 to 1");
        *out = number_node(arena, score);
        return 0;
    }
    if (!cJSON_IsString(value->json) && !cJSON_IsArray(value->json))
        return value_fault(value, err, "a number, 0 to 1, or an expression that gives one");
    if (read_source(value, &source, err) != 0 ||
        read_expression(value, source, NULL, out, err) != 0)
        return -1;
    switch ((*out)->type->kind) {
    case CEL_INT:
    case CEL_UINT:
    case CEL_DOUBLE:
        return 0;
    default:
        return pack_fault(value, err, "expected an expression of type int or double; found %s",
                          cel_type_name(arena, (*out)->type));
    }
}

static int
read_then(const struct value *value, struct pack_rule *out, struct error *err)
{
    static const char *const names[] = {"action", "score", "reason",   "disclosed", "lasts",
                                        "ends",   "asks",  "answered", NULL};
    const struct terms_file file = pack_terms_file(value);
    struct value action = value_member(value, "action");
    struct value score = value_member(value, "score");
    struct value reason = value_member(value, "reason");
    struct value disclosed = value_member(value, "disclosed");

    if (pack_object(value, names, err) != 0 ||
        pack_action(&action, false, &out->action, err) != 0 ||
        read_score(&score, &out->score, err) != 0 ||
        terms_read_reason(&reason, &file, reason.json || out->action > POLICY_ACCEPT,
                          &out->reason, err) != 0 ||
        terms_read_reason(&disclosed, &file, false, &out->disclosed, err) != 0)
        return -1;
    return pack_terms_read(value, out, err);
}

static int
read_rule(const struct value *value, struct pack_rule *out, struct error *err)
{
    static const char *const names[] = {"id", "title", "when", "then", NULL};
    struct value id = value_member(value, "id");
    struct value title = value_member(value, "title");
    struct value when = value_member(value, "when");
    struct value then = value_member(value, "then");

    if (pack_object(value, names, err) != 0 || value_text(&id, &out->id, err) != 0)
        return -1;
    if (!pack_name_is_sound(out->id))
        return value_fault(&id, err, "letters, digits, - _ and ., at most 64");
    if (pack_text(&title, &out->title, err) != 0 || read_source(&when, &out->when, err) != 0 ||
        read_expression(&when, out->when, &cel_types[CEL_BOOL], &out->condition, err) != 0)
        return -1;
    return read_then(&then, out, err);
}

/* By id; equal ones in the file's order. */
static int
by_id(const void *a, const void *b)
{
    const struct pack_rule *const *left = a, *const *right = b;
    int order = strcmp((*left)->id, (*right)->id);

    return order != 0 ? order : (*left > *right) - (*left < *right);
}

static int
check_ids(const struct value *value, struct error *err)
{
    struct pack_reading *reading = pack_reading_of(value);
    const struct pack *pack = reading->pack;
    const struct pack_rule **sorted =
        arena_alloc(reading->arena, pack->rule_count * sizeof(struct pack_rule *));

    for (size_t i = 0; i < pack->rule_count; i++)
        sorted[i] = &pack->rules[i];
    qsort(sorted, pack->rule_count, sizeof(struct pack_rule *), by_id);
    for (size_t i = 1; i < pack->rule_count; i++)
        if (strcmp(sorted[i - 1]->id, sorted[i]->id) == 0) {
            struct value rule = {0}, id;

            while (value_next(value, &rule) && &pack->rules[rule.index] != sorted[i])
                ;
            id = value_member(&rule, "id");
            return pack_fault(&id, err, "expected an id of its own; found %s again",
                              sorted[i]->id);
        }
    reading->by_id = sorted;
    return 0;
}

const struct pack_rule *
pack_rule_find(const struct pack_reading *reading, const char *id)
{
    const struct pack *pack = reading->pack;
    size_t low = 0, high = pack->rule_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(reading->by_id[middle]->id, id);

        if (order == 0)
            return reading->by_id[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

int
pack_rules_read(const struct value *value, struct error *err)
{
    struct pack_reading *reading = pack_reading_of(value);
    struct pack *pack = reading->pack;
    struct value item = {0};

    if (value_array(value, 1, PACK_RULES_MAX, err) != 0)
        return -1;
    pack->rule_count = (size_t)cJSON_GetArraySize(value->json);
    pack->rules = arena_zalloc(reading->arena, pack->rule_count * sizeof(*pack->rules));
    while (value_next(value, &item))
        if (read_rule(&item, &pack->rules[item.index], err) != 0)
            return -1;
    return check_ids(value, err);
}
