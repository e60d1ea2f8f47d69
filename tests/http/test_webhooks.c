/*
 * Webhooks over real sockets: signed, in order for a payment, tried again, given up and
 * delivered after all; a receiver that is dead slows nobody; kill -9 loses none.
 */
#include "tests/support/test.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "gateway/bank/webhooks.h"
#include "gateway/store/chain.h"
#include "gateway/store/store.h"
#include "tests/support/gateway.h"
#include "tests/support/payer.h"
#include "tests/support/receiver.h"
#include "tests/support/temp_store.h"

#define SECRET "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
#define KEY    "0123456789abcdef0123456789abcdef"
#define KILLS  50

struct fixture {
    struct temp_store store;
    char spec[128];
    struct gateway gateway;
    struct payer payer;
    struct receiver receiver;
};

static int
start(struct fixture *f)
{
    const char *const arguments[] = {
        "--clock", "manual:2024-04-17", "--store", f->spec, "--webhook-retry-ms",
        "1",       "--threads",         "2",       NULL};

    if (gateway_start(&f->gateway, arguments) != 0)
        return -1;
    payer_open(&f->payer, f->gateway.address);
    return 0;
}

static int
open_all(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    *state = f;
    if (temp_store_make(&f->store) != 0)
        return -1;
    snprintf(f->spec, sizeof(f->spec), "sqlite:%s", f->store.path);
    receiver_open(&f->receiver, NULL, f);
    return start(f);
}

static int
close_all(void **state)
{
    struct fixture *f = *state;
    int rc = f->gateway.pid ? gateway_stop(&f->gateway) : 0;

    payer_close(&f->payer);
    receiver_close(&f->receiver);
    temp_store_remove(&f->store);
    free(f);
    return rc;
}

static struct http_client_reply
ask(struct fixture *f, const char *method, const char *path, const char *body)
{
    struct http_client_reply reply;

    assert_true(http_client_request(&f->payer.client, method, path, body));
    assert_true(http_client_next(&f->payer.client, &reply));
    return reply;
}

/* Its id, on the client's arena. */
static const char *
subscribe(struct fixture *f, const char *url, const char *more)
{
    char body[512];
    struct http_client_reply reply;
    const char *id;

    snprintf(body, sizeof(body), "{\"url\":\"%s\"%s}", url, more);
    reply = ask(f, "POST", "/v1/webhooks", body);
    if (reply.status != 201)
        fail_msg("%s: %s", body, reply.body);
    id = strstr(reply.body, "\"id\":\"") + 6;
    return arena_copy(&f->payer.client.arena, id, strcspn(id, "\""));
}

static const char *
path_of(struct fixture *f, const char *id, const char *tail)
{
    return arena_printf(&f->payer.client.arena, "/v1/webhooks/%s%s", id, tail);
}

/* Wait, with a deadline, until the webhook is shown with these words. */
static bool
shows(struct fixture *f, const char *id, const char *words)
{
    for (int i = 0; i < 20000; i++) {
        if (strstr(ask(f, "GET", path_of(f, id, ""), NULL).body, words))
            return true;
        usleep(1000);
    }
    return false;
}

/* "v1," and the signature of the convention, computed by another interface of OpenSSL. */
static void
expected_signature(const struct received *received, const char *key, char out[80])
{
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *context = EVP_MAC_CTX_new(mac);
    char digest_name[] = "SHA256";
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest_name, 0),
        OSSL_PARAM_construct_end()};
    const char *const parts[] = {received->id, ".", received->timestamp, ".", received->body};
    unsigned char digest[32];
    size_t len;

    assert_int_equal(EVP_MAC_init(context, (const unsigned char *)key, strlen(key), params), 1);
    for (size_t i = 0; i < COUNT(parts); i++)
        assert_int_equal(
            EVP_MAC_update(context, (const unsigned char *)parts[i], strlen(parts[i])), 1);
    assert_int_equal(EVP_MAC_final(context, digest, &len, sizeof(digest)), 1);
    memcpy(out, "v1,", 3);
    EVP_EncodeBlock((unsigned char *)out + 3, digest, (int)len);
    EVP_MAC_CTX_free(context);
    EVP_MAC_free(mac);
}

static void
deliveries_are_signed_after_the_convention(void **state)
{
    struct fixture *f = *state;
    const struct received *received = f->receiver.list;
    char signature[80];

    subscribe(f, f->receiver.url, ",\"secret\":\"" SECRET "\"");
    for (unsigned n = 1; n <= 3; n++)
        payer_pay(&f->payer, PAYER_HELD, n);
    assert_true(receiver_wait(&f->receiver, 3));
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(strncmp(received[i].id, "evt_", 4), 0);
        assert_true(labs(strtol(received[i].timestamp, NULL, 10) - (long)time(NULL)) < 60);
        assert_true(strncmp(received[i].body, "{\"seq\":", 7) == 0);
        assert_int_equal(strtoull(received[i].body + 7, NULL, 10), received[i].seq);
        assert_non_null(strstr(received[i].body, "\"decision\":{"));
        assert_int_equal(received[i].body[strlen(received[i].body) - 1], '}');
        expected_signature(&received[i], KEY, signature);
        assert_string_equal(received[i].signature, signature);
    }
}

static void
a_secret_is_made_shown_once_and_signs(void **state)
{
    struct fixture *f = *state;
    char body[128], key[64] = {0}, signature[80];
    struct http_client_reply reply;
    const char *secret;

    snprintf(body, sizeof(body), "{\"url\":\"%s\"}", f->receiver.url);
    reply = ask(f, "POST", "/v1/webhooks", body);
    secret = strstr(reply.body, "\"secret\":\"whsec_");
    assert_non_null(secret);
    assert_int_equal(strcspn(secret + 16, "\""), 44);
    assert_int_equal(
        EVP_DecodeBlock((unsigned char *)key, (const unsigned char *)secret + 16, 44), 33);
    payer_pay(&f->payer, PAYER_HELD, 1);
    assert_true(receiver_wait(&f->receiver, 1));
    if (memchr(key, 0, 32) == NULL) { /* or it is no string for the comparison */
        key[32] = '\0';
        expected_signature(&f->receiver.list[0], key, signature);
        assert_string_equal(f->receiver.list[0].signature, signature);
    }
    reply = ask(f, "GET", "/v1/webhooks", NULL);
    assert_null(strstr(reply.body, "whsec_"));
    assert_non_null(strstr(reply.body, f->receiver.url));
}

static void
only_what_was_asked_for_is_delivered(void **state)
{
    struct fixture *f = *state;

    subscribe(f, f->receiver.url, ",\"types\":[\"payment.rejected\",\"case.\"]");
    for (unsigned n = 0; n < 9; n++)
        payer_pay(&f->payer, (enum payer_sample)(n % PAYER_SAMPLES), n);
    assert_true(receiver_wait(&f->receiver, 3));
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(payer_number(f->receiver.list[i].body) % PAYER_SAMPLES, PAYER_KIT);
    assert_int_equal(f->receiver.count, 3);
}

static void
what_makes_no_sense_is_refused(void **state)
{
    static const char *const cases[][2] = {
        {"{}", "/url"},
        {"[]", "an object"},
        {"{\"url\":1}", "/url"},
        {"{\"url\":\"nothing\"}", "/url"},
        {"{\"url\":\"ftp://127.0.0.1/\"}", "http://"},
        {"{\"url\":\"file:///etc/passwd\"}", "/url"},
        {"{\"url\":\"http://a:b@127.0.0.1/\"}", "user or password"},
        {"{\"url\":\"http://127.0.0.1/\",\"secret\":\"x\"}", "/secret"},
        {"{\"url\":\"http://127.0.0.1/\",\"secret\":\"whsec_c2hvcnQ=\"}", "/secret"},
        {"{\"url\":\"http://127.0.0.1/"
         "\",\"secret\":\"whsec_c2hvcnQ5c2hvcnQ5c2hvcnQ5c2hvcnQ5c2hv    \"}",
         "/secret"},
        {"{\"url\":\"http://127.0.0.1/"
         "\",\"secret\":\"whsec_c2hvcnQ5c2hvcnQ5====c2hvcnQ5c2hvcnQ5\"}",
         "/secret"},
        {"{\"url\":\"http://127.0.0.1/\",\"types\":[\"payment.lost\"]}", "/types"},
        {"{\"url\":\"http://127.0.0.1/\",\"types\":[]}", "/types"},
        {"{\"url\":\"http://127.0.0.1/\",\"type\":\"payment.held\"}", "/type"},
        {"{\"url\":\"http://127.0.0.1/\",\"outcome\":\"maybe\"}", "/outcome"},
        {"{\"url\":\"http://127.0.0.1/\",\"colour\":\"red\"}", "/colour"},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct http_client_reply reply = ask(f, "POST", "/v1/webhooks", cases[i][0]);

        assert_int_equal(reply.status, 422);
        if (!strstr(reply.body, cases[i][1]))
            fail_msg("%s: %s", cases[i][0], reply.body);
    }
    assert_string_equal(ask(f, "GET", "/v1/webhooks", NULL).body,
                        "{\"data\":[],\"next_cursor\":null}");
    assert_int_equal(ask(f, "GET", "/v1/webhooks/wh_1", NULL).status, 404);
    assert_int_equal(ask(f, "DELETE", "/v1/webhooks/wh_1", NULL).status, 404);
    assert_int_equal(ask(f, "GET", "/v1/webhooks?x=1", NULL).status, 400);
}

/* With simulate: each event of the payment twice under one id, also those that come later. */
static void
a_payment_may_ask_for_its_events_twice(void **state)
{
    static const char wish[] = "{\"simulate\":{\"duplicate_webhook\":true},";
    struct fixture *f = *state;
    const struct received *got = f->receiver.list;
    char body[4096];

    subscribe(f, f->receiver.url, "");
    snprintf(body, sizeof(body), "%s%s", wish, strchr(f->payer.bodies[PAYER_HELD], '{') + 1);
    assert_int_equal(ask(f, "POST", "/v1/payments", body).status, 201);
    assert_int_equal(ask(f, "POST", "/v1/clock", "{\"advance\":\"P150D\"}").status, 200);
    assert_true(receiver_wait(&f->receiver, 4)); /* payments have no order among themselves */
    payer_pay(&f->payer, PAYER_APPROVED, 7);     /* this one does not */
    assert_true(receiver_wait(&f->receiver, 5));
    for (int i = 0; i < 4; i += 2) {
        assert_string_equal(got[i].id, got[i + 1].id);
        assert_string_equal(got[i].body, got[i + 1].body);
    }
    assert_non_null(strstr(got[0].body, "\"payment.held\""));
    assert_non_null(strstr(got[2].body, "\"payment.returned\""));
    assert_int_equal(f->receiver.count, 5);
}

/* Five events a payment, as the bank writes them, behind what is stored. */
static void
store_lives(const char *path, unsigned payments)
{
    enum { EVENTS = 5 };
    struct arena arena = {0};
    struct store_entry *entries = calloc(payments * EVENTS, sizeof(*entries));
    const struct store_entry **pointers = calloc(payments * EVENTS, sizeof(*pointers));
    uint8_t chain[SHA256_BYTES];
    struct store *store;
    struct error err = {0};
    uint64_t head;

    assert_int_equal(store_sqlite.open(path, 1, &store, &err), 0);
    assert_int_equal(store->ops->head(store, &head, chain, &err), 0);
    for (unsigned i = 0; i < payments * EVENTS; i++) {
        const char *body =
            arena_printf(&arena,
                         "{\"kind\":\"event\",\"type\":\"payment.documents\","
                         "\"payment\":\"018ee7a2-f400-8ae5-a35a-%012u\","
                         "\"uetr\":\"00000000-0000-4000-8000-%012u\",\"from\":\"held\","
                         "\"outcome\":\"held\",\"state\":\"held\",\"internal\":{\"step\":%u}}",
                         i % payments, i % payments, i / payments);

        entries[i] = (struct store_entry){
            .seq = head + 1 + i, .kind = RECORD_EVENT, .body = body, .body_len = strlen(body)};
        chain_next(i ? entries[i - 1].chain : chain, entries[i].seq, body, entries[i].body_len,
                   entries[i].chain);
        pointers[i] = &entries[i];
    }
    assert_int_equal(store->ops->append(store, pointers, payments * EVENTS, &err), 0);
    store->ops->close(store);
    free((void *)pointers);
    free(entries);
    arena_release(&arena);
}

/* Each twice, and then not. */
static int
fail_twice(void *context, struct receiver *receiver, const struct received *received)
{
    static const int statuses[] = {500, 302, 200};
    size_t before = 0;

    (void)context;
    for (size_t i = 0; i < receiver->count; i++)
        before += receiver->list[i].seq == received->seq;
    return statuses[before < 2 ? before : 2];
}

static void
events_of_one_payment_come_in_order_whatever_fails(void **state)
{
    enum { PAYMENTS = 3, EVENTS = PAYMENTS * 5 }; /* fewer payments than may be open at once */
    struct fixture *f = *state;
    int64_t last[PAYMENTS];
    size_t taken = 0;

    subscribe(f, f->receiver.url, "");
    assert_int_equal(gateway_stop(&f->gateway), 0);
    payer_close(&f->payer);
    store_lives(f->store.path, PAYMENTS);
    receiver_answer(&f->receiver, fail_twice);
    assert_int_equal(start(f), 0);
    assert_true(receiver_wait_taken(&f->receiver, EVENTS));
    for (int i = 0; i < PAYMENTS; i++)
        last[i] = -1;
    for (size_t i = 0; i < f->receiver.count; i++) {
        const struct received *received = &f->receiver.list[i];
        unsigned number = payer_number(received->body);
        int64_t step = strtol(strstr(received->body, "\"step\":") + 7, NULL, 10);

        assert_int_equal(step, last[number] + 1); /* none before the one before was taken */
        if (received->status == 200) {
            last[number] = step;
            taken++;
        }
    }
    assert_int_equal(taken, EVENTS); /* none twice, while nothing is killed */
}

static int
fail_always(void *context, struct receiver *receiver, const struct received *received)
{
    (void)context, (void)receiver, (void)received;
    return 500;
}

static void
what_is_given_up_can_be_delivered_after_all(void **state)
{
    enum { EVENTS = 12 };
    struct fixture *f = *state;
    size_t attempts = 1;
    struct http_client_reply reply;
    char id[20];

    snprintf(id, sizeof(id), "%s", subscribe(f, f->receiver.url, ""));
    while (webhook_retries(attempts - 1))
        attempts++;
    receiver_answer(&f->receiver, fail_always);
    for (unsigned n = 1; n <= EVENTS; n++)
        payer_pay(&f->payer, PAYER_HELD, n);
    assert_true(shows(f, id, "\"dead_letters\":12,"));
    assert_int_equal(f->receiver.count, EVENTS * attempts);
    for (size_t i = 0; i < EVENTS * attempts; i++)
        assert_int_equal(strncmp(f->receiver.list[i].id, "evt_", 4), 0);
    reply = ask(f, "GET", path_of(f, id, "/dead-letters"), NULL);
    assert_int_equal(reply.status, 200);
    assert_non_null(strstr(reply.body, "\"attempts\":7,\"why\":\"answered 500\"}"));

    assert_int_equal(gateway_stop(&f->gateway), 0); /* they outlive it */
    payer_close(&f->payer);
    assert_int_equal(start(f), 0);
    assert_true(shows(f, id, "\"dead_letters\":12,"));
    receiver_answer(&f->receiver, NULL);
    reply = ask(f, "POST", path_of(f, id, "/redeliver"), "");
    assert_int_equal(reply.status, 202);
    assert_string_equal(reply.body, "{\"queued\":12}");
    assert_true(shows(f, id, "\"dead_letters\":0,"));
    assert_int_equal(f->receiver.taken, EVENTS);
}

static int
say_gone(void *context, struct receiver *receiver, const struct received *received)
{
    (void)context, (void)receiver, (void)received;
    return 410;
}

static void
who_says_gone_is_left_alone_until_asked_for_again(void **state)
{
    struct fixture *f = *state;
    const char *id = subscribe(f, f->receiver.url, "");

    receiver_answer(&f->receiver, say_gone);
    payer_pay(&f->payer, PAYER_HELD, 1);
    assert_true(shows(f, id, "\"state\":\"disabled\""));
    payer_pay(&f->payer, PAYER_HELD, 2);
    assert_int_equal(f->receiver.count, 1);
    receiver_answer(&f->receiver, NULL);
    assert_int_equal(ask(f, "POST", path_of(f, id, "/redeliver"), "").status, 202);
    assert_true(receiver_wait_taken(&f->receiver, 2));
}

/* How many payments of count were delivered; *again: how often one that was before. */
static size_t
delivered(struct receiver *receiver, size_t count, size_t *again)
{
    char *seen = calloc(count, 1);
    size_t once = 0;

    *again = 0;
    pthread_mutex_lock(&receiver->lock);
    for (size_t i = 0; i < receiver->count; i++) {
        char *before;

        if (receiver->list[i].status != 200)
            continue;
        before = &seen[payer_number(receiver->list[i].body)];
        once += *before == 0;
        *again += *before;
        *before = 1;
    }
    pthread_mutex_unlock(&receiver->lock);
    free(seen);
    return once;
}

static int
say_gone_at_times(void *context, struct receiver *receiver, const struct received *received)
{
    (void)context, (void)received;
    return receiver->count % 16 == 7 ? 410 : 200;
}

/* Gone while pages of the past are read: what it was not told, it is told later (W1). */
static void
who_says_gone_while_it_catches_up_loses_nothing(void **state)
{
    enum { EVENTS = 2500 };
    struct fixture *f = *state;
    size_t again;
    const char *id = subscribe(f, f->receiver.url, "");

    receiver_answer(&f->receiver, say_gone);
    payer_pay_batch(&f->payer, PAYER_KIT, 0, EVENTS - 1);
    assert_true(shows(f, id, "\"state\":\"disabled\""));
    receiver_answer(&f->receiver, say_gone_at_times);
    for (int ms = 0; ms < 60000 && delivered(&f->receiver, EVENTS, &again) != EVENTS; ms++)
        if (strstr(ask(f, "GET", path_of(f, id, ""), NULL).body, "\"state\":\"disabled\""))
            assert_int_equal(ask(f, "POST", path_of(f, id, "/redeliver"), "").status, 202);
        else
            usleep(1000);
    assert_int_equal(delivered(&f->receiver, EVENTS, &again), EVENTS);
}

static void
a_removed_webhook_is_told_nothing_more(void **state)
{
    struct fixture *f = *state;
    const char *id = subscribe(f, f->receiver.url, "");
    struct receiver other;

    receiver_open(&other, NULL, NULL);
    receiver_answer(&f->receiver, fail_always);
    payer_pay(&f->payer, PAYER_HELD, 1);
    assert_true(receiver_wait(&f->receiver, 1));
    assert_int_equal(ask(f, "DELETE", path_of(f, id, ""), NULL).status, 204);
    assert_int_equal(ask(f, "GET", path_of(f, id, ""), NULL).status, 404);
    subscribe(f, other.url, "");
    payer_pay(&f->payer, PAYER_HELD, 2);
    assert_true(receiver_wait(&other, 1));
    for (size_t i = 0; i < f->receiver.count; i++)
        assert_int_equal(payer_number(f->receiver.list[i].body), 1);
    receiver_close(&other);
}

static int
keep_silent(void *context, struct receiver *receiver, const struct received *received)
{
    (void)context, (void)receiver, (void)received;
    return RECEIVER_SILENT;
}

/* Five that never answer, five where nobody listens, and one that is well. */
static void
the_dead_slow_nobody(void **state)
{
    enum { EVENTS = 400 };
    struct fixture *f = *state;
    struct receiver silent;
    struct timespec begun, ended;

    receiver_open(&silent, keep_silent, NULL);
    for (int i = 0; i < 5; i++) {
        subscribe(f, silent.url, "");
        subscribe(f, "http://127.0.0.1:9/nobody", "");
    }
    subscribe(f, f->receiver.url, "");
    clock_gettime(CLOCK_MONOTONIC, &begun);
    for (unsigned n = 1; n <= EVENTS; n++)
        payer_pay(&f->payer, PAYER_HELD, n);
    assert_true(receiver_wait_taken(&f->receiver, EVENTS));
    clock_gettime(CLOCK_MONOTONIC, &ended);
    assert_true(ended.tv_sec - begun.tv_sec < 2 * WEBHOOK_TIMEOUT_MS / 1000);
    receiver_close(&silent);
}

/* A figure that the webhook is shown with. */
static unsigned long
shown(struct fixture *f, const char *id, const char *name)
{
    const char *body = ask(f, "GET", path_of(f, id, ""), NULL).body;
    const char *at = strstr(body, arena_printf(&f->payer.client.arena, "\"%s\":", name));

    if (!at)
        fail_msg("no %s in %s", name, body);
    return strtoul(at + strlen(name) + 3, NULL, 10);
}

/*
 * More than a queue holds: the rest is read again from the store (W4).  Nothing is lost by
 * it: each is delivered, or was given up while all failed.
 */
static void
who_falls_far_behind_catches_up(void **state)
{
    enum { STEP = 250, EVENTS = (WEBHOOK_QUEUE_MAX + 1500) / STEP * STEP };
    const size_t most = WEBHOOK_QUEUE_MAX + WEBHOOK_OPEN_MAX;
    struct fixture *f = *state;
    size_t told = 0, again;
    const char *id;

    receiver_answer(&f->receiver, fail_always);
    id = subscribe(f, f->receiver.url, "");
    for (unsigned n = 0; n < EVENTS; n += STEP)
        payer_pay_batch(&f->payer, PAYER_KIT, n, n + STEP - 1);
    for (int ms = 0; ms < 20000 && told < most; ms++) { /* who has died makes room for others */
        told = shown(f, id, "waiting");
        assert_in_range(told, 0, most);
        told += shown(f, id, "dead_letters");
        if (told < most)
            usleep(1000);
    }
    assert_true(told >= most);
    receiver_answer(&f->receiver, NULL);
    for (int ms = 0; ms < 60000 && told != EVENTS; ms++) {
        told = delivered(&f->receiver, EVENTS, &again) + shown(f, id, "dead_letters");
        if (told != EVENTS)
            usleep(1000);
    }
    assert_int_equal(told, EVENTS);
    assert_int_equal(again, 0);
}

static int
fail_some(void *context, struct receiver *receiver, const struct received *received)
{
    (void)context, (void)received;
    return receiver->count % 5 == 4 ? 503 : 200;
}

/* With a deadline. */
static bool
was_taken(struct receiver *receiver, unsigned number)
{
    bool taken = false;

    for (int ms = 0; ms < 20000 && !taken; ms++) {
        pthread_mutex_lock(&receiver->lock);
        for (size_t i = 0; i < receiver->count && !taken; i++)
            taken = receiver->list[i].status == 200 &&
                    payer_number(receiver->list[i].body) == number;
        pthread_mutex_unlock(&receiver->lock);
        if (!taken)
            usleep(1000);
    }
    return taken;
}

/* Payments and deliveries go on while it is killed; what was stored is told, each at least once. */
static void
a_kill_loses_no_delivery(void **state)
{
    enum { STEP = 40 };
    struct fixture *f = *state;
    unsigned paid = 0;

    subscribe(f, f->receiver.url, "");
    receiver_answer(&f->receiver, fail_some);
    for (int i = 0; i < KILLS; i++) {
        size_t before;

        pthread_mutex_lock(&f->receiver.lock);
        before = f->receiver.taken;
        pthread_mutex_unlock(&f->receiver.lock);
        payer_pay_batch(&f->payer, PAYER_KIT, paid, paid + STEP - 1);
        paid += STEP;
        assert_true(receiver_wait_taken(&f->receiver, before + (size_t)(i * 7 % STEP)));
        gateway_kill(&f->gateway);
        payer_close(&f->payer);
        assert_int_equal(start(f), 0);
    }
    for (unsigned n = 0; n < paid; n++)
        if (!was_taken(&f->receiver, n))
            fail_msg("payment %u was never delivered", n);
}

/* Acknowledged, and killed at once. */
static void
a_kill_loses_no_webhook(void **state)
{
    struct fixture *f = *state;
    char id[20];

    snprintf(id, sizeof(id), "%s", subscribe(f, f->receiver.url, ",\"outcome\":\"held\""));
    gateway_kill(&f->gateway);
    payer_close(&f->payer);
    assert_int_equal(start(f), 0);
    assert_true(shows(f, id, "\"outcome\":\"held\",\"state\":\"enabled\""));
    payer_pay(&f->payer, PAYER_KIT, 1);
    payer_pay(&f->payer, PAYER_HELD, 2);
    assert_true(receiver_wait(&f->receiver, 1));
    assert_int_equal(payer_number(f->receiver.list[0].body), 2);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_all, close_all)
    const struct CMUnitTest tests[] = {
        TEST(deliveries_are_signed_after_the_convention),
        TEST(a_secret_is_made_shown_once_and_signs),
        TEST(only_what_was_asked_for_is_delivered),
        TEST(a_payment_may_ask_for_its_events_twice),
        TEST(what_makes_no_sense_is_refused),
        TEST(events_of_one_payment_come_in_order_whatever_fails),
        TEST(what_is_given_up_can_be_delivered_after_all),
        TEST(who_says_gone_is_left_alone_until_asked_for_again),
        TEST(who_says_gone_while_it_catches_up_loses_nothing),
        TEST(a_removed_webhook_is_told_nothing_more),
        TEST(the_dead_slow_nobody),
        TEST(who_falls_far_behind_catches_up),
        TEST(a_kill_loses_no_delivery),
        TEST(a_kill_loses_no_webhook),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
