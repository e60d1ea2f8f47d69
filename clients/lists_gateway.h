/*
 * lists_gateway.h - the commands of `yuanctl lists` that ask a running gateway.
 *
 * lists_put.c sends files, lists_rollout.c asks for all else, lists_show.c prints what
 * the gateway says.
 */
#ifndef CLIENTS_LISTS_GATEWAY_H
#define CLIENTS_LISTS_GATEWAY_H

#include "clients/ask.h"
#include "clients/lists.h"

/* PUT these files, or those of the one folder, under the list; each answer is shown. */
int lists_put_all(struct asking *asking, const char *list, const char *const *paths,
                  size_t count);

/* -- for a person -- */

/* One line of a file that was put. */
void lists_print_put(FILE *out, const cJSON *answer);

/* What is left of what was put, once a file was taken back. */
void lists_print_incoming(FILE *out, const cJSON *answer);

/* A table, a line each, and below a line its alarm. */
void lists_print_all(FILE *out, const cJSON *page);

/* All that is known of one; behind it the rows that it was loaded without. */
void lists_print_one(FILE *out, const cJSON *list);

/* As rollout_print_comparison(), and what it would make of the last payments. */
void lists_print_shadow(FILE *out, const cJSON *comparison);

/* Each row with its place, then why the list was refused; see ask_refusal. */
bool lists_print_refusal(FILE *out, const cJSON *problem);

#endif
