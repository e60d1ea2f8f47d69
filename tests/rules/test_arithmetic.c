/* Arithmetic: what fits comes out, what does not fit is an error. */
#include <math.h>
#include <string.h>

#include "tests/rules/values.h"

#define SECOND 1000000000LL
#define HOUR   (3600 * SECOND)

struct row {
    struct cel_value a;
    char op;
    struct cel_value b;
    const char *result;
};

static void
check(void **state, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct cel_value result =
            cel_arithmetic(test_run_start(*state), rows[i].op, rows[i].a, rows[i].b);

        if (strcmp(printed(*state, result), rows[i].result) != 0)
            fail_msg("%s %c %s: %s", printed(*state, rows[i].a), rows[i].op,
                     printed(*state, rows[i].b), printed(*state, result));
    }
}

static void
ints_and_uints_do_not_wrap_around(void **state)
{
    static const struct row rows[] = {
        {I(1), '+', I(2), "3"},
        {I(INT64_MAX), '+', I(0), "9223372036854775807"},
        {I(INT64_MAX), '+', I(1), "error: int overflow"},
        {I(INT64_MIN), '+', I(-1), "error: int overflow"},
        {I(1), '-', I(2), "-1"},
        {I(INT64_MIN), '-', I(1), "error: int overflow"},
        {I(0), '-', I(INT64_MIN), "error: int overflow"},
        {I(-7), '*', I(6), "-42"},
        {I(INT64_MIN), '*', I(-1), "error: int overflow"},
        {I(3037000500), '*', I(3037000500), "error: int overflow"},
        {I(7), '/', I(2), "3"},
        {I(-7), '/', I(2), "-3"},
        {I(7), '/', I(-2), "-3"},
        {I(7), '/', I(0), "error: division by zero"},
        {I(INT64_MIN), '/', I(-1), "error: int overflow"},
        {I(INT64_MIN), '/', I(1), "-9223372036854775808"},
        {I(7), '%', I(3), "1"},
        {I(-7), '%', I(3), "-1"},
        {I(7), '%', I(-3), "1"},
        {I(7), '%', I(0), "error: modulus by zero"},
        {I(INT64_MIN), '%', I(-1), "error: int overflow"},
        {U(1), '+', U(2), "3u"},
        {U(UINT64_MAX), '+', U(1), "error: uint overflow"},
        {U(2), '-', U(1), "1u"},
        {U(1), '-', U(2), "error: uint overflow"},
        {U(1u << 31), '*', U(2), "4294967296u"},
        {U(UINT64_MAX), '*', U(2), "error: uint overflow"},
        {U(UINT64_MAX), '/', U(2), "9223372036854775807u"},
        {U(1), '/', U(0), "error: division by zero"},
        {U(8), '%', U(3), "2u"},
        {U(1), '%', U(0), "error: modulus by zero"},
    };

    check(state, rows, COUNT(rows));
}

static void
doubles_follow_ieee_754(void **state)
{
    static const struct row rows[] = {
        {D(0.1), '+', D(0.2), "0.30000000000000004"},
        {D(1e308), '+', D(1e308), "double('+Inf')"},
        {D(1.5), '-', D(2), "-0.5"},
        {D(2.5), '*', D(-2), "-5.0"},
        {D(1), '/', D(3), "0.3333333333333333"},
        {D(1), '/', D(0), "double('+Inf')"},
        {D(-1), '/', D(0), "double('-Inf')"},
        {D(0), '/', D(0), "double('NaN')"},
        {D(1), '/', D(-INFINITY), "-0.0"},
        {D(5), '%', D(2), "error: no such overload: double % double"},
    };

    check(state, rows, COUNT(rows));
}

static void
kinds_are_not_mixed(void **state)
{
    static const struct row rows[] = {
        {I(1), '+', U(1), "error: no such overload: int + uint"},
        {I(1), '*', D(1), "error: no such overload: int * double"},
        {U(1), '-', I(1), "error: no such overload: uint - int"},
        {S("a"), '+', I(1), "error: no such overload: string + int"},
        {S("a"), '+', BYTES("a"), "error: no such overload: string + bytes"},
        {S("a"), '-', S("a"), "error: no such overload: string - string"},
        {BYTES("a"), '*', BYTES("a"), "error: no such overload: bytes * bytes"},
        {EMPTY_LIST, '-', EMPTY_LIST, "error: no such overload: list - list"},
        {EMPTY_LIST, '+', EMPTY_MAP, "error: no such overload: list + map"},
        {EMPTY_MAP, '+', EMPTY_MAP, "error: no such overload: map + map"},
        {BOOL(true), '+', BOOL(true), "error: no such overload: bool + bool"},
        {NOTHING, '+', NOTHING, "error: no such overload: null_type + null_type"},
        {T(0, 0), '+', T(0, 0),
         "error: no such overload: google.protobuf.Timestamp + google.protobuf.Timestamp"},
        {T(0, 0), '*', DUR(1),
         "error: no such overload: google.protobuf.Timestamp * google.protobuf.Duration"},
        {DUR(1), '-', T(0, 0),
         "error: no such overload: google.protobuf.Duration - google.protobuf.Timestamp"},
        {DUR(1), '/', DUR(1),
         "error: no such overload: google.protobuf.Duration / google.protobuf.Duration"},
        {T(0, 0), '-', I(1), "error: no such overload: google.protobuf.Timestamp - int"},
    };

    check(state, rows, COUNT(rows));
}

static void
plus_joins_texts_and_lists(void **state)
{
    const struct row rows[] = {
        {S("ab"), '+', S("cd"), "'abcd'"},
        {S(""), '+', S("cd"), "'cd'"},
        {S("ab"), '+', S(""), "'ab'"},
        {S(""), '+', S(""), "''"},
        {S("\xc3\xa9"), '+', S("\0x"), "'\xc3\xa9\\x00x'"},
        {BYTES("\xff"), '+', BYTES("a"), "b'\\xffa'"},
        {LIST(I(1)), '+', LIST(S("a"), U(2)), "[1, 'a', 2u]"},
        {EMPTY_LIST, '+', LIST(S("a")), "['a']"},
        {LIST(I(1)), '+', EMPTY_LIST, "[1]"},
        {EMPTY_LIST, '+', EMPTY_LIST, "[]"},
    };

    check(state, rows, COUNT(rows));
}

static void
times_stay_within_their_ranges(void **state)
{
    static const struct row rows[] = {
        {T(0, 0), '+', DUR(HOUR), "timestamp('1970-01-01T01:00:00Z')"},
        {DUR(HOUR), '+', T(0, 0), "timestamp('1970-01-01T01:00:00Z')"},
        {T(0, 0), '-', DUR(1), "timestamp('1969-12-31T23:59:59.999999999Z')"},
        {T(0, 0), '+', DUR(-1), "timestamp('1969-12-31T23:59:59.999999999Z')"},
        {T(5, 700000000), '+', DUR(500000000), "timestamp('1970-01-01T00:00:06.2Z')"},
        {T(5, 200000000), '-', DUR(500000000), "timestamp('1970-01-01T00:00:04.7Z')"},
        {T(CEL_TIMESTAMP_MAX, 999999999), '+', DUR(0),
         "timestamp('9999-12-31T23:59:59.999999999Z')"},
        {T(CEL_TIMESTAMP_MAX, 999999999), '+', DUR(1),
         "error: timestamp out of range: years go from 0001 to 9999"},
        {T(CEL_TIMESTAMP_MAX, 0), '-', DUR(-SECOND),
         "error: timestamp out of range: years go from 0001 to 9999"},
        {T(CEL_TIMESTAMP_MIN, 0), '+', DUR(0), "timestamp('0001-01-01T00:00:00Z')"},
        {T(CEL_TIMESTAMP_MIN, 0), '-', DUR(1),
         "error: timestamp out of range: years go from 0001 to 9999"},
        {T(0, 0), '-', DUR(INT64_MIN), "timestamp('2262-04-11T23:47:16.854775808Z')"},
        {T(10, 5), '-', T(7, 9), "duration('2.999999996s')"},
        {T(7, 9), '-', T(10, 5), "duration('-2.999999996s')"},
        {T(9223372036, 854775807), '-', T(0, 0), "duration('9223372036.854775807s')"},
        {T(9223372036, 854775808), '-', T(0, 0), "error: duration overflow"},
        {T(CEL_TIMESTAMP_MAX, 0), '-', T(CEL_TIMESTAMP_MIN, 0), "error: duration overflow"},
        {DUR(HOUR), '+', DUR(SECOND / 2), "duration('3600.5s')"},
        {DUR(HOUR), '-', DUR(2 * HOUR), "duration('-3600s')"},
        {DUR(INT64_MAX), '+', DUR(1), "error: duration overflow"},
        {DUR(INT64_MIN), '-', DUR(1), "error: duration overflow"},
    };

    check(state, rows, COUNT(rows));
}

static void
a_minus_sign_is_for_ints_and_doubles(void **state)
{
    static const struct {
        struct cel_value a;
        const char *result;
    } rows[] = {
        {I(5), "-5"},
        {I(INT64_MAX), "-9223372036854775807"},
        {I(INT64_MIN), "error: int overflow"},
        {D(0), "-0.0"},
        {D(-2.5), "2.5"},
        {U(1), "error: no such overload: -uint"},
        {S("1"), "error: no such overload: -string"},
        {DUR(1), "error: no such overload: -google.protobuf.Duration"},
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(printed(*state, cel_negate(test_run_start(*state), rows[i].a)),
                            rows[i].result);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ints_and_uints_do_not_wrap_around),
        cmocka_unit_test(doubles_follow_ieee_754),
        cmocka_unit_test(kinds_are_not_mixed),
        cmocka_unit_test(plus_joins_texts_and_lists),
        cmocka_unit_test(times_stay_within_their_ranges),
        cmocka_unit_test(a_minus_sign_is_for_ints_and_doubles),
    };

    return cmocka_run_group_tests_name("arithmetic", tests, test_run_open, test_run_close);
}
