/*
 * documents_json.h - what a payer answers to a bank's questions, out of JSON and back.
 *
 *     {"answers": [{"request": "RQSG/RQHS", "hs_code": "854231"},
 *                  {"request": "RQDO/RQCD", "documents": ["customs declaration"]},
 *                  {"request": "RQSG/RQCM", "attested": true, "name": "A. Primer"}]}
 *
 *   A1  an answer says something besides what it answers.
 *   A2  no string is NULL; what is left out is "" or a count of 0.
 */
#ifndef GATEWAY_PAYMENT_DOCUMENTS_JSON_H
#define GATEWAY_PAYMENT_DOCUMENTS_JSON_H

#include "gateway/base/buffer.h"
#include "gateway/payment/payment.h"

#define DOCUMENTS_ANSWERS_MAX 50 /* of one request */

enum attested { ATTESTED_NOT_SAID, ATTESTED_FALSE, ATTESTED_TRUE };

struct document_answer {
    const char *request; /* "RQSG/RQHS", of camt.110 */
    const char *hs_code;
    const char *destination_country;
    const char *name;
    const char *text;
    const char *const *documents;
    uint32_t document_count;
    enum attested attested;
};

struct document_answers {
    const struct document_answer *const *list;
    uint32_t count;
};

/* Every fault is collected; -1 if there are any.  Strings live as long as json. */
int documents_read(const cJSON *json, struct document_answers *out,
                   struct payment_faults *faults) __attribute__((warn_unused_result));

/* The same of the array alone, as documents_write() has written it. */
int documents_read_list(const cJSON *json, struct document_answers *out,
                        struct payment_faults *faults) __attribute__((warn_unused_result));

/* As an array. */
void documents_write(const struct document_answers *answers, struct buffer *out);

#endif
