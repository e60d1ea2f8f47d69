/*
 * receive.c - bytes become requests.
 *
 * One recv a readiness goes into the worker's buffer, behind what the
 * connection held back the time before.  A head is copied onto its exchange's
 * arena, because it has to live as long as the exchange; a JSON body that is
 * whole in the buffer is handed on where it lies, else it is collected.  What
 * is left at the end, part of a head or more than may be open, is held back.
 */
#include <stdlib.h>
#include <string.h>

#include "gateway/base/metrics.h"
#include "gateway/http/admit.h"
#include "gateway/http/body.h"
#include "gateway/http/worker.h"

#define BODY_BYTES_FIRST 8192 /* of a collected body; doubled as it grows */

bool
receive_is_open(const struct connection *connection)
{
    if (connection->dead || connection->receive == RECEIVE_NOTHING ||
        connection->backlog > HTTP_BACKLOG_MAX)
        return false;
    if (connection->receive == RECEIVE_HEAD)
        return connection->open < HTTP_PIPELINE_MAX;
    return !connection->receiving || !connection->receiving->paused;
}

bool
receive_is_midway(const struct connection *connection)
{
    return connection->receive != RECEIVE_NOTHING &&
           (connection->receive != RECEIVE_HEAD || connection->held_len > 0);
}

void
receive_stop(struct connection *connection)
{
    connection->receive = RECEIVE_NOTHING;
    connection->receiving = NULL;
}

/* The request is whole: on to the next, if there may be one. */
static void
receive_next(struct connection *connection, bool keep_alive)
{
    connection->receive = keep_alive ? RECEIVE_HEAD : RECEIVE_NOTHING;
    connection->receiving = NULL;
    connection->request_ms = 0;
    connection->scan = (struct head_scan){0};
    connection->blank_skipped = false;
}

/* What becomes of the exchange whose body will not come whole; NULL, or it can be answered. */
static struct exchange *
receive_break_off(struct exchange *exchange)
{
    if (!exchange || !exchange->handed)
        return exchange;
    if (exchange->answered)
        exchange->dropped = true; /* half a reply has no other honest end */
    exchange_abort(exchange);
    return NULL;
}

void
receive_refuse(struct connection *connection, const struct refusal *why)
{
    struct exchange *exchange = connection->receiving;
    bool answered = connection->receive == RECEIVE_PAST && !exchange;

    receive_stop(connection);
    if (answered)
        return;
    if (why->status != 408 && why->status != 413 && why->status != 503)
        metric_add(METRIC_HTTP_BAD_REQUEST_TOTAL, 1);
    exchange = receive_break_off(exchange);
    if (!exchange)
        exchange = exchange_new(connection);
    exchange_forget_body(exchange);
    exchange->keep_alive = false;
    exchange->head.minor = 1; /* where the version could not be read */
    http_problem(&exchange->public, why->status, why->detail);
}

/* Hand the request to its handler. */
static void
receive_dispatch(struct connection *connection, struct exchange *exchange)
{
    receive_next(connection, exchange->keep_alive);
    exchange->handed = true;
    exchange->public.route->handle(&exchange->public);
    if (connection->worker->draining)
        exchange_stop(exchange);
    exchange->public.body = (struct http_slice){NULL, 0};
    exchange_release_body(exchange);
}

/* Answer by the head alone; the body, if it is not too long, is read past. */
static void
receive_turn_away(struct connection *connection, struct exchange *exchange,
                  const struct admission *admission)
{
    const struct head *head = &exchange->head;
    bool has_body = head->chunked || head->length > 0;

    /* A client that waits for 100 may or may not send its body now: who knows. */
    if (has_body && (head_find(head, "expect", 6) || head->length > HTTP_PAST_MAX))
        exchange->keep_alive = false;
    if (has_body && exchange->keep_alive)
        connection->receive = RECEIVE_PAST;
    else
        receive_next(connection, exchange->keep_alive);
    connection->receiving = NULL; /* it is answered before its body is in */
    if (admission->allow)
        http_reply_header(&exchange->public, "Allow", admission->allow);
    if (admission->refusal.status == 204)
        http_reply(&exchange->public, 204, NULL, NULL, 0);
    else
        http_problem(&exchange->public, admission->refusal.status, admission->refusal.detail);
}

/* An admitted request with a body to stream is its handler's from the head on. */
static void
receive_begin_stream(struct connection *connection, struct exchange *exchange, bool has_body)
{
    connection->receive = RECEIVE_STREAM;
    connection->receiving = exchange;
    exchange->handed = true;
    exchange->public.route->handle(&exchange->public);
    if (exchange->complete)
        receive_stop(connection); /* answered by its head: its body is not looked at */
    if (has_body || exchange->complete)
        return;
    receive_next(connection, exchange->keep_alive);
    if (exchange->public.on_body)
        exchange->public.on_body(&exchange->public, "", 0, true);
}

/* A head has been read and its route found: wait for the body or hand it on. */
static void
receive_admitted(struct connection *connection, struct exchange *exchange, bool wants_continue)
{
    const struct head *head = &exchange->head;
    bool has_body = head->chunked || head->length > 0;
    enum receive receive = body_kind(exchange)->receive;

    connection->receiving = exchange;
    if (wants_continue)
        reply_continue(exchange);
    if (receive == RECEIVE_STREAM)
        receive_begin_stream(connection, exchange, has_body);
    else if (!has_body)
        receive_dispatch(connection, exchange);
    else
        connection->receive = receive;
}

/* Read the whole head at data onto a new exchange.  False: it is refused. */
static bool
receive_read_head(struct connection *connection, struct exchange *exchange, const char *data,
                  size_t len, struct refusal *why)
{
    struct http_worker *worker = connection->worker;
    char *copy = arena_alloc(&exchange->arena, len);
    struct head *head = &exchange->head;

    memcpy(copy, data, len);
    if (!head_read(head, &exchange->arena, copy, len, connection->scan.lines, why))
        return false;
    if (!router_knows_method(&worker->server->router, head->method))
        return refuse(why, 501, "this method is not known here");
    if (!parse_head(&connection->parse, head, copy, len, why))
        return false;
    exchange->public.path = head->path;
    exchange->public.query = head->query;
    exchange->head_only = slice_equal(head->method, "HEAD", 4);
    exchange->keep_alive = connection->parse.keep_alive && !worker->draining;
    connection->chunked = head->chunked;
    connection->body_left = head->length;
    connection->chunk = (struct chunk_scan){0};
    connection->seen = 0;
    return true;
}

static void
receive_request(struct connection *connection, const char *data, size_t len)
{
    struct exchange *exchange = exchange_new(connection);
    struct admission admission;
    struct refusal why;

    if (!receive_read_head(connection, exchange, data, len, &why)) {
        connection->receiving = exchange;
        receive_refuse(connection, &why);
        return;
    }
    admit(exchange, &admission);
    if (admission.refusal.status != 0)
        receive_turn_away(connection, exchange, &admission);
    else
        receive_admitted(connection, exchange, admission.wants_continue);
}

/* RECEIVE_HEAD: the bytes used; 0: more are needed. */
static size_t
receive_head(struct connection *connection, const char *data, size_t len)
{
    struct refusal why;

    /* RFC 9112 section 2.2: one empty line before a request is let pass. */
    if (data[0] == '\r' && !connection->blank_skipped) {
        if (len == 1)
            return 0;
        if (data[1] == '\n') {
            connection->blank_skipped = true;
            return 2;
        }
    }
    switch (head_scan(&connection->scan, data, len, &why)) {
    case HEAD_MORE:
        return 0;
    case HEAD_REFUSED:
        receive_refuse(connection, &why);
        return len;
    case HEAD_WHOLE:
        break;
    }
    len = connection->scan.at;
    receive_request(connection, data, len);
    return len;
}

static const char receive_crowded[] = "too many requests with a body are being answered";

/* Collect a piece of a JSON body that does not come at once. */
static bool
receive_collect(struct exchange *exchange, struct http_slice piece, struct refusal *why)
{
    size_t need = exchange->body_len + piece.len, capacity = exchange->body_capacity;

    if (capacity == 0)
        capacity = BODY_BYTES_FIRST;
    while (capacity < need)
        capacity *= 2;
    if (capacity > exchange->body_capacity && !exchange_grow_body(exchange, capacity))
        return refuse(why, 503, receive_crowded);
    memcpy(exchange->body + exchange->body_len, piece.data, piece.len);
    exchange->body_len = need;
    return true;
}

/* Is the next piece more than left, or the chunk that it is of?  That is refused by its size. */
static bool
receive_overflows(const struct connection *connection, struct http_slice piece, uint64_t left)
{
    return piece.len > left ||
           (connection->chunked && connection->chunk.left > left - piece.len);
}

static bool
receive_json(struct connection *connection, struct http_slice piece, bool over,
             struct refusal *why)
{
    struct exchange *exchange = connection->receiving;
    const struct body_kind *kind = body_kind(exchange);

    if (receive_overflows(connection, piece, kind->bytes_max - exchange->body_len))
        return refuse(why, 413, kind->too_long);
    if (over && exchange->body_len == 0) {
        if (!exchange_count_body(exchange, piece.len))
            return refuse(why, 503, receive_crowded);
        exchange->public.body = piece; /* whole, where it lies */
    } else {
        if (piece.len > 0 && !receive_collect(exchange, piece, why))
            return false;
        exchange->public.body = (struct http_slice){exchange->body, exchange->body_len};
    }
    if (over)
        receive_dispatch(connection, exchange);
    return true;
}

static bool
receive_past(struct connection *connection, struct http_slice piece, bool over,
             struct refusal *why)
{
    struct exchange *exchange = connection->receiving;

    connection->seen += piece.len;
    if (connection->seen > HTTP_PAST_MAX) {
        if (exchange)
            return refuse(why, 413, body_kind(exchange)->too_long);
        receive_stop(connection); /* it has its answer already */
    } else if (over && exchange) {
        receive_dispatch(connection, exchange);
    } else if (over) {
        receive_next(connection, true);
    }
    return true;
}

static bool
receive_stream(struct connection *connection, struct http_slice piece, bool over,
               struct refusal *why)
{
    struct exchange *exchange = connection->receiving;
    const struct body_kind *kind = body_kind(exchange);

    if (receive_overflows(connection, piece, kind->bytes_max - connection->seen))
        return refuse(why, 413, kind->too_long);
    connection->seen += piece.len;
    connection->request_ms = connection->worker->now_ms; /* a stream must go on, not end */
    if (over)
        receive_next(connection, exchange->keep_alive);
    if ((piece.len > 0 || over) && exchange->public.on_body)
        exchange->public.on_body(&exchange->public, piece.len > 0 ? piece.data : "", piece.len,
                                 over);
    if (!over && exchange->complete)
        receive_stop(connection); /* answered early: the rest is not read */
    return true;
}

/* The next run of the body: how many bytes, whether they end it, or false: refused. */
static bool
receive_run(struct connection *connection, const char *data, size_t len, size_t *n, bool *over,
            struct refusal *why)
{
    if (connection->chunked) {
        enum chunk_progress progress = chunk_scan(&connection->chunk, data, len, n, why);

        *over = progress == CHUNK_END;
        if (progress == CHUNK_REFUSED)
            return false;
    } else {
        *n = connection->body_left < len ? (size_t)connection->body_left : len;
        connection->body_left -= *n;
        *over = connection->body_left == 0;
    }
    return parse_body(&connection->parse, data, *n, *over, why);
}

/* RECEIVE_BODY, _PAST and _STREAM: the bytes used, at least one. */
static size_t
receive_body(struct connection *connection, const char *data, size_t len)
{
    struct http_slice piece;
    struct refusal why;
    bool over, ok;
    size_t n;

    if (!receive_run(connection, data, len, &n, &over, &why)) {
        receive_refuse(connection, &why);
        return len;
    }
    piece = connection->parse.piece;
    if (connection->receive == RECEIVE_BODY)
        ok = receive_json(connection, piece, over, &why);
    else if (connection->receive == RECEIVE_PAST)
        ok = receive_past(connection, piece, over, &why);
    else
        ok = receive_stream(connection, piece, over, &why);
    if (!ok)
        receive_refuse(connection, &why);
    return n;
}

/* Keep what cannot be used yet; nothing, once no more requests are taken (C1). */
static void
receive_hold(struct connection *connection, const char *data, size_t len)
{
    if (connection->receive == RECEIVE_NOTHING)
        len = 0;
    if (len == 0) {
        free(connection->held);
        connection->held = NULL;
    } else {
        connection->held = realloc(connection->held, len);
        if (!connection->held)
            abort();
        memcpy(connection->held, data, len);
    }
    connection->held_len = len;
}

/* Use the first len bytes of the worker's buffer. */
static void
receive_bytes(struct connection *connection, size_t len)
{
    const char *data = connection->worker->input;
    size_t used = 0;

    while (used < len && receive_is_open(connection)) {
        size_t n = connection->receive == RECEIVE_HEAD
                       ? receive_head(connection, data + used, len - used)
                       : receive_body(connection, data + used, len - used);

        if (n == 0)
            break;
        used += n;
    }
    receive_hold(connection, data + used, len - used);
    if (!receive_is_midway(connection))
        connection->request_ms = 0;
    else if (connection->request_ms == 0)
        connection->request_ms = connection->worker->now_ms;
}

void
receive_held(struct connection *connection)
{
    size_t len = connection->held_len;

    memcpy(connection->worker->input, connection->held, len);
    receive_bytes(connection, len);
}

/* The client sends no more: what it has sent in full is still answered. */
static void
receive_end(struct connection *connection)
{
    connection->peer_done = true;
    if (receive_is_midway(connection))
        receive_refuse(connection, &(struct refusal){400, "the request broke off"});
    receive_stop(connection);
    receive_hold(connection, NULL, 0);
}

void
receive_ready(struct connection *connection)
{
    struct http_worker *worker = connection->worker;
    size_t held = connection->held_len, room = HTTP_INPUT_BYTES - held;
    ssize_t n;

    if (held > 0)
        memcpy(worker->input, connection->held, held);
    n = connection->transport.ops->recv(&connection->transport, worker->input + held, room);
    connection->recv_wants_write = n == TRANSPORT_WANT_WRITE;
    if (n == TRANSPORT_FAILED)
        connection_kill(connection);
    if (n < 0)
        return;
    connection->active_ms = worker->now_ms;
    if (n == 0)
        receive_end(connection);
    else if (connection->receive != RECEIVE_NOTHING)
        receive_bytes(connection, held + (size_t)n);
    if ((size_t)n == room && connection->reading)
        event_active(&connection->readable, EV_READ, 0); /* T2 */
}
