/*
 * Cases over HTTP: each step that people take, who may take it, what is refused with which
 * sentence, and the queue.  Each test has a bank of its own.
 */
#include <string.h>

#include "gateway/base/buffer.h"
#include "gateway/base/time.h"
#include "tests/support/stored_bank.h"
#include "tests/support/test.h"

#define FALSE_POSITIVE "{\"disposition\":\"false_positive\",\"text\":\"another Sborka\"}"
#define TRUE_MATCH     "{\"disposition\":\"true_match\",\"text\":\"the same\"}"
#define INCONCLUSIVE   "{\"disposition\":\"inconclusive\",\"text\":\"who knows\"}"
#define WHY            "{\"text\":\"seen\"}"

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
step(const char *name, const char *body, const char *actor)
{
    return stored_bank_ask(&bank, "POST",
                           arena_printf(&bank.client.arena, "/v1/cases/%s/%s", id, name), body,
                           actor);
}

static const char *
get(const char *path)
{
    assert_int_equal(stored_bank_ask(&bank, "GET", path, NULL, NULL), 200);
    return bank.reply.body;
}

static const char *
the_case(void)
{
    return get(arena_printf(&bank.client.arena, "/v1/cases/%s", id));
}

static void
assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("no %s in %s", part, text);
}

static void
a_case_is_its_payment_and_its_alerts(void **state)
{
    (void)state;
    begin(&(struct stored_payment){.state = PAYMENT_HELD, .hits = STORED_HIT});
    assert_has(the_case(),
               "\"status\":\"open\",\"opened_at\":\"2024-04-17T09:00:00.000+08:00\"");
    assert_has(bank.reply.body, "\"overdue\":false,\"disposition\":null,\"reviewer\":null");
    assert_has(bank.reply.body, "\"amount\":{\"currency\":\"CNY\",\"value\":\"1000.00\"},"
                                "\"debtor\":{\"name\":\"OOO Sborka\",\"country\":\"RU\"}");
    assert_has(bank.reply.body, "\"alerts\":{\"rules\":[],\"hits\":" STORED_HIT "}");
    assert_has(bank.reply.body, "\"notes\":[],\"steps\":[]}");
    stored_bank_end(&bank);
}

static void
another_person_than_the_reviewer_releases(void **state)
{
    (void)state;
    begin(&(struct stored_payment){.state = PAYMENT_HELD});
    assert_int_equal(step("notes", "{\"text\":\"called them\"}", "li"), 200);
    assert_has(bank.reply.body, "\"actor\":\"li\",\"text\":\"called them\"}]");
    assert_int_equal(step("release", WHY, "wang"), 409);
    assert_has(bank.reply.body, "nobody has given this case a disposition yet");
    assert_int_equal(step("disposition", FALSE_POSITIVE, "li"), 200);
    assert_has(bank.reply.body, "\"disposition\":\"false_positive\",\"reviewer\":\"li\"");
    assert_int_equal(step("release", WHY, "li"), 409);
    assert_has(bank.reply.body, "li gave this case its disposition and cannot decide it");
    assert_has(the_case(), "\"status\":\"open\"");
    assert_int_equal(step("release", WHY, "wang"), 200);
    assert_has(bank.reply.body, "\"status\":\"closed\"");
    assert_has(bank.reply.body, "\"state\":\"released\"");
    assert_has(bank.reply.body, "\"cause\":\"case_released\",\"actor\":\"wang\"");
    stored_bank_end(&bank);
}

static void
without_names_nobody_is_another_person(void **state)
{
    (void)state;
    begin(&(struct stored_payment){.state = PAYMENT_HELD});
    assert_int_equal(step("disposition", FALSE_POSITIVE, NULL), 200);
    assert_int_equal(step("release", WHY, NULL), 409);
    assert_has(bank.reply.body, "anonymous gave this case its disposition");
    assert_int_equal(step("release", WHY, "bank"), 400);
    assert_int_equal(step("release", WHY, "a b"), 400);
    stored_bank_end(&bank);
}

/* The latest disposition counts, and whoever gave it. */
static void
a_disposition_may_change_while_the_case_is_open(void **state)
{
    (void)state;
    begin(&(struct stored_payment){.state = PAYMENT_HELD});
    assert_int_equal(step("disposition", INCONCLUSIVE, "li"), 200);
    assert_int_equal(step("release", WHY, "wang"), 409);
    assert_has(bank.reply.body, "only a false_positive is released, and li found this case "
                                "inconclusive");
    assert_int_equal(step("disposition", FALSE_POSITIVE, "wang"), 200);
    assert_int_equal(step("release", WHY, "wang"), 409);
    assert_int_equal(step("release", WHY, "li"), 200);
    assert_int_equal(step("disposition", TRUE_MATCH, "li"), 409);
    assert_has(bank.reply.body, "this case is closed, its payment is released");
    assert_int_equal(step("notes", WHY, "li"), 200);
    stored_bank_end(&bank);
}

static void
only_a_listed_persons_payment_is_frozen(void **state)
{
    char listed[IDENT_TEXT_SIZE];

    (void)state;
    stored_bank_make(&bank);
    stored_bank_add(&bank, &(struct stored_payment){.state = PAYMENT_HELD, .hits = STORED_HIT},
                    listed);
    stored_bank_add(&bank, &(struct stored_payment){.state = PAYMENT_HELD}, id);
    stored_bank_start(&bank);
    assert_int_equal(step("disposition", TRUE_MATCH, "li"), 200);
    assert_int_equal(step("freeze", WHY, "wang"), 409);
    assert_has(bank.reply.body, "no list entry was hit here");
    strcpy(id, listed);
    assert_int_equal(step("disposition", FALSE_POSITIVE, "li"), 200);
    assert_int_equal(step("freeze", WHY, "wang"), 409);
    assert_has(bank.reply.body, "only a true_match is frozen");
    assert_int_equal(step("disposition", TRUE_MATCH, "li"), 200);
    assert_int_equal(step("freeze", WHY, "wang"), 200);
    assert_has(bank.reply.body, "\"transaction_status\":\"BLCK\",\"reason_code\":\"AM07\"");
    stored_bank_end(&bank);
}

static void
each_decision_moves_as_the_picture_says(void **state)
{
    static const struct {
        enum payment_state from;
        const char *decision, *body;
        int status;
        const char *says;
    } cases[] = {
        /* clang-format off */
        {PAYMENT_HELD, "return", "{\"text\":\"no\",\"reason\":{\"code\":\"RR04\",\"text\":\"kit\"}}", 200, "\"state\":\"returned\""},
        {PAYMENT_HELD, "return", "{\"text\":\"no\",\"disclosed\":{\"code\":\"NOCM\"}}", 200, "\"message\":\"pacs.004\",\"transaction_status\":null,\"reason_code\":\"NOCM\""},
        {PAYMENT_HELD, "reject", WHY, 200, "\"transaction_status\":\"RJCT\",\"reason_code\":\"MS03\""},
        {PAYMENT_AWAITING_INFORMATION, "release", WHY, 200, "\"state\":\"accepted\""},
        {PAYMENT_AWAITING_INFORMATION, "reject", WHY, 200, "\"state\":\"rejected\""},
        {PAYMENT_FROZEN, "release", WHY, 409, "a payment that is frozen stays so and cannot become released"},
        {PAYMENT_HELD, "return", "{\"text\":\"no\",\"reason\":{\"code\":\"LEGL\"}}", 422, "LEGL is no reason code that a pacs.004 carries"},
        {PAYMENT_HELD, "reject", "{\"text\":\"no\",\"disclosed\":{\"code\":\"LEGL\"}}", 422, "LEGL is no reason code that a pacs.002 carries"},
        {PAYMENT_HELD, "reject", "{}", 422, "\"pointer\":\"/text\",\"detail\":\"is required\""},
        {PAYMENT_HELD, "reject", "{\"text\":\"x\",\"txt\":1}", 422, "unknown field; a decision has text, reason, disclosed"},
        {PAYMENT_HELD, "reject", "{", 400, "JSON"},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        begin(&(struct stored_payment){.state = cases[i].from});
        step("disposition", FALSE_POSITIVE, "li");
        if (step(cases[i].decision, cases[i].body, "wang") != cases[i].status)
            fail_msg("case %zu: %s", i, bank.reply.body);
        if (cases[i].status != 400)
            assert_has(bank.reply.body, cases[i].says);
        stored_bank_end(&bank);
    }
}

/* C2: the hold's end would have released it. */
static void
time_releases_only_what_nobody_found_wrong(void **state)
{
    static const struct {
        const char *disposition, *status;
    } cases[] = {
        {NULL, "closed"},
        {FALSE_POSITIVE, "closed"},
        {INCONCLUSIVE, "open"},
        {TRUE_MATCH, "open"},
    };
    int64_t due_ms;

    (void)state;
    assert_true(instant_parse("2024-04-20T09:00:00+08:00", &due_ms));
    for (size_t i = 0; i < COUNT(cases); i++) {
        begin(&(struct stored_payment){.state = PAYMENT_HELD,
                                       .follows = "{\"at\":\"2024-04-20T09:00:00+08:00\","
                                                  "\"action\":\"accept\",\"reason\":null}",
                                       .due_ms = due_ms});
        if (cases[i].disposition)
            assert_int_equal(step("disposition", cases[i].disposition, "li"), 200);
        assert_int_equal(
            stored_bank_ask(&bank, "POST", "/v1/clock", "{\"advance\":\"P60D\"}", NULL), 200);
        the_case();
        assert_has(bank.reply.body,
                   arena_printf(&bank.client.arena, "\"status\":\"%s\"", cases[i].status));
        stored_bank_end(&bank);
    }
}

static void
who_is_not_there_has_no_case(void **state)
{
    (void)state;
    begin(&(struct stored_payment){.state = PAYMENT_ACCEPTED});
    assert_int_equal(step("notes", WHY, "li"), 404);
    assert_has(bank.reply.body, "this payment has no case");
    assert_int_equal(stored_bank_ask(&bank, "GET", "/v1/cases/x", NULL, NULL), 404);
    assert_int_equal(stored_bank_ask(&bank, "GET",
                                     arena_printf(&bank.client.arena, "/v1/cases/%s", id), NULL,
                                     NULL),
                     404);
    stored_bank_end(&bank);
}

/* How many cases a page has. */
static size_t
cases_in(const char *page)
{
    size_t count = 0;

    for (; (page = strstr(page, "\"opened_at\"")); page++)
        count++;
    return count;
}

static void
the_queue_is_filtered_and_paged(void **state)
{
    static const struct {
        const char *query;
        size_t count;
    } cases[] = {
        {"", 4},
        {"?status=open", 3},
        {"?status=closed", 1},
        {"?state=held", 2},
        {"?status=open&state=frozen", 0},
        {"?disposition=false_positive", 1},
        {"?disposition=none", 3},
        {"?overdue=true", 3},
        {"?from=2024-04-17", 4},
        {"?from=2024-04-18", 0},
        {"?to=2024-04-17", 0},
        {"?limit=2", 2},
    };
    static const enum payment_state states[] = {PAYMENT_HELD,     PAYMENT_AWAITING_INFORMATION,
                                                PAYMENT_ACCEPTED, PAYMENT_FROZEN,
                                                PAYMENT_REJECTED, PAYMENT_HELD};
    const char *cursor;

    (void)state;
    stored_bank_make(&bank);
    for (size_t i = 0; i < COUNT(states); i++)
        stored_bank_add(&bank, &(struct stored_payment){.state = states[i]}, id);
    stored_bank_start(&bank);
    assert_int_equal(step("disposition", FALSE_POSITIVE, "li"), 200);
    assert_int_equal(cases_in(get("/v1/cases?overdue=true")), 0);
    assert_int_equal(
        stored_bank_ask(&bank, "POST", "/v1/clock", "{\"advance\":\"P20D\"}", NULL), 200);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *page = get(arena_printf(&bank.client.arena, "/v1/cases%s", cases[i].query));

        if (cases_in(page) != cases[i].count)
            fail_msg("%s: %s", cases[i].query, page);
    }
    cursor = strstr(get("/v1/cases?limit=3"), "\"next_cursor\":\"") + 15;
    assert_has(bank.reply.body, id); /* the newest first */
    get(arena_printf(&bank.client.arena, "/v1/cases?limit=3&cursor=%.16s", cursor));
    assert_int_equal(cases_in(bank.reply.body), 1);
    assert_has(bank.reply.body, "\"next_cursor\":null");
    stored_bank_end(&bank);
}

/* Two hundred lines of a thousand characters: some ten payments are a page's bytes. */
static void
a_page_of_very_large_payments_ends_early(void **state)
{
    struct arena arena = {0};
    struct buffer request;
    size_t seen;

    (void)state;
    buffer_init(&request, &arena, 262144);
    buffer_text(&request, ",\"goods\":[");
    for (int i = 0; i < 200; i++)
        buffer_printf(&request, "%s{\"description\":\"%01000d\"}", i > 0 ? "," : "", i);
    buffer_text(&request, "]");
    buffer_terminate(&request);
    stored_bank_make(&bank);
    for (int i = 0; i < 15; i++)
        stored_bank_add(
            &bank, &(struct stored_payment){.state = PAYMENT_HELD, .request = request.data},
            id);
    stored_bank_start(&bank);
    seen = cases_in(get("/v1/cases"));
    assert_in_range(seen, 9, 12);
    seen += cases_in(get(arena_printf(&arena, "/v1/cases?cursor=%.16s",
                                      strstr(bank.reply.body, "\"next_cursor\":\"") +
                                          strlen("\"next_cursor\":\""))));
    assert_int_equal(seen, 15);
    stored_bank_end(&bank);
    arena_release(&arena);
}

static void
a_query_that_makes_no_sense_is_refused(void **state)
{
    static const char *const queries[] = {
        "status=both", "state=x",  "disposition=maybe",       "from=x", "to=x", "overdue=false",
        "limit=501",   "cursor=1", "cursor=0000000000000000", "stat=x",
    };

    (void)state;
    begin(&(struct stored_payment){.state = PAYMENT_HELD});
    for (size_t i = 0; i < COUNT(queries); i++)
        if (stored_bank_ask(&bank, "GET",
                            arena_printf(&bank.client.arena, "/v1/cases?%s", queries[i]), NULL,
                            NULL) != 400)
            fail_msg("%s: %s", queries[i], bank.reply.body);
    stored_bank_end(&bank);
}

/* Steps are in the store, and so is who took them. */
static void
a_case_goes_on_after_a_restart(void **state)
{
    (void)state;
    begin(&(struct stored_payment){.state = PAYMENT_HELD});
    assert_int_equal(step("disposition", FALSE_POSITIVE, "li"), 200);
    http_client_close(&bank.client);
    gateway_kill(&bank.gateway);
    stored_bank_start(&bank);
    assert_has(the_case(), "\"disposition\":\"false_positive\",\"reviewer\":\"li\"");
    assert_int_equal(cases_in(get("/v1/cases?disposition=false_positive")), 1);
    assert_int_equal(step("release", WHY, "li"), 409);
    assert_int_equal(step("release", WHY, "wang"), 200);
    stored_bank_end(&bank);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_case_is_its_payment_and_its_alerts),
        cmocka_unit_test(another_person_than_the_reviewer_releases),
        cmocka_unit_test(without_names_nobody_is_another_person),
        cmocka_unit_test(a_disposition_may_change_while_the_case_is_open),
        cmocka_unit_test(only_a_listed_persons_payment_is_frozen),
        cmocka_unit_test(each_decision_moves_as_the_picture_says),
        cmocka_unit_test(time_releases_only_what_nobody_found_wrong),
        cmocka_unit_test(who_is_not_there_has_no_case),
        cmocka_unit_test(the_queue_is_filtered_and_paged),
        cmocka_unit_test(a_page_of_very_large_payments_ends_early),
        cmocka_unit_test(a_query_that_makes_no_sense_is_refused),
        cmocka_unit_test(a_case_goes_on_after_a_restart),
    };

    return cmocka_run_group_tests_name("cases", tests, NULL, NULL);
}
