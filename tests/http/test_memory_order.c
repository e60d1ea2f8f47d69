/*
 * What threads decided at once is what one thread decides in the order of the log: memory is
 * exact under concurrency.
 *
 * Several connections pay at once for single parts of notebooks, between few parties, so that
 * it depends on the order who completes a kit.  The stored requests, in the order of their
 * records, then go one by one to another gateway with one thread: every answer has the same
 * bytes.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/store/record.h"
#include "gateway/store/store.h"
#include "tests/support/gateway.h"
#include "tests/support/http_client.h"
#include "tests/support/temp_store.h"
#include "tests/support/test.h"

#define PAYERS   8
#define PAYMENTS 150 /* of each */
#define PARTIES  4
#define BODY_MAX 4096
#define CLOCK    "manual:2024-04-15T09:00:00"

static const char *const parts[] = {
    "\"854231\", \"description\": \"processors\"",
    "\"847330\", \"description\": \"casings\"",
    "\"852491\", \"description\": \"LCD screens\"",
};

struct payer {
    pthread_t thread;
    const char *address;
    unsigned number;
    int accepted, blocked;
};

/* Chosen by the numbers alone. */
static void
write_payment(char body[BODY_MAX], unsigned payer, unsigned number)
{
    unsigned chance = (payer * PAYMENTS + number) * 2654435761u;

    snprintf(body, BODY_MAX,
             "{\"uetr\":\"%08x-0000-4000-8000-%012x\",\"end_to_end_id\":\"M-%u-%u\","
             "\"amount\":{\"currency\":\"USD\",\"value\":\"1000.00\"},"
             "\"debtor\":{\"name\":\"OOO Chast %u\",\"country\":\"RU\"},"
             "\"debtor_agent\":{\"bic\":\"SVTSRUMM\"},"
             "\"creditor_agent\":{\"bic\":\"HLDBCNBS\"},"
             "\"creditor\":{\"name\":\"Parts %u Ltd\",\"country\":\"CN\"},"
             "\"purpose\":{\"text\":\"parts\"},"
             "\"goods\":[{\"hs_code\":%s,\"value\":\"1000.00\"}]}",
             payer, number, payer, number, (chance >> 8) % PARTIES, (chance >> 16) % 5,
             parts[(chance >> 24) % COUNT(parts)]);
}

static void *
pay(void *context)
{
    struct payer *payer = context;
    struct http_client client;
    struct http_client_reply reply;
    char body[BODY_MAX];

    if (!http_client_connect(&client, payer->address))
        return NULL;
    for (unsigned i = 0; i < PAYMENTS; i++) {
        write_payment(body, payer->number, i);
        if (!http_client_post(&client, "/v1/payments", body) ||
            !http_client_next(&client, &reply) || reply.status != 201)
            break;
        payer->accepted += strstr(reply.body, "\"state\":\"accepted\"") != NULL;
        payer->blocked += strstr(reply.body, "\"KIT-01\"") != NULL;
    }
    http_client_close(&client);
    return NULL;
}

static void
pay_at_once(const char *spec)
{
    const char *const arguments[] = {"--clock", CLOCK, "--store", spec, "--threads", "4", NULL};
    struct payer payers[PAYERS] = {0};
    struct gateway gateway;
    int accepted = 0, blocked = 0;

    assert_int_equal(gateway_start(&gateway, arguments), 0);
    for (unsigned i = 0; i < PAYERS; i++) {
        payers[i].address = gateway.address;
        payers[i].number = i;
        assert_int_equal(pthread_create(&payers[i].thread, NULL, pay, &payers[i]), 0);
    }
    for (unsigned i = 0; i < PAYERS; i++) {
        pthread_join(payers[i].thread, NULL);
        accepted += payers[i].accepted;
        blocked += payers[i].blocked;
    }
    assert_int_equal(gateway_stop(&gateway), 0);
    assert_int_equal(accepted + blocked, PAYERS * PAYMENTS);
    assert_true(accepted > PARTIES && blocked > PAYMENTS); /* so that the order mattered */
}

static void
decide_again_one_by_one(const char *path)
{
    const char *const arguments[] = {"--clock",   CLOCK, "--store", "memory",
                                     "--threads", "1",   NULL};
    const struct store_filter all = {.from_ms = INT64_MIN, .to_ms = INT64_MAX};
    struct arena arena = {0};
    struct store_entry *entries;
    struct http_client client;
    struct gateway gateway;
    struct store *view;
    struct error err = {0};
    uint64_t seed;
    size_t count;

    assert_int_equal(store_sqlite.view(path, &seed, &view, &err), 0);
    assert_int_equal(
        view->ops->list(view, &all, PAYERS * PAYMENTS, &arena, &entries, &count, &err), 0);
    view->ops->close(view);
    assert_int_equal(count, PAYERS * PAYMENTS);
    assert_int_equal(gateway_start(&gateway, arguments), 0);
    assert_true(http_client_connect(&client, gateway.address));
    for (size_t i = 0; i < count; i++) {
        struct http_client_reply reply;
        struct record record;

        assert_int_equal(
            record_read(entries[i].body, entries[i].body_len, &arena, &record, &err), 0);
        assert_true(http_client_post(&client, "/v1/payments",
                                     arena_copy(&arena, record.request, record.request_len)));
        assert_true(http_client_next(&client, &reply));
        assert_int_equal(reply.body_len, record.answer_len);
        assert_memory_equal(reply.body, record.answer, record.answer_len);
    }
    http_client_close(&client);
    assert_int_equal(gateway_stop(&gateway), 0);
    arena_release(&arena);
}

static void
the_order_of_the_log_replayed_on_one_thread_gives_the_same_decisions(void **state)
{
    struct temp_store temp = {0};
    char spec[128];

    (void)state;
    assert_int_equal(temp_store_make(&temp), 0);
    snprintf(spec, sizeof(spec), "sqlite:%s", temp.path);
    pay_at_once(spec);
    decide_again_one_by_one(temp.path);
    temp_store_remove(&temp);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_of_the_log_replayed_on_one_thread_gives_the_same_decisions),
    };

    return cmocka_run_group_tests_name("memory_order", tests, NULL, NULL);
}
