/* life_print.h - what has become of a payment, for a person at a terminal. */
#ifndef CLIENTS_LIFE_PRINT_H
#define CLIENTS_LIFE_PRINT_H

#include <cjson/cJSON.h>
#include <stdio.h>

/* A payment as it stands, and the events of its life, oldest first. */
void print_life(FILE *out, const cJSON *payment);

/* Those events alone: a line each, and below it what somebody wrote. */
void print_events(FILE *out, const cJSON *events);

/* What the bank asked for, a line each, and until when it can be answered. */
void print_requested(FILE *out, const cJSON *payment);

/* What an answer was worth, what is still missing, and what became of the payment. */
void print_documents(FILE *out, const cJSON *answer);

/* CNCL, PDCR or RJCR, in words too. */
void print_cancellation(FILE *out, const cJSON *answer);

#endif
