/*
 * A payer answers the bank's questions over HTTP: what each kind of answer leads to, answers
 * that come one after the other, and what is refused.
 */
#include <string.h>

#include "tests/support/stored_bank.h"
#include "tests/support/test.h"

#define ASKS                                                                                   \
    "\"asks\":[{\"code\":\"RQSG/RQHS\",\"text\":\"HS code\"},{\"code\":\"RQDO/RQCD\","         \
    "\"text\":\"customs declaration\"}],\"deadline\":\"2024-05-01T09:00:00.000+08:00\""

/* The payer is accepted if he says all; asked, answered, refused anyway; nothing is drawn. */
#define KIND                                                                                   \
    "{" ASKS ",\"answers\":{\"complete\":{\"action\":\"accept\",\"reason\":null},"             \
    "\"partial\":{\"action\":\"request_information\",\"reason\":null},\"contradictory\":{"     \
    "\"action\":\"reject\",\"reason\":{\"code\":\"RR04\",\"text\":\"a lie\"},\"disclosed\":{"  \
    "\"code\":\"MS03\",\"text\":\"\"}}}}"
#define HARSH                                                                                  \
    "{" ASKS ",\"answers\":{\"complete\":{\"action\":\"reject\",\"reason\":{\"code\":"         \
    "\"RR04\",\"text\":\"INTERNAL POLICY\"}},\"partial\":{\"action\":\"hold\",\"reason\":{"    \
    "\"code\":\"NARR\",\"text\":\"see\"}},\"contradictory\":{\"action\":\"return\","           \
    "\"reason\":{\"code\":\"RUTA\",\"text\":\"no remedy\"}}}}"
#define SILENT "{" ASKS "}"

#define GOODS        ",\"goods\":[{\"hs_code\":\"854231\"}]"
#define HS(code)     "{\"request\":\"RQSG/RQHS\",\"hs_code\":\"" code "\"}"
#define CUSTOMS      "{\"request\":\"RQDO/RQCD\",\"documents\":[\"customs_declaration\"]}"
#define ANSWERS(all) "{\"answers\":[" all "]}"

static struct stored_bank bank;
static char id[IDENT_TEXT_SIZE];

static void
begin(const char *questions)
{
    stored_bank_make(&bank);
    stored_bank_add(&bank,
                    &(struct stored_payment){.state = PAYMENT_AWAITING_INFORMATION,
                                             .request = GOODS,
                                             .questions = questions},
                    id);
    stored_bank_start(&bank);
}

static int
answer(const char *body)
{
    return stored_bank_ask(&bank, "POST",
                           arena_printf(&bank.client.arena, "/v1/payments/%s/documents", id),
                           body, "shop");
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

static void
answers_lead_where_the_decision_says(void **state)
{
    static const struct {
        const char *questions, *answers;
        const char *state, *completeness; /* told to the payer */
        const char *cause, *code;         /* of the event */
    } cases[] = {
        /* clang-format off */
        {KIND,   HS("854231") "," CUSTOMS, "accepted", "complete\",\"missing\":[]",  "answered_complete", "G002"},
        {KIND,   HS("950300") "," CUSTOMS, "rejected", "contradictory\",\"missing\":[]", "answered_contradictory", "MS03"},
        {KIND,   HS("854231"), "awaiting_information", "partial\",\"missing\":[\"RQDO/RQCD\"]", "answered_partial", NULL},
        {HARSH,  HS("854231") "," CUSTOMS, "rejected", "complete\",\"missing\":[]",  "answered_complete", "RR04"},
        {HARSH,  CUSTOMS, "held", "partial\",\"missing\":[\"RQSG/RQHS\"]", "answered_partial", "NARR"},
        {HARSH,  HS("950300"), "returned", "contradictory\",\"missing\":[\"RQDO/RQCD\"]", "answered_contradictory", "RUTA"},
        {SILENT, HS("854231") "," CUSTOMS, "held", "complete\",\"missing\":[]", "answered_complete", NULL},
        {SILENT, HS("854231"), "awaiting_information", "partial\",\"missing\":[\"RQDO/RQCD\"]", "answered_partial", NULL},
        {SILENT, HS("950300"), "held", "contradictory\",\"missing\":[\"RQDO/RQCD\"]", "answered_contradictory", NULL},
        /* A record from before questions were kept. */
        {NULL,   HS("854231"), "held", "complete\",\"missing\":[]", "answered_complete", NULL},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena *arena;

        begin(cases[i].questions);
        arena = &bank.client.arena;
        if (answer(arena_printf(arena, ANSWERS("%s"), cases[i].answers)) != 200)
            fail_msg("case %zu: %s", i, bank.reply.body);
        assert_has(bank.reply.body,
                   arena_printf(arena, "\"state\":\"%s\",\"completeness\":\"%s", cases[i].state,
                                cases[i].completeness));
        assert_null(strstr(bank.reply.body, "goods line")); /* the bank's own */
        assert_has(payment(),
                   arena_printf(arena, "\"cause\":\"%s\",\"actor\":\"shop\"", cases[i].cause));
        assert_has(bank.reply.body, arena_printf(arena, "\"documents\":[%s", "{\"request\":"));
        if (cases[i].code)
            assert_has(bank.reply.body,
                       arena_printf(arena, "\"reason_code\":\"%s\"", cases[i].code));
        stored_bank_end(&bank);
    }
}

/* C2 of cases.h: somebody knows better than the papers. */
static void
good_answers_do_not_outweigh_what_people_found(void **state)
{
    (void)state;
    begin(KIND);
    assert_int_equal(
        stored_bank_ask(&bank, "POST",
                        arena_printf(&bank.client.arena, "/v1/cases/%s/disposition", id),
                        "{\"disposition\":\"true_match\",\"text\":\"him\"}", "li"),
        200);
    assert_int_equal(answer(ANSWERS(HS("854231") "," CUSTOMS)), 200);
    assert_has(bank.reply.body, "\"state\":\"held\",\"completeness\":\"complete\"");
    stored_bank_end(&bank);
}

static void
answers_that_come_one_after_the_other_count_together(void **state)
{
    (void)state;
    begin(KIND);
    assert_int_equal(answer(ANSWERS(HS("854231"))), 200);
    assert_has(bank.reply.body, "\"iso20022\":{\"message\":\"camt.111\",\"status\":\"PDNG\"}");
    assert_has(payment(), "\"type\":\"payment.documents\"");
    http_client_close(&bank.client);
    gateway_kill(&bank.gateway); /* they are in the store */
    stored_bank_start(&bank);
    assert_int_equal(answer(ANSWERS(CUSTOMS)), 200);
    assert_has(bank.reply.body, "\"state\":\"accepted\",\"completeness\":\"complete\"");
    assert_has(bank.reply.body, "\"iso20022\":{\"message\":\"camt.111\",\"status\":\"CLSD\"}");
    assert_int_equal(answer(ANSWERS(CUSTOMS)), 409);
    assert_has(bank.reply.body, "this payment is accepted and asks for no documents");
    stored_bank_end(&bank);
}

static void
a_payment_takes_only_so_many_answers(void **state)
{
    (void)state;
    begin(KIND);
    for (int i = 0; i < 19; i++)
        assert_int_equal(answer(ANSWERS(HS("854231"))), 200);
    assert_int_equal(answer(ANSWERS(HS("854231"))), 200);
    assert_int_equal(answer(ANSWERS(HS("854231"))), 409);
    assert_has(bank.reply.body, "answered 20 times already");
    stored_bank_end(&bank);
}

static void
what_was_not_asked_and_what_makes_no_sense_is_refused(void **state)
{
    static const struct {
        const char *body;
        int status;
        const char *says;
    } cases[] = {
        /* clang-format off */
        {ANSWERS("{\"request\":\"RQDO/RQIN\",\"documents\":[\"invoice\"]}"), 422,
         "/answers/0/request: RQDO/RQIN was not asked of this payment, only RQSG/RQHS, RQDO/RQCD"},
        {"{\"answers\":[]}", 422, "\"pointer\":\"/answers\",\"detail\":\"must have an element\""},
        {"{\"answers\":[{\"request\":\"RQSG/RQHS\",\"hs\":\"1\"}],\"x\":1}", 422, "the request has 3 faults"},
        {"[", 400, "line 1"},
        /* clang-format on */
    };

    (void)state;
    begin(KIND);
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (answer(cases[i].body) != cases[i].status)
            fail_msg("%s: %s", cases[i].body, bank.reply.body);
        assert_has(bank.reply.body, cases[i].says);
    }
    assert_null(strstr(payment(), "events")); /* nothing was changed */
    strcpy(id, "00000000-0000-8000-8000-000000000000");
    assert_int_equal(answer(ANSWERS(CUSTOMS)), 404);
    stored_bank_end(&bank);
}

static void
a_payment_that_asked_for_none_takes_none(void **state)
{
    static const enum payment_state states[] = {PAYMENT_HELD, PAYMENT_ACCEPTED,
                                                PAYMENT_RETURNED};

    (void)state;
    for (size_t i = 0; i < COUNT(states); i++) {
        stored_bank_make(&bank);
        stored_bank_add(&bank, &(struct stored_payment){.state = states[i]}, id);
        stored_bank_start(&bank);
        assert_int_equal(answer(ANSWERS(CUSTOMS)), 409);
        assert_has(bank.reply.body,
                   arena_printf(&bank.client.arena,
                                "this payment is %s and asks for no documents; only a payment "
                                "that is awaiting_information does",
                                payment_state_name(states[i])));
        stored_bank_end(&bank);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_lead_where_the_decision_says),
        cmocka_unit_test(good_answers_do_not_outweigh_what_people_found),
        cmocka_unit_test(answers_that_come_one_after_the_other_count_together),
        cmocka_unit_test(a_payment_takes_only_so_many_answers),
        cmocka_unit_test(what_was_not_asked_and_what_makes_no_sense_is_refused),
        cmocka_unit_test(a_payment_that_asked_for_none_takes_none),
    };

    return cmocka_run_group_tests_name("documents", tests, NULL, NULL);
}
