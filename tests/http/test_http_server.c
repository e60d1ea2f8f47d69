/* test_http_server.c - requests and replies over a real socket. */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/http_fixture.h"

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
a_get_is_answered_with_date_type_and_length(void **state)
{
    struct fixture *fixture = *state;
    struct http_client_reply reply;
    const char *date;

    assert_true(http_client_get(&fixture->client, "/fixed"));
    assert_true(http_client_next(&fixture->client, &reply));
    assert_int_equal(reply.status, 200);
    assert_string_equal(reply.body, "{\"ok\":true}");
    assert_string_equal(http_client_header(&fixture->client, &reply, "content-type"),
                        "application/json");
    assert_string_equal(http_client_header(&fixture->client, &reply, "content-length"), "11");
    assert_null(http_client_header(&fixture->client, &reply, "connection"));
    date = http_client_header(&fixture->client, &reply, "date");
    assert_int_equal(strlen(date), strlen("Mon, 15 Apr 2024 09:00:00 GMT"));
}

static void
a_connection_is_kept_for_the_next_request(void **state)
{
    struct fixture *fixture = *state;

    for (int i = 0; i < 3; i++) {
        assert_true(http_client_post(&fixture->client, "/echo", "{\"n\":1}"));
        expect_reply(&fixture->client, 200, "{\"n\":1}");
    }
}

static void
pipelined_requests_are_answered_in_their_order(void **state)
{
    struct fixture *fixture = *state;

    assert_true(
        http_client_send(&fixture->client,
                         "POST /later HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                         "Content-Length: 1\r\n\r\n1"
                         "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                         "Content-Length: 1\r\n\r\n2"
                         "POST /later HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                         "Content-Length: 1\r\n\r\n3"
                         "GET /fixed HTTP/1.1\r\nHost: x\r\n\r\n"));
    expect_reply(&fixture->client, 200, "1");
    expect_reply(&fixture->client, 200, "2");
    expect_reply(&fixture->client, 200, "3");
    expect_reply(&fixture->client, 200, "{\"ok\":true}");
}

static void
a_reply_may_come_from_another_thread(void **state)
{
    struct fixture *fixture = *state;

    assert_true(http_client_post(&fixture->client, "/later", "[1,2,3]"));
    expect_reply(&fixture->client, 200, "[1,2,3]");
}

static void
a_head_request_gets_the_head_alone(void **state)
{
    struct fixture *fixture = *state;
    struct http_client_reply reply;

    fixture->client.head_only = true;
    assert_true(http_client_send(&fixture->client, "HEAD /fixed HTTP/1.1\r\nHost: x\r\n\r\n"
                                                   "HEAD /no HTTP/1.1\r\nHost: x\r\n\r\n"
                                                   "HEAD /flood?bytes=9 HTTP/1.1\r\n"
                                                   "Host: x\r\n\r\n"));
    assert_true(http_client_next(&fixture->client, &reply));
    assert_int_equal(reply.status, 200);
    assert_string_equal(http_client_header(&fixture->client, &reply, "content-length"), "11");
    assert_true(http_client_next(&fixture->client, &reply));
    assert_int_equal(reply.status, 404);
    assert_true(http_client_next(&fixture->client, &reply));
    assert_int_equal(reply.status, 200);
    fixture->client.head_only = false;
    assert_true(http_client_get(&fixture->client, "/fixed"));
    expect_reply(&fixture->client, 200, "{\"ok\":true}");
}

static void
a_wrong_method_and_options_name_the_right_ones(void **state)
{
    static const struct {
        const char *request;
        int status;
        const char *allow;
    } cases[] = {
        {"DELETE /fixed", 405, "GET, HEAD, OPTIONS"},
        {"GET /echo", 405, "POST, OPTIONS"},
        {"PUT /echo", 405, "POST, OPTIONS"},
        {"PATCH /fixed", 405, "GET, HEAD, OPTIONS"},
        {"TRACE /fixed", 405, "GET, HEAD, OPTIONS"},
        {"POST /items/a/b", 405, "GET, HEAD, DELETE, OPTIONS"},
        {"POST /items/a/fixed", 405, "GET, HEAD, DELETE, OPTIONS"},
        {"OPTIONS /items/a/b", 204, "GET, HEAD, DELETE, OPTIONS"},
        {"OPTIONS *", 204, "GET, HEAD, POST, DELETE, OPTIONS"},
    };
    struct fixture *fixture = *state;
    struct http_client_reply reply;

    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_true(http_client_send(&fixture->client, cases[i].request));
        assert_true(http_client_send(&fixture->client, " HTTP/1.1\r\nHost: x\r\n\r\n"));
        assert_true(http_client_next(&fixture->client, &reply));
        assert_int_equal(reply.status, cases[i].status);
        assert_string_equal(http_client_header(&fixture->client, &reply, "allow"),
                            cases[i].allow);
        assert_null(http_client_header(&fixture->client, &reply, "connection"));
    }
}

static void
a_204_has_neither_body_nor_length(void **state)
{
    struct fixture *fixture = *state;
    struct http_client_reply reply;

    assert_true(http_client_send(&fixture->client,
                                 "DELETE /items/a/b HTTP/1.1\r\nHost: x\r\n\r\n"
                                 "GET /fixed HTTP/1.1\r\nHost: x\r\n\r\n"));
    assert_true(http_client_next(&fixture->client, &reply));
    assert_int_equal(reply.status, 204);
    assert_null(http_client_header(&fixture->client, &reply, "content-length"));
    assert_null(http_client_header(&fixture->client, &reply, "content-type"));
    expect_reply(&fixture->client, 200, "{\"ok\":true}");
}

static void
a_path_gives_its_segments_decoded(void **state)
{
    static const struct {
        const char *path;
        const char *body;
    } cases[] = {
        {"/items/7/b", "{\"id\":\"7\",\"part\":\"b\"}"},
        {"/items/a%2Fb/%7e?x=y", "{\"id\":\"a/b\",\"part\":\"~\"}"},
        {"/items/a+b/c:d@e", "{\"id\":\"a+b\",\"part\":\"c:d@e\"}"},
        {"/items/7/fixed", "{\"ok\":true}"}, /* the literal line wins */
        {"http://x/items/7/b", "{\"id\":\"7\",\"part\":\"b\"}"},
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_true(http_client_get(&fixture->client, cases[i].path));
        expect_reply(&fixture->client, 200, cases[i].body);
    }
}

static void
a_query_gives_its_parameters_decoded(void **state)
{
    static const struct {
        const char *path;
        int status;
        const char *body;
    } cases[] = {
        {"/query?a=b", 200, "b"},      {"/query?a=", 200, ""},
        {"/query?a", 200, ""},         {"/query?a=b+c%20d%2B", 200, "b c d+"},
        {"/query?%61=b", 200, "b"},    {"/query?a=b&a=c", 200, "b"},
        {"/query?&&a=b&", 200, "b"},   {"/query?a=b=c", 200, "b=c"},
        {"/query", 404, NULL},         {"/query?", 404, NULL},
        {"/query?a=b&c=d", 422, NULL}, {"/query?a=%", 400, NULL},
        {"/query?a=%4", 400, NULL},    {"/query?a=%4g", 400, NULL},
        {"/query?a=%00", 400, NULL},   {"/query?%zz=1&a=b", 400, NULL},
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_true(http_client_get(&fixture->client, cases[i].path));
        expect_reply(&fixture->client, cases[i].status, cases[i].body);
    }
}

static void
a_problem_says_what_and_where(void **state)
{
    struct fixture *fixture = *state;
    struct http_client_reply reply;

    assert_true(http_client_get(&fixture->client, "/faults"));
    assert_true(http_client_next(&fixture->client, &reply));
    assert_int_equal(reply.status, 422);
    assert_string_equal(http_client_header(&fixture->client, &reply, "content-type"),
                        "application/problem+json");
    assert_string_equal(reply.body,
                        "{\"type\":\"/problems/unprocessable-content\","
                        "\"title\":\"Unprocessable Content\",\"status\":422,"
                        "\"detail\":\"two faults\",\"errors\":["
                        "{\"pointer\":\"/amount\",\"detail\":\"is \\\"zero\\\"\"},"
                        "{\"pointer\":\"/debtor/name\",\"detail\":\"is missing\"}]}");
    assert_true(http_client_get(&fixture->client, "/busy"));
    assert_true(http_client_next(&fixture->client, &reply));
    assert_int_equal(reply.status, 503);
    assert_string_equal(http_client_header(&fixture->client, &reply, "retry-after"), "1");
}

static void
a_body_larger_than_one_read_arrives_whole(void **state)
{
    struct fixture *fixture = *state;
    static char json[HTTP_JSON_BODY_MAX + 1];

    memset(json, 'a', HTTP_JSON_BODY_MAX);
    json[0] = json[HTTP_JSON_BODY_MAX - 1] = '"';
    assert_true(http_client_post(&fixture->client, "/echo", json));
    expect_reply(&fixture->client, 200, json);
    assert_true(http_client_post(&fixture->client, "/later", json));
    expect_reply(&fixture->client, 200, json);
}

static void
a_reply_larger_than_the_socket_takes_arrives_whole(void **state)
{
    struct fixture *fixture = *state;
    struct http_client_reply reply;

    assert_true(http_client_get(&fixture->client, "/large?bytes=20000000"));
    assert_true(http_client_get(&fixture->client, "/fixed"));
    assert_true(http_client_next(&fixture->client, &reply));
    assert_true(reply.whole);
    assert_int_equal(reply.body_len, 20000000);
    assert_int_equal(strspn(reply.body, "a"), 20000000);
    expect_reply(&fixture->client, 200, "{\"ok\":true}");
}

/* More than HTTP_PIPELINE_MAX of them, and more than one read. */
static void
a_long_pipeline_is_answered_whole_and_in_order(void **state)
{
    enum { REQUESTS = 1000 };
    struct fixture *fixture = *state;
    struct buffer all;

    buffer_init(&all, &fixture->client.arena, 1 << 18);
    for (int i = 0; i < REQUESTS; i++)
        buffer_printf(&all,
                      "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                      "Content-Length: 4\r\n\r\n%04d",
                      i % 3 ? "/echo" : "/later", i);
    assert_true(http_client_send_bytes(&fixture->client, all.data, all.len));
    for (int i = 0; i < REQUESTS; i++) {
        char number[8];

        snprintf(number, sizeof(number), "%04d", i);
        expect_reply(&fixture->client, 200, number);
    }
}

static void
a_reply_may_come_after_a_time(void **state)
{
    struct fixture *fixture = *state;

    assert_true(http_client_get(&fixture->client, "/after?ms=20"));
    assert_true(http_client_get(&fixture->client, "/after?ms=1"));
    expect_reply(&fixture->client, 200, "{\"ok\":true}");
    expect_reply(&fixture->client, 200, "{\"ok\":true}");
}

static void
a_dropped_exchange_cuts_the_connection_in_its_turn(void **state)
{
    struct fixture *fixture = *state;

    assert_true(http_client_get(&fixture->client, "/drop"));
    assert_true(http_client_ended(&fixture->client));
    http_client_close(&fixture->client);

    assert_true(http_client_connect(&fixture->client, fixture->toy.address));
    assert_true(http_client_send(&fixture->client,
                                 "POST /later HTTP/1.1\r\nHost: x\r\n"
                                 "Content-Type: application/json\r\nContent-Length: 1\r\n\r\n1"
                                 "GET /drop HTTP/1.1\r\nHost: x\r\n\r\n"
                                 "GET /fixed HTTP/1.1\r\nHost: x\r\n\r\n"));
    expect_reply(&fixture->client, 200, "1");
    assert_true(http_client_ended(&fixture->client));
}

static void
a_client_that_half_closes_gets_its_replies(void **state)
{
    struct fixture *fixture = *state;

    assert_true(http_client_send(&fixture->client,
                                 "POST /later HTTP/1.1\r\nHost: x\r\n"
                                 "Content-Type: application/json\r\nContent-Length: 1\r\n\r\n1"
                                 "GET /held HTTP/1.1\r\nHost: x\r\n\r\n"));
    http_client_half_close(&fixture->client);
    expect_reply(&fixture->client, 200, "1");
    assert_true(http_toy_wait(&fixture->toy.handled, 2));
    http_toy_release(&fixture->toy);
    expect_reply(&fixture->client, 200, "{}");
    assert_true(http_client_ended(&fixture->client));
}

static void
a_request_that_breaks_off_is_refused(void **state)
{
    static const char *const cases[] = {
        "GET /fix",
        "GET /fixed HTTP/1.1\r\nHost: x\r\n",
        "\r",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        "Content-Length: 3\r\n\r\n{}",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
        "POST /ignored HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n{}",
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct http_client client;

        assert_true(http_client_connect(&client, fixture->toy.address));
        assert_true(http_client_send(&client, cases[i]));
        http_client_half_close(&client);
        expect_reply(&client, 400, NULL);
        assert_true(http_client_ended(&client));
        http_client_close(&client);
    }
    assert_int_equal(fixture->toy.handled, 0);
}

static void
a_handler_finishes_though_its_client_has_gone(void **state)
{
    struct fixture *fixture = *state;
    struct http_client client;

    for (int i = 0; i < 3; i++) {
        assert_true(http_client_connect(&client, fixture->toy.address));
        assert_true(http_client_get(&client, "/held"));
        assert_true(http_client_post(&client, "/later", "1"));
        assert_true(http_toy_wait(&fixture->toy.handled, 2 * (i + 1)));
        http_client_close(&client);
    }
    http_toy_release(&fixture->toy);
    assert_true(http_toy_wait(&fixture->toy.open, 0));
    assert_true(http_client_get(&fixture->client, "/fixed"));
    expect_reply(&fixture->client, 200, "{\"ok\":true}");
}

static void
http_1_0_gets_its_stream_until_the_end_of_the_connection(void **state)
{
    struct fixture *fixture = *state;
    struct http_client_reply reply;

    assert_true(http_client_send(&fixture->client, "GET /greedy?bytes=100000 HTTP/1.0\r\n"
                                                   "Connection: keep-alive\r\n\r\n"
                                                   "GET /fixed HTTP/1.1\r\nHost: x\r\n\r\n"
                                                   "GET /held HTTP/1.1\r\nHost: x\r\n\r\n"));
    assert_true(http_client_next(&fixture->client, &reply));
    assert_int_equal(reply.status, 200);
    assert_false(reply.chunked);
    assert_true(reply.whole);
    assert_int_equal(reply.body_len, 100000); /* and no reply of a later request in it */
    assert_string_equal(http_client_header(&fixture->client, &reply, "connection"), "close");
}

/* Else a reset would take the reply from a client that is still sending. */
static void
what_comes_after_the_last_reply_is_thrown_away(void **state)
{
    enum { BYTES = 8000000 };
    struct fixture *fixture = *state;
    char *rest = arena_zalloc(&fixture->client.arena, BYTES);

    assert_true(http_client_send(&fixture->client, "POST /echo HTTP/1.1\r\nHost: x\r\n"
                                                   "Content-Type: application/json\r\n"
                                                   "Content-Length: 8000000\r\n\r\n"));
    expect_reply(&fixture->client, 413, NULL);
    assert_true(http_client_send_bytes(&fixture->client, rest, BYTES));
    assert_true(http_client_ended(&fixture->client));
}

/* Before the 100 that its client waits for, and before the body of the next is looked at. */
static void
who_may_not_enter_is_told_so_before_the_body(void **state)
{
    struct fixture *fixture = *state;
    struct http_client_reply reply;
    int handled = atomic_load(&fixture->toy.handled);

    assert_true(http_client_send(&fixture->client,
                                 "POST /lines HTTP/1.1\r\nHost: x\r\nX-Refuse: 1\r\n"
                                 "Content-Type: text/html\r\nContent-Length: 3\r\n\r\nabc"
                                 "GET /nowhere HTTP/1.1\r\nHost: x\r\nX-Refuse: 1\r\n\r\n"
                                 "POST /octets HTTP/1.1\r\nHost: x\r\nX-Refuse: 1\r\n"
                                 "Content-Type: application/octet-stream\r\n"
                                 "Expect: 100-continue\r\nContent-Length: 9000000\r\n\r\n"));
    assert_true(http_client_next(&fixture->client, &reply));
    assert_int_equal(reply.status, 401);
    assert_string_equal(http_client_header(&fixture->client, &reply, "www-authenticate"),
                        "Toy");
    assert_non_null(strstr(reply.body, "the toy does not let you in"));
    expect_reply(&fixture->client, 404, NULL);
    expect_reply(&fixture->client, 401, NULL);
    assert_true(http_client_ended(&fixture->client));
    assert_int_equal(atomic_load(&fixture->toy.handled), handled);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        TEST(a_get_is_answered_with_date_type_and_length),
        TEST(a_connection_is_kept_for_the_next_request),
        TEST(pipelined_requests_are_answered_in_their_order),
        TEST(a_reply_may_come_from_another_thread),
        TEST(a_head_request_gets_the_head_alone),
        TEST(a_wrong_method_and_options_name_the_right_ones),
        TEST(a_204_has_neither_body_nor_length),
        TEST(a_path_gives_its_segments_decoded),
        TEST(a_query_gives_its_parameters_decoded),
        TEST(a_problem_says_what_and_where),
        TEST(a_body_larger_than_one_read_arrives_whole),
        TEST(a_reply_larger_than_the_socket_takes_arrives_whole),
        TEST(a_long_pipeline_is_answered_whole_and_in_order),
        TEST(a_reply_may_come_after_a_time),
        TEST(a_dropped_exchange_cuts_the_connection_in_its_turn),
        TEST(a_client_that_half_closes_gets_its_replies),
        TEST(a_request_that_breaks_off_is_refused),
        TEST(a_handler_finishes_though_its_client_has_gone),
        TEST(http_1_0_gets_its_stream_until_the_end_of_the_connection),
        TEST(what_comes_after_the_last_reply_is_thrown_away),
        TEST(who_may_not_enter_is_told_so_before_the_body),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
