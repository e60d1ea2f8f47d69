/* payments.c - one payment: decide and store, read back. */
#include <stddef.h>
#include <string.h>

#include "gateway/api/api.h"
#include "gateway/api/outages.h"

#define MS_PER_SECOND 1000

/* A payment being stored.  On the exchange's arena, which waits for it. */
struct create {
    struct http_exchange *exchange;
    struct submission submission;
    struct payment payment;
    struct http_task task; /* the way back to the worker */
};

#define create_of(member, pointer)                                                             \
    ((struct create *)(void *)((char *)(pointer)-offsetof(struct create, member)))

/*
 * The Idempotency-Key, or "" without one.  RFC 9110 field values are printable,
 * so only the length is left to check.
 */
static int
read_key(struct http_exchange *exchange, const char **key)
{
    struct http_slice header = http_header(exchange, "idempotency-key");

    *key = "";
    if (!header.data)
        return 0;
    if (header.len == 0 || header.len > API_KEY_MAX) {
        http_problem(exchange, 400, "Idempotency-Key must have 1 to 255 characters");
        return -1;
    }
    *key = arena_copy(exchange->arena, header.data, header.len);
    return 0;
}

static bool
has_fault(const struct create *create, const char *name)
{
    return strcmp(create->payment.simulate.fault, name) == 0;
}

/* Is the connection cut in the place of this reply?  Stored, and the client does not know. */
static bool
create_cut(const struct create *create)
{
    bool reset = has_fault(create, "reset");

    if (create->submission.result == SUBMIT_REPLAYED || !(reset || has_fault(create, "drop")))
        return false;
    (reset ? http_reset : http_drop)(create->exchange);
    return true;
}

/* On the worker again, with the record on disk or a reason why not. */
static void
create_reply(struct http_task *task)
{
    struct create *create = create_of(task, task);
    struct http_exchange *exchange = create->exchange;
    struct submission *submission = &create->submission;
    const char *pointer, *sentence;
    int status = api_submit_status(submission, &pointer);

    if (status == 201) {
        if (create_cut(create))
            return;
        if (submission->result == SUBMIT_REPLAYED)
            http_reply_header(exchange, "Idempotent-Replayed", "true");
        http_reply_header(exchange, "Location",
                          arena_printf(exchange->arena, "/v1/payments/%s", submission->id));
        api_disclose(exchange, exchange->arena, &submission->answer, &submission->answer_len);
        http_reply(exchange, status, API_JSON, submission->answer, submission->answer_len);
        return;
    }
    sentence = api_sentence(exchange->arena, &submission->err);
    http_problem_list(exchange, status, sentence,
                      &(struct http_problem_item){pointer, sentence}, pointer[0] != '\0');
}

static void
create_done(struct submission *submission)
{
    struct create *create = create_of(submission, submission);

    create->task.run = create_reply;
    http_post(create->exchange->worker, &create->task);
}

/* A simulated outage: for good, or until its time is over.  True: a reply was made. */
static bool
create_refuse(struct http_exchange *exchange, const struct payment *payment)
{
    int64_t for_ms = payment->simulate.fault_ms, left_ms = 0;

    if (for_ms > 0) {
        left_ms = outage_left_ms(payment->uetr, for_ms, monotonic_ms());
        if (left_ms == 0)
            return false;
        http_reply_header(
            exchange, "Retry-After",
            arena_printf(exchange->arena, "%lld",
                         (long long)((left_ms + MS_PER_SECOND - 1) / MS_PER_SECOND)));
    }
    http_problem(exchange, 503, "simulated as asked: nothing was stored");
    return true;
}

/* After the simulated delay, if there was one. */
static void
create_submit(struct http_task *task)
{
    struct create *create = create_of(task, task);
    struct http_exchange *exchange = create->exchange;

    if (has_fault(create, "drop_before"))
        http_drop(exchange); /* nothing stored */
    else if (!has_fault(create, "unavailable") || !create_refuse(exchange, &create->payment))
        bank_submit(api_bank(exchange), &create->submission);
}

void
api_payments_create(struct http_exchange *exchange)
{
    struct create *create = arena_alloc(exchange->arena, sizeof(*create));
    int64_t delay_ms;
    const char *key;

    if (read_key(exchange, &key) != 0 || api_read_payment(exchange, &create->payment) != 0)
        return;
    create->exchange = exchange;
    create->submission = (struct submission){
        .arena = exchange->arena,
        .payment = &create->payment,
        .request = arena_copy(exchange->arena, exchange->body.data, exchange->body.len),
        .request_len = exchange->body.len,
        .key = key,
        .key_scope = api_key_scope(exchange, "/v1/payments"),
        .done = create_done,
    };
    create->task.run = create_submit;
    delay_ms = bank_delay_ms(api_bank(exchange), &create->payment);
    if (delay_ms > 0)
        http_after(exchange->worker, delay_ms, &create->task);
    else
        create_submit(&create->task);
}

struct get {
    struct http_exchange *exchange;
    struct lookup lookup;
    struct http_task task;
};

static void
get_reply(struct http_task *task)
{
    struct get *get = (struct get *)(void *)((char *)task - offsetof(struct get, task));
    struct http_exchange *exchange = get->exchange;
    struct lookup_row *row = get->lookup.rows;

    if (get->lookup.rc != 0) {
        api_fail(exchange, &get->lookup.err);
    } else if (get->lookup.count == 0) {
        http_problem(exchange, 404, "no payment has this id");
    } else {
        api_disclose(exchange, exchange->arena, &row->answer, &row->answer_len);
        http_reply(exchange, 200, API_JSON, row->answer, row->answer_len);
    }
}

static void
get_done(struct lookup *lookup)
{
    struct get *get = (struct get *)(void *)((char *)lookup - offsetof(struct get, lookup));

    get->task.run = get_reply;
    http_post(get->exchange->worker, &get->task);
}

void
api_payments_get(struct http_exchange *exchange)
{
    struct get *get = arena_zalloc(exchange->arena, sizeof(*get));
    struct http_slice id = exchange->params[0];

    get->exchange = exchange;
    get->lookup.arena = exchange->arena;
    get->lookup.by = LOOKUP_ID;
    get->lookup.explain = !api_is_payer(exchange); /* it explains what a payer is not told */
    get->lookup.done = get_done;
    if (!ident_parse(arena_copy(exchange->arena, id.data, id.len), &get->lookup.id)) {
        http_problem(exchange, 404, "no payment has this id");
        return;
    }
    bank_lookup(api_bank(exchange), &get->lookup);
}
