/*
 * request_codes.h - what a bank may ask of a payer, after the codes of ISO 20022 camt.110.
 *
 * A code is a reason and a kind of it, "RQSG/RQHS", as the external code set has them; two
 * reasons, "AMLI" and "FWTR", stand alone.  The meanings are in our words, and so is what
 * answers them: a field of the payment, or a paper by its name as in trade.documents, any
 * one of them being enough.
 *
 *   Y1  each code once; each is answered by a field or by a paper.
 */
#ifndef POLICY_REQUEST_CODES_H
#define POLICY_REQUEST_CODES_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/policy_plugin.h"

#define REQUEST_PAPERS_MAX 6
#define REQUEST_CODES_MAX  64 /* that the catalogue may have */

struct request_code {
    const char *code;
    const char *text; /* "HS code of the goods" */
    /* "goods/" and "trade/vessels/": that each has; "": no field answers. */
    const char *field;
    bool (*given)(const struct policy_payment *payment); /* is it there?  NULL: no field */
    const char *papers[REQUEST_PAPERS_MAX + 1];          /* ends with NULL */
};

/* All of them; *count says how many. */
const struct request_code *request_codes(size_t *count);

/* NULL where the catalogue has none; code may be NULL. */
const struct request_code *request_code_find(const char *code);

/*
 * Does the payment have what was asked: its field, or one of the papers among its documents?
 * The payment is as it stands after the payer's answer.  An unknown code is never answered.
 */
bool request_is_answered(const char *code, const struct policy_payment *payment);

/* What is known, in a line: for who wrote one that is not. */
#define REQUEST_CODES_EXPECTED                                                                 \
    "a code of camt.110: RQSG/ with RQHS RQDG RQGF RQCM RQON RQGD, RQDO/ with RQIN RQCD RQBL " \
    "RQAB RQTD RQLP RQGL RQSL, RQPR/ with RQRE RQOW RQUO RQUP, RQLD/ with RQCI RQCT RQPO "     \
    "RCBL, RQVD/ with RQIM RQTA RPOC, DTOR/ or CTOR/ with RQLE RQPA TXID, FCCI/RQUS, AMLI or " \
    "FWTR"

#endif
