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

bool
exchange_grow_body(struct exchange *exchange, size_t capacity)
{
    struct http_server *server = exchange->connection->worker->server;
    size_t more = capacity - exchange->body_capacity;

    if (atomic_fetch_add(&server->bodies_bytes, more) + more > HTTP_BODIES_BYTES_MAX) {
        atomic_fetch_sub(&server->bodies_bytes, more);
        return false;
    }
    exchange->body = realloc(exchange->body, capacity);
    if (!exchange->body)
        abort();
    exchange->body_capacity = capacity;
    return true;
}

void
exchange_release_body(struct exchange *exchange)
{
    struct http_server *server = exchange->connection->worker->server;

    if (exchange->body_capacity == 0)
        return;
    free(exchange->body);
    atomic_fetch_sub(&server->bodies_bytes, exchange->body_capacity);
    exchange->body = NULL;
    exchange->body_len = exchange->body_capacity = 0;
}

void
exchange_free(struct exchange *exchange)
{
    struct http_worker *worker = exchange->connection->worker;

    reply_discard(exchange);
    exchange_release_body(exchange);
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
