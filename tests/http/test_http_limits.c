/* test_http_limits.c - every limit of DESIGN section 10 that http/ keeps, and its answer. */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/metrics.h"
#include "gateway/http/exchange.h"
#include "tests/support/http_client.h"
#include "tests/support/http_toy.h"

#define SHORT_MS  60
#define LONGER_MS 200
#define GET       "GET /fixed HTTP/1.1\r\nHost: x\r\n"
#define POST      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
#define CHUNKED   POST "Transfer-Encoding: chunked\r\n\r\n"
#define LINES     "POST /lines HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
#define OCTETS                                                                                 \
    "POST /quiet-octets HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\n"
#define QUIET "POST /quiet-lines HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"

struct fixture {
    struct http_toy toy;
    struct http_client client;
    struct buffer text; /* on the client's arena */
};

static int
open_with(void **state, const struct http_options *options)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    http_toy_open(&fixture->toy, options);
    assert_true(http_client_connect(&fixture->client, fixture->toy.address));
    buffer_init(&fixture->text, &fixture->client.arena, 1024);
    *state = fixture;
    return 0;
}

static int
open_usual(void **state)
{
    return open_with(state, &(struct http_options){0});
}

static int
open_impatient(void **state)
{
    return open_with(state, &(struct http_options){.request_ms = SHORT_MS});
}

static int
open_longer(void **state)
{
    return open_with(state, &(struct http_options){.request_ms = LONGER_MS});
}

static int
open_restless(void **state)
{
    return open_with(state, &(struct http_options){.idle_ms = SHORT_MS});
}

static int
open_small(void **state)
{
    return open_with(state, &(struct http_options){.connections_max = 2});
}

static int
open_threads(void **state)
{
    return open_with(state, &(struct http_options){.threads = 4});
}

static int
close_fixture(void **state)
{
    struct fixture *fixture = *state;

    http_client_close(&fixture->client);
    http_toy_close(&fixture->toy);
    free(fixture);
    return 0;
}

static void
expect_status(struct http_client *client, int status)
{
    struct http_client_reply reply;

    assert_true(http_client_next(client, &reply));
    assert_int_equal(reply.status, status);
}

static void
expect_last(struct http_client *client, int status)
{
    struct http_client_reply reply;

    assert_true(http_client_next(client, &reply));
    assert_int_equal(reply.status, status);
    assert_string_equal(http_client_header(client, &reply, "connection"), "close");
    assert_true(http_client_ended(client));
}

static void
buffer_fill(struct buffer *buffer, char byte, size_t len)
{
    char run[4096];

    memset(run, byte, sizeof(run));
    for (; len > sizeof(run); len -= sizeof(run))
        buffer_append(buffer, run, sizeof(run));
    buffer_append(buffer, run, len);
}

/* A head of exactly so many bytes, filled up in one header's value. */
static void
head_of(struct buffer *text, size_t bytes)
{
    buffer_text(text, GET "X: ");
    buffer_fill(text, 'a', bytes - text->len - 4);
    buffer_text(text, "\r\n\r\n");
}

static void
a_head_of_16_kib_is_read(void **state)
{
    struct fixture *fixture = *state;

    head_of(&fixture->text, HTTP_HEAD_MAX);
    assert_true(http_client_send_bytes(&fixture->client, fixture->text.data, HTTP_HEAD_MAX));
    expect_status(&fixture->client, 200);
}

static void
a_larger_head_is_431(void **state)
{
    struct fixture *fixture = *state;

    head_of(&fixture->text, HTTP_HEAD_MAX + 1);
    assert_true(
        http_client_send_bytes(&fixture->client, fixture->text.data, HTTP_HEAD_MAX + 1));
    expect_last(&fixture->client, 431);
}

static void
a_head_without_end_is_431_before_it_ends(void **state)
{
    struct fixture *fixture = *state;

    buffer_text(&fixture->text, GET "X: ");
    buffer_fill(&fixture->text, 'a', HTTP_HEAD_MAX);
    assert_true(
        http_client_send_bytes(&fixture->client, fixture->text.data, fixture->text.len));
    expect_last(&fixture->client, 431);
}

static void
sixty_four_headers_are_read_and_one_more_is_431(void **state)
{
    struct fixture *fixture = *state;

    for (int extra = 0; extra < 2; extra++) {
        fixture->text.len = 0;
        buffer_text(&fixture->text, GET); /* the first of them is Host */
        for (int i = 1; i < HTTP_HEADERS_MAX + extra; i++)
            buffer_printf(&fixture->text, "X-%d: y\r\n", i);
        buffer_text(&fixture->text, "\r\n");
        assert_true(
            http_client_send_bytes(&fixture->client, fixture->text.data, fixture->text.len));
        if (extra == 0)
            expect_status(&fixture->client, 200);
        else
            expect_last(&fixture->client, 431);
    }
}

static void
a_request_line_past_8_kib_is_414(void **state)
{
    struct fixture *fixture = *state;

    buffer_text(&fixture->text, "GET /query?a=");
    buffer_fill(&fixture->text, 'a', 8192);
    assert_true(
        http_client_send_bytes(&fixture->client, fixture->text.data, fixture->text.len));
    expect_last(&fixture->client, 414);
}

static void
a_body_past_256_kib_is_413(void **state)
{
    static const char *const heads[] = {
        POST "Content-Length: 262145\r\n\r\n",
        CHUNKED "40001\r\n",
        "POST /ignored HTTP/1.1\r\nHost: x\r\nContent-Length: 262145\r\n\r\n",
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < COUNT(heads); i++) {
        struct http_client client;

        assert_true(http_client_connect(&client, fixture->toy.address));
        assert_true(http_client_send(&client, heads[i]));
        expect_last(&client, 413);
        http_client_close(&client);
    }
    assert_int_equal(fixture->toy.handled, 0);
}

static void
chunks_that_add_up_past_256_kib_are_413(void **state)
{
    static const char *const paths[] = {"/echo", "/ignored"};
    struct fixture *fixture = *state;

    for (size_t i = 0; i < COUNT(paths); i++) {
        struct http_client client;

        fixture->text.len = 0;
        buffer_printf(&fixture->text,
                      "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                      "Transfer-Encoding: chunked\r\n\r\n",
                      paths[i]);
        for (int chunk = 0; chunk < 65; chunk++) {
            buffer_text(&fixture->text, "1000\r\n");
            buffer_fill(&fixture->text, ' ', 4096);
            buffer_text(&fixture->text, "\r\n");
        }
        assert_true(http_client_connect(&client, fixture->toy.address));
        assert_true(http_client_send_bytes(&client, fixture->text.data, fixture->text.len));
        expect_last(&client, 413);
        http_client_close(&client);
    }
    assert_int_equal(fixture->toy.handled, 0);
}

/* By its length alone the handler is not even called; by a chunk's size it is told. */
static void
octets_past_256_mib_are_413_at_once(void **state)
{
    static const struct {
        const char *head;
        int handled, aborted;
    } cases[] = {
        {OCTETS "Content-Length: 268435457\r\n\r\n", 0, 0},
        {OCTETS "Expect: 100-continue\r\nContent-Length: 268435457\r\n\r\n", 0, 0},
        {OCTETS "Transfer-Encoding: chunked\r\n\r\n10000001\r\n", 1, 1},
        {OCTETS "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n10000000\r\n", 2, 2},
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct http_client client;

        assert_true(http_client_connect(&client, fixture->toy.address));
        assert_true(http_client_send(&client, cases[i].head));
        expect_last(&client, 413);
        http_client_close(&client);
        assert_int_equal(fixture->toy.handled, cases[i].handled);
        assert_int_equal(fixture->toy.aborted, cases[i].aborted);
    }
    assert_int_equal(fixture->toy.pieces, 1);
}

/* The whole of what octets may be, from one block. */
static void
send_octets(struct http_client *client, const char *head)
{
    static char block[65536];

    assert_true(http_client_send(client, head));
    for (size_t i = 0; i < HTTP_OCTETS_BODY_MAX / sizeof(block); i++)
        assert_true(http_client_send_bytes(client, block, sizeof(block)));
}

static void
octets_of_256_mib_are_read_and_one_more_is_413(void **state)
{
    struct fixture *fixture = *state;

    send_octets(&fixture->client, OCTETS "Content-Length: 268435456\r\n\r\n");
    expect_status(&fixture->client, 200);
    send_octets(&fixture->client, OCTETS "Transfer-Encoding: chunked\r\n\r\n10000000\r\n");
    assert_int_equal(fixture->toy.aborted, 0);
    assert_true(http_client_send(&fixture->client, "\r\n1\r\n"));
    expect_last(&fixture->client, 413);
    assert_int_equal(fixture->toy.aborted, 1);
}

static void
a_long_chunk_line_is_400_and_long_trailers_are_431(void **state)
{
    struct fixture *fixture = *state;
    struct http_client client;

    buffer_text(&fixture->text, CHUNKED "2;");
    buffer_fill(&fixture->text, 'a', 300);
    assert_true(
        http_client_send_bytes(&fixture->client, fixture->text.data, fixture->text.len));
    expect_last(&fixture->client, 400);

    fixture->text.len = 0;
    buffer_text(&fixture->text, CHUNKED "2\r\n{}\r\n0\r\n");
    for (int i = 0; i < 600; i++)
        buffer_text(&fixture->text, "X-T: y\r\n");
    assert_true(http_client_connect(&client, fixture->toy.address));
    assert_true(http_client_send_bytes(&client, fixture->text.data, fixture->text.len));
    expect_last(&client, 431);
    http_client_close(&client);
}

static void
a_request_that_stops_arriving_is_408(void **state)
{
    static const char *const cases[] = {
        "\r",
        "G",
        "GET /fixed HTTP/1.1\r\nHost: x\r\n",
        POST "Content-Length: 2\r\n\r\n",
        POST "Content-Length: 2\r\n\r\n{",
        CHUNKED "2\r\n{}\r\n",
        "POST /ignored HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n",
        QUIET "Content-Length: 2\r\n\r\n1",
        OCTETS "Content-Length: 2\r\n\r\n1",
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct http_client client;

        assert_true(http_client_connect(&client, fixture->toy.address));
        assert_true(http_client_send(&client, cases[i]));
        expect_last(&client, 408);
        http_client_close(&client);
    }
    assert_int_equal(fixture->toy.aborted, 2); /* the streams' handlers were told */
}

/* What comes byte by byte does not get more time for it. */
static void
a_request_that_trickles_is_408(void **state)
{
    struct fixture *fixture = *state;

    assert_true(http_client_send(&fixture->client, GET "X: "));
    for (int i = 0; i < 10000 && http_client_quiet(&fixture->client, 2); i++)
        assert_true(http_client_send(&fixture->client, "a"));
    expect_status(&fixture->client, 408);
}

static void
an_earlier_request_is_answered_before_the_408_of_the_next(void **state)
{
    struct fixture *fixture = *state;

    assert_true(http_client_send(&fixture->client, "GET /held HTTP/1.1\r\nHost: x\r\n\r\n"
                                                   "GET /fix"));
    assert_true(http_toy_wait(&fixture->toy.handled, 1));
    assert_true(http_client_quiet(&fixture->client, 2 * SHORT_MS));
    http_toy_release(&fixture->toy);
    expect_status(&fixture->client, 200);
    expect_last(&fixture->client, 408);
}

static void
a_handler_may_take_longer_than_a_request(void **state)
{
    struct fixture *fixture = *state;

    assert_true(http_client_get(&fixture->client, "/after?ms=180"));
    expect_status(&fixture->client, 200);
}

/* The time that we make a client wait is not its own. */
static void
a_stream_held_back_is_not_408(void **state)
{
    struct fixture *fixture = *state;
    struct http_client_reply reply;
    size_t sent;

    buffer_text(&fixture->text, LINES "Content-Length: 33554432\r\n\r\n");
    buffer_fill(&fixture->text, 'x', 33554432);
    sent =
        http_client_fill(&fixture->client, fixture->text.data, fixture->text.len, 5 * SHORT_MS);
    assert_in_range(sent, 1, fixture->text.len - 1);
    assert_int_equal(fixture->toy.aborted, 0);
    http_client_half_close(&fixture->client);
    assert_true(http_client_next(&fixture->client, &reply));
    assert_in_range(reply.body_len, 1, sent); /* what it had not read is lost */
}

static void
a_request_behind_too_many_others_gets_its_whole_time(void **state)
{
    struct fixture *fixture = *state;

    for (int i = 0; i < HTTP_PIPELINE_MAX; i++)
        buffer_text(&fixture->text, "GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
    buffer_text(&fixture->text, "GET /fixed HT");
    assert_true(/* in one piece, so that the last is read and held back */
                http_client_send_bytes(&fixture->client, fixture->text.data,
                                       fixture->text.len));
    assert_true(http_toy_wait(&fixture->toy.handled, HTTP_PIPELINE_MAX));
    assert_true(http_client_quiet(&fixture->client, LONGER_MS + LONGER_MS / 10));
    http_toy_release(&fixture->toy);
    for (int i = 0; i < HTTP_PIPELINE_MAX; i++)
        expect_status(&fixture->client, 200);
    assert_true(http_client_quiet(&fixture->client, LONGER_MS / 3)); /* a sweep passes */
    assert_true(http_client_send(&fixture->client, "TP/1.1\r\nHost: x\r\n\r\n"));
    expect_status(&fixture->client, 200);
}

static void
an_idle_connection_is_closed_without_a_word(void **state)
{
    struct fixture *fixture = *state;

    assert_true(http_client_ended(&fixture->client));
    http_client_close(&fixture->client);
    assert_true(http_client_connect(&fixture->client, fixture->toy.address));
    assert_true(http_client_get(&fixture->client, "/fixed"));
    expect_status(&fixture->client, 200);
    assert_true(http_client_ended(&fixture->client));
}

static void
a_client_that_never_reads_is_cut_off(void **state)
{
    struct fixture *fixture = *state;
    struct http_client_reply reply;

    /* A stream that waits for room is told of the end. */
    assert_true(http_client_get(&fixture->client, "/flood?bytes=50000000"));
    assert_true(http_toy_wait(&fixture->toy.aborted, 1));
    assert_int_equal(fixture->toy.open, 0);
    assert_true(http_client_next(&fixture->client, &reply));
    assert_false(reply.whole);
}

static void
connections_past_the_limit_are_503(void **state)
{
    struct fixture *fixture = *state;
    struct http_client second, third;
    struct http_client_reply reply;
    int64_t refused = metric_read(METRIC_HTTP_REFUSED_TOTAL);

    assert_true(http_client_get(&fixture->client, "/fixed"));
    expect_status(&fixture->client, 200);
    assert_true(http_client_connect(&second, fixture->toy.address));
    assert_true(http_client_get(&second, "/fixed"));
    expect_status(&second, 200);
    assert_true(http_client_connect(&third, fixture->toy.address));
    assert_true(http_client_next(&third, &reply));
    assert_int_equal(reply.status, 503);
    assert_string_equal(http_client_header(&third, &reply, "retry-after"), "1");
    assert_true(http_client_ended(&third));
    assert_int_equal(metric_read(METRIC_HTTP_REFUSED_TOTAL), refused + 1);
    http_client_close(&third);
    http_client_close(&second);

    /* As soon as the server has seen the second go, there is room again. */
    for (int i = 0, served = 0; !served; i++) {
        assert_true(i < 1000);
        assert_true(http_client_connect(&third, fixture->toy.address));
        (void)http_client_get(&third, "/fixed");
        served = http_client_next(&third, &reply) && reply.status == 200;
        http_client_close(&third);
    }
}

/* The first of them that has been answered; they are looked at until one is. */
static size_t
first_answered(struct http_client *clients, size_t count)
{
    for (int round = 0; round < 1000; round++)
        for (size_t i = 0; i < count; i++)
            if (!http_client_quiet(&clients[i], i == 0))
                return i;
    return count;
}

/* Each is to hold 256 KiB for a body whose last byte does not come: one is too many. */
static void
bodies_past_64_mib_together_are_503(void **state)
{
    enum { BODIES = HTTP_BODIES_BYTES_MAX / HTTP_JSON_BODY_MAX + 1 };
    static struct http_client clients[BODIES];
    struct fixture *fixture = *state;
    struct http_client_reply reply;
    size_t refused;

    buffer_text(&fixture->text, POST "Content-Length: 262144\r\n\r\n");
    buffer_fill(&fixture->text, ' ', HTTP_JSON_BODY_MAX - 1);
    for (int i = 0; i < BODIES; i++) {
        assert_true(http_client_connect(&clients[i], fixture->toy.address));
        (void)http_client_send_bytes(&clients[i], fixture->text.data, fixture->text.len);
    }
    refused = first_answered(clients, BODIES);
    assert_in_range(refused, 0, BODIES - 1);
    assert_true(http_client_next(&clients[refused], &reply));
    assert_int_equal(reply.status, 503);
    assert_string_equal(http_client_header(&clients[refused], &reply, "retry-after"), "1");
    for (size_t i = 0; i < BODIES; i++) {
        if (i != refused) {
            assert_true(http_client_send(&clients[i], "1"));
            expect_status(&clients[i], 200);
        }
        http_client_close(&clients[i]);
    }
}

/* Requests with 256 KiB bodies, pipelined. */
static void
send_large(struct http_client *client, const char *target, int count)
{
    struct buffer text;

    buffer_init(&text, &client->arena, HTTP_JSON_BODY_MAX + 1024);
    buffer_printf(&text,
                  "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                  "Content-Length: %d\r\n\r\n",
                  target, HTTP_JSON_BODY_MAX);
    buffer_fill(&text, ' ', HTTP_JSON_BODY_MAX);
    for (int i = 0; i < count; i++)
        assert_true(http_client_send_bytes(client, text.data, text.len));
}

/* All the bytes there are, held by handlers that wait: even a body of two is too many. */
static void
bodies_count_until_their_replies_have_left(void **state)
{
    enum { BODIES = HTTP_BODIES_BYTES_MAX / HTTP_JSON_BODY_MAX, CLIENTS = 4 };
    static struct http_client clients[CLIENTS];
    struct fixture *fixture = *state;
    struct http_client_reply reply;

    for (int i = 0; i < CLIENTS; i++) {
        assert_true(http_client_connect(&clients[i], fixture->toy.address));
        send_large(&clients[i], "/held", BODIES / CLIENTS);
    }
    assert_true(http_toy_wait(&fixture->toy.handled, BODIES));
    assert_true(http_toy_wait_bodies(&fixture->toy, HTTP_BODIES_BYTES_MAX));
    assert_true(http_client_get(&fixture->client, "/fixed"));
    expect_status(&fixture->client, 200);
    assert_true(http_client_post(&fixture->client, "/echo", "{}"));
    assert_true(http_client_next(&fixture->client, &reply));
    assert_int_equal(reply.status, 503);
    assert_string_equal(http_client_header(&fixture->client, &reply, "retry-after"), "1");
    assert_string_equal(http_client_header(&fixture->client, &reply, "connection"), "close");

    http_toy_release(&fixture->toy);
    for (int i = 0; i < CLIENTS; i++) {
        for (int j = 0; j < BODIES / CLIENTS; j++)
            expect_status(&clients[i], 200);
    }
    assert_true(http_toy_wait_bodies(&fixture->toy, 0));
    assert_true(http_client_post(&clients[0], "/echo", "{}"));
    expect_status(&clients[0], 200);
    for (int i = 0; i < CLIENTS; i++)
        http_client_close(&clients[i]);
}

static void
bodies_of_clients_that_go_count_until_their_handlers_answer(void **state)
{
    enum { HELD = 3 };
    struct fixture *fixture = *state;

    assert_true(http_client_get(&fixture->client, "/fixed")); /* not read: closing resets */
    send_large(&fixture->client, "/held", HELD);
    assert_true(http_client_send(&fixture->client, POST "Content-Length: 2\r\n\r\n{"));
    assert_true(http_toy_wait(&fixture->toy.handled, 1 + HELD));
    assert_true(http_toy_wait_bodies(&fixture->toy, HELD * HTTP_JSON_BODY_MAX + 8192));
    http_client_close(&fixture->client);
    assert_true(http_toy_wait_bodies(&fixture->toy, HELD * HTTP_JSON_BODY_MAX));
    http_toy_release(&fixture->toy);
    assert_true(http_toy_wait_bodies(&fixture->toy, 0));
}

/* One after each way that an exchange can end without its usual reply. */
static void
no_body_stays_counted_when_its_exchange_ends_early(void **state)
{
    static const struct {
        const char *bytes;
        int status;
    } cases[] = {
        {CHUNKED "2\r\n{}\r\nzz", 400},
        {CHUNKED "2\r\n{}\r\n40000\r\n", 413},
        {POST "Content-Length: 9\r\n\r\n{", 400}, /* broken off */
        {POST "Connection: close\r\nContent-Length: 2\r\n\r\n{}", 200},
        {"GET /drop HTTP/1.1\r\nHost: x\r\n\r\n" POST "Content-Length: 2\r\n\r\n{}", 0},
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct http_client client;

        assert_true(http_client_connect(&client, fixture->toy.address));
        assert_true(http_client_send(&client, cases[i].bytes));
        http_client_half_close(&client);
        if (cases[i].status)
            expect_last(&client, cases[i].status);
        else
            assert_true(http_client_ended(&client));
        assert_true(http_toy_wait_bodies(&fixture->toy, 0));
        http_client_close(&client);
    }
}

/* The first is answered late; the others' bodies count, but only their replies are kept. */
static void
replies_that_wait_for_their_turn_are_bounded(void **state)
{
    enum { WAITING = HTTP_PIPELINE_MAX - 1, SHORT = 3, LONG = 5000 };
    struct fixture *fixture = *state;
    struct http_client other;
    struct http_client_reply reply;

    assert_true(http_client_get(&fixture->client, "/held"));
    assert_true(http_toy_wait(&fixture->toy.handled, 1));
    send_large(&fixture->client, "/keep?bytes=3", WAITING - 1);
    send_large(&fixture->client, "/keep?bytes=5000", 1);
    assert_true(http_toy_wait(&fixture->toy.handled, 1 + WAITING));
    assert_true(http_toy_wait_bodies(&fixture->toy, (size_t)WAITING * HTTP_JSON_BODY_MAX));

    assert_true(http_client_connect(&other, fixture->toy.address));
    assert_true(http_client_get(&other, "/waiting"));
    assert_true(http_client_next(&other, &reply));
    assert_in_range(strtoul(reply.body, NULL, 10), 1,
                    HTTP_PIPELINE_MAX * HTTP_WAITING_ARENA_MAX);
    http_client_close(&other);

    http_toy_release(&fixture->toy);
    expect_status(&fixture->client, 200);
    for (int i = 0; i < WAITING; i++) {
        assert_true(http_client_next(&fixture->client, &reply));
        assert_int_equal(reply.status, 200);
        assert_int_equal(reply.body_len, i < WAITING - 1 ? SHORT : LONG);
        assert_int_equal(strspn(reply.body, " "), reply.body_len);
    }
    assert_true(http_toy_wait_bodies(&fixture->toy, 0));
}

static void
no_more_than_64_requests_of_a_connection_are_open(void **state)
{
    struct fixture *fixture = *state;

    for (int i = 0; i < HTTP_PIPELINE_MAX + 6; i++)
        assert_true(http_client_get(&fixture->client, "/held"));
    assert_true(http_toy_wait(&fixture->toy.handled, HTTP_PIPELINE_MAX));
    assert_true(http_client_quiet(&fixture->client, 20));
    assert_int_equal(fixture->toy.handled, HTTP_PIPELINE_MAX);
    http_toy_release(&fixture->toy);
    assert_true(http_toy_wait(&fixture->toy.handled, HTTP_PIPELINE_MAX + 6));
    http_toy_release(&fixture->toy);
    for (int i = 0; i < HTTP_PIPELINE_MAX + 6; i++)
        expect_status(&fixture->client, 200);
}

static void
no_request_is_read_while_too_much_is_unsent(void **state)
{
    enum { REQUESTS = 60, BYTES = 1000000 }; /* fewer than may be open */
    struct fixture *fixture = *state;
    struct http_client_reply reply;

    for (int i = 0; i < REQUESTS; i++)
        buffer_printf(&fixture->text, "GET /large?bytes=%d HTTP/1.1\r\nHost: x\r\n\r\n", BYTES);
    assert_true(
        http_client_send_bytes(&fixture->client, fixture->text.data, fixture->text.len));
    assert_true(http_client_next(&fixture->client, &reply));
    assert_int_equal(reply.body_len, BYTES);
    assert_in_range(fixture->toy.handled, 1, REQUESTS / 2); /* what the kernel buffers */
    for (int i = 1; i < REQUESTS; i++) {
        assert_true(http_client_next(&fixture->client, &reply));
        assert_int_equal(reply.body_len, BYTES);
    }
}

int
main(void)
{
#define TEST(name, open) cmocka_unit_test_setup_teardown(name, open, close_fixture)
    const struct CMUnitTest tests[] = {
        TEST(a_head_of_16_kib_is_read, open_usual),
        TEST(a_larger_head_is_431, open_usual),
        TEST(a_head_without_end_is_431_before_it_ends, open_usual),
        TEST(sixty_four_headers_are_read_and_one_more_is_431, open_usual),
        TEST(a_request_line_past_8_kib_is_414, open_usual),
        TEST(a_body_past_256_kib_is_413, open_usual),
        TEST(chunks_that_add_up_past_256_kib_are_413, open_usual),
        TEST(octets_past_256_mib_are_413_at_once, open_usual),
        TEST(octets_of_256_mib_are_read_and_one_more_is_413, open_usual),
        TEST(a_long_chunk_line_is_400_and_long_trailers_are_431, open_usual),
        TEST(a_request_that_stops_arriving_is_408, open_impatient),
        TEST(a_request_that_trickles_is_408, open_impatient),
        TEST(an_earlier_request_is_answered_before_the_408_of_the_next, open_impatient),
        TEST(a_handler_may_take_longer_than_a_request, open_impatient),
        TEST(a_stream_held_back_is_not_408, open_impatient),
        TEST(a_request_behind_too_many_others_gets_its_whole_time, open_longer),
        TEST(an_idle_connection_is_closed_without_a_word, open_restless),
        TEST(a_client_that_never_reads_is_cut_off, open_restless),
        TEST(connections_past_the_limit_are_503, open_small),
        TEST(bodies_past_64_mib_together_are_503, open_usual),
        TEST(bodies_count_until_their_replies_have_left, open_threads),
        TEST(bodies_of_clients_that_go_count_until_their_handlers_answer, open_usual),
        TEST(no_body_stays_counted_when_its_exchange_ends_early, open_usual),
        TEST(replies_that_wait_for_their_turn_are_bounded, open_usual),
        TEST(no_more_than_64_requests_of_a_connection_are_open, open_usual),
        TEST(no_request_is_read_while_too_much_is_unsent, open_usual),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
