/*
 * request_codes.h - what a bank may ask of a payer, after the codes of ISO 20022 camt.110.
 *
 * A code is a reason and a kind of it, "RQSG/RQHS", as the external code set has them; two
 * reasons, "AMLI" and "FWTR", stand alone.  The meanings are in our words, and so are the
 * papers that answer a code, by their names as in trade.documents, any one being enough.
 * What else answers is for who judges answers (gateway/bank/answers.h).
 *
 *   Y1  each code once.
 */
#ifndef POLICY_REQUEST_CODES_H
#define POLICY_REQUEST_CODES_H

#include <stddef.h>

#define REQUEST_PAPERS_MAX 6
#define REQUEST_CODES_MAX  64 /* that the catalogue may have */

struct request_code {
    const char *code;
    const char *text;                           /* "HS code of the goods" */
    const char *papers[REQUEST_PAPERS_MAX + 1]; /* ends with NULL */
};

/* All of them; *count says how many. */
const struct request_code *request_codes(size_t *count);

/* NULL where the catalogue has none; code may be NULL. */
const struct request_code *request_code_find(const char *code);

/* What is known, in a line: for who wrote one that is not. */
#define REQUEST_CODES_EXPECTED                                                                 \
    "a code of camt.110: RQSG/ with RQHS RQDG RQGF RQCM RQON RQGD, RQDO/ with RQIN RQCD RQBL " \
    "RQAB RQTD RQLP RQGL RQSL, RQPR/ with RQRE RQOW RQUO RQUP, RQLD/ with RQCI RQCT RQPO "     \
    "RCBL, RQVD/ with RQIM RQTA RPOC, DTOR/ or CTOR/ with RQLE RQPA TXID, FCCI/RQUS, AMLI or " \
    "FWTR"

#endif
