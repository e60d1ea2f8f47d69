/*
 * stub_bank.h - a server in a thread of the test program that answers what the test says.
 *
 *     static const struct stub_answer answers[] = {
 *         {"POST", "/v1/cases/1/release", 409, "{\"detail\":\"the reviewer\"}"},
 *     };
 *     struct stub_bank bank;
 *
 *     stub_bank_open(&bank, answers, COUNT(answers));
 *     ... ask http://bank.address ...
 *     assert_string_equal(stub_bank_asked(&bank), "POST /v1/cases/1/release boris {}\n");
 *     stub_bank_close(&bank);
 *
 * It knows the paths of payments, cases and the clock.  asked has a line a request: method,
 * path with query, Yuangate-Actor or "-", body.  What no answer is there for gets 404.
 */
#ifndef TESTS_SUPPORT_STUB_BANK_H
#define TESTS_SUPPORT_STUB_BANK_H

#include <pthread.h>
#include <stddef.h>

#include "gateway/http/http.h"

#define STUB_ASKED_SIZE 8192

struct stub_answer {
    const char *method, *path; /* as sent, without query */
    int status;
    const char *body;
};

struct stub_bank {
    const struct stub_answer *answers;
    size_t count;
    struct http_server *server;
    const char *address;
    pthread_t thread;
    pthread_mutex_t lock; /* of the next two */
    size_t len;
    char asked[STUB_ASKED_SIZE];
};

void stub_bank_open(struct stub_bank *bank, const struct stub_answer *answers, size_t count);
void stub_bank_close(struct stub_bank *bank);

/* What was asked; when the last answer has come. */
const char *stub_bank_asked(struct stub_bank *bank);
void stub_bank_forget(struct stub_bank *bank);

#endif
