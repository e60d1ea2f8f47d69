/* events.c - the live feed: what happens, as it happens, as server-sent events. */
#include <stdlib.h>
#include <string.h>

#include "gateway/api/api.h"

#define EVENT_STREAM "text/event-stream"

/* A request for the feed while it is being read. */
struct asked {
    struct http_exchange *exchange;
    struct listener *listener;
    const char *fault;
};

static bool
read_seq(const char *text, size_t len, uint64_t *seq)
{
    *seq = 0;
    if (len == 0 || len > 18)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *seq = *seq * 10 + (uint64_t)(text[i] - '0');
    }
    return true;
}

static bool
is_parameter(void *context, const char *name)
{
    struct asked *asked = context;

    if (strcmp(name, "after") == 0)
        return true;
    for (size_t i = 0; event_filter_name(i); i++)
        if (strcmp(name, event_filter_name(i)) == 0)
            return true;
    asked->fault = "the query has a parameter that is none of after, type, outcome, state, "
                   "payment, uetr, currency, debtor_country, bank";
    return false;
}

static void
read_filter(struct asked *asked, const char *name)
{
    struct arena *arena = asked->exchange->arena;
    struct error err = {0};
    bool bad = false;
    const char *value;

    for (size_t i = 0; (value = http_query_at(asked->exchange, name, i, &bad)); i++)
        if (event_filter_set(&asked->listener->filter, name, value, &err) != 0) {
            asked->fault = arena_copy(arena, err.text, strlen(err.text));
            return;
        }
    if (bad)
        asked->fault = "the query has a malformed percent escape";
}

/* The header is what a browser sends when it connects again: it is newer than the query. */
static void
read_after(struct asked *asked)
{
    struct http_slice header = http_header(asked->exchange, "last-event-id");
    bool bad = false;
    const char *after = http_query(asked->exchange, "after", &bad);

    asked->listener->cursor = UINT64_MAX;
    if (bad || (after && !read_seq(after, strlen(after), &asked->listener->cursor)))
        asked->fault = "after must be the id of an event, or 0 for all there are";
    if (header.data && !read_seq(header.data, header.len, &asked->listener->cursor))
        asked->fault = "Last-Event-ID must be the id of an event";
}

static int
read_query(struct asked *asked)
{
    if (!http_query_each(asked->exchange, is_parameter, asked) && !asked->fault)
        asked->fault = "the query is not well-formed";
    for (size_t i = 0; event_filter_name(i) && !asked->fault; i++)
        read_filter(asked, event_filter_name(i));
    if (!asked->fault)
        read_after(asked);
    return asked->fault ? -1 : 0;
}

void
api_events(struct http_exchange *exchange)
{
    struct feeds *feeds = &((struct api *)exchange->context)->feeds;
    struct listener *listener = arena_zalloc(exchange->arena, sizeof(*listener));
    struct asked asked = {exchange, listener, NULL};

    listener->exchange = exchange;
    listener->internal = !api_is_payer(exchange);
    event_filter_init(&listener->filter);
    if (read_query(&asked) != 0) {
        http_problem(exchange, 400, asked.fault);
        return;
    }
    if (!listener->internal)
        event_filter_for_payer(&listener->filter);
    if (!http_wants_no_body(exchange) && !feeds_admit(feeds)) {
        http_problem(exchange, 503, "too many listen already; ask again later");
        return;
    }
    http_reply_header(exchange, "Cache-Control", "no-store");
    http_stream_begin(exchange, 200, EVENT_STREAM);
    if (http_wants_no_body(exchange)) {
        http_stream_end(exchange);
        return;
    }
    http_stream_write(exchange, ": events\n\n", 10); /* so that the head leaves at once */
    feeds_listen(feeds, listener);
}
