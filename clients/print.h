/*
 * print.h - a gateway's answers for a person at a terminal.
 *
 * Text that came over the wire is never printed as it is: a control character
 * in a party's name must not reach the terminal.
 */
#ifndef CLIENTS_PRINT_H
#define CLIENTS_PRINT_H

#include <cjson/cJSON.h>
#include <stdio.h>

/* text with '?' for every control character. */
void print_text(FILE *out, const char *text);
void print_text_n(FILE *out, const char *text, size_t len);

/* The text behind what separates it; neither where the text is empty. */
void print_part(FILE *out, const char *before, const char *text);

/* Left-aligned, in so many bytes. */
void print_padded(FILE *out, const char *text, int width);

/* " label 590d917eedb1", or nothing where there is no digest. */
void print_digest(FILE *out, const char *label, const char *digest);

/* "3 payments" */
void print_count(FILE *out, double count, const char *noun);

/* A payment or an evaluation: outcome first, then who, why and by which rules. */
void print_decision(FILE *out, const cJSON *decision);

/* {"data": [...], "next_cursor": ...}: one line a payment. */
void print_list(FILE *out, const cJSON *list);

/* The last line of a page that another one follows: how to ask for that. */
void print_more(FILE *out, const cJSON *page);

/*
 * An RFC 9457 problem: title, detail, and a line for each pointer.  json may be
 * NULL, where the body was none; then the status alone is reported.  indent
 * stands before every line.
 */
void print_problem(FILE *out, const char *indent, int status, const cJSON *json);

#endif
