/*
 * connection.h - a client's connection from accept to close.
 *
 *   receive: HEAD -> BODY | PAST | STREAM -> HEAD ...     requests come in
 *                 -> NOTHING                              no more of them
 *
 *   HEAD, BODY and STREAM may end in NOTHING by a refusal, by the client's
 *   end, by "Connection: close" or by a drain.  Once nothing is received and
 *   every exchange is answered and sent, the connection lingers: our side is
 *   shut, what the client still sends is thrown away, so that the reply is
 *   not destroyed by a reset; at the client's end or after HTTP_LINGER_MS it
 *   is closed.  A dead connection has no socket any more and waits only for
 *   its handlers (H3).
 *
 *   C1  bytes behind the request that ends the connection are never read as
 *       another request.
 *   C2  with HTTP_PIPELINE_MAX exchanges open, more than HTTP_BACKLOG_MAX
 *       bytes unsent, or a paused body, nothing is read from the socket.
 */
#ifndef GATEWAY_HTTP_CONNECTION_H
#define GATEWAY_HTTP_CONNECTION_H

#include <event2/event.h>
#include <event2/event_struct.h>

#include "gateway/http/chunk.h"
#include "gateway/http/exchange.h"
#include "gateway/http/parse.h"
#include "gateway/http/transport.h"

#define HTTP_BACKLOG_MAX 262144 /* unsent bytes past which no request is read */
#define HTTP_LINGER_MS   2000
#define HTTP_PAST_MAX    HTTP_JSON_BODY_MAX /* of a body that nobody wants */

enum receive {
    RECEIVE_HEAD,
    RECEIVE_BODY,   /* JSON, collected */
    RECEIVE_PAST,   /* read past; receiving, if any, is handed on when it is over */
    RECEIVE_STREAM, /* NDJSON or octets, handed on as they come */
    RECEIVE_NOTHING,
};

struct connection {
    struct http_worker *worker;
    struct connection *next, **link; /* of the worker's connections */
    struct connection *next_marked;
    struct transport transport;
    struct event readable, writable;

    struct exchange *first; /* the queue, oldest first */
    struct exchange **last;
    size_t open; /* exchanges in it */
    size_t backlog;

    enum receive receive;
    struct exchange *receiving; /* whose body is arriving */
    struct head_scan scan;
    struct chunk_scan chunk;
    struct parse parse;
    bool chunked;       /* the body now arriving */
    uint64_t body_left; /* of Content-Length */
    uint64_t seen;      /* bytes of a body that is read past or handed on */
    char *held;         /* malloc: received and not used yet */
    size_t held_len;

    int64_t active_ms;  /* when bytes last came */
    int64_t sent_ms;    /* when bytes last left, or began to wait */
    int64_t request_ms; /* when the request now arriving began; 0: none is */
    int64_t linger_ms;

    bool marked;
    bool blank_skipped;
    bool peer_done; /* the client sends no more */
    bool send_wants_read, recv_wants_write;
    bool reading, writing; /* events that are added */
    bool ended;            /* the reply that says so has left: no other will */
    bool lingering;
    bool dead;
};

/* Take over an accepted socket. */
void connection_open(struct http_worker *worker, int fd);

/* Bring it up to date: read on, send, close, free (W2). */
void connection_settle(struct connection *connection);

/* No more requests; an idle one closes at once. */
void connection_drain(struct connection *connection);

/* Close it if its time is up. */
void connection_sweep(struct connection *connection);

/* Cut it: the socket goes at once, handlers finish into the void. */
void connection_kill(struct connection *connection);

/* Free it with all its exchanges, answered or not: the server is closing. */
void connection_abandon(struct connection *connection);

/* receive.c: bytes wait on the socket. */
void receive_ready(struct connection *connection);

/* receive.c: go on with the bytes that were held back. */
void receive_held(struct connection *connection);

/* receive.c: may bytes be taken as part of a request? (C2) */
bool receive_is_open(const struct connection *connection);

/* receive.c: is a request arriving, and the client's bytes what we wait for? */
bool receive_is_midway(const struct connection *connection);

/* receive.c: no more requests. */
void receive_stop(struct connection *connection);

/* receive.c: answer with a problem, in its turn, and take no more requests. */
void receive_refuse(struct connection *connection, const struct refusal *why);

/* output.c: send what can be sent. */
void output_flush(struct connection *connection);

/* output.c: is there something to send whose turn it is? */
bool output_is_due(const struct connection *connection);

#endif
