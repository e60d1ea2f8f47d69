/*
 * payer.h - somebody who pays, for tests that want much to happen.
 *
 * Payment number n has the uetr 00000000-0000-4000-8000-nnnnnnnnnnnn (n in decimal).
 */
#ifndef TESTS_SUPPORT_PAYER_H
#define TESTS_SUPPORT_PAYER_H

#include "tests/support/http_client.h"

enum payer_sample {
    PAYER_APPROVED, /* what clients/examples have: USD from RU, accepted */
    PAYER_HELD,     /* USD from KZ */
    PAYER_KIT,      /* CNY from RU, rejected */
    PAYER_SAMPLES,
};

struct payer {
    struct http_client client;
    char *bodies[PAYER_SAMPLES];
};

void payer_open(struct payer *payer, const char *address);

/* Fails the test where the answer is not 201. */
void payer_pay(struct payer *payer, enum payer_sample sample, unsigned number);

/* Numbers first to last, a few hundred at most, in one batch. */
void payer_pay_batch(struct payer *payer, enum payer_sample sample, unsigned first,
                     unsigned last);
void payer_close(struct payer *payer);

/* The number of the payment that an event's data is about. */
unsigned payer_number(const char *data);

#endif
