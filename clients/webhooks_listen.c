/*
 * webhooks_listen.c - `yuanctl webhooks listen`: takes deliveries, checks their signatures
 * and prints them, a line each.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clients/webhooks.h"
#include "gateway/bank/signature.h"
#include "gateway/http/http.h"

#define CLOCKS_APART_S 300 /* an older or newer timestamp is not believed */

static struct http_server *serving;

struct listening {
    const struct options *options;
    struct signature_key key;
    long left; /* deliveries to take yet; 0: without end */
    bool unsigned_seen;
};

static void
on_signal(int number)
{
    (void)number;
    http_server_stop(serving);
}

static const char *
header(const struct http_exchange *exchange, const char *name)
{
    struct http_slice value = http_header(exchange, name);

    return value.data ? arena_copy(exchange->arena, value.data, value.len) : "";
}

/* "verified", or what is wrong with it. */
static const char *
judge(const struct listening *listening, const struct http_exchange *exchange)
{
    const char *timestamp = header(exchange, "webhook-timestamp");
    long apart = labs(strtol(timestamp, NULL, 10) - (long)time(NULL));
    char signature[SIGNATURE_SIZE];

    if (listening->key.len == 0)
        return "unchecked";
    signature_make(&listening->key, header(exchange, "webhook-id"), timestamp,
                   exchange->body.data, exchange->body.len, signature);
    if (strcmp(signature, header(exchange, "webhook-signature")) != 0)
        return "WRONG SIGNATURE";
    return apart > CLOCKS_APART_S ? "OLD TIMESTAMP" : "verified";
}

static void
take(struct http_exchange *exchange)
{
    struct listening *listening = exchange->context;
    const char *verdict = judge(listening, exchange);
    bool bad = verdict[0] == 'W' || verdict[0] == 'O';

    if (listening->options->values[OPTION_JSON])
        printf("%.*s\n", (int)exchange->body.len, exchange->body.data);
    else
        printf("%s %s %.*s\n", header(exchange, "webhook-id"), verdict, (int)exchange->body.len,
               exchange->body.data);
    fflush(stdout);
    listening->unsigned_seen |= bad;
    http_reply(exchange, bad ? 401 : 204, NULL, NULL, 0);
    if (listening->left > 0 && --listening->left == 0)
        http_server_stop(serving);
}

static const struct http_route routes[] = {{"POST", "/hook", HTTP_BODY_JSON, take, 0}};

static int
serve(struct listening *listening, struct error *err)
{
    const char *port = listening->options->values[OPTION_PORT];
    char address[32];
    const char *listen[] = {address};
    const struct http_options options = {
        .listen = listen,
        .listen_count = 1,
        .threads = 1,
        .routes = routes,
        .route_count = 1,
        .context = listening,
    };

    snprintf(address, sizeof(address), "127.0.0.1:%.8s", port ? port : "9000");
    if (http_server_open(&options, &serving, err) != 0)
        return -1;
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    printf("listening on http://%s/hook\n", http_server_address(serving, 0));
    fflush(stdout);
    http_server_run(serving);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    http_server_close(serving);
    return 0;
}

int
webhooks_listen(const struct options *options)
{
    const char *limit = options->values[OPTION_LIMIT], *secret;
    struct listening listening = {.options = options};
    struct arena arena = {0};
    struct error err = {0};
    int status;

    listening.left = limit ? strtol(limit, NULL, 10) : 0;
    if (limit && listening.left < 1)
        error_record(&err, ERROR_INVALID, "--limit must be a number of deliveries");
    if (err.code != ERROR_NONE ||
        webhooks_secret(options, &arena, &secret, &listening.key, &err) != 0 ||
        serve(&listening, &err) != 0)
        status = command_complain(STATUS_USAGE, &err);
    else
        status = listening.unsigned_seen ? STATUS_UNEXPECTED : STATUS_DONE;
    arena_release(&arena);
    return status;
}
