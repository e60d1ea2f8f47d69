/*
 * webhooks_listen.c - `yuanctl webhooks listen`: takes deliveries, checks their signatures
 * and prints them, a line each.
 */
#include <openssl/crypto.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clients/print.h"
#include "clients/webhooks.h"
#include "gateway/bank/signature.h"
#include "gateway/http/http.h"

#define CLOCKS_APART_S     300 /* an older or newer timestamp is not believed */
#define SECONDS_DIGITS_MAX 18

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

enum verdict {
    UNCHECKED, /* there is no secret */
    VERIFIED,
    WRONG_SIGNATURE,
    NO_TIMESTAMP,
    OLD_TIMESTAMP, /* or one that is to come */
};

static const struct {
    const char *text;
    bool bad;
} verdicts[] = {
    [UNCHECKED] = {"unchecked", false},
    [VERIFIED] = {"verified", false},
    [WRONG_SIGNATURE] = {"WRONG SIGNATURE", true},
    [NO_TIMESTAMP] = {"NO TIMESTAMP", true},
    [OLD_TIMESTAMP] = {"OLD TIMESTAMP", true},
};

/* Seconds since 1970 in digits alone; of so few that they and a difference of two fit. */
static enum verdict
judge_timestamp(const char *text)
{
    size_t len = strspn(text, "0123456789");
    int64_t now = (int64_t)time(NULL), told;

    if (len == 0 || len > SECONDS_DIGITS_MAX || text[len] != '\0')
        return NO_TIMESTAMP;
    told = strtoll(text, NULL, 10);
    return llabs(told - now) > CLOCKS_APART_S ? OLD_TIMESTAMP : VERIFIED;
}

/* The convention has several signatures, with blanks between, while a secret is changed. */
static bool
has_signature(const char *signatures, const char *wanted)
{
    size_t wanted_len = strlen(wanted), len;

    for (; *signatures; signatures += len + (signatures[len] == ' ')) {
        len = strcspn(signatures, " ");
        if (len == wanted_len && CRYPTO_memcmp(signatures, wanted, len) == 0)
            return true;
    }
    return false;
}

static enum verdict
judge(const struct listening *listening, const struct http_exchange *exchange)
{
    const char *timestamp = header(exchange, "webhook-timestamp");
    char signature[SIGNATURE_SIZE];

    if (listening->key.len == 0)
        return UNCHECKED;
    signature_make(&listening->key, header(exchange, "webhook-id"), timestamp,
                   exchange->body.data, exchange->body.len, signature);
    if (!has_signature(header(exchange, "webhook-signature"), signature))
        return WRONG_SIGNATURE;
    return judge_timestamp(timestamp);
}

/* Anybody on this machine can post here: what he sent reaches no terminal as it is. */
static void
print_delivery(const struct http_exchange *exchange, enum verdict verdict)
{
    print_text(stdout, header(exchange, "webhook-id"));
    printf(" %s ", verdicts[verdict].text);
    print_text_n(stdout, exchange->body.data, exchange->body.len);
    putchar('\n');
}

static void
take(struct http_exchange *exchange)
{
    struct listening *listening = exchange->context;
    enum verdict verdict = judge(listening, exchange);
    bool bad = verdicts[verdict].bad;

    if (listening->options->values[OPTION_JSON])
        printf("%.*s\n", (int)exchange->body.len, exchange->body.data);
    else
        print_delivery(exchange, verdict);
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
