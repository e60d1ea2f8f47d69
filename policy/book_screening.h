/* book_screening.h - the member "screening" of a book; for book.c. */
#ifndef POLICY_BOOK_SCREENING_H
#define POLICY_BOOK_SCREENING_H

#include "policy/book.h"

/* Absent: nothing is said.  *out starts as {0}. */
int book_read_screening(const struct value *value, struct arena *arena,
                        struct book_screening *out, struct error *err)
    __attribute__((warn_unused_result));

#endif
