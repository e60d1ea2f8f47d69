/* stub_bank.c - every route leads to one handler, which looks in the test's table. */
#include "tests/support/stub_bank.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/test.h"

static bool
is(struct http_slice slice, const char *text)
{
    return slice.len == strlen(text) && memcmp(slice.data, text, slice.len) == 0;
}

static void
note(struct stub_bank *bank, const struct http_exchange *exchange)
{
    struct http_slice actor = http_header(exchange, "yuangate-actor");

    pthread_mutex_lock(&bank->lock);
    bank->len += (size_t)snprintf(
        bank->asked + bank->len, sizeof(bank->asked) - bank->len, "%s %.*s%s%.*s %.*s%s%.*s\n",
        exchange->route->method, (int)exchange->path.len, exchange->path.data,
        exchange->query.len ? "?" : "", (int)exchange->query.len, exchange->query.data,
        actor.data ? (int)actor.len : 1, actor.data ? actor.data : "-",
        exchange->body.len ? " " : "", (int)exchange->body.len, exchange->body.data);
    assert_true(bank->len < sizeof(bank->asked));
    pthread_mutex_unlock(&bank->lock);
}

static void
handle(struct http_exchange *exchange)
{
    struct stub_bank *bank = exchange->context;

    note(bank, exchange);
    for (size_t i = 0; i < bank->count; i++) {
        const struct stub_answer *answer = &bank->answers[i];

        if (strcmp(answer->method, exchange->route->method) == 0 &&
            is(exchange->path, answer->path)) {
            http_reply(exchange, answer->status, "application/json", answer->body,
                       strlen(answer->body));
            return;
        }
    }
    http_problem(exchange, 404, "the test says nothing of this path");
}

static const struct http_route routes[] = {
    /* clang-format off */
    { "POST", "/v1/payments",              HTTP_BODY_JSON, handle, 0 },
    { "GET",  "/v1/payments/{id}",         HTTP_BODY_NONE, handle, 0 },
    { "POST", "/v1/payments/{id}/{verb}",  HTTP_BODY_JSON, handle, 0 },
    { "GET",  "/v1/cases",                 HTTP_BODY_NONE, handle, 0 },
    { "GET",  "/v1/cases/{id}",            HTTP_BODY_NONE, handle, 0 },
    { "POST", "/v1/cases/{id}/{verb}",     HTTP_BODY_JSON, handle, 0 },
    { "GET",  "/v1/clock",                 HTTP_BODY_NONE, handle, 0 },
    { "POST", "/v1/clock",                 HTTP_BODY_JSON, handle, 0 },
    /* clang-format on */
};

static void *
serve(void *context)
{
    http_server_run(context);
    return NULL;
}

void
stub_bank_open(struct stub_bank *bank, const struct stub_answer *answers, size_t count)
{
    static const char *const listen[] = {"127.0.0.1:0"};
    const struct http_options options = {
        .listen = listen,
        .listen_count = 1,
        .threads = 1, /* asked has one writer */
        .routes = routes,
        .route_count = sizeof(routes) / sizeof(routes[0]),
        .context = bank,
    };
    struct error err = {0};

    *bank = (struct stub_bank){.answers = answers, .count = count};
    assert_int_equal(pthread_mutex_init(&bank->lock, NULL), 0);
    if (http_server_open(&options, &bank->server, &err) != 0)
        fail_msg("%s", err.text);
    bank->address = http_server_address(bank->server, 0);
    assert_int_equal(pthread_create(&bank->thread, NULL, serve, bank->server), 0);
}

void
stub_bank_close(struct stub_bank *bank)
{
    http_server_stop(bank->server);
    pthread_join(bank->thread, NULL);
    http_server_close(bank->server);
    pthread_mutex_destroy(&bank->lock);
}

const char *
stub_bank_asked(struct stub_bank *bank)
{
    pthread_mutex_lock(&bank->lock); /* whoever wrote it has let go */
    pthread_mutex_unlock(&bank->lock);
    return bank->asked;
}

void
stub_bank_forget(struct stub_bank *bank)
{
    pthread_mutex_lock(&bank->lock);
    bank->len = 0;
    bank->asked[0] = '\0';
    pthread_mutex_unlock(&bank->lock);
}
