/* payer.c - the examples with other uetrs. */
#include "tests/support/payer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/error.h"
#include "gateway/base/file.h"
#include "tests/support/test.h"

#define SAMPLE_BYTES_MAX 65536
#define UETR_KEY         "\"uetr\": \""
#define UETR_SIZE        37

static const char *const files[PAYER_SAMPLES] = {
    [PAYER_APPROVED] = "clients/examples/approved-payment.json",
    [PAYER_HELD] = "clients/examples/held-payment.json",
    [PAYER_KIT] = "clients/examples/kit-payment.json",
};

void
payer_open(struct payer *payer, const char *address)
{
    struct arena arena = {0};
    struct error err = {0};

    *payer = (struct payer){0};
    for (int i = 0; i < PAYER_SAMPLES; i++) {
        char *text;
        size_t len;

        assert_int_equal(file_read(&arena, files[i], SAMPLE_BYTES_MAX, &text, &len, &err), 0);
        payer->bodies[i] = strndup(text, len);
        assert_non_null(payer->bodies[i]);
        for (char *at = payer->bodies[i]; *at; at++) /* one line, for batches */
            *at = *at == '\n' ? ' ' : *at;
    }
    arena_release(&arena);
    assert_true(http_client_connect(&payer->client, address));
}

static const char *
body_of(struct payer *payer, enum payer_sample sample, unsigned number)
{
    char uetr[UETR_SIZE], *at = strstr(payer->bodies[sample], UETR_KEY);

    assert_non_null(at);
    snprintf(uetr, sizeof(uetr), "00000000-0000-4000-8000-%012u", number);
    memcpy(at + strlen(UETR_KEY), uetr, UETR_SIZE - 1);
    return payer->bodies[sample];
}

void
payer_pay(struct payer *payer, enum payer_sample sample, unsigned number)
{
    struct http_client_reply reply;

    assert_true(
        http_client_post(&payer->client, "/v1/payments", body_of(payer, sample, number)));
    assert_true(http_client_next(&payer->client, &reply));
    assert_int_equal(reply.status, 201);
}

void
payer_pay_batch(struct payer *payer, enum payer_sample sample, unsigned first, unsigned last)
{
    size_t line = strlen(payer->bodies[sample]) + 1, count = last - first + 1;
    char *lines = malloc(count * line), head[160];
    struct http_client_reply reply;

    assert_non_null(lines);
    for (size_t i = 0; i < count; i++) {
        memcpy(lines + i * line, body_of(payer, sample, first + (unsigned)i), line - 1);
        lines[i * line + line - 1] = '\n';
    }
    snprintf(head, sizeof(head),
             "POST /v1/payments/batch HTTP/1.1\r\nHost: x\r\n"
             "Content-Type: application/x-ndjson\r\nContent-Length: %zu\r\n\r\n",
             count * line);
    assert_true(http_client_send(&payer->client, head));
    assert_true(http_client_send_bytes(&payer->client, lines, count * line));
    assert_true(http_client_next(&payer->client, &reply));
    assert_int_equal(reply.status, 200);
    assert_true(reply.whole); /* or the client's patience has ended */
    for (const char *at = reply.body; *at; at += strcspn(at, "\n"), at += *at == '\n') {
        size_t len = strcspn(at, "\n");

        if (!memmem(at, len, "\"status\":201", strlen("\"status\":201")))
            fail_msg("of %u to %u: %.*s", first, last, (int)len, at);
        count--;
    }
    assert_int_equal(count, 0);
    free(lines);
}

void
payer_close(struct payer *payer)
{
    http_client_close(&payer->client);
    for (int i = 0; i < PAYER_SAMPLES; i++)
        free(payer->bodies[i]);
}

unsigned
payer_number(const char *data)
{
    const char *uetr = strstr(data, "\"uetr\":\"00000000-0000-4000-8000-");

    assert_non_null(uetr);
    return (unsigned)strtoul(uetr + 32, NULL, 10);
}
