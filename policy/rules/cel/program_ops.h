/*
 * program_ops.h - the inside of a program, for the files of policy/rules only.
 *
 * ops[] is a graph without cycles: operands stand before what uses them.  Most
 * of an expression's cost is in knowing what not to compute, so an op says of
 * itself on which loop variables it depends, whether on anything at all, and
 * where its value is remembered.
 */
#ifndef POLICY_RULES_CEL_PROGRAM_OPS_H
#define POLICY_RULES_CEL_PROGRAM_OPS_H

#include "gateway/base/arena.h"
#include "policy/rules/cel/program.h"

/* The operators are the tree's own; what the compiler adds follows them. */
enum cel_op_kind {
    CEL_OP_VARIABLE = CEL_NODE_KIND_COUNT, /* a: index in the environment */
    CEL_OP_LOCAL,                          /* a: which loop's variable, outermost 0 */
    CEL_OP_FIELD,                          /* a: a record; field */
    CEL_OP_HAS_FIELD,                      /* a: a record; field */
    CEL_OP_MATCHES,                        /* a: a string; pattern */
    CEL_OP_KIND_COUNT
};

struct cel_op {
    uint8_t kind;    /* enum cel_node_kind or cel_op_kind */
    uint8_t local;   /* loops: the local they bind */
    bool varies;     /* on the payment, or chance; else it is known at load time */
    uint32_t locals; /* bit n: the value depends on local n */
    uint32_t memo;   /* 1 + its place among the remembered; 0: not remembered */
    /* Operands: indexes of ops.  CALL, LIST, MAP: a is the first of b in operands[]. */
    uint32_t a, b, c;
    union {
        const struct cel_value *value;       /* CONST; SELECT and HAS: the name as a key */
        const struct cel_field *field;       /* FIELD, HAS_FIELD */
        const struct cel_function *function; /* CALL */
        const struct cel_pattern *pattern;   /* MATCHES */
    };
};

struct cel_program {
    struct arena arena; /* names, constants */
    const struct cel_environment *environment;
    bool fold;
    struct cel_op *ops;
    uint32_t op_count, op_capacity;
    uint32_t *operands;
    uint32_t operand_count, operand_capacity;
    uint32_t *roots; /* what cel_program_add() returned */
    uint32_t root_count, root_capacity;
    uint32_t memo_count;
    uint32_t *slots; /* hash of ops -> 1 + index, open addressing; a power of two */
    uint32_t slot_count;
    struct cel_pattern **patterns;
    size_t pattern_count;
};

static inline bool
cel_op_is_loop(const struct cel_op *op)
{
    return op->kind >= CEL_NODE_ALL && op->kind <= CEL_NODE_MAP_EACH;
}

/* Operands in a row, not in a, b and c. */
static inline bool
cel_op_has_row(const struct cel_op *op)
{
    return op->kind == CEL_NODE_CALL || op->kind == CEL_NODE_LIST || op->kind == CEL_NODE_MAP;
}

#endif
