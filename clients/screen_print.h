/*
 * screen_print.h - whom a gateway found on its lists, for a person at a terminal.
 *
 * Text from the wire goes through print_text().
 */
#ifndef CLIENTS_SCREEN_PRINT_H
#define CLIENTS_SCREEN_PRINT_H

#include <cjson/cJSON.h>
#include <stdio.h>

/* Which lists were asked: a line that gives "no hits" its worth. */
void screen_print_lists(FILE *out, const cJSON *answer);

/* A name, then its hits, a line each, aligned; explanations below theirs. */
void screen_print(FILE *out, const cJSON *answer);

#endif
