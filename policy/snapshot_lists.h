/* snapshot_lists.h - the lists of a snapshot; for snapshot.c. */
#ifndef POLICY_SNAPSHOT_LISTS_H
#define POLICY_SNAPSHOT_LISTS_H

#include "policy/book.h"
#include "policy/screening/roster.h"
#include "policy/snapshot.h"

/*
 * Those that the texts name, and of the others those that the command line does, as the book
 * wants them.  *out starts as {0}; roster_release() is due whatever comes out.
 */
int roster_open(struct roster *out, const struct snapshot_sources *sources,
                const struct document *document, const struct book *book, struct arena *arena,
                struct error *err) __attribute__((warn_unused_result));

#endif
