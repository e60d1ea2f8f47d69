/*
 * lists.h - the commands of `yuanctl lists`: sanctions lists and names.
 *
 * Without a gateway each is a file of its own, lists_NAME.c; here is what they share.
 */
#ifndef CLIENTS_LISTS_H
#define CLIENTS_LISTS_H

#include "clients/command.h"
#include "clients/progress.h"
#include "policy/screening/list_load.h"

int lists_import(const struct options *options);
int lists_status(const struct options *options);
int lists_diff(const struct options *options);
int lists_score(const struct options *options);

/* Of a running gateway: lists_gateway.h, and lists_screen.c. */
int lists_screen(const struct options *options);
int lists_put(const struct options *options);
int lists_show(const struct options *options); /* all, or NAME */
int lists_verb(const struct options *options); /* the others that take NAME */

/* The number that an option has, left as it is where it was not given. */
int lists_number(const struct options *options, enum option option, unsigned most,
                 unsigned *value, struct error *err) __attribute__((warn_unused_result));

/*
 * An order for these paths, or for one folder, with the limits that the options set.
 * name NULL: "list".
 */
int lists_order(const struct options *options, const char *name, const char *const *paths,
                size_t count, struct list_order *order, struct error *err)
    __attribute__((warn_unused_result));

/* list_load() with a bar on the terminal. */
int lists_load(struct list_order *order, struct list_faults *faults, struct list **list,
               struct error *err) __attribute__((warn_unused_result));

/* list_load(), list_import() and the like draw it while the order points to it. */
void lists_bar_begin(struct list_order *order, struct progress *bar);

/* What a list is, in some lines or as one line of JSON. */
void lists_print(FILE *out, const struct list *list, const struct list_faults *faults);
void lists_print_json(FILE *out, const struct list *list, const struct list_faults *faults);

/* "file:line:column: why" a line: rows that were left out. */
void lists_print_faults(FILE *out, const struct list_faults *faults);

#endif
