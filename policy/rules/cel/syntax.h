/*
 * syntax.h - CEL source into a tree.
 *
 * The tree is what the specification's grammar says, with the macros has(),
 * all(), exists(), exists_one(), map() and filter() as nodes of their own: an
 * evaluator that sees the loop as a whole is shorter and quicker than one that
 * is given a fold.
 *
 *   S1  at most CEL_SOURCE_MAX bytes, brackets and operators nested at most
 *       CEL_NESTING_MAX deep, loops in loops at most CEL_LOOPS_MAX: no source
 *       exhausts the stack.
 *   S2  every node knows the bytes it stands for; an error names one place.
 *   S3  literals are converted: a node CEL_NODE_CONST holds its value.  A minus
 *       before a number is part of it, so that -9223372036854775808 exists.
 */
#ifndef POLICY_RULES_CEL_SYNTAX_H
#define POLICY_RULES_CEL_SYNTAX_H

#include "gateway/base/arena.h"
#include "policy/rules/cel/value.h"

#define CEL_SOURCE_MAX  4096
#define CEL_NESTING_MAX 250 /* the specification asks for 12 to 32 */
#define CEL_LOOPS_MAX   32  /* packs allow fewer: pack.h */
#define CEL_ERROR_MAX   400

enum cel_node_kind {
    CEL_NODE_CONST,  /* value */
    CEL_NODE_IDENT,  /* name; qualified names are SELECTs of IDENTs; ".x" has name ".x" */
    CEL_NODE_SELECT, /* args[0] . name */
    CEL_NODE_HAS,    /* has(args[0] . name) */
    CEL_NODE_INDEX,  /* args[0] [ args[1] ] */
    CEL_NODE_LIST,   /* args: the items */
    CEL_NODE_MAP,    /* args: key, value, key, value, ... */
    CEL_NODE_CALL,   /* name(args) or, if method, args[0].name(args[1], ...) */
    CEL_NODE_NOT,
    CEL_NODE_NEGATE,
    CEL_NODE_AND, /* two args, as all below to CEL_NODE_IN */
    CEL_NODE_OR,
    CEL_NODE_EQ,
    CEL_NODE_NE,
    CEL_NODE_LT,
    CEL_NODE_LE,
    CEL_NODE_GT,
    CEL_NODE_GE,
    CEL_NODE_ADD,
    CEL_NODE_SUB,
    CEL_NODE_MUL,
    CEL_NODE_DIV,
    CEL_NODE_MOD,
    CEL_NODE_IN,
    CEL_NODE_COND, /* args[0] ? args[1] : args[2] */
    /* Loops: args[0] is the range, name the variable. */
    CEL_NODE_ALL,        /* args[1]: predicate */
    CEL_NODE_EXISTS,     /* args[1]: predicate */
    CEL_NODE_EXISTS_ONE, /* args[1]: predicate */
    CEL_NODE_FILTER,     /* args[1]: predicate */
    CEL_NODE_MAP_EACH,   /* args[1]: transform; or args[1] predicate, args[2] transform */
    CEL_NODE_KIND_COUNT
};

/* A call that is no call: found by name, style and number of arguments. */
struct cel_macro {
    const char *name;
    bool method;
    uint32_t arg_count; /* the receiver included */
    enum cel_node_kind kind;
    const char *form; /* how it is written: "list.all(x, x > 0)" */
};

extern const struct cel_macro cel_macros[]; /* ends with a name of NULL */

struct cel_type;

struct cel_node {
    enum cel_node_kind kind;
    uint32_t at;    /* offset of the token an error points at: the operator, the name */
    uint32_t begin; /* source[begin..end) is the whole of it, brackets around it not */
    uint32_t end;
    uint32_t arg_count;
    bool method;            /* CALL in receiver style */
    const char *name;       /* terminated */
    struct cel_value value; /* CONST; after checking also of what reads a constant: params.x */
    struct cel_node **args;
    const struct cel_type *type; /* set by check.h; NULL before */
};

static inline bool
cel_node_is_loop(const struct cel_node *node)
{
    return node->kind >= CEL_NODE_ALL && node->kind <= CEL_NODE_MAP_EACH;
}

/* Where and what, for a person.  at is an offset into the source. */
struct cel_fault {
    uint32_t at;
    char text[CEL_ERROR_MAX]; /* "expected ...; found ..." */
};

/* Everything lives on the arena, names and literals included.  0 or -1 with *fault. */
int cel_parse(struct arena *arena, const char *source, size_t len, struct cel_node **out,
              struct cel_fault *fault) __attribute__((warn_unused_result));

/* 1-based; columns count code points. */
void cel_position(const char *source, size_t len, uint32_t at, uint32_t *line,
                  uint32_t *column);

#endif
