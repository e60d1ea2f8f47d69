/*
 * screening.h - names alone, asked for on the lists in force, and the answer as JSON.
 *
 *     {"snapshot": "sha256:…", "lists": [{…}], "data": [{"name": …, "hits": [{…}], …}, …]}
 *
 * A name takes a tenth of a millisecond against the largest list, a long and common one
 * that is asked for loosely a hundred times as much.  So a screening goes on by single
 * names, and between two of them the caller sees to others.
 *
 *   Y1  an answer is by one snapshot: where another comes into force meanwhile, it begins
 *       again by that one.
 *   Y2  where no list is in force there is no answer: it would look like "no hits".
 *   Y3  what cannot be looked for is a fault: a name without a letter, a number that is too
 *       short, a list that is not in force.
 */
#ifndef GATEWAY_BANK_SCREENING_H
#define GATEWAY_BANK_SCREENING_H

#include "gateway/bank/bank.h"
#include "gateway/payment/screening_json.h"
#include "policy/screening/roster.h"

#define SCREENING_HITS_MAX      100 /* of a name that are shown, the best */
#define SCREENING_PRIMARIES_MAX 3   /* primary names of a hit that are shown */

struct screening {
    /* In. */
    struct screening_request request;
    struct payment_faults *faults; /* of reading it */
    struct buffer answer;          /* begun; on an arena that outlives the screening */

    /* Out. */
    bool done; /* the answer is whole */

    /* The bank's. */
    char snapshot[sizeof("sha256:") - 1 + SHA256_HEX_SIZE]; /* "": not begun */
    int64_t now_ms;
    uint32_t next; /* of the questions */
    bool asked[SCREENING_LISTS_MAX];
};

/*
 * Ask for the next name.  -1: with ERROR_BUSY where nothing or no list is in force; with
 * ERROR_INVALID where there are faults, those of the reading among them.
 */
int bank_screen(struct bank *bank, struct screening *screening, struct error *err)
    __attribute__((warn_unused_result));

#endif
