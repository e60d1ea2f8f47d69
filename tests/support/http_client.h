/*
 * http_client.h - a small HTTP client on a raw socket, for tests.
 *
 * It sends whatever bytes it is given, also those no proper client would, and
 * reads replies one by one.  Every wait has a deadline, so that a server that
 * does not answer fails the test instead of hanging it.
 *
 *     struct http_client client;
 *     struct http_client_reply reply;
 *
 *     assert_true(http_client_connect(&client, "127.0.0.1:8080"));
 *     assert_true(http_client_send(&client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
 *     assert_true(http_client_next(&client, &reply));
 *     assert_int_equal(reply.status, 200);
 *     http_client_close(&client);
 */
#ifndef TESTS_SUPPORT_HTTP_CLIENT_H
#define TESTS_SUPPORT_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/arena.h"

#define HTTP_CLIENT_WAIT_MS 20000 /* any one wait; generous, for sanitizers on a busy disk */

struct http_client {
    int fd;
    bool closed;    /* the server has ended the connection */
    bool head_only; /* set it after a HEAD request: replies have no body */
    char *data;     /* received and not yet taken */
    size_t len;
    size_t capacity;
    struct arena arena; /* of all replies taken */
};

/* Lives until http_client_close(). */
struct http_client_reply {
    int status;
    const char *head; /* status line and headers, NUL-terminated */
    const char *body; /* chunks joined, NUL-terminated */
    size_t body_len;
    bool chunked;
    bool whole; /* false: the connection ended inside the body */
};

/* address is "127.0.0.1:8080" or "[::1]:8080". */
bool http_client_connect(struct http_client *client, const char *address);

/* False if the server has closed or did not take it all in time. */
bool http_client_send(struct http_client *client, const char *text);
bool http_client_send_bytes(struct http_client *client, const void *data, size_t len);

/* Any method, keep-alive, in one send; json NULL: without a body. */
bool http_client_request(struct http_client *client, const char *method, const char *path,
                         const char *json);

/* A POST of a JSON body. */
bool http_client_post(struct http_client *client, const char *path, const char *json);
bool http_client_get(struct http_client *client, const char *path);

/* As many bytes as the server takes before it stops reading for quiet_ms. */
size_t http_client_fill(struct http_client *client, const char *data, size_t len,
                        int64_t quiet_ms);

/* The next reply, 1xx included.  False: closed before one began, or too late. */
bool http_client_next(struct http_client *client, struct http_client_reply *reply);

/* Does the server end the connection, with nothing more to read? */
bool http_client_ended(struct http_client *client);

/* Is there silence, neither a byte nor the end, for this long? */
bool http_client_quiet(struct http_client *client, int64_t ms);

/* A header's value by lower-case name, trimmed, or NULL; the first of its kind. */
const char *http_client_header(struct http_client *client,
                               const struct http_client_reply *reply, const char *name);

void http_client_half_close(struct http_client *client); /* no more from us */
void http_client_close(struct http_client *client);      /* also after a failed connect */

#endif
