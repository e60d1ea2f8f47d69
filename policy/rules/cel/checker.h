/*
 * checker.h - what the files of the type checker share.
 *
 * Private to policy/rules/check*.c.  A function that finds a fault returns
 * NULL, and everybody hands the NULL on: the first fault is the one reported.
 */
#ifndef POLICY_RULES_CEL_CHECKER_H
#define POLICY_RULES_CEL_CHECKER_H

#include "policy/rules/cel/check.h"

#define CHECKER_NAMES_MAX 256 /* that a fault picks the nearest from */

/* A loop's variable. */
struct scope {
    const char *name;
    const struct cel_type *type;
    const struct scope *outer;
};

struct checker {
    struct arena *arena;
    const struct cel_environment *environment;
    const struct scope *scope; /* innermost first */
    struct cel_fault *fault;
    struct cel_fault first; /* lenient: the first of them; text "": none */
};

/* Give the node and all below it their types; the node's, or NULL. */
const struct cel_type *checker_node(struct checker *checker, struct cel_node *node);

/* NULL, with a fault that is one in any mode. */
const struct cel_type *checker_fault(struct checker *checker, uint32_t at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The same where lenient checking leaves it to run time: it gives dyn then. */
const struct cel_type *checker_mismatch(struct checker *checker, uint32_t at, const char *fmt,
                                        ...) __attribute__((format(printf, 3, 4)));

/* A name that is not known: "NAME: no such KIND; the nearest is ...", or else the list. */
const struct cel_type *checker_unknown(struct checker *checker, uint32_t at, const char *name,
                                       const char *kind, const char *wanted,
                                       const char *const *candidates, size_t count);

/* "a.b.c" where the node is that and a is no loop's variable; NULL else. */
const char *checker_qualified(struct checker *checker, const struct cel_node *node);

bool checker_is_variable(struct checker *checker, const char *name);

/* check_names.c */
const struct cel_type *checker_ident(struct checker *checker, struct cel_node *node);
const struct cel_type *checker_select(struct checker *checker, struct cel_node *node);
const struct cel_type *checker_has(struct checker *checker, struct cel_node *node);
const struct cel_type *checker_index(struct checker *checker, struct cel_node *node);

/* check_calls.c: f(x), x.f(y) and namespace.f(x). */
const struct cel_type *checker_call(struct checker *checker, struct cel_node *node);

#endif
