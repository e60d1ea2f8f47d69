/*
 * http.h - what the rest of the gateway sees of HTTP.
 *
 * Bytes come in on a worker's event loop; http/ frames, checks and routes them
 * and calls a handler with one exchange: a request and the reply it will get.
 * A handler runs on the loop thread of the connection's worker and must not
 * block.  It either replies before it returns, or keeps the exchange and
 * replies later, on the same worker, from a task handed to http_post().
 *
 *   H1  a connection lives and dies on one worker; so does each exchange.
 *   H2  replies leave in the order of their requests, however late one is.
 *       At most HTTP_PIPELINE_MAX exchanges are open on one connection.
 *   H3  every exchange is answered exactly once.  If the client has gone, the
 *       reply is dropped, but the handler still has to make it.
 *   H4  exchange, arena and all in it live until the reply is made (streams:
 *       until http_stream_end()).
 *   H5  where framing is in doubt the connection is closed after the error.
 */
#ifndef GATEWAY_HTTP_HTTP_H
#define GATEWAY_HTTP_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/arena.h"
#include "gateway/base/buffer.h"
#include "gateway/base/error.h"

#define HTTP_HEAD_MAX         16384 /* bytes of request line and headers */
#define HTTP_HEADERS_MAX      64
#define HTTP_JSON_BODY_MAX    262144    /* a body with media type application/json */
#define HTTP_OCTETS_BODY_MAX  268435456 /* one of application/octet-stream */
#define HTTP_PIECE_MAX        65536     /* of a streamed body, handed on at once */
#define HTTP_BODIES_BYTES_MAX 67108864  /* of JSON bodies not yet answered; past it 503 */
#define HTTP_CONNECTIONS_MAX  10000
#define HTTP_PIPELINE_MAX     64
#define HTTP_PARAMS_MAX       4
#define HTTP_QUERY_MAX        64    /* parameters of a query */
#define HTTP_REQUEST_MS       10000 /* a request must have arrived whole */
#define HTTP_IDLE_MS          60000
#define HTTP_DRAIN_MS         10000 /* at most, from stop to exit */

struct http_slice {
    const char *data; /* not NUL-terminated; NULL: not there */
    size_t len;
};

enum http_body {
    HTTP_BODY_NONE,   /* a body is read past and ignored */
    HTTP_BODY_JSON,   /* application/json, whole in memory, UTF-8 */
    HTTP_BODY_NDJSON, /* application/x-ndjson, handed on as it comes */
    HTTP_BODY_OCTETS, /* application/octet-stream, handed on as it comes */
};

struct http_exchange;
struct http_worker;
struct http_server;

/* One line of the table that api/ provides.  HEAD is answered by GET's line. */
struct http_route {
    const char *method;
    const char *path; /* "/v1/payments/{id}": a {name} takes one segment */
    enum http_body body;
    void (*handle)(struct http_exchange *exchange);
    unsigned mark; /* the table's own: http/ does not look at it */
};

/* Why a request goes no further than its head. */
struct http_refusal {
    int status; /* 0: it does */
    const char *detail;
};

struct http_exchange {
    struct arena *arena;        /* the request's own */
    void *context;              /* http_options.context */
    struct http_worker *worker; /* for http_post() */
    const struct http_route *route;
    struct http_slice path;                    /* as sent, without query */
    struct http_slice query;                   /* as sent, without '?' */
    struct http_slice params[HTTP_PARAMS_MAX]; /* percent-decoded, in path order */
    struct http_slice body;                    /* JSON only; valid until handle() returns */
    void *state;                               /* the handler's own */
    const void *caller;                        /* what http_options.enter has left here */

    /*
     * NDJSON and octets only; set by handle(), which is then called as soon as
     * the head is in.  Pieces come as they arrive, cut anywhere, each of at most
     * HTTP_PIECE_MAX bytes; the last call has last = true and may be empty.  If
     * the client breaks off, or the body is malformed or too long, on_abort is
     * called instead of the last piece, and the reply goes nowhere, but
     * http_stream_end() or http_reply() is still due.
     * A handler of any route that keeps its exchange may set on_abort: it is
     * called once when the client is found to have gone.
     */
    void (*on_body)(struct http_exchange *exchange, const char *data, size_t len, bool last);
    void (*on_abort)(struct http_exchange *exchange);
    /*
     * All that the streamed reply had written has left.  Whoever stops writing
     * or reading until then sets on_abort too: to a client that has gone
     * nothing leaves any more.
     */
    void (*on_drain)(struct http_exchange *exchange);
    /*
     * The server stops.  Whoever streams without an end of his own sets it and ends then,
     * or else holds the server up for the whole of HTTP_DRAIN_MS.  Called once; may be
     * called as soon as handle() has returned.  While such a stream is sent, a client that
     * ends its side of the connection is taken to have gone.
     */
    void (*on_stop)(struct http_exchange *exchange);
};

/* A header of the request by lower-case name, white space trimmed.  The first of its kind. */
struct http_slice http_header(const struct http_exchange *exchange, const char *name);

/* A HEAD request: whatever its reply streams goes nowhere. */
bool http_wants_no_body(const struct http_exchange *exchange);

/*
 * A query parameter, percent-decoded onto the arena ('+' is a blank) and
 * NUL-terminated; NULL where absent.  A malformed escape makes *bad true.
 */
const char *http_query(struct http_exchange *exchange, const char *name, bool *bad);

/* Likewise the i-th value, from 0, of a parameter that may come again; NULL behind the last. */
const char *http_query_at(struct http_exchange *exchange, const char *name, size_t i,
                          bool *bad);

/*
 * What is wrong with the query as a whole, on the arena: a name that comes again, which is
 * not again (NULL: none may), or more than HTTP_QUERY_MAX parameters.  NULL: nothing.
 */
const char *http_query_fault(struct http_exchange *exchange, const char *again);

/* Calls each() for every parameter name, so that unknown ones can be refused. */
bool http_query_each(struct http_exchange *exchange,
                     bool (*each)(void *context, const char *name), void *context);

/* Before the reply: one more header.  name and value must outlive the reply. */
void http_reply_header(struct http_exchange *exchange, const char *name, const char *value);

/*
 * Make the reply.  body is not copied and must be static or on the exchange's
 * arena.  A HEAD request gets the same head and no body.
 */
void http_reply(struct http_exchange *exchange, int status, const char *content_type,
                const char *body, size_t len);

/* RFC 9457 application/problem+json, `type` "about:blank"-free: see problem.c. */
struct http_problem_item {
    const char *pointer;
    const char *detail;
};
void http_problem(struct http_exchange *exchange, int status, const char *detail);
void http_problem_list(struct http_exchange *exchange, int status, const char *detail,
                       const struct http_problem_item *items, size_t count);

/* The same with more members (RFC 9457 section 3.2), which write adds. */
void http_problem_extended(struct http_exchange *exchange, int status, const char *detail,
                           const struct http_problem_item *items, size_t count,
                           void (*write)(const void *context, struct buffer *out),
                           const void *context);

/* The same document as a JSON value, where it is only a part of a reply. */
void http_problem_write(struct buffer *out, int status, const char *detail,
                        const struct http_problem_item *items, size_t count);

/* A reply in pieces (chunked; on HTTP/1.0 until the connection closes). Data is copied. */
void http_stream_begin(struct http_exchange *exchange, int status, const char *content_type);
void http_stream_write(struct http_exchange *exchange, const char *data, size_t len);
void http_stream_end(struct http_exchange *exchange);
size_t http_stream_backlog(const struct http_exchange *exchange); /* bytes not yet sent */

/* NDJSON and octets: stop and go on calling on_body; TCP holds the client meanwhile. */
void http_body_pause(struct http_exchange *exchange);
void http_body_resume(struct http_exchange *exchange);

/* Drop the connection without a word (simulated faults). Counts as the reply. */
void http_drop(struct http_exchange *exchange);

/* The same with a reset instead of an end: the client reads "connection reset by peer". */
void http_reset(struct http_exchange *exchange);

/*
 * Work for a worker's loop, from any thread.  The task belongs to the caller
 * again in run().  After http_server_run() has returned none is run any more;
 * after http_server_close() none may be posted.
 */
struct http_task {
    struct http_task *next;
    void (*run)(struct http_task *task);
};
void http_post(struct http_worker *worker, struct http_task *task);

/* Call run on this worker after delay_ms of real time (loop thread only). */
void http_after(struct http_worker *worker, int64_t delay_ms, struct http_task *task);

struct http_options {
    const char *const *listen; /* "127.0.0.1:8080", "[::1]:0": port 0 picks one */
    size_t listen_count;
    int threads;
    const struct http_route *routes;
    size_t route_count;
    void *context;
    /*
     * Called once for every request that has a route, with its head and before its body is
     * looked at; NULL: all may enter.  It may add headers to the reply that a refusal becomes,
     * and must not reply itself.
     */
    struct http_refusal (*enter)(struct http_exchange *exchange);
    int64_t request_ms; /* 0: the limits above */
    int64_t idle_ms;
    int64_t drain_ms;
    size_t connections_max;
};

int http_server_open(const struct http_options *options, struct http_server **out,
                     struct error *err) __attribute__((warn_unused_result));

/*
 * Can other machines reach it: is it well-formed, and not a loopback address?  What is
 * malformed http_server_open() will say.
 */
bool http_address_is_open(const char *text);

/* "127.0.0.1:41873" of the i-th listener, with the port that was picked. */
const char *http_server_address(const struct http_server *server, size_t i);

/* Serve until http_server_stop(); then drain: finish what is open, close, return. */
void http_server_run(struct http_server *server);

/* From any thread or a signal handler.  The second call cuts the drain short. */
void http_server_stop(struct http_server *server);
void http_server_close(struct http_server *server); /* takes NULL */

#endif
