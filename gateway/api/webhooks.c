/* webhooks.c - addresses that are told what happens: /v1/webhooks. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/api/api.h"
#include "gateway/bank/webhooks.h"
#include "gateway/base/json.h"

struct webhook_call {
    struct http_exchange *exchange;
    struct http_task task;
    struct webhooks_request request;
};

/* By route: what is asked, and the status of a success. */
static const struct {
    const char *method, *path;
    enum webhooks_verb verb;
    int status;
} calls[] = {
    {"POST", "/v1/webhooks", WEBHOOKS_ADD, 201},
    {"GET", "/v1/webhooks", WEBHOOKS_LIST, 200},
    {"GET", "/v1/webhooks/{id}", WEBHOOKS_GET, 200},
    {"DELETE", "/v1/webhooks/{id}", WEBHOOKS_REMOVE, 204},
    {"GET", "/v1/webhooks/{id}/dead-letters", WEBHOOKS_LETTERS, 200},
    {"POST", "/v1/webhooks/{id}/redeliver", WEBHOOKS_REDELIVER, 202},
};

#define CALL_COUNT (sizeof(calls) / sizeof(calls[0]))

static size_t
call_of(const struct http_route *route)
{
    size_t i = 0;

    while (strcmp(calls[i].method, route->method) != 0 ||
           strcmp(calls[i].path, route->path) != 0)
        if (++i == CALL_COUNT)
            abort(); /* a route of ours that is not in the table */
    return i;
}

static void
call_reply(struct http_task *task)
{
    struct webhook_call *call =
        (struct webhook_call *)(void *)((char *)task - offsetof(struct webhook_call, task));
    struct webhooks_request *request = &call->request;
    struct http_exchange *exchange = call->exchange;

    if (request->rc != 0) {
        api_fail(exchange, &request->err);
        return;
    }
    if (request->made)
        http_reply_header(exchange, "Location",
                          arena_printf(exchange->arena, "/v1/webhooks/%s", request->made));
    http_reply(exchange, calls[call_of(exchange->route)].status, API_JSON, request->answer.data,
               request->answer.len);
}

/* On the webhooks' thread. */
static void
call_done(struct webhooks_request *request)
{
    struct webhook_call *call =
        (struct webhook_call *)(void *)((char *)request -
                                        offsetof(struct webhook_call, request));

    call->task.run = call_reply;
    http_post(call->exchange->worker, &call->task);
}

static bool
is_cursor(void *context, const char *name)
{
    (void)context;
    return strcmp(name, "cursor") == 0;
}

/* Of dead letters, where the page before ended; else no query. */
static int
read_query(struct webhook_call *call)
{
    bool bad = false;
    const char *cursor;

    if (call->request.verb != WEBHOOKS_LETTERS)
        return call->exchange->query.len == 0 ? 0 : -1;
    if (!http_query_each(call->exchange, is_cursor, NULL))
        return -1;
    cursor = http_query(call->exchange, "cursor", &bad);
    if (bad || (cursor && (*cursor == '\0' || strlen(cursor) > 18 ||
                           strspn(cursor, "0123456789") != strlen(cursor))))
        return -1;
    call->request.after_seq = cursor ? strtoull(cursor, NULL, 10) : 0;
    return 0;
}

/* -1: a reply has been made. */
static int
read_wish(struct webhook_call *call)
{
    struct http_exchange *exchange = call->exchange;
    struct http_problem_item item;
    struct error err = {0};
    cJSON *json;

    if (json_parse_request(exchange->arena, exchange->body.data, exchange->body.len, &json,
                           &err) != 0) {
        api_fail(exchange, &err);
        return -1;
    }
    if (webhook_wish_read(json, exchange->arena, &call->request.wish, &item.pointer, &err) == 0)
        return 0;
    item.detail = arena_copy(exchange->arena, err.text, strlen(err.text));
    http_problem_list(exchange, 422, "the webhook has 1 fault", &item, 1);
    return -1;
}

void
api_webhooks(struct http_exchange *exchange)
{
    struct webhook_call *call = arena_zalloc(exchange->arena, sizeof(*call));

    call->exchange = exchange;
    call->request.arena = exchange->arena;
    call->request.verb = calls[call_of(exchange->route)].verb;
    call->request.done = call_done;
    call->request.id =
        exchange->params[0].data
            ? arena_copy(exchange->arena, exchange->params[0].data, exchange->params[0].len)
            : "";
    if (read_query(call) != 0) {
        http_problem(exchange, 400,
                     call->request.verb == WEBHOOKS_LETTERS
                         ? "dead letters take no query but cursor, the next_cursor of a page"
                         : "webhooks take no query");
        return;
    }
    if (call->request.verb == WEBHOOKS_ADD && read_wish(call) != 0)
        return;
    webhooks_submit(bank_webhooks(api_bank(exchange)), &call->request);
}
