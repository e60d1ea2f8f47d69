/*
 * evaluate.c - what an op is worth, computed when it is asked for.
 *
 * One function a kind of op.  An error is handed on by whoever meets it, but
 * for && and ||, all() and exists(), which look at the other operands first.
 */
#include "policy/rules/cel/program_ops.h"

/* For the rarer kinds of op: their stack frames must not become computed()'s. */
#define NOINLINE __attribute__((noinline))

void
cel_frame_init(struct cel_frame *frame, const struct cel_program *program, struct cel_run *run,
               const struct cel_value *variables,
               struct cel_value (*load)(struct cel_run *run, enum cel_variable_id id))
{
    size_t words = program->memo_count / 64 + 1;

    frame->run = run;
    frame->program = program;
    frame->variables = variables;
    frame->load = load;
    if (program->memo_count > 0) {
        frame->known = run->alloc(run->context, words * sizeof(*frame->known) +
                                                    program->memo_count * sizeof(*frame->memo));
        frame->memo = (struct cel_value *)(void *)(frame->known + words);
        memset(frame->known, 0, words * sizeof(*frame->known));
    }
}

static struct cel_value computed(struct cel_frame *frame, const struct cel_op *op);

/* What cel_evaluate() does, in the place where an operand is wanted: most are
 * constants or known already, and need no call. */
static inline struct cel_value
evaluated(struct cel_frame *frame, uint32_t index)
{
    const struct cel_op *op = &frame->program->ops[index];
    uint32_t memo = op->memo - 1;
    struct cel_value value;

    if (op->kind == CEL_NODE_CONST)
        return *op->value;
    if (op->memo == 0)
        return computed(frame, op);
    if (frame->known[memo / 64] >> (memo % 64) & 1)
        return frame->memo[memo];
    value = computed(frame, op);
    frame->memo[memo] = value;
    frame->known[memo / 64] |= (uint64_t)1 << (memo % 64);
    return value;
}

/* -- && and || -- */

/*
 * Both absorb: what one operand decides, no error of the other undoes.
 * decisive is the operand that decides: false for &&, true for ||.
 */
static struct cel_value
logic(struct cel_frame *frame, const struct cel_op *op, bool decisive)
{
    struct cel_value left = evaluated(frame, op->a), right;

    if (left.kind == CEL_BOOL && left.truth == decisive)
        return left;
    right = evaluated(frame, op->b);
    if (right.kind == CEL_BOOL && (left.kind == CEL_BOOL || right.truth == decisive))
        return right;
    if (left.kind == CEL_ERROR)
        return left;
    if (right.kind == CEL_ERROR)
        return right;
    return cel_no_overload(frame->run, decisive ? "||" : "&&",
                           (struct cel_value[]){left, right}, 2);
}

static NOINLINE struct cel_value
conditional(struct cel_frame *frame, const struct cel_op *op)
{
    struct cel_value condition = evaluated(frame, op->a);

    if (condition.kind == CEL_BOOL)
        return evaluated(frame, condition.truth ? op->b : op->c);
    if (condition.kind == CEL_ERROR)
        return condition;
    return cel_no_overload(frame->run, "?:", &condition, 1);
}

/* -- operators of two operands that must both be there -- */

static struct cel_value
equal(struct cel_run *run, struct cel_value a, struct cel_value b)
{
    if (a.kind == CEL_STRING && b.kind == CEL_STRING) /* nearly all of them */
        return cel_bool(a.size == b.size && memcmp(a.text, b.text, a.size) == 0);
    return cel_equal(run, a, b);
}

/* By the operator, the orders it is true for: bit 0 less, bit 1 equal, bit 2 greater. */
static const uint8_t orders[] = {
    [CEL_NODE_LT] = 1,
    [CEL_NODE_LE] = 3,
    [CEL_NODE_GT] = 4,
    [CEL_NODE_GE] = 6,
};
static const char *const order_names[] = {
    [CEL_NODE_LT] = "<",
    [CEL_NODE_LE] = "<=",
    [CEL_NODE_GT] = ">",
    [CEL_NODE_GE] = ">=",
};

static NOINLINE struct cel_value
ordered(struct cel_run *run, unsigned kind, struct cel_value a, struct cel_value b)
{
    int order;

    if (!cel_compare(a, b, &order))
        return cel_no_overload(run, order_names[kind], (struct cel_value[]){a, b}, 2);
    return cel_bool(order != CEL_UNORDERED && (orders[kind] >> (order + 1) & 1));
}

static NOINLINE struct cel_value
binary(struct cel_frame *frame, const struct cel_op *op)
{
    struct cel_value a = evaluated(frame, op->a), b;

    if (a.kind == CEL_ERROR)
        return a;
    b = evaluated(frame, op->b);
    if (b.kind == CEL_ERROR)
        return b;
    switch (op->kind) {
    case CEL_NODE_NE:
        a = equal(frame->run, a, b);
        return a.kind == CEL_BOOL ? cel_bool(!a.truth) : a;
    case CEL_NODE_ADD:
        return cel_arithmetic(frame->run, '+', a, b);
    case CEL_NODE_SUB:
        return cel_arithmetic(frame->run, '-', a, b);
    case CEL_NODE_MUL:
        return cel_arithmetic(frame->run, '*', a, b);
    case CEL_NODE_DIV:
        return cel_arithmetic(frame->run, '/', a, b);
    case CEL_NODE_MOD:
        return cel_arithmetic(frame->run, '%', a, b);
    case CEL_NODE_IN:
        return cel_in(frame->run, a, b);
    case CEL_NODE_INDEX:
        return cel_index(frame->run, a, b);
    default:
        return ordered(frame->run, op->kind, a, b);
    }
}

/* -- operators of one operand -- */

static NOINLINE struct cel_value
selected(struct cel_frame *frame, struct cel_value from, const struct cel_value *name)
{
    const struct cel_field *field = NULL;

    if (from.kind == CEL_MAP)
        return cel_index(frame->run, from, *name);
    if (from.kind == CEL_RECORD)
        field = cel_record_field((enum cel_record_id)from.type, name->text);
    if (field)
        return cel_field_get(frame->run, field, from.record);
    return cel_fail(frame->run, "no such field: %.*s", (int)name->size, name->text);
}

static NOINLINE struct cel_value
present(struct cel_frame *frame, struct cel_value in, const struct cel_value *name)
{
    const struct cel_field *field = NULL;
    struct cel_value found;

    if (in.kind == CEL_MAP)
        return cel_bool(cel_map_find(in, *name, &found));
    if (in.kind == CEL_RECORD)
        field = cel_record_field((enum cel_record_id)in.type, name->text);
    if (field)
        return cel_field_has(frame->run, field, in.record);
    return cel_fail(frame->run, "no such field: %.*s", (int)name->size, name->text);
}

static NOINLINE struct cel_value
unary(struct cel_frame *frame, const struct cel_op *op)
{
    struct cel_value a = evaluated(frame, op->a);

    if (a.kind == CEL_ERROR)
        return a;
    switch (op->kind) {
    case CEL_OP_HAS_FIELD:
        return cel_field_has(frame->run, op->field, a.record);
    case CEL_OP_MATCHES:
        return cel_pattern_matches(frame->run, op->pattern, a);
    case CEL_NODE_SELECT:
        return selected(frame, a, op->value);
    case CEL_NODE_HAS:
        return present(frame, a, op->value);
    case CEL_NODE_NEGATE:
        return cel_negate(frame->run, a);
    default:
        return a.kind == CEL_BOOL ? cel_bool(!a.truth)
                                  : cel_no_overload(frame->run, "!", &a, 1);
    }
}

/* -- rows of operands -- */

static NOINLINE struct cel_value
called(struct cel_frame *frame, const struct cel_op *op)
{
    const uint32_t *operands = &frame->program->operands[op->a];
    struct cel_value args[CEL_ARGUMENTS_MAX + 2];

    for (uint32_t i = 0; i < op->b; i++) {
        args[i] = evaluated(frame, operands[i]);
        if (args[i].kind == CEL_ERROR)
            return args[i];
    }
    return op->function->call(frame->run, args, op->b);
}

static NOINLINE struct cel_value
literal(struct cel_frame *frame, const struct cel_op *op)
{
    const uint32_t *operands = &frame->program->operands[op->a];
    struct cel_value *items = cel_alloc(frame->run, (op->b + 1) * sizeof(*items));

    if (!items)
        return cel_out_of_memory();
    for (uint32_t i = 0; i < op->b; i++) {
        items[i] = evaluated(frame, operands[i]);
        if (items[i].kind == CEL_ERROR)
            return items[i];
    }
    return op->kind == CEL_NODE_LIST ? cel_list(items, op->b)
                                     : cel_map(frame->run, items, op->b / 2);
}

/* -- loops -- */

/* Element i of a list, key i of a map. */
static inline struct cel_value
element(struct cel_value range, uint32_t i)
{
    return range.items[range.kind == CEL_MAP ? 2 * i : i];
}

static struct cel_value
not_bool(struct cel_frame *frame, struct cel_value value)
{
    return value.kind == CEL_ERROR
               ? value
               : cel_no_overload(frame->run, "a loop's condition", &value, 1);
}

/* all() and exists(): && and || over the elements, and they absorb like these. */
static struct cel_value
quantified(struct cel_frame *frame, const struct cel_op *op, struct cel_value range,
           bool decisive)
{
    struct cel_value result = cel_bool(!decisive);

    for (uint32_t i = 0; i < range.size; i++) {
        struct cel_value value;

        if (!cel_spend(frame->run, 1))
            return cel_out_of_steps();
        frame->locals[op->local] = element(range, i);
        value = evaluated(frame, op->b);
        if (value.kind == CEL_BOOL) {
            if (value.truth == decisive)
                return value;
        } else if (result.kind != CEL_ERROR) {
            result = not_bool(frame, value);
        }
    }
    return result;
}

static struct cel_value
exactly_one(struct cel_frame *frame, const struct cel_op *op, struct cel_value range)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < range.size; i++) {
        struct cel_value value;

        if (!cel_spend(frame->run, 1))
            return cel_out_of_steps();
        frame->locals[op->local] = element(range, i);
        value = evaluated(frame, op->b);
        if (value.kind != CEL_BOOL)
            return not_bool(frame, value);
        count += value.truth;
    }
    return cel_bool(count == 1);
}

/* filter() and map(): the elements that pass, or what is made of them. */
static struct cel_value
collected(struct cel_frame *frame, const struct cel_op *op, struct cel_value range)
{
    bool filters = op->kind == CEL_NODE_FILTER;
    bool conditional_map = op->kind == CEL_NODE_MAP_EACH && op->c != UINT32_MAX;
    struct cel_value *items = cel_alloc(frame->run, (range.size + (size_t)1) * sizeof(*items));
    uint32_t count = 0;

    if (!items)
        return cel_out_of_memory();
    for (uint32_t i = 0; i < range.size; i++) {
        struct cel_value here = element(range, i), value;

        if (!cel_spend(frame->run, 1))
            return cel_out_of_steps();
        frame->locals[op->local] = here;
        value = evaluated(frame, op->b);
        if ((filters || conditional_map) && value.kind != CEL_BOOL)
            return not_bool(frame, value);
        if ((filters || conditional_map) && !value.truth)
            continue;
        if (conditional_map)
            value = evaluated(frame, op->c);
        if (value.kind == CEL_ERROR)
            return value;
        items[count++] = filters ? here : value;
    }
    return cel_list(items, count);
}

static NOINLINE struct cel_value
looped(struct cel_frame *frame, const struct cel_op *op)
{
    struct cel_value range = evaluated(frame, op->a);

    if (range.kind == CEL_ERROR)
        return range;
    if (range.kind != CEL_LIST && range.kind != CEL_MAP)
        return cel_no_overload(frame->run, "a loop", &range, 1);
    switch (op->kind) {
    case CEL_NODE_ALL:
        return quantified(frame, op, range, false);
    case CEL_NODE_EXISTS:
        return quantified(frame, op, range, true);
    case CEL_NODE_EXISTS_ONE:
        return exactly_one(frame, op, range);
    default:
        return collected(frame, op, range);
    }
}

/* -- all of them -- */

static struct cel_value
variable(struct cel_frame *frame, const struct cel_op *op)
{
    if (frame->variables)
        return frame->variables[op->a];
    if (frame->load)
        return frame->load(frame->run, (enum cel_variable_id)op->a);
    return cel_error("no value for a variable");
}

/* The two that conditions are made of, without a second look at their kind. */
static struct cel_value
field(struct cel_frame *frame, const struct cel_op *op)
{
    struct cel_value from = evaluated(frame, op->a);

    return from.kind == CEL_ERROR ? from : cel_field_get(frame->run, op->field, from.record);
}

static struct cel_value
equality(struct cel_frame *frame, const struct cel_op *op)
{
    struct cel_value a = evaluated(frame, op->a), b;

    if (a.kind == CEL_ERROR)
        return a;
    b = evaluated(frame, op->b);
    return b.kind == CEL_ERROR ? b : equal(frame->run, a, b);
}

static struct cel_value
computed(struct cel_frame *frame, const struct cel_op *op)
{
    switch (op->kind) {
    case CEL_OP_FIELD:
        return field(frame, op);
    case CEL_NODE_EQ:
        return equality(frame, op);
    case CEL_NODE_CONST:
        return *op->value;
    case CEL_OP_VARIABLE:
        return variable(frame, op);
    case CEL_OP_LOCAL:
        return frame->locals[op->a];
    case CEL_NODE_AND:
        return logic(frame, op, false);
    case CEL_NODE_OR:
        return logic(frame, op, true);
    case CEL_NODE_COND:
        return conditional(frame, op);
    case CEL_NODE_CALL:
        return called(frame, op);
    case CEL_NODE_LIST:
    case CEL_NODE_MAP:
        return literal(frame, op);
    case CEL_NODE_ALL:
    case CEL_NODE_EXISTS:
    case CEL_NODE_EXISTS_ONE:
    case CEL_NODE_FILTER:
    case CEL_NODE_MAP_EACH:
        return looped(frame, op);
    case CEL_OP_HAS_FIELD:
    case CEL_OP_MATCHES:
    case CEL_NODE_SELECT:
    case CEL_NODE_HAS:
    case CEL_NODE_NEGATE:
    case CEL_NODE_NOT:
        return unary(frame, op);
    default:
        return binary(frame, op);
    }
}

struct cel_value
cel_evaluate(struct cel_frame *frame, uint32_t expression)
{
    return evaluated(frame, expression);
}
