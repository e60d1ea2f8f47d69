/*
 * test_http_transport.c - the seam, with transports that behave as TLS may.
 *
 * choppy moves few bytes at a time, every other call wants something first,
 * and reading may want to write.  hoarding reads ahead, so that bytes wait in
 * the transport while the socket is silent (T2).
 */
#include "tests/support/test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/support/http_client.h"
#include "tests/support/http_toy.h"

#define CHOPPY_BYTES   7
#define HOARDING_BYTES 1048576

static ssize_t
choppy_recv(struct transport *transport, char *data, size_t len)
{
    uintptr_t calls = (uintptr_t)transport->session + 1;

    transport->session = (void *)calls; /* a counter is all the state it has */
    if (calls % 4 == 1)
        return TRANSPORT_WANT_WRITE; /* the socket is writable: it is called again */
    return transport_plain.recv(transport, data, len < CHOPPY_BYTES ? len : CHOPPY_BYTES);
}

static ssize_t
choppy_send(struct transport *transport, const struct iovec *parts, int count)
{
    uintptr_t calls = (uintptr_t)transport->session + 1;
    struct iovec part = parts[0];

    (void)count;
    transport->session = (void *)calls;
    if (calls % 2 == 0)
        return TRANSPORT_WANT_WRITE;
    if (part.iov_len > CHOPPY_BYTES)
        part.iov_len = CHOPPY_BYTES;
    return transport_plain.send(transport, &part, 1);
}

static void
choppy_shutdown(struct transport *transport)
{
    transport_plain.shutdown(transport);
}

static void
choppy_close(struct transport *transport)
{
    transport_plain.close(transport);
}

static const struct transport_ops choppy = {
    .name = "choppy",
    .recv = choppy_recv,
    .send = choppy_send,
    .shutdown = choppy_shutdown,
    .close = choppy_close,
};

struct hoard {
    size_t at, len;
    char data[HOARDING_BYTES];
};

static ssize_t
hoarding_recv(struct transport *transport, char *data, size_t len)
{
    struct hoard *hoard = transport->session;
    size_t n;

    if (!hoard) {
        transport->session = hoard = malloc(sizeof(*hoard));
        assert_non_null(hoard);
        hoard->at = hoard->len = 0;
    }
    if (hoard->at == hoard->len) {
        ssize_t got = transport_plain.recv(transport, hoard->data, sizeof(hoard->data));

        if (got <= 0)
            return got;
        hoard->at = 0;
        hoard->len = (size_t)got;
    }
    n = hoard->len - hoard->at < len ? hoard->len - hoard->at : len;
    memcpy(data, hoard->data + hoard->at, n);
    hoard->at += n;
    return (ssize_t)n;
}

static ssize_t
hoarding_send(struct transport *transport, const struct iovec *parts, int count)
{
    return transport_plain.send(transport, parts, count);
}

static void
hoarding_close(struct transport *transport)
{
    free(transport->session);
    transport_plain.close(transport);
}

static const struct transport_ops hoarding = {
    .name = "hoarding",
    .recv = hoarding_recv,
    .send = hoarding_send,
    .shutdown = choppy_shutdown,
    .close = hoarding_close,
};

static void
serve_over(const struct transport_ops *transport, size_t body_bytes)
{
    struct http_toy toy;
    struct http_client client;
    struct http_client_reply reply;
    char *json = malloc(body_bytes + 1);

    assert_non_null(json);
    memset(json, '1', body_bytes);
    json[body_bytes] = '\0';
    http_toy_open_over(&toy, &(struct http_options){0}, transport);
    assert_true(http_client_connect(&client, toy.address));
    for (int i = 0; i < 3; i++)
        assert_true(http_client_post(&client, i == 1 ? "/later" : "/echo", json));
    for (int i = 0; i < 3; i++) {
        assert_true(http_client_next(&client, &reply));
        assert_int_equal(reply.status, 200);
        assert_string_equal(reply.body, json);
    }
    assert_true(http_client_get(&client, "/flood?bytes=20000"));
    assert_true(http_client_next(&client, &reply));
    assert_int_equal(reply.body_len, 20000);
    http_client_half_close(&client);
    assert_true(http_client_ended(&client));
    http_client_close(&client);
    http_toy_close(&toy);
    free(json);
}

static void
a_transport_may_move_few_bytes_and_want_the_other_direction(void **state)
{
    (void)state;
    serve_over(&choppy, 2000);
}

static void
a_transport_may_have_read_ahead(void **state)
{
    (void)state;
    serve_over(&hoarding, 200000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_transport_may_move_few_bytes_and_want_the_other_direction),
        cmocka_unit_test(a_transport_may_have_read_ahead),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
