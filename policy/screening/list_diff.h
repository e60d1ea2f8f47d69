/*
 * list_diff.h - what changed from one publication of a list to the next.
 *
 * Entries are the same by their id, which stays (L3).  Two lists of different formats
 * have different ids, so they cannot be compared.
 */
#ifndef POLICY_SCREENING_LIST_DIFF_H
#define POLICY_SCREENING_LIST_DIFF_H

#include "policy/screening/list_load.h"

enum list_change {
    LIST_ADDED,
    LIST_REMOVED,
    LIST_CHANGED,
    LIST_CHANGE_COUNT,
};

/* One value of an entry that went, or came; the other one is NULL. */
struct list_detail {
    const char *field;   /* "names" "identifiers" "countries" "born_on" "programs" … */
    const char *removed; /* "alias AERO-CARIBBEAN", "inn 7700000001 RU" */
    const char *added;
};

/* Texts belong to the lists and the arena. */
struct list_difference {
    enum list_change change;
    const struct list_entry *entry;    /* as it is now; LIST_REMOVED: as it was */
    const struct list_detail *details; /* LIST_CHANGED: one or more */
    size_t detail_count;
};

/* In the order of ids; how many. */
int list_diff(struct arena *arena, const struct list *before, const struct list *now,
              const struct list_difference **differences, size_t *count, struct error *err)
    __attribute__((warn_unused_result));

const char *list_change_name(enum list_change change); /* "added" */

#endif
