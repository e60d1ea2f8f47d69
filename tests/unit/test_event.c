/* V1 to V3 of event.h: what a record shows, to whom, and to which filter. */
#include <stdio.h>
#include <string.h>

#include "gateway/bank/event.h"
#include "tests/support/test.h"

#define ID   "018ee7a2-f400-8ae5-a35a-b7bb2627a94b"
#define UETR "c5a9e0d4-18b7-4f3e-8d62-7e4f9b30a1c8"
#define HEAD                                                                                   \
    "{\"kind\":\"payment\",\"id\":\"" ID "\",\"uetr\":\"" UETR                                 \
    "\",\"at_ms\":1,\"request_bytes\":2,\"answer_bytes\":"
#define ANSWER                                                                                 \
    "{\"id\":\"" ID "\",\"uetr\":\"" UETR "\",\"outcome\":\"held\",\"state\":\"held\","        \
    "\"iso20022\":{\"a\":[1,\"},\"]},\"disclosed_reason\":null,\"decided_at\":\"2024\","       \
    "\"decision\":{\"action\":\"hold\",\"bank\":{\"bic\":\"HLDBCNBSXXX\"},\"x\":\"}\"}}"
#define LIFE(members) "{\"kind\":\"event\"," members "}"

static struct event_batch *
batch_of(const char *body, enum record_kind kind)
{
    struct store_entry entry = {.seq = 7,
                                .kind = kind,
                                .currency = "USD",
                                .debtor_country = "KZ",
                                .body = body,
                                .body_len = strlen(body)};
    const struct store_entry *pointer = &entry;
    struct arena arena = {0};
    struct event_batch *batch = event_batch_new(&pointer, 1, 7, 7, &arena);

    arena_release(&arena);
    return batch;
}

static struct event_batch *
payment_batch(void)
{
    char body[1024];

    snprintf(body, sizeof(body), HEAD "%zu}\n{}\n" ANSWER, strlen(ANSWER));
    return batch_of(body, RECORD_PAYMENT);
}

static void
expect_text(const struct event_batch *batch, const char *shown, const char *internal)
{
    const struct event *event = &batch->events[0];
    size_t len = strlen(shown);

    assert_int_equal(batch->count, 1);
    assert_int_equal(event->public_len, len);
    assert_memory_equal(event_text(batch, event), shown, len);
    assert_int_equal(event->text_len, len + strlen(internal) + EVENT_END_LEN);
    assert_memory_equal(event_text(batch, event) + len, internal, strlen(internal));
    assert_memory_equal(event_text(batch, event) + event->text_len - EVENT_END_LEN, EVENT_END,
                        EVENT_END_LEN);
    assert_int_equal(event_text(batch, event)[event->json], '{');
    assert_int_equal(event_text(batch, event)[event->json + event_json_len(event) - 1], '}');
}

static void
a_payment_shows_its_answer_with_the_decision_apart(void **state)
{
    struct event_batch *batch = payment_batch();

    (void)state;
    expect_text(batch,
                "id: 7\nevent: payment.held\n"
                "data: {\"seq\":7,\"type\":\"payment.held\",\"payment\":\"" ID
                "\",\"uetr\":\"" UETR
                "\",\"at\":\"2024\",\"from\":null,\"outcome\":\"held\",\"state\":\"held\","
                "\"iso20022\":{\"a\":[1,\"},\"]},\"disclosed_reason\":null,"
                "\"currency\":\"USD\",\"debtor_country\":\"KZ\",\"bank\":\"HLDBCNBSXXX\"",
                ",\"decision\":{\"action\":\"hold\",\"bank\":{\"bic\":\"HLDBCNBSXXX\"},"
                "\"x\":\"}\"}");
    event_batch_free(batch);
}

static void
an_event_shows_its_record_with_the_internal_part_apart(void **state)
{
    static const struct {
        const char *members, *shown, *internal;
    } cases[] = {
        {"\"type\":\"case.note\",\"a\":\"\\\"},\\\\\",\"b\":[{}],\"internal\":{\"c\":\"}\"}",
         "id: 7\nevent: case.note\ndata: {\"seq\":7,\"type\":\"case.note\","
         "\"a\":\"\\\"},\\\\\",\"b\":[{}]",
         ",\"internal\":{\"c\":\"}\"}"},
        {"\"type\":\"later.kind\",\"a\":1",
         "id: 7\nevent: later.kind\ndata: {\"seq\":7,\"type\":\"later.kind\",\"a\":1", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char body[256];
        struct event_batch *batch;

        snprintf(body, sizeof(body), LIFE("%s"), cases[i].members);
        batch = batch_of(body, RECORD_EVENT);
        expect_text(batch, cases[i].shown, cases[i].internal);
        event_batch_free(batch);
    }
}

static void
what_cannot_be_read_is_passed_over(void **state)
{
    static const char *const bodies[] = {
        "",
        "{}",
        "{\"type\"",
        "{\"type\":\"x",
        "nonsense",
        LIFE("\"type\":\"case.note\",\n\"a\":1"),
        HEAD "2}\n{}\n{}",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(bodies); i++) {
        for (int kind = RECORD_PAYMENT; kind <= RECORD_ROLLOUT; kind++) {
            struct event_batch *batch = batch_of(bodies[i], (enum record_kind)kind);

            assert_int_equal(batch->count, 0);
            assert_int_equal(batch->last_seq, 7); /* nothing is missing all the same */
            event_batch_free(batch);
        }
    }
}

static void
a_filter_passes_what_it_names(void **state)
{
    static const struct {
        const char *name, *value;
        int passes; /* of the payment above; -1: refused */
    } cases[] = {
        {"type", "payment.held", 1},
        {"type", "payment.", 1},
        {"type", "case.,payment.held", 1},
        {"type", "case.", 0},
        {"type", "payment.hel", -1},
        {"type", "payment", -1},
        {"type", "payment.held,", -1},
        {"type", "", -1},
        {"type", ".", -1},
        {"outcome", "held", 1},
        {"outcome", "blocked", 0},
        {"state", "held", 1},
        {"state", "accepted", 0},
        {"payment", ID, 1},
        {"payment", "018ee7a2-f400-8ae5-a35a-b7bb2627a94c", 0},
        {"payment", UETR, -1},
        {"uetr", UETR, 1},
        {"uetr", "c5a9e0d4-18b7-4f3e-8d62-7e4f9b30a1c9", 0},
        {"currency", "USD", 1},
        {"currency", "CNY", 0},
        {"currency", "usd", -1},
        {"currency", "US", -1},
        {"currency", "USDT", -1},
        {"currency",
         "\xc3\x9f"
         "1",
         -1},
        {"debtor_country", "KZ", 1},
        {"debtor_country", "RU", 0},
        {"bank", "HLDBCNBS", 1},
        {"bank", "HLDBCNBS001", 1}, /* a branch is the bank's */
        {"bank", "MERICNSH", 0},
        {"colour", "red", -1},
    };
    struct event_batch *batch = payment_batch();

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct event_filter filter;
        struct error err = {0};
        int rc;

        event_filter_init(&filter);
        assert_true(event_passes(&filter, &batch->events[0].key));
        rc = event_filter_set(&filter, cases[i].name, cases[i].value, &err);
        if (rc != 0 ? cases[i].passes != -1
                    : event_passes(&filter, &batch->events[0].key) != cases[i].passes)
            fail_msg("%s=%s: %s", cases[i].name, cases[i].value, err.text);
        if (rc == 0 && !filter.one_payment && !filter.one_uetr &&
            event_batch_may_pass(&filter, batch) != cases[i].passes)
            fail_msg("%s=%s and the batch", cases[i].name, cases[i].value);
        if (rc != 0)
            assert_true(strncmp(err.text, cases[i].name, strlen(cases[i].name)) == 0);
    }
    event_batch_free(batch);
}

/* Whether to look at a batch is asked of all its events at once. */
static void
a_batch_is_looked_at_for_any_of_its_events(void **state)
{
    static const struct {
        const char *type;
        bool may;
    } cases[] = {{"payment.held", true},
                 {"case.note", true},
                 {"payment.", true},
                 {"case.disposition", false}};
    static const char *const bodies[] = {LIFE("\"type\":\"case.note\""),
                                         LIFE("\"type\":\"payment.held\"")};
    struct store_entry entries[COUNT(bodies)];
    const struct store_entry *pointers[COUNT(bodies)];
    struct arena arena = {0};
    struct event_batch *batch;

    (void)state;
    for (size_t i = 0; i < COUNT(bodies); i++) {
        entries[i] = (struct store_entry){.seq = 7 + i,
                                          .kind = RECORD_EVENT,
                                          .body = bodies[i],
                                          .body_len = strlen(bodies[i])};
        pointers[i] = &entries[i];
    }
    batch = event_batch_new(pointers, COUNT(bodies), 7, 8, &arena);
    assert_int_equal(batch->count, 2);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct event_filter filter;
        struct error err = {0};

        event_filter_init(&filter);
        assert_true(event_batch_may_pass(&filter, batch));
        if (event_filter_set(&filter, "type", cases[i].type, &err) != 0)
            fail_msg("%s", err.text);
        assert_int_equal(event_batch_may_pass(&filter, batch), cases[i].may);
    }
    event_batch_free(batch);
    arena_release(&arena);
}

/* Of a kind that this program does not know, and of no state. */
static void
what_no_filter_knows_passes_none_that_asks(void **state)
{
    struct event_batch *batch = batch_of(LIFE("\"type\":\"later.kind\""), RECORD_EVENT);
    struct event_filter filter;
    struct error err = {0};

    (void)state;
    event_filter_init(&filter);
    assert_true(event_passes(&filter, &batch->events[0].key));
    assert_int_equal(event_filter_set(&filter, "outcome", "held", &err), 0);
    assert_false(event_passes(&filter, &batch->events[0].key));
    event_filter_init(&filter);
    assert_int_equal(event_filter_set(&filter, "type", "payment.", &err), 0);
    assert_false(event_passes(&filter, &batch->events[0].key));
    event_filter_init(&filter);
    event_filter_for_payer(&filter);
    assert_false(event_passes(&filter, &batch->events[0].key));
    event_batch_free(batch);
}

static void
a_payer_is_told_of_payments_and_of_no_case(void **state)
{
    struct event_batch *note = batch_of(LIFE("\"type\":\"case.note\""), RECORD_EVENT);
    struct event_batch *payment = payment_batch();
    struct event_filter filter;

    (void)state;
    event_filter_init(&filter);
    event_filter_for_payer(&filter);
    assert_true(event_passes(&filter, &payment->events[0].key));
    assert_false(event_passes(&filter, &note->events[0].key));
    event_batch_free(note);
    event_batch_free(payment);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_payment_shows_its_answer_with_the_decision_apart),
        cmocka_unit_test(an_event_shows_its_record_with_the_internal_part_apart),
        cmocka_unit_test(what_cannot_be_read_is_passed_over),
        cmocka_unit_test(a_filter_passes_what_it_names),
        cmocka_unit_test(a_batch_is_looked_at_for_any_of_its_events),
        cmocka_unit_test(what_no_filter_knows_passes_none_that_asks),
        cmocka_unit_test(a_payer_is_told_of_payments_and_of_no_case),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
