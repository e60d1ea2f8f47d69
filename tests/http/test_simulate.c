/*
 * What a payment asks the bank to pretend, asked over real sockets of the real binary:
 * connections that break, a 503 that ends, answers that are late, holds that run out.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "clients/answer.h"
#include "gateway/base/file.h"
#include "gateway/base/json.h"
#include "gateway/base/time.h"
#include "tests/support/gateway.h"
#include "tests/support/http_client.h"
#include "tests/support/test.h"

#define COARSE_MS 10 /* the loop's clock ticks in a few milliseconds, so a timer may be early */

static struct gateway gateway;
static struct http_client client;
static struct arena arena;

static int
start_gateway(void **state)
{
    static const char *const arguments[] = {"--store", "memory", "--clock",
                                            "manual:2024-04-15T09:30:00+08:00", NULL};

    (void)state;
    return gateway_start(&gateway, arguments);
}

static int
stop_gateway(void **state)
{
    (void)state;
    arena_release(&arena);
    return gateway_stop(&gateway);
}

static int
open_client(void **state)
{
    (void)state;
    arena_reset(&arena);
    return http_client_connect(&client, gateway.address) ? 0 : -1;
}

static int
close_client(void **state)
{
    (void)state;
    http_client_close(&client);
    return 0;
}

static void
connect_again(void)
{
    http_client_close(&client);
    assert_true(http_client_connect(&client, gateway.address));
}

#define UETR "97ed4827-7b6f-4491-a06f-b548d5a7f%03d"

/* The approved sample under another uetr, asking for this. */
static const char *
payment(int number, const char *simulate)
{
    struct error err = {0};
    const char *rest;
    char *text;
    size_t len;

    if (file_read(&arena, "clients/examples/approved-payment.json", 65536, &text, &len, &err) !=
        0)
        fail_msg("%s", err.text);
    rest = strstr(text, "\"end_to_end_id\"");
    assert_non_null(rest);
    return arena_printf(&arena, "{\"uetr\":\"" UETR "\",\"simulate\":%s,%s", number, simulate,
                        rest);
}

static struct http_client_reply
ask(const char *method, const char *path, const char *json)
{
    struct http_client_reply reply;

    assert_true(http_client_request(&client, method, path, json));
    assert_true(http_client_next(&client, &reply));
    return reply;
}

static struct http_client_reply
pay(const char *json)
{
    return ask("POST", "/v1/payments", json);
}

static cJSON *
parsed(const struct http_client_reply *reply)
{
    struct error err = {0};
    cJSON *json;

    if (json_parse(&arena, reply->body, reply->body_len, &json, &err) != 0)
        fail_msg("%s in %s", err.text, reply->body);
    return json;
}

/* How many payments of this number are stored. */
static int
stored(int number)
{
    struct http_client_reply reply =
        ask("GET", arena_printf(&arena, "/v1/payments?uetr=" UETR, number), NULL);

    assert_int_equal(reply.status, 200);
    return cJSON_GetArraySize(answer_at(parsed(&reply), "data"));
}

/* The errno that reading ends with, 0 at a proper end. */
static int
end_of_connection(void)
{
    struct pollfd wait = {.fd = client.fd, .events = POLLIN};
    char data[256];
    ssize_t n;

    assert_int_equal(poll(&wait, 1, HTTP_CLIENT_WAIT_MS), 1);
    n = recv(client.fd, data, sizeof(data), 0);
    assert_true(n <= 0);
    return n < 0 ? errno : 0;
}

static void
a_connection_breaks_as_asked(void **state)
{
    static const struct {
        const char *fault;
        int end, stored;
    } cases[] = {{"drop", 0, 1}, {"drop_before", 0, 0}, {"reset", ECONNRESET, 1}};

    (void)state;
    for (int i = 0; i < 3; i++) {
        const char *body =
            payment(i, arena_printf(&arena, "{\"fault\":\"%s\"}", cases[i].fault));
        struct http_client_reply reply;

        assert_true(http_client_post(&client, "/v1/payments", body));
        assert_int_equal(end_of_connection(), cases[i].end);
        connect_again();
        assert_int_equal(stored(i), cases[i].stored);
        if (cases[i].stored == 0)
            continue;
        reply = pay(body);
        assert_int_equal(reply.status, 201);
        assert_string_equal(http_client_header(&client, &reply, "idempotent-replayed"), "true");
    }
}

static void
what_was_answered_before_a_reset_arrives(void **state)
{
    struct http_client_reply reply;
    const char *body = payment(10, "{\"fault\":\"reset\"}");
    char *both = arena_printf(&arena,
                              "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
                              "POST /v1/payments HTTP/1.1\r\nHost: x\r\nContent-Type: "
                              "application/json\r\nContent-Length: %zu\r\n\r\n%s",
                              strlen(body), body);

    (void)state;
    assert_true(http_client_send(&client, both));
    assert_true(http_client_next(&client, &reply));
    assert_int_equal(reply.status, 200);
    assert_int_equal(end_of_connection(), ECONNRESET);
}

static void
an_outage_ends(void **state)
{
    const char *body = payment(20, "{\"fault\":\"unavailable\",\"for\":\"PT1S\"}");
    struct http_client_reply reply = pay(body);
    int64_t began = monotonic_ms();

    (void)state;
    assert_int_equal(reply.status, 503);
    assert_string_equal(http_client_header(&client, &reply, "retry-after"), "1");
    assert_int_equal(stored(20), 0);
    while (reply.status == 503 && monotonic_ms() - began < HTTP_CLIENT_WAIT_MS) {
        poll(NULL, 0, 20);
        reply = pay(body);
    }
    assert_int_equal(reply.status, 201);
    assert_true(monotonic_ms() - began >= 900);
    reply = pay(body); /* and does not begin again */
    assert_int_equal(reply.status, 201);
    assert_string_equal(http_client_header(&client, &reply, "idempotent-replayed"), "true");
}

static void
each_payment_has_its_own_outage(void **state)
{
    struct http_client_reply reply;

    (void)state;
    reply = pay(payment(30, "{\"fault\":\"unavailable\",\"for\":\"PT30S\"}"));
    assert_int_equal(reply.status, 503);
    assert_string_equal(http_client_header(&client, &reply, "retry-after"), "30");
    reply = pay(payment(31, "{\"fault\":\"unavailable\",\"for\":\"PT1H\"}"));
    assert_string_equal(http_client_header(&client, &reply, "retry-after"), "3600");
    reply = pay(payment(32, "{\"fault\":\"unavailable\"}"));
    assert_int_equal(reply.status, 503);
    reply = pay(payment(33, "{}"));
    assert_int_equal(reply.status, 201);
}

static void
an_answer_is_late_by_its_distribution(void **state)
{
    int64_t began = monotonic_ms(), took;
    struct http_client_reply reply;

    (void)state;
    reply = pay(payment(40, "{\"delay_ms\":{\"least\":200,\"likely\":250,\"most\":300}}"));
    took = monotonic_ms() - began;
    assert_int_equal(reply.status, 201);
    assert_true(took >= 200 - COARSE_MS);
    began = monotonic_ms();
    assert_true(http_client_post(&client, "/v1/payments",
                                 payment(41, "{\"delay_ms\":200,\"fault\":\"drop_before\"}")));
    assert_int_equal(end_of_connection(), 0);
    assert_true(monotonic_ms() - began >=
                200 - COARSE_MS); /* the delay comes before the fault */
}

static void
each_action_gives_its_answer(void **state)
{
    static const struct {
        const char *simulate, *state, *status, *code;
    } cases[] = {
        /* clang-format off */
        { "{\"action\":\"accept\"}",                              "accepted",             "ACSP", "G002" },
        { "{\"action\":\"hold\"}",                                "held",                 "PDNG", "NARR" },
        { "{\"action\":\"request_information\"}",                 "awaiting_information", "ACSP", "NARR" },
        { "{\"action\":\"reject\",\"reason_code\":\"RR04\"}",     "rejected",             "RJCT", "RR04" },
        { "{\"action\":\"return\",\"reason_code\":\"MS03\"}",     "returned",             "",     "MS03" },
        { "{\"action\":\"freeze\"}",                              "frozen",               "ACWP", "AM07" },
        /* clang-format on */
    };

    (void)state;
    for (int i = 0; i < (int)(sizeof(cases) / sizeof(cases[0])); i++) {
        struct http_client_reply reply = pay(payment(50 + i, cases[i].simulate));
        const cJSON *answer = parsed(&reply);

        assert_int_equal(reply.status, 201);
        assert_string_equal(answer_text(answer, "state"), cases[i].state);
        assert_string_equal(answer_text(answer, "iso20022/transaction_status"),
                            cases[i].status);
        assert_string_equal(answer_text(answer, "iso20022/reason_code"), cases[i].code);
    }
}

static void
who_delivers_finds_what_is_delivered_twice(void **state)
{
    static const char marker[] = ",\"duplicate_webhook\":true}}";
    struct http_client_reply reply = pay(payment(70, "{\"duplicate_webhook\":true}"));

    (void)state;
    assert_int_equal(reply.status, 201);
    assert_string_equal(reply.body + reply.body_len - strlen(marker), marker);
    reply = pay(payment(71, "{\"duplicate_webhook\":false}"));
    assert_int_equal(reply.status, 201);
    assert_null(strstr(reply.body, "duplicate_webhook"));
}

static void
a_hold_runs_out_as_asked(void **state)
{
    static const struct {
        const char *simulate, *state, *code;
    } cases[] = {
        /* clang-format off */
        { "{\"hold\":{\"for\":\"P35D\",\"then\":\"return\"},\"reason_code\":\"MS03\"}", "returned", "MS03" },
        { "{\"hold\":{\"for\":\"P35D\",\"then\":\"reject\"},\"reason_code\":\"RR04\"}", "rejected", "RR04" },
        { "{\"hold\":{\"for\":\"P35D\",\"then\":\"release\"}}",                         "released", "G002" },
        { "{\"hold\":{\"for\":\"P36D\",\"then\":\"return\"}}",                          "held",     NULL },
        /* clang-format on */
    };
    const char *ids[4];
    struct http_client_reply reply;

    (void)state;
    for (int i = 0; i < 4; i++) {
        reply = pay(payment(60 + i, cases[i].simulate));
        assert_string_equal(answer_text(parsed(&reply), "state"), "held");
        ids[i] = answer_text(parsed(&reply), "id");
    }
    reply = ask("POST", "/v1/clock", "{\"advance\":\"P35D\"}");
    assert_int_equal(reply.status, 200);
    for (int i = 0; i < 4; i++) {
        const cJSON *answer;

        reply = ask("GET", arena_printf(&arena, "/v1/payments/%s", ids[i]), NULL);
        answer = parsed(&reply);
        assert_string_equal(answer_text(answer, "state"), cases[i].state);
        if (cases[i].code)
            assert_string_equal(answer_text(answer, "iso20022/reason_code"), cases[i].code);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, open_client, close_client)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_connection_breaks_as_asked),
        TEST(what_was_answered_before_a_reset_arrives),
        TEST(an_outage_ends),
        TEST(each_payment_has_its_own_outage),
        TEST(an_answer_is_late_by_its_distribution),
        TEST(each_action_gives_its_answer),
        TEST(who_delivers_finds_what_is_delivered_twice),
        TEST(a_hold_runs_out_as_asked),
    };

    return cmocka_run_group_tests_name("simulate", tests, start_gateway, stop_gateway);
}
