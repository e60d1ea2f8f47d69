/*
 * junit.h - test results as JUnit XML, the form that build servers read.
 *
 * Text from packs goes in escaped (markup.h).
 */
#ifndef CLIENTS_JUNIT_H
#define CLIENTS_JUNIT_H

#include <stddef.h>

#include "gateway/base/buffer.h"

enum junit_outcome { JUNIT_PASSED, JUNIT_FAILED, JUNIT_BROKEN /* it could not be run */ };

struct junit_case {
    const char *name;
    enum junit_outcome outcome;
    const char *why; /* a sentence where it did not pass */
};

struct junit_suite {
    const char *name;
    const struct junit_case *cases;
    size_t count;
};

/* The whole document. */
void junit_write(struct buffer *out, const struct junit_suite *suites, size_t count);

#endif
