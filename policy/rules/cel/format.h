/*
 * format.h - "%s pays %.2f".format([name, amount]).
 *
 * The clauses are those of https://github.com/google/cel-spec/blob/master/doc/extensions/strings.md:
 *
 *     %s  any value but a record; lists as [a, b], maps as {key: value} in the order of keys
 *     %d  a number        %f %e  a number; %.2f: digits after the point, 6 if not said
 *     %b  an int, a uint or a bool, binary        %o  an int or a uint, octal
 *     %x  an int or a uint, hexadecimal; a string or bytes, two digits a byte; %X: in capitals
 *     %%  a percent sign
 *
 * A double that is no number is NaN, Infinity or -Infinity in every clause.
 * More arguments than clauses are no error.
 */
#ifndef POLICY_RULES_CEL_FORMAT_H
#define POLICY_RULES_CEL_FORMAT_H

#include "policy/rules/cel/value.h"

#define FORMAT_PRECISION_MAX 1000

/* A STRING in memory of the run, or an error that names the clause. */
struct cel_value cel_format(struct cel_run *run, struct cel_value pattern,
                            struct cel_value arguments);

#endif
