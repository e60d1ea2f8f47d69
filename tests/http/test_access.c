/*
 * Keys and roles on the real binary: who may which route, what a payer is not told, and what
 * SIGHUP does.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gateway/access/keys_file.h"
#include "gateway/api/api.h"
#include "gateway/base/buffer.h"
#include "gateway/base/file.h"
#include "gateway/base/time.h"
#include "tests/support/gateway.h"
#include "tests/support/http_client.h"
#include "tests/support/routes.h"
#include "tests/support/test.h"

#define KIT_UETR "97ed4827-7b6f-4491-a06f-b548d5a7512d"
#define WAIT_MS  20000
#define NOBODY   "yg_0123456789ab_" /* and 64 digits: of the form of a key, and nobody's */

static char folder[] = "/tmp/yuangate-access-XXXXXX";
static char store[64], keys_file[64], lists[64];
static struct gateway gateway;
static struct http_client client;
static struct arena arena;
static char texts[ROLE_COUNT][KEY_TEXT_LENGTH + 1];

static void
make_key(const char *name, enum access_role role, char text[KEY_TEXT_LENGTH + 1])
{
    struct error err = {0};

    if (keys_add(keys_file, name, role, text, &err) != 0)
        fail_msg("%s", err.text);
}

static int
start(void **state)
{
    const char *const arguments[] = {"--store", store,     "--lists",
                                     lists,     "--clock", "manual:2024-04-17T09:30:00+08:00",
                                     NULL};

    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(store, sizeof(store), "sqlite:%s/bank.db", folder);
    snprintf(keys_file, sizeof(keys_file), "%s/bank.db-keys", folder);
    snprintf(lists, sizeof(lists), "%s/lists", folder);
    for (int role = 0; role < ROLE_COUNT; role++)
        make_key(arena_printf(&arena, "the-%s", role_name((enum access_role)role)),
                 (enum access_role)role, texts[role]);
    return gateway_start(&gateway, arguments);
}

/* Nothing that was logged holds a secret, of a key that is good or not. */
static int
stop(void **state)
{
    char command[64];
    int status = gateway_stop(&gateway);

    (void)state;
    for (int role = 0; role < ROLE_COUNT; role++)
        if (strstr(gateway.process.log, texts[role] + sizeof(NOBODY) - 1))
            status = -1;
    if (strstr(gateway.process.log, "yg_"))
        status = -1;
    snprintf(command, sizeof(command), "rm -rf %s", folder);
    arena_release(&arena);
    return system(command) == 0 ? status : -1;
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
    return 0;
}

/* One request with a body of that media type; authorization NULL: without the header. */
static struct http_client_reply
ask(const char *authorization, const char *method, const char *path, const char *media,
    const char *body)
{
    struct http_client_reply reply;
    struct buffer text;

    buffer_init(&text, &arena, 512);
    buffer_printf(&text, "%s %s HTTP/1.1\r\nHost: x\r\n", method, path);
    if (authorization)
        buffer_printf(&text, "Authorization: %s\r\n", authorization);
    if (body)
        buffer_printf(&text, "Content-Type: %s\r\nContent-Length: %zu\r\n", media,
                      strlen(body));
    buffer_printf(&text, "\r\n%s", body ? body : "");
    assert_true(http_client_send(&client, buffer_terminate(&text)));
    assert_true(http_client_next(&client, &reply));
    return reply;
}

static const char *
bearer(const char *key)
{
    return arena_printf(&arena, "Bearer %s", key);
}

static struct http_client_reply
ask_as(enum access_role role, const char *method, const char *path, const char *json)
{
    return ask(bearer(texts[role]), method, path, "application/json", json);
}

/* The sample under another uetr, on one line. */
static char *
sample(const char *uetr)
{
    struct error err = {0};
    char *text, *at;
    size_t len;

    if (file_read(&arena, "clients/examples/kit-payment.json", 65536, &text, &len, &err) != 0)
        fail_msg("%s", err.text);
    at = strstr(text, KIT_UETR);
    assert_non_null(at);
    memcpy(at, uetr, strlen(uetr));
    for (at = text; *at; at++)
        if (*at == '\n')
            *at = ' ';
    return text;
}

/* -- every route and every role -- */

/*
 * p r a o: payer, reviewer, analyst and operator may; a dot: 403.  "----" needs no key.
 * Requests are such that who may enter is answered, with whatever, and changes nothing.
 */
static const struct {
    const char *method, *path, *may;
} table[] = {
    {"POST", "/v1/payments", "p..o"},
    {"GET", "/v1/payments", "prao"},
    {"POST", "/v1/payments/batch", "p..o"},
    {"GET", "/v1/payments/{id}", "prao"},
    {"POST", "/v1/payments/{id}/documents", "p..o"},
    {"POST", "/v1/payments/{id}/cancellation", "p..o"},
    {"POST", "/v1/evaluations", ".rao"},
    {"POST", "/v1/screenings", ".rao"},
    {"GET", "/v1/policies", "..ao"},
    {"GET", "/v1/policies/{name}", "..ao"},
    {"PUT", "/v1/policies/{name}", "..ao"},
    {"GET", "/v1/policies/{name}/text", "..ao"},
    {"POST", "/v1/policies/{name}/check", "..ao"},
    {"POST", "/v1/policies/{name}/shadow", "..ao"},
    {"GET", "/v1/policies/{name}/shadow", "..ao"},
    {"DELETE", "/v1/policies/{name}/shadow", "..ao"},
    {"POST", "/v1/policies/{name}/activate", "..ao"},
    {"POST", "/v1/policies/{name}/rollback", "..ao"},
    {"GET", "/v1/policies/{name}/history", "..ao"},
    {"GET", "/v1/books", "..ao"},
    {"GET", "/v1/books/{name}", "..ao"},
    {"PUT", "/v1/books/{name}", "..ao"},
    {"GET", "/v1/books/{name}/text", "..ao"},
    {"POST", "/v1/books/{name}/check", "..ao"},
    {"POST", "/v1/books/{name}/shadow", "..ao"},
    {"GET", "/v1/books/{name}/shadow", "..ao"},
    {"DELETE", "/v1/books/{name}/shadow", "..ao"},
    {"POST", "/v1/books/{name}/activate", "..ao"},
    {"POST", "/v1/books/{name}/rollback", "..ao"},
    {"GET", "/v1/books/{name}/history", "..ao"},
    {"GET", "/v1/lists", "..ao"},
    {"GET", "/v1/lists/good-guys", "..ao"},
    {"POST", "/v1/lists/good-guys", "..ao"},
    {"GET", "/v1/lists/good-guys/{id}", "..ao"},
    {"DELETE", "/v1/lists/good-guys/{id}", "..ao"},
    {"GET", "/v1/lists/{name}", "..ao"},
    {"POST", "/v1/lists/{name}/load", "..ao"},
    {"POST", "/v1/lists/{name}/shadow", "..ao"},
    {"GET", "/v1/lists/{name}/shadow", "..ao"},
    {"DELETE", "/v1/lists/{name}/shadow", "..ao"},
    {"POST", "/v1/lists/{name}/rollback", "..ao"},
    {"GET", "/v1/lists/{name}/history", "..ao"},
    {"PUT", "/v1/lists/{name}/files/{file}", "..ao"},
    {"DELETE", "/v1/lists/{name}/files/{file}", "..ao"},
    {"GET", "/v1/snapshots", ".rao"},
    {"GET", "/v1/snapshots/{digest}", ".rao"},
    {"GET", "/v1/snapshots/{digest}/{kind}/{name}", ".rao"},
    {"GET", "/v1/cases", ".rao"},
    {"GET", "/v1/cases/{id}", ".rao"},
    {"POST", "/v1/cases/{id}/notes", ".rao"},
    {"POST", "/v1/cases/{id}/disposition", ".r.."},
    {"POST", "/v1/cases/{id}/release", ".r.."},
    {"POST", "/v1/cases/{id}/return", ".r.."},
    {"POST", "/v1/cases/{id}/reject", ".r.."},
    {"POST", "/v1/cases/{id}/freeze", ".r.."},
    {"GET", "/v1/events", "prao"},
    {"GET", "/v1/webhooks", "...o"},
    {"POST", "/v1/webhooks", "...o"},
    {"GET", "/v1/webhooks/{id}", "...o"},
    {"DELETE", "/v1/webhooks/{id}", "...o"},
    {"GET", "/v1/webhooks/{id}/dead-letters", "...o"},
    {"POST", "/v1/webhooks/{id}/redeliver", "...o"},
    {"GET", "/v1/clock", "prao"},
    {"POST", "/v1/clock", "...o"},
    {"GET", "/livez", "----"},
    {"GET", "/readyz", "----"},
    {"GET", "/metrics", "..ao"},
    {"GET", "/openapi.json", "----"},
};

/* A body of the wrong media type: whoever may enter is told that, and nothing is done. */
static int
status_of(const char *authorization, size_t line, struct http_client_reply *reply)
{
    bool bodied =
        strcmp(table[line].method, "GET") != 0 && strcmp(table[line].method, "DELETE") != 0;

    /* A query that nobody knows: the feed would not end. */
    *reply = ask(authorization, table[line].method,
                 arena_printf(&arena, "%s?none=1", route_filled(&arena, table[line].path)),
                 "text/none", bodied ? "x" : NULL);
    return reply->status;
}

static void
the_table_has_every_route(void **state)
{
    size_t count;
    const struct http_route *routes = api_routes(&count);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        size_t line = 0;

        while (line < COUNT(table) && (strcmp(table[line].method, routes[i].method) != 0 ||
                                       strcmp(table[line].path, routes[i].path) != 0))
            line++;
        if (line == COUNT(table))
            fail_msg("%s %s is not in the table: say who may", routes[i].method,
                     routes[i].path);
    }
    assert_int_equal(count, COUNT(table));
}

/* How well "POST /v1/cases" or "/v1/cases", len bytes, names the route: 0 not at all. */
static size_t
names_route(const char *entry, size_t len, size_t line)
{
    size_t method = strlen(table[line].method);
    bool by_method = strncmp(entry, table[line].method, method) == 0 && entry[method] == ' ';
    size_t skip = by_method ? method + 1 : 0;
    const char *path = table[line].path;

    if (len <= skip || entry[skip] != '/' || strncmp(path, entry + skip, len - skip) != 0 ||
        (path[len - skip] != '\0' && path[len - skip] != '/'))
        return 0;
    return 2 * (len - skip) + by_method;
}

/* The four cells behind the routes of a line, as the table above has them. */
static void
read_may(const char *cells, char may[ROLE_COUNT + 1])
{
    for (int role = 0; role < ROLE_COUNT; role++) {
        assert_non_null(cells);
        may[role] = strncmp(cells, "| yes ", 6) == 0 ? "prao"[role] : '.';
        cells = strchr(cells + 1, '|');
    }
    may[ROLE_COUNT] = '\0';
}

/* The matrix says of every route what the table does, and of nothing else. */
static void
the_readme_has_the_same_matrix(void **state)
{
    static char said[COUNT(table)][ROLE_COUNT + 1];
    size_t best[COUNT(table)] = {0}, len;
    struct error err = {0};
    char *text, *line;

    (void)state;
    if (file_read(&arena, "gateway/api/README.md", 65536, &text, &len, &err) != 0)
        fail_msg("%s", err.text);
    line = strstr(text, "| routes | payer | reviewer | analyst | operator |\n");
    assert_non_null(line);
    line = strstr(line, "\n| `");
    for (; line && line[1] == '|'; line = strchr(line + 1, '\n')) {
        const char *cells = strchr(line + 3, '|'), *at = line + 1;

        while ((at = strchr(at, '`')) && at < cells) {
            size_t found = 0, entry = strcspn(++at, "`");

            for (size_t i = 0; i < COUNT(table); i++) {
                size_t how = names_route(at, entry, i);

                found += how > 0;
                if (how <= best[i])
                    continue;
                best[i] = how;
                read_may(cells, said[i]);
            }
            if (!found)
                fail_msg("there is no %.*s", (int)entry, at);
            at += entry + 1;
        }
    }
    for (size_t i = 0; i < COUNT(table); i++)
        if (strcmp(best[i] ? said[i] : "----", table[i].may) != 0)
            fail_msg("%s %s: the matrix says \"%s\"", table[i].method, table[i].path, said[i]);
}

static void
each_route_is_for_the_roles_of_the_table(void **state)
{
    struct http_client_reply reply;

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++)
        for (int role = 0; role < ROLE_COUNT; role++) {
            int status = status_of(bearer(texts[role]), i, &reply);
            bool may = table[i].may[role] != '.';

            if ((status == 403) == may || status == 401)
                fail_msg("%s %s as %s: %d", table[i].method, table[i].path,
                         role_name((enum access_role)role), status);
            if (!may && !strstr(reply.body, role_name((enum access_role)role)))
                fail_msg("%s", reply.body);
        }
}

static void
without_a_good_key_there_is_no_way_in(void **state)
{
    const char *payer = texts[ROLE_PAYER], *chief = texts[ROLE_OPERATOR];
    const char *const bad[] = {
        NULL,
        "",
        "Bearer",
        "Bearer ",
        chief,
        arena_printf(&arena, "Basic %s", chief),
        arena_printf(&arena, "Bearer %s,", chief),
        arena_printf(&arena, "Bearer %s %s", chief, payer),
        arena_printf(&arena, "Bearer %.79s", chief),
        arena_printf(&arena, "Bearer %.16s%s", chief, payer + 16),
        "Bearer " NOBODY "00000000000000000000000000000000"
        "00000000000000000000000000000000",
    };
    struct http_client_reply reply;

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++)
        for (size_t j = 0; j < COUNT(bad); j++) {
            int status = status_of(bad[j], i, &reply);
            const char *asks = http_client_header(&client, &reply, "www-authenticate");

            if ((status == 401) == (table[i].may[0] == '-'))
                fail_msg("%s %s with %s: %d", table[i].method, table[i].path,
                         bad[j] ? bad[j] : "nothing", status);
            if (status == 401 && (!asks || strncmp(asks, "Bearer ", 7) != 0))
                fail_msg("no WWW-Authenticate");
            if (status == 401 && bad[j] && strlen(bad[j]) > 40 &&
                strstr(reply.body, bad[j] + 30))
                fail_msg("the key is repeated: %s", reply.body);
        }
    assert_int_equal(
        ask(arena_printf(&arena, "bEARER  %s", chief), "GET", "/v1/lists", "", NULL).status,
        200);
}

static void
a_head_request_needs_what_a_get_needs(void **state)
{
    (void)state;
    client.head_only = true;
    assert_int_equal(ask_as(ROLE_PAYER, "HEAD", "/v1/lists", NULL).status, 403);
    assert_int_equal(ask(NULL, "HEAD", "/v1/lists", "", NULL).status, 401);
    assert_int_equal(ask_as(ROLE_ANALYST, "HEAD", "/v1/lists", NULL).status, 200);
    client.head_only = false;
}

static void
a_file_that_is_not_allowed_is_refused_before_it_is_sent(void **state)
{
    struct http_client_reply reply;

    (void)state;
    assert_true(http_client_send(
        &client, arena_printf(&arena,
                              "PUT /v1/lists/mine/files/a HTTP/1.1\r\nHost: x\r\n"
                              "Authorization: Bearer %s\r\nExpect: 100-continue\r\n"
                              "Content-Type: application/octet-stream\r\n"
                              "Content-Length: 200000000\r\n\r\n",
                              texts[ROLE_PAYER])));
    assert_true(http_client_next(&client, &reply));
    assert_int_equal(reply.status, 403);
    assert_true(http_client_ended(&client));
}

/* -- what a payer is not told -- */

#define PAID "5b1f7a52-0b77-4a5e-9b44-1f1f00000001"

static void
shows(const struct http_client_reply *reply, int status, bool decision)
{
    assert_int_equal(reply->status, status);
    assert_non_null(strstr(reply->body, "DUE TO OUR INTERNAL POLICY"));
    if ((strstr(reply->body, "\"decision\"") != NULL) != decision)
        fail_msg("%s", reply->body);
    if (!decision && (strstr(reply->body, "KIT-01") || strstr(reply->body, "snapshot")))
        fail_msg("%s", reply->body);
}

static void
a_payer_never_sees_a_decision(void **state)
{
    const char *line = arena_printf(&arena, "%s\n", sample(PAID)), *path, *list;
    const struct {
        enum access_role role;
        bool decision;
    } cases[] = {{ROLE_PAYER, false}, {ROLE_OPERATOR, true}, {ROLE_PAYER, false}};
    struct http_client_reply reply;

    (void)state;
    list = "/v1/payments?uetr=" PAID;
    for (size_t i = 0; i < COUNT(cases); i++) { /* the second and the third are replays */
        enum access_role role = cases[i].role;
        bool decision = cases[i].decision;

        reply = ask_as(role, "POST", "/v1/payments", sample(PAID));
        shows(&reply, 201, decision);
        path = http_client_header(&client, &reply, "location");
        path = arena_copy(&arena, path, strlen(path));
        reply = ask_as(role, "GET", path, NULL);
        shows(&reply, 200, decision);
        reply = ask_as(role, "GET", list, NULL);
        shows(&reply, 200, decision);
        reply = ask_as(role, "GET", "/v1/payments", NULL);
        shows(&reply, 200, decision);
        reply = ask(bearer(texts[role]), "POST", "/v1/payments/batch", "application/x-ndjson",
                    line);
        shows(&reply, 200, decision);
    }
    reply = ask_as(ROLE_REVIEWER, "GET", path, NULL);
    shows(&reply, 200, true);
    reply = ask_as(ROLE_PAYER, "POST", "/v1/evaluations?explain=true", sample(PAID));
    assert_int_equal(reply.status, 403);
}

/* POST the sample under the uetr and the Idempotency-Key. */
static int
pay_under(enum access_role role, const char *key, const char *uetr)
{
    const char *authorization =
        arena_printf(&arena, "Bearer %s\r\nIdempotency-Key: %s", texts[role], key);

    return ask(authorization, "POST", "/v1/payments", "application/json", sample(uetr)).status;
}

static void
an_idempotency_key_is_one_callers_own(void **state)
{
    static const char one[] = "5b1f7a52-0b77-4a5e-9b44-1f1f00000011",
                      two[] = "5b1f7a52-0b77-4a5e-9b44-1f1f00000012";

    (void)state;
    assert_int_equal(pay_under(ROLE_PAYER, "same", one), 201);
    assert_int_equal(pay_under(ROLE_PAYER, "same", two), 422);
    assert_int_equal(pay_under(ROLE_OPERATOR, "same", two), 201);
}

/* -- SIGHUP -- */

static void
wait_for_status(const char *key, int wanted)
{
    int64_t deadline = monotonic_ms() + WAIT_MS;

    while (ask(bearer(key), "GET", "/v1/clock", "", NULL).status != wanted)
        if (monotonic_ms() > deadline)
            fail_msg("never answered with %d", wanted);
}

static void
a_hang_up_brings_a_new_key_and_takes_a_removed_one(void **state)
{
    char text[KEY_TEXT_LENGTH + 1];
    struct error err = {0};

    (void)state;
    make_key("late", ROLE_PAYER, text);
    assert_int_equal(ask(bearer(text), "GET", "/v1/clock", "", NULL).status, 401);
    assert_int_equal(kill(gateway.pid, SIGHUP), 0);
    wait_for_status(text, 200);
    assert_int_equal(keys_remove(keys_file, "late", &err), 0);
    assert_int_equal(kill(gateway.pid, SIGHUP), 0);
    wait_for_status(text, 401);
    assert_int_equal(ask_as(ROLE_PAYER, "GET", "/v1/clock", NULL).status, 200);
}

static void
wait_for_listener(void)
{
    int64_t deadline = monotonic_ms() + WAIT_MS;

    while (!strstr(ask_as(ROLE_OPERATOR, "GET", "/metrics", NULL).body,
                   "\nyuangate_feed_listeners 1\n"))
        if (monotonic_ms() > deadline)
            fail_msg("nobody listens");
}

static void
a_removed_key_listens_no_longer(void **state)
{
    char text[KEY_TEXT_LENGTH + 1];
    struct http_client_reply reply;
    struct http_client listener;
    struct error err = {0};

    (void)state;
    make_key("listener", ROLE_ANALYST, text);
    assert_int_equal(kill(gateway.pid, SIGHUP), 0);
    wait_for_status(text, 200);
    assert_true(http_client_connect(&listener, gateway.address));
    assert_true(http_client_send(
        &listener,
        arena_printf(&arena, "GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\n\r\n",
                     bearer(text))));
    wait_for_listener();
    assert_int_equal(keys_remove(keys_file, "listener", &err), 0);
    assert_int_equal(kill(gateway.pid, SIGHUP), 0);
    assert_true(http_client_next(&listener, &reply));
    assert_non_null(strstr(reply.body, "event: resume\n"));
    assert_non_null(strstr(reply.body, "no longer in force"));
    http_client_close(&listener);
}

/* -- a gateway of one's own -- */

static void
other_machines_are_not_served_without_keys(void **state)
{
    static const char *const open[] = {"--listen", "0.0.0.0:0", "--store", "memory", NULL};
    const char *const keyed[] = {"--listen", "0.0.0.0:0", "--store", "memory",
                                 "--keys",   keys_file,   NULL};
    struct gateway other;

    (void)state;
    assert_int_equal(gateway_start(&other, open), -1);
    assert_int_equal(other.process.status, 2);
    assert_non_null(strstr(other.process.log, "0.0.0.0:0"));
    assert_non_null(strstr(other.process.log, "yuangate keys add"));
    assert_int_equal(gateway_start(&other, keyed), 0);
    assert_int_equal(gateway_stop(&other), 0);
}

static void
a_gateway_without_keys_serves_all_and_says_so(void **state)
{
    static const char *const arguments[] = {"--store", "memory", NULL};
    struct gateway other;
    struct http_client_reply reply;
    struct http_client own;

    (void)state;
    assert_int_equal(gateway_start(&other, arguments), 0);
    assert_true(http_client_connect(&own, other.address));
    assert_true(http_client_post(&own, "/v1/payments", sample(PAID)));
    assert_true(http_client_next(&own, &reply));
    shows(&reply, 201, true);
    assert_true(http_client_get(&own, "/metrics"));
    assert_true(http_client_next(&own, &reply));
    assert_int_equal(reply.status, 200);
    http_client_close(&own);
    assert_int_equal(gateway_stop(&other), 0);
    assert_non_null(strstr(other.process.log, "event=keys.none"));
}

static void
a_file_of_keys_that_makes_no_sense_is_no_open_door(void **state)
{
    const char *path = arena_printf(&arena, "%s/bad-keys", folder);
    const char *const arguments[] = {"--store", "memory", "--keys", path, NULL};
    struct gateway other;
    FILE *file;

    (void)state;
    assert_int_equal(gateway_start(&other, arguments), -1); /* it is not there */
    assert_int_equal(other.process.status, 1);
    file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs("# keys\nshop payer\n", file) >= 0 && fclose(file) == 0);
    assert_int_equal(gateway_start(&other, arguments), -1);
    assert_int_equal(other.process.status, 1);
    assert_non_null(strstr(other.process.log, "bad-keys:2: "));
}

int
main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, open_client, close_client)
    const struct CMUnitTest tests[] = {
        TEST(the_table_has_every_route),
        TEST(the_readme_has_the_same_matrix),
        TEST(each_route_is_for_the_roles_of_the_table),
        TEST(without_a_good_key_there_is_no_way_in),
        TEST(a_head_request_needs_what_a_get_needs),
        TEST(a_file_that_is_not_allowed_is_refused_before_it_is_sent),
        TEST(a_payer_never_sees_a_decision),
        TEST(an_idempotency_key_is_one_callers_own),
        TEST(a_hang_up_brings_a_new_key_and_takes_a_removed_one),
        TEST(a_removed_key_listens_no_longer),
        TEST(other_machines_are_not_served_without_keys),
        TEST(a_gateway_without_keys_serves_all_and_says_so),
        TEST(a_file_of_keys_that_makes_no_sense_is_no_open_door),
    };

    return cmocka_run_group_tests_name("access", tests, start, stop);
}
