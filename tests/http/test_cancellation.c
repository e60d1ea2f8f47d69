/*
 * A payer asks for a payment back over HTTP: the bank's answer in every state, once and
 * again, and what people do where a person has to decide.
 */
#include <string.h>

#include "gateway/base/time.h"
#include "tests/support/stored_bank.h"
#include "tests/support/test.h"

#define ASK "{\"reason\":{\"code\":\"CUST\",\"text\":\"a mistake\"}}"

static struct stored_bank bank;
static char id[IDENT_TEXT_SIZE];

static void
begin(const struct stored_payment *payment)
{
    stored_bank_make(&bank);
    stored_bank_add(&bank, payment, id);
    stored_bank_start(&bank);
}

static int
cancel(const char *body)
{
    return stored_bank_ask(&bank, "POST",
                           arena_printf(&bank.client.arena, "/v1/payments/%s/cancellation", id),
                           body, "shop");
}

static int
step(const char *name, const char *body, const char *actor)
{
    return stored_bank_ask(&bank, "POST",
                           arena_printf(&bank.client.arena, "/v1/cases/%s/%s", id, name), body,
                           actor);
}

static const char *
payment(void)
{
    assert_int_equal(stored_bank_ask(&bank, "GET",
                                     arena_printf(&bank.client.arena, "/v1/payments/%s", id),
                                     NULL, NULL),
                     200);
    return bank.reply.body;
}

static void
assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("no %s in %s", part, text);
}

static size_t
count_of(const char *text, const char *part)
{
    size_t count = 0;

    for (; (text = strstr(text, part)); text++)
        count++;
    return count;
}

static void
each_state_has_its_answer_and_gives_it_again(void **state)
{
    static const struct {
        enum payment_state from;
        const char *hits;
        const char *state, *answer;
    } cases[] = {
        /* clang-format off */
        {PAYMENT_HELD,                 NULL,       "cancelled", "\"CNCL\",\"reason_code\":null},\"returned\":{\"currency\":\"CNY\",\"value\":\""},
        {PAYMENT_AWAITING_INFORMATION, NULL,       "cancelled", "\"CNCL\",\"reason_code\":null},\"returned\":{\"currency\":\"CNY\",\"value\":\""},
        {PAYMENT_HELD,                 STORED_HIT, "held",      "\"PDCR\",\"reason_code\":null}}"},
        {PAYMENT_AWAITING_INFORMATION, STORED_HIT, "awaiting_information", "\"PDCR\",\"reason_code\":null}}"},
        {PAYMENT_ACCEPTED,             NULL,       "accepted",  "\"RJCR\",\"reason_code\":\"AGNT\"}}"},
        {PAYMENT_CREDITED,             NULL,       "credited",  "\"RJCR\",\"reason_code\":\"CUST\"}}"},
        {PAYMENT_REJECTED,             NULL,       "rejected",  "\"RJCR\",\"reason_code\":\"ARDT\"}}"},
        {PAYMENT_RETURNED,             NULL,       "returned",  "\"RJCR\",\"reason_code\":\"ARDT\"}}"},
        {PAYMENT_FROZEN,               STORED_HIT, "frozen",    "\"RJCR\",\"reason_code\":\"LEGL\"}}"},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *first;

        begin(&(struct stored_payment){.state = cases[i].from, .hits = cases[i].hits});
        assert_int_equal(cancel(ASK), 200);
        first = bank.reply.body;
        assert_has(first, arena_printf(&bank.client.arena, "\"state\":\"%s\"", cases[i].state));
        assert_has(first,
                   arena_printf(&bank.client.arena, "\"message\":\"camt.029\",\"status\":%s",
                                cases[i].answer));
        assert_int_equal(cancel(ASK), 200);
        assert_string_equal(bank.reply.body, first);
        assert_int_equal(count_of(payment(), "\"cause\":\"cancellation_asked\""), 1);
        stored_bank_end(&bank);
    }
}

/* The payment's own message stands, whatever is said of its cancellation. */
static void
a_refusal_does_not_hide_how_the_payment_stands(void **state)
{
    (void)state;
    begin(&(struct stored_payment){.state = PAYMENT_CREDITED});
    assert_int_equal(cancel(ASK), 200);
    assert_has(payment(), "\"state\":\"credited\",\"iso20022\":{\"message\":\"pacs.002\"");
    assert_has(bank.reply.body,
               "\"cancellation\":{\"message\":\"camt.029\",\"status\":\"RJCR\",\"reason_code\":"
               "\"CUST\",\"asked\":{\"code\":\"CUST\",\"text\":\"a mistake\"}}");
    stored_bank_end(&bank);
}

/* Also where the hold would have run out meanwhile. */
static void
a_person_decides_what_is_under_review(void **state)
{
    int64_t due_ms;

    (void)state;
    assert_true(instant_parse("2024-04-20T09:00:00+08:00", &due_ms));
    begin(&(struct stored_payment){.state = PAYMENT_HELD,
                                   .due_ms = due_ms,
                                   .follows = "{\"at\":\"2024-04-20T09:00:00.000+08:00\","
                                              "\"action\":\"accept\",\"reason\":null}"});
    assert_int_equal(
        step("disposition", "{\"disposition\":\"false_positive\",\"text\":\"x\"}", "li"), 200);
    assert_int_equal(cancel(ASK), 200);
    assert_has(bank.reply.body, "\"status\":\"PDCR\"");
    assert_int_equal(stored_bank_ask(&bank, "POST", "/v1/clock", "{\"advance\":\"P9D\"}", NULL),
                     200);
    assert_has(payment(), "\"state\":\"held\"");
    assert_int_equal(step("release", "{\"text\":\"x\"}", "wang"), 409);
    assert_has(bank.reply.body, "the payer has asked to have this payment back");
    assert_int_equal(step("return", "{\"text\":\"x\"}", "wang"), 200);
    assert_has(bank.reply.body, "\"cancellation_requested\":false");
    assert_has(bank.reply.body, "\"message\":\"pacs.004\",\"transaction_status\":null,"
                                "\"reason_code\":\"FOCR\"");
    assert_int_equal(stored_bank_ask(&bank, "GET",
                                     arena_printf(&bank.client.arena, "/v1/cases/%s", id), NULL,
                                     NULL),
                     200);
    assert_has(bank.reply.body, "\"cancellation_requested\":false");
    assert_int_equal(cancel(ASK), 200);
    assert_has(bank.reply.body, "\"status\":\"RJCR\",\"reason_code\":\"ARDT\"");
    stored_bank_end(&bank);
}

static void
what_is_asked_back_takes_no_documents(void **state)
{
    (void)state;
    begin(&(struct stored_payment){.state = PAYMENT_AWAITING_INFORMATION, .hits = STORED_HIT});
    assert_int_equal(cancel(ASK), 200);
    assert_int_equal(
        stored_bank_ask(&bank, "POST",
                        arena_printf(&bank.client.arena, "/v1/payments/%s/documents", id),
                        "{\"answers\":[{\"request\":\"AMLI\",\"text\":\"x\"}]}", NULL),
        409);
    assert_has(bank.reply.body, "this payment was asked back");
    stored_bank_end(&bank);
}

static void
a_wish_that_makes_no_sense_is_refused(void **state)
{
    static const struct {
        const char *body;
        int status;
        const char *says;
    } cases[] = {
        /* clang-format off */
        {"{}", 422, "\"pointer\":\"/reason\",\"detail\":\"is required\""},
        {"{\"reason\":{\"text\":\"x\"}}", 422, "\"pointer\":\"/reason/code\",\"detail\":\"is required\""},
        {"{\"reason\":{\"code\":\"LEGL\"}}", 422, "LEGL is no reason code that a camt.056 carries"},
        {"{\"reason\":{\"code\":\"CUST\"},\"text\":\"x\"}", 422, "unknown field; a cancellation has reason"},
        {"x", 400, "line 1"},
        /* clang-format on */
    };

    (void)state;
    begin(&(struct stored_payment){.state = PAYMENT_HELD});
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (cancel(cases[i].body) != cases[i].status)
            fail_msg("%s: %s", cases[i].body, bank.reply.body);
        assert_has(bank.reply.body, cases[i].says);
    }
    assert_null(strstr(payment(), "events"));
    stored_bank_end(&bank);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_state_has_its_answer_and_gives_it_again),
        cmocka_unit_test(a_refusal_does_not_hide_how_the_payment_stands),
        cmocka_unit_test(a_person_decides_what_is_under_review),
        cmocka_unit_test(what_is_asked_back_takes_no_documents),
        cmocka_unit_test(a_wish_that_makes_no_sense_is_refused),
    };

    return cmocka_run_group_tests_name("cancellation", tests, NULL, NULL);
}
