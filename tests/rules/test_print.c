/* Values as a person reads them, and doubles in their fewest digits. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "policy/rules/cel/functions.h"
#include "tests/rules/values.h"

static void
values_are_written_as_in_an_expression(void **state)
{
    const struct {
        struct cel_value value;
        const char *text;
    } rows[] = {
        {NOTHING, "null"},
        {BOOL(true), "true"},
        {BOOL(false), "false"},
        {I(-42), "-42"},
        {I(INT64_MIN), "-9223372036854775808"},
        {U(UINT64_MAX), "18446744073709551615u"},
        {D(1), "1.0"},
        {D(-0.0), "-0.0"},
        {D(0.6), "0.6"},
        {D(1e100), "1e+100"},
        {D(NAN), "double('NaN')"},
        {D(INFINITY), "double('+Inf')"},
        {D(-INFINITY), "double('-Inf')"},
        {S("RU"), "'RU'"},
        {S(""), "''"},
        {S("it's \"a\" \\ \n\r\t\x01\x7f"), "'it\\'s \"a\" \\\\ \\n\\r\\t\\x01\\x7f'"},
        {S("\xe4\xb8\xad\xe5\x9b\xbd"), "'\xe4\xb8\xad\xe5\x9b\xbd'"},
        {S("a\0b"), "'a\\x00b'"},
        {BYTES("a\xff\x00z'"), "b'a\\xff\\x00z\\''"},
        {T(1713142800, 0), "timestamp('2024-04-15T01:00:00Z')"},
        {T(CEL_TIMESTAMP_MIN, 1), "timestamp('0001-01-01T00:00:00.000000001Z')"},
        {T(951782399, 120000000), "timestamp('2000-02-28T23:59:59.12Z')"},
        {T(951782400, 0), "timestamp('2000-02-29T00:00:00Z')"},
        {T(-2203891201, 0), "timestamp('1900-02-28T23:59:59Z')"},
        {T(-2203891200, 0), "timestamp('1900-03-01T00:00:00Z')"},
        {DUR(0), "duration('0s')"},
        {DUR(3500000000), "duration('3.5s')"},
        {DUR(-1), "duration('-0.000000001s')"},
        {DUR(INT64_MIN), "duration('-9223372036.854775808s')"},
        {TYPE(CEL_TIMESTAMP), "google.protobuf.Timestamp"},
        {TYPE(CEL_NULL), "null_type"},
        {EMPTY_LIST, "[]"},
        {LIST(I(1), S("a"), LIST(U(2))), "[1, 'a', [2u]]"},
        {EMPTY_MAP, "{}"},
        {MAP(S("a"), I(1), BOOL(true), EMPTY_LIST), "{'a': 1, true: []}"},
        {{.kind = CEL_ERROR, .text = "division by zero"}, "error: division by zero"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_run_start(*state);
        assert_string_equal(printed(*state, rows[i].value), rows[i].text);
    }
}

static void
what_does_not_fit_is_cut_between_letters(void **state)
{
    static const struct {
        size_t size;
        struct cel_value value;
        const char *text;
    } rows[] = {
        {8, S("abcde"), "'abcde'"},
        {7, S("abcde"), "'ab..."},
        {7, S("\xe4\xb8\xad\xe5\x9b\xbd"), "'..."}, /* no half of the first letter */
        {8, S("\xe4\xb8\xad\xe5\x9b\xbd"), "'\xe4\xb8\xad..."},
        {4, I(123), "123"},
        {4, I(1234), "..."},
        {3, I(1234), ".."},
        {1, I(1234), ""},
    };
    char text[10];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        memset(text, '#', sizeof(text));
        cel_print(rows[i].value, text, rows[i].size);
        assert_string_equal(text, rows[i].text);
        assert_int_equal(text[rows[i].size], '#');
    }
    cel_print(rows[0].value, text, 0);
}

static void
a_value_that_shares_its_parts_is_not_printed_for_ever(void **state)
{
    struct cel_value lists[60][2];
    struct cel_value value = cel_int(1);
    char text[100];

    (void)state;
    for (size_t i = 0; i < COUNT(lists); i++) {
        lists[i][0] = lists[i][1] = value;
        value = cel_list(lists[i], 2);
    }
    cel_print(value, text, sizeof(text));
    assert_int_equal(strlen(text), sizeof(text) - 1);
}

static void
doubles_have_their_fewest_digits(void **state)
{
    static const struct {
        double d;
        const char *text;
    } rows[] = {
        {0, "0"},
        {1, "1"},
        {-987.654, "-987.654"},
        {123.456, "123.456"},
        {0.1, "0.1"},
        {0.1 + 0.2, "0.30000000000000004"},
        {100000, "100000"},
        {999999, "999999"},
        {1000000, "1e+06"},
        {1234567, "1.234567e+06"},
        {123456.7, "123456.7"},
        {0.0001, "0.0001"},
        {0.00012345, "0.00012345"},
        {0.00001, "1e-05"},
        {0.05, "0.05"},
        {6.02214e23, "6.02214e+23"},
        {1e100, "1e+100"},
        {-2.5e-100, "-2.5e-100"},
        {DBL_MAX, "1.7976931348623157e+308"},
        {DBL_MIN, "2.2250738585072014e-308"},
        {5e-324, "5e-324"},
        {9007199254740993.0, "9.007199254740992e+15"},
        {1.0 / 3, "0.3333333333333333"},
        {2.0 / 3, "0.6666666666666666"},
        {INFINITY, "+Inf"},
        {-INFINITY, "-Inf"},
        {NAN, "NaN"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[32];

        assert_int_equal(cel_double_print(rows[i].d, text), strlen(rows[i].text));
        assert_string_equal(text, rows[i].text);
        if (!isnan(rows[i].d))
            assert_true(strtod(text, NULL) == rows[i].d);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_written_as_in_an_expression),
        cmocka_unit_test(what_does_not_fit_is_cut_between_letters),
        cmocka_unit_test(a_value_that_shares_its_parts_is_not_printed_for_ever),
        cmocka_unit_test(doubles_have_their_fewest_digits),
    };

    return cmocka_run_group_tests_name("print", tests, test_run_open, test_run_close);
}
