/*
 * list_load.h - sanctions lists read from files, whole or not at all.
 *
 *     struct list_order order = list_order_of("ofac-sdn", paths, count);
 *     order.entries_before = in_force ? in_force->entry_count : 0;
 *     order.names_before = in_force ? in_force->name_count : 0;
 *     if (list_load(&order, &faults, &list, &err) != 0) ...the old one stays
 *
 * What a file is, is told by its content, never by its name (list_format.h).  One
 * order makes one list: the main file of OFAC's with those that belong to it, a
 * full file with its deltas in the order given, or a single XML file.
 *
 *   O1  a list exists whole, or an error says why not: file, line, column, remedy.
 *   O2  an empty, cut or malformed file is refused; so is a list that has shrunk by
 *       more than order.shrink_percent_max since the one in force.
 *   O3  a row that cannot be understood is left out, counted and told; more than
 *       order.faults_max of them refuse the list.
 *   O4  the same files give the same list, byte for byte.
 */
#ifndef POLICY_SCREENING_LIST_LOAD_H
#define POLICY_SCREENING_LIST_LOAD_H

#include <stdbool.h>

#include "gateway/base/error.h"
#include "policy/screening/list.h"

#define LIST_FILE_BYTES_MAX     (256u << 20) /* of one file */
#define LIST_FILES_MAX          512          /* of one list: a year of deltas */
#define LIST_ENTRIES_MAX        2000000      /* links between entities included */
#define LIST_SHRINK_PERCENT_MAX 20           /* unless the order says otherwise */
#define LIST_FAULTS_MAX         10           /* likewise */
#define LIST_FAULTS_SHOWN_MAX   32
#define LIST_NAME_BYTES_MAX     64
#define LIST_NAME_TAKEN         "good-guys" /* what is no list: good_guys.h */

/* Left out, and why. */
struct list_fault {
    char file[80];         /* its name without folders, cut where it is longer */
    uint32_t line, column; /* from 1; 0: not known */
    char text[200];
};

/* {0}: none yet. */
struct list_faults {
    size_t count;                                   /* all of them */
    struct list_fault shown[LIST_FAULTS_SHOWN_MAX]; /* the first */
};

struct list_order {
    const char *name;         /* letters, digits and -_. */
    const char *const *paths; /* files, or one folder, whose files are meant (list_folder.h) */
    size_t path_count;
    const char *as_of;     /* "2023-01-31": apply no operation of a later day; NULL: all */
    size_t entries_before; /* of the list in force; 0: there is none */
    size_t names_before;   /* likewise: a list without its aliases has shrunk as well */
    unsigned shrink_percent_max;
    unsigned faults_max;
    bool bare; /* sentences name files without their folders: for readers elsewhere */
    /* How far it is, in bytes; NULL: nobody asks. */
    void (*progress)(void *context, size_t done, size_t all);
    void *context;
};

/* Can a list, and a folder of it, be called so? */
bool list_name_is_valid(const char *name);

bool list_day_is_valid(const char *day); /* "2024-05-03", and the calendar has it */

/*
 * "NAME=PATH", "NAME@DAY=PATH" for the list as it stood on that day: one order more, or one
 * path more for the order of that name.  orders has room; strings are on the arena.
 */
int list_order_parse(struct arena *arena, const char *spec, struct list_order *orders,
                     size_t *count, struct error *err) __attribute__((warn_unused_result));

/* An order with the limits above. */
struct list_order list_order_of(const char *name, const char *const *paths, size_t path_count);

/*
 * faults may be NULL.  On failure *list is NULL; what is in faults counts then too.
 * The caller frees the list.  Reads files, so not on a loop thread.
 */
int list_load(const struct list_order *order, struct list_faults *faults, struct list **list,
              struct error *err) __attribute__((warn_unused_result));

/* A file that is in memory already. */
struct list_bytes {
    const char *path; /* as faults show it */
    const char *data;
    size_t len;
};

/* The same, from memory; order.paths is not looked at. */
int list_read(const struct list_order *order, const struct list_bytes *files, size_t count,
              struct list_faults *faults, struct list **list, struct error *err)
    __attribute__((warn_unused_result));

/*
 * The list as it stood on a day: paths are a main file of OFAC's and the history of
 * daily operations that followed it.  Before the first of them it is the main file's.
 */
int list_as_of(const char *name, const char *const *paths, size_t path_count, const char *day,
               struct list **list, struct error *err) __attribute__((warn_unused_result));

void list_free(struct list *list); /* NULL is fine */

const char *list_kind_name(enum list_kind kind);           /* "person" */
const char *list_name_kind_name(enum list_name_kind kind); /* "alias" */

/*
 * How old the list is on a day, in days: since it was published or, where the files do
 * not say, since they were written.  -1: neither is known.
 */
int list_age_days(const struct list *list, int64_t now_ms);

#endif
