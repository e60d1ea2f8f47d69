/* test_http_stream.c - bodies and replies in pieces, back-pressure both ways, clients that go. */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/http_fixture.h"

#define NDJSON " HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
#define LINES  "POST /lines" NDJSON
#define QUIET  "POST /quiet-lines" NDJSON
#define OCTETS "POST /octets HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\n"
#define CHUNKS "Transfer-Encoding: chunked\r\n\r\n"
#define NEXT   "GET /fixed HTTP/1.1\r\nHost: x\r\n\r\n"

static void
expect_reply(struct http_client *client, int status, const char *body)
{
    struct http_client_reply reply;

    assert_true(http_client_next(client, &reply));
    assert_int_equal(reply.status, status);
    assert_true(reply.whole);
    if (body)
        assert_string_equal(reply.body, body);
}

static void
lines_are_handed_on_and_the_connection_is_kept(void **state)
{
    struct fixture *fixture = *state;

    assert_true(
        http_client_send(&fixture->client, LINES "Content-Length: 4\r\n\r\n1\n2\n" NEXT));
    expect_reply(&fixture->client, 200, "1\n2\n");
    expect_reply(&fixture->client, 200, "{\"ok\":true}");
    assert_true(http_client_send(&fixture->client,
                                 LINES CHUNKS "2\r\n1\n\r\n2\r\n2\n\r\n0\r\n\r\n" NEXT));
    expect_reply(&fixture->client, 200, "1\n2\n");
    expect_reply(&fixture->client, 200, "{\"ok\":true}");
}

/* Not text: every byte there is, in one piece and in two. */
static void
octets_are_handed_on_as_they_are(void **state)
{
    static const char *const heads[] = {OCTETS "Content-Length: 256\r\n\r\n",
                                        OCTETS CHUNKS "ff\r\n"};
    struct fixture *fixture = *state;
    char bytes[256];

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (char)i;
    for (size_t i = 0; i < COUNT(heads); i++) {
        struct http_client_reply reply;

        assert_true(http_client_send(&fixture->client, heads[i]));
        assert_true(http_client_send_bytes(&fixture->client, bytes, 255));
        if (i == 1)
            assert_true(http_client_send(&fixture->client, "\r\n1\r\n"));
        assert_true(http_client_send_bytes(&fixture->client, bytes + 255, 1));
        if (i == 1)
            assert_true(http_client_send(&fixture->client, "\r\n0\r\n\r\n"));
        assert_true(http_client_send(&fixture->client, NEXT));
        assert_true(http_client_next(&fixture->client, &reply));
        assert_int_equal(reply.status, 200);
        assert_int_equal(reply.body_len, sizeof(bytes));
        assert_memory_equal(reply.body, bytes, sizeof(bytes));
        expect_reply(&fixture->client, 200, "{\"ok\":true}");
    }
}

static void
lines_are_answered_before_the_last_has_come(void **state)
{
    struct fixture *fixture = *state;

    assert_true(http_client_send(&fixture->client, LINES CHUNKS "2\r\n1\n\r\n"));
    assert_false(http_client_quiet(&fixture->client, HTTP_CLIENT_WAIT_MS));
    assert_int_equal(fixture->toy.open, 1);
    assert_true(http_client_send(&fixture->client, "0\r\n\r\n"));
    expect_reply(&fixture->client, 200, "1\n");
}

static void
an_empty_body_is_one_last_piece(void **state)
{
    static const char *const heads[] = {
        LINES "Content-Length: 0\r\n\r\n",
        "POST /lines HTTP/1.1\r\nHost: x\r\n\r\n",
        LINES CHUNKS "0\r\n\r\n",
    };
    struct fixture *fixture = *state;

    for (int i = 0; i < (int)COUNT(heads); i++) {
        assert_true(http_client_send(&fixture->client, heads[i]));
        expect_reply(&fixture->client, 200, "");
        assert_int_equal(fixture->toy.pieces, i + 1);
    }
}

static void
the_client_is_told_to_go_on_before_it_sends_lines(void **state)
{
    struct fixture *fixture = *state;

    assert_true(http_client_send(&fixture->client,
                                 LINES "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
    expect_reply(&fixture->client, 100, "");
    assert_true(http_client_send(&fixture->client, "1\n"));
    expect_reply(&fixture->client, 200, "1\n");
}

/* Whatever follows, the refusal is what the client gets. */
static void
lines_refused_at_the_head_end_the_connection(void **state)
{
    static const char *const bodies[] = {("2\r\n1\n\r\n0\r\n\r\n" NEXT), "zz\r\n", ""};
    struct fixture *fixture = *state;

    for (size_t i = 0; i < COUNT(bodies); i++) {
        struct http_client_reply reply;
        struct http_client client;
        char request[256];

        snprintf(request, sizeof(request), "POST /refuse-lines" NDJSON CHUNKS "%s", bodies[i]);
        assert_true(http_client_connect(&client, fixture->toy.address));
        assert_true(http_client_send(&client, request));
        assert_true(http_client_next(&client, &reply));
        assert_int_equal(reply.status, 503);
        assert_string_equal(http_client_header(&client, &reply, "connection"), "close");
        assert_true(http_client_ended(&client));
        http_client_close(&client);
    }
    assert_int_equal(fixture->toy.handled, COUNT(bodies));
}

/* The sender's half of a long exchange, so that the test can read meanwhile. */
struct sender {
    struct http_client *client;
    const char *line;
    size_t count;
    bool sent;
};

static void *
send_lines(void *context)
{
    struct sender *sender = context;

    sender->sent = true;
    for (size_t i = 0; i < sender->count && sender->sent; i++)
        sender->sent = http_client_send_bytes(sender->client, sender->line, 65536);
    return NULL;
}

static void
a_long_stream_holds_its_client_back(void **state)
{
    enum { BLOCKS = 512, BLOCK = 65536 }; /* 32 MiB, more than sockets hold */
    static char line[BLOCK];
    struct fixture *fixture = *state;
    struct sender sender = {.line = line, .count = BLOCKS};
    struct http_client writer = {0};
    struct http_client_reply reply;
    pthread_t thread;

    memset(line, 'x', sizeof(line));
    assert_true(http_client_send(&fixture->client, LINES "Content-Length: 33554432\r\n\r\n"));
    writer.fd = fixture->client.fd;
    sender.client = &writer;
    assert_int_equal(pthread_create(&thread, NULL, send_lines, &sender), 0);
    while (atomic_load(&fixture->toy.pauses) == 0) /* nothing is read until it has paused */
        assert_true(http_toy_wait(&fixture->toy.aborted, 0));
    assert_true(http_client_next(&fixture->client, &reply));
    pthread_join(thread, NULL);
    assert_true(sender.sent);
    assert_true(reply.whole);
    assert_int_equal(reply.body_len, (size_t)BLOCKS * BLOCK);
    assert_int_equal(strspn(reply.body, "x"), (size_t)BLOCKS * BLOCK);
    /* one piece past the toy's own limit, no more */
    assert_in_range(fixture->toy.backlog_max, HTTP_TOY_BACKLOG, HTTP_TOY_BACKLOG + 2 * BLOCK);
    assert_in_range(fixture->toy.piece_max, 1, HTTP_PIECE_MAX);
}

static void
a_stream_goes_on_whenever_there_is_room(void **state)
{
    static const char *const paths[] = {"/flood?bytes=20000000", "/greedy?bytes=20000000"};
    struct fixture *fixture = *state;
    struct http_client_reply reply;

    for (size_t i = 0; i < COUNT(paths); i++) {
        assert_true(http_client_get(&fixture->client, paths[i]));
        assert_true(http_client_next(&fixture->client, &reply));
        assert_true(reply.chunked && reply.whole);
        assert_int_equal(reply.body_len, 20000000);
        assert_int_equal(strspn(reply.body, "a"), 20000000);
    }
}

static void
a_stream_behind_a_late_reply_waits_for_it(void **state)
{
    struct fixture *fixture = *state;
    struct http_client_reply reply;

    assert_true(http_client_send(&fixture->client,
                                 "GET /held HTTP/1.1\r\nHost: x\r\n\r\n"
                                 "GET /greedy?bytes=100000 HTTP/1.1\r\nHost: x\r\n\r\n"));
    assert_true(http_toy_wait(&fixture->toy.handled, 2));
    assert_true(http_client_quiet(&fixture->client, 10));
    http_toy_release(&fixture->toy);
    expect_reply(&fixture->client, 200, "{}");
    assert_true(http_client_next(&fixture->client, &reply));
    assert_int_equal(reply.body_len, 100000);
}

static void
a_body_that_goes_wrong_aborts_its_handler(void **state)
{
    struct fixture *fixture = *state;
    struct http_client_reply reply;

    /* half a reply has left: it is cut, and the client can tell */
    assert_true(http_client_send(&fixture->client, LINES CHUNKS "2\r\n1\n\r\n"));
    assert_true(http_toy_wait(&fixture->toy.pieces, 1));
    assert_true(http_client_send(&fixture->client, "zz\r\n"));
    assert_true(http_client_next(&fixture->client, &reply));
    assert_false(reply.whole);
    assert_true(fixture->client.closed);
    assert_int_equal(fixture->toy.aborted, 1);
    assert_int_equal(fixture->toy.open, 0);
    http_client_close(&fixture->client);

    /* none has: the refusal takes its place */
    assert_true(http_client_connect(&fixture->client, fixture->toy.address));
    assert_true(http_client_send(&fixture->client, QUIET CHUNKS "2\r\n1\n\r\nzz\r\n"));
    expect_reply(&fixture->client, 400, NULL);
    assert_true(http_client_ended(&fixture->client));
    assert_int_equal(fixture->toy.aborted, 2);
}

static void
a_client_that_goes_aborts_its_streams(void **state)
{
    static const char *const requests[] = {
        LINES CHUNKS "2\r\n1\n\r\n",
        QUIET "Content-Length: 100\r\n\r\n1\n",
        "GET /flood?bytes=100000000 HTTP/1.1\r\nHost: x\r\n\r\n",
    };
    struct fixture *fixture = *state;

    for (int i = 0; i < (int)COUNT(requests); i++) {
        assert_true(http_client_send(&fixture->client, requests[i]));
        assert_true(http_toy_wait(&fixture->toy.handled, i + 1));
        http_client_close(&fixture->client);
        assert_true(http_toy_wait(&fixture->toy.aborted, i + 1));
        assert_true(http_client_connect(&fixture->client, fixture->toy.address));
    }
    assert_int_equal(fixture->toy.open, 0);
    assert_true(http_client_send(&fixture->client, NEXT));
    expect_reply(&fixture->client, 200, "{\"ok\":true}");
}

static void
a_stream_without_end_ends_when_the_server_stops(void **state)
{
    struct fixture *fixture = *state;

    assert_true(http_client_get(&fixture->client, "/endless"));
    assert_true(http_toy_wait(&fixture->toy.open, 1));
    assert_false(http_client_quiet(&fixture->client, HTTP_CLIENT_WAIT_MS));
    http_toy_stop(&fixture->toy);
    expect_reply(&fixture->client, 200, "az");
    assert_true(http_client_ended(&fixture->client));
    assert_int_equal(fixture->toy.open, 0);
}

/* It would not be noticed by sending, for nothing is sent. */
static void
a_stream_without_end_ends_when_its_client_goes(void **state)
{
    static const char *const requests[] = {
        "GET /endless HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /endless HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /endless HTTP/1.0\r\n\r\n",
    };
    struct fixture *fixture = *state;

    for (int i = 0; i < (int)COUNT(requests); i++) {
        assert_true(http_client_send(&fixture->client, requests[i]));
        assert_true(http_toy_wait(&fixture->toy.open, 1));
        http_client_half_close(&fixture->client);
        assert_true(http_toy_wait(&fixture->toy.aborted, i + 1));
        assert_int_equal(fixture->toy.open, 0);
        http_client_close(&fixture->client);
        assert_true(http_client_connect(&fixture->client, fixture->toy.address));
    }
}

/* Nothing of it would ever leave: its handler has to be able to tell. */
static void
a_head_of_a_stream_without_end_ends_at_once(void **state)
{
    struct fixture *fixture = *state;

    fixture->client.head_only = true;
    assert_true(http_client_request(&fixture->client, "HEAD", "/endless", NULL));
    expect_reply(&fixture->client, 200, "");
    assert_int_equal(fixture->toy.open, 0);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        TEST(lines_are_handed_on_and_the_connection_is_kept),
        TEST(octets_are_handed_on_as_they_are),
        TEST(lines_are_answered_before_the_last_has_come),
        TEST(an_empty_body_is_one_last_piece),
        TEST(the_client_is_told_to_go_on_before_it_sends_lines),
        TEST(lines_refused_at_the_head_end_the_connection),
        TEST(a_long_stream_holds_its_client_back),
        TEST(a_stream_goes_on_whenever_there_is_room),
        TEST(a_stream_behind_a_late_reply_waits_for_it),
        TEST(a_body_that_goes_wrong_aborts_its_handler),
        TEST(a_client_that_goes_aborts_its_streams),
        TEST(a_stream_without_end_ends_when_the_server_stops),
        TEST(a_stream_without_end_ends_when_its_client_goes),
        TEST(a_head_of_a_stream_without_end_ends_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
