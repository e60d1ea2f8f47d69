/*
 * Terms: how long what waits lasts and how it ends, drawn over ten thousand
 * payments and compared with the figures that were asked for.
 */
#include <math.h>
#include <stdlib.h>

#include "policy/book.h"
#include "policy/book_terms.h"
#include "policy/chain.h"
#include "policy/course.h"
#include "policy/terms.h"
#include "tests/policy/fixture.h"
#include "tests/support/test.h"

#define DAY_MS   (24 * 3600 * 1000.0)
#define PAYMENTS 10000
#define START    "2024-04-15T09:00:00"

#define HEAD "{\"book\":\"b\",\"default_action\":\"accept\",\"terms\":"
#define TAIL                                                                                   \
    ",\"calendar\":{\"holidays\":[[\"2024-02-10\",\"2024-02-17\"]],"                           \
    "\"workdays\":[\"2024-02-04\",\"2024-02-18\"]},"                                           \
    "\"banks\":[{\"bic\":\"HLDBCNBS\",\"name\":\"Hulan\",\"class\":\"joint_stock\"}],"         \
    "\"regimes\":[{\"from\":\"2024-01-01\",\"policies\":{}}]}"
#define RETURN_ALL "{\"action\":\"return\",\"reason\":{\"code\":\"RR04\",\"text\":\"ran out\"}}"
#define RETURN(more)                                                                           \
    "{\"action\":\"return\",\"reason\":{\"code\":\"RR04\",\"text\":\"ran out\"}," more "}"
#define HOLD(lasts, ends) "{\"hold\":{\"lasts\":" lasts ",\"ends\":" ends "}}"
#define ASK(members)      "{\"request_information\":{" members "}}"

static struct arena arena;

static int
read_terms(const char *terms, struct book *book, struct error *err)
{
    const char *text = arena_printf(&arena, "%s%s%s", HEAD, terms, TAIL);
    const struct snapshot_sources sources = fixture_sources();
    struct document document;

    *err = (struct error){0};
    if (document_parse(&arena, "b.json", text, strlen(text), &document, err) != 0 ||
        book_read(&document, &arena, book, err) != 0)
        return -1;
    return book_settle_terms(&book->terms, "b.json", &sources, err);
}

/* The book with these terms, and the payment's uetr to come. */
static struct course_of
by(const char *terms)
{
    struct book *book = arena_alloc(&arena, sizeof(*book));
    struct error err;

    if (read_terms(terms, book, &err) != 0)
        fail_msg("%s", err.text);
    return (struct course_of){&book->terms, &book->calendar, "", 1};
}

static const char *
uetr_of(int n)
{
    static char text[40];

    snprintf(text, sizeof(text), "%08x-7b6f-4491-a06f-b548d5a7512d", (unsigned)n * 2654435761u);
    return text;
}

static int64_t
start(void)
{
    return fixture_time(START);
}

static struct course
hold_of(struct course_of of, int n)
{
    struct course course;

    of.uetr = uetr_of(n);
    course_hold(&of, start(), &course);
    return course;
}

/* -- how long -- */

static void
a_hold_lasts_as_reported_with_its_tail(void **state)
{
    struct course_of of = by(
        HOLD("{\"days\":[30,35,40],\"tail\":{\"share\":0.1,\"days\":[90,120]}}", RETURN_ALL));
    double sum = 0, least = 1e9, most = 0;
    int body = 0, late = 0, middle = 0;

    (void)state;
    for (int n = 0; n < PAYMENTS; n++) {
        struct course course = hold_of(of, n);
        double days = (double)(course.at_ms - start()) / DAY_MS;

        assert_int_equal(course.action, POLICY_RETURN);
        if (days >= 90 && days <= 120) {
            late++;
        } else {
            assert_true(days >= 30 && days <= 40);
            body++;
            sum += days;
            middle += days >= 32.5 && days <= 37.5;
            least = fmin(least, days);
            most = fmax(most, days);
        }
    }
    assert_true(fabs((double)late / PAYMENTS - 0.1) < 0.01);
    assert_true(fabs(sum / body - 35) < 0.1);
    assert_true(fabs((double)middle / body - 0.75) < 0.02); /* of a triangle's area */
    assert_true(least < 30.5 && most > 39.5);
}

static void
a_triangle_may_lean(void **state)
{
    struct course_of of = by(HOLD("{\"days\":[3,14,21]}", RETURN_ALL));
    double sum = 0;

    (void)state;
    for (int n = 0; n < PAYMENTS; n++) {
        double days = (double)(hold_of(of, n).at_ms - start()) / DAY_MS;

        assert_true(days >= 3 && days <= 21);
        sum += days;
    }
    assert_true(fabs(sum / PAYMENTS - (3 + 14 + 21) / 3.0) < 0.15);
}

static void
the_same_payment_and_seed_meet_the_same_course(void **state)
{
    struct course_of of = by(HOLD("{\"days\":[30,35,40]}", RETURN_ALL)), other = of;
    int different = 0;

    (void)state;
    other.seed = 2;
    for (int n = 0; n < 100; n++) {
        assert_true(hold_of(of, n).at_ms == hold_of(of, n).at_ms);
        different += hold_of(of, n).at_ms != hold_of(other, n).at_ms;
    }
    assert_int_equal(different, 100);
    assert_true(hold_of(of, 1).at_ms != hold_of(of, 2).at_ms);
}

static void
a_share_ends_so_and_the_rest_otherwise(void **state)
{
    struct course_of of = by(HOLD("\"P35D\"", RETURN("\"share\":0.6")));
    struct course_of late =
        by(HOLD("\"P35D\"", RETURN("\"share\":0.6,\"otherwise\":\"accept\"")));
    int returned = 0;

    (void)state;
    for (int n = 0; n < PAYMENTS; n++) {
        struct course course = hold_of(of, n), other = hold_of(late, n);

        returned += course.action == POLICY_RETURN;
        if (course.action == POLICY_RETURN) {
            assert_true(course.at_ms == start() + (int64_t)(35 * DAY_MS));
            assert_string_equal(course.reason.code, "RR04");
            assert_string_equal(course.disclosed.text, "ran out");
            assert_int_equal(other.action, POLICY_RETURN);
        } else {
            assert_int_equal(course.action, POLICY_HOLD);
            assert_true(course.at_ms == 0); /* W2 */
            assert_int_equal(other.action, POLICY_ACCEPT);
            assert_true(other.at_ms == start() + (int64_t)(35 * DAY_MS));
            assert_string_equal(other.reason.code, "");
        }
    }
    assert_true(fabs((double)returned / PAYMENTS - 0.6) < 0.015);
}

static void
bank_days_go_round_the_spring_festival(void **state)
{
    struct course_of of = by(HOLD("{\"bank_days\":10}", RETURN_ALL));
    struct course course;

    (void)state;
    of.uetr = uetr_of(1);
    course_hold(&of, fixture_time("2024-02-02T16:45:00"), &course);
    assert_true(course.at_ms == fixture_time("2024-02-21T16:45:00"));
    of = by(HOLD("{\"bank_days\":[3,5,10]}", RETURN_ALL));
    for (int n = 0; n < 1000; n++) {
        int64_t days;

        of.uetr = uetr_of(n);
        course_hold(&of, fixture_time("2024-04-15T09:00:00"), &course);
        days = (course.at_ms - fixture_time("2024-04-15T09:00:00")) / (int64_t)DAY_MS;
        assert_true(days >= 3 && days <= 14); /* 18 April to 29 April, no holiday between */
        assert_true(calendar_is_bank_day(of.calendar, course.at_ms));
    }
}

static void
what_follows_is_later(void **state) /* W1 */
{
    struct course_of of = by(HOLD("{\"days\":0}", RETURN_ALL));

    (void)state;
    assert_true(hold_of(of, 1).at_ms == start() + 1);
}

static void
nothing_follows_after_the_end_of_time(void **state) /* W1 */
{
    static const struct {
        const char *terms;
        int64_t from_ms, at_ms; /* before the end */
    } cases[] = {
        {HOLD("\"P3650D\"", RETURN_ALL), 0, 0},
        {HOLD("\"P3650D\"", RETURN_ALL), 1000, 0},
        {HOLD("{\"days\":[3650,3650,3650]}", RETURN_ALL), 0, 0},
        {HOLD("{\"bank_days\":1000}", RETURN_ALL), 0, 0},
        {HOLD("{\"bank_days\":1000}", RETURN_ALL), 1000, 999},
        {HOLD("{\"bank_days\":1000}", RETURN_ALL), 24 * 3600 * 1000 + 1000, 1000},
        {HOLD("{\"days\":0}", RETURN_ALL), 0, 0},
        {HOLD("{\"days\":0}", RETURN_ALL), 1000, 999},
        {HOLD("\"PT1S\"", RETURN_ALL), 3000, 2000},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct course_of of = by(cases[i].terms);
        struct course course;

        of.uetr = uetr_of(1);
        course_hold(&of, INSTANT_MAX_MS - cases[i].from_ms, &course);
        assert_int_equal(INSTANT_MAX_MS - course.at_ms, cases[i].at_ms);
    }
}

/* -- a decision's -- */

static struct decision
decide(struct course_of of, enum policy_action action, const struct policy_terms *terms)
{
    struct fixture fixture;
    struct decision decision = {.action = action, .terms = terms};

    fixture_init(&fixture);
    of.uetr = fixture.payment.uetr;
    course_decide(&of, &fixture.payment, start(), &arena, &decision);
    return decision;
}

/* W4 */
static void
a_hold_with_an_error_is_not_released_by_time(void **state)
{
    struct course_of of = by(HOLD("{\"days\":3}", "{\"action\":\"accept\"}"));
    struct decision decision = {.action = POLICY_HOLD};
    struct fixture fixture;

    (void)state;
    fixture_init(&fixture);
    of.uetr = fixture.payment.uetr;
    course_decide(&of, &fixture.payment, start(), &arena, &decision);
    assert_int_equal(decision.follows.action, POLICY_ACCEPT);
    assert_true(decision.follows.at_ms > start());
    decision.error_count = 1;
    course_decide(&of, &fixture.payment, start(), &arena, &decision);
    assert_int_equal(decision.follows.at_ms, 0);
}

static void
a_book_that_says_nothing_waits_for_people_and_for_answers(void **state)
{
    struct course_of of = by("{}");
    struct decision decision = decide(of, POLICY_ACCEPT, NULL);

    (void)state;
    assert_true(decision.follows.at_ms == fixture_time("2024-04-16T09:00:00"));
    assert_int_equal(decision.follows.action, POLICY_ACCEPT);
    decision = decide(of, POLICY_HOLD, NULL);
    assert_true(decision.follows.at_ms == 0);
    decision = decide(of, POLICY_REQUEST_INFORMATION, NULL);
    assert_true(decision.follows.at_ms == fixture_time("2024-04-29T09:00:00"));
    assert_int_equal(decision.follows.action, POLICY_RETURN);
    assert_string_equal(decision.follows.reason.code, "RUTA");
    assert_int_equal(decision.questions.complete.action, POLICY_ACCEPT);
    assert_int_equal(decision.questions.partial.action, POLICY_HOLD);
    assert_int_equal(decision.questions.contradictory.action, POLICY_HOLD);
    assert_string_equal(decision.questions.contradictory.reason.code, "NARR");
    decision = decide(of, POLICY_RETURN, NULL);
    assert_true(decision.follows.at_ms == 0 && decision.charges_minor == 0);
    decision = decide(of, POLICY_FREEZE, NULL);
    assert_true(decision.follows.at_ms == 0);
}

static void
a_rule_goes_before_the_book_member_by_member(void **state)
{
    const struct policy_span week = {.size = sizeof(week), .least = 7, .likely = 7, .most = 7};
    const struct policy_end refused = {.size = sizeof(refused),
                                       .action = POLICY_REJECT,
                                       .otherwise = POLICY_HOLD,
                                       .share = 1,
                                       .reason = {"RR04", "whatever it says"},
                                       .disclosed = {"MS03", ""}};
    const struct policy_terms own = {.size = sizeof(own), .lasts = &week, .complete = &refused};
    struct course_of of = by("{\"hold\":{\"lasts\":\"P35D\",\"ends\":" RETURN_ALL "}}");
    struct decision decision = decide(of, POLICY_REQUEST_INFORMATION, &own);

    (void)state;
    assert_true(decision.follows.at_ms == start() + (int64_t)(7 * DAY_MS));
    assert_int_equal(decision.follows.action, POLICY_RETURN); /* the built-in */
    assert_int_equal(decision.questions.complete.action, POLICY_REJECT);
    assert_string_equal(decision.questions.complete.disclosed.code, "MS03");
    assert_true(decision.questions.complete.at_ms == 0);
    assert_int_equal(decision.questions.partial.action, POLICY_HOLD);
    decision = decide(of, POLICY_HOLD, &own);
    assert_true(decision.follows.at_ms == start() + (int64_t)(7 * DAY_MS));
    assert_string_equal(decision.follows.reason.text, "ran out");
    decision = decide(of, POLICY_ACCEPT, &own);
    assert_true(decision.follows.at_ms == start() + (int64_t)(7 * DAY_MS));
}

/* Three rules that ask and one that accepts: what only the three ask, each once. */
static void
all_that_fired_ask_and_nothing_twice(void **state)
{
    static const char *const goods[] = {"RQSG/RQHS", "RQSG/RQCM"};
    static const char *const papers[] = {"RQDO/RQCD", "RQSG/RQHS"};
    const struct policy_terms first = {.size = sizeof(first), .ask_count = 2, .asks = goods};
    const struct policy_terms second = {.size = sizeof(second), .ask_count = 2, .asks = papers};
    const struct fired_rule accepts = {.action = POLICY_ACCEPT, .terms = &second};
    const struct fired_rule third = {.action = POLICY_REQUEST_INFORMATION, .terms = &second};
    const struct fired_rule other = {.action = POLICY_REQUEST_INFORMATION, .next = &third};
    const struct fired_rule asks = {
        .action = POLICY_REQUEST_INFORMATION, .terms = &first, .next = &other};
    struct course_of of = by(ASK("\"asks\":[\"RQPR/RQOW\"]"));
    struct decision decision = {.action = POLICY_REQUEST_INFORMATION, .rules = &asks};
    struct fixture fixture;

    (void)state;
    fixture_init(&fixture);
    of.uetr = fixture.payment.uetr;
    course_decide(&of, &fixture.payment, start(), &arena, &decision);
    assert_int_equal(decision.questions.count, 3);
    assert_string_equal(decision.questions.asks[0], "RQSG/RQHS");
    assert_string_equal(decision.questions.asks[1], "RQSG/RQCM");
    assert_string_equal(decision.questions.asks[2], "RQDO/RQCD");
    decision.rules = &accepts; /* which asks nothing: the book does */
    course_decide(&of, &fixture.payment, start(), &arena, &decision);
    assert_int_equal(decision.questions.count, 1);
    assert_string_equal(decision.questions.asks[0], "RQPR/RQOW");
    decision.action = POLICY_HOLD;
    decision.rules = &asks;
    course_decide(&of, &fixture.payment, start(), &arena, &decision);
    assert_int_equal(decision.questions.count, 0);
    assert_string_equal(decide(by("{}"), POLICY_REQUEST_INFORMATION, NULL).questions.asks[0],
                        "RQDO/RQIN");
}

static void
charges_are_less_than_the_amount(void **state) /* W3 */
{
    static const struct {
        const char *currency;
        int64_t amount, charges;
    } cases[] = {
        {"CNY", 125000000, 20000},
        {"CNY", 20000, 19999},
        {"CNY", 1, 0},
        {"JPY", 5000, 300},
        {"EUR", 125000, 2500},
        {"EUR", 49, 0},
        {"USD", 125000, 125},
        {"USD", 999, 0},
        {"USD", 1000000000000000000, 1000000000000000},
    };
    struct course_of of =
        by("{\"charges\":{\"CNY\":\"200.00\",\"JPY\":\"300\",\"EUR\":0.02,\"*\":0.001}}");

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (book_charges(of.terms, cases[i].currency, cases[i].amount) != cases[i].charges)
            fail_msg("%zu: %lld", i,
                     (long long)book_charges(of.terms, cases[i].currency, cases[i].amount));
    assert_int_equal(decide(of, POLICY_RETURN, NULL).charges_minor, 20000);
    assert_int_equal(decide(of, POLICY_REJECT, NULL).charges_minor, 0);
}

/* -- faults -- */

static void
every_fault_has_its_place(void **state)
{
    static const struct {
        const char *terms, *says;
    } cases[] = {
        /* clang-format off */
        {"7", "/terms: expected an object; found 7"},
        {"{\"holds\":{}}", "/terms/holds: expected only the members accept, hold, request_information, charges"},
        {"{\"accept\":{}}", "/terms/accept/lasts: expected a duration such as \"P35D\", at most ten years, or an object of days or bank_days; found nothing"},
        {"{\"accept\":{\"lasts\":\"35D\"}}", "/terms/accept/lasts: expected a duration"},
        {"{\"accept\":{\"lasts\":\"P5000D\"}}", "/terms/accept/lasts: expected a duration"},
        {"{\"hold\":{\"lasts\":\"P35D\"}}", "/terms/hold/ends: expected an object; found nothing"},
        {HOLD("{}", RETURN_ALL), "/terms/hold/lasts: expected either days or bank_days; found an object"},
        {HOLD("{\"days\":3,\"bank_days\":3}", RETURN_ALL), "/terms/hold/lasts: expected either days or bank_days"},
        {HOLD("{\"days\":[3,2,4]}", RETURN_ALL), "/terms/hold/lasts/days/1: expected a number, 3 to 3650; found 2"},
        {HOLD("{\"days\":[3,4]}", RETURN_ALL), "/terms/hold/lasts/days: expected an array of 3 to 3 elements; found an array of 2"},
        {HOLD("{\"days\":-1}", RETURN_ALL), "/terms/hold/lasts/days: expected a number, 0 to 3650; found -1"},
        {HOLD("{\"days\":\"params.x\"}", RETURN_ALL), "/terms/hold/lasts/days: expected a number, 0 to 3650; found \"params.x\""},
        {HOLD("{\"bank_days\":2.5}", RETURN_ALL), "/terms/hold/lasts/bank_days: expected a whole number, 0 to 1000; found 2.5"},
        {HOLD("{\"days\":3,\"tail\":{\"share\":1.5,\"days\":[4,5]}}", RETURN_ALL), "/terms/hold/lasts/tail/share: expected a number, 0 to 1; found 1.5"},
        {HOLD("{\"days\":3,\"tail\":{\"share\":0.5,\"days\":4}}", RETURN_ALL), "/terms/hold/lasts/tail/days: expected an array of 2 to 2 elements; found 4"},
        {HOLD("{\"days\":3,\"tail\":{\"share\":0.5,\"bank_days\":[4,5]}}", RETURN_ALL), "/terms/hold/lasts/tail/bank_days: expected only the members share, days"},
        {HOLD("\"P35D\"", "{\"action\":\"freeze\"}"), "/terms/hold/ends/action: expected accept, hold, return or reject; found \"freeze\""},
        {HOLD("\"P35D\"", "{\"action\":\"return\"}"), "/terms/hold/ends/reason: expected an object; found nothing"},
        {HOLD("\"P35D\"", RETURN("\"share\":-0.1")), "/terms/hold/ends/share: expected a number, 0 to 1; found -0.1"},
        {HOLD("\"P35D\"", RETURN("\"otherwise\":\"return\"")), "/terms/hold/ends/otherwise: expected accept or hold; found \"return\""},
        {HOLD("\"P35D\"", RETURN("\"disclosed\":{\"code\":\"LEGAL\"}")), "/terms/hold/ends/disclosed/code: expected a code of four capital letters and digits; found \"LEGAL\""},
        {HOLD("\"P35D\"", RETURN("\"disclosed\":{\"code\":\"LEGL\"}")), "b.json: /terms/hold/ends: expected reasons of the message that its action sends; found \"LEGL\""},
        {ASK("\"lasts\":7"), "/terms/request_information/lasts: expected a duration"},
        {ASK("\"asks\":[]"), "/terms/request_information/asks: expected an array of 1 to 32 elements; found an array of 0"},
        {ASK("\"asks\":[\"RQHS\"]"), "/terms/request_information/asks/0: expected a code of camt.110: RQSG/ with RQHS RQDG"},
        {ASK("\"asks\":[\"AMLI\",\"AMLI\"]"), "/terms/request_information/asks/1: expected each question once; found \"AMLI\""},
        {ASK("\"complete\":{\"action\":\"reject\"}"), "/terms/request_information/complete/reason: expected an object; found nothing"},
        {ASK("\"partial\":{\"action\":\"reject\",\"reason\":{\"code\":\"LEGL\",\"text\":\"x\"}}"), "b.json: /terms/request_information/partial: expected reasons of the message"},
        {"{\"charges\":7}", "/terms/charges: expected an object of at most 200 currencies; found 7"},
        {"{\"charges\":{\"yuan\":\"1.00\"}}", "/terms/charges/yuan: expected the charge of a currency, or of \"*\": all others; found \"1.00\""},
        {"{\"charges\":{\"CNY\":200}}", "/terms/charges/CNY: expected an amount such as \"200.00\", or a share of it, 0 to 0.5; found 200"},
        {"{\"charges\":{\"*\":\"200.00\"}}", "/terms/charges/*: expected a share of the amount, 0 to 0.5; found \"200.00\""},
        {"{\"charges\":{\"JPY\":\"200.00\"}}", "b.json: /terms/charges/JPY: expected an amount of a currency, with its decimals; found \"200.00\""},
        {"{\"charges\":{\"XQZ\":\"200.00\"}}", "b.json: /terms/charges/XQZ: expected an amount of a currency"},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct book book;
        struct error err;

        if (read_terms(cases[i].terms, &book, &err) == 0)
            fail_msg("passes: %s", cases[i].terms);
        if (!strstr(err.text, cases[i].says))
            fail_msg("%s\n  does not say: %s", err.text, cases[i].says);
    }
}

/* What a plugin might hand over: one member of sound terms spoilt. */
static void
terms_of_a_plugin_are_looked_at_before_they_are_used(void **state)
{
    const struct policy_span days = {.size = sizeof(days), .least = 1, .likely = 2, .most = 3};
    const struct policy_end end = {.size = sizeof(end),
                                   .action = POLICY_RETURN,
                                   .otherwise = POLICY_HOLD,
                                   .share = 1,
                                   .reason = {"RR04", "x"}};
    struct policy_span span = days;
    struct policy_end ends = end;
    struct policy_terms terms = {.size = sizeof(terms), .lasts = &span, .complete = &ends};

    (void)state;
    assert_null(terms_fault(&terms));
    span.most = 1.5;
    assert_string_equal(terms_fault(&terms), "a span whose days are out of order or of bounds");
    span = days, span.likely = NAN;
    assert_non_null(terms_fault(&terms));
    span = days, span.most = INFINITY;
    assert_non_null(terms_fault(&terms));
    span = days, span.size = 8;
    assert_string_equal(terms_fault(&terms), "a span of an unknown size");
    span = days, ends.action = POLICY_FREEZE;
    assert_string_equal(terms_fault(&terms),
                        "an end of an unknown action, or without a share or a reason");
    ends = end, ends.share = NAN;
    assert_non_null(terms_fault(&terms));
    ends = end, ends.reason.code = NULL;
    assert_non_null(terms_fault(&terms));
    ends = end, ends.otherwise = 0;
    assert_non_null(terms_fault(&terms));
    ends = end, ends.size = 4;
    assert_string_equal(terms_fault(&terms), "an end of an unknown size");
    ends = end, terms.ask_count = 1;
    assert_string_equal(terms_fault(&terms), "questions that are too many or missing");
    terms.asks = (const char *const[]){NULL};
    assert_string_equal(terms_fault(&terms), "a question that is not in the catalogue");
    terms.ask_count = 0, terms.size = 8;
    assert_string_equal(terms_fault(&terms), "terms of an unknown size");
}

static void
a_copy_owes_nothing_to_what_it_was_made_of(void **state)
{
    char code[] = "RR04";
    struct policy_span span = {.size = sizeof(span), .least = 1, .likely = 2, .most = 3};
    struct policy_end end = {.size = sizeof(end), .share = 1, .reason = {code, NULL}};
    struct policy_terms terms = {.size = sizeof(terms), .lasts = &span, .partial = &end};
    const struct policy_terms *copy = terms_copy(&arena, &terms);

    (void)state;
    memset(code, 'x', 4);
    span.most = 9, end.share = 0;
    assert_true(copy->lasts->most == 3 && copy->partial->share == 1);
    assert_string_equal(copy->partial->reason.code, "RR04");
    assert_string_equal(copy->partial->reason.text, "");
    assert_string_equal(copy->partial->disclosed.code, "");
    assert_null(copy->ends);
}

/* A plugin's struct of so many bytes, nothing behind them; its first member says how many. */
static void *
stated(const void *from, size_t size, uint32_t bytes)
{
    char *block = malloc(bytes);

    assert_non_null(block);
    memset(block, 0x55, bytes);
    memcpy(block, from, size < bytes ? size : bytes);
    memcpy(block, &bytes, sizeof(bytes));
    return block;
}

static void
terms_of_another_minor_version_are_read_as_far_as_they_reach(void **state)
{
    static const struct {
        uint32_t terms, span, end; /* 56 bytes is what 1.2 has of each */
        const char *fault;
    } cases[] = {
        {56, 56, 56, NULL},
        {57, 64, 200, NULL},
        {200, 200, 56, NULL},
        {55, 56, 56, "terms of an unknown size"},
        {56, 55, 56, "a span of an unknown size"},
        {56, 56, 55, "an end of an unknown size"},
    };
    const struct policy_span span = {.least = 1, .likely = 2, .most = 3, .tail_most = 4};
    const struct policy_end end = {.action = POLICY_HOLD,
                                   .otherwise = POLICY_HOLD,
                                   .share = 0.5,
                                   .disclosed = {"NARR", "last"}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct policy_span *lasts = stated(&span, sizeof(span), cases[i].span);
        struct policy_end *last = stated(&end, sizeof(end), cases[i].end);
        const struct policy_terms whole = {.lasts = lasts, .contradictory = last};
        struct policy_terms *terms = stated(&whole, sizeof(whole), cases[i].terms);
        const struct policy_terms *copy;

        if (cases[i].fault) {
            assert_string_equal(terms_fault(terms), cases[i].fault);
        } else {
            assert_null(terms_fault(terms));
            copy = terms_copy(&arena, terms);
            assert_int_equal(copy->size, sizeof(*copy));
            assert_int_equal(copy->lasts->size, sizeof(*copy->lasts));
            assert_true(copy->lasts->most == 3 && copy->lasts->tail_most == 4);
            assert_int_equal(copy->contradictory->size, sizeof(*copy->contradictory));
            assert_string_equal(copy->contradictory->disclosed.text, "last");
        }
        free(lasts);
        free(last);
        free(terms);
    }
}

static int
tear_down(void **state)
{
    (void)state;
    arena_reset(&arena);
    return 0;
}

static int
release(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

#define TEST(name) cmocka_unit_test_teardown(name, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_hold_lasts_as_reported_with_its_tail),
        TEST(a_triangle_may_lean),
        TEST(the_same_payment_and_seed_meet_the_same_course),
        TEST(a_share_ends_so_and_the_rest_otherwise),
        TEST(bank_days_go_round_the_spring_festival),
        TEST(what_follows_is_later),
        TEST(nothing_follows_after_the_end_of_time),
        TEST(a_hold_with_an_error_is_not_released_by_time),
        TEST(a_book_that_says_nothing_waits_for_people_and_for_answers),
        TEST(a_rule_goes_before_the_book_member_by_member),
        TEST(all_that_fired_ask_and_nothing_twice),
        TEST(charges_are_less_than_the_amount),
        TEST(every_fault_has_its_place),
        TEST(terms_of_a_plugin_are_looked_at_before_they_are_used),
        TEST(terms_of_another_minor_version_are_read_as_far_as_they_reach),
        TEST(a_copy_owes_nothing_to_what_it_was_made_of),
    };

    return cmocka_run_group_tests_name("terms", tests, NULL, release);
}
