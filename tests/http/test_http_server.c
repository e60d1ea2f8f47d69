/* test_http_server.c - requests and replies over a real socket. */
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/http_client.h"
#include "tests/support/http_toy.h"

struct fixture {
    struct http_toy toy;
    struct http_client client;
};

static int
open_fixture(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    http_toy_open(&fixture->toy, &(struct http_options){0});
    assert_true(http_client_connect(&fixture->client, fixture->toy.address));
    *state = fixture;
    return 0;
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

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)
    const struct CMUnitTest tests[] = {
        TEST(a_get_is_answered_with_date_type_and_length),
        TEST(a_connection_is_kept_for_the_next_request),
        TEST(pipelined_requests_are_answered_in_their_order),
        TEST(a_reply_may_come_from_another_thread),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
