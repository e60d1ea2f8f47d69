/*
 * test_http_framing.c - requests as raw bytes, and what becomes of them.
 *
 * Expectations are written as what a client sees: the statuses in order, then
 * "keep" or "close".  Each case has a connection of its own, and one that is
 * kept must answer one more request.
 */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/http_client.h"
#include "tests/support/http_toy.h"

struct raw {
    const char *expect;
    const char *bytes;
    size_t len;
};

#define RAW(text) text, sizeof(text) - 1

/* The commonest beginnings; a case adds what is odd about it and the end. */
#define GET   "GET /fixed HTTP/1.1\r\nHost: x\r\n"
#define POST  "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
#define CHUNK POST "Transfer-Encoding: chunked\r\n\r\n"
#define LINES "POST /quiet-lines HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
#define NEXT  "GET /fixed HTTP/1.1\r\nHost: x\r\n\r\n"

static struct http_toy toy;

static int
open_toy(void **state)
{
    (void)state;
    http_toy_open(&toy, &(struct http_options){0});
    return 0;
}

static int
close_toy(void **state)
{
    (void)state;
    http_toy_close(&toy);
    return 0;
}

/* What the client sees: "200 400 close". */
static void
see(const struct raw *raw, char *seen, size_t size)
{
    struct http_client client;
    struct http_client_reply reply;
    size_t replies = strcspn(raw->expect, "kc") / 4, at = 0;
    bool ended;

    assert_true(http_client_connect(&client, toy.address));
    assert_true(http_client_send_bytes(&client, raw->bytes, raw->len));
    seen[0] = '\0';
    for (size_t i = 0; i < replies && http_client_next(&client, &reply); i++)
        at += (size_t)snprintf(seen + at, size - at, "%d ", reply.status);
    if (strstr(raw->expect, "close")) {
        ended = http_client_ended(&client);
    } else {
        assert_true(http_client_get(&client, "/items/a/b"));
        ended = !http_client_next(&client, &reply) || reply.status != 200;
    }
    snprintf(seen + at, size - at, "%s", ended ? "close" : "keep");
    http_client_close(&client);
}

static void
run(const struct raw *cases, size_t count)
{
    size_t wrong = 0;

    for (size_t i = 0; i < count; i++) {
        char seen[80];

        see(&cases[i], seen, sizeof(seen));
        if (strcmp(seen, cases[i].expect) == 0)
            continue;
        wrong++;
        print_error("expected \"%s\", saw \"%s\" for: %.*s\n", cases[i].expect, seen,
                    (int)cases[i].len, cases[i].bytes);
    }
    assert_int_equal(wrong, 0);
}

static void
well_formed_requests_are_answered(void **state)
{
    static const struct raw cases[] = {
        {"200 keep", RAW(GET "\r\n")},
        {"200 keep", RAW(GET "X: \r\nY:a\r\nZ:\t b \t\r\n\r\n")},
        {"200 keep", RAW(GET "X: \"quoted\" \x80\xff\r\n\r\n")},
        {"200 keep", RAW(GET "!#$%&'*+-.^_`|~09Az: x\r\n\r\n")},
        {"200 keep", RAW("GET /fixed HTTP/1.1\r\nhOsT:x\r\n\r\n")},
        {"200 keep", RAW("\r\n" GET "\r\n")},
        {"200 200 keep", RAW(GET "\r\n\r\n" GET "\r\n")},
        {"200 keep", RAW(POST "Content-Length: 2\r\n\r\n{}")},
        {"200 keep", RAW(POST "Content-Length: 0002\r\n\r\n{}")},
        {"200 200 keep", RAW(POST "Content-Length: 2\r\n\r\n{}" NEXT)},
        {"200 keep", RAW(CHUNK "2\r\n{}\r\n0\r\n\r\n")},
        {"200 keep", RAW(CHUNK "1\r\n{\r\n01\r\n}\r\n00\r\n\r\n")},
        {"200 keep", RAW(CHUNK "2;a=\"b\"\r\n{}\r\n0\r\nX-T: y\r\nZ:\r\n\r\n")},
        {"200 200 keep", RAW(CHUNK "2\r\n{}\r\n0\r\n\r\n" NEXT)},
        {"200 keep", RAW("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                         "Transfer-Encoding: Chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")},
        {"200 keep", RAW("GET /fixed HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")},
        {"200 keep", RAW("POST /ignored HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")},
        {"200 200 keep", RAW(GET "\r\n" NEXT)},
    };

    (void)state;
    run(cases, COUNT(cases));
}

static void
the_connection_closes_when_asked_to(void **state)
{
    static const struct raw cases[] = {
        {"200 close", RAW(GET "Connection: close\r\n\r\n")},
        {"200 close", RAW(GET "Connection: Close\r\n\r\n")},
        {"200 close", RAW(GET "Connection: x, close\r\n\r\n")},
        {"200 keep", RAW(GET "Connection: keep-alive\r\n\r\n")},
        /* what follows such a request is no request */
        {"200 close", RAW(GET "Connection: close\r\n\r\n" NEXT)},
        {"200 close", RAW(POST "Connection: close\r\nContent-Length: 2\r\n\r\n{}" NEXT)},
        {"200 close", RAW("GET /fixed HTTP/1.0\r\n\r\n")},
        {"200 close", RAW("GET /fixed HTTP/1.0\r\n\r\n" NEXT)},
        {"200 close", RAW("GET /fixed HTTP/1.0\r\nHost: x\r\n\r\n")},
        {"200 keep", RAW("GET /fixed HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")},
        {"200 close", RAW("POST /echo HTTP/1.0\r\nContent-Type: application/json\r\n"
                          "Content-Length: 2\r\n\r\n{}")},
    };

    (void)state;
    run(cases, COUNT(cases));
}

static void
a_malformed_head_is_refused_and_closed(void **state)
{
    static const struct raw cases[] = {
        /* lines */
        {"400 close", RAW("GET /fixed HTTP/1.1\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET /fixed HTTP/1.1\r\nHost: x\n\r\n")},
        {"400 close", RAW(GET "\n")},
        {"400 close", RAW("GET /fixed HTTP/1.1\nHost: x\n\n")},
        {"400 close", RAW("GET /fixed HTTP/1.1\rHost: x\r\n\r\n")},
        {"400 close", RAW(GET "X: a\rY: b\r\n\r\n")},
        {"400 close", RAW(GET "X: a\r\r\n\r\n")},
        {"400 close", RAW(GET "\r\r\n")},
        {"400 close", RAW("\n" GET "\r\n")},
        {"400 close", RAW("\r\n\r\n" GET "\r\n")},
        {"400 close", RAW("\r" GET "\r\n")},
        /* folding, and lines that begin with a blank */
        {"400 close", RAW(GET "X: a\r\n b\r\n\r\n")},
        {"400 close", RAW(GET "X: a\r\n\tb\r\n\r\n")},
        {"400 close", RAW("GET /fixed HTTP/1.1\r\n Host: x\r\n\r\n")},
        {"400 close", RAW("GET /fixed HTTP/1.1\r\n\tX: a\r\nHost: x\r\n\r\n")},
        {"400 close", RAW(GET " \r\n\r\n")},
        {"400 close", RAW(" " GET "\r\n")},
        /* names */
        {"400 close", RAW(GET ": a\r\n\r\n")},
        {"400 close", RAW(GET "X : a\r\n\r\n")},
        {"400 close", RAW(GET "X\t: a\r\n\r\n")},
        {"400 close", RAW(GET "X Y: a\r\n\r\n")},
        {"400 close", RAW(GET "X\r\n\r\n")},
        {"400 close", RAW(GET "X(y): a\r\n\r\n")},
        {"400 close", RAW(GET "X/y: a\r\n\r\n")},
        {"400 close", RAW(GET "X@y: a\r\n\r\n")},
        {"400 close", RAW(GET "X[y]: a\r\n\r\n")},
        {"400 close", RAW(GET "\"X\": a\r\n\r\n")},
        {"400 close", RAW(GET "X\x80: a\r\n\r\n")},
        {"400 close", RAW(GET "X\x7f: a\r\n\r\n")},
        {"400 close", RAW(GET "X\0: a\r\n\r\n")},
        {"400 close", RAW(GET "\x0bX: a\r\n\r\n")},
        /* values */
        {"400 close", RAW(GET "X: a\0b\r\n\r\n")},
        {"400 close", RAW(GET "X: a\x01\r\n\r\n")},
        {"400 close", RAW(GET "X: a\x7f\r\n\r\n")},
        {"400 close", RAW(GET "X: \x0c\r\n\r\n")},
        /* request line */
        {"400 close", RAW("GET  /fixed HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET /fixed  HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET /fixed HTTP/1.1 \r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET\t/fixed HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET /fixed\tHTTP/1.1\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET /a b HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GE(T /fixed HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")}, /* TLS */
        {"400 close", RAW("\0")},
    };

    (void)state;
    run(cases, COUNT(cases));
}

static void
a_version_or_protocol_other_than_ours_is_refused(void **state)
{
    static const struct raw cases[] = {
        {"400 close", RAW("GET /fixed\r\n\r\n")}, /* HTTP/0.9 */
        {"505 close", RAW("GET /fixed HTTP/0.9\r\nHost: x\r\n\r\n")},
        {"505 close", RAW("GET /fixed HTTP/1.2\r\nHost: x\r\n\r\n")},
        {"505 close", RAW("GET /fixed HTTP/2.0\r\nHost: x\r\n\r\n")},
        {"505 close", RAW("GET /fixed HTTP/9.9\r\nHost: x\r\n\r\n")},
        {"505 close", RAW("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")},
        {"400 close", RAW("GET /fixed http/1.1\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET /fixed Http/1.1\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET /fixed HTTP/1.10\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET /fixed HTTP/11\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET /fixed HTTP/1.\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET /fixed HTTP/+1.1\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET /fixed HTTP/1,1\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET /fixed RTSP/1.0\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("PLAY /fixed RTSP/1.0\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("SOURCE /fixed ICE/1.0\r\nHost: x\r\n\r\n")},
        {"501 close", RAW("PLAY /fixed HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"501 close", RAW("FROBNICATE /fixed HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"501 close", RAW("get /fixed HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"501 close", RAW("CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"501 close", RAW("CONNECT /fixed HTTP/1.1\r\nHost: x\r\n\r\n")},
    };

    (void)state;
    run(cases, COUNT(cases));
}

static void
an_upgrade_is_ignored(void **state)
{
    static const struct raw cases[] = {
        {"200 200 keep", RAW(GET "Connection: upgrade\r\nUpgrade: h2c\r\n\r\n" NEXT)},
        {"200 200 keep", RAW(GET "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n" NEXT)},
        {"200 200 keep", RAW(POST "Connection: upgrade\r\nUpgrade: h2c\r\n"
                                  "Content-Length: 2\r\n\r\n{}" NEXT)},
    };

    (void)state;
    run(cases, COUNT(cases));
}

static void
the_host_must_be_one_and_valid(void **state)
{
    static const struct raw cases[] = {
        {"400 close", RAW("GET /fixed HTTP/1.1\r\n\r\n")},
        {"400 close", RAW(GET "Host: x\r\n\r\n")},
        {"400 close", RAW(GET "host: y\r\n\r\n")},
        {"400 close", RAW("GET /fixed HTTP/1.1\r\nHost:\r\n\r\n")},
        {"400 close", RAW("GET /fixed HTTP/1.1\r\nHost: \t\r\n\r\n")},
        {"400 close", RAW("GET /fixed HTTP/1.1\r\nHost: a b\r\n\r\n")},
        {"400 close", RAW("GET /fixed HTTP/1.1\r\nHost: a/b\r\n\r\n")},
        {"400 close", RAW("GET /fixed HTTP/1.1\r\nHost: u@a\r\n\r\n")},
        {"400 close", RAW("GET /fixed HTTP/1.1\r\nHost: a:b\r\n\r\n")},
        {"400 close", RAW("GET /fixed HTTP/1.1\r\nHost: a:65536\r\n\r\n")},
        {"400 close", RAW("GET /fixed HTTP/1.1\r\nHost: a:1:2\r\n\r\n")},
        {"400 close", RAW("GET /fixed HTTP/1.1\r\nHost: :80\r\n\r\n")},
        {"400 close", RAW("GET /fixed HTTP/1.1\r\nHost: [::1\r\n\r\n")},
        {"400 close", RAW("GET /fixed HTTP/1.1\r\nHost: []\r\n\r\n")},
        {"400 close", RAW("GET /fixed HTTP/1.1\r\nHost: [x]\r\n\r\n")},
        {"400 close", RAW("GET /fixed HTTP/1.1\r\nHost: a%2\r\n\r\n")},
        {"400 close", RAW("GET /fixed HTTP/1.1\r\nHost: \xc3\xa4\r\n\r\n")},
        {"400 close", RAW("GET /fixed HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n")},
        {"200 keep", RAW("GET /fixed HTTP/1.1\r\nHost: a.b-c_d:8080\r\n\r\n")},
        {"200 keep", RAW("GET /fixed HTTP/1.1\r\nHost: 127.0.0.1:\r\n\r\n")},
        {"200 keep", RAW("GET /fixed HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n")},
        {"200 keep", RAW("GET /fixed HTTP/1.1\r\nHost: [::ffff:1.2.3.4]\r\n\r\n")},
    };

    (void)state;
    run(cases, COUNT(cases));
}

static void
the_length_must_be_one_and_a_number(void **state)
{
    static const struct raw cases[] = {
        {"400 close", RAW(POST "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}")},
        {"400 close", RAW(POST "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}")},
        {"400 close", RAW(POST "Content-Length: 2, 2\r\n\r\n{}")},
        {"400 close", RAW(POST "Content-Length: +2\r\n\r\n{}")},
        {"400 close", RAW(POST "Content-Length: -2\r\n\r\n{}")},
        {"400 close", RAW(POST "Content-Length: 2 \t2\r\n\r\n{}")},
        {"400 close", RAW(POST "Content-Length: 0x2\r\n\r\n{}")},
        {"400 close", RAW(POST "Content-Length: 2.0\r\n\r\n{}")},
        {"400 close", RAW(POST "Content-Length:\r\n\r\n{}")},
        {"400 close", RAW(POST "Content-Length: 18446744073709551616\r\n\r\n{}")},
        {"400 close", RAW(POST "Content-Length: 18446744073709551618\r\n\r\n{}")},
        {"400 close", RAW(POST "Content-Length: 99999999999999999999999999\r\n\r\n{}")},
        {"400 close", RAW(POST "Content-Length: 1000000000000000000\r\n\r\n{}")},
        {"413 close", RAW(POST "Content-Length: 999999999999999999\r\n\r\n{}")},
        {"400 close", RAW(POST "Content-Length : 2\r\n\r\n{}")},
    };

    (void)state;
    run(cases, COUNT(cases));
}

static void
the_transfer_encoding_must_be_chunked_alone(void **state)
{
    static const struct raw cases[] = {
        {"400 close", RAW(POST "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
                               "2\r\n{}\r\n0\r\n\r\n")},
        {"400 close", RAW(POST "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n"
                               "2\r\n{}\r\n0\r\n\r\n")},
        {"400 close", RAW(POST "Transfer-Encoding: chunked\r\n"
                               "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")},
        {"400 close", RAW(POST "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n")},
        {"400 close", RAW(POST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")},
        {"400 close", RAW(POST "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n")},
        {"400 close", RAW(POST "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n")},
        {"400 close", RAW(POST "Transfer-Encoding:\r\n\r\n0\r\n\r\n")},
        {"400 close", RAW(POST "Transfer-Encoding: \x0b"
                               "chunked\r\n\r\n0\r\n\r\n")},
        {"400 close", RAW(POST "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n")},
        {"501 close", RAW(POST "Transfer-Encoding: gzip\r\n\r\n0\r\n\r\n")},
        {"501 close", RAW(POST "Transfer-Encoding: identity\r\n\r\n{}")},
        {"501 close", RAW(POST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")},
        {"501 close", RAW(POST "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
                               "0\r\n\r\n")},
        {"400 close", RAW("POST /echo HTTP/1.0\r\nContent-Type: application/json\r\n"
                          "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")},
    };

    (void)state;
    run(cases, COUNT(cases));
}

static void
a_malformed_chunk_is_refused_and_closed(void **state)
{
    static const struct raw cases[] = {
        {"400 close", RAW(CHUNK "2\n{}\r\n0\r\n\r\n")},
        {"400 close", RAW(CHUNK "2\r{}\r\n0\r\n\r\n")},
        {"400 close", RAW(CHUNK "2\r\n{}\n0\r\n\r\n")},
        {"400 close", RAW(CHUNK "2\r\n{}0\r\n\r\n")},
        {"400 close", RAW(CHUNK "2\r\n{}x\r\n0\r\n\r\n")},
        {"400 close", RAW(CHUNK "2\r\n{}\r\n0\n\r\n")},
        {"400 close", RAW(CHUNK "2\r\n{}\r\n0\r\n\n")},
        {"400 close", RAW(CHUNK "\r\n{}\r\n0\r\n\r\n")},
        {"400 close", RAW(CHUNK " 2\r\n{}\r\n0\r\n\r\n")},
        {"400 close", RAW(CHUNK "2 \r\n{}\r\n0\r\n\r\n")},
        {"400 close", RAW(CHUNK "+2\r\n{}\r\n0\r\n\r\n")},
        {"400 close", RAW(CHUNK "-2\r\n{}\r\n0\r\n\r\n")},
        {"400 close", RAW(CHUNK "0x2\r\n{}\r\n0\r\n\r\n")},
        {"400 close", RAW(CHUNK "g\r\n{}\r\n0\r\n\r\n")},
        {"400 close", RAW(CHUNK "10000000000000002\r\n{}\r\n0\r\n\r\n")},
        {"400 close", RAW(CHUNK "ffffffffffffffff\r\n{}\r\n0\r\n\r\n")},
        {"400 close", RAW(CHUNK "2;a\nb\r\n{}\r\n0\r\n\r\n")},
        {"400 close", RAW(CHUNK "2;a\0b\r\n{}\r\n0\r\n\r\n")},
        {"400 close", RAW(CHUNK "2\r\n{}\r\n0\r\nX : y\r\n\r\n")},
        {"400 close", RAW(CHUNK "2\r\n{}\r\n0\r\n X: y\r\n\r\n")},
        {"400 close", RAW(CHUNK "2\r\n{}\r\n0\r\nX: y\r\n z\r\n\r\n")},
        {"400 close", RAW(CHUNK "2\r\n{}\r\n0\r\nX: y\n\r\n")},
        {"400 close", RAW(CHUNK "2\r\n{}\r\n0\r\n: y\r\n\r\n")},
        {"400 close", RAW(CHUNK "2\r\n{}\r\n0\r\nX\r\n\r\n")},
        {"400 close", RAW(CHUNK "2\r\n{}\r\n0\r\nX: \x01\r\n\r\n")},
        {"400 close", RAW(CHUNK "2\r\n{}\r\n0\r\nX: a\rb\r\n\r\n")},
        {"413 close", RAW(CHUNK "ffffffff\r\n{}\r\n")},
        {"400 close", RAW(LINES "Transfer-Encoding: chunked\r\n\r\n2\r\n{}x")},
    };

    (void)state;
    run(cases, COUNT(cases));
}

static void
the_target_must_be_a_path_or_an_http_uri(void **state)
{
    static const struct raw cases[] = {
        {"200 keep", RAW("GET http://host/fixed HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"200 keep", RAW("GET HTTP://host:8080/fixed?a=b HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"200 keep", RAW("GET https://[::1]/fixed HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"404 keep", RAW("GET http://host HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"404 keep", RAW("GET http://host?a=b HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET http:///fixed HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET http://u@host/fixed HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET http://host:x/fixed HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET ftp://host/fixed HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET http://host/fixed HTTP/1.1\r\n\r\n")}, /* Host all the same */
        {"400 close", RAW("GET fixed HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET * HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"204 keep", RAW("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"204 keep", RAW("OPTIONS /fixed HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"404 keep", RAW("OPTIONS /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET /fixed#top HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET /fixed?a#top HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET /fix\x80"
                          "ed HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET /fix\x01"
                          "ed HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET /fix\x7f"
                          "ed HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET /fix\0ed HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET /fixed?\xc3\xa4 HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET /fix\"ed HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET /fix\\ed HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET /fixed% HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET /fixed%4 HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET /fixed%zz HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"400 close", RAW("GET /items/%00/b HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"200 keep", RAW("GET /items/%41%2F/b HTTP/1.1\r\nHost: x\r\n\r\n")},
    };

    (void)state;
    run(cases, COUNT(cases));
}

static void
expectations_are_met_or_refused(void **state)
{
    static const struct raw cases[] = {
        {"100 200 keep", RAW(POST "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}")},
        {"100 200 keep", RAW(POST "Expect: 100-Continue\r\nContent-Length: 2\r\n\r\n{}")},
        {"200 keep", RAW(POST "Expect: 100-continue\r\nContent-Length: 0\r\n\r\n")},
        {"200 close", RAW("POST /echo HTTP/1.0\r\nContent-Type: application/json\r\n"
                          "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}")},
        {"417 close", RAW(POST "Expect: tea\r\nContent-Length: 2\r\n\r\n{}")},
        {"417 keep", RAW(GET "Expect: tea\r\n\r\n")},
        /* an answer by the head alone comes without 100 */
        {"413 close", RAW(POST "Expect: 100-continue\r\nContent-Length: 262145\r\n\r\n")},
        {"415 close", RAW("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                          "Content-Length: 2\r\n\r\n")},
        {"404 close", RAW("POST /no HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                          "Content-Length: 2\r\n\r\n")},
        {"405 close", RAW("DELETE /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                          "Content-Length: 2\r\n\r\n")},
    };

    (void)state;
    run(cases, COUNT(cases));
}

static void
an_error_that_leaves_framing_clear_keeps_the_connection(void **state)
{
    static const struct raw cases[] = {
        {"404 keep", RAW("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"404 keep", RAW("GET /fixed/ HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"404 keep", RAW("GET /items//b HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"404 keep", RAW("GET /items/a/b/c HTTP/1.1\r\nHost: x\r\n\r\n")},
        {"404 200 keep",
         RAW("POST /no HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}" NEXT)},
        {"405 200 keep",
         RAW("DELETE /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}" NEXT)},
        {"405 keep", RAW("POST /fixed HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")},
        /* methods that HTTP defines and no route here has */
        {"405 200 keep",
         RAW("PUT /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}" NEXT)},
        {"405 200 keep", RAW("PATCH /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                             "\r\n2\r\n{}\r\n0\r\n\r\n" NEXT)},
        {"405 200 keep", RAW("TRACE /fixed HTTP/1.1\r\nHost: x\r\n\r\n" NEXT)},
        {"404 200 keep",
         RAW("PUT /no HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}" NEXT)},
        {"404 200 keep", RAW("PATCH /no HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                             "\r\n2\r\n{}\r\n0\r\n\r\n" NEXT)},
        {"404 200 keep", RAW("TRACE /no HTTP/1.1\r\nHost: x\r\n\r\n" NEXT)},
        {"404 200 keep", RAW("DELETE /no HTTP/1.1\r\nHost: x\r\n\r\n" NEXT)},
        {"415 200 keep", RAW("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                             "\r\n2\r\n{}\r\n0\r\n\r\n" NEXT)},
        {"503 keep", RAW("GET /busy HTTP/1.1\r\nHost: x\r\n\r\n")},
        /* an answered request whose body then goes wrong has had its answer */
        {"404 close",
         RAW("POST /no HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz")},
    };

    (void)state;
    run(cases, COUNT(cases));
}

static void
the_media_type_must_be_the_routes(void **state)
{
    static const struct {
        const char *expect;
        const char *fields; /* instead of Content-Type */
    } cases[] = {
        {"200 keep", "Content-Type: application/json\r\n"},
        {"200 keep", "Content-Type: Application/JSON\r\n"},
        {"200 keep", "Content-Type: application/json; charset=utf-8\r\n"},
        {"200 keep", "Content-Type: application/json;charset=UTF-8\r\n"},
        {"200 keep", "Content-Type: application/json ; Charset=\"utf-8\" ;\r\n"},
        {"200 keep", "Content-Type: application/json\r\nContent-Encoding: identity\r\n"},
        {"415 keep", ""},
        {"415 keep", "Content-Type:\r\n"},
        {"415 keep", "Content-Type: text/plain\r\n"},
        {"415 keep", "Content-Type: application/jsonx\r\n"},
        {"415 keep", "Content-Type: application/json-patch+json\r\n"},
        {"415 keep", "Content-Type: application/json x\r\n"},
        {"415 keep", "Content-Type: application/json, application/json\r\n"},
        {"415 keep", "Content-Type: application/json; charset=latin1\r\n"},
        {"415 keep", "Content-Type: application/json; charset=\"utf-8\r\n"},
        {"415 keep", "Content-Type: application/json; charset\r\n"},
        {"415 keep", "Content-Type: application/json; charset=\r\n"},
        {"415 keep", "Content-Type: application/json; =utf-8\r\n"},
        {"415 keep", "Content-Type: application/json; charset=utf-8 x\r\n"},
        {"415 keep", "Content-Type: application/json; version=1\r\n"},
        {"415 keep", "Content-Type: application/json\r\nContent-Type: text/plain\r\n"},
        {"415 keep", "Content-Type: application/x-ndjson\r\n"},
        {"415 keep", "Content-Type: application/json\r\nContent-Encoding: gzip\r\n"},
        {"415 keep", "Content-Type: application/json\r\nContent-Encoding:\r\n"},
        {"415 keep", "Content-Type: application/json\r\nContent-Encoding: identity\r\n"
                     "Content-Encoding: gzip\r\n"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char bytes[300];
        int len = snprintf(bytes, sizeof(bytes),
                           "POST /echo HTTP/1.1\r\nHost: x\r\n%sContent-Length: 2\r\n\r\n{}",
                           cases[i].fields);

        run(&(struct raw){cases[i].expect, bytes, (size_t)len}, 1);
    }
}

static void
a_streamed_body_has_a_media_type_too(void **state)
{
#define OCTETS "POST /quiet-octets HTTP/1.1\r\nHost: x\r\n"
#define TYPED  "Content-Type: application/octet-stream\r\n"
#define TWO    "Content-Length: 2\r\n\r\n\xff\0"
    static const struct raw cases[] = {
        {"200 keep", RAW(OCTETS TYPED TWO)},
        {"200 keep", RAW(OCTETS "content-type: Application/Octet-Stream\r\n" TWO)},
        {"200 keep", RAW(OCTETS "Content-Length: 0\r\n\r\n")}, /* no body, so no type */
        {"415 keep", RAW(OCTETS TWO)},
        {"415 keep", RAW(OCTETS "Content-Type: application/json\r\n" TWO)},
        {"415 keep", RAW(OCTETS "Content-Type: application/x-ndjson\r\n" TWO)},
        {"415 keep", RAW(OCTETS TYPED "Content-Encoding: gzip\r\n" TWO)},
        {"415 keep", RAW("POST /quiet-lines HTTP/1.1\r\nHost: x\r\n" TYPED TWO)},
        {"415 keep", RAW("POST /echo HTTP/1.1\r\nHost: x\r\n" TYPED TWO)},
    };

    (void)state;
    run(cases, COUNT(cases));
}

/* Every case above arrives in one piece; here every byte comes alone. */
static void
a_request_may_come_byte_by_byte(void **state)
{
    static const char request[] = CHUNK "2;a=b\r\n[1\r\n1\r\n]\r\n0\r\nX: y\r\n\r\n" NEXT;
    struct http_client client;
    struct http_client_reply reply;

    (void)state;
    assert_true(http_client_connect(&client, toy.address));
    for (size_t i = 0; i < sizeof(request) - 1; i++)
        assert_true(http_client_send_bytes(&client, request + i, 1));
    assert_true(http_client_next(&client, &reply));
    assert_int_equal(reply.status, 200);
    assert_string_equal(reply.body, "[1]");
    assert_true(http_client_next(&client, &reply));
    assert_int_equal(reply.status, 200);
    http_client_close(&client);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(well_formed_requests_are_answered),
        cmocka_unit_test(the_connection_closes_when_asked_to),
        cmocka_unit_test(a_malformed_head_is_refused_and_closed),
        cmocka_unit_test(a_version_or_protocol_other_than_ours_is_refused),
        cmocka_unit_test(an_upgrade_is_ignored),
        cmocka_unit_test(the_host_must_be_one_and_valid),
        cmocka_unit_test(the_length_must_be_one_and_a_number),
        cmocka_unit_test(the_transfer_encoding_must_be_chunked_alone),
        cmocka_unit_test(a_malformed_chunk_is_refused_and_closed),
        cmocka_unit_test(the_target_must_be_a_path_or_an_http_uri),
        cmocka_unit_test(expectations_are_met_or_refused),
        cmocka_unit_test(an_error_that_leaves_framing_clear_keeps_the_connection),
        cmocka_unit_test(the_media_type_must_be_the_routes),
        cmocka_unit_test(a_streamed_body_has_a_media_type_too),
        cmocka_unit_test(a_request_may_come_byte_by_byte),
    };

    return cmocka_run_group_tests(tests, open_toy, close_toy);
}
