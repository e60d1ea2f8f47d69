#include "tests/fuzz/fuzz_evaluate.h"

#include "policy/rules/cel/program.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/sample.h"
#include "tests/fuzz/walk.h"

/* A step is an element or a byte, a cost of 1 ten characters of up to four. */
#define STEPS_A_COST 40

/* Of one evaluation.  Each block by malloc(), so that a step past it is seen. */
struct block {
    struct block *next;
    max_align_t bytes[];
};

enum mode {
    WALKED, /* walk.h */
    WRITTEN,
    FOLDED,
};

struct evaluation {
    const struct cel_environment *environment;
    struct arena arena; /* the tree */
    struct block *blocks;
    struct cel_run run;
    const struct cel_type *type;
    uint64_t cost;
    bool flat; /* no lists or maps in each other: cel_cost() knows the size of no deeper ones */
    struct cel_value value;
    bool limited; /* a limit may have been met: the value means nothing */
    struct cel_program *program;
};

static struct cel_value list_items[2];
static struct cel_value map_items[4];

/* In the order of values[]. */
static const struct cel_variable variables[] = {
    {"b", &cel_types[CEL_DYN], NULL},   {"d", &cel_types[CEL_DYN], NULL},
    {"i", &cel_types[CEL_DYN], NULL},   {"l", &cel_types[CEL_DYN], NULL},
    {"m", &cel_types[CEL_DYN], NULL},   {"now", &cel_types[CEL_DYN], NULL},
    {"s", &cel_types[CEL_DYN], NULL},   {"u", &cel_types[CEL_DYN], NULL},
    {"x", &cel_types[CEL_DYN], NULL},   {"a.b.c", &cel_types[CEL_DYN], NULL},
    {"a.b", &cel_types[CEL_DYN], NULL},
};

static const struct cel_environment bound = {
    .variables = variables,
    .variable_count = sizeof(variables) / sizeof(variables[0]),
    .lenient = true,
    .container = "a",
};

static const struct cel_value *
bindings(void)
{
    static struct cel_value values[sizeof(variables) / sizeof(variables[0])];

    list_items[0] = cel_int(1);
    list_items[1] = cel_text("two");
    map_items[0] = cel_text("k");
    map_items[1] = cel_list(list_items, 2);
    map_items[2] = cel_int(-1);
    map_items[3] = cel_null();
    values[0] = cel_bytes("\xff\0x", 3);
    values[1] = cel_double(0.1);
    values[2] = cel_int(41);
    values[3] = cel_list(list_items, 2);
    values[4] = (struct cel_value){.kind = CEL_MAP, .size = 2, .items = map_items};
    values[5] = cel_timestamp(1713317400, 250000000);
    values[6] = cel_text("\xd0\xa0\xd0\xa4-7");
    values[7] = cel_uint(3);
    values[8] = cel_int(INT64_MIN);
    values[9] = cel_duration(5400000000000);
    values[10] = values[4];
    return values;
}

static void *
evaluation_alloc(void *context, size_t bytes)
{
    struct evaluation *evaluation = context;
    struct block *block = malloc(sizeof(*block) + bytes);

    if (!block)
        abort();
    block->next = evaluation->blocks;
    evaluation->blocks = block;
    return block->bytes;
}

static void
evaluation_release(struct evaluation *evaluation)
{
    struct block *next;

    for (struct block *block = evaluation->blocks; block; block = next) {
        next = block->next;
        free(block);
    }
    cel_program_free(evaluation->program);
    arena_release(&evaluation->arena);
}

static void
evaluate_by_walking(struct evaluation *evaluation, const struct cel_node *root)
{
    bool rule = !evaluation->environment->lenient;
    struct walk walk = {
        .run = &evaluation->run,
        .environment = evaluation->environment,
        .variables = rule ? NULL : bindings(),
        .load = rule ? cel_variable_load : NULL,
    };

    evaluation->value = walk_tree(&walk, root);
    evaluation->limited = walk.gave_up;
}

static void
evaluate_by_program(struct evaluation *evaluation, const struct cel_node *root, bool fold)
{
    bool rule = !evaluation->environment->lenient;
    struct cel_frame frame;
    uint32_t expression;

    evaluation->program = cel_program_new(evaluation->environment, fold);
    expression = cel_program_add(evaluation->program, root, "RULE-1");
    cel_program_seal(evaluation->program);
    cel_frame_init(&frame, evaluation->program, &evaluation->run, rule ? NULL : bindings(),
                   rule ? cel_variable_load : NULL);
    evaluation->value = cel_evaluate(&frame, expression);
}

static bool
is_flat(const struct cel_node *node)
{
    const struct cel_type *type = node->type;
    bool flat = (type->kind != CEL_LIST && type->kind != CEL_MAP) ||
                (type->element->kind != CEL_LIST && type->element->kind != CEL_MAP &&
                 type->element->kind != CEL_DYN);

    for (uint32_t i = 0; flat && i < node->arg_count; i++)
        flat = is_flat(node->args[i]);
    return flat;
}

/* Parse, check, evaluate; false where it does not come to that.  Release it in any case. */
static bool
evaluate(struct evaluation *evaluation, const char *source, size_t size,
         const struct cel_environment *environment, enum mode mode)
{
    const struct cel_run run = {
        .alloc = evaluation_alloc,
        .context = evaluation,
        .memory_left = CEL_MEMORY_MAX,
        .steps_left = CEL_STEPS_MAX,
        .host = environment->lenient ? NULL : sample_host(),
    };
    struct cel_fault fault = {0};
    struct cel_node *root;

    *evaluation = (struct evaluation){.environment = environment, .run = run};
    if (cel_parse(&evaluation->arena, source, size, &root, &fault) != 0 ||
        cel_check(&evaluation->arena, environment, root, NULL, &fault) != 0) {
        MUST(fault.text[0] && fault.at <= size, "Z1: '%s' at %u of %zu", fault.text, fault.at,
             size);
        return false;
    }
    evaluation->type = root->type;
    evaluation->cost = cel_cost(root);
    evaluation->flat = is_flat(root);
    if (mode == WALKED)
        evaluate_by_walking(evaluation, root);
    else
        evaluate_by_program(evaluation, root, mode == FOLDED);
    /* What spent so much may have asked for more than was left. */
    evaluation->limited = evaluation->limited ||
                          evaluation->run.memory_left < CEL_MEMORY_MAX / 2 ||
                          evaluation->run.steps_left < CEL_STEPS_MAX / 2;
    return true;
}

static bool
same(struct cel_value a, struct cel_value b)
{
    char text_a[CEL_SOURCE_MAX], text_b[CEL_SOURCE_MAX];

    if (a.kind != b.kind)
        return false;
    if (a.kind == CEL_ERROR)
        return true;
    cel_print(a, text_a, sizeof(text_a));
    cel_print(b, text_b, sizeof(text_b));
    return strcmp(text_a, text_b) == 0;
}

static void
examine_print(struct cel_value value)
{
    char text[CEL_SOURCE_MAX + 1];
    struct evaluation again;

    if (value.kind == CEL_ERROR)
        return;
    cel_print(value, text, sizeof(text));
    if (strlen(text) == CEL_SOURCE_MAX) /* it may have been cut */
        return;
    if (evaluate(&again, text, strlen(text), &bound, WALKED))
        MUST(same(value, again.value), "Z5: %s is a source for something else", text);
    else
        MUST(strlen(text) > CEL_NESTING_MAX, "Z5: %s is no source", text);
    evaluation_release(&again);
}

static void
examine_cost(const struct evaluation *evaluation)
{
    uint64_t steps = CEL_STEPS_MAX - evaluation->run.steps_left, cost = evaluation->cost;

    MUST(cost > UINT64_MAX / STEPS_A_COST || steps <= cost * STEPS_A_COST,
         "Z7: %llu steps at a cost of %llu", (unsigned long long)steps,
         (unsigned long long)cost);
}

/* Z4, and the value as it was walked to is left for more. */
static bool
evaluate_in_every_way(struct evaluation *walked, const char *source, size_t size,
                      const struct cel_environment *environment)
{
    struct evaluation other;

    if (!evaluate(walked, source, size, environment, WALKED))
        return false;
    for (enum mode mode = WRITTEN; mode <= FOLDED; mode++) {
        MUST(evaluate(&other, source, size, environment, mode), "Z4: checked once only");
        MUST(walked->limited || other.limited || same(walked->value, other.value),
             "Z4: %s, the value is another", mode == FOLDED ? "folded" : "compiled");
        if (!environment->lenient && other.flat)
            examine_cost(&other);
        evaluation_release(&other);
    }
    return true;
}

void
fuzz_evaluate_bound(const char *source, size_t size)
{
    struct evaluation evaluation;

    if (evaluate_in_every_way(&evaluation, source, size, &bound) && !evaluation.limited)
        examine_print(evaluation.value);
    evaluation_release(&evaluation);
}

static const struct cel_environment *
rule_environment(void)
{
    static struct cel_variable rule_variables[CEL_VAR_COUNT];
    static struct cel_value items[4];
    static struct cel_value params;
    static struct arena arena;
    static const struct cel_environment environment = {.variables = rule_variables,
                                                       .variable_count = CEL_VAR_COUNT};

    if (rule_variables[0].name)
        return &environment;
    items[0] = cel_text("kit_coverage_min");
    items[1] = cel_double(0.6);
    items[2] = cel_text("p");
    items[3] = cel_list(list_items, 2);
    params = (struct cel_value){.kind = CEL_MAP, .size = 2, .items = items};
    for (int id = 0; id < CEL_VAR_COUNT; id++)
        rule_variables[id] = (struct cel_variable){
            .name = cel_variable_names[id],
            .type = cel_variable_type((enum cel_variable_id)id),
        };
    rule_variables[CEL_VAR_PARAMS].type = cel_type_of(&arena, params);
    rule_variables[CEL_VAR_PARAMS].constant = &params;
    return &environment;
}

void
fuzz_evaluate_rule(const char *source, size_t size)
{
    struct evaluation evaluation;

    if (evaluate_in_every_way(&evaluation, source, size, rule_environment()) &&
        !evaluation.limited)
        MUST(evaluation.value.kind == CEL_ERROR || evaluation.type->kind == CEL_DYN ||
                 evaluation.value.kind == evaluation.type->kind,
             "Z6: of kind %d, not %d", evaluation.value.kind, evaluation.type->kind);
    sample_release();
    evaluation_release(&evaluation);
}
