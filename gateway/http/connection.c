/*
 * connection.c - a connection's life around what it receives and sends.
 *
 * All decisions about closing are in connection_settle(), which runs after
 * anything has happened to the connection, and in connection_sweep(), which
 * runs when nothing has for too long.
 */
#include "gateway/http/connection.h"

#include <stdlib.h>

#include "gateway/base/metrics.h"
#include "gateway/http/worker.h"

/* Throw away what still comes, so that our last reply is not reset away. */
static void
connection_linger(struct connection *connection)
{
    ssize_t n = connection->transport.ops->recv(&connection->transport,
                                                connection->worker->input, HTTP_INPUT_BYTES);

    if (n == 0 || n == TRANSPORT_FAILED)
        connection_kill(connection);
}

/* Is a stream being sent that has no end of its own? */
static bool
connection_is_endless(const struct connection *connection)
{
    const struct exchange *first = connection->first;

    return first && first->streaming && !first->complete && first->public.on_stop;
}

static void
on_readable(evutil_socket_t fd, short what, void *context)
{
    struct connection *connection = context;

    (void)fd, (void)what;
    worker_enter(connection->worker);
    worker_mark(connection);
    if (connection->lingering ||
        (connection->receive == RECEIVE_NOTHING && connection_is_endless(connection)))
        connection_linger(connection);
    else if (!connection->peer_done && receive_is_open(connection))
        receive_ready(connection);
    worker_settle(connection->worker);
}

static void
on_writable(evutil_socket_t fd, short what, void *context)
{
    struct connection *connection = context;

    (void)fd, (void)what;
    worker_enter(connection->worker);
    worker_mark(connection);
    if (connection->recv_wants_write && !connection->peer_done && receive_is_open(connection))
        receive_ready(connection);
    worker_settle(connection->worker);
}

void
connection_open(struct http_worker *worker, int fd)
{
    struct connection *connection = calloc(1, sizeof(*connection));

    if (!connection)
        abort();
    connection->worker = worker;
    connection->transport = (struct transport){.ops = worker->server->transport, .fd = fd};
    connection->last = &connection->first;
    connection->active_ms = worker->now_ms;
    parse_init(&connection->parse);
    event_assign(&connection->readable, worker->base, fd, EV_READ | EV_PERSIST, on_readable,
                 connection);
    event_assign(&connection->writable, worker->base, fd, EV_WRITE | EV_PERSIST, on_writable,
                 connection);
    connection->next = worker->connections;
    connection->link = &worker->connections;
    if (connection->next)
        connection->next->link = &connection->next;
    worker->connections = connection;
    metric_add(METRIC_HTTP_CONNECTIONS, 1);
    metric_add(METRIC_HTTP_CONNECTIONS_TOTAL, 1);
    worker_mark(connection);
}

void
connection_kill(struct connection *connection)
{
    struct http_worker *worker = connection->worker;

    if (connection->dead)
        return;
    connection->dead = true;
    receive_stop(connection);
    event_del(&connection->readable);
    event_del(&connection->writable);
    connection->transport.ops->close(&connection->transport);
    free(connection->held);
    connection->held = NULL;
    connection->held_len = 0;
    atomic_fetch_sub(&worker->server->connections, 1);
    metric_add(METRIC_HTTP_CONNECTIONS, -1);
    for (struct exchange *exchange = connection->first; exchange; exchange = exchange->next)
        exchange_abort(exchange);
    worker_mark(connection);
}

static void
connection_free(struct connection *connection)
{
    *connection->link = connection->next;
    if (connection->next)
        connection->next->link = connection->link;
    free(connection);
}

/* Free what no handler holds; with nothing left, the connection itself. */
static void
connection_reap(struct connection *connection)
{
    struct exchange *exchange = connection->first, *next;

    for (; exchange; exchange = next) {
        next = exchange->next;
        if (exchange->complete || !exchange->handed)
            exchange_free(exchange);
    }
    if (connection->open == 0 && !connection->marked) /* W2 */
        connection_free(connection);
}

void
connection_abandon(struct connection *connection)
{
    connection_kill(connection);
    while (connection->first)
        exchange_free(connection->first);
    connection_free(connection);
}

/* Send, and as long as that makes room take up what was held back. */
static void
connection_advance(struct connection *connection)
{
    size_t before;

    do {
        output_flush(connection);
        before = connection->held_len;
        if (before == 0 || !receive_is_open(connection))
            return;
        receive_held(connection);
    } while (connection->held_len != before);
}

static void
event_want(struct event *event, bool *added, bool wanted)
{
    if (*added == wanted)
        return;
    *added = wanted;
    if (wanted ? event_add(event, NULL) : event_del(event))
        abort(); /* out of memory: libevent fails for no other reason here */
}

static void
connection_want(struct connection *connection)
{
    bool due = output_is_due(connection);
    bool read = connection->lingering || connection->send_wants_read ||
                connection_is_endless(connection) ||
                (!connection->peer_done && receive_is_open(connection));
    bool write = (due && !connection->send_wants_read) || connection->recv_wants_write;

    if (write && !connection->writing)
        connection->sent_ms = connection->worker->now_ms;
    event_want(&connection->readable, &connection->reading, read);
    event_want(&connection->writable, &connection->writing, write);
}

/* Is the last reply sent, or none due and no request to come? */
static bool
connection_is_over(const struct connection *connection)
{
    return connection->receive == RECEIVE_NOTHING && !connection->lingering &&
           (connection->open == 0 || connection->ended);
}

static void
connection_end(struct connection *connection)
{
    if (connection->peer_done) {
        connection_kill(connection);
        return;
    }
    connection->transport.ops->shutdown(&connection->transport);
    connection->lingering = true;
    connection->linger_ms = connection->worker->now_ms + HTTP_LINGER_MS;
}

/*
 * Replies behind one that is not made yet may wait for long.  No handler has
 * any of them in hand here, and output has not offered them to the socket.
 */
static void
connection_shrink(struct connection *connection)
{
    struct exchange *exchange = connection->first;

    while (exchange && exchange->complete)
        exchange = exchange->next;
    for (; exchange; exchange = exchange->next)
        if (exchange->complete)
            reply_shrink(exchange);
}

void
connection_settle(struct connection *connection)
{
    if (connection->peer_done && connection_is_endless(connection))
        connection_kill(connection);
    if (connection->receiving && connection->receiving->complete)
        receive_stop(connection); /* answered before its body had come: the rest is not read */
    if (!connection->dead)
        connection_advance(connection);
    connection_shrink(connection);
    if (connection->worker->draining && connection->receive == RECEIVE_HEAD &&
        connection->held_len == 0)
        receive_stop(connection);
    if (!connection->dead && connection_is_over(connection))
        connection_end(connection);
    if (connection->dead)
        connection_reap(connection);
    else
        connection_want(connection);
}

void
connection_drain(struct connection *connection)
{
    struct exchange *exchange = connection->receiving;

    if (connection->open == 0 && !receive_is_midway(connection) && !connection->lingering) {
        connection_kill(connection);
        return;
    }
    if (!exchange && !receive_is_midway(connection))
        for (exchange = connection->first; exchange && exchange->next;)
            exchange = exchange->next;
    if (exchange)
        exchange->keep_alive = false;
    for (exchange = connection->first; exchange; exchange = exchange->next)
        exchange_stop(exchange);
    worker_mark(connection);
}

void
connection_sweep(struct connection *connection)
{
    const struct http_server *server = connection->worker->server;
    int64_t now = connection->worker->now_ms;

    if (connection->dead)
        return;
    if (connection->lingering) {
        if (now >= connection->linger_ms)
            connection_kill(connection);
    } else if (connection->writing && now - connection->sent_ms >= server->idle_ms) {
        connection_kill(connection); /* it does not take its replies */
    } else if (receive_is_midway(connection)) {
        if (!receive_is_open(connection))
            connection->request_ms = now; /* it is we who make it wait */
        else if (now - connection->request_ms >= server->request_ms)
            receive_refuse(connection,
                           &(struct refusal){408, "the request did not arrive in time"});
        worker_mark(connection);
    } else if (connection->open == 0 && now - connection->active_ms >= server->idle_ms) {
        connection_kill(connection);
    }
}
