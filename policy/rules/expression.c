/* expression.c - hashes of expressions, and the values of those that are constant. */
#include "policy/rules/expression.h"

#include "policy/rules/cel/functions.h"

#define HASH_BASIS   14695981039346656037u /* FNV-1a, 64 bits */
#define HASH_PRIME   1099511628211u
#define HASH_LOCAL   1 /* what no kind of node is hashed as */
#define HASH_KIND(k) ((uint64_t)(k) + 2)

/* --- the same, differently written ------------------------------------------------------- */

static uint64_t
mixed(uint64_t hash, uint64_t with)
{
    hash = (hash ^ with) * HASH_PRIME;
    return hash ^ hash >> 29;
}

static uint64_t
mixed_text(uint64_t hash, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)text[i]) * HASH_PRIME;
    return mixed(hash, size);
}

static uint64_t
value_hash(struct cel_value value)
{
    uint64_t hash = mixed(HASH_BASIS, value.kind), pairs = 0;

    switch (value.kind) {
    case CEL_NULL:
        return hash;
    case CEL_BOOL:
        return mixed(hash, value.truth);
    case CEL_STRING:
    case CEL_BYTES:
        return mixed_text(hash, value.text, value.size);
    case CEL_TYPE:
        return mixed(hash, value.type);
    case CEL_LIST:
        for (uint32_t i = 0; i < value.size; i++)
            hash = mixed(hash, value_hash(value.items[i]));
        return mixed(hash, value.size);
    case CEL_MAP: /* in any order: the sum of its pairs */
        for (size_t i = 0; i < value.size; i++)
            pairs += mixed(value_hash(value.items[2 * i]), value_hash(value.items[2 * i + 1]));
        return mixed(hash, pairs);
    default: /* numbers: their bits */
        return mixed(hash, value.u);
    }
}

/* a && b && c is the same in any order: the sum of its parts. */
static uint64_t
chain_hash(const struct enclosing *around, const struct cel_node *node, enum cel_node_kind kind,
           bool with_params)
{
    if (node->kind != kind)
        return mixed(HASH_BASIS, expression_hash(around, node, with_params));
    return chain_hash(around, node->args[0], kind, with_params) +
           chain_hash(around, node->args[1], kind, with_params);
}

static uint64_t
name_hash(const struct enclosing *around, const struct cel_node *node)
{
    const char *name = node->name + (node->name[0] == '.');

    while (around && strcmp(around->name, node->name) != 0)
        around = around->outer;
    if (around)
        return mixed(mixed(HASH_BASIS, HASH_LOCAL), around->depth);
    return mixed_text(mixed(HASH_BASIS, HASH_KIND(CEL_NODE_IDENT)), name, strlen(name));
}

static uint64_t
loop_hash(const struct enclosing *around, const struct cel_node *node, bool with_params)
{
    struct enclosing loop = {node->name, around ? around->depth + 1 : 0, around};
    uint64_t hash = mixed(HASH_BASIS, HASH_KIND(node->kind));

    hash = mixed(hash, expression_hash(around, node->args[0], with_params));
    for (uint32_t i = 1; i < node->arg_count; i++)
        hash = mixed(hash, expression_hash(&loop, node->args[i], with_params));
    return mixed(hash, node->arg_count);
}

/* a > b is b < a. */
static uint64_t
comparison_hash(const struct enclosing *around, const struct cel_node *node, bool with_params)
{
    bool turned = node->kind == CEL_NODE_GT || node->kind == CEL_NODE_GE;
    bool strict = node->kind == CEL_NODE_LT || node->kind == CEL_NODE_GT;
    uint64_t hash = mixed(HASH_BASIS, HASH_KIND(strict ? CEL_NODE_LT : CEL_NODE_LE));

    hash = mixed(hash, expression_hash(around, node->args[turned], with_params));
    return mixed(hash, expression_hash(around, node->args[!turned], with_params));
}

static uint64_t
plain_hash(const struct enclosing *around, const struct cel_node *node, bool with_params)
{
    uint64_t hash = mixed(HASH_BASIS, HASH_KIND(node->kind));

    if (node->name)
        hash = mixed_text(hash, node->name, strlen(node->name));
    if (node->kind == CEL_NODE_CALL && strcmp(node->name, "chance") == 0)
        hash = mixed(hash, (uintptr_t)node); /* each call draws for itself */
    for (uint32_t i = 0; i < node->arg_count; i++)
        hash = mixed(hash, expression_hash(around, node->args[i], with_params));
    return mixed(hash, (uint64_t)node->arg_count << 1 | node->method);
}

uint64_t
expression_hash(const struct enclosing *around, const struct cel_node *node, bool with_params)
{
    if (with_params && node->value.kind != CEL_ERROR)
        return value_hash(node->value);
    switch (node->kind) {
    case CEL_NODE_CONST:
        return value_hash(node->value);
    case CEL_NODE_IDENT:
        return name_hash(around, node);
    case CEL_NODE_AND:
    case CEL_NODE_OR:
        return mixed(chain_hash(around, node, node->kind, with_params), HASH_KIND(node->kind));
    case CEL_NODE_EQ:
    case CEL_NODE_NE:
        return mixed(mixed(HASH_BASIS, HASH_KIND(node->kind)),
                     expression_hash(around, node->args[0], with_params) +
                         expression_hash(around, node->args[1], with_params));
    case CEL_NODE_LT:
    case CEL_NODE_LE:
    case CEL_NODE_GT:
    case CEL_NODE_GE:
        return comparison_hash(around, node, with_params);
    default:
        return cel_node_is_loop(node) ? loop_hash(around, node, with_params)
                                      : plain_hash(around, node, with_params);
    }
}

size_t
expression_nodes(const struct cel_node *node)
{
    size_t count = 1;

    for (uint32_t i = 0; i < node->arg_count; i++)
        count += expression_nodes(node->args[i]);
    return count;
}

/* --- constant ---------------------------------------------------------------------------- */

static void *
run_alloc(void *context, size_t bytes)
{
    return arena_alloc(context, bytes);
}

static struct cel_value
computed(struct cel_run *run, const struct cel_node *node, const struct cel_value *args)
{
    const struct cel_function *function;
    bool known;

    switch (node->kind) {
    case CEL_NODE_LIST:
        return cel_list(args, node->arg_count);
    case CEL_NODE_NEGATE:
        return cel_negate(run, args[0]);
    case CEL_NODE_ADD:
        return cel_arithmetic(run, '+', args[0], args[1]);
    case CEL_NODE_SUB:
        return cel_arithmetic(run, '-', args[0], args[1]);
    case CEL_NODE_MUL:
        return cel_arithmetic(run, '*', args[0], args[1]);
    case CEL_NODE_DIV:
        return cel_arithmetic(run, '/', args[0], args[1]);
    case CEL_NODE_MOD:
        return cel_arithmetic(run, '%', args[0], args[1]);
    case CEL_NODE_INDEX:
        return cel_index(run, args[0], args[1]);
    case CEL_NODE_CALL:
        function = cel_function_find(node->name, node->method, node->arg_count, &known);
        if (function && function->pure)
            return function->call(run, args, node->arg_count);
        break;
    default:
        break;
    }
    return cel_error("not known before there is a payment");
}

struct cel_value
expression_value(struct arena *arena, const struct cel_node *node, bool with_params)
{
    static const struct cel_value unknown = {.kind = CEL_ERROR, .text = "not known"};
    struct cel_run run = {.alloc = run_alloc,
                          .context = arena,
                          .memory_left = CEL_MEMORY_MAX,
                          .steps_left = CEL_STEPS_MAX};
    struct cel_value *args;

    if (node->kind == CEL_NODE_CONST || (with_params && node->value.kind != CEL_ERROR))
        return node->value;
    if (node->arg_count == 0 && node->kind != CEL_NODE_LIST)
        return unknown;
    if (cel_node_is_loop(node)) /* its body is not an operand */
        return unknown;
    args = arena_alloc(arena, (node->arg_count + 1) * sizeof(*args));
    for (uint32_t i = 0; i < node->arg_count; i++) {
        args[i] = expression_value(arena, node->args[i], with_params);
        if (args[i].kind == CEL_ERROR)
            return unknown;
    }
    return computed(&run, node, args);
}
