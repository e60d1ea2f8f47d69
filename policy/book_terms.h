/* book_terms.h - the member "terms" of a book; for book.c and snapshot.c. */
#ifndef POLICY_BOOK_TERMS_H
#define POLICY_BOOK_TERMS_H

#include "policy/book.h"
#include "policy/snapshot.h"

/* Absent: book_terms_default. */
int book_read_terms(const struct value *value, struct arena *arena, struct book_terms *out,
                    struct error *err) __attribute__((warn_unused_result));

/* What only the gateway knows: amounts in their currencies, and which message has a code. */
int book_settle_terms(struct book_terms *terms, const char *path,
                      const struct snapshot_sources *sources, struct error *err)
    __attribute__((warn_unused_result));

#endif
