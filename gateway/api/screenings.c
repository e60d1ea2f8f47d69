/*
 * screenings.c - names alone against the lists in force, one or many in a request.
 *
 * A name is asked for, then the worker sees to its other connections, then the next one is:
 * a hundred long names must not hold up a payment.
 */
#include <stddef.h>

#include "gateway/api/api.h"
#include "gateway/bank/screening.h"
#include "gateway/base/json.h"

#define ANSWER_BYTES_FIRST 2048

struct inquiry {
    struct http_exchange *exchange;
    struct http_task task;
    struct screening screening;
    struct payment_faults faults;
    bool gone; /* the client */
};

static void
inquiry_abort(struct http_exchange *exchange)
{
    struct inquiry *inquiry = exchange->state;

    inquiry->gone = true;
}

static void
inquiry_fail(struct inquiry *inquiry, const struct error *err)
{
    if (inquiry->faults.count > 0)
        api_fail_faults(inquiry->exchange, "screening", &inquiry->faults);
    else
        api_fail(inquiry->exchange, err);
}

static void
inquiry_go_on(struct http_task *task)
{
    struct inquiry *inquiry =
        (struct inquiry *)(void *)((char *)task - offsetof(struct inquiry, task));
    struct http_exchange *exchange = inquiry->exchange;
    struct error err = {0};

    if (inquiry->gone)
        http_problem(exchange, 503, "the client has gone");
    else if (bank_screen(api_bank(exchange), &inquiry->screening, &err) != 0)
        inquiry_fail(inquiry, &err);
    else if (inquiry->screening.done)
        http_reply(exchange, 200, API_JSON, inquiry->screening.answer.data,
                   inquiry->screening.answer.len);
    else
        http_post(exchange->worker, &inquiry->task);
}

static void
inquiry_begin(struct http_exchange *exchange, const cJSON *json)
{
    struct inquiry *inquiry = arena_zalloc(exchange->arena, sizeof(*inquiry));

    inquiry->exchange = exchange;
    inquiry->task.run = inquiry_go_on;
    inquiry->faults.arena = exchange->arena;
    inquiry->screening.faults = &inquiry->faults;
    buffer_init(&inquiry->screening.answer, exchange->arena, ANSWER_BYTES_FIRST);
    exchange->state = inquiry;
    exchange->on_abort = inquiry_abort;
    screening_read(json, &inquiry->screening.request, &inquiry->faults);
    inquiry_go_on(&inquiry->task); /* also with faults: it adds its own to them */
}

void
api_screenings_create(struct http_exchange *exchange)
{
    struct error err = {0};
    cJSON *json;

    if (exchange->query.len > 0) /* "?explain=true" must not pass for "no" */
        http_problem(exchange, 400,
                     "a screening takes no query: explain, lists and threshold are members "
                     "of its body");
    else if (json_parse_request(exchange->arena, exchange->body.data, exchange->body.len, &json,
                                &err) != 0)
        api_fail(exchange, &err);
    else
        inquiry_begin(exchange, json);
}
