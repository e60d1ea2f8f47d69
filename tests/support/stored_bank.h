/*
 * stored_bank.h - a gateway on a store that a test has filled: payments in the state, and
 * with the decision, that the test is about, whatever the policies of the day would say.
 *
 *     static struct stored_bank bank;
 *     char id[IDENT_TEXT_SIZE];
 *
 *     stored_bank_make(&bank);
 *     stored_bank_add(&bank, &(struct stored_payment){.state = PAYMENT_HELD}, id);
 *     stored_bank_start(&bank);
 *     ... stored_bank_ask(&bank, "POST", path, body, actor) ...
 *     stored_bank_end(&bank);
 *
 * Each fails the test where it cannot.
 */
#ifndef TESTS_SUPPORT_STORED_BANK_H
#define TESTS_SUPPORT_STORED_BANK_H

#include "gateway/bank/ident.h"
#include "gateway/payment/life.h"
#include "tests/support/gateway.h"
#include "tests/support/http_client.h"
#include "tests/support/temp_store.h"

#define STORED_BANK_CLOCK "2024-04-17T09:00:00+08:00"
#define STORED_HIT                                                                             \
    "[{\"list\":\"l\",\"entry\":\"1\",\"field\":\"debtor/name\",\"query\":\"a\","              \
    "\"matched\":\"a\",\"score\":1}]"

/* What is left out (NULL, 0) is as it mostly is. */
struct stored_payment {
    enum payment_state state;
    const char *request;   /* members of the payment behind its parties: ",\"goods\":[…]" */
    const char *hits;      /* "[]" */
    const char *questions; /* of the decision: "{…}"; none */
    const char *follows;   /* "null" */
    int64_t due_ms;        /* of follows */
};

struct stored_bank {
    struct temp_store temp;
    unsigned count;
    struct gateway gateway;
    struct http_client client;
    struct http_client_reply reply;
};

void stored_bank_make(struct stored_bank *bank);
void stored_bank_add(struct stored_bank *bank, const struct stored_payment *payment,
                     char id[IDENT_TEXT_SIZE]);
void stored_bank_start(struct stored_bank *bank);

/* actor NULL: without the header.  The status; body and head are in bank->reply. */
int stored_bank_ask(struct stored_bank *bank, const char *method, const char *path,
                    const char *json, const char *actor);

void stored_bank_end(struct stored_bank *bank);

#endif
