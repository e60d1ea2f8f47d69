/*
 * check.h - types, what names mean, and the type checker.
 *
 * Declared types come from the records (records.h), so that a typo is found
 * when a pack is loaded: "payment.debtor.contry: no such field; nearest is
 * country".  A dyn operand defers the question to run time.
 *
 *   T1  after cel_check() succeeded every node has a type, and an expression
 *       whose type is bool gives a bool or an error, nothing else.
 *   T2  lenient checking (an expression somebody tries out, bindings of any
 *       type) leaves everything to run time: an unknown name or function becomes
 *       an error where it stands, which && and || absorb like any other.
 */
#ifndef POLICY_RULES_CEL_CHECK_H
#define POLICY_RULES_CEL_CHECK_H

#include "policy/rules/cel/syntax.h"
#include "policy/rules/records.h"

struct cel_type {
    enum cel_kind kind;
    uint8_t record;                 /* RECORD: index in cel_records[] */
    const struct cel_type *key;     /* MAP */
    const struct cel_type *element; /* LIST, MAP */
};

/* One for each kind that needs no parameter; lists and maps are of dyn. */
extern const struct cel_type cel_types[CEL_KIND_COUNT];
extern const struct cel_type cel_record_types[CEL_REC_COUNT];

/* A name that expressions may use. */
struct cel_variable {
    const char *name; /* may be qualified, "a.b.c": then the longest one that fits is meant */
    const struct cel_type *type;
    const struct cel_value *constant; /* known at load time (params), or NULL */
};

struct cel_environment {
    const struct cel_variable *variables;
    size_t variable_count;
    bool lenient;          /* T2 */
    const char *container; /* the namespace that names are looked up in first, "a.b"; or NULL */
};

/* The type of a value, all the way down: params from JSON.  On the arena. */
const struct cel_type *cel_type_of(struct arena *arena, struct cel_value value);

/* "map(string, int)", "party" for a record: as a person says it.  On the arena. */
const char *cel_type_name(struct arena *arena, const struct cel_type *type);

/*
 * Give every node its type.  wanted: what the whole must be, NULL for anything.
 * 0, or -1 with the first fault.  Lenient: 0, and *fault tells of the first name or
 * function that is not known, its text "" if all are.
 */
int cel_check(struct arena *arena, const struct cel_environment *environment,
              struct cel_node *root, const struct cel_type *wanted, struct cel_fault *fault)
    __attribute__((warn_unused_result));

/*
 * The most steps the expression can take, whatever the payment.  After
 * cel_check().  Saturates at UINT64_MAX.
 *
 *   a node            1, and what its operands cost; of ?: the dearer branch
 *   a loop            the elements of its range, times what stands in it
 *   text              1 for ten characters that are compared, copied or searched
 *   matches()         the same, times a quarter of the pattern's steps
 *   lastIndexOf()     one comparison for each character
 *   x in list, ==     one comparison for each element
 *   {key: value}      one comparison for each two keys, at most 16 for one
 *
 * A list has as many elements as records.h says it can have, a literal or a
 * parameter as many as it has, a filter or map as its range; text.split() one
 * for each character; any other list 200.  A text has 1,000 characters, a
 * literal its own, what is built from texts the sum of theirs.
 */
uint64_t cel_cost(const struct cel_node *root);

#define CEL_COST_MAX 1000000 /* of one rule's condition */

/* The candidate fewest edits away from name, or NULL if none is near. */
const char *cel_nearest(const char *name, const char *const *candidates, size_t count);

#endif
