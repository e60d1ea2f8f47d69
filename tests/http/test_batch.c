/*
 * Batches over a real socket of the real binary: lines cut anywhere, limits on
 * lines, clients that leave or do not read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/api/api.h"
#include "gateway/base/file.h"
#include "gateway/base/time.h"
#include "tests/support/gateway.h"
#include "tests/support/http_client.h"
#include "tests/support/test.h"

#define KIT_UETR "97ed4827-7b6f-4491-a06f-b548d5a7512d"
#define HEAD                                                                                   \
    "POST /v1/payments/batch HTTP/1.1\r\nHost: bank\r\nContent-Type: application/x-ndjson\r\n"

static struct gateway gateway;
static struct http_client client;
static struct arena arena;

static int
start_gateway(void **state)
{
    static const char *const arguments[] = {"--store", "memory", NULL};

    (void)state;
    return gateway_start(&gateway, arguments);
}

static int
stop_gateway(void **state)
{
    (void)state;
    return gateway_stop(&gateway);
}

static int
open_client(void **state)
{
    (void)state;
    return http_client_connect(&client, gateway.address) ? 0 : -1;
}

static int
close_client(void **state)
{
    (void)state;
    http_client_close(&client);
    arena_release(&arena);
    return 0;
}

/* The sample on one line with a uetr of its own; run tells tests apart. */
static const char *
payment_line(int run, int number)
{
    struct error err = {0};
    char uetr[40], *text, *at;
    size_t len;

    if (file_read(&arena, "clients/examples/kit-payment.json", 65536, &text, &len, &err) != 0)
        fail_msg("%s", err.text);
    for (at = text; *at; at++)
        if (*at == '\n')
            *at = ' ';
    snprintf(uetr, sizeof(uetr), "97ed4827-7b6f-4491-a%03x-%012x", run, number);
    at = strstr(text, KIT_UETR);
    assert_non_null(at);
    memcpy(at, uetr, strlen(uetr));
    return text;
}

/* Send a whole batch with its length and read the whole reply. */
static struct http_client_reply
batch(const char *data, size_t len)
{
    struct http_client_reply reply;

    assert_true(http_client_send(
        &client, arena_printf(&arena, HEAD "Content-Length: %zu\r\n\r\n", len)));
    assert_true(http_client_send_bytes(&client, data, len));
    assert_true(http_client_next(&client, &reply));
    assert_int_equal(reply.status, 200);
    return reply;
}

/* "1:201 2:400 …" of the result lines. */
static const char *
results(const struct http_client_reply *reply)
{
    struct buffer out;

    buffer_init(&out, &arena, 1024);
    for (const char *at = reply->body; (at = strstr(at, "{\"line\":")); at++) {
        int line, status;

        assert_int_equal(sscanf(at, "{\"line\":%d,\"status\":%d", &line, &status), 2);
        buffer_printf(&out, "%s%d:%d", out.len ? " " : "", line, status);
    }
    return buffer_terminate(&out);
}

static void
lines_end_with_a_feed_a_return_or_the_body(void **state)
{
    const char *text = arena_printf(&arena, "%s\r\n\n  \n%s\n\r\n{\"a\":\n%s",
                                    payment_line(1, 1), payment_line(1, 2), payment_line(1, 3));
    struct http_client_reply reply = batch(text, strlen(text));

    (void)state;
    assert_string_equal(results(&reply), "1:201 4:201 6:400 7:201");
    assert_string_equal(http_client_header(&client, &reply, "content-type"),
                        "application/x-ndjson");
}

static void
a_batch_without_lines_has_no_results(void **state)
{
    struct http_client_reply reply = batch("", 0);

    (void)state;
    assert_int_equal(reply.body_len, 0);
    reply = batch("\n\n", 2); /* and the connection goes on */
    assert_int_equal(reply.body_len, 0);
}

static void
chunks_may_cut_a_line_anywhere(void **state)
{
    const char *text = arena_printf(&arena, "%s\n%s\n", payment_line(2, 1), payment_line(2, 2));
    struct http_client_reply reply;

    (void)state;
    assert_true(http_client_send(&client, HEAD "Transfer-Encoding: chunked\r\n\r\n"));
    for (size_t at = 0, len = strlen(text), piece = 1; at < len; at += piece, piece += 7) {
        if (piece > len - at)
            piece = len - at;
        assert_true(http_client_send(
            &client, arena_printf(&arena, "%zx\r\n%.*s\r\n", piece, (int)piece, text + at)));
    }
    assert_true(http_client_send(&client, "0\r\n\r\n"));
    assert_true(http_client_next(&client, &reply));
    assert_string_equal(results(&reply), "1:201 2:201");
}

/* A line of exactly len bytes that is JSON: a payment and blanks. */
static void
add_line(struct buffer *out, int number, size_t len)
{
    const char *payment = payment_line(3, number);

    buffer_text(out, payment);
    for (size_t i = strlen(payment); i < len; i++)
        buffer_append(out, " ", 1);
    buffer_append(out, "\n", 1);
}

static void
a_line_has_at_most_256_kib(void **state)
{
    struct http_client_reply reply;
    struct buffer out;

    (void)state;
    buffer_init(&out, &arena, 1 << 20);
    add_line(&out, 1, API_BATCH_LINE_MAX);
    add_line(&out, 2, API_BATCH_LINE_MAX + 1);
    add_line(&out, 3, 3 * API_BATCH_LINE_MAX);
    add_line(&out, 4, 0);
    reply = batch(out.data, out.len);
    assert_string_equal(results(&reply), "1:201 2:413 3:413 4:201");
}

static void
a_batch_has_at_most_a_hundred_thousand_lines(void **state)
{
    struct http_client_reply reply;
    struct buffer out;
    const char *last = NULL;

    (void)state;
    buffer_init(&out, &arena, 1 << 18);
    for (int i = 0; i < API_BATCH_LINES_MAX - 1; i++)
        buffer_append(&out, "\n", 1);
    buffer_text(&out, "{}\n{}\n{}\n"); /* the last that counts, and two past it */
    reply = batch(out.data, out.len);
    last = results(&reply);
    assert_string_equal(last, "100000:422 100001:413");
}

static long
resident_kib(void)
{
    char path[64], line[128];
    long kib = 0;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/status", (int)gateway.pid);
    file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof(line), file))
        if (sscanf(line, "VmRSS: %ld", &kib) == 1)
            break;
    fclose(file);
    return kib;
}

/* Each line is as dear as a line can be made; a hundred and forty took 1 GiB once. */
static void
dear_lines_do_not_add_up(void **state)
{
    long before = resident_kib();
    struct http_client_reply reply;
    struct buffer out;

    (void)state;
    buffer_init(&out, &arena, 40 << 20);
    for (int line = 0; line < 140; line++) {
        buffer_text(&out, "{\"uetr\":[0");
        for (int value = 0; value < 8000; value++)
            buffer_text(&out, ",0");
        for (int blank = 0; blank < 240000; blank++)
            buffer_append(&out, " ", 1);
        buffer_text(&out, "]}\n");
    }
    reply = batch(out.data, out.len);
    assert_non_null(strstr(reply.body, "{\"line\":140,\"status\":422"));
    assert_true(resident_kib() - before < 128 * 1024);
}

static int64_t
metric(const char *name)
{
    struct http_client_reply reply;
    struct http_client own;
    const char *at;
    int64_t value;

    assert_true(http_client_connect(&own, gateway.address));
    assert_true(http_client_get(&own, "/metrics"));
    assert_true(http_client_next(&own, &reply));
    at = strstr(reply.body, name);
    assert_non_null(at);
    value = atoll(at + strlen(name));
    http_client_close(&own);
    return value;
}

/* What was read of it is decided and stored; the rest never was; nothing leaks. */
static void
a_client_that_leaves_in_mid_line_ends_its_batch(void **state)
{
    int64_t before = metric("\nyuangate_stored_total "), deadline;
    const char *line = payment_line(4, 1);

    (void)state;
    assert_true(http_client_send(&client, HEAD "Content-Length: 100000\r\n\r\n"));
    assert_true(http_client_send(&client, line));
    assert_true(http_client_send(&client, "\n{\"uetr\":"));
    for (deadline = monotonic_ms() + HTTP_CLIENT_WAIT_MS;
         metric("\nyuangate_stored_total ") == before;)
        assert_true(monotonic_ms() < deadline);
    http_client_close(&client);
    for (deadline = monotonic_ms() + HTTP_CLIENT_WAIT_MS;
         metric("\nyuangate_http_connections ") > 1;) /* the one that asks */
        assert_true(monotonic_ms() < deadline);
    assert_int_equal(metric("\nyuangate_stored_total "), before + 1);
    assert_true(http_client_connect(&client, gateway.address));
}

/* Nobody reads the results: the gateway stops reading lines, and others are served. */
static void
a_client_that_never_reads_is_held_by_tcp(void **state)
{
    struct http_client_reply reply;
    struct http_client other;
    const char *line = "{\"an unknown member\":\"so that each line has a long result\"}\n";
    size_t line_len = strlen(line), total = line_len * 90000, sent;
    char *body = arena_alloc(&arena, total);

    (void)state;
    for (size_t at = 0; at < total; at += line_len)
        memcpy(body + at, line, line_len);
    assert_true(http_client_send(
        &client, arena_printf(&arena, HEAD "Content-Length: %zu\r\n\r\n", total)));
    sent = http_client_fill(&client, body, total, 300);
    assert_true(sent < total);
    assert_true(http_client_connect(&other, gateway.address));
    assert_true(http_client_get(&other, "/livez"));
    assert_true(http_client_next(&other, &reply));
    assert_int_equal(reply.status, 200);
    http_client_close(&other);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, open_client, close_client)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lines_end_with_a_feed_a_return_or_the_body),
        TEST(a_batch_without_lines_has_no_results),
        TEST(chunks_may_cut_a_line_anywhere),
        TEST(a_line_has_at_most_256_kib),
        TEST(a_batch_has_at_most_a_hundred_thousand_lines),
        TEST(dear_lines_do_not_add_up),
        TEST(a_client_that_leaves_in_mid_line_ends_its_batch),
        TEST(a_client_that_never_reads_is_held_by_tcp),
    };

    return cmocka_run_group_tests_name("batch", tests, start_gateway, stop_gateway);
}
