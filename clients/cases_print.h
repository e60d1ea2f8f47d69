/* cases_print.h - cases for a person at a terminal. */
#ifndef CLIENTS_CASES_PRINT_H
#define CLIENTS_CASES_PRINT_H

#include <cjson/cJSON.h>
#include <stdio.h>

/* A page of the queue: a line a case. */
void print_cases(FILE *out, const cJSON *page);

/* One case whole: the payment, the alerts, what people did. */
void print_case(FILE *out, const cJSON *json);

#endif
