/*
 * screening_json.h - names to be screened alone, out of JSON.
 *
 *     {"name": …, "kind": …, "country": …, "born_on": …, "identifiers": {…}}     one question
 *     {"names": [{…}, {…}]}                                                      or many
 *
 * Beside either: "explain", "lists", "threshold", for all of them.
 *
 *   Q1  a question has a name or an identifier: what asks nothing would be answered "no hits".
 *   Q2  no string is NULL; what is left out is "", 0 or a count of 0.
 */
#ifndef GATEWAY_PAYMENT_SCREENING_JSON_H
#define GATEWAY_PAYMENT_SCREENING_JSON_H

#include "gateway/payment/payment.h"

#define SCREENING_NAMES_MAX       100
#define SCREENING_LISTS_MAX       64 /* as many as a gateway screens by */
#define SCREENING_THRESHOLD_LEAST 0.5

struct screening_question {
    const char *name;
    const char *kind;    /* "person", "company", "bank", "vessel"; "": anything */
    const char *country; /* alpha-2 */
    const char *born_on; /* "1967-12-12" */
    const struct policy_identifier *const *identifiers;
    uint32_t identifier_count;
};

struct screening_request {
    const struct screening_question *const *questions;
    uint32_t question_count;
    bool many; /* came in "names": then faults are below /names/0, else at the top */
    bool explain;
    double threshold; /* SCREENING_THRESHOLD_LEAST to 1; 0: as the book has it */
    const char *const *lists;
    uint32_t list_count; /* 0: all */
};

/*
 * Read a parsed JSON body.  Faults are collected, never only the first: the request is good
 * where faults->count is 0.  Else *out holds what was without fault, so that more can be said
 * of it: a list's name at fault is NULL.  Everything lives on faults->arena.
 */
void screening_read(const cJSON *json, struct screening_request *out,
                    struct payment_faults *faults);

#endif
