/* Events as they are stored, and the payment as it stands with them. */
#include <string.h>

#include "gateway/bank/dossier.h"
#include "gateway/bank/life_event.h"
#include "gateway/base/json.h"
#include "gateway/store/chain.h"
#include "tests/support/test.h"

#define AT_MS 1713142800000 /* 2024-04-15T09:00:00+08:00 */
#define ANSWER                                                                                 \
    "{\"id\":\"018e\",\"uetr\":\"97ed\",\"outcome\":\"held\",\"state\":\"held\",\"iso20022\":" \
    "{\"message\":\"pacs.002\",\"transaction_status\":\"PDNG\",\"reason_code\":\"NARR\"},"     \
    "\"disclosed_reason\":\"UNDER REVIEW\",\"decided_at\":\"2024-04-15T09:00:00.000+08:00\","  \
    "\"decision\":{\"action\":\"hold\",\"follows\":{\"at\":\"2024-05-20T09:00:00.000+08:00\"," \
    "\"action\":\"return\",\"reason\":{\"code\":\"RR04\",\"text\":\"ran out\"}}}}"

struct fixture {
    struct store *store;
    struct arena arena;
    struct error err;
    struct stand stand;
    uint8_t chain[SHA256_BYTES];
    uint64_t head;
};

static void
append(struct fixture *f, struct store_entry *entry)
{
    const struct store_entry *const entries[] = {entry};

    entry->seq = ++f->head;
    chain_next(f->chain, entry->seq, entry->body, entry->body_len, entry->chain);
    memcpy(f->chain, entry->chain, SHA256_BYTES);
    assert_int_equal(f->store->ops->append(f->store, entries, 1, &f->err), 0);
}

static void
begin(struct fixture *f)
{
    const struct record record = {.id = "018e",
                                  .uetr = "97ed",
                                  .key = "",
                                  .at_ms = AT_MS,
                                  .request = "{}",
                                  .request_len = 2,
                                  .answer = ANSWER,
                                  .answer_len = strlen(ANSWER)};
    struct store_entry entry = {.kind = RECORD_PAYMENT, .state = PAYMENT_HELD};
    struct buffer body;

    *f = (struct fixture){0};
    assert_int_equal(store_memory.open("", 1, &f->store, &f->err), 0);
    buffer_init(&body, &f->arena, 1024);
    record_write(&record, &body);
    entry.body = body.data;
    entry.body_len = body.len;
    append(f, &entry);
    f->stand.state = PAYMENT_HELD;
}

static void
end(struct fixture *f)
{
    f->store->ops->close(f->store);
    arena_release(&f->arena);
}

/* Store the event of payment 1. */
static const char *
write_event(struct fixture *f, const struct life_event *event)
{
    struct store_entry entry = {.kind = RECORD_EVENT,
                                .payment_seq = 1,
                                .previous_seq = f->stand.event_seq,
                                .state = (int)event->state};
    struct buffer body;

    buffer_init(&body, &f->arena, 512);
    life_event_write(event, &body);
    entry.body = buffer_terminate(&body);
    entry.body_len = body.len;
    append(f, &entry);
    f->stand.event_seq = entry.seq;
    f->stand.state = event->state;
    return entry.body;
}

static const char *
view(struct fixture *f, bool with_events)
{
    struct dossier dossier;
    struct buffer out;
    cJSON *json;

    assert_int_equal(dossier_read(f->store, 1, &f->stand, &f->arena, &dossier, &f->err), 0);
    buffer_init(&out, &f->arena, 512);
    dossier_view(&dossier, dossier.record.answer, dossier.record.answer_len, NULL, with_events,
                 &out);
    buffer_terminate(&out);
    assert_int_equal(json_parse(&f->arena, out.data, out.len, &json, &f->err), 0);
    return out.data;
}

static void
a_payment_without_events_is_its_answer_byte_for_byte(void **state) /* V1 */
{
    struct fixture f;

    (void)state;
    begin(&f);
    assert_string_equal(view(&f, true), ANSWER);
    end(&f);
}

static struct life_event
returned(struct fixture *f)
{
    struct life_event event;

    life_event_init(&event, "018e", "97ed", f->stand.state, AT_MS + 1);
    assert_int_equal(life_event_move(&event, PAYMENT_RETURNED, &f->err), 0);
    event.cause = "hold_ran_out";
    event.reason = (struct policy_reason){"RR04", "ran out"};
    event.disclosed = (struct policy_reason){"MS03", ""};
    event.currency = "CNY";
    event.returned_minor = 99800;
    event.charges_minor = 200;
    return event;
}

static void
an_event_says_first_what_the_payer_may_read(void **state)
{
    struct life_event event;
    struct fixture f;

    (void)state;
    begin(&f);
    event = returned(&f);
    assert_string_equal(
        write_event(&f, &event),
        "{\"kind\":\"event\",\"type\":\"payment.returned\",\"payment\":\"018e\",\"uetr\":"
        "\"97ed\",\"at\":\"2024-04-15T09:00:00.001+08:00\",\"from\":\"held\",\"outcome\":"
        "\"blocked\",\"state\":\"returned\",\"iso20022\":{\"message\":\"pacs.004\","
        "\"transaction_status\":null,\"reason_code\":\"MS03\"},\"disclosed_reason\":null,"
        "\"returned\":{\"currency\":\"CNY\",\"value\":\"998.00\",\"charges\":\"2.00\"},"
        "\"internal\":{\"at_ms\":1713142800001,\"cause\":\"hold_ran_out\",\"actor\":\"bank\","
        "\"reason\":{\"code\":\"RR04\",\"text\":\"ran out\"},\"follows\":null}}");
    end(&f);
}

static void
the_payer_is_told_what_the_latest_message_said(void **state)
{
    struct life_event event;
    struct fixture f;
    const char *text;

    (void)state;
    begin(&f);
    life_event_init(&event, "018e", "97ed", PAYMENT_HELD, AT_MS);
    event.type = "case.note";
    event.text = "papers asked for";
    event.actor = "anna";
    write_event(&f, &event);
    text = view(&f, false); /* nobody told the payer anything */
    assert_string_equal(text, ANSWER);
    event = returned(&f);
    write_event(&f, &event);
    text = view(&f, true);
    assert_non_null(strstr(text, "\"outcome\":\"blocked\",\"state\":\"returned\",\"iso20022\":"
                                 "{\"message\":\"pacs.004\",\"transaction_status\":null,"
                                 "\"reason_code\":\"MS03\"},\"disclosed_reason\":null,"
                                 "\"returned\":{"));
    assert_non_null(strstr(text, "\"decision\":{\"action\":\"hold\",\"follows\":{"));
    assert_non_null(strstr(text, "\"events\":[{\"type\":\"case.note\",\"at\":"));
    assert_non_null(strstr(text, "\"actor\":\"anna\""));
    end(&f);
}

static void
what_follows_is_said_by_the_latest_that_says_so(void **state) /* E2 */
{
    struct dossier dossier;
    struct course follows;
    struct life_event event;
    struct fixture f;

    (void)state;
    begin(&f);
    life_event_init(&event, "018e", "97ed", PAYMENT_HELD, AT_MS);
    event.type = "case.note";
    write_event(&f, &event); /* says nothing of it */
    assert_int_equal(dossier_read(f.store, 1, &f.stand, &f.arena, &dossier, &f.err), 0);
    assert_int_equal(dossier_follows(&dossier, &f.arena, &follows, &f.err), 0);
    assert_int_equal(follows.at_ms, AT_MS + 35 * 86400000LL);
    assert_int_equal(follows.action, POLICY_RETURN);
    assert_string_equal(follows.reason.text, "ran out");
    assert_int_equal(life_event_move(&event, PAYMENT_RELEASED, &f.err), 0);
    event.follows = (struct course){.at_ms = AT_MS + 5, .action = POLICY_ACCEPT};
    write_event(&f, &event);
    assert_int_equal(dossier_read(f.store, 1, &f.stand, &f.arena, &dossier, &f.err), 0);
    assert_int_equal(dossier_follows(&dossier, &f.arena, &follows, &f.err), 0);
    assert_int_equal(follows.at_ms, AT_MS + 5);
    assert_int_equal(follows.action, POLICY_ACCEPT);
    end(&f);
}

static void
records_that_do_not_lead_to_each_other_are_refused(void **state)
{
    struct dossier dossier;
    struct fixture f;

    (void)state;
    begin(&f);
    f.stand.event_seq = 1; /* the payment itself is no event */
    assert_int_equal(dossier_read(f.store, 1, &f.stand, &f.arena, &dossier, &f.err), -1);
    assert_int_equal(f.err.code, ERROR_INTERNAL);
    end(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_payment_without_events_is_its_answer_byte_for_byte),
        cmocka_unit_test(an_event_says_first_what_the_payer_may_read),
        cmocka_unit_test(the_payer_is_told_what_the_latest_message_said),
        cmocka_unit_test(what_follows_is_said_by_the_latest_that_says_so),
        cmocka_unit_test(records_that_do_not_lead_to_each_other_are_refused),
    };

    return cmocka_run_group_tests_name("dossier", tests, NULL, NULL);
}
