/*
 * http_toy.h - a server with toy routes, in a thread of the test program.
 *
 *   GET    /fixed          {"ok":true}
 *   POST   /echo           the JSON body again
 *   POST   /later          the same, from another thread's task
 *   GET    /after?ms=N     {"ok":true}, N milliseconds later
 *   GET    /held           nothing until http_toy_release(); POST of a JSON body the same
 *   GET    /waiting        bytes of the arenas behind the exchange first held; any
 *                          connection, but the server must have one thread
 *   POST   /keep?bytes=N   the first N bytes of a body that is copied onto the arena
 *   GET    /items/{id}/{part}   {"id":…,"part":…}; DELETE of the same: 204
 *   GET    /query?a=…      the value of a, or a problem
 *   GET    /large?bytes=N  N letters in one body
 *   GET    /flood?bytes=N  the same as a stream that waits for room
 *   GET    /greedy?bytes=N the same without waiting
 *   GET    /endless        one letter, and no end until the server stops
 *   POST   /lines          NDJSON: the same bytes as a stream, which pauses while
 *                          more than HTTP_TOY_BACKLOG bytes are unsent
 *   POST   /quiet-lines    NDJSON: {} when all has come
 *   POST   /refuse-lines   NDJSON: 503 at once
 *   POST   /octets, /quiet-octets   octets: as /lines and /quiet-lines
 *   POST   /ignored        a body nobody wants
 *   GET    /drop           the connection is cut
 *   GET    /busy           503 with http_problem(); /faults: 422 with two items
 */
#ifndef TESTS_SUPPORT_HTTP_TOY_H
#define TESTS_SUPPORT_HTTP_TOY_H

#include <pthread.h>
#include <stdatomic.h>

#include "gateway/http/http.h"
#include "gateway/http/transport.h"

#define HTTP_TOY_BACKLOG    65536
#define HTTP_TOY_NUMBER_MAX 100000000 /* of bytes or ms that may be asked for */

struct http_toy {
    struct http_server *server;
    const char *address;
    pthread_t thread;
    bool running;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct toy_job *jobs; /* for the other thread */
    pthread_t other;
    bool other_stops;
    struct toy_job *held;

    _Atomic int handled;      /* calls of a handler */
    _Atomic int open;         /* exchanges taken and not yet answered */
    _Atomic int aborted;      /* calls of on_abort */
    _Atomic int pieces;       /* calls of on_body */
    _Atomic size_t piece_max; /* bytes of the largest */
    _Atomic int pauses;       /* http_body_pause() */
    _Atomic size_t backlog_max;
};

/* Zero options mean the defaults of http.h; threads and limits are taken from them. */
void http_toy_open(struct http_toy *toy, const struct http_options *options);

/* The same over another transport. */
void http_toy_open_over(struct http_toy *toy, const struct http_options *options,
                        const struct transport_ops *transport);

/* Answer what /held keeps. */
void http_toy_release(struct http_toy *toy);

/* Wait, with a deadline, until the counter has the value. */
bool http_toy_wait(const _Atomic int *counter, int value);

/* Wait, with a deadline, until so many bytes of bodies are counted. */
bool http_toy_wait_bodies(const struct http_toy *toy, size_t bytes);

/* http_server_stop() and wait for http_server_run() to return. */
void http_toy_stop(struct http_toy *toy);
void http_toy_close(struct http_toy *toy);

#endif
