/* timestamp(), duration() and their parts. */
#include <string.h>

#include "tests/rules/calls.h"

#define SECOND   1000000000LL
#define ANY_TIME "not a time of the years 0001 to 9999 such as 2024-04-15T09:00:00+08:00"
#define YEARS    "timestamp out of range: years go from 0001 to 9999"
#define ANY_SPAN "not a duration such as 1h30m, 720h, 1.5s or 100ms"
#define SPANS    "duration out of range: at most some 292 years"

static void
a_timestamp_is_read_as_rfc_3339_has_it(void **state)
{
    static const struct call calls[] = {
        {"timestamp", {S("2009-02-13T23:31:30Z")}, "timestamp('2009-02-13T23:31:30Z')"},
        {"timestamp", {S("1970-01-01T00:00:00Z")}, "timestamp('1970-01-01T00:00:00Z')"},
        {"timestamp", {S("2024-04-15T09:00:00+08:00")}, "timestamp('2024-04-15T01:00:00Z')"},
        {"timestamp", {S("2024-04-14T20:30:00-04:30")}, "timestamp('2024-04-15T01:00:00Z')"},
        {"timestamp", {S("1969-12-31T23:59:59.5Z")}, "timestamp('1969-12-31T23:59:59.5Z')"},
        {"timestamp", {S("2024-02-29T00:00:00Z")}, "timestamp('2024-02-29T00:00:00Z')"},
        {"timestamp",
         {S("2000-02-29T00:00:00.000000001Z")},
         "timestamp('2000-02-29T00:00:00.000000001Z')"},
        {"timestamp",
         {S("2000-01-01T00:00:00.1234567891Z")},
         "timestamp('2000-01-01T00:00:00.123456789Z')"},
        {"timestamp", {S("0001-01-01T00:00:00Z")}, "timestamp('0001-01-01T00:00:00Z')"},
        {"timestamp",
         {S("9999-12-31T23:59:59.999999999Z")},
         "timestamp('9999-12-31T23:59:59.999999999Z')"},
        {"timestamp",
         {S("0001-01-01T00:00:00+00:01")},
         "error: timestamp('0001-01-01T00:00:00+00:01'): " YEARS},
        {"timestamp",
         {S("9999-12-31T23:59:59-00:01")},
         "error: timestamp('9999-12-31T23:59:59-00:01'): " YEARS},
        {"timestamp",
         {S("0000-01-01T00:00:00Z")},
         "error: timestamp('0000-01-01T00:00:00Z'): " ANY_TIME},
        {"timestamp",
         {S("10000-01-01T00:00:00Z")},
         "error: timestamp('10000-01-01T00:00:00Z'): " ANY_TIME},
        {"timestamp", {I(0)}, "timestamp('1970-01-01T00:00:00Z')"},
        {"timestamp", {I(-62135596800)}, "timestamp('0001-01-01T00:00:00Z')"},
        {"timestamp", {I(-62135596801)}, "error: " YEARS},
        {"timestamp", {I(253402300799)}, "timestamp('9999-12-31T23:59:59Z')"},
        {"timestamp", {I(253402300800)}, "error: " YEARS},
        {"timestamp", {T(5, 7)}, "timestamp('1970-01-01T00:00:05.000000007Z')"},
        {"timestamp", {U(5)}, "error: no such overload: timestamp(uint)"},
        {"timestamp", {D(5)}, "error: no such overload: timestamp(double)"},
    };

    calls_check(*state, cel_time_functions, calls, COUNT(calls));
}

static void
what_is_no_timestamp_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "2024-04-15",
        "2024-04-15T09:00:00",
        "2024-04-15T09:00Z",
        "2024-04-15 09:00:00Z",
        "2024-04-15t09:00:00z",
        " 2024-04-15T09:00:00Z",
        "2024-04-15T09:00:00Z ",
        "2024-4-15T09:00:00Z",
        "24-04-15T09:00:00Z",
        "2024-04-15T9:00:00Z",
        "2024-13-15T09:00:00Z",
        "2024-00-15T09:00:00Z",
        "2024-04-31T09:00:00Z",
        "2024-04-00T09:00:00Z",
        "2023-02-29T09:00:00Z",
        "1900-02-29T09:00:00Z",
        "2024-04-15T24:00:00Z",
        "2024-04-15T09:60:00Z",
        "2024-04-15T09:00:60Z",
        "2024-04-15T09:00:00.Z",
        "2024-04-15T09:00:00,5Z",
        "2024-04-15T09:00:00+0800",
        "2024-04-15T09:00:00+08",
        "2024-04-15T09:00:00+24:00",
        "2024-04-15T09:00:00+08:60",
        "2024-04-15T09:00:00+-8:00",
        "2024-04-15T09:00:00ZZ",
        "-2024-04-15T09:00:00Z",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct cel_value value = cel_timestamp_parse(texts[i], strlen(texts[i]));

        if (value.kind != CEL_ERROR)
            fail_msg("\"%s\" is taken", texts[i]);
        assert_string_equal(value.text, ANY_TIME);
    }
    assert_int_equal(cel_timestamp_parse("2024-04-15T09:00:00Z\0", 21).kind, CEL_ERROR);
}

static void
a_duration_is_a_sum_of_units(void **state)
{
    static const struct call calls[] = {
        {"duration", {S("0")}, "duration('0s')"},
        {"duration", {S("-0")}, "duration('0s')"},
        {"duration", {S("0s")}, "duration('0s')"},
        {"duration", {S("1s")}, "duration('1s')"},
        {"duration", {S("+5s")}, "duration('5s')"},
        {"duration", {S("-5s")}, "duration('-5s')"},
        {"duration", {S("1h30m")}, "duration('5400s')"},
        {"duration", {S("-1.5h")}, "duration('-5400s')"},
        {"duration", {S("720h")}, "duration('2592000s')"},
        {"duration", {S("1h1m1s1ms1us1ns")}, "duration('3661.001001001s')"},
        {"duration", {S("1m1m")}, "duration('120s')"},
        {"duration", {S("100ms")}, "duration('0.1s')"},
        {"duration", {S("1us")}, "duration('0.000001s')"},
        {"duration", {S("1\xc2\xb5s")}, "duration('0.000001s')"},
        {"duration", {S("1\xce\xbcs")}, "duration('0.000001s')"},
        {"duration", {S("1ns")}, "duration('0.000000001s')"},
        {"duration", {S("0.9ns")}, "duration('0s')"},
        {"duration", {S(".5s")}, "duration('0.5s')"},
        {"duration", {S("1.s")}, "duration('1s')"},
        {"duration", {S("0.000000000000000001h")}, "duration('0s')"},
        {"duration", {S("0.3333333333333333333h")}, "duration('1199.999999999s')"},
        {"duration", {S("1000000s")}, "duration('1000000s')"},
        {"duration", {S("9223372036.854775807s")}, "duration('9223372036.854775807s')"},
        {"duration", {S("-9223372036.854775808s")}, "duration('-9223372036.854775808s')"},
        {"duration",
         {S("9223372036.854775808s")},
         "error: duration('9223372036.854775808s'): " SPANS},
        {"duration",
         {S("-9223372036.854775809s")},
         "error: duration('-9223372036.854775809s'): " SPANS},
        {"duration", {S("320000000000s")}, "error: duration('320000000000s'): " SPANS},
        {"duration",
         {S("99999999999999999999s")},
         "error: duration('99999999999999999999s'): " SPANS},
        {"duration",
         {S("2562047h2562047h2562047h")},
         "error: duration('2562047h2562047h2562047h'): " SPANS},
        {"duration", {DUR(7)}, "duration('0.000000007s')"},
        {"duration", {I(7)}, "error: no such overload: duration(int)"},
    };

    calls_check(*state, cel_time_functions, calls, COUNT(calls));
}

static void
what_is_no_duration_is_refused(void **state)
{
    static const char *const texts[] = {
        "",     "-",     "+",    "1",  "1.5",  "s",  ".s",   "1d",   "1 s",    " 1s",    "1s ",
        "--1s", "1s-1s", "1e3s", "1S", "1sec", "00", "1,5s", "P40D", "1h:30m", "1.5.5s",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct cel_value value = cel_duration_parse(texts[i], strlen(texts[i]));

        if (value.kind != CEL_ERROR)
            fail_msg("\"%s\" is taken", texts[i]);
        assert_string_equal(value.text, ANY_SPAN);
    }
}

/* 2024-04-15T01:02:03.456789012Z, a Monday. */
#define MONDAY T(1713142923, 456789012)

static void
a_timestamp_has_parts_in_utc(void **state)
{
    static const struct call calls[] = {
        {"getFullYear", {MONDAY}, "2024"},
        {"getMonth", {MONDAY}, "3"},
        {"getDate", {MONDAY}, "15"},
        {"getDayOfMonth", {MONDAY}, "14"},
        {"getDayOfWeek", {MONDAY}, "1"},
        {"getDayOfYear", {MONDAY}, "105"},
        {"getHours", {MONDAY}, "1"},
        {"getMinutes", {MONDAY}, "2"},
        {"getSeconds", {MONDAY}, "3"},
        {"getMilliseconds", {MONDAY}, "456"},
        {"getFullYear", {T(-62135596800, 0)}, "1"},
        {"getMonth", {T(-62135596800, 0)}, "0"},
        {"getDayOfWeek", {T(-62135596800, 0)}, "1"},
        {"getDayOfYear", {T(-62135596800, 0)}, "0"},
        {"getFullYear", {T(253402300799, 0)}, "9999"},
        {"getDayOfYear", {T(253402300799, 0)}, "364"},
        {"getDayOfYear", {T(1735689599, 0)}, "365"}, /* 2024-12-31 */
        {"getDayOfWeek", {T(0, 0)}, "4"},
        {"getDayOfWeek", {T(-4 * 86400, 0)}, "0"},
        {"getDayOfWeek", {T(-5 * 86400, 0)}, "6"},
        {"getSeconds", {T(-1, 999000000)}, "59"},
        {"getMilliseconds", {T(-1, 999000000)}, "999"},
        {"getMonth", {DUR(1)}, "error: no such overload: getMonth(google.protobuf.Duration)"},
        {"getDate", {I(1)}, "error: no such overload: getDate(int)"},
    };

    calls_check(*state, cel_time_functions, calls, COUNT(calls));
}

static void
a_timestamp_has_parts_in_a_zone(void **state)
{
    static const struct call calls[] = {
        {"getHours", {MONDAY, S("UTC")}, "1"},
        {"getHours", {MONDAY, S("+05:30")}, "6"},
        {"getMinutes", {MONDAY, S("+05:30")}, "32"},
        {"getDate", {MONDAY, S("-08:00")}, "14"},
        {"getHours", {MONDAY, S("-08:00")}, "17"},
        {"getDayOfWeek", {MONDAY, S("-08:00")}, "0"},
        {"getHours", {MONDAY, S("02:00")}, "3"},
        {"getHours", {MONDAY, S("Asia/Shanghai")}, "9"},
        {"getMinutes", {MONDAY, S("Asia/Kathmandu")}, "47"},
        {"getMinutes", {MONDAY, S("America/St_Johns")}, "32"},
        {"getHours", {MONDAY, S("America/St_Johns")}, "22"},
        {"getDayOfMonth", {MONDAY, S("America/St_Johns")}, "13"},
        {"getHours", {MONDAY, S("Australia/Sydney")}, "11"},
        {"getSeconds", {MONDAY, S("Asia/Shanghai")}, "3"},
        {"getMilliseconds", {MONDAY, S("Asia/Shanghai")}, "456"},
        {"getFullYear", {T(-62135596800, 0), S("-01:00")}, "0"},
        {"getFullYear", {T(253402300799, 0), S("+01:00")}, "10000"},
        {"getHours",
         {MONDAY, I(8)},
         "error: no such overload: getHours(google.protobuf.Timestamp, int)"},
        {"getHours",
         {DUR(1), S("UTC")},
         "error: no such overload: getHours(google.protobuf.Duration, string)"},
        {"getHours",
         {MONDAY, S("Mars/Base")},
         "error: getHours: no such time zone: 'Mars/Base'"},
        {"getHours",
         {MONDAY, S("")},
         "error: getHours: a time zone is 'UTC', an offset such as '+05:30' or a name such as "
         "'Asia/Shanghai'"},
    };

    calls_check(*state, cel_time_functions, calls, COUNT(calls));
}

static void
a_duration_is_counted_in_whole_units(void **state)
{
    static const struct call calls[] = {
        {"getHours", {DUR(10000 * SECOND)}, "2"},
        {"getMinutes", {DUR(3730 * SECOND)}, "62"},
        {"getSeconds", {DUR(3730 * SECOND)}, "3730"},
        {"getMilliseconds", {DUR(123 * SECOND + 321456789)}, "321"},
        {"getHours", {DUR(-10000 * SECOND)}, "-2"},
        {"getMinutes", {DUR(-59 * SECOND)}, "0"},
        {"getSeconds", {DUR(-1 * SECOND - 1)}, "-1"},
        {"getMilliseconds", {DUR(-1 * SECOND - 5000000)}, "-5"},
        {"getSeconds", {DUR(SECOND - 1)}, "0"},
    };

    calls_check(*state, cel_time_functions, calls, COUNT(calls));
}

static void
reading_a_time_spends_steps(void **state)
{
    struct cel_run *run = test_run_start(*state);
    const struct cel_value text = S("2024-04-15T01:02:03Z"), span = S("1h30m");

    run->steps_left = 4;
    assert_string_equal(cel_time_functions[0].call(run, &text, 1).text,
                        cel_out_of_steps().text);
    assert_string_equal(cel_time_functions[1].call(run, &span, 1).text,
                        cel_out_of_steps().text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_timestamp_is_read_as_rfc_3339_has_it),
        cmocka_unit_test(what_is_no_timestamp_is_refused),
        cmocka_unit_test(a_duration_is_a_sum_of_units),
        cmocka_unit_test(what_is_no_duration_is_refused),
        cmocka_unit_test(a_timestamp_has_parts_in_utc),
        cmocka_unit_test(a_timestamp_has_parts_in_a_zone),
        cmocka_unit_test(a_duration_is_counted_in_whole_units),
        cmocka_unit_test(reading_a_time_spends_steps),
    };

    return cmocka_run_group_tests_name("times", tests, test_run_open, test_run_close);
}
