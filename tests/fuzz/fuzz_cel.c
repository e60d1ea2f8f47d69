/*
 * fuzz_cel.c - any bytes as CEL source.
 *
 * Beyond not crashing:
 *   Z1  a fault has a sentence and a place within the source.
 *   Z2  a tree has the shape and the offsets that syntax.h promises.
 *   Z3  the text of an operand, taken alone, is an expression.
 * What parses is evaluated: Z4 to Z7 are in fuzz_evaluate.h.
 */
#include "tests/fuzz/fuzz.h"

#include "policy/rules/cel/syntax.h"
#include "tests/fuzz/fuzz_evaluate.h"

static struct arena arena;

/* The least and most arguments of each kind of node. */
static const struct {
    uint32_t min, max;
} arguments[CEL_NODE_KIND_COUNT] = {
    [CEL_NODE_SELECT] = {1, 1},
    [CEL_NODE_HAS] = {1, 1},
    [CEL_NODE_INDEX] = {2, 2},
    [CEL_NODE_LIST] = {0, CEL_SOURCE_MAX},
    [CEL_NODE_MAP] = {0, CEL_SOURCE_MAX},
    [CEL_NODE_CALL] = {0, CEL_SOURCE_MAX},
    [CEL_NODE_NOT] = {1, 1},
    [CEL_NODE_NEGATE] = {1, 1},
    [CEL_NODE_AND] = {2, 2},
    [CEL_NODE_OR] = {2, 2},
    [CEL_NODE_EQ] = {2, 2},
    [CEL_NODE_NE] = {2, 2},
    [CEL_NODE_LT] = {2, 2},
    [CEL_NODE_LE] = {2, 2},
    [CEL_NODE_GT] = {2, 2},
    [CEL_NODE_GE] = {2, 2},
    [CEL_NODE_ADD] = {2, 2},
    [CEL_NODE_SUB] = {2, 2},
    [CEL_NODE_MUL] = {2, 2},
    [CEL_NODE_DIV] = {2, 2},
    [CEL_NODE_MOD] = {2, 2},
    [CEL_NODE_IN] = {2, 2},
    [CEL_NODE_COND] = {3, 3},
    [CEL_NODE_ALL] = {2, 2},
    [CEL_NODE_EXISTS] = {2, 2},
    [CEL_NODE_EXISTS_ONE] = {2, 2},
    [CEL_NODE_FILTER] = {2, 2},
    [CEL_NODE_MAP_EACH] = {2, 3},
};

static void
examine_fault(const struct cel_fault *fault, size_t size)
{
    MUST(fault->text[0], "Z1: a fault without a sentence");
    MUST(fault->at <= size, "Z1: %s: at %u of %zu", fault->text, fault->at, size);
}

static void
examine_tree(const struct cel_node *node, uint32_t begin, uint32_t end, int depth)
{
    MUST(depth <= CEL_NESTING_MAX, "Z2: deeper than %d", CEL_NESTING_MAX);
    MUST(node->kind < CEL_NODE_KIND_COUNT, "Z2: kind %d", node->kind);
    MUST(begin <= node->begin && node->begin <= node->at && node->at < node->end &&
             node->end <= end,
         "Z2: kind %d at %u, %u to %u, within %u to %u", node->kind, node->at, node->begin,
         node->end, begin, end);
    MUST(node->arg_count >= arguments[node->kind].min &&
             node->arg_count <= arguments[node->kind].max,
         "Z2: kind %d with %u arguments", node->kind, node->arg_count);
    for (uint32_t i = 0; i < node->arg_count; i++)
        examine_tree(node->args[i], node->begin, node->end, depth + 1);
}

static void
examine_operands(const char *source, const struct cel_node *root)
{
    for (uint32_t i = 0; i < root->arg_count; i++) {
        const struct cel_node *operand = root->args[i];
        struct cel_node *again;
        struct cel_fault fault;

        MUST(cel_parse(&arena, source + operand->begin, operand->end - operand->begin, &again,
                       &fault) == 0,
             "Z3: operand %u, %u to %u: %s", i, operand->begin, operand->end, fault.text);
        MUST(again->kind == operand->kind, "Z3: operand %u is of kind %d, then %d", i,
             operand->kind, again->kind);
    }
}

int
fuzz_cel(const uint8_t *data, size_t size)
{
    const char *source = (const char *)data;
    struct cel_node *root;
    struct cel_fault fault;

    arena_reset(&arena);
    if (cel_parse(&arena, source, size, &root, &fault) != 0) {
        examine_fault(&fault, size);
        return 0;
    }
    examine_tree(root, 0, (uint32_t)size, 1);
    examine_operands(source, root);
    fuzz_evaluate_bound(source, size);
    fuzz_evaluate_rule(source, size);
    return 0;
}
