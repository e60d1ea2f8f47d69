/* compile.c - trees into one graph of ops: equal ones merged, constant ones computed. */
#include <assert.h>
#include <stdlib.h>

#include "policy/rules/cel/program_ops.h"
#include "policy/rules/cel/zones.h"

#define OPS_FIRST       64
#define SLOTS_FIRST     256
#define VALUES_COMPARED 10000 /* of two constants, before they count as different */

/* The loops around what is being compiled, outermost first. */
struct scope {
    const char *names[CEL_LOOPS_MAX];
    uint32_t depth;
};

struct compiler {
    struct cel_program *program;
    struct scope scope;
    const char *rule;
    uint32_t chances; /* calls of chance() so far in this rule */
};

static void *
grown(void *old, size_t size, uint32_t count, uint32_t *capacity, uint32_t first)
{
    if (count < *capacity)
        return old;
    *capacity = *capacity ? *capacity * 2 : first;
    old = realloc(old, *capacity * size);
    if (!old)
        abort();
    return old;
}

struct cel_program *
cel_program_new(const struct cel_environment *environment, bool fold)
{
    struct cel_program *program = calloc(1, sizeof(*program));

    if (!program)
        abort();
    program->environment = environment;
    program->fold = fold;
    program->slot_count = SLOTS_FIRST;
    program->slots = calloc(program->slot_count, sizeof(*program->slots));
    /* There from the start: {} and f() have their empty row in it. */
    program->operands =
        grown(NULL, sizeof(*program->operands), 0, &program->operand_capacity, OPS_FIRST);
    if (!program->slots)
        abort();
    return program;
}

void
cel_program_free(struct cel_program *program)
{
    if (!program)
        return;
    for (size_t i = 0; i < program->pattern_count; i++)
        cel_pattern_release(program->patterns[i]);
    free(program->patterns);
    free(program->ops);
    free(program->operands);
    free(program->roots);
    free(program->slots);
    arena_release(&program->arena);
    free(program);
}

/* -- equal ops are one -- */

static uint64_t
mixed(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 29;
}

static uint64_t
value_hash(const struct cel_value *value)
{
    uint64_t hash = mixed(value->kind, value->type);

    if (value->kind == CEL_STRING || value->kind == CEL_BYTES)
        for (uint32_t i = 0; i < value->size; i++)
            hash = mixed(hash, (unsigned char)value->text[i]);
    else if (value->kind == CEL_LIST || value->kind == CEL_MAP)
        hash = mixed(hash, value->size);
    else
        hash = mixed(hash, value->u);
    return hash;
}

/*
 * The same to the bit: 1 and 1.0 are equal in CEL, and yet not one constant.
 * Lists may share their parts and come to 2^40 items in a few bytes: what is not
 * seen to be the same by looking at *left of them is kept apart.
 */
static bool
value_same(const struct cel_value *a, const struct cel_value *b, uint32_t *left)
{
    uint32_t items = a->kind == CEL_MAP ? 2 * a->size : a->size;

    if (*left == 0)
        return false;
    --*left;
    if (a->kind != b->kind || a->type != b->type || a->size != b->size)
        return false;
    if (a->kind == CEL_STRING || a->kind == CEL_BYTES)
        return a->size == 0 || memcmp(a->text, b->text, a->size) == 0;
    if (a->kind != CEL_LIST && a->kind != CEL_MAP)
        return a->u == b->u;
    for (uint32_t i = 0; i < items; i++)
        if (!value_same(&a->items[i], &b->items[i], left))
            return false;
    return true;
}

static bool
has_value(const struct cel_op *op)
{
    return op->kind == CEL_NODE_CONST || op->kind == CEL_NODE_SELECT ||
           op->kind == CEL_NODE_HAS;
}

static uint64_t
op_hash(const struct cel_program *program, const struct cel_op *op)
{
    uint64_t hash = mixed(op->kind, op->local);

    if (has_value(op))
        hash = mixed(hash, value_hash(op->value));
    else
        hash = mixed(hash, (uintptr_t)op->field);
    if (cel_op_has_row(op)) {
        for (uint32_t i = 0; i < op->b; i++)
            hash = mixed(hash, program->operands[op->a + i]);
        return mixed(hash, op->b);
    }
    return mixed(mixed(mixed(hash, op->a), op->b), op->c);
}

static bool
op_same(const struct cel_program *program, const struct cel_op *x, const struct cel_op *y)
{
    uint32_t left = VALUES_COMPARED;

    if (x->kind != y->kind || x->local != y->local || x->b != y->b || x->c != y->c)
        return false;
    if (has_value(x) ? !value_same(x->value, y->value, &left) : x->field != y->field)
        return false;
    if (cel_op_has_row(x))
        return x->b == 0 || memcmp(&program->operands[x->a], &program->operands[y->a],
                                   x->b * sizeof(uint32_t)) == 0;
    return x->a == y->a;
}

static void
slots_grow(struct cel_program *program)
{
    uint32_t count = program->slot_count * 2;
    uint32_t *slots = calloc(count, sizeof(*slots));

    if (!slots)
        abort();
    for (uint32_t i = 0; i < program->op_count; i++) {
        uint64_t at = op_hash(program, &program->ops[i]);

        while (slots[at & (count - 1)])
            at++;
        slots[at & (count - 1)] = i + 1;
    }
    free(program->slots);
    program->slots = slots;
    program->slot_count = count;
}

/* The one op that is equal to this, which is made if there is none. */
static uint32_t
op_intern(struct compiler *compiler, struct cel_op op)
{
    struct cel_program *program = compiler->program;
    uint64_t at = op_hash(program, &op);
    uint32_t mask = program->slot_count - 1, found;

    for (; (found = program->slots[at & mask]) != 0; at++)
        if (op_same(program, &program->ops[found - 1], &op))
            return found - 1;
    program->ops =
        grown(program->ops, sizeof(op), program->op_count, &program->op_capacity, OPS_FIRST);
    program->ops[program->op_count] = op;
    program->slots[at & mask] = ++program->op_count;
    if (program->op_count * 2 > program->slot_count)
        slots_grow(program);
    return program->op_count - 1;
}

/* -- constants -- */

static uint32_t
constant(struct compiler *compiler, struct cel_value value)
{
    struct cel_value *kept = arena_alloc(&compiler->program->arena, sizeof(*kept));

    *kept = value;
    return op_intern(compiler, (struct cel_op){.kind = CEL_NODE_CONST, .value = kept});
}

static void *
program_alloc(void *context, size_t bytes)
{
    struct cel_program *program = context;

    return arena_alloc(&program->arena, bytes);
}

/* An op that depends on nothing: its value, unless that is an error, which stays
 * where it is, to be met or absorbed when it is reached. */
static uint32_t
folded(struct compiler *compiler, uint32_t index)
{
    struct cel_program *program = compiler->program;
    const struct cel_op *op = &program->ops[index];
    struct cel_run run = {.alloc = program_alloc,
                          .context = program,
                          .memory_left = CEL_MEMORY_MAX,
                          .steps_left = CEL_STEPS_MAX};
    struct cel_frame frame;
    struct cel_value value;

    if (!program->fold || op->varies || op->locals || op->kind == CEL_NODE_CONST)
        return index;
    cel_frame_init(&frame, program, &run, NULL, NULL);
    value = cel_evaluate(&frame, index);
    return value.kind == CEL_ERROR ? index : constant(compiler, value);
}

/* An op all of whose parts are known: what it depends on follows from them. */
static uint32_t
finished(struct compiler *compiler, struct cel_op op, const uint32_t *parts, uint32_t count)
{
    const struct cel_op *ops = compiler->program->ops;

    for (uint32_t i = 0; i < count; i++) {
        op.locals |= ops[parts[i]].locals;
        op.varies |= ops[parts[i]].varies;
    }
    if (cel_op_is_loop(&op))
        op.locals &= ~((uint32_t)1 << op.local);
    return folded(compiler, op_intern(compiler, op));
}

/* -- one function a kind of node -- */

static uint32_t compiled(struct compiler *compiler, const struct cel_node *node);

static uint32_t
compiled_variable(struct compiler *compiler, const char *name)
{
    const struct cel_environment *environment = compiler->program->environment;

    for (size_t i = 0; i < environment->variable_count; i++) {
        const struct cel_variable *variable = &environment->variables[i];

        if (strcmp(variable->name, name) != 0)
            continue;
        if (variable->constant)
            return constant(compiler, *variable->constant);
        return op_intern(
            compiler,
            (struct cel_op){.kind = CEL_OP_VARIABLE, .a = (uint32_t)i, .varies = true});
    }
    return UINT32_MAX;
}

static uint32_t
compiled_ident(struct compiler *compiler, const struct cel_node *node)
{
    const char *name = node->name + (node->name[0] == '.');
    struct cel_value type;
    uint32_t found;

    for (uint32_t i = name == node->name ? compiler->scope.depth : 0; i > 0; i--)
        if (strcmp(compiler->scope.names[i - 1], name) == 0)
            return op_intern(compiler, (struct cel_op){.kind = CEL_OP_LOCAL,
                                                       .a = i - 1,
                                                       .locals = (uint32_t)1 << (i - 1)});
    found = compiled_variable(compiler, name);
    if (found != UINT32_MAX)
        return found;
    if (cel_type_named(name, &type))
        return constant(compiler, type);
    return constant(compiler, cel_error("undeclared reference")); /* the checker's to find */
}

/* x.name and has(x.name): by offset where x is a record, by key where it is not. */
static uint32_t
compiled_select(struct compiler *compiler, const struct cel_node *node)
{
    struct cel_program *program = compiler->program;
    const struct cel_type *type = node->args[0]->type;
    bool has = node->kind == CEL_NODE_HAS;
    struct cel_op op = {.a = compiled(compiler, node->args[0])};
    struct cel_value *name;

    if (type && type->kind == CEL_RECORD) {
        op.kind = has ? CEL_OP_HAS_FIELD : CEL_OP_FIELD;
        op.field = cel_record_field((enum cel_record_id)type->record, node->name);
        assert(op.field); /* T1 */
    } else {
        op.kind = has ? CEL_NODE_HAS : CEL_NODE_SELECT;
        name = arena_alloc(&program->arena, sizeof(*name));
        *name = cel_text(node->name);
        op.value = name;
    }
    return finished(compiler, op, &op.a, 1);
}

/* LIST, MAP and CALL: any number of operands, kept in a row. */
static uint32_t
compiled_row(struct compiler *compiler, struct cel_op op, const uint32_t *parts, uint32_t count)
{
    struct cel_program *program = compiler->program;

    op.a = program->operand_count;
    op.b = count;
    for (uint32_t i = 0; i < count; i++) {
        program->operands = grown(program->operands, sizeof(*parts), program->operand_count,
                                  &program->operand_capacity, OPS_FIRST);
        program->operands[program->operand_count++] = parts[i];
    }
    return finished(compiler, op, parts, count);
}

static bool
is_constant_text(const struct cel_program *program, uint32_t index)
{
    const struct cel_op *op = &program->ops[index];

    return op->kind == CEL_NODE_CONST && op->value->kind == CEL_STRING;
}

/* matches() with a pattern known now; UINT32_MAX: it has to wait for run time. */
static uint32_t
compiled_matches(struct compiler *compiler, const uint32_t *parts)
{
    struct cel_program *program = compiler->program;
    struct cel_op op = {.kind = CEL_OP_MATCHES, .a = parts[0]};
    const struct cel_value *text = program->ops[parts[1]].value;
    struct cel_pattern *pattern, **patterns;
    char why[CEL_ERROR_MAX];

    pattern = cel_pattern_compile(text->text, text->size, why, sizeof(why));
    if (!pattern)
        return UINT32_MAX; /* the call itself will say why */
    patterns =
        realloc(program->patterns, (program->pattern_count + 1) * sizeof(struct cel_pattern *));
    if (!patterns)
        abort();
    program->patterns = patterns;
    patterns[program->pattern_count++] = pattern;
    op.pattern = pattern;
    return finished(compiler, op, &op.a, 1);
}

static uint32_t
compiled_call(struct compiler *compiler, const struct cel_node *node)
{
    struct cel_program *program = compiler->program;
    uint32_t parts[CEL_ARGUMENTS_MAX + 2], count = node->arg_count, done;
    struct cel_op op = {.kind = CEL_NODE_CALL};
    bool known;

    op.function = cel_function_find(node->name, node->method, count, &known);
    if (!op.function || count > CEL_ARGUMENTS_MAX)
        return constant(compiler, cel_error("unknown function"));
    for (uint32_t i = 0; i < count; i++)
        parts[i] = compiled(compiler, node->args[i]);
    if (strcmp(node->name, "matches") == 0 && count == 2 &&
        is_constant_text(program, parts[1])) {
        done = compiled_matches(compiler, parts);
        if (done != UINT32_MAX)
            return done;
    }
    if (strncmp(node->name, "get", 3) == 0 && count == 2 && is_constant_text(program, parts[1]))
        (void)cel_zone_known(arena_copy(&program->arena, program->ops[parts[1]].value->text,
                                        program->ops[parts[1]].value->size));
    if (strcmp(node->name, "chance") == 0) {
        parts[count++] = constant(compiler, cel_text(compiler->rule));
        parts[count++] = constant(compiler, cel_int(compiler->chances++));
    }
    op.varies = !op.function->pure;
    return compiled_row(compiler, op, parts, count);
}

/* The items of a literal: as many as fit in the source, so not on the stack. */
static uint32_t
compiled_literal(struct compiler *compiler, const struct cel_node *node)
{
    uint32_t *parts =
        arena_alloc(&compiler->program->arena, (node->arg_count + 1) * sizeof(*parts));

    for (uint32_t i = 0; i < node->arg_count; i++)
        parts[i] = compiled(compiler, node->args[i]);
    return compiled_row(compiler, (struct cel_op){.kind = (uint8_t)node->kind}, parts,
                        node->arg_count);
}

static uint32_t
compiled_loop(struct compiler *compiler, const struct cel_node *node)
{
    struct scope *scope = &compiler->scope;
    struct cel_op op = {.kind = (uint8_t)node->kind, .local = (uint8_t)scope->depth};
    uint32_t parts[3] = {0};

    assert(scope->depth < CEL_LOOPS_MAX); /* S1 of syntax.h */
    parts[0] = compiled(compiler, node->args[0]);
    scope->names[scope->depth++] = node->name;
    for (uint32_t i = 1; i < node->arg_count; i++)
        parts[i] = compiled(compiler, node->args[i]);
    scope->depth--;
    op.a = parts[0];
    op.b = parts[1];
    op.c = node->arg_count == 3 ? parts[2] : UINT32_MAX;
    return finished(compiler, op, parts, node->arg_count);
}

/* An operator: up to three operands in a, b and c. */
static uint32_t
compiled_operator(struct compiler *compiler, const struct cel_node *node)
{
    struct cel_op op = {.kind = (uint8_t)node->kind};
    uint32_t parts[3] = {0};

    assert(node->arg_count >= 1 && node->arg_count <= 3);
    for (uint32_t i = 0; i < node->arg_count; i++)
        parts[i] = compiled(compiler, node->args[i]);
    op.a = parts[0];
    op.b = parts[1];
    op.c = parts[2];
    return finished(compiler, op, parts, node->arg_count);
}

static uint32_t
compiled(struct compiler *compiler, const struct cel_node *node)
{
    switch (node->kind) {
    case CEL_NODE_CONST:
        return constant(compiler, node->value);
    case CEL_NODE_IDENT:
        return compiled_ident(compiler, node);
    case CEL_NODE_SELECT:
    case CEL_NODE_HAS:
        return compiled_select(compiler, node);
    case CEL_NODE_LIST:
    case CEL_NODE_MAP:
        return compiled_literal(compiler, node);
    case CEL_NODE_CALL:
        return compiled_call(compiler, node);
    case CEL_NODE_ALL:
    case CEL_NODE_EXISTS:
    case CEL_NODE_EXISTS_ONE:
    case CEL_NODE_FILTER:
    case CEL_NODE_MAP_EACH:
        return compiled_loop(compiler, node);
    default:
        return compiled_operator(compiler, node);
    }
}

uint32_t
cel_program_add(struct cel_program *program, const struct cel_node *root, const char *rule)
{
    return cel_program_add_part(program, root, rule, &(struct cel_surroundings){0});
}

uint32_t
cel_program_add_part(struct cel_program *program, const struct cel_node *node, const char *rule,
                     const struct cel_surroundings *surroundings)
{
    struct compiler compiler = {.program = program,
                                .rule = rule,
                                .scope.depth = surroundings->local_count,
                                .chances = surroundings->chances};
    uint32_t index;

    assert(surroundings->local_count <= CEL_LOOPS_MAX);
    for (uint32_t i = 0; i < surroundings->local_count; i++)
        compiler.scope.names[i] = surroundings->locals[i];
    index = compiled(&compiler, node);
    program->roots = grown(program->roots, sizeof(index), program->root_count,
                           &program->root_capacity, OPS_FIRST);
    program->roots[program->root_count++] = index;
    return index;
}
