/*
 * Instants, durations and clocks.  Expected milliseconds were worked out with
 * GNU date (date -d TEXT +%s), not with the code under test.
 */
#include <string.h>

#include "gateway/base/time.h"
#include "tests/support/test.h"

static void
instants_are_read_with_their_offset(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } cases[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"2024-04-17T09:30:00+08:00", 1713317400000},
        {"2024-04-17T01:30:00.120Z", 1713317400120},
        {"2024-04-17T01:30:00.1z", 1713317400100},
        {"2024-04-17t01:30:00.123456789Z", 1713317400123},
        {"2024-02-29T23:59:59-11:30", 1709292599000},
        {"2000-02-29T12:00:00Z", 951825600000},
        {"9999-12-31T23:59:59.999+08:00", 253402271999999},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t ms = -1;

        assert_true(instant_parse(cases[i].text, &ms));
        assert_int_equal(ms, cases[i].ms);
    }
}

static void
what_is_no_instant_is_refused(void **state)
{
    static const char *const cases[] = {
        "",
        "2024-04-17",
        "2024-04-17T09:30:00",
        "2024-04-17 09:30:00Z",
        "2023-02-29T00:00:00Z",
        "2100-02-29T00:00:00Z",
        "2024-13-01T00:00:00Z",
        "2024-00-01T00:00:00Z",
        "2024-04-31T00:00:00Z",
        "2024-04-17T24:00:00Z",
        "2024-04-17T09:60:00Z",
        "2024-04-17T09:30:60Z",
        "2024-04-17T09:30:00.Z",
        "2024-04-17T09:30:00.1234567890Z",
        "2024-04-17T09:30:00+0800",
        "2024-04-17T09:30:00+24:00",
        "2024-04-17T09:30:00Zx",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+08:00",
        "9999-12-31T16:00:00Z", /* the year 10000 in Shanghai */
        "+2024-04-17T09:30:00Z",
        "2024-4-17T09:30:00Z",
    };
    int64_t ms;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        if (instant_parse(cases[i], &ms))
            fail_msg("\"%s\" was taken", cases[i]);
}

static void
a_time_without_offset_is_shanghai_where_that_is_allowed(void **state)
{
    int64_t ms;

    (void)state;
    assert_true(instant_parse_local("2024-03-20", &ms));
    assert_int_equal(ms, 1710864000000); /* 2024-03-19T16:00:00Z */
    assert_true(instant_parse_local("2024-04-15T09:00:00", &ms));
    assert_int_equal(ms, 1713142800000); /* 01:00 in Greenwich */
    assert_true(instant_parse_local("2024-04-15T09:00:00Z", &ms));
    assert_int_equal(ms, 1713171600000);
    assert_false(instant_parse_local("2024-04-15T", &ms));
    assert_false(instant_parse_local("2024-04-15T09:00", &ms));
}

static void
instants_are_printed_in_shanghai(void **state)
{
    static const struct {
        int64_t ms;
        const char *text;
    } cases[] = {
        {0, "1970-01-01T08:00:00.000+08:00"},
        {1713317400120, "2024-04-17T09:30:00.120+08:00"},
        {1709222399999, "2024-02-29T23:59:59.999+08:00"},
        {1709222400000, "2024-03-01T00:00:00.000+08:00"},
        {1735660800000, "2025-01-01T00:00:00.000+08:00"},
    };
    char text[INSTANT_TEXT_SIZE], day[DAY_TEXT_SIZE];

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        instant_print(cases[i].ms, text);
        assert_string_equal(text, cases[i].text);
        day_print(cases[i].ms, day);
        assert_int_equal(strlen(day), strlen("2024-04-17"));
        assert_int_equal(strncmp(day, text, strlen(day)), 0);
    }
}

static void
every_day_for_a_century_survives_the_round_trip(void **state)
{
    (void)state;
    for (int64_t day = 0; day < 36525; day++) {
        char text[INSTANT_TEXT_SIZE];
        int64_t ms = day * 86400000 + 12345678, back = -1;

        instant_print(ms, text);
        assert_true(instant_parse(text, &back));
        assert_int_equal(back, ms);
    }
}

static void
durations_have_a_fixed_length(void **state)
{
    static const struct {
        const char *text;
        int64_t ms; /* -1: refused */
    } cases[] = {
        {"P40D", 3456000000},
        {"PT1S", 1000},
        {"P1DT2H30M", 95400000},
        {"P2W", 1209600000},
        {"PT0S", 0},
        {"P1W1D", 691200000},
        {"", -1},
        {"P", -1},
        {"PT", -1},
        {"P1DT", -1},
        {"40D", -1},
        {"P1Y", -1},
        {"P1M", -1},
        {"PT1D", -1},
        {"P1H", -1},
        {"P1D1D", -1},
        {"PT1S1M", -1},
        {"P-1D", -1},
        {"P1.5D", -1},
        {"P99999999999999999999D", -1},
        {"P40D ", -1},
        {"PD", -1},
        {"p40D", -1},
        {"P40000D", -1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t ms = -1;

        if (duration_parse(cases[i].text, &ms) != (cases[i].ms >= 0) || ms != cases[i].ms)
            fail_msg("\"%s\" gave %lld", cases[i].text, (long long)ms);
    }
}

static void
a_manual_clock_moves_only_when_told_to(void **state)
{
    struct error err = {0};
    struct clock clock;

    (void)state;
    assert_int_equal(clock_init(&clock, "manual:2024-04-15T09:00:00", &err), 0);
    assert_int_equal(clock_now(&clock), 1713142800000);
    assert_int_equal(clock_advance(&clock, 5000, &err), 0);
    assert_int_equal(clock_now(&clock), 1713142805000);
    assert_int_equal(clock_advance(&clock, 0, &err), -1);
    assert_int_equal(err.code, ERROR_INVALID);
    assert_int_equal(clock_now(&clock), 1713142805000);
}

static void
a_manual_clock_ends_with_the_year_9999(void **state)
{
    struct error err = {0};
    struct clock clock;

    (void)state;
    assert_int_equal(clock_init(&clock, "manual:9999-12-31T23:59:59", &err), 0);
    assert_int_equal(clock_advance(&clock, 1000, &err), -1);
    assert_int_equal(err.code, ERROR_INVALID);
    assert_int_equal(clock_advance(&clock, INT64_MAX, &err), -1);
    assert_int_equal(clock_advance(&clock, 999, &err), 0);
    assert_int_equal(clock_now(&clock), INSTANT_MAX_MS);
}

static void
other_clocks_cannot_be_advanced(void **state)
{
    struct error err = {0};
    struct clock clock;

    (void)state;
    assert_int_equal(clock_init(&clock, "from:2024-04-15", &err), 0);
    assert_true(clock_now(&clock) >= 1713110400000);
    assert_true(clock_now(&clock) < 1713110400000 + 3600000);
    assert_int_equal(clock_advance(&clock, 1, &err), -1);
    assert_int_equal(err.code, ERROR_CONFLICT);
}

static void
a_payment_clock_follows_the_latest_payment(void **state)
{
    struct error err = {0};
    struct clock clock;
    int64_t now;

    (void)state;
    assert_int_equal(clock_init(&clock, "payment", &err), 0);
    assert_int_equal(clock_of_payment(&clock, 0, &now, &err), -1); /* required */
    assert_int_equal(clock_of_payment(&clock, 1713317400000, &now, &err), 0);
    assert_int_equal(now, 1713317400000);
    assert_int_equal(clock_now(&clock), 0); /* judged, not taken */
    clock_reach(&clock, now);
    assert_int_equal(clock_now(&clock), 1713317400000);
    assert_int_equal(clock_of_payment(&clock, now - CLOCK_PAYMENT_BACK_MS_MAX, &now, &err), 0);
    clock_reach(&clock, now);
    assert_int_equal(clock_now(&clock), 1713317400000);
    assert_int_equal(
        clock_of_payment(&clock, 1713317400000 - CLOCK_PAYMENT_BACK_MS_MAX - 1, &now, &err),
        -1);
    assert_int_equal(
        clock_of_payment(&clock, 1713317400000 + CLOCK_PAYMENT_AHEAD_MS_MAX, &now, &err), 0);
    assert_int_equal(
        clock_of_payment(&clock, 1713317400000 + CLOCK_PAYMENT_AHEAD_MS_MAX + 1, &now, &err),
        -1);
}

static void
a_clock_nobody_knows_is_refused(void **state)
{
    static const char *const cases[] = {
        "",          "wal",         "wall:2024-04-15", "from", "manual:", "from:2024-02-30",
        "payment:1", ":2024-04-15",
    };
    struct error err;
    struct clock clock;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        err = (struct error){0};
        assert_int_equal(clock_init(&clock, cases[i], &err), -1);
        assert_int_equal(err.code, ERROR_INVALID);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instants_are_read_with_their_offset),
        cmocka_unit_test(what_is_no_instant_is_refused),
        cmocka_unit_test(a_time_without_offset_is_shanghai_where_that_is_allowed),
        cmocka_unit_test(instants_are_printed_in_shanghai),
        cmocka_unit_test(every_day_for_a_century_survives_the_round_trip),
        cmocka_unit_test(durations_have_a_fixed_length),
        cmocka_unit_test(a_manual_clock_moves_only_when_told_to),
        cmocka_unit_test(a_manual_clock_ends_with_the_year_9999),
        cmocka_unit_test(other_clocks_cannot_be_advanced),
        cmocka_unit_test(a_payment_clock_follows_the_latest_payment),
        cmocka_unit_test(a_clock_nobody_knows_is_refused),
    };

    return cmocka_run_group_tests_name("time", tests, NULL, NULL);
}
