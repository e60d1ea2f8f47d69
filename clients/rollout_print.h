/*
 * rollout_print.h - what a gateway says of its versions, for a person at a terminal.
 *
 * Digests are cut to their first digits where they only tell versions apart, and whole
 * where somebody may want to copy them.  Text from the wire goes through print_text().
 */
#ifndef CLIENTS_ROLLOUT_PRINT_H
#define CLIENTS_ROLLOUT_PRINT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>

/* One line: what is in force of a policy or book, its candidate, its shadow. */
void rollout_print_name(FILE *out, const cJSON *name);
void rollout_print_names(FILE *out, const cJSON *page);

/* The findings alone. */
void rollout_print_findings(FILE *out, const cJSON *check);

/* The findings of a check that passed, a line each, as `yuanctl policy check` has them. */
void rollout_print_check(FILE *out, const cJSON *check);

/* The same of the problem that one ended in; false, with nothing printed, if the problem is
 * about the request and not about the version. */
bool rollout_print_refusal(FILE *out, const cJSON *problem);

/* Counts, moves, rules, then the latest disagreements with both sides' reasons. */
void rollout_print_comparison(FILE *out, const cJSON *comparison);

void rollout_print_history(FILE *out, const cJSON *page);
void rollout_print_snapshot(FILE *out, const cJSON *snapshot);

#endif
