/*
 * fuzz_evaluate.h - a source that parses, checked and evaluated in every way.
 *
 *   Z4  compiled, compiled and folded, or walked through (walk.h): the value is
 *       the same, unless a limit was met.
 * As an expression that somebody tries out, with bindings of every kind:
 *   Z5  a value's print is a source for the same value.
 * As a rule's condition, on the sample payment:
 *   Z6  what was checked has the kind that was found, or is an error.
 *   Z7  evaluation takes no more steps than cel_cost() said, in its unit;
 *       lists in lists, of which it knows the outer ones only, left out.
 */
#ifndef TESTS_FUZZ_FUZZ_EVALUATE_H
#define TESTS_FUZZ_FUZZ_EVALUATE_H

#include <stddef.h>

void fuzz_evaluate_bound(const char *source, size_t size);
void fuzz_evaluate_rule(const char *source, size_t size);

#endif
