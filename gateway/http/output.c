/*
 * output.c - replies leave, in order and as many at once as there are.
 *
 * One gathering send a round; what the socket does not take waits for it to
 * become writable.  An exchange whose reply is complete and sent is freed here.
 */
#include "gateway/http/worker.h"

#define OUTPUT_PARTS_MAX 64

/* Collect the segments whose turn it is; the count. */
static int
output_gather(const struct connection *connection, struct iovec parts[OUTPUT_PARTS_MAX])
{
    int count = 0;

    for (struct exchange *exchange = connection->first; exchange; exchange = exchange->next) {
        if (exchange->dropped)
            break;
        reply_seal(exchange);
        for (struct segment *segment = exchange->out; segment; segment = segment->next) {
            if (count == OUTPUT_PARTS_MAX)
                return count;
            parts[count].iov_base = (void *)(uintptr_t)segment->data;
            parts[count++].iov_len = segment->len;
        }
        if (!exchange->complete || !exchange->keep_alive)
            break;
    }
    return count;
}

/* The last reply has left; requests that were read behind it get none. */
static void
output_end(struct connection *connection)
{
    connection->ended = true;
    receive_stop(connection);
    for (struct exchange *exchange = connection->first; exchange; exchange = exchange->next) {
        exchange->complete |= !exchange->handed;
        exchange_abort(exchange);
    }
}

/* Free what is complete and sent, from the head of the queue. */
static void
output_finish(struct connection *connection)
{
    while (connection->first && connection->first->complete && connection->first->unsent == 0 &&
           !connection->first->dropped) {
        bool last = !connection->first->keep_alive;

        exchange_free(connection->first);
        if (last)
            output_end(connection);
    }
}

/* n bytes have left; the exchange whose stream has run empty by it, if any. */
static struct exchange *
output_consume(struct connection *connection, size_t n)
{
    struct exchange *exchange = connection->first;

    while (n > 0) {
        size_t part = n < exchange->unsent ? n : exchange->unsent;

        reply_consume(exchange, part);
        n -= part;
        if (exchange->unsent == 0 && exchange->streaming && !exchange->complete)
            return exchange;
        exchange = exchange->next;
    }
    return NULL;
}

bool
output_is_due(const struct connection *connection)
{
    const struct exchange *first = connection->first;

    return first && !first->dropped && (first->out || first->filling);
}

/* Send one gathered run.  True: all of it left, there may be more. */
static bool
output_round(struct connection *connection, struct exchange **emptied)
{
    struct iovec parts[OUTPUT_PARTS_MAX];
    int count = output_gather(connection, parts);
    size_t offered = 0;
    ssize_t sent;

    if (count == 0)
        return false;
    for (int i = 0; i < count; i++)
        offered += parts[i].iov_len;
    sent = connection->transport.ops->send(&connection->transport, parts, count);
    connection->send_wants_read = sent == TRANSPORT_WANT_READ;
    if (sent == TRANSPORT_FAILED)
        connection_kill(connection);
    if (sent <= 0)
        return false;
    connection->sent_ms = connection->worker->now_ms;
    *emptied = output_consume(connection, (size_t)sent);
    output_finish(connection);
    return (size_t)sent == offered;
}

/* What came before has left, and nothing is said of this one. */
static void
output_cut(struct connection *connection)
{
    if (connection->first->reset)
        connection->transport.ops->harden(&connection->transport);
    connection_kill(connection);
}

void
output_flush(struct connection *connection)
{
    struct exchange *emptied = NULL;

    output_finish(connection);
    while (!connection->dead && output_is_due(connection) && output_round(connection, &emptied))
        ;
    if (connection->dead)
        return;
    if (connection->first && connection->first->dropped)
        output_cut(connection);
    /*
     * Not in the loop: a handler that always has more to write, and a client
     * that always takes it, must not keep this worker from the others.
     */
    else if (emptied && emptied->public.on_drain)
        emptied->public.on_drain(&emptied->public);
}
