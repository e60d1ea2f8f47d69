/* http_toy.c - the toy routes and the thread that answers some of them. */
#include "tests/support/http_toy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gateway/http/exchange.h"

#define JSON         "application/json"
#define FLOOD_STEP   8192
#define WAIT_STEP_NS 1000000
#define WAIT_STEPS   10000

/* An exchange that is answered by a task. */
struct toy_job {
    struct http_task task; /* first: a task is its job */
    struct toy_job *next;
    struct http_exchange *exchange;
    char *body;
    size_t len;
};

static struct http_toy *
toy_of(struct http_exchange *exchange)
{
    struct http_toy *toy = exchange->context;

    return toy;
}

static void
count_handled(struct http_exchange *exchange)
{
    atomic_fetch_add(&toy_of(exchange)->handled, 1);
}

static size_t
number_asked(struct http_exchange *exchange, const char *name)
{
    bool bad = false;
    const char *text = http_query(exchange, name, &bad);
    size_t number = text ? strtoul(text, NULL, 10) : 0;

    return number < HTTP_TOY_NUMBER_MAX ? number : HTTP_TOY_NUMBER_MAX;
}

static void
handle_fixed(struct http_exchange *exchange)
{
    static const char body[] = "{\"ok\":true}";

    count_handled(exchange);
    http_reply(exchange, 200, JSON, body, sizeof(body) - 1);
}

static void
handle_echo(struct http_exchange *exchange)
{
    char *copy = arena_copy(exchange->arena, exchange->body.data, exchange->body.len);

    count_handled(exchange);
    http_reply(exchange, 200, JSON, copy, exchange->body.len);
}

static void
handle_keep(struct http_exchange *exchange)
{
    char *copy = arena_copy(exchange->arena, exchange->body.data, exchange->body.len);
    size_t asked = number_asked(exchange, "bytes");

    count_handled(exchange);
    http_reply(exchange, 200, "text/plain", copy,
               asked < exchange->body.len ? asked : exchange->body.len);
}

static void
job_run(struct http_task *task)
{
    struct toy_job *job = (struct toy_job *)task;
    struct http_exchange *exchange = job->exchange;
    char *copy = arena_copy(exchange->arena, job->body, job->len);

    atomic_fetch_sub(&toy_of(exchange)->open, 1);
    http_reply(exchange, 200, JSON, copy, job->len);
    free(job->body);
    free(job);
}

static struct toy_job *
job_new(struct http_exchange *exchange, const char *body, size_t len)
{
    struct toy_job *job = calloc(1, sizeof(*job));

    if (!job || !(job->body = malloc(len + 1)))
        abort();
    if (len > 0) /* else there may be no body at all */
        memcpy(job->body, body, len);
    job->len = len;
    job->task.run = job_run;
    job->exchange = exchange;
    atomic_fetch_add(&toy_of(exchange)->open, 1);
    count_handled(exchange);
    return job;
}

static void
job_push(struct http_toy *toy, struct toy_job **list, struct toy_job *job)
{
    pthread_mutex_lock(&toy->lock);
    job->next = *list;
    *list = job;
    pthread_cond_broadcast(&toy->changed);
    pthread_mutex_unlock(&toy->lock);
}

static void
handle_later(struct http_exchange *exchange)
{
    job_push(toy_of(exchange), &toy_of(exchange)->jobs,
             job_new(exchange, exchange->body.data, exchange->body.len));
}

static void
handle_held(struct http_exchange *exchange)
{
    job_push(toy_of(exchange), &toy_of(exchange)->held, job_new(exchange, "{}", 2));
}

static void
handle_waiting(struct http_exchange *exchange)
{
    struct toy_job *job = toy_of(exchange)->held;
    const struct exchange *waiting = job ? exchange_of(job->exchange) : NULL;
    size_t bytes = 0;
    char *text;

    for (; waiting; waiting = waiting->next)
        bytes += arena_footprint(&waiting->arena);
    text = arena_printf(exchange->arena, "%zu", bytes);
    http_reply(exchange, 200, "text/plain", text, strlen(text));
}

static void
handle_after(struct http_exchange *exchange)
{
    struct toy_job *job = job_new(exchange, "{\"ok\":true}", 11);

    http_after(exchange->worker, (int64_t)number_asked(exchange, "ms"), &job->task);
}

static void
handle_item(struct http_exchange *exchange)
{
    struct buffer buffer;

    count_handled(exchange);
    buffer_init(&buffer, exchange->arena, 128);
    json_open(&buffer, '{');
    json_key(&buffer, "id");
    json_string_n(&buffer, exchange->params[0].data, exchange->params[0].len);
    json_key(&buffer, "part");
    json_string_n(&buffer, exchange->params[1].data, exchange->params[1].len);
    json_close(&buffer, '}');
    http_reply_header(exchange, "X-Toy", "yes");
    http_reply(exchange, 200, JSON, buffer.data, buffer.len);
}

static void
handle_delete(struct http_exchange *exchange)
{
    count_handled(exchange);
    http_reply(exchange, 204, NULL, NULL, 0);
}

static bool
name_is_a(void *context, const char *name)
{
    (void)context;
    return strcmp(name, "a") == 0;
}

static void
handle_query(struct http_exchange *exchange)
{
    bool bad = false;
    const char *value = http_query(exchange, "a", &bad);

    count_handled(exchange);
    if (bad)
        http_problem(exchange, 400, "a malformed escape");
    else if (!http_query_each(exchange, name_is_a, NULL))
        http_problem(exchange, 422, "an unknown parameter");
    else if (!value)
        http_problem(exchange, 404, "no a");
    else
        http_reply(exchange, 200, "text/plain", value, strlen(value));
}

static void
handle_large(struct http_exchange *exchange)
{
    size_t len = number_asked(exchange, "bytes");
    char *body = arena_alloc(exchange->arena, len + 1);

    count_handled(exchange);
    memset(body, 'a', len);
    http_reply(exchange, 200, "text/plain", body, len);
}

/* Write what is left of a flood, stopping for room unless it is greedy. */
static void
flood_go_on(struct http_exchange *exchange)
{
    static char letters[FLOOD_STEP];
    size_t *left = exchange->state;

    memset(letters, 'a', sizeof(letters));
    while (*left > 0) {
        size_t n = *left < sizeof(letters) ? *left : sizeof(letters);

        if (exchange->on_drain && http_stream_backlog(exchange) > HTTP_TOY_BACKLOG)
            return;
        http_stream_write(exchange, letters, n);
        *left -= n;
    }
    atomic_fetch_sub(&toy_of(exchange)->open, 1);
    http_stream_end(exchange);
}

static void
flood_abort(struct http_exchange *exchange)
{
    atomic_fetch_add(&toy_of(exchange)->aborted, 1);
    atomic_fetch_sub(&toy_of(exchange)->open, 1);
    http_stream_end(exchange);
}

static void
flood_begin(struct http_exchange *exchange)
{
    size_t *left = arena_alloc(exchange->arena, sizeof(*left));

    *left = number_asked(exchange, "bytes");
    exchange->state = left;
    atomic_fetch_add(&toy_of(exchange)->open, 1);
    count_handled(exchange);
    http_stream_begin(exchange, 200, "text/plain");
}

static void
handle_flood(struct http_exchange *exchange)
{
    flood_begin(exchange);
    exchange->on_drain = flood_go_on;
    exchange->on_abort = flood_abort;
    flood_go_on(exchange);
}

static void
handle_greedy(struct http_exchange *exchange)
{
    flood_begin(exchange);
    flood_go_on(exchange);
}

static void
endless_stop(struct http_exchange *exchange)
{
    http_stream_write(exchange, "z", 1);
    atomic_fetch_sub(&toy_of(exchange)->open, 1);
    http_stream_end(exchange);
}

static void
handle_endless(struct http_exchange *exchange)
{
    count_handled(exchange);
    http_stream_begin(exchange, 200, "text/plain");
    if (http_wants_no_body(exchange)) {
        http_stream_end(exchange);
        return;
    }
    atomic_fetch_add(&toy_of(exchange)->open, 1);
    exchange->on_stop = endless_stop;
    exchange->on_abort = flood_abort;
    http_stream_write(exchange, "a", 1);
}

static void
count_piece(struct http_toy *toy, size_t len)
{
    atomic_fetch_add(&toy->pieces, 1);
    if (len > atomic_load(&toy->piece_max))
        atomic_store(&toy->piece_max, len);
}

static void
lines_body(struct http_exchange *exchange, const char *data, size_t len, bool last)
{
    struct http_toy *toy = toy_of(exchange);
    size_t backlog;

    count_piece(toy, len);
    http_stream_write(exchange, data, len);
    backlog = http_stream_backlog(exchange);
    if (backlog > atomic_load(&toy->backlog_max))
        atomic_store(&toy->backlog_max, backlog);
    if (last) {
        atomic_fetch_sub(&toy->open, 1);
        http_stream_end(exchange);
    } else if (backlog > HTTP_TOY_BACKLOG) {
        atomic_fetch_add(&toy->pauses, 1);
        http_body_pause(exchange);
    }
}

static void
lines_drain(struct http_exchange *exchange)
{
    http_body_resume(exchange);
}

static void
handle_lines(struct http_exchange *exchange)
{
    count_handled(exchange);
    atomic_fetch_add(&toy_of(exchange)->open, 1);
    exchange->on_body = lines_body;
    exchange->on_abort = flood_abort;
    exchange->on_drain = lines_drain;
    http_stream_begin(exchange, 200, "application/x-ndjson");
}

/* Answers only at the end, so that a refusal can still take the reply's place. */
static void
quiet_body(struct http_exchange *exchange, const char *data, size_t len, bool last)
{
    (void)data;
    count_piece(toy_of(exchange), len);
    if (last)
        http_reply(exchange, 200, JSON, "{}", 2);
}

static void
quiet_abort(struct http_exchange *exchange)
{
    atomic_fetch_add(&toy_of(exchange)->aborted, 1);
    http_reply(exchange, 200, JSON, "{}", 2);
}

static void
handle_quiet_lines(struct http_exchange *exchange)
{
    count_handled(exchange);
    exchange->on_body = quiet_body;
    exchange->on_abort = quiet_abort;
}

static void
handle_busy(struct http_exchange *exchange)
{
    count_handled(exchange);
    http_problem(exchange, 503, "the toy is busy");
}

static void
handle_faults(struct http_exchange *exchange)
{
    static const struct http_problem_item items[] = {
        {"/amount", "is \"zero\""},
        {"/debtor/name", "is missing"},
    };

    count_handled(exchange);
    http_problem_list(exchange, 422, "two faults", items, 2);
}

static void
handle_drop(struct http_exchange *exchange)
{
    count_handled(exchange);
    http_drop(exchange);
}

static const struct http_route routes[] = {
    /* clang-format off */
    {"GET",    "/fixed",             HTTP_BODY_NONE,   handle_fixed, 0},
    {"POST",   "/echo",              HTTP_BODY_JSON,   handle_echo, 0},
    {"POST",   "/later",             HTTP_BODY_JSON,   handle_later, 0},
    {"GET",    "/after",             HTTP_BODY_NONE,   handle_after, 0},
    {"GET",    "/held",              HTTP_BODY_NONE,   handle_held, 0},
    {"POST",   "/held",              HTTP_BODY_JSON,   handle_held, 0},
    {"GET",    "/waiting",           HTTP_BODY_NONE,   handle_waiting, 0},
    {"POST",   "/keep",              HTTP_BODY_JSON,   handle_keep, 0},
    {"GET",    "/items/{id}/{part}", HTTP_BODY_NONE,   handle_item, 0},
    {"DELETE", "/items/{id}/{part}", HTTP_BODY_NONE,   handle_delete, 0},
    {"GET",    "/items/{id}/fixed",  HTTP_BODY_NONE,   handle_fixed, 0},
    {"GET",    "/query",             HTTP_BODY_NONE,   handle_query, 0},
    {"GET",    "/large",             HTTP_BODY_NONE,   handle_large, 0},
    {"GET",    "/flood",             HTTP_BODY_NONE,   handle_flood, 0},
    {"GET",    "/greedy",            HTTP_BODY_NONE,   handle_greedy, 0},
    {"GET",    "/endless",           HTTP_BODY_NONE,   handle_endless, 0},
    {"POST",   "/lines",             HTTP_BODY_NDJSON, handle_lines, 0},
    {"POST",   "/quiet-lines",       HTTP_BODY_NDJSON, handle_quiet_lines, 0},
    {"POST",   "/refuse-lines",      HTTP_BODY_NDJSON, handle_busy, 0},
    {"POST",   "/octets",            HTTP_BODY_OCTETS, handle_lines, 0},
    {"POST",   "/quiet-octets",      HTTP_BODY_OCTETS, handle_quiet_lines, 0},
    {"POST",   "/ignored",           HTTP_BODY_NONE,   handle_fixed, 0},
    {"GET",    "/drop",              HTTP_BODY_NONE,   handle_drop, 0},
    {"GET",    "/busy",              HTTP_BODY_NONE,   handle_busy, 0},
    {"GET",    "/faults",            HTTP_BODY_NONE,   handle_faults, 0},
    /* clang-format on */
};

/* A request that says X-Refuse is refused by its head. */
static struct http_refusal
toy_enter(struct http_exchange *exchange)
{
    if (!http_header(exchange, "x-refuse").data)
        return (struct http_refusal){0};
    http_reply_header(exchange, "WWW-Authenticate", "Toy");
    return (struct http_refusal){401, "the toy does not let you in"};
}

/* Send every waiting job back to its worker; the last one first, to disturb the order. */
static void *
other_thread(void *context)
{
    struct http_toy *toy = context;

    pthread_mutex_lock(&toy->lock);
    while (!toy->other_stops || toy->jobs) {
        struct toy_job *job = toy->jobs;

        if (!job) {
            pthread_cond_wait(&toy->changed, &toy->lock);
            continue;
        }
        toy->jobs = job->next;
        http_post(job->exchange->worker, &job->task);
    }
    pthread_mutex_unlock(&toy->lock);
    return NULL;
}

static void *
server_thread(void *context)
{
    struct http_toy *toy = context;

    http_server_run(toy->server);
    return NULL;
}

void
http_toy_open_over(struct http_toy *toy, const struct http_options *options,
                   const struct transport_ops *transport)
{
    static const char *const listen[] = {"127.0.0.1:0"};
    struct http_options all = *options;
    struct error err = {0};

    *toy = (struct http_toy){.running = true};
    pthread_mutex_init(&toy->lock, NULL);
    pthread_cond_init(&toy->changed, NULL);
    all.listen = listen;
    all.listen_count = 1;
    all.routes = routes;
    all.route_count = sizeof(routes) / sizeof(routes[0]);
    all.context = toy;
    all.enter = toy_enter;
    if (http_server_open(&all, &toy->server, &err) != 0) {
        fprintf(stderr, "toy server: %s\n", err.text);
        abort();
    }
    server_set_transport(toy->server, transport);
    toy->address = http_server_address(toy->server, 0);
    if (pthread_create(&toy->thread, NULL, server_thread, toy) != 0 ||
        pthread_create(&toy->other, NULL, other_thread, toy) != 0)
        abort();
}

void
http_toy_open(struct http_toy *toy, const struct http_options *options)
{
    http_toy_open_over(toy, options, &transport_plain);
}

void
http_toy_release(struct http_toy *toy)
{
    pthread_mutex_lock(&toy->lock);
    while (toy->held) {
        struct toy_job *job = toy->held;

        toy->held = job->next;
        job->next = toy->jobs;
        toy->jobs = job;
    }
    pthread_cond_broadcast(&toy->changed);
    pthread_mutex_unlock(&toy->lock);
}

/* What /held keeps is not answered any more. */
static void
toy_forget(struct http_toy *toy)
{
    while (toy->held) {
        struct toy_job *job = toy->held;

        toy->held = job->next;
        free(job->body);
        free(job);
    }
}

bool
http_toy_wait(const _Atomic int *counter, int value)
{
    static const struct timespec step = {.tv_nsec = WAIT_STEP_NS};

    for (int i = 0; i < WAIT_STEPS; i++) {
        if (atomic_load(counter) == value)
            return true;
        nanosleep(&step, NULL);
    }
    return false;
}

bool
http_toy_wait_bodies(const struct http_toy *toy, size_t bytes)
{
    static const struct timespec step = {.tv_nsec = WAIT_STEP_NS};

    for (int i = 0; i < WAIT_STEPS; i++) {
        if (exchange_bodies_bytes(toy->server) == bytes)
            return true;
        nanosleep(&step, NULL);
    }
    return false;
}

void
http_toy_stop(struct http_toy *toy)
{
    if (!toy->running)
        return;
    toy->running = false;
    http_server_stop(toy->server);
    pthread_join(toy->thread, NULL);
}

void
http_toy_close(struct http_toy *toy)
{
    if (toy->running)
        http_toy_release(toy);
    http_toy_stop(toy);
    pthread_mutex_lock(&toy->lock);
    toy->other_stops = true;
    pthread_cond_broadcast(&toy->changed);
    pthread_mutex_unlock(&toy->lock);
    pthread_join(toy->other, NULL);
    http_server_close(toy->server);
    toy_forget(toy); /* a drain that was cut short leaves some */
    pthread_mutex_destroy(&toy->lock);
    pthread_cond_destroy(&toy->changed);
}
