/*
 * answers.h - do a payer's answers say what was asked, and do they fit his payment?
 *
 * A question is answered by what its code asks for (policy/request_codes.h): an HS code, a
 * destination, one of the papers by its name, a word of the payer's.  Whatever is asked, what
 * is said must fit:
 *
 *   hs_code              a goods line has it, or words that do not speak against its chapter
 *   destination_country  that of the payment, and the payer's
 *   attested             true, where civil or military use is asked (RQSG/RQCM)
 *
 *   J1  contradictory beats partial beats complete.
 *   J2  all answers to a payment are judged together, whenever they came.
 *   J3  nothing but the payment, the questions, the answers and the goods tables counts.
 */
#ifndef GATEWAY_BANK_ANSWERS_H
#define GATEWAY_BANK_ANSWERS_H

#include "gateway/payment/documents_json.h"
#include "policy/goods/goods.h"

enum answers_verdict { ANSWERS_COMPLETE, ANSWERS_PARTIAL, ANSWERS_CONTRADICTORY };

/* For the bank's people; pointer is into the answers, "" where something is missing. */
struct answers_finding {
    const char *request;
    const char *finding;
    const char *pointer; /* "/0/hs_code" */
    const struct answers_finding *next;
};

struct answers_asked {
    const char *const *codes; /* "RQSG/RQHS" */
    size_t count;
};

struct answers_judged {
    enum answers_verdict verdict;
    const struct answers_finding *findings; /* in the order found; missing ones last */
    const char **missing;                   /* of the codes asked */
    size_t missing_count;
};

const char *answers_verdict_name(enum answers_verdict verdict); /* "partial" */

/* All on the arena; goods may be NULL: then no words are weighed. */
void answers_judge(const struct payment *payment, const struct goods *goods,
                   const struct answers_asked *asked, const struct document_answers *answers,
                   struct arena *arena, struct answers_judged *out);

#endif
