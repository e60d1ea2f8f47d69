/*
 * exchange.h - one request and the reply it gets, as http/ sees them.
 *
 * Exchanges of a connection form a queue in the order of the requests.  What
 * a reply has to send hangs on its exchange as segments; only the exchange at
 * the head of the queue is sent from (H2).
 *
 *   E1  answered is set by http_reply(), http_stream_begin() or http_drop(),
 *       complete once nothing more will be added.  Neither is ever taken back.
 *   E2  an exchange is freed when it is complete and all is sent or the
 *       connection is dead; never inside a handler's call.
 *   E3  a mute exchange takes its handler's reply and sends none of it.
 *   E4  a JSON body that a handler has seen counts against
 *       HTTP_BODIES_BYTES_MAX until its exchange is freed: handlers keep copies.
 *   E5  head and arena are a handler's until complete; then, while the reply
 *       waits behind others, only the reply is kept of them.
 */
#ifndef GATEWAY_HTTP_EXCHANGE_H
#define GATEWAY_HTTP_EXCHANGE_H

#include "gateway/http/head.h"

#define HTTP_REPLY_HEADERS_MAX  8
#define HTTP_SPARE_EXCHANGES    128   /* kept warm by each worker */
#define HTTP_SPARE_BLOCKS       16    /* the same for the blocks of streams */
#define HTTP_BODY_INLINE_MAX    4096  /* a body up to this is copied behind its head */
#define HTTP_WAITING_ARENA_MAX  65536 /* kept beside a reply that waits for its turn */
#define HTTP_STREAM_BLOCK_BYTES 16384 /* of a streamed reply, sent as one chunk */

struct connection;
struct http_server;
struct http_worker;

/* A run of bytes to send. */
struct segment {
    struct segment *next;
    const char *data;
    size_t len;
};

struct stream_block {
    struct segment segment; /* first: a segment that is no exchange's own is a block */
    struct stream_block *spare;
    size_t used;
    char data[HTTP_STREAM_BLOCK_BYTES];
};

struct reply_header {
    const char *name;
    const char *value;
};

struct exchange {
    struct http_exchange public; /* first: a handler's pointer is also ours */
    struct arena arena;
    struct connection *connection;
    struct exchange *next; /* in the queue, or among the worker's spare ones */
    struct head head;      /* its slices are void once complete (E5) */

    char *body; /* malloc: a JSON body that did not come in one piece */
    size_t body_len;
    size_t body_capacity;
    size_t body_counted; /* of the server's bodies_bytes */

    struct segment *out; /* oldest first */
    struct segment **out_end;
    size_t unsent; /* bytes in out and filling */
    struct segment interim, first, second;
    struct stream_block *filling; /* of a stream; not in out yet */
    struct reply_header extra[HTTP_REPLY_HEADERS_MAX];
    size_t extra_count;

    bool head_only; /* HEAD */
    bool keep_alive;
    bool handed; /* to the handler: its reply is due (H3) */
    bool answered;
    bool complete;
    bool streaming;
    bool chunked;
    bool mute;
    bool dropped; /* when its turn comes, the connection is cut */
    bool reset;   /* and the client told so by a reset */
    bool paused;  /* http_body_pause() */
    bool aborted; /* on_abort was called */
    bool stopped; /* on_stop was called */
};

static inline struct exchange *
exchange_of(const struct http_exchange *public)
{
    return (struct exchange *)(uintptr_t) public;
}

/* A new one at the end of the connection's queue. */
struct exchange *exchange_new(struct connection *connection);

/* Take it out of the queue and give it and its arena back to the worker. */
void exchange_free(struct exchange *exchange);

/* Count its body as so many bytes (E4).  False: all bodies together would be too many. */
bool exchange_count_body(struct exchange *exchange, size_t bytes)
    __attribute__((warn_unused_result));

/* Count and make room for the collected body. */
bool exchange_grow_body(struct exchange *exchange, size_t capacity)
    __attribute__((warn_unused_result));

/* Free what was collected; it stays counted. */
void exchange_release_body(struct exchange *exchange);

/* The same, and count it no more: no handler has a copy. */
void exchange_forget_body(struct exchange *exchange);

/* What is counted now, of all workers; from any thread. */
size_t exchange_bodies_bytes(const struct http_server *server);

/* Its reply goes nowhere from now on; tell the handler, if it asked to be told. */
void exchange_abort(struct exchange *exchange);

/* The server stops; tell the handler, if it asked to be told. */
void exchange_stop(struct exchange *exchange);

/* Free what a worker has put by. */
void exchange_free_spare(struct http_worker *worker);

/* reply.c: send an interim 100 before the reply proper. */
void reply_continue(struct exchange *exchange);

/* reply.c: finish the block that a stream is filling, so that it can be sent. */
void reply_seal(struct exchange *exchange);

/* reply.c: n bytes of the exchange's first segments are sent. */
void reply_consume(struct exchange *exchange, size_t n);

/* reply.c: keep a finished reply and give up what else is on a large arena. */
void reply_shrink(struct exchange *exchange);

/* reply.c: forget what has not been sent, for a connection that is no more. */
void reply_discard(struct exchange *exchange);

#endif
