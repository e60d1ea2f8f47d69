/*
 * reply.c - heads, whole replies and streams, as segments on their exchange.
 *
 * Nothing here touches a socket: a reply is put together, the connection is
 * marked, and output.c sends it when its turn comes.  A head and a small body
 * are written into one run on the arena; a large body is sent from where it
 * lies.  A stream fills blocks, each of which leaves as one chunk.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/metrics.h"
#include "gateway/http/status.h"
#include "gateway/http/worker.h"

#define CHUNK_HEAD_BYTES 6 /* four digits and CRLF; leading zeros are allowed */
#define CHUNK_TAIL_BYTES 2
#define DIGITS_MAX       20
#define HEAD_FIXED_BYTES 256 /* all of a head but its variable parts */

static const char text_continue[] = "HTTP/1.1 100 Continue\r\n\r\n";
static const char text_last_chunk[] = "0\r\n\r\n";

static void
segment_add(struct exchange *exchange, struct segment *segment, const char *data, size_t len)
{
    *segment = (struct segment){.data = data, .len = len};
    *exchange->out_end = segment;
    exchange->out_end = &segment->next;
}

/* Count bytes that wait to be sent; blocks are counted while they fill. */
static void
unsent_add(struct exchange *exchange, size_t len)
{
    exchange->unsent += len;
    exchange->connection->backlog += len;
}

static void
block_release(struct exchange *exchange, struct stream_block *block)
{
    struct http_worker *worker = exchange->connection->worker;

    if (worker->spare_block_count == HTTP_SPARE_BLOCKS) {
        free(block);
        return;
    }
    block->spare = worker->spare_blocks;
    worker->spare_blocks = block;
    worker->spare_block_count++;
}

static struct stream_block *
block_take(struct exchange *exchange)
{
    struct http_worker *worker = exchange->connection->worker;
    struct stream_block *block = worker->spare_blocks;

    if (block) {
        worker->spare_blocks = block->spare;
        worker->spare_block_count--;
    } else {
        block = malloc(sizeof(*block));
        if (!block)
            abort();
    }
    block->used = exchange->chunked ? CHUNK_HEAD_BYTES : 0;
    return block;
}

static void
segment_release(struct exchange *exchange, struct segment *segment)
{
    if (segment != &exchange->interim && segment != &exchange->first &&
        segment != &exchange->second)
        block_release(exchange, (struct stream_block *)segment);
}

void
reply_consume(struct exchange *exchange, size_t n)
{
    exchange->unsent -= n;
    exchange->connection->backlog -= n;
    while (n > 0) {
        struct segment *segment = exchange->out;

        if (n < segment->len) {
            segment->data += n;
            segment->len -= n;
            return;
        }
        n -= segment->len;
        exchange->out = segment->next;
        if (!exchange->out)
            exchange->out_end = &exchange->out;
        segment_release(exchange, segment);
    }
}

void
reply_discard(struct exchange *exchange)
{
    exchange->connection->backlog -= exchange->unsent;
    exchange->unsent = 0;
    while (exchange->out) {
        struct segment *segment = exchange->out;

        exchange->out = segment->next;
        segment_release(exchange, segment);
    }
    exchange->out_end = &exchange->out;
    if (exchange->filling)
        block_release(exchange, exchange->filling);
    exchange->filling = NULL;
}

/*
 * The reply is copied aside and back, so that the arena keeps its small first
 * chunk, and not one of the reply's size, when it is used again.
 */
void
reply_shrink(struct exchange *exchange)
{
    size_t len = exchange->unsent, at = 0;
    char *copy;

    if (exchange->streaming || len == 0 ||
        arena_footprint(&exchange->arena) <= HTTP_WAITING_ARENA_MAX + len)
        return;
    copy = malloc(len);
    if (!copy)
        abort();
    for (const struct segment *segment = exchange->out; segment; segment = segment->next) {
        memcpy(copy + at, segment->data, segment->len);
        at += segment->len;
    }
    reply_discard(exchange);
    arena_reset(&exchange->arena);
    segment_add(exchange, &exchange->first,
                memcpy(arena_alloc(&exchange->arena, len), copy, len), len);
    unsent_add(exchange, len);
    free(copy);
}

void
reply_continue(struct exchange *exchange)
{
    segment_add(exchange, &exchange->interim, text_continue, sizeof(text_continue) - 1);
    unsent_add(exchange, sizeof(text_continue) - 1);
    metric_add(METRIC_HTTP_1XX_TOTAL, 1);
}

void
http_reply_header(struct http_exchange *public, const char *name, const char *value)
{
    struct exchange *exchange = exchange_of(public);

    assert(!exchange->answered);
    assert(exchange->extra_count < HTTP_REPLY_HEADERS_MAX);
    assert(value[strcspn(value, "\r\n")] == '\0'); /* or it would be a header of its own */
    exchange->extra[exchange->extra_count++] = (struct reply_header){name, value};
}

static char *
put(char *at, const char *text, size_t len)
{
    memcpy(at, text, len);
    return at + len;
}

#define PUT(at, literal) put(at, literal, sizeof(literal) - 1)

static char *
put_number(char *at, size_t value)
{
    char digits[DIGITS_MAX];
    size_t i = sizeof(digits);

    do
        digits[--i] = (char)('0' + value % 10);
    while (value /= 10);
    return put(at, digits + i, sizeof(digits) - i);
}

static char *
put_field(char *at, const char *name, size_t name_len, const char *value)
{
    at = put(at, name, name_len);
    at = PUT(at, ": ");
    at = put(at, value, strlen(value));
    return PUT(at, "\r\n");
}

static size_t
head_bound(const struct exchange *exchange, const struct status *status, const char *type)
{
    size_t bytes = HEAD_FIXED_BYTES + status->line_len + (type ? strlen(type) : 0);

    for (size_t i = 0; i < exchange->extra_count; i++)
        bytes += strlen(exchange->extra[i].name) + strlen(exchange->extra[i].value) + 4;
    return bytes;
}

/* Status line, Date, type, the handler's headers, Connection: all but the body's framing. */
static char *
put_head(char *at, const struct exchange *exchange, const struct status *status,
         const char *type)
{
    const struct http_worker *worker = exchange->connection->worker;

    at = put(at, status->line, status->line_len);
    at = put(at, worker->date, HTTP_DATE_SIZE - 1);
    if (type)
        at = put_field(at, "Content-Type", 12, type);
    for (size_t i = 0; i < exchange->extra_count; i++)
        at = put_field(at, exchange->extra[i].name, strlen(exchange->extra[i].name),
                       exchange->extra[i].value);
    if (!exchange->keep_alive)
        at = PUT(at, "Connection: close\r\n");
    else if (exchange->head.minor == 0)
        at = PUT(at, "Connection: keep-alive\r\n");
    return at;
}

/* What every reply begins with.  False: nobody is there to send it to. */
static bool
reply_begin(struct exchange *exchange, const struct status *status)
{
    struct connection *connection = exchange->connection;

    assert(!exchange->answered); /* H3 */
    exchange->answered = true;
    metric_add(METRIC_HTTP_1XX_TOTAL + status->code / 100 - 1, 1);
    worker_mark(connection);
    return !connection->dead && !exchange->mute;
}

void
http_reply(struct http_exchange *public, int code, const char *content_type, const char *body,
           size_t len)
{
    struct exchange *exchange = exchange_of(public);
    const struct status *status = status_find(code);
    char *head, *at;

    exchange->complete = true;
    if (!reply_begin(exchange, status))
        return;
    if (exchange->connection->receiving == exchange)
        exchange->keep_alive = false; /* the rest of its body will not be read */
    head = arena_alloc(&exchange->arena, head_bound(exchange, status, content_type) +
                                             (len <= HTTP_BODY_INLINE_MAX ? len : 0));
    at = put_head(head, exchange, status, len > 0 ? content_type : NULL);
    if (!status->bodiless) {
        at = PUT(at, "Content-Length: ");
        at = put_number(at, len);
        at = PUT(at, "\r\n");
    }
    at = PUT(at, "\r\n");
    if (exchange->head_only || status->bodiless)
        len = 0;
    if (len > 0 && len <= HTTP_BODY_INLINE_MAX)
        at = put(at, body, len);
    segment_add(exchange, &exchange->first, head, (size_t)(at - head));
    unsent_add(exchange, (size_t)(at - head));
    if (len > HTTP_BODY_INLINE_MAX) {
        segment_add(exchange, &exchange->second, body, len);
        unsent_add(exchange, len);
    }
}

void
http_stream_begin(struct http_exchange *public, int code, const char *content_type)
{
    struct exchange *exchange = exchange_of(public);
    const struct status *status = status_find(code);
    char *head, *at;

    assert(!status->bodiless);
    exchange->streaming = true;
    if (!reply_begin(exchange, status))
        return;
    exchange->chunked = exchange->head.minor > 0;
    if (!exchange->chunked)
        exchange->keep_alive = false; /* the end of the connection ends the body */
    head = arena_alloc(&exchange->arena, head_bound(exchange, status, content_type));
    at = put_head(head, exchange, status, content_type);
    if (exchange->chunked)
        at = PUT(at, "Transfer-Encoding: chunked\r\n");
    at = PUT(at, "\r\n");
    segment_add(exchange, &exchange->first, head, (size_t)(at - head));
    unsent_add(exchange, (size_t)(at - head));
}

/* Is anything that a stream writes thrown away? */
static bool
stream_is_void(const struct exchange *exchange)
{
    return exchange->connection->dead || exchange->mute || exchange->head_only;
}

void
http_stream_write(struct http_exchange *public, const char *data, size_t len)
{
    struct exchange *exchange = exchange_of(public);

    assert(exchange->streaming && !exchange->complete);
    if (stream_is_void(exchange) || len == 0)
        return;
    while (len > 0) {
        size_t room, n;

        if (!exchange->filling)
            exchange->filling = block_take(exchange);
        room = HTTP_STREAM_BLOCK_BYTES - CHUNK_TAIL_BYTES - exchange->filling->used;
        n = len < room ? len : room;
        memcpy(exchange->filling->data + exchange->filling->used, data, n);
        exchange->filling->used += n;
        unsent_add(exchange, n);
        data += n;
        len -= n;
        if (n == room)
            reply_seal(exchange);
    }
    worker_mark(exchange->connection);
}

void
reply_seal(struct exchange *exchange)
{
    static const char hex[] = "0123456789abcdef";
    struct stream_block *block = exchange->filling;

    if (!block)
        return;
    exchange->filling = NULL;
    if (exchange->chunked) {
        size_t size = block->used - CHUNK_HEAD_BYTES;

        for (int i = 3; i >= 0; i--, size >>= 4)
            block->data[i] = hex[size & 15];
        memcpy(block->data + 4, "\r\n", 2);
        memcpy(block->data + block->used, "\r\n", 2);
        block->used += CHUNK_TAIL_BYTES;
        unsent_add(exchange, CHUNK_HEAD_BYTES + CHUNK_TAIL_BYTES);
    }
    segment_add(exchange, &block->segment, block->data, block->used);
}

void
http_stream_end(struct http_exchange *public)
{
    struct exchange *exchange = exchange_of(public);

    assert(exchange->streaming && !exchange->complete);
    exchange->complete = true;
    worker_mark(exchange->connection);
    if (stream_is_void(exchange))
        return;
    reply_seal(exchange);
    if (exchange->chunked) {
        segment_add(exchange, &exchange->second, text_last_chunk, sizeof(text_last_chunk) - 1);
        unsent_add(exchange, sizeof(text_last_chunk) - 1);
    }
}

size_t
http_stream_backlog(const struct http_exchange *public)
{
    return exchange_of(public)->unsent;
}

void
http_drop(struct http_exchange *public)
{
    struct exchange *exchange = exchange_of(public);

    assert(!exchange->complete);
    exchange->answered = true;
    exchange->complete = true;
    exchange->dropped = true;
    reply_discard(exchange);
    worker_mark(exchange->connection);
}

void
http_reset(struct http_exchange *public)
{
    exchange_of(public)->reset = true;
    http_drop(public);
}
