/*
 * codes.h - the codes a payment is written in, each with its check.
 *
 * All take NUL-terminated text and answer only yes or no.  Sources are named
 * at each table.
 */
#ifndef GATEWAY_PAYMENT_CODES_H
#define GATEWAY_PAYMENT_CODES_H

#include <stdbool.h>
#include <stdint.h>

bool code_is_currency(const char *text);                /* three capitals, known or not */
bool code_is_country(const char *text);                 /* ISO 3166-1 alpha-2, upper case */
bool code_is_bic(const char *text);                     /* ISO 9362: 8 or 11, country valid */
bool code_is_uetr(const char *text, uint8_t bytes[16]); /* UUID version 4, variant 1 */
bool code_is_hs(const char *text);                      /* 6 to 10 digits, chapter 01 to 97 */
bool code_is_cnaps(const char *text);                   /* 12 digits, ISO 7064 MOD 11,10 */
bool code_is_imo(const char *text);                     /* 7 digits with the check digit */
bool code_is_date(const char *text);                    /* YYYY-MM-DD that exists */

/* ISO 20022 external code sets, by the message that carries the code. */
bool code_is_status_reason(const char *text);       /* pacs.002; LEGL is not one */
bool code_is_return_reason(const char *text);       /* pacs.004 */
bool code_is_cancellation_reason(const char *text); /* camt.056 */

#endif
