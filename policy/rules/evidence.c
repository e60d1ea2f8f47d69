/* evidence.c - walks a true condition and tells what it rests on. */
#include "policy/rules/evidence.h"

#include <stdio.h>

#include "policy/rules/cel/program_ops.h"

#define POINTER_MAX 120
#define FACT_MAX    160

struct name {
    const char *pointer; /* NULL: it is written when asked for, or the op is no field */
    uint64_t hash;
};

struct evidence_names {
    struct name *by_op;
};

struct walk {
    const struct evidence_names *names;
    struct cel_frame *frame;
    struct policy_verdict *verdict;
    struct {
        uint32_t range; /* the op */
        uint32_t at;    /* the element it stands at */
        bool whole;     /* which has been told as a whole */
    } loops[CEL_LOOPS_MAX];
    uint64_t lines[4];               /* goods lines told */
    uint64_t pointers[EVIDENCE_MAX]; /* hashes of those told */
    uint32_t pointer_count, told;
    uint32_t met; /* facts, those included that had been told before */
};

/* -- where a value stands in the payment -- */

/* x[0] and x['key']: the segment; NULL where the index is computed. */
static const char *
index_name(const struct cel_op *key, char segment[POINTER_MAX])
{
    if (key->kind != CEL_NODE_CONST)
        return NULL;
    if (key->value->kind == CEL_STRING)
        snprintf(segment, POINTER_MAX, "%.*s", (int)key->value->size, key->value->text);
    else if (key->value->kind == CEL_INT)
        snprintf(segment, POINTER_MAX, "%lld", (long long)key->value->i);
    else
        return NULL;
    return segment;
}

/*
 * The pointer of a field, element or variable into text.  False: it stands nowhere,
 * it was computed.  walk NULL: at load time, when no loop runs.
 */
static bool
pointer_write(const struct cel_program *program, const struct walk *walk, uint32_t index,
              char text[POINTER_MAX])
{
    const struct cel_op *op = &program->ops[index];
    const char *name;
    char segment[POINTER_MAX];
    size_t len;

    text[0] = '\0';
    switch (op->kind) {
    case CEL_OP_VARIABLE:
        name = program->environment->variables[op->a].name;
        snprintf(text, POINTER_MAX, "%s", strcmp(name, "payment") == 0 ? "" : name);
        return true;
    case CEL_OP_LOCAL:
        if (!walk || !pointer_write(program, walk, walk->loops[op->a].range, text))
            return false;
        len = strlen(text);
        snprintf(text + len, POINTER_MAX - len, "/%u", walk->loops[op->a].at);
        return true;
    case CEL_OP_FIELD:
    case CEL_OP_HAS_FIELD:
        name = op->field->pointer ? op->field->pointer : op->field->name;
        break;
    case CEL_NODE_SELECT:
    case CEL_NODE_HAS:
        name = op->value->text;
        break;
    case CEL_NODE_INDEX:
        name = index_name(&program->ops[op->b], segment);
        break;
    default:
        return false;
    }
    if (!name || !pointer_write(program, walk, op->a, text))
        return false;
    len = strlen(text);
    snprintf(text + len, POINTER_MAX - len, "%s%s", len ? "/" : "", name);
    return true;
}

/* FNV-1a: goods is read as goods and as payment.goods, and yet is one fact. */
static uint64_t
pointer_hash(const char *pointer)
{
    uint64_t hash = 14695981039346656037u;

    for (; *pointer; pointer++)
        hash = (hash ^ (unsigned char)*pointer) * 1099511628211u;
    return hash;
}

struct evidence_names *
evidence_names_new(struct arena *arena, const struct cel_program *program)
{
    struct evidence_names *names = arena_alloc(arena, sizeof(*names));
    char text[POINTER_MAX];

    names->by_op = arena_zalloc(arena, (program->op_count + 1) * sizeof(*names->by_op));
    for (uint32_t i = 0; i < program->op_count; i++)
        if (program->ops[i].locals == 0 && pointer_write(program, NULL, i, text))
            names->by_op[i] =
                (struct name){arena_copy(arena, text, strlen(text)), pointer_hash(text)};
    return names;
}

/* -- telling -- */

/* At most size bytes of a longer text, without half a character at the end. */
static size_t
text_cut(const char *text, size_t size)
{
    while (size > 0 && ((unsigned char)text[size] & 0xc0) == 0x80)
        size--;
    return size;
}

/* A fact's value as text: strings as they are, the rest as CEL writes it. */
static void
tell(struct walk *walk, const char *pointer, struct cel_value value)
{
    char text[FACT_MAX];
    size_t size;

    if (walk->told == EVIDENCE_MAX)
        return;
    walk->told++;
    switch (value.kind) {
    case CEL_STRING:
        size = value.size < FACT_MAX ? value.size : text_cut(value.text, FACT_MAX - 1);
        if (size > 0)
            memcpy(text, value.text, size);
        text[size] = '\0';
        break;
    case CEL_LIST:
    case CEL_MAP:
        snprintf(text, sizeof(text), "(%u)", value.size);
        break;
    case CEL_TIMESTAMP:
        cel_timestamp_print(value, text);
        break;
    default:
        cel_print(value, text, sizeof(text));
    }
    walk->verdict->because(walk->verdict, pointer, text);
}

static void
tell_line(struct walk *walk, uint32_t line)
{
    uint64_t bit = (uint64_t)1 << line % 64;

    walk->met++;
    if (line / 64 >= sizeof(walk->lines) / sizeof(walk->lines[0]) ||
        (walk->lines[line / 64] & bit) || walk->told == EVIDENCE_MAX)
        return;
    walk->lines[line / 64] |= bit;
    walk->told++;
    walk->verdict->because_goods(walk->verdict, line);
}

/* A part that an earlier payment brings: "payments/<uetr> casing". */
static void
tell_earlier(struct walk *walk, const struct policy_kit *kit, uint32_t part)
{
    char pointer[POINTER_MAX];

    walk->met++;
    snprintf(pointer, sizeof(pointer), "payments/%s", kit->part_from[part]);
    tell(walk, pointer, cel_text(kit->parts[part]));
}

static void
tell_kit(struct walk *walk, const struct policy_kit *kit)
{
    for (uint32_t i = 0; i < kit->part_count; i++)
        if (kit->part_lines[i] != POLICY_LINE_ELSEWHERE)
            tell_line(walk, kit->part_lines[i]);
    if (!KIT_REACHES(kit, part_from) || kit->across_payments == 0)
        return;
    for (uint32_t i = 0; i < kit->part_count; i++)
        if (kit->part_lines[i] == POLICY_LINE_ELSEWHERE)
            tell_earlier(walk, kit, i);
}

static void
tell_hit(struct walk *walk, const struct policy_hit *hit)
{
    char text[FACT_MAX + 1]; /* more than tell() shows: that cuts, and between characters */

    walk->met++;
    snprintf(text, sizeof(text), "%s %s", hit->list, hit->entry);
    tell(walk, hit->field, cel_text(text));
}

/* An element that passed, as a whole; false: there is no way to tell it so. */
static bool
tell_element(struct walk *walk, struct cel_value value)
{
    const struct cel_goods *goods = value.record;

    if (value.kind != CEL_RECORD)
        return false;
    switch (value.type) {
    case CEL_REC_GOODS:
        tell_line(walk, goods->index);
        return true;
    case CEL_REC_KIT:
        tell_kit(walk, value.record);
        return true;
    case CEL_REC_HIT:
        tell_hit(walk, value.record);
        return true;
    default:
        return false;
    }
}

/*
 * What a reader understands of a field: amount/value for amount.minor, and of
 * has() the value that is there.
 */
static struct cel_value
field_shown(struct walk *walk, const struct cel_op *op, struct cel_value value)
{
    const struct cel_field *shown = NULL;
    struct cel_value parent;

    if (op->kind == CEL_OP_HAS_FIELD || op->kind == CEL_NODE_HAS)
        if (!cel_is_true(value))
            return cel_text("not given");
    if (op->kind == CEL_OP_HAS_FIELD)
        shown = op->field;
    if (op->kind != CEL_OP_FIELD && op->kind != CEL_OP_HAS_FIELD)
        return value;
    parent = cel_evaluate(walk->frame, op->a);
    if (op->field->pointer && parent.kind == CEL_RECORD)
        shown = cel_record_field((enum cel_record_id)parent.type, op->field->pointer);
    return shown ? cel_field_get(walk->frame->run, shown, parent.record) : value;
}

/* The loop that an op's value hangs on, CEL_LOOPS_MAX if on none. */
static uint32_t
loop_of(const struct cel_op *op)
{
    uint32_t local = 0;

    while (local < CEL_LOOPS_MAX && !(op->locals >> local & 1))
        local++;
    return local;
}

/* E1: has the pointer been told?  It has from now on. */
static bool
was_told(struct walk *walk, uint64_t hash)
{
    for (uint32_t i = 0; i < walk->pointer_count; i++)
        if (walk->pointers[i] == hash)
            return true;
    if (walk->pointer_count < EVIDENCE_MAX)
        walk->pointers[walk->pointer_count++] = hash;
    return false;
}

/* A field, element or variable that was read.  False: index is none of these. */
static bool
tell_read(struct walk *walk, uint32_t index, struct cel_value value)
{
    const struct cel_program *program = walk->frame->program;
    const struct cel_op *op = &program->ops[index];
    struct name name = walk->names->by_op[index];
    uint32_t local = loop_of(op);
    char text[POINTER_MAX];

    if (local < CEL_LOOPS_MAX && walk->loops[local].whole &&
        (op->kind == CEL_OP_FIELD || op->kind == CEL_OP_LOCAL || op->kind == CEL_OP_HAS_FIELD))
        return true; /* told with its element */
    if (!name.pointer) {
        if (!pointer_write(program, walk, index, text))
            return false;
        name = (struct name){text, pointer_hash(text)};
    }
    walk->met++;
    if (!was_told(walk, name.hash))
        tell(walk, name.pointer, field_shown(walk, op, value));
    return true;
}

/* goods[0].tier: the line is the fact. */
static bool
tell_read_of_element(struct walk *walk, const struct cel_op *field)
{
    return walk->frame->program->ops[field->a].kind == CEL_NODE_INDEX &&
           tell_element(walk, cel_evaluate(walk->frame, field->a));
}

/* -- walking: each op with its value, which whoever comes from above knows -- */

static void walk_op(struct walk *walk, uint32_t index, struct cel_value value);

static void
walk_part(struct walk *walk, uint32_t index)
{
    walk_op(walk, index, cel_evaluate(walk->frame, index));
}

/* The operands of && and || that made it what it is; decisive: that one was enough. */
static void
walk_logic(struct walk *walk, const struct cel_op *op, struct cel_value value)
{
    const uint32_t operands[] = {op->a, op->b};
    bool decisive = (op->kind == CEL_NODE_OR) == value.truth;

    for (int i = 0; i < 2; i++) {
        struct cel_value part = value;

        if (decisive)
            part = cel_evaluate(walk->frame, operands[i]);
        if (part.kind == CEL_BOOL && part.truth == value.truth)
            walk_op(walk, operands[i], part);
    }
}

/* Does this element count: it passed exists(), or failed all(). */
static bool
element_counts(const struct cel_op *op, struct cel_value loop, struct cel_value passed)
{
    switch (op->kind) {
    case CEL_NODE_EXISTS:
    case CEL_NODE_EXISTS_ONE:
    case CEL_NODE_FILTER:
        return cel_is_true(passed);
    case CEL_NODE_ALL:
        return passed.kind == CEL_BOOL && passed.truth == loop.truth;
    default:
        return op->c == UINT32_MAX || cel_is_true(passed);
    }
}

static void
walk_loop(struct walk *walk, const struct cel_op *op, struct cel_value value)
{
    struct cel_value range = cel_evaluate(walk->frame, op->a);
    uint32_t before = walk->met;

    if (range.kind != CEL_LIST && range.kind != CEL_MAP)
        return;
    walk->loops[op->local].range = op->a;
    for (uint32_t i = 0; i < range.size && walk->told < EVIDENCE_MAX; i++) {
        struct cel_value element = range.items[range.kind == CEL_MAP ? 2 * i : i], passed;

        walk->frame->locals[op->local] = element;
        passed = cel_evaluate(walk->frame, op->b);
        if (!element_counts(op, value, passed))
            continue;
        walk->loops[op->local].at = i;
        walk->loops[op->local].whole = tell_element(walk, element);
        walk_op(walk, op->b, passed);
    }
    walk->loops[op->local].whole = false;
    if (walk->met == before) /* that nothing was there is what it rests on */
        walk_op(walk, op->a, range);
}

static void
walk_row(struct walk *walk, const struct cel_op *op)
{
    for (uint32_t i = 0; i < op->b; i++)
        walk_part(walk, walk->frame->program->operands[op->a + i]);
}

static void
walk_conditional(struct walk *walk, const struct cel_op *op, struct cel_value value)
{
    struct cel_value condition = cel_evaluate(walk->frame, op->a);

    walk_op(walk, op->a, condition);
    walk_op(walk, cel_is_true(condition) ? op->b : op->c, value);
}

static void
walk_op(struct walk *walk, uint32_t index, struct cel_value value)
{
    const struct cel_op *op = &walk->frame->program->ops[index];

    if (value.kind == CEL_ERROR || op->kind == CEL_NODE_CONST)
        return;
    switch (op->kind) {
    case CEL_NODE_AND:
    case CEL_NODE_OR:
        walk_logic(walk, op, value);
        break;
    case CEL_NODE_COND:
        walk_conditional(walk, op, value);
        break;
    case CEL_NODE_CALL:
    case CEL_NODE_LIST:
    case CEL_NODE_MAP:
        walk_row(walk, op);
        break;
    case CEL_NODE_ALL:
    case CEL_NODE_EXISTS:
    case CEL_NODE_EXISTS_ONE:
    case CEL_NODE_FILTER:
    case CEL_NODE_MAP_EACH:
        walk_loop(walk, op, value);
        break;
    case CEL_OP_VARIABLE:
    case CEL_OP_LOCAL:
        tell_read(walk, index, value);
        break;
    case CEL_OP_FIELD:
    case CEL_OP_HAS_FIELD:
    case CEL_NODE_SELECT:
    case CEL_NODE_HAS:
        if (!tell_read_of_element(walk, op) && !tell_read(walk, index, value))
            walk_part(walk, op->a);
        break;
    case CEL_NODE_INDEX:
        if (tell_element(walk, value) || tell_read(walk, index, value))
            break;
        walk_part(walk, op->a);
        walk_part(walk, op->b);
        break;
    case CEL_NODE_NOT:
        walk_op(walk, op->a, cel_bool(!value.truth));
        break;
    case CEL_NODE_NEGATE:
    case CEL_OP_MATCHES:
        walk_part(walk, op->a);
        break;
    default:
        walk_part(walk, op->a);
        walk_part(walk, op->b);
    }
}

void
evidence_tell(const struct evidence_names *names, struct cel_frame *frame, uint32_t expression,
              struct policy_verdict *verdict)
{
    struct walk walk;

    walk.names = names;
    walk.frame = frame;
    walk.verdict = verdict;
    memset(walk.lines, 0, sizeof(walk.lines));
    walk.pointer_count = 0;
    walk.told = 0;
    walk.met = 0;
    walk_op(&walk, expression, cel_bool(true));
}
