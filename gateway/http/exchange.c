/* exchange.c - the queue of a connection's exchanges, and the ones kept for later. */
#include "gateway/http/exchange.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/http/worker.h"

static struct exchange *
exchange_take_spare(struct http_worker *worker)
{
    struct exchange *exchange = worker->spare;

    if (exchange) {
        worker->spare = exchange->next;
        worker->spare_count--;
        return exchange;
    }
    exchange = calloc(1, sizeof(*exchange));
    if (!exchange)
        abort();
    return exchange;
}

struct exchange *
exchange_new(struct connection *connection)
{
    struct http_worker *worker = connection->worker;
    struct exchange *exchange = exchange_take_spare(worker);

    *exchange = (struct exchange){.arena = exchange->arena, .connection = connection};
    exchange->public.arena = &exchange->arena;
    exchange->public.context = worker->server->context;
    exchange->public.worker = worker;
    exchange->out_end = &exchange->out;
    *connection->last = exchange;
    connection->last = &exchange->next;
    connection->open++;
    return exchange;
}

static void
exchange_unlink(struct exchange *exchange)
{
    struct connection *connection = exchange->connection;
    struct exchange **link = &connection->first;

    while (*link != exchange)
        link = &(*link)->next;
    *link = exchange->next;
    if (!exchange->next)
        connection->last = link;
    if (connection->receiving == exchange)
        connection->receiving = NULL;
    connection->open--;
}

/* Relaxed: it is a sum, and orders nothing else. */
bool
exchange_count_body(struct exchange *exchange, size_t bytes)
{
    _Atomic size_t *all = &exchange->connection->worker->server->bodies_bytes;
    size_t more = bytes - exchange->body_counted;

    if (atomic_fetch_add_explicit(all, more, memory_order_relaxed) + more >
        HTTP_BODIES_BYTES_MAX) {
        atomic_fetch_sub_explicit(all, more, memory_order_relaxed);
        return false;
    }
    exchange->body_counted = bytes;
    return true;
}

bool
exchange_grow_body(struct exchange *exchange, size_t capacity)
{
    if (!exchange_count_body(exchange, capacity))
        return false;
    exchange->body = realloc(exchange->body, capacity);
    if (!exchange->body)
        abort();
    exchange->body_capacity = capacity;
    return true;
}

void
exchange_release_body(struct exchange *exchange)
{
    free(exchange->body);
    exchange->body = NULL;
    exchange->body_len = exchange->body_capacity = 0;
}

void
exchange_forget_body(struct exchange *exchange)
{
    _Atomic size_t *all = &exchange->connection->worker->server->bodies_bytes;

    exchange_release_body(exchange);
    if (exchange->body_counted > 0)
        atomic_fetch_sub_explicit(all, exchange->body_counted, memory_order_relaxed);
    exchange->body_counted = 0;
}

size_t
exchange_bodies_bytes(const struct http_server *server)
{
    return atomic_load_explicit(&server->bodies_bytes, memory_order_relaxed);
}

void
exchange_free(struct exchange *exchange)
{
    struct http_worker *worker = exchange->connection->worker;

    reply_discard(exchange);
    exchange_forget_body(exchange);
    exchange_unlink(exchange);
    if (worker->spare_count == HTTP_SPARE_EXCHANGES) {
        arena_release(&exchange->arena);
        free(exchange);
        return;
    }
    arena_reset(&exchange->arena);
    exchange->next = worker->spare;
    worker->spare = exchange;
    worker->spare_count++;
}

void
exchange_abort(struct exchange *exchange)
{
    exchange->mute = true;
    reply_discard(exchange);
    if (!exchange->handed || exchange->complete || exchange->aborted ||
        !exchange->public.on_abort)
        return;
    exchange->aborted = true;
    exchange->public.on_abort(&exchange->public);
}

void
exchange_stop(struct exchange *exchange)
{
    if (!exchange->handed || exchange->complete || exchange->stopped ||
        !exchange->public.on_stop)
        return;
    exchange->stopped = true;
    exchange->public.on_stop(&exchange->public);
}

void
exchange_free_spare(struct http_worker *worker)
{
    while (worker->spare) {
        struct exchange *exchange = worker->spare;

        worker->spare = exchange->next;
        arena_release(&exchange->arena);
        free(exchange);
    }
    while (worker->spare_blocks) {
        struct stream_block *block = worker->spare_blocks;

        worker->spare_blocks = block->spare;
        free(block);
    }
}

struct http_slice
http_header(const struct http_exchange *exchange, const char *name)
{
    const struct head_field *field =
        head_find(&exchange_of(exchange)->head, name, strlen(name));

    return field ? field->value : (struct http_slice){NULL, 0};
}

bool
http_wants_no_body(const struct http_exchange *exchange)
{
    return exchange_of(exchange)->head_only;
}

void
http_body_pause(struct http_exchange *exchange)
{
    exchange_of(exchange)->paused = true;
}

void
http_body_resume(struct http_exchange *exchange)
{
    exchange_of(exchange)->paused = false;
    worker_mark(exchange_of(exchange)->connection);
}
