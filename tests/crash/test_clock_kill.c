/*
 * kill -9 while the clock is being moved: nothing that is due is lost or comes twice.
 *
 * Each round stores payments that wait for something, moves the clock past them all, and
 * kills the gateway once a number of records drawn from a fixed seed has reached the file.
 * The next start goes on by itself.  At the end every payment has had its one transition,
 * and the events stand in the order of their instants.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gateway/base/buffer.h"
#include "gateway/base/file.h"
#include "gateway/base/time.h"
#include "gateway/payment/life.h"
#include "gateway/store/store.h"
#include "tests/support/gateway.h"
#include "tests/support/http_client.h"
#include "tests/support/rollout_bank.h"
#include "tests/support/temp_store.h"
#include "tests/support/test.h"

#define ROUNDS   50
#define PAYMENTS 300 /* a round */
#define SEQS_MAX (ROUNDS * (2 * PAYMENTS + 4))
#define WAIT_MS  20000
#define SEED     20240210u
#define UETR_AT  "\"uetr\": \""
#define MOVE     "{\"advance\":\"P400D\"}"

/* One regime for all time, so that every round's payments wait. */
#define BOOK                                                                                   \
    "{\"book\":\"still\",\"default_action\":\"accept\",\"banks\":[{\"bic\":\"HLDBCNBS\","      \
    "\"name\":\"Bank\",\"class\":\"joint_stock\"}],\"terms\":{\"hold\":{\"lasts\":\"P35D\","   \
    "\"ends\":{\"action\":\"return\",\"reason\":{\"code\":\"RR04\",\"text\":\"ran out\"}}}},"  \
    "\"regimes\":[{\"from\":\"2024-01-01\",\"policies\":{\"*\":[\"baseline\"]}}]}"

static struct temp_store temp;
static char spec[128], book[128];
static struct arena arena;

/* The example on one line, under a uetr of its own. */
static void
add_line(struct buffer *batch, const char *path, unsigned round, unsigned number)
{
    struct error err = {0};
    char *text, *uetr, name[64];
    size_t len;

    assert_int_equal(file_read(&arena, path, 8192, &text, &len, &err), 0);
    for (size_t i = 0; i < len; i++)
        if (text[i] == '\n')
            text[i] = ' ';
    uetr = strstr(text, UETR_AT);
    assert_non_null(uetr);
    snprintf(name, sizeof(name), "%08x-0000-4000-8000-%012x", round, number);
    memcpy(uetr + strlen(UETR_AT), name, 36);
    buffer_append(batch, text, len);
    buffer_text(batch, "\n");
}

static void
store_payments(struct http_client *client, unsigned round)
{
    static const char *const paths[] = {"clients/examples/approved-payment.json",
                                        "clients/examples/held-payment.json"};
    struct http_client_reply reply;
    struct buffer batch;
    char head[256];

    arena_reset(&arena);
    buffer_init(&batch, &arena, 1 << 20);
    for (unsigned i = 0; i < PAYMENTS; i++)
        add_line(&batch, paths[i % 2], round, i);
    snprintf(head, sizeof(head),
             "POST /v1/payments/batch HTTP/1.1\r\nHost: x\r\nContent-Type: "
             "application/x-ndjson\r\nContent-Length: %zu\r\n\r\n",
             batch.len);
    assert_true(http_client_send(client, head));
    assert_true(http_client_send_bytes(client, batch.data, batch.len));
    assert_true(http_client_next(client, &reply));
    assert_int_equal(reply.status, 200);
    assert_null(strstr(reply.body, "\"status\":4"));
    assert_null(strstr(reply.body, "\"status\":5"));
}

static uint64_t
head_of(struct store *view)
{
    uint8_t chain[SHA256_BYTES];
    struct error err = {0};
    uint64_t seq;

    assert_int_equal(view->ops->head(view, &seq, chain, &err), 0);
    return seq;
}

static struct store *
open_view(void)
{
    struct error err = {0};
    struct store *view;
    uint64_t seed;

    assert_int_equal(store_sqlite.view(temp.path, &seed, &view, &err), 0);
    return view;
}

/* Until the file has so many records, or all that can come have come. */
static void
await_head(uint64_t wanted)
{
    int64_t deadline_ms = monotonic_ms() + WAIT_MS;
    struct store *view = open_view();

    while (head_of(view) < wanted)
        assert_true(monotonic_ms() < deadline_ms);
    view->ops->close(view);
}

static void
kill_round(unsigned round)
{
    const char *const arguments[] = {"--store", spec, "--clock", "manual:2024-04-15T09:00:00",
                                     "--book",  book, NULL};
    struct gateway gateway;
    struct http_client client;
    struct store *view;
    uint64_t stored;

    assert_int_equal(gateway_start(&gateway, arguments), 0);
    assert_true(http_client_connect(&client, gateway.address));
    store_payments(&client, round);
    view = open_view();
    stored = head_of(view);
    view->ops->close(view);
    assert_true(http_client_post(&client, "/v1/clock", MOVE));
    await_head(stored + 1 + (uint64_t)rand() % PAYMENTS);
    gateway_kill(&gateway);
    http_client_close(&client);
}

/* Whatever the last kill left: it goes on by itself, then nothing is due any more. */
static void
finish(void)
{
    const char *const arguments[] = {"--store", spec, "--clock", "manual:2024-04-15T09:00:00",
                                     "--book",  book, NULL};
    struct http_client_reply reply;
    struct gateway gateway;
    struct http_client client;

    assert_int_equal(gateway_start(&gateway, arguments), 0);
    assert_true(http_client_connect(&client, gateway.address));
    assert_true(http_client_post(&client, "/v1/clock", MOVE));
    assert_true(http_client_next(&client, &reply));
    assert_int_equal(reply.status, 200);
    http_client_close(&client);
    assert_int_equal(gateway_stop(&gateway), 0);
}

/* By seq: how often a payment has moved; of what is no payment -1. */
static struct tally {
    int moves[SEQS_MAX];
    size_t payments, events;
    int64_t last_ms;
} tally;

static void
count_payment(void *context, const struct store_entry *entry)
{
    (void)context;
    assert_true(entry->seq < SEQS_MAX);
    assert_true(entry->due_ms > 0);
    tally.moves[entry->seq] = 0;
    tally.payments++;
}

static void
count_event(void *context, const struct store_entry *entry)
{
    (void)context;
    if (entry->kind != RECORD_EVENT)
        return;
    assert_true(entry->at_ms >= tally.last_ms); /* D1 */
    assert_true(payment_state_is_final((enum payment_state)entry->state));
    assert_int_equal(entry->previous_seq, 0);
    tally.last_ms = entry->at_ms;
    tally.moves[entry->payment_seq]++;
    tally.events++;
}

static void
no_transition_is_lost_or_doubled_by_kills(void **state) /* D2 */
{
    struct error err = {0};
    struct store *view;

    (void)state;
    srand(SEED);
    for (unsigned round = 0; round < ROUNDS; round++)
        kill_round(round);
    finish();
    memset(tally.moves, -1, sizeof(tally.moves));
    view = open_view();
    assert_int_equal(view->ops->scan(view, count_payment, NULL, &err), 0);
    assert_int_equal(view->ops->scan_events(view, count_event, NULL, &err), 0);
    view->ops->close(view);
    assert_int_equal(tally.payments, ROUNDS * PAYMENTS);
    assert_int_equal(tally.events, tally.payments);
    for (size_t seq = 0; seq < SEQS_MAX; seq++)
        assert_true(tally.moves[seq] == -1 || tally.moves[seq] == 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_transition_is_lost_or_doubled_by_kills),
    };
    int failed;

    if (temp_store_make(&temp) != 0)
        return 1;
    snprintf(spec, sizeof(spec), "sqlite:%s", temp.path);
    snprintf(book, sizeof(book), "%s/book.json", temp.folder);
    rollout_bank_write(book, BOOK);
    failed = cmocka_run_group_tests_name("clock_kill", tests, NULL, NULL);
    unlink(book);
    temp_store_remove(&temp);
    arena_release(&arena);
    return failed;
}
