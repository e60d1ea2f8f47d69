/*
 * The live feed over real sockets: nothing is missed and nothing comes twice, whoever
 * resumes when; filters; who is too slow is let go and told where to go on; a drain.
 */
#include "tests/support/test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway/api/feed.h"
#include "gateway/store/chain.h"
#include "gateway/store/store.h"
#include "tests/support/event_stream.h"
#include "tests/support/gateway.h"
#include "tests/support/payer.h"
#include "tests/support/temp_store.h"

#define HELD_ID                                                                                \
    "018ee7a2-f400-8ae5-a35a-b7bb2627a94b" /* of the payment of the written events */

struct fixture {
    struct temp_store store;
    struct gateway gateway;
    struct payer payer;
    atomic_uint seen; /* by the listener of a flow */
};

static int
open_on(void **state, const char *spec, const char *idle_ms)
{
    struct fixture *f = calloc(1, sizeof(*f));
    const char *arguments[] = {"--clock",
                               "manual:2024-04-17",
                               "--request-timeout-ms",
                               "200",
                               "--idle-timeout-ms",
                               idle_ms,
                               "--store",
                               spec,
                               NULL,
                               NULL};
    char path[128];

    *state = f;
    if (temp_store_make(&f->store) != 0)
        return -1;
    if (!spec) {
        snprintf(path, sizeof(path), "sqlite:%s", f->store.path);
        arguments[7] = path;
    }
    if (gateway_start(&f->gateway, arguments) != 0)
        return -1;
    payer_open(&f->payer, f->gateway.address);
    return 0;
}

static int
open_sqlite(void **state)
{
    return open_on(state, NULL, "60000");
}

static int
open_memory(void **state)
{
    return open_on(state, "memory", "60000");
}

static int
open_impatient(void **state)
{
    return open_on(state, "memory", "500");
}

static int
close_all(void **state)
{
    struct fixture *f = *state;
    int rc = f->gateway.pid ? gateway_stop(&f->gateway) : 0;

    payer_close(&f->payer);
    temp_store_remove(&f->store);
    free(f);
    return rc;
}

static struct http_client_reply
get(struct fixture *f, const char *path)
{
    struct http_client_reply reply;

    assert_true(http_client_get(&f->payer.client, path));
    assert_true(http_client_next(&f->payer.client, &reply));
    return reply;
}

static long
metric(struct fixture *f, const char *name)
{
    char line[96];
    const char *at;

    snprintf(line, sizeof(line), "\n%s ", name);
    at = strstr(get(f, "/metrics").body, line);
    assert_non_null(at);
    return atol(at + strlen(line));
}

/* Wait, with a deadline, until a metric has the value. */
static bool
metric_becomes(struct fixture *f, const char *name, long value)
{
    for (int i = 0; i < 4000 && metric(f, name) != value; i++)
        usleep(1000);
    return metric(f, name) == value;
}

enum { FLOW = 1500 };

static void *
pay_on(void *context)
{
    struct fixture *f = context;

    /* Not far ahead of the listener, if it goes on: it resumes near the end of what is stored. */
    for (unsigned n = 1; n <= FLOW; n++) {
        for (int i = 0; i < 10000 && n > atomic_load(&f->seen) + 1 + n * 7 % 40; i++)
            usleep(100);
        payer_pay(&f->payer, (enum payer_sample)(n % PAYER_SAMPLES), n);
    }
    return NULL;
}

/* It goes away every so often and comes again, while payments go on. */
static void
who_resumes_misses_nothing_and_sees_nothing_twice(void **state)
{
    struct fixture *f = *state;
    unsigned seen = 0, breaks = 0, stop_after = 7;
    struct event_stream stream;
    struct stream_event event;
    char last[24] = "0";
    pthread_t thread;
    uint64_t id = 0;

    assert_int_equal(pthread_create(&thread, NULL, pay_on, f), 0);
    while (seen < FLOW) {
        assert_true(event_stream_open(&stream, f->gateway.address, "/v1/events", last));
        for (unsigned i = 0; i < stop_after && seen < FLOW; i++) {
            assert_true(event_stream_next(&stream, &event));
            assert_true(event.id > id);
            assert_int_equal(payer_number(event.data), ++seen); /* in the order of payment */
            id = event.id;
            atomic_store(&f->seen, seen);
        }
        event_stream_close(&stream);
        snprintf(last, sizeof(last), "%llu", (unsigned long long)id);
        stop_after = stop_after * 7 % 61 + 1;
        breaks++;
    }
    pthread_join(thread, NULL);
    assert_true(breaks > 10);
    assert_true(metric_becomes(f, "yuangate_feed_listeners", 0)); /* gone is gone */
}

static void
an_event_says_what_the_answer_says(void **state)
{
    struct fixture *f = *state;
    struct event_stream stream;
    struct stream_event event;
    const char *decision;

    assert_true(event_stream_open(&stream, f->gateway.address, "/v1/events", NULL));
    assert_int_equal(stream.status, 200);
    payer_pay(&f->payer, PAYER_KIT, 1);
    assert_true(event_stream_next(&stream, &event));
    assert_string_equal(event.type, "payment.rejected");
    decision = strstr(event.data, ",\"decision\":{\"action\":\"reject\"");
    assert_non_null(decision);
    for (const char *const *part =
             (const char *const[]){
                 "\"type\":\"payment.rejected\",\"payment\":\"",
                 "\"uetr\":\"00000000-0000-4000-8000-000000000001\",\"at\":\"2024-04-17T",
                 "\"from\":null,\"outcome\":\"blocked\",\"state\":\"rejected\",\"iso20022\":{",
                 "\"currency\":\"CNY\",\"debtor_country\":\"RU\",\"bank\":\"HLDBCNBS\"", NULL};
         *part; part++) {
        const char *at = strstr(event.data, *part);

        assert_true(at && at < decision);
    }
    event_stream_close(&stream);
}

/* Read up to the event of the last payment there is; the numbers before it as text. */
static const char *
numbers(struct event_stream *stream, unsigned last)
{
    static char text[256];
    struct stream_event event;
    size_t len = 0;

    for (;;) {
        unsigned number;

        assert_true(event_stream_next(stream, &event));
        number = payer_number(event.data);
        if (number == last)
            break;
        len += (size_t)snprintf(text + len, sizeof(text) - len, "%u ", number);
    }
    text[len] = '\0';
    return text;
}

static void
filters_let_pass_what_they_name(void **state)
{
    /* 1 approved USD RU, 2 held USD KZ, 3 rejected CNY RU; 9, which each lets pass, is last */
    static const struct {
        const char *query;
        enum payer_sample last;
        const char *passes;
    } cases[] = {
        {"", PAYER_KIT, "1 2 3 "},
        {"&type=payment.", PAYER_KIT, "1 2 3 "},
        {"&type=payment.held", PAYER_HELD, "2 "},
        {"&type=payment.held,payment.rejected", PAYER_KIT, "2 3 "},
        {"&type=payment.held&type=payment.rejected", PAYER_KIT, "2 3 "},
        {"&outcome=approved", PAYER_APPROVED, "1 "},
        {"&outcome=blocked", PAYER_KIT, "3 "},
        {"&state=rejected", PAYER_KIT, "3 "},
        {"&state=held&outcome=held", PAYER_HELD, "2 "},
        {"&currency=USD", PAYER_HELD, "1 2 "},
        {"&debtor_country=RU", PAYER_APPROVED, "1 3 "},
        {"&debtor_country=RU&currency=CNY", PAYER_KIT, "3 "},
        {"&bank=HLDBCNBS", PAYER_APPROVED, "1 2 3 "},
        {"&bank=HLDBCNBSXXX&currency=CNY", PAYER_KIT, "3 "},
        {"&uetr=00000000-0000-4000-8000-000000000009", PAYER_KIT, ""},
    };

    for (int live = 0; live < 2; live++) {
        for (size_t i = 0; i < COUNT(cases); i++) {
            struct event_stream stream;
            struct fixture *f;
            char path[128];

            assert_int_equal(open_memory(state), 0);
            f = *state;
            snprintf(path, sizeof(path), "/v1/events?after=0%s", cases[i].query);
            if (live)
                assert_true(event_stream_open(&stream, f->gateway.address, path, NULL));
            for (unsigned n = 0; n < PAYER_SAMPLES; n++)
                payer_pay(&f->payer, (enum payer_sample)n, n + 1);
            payer_pay(&f->payer, cases[i].last, 9);
            if (!live)
                assert_true(event_stream_open(&stream, f->gateway.address, path, NULL));
            assert_string_equal(numbers(&stream, 9), cases[i].passes);
            event_stream_close(&stream);
            close_all(state);
        }
    }
}

static void
a_query_that_makes_no_sense_is_refused(void **state)
{
    static const char *const cases[][2] = {
        {"kind=payment", "after, type, outcome"},
        {"type=payment.lost", "there is no"},
        {"type=", "type must be"},
        {"type=.", "type must be"},
        {"outcome=maybe", "outcome must be"},
        {"state=lost", "state must be"},
        {"payment=1", "payment must be"},
        {"uetr=1", "uetr must be"},
        {"currency=YUAN", "currency must be"},
        {"currency=usd", "currency must be"},
        {"currency=12$", "currency must be"},
        {"currency=USD&currency=CNY", "the query has currency more than once"},
        {"type=payment.held&type=payment.lost", "there is no"},
        {"type=payment.held&type=%zz", "malformed percent escape"},
        {"debtor_country=XX", "debtor_country must be"},
        {"bank=HLDB", "bank must be"},
        {"after=-1", "after must be"},
        {"after=1234567890123456789", "after must be"},
        {"after=%zz", "after must be"},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct http_client_reply reply;
        char path[128];

        snprintf(path, sizeof(path), "/v1/events?%s", cases[i][0]);
        reply = get(f, path);
        assert_int_equal(reply.status, 400);
        if (!strstr(reply.body, cases[i][1]))
            fail_msg("%s: %s", cases[i][0], reply.body);
    }
}

/* Records as the bank writes them when a payment moves on. */
static void
store_life(const char *path)
{
    static const char *const bodies[] = {
        "{\"kind\":\"event\",\"type\":\"payment.returned\",\"payment\":\"" HELD_ID "\","
        "\"uetr\":\"00000000-0000-4000-8000-000000000002\",\"at\":\"2024-05-20T09:00:00.000+08:"
        "00\",\"from\":\"held\",\"outcome\":\"blocked\",\"state\":\"returned\",\"iso20022\":"
        "null,"
        "\"disclosed_reason\":null,\"internal\":{\"at_ms\":1,\"cause\":\"hold_ran_out\","
        "\"currency\":\"USD\",\"debtor_country\":\"KZ\",\"bank\":\"HLDBCNBS\"}}",
        "{\"kind\":\"event\",\"type\":\"case.note\",\"payment\":\"" HELD_ID "\","
        "\"uetr\":\"00000000-0000-4000-8000-000000000003\",\"at\":\"2024-05-20T09:00:00.000+08:"
        "00\",\"from\":\"held\",\"outcome\":\"held\",\"state\":\"held\",\"iso20022\":null,"
        "\"disclosed_reason\":null,\"internal\":{\"text\":\"a \\\"quoted\\\" note, ]}\"}}",
    };
    struct store_entry entries[COUNT(bodies)];
    const struct store_entry *pointers[COUNT(bodies)];
    uint8_t chain[SHA256_BYTES];
    struct store *store;
    struct error err = {0};
    uint64_t head;

    assert_int_equal(store_sqlite.open(path, 1, &store, &err), 0);
    assert_int_equal(store->ops->head(store, &head, chain, &err), 0);
    for (size_t i = 0; i < COUNT(bodies); i++) {
        entries[i] = (struct store_entry){.seq = head + 1 + i,
                                          .kind = RECORD_EVENT,
                                          .body = bodies[i],
                                          .body_len = strlen(bodies[i])};
        chain_next(i ? entries[i - 1].chain : chain, entries[i].seq, bodies[i],
                   entries[i].body_len, entries[i].chain);
        pointers[i] = &entries[i];
    }
    assert_int_equal(store->ops->append(store, pointers, COUNT(bodies), &err), 0);
    store->ops->close(store);
}

static void
what_became_of_a_payment_is_told_too(void **state)
{
    static const struct {
        const char *query, *passes;
    } cases[] = {
        {"", "2 3 "},
        {"&type=case.", "3 "},
        {"&type=payment.", "2 "},
        {"&payment=" HELD_ID, "2 3 "},
        {"&payment=" HELD_ID "&currency=USD", "2 "},
        {"&outcome=blocked", "2 "},
        {"&state=held", "3 "},
        {"&bank=HLDBCNBS", "2 "},
    };
    struct fixture *f = *state;
    struct stream_event event;
    struct event_stream stream;
    const char *arguments[] = {"--store", NULL, NULL};
    char spec[128];

    assert_int_equal(gateway_stop(&f->gateway), 0);
    payer_close(&f->payer);
    store_life(f->store.path);
    snprintf(spec, sizeof(spec), "sqlite:%s", f->store.path);
    arguments[1] = spec;
    assert_int_equal(gateway_start(&f->gateway, arguments), 0);
    payer_open(&f->payer, f->gateway.address);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char path[160];

        snprintf(path, sizeof(path), "/v1/events?after=0%s", cases[i].query);
        assert_true(event_stream_open(&stream, f->gateway.address, path, NULL));
        for (const char *at = cases[i].passes; *at; at += 2) {
            assert_true(event_stream_next(&stream, &event));
            assert_int_equal(payer_number(event.data), atoi(at));
        }
        event_stream_close(&stream);
    }
    assert_true(event_stream_open(&stream, f->gateway.address, "/v1/events?after=0", NULL));
    assert_true(event_stream_next(&stream, &event));
    assert_string_equal(event.type, "payment.returned");
    assert_null(strstr(event.data, "\"kind\""));
    assert_non_null(
        strstr(event.data, ",\"type\":\"payment.returned\",\"payment\":\"" HELD_ID));
    assert_non_null(strstr(event.data, "null,\"internal\":{\"at_ms\":1,"));
    event_stream_close(&stream);
}

/* Each record's event, one after the other, and each payment's once. */
struct heard {
    uint64_t id; /* of the latest */
    size_t count;
    bool payments[80001];
};

static void
hear(struct heard *heard, const struct stream_event *event)
{
    unsigned number = payer_number(event->data);

    assert_true(heard->id == 0 || event->id == heard->id + 1);
    assert_true(number < COUNT(heard->payments) && !heard->payments[number]);
    heard->payments[number] = true;
    heard->id = event->id;
    heard->count++;
}

/* More who read the past than pages are kept for, and none of them takes it at first. */
static void
many_who_take_the_past_slowly_get_all_of_it(void **state)
{
    enum { STREAMS = 2 * FEED_HELD_MAX, STEP = 50, PAID = 120 * STEP };
    struct fixture *f = *state;
    struct event_stream streams[STREAMS];

    for (unsigned paid = 0; paid < PAID; paid += STEP)
        payer_pay_batch(&f->payer, PAYER_KIT, paid + 1, paid + STEP);
    for (int i = 0; i < STREAMS; i++) {
        assert_true(
            event_stream_open(&streams[i], f->gateway.address, "/v1/events?after=0", NULL));
        assert_int_equal(
            setsockopt(streams[i].client.fd, SOL_SOCKET, SO_RCVBUF, &(int){65536}, sizeof(int)),
            0);
    }
    for (int i = 0; i < STREAMS; i++) {
        struct heard *heard = calloc(1, sizeof(*heard));
        struct stream_event event;

        while (heard->count < PAID) {
            assert_true(event_stream_next(&streams[i], &event));
            hear(heard, &event);
        }
        event_stream_close(&streams[i]);
        free(heard);
    }
}

/*
 * Much more than the window holds, and a listener that reads none of it.  Of a batch a line
 * may be stored after the next: where another fingerprint looks like its own.
 */
static void
who_is_too_slow_is_let_go_and_can_go_on(void **state)
{
    enum { STEP = 50, STEPS_MAX = 1600 };
    static struct heard heard;
    struct fixture *f = *state;
    struct event_stream slow, stream;
    struct stream_event event;
    unsigned paid = 0;
    char last[24] = "";

    assert_true(event_stream_open(&slow, f->gateway.address, "/v1/events", NULL));
    for (int i = 0; i < STEPS_MAX && metric(f, "yuangate_feed_dropped_total") == 0; i++) {
        payer_pay_batch(&f->payer, PAYER_KIT, paid + 1, paid + STEP);
        paid += STEP;
    }
    while (event_stream_next(&slow, &event) && strcmp(event.type, "resume") != 0)
        hear(&heard, &event);
    assert_string_equal(event.type, "resume");
    assert_true(heard.count < paid);
    assert_int_equal(metric(f, "yuangate_feed_dropped_total"), 1);
    snprintf(last, sizeof(last), "%llu", (unsigned long long)event.id);
    assert_false(event_stream_next(&slow, &event));
    assert_true(slow.ended);
    event_stream_close(&slow);
    assert_true(event_stream_open(&stream, f->gateway.address, "/v1/events", last));
    while (heard.count < paid) {
        assert_true(event_stream_next(&stream, &event));
        hear(&heard, &event);
    }
    event_stream_close(&stream);
}

static void
a_drain_ends_streams_with_where_to_go_on(void **state)
{
    struct fixture *f = *state;
    struct event_stream streams[3];
    struct stream_event event;

    for (size_t i = 0; i < COUNT(streams); i++)
        assert_true(event_stream_open(&streams[i], f->gateway.address,
                                      i ? "/v1/events?after=0" : "/v1/events", NULL));
    payer_pay(&f->payer, PAYER_HELD, 1);
    for (size_t i = 0; i < COUNT(streams); i++)
        assert_true(event_stream_next(&streams[i], &event));
    assert_int_equal(gateway_stop(&f->gateway), 0);
    for (size_t i = 0; i < COUNT(streams); i++) {
        uint64_t id = event.id;

        assert_true(event_stream_next(&streams[i], &event));
        assert_string_equal(event.type, "resume");
        assert_true(event.id >= id);
        assert_false(event_stream_next(&streams[i], &event));
        assert_true(streams[i].ended);
        event_stream_close(&streams[i]);
    }
}

/* Longer than a request may take, and than a connection may be idle. */
static void
a_quiet_stream_is_no_idle_connection(void **state)
{
    struct fixture *f = *state;
    struct event_stream stream;
    struct stream_event event;

    assert_true(event_stream_open(&stream, f->gateway.address, "/v1/events", NULL));
    assert_true(http_client_quiet(&stream.client, 1200) || stream.len > stream.taken);
    payer_close(&f->payer);
    payer_open(&f->payer, f->gateway.address);
    payer_pay(&f->payer, PAYER_HELD, 1);
    assert_true(event_stream_next(&stream, &event));
    assert_int_equal(payer_number(event.data), 1);
    event_stream_close(&stream);
}

static void
a_head_of_the_feed_is_answered_and_over(void **state)
{
    struct fixture *f = *state;
    struct http_client_reply reply;

    f->payer.client.head_only = true;
    assert_true(http_client_request(&f->payer.client, "HEAD", "/v1/events", NULL));
    assert_true(http_client_next(&f->payer.client, &reply));
    f->payer.client.head_only = false;
    assert_int_equal(reply.status, 200);
    assert_string_equal(http_client_header(&f->payer.client, &reply, "content-type"),
                        "text/event-stream");
    assert_int_equal(metric(f, "yuangate_feed_listeners"), 0);
}

static void
one_listener_too_many_is_asked_to_come_again(void **state)
{
    static struct http_client clients[FEED_LISTENERS_MAX];
    struct fixture *f = *state;
    struct http_client_reply reply;

    for (size_t i = 0; i < COUNT(clients); i++) {
        assert_true(http_client_connect(&clients[i], f->gateway.address));
        assert_true(http_client_get(&clients[i], "/v1/events"));
    }
    assert_true(metric_becomes(f, "yuangate_feed_listeners", FEED_LISTENERS_MAX));
    reply = get(f, "/v1/events");
    assert_int_equal(reply.status, 503);
    assert_non_null(http_client_header(&f->payer.client, &reply, "retry-after"));
    for (size_t i = 0; i < COUNT(clients); i++)
        http_client_close(&clients[i]);
    assert_true(metric_becomes(f, "yuangate_feed_listeners", 0));
    f->payer.client.head_only = true;
    assert_int_equal(get(f, "/v1/events").status, 200);
}

int
main(void)
{
#define ON(open, name) cmocka_unit_test_setup_teardown(name, open, close_all)
    const struct CMUnitTest tests[] = {
        ON(open_sqlite, who_resumes_misses_nothing_and_sees_nothing_twice),
        ON(open_memory, who_resumes_misses_nothing_and_sees_nothing_twice),
        ON(open_memory, an_event_says_what_the_answer_says),
        cmocka_unit_test(filters_let_pass_what_they_name),
        ON(open_memory, a_query_that_makes_no_sense_is_refused),
        ON(open_sqlite, what_became_of_a_payment_is_told_too),
        ON(open_memory, many_who_take_the_past_slowly_get_all_of_it),
        ON(open_memory, who_is_too_slow_is_let_go_and_can_go_on),
        ON(open_sqlite, a_drain_ends_streams_with_where_to_go_on),
        ON(open_impatient, a_quiet_stream_is_no_idle_connection),
        ON(open_memory, a_head_of_the_feed_is_answered_and_over),
        ON(open_memory, one_listener_too_many_is_asked_to_come_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
