/*
 * cost.c - how much an expression can cost: its steps, and the size of what it builds.
 *
 * The two go together: what a loop costs depends on the size of its range, and
 * what a comparison costs on the length of the texts.
 */
#include "policy/rules/cel/check.h"

#define TEXT_MAX          1000 /* characters: DESIGN section 10 */
#define LIST_MAX          200
#define CHARACTERS_A_STEP 10
#define PATTERN_A_STEP    4  /* steps of a pattern that cost one more pass over the text */
#define PRINTED_MAX       40 /* characters of a number or a time as text */
#define KEYS_COMPARED     16 /* those before it with which a key of a map is compared */

/* What a node can come to, at most.  All sums saturate. */
struct bound {
    uint64_t steps;
    uint64_t size;  /* of its value: characters, elements, pairs; else 0 */
    uint64_t inner; /* the same of the value's elements */
};

/* A loop's variable. */
struct binding {
    const char *name;
    struct bound bound; /* of one element */
    const struct binding *outer;
};

static uint64_t
plus(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static uint64_t
times(uint64_t a, uint64_t b)
{
    return b && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

static uint64_t
most(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint64_t
least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* The steps of so many characters. */
static uint64_t
tenth(uint64_t characters)
{
    return characters == UINT64_MAX ? UINT64_MAX : characters / CHARACTERS_A_STEP;
}

/* --- sizes ------------------------------------------------------------------------------- */

static uint64_t
type_size(const struct cel_type *type)
{
    switch (type->kind) {
    case CEL_STRING:
    case CEL_BYTES:
    case CEL_DYN:
        return TEXT_MAX;
    case CEL_LIST:
    case CEL_MAP:
        return LIST_MAX;
    default:
        return 0;
    }
}

/* Of a value of which nothing but the type is known. */
static struct bound
type_bound(const struct cel_type *type)
{
    struct bound bound = {.steps = 1, .size = type_size(type)};

    if (type->kind == CEL_LIST || type->kind == CEL_MAP)
        bound.inner = type_size(type->element);
    if (type->kind == CEL_DYN)
        bound.inner = TEXT_MAX;
    return bound;
}

static uint64_t
value_size(struct cel_value value)
{
    return value.kind == CEL_TIMESTAMP || value.kind == CEL_TYPE ? 0 : value.size;
}

static struct bound
value_bound(struct cel_value value)
{
    struct bound bound = {.steps = 1, .size = value_size(value)};
    size_t count = value.kind == CEL_LIST  ? value.size
                   : value.kind == CEL_MAP ? 2 * (size_t)value.size
                                           : 0;

    for (size_t i = 0; i < count; i++)
        bound.inner = most(bound.inner, value_size(value.items[i]));
    return bound;
}

static struct bound
variable_bound(const struct cel_node *node)
{
    const char *name = node->name + (node->name[0] == '.');
    struct bound bound = type_bound(node->type);

    for (int id = 0; id < CEL_VAR_COUNT; id++) {
        uint32_t items = cel_variable_items_max((enum cel_variable_id)id);

        if (items > 0 && strcmp(cel_variable_names[id], name) == 0)
            bound.size = items;
    }
    return bound;
}

static struct bound
name_bound(const struct binding *binding, const struct cel_node *node)
{
    while (binding && strcmp(binding->name, node->name) != 0)
        binding = binding->outer;
    return binding ? binding->bound : variable_bound(node);
}

static struct bound
field_bound(const struct cel_node *node)
{
    const struct cel_type *of = node->args[0]->type;
    const struct cel_field *field = NULL;
    struct bound bound = type_bound(node->type);

    if (of->kind == CEL_RECORD)
        field = cel_record_field((enum cel_record_id)of->record, node->name);
    if (field && field->items_max > 0)
        bound.size = field->items_max;
    return bound;
}

/* What one comparison of two values takes, besides themselves. */
static uint64_t
comparison(struct bound a, struct bound b)
{
    uint64_t shorter = least(a.size, b.size), inner = least(a.inner, b.inner);

    return plus(1, tenth(times(shorter, plus(tenth(inner), 1))));
}

/* Characters in all: of a text, or of the texts of a list. */
static uint64_t
characters(struct bound bound)
{
    return bound.inner ? times(bound.size, bound.inner) : bound.size;
}

/* --- calls ------------------------------------------------------------------------------- */

/* Functions that make more of their arguments than the sum of them. */
enum growth {
    GROW_REPLACE, /* every character by a whole text */
    GROW_JOIN,    /* every element with a text behind it */
    GROW_SPLIT,   /* a list of an element for each character */
    GROW_MATCH,   /* the text is gone through several times */
    GROW_COMPARE, /* at every place of the text a whole other one is compared */
};

static const struct {
    const char *name;
    enum growth growth;
} growths[] = {
    {"replace", GROW_REPLACE}, {"join", GROW_JOIN},           {"split", GROW_SPLIT},
    {"matches", GROW_MATCH},   {"lastIndexOf", GROW_COMPARE},
};

/* Of a pattern known now its own steps, a{1000} being a thousand; of another the most. */
static uint64_t
pattern_steps(struct cel_value known)
{
    struct cel_pattern *pattern = NULL;
    char error[CEL_ERROR_MAX];
    uint64_t steps;

    if (known.kind == CEL_STRING)
        pattern = cel_pattern_compile(known.text, known.size, error, sizeof(error));
    steps = cel_pattern_steps(pattern);
    cel_pattern_release(pattern);
    return steps;
}

static void
grow(enum growth growth, const struct cel_node *node, const struct bound *args,
     struct bound *result)
{
    uint32_t count = node->arg_count;
    struct bound last = count > 1 ? args[1] : (struct bound){0};

    switch (growth) {
    case GROW_REPLACE:
        last = count > 2 ? args[2] : last;
        result->size = plus(result->size, times(plus(args[0].size, 1), last.size));
        break;
    case GROW_JOIN:
        result->size = times(args[0].size, plus(args[0].inner, last.size));
        break;
    case GROW_SPLIT:
        result->inner = args[0].size;
        result->size = plus(args[0].size, 1);
        break;
    case GROW_MATCH:
        result->steps = plus(result->steps,
                             times(plus(tenth(args[0].size), 1),
                                   pattern_steps(node->args[1]->value) / PATTERN_A_STEP + 1));
        return;
    case GROW_COMPARE:
        result->steps = plus(result->steps, times(args[0].size, plus(tenth(last.size), 1)));
        return;
    }
    result->steps = plus(result->steps, tenth(result->size));
}

static struct bound
call_bound(const struct cel_node *node, const struct bound *args, struct bound result)
{
    bool text = node->type->kind == CEL_STRING || node->type->kind == CEL_BYTES ||
                node->type->kind == CEL_DYN;
    struct bound typed = type_bound(node->type);
    uint64_t sum = 0;

    for (uint32_t i = 0; i < node->arg_count; i++) {
        sum = plus(sum, characters(args[i]));
        if (args[i].size == 0 && text)
            sum = plus(sum, PRINTED_MAX);
    }
    result.steps = plus(result.steps, tenth(sum));
    result.size = text ? sum : typed.size;
    result.inner = typed.inner;
    for (size_t i = 0; i < sizeof(growths) / sizeof(growths[0]); i++)
        if (strcmp(growths[i].name, node->name) == 0)
            grow(growths[i].growth, node, args, &result);
    return result;
}

/* --- operators --------------------------------------------------------------------------- */

/* result comes with the steps of the operands and 1 for the node itself. */
static struct bound
operator_bound(const struct cel_node *node, const struct bound *args, struct bound result)
{
    const struct cel_type *right = node->arg_count > 1 ? node->args[1]->type : NULL;

    switch (node->kind) {
    case CEL_NODE_EQ:
    case CEL_NODE_NE:
    case CEL_NODE_LT:
    case CEL_NODE_LE:
    case CEL_NODE_GT:
    case CEL_NODE_GE:
        result.steps = plus(result.steps, comparison(args[0], args[1]) - 1);
        break;
    case CEL_NODE_IN: {
        struct bound element = {.size = args[1].inner, .inner = args[0].inner};

        if (right->kind == CEL_MAP)
            element.size = args[0].size;
        result.steps = plus(result.steps, times(args[1].size, comparison(args[0], element)));
        break;
    }
    case CEL_NODE_ADD:
        result.size = plus(args[0].size, args[1].size);
        result.inner = most(args[0].inner, args[1].inner);
        result.steps = plus(result.steps, tenth(result.size));
        break;
    case CEL_NODE_INDEX:
        if (node->args[0]->type->kind != CEL_LIST) /* keys are compared */
            result.steps =
                plus(result.steps, times(args[0].size, comparison(args[1], args[1])));
        result.size = args[0].inner;
        result.inner = type_bound(node->type).inner;
        break;
    default: /* bools and numbers */
        break;
    }
    return result;
}

/* --- the tree ---------------------------------------------------------------------------- */

static struct bound node_bound(const struct binding *binding, const struct cel_node *node);

static struct bound
literal_bound(const struct binding *binding, const struct cel_node *node)
{
    struct bound result = {.steps = 1}, item;
    uint64_t key_size = 0;

    result.size = node->kind == CEL_NODE_MAP ? node->arg_count / 2 : node->arg_count;
    for (uint32_t i = 0; i < node->arg_count; i++) {
        item = node_bound(binding, node->args[i]);
        result.steps = plus(result.steps, item.steps);
        result.inner = most(result.inner, item.size);
        if (i % 2 == 0)
            key_size = most(key_size, item.size);
    }
    if (node->kind == CEL_NODE_MAP && result.size > 1)
        result.steps = plus(result.steps, times(times(result.size, plus(tenth(key_size), 1)),
                                                least(result.size - 1, KEYS_COMPARED)));
    return result;
}

static struct bound
condition_bound(const struct binding *binding, const struct cel_node *node)
{
    struct bound asked = node_bound(binding, node->args[0]);
    struct bound a = node_bound(binding, node->args[1]), b = node_bound(binding, node->args[2]);

    return (struct bound){
        .steps = plus(plus(asked.steps, 1), most(a.steps, b.steps)),
        .size = most(a.size, b.size),
        .inner = most(a.inner, b.inner),
    };
}

static struct bound
loop_bound(const struct binding *binding, const struct cel_node *node)
{
    const struct cel_type *type = node->args[0]->type;
    struct bound range = node_bound(binding, node->args[0]), body = {0}, last = {0};
    struct binding element = {.name = node->name, .outer = binding};

    element.bound = type_bound(type->kind == CEL_LIST  ? type->element
                               : type->kind == CEL_MAP ? type->key
                                                       : type);
    if (type->kind == CEL_LIST)
        element.bound.size = range.inner;
    for (uint32_t i = 1; i < node->arg_count; i++) {
        last = node_bound(&element, node->args[i]);
        body.steps = plus(body.steps, last.steps);
    }
    body.steps = plus(range.steps, plus(1, times(range.size, plus(body.steps, 1))));
    if (node->kind == CEL_NODE_FILTER || node->kind == CEL_NODE_MAP_EACH) {
        body.size = range.size;
        body.inner = node->kind == CEL_NODE_FILTER ? element.bound.size : last.size;
    }
    return body;
}

/* Nodes that evaluate all their operands, once each. */
static struct bound
plain_bound(const struct binding *binding, const struct cel_node *node)
{
    struct bound args[CEL_ARGUMENTS_MAX] = {0}, result = {.steps = 1};

    for (uint32_t i = 0; i < node->arg_count && i < CEL_ARGUMENTS_MAX; i++) {
        args[i] = node_bound(binding, node->args[i]);
        result.steps = plus(result.steps, args[i].steps);
    }
    if (node->kind == CEL_NODE_SELECT) {
        result.size = field_bound(node).size;
        result.inner = field_bound(node).inner;
        return result;
    }
    return node->kind == CEL_NODE_CALL ? call_bound(node, args, result)
                                       : operator_bound(node, args, result);
}

static struct bound
node_bound(const struct binding *binding, const struct cel_node *node)
{
    if (node->value.kind != CEL_ERROR)
        return value_bound(node->value);
    switch (node->kind) {
    case CEL_NODE_IDENT:
        return name_bound(binding, node);
    case CEL_NODE_LIST:
    case CEL_NODE_MAP:
        return literal_bound(binding, node);
    case CEL_NODE_COND:
        return condition_bound(binding, node);
    case CEL_NODE_ALL:
    case CEL_NODE_EXISTS:
    case CEL_NODE_EXISTS_ONE:
    case CEL_NODE_FILTER:
    case CEL_NODE_MAP_EACH:
        return loop_bound(binding, node);
    default:
        return plain_bound(binding, node);
    }
}

uint64_t
cel_cost(const struct cel_node *root)
{
    return node_bound(NULL, root).steps;
}
