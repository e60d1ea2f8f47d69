/*
 * expression.h - what an expression is, apart from how it is written.
 *
 * Private to the analysis of packs and books.
 */
#ifndef POLICY_RULES_EXPRESSION_H
#define POLICY_RULES_EXPRESSION_H

#include "policy/rules/cel/check.h"

/* A loop that stands around the expression. */
struct enclosing {
    const char *name;
    uint32_t depth; /* 0: the outermost */
    const struct enclosing *outer;
};

/*
 * Equal for equal expressions: also where only the order of == && || != differs,
 * the side of < and >, or the name of a loop's variable.  chance() is never the
 * same as another.  64 bits, so that others are equal by bad luck alone.
 * with_params: parameters stand for their values, so that expressions of two packs
 * compare; without, for their names.
 */
uint64_t expression_hash(const struct enclosing *around, const struct cel_node *node,
                         bool with_params);

/* The value of an expression that depends on nothing, or only on parameters if with_params;
 * an ERROR where it is not known. */
struct cel_value expression_value(struct arena *arena, const struct cel_node *node,
                                  bool with_params);

/* Nodes of the tree: the most conjuncts that it can have. */
size_t expression_nodes(const struct cel_node *node);

#endif
