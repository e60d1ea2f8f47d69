/* test_http_life.c - a server's start, its threads, and how it stops. */
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/base/metrics.h"
#include "tests/support/http_fixture.h"

static int
open_hasty(void **state)
{
    return fixture_open_with(state, &(struct http_options){.drain_ms = 50});
}

static int
open_patient(void **state)
{
    return fixture_open_with(state, &(struct http_options){.drain_ms = 3600000});
}

static int
open_threads(void **state)
{
    return fixture_open_with(state, &(struct http_options){.threads = 4});
}

static void
expect_reply(struct http_client *client, int status, const char *connection)
{
    struct http_client_reply reply;
    const char *header;

    assert_true(http_client_next(client, &reply));
    assert_int_equal(reply.status, status);
    header = http_client_header(client, &reply, "connection");
    if (connection)
        assert_string_equal(header, connection);
    else
        assert_null(header);
}

static void
an_idle_connection_ends_with_the_server(void **state)
{
    struct fixture *fixture = *state;
    struct http_client late;

    assert_true(http_client_get(&fixture->client, "/fixed"));
    expect_reply(&fixture->client, 200, NULL);
    http_toy_stop(&fixture->toy);
    assert_true(http_client_ended(&fixture->client));
    assert_false(http_client_connect(&late, fixture->toy.address));
    http_client_close(&late);
}

static void
a_request_under_way_is_finished_and_closes(void **state)
{
    struct fixture *fixture = *state;

    assert_true(http_client_get(&fixture->client, "/held"));
    assert_true(http_client_get(&fixture->client, "/held"));
    assert_true(http_toy_wait(&fixture->toy.handled, 2));
    http_server_stop(fixture->toy.server);
    assert_true(http_client_quiet(&fixture->client, 20));
    http_toy_release(&fixture->toy);
    expect_reply(&fixture->client, 200, NULL);
    expect_reply(&fixture->client, 200, "close");
    assert_true(http_client_ended(&fixture->client));
    http_client_close(&fixture->client);
    pthread_join(fixture->toy.thread, NULL);
    fixture->toy.running = false;
}

static void
a_request_half_received_is_finished_too(void **state)
{
    struct fixture *fixture = *state;
    struct http_client_reply reply;

    assert_true(http_client_send(&fixture->client,
                                 "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                                 "Content-Type: application/json\r\n"
                                 "Content-Length: 2\r\n\r\n"));
    assert_true(http_client_next(&fixture->client, &reply));
    assert_int_equal(reply.status, 100);
    http_server_stop(fixture->toy.server);
    assert_true(http_client_quiet(&fixture->client, 20));
    assert_true(http_client_send(&fixture->client, "{}GET /fixed HTTP/1.1\r\nHost: x\r\n\r\n"));
    expect_reply(&fixture->client, 200, "close");
    assert_true(http_client_ended(&fixture->client));
}

static void
a_drain_lasts_no_longer_than_its_limit(void **state)
{
    struct fixture *fixture = *state;

    assert_true(http_client_get(&fixture->client, "/held"));
    assert_true(http_toy_wait(&fixture->toy.handled, 1));
    http_toy_stop(&fixture->toy); /* the test would hang here */
}

static void
a_second_stop_cuts_the_drain_short(void **state)
{
    struct fixture *fixture = *state;

    assert_true(http_client_get(&fixture->client, "/held"));
    assert_true(http_toy_wait(&fixture->toy.handled, 1));
    http_server_stop(fixture->toy.server);
    http_toy_stop(&fixture->toy);
}

static void
every_thread_serves(void **state)
{
    enum { CLIENTS = 32, REQUESTS = 20 };
    static struct http_client clients[CLIENTS];
    struct fixture *fixture = *state;

    for (int i = 0; i < CLIENTS; i++)
        assert_true(http_client_connect(&clients[i], fixture->toy.address));
    for (int r = 0; r < REQUESTS; r++) {
        for (int i = 0; i < CLIENTS; i++)
            assert_true(http_client_post(&clients[i], r % 2 ? "/later" : "/echo", "{}"));
        for (int i = 0; i < CLIENTS; i++)
            expect_reply(&clients[i], 200, NULL);
    }
    for (int i = 0; i < CLIENTS; i++)
        http_client_close(&clients[i]);
    assert_int_equal(fixture->toy.handled, CLIENTS * REQUESTS);
}

static void
connections_replies_and_refusals_are_counted(void **state)
{
    struct fixture *fixture = *state;
    int64_t good = metric_read(METRIC_HTTP_2XX_TOTAL), bad = metric_read(METRIC_HTTP_4XX_TOTAL),
            framing = metric_read(METRIC_HTTP_BAD_REQUEST_TOTAL),
            busy = metric_read(METRIC_HTTP_5XX_TOTAL);

    assert_true(http_client_get(&fixture->client, "/fixed"));
    expect_reply(&fixture->client, 200, NULL);
    assert_int_equal(metric_read(METRIC_HTTP_CONNECTIONS), 1);
    assert_true(http_client_get(&fixture->client, "/nowhere"));
    expect_reply(&fixture->client, 404, NULL);
    assert_true(http_client_get(&fixture->client, "/busy"));
    expect_reply(&fixture->client, 503, NULL);
    assert_true(http_client_send(&fixture->client, "GET / HTTP/1.1\n"));
    expect_reply(&fixture->client, 400, "close");
    assert_int_equal(metric_read(METRIC_HTTP_2XX_TOTAL), good + 1);
    assert_int_equal(metric_read(METRIC_HTTP_4XX_TOTAL), bad + 2);
    assert_int_equal(metric_read(METRIC_HTTP_5XX_TOTAL), busy + 1);
    assert_int_equal(metric_read(METRIC_HTTP_BAD_REQUEST_TOTAL), framing + 1);
    http_client_close(&fixture->client); /* or it would be lingered for */
    http_toy_stop(&fixture->toy);
    assert_int_equal(metric_read(METRIC_HTTP_CONNECTIONS), 0);
}

static void
nothing(struct http_exchange *exchange)
{
    http_reply(exchange, 204, NULL, NULL, 0);
}

static int
try_to_open(const char *listen, const struct http_route *route, struct error *err)
{
    struct http_options options = {
        .listen = &listen, .listen_count = 1, .routes = route, .route_count = 1};
    struct http_server *server;
    int rc;

    *err = (struct error){0};
    rc = http_server_open(&options, &server, err);
    if (rc != 0)
        assert_null(server);
    http_server_close(server);
    return rc;
}

static void
a_bad_address_says_what_is_wrong(void **state)
{
    static const struct http_route route = {"GET", "/", HTTP_BODY_NONE, nothing, 0};
    static const char *const bad[] = {
        "",
        "8080",
        ":8080",
        "localhost:8080",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:http",
        "127.0.0.1:99999",
        "1.2.3.4.5:1",
        "[::1:0",
        "203.0.113.77:0",
    };
    struct error err;

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_int_equal(try_to_open(bad[i], &route, &err), -1);
        assert_int_equal(err.code, ERROR_INVALID);
        assert_non_null(strstr(err.text, "listen"));
        assert_non_null(strstr(err.text, bad[i]));
    }
    assert_int_equal(try_to_open("127.0.0.1:0", &route, &err), 0);
}

static void
a_bad_route_says_what_is_wrong(void **state)
{
    static const struct http_route bad[] = {
        {"FROB", "/", HTTP_BODY_NONE, nothing, 0},
        {"GET", "a", HTTP_BODY_NONE, nothing, 0},
        {"GET", "", HTTP_BODY_NONE, nothing, 0},
        {"GET", "/{a}/{b}/{c}/{d}/{e}", HTTP_BODY_NONE, nothing, 0},
        {"GET", "/1/2/3/4/5/6/7/8/9", HTTP_BODY_NONE, nothing, 0},
    };
    struct error err;

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_int_equal(try_to_open("127.0.0.1:0", &bad[i], &err), -1);
        assert_non_null(strstr(err.text, "route"));
    }
}

static void
an_address_in_use_is_refused(void **state)
{
    static const struct http_route route = {"GET", "/", HTTP_BODY_NONE, nothing, 0};
    struct fixture *fixture = *state;
    struct error err;

    assert_int_equal(try_to_open(fixture->toy.address, &route, &err), -1);
    assert_non_null(strstr(err.text, fixture->toy.address));
    assert_non_null(strstr(err.text, "in use"));
}

static void
ipv6_is_served_in_brackets(void **state)
{
    static const struct http_route route = {"GET", "/", HTTP_BODY_NONE, nothing, 0};
    static const char *const listen[] = {"127.0.0.1:0", "[::1]:0"};
    struct http_options options = {
        .listen = listen, .listen_count = 2, .routes = &route, .route_count = 1};
    struct http_server *server;
    struct error err = {0};

    (void)state;
    if (http_server_open(&options, &server, &err) != 0) {
        print_message("no IPv6 here: %s\n", err.text);
        skip();
    }
    assert_memory_equal(http_server_address(server, 0), "127.0.0.1:", 10);
    assert_memory_equal(http_server_address(server, 1), "[::1]:", 6);
    assert_string_not_equal(http_server_address(server, 1), "[::1]:0");
    http_server_stop(server); /* before it runs: it then returns at once */
    http_server_run(server);
    http_server_close(server);
}

static void
an_address_is_open_if_others_can_reach_it(void **state)
{
    static const struct {
        const char *address;
        bool open;
    } cases[] = {
        {"127.0.0.1:8080", false},        {"127.9.8.7:0", false},    {"[::1]:8080", false},
        {"[::ffff:127.0.0.1]:80", false}, {"0.0.0.0:8080", true},    {"[::]:8080", true},
        {"128.0.0.1:8080", true},         {"10.1.2.3:8080", true},   {"[2001:db8::1]:80", true},
        {"[::ffff:10.0.0.1]:80", true},   {"not an address", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        if (http_address_is_open(cases[i].address) != cases[i].open)
            fail_msg("%s", cases[i].address);
}

int
main(void)
{
#define TEST(name, open) cmocka_unit_test_setup_teardown(name, open, fixture_close)
    const struct CMUnitTest tests[] = {
        TEST(connections_replies_and_refusals_are_counted, fixture_open),
        TEST(an_idle_connection_ends_with_the_server, fixture_open),
        TEST(a_request_under_way_is_finished_and_closes, fixture_open),
        TEST(a_request_half_received_is_finished_too, fixture_open),
        TEST(a_drain_lasts_no_longer_than_its_limit, open_hasty),
        TEST(a_second_stop_cuts_the_drain_short, open_patient),
        TEST(every_thread_serves, open_threads),
        TEST(an_address_in_use_is_refused, fixture_open),
        cmocka_unit_test(a_bad_address_says_what_is_wrong),
        cmocka_unit_test(a_bad_route_says_what_is_wrong),
        cmocka_unit_test(ipv6_is_served_in_brackets),
        cmocka_unit_test(an_address_is_open_if_others_can_reach_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
