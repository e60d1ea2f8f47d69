/* Values: equality, order, maps, lists, and the limits of one evaluation. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/rules/values.h"

#define BIG 9007199254740993 /* 2^53 + 1: no double */

/* Ascending; what stands in one row is equal. */
static const struct {
    uint32_t count;
    struct cel_value equal[4];
} number_line[] = {
    {1, {D(-INFINITY)}},
    {1, {D(-1e300)}},
    {1, {D(-9223372036854777856.0)}}, /* the double below -2^63 */
    {2, {I(INT64_MIN), D(-9223372036854775808.0)}},
    {1, {I(INT64_MIN + 1)}},
    {1, {I(-BIG)}},
    {2, {I(-BIG + 1), D(-9007199254740992.0)}},
    {1, {D(-1.5)}},
    {2, {I(-1), D(-1.0)}},
    {1, {D(-0.5)}},
    {4, {I(0), U(0), D(0.0), D(-0.0)}},
    {1, {D(5e-324)}},
    {1, {D(0.1)}},
    {3, {I(1), U(1), D(1.0)}},
    {1, {D(1.5)}},
    {3, {I(2), U(2), D(2.0)}},
    {3, {I(BIG - 1), U(BIG - 1), D(9007199254740992.0)}},
    {2, {I(BIG), U(BIG)}},
    {3, {I(BIG + 1), U(BIG + 1), D(9007199254740994.0)}},
    {3, {I(9223372036854774784), U(9223372036854774784), D(9223372036854774784.0)}},
    {2, {I(9223372036854774785), U(9223372036854774785)}},
    {2, {U(9223372036854775808u), D(9223372036854775808.0)}},
    {1, {U(9223372036854775809u)}},
    {1, {D(9223372036854777856.0)}},
    {2, {U(18446744073709549568u), D(18446744073709549568.0)}},
    {1, {U(18446744073709549569u)}},
    {1, {D(18446744073709555712.0)}},
    {1, {D(1e300)}},
    {1, {D(INFINITY)}},
};

static void
check_numbers(struct test_run *test, struct cel_value a, struct cel_value b, int expected)
{
    struct cel_run *run = test_run_start(test);
    int order = 77;

    assert_true(cel_compare(a, b, &order));
    if (order != expected)
        fail_msg("%s to %s: %d", printed(test, a), printed(test, b), order);
    assert_int_equal(cel_is_true(cel_equal(run, a, b)), expected == 0);
    assert_int_equal(cel_is_equal(a, b), expected == 0);
}

static void
numbers_of_three_kinds_stand_on_one_line(void **state)
{
    for (size_t i = 0; i < COUNT(number_line); i++)
        for (size_t j = 0; j < COUNT(number_line); j++)
            for (uint32_t a = 0; a < number_line[i].count; a++)
                for (uint32_t b = 0; b < number_line[j].count; b++)
                    check_numbers(*state, number_line[i].equal[a], number_line[j].equal[b],
                                  (i > j) - (i < j));
}

/* The largest int is not less than 2^63 as a double, which is as near as a double gets. */
static void
a_double_at_the_end_of_a_kind_is_what_its_neighbours_round_to(void **state)
{
    static const struct {
        struct cel_value a, b;
        int order;
    } rows[] = {
        {I(INT64_MAX), D(9223372036854775808.0), 0},
        {I(INT64_MAX - 511), D(9223372036854775808.0), 0},
        {I(INT64_MAX - 512), D(9223372036854775808.0), -1},
        {U(UINT64_MAX), D(18446744073709551616.0), 0},
        {U(UINT64_MAX - 1023), D(18446744073709551616.0), 0},
        {U(UINT64_MAX - 1024), D(18446744073709551616.0), -1},
        {I(INT64_MAX), D(9223372036854777856.0), -1},
        {U(UINT64_MAX), D(18446744073709555712.0), -1},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        check_numbers(*state, rows[i].a, rows[i].b, rows[i].order);
        check_numbers(*state, rows[i].b, rows[i].a, -rows[i].order);
    }
}

static void
nan_equals_nothing_and_has_no_order(void **state)
{
    static const struct cel_value others[] = {D(NAN), D(0),        I(0),
                                              U(0),   D(INFINITY), I(INT64_MAX)};
    const struct cel_value nan = D(NAN), list = LIST(D(NAN));
    int order;

    for (size_t i = 0; i < COUNT(others); i++) {
        struct cel_run *run = test_run_start(*state);

        assert_false(cel_is_true(cel_equal(run, nan, others[i])));
        assert_false(cel_is_true(cel_equal(run, others[i], nan)));
        assert_true(cel_compare(nan, others[i], &order));
        assert_int_equal(order, CEL_UNORDERED);
        assert_true(cel_compare(others[i], nan, &order));
        assert_int_equal(order, CEL_UNORDERED);
        assert_false(cel_is_true(cel_equal(run, list, list)));
        assert_false(cel_is_true(cel_in(run, nan, list)));
    }
}

static void
texts_times_and_bools_are_ordered(void **state)
{
    static const struct {
        struct cel_value a, b;
        int order;
    } rows[] = {
        {S(""), S(""), 0},
        {S(""), S("a"), -1},
        {S("a"), S("b"), -1},
        {S("ab"), S("a"), 1},
        {S("B"), S("a"), -1},
        {S("a\0b"), S("a\0c"), -1},
        {S("\xc3\xa9"), S("z"), 1},                     /* é is above z */
        {S("\xef\xbf\xbf"), S("\xf0\x9f\x98\x80"), -1}, /* U+FFFF, U+1F600 */
        {BYTES("\xff"), BYTES("\x01\x02"), 1},
        {BYTES("\x01"), BYTES("\x01"), 0},
        {BOOL(false), BOOL(true), -1},
        {BOOL(true), BOOL(true), 0},
        {T(10, 5), T(10, 6), -1},
        {T(-1, 999999999), T(0, 0), -1},
        {T(10, 5), T(10, 5), 0},
        {DUR(-5), DUR(3), -1},
        {DUR(3), DUR(3), 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int order = 77;

        assert_true(cel_compare(rows[i].a, rows[i].b, &order));
        assert_int_equal(order, rows[i].order);
        assert_true(cel_compare(rows[i].b, rows[i].a, &order));
        assert_int_equal(order, -rows[i].order);
        assert_int_equal(cel_is_equal(rows[i].a, rows[i].b), rows[i].order == 0);
    }
}

static void
other_kinds_have_no_order(void **state)
{
    const struct cel_value rows[][2] = {
        {S("a"), BYTES("a")},
        {S("1"), I(1)},
        {BOOL(true), I(1)},
        {NOTHING, NOTHING},
        {EMPTY_LIST, EMPTY_LIST},
        {EMPTY_MAP, EMPTY_MAP},
        {TYPE(CEL_INT), TYPE(CEL_INT)},
        {T(0, 0), DUR(0)},
        {T(0, 0), I(0)},
    };
    int order;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_false(cel_compare(rows[i][0], rows[i][1], &order));
}

static void
equality_is_deep_and_never_an_error(void **state)
{
    static const int one, two;
    const struct cel_value record = {.kind = CEL_RECORD, .type = 1, .record = &one};
    const struct cel_value other_view = {.kind = CEL_RECORD, .type = 2, .record = &one};
    const struct cel_value other_record = {.kind = CEL_RECORD, .type = 1, .record = &two};
    const struct {
        struct cel_value a, b;
        bool equal;
    } rows[] = {
        {S("RU"), S("RU"), true},
        {S("RU"), S("CN"), false},
        {S(""), S(""), true},
        {S("a"), BYTES("a"), false},
        {BYTES("a"), BYTES("a"), true},
        {S("1"), I(1), false},
        {BOOL(true), I(1), false},
        {NOTHING, NOTHING, true},
        {NOTHING, I(0), false},
        {NOTHING, BOOL(false), false},
        {BOOL(false), BOOL(false), true},
        {T(1, 2), T(1, 2), true},
        {T(1, 2), T(1, 3), false},
        {T(1, 0), DUR(1), false},
        {DUR(7), DUR(7), true},
        {TYPE(CEL_INT), TYPE(CEL_INT), true},
        {TYPE(CEL_INT), TYPE(CEL_UINT), false},
        {{.kind = CEL_TYPE, .type = CEL_RECORD, .size = 1},
         {.kind = CEL_TYPE, .type = CEL_RECORD, .size = 2},
         false},
        {EMPTY_LIST, EMPTY_LIST, true},
        {EMPTY_LIST, EMPTY_MAP, false},
        {LIST(I(1), U(2)), LIST(D(1), I(2)), true},
        {LIST(I(1), I(2)), LIST(I(2), I(1)), false},
        {LIST(I(1)), LIST(I(1), I(1)), false},
        {LIST(LIST(S("a"))), LIST(LIST(S("a"))), true},
        {LIST(LIST(S("a"))), LIST(LIST(S("b"))), false},
        {LIST(I(1)), I(1), false},
        {EMPTY_MAP, EMPTY_MAP, true},
        {MAP(S("a"), I(1), S("b"), I(2)), MAP(S("b"), U(2), S("a"), D(1)), true},
        {MAP(S("a"), I(1), S("b"), I(2)), MAP(S("a"), I(1), S("b"), I(3)), false},
        {MAP(S("a"), I(1)), MAP(S("b"), I(1)), false},
        {MAP(S("a"), I(1)), MAP(S("a"), I(1), S("b"), I(2)), false},
        {MAP(I(1), S("x")), MAP(U(1), S("x")), true},
        {MAP(I(1), LIST(I(1))), MAP(I(1), LIST(D(1))), true},
        {record, record, true},
        {record, other_view, false},
        {record, other_record, false},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cel_run *run = test_run_start(*state);
        struct cel_value ab = cel_equal(run, rows[i].a, rows[i].b);
        struct cel_value ba = cel_equal(run, rows[i].b, rows[i].a);

        assert_int_equal(ab.kind, CEL_BOOL);
        if (ab.truth != rows[i].equal || ba.truth != rows[i].equal)
            fail_msg("%s and %s", printed(*state, rows[i].a), printed(*state, rows[i].b));
        assert_int_equal(cel_is_equal(rows[i].a, rows[i].b), rows[i].equal);
    }
}

static void
an_element_is_found_by_its_place(void **state)
{
    const struct cel_value list = LIST(S("a"), S("b"), S("c"));
    const struct {
        struct cel_value container, key;
        const char *result;
    } rows[] = {
        {list, I(0), "'a'"},
        {list, I(2), "'c'"},
        {list, U(1), "'b'"},
        {list, D(1.0), "'b'"},
        {list, D(-0.0), "'a'"},
        {list, I(3), "error: index out of range: 3 in a list of 3"},
        {list, I(-1), "error: index out of range: -1 in a list of 3"},
        {list, U(3), "error: index out of range: 3u in a list of 3"},
        {list, U(UINT64_MAX),
         "error: index out of range: 18446744073709551615u in a list of 3"},
        {list, D(0.5), "error: index out of range: 0.5 in a list of 3"},
        {list, D(-1), "error: index out of range: -1.0 in a list of 3"},
        {list, D(1e30), "error: index out of range: 1e+30 in a list of 3"},
        {list, D(NAN), "error: index out of range: double('NaN') in a list of 3"},
        {EMPTY_LIST, I(0), "error: index out of range: 0 in a list of 0"},
        {list, S("a"), "error: no such overload: list[string]"},
        {list, BOOL(true), "error: no such overload: list[bool]"},
        {S("abc"), I(0), "error: no such overload: string[int]"},
        {NOTHING, S("a"), "error: no such overload: null_type[string]"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cel_value result =
            cel_index(test_run_start(*state), rows[i].container, rows[i].key);

        assert_string_equal(printed(*state, result), rows[i].result);
    }
}

static void
a_key_finds_its_value_whatever_kind_of_number_it_is(void **state)
{
    const struct cel_value map = MAP(S("a"), S("of a"), I(1), S("of 1"), U(2), S("of 2"),
                                     BOOL(true), S("of true"), S(""), S("of nothing"));
    const struct {
        struct cel_value key;
        const char *result; /* NULL: no such key */
        const char *named;
    } rows[] = {
        {S("a"), "'of a'", ""},  {S(""), "'of nothing'", ""},
        {I(1), "'of 1'", ""},    {U(1), "'of 1'", ""},
        {D(1.0), "'of 1'", ""},  {I(2), "'of 2'", ""},
        {D(2.0), "'of 2'", ""},  {BOOL(true), "'of true'", ""},
        {S("b"), NULL, "'b'"},   {BOOL(false), NULL, "false"},
        {D(1.5), NULL, "1.5"},   {D(NAN), NULL, "double('NaN')"},
        {I(3), NULL, "3"},       {BYTES("a"), NULL, "b'a'"},
        {NOTHING, NULL, "null"}, {S("1"), NULL, "'1'"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cel_run *run = test_run_start(*state);
        struct cel_value result = cel_index(run, map, rows[i].key);
        struct cel_value known = cel_in(run, rows[i].key, map);
        char expected[100];

        snprintf(expected, sizeof(expected), "error: no such key: %s", rows[i].named);
        assert_string_equal(printed(*state, result),
                            rows[i].result ? rows[i].result : expected);
        assert_int_equal(known.kind, CEL_BOOL);
        assert_int_equal(known.truth, rows[i].result != NULL);
    }
}

static void
in_looks_for_an_equal_element(void **state)
{
    const struct cel_value list =
        LIST(S("RU"), S("CN"), I(1), U(2), D(3.0), NOTHING, LIST(I(1)), S(""));
    const struct {
        struct cel_value element, container;
        const char *result;
    } rows[] = {
        {S("RU"), list, "true"},
        {S("CN"), list, "true"},
        {S(""), list, "true"},
        {S("RO"), list, "false"},
        {S("R"), list, "false"},
        {BYTES("RU"), list, "false"},
        {D(1), list, "true"},
        {I(2), list, "true"},
        {U(3), list, "true"},
        {I(4), list, "false"},
        {NOTHING, list, "true"},
        {LIST(U(1)), list, "true"},
        {LIST(U(2)), list, "false"},
        {I(1), EMPTY_LIST, "false"},
        {S("a"), EMPTY_LIST, "false"},
        {S("a"), EMPTY_MAP, "false"},
        {S("a"), S("abc"), "error: no such overload: string in string"},
        {I(1), I(1), "error: no such overload: int in int"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cel_value result =
            cel_in(test_run_start(*state), rows[i].element, rows[i].container);

        assert_string_equal(printed(*state, result), rows[i].result);
    }
}

static void
a_map_has_each_key_once_and_of_four_kinds_only(void **state)
{
    static const struct {
        uint32_t pairs;
        struct cel_value keys[3];
        const char *result;
    } rows[] = {
        {0, {NOTHING}, "{}"},
        {3, {S("a"), S("b"), S("c")}, "{'a': null, 'b': null, 'c': null}"},
        {3, {S("1"), I(1), BOOL(true)}, "{'1': null, 1: null, true: null}"},
        {2, {I(-1), U(UINT64_MAX)}, "{-1: null, 18446744073709551615u: null}"},
        {2, {S("a"), S("a")}, "error: the key 'a' stands in the map more than once"},
        {3, {I(1), I(2), I(1)}, "error: the key 1 stands in the map more than once"},
        {2, {I(1), U(1)}, "error: the key 1u stands in the map more than once"},
        {2, {BOOL(true), BOOL(true)}, "error: the key true stands in the map more than once"},
        {1, {D(1)}, "error: a map's key is a bool, an int, a uint or a string, not double"},
        {1,
         {NOTHING},
         "error: a map's key is a bool, an int, a uint or a string, not null_type"},
        {1, {EMPTY_LIST}, "error: a map's key is a bool, an int, a uint or a string, not list"},
        {1,
         {BYTES("a")},
         "error: a map's key is a bool, an int, a uint or a string, not bytes"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cel_value items[6] = {NOTHING};

        for (uint32_t j = 0; j < rows[i].pairs; j++) {
            items[2 * j] = rows[i].keys[j];
            items[2 * j + 1] = cel_null();
        }
        assert_string_equal(
            printed(*state, cel_map(test_run_start(*state), items, rows[i].pairs)),
            rows[i].result);
    }
}

/* Keys 0, "1", 2u, 3, "4", 5u, ...; the last pair is the caller's. */
static struct cel_value
large_map(struct cel_run *run, struct cel_value *items, size_t pairs, struct cel_value last)
{
    for (size_t i = 0; i < pairs; i++) {
        char digits[24];

        snprintf(digits, sizeof(digits), "%zu", i);
        items[2 * i] = i % 3 == 0   ? cel_int((int64_t)i)
                       : i % 3 == 2 ? cel_uint(i)
                                    : cel_string_copy(run, digits, strlen(digits));
        items[2 * i + 1] = cel_int((int64_t)i);
    }
    items[2 * pairs - 2] = last;
    return cel_map(run, items, pairs);
}

static void
a_large_map_is_checked_without_comparing_all_pairs(void **state)
{
    static struct cel_value items[2 * 10000];
    static const struct {
        size_t pairs;
        struct cel_value last;
        const char *error; /* or NULL */
    } rows[] = {
        {10000, S("last"), NULL},
        {13, S("last"), NULL},
        {10000, S("9997"), "error: the key '9997' stands in the map more than once"},
        {10000, U(9999), NULL},
        {10000, U(9996), "error: the key 9996u stands in the map more than once"},
        {10000, I(5), "error: the key 5 stands in the map more than once"},
        {13, S("1"), "error: the key '1' stands in the map more than once"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cel_run *run = test_run_start(*state);
        struct cel_value map = large_map(run, items, rows[i].pairs, rows[i].last);

        if (rows[i].error)
            assert_string_equal(printed(*state, map), rows[i].error);
        else
            assert_int_equal(map.kind, CEL_MAP);
        assert_true(run->steps_left > CEL_STEPS_MAX / 2);
    }
}

static void
memory_is_counted_and_ends_in_an_error(void **state)
{
    struct cel_run *run = test_run_start(*state);
    const struct cel_value text = S("more than fits");

    run->memory_left = 40;
    assert_null(cel_alloc(run, 33)); /* sizes are rounded up to 16 */
    run->memory_left = 48;
    assert_non_null(cel_alloc(run, 1));
    assert_int_equal(run->memory_left, 32);
    assert_null(cel_alloc(run, 33));
    assert_null(cel_alloc(run, SIZE_MAX));
    assert_int_equal(cel_string_copy(run, "a", 1).kind, CEL_STRING);
    assert_int_equal(run->memory_left, 16);
    assert_string_equal(cel_fail(run, "%s and more", "longer than what is left").text,
                        cel_out_of_memory().text);
    assert_string_equal(cel_arithmetic(run, '+', text, text).text, cel_out_of_memory().text);
    assert_string_equal(cel_string_copy(run, "0123456789abcdefg", 17).text,
                        cel_out_of_memory().text);
}

static void
comparing_spends_steps_and_ends_in_an_error(void **state)
{
    const struct cel_value text = S("0123456789"), list = LIST(S("a"), S("b"), S("c"));
    const struct cel_value map = MAP(S("a"), I(1), S("b"), I(2)), number = I(1);
    const struct cel_value twice[] = {text, number, text, number};
    struct cel_run *run = test_run_start(*state);
    const char *limit = cel_out_of_steps().text;

    run->steps_left = 10;
    assert_true(cel_is_true(cel_equal(run, text, text)));
    assert_int_equal(run->steps_left, 0);
    assert_string_equal(cel_equal(run, text, text).text, limit);
    assert_true(cel_is_true(cel_equal(run, number, number)));
    run->steps_left = 2;
    assert_string_equal(cel_equal(run, list, list).text, limit);
    assert_string_equal(cel_in(run, number, list).text, limit);
    assert_string_equal(cel_arithmetic(run, '+', list, list).text, limit);
    run->steps_left = 1;
    assert_string_equal(cel_equal(run, map, map).text, limit);
    assert_string_equal(cel_in(run, number, map).text, limit);
    assert_string_equal(cel_index(run, map, number).text, limit);
    assert_string_equal(cel_map(run, twice, 2).text, limit);
}

/* Twice the same list in each list: 2^60 leaves, and no leaf is visited twice in vain. */
static void
a_value_that_shares_its_parts_cannot_be_compared_for_ever(void **state)
{
    struct cel_value lists[60][2];
    struct cel_value value = cel_int(1);

    for (size_t i = 0; i < COUNT(lists); i++) {
        lists[i][0] = lists[i][1] = value;
        value = cel_list(lists[i], 2);
    }
    assert_string_equal(cel_equal(test_run_start(*state), value, value).text,
                        cel_out_of_steps().text);
    assert_false(cel_is_equal(value, value));
}

static void
a_missing_overload_is_written_as_the_call_was(void **state)
{
    static const struct {
        const char *operation;
        uint32_t count;
        struct cel_value args[3];
        const char *sentence;
    } rows[] = {
        {"+", 2, {I(1), S("")}, "no such overload: int + string"},
        {"in", 2, {I(1), U(1)}, "no such overload: int in uint"},
        {"-", 1, {S("")}, "no such overload: -string"},
        {"[]", 2, {S(""), I(1)}, "no such overload: string[int]"},
        {"size", 1, {I(1)}, "no such overload: size(int)"},
        {"matches", 2, {S(""), NOTHING}, "no such overload: matches(string, null_type)"},
        {"f",
         3,
         {T(0, 0), DUR(0), TYPE(CEL_INT)},
         "no such overload: f(google.protobuf.Timestamp, google.protobuf.Duration, type)"},
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(cel_no_overload(test_run_start(*state), rows[i].operation,
                                            rows[i].args, rows[i].count)
                                .text,
                            rows[i].sentence);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_three_kinds_stand_on_one_line),
        cmocka_unit_test(a_double_at_the_end_of_a_kind_is_what_its_neighbours_round_to),
        cmocka_unit_test(nan_equals_nothing_and_has_no_order),
        cmocka_unit_test(texts_times_and_bools_are_ordered),
        cmocka_unit_test(other_kinds_have_no_order),
        cmocka_unit_test(equality_is_deep_and_never_an_error),
        cmocka_unit_test(an_element_is_found_by_its_place),
        cmocka_unit_test(a_key_finds_its_value_whatever_kind_of_number_it_is),
        cmocka_unit_test(in_looks_for_an_equal_element),
        cmocka_unit_test(a_map_has_each_key_once_and_of_four_kinds_only),
        cmocka_unit_test(a_large_map_is_checked_without_comparing_all_pairs),
        cmocka_unit_test(memory_is_counted_and_ends_in_an_error),
        cmocka_unit_test(comparing_spends_steps_and_ends_in_an_error),
        cmocka_unit_test(a_value_that_shares_its_parts_cannot_be_compared_for_ever),
        cmocka_unit_test(a_missing_overload_is_written_as_the_call_was),
    };

    return cmocka_run_group_tests_name("values", tests, test_run_open, test_run_close);
}
