/*
 * worker.h - one thread, one event loop, and what its connections share.
 *
 * Every entry into the loop's callbacks is worker_enter(), work, and
 * worker_settle().  What happens to a connection in between only marks it;
 * settling sends what is due, goes on reading where there is room again, and
 * frees what has ended.  So no callee ever frees what its caller holds.
 *
 *   W1  all of a worker but tasks and the eventfd is touched by its thread alone.
 *   W2  a connection on the list of marked ones is never freed.
 *   W3  no clock, timer or allocator call is made for a warm request: time is
 *       read once a callback, deadlines are swept, exchanges are kept.
 */
#ifndef GATEWAY_HTTP_WORKER_H
#define GATEWAY_HTTP_WORKER_H

#include <event2/event.h>
#include <event2/event_struct.h>
#include <pthread.h>
#include <stdatomic.h>

#include "gateway/http/connection.h"
#include "gateway/http/exchange.h"
#include "gateway/http/router.h"

#define HTTP_INPUT_BYTES  HTTP_PIECE_MAX /* one recv; shared by a worker's connections */
#define HTTP_ACCEPT_BURST 64             /* connections accepted before others get a turn */
#define HTTP_SWEEP_MS_MAX 250
#define HTTP_SWEEP_MS_MIN 5
#define HTTP_DATE_SIZE    38 /* "Date: Mon, 15 Apr 2024 09:00:00 GMT\r\n" and a NUL */
#define HTTP_ADDRESS_SIZE 64
#define HTTP_THREADS_MAX  256

struct listener {
    struct http_worker *worker;
    int fd;
    bool listening; /* false while descriptors have run out */
    struct event readable;
};

struct timer {
    struct http_worker *worker;
    struct timer *next, **link;
    struct http_task *task;
    struct event event;
};

struct http_worker {
    struct http_server *server;
    pthread_t thread;
    struct event_base *base;
    struct listener *listeners; /* one an address */
    struct event sweep;

    int wake_fd; /* eventfd; edge-triggered, never read */
    struct event wake;
    _Atomic(struct http_task *) tasks; /* newest first */

    struct connection *connections;
    struct connection *marked;
    struct timer *timers;
    struct exchange *spare;
    size_t spare_count;
    struct stream_block *spare_blocks;
    size_t spare_block_count;

    int64_t now_ms; /* monotonic, a few ms coarse */
    int64_t date_second;
    char date[HTTP_DATE_SIZE];

    bool draining;
    int64_t drain_until_ms;
    char input[HTTP_INPUT_BYTES];
};

struct http_server {
    struct router router;
    void *context;
    struct http_refusal (*enter)(struct http_exchange *exchange); /* NULL: all may */
    const struct transport_ops *transport;
    int64_t request_ms, idle_ms, drain_ms;
    size_t connections_max;

    _Atomic size_t connections;
    _Atomic size_t bodies_bytes; /* of JSON bodies whose exchanges are open (E4) */
    _Atomic int stops;           /* calls of http_server_stop() */

    size_t address_count;
    char (*addresses)[HTTP_ADDRESS_SIZE];
    int worker_count;
    struct http_worker *workers;
};

int worker_open(struct http_worker *worker, struct http_server *server, struct error *err)
    __attribute__((warn_unused_result));

/* Take over listening descriptors, one an address, and accept from them. */
void worker_listen(struct http_worker *worker, const int *fds);

void worker_run(struct http_worker *worker);
void worker_wake(struct http_worker *worker); /* any thread, signal handlers too */
void worker_close(struct http_worker *worker);

void worker_mark(struct connection *connection);
void worker_enter(struct http_worker *worker);
void worker_settle(struct http_worker *worker);

#endif
