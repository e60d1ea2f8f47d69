/*
 * types.h - what the checker asks about types.
 *
 * Private to policy/rules.  dyn goes with everything, everywhere.
 */
#ifndef POLICY_RULES_CEL_TYPES_H
#define POLICY_RULES_CEL_TYPES_H

#include "policy/rules/cel/check.h"

/* Of the elements of [] and {}: dyn, but gives way to any other type. */
extern const struct cel_type cel_type_open;

bool cel_type_same(const struct cel_type *a, const struct cel_type *b);

/* The type that holds both: of a list's items, of the branches of ?:. */
const struct cel_type *cel_type_join(struct arena *arena, const struct cel_type *a,
                                     const struct cel_type *b);

/* May a value of type given stand where wanted is asked for? */
bool cel_type_accepts(const struct cel_type *wanted, const struct cel_type *given);

/* Can == ever be true: the same type, two kinds of number, null and what may be null. */
bool cel_type_comparable(const struct cel_type *a, const struct cel_type *b);

/*
 * What a call gives whose overloads are written as in functions.h, "ii:i ss:s".
 * dyn where several overloads fit with different results; NULL where none does.
 */
const struct cel_type *cel_signature_result(struct arena *arena, const char *signatures,
                                            const struct cel_type *const *args, uint32_t count);

/* One overload's arguments as a person reads them: "[A]i" is "list, int".  Returns what
 * follows in signatures, NULL after the last overload. */
const char *cel_signature_print(const char *signatures, char *text, size_t size);

#endif
