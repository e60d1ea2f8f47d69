/*
 * libraries.h - the plugins that a snapshot may use: linked in, given by path, or found by name.
 *
 *   I1  a name means one plugin: none hides another, given or shipped.
 *   I2  every failure is ERROR_SETUP: code that cannot be used is the installation's
 *       fault, and no text that a client sends mends it.
 */
#ifndef POLICY_LIBRARIES_H
#define POLICY_LIBRARIES_H

#include <stdbool.h>

#include "policy/book.h"
#include "policy/host.h"
#include "policy/snapshot.h"

#define LIBRARIES_MAX 256

/* A loaded plugin file. */
struct loaded {
    struct library *library;
    bool used; /* by the book */
};

/* {0} has none. */
struct libraries {
    struct arena *arena; /* lent, for paths */
    struct loaded list[LIBRARIES_MAX];
    size_t count;
};

/* The files of sources->policies.  None may hide a shipped plugin behind its name. */
int libraries_load_given(struct libraries *libraries, const struct snapshot_sources *sources,
                         struct error *err) __attribute__((warn_unused_result));

/* The plugin that a book's entry names, loaded now or before; book is what the error calls it. */
int libraries_find(struct libraries *libraries, const struct snapshot_sources *sources,
                   const char *book, const struct book_policy *entry,
                   const struct policy_plugin **out, struct error *err)
    __attribute__((warn_unused_result));

/* After every policy that was opened from them is closed. */
void libraries_release(struct libraries *libraries);

#endif
