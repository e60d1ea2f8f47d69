/* lists.h - lists from memory and from ../shared, and an entry as one line of text. */
#ifndef TESTS_SUPPORT_LISTS_H
#define TESTS_SUPPORT_LISTS_H

#include "policy/screening/list_load.h"

#define SHARED_LISTS    "../shared/data/lists/"
#define SYNTHETIC_LISTS SHARED_LISTS "synthetic/"
#define LIST_PATHS_MAX  8

/* From memory; count files.  Fails the test where it is refused. */
struct list *lists_from(const struct list_bytes *files, size_t count);

/* From disk; a path after the other, NULL at the end.  NULL where the first is not there. */
struct list *lists_from_disk(const char *const *paths, struct list_faults *faults);

/* Refused, and the reason has these words in it. */
void lists_refused(const struct list_bytes *files, size_t count, const char *words);

const struct list_entry *lists_entry(const struct list *list, const char *id);

/*
 * "bank | PRIMER BANK PJSC; alias PRIMERBANK | bic PRIMRUMM; inn 7700000002 RU | RU |
 * born 1970-01-01 | RUSSIA-EO14024 | owned NK-1 60% | at Moscow, Russia": parts that are
 * empty are left out.  Lives until the next call.
 */
const char *lists_line(const struct list_entry *entry);

#endif
