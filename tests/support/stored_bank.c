/* stored_bank.c - records written by hand, behind the gateway's back. */
#include "tests/support/stored_bank.h"

#include <stdio.h>
#include <string.h>

#include "gateway/base/time.h"
#include "gateway/payment/codes.h"
#include "gateway/store/chain.h"
#include "gateway/store/record.h"
#include "gateway/store/store.h"
#include "tests/support/test.h"

#define SEED 1

void
stored_bank_make(struct stored_bank *bank)
{
    *bank = (struct stored_bank){0};
    assert_int_equal(temp_store_make(&bank->temp), 0);
}

static const char *
or_else(const char *given, const char *otherwise)
{
    return given ? given : otherwise;
}

static const char *
request_text(struct arena *arena, const char *uetr, const struct stored_payment *payment)
{
    return arena_printf(
        arena,
        "{\"uetr\":\"%s\",\"end_to_end_id\":\"E\",\"amount\":{\"currency\":\"CNY\","
        "\"value\":\"1000.00\"},\"debtor\":{\"name\":\"OOO Sborka\",\"country\":\"RU\"},"
        "\"debtor_agent\":{\"bic\":\"SVRBRUMM\"},\"creditor_agent\":{\"bic\":\"HLDBCNBS\"},"
        "\"creditor\":{\"name\":\"Lanyu\",\"country\":\"CN\"}%s}",
        uetr, or_else(payment->request, ""));
}

static const char *
answer_text(struct arena *arena, const char *id, const char *uetr, int64_t at_ms,
            const struct stored_payment *payment)
{
    const char *questions =
        payment->questions ? arena_printf(arena, ",\"questions\":%s", payment->questions) : "";
    char at[INSTANT_TEXT_SIZE];

    instant_print(at_ms, at);
    return arena_printf(
        arena,
        "{\"id\":\"%s\",\"uetr\":\"%s\",\"outcome\":\"%s\",\"state\":\"%s\",\"iso20022\":{"
        "\"message\":\"pacs.002\",\"transaction_status\":\"PDNG\",\"reason_code\":null},"
        "\"disclosed_reason\":null,\"decided_at\":\"%s\",\"decision\":{\"action\":\"hold\","
        "\"score\":1,\"bank\":{\"bic\":\"HLDBCNBS\",\"class\":null},\"snapshot\":\"sha256:0\","
        "\"regime\":null,\"pack\":null,\"reason\":{\"code\":\"NARR\",\"text\":\"hush\"},"
        "\"rules\":[],\"kits\":[],\"hits\":%s,\"follows\":%s%s}}",
        id, uetr, payment_outcome_name(payment_outcome(payment->state)),
        payment_state_name(payment->state), at, or_else(payment->hits, "[]"),
        or_else(payment->follows, "null"), questions);
}

/* One entry behind the last. */
static void
append(const char *path, struct store_entry *entry)
{
    const struct store_entry *entries[] = {entry};
    uint8_t chain[SHA256_BYTES];
    struct error err = {0};
    struct store *store;

    if (store_sqlite.open(path, SEED, &store, &err) != 0 ||
        store->ops->head(store, &entry->seq, chain, &err) != 0)
        fail_msg("%s", err.text);
    entry->seq++;
    chain_next(chain, entry->seq, entry->body, entry->body_len, entry->chain);
    if (store->ops->append(store, entries, 1, &err) != 0)
        fail_msg("%s", err.text);
    store->ops->close(store);
}

void
stored_bank_add(struct stored_bank *bank, const struct stored_payment *payment,
                char id[IDENT_TEXT_SIZE])
{
    struct arena arena = {0};
    const char *uetr = arena_printf(&arena, "00000000-0000-4000-8000-%012u", ++bank->count);
    struct record record = {.id = id, .uetr = uetr, .key = ""};
    struct ident ident;
    struct buffer body;
    uint8_t bytes[16];

    assert_true(code_is_uetr(uetr, bytes));
    assert_true(instant_parse(STORED_BANK_CLOCK, &record.at_ms));
    ident = ident_of_uetr(SEED, bytes);
    ident_set_time(&ident, record.at_ms);
    ident_print(&ident, id);
    record.request = request_text(&arena, uetr, payment);
    record.request_len = strlen(record.request);
    record.answer = answer_text(&arena, id, uetr, record.at_ms, payment);
    record.answer_len = strlen(record.answer);
    buffer_init(&body, &arena, 2048);
    record_write(&record, &body);
    append(bank->temp.path, &(struct store_entry){.kind = RECORD_PAYMENT,
                                                  .fingerprint = ident.fingerprint,
                                                  .at_ms = record.at_ms,
                                                  .state = (int)payment->state,
                                                  .currency = "CNY",
                                                  .debtor_country = "RU",
                                                  .due_ms = payment->due_ms,
                                                  .body = body.data,
                                                  .body_len = body.len});
    arena_release(&arena);
}

void
stored_bank_start(struct stored_bank *bank)
{
    char store[128];
    const char *const arguments[] = {"--store", store, "--clock", "manual:" STORED_BANK_CLOCK,
                                     NULL};

    snprintf(store, sizeof(store), "sqlite:%s", bank->temp.path);
    assert_int_equal(gateway_start(&bank->gateway, arguments), 0);
    assert_true(http_client_connect(&bank->client, bank->gateway.address));
}

int
stored_bank_ask(struct stored_bank *bank, const char *method, const char *path,
                const char *json, const char *actor)
{
    struct arena *arena = &bank->client.arena;
    const char *by = actor ? arena_printf(arena, "Yuangate-Actor: %s\r\n", actor) : "";

    assert_true(http_client_send(
        &bank->client,
        json ? arena_printf(arena,
                            "%s %s HTTP/1.1\r\nHost: x\r\n%sContent-Type: application/json\r\n"
                            "Content-Length: %zu\r\n\r\n%s",
                            method, path, by, strlen(json), json)
             : arena_printf(arena, "%s %s HTTP/1.1\r\nHost: x\r\n%s\r\n", method, path, by)));
    assert_true(http_client_next(&bank->client, &bank->reply));
    return bank->reply.status;
}

void
stored_bank_end(struct stored_bank *bank)
{
    http_client_close(&bank->client);
    assert_int_equal(gateway_stop(&bank->gateway), 0);
    temp_store_remove(&bank->temp);
}
