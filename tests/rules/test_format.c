/* format(): every clause with every kind of value it takes, and all that it refuses. */
#include <math.h>
#include <stdio.h>

#include "policy/rules/cel/format.h"
#include "tests/rules/values.h"

struct formatting {
    const char *pattern;
    struct cel_value arguments;
    const char *text; /* or "error: ..." */
};

static void
check(struct test_run *test, const struct formatting *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct cel_value result =
            cel_format(test_run_start(test), cel_text(cases[i].pattern), cases[i].arguments);
        char text[2000];

        if (result.kind == CEL_ERROR)
            snprintf(text, sizeof(text), "error: %s", result.text);
        else
            snprintf(text, sizeof(text), "%.*s", (int)result.size, result.text);
        if (strcmp(text, cases[i].text) != 0)
            fail_msg("%s: %s, not %s", cases[i].pattern, text, cases[i].text);
    }
}

#define CHECK(cases) check(*state, cases, COUNT(cases))

static void
text_between_clauses_stays(void **state)
{
    const struct formatting cases[] = {
        {"", EMPTY_LIST, ""},
        {"no clause", EMPTY_LIST, "no clause"},
        {"no clause", LIST(I(1)), "no clause"},
        {"100%%", EMPTY_LIST, "100%"},
        {"%%%s%%", LIST(S("a")), "%a%"},
        {"%s pays %s", LIST(S("Ольга"), S("李")), "Ольга pays 李"},
        {"%s%s", LIST(S("😀"), S("")), "😀"},
    };

    CHECK(cases);
}

static void
s_takes_any_value(void **state)
{
    const struct formatting cases[] = {
        {"%s", LIST(S("a 'b'")), "a 'b'"},
        {"%s %s", LIST(BOOL(true), BOOL(false)), "true false"},
        {"%s", LIST(NOTHING), "null"},
        {"%s", LIST(I(INT64_MIN)), "-9223372036854775808"},
        {"%s", LIST(U(UINT64_MAX)), "18446744073709551615"},
        {"%s", LIST(D(0)), "0"},
        {"%s", LIST(D(-0.0)), "-0"},
        {"%s", LIST(D(64.2)), "64.2"},
        {"%s", LIST(D(-2.5)), "-2.5"},
        {"%s", LIST(D(1)), "1"},
        {"%s", LIST(D(0.1)), "0.1"},
        {"%s", LIST(D(1e20)), "100000000000000000000"},
        {"%s", LIST(D(123456789012345680)), "123456789012345680"},
        {"%s", LIST(D(1e-7)), "0.0000001"},
        {"%s", LIST(D(0.30000000000000004)), "0.30000000000000004"},
        {"%s", LIST(D(NAN)), "NaN"},
        {"%s", LIST(D(INFINITY)), "Infinity"},
        {"%s", LIST(D(-INFINITY)), "-Infinity"},
        {"%s", LIST(BYTES("xyz")), "xyz"},
        {"%s", LIST(BYTES("a\xFF\xFE\xC0z\xFF")), "a\xEF\xBF\xBDz\xEF\xBF\xBD"},
        {"%s", LIST(BYTES("\xED\xA0\x80\xE2\x82\xAC")), "\xEF\xBF\xBD\xE2\x82\xAC"},
        {"%s", LIST(T(1675467080, 0)), "2023-02-03T23:31:20Z"},
        {"%s", LIST(DUR(6347000000000)), "6347s"},
        {"%s", LIST(DUR(-1500000000)), "-1.5s"},
        {"%s", LIST(TYPE(CEL_STRING)), "string"},
        {"%s", LIST(TYPE(CEL_TIMESTAMP)), "google.protobuf.Timestamp"},
    };

    CHECK(cases);
}

static void
lists_and_maps_hold_what_s_takes(void **state)
{
    const struct formatting cases[] = {
        {"%s", LIST(EMPTY_LIST), "[]"},
        {"%s", LIST(EMPTY_MAP), "{}"},
        {"%s", LIST(LIST(S("abc"), D(3.14), NOTHING, LIST(I(9), I(8)), T(1675467080, 0))),
         "[abc, 3.14, null, [9, 8], 2023-02-03T23:31:20Z]"},
        {"%s", LIST(MAP(S("key2"), S("b"), S("key1"), BYTES("a"), S("key10"), BOOL(true))),
         "{key1: a, key10: true, key2: b}"},
        {"%s", LIST(MAP(I(10), S("x"), I(9), S("y"), BOOL(true), NOTHING)),
         "{10: x, 9: y, true: null}"},
        {"%s", LIST(LIST(MAP(S("a"), LIST(MAP(S(""), U(1)))))), "[{a: [{: 1}]}]"},
        {"%s", LIST(MAP(I(1), S("number"), S("1"), S("text"))), "{1: number, 1: text}"},
    };

    CHECK(cases);
}

static void
d_takes_numbers(void **state)
{
    const struct formatting cases[] = {
        {"%d", LIST(I(0)), "0"},
        {"%d", LIST(I(-42)), "-42"},
        {"%d", LIST(U(64)), "64"},
        {"%d", LIST(D(3.14)), "3.14"},
        {"%d", LIST(D(NAN)), "NaN"},
        {"%d", LIST(D(-INFINITY)), "-Infinity"},
        {"%d", LIST(S("1")), "error: format: %d takes a number; argument 1 is string"},
        {"%s %d", LIST(I(1), NOTHING),
         "error: format: %d takes a number; argument 2 is null_type"},
    };

    CHECK(cases);
}

static void
f_and_e_round_half_to_even(void **state)
{
    const struct formatting cases[] = {
        {"%f", LIST(I(1)), "1.000000"},
        {"%f", LIST(U(1)), "1.000000"},
        {"%f", LIST(D(3.14)), "3.140000"},
        {"%.1f", LIST(D(3.14)), "3.1"},
        {"%.3f", LIST(D(123.4999)), "123.500"},
        {"%.3f", LIST(D(123.4994)), "123.499"},
        {"%.0f", LIST(D(2.5)), "2"},
        {"%.0f", LIST(D(3.5)), "4"},
        {"%.0f", LIST(D(-0.4)), "-0"},
        {"%.2f", LIST(D(2.675)), "2.67"},
        {"%.1f", LIST(I(INT64_MAX)), "9223372036854775807.0"},
        {"%.0f", LIST(U(UINT64_MAX)), "18446744073709551615"},
        {"%.2f", LIST(D(1e21)), "1000000000000000000000.00"},
        {"%.10f", LIST(D(0.1)), "0.1000000000"},
        {"%f", LIST(D(NAN)), "NaN"},
        {"%.2f", LIST(D(INFINITY)), "Infinity"},
        {"%f", LIST(D(-INFINITY)), "-Infinity"},
        {"%e", LIST(I(1)), "1.000000e+00"},
        {"%e", LIST(U(1)), "1.000000e+00"},
        {"%e", LIST(D(1052.032911275)), "1.052033e+03"},
        {"%.1e", LIST(D(-3.14)), "-3.1e+00"},
        {"%.0e", LIST(D(2500)), "2e+03"},
        {"%.6e", LIST(D(1e-300)), "1.000000e-300"},
        {"%e", LIST(D(INFINITY)), "Infinity"},
        {"%f", LIST(S("1.5")), "error: format: %f takes a number; argument 1 is string"},
        {"%e", LIST(BOOL(true)), "error: format: %e takes a number; argument 1 is bool"},
    };

    CHECK(cases);
}

static void
bases_take_integers_and_some_more(void **state)
{
    const struct formatting cases[] = {
        {"%b", LIST(I(5)), "101"},
        {"%b", LIST(I(-5)), "-101"},
        {"%b", LIST(U(64)), "1000000"},
        {"%b %b", LIST(BOOL(true), BOOL(false)), "1 0"},
        {"%b", LIST(I(INT64_MIN)),
         "-1000000000000000000000000000000000000000000000000000000000000000"},
        {"%b", LIST(S("a")),
         "error: format: %b takes an int, a uint or a bool; argument 1 is string"},
        {"%o", LIST(I(11)), "13"},
        {"%o", LIST(I(-8)), "-10"},
        {"%o", LIST(U(65535)), "177777"},
        {"%o", LIST(BOOL(true)),
         "error: format: %o takes an int or a uint; argument 1 is bool"},
        {"%x %X", LIST(I(30), I(30)), "1e 1E"},
        {"%x", LIST(I(-30)), "-1e"},
        {"%X", LIST(U(UINT64_MAX)), "FFFFFFFFFFFFFFFF"},
        {"%x", LIST(I(0)), "0"},
        {"%x", LIST(S("Hello world!\n")), "48656c6c6f20776f726c64210a"},
        {"%X", LIST(S("Привет")), "D09FD180D0B8D0B2D0B5D182"},
        {"%x", LIST(BYTES("\x00\x0F\xFF")), "000fff"},
        {"%x", LIST(D(1)),
         "error: format: %x takes an int, a uint, a string or bytes; argument 1 is double"},
    };

    CHECK(cases);
}

static void
faults_name_the_clause(void **state)
{
    const struct formatting cases[] = {
        {"%d %d %d", LIST(I(1), I(2)), "error: format: %d has no argument; there are 2"},
        {"%s", EMPTY_LIST, "error: format: %s has no argument; there are 0"},
        {"100%", EMPTY_LIST,
         "error: format: the text ends within a clause; a percent sign is written %%"},
        {"%.3", LIST(I(1)),
         "error: format: the text ends within a clause; a percent sign is written %%"},
        {"%.f", LIST(I(1)), "error: format: digits must follow \"%.\""},
        {"%.-1f", LIST(I(1)), "error: format: digits must follow \"%.\""},
        {"%.1001f", LIST(I(1)), "error: format: at most 1000 digits may follow the point"},
        {"%.99999999999999999999f", LIST(I(1)),
         "error: format: at most 1000 digits may follow the point"},
        {"%a", LIST(I(1)),
         "error: format: unknown clause; known are %s %d %f %e %b %x %X %o and %% for a "
         "percent sign"},
        {"%5d", LIST(I(1)),
         "error: format: unknown clause; known are %s %d %f %e %b %x %X %o and %% for a "
         "percent sign"},
        {"%s", LIST({.kind = CEL_RECORD}),
         "error: format: %s takes no record; name one of its fields"},
        {"%s", LIST(MAP(S("a"), {.kind = CEL_RECORD})),
         "error: format: %s takes no record; name one of its fields"},
    };

    CHECK(cases);
}

static void
the_longest_numbers_fit(void **state)
{
    const struct {
        const char *pattern;
        struct cel_value arguments;
        size_t size;
        const char *begins;
    } cases[] = {
        {"%.1000f", LIST(D(-1.7976931348623157e308)), 1 + 309 + 1 + 1000,
         "-179769313486231570"},
        {"%s", LIST(D(-1.7976931348623157e308)), 1 + 309, "-1797693134862315700000"},
        {"%s", LIST(D(-4.9406564584124654e-324)), 1 + 2 + 323 + 1, "-0.00000000000000"},
        {"%s", LIST(D(2.2250738585072014e-308)), 2 + 307 + 17, "0.00000000000000"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct cel_value text =
            cel_format(test_run_start(*state), cel_text(cases[i].pattern), cases[i].arguments);

        assert_int_equal(text.kind, CEL_STRING);
        assert_int_equal(text.size, cases[i].size);
        assert_memory_equal(text.text, cases[i].begins, strlen(cases[i].begins));
    }
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_between_clauses_stays),
        cmocka_unit_test(s_takes_any_value),
        cmocka_unit_test(lists_and_maps_hold_what_s_takes),
        cmocka_unit_test(d_takes_numbers),
        cmocka_unit_test(f_and_e_round_half_to_even),
        cmocka_unit_test(bases_take_integers_and_some_more),
        cmocka_unit_test(faults_name_the_clause),
        cmocka_unit_test(the_longest_numbers_fit),
    };

    return cmocka_run_group_tests(tests, test_run_open, test_run_close);
}
