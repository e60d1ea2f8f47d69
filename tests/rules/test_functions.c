/* The functions of the language: size, type, conversions, and how they are found. */
#include <math.h>
#include <string.h>

#include "policy/rules/cel/functions.h"
#include "policy/rules/records.h"
#include "tests/rules/values.h"

#define LETTERS "biudsyntrTw*AB"

struct row {
    const char *name;
    struct cel_value a;
    const char *result;
};

static struct cel_value
call(struct cel_run *run, const char *name, bool method, const struct cel_value *args,
     uint32_t count)
{
    bool known;
    const struct cel_function *function = cel_function_find(name, method, count, &known);

    if (!function)
        fail_msg("%s is not found", name);
    return function->call(run, args, count);
}

static void
check(void **state, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct cel_value result =
            call(test_run_start(*state), rows[i].name, false, &rows[i].a, 1);

        if (strcmp(printed(*state, result), rows[i].result) != 0)
            fail_msg("%s(%s): %s, not %s", rows[i].name, printed(*state, rows[i].a),
                     printed(*state, result), rows[i].result);
    }
}

static void
int_takes_whole_numbers_that_fit(void **state)
{
    static const struct row rows[] = {
        {"int", I(-5), "-5"},
        {"int", U(INT64_MAX), "9223372036854775807"},
        {"int", U(9223372036854775808u), "error: int(9223372036854775808u): out of range"},
        {"int", D(1.9), "1"},
        {"int", D(-1.9), "-1"},
        {"int", D(-0.5), "0"},
        {"int", D(9223372036854774784.0), "9223372036854774784"},
        {"int", D(-9223372036854774784.0), "-9223372036854774784"},
        {"int", D(9223372036854775808.0), "error: int(9.223372036854776e+18): out of range"},
        {"int", D(-9223372036854775808.0), "error: int(-9.223372036854776e+18): out of range"},
        {"int", D(NAN), "error: int(double('NaN')): out of range"},
        {"int", D(INFINITY), "error: int(double('+Inf')): out of range"},
        {"int", S("0"), "0"},
        {"int", S("-987"), "-987"},
        {"int", S("+7"), "7"},
        {"int", S("007"), "7"},
        {"int", S("9223372036854775807"), "9223372036854775807"},
        {"int", S("-9223372036854775808"), "-9223372036854775808"},
        {"int", S("9223372036854775808"), "error: int('9223372036854775808'): out of range"},
        {"int", S("-9223372036854775809"), "error: int('-9223372036854775809'): out of range"},
        {"int", S("18446744073709551617"), "error: int('18446744073709551617'): out of range"},
        {"int", S(""), "error: int(''): not a whole number in decimal digits"},
        {"int", S("-"), "error: int('-'): not a whole number in decimal digits"},
        {"int", S("--1"), "error: int('--1'): not a whole number in decimal digits"},
        {"int", S(" 1"), "error: int(' 1'): not a whole number in decimal digits"},
        {"int", S("1 "), "error: int('1 '): not a whole number in decimal digits"},
        {"int", S("1.0"), "error: int('1.0'): not a whole number in decimal digits"},
        {"int", S("1e3"), "error: int('1e3'): not a whole number in decimal digits"},
        {"int", S("0x10"), "error: int('0x10'): not a whole number in decimal digits"},
        {"int", S("1_000"), "error: int('1_000'): not a whole number in decimal digits"},
        {"int", S("1\0"), "error: int('1\\x00'): not a whole number in decimal digits"},
        {"int", T(1234567890, 999999999), "1234567890"},
        {"int", T(-62135596800, 0), "-62135596800"},
        {"int", BOOL(true), "error: no such overload: int(bool)"},
        {"int", NOTHING, "error: no such overload: int(null_type)"},
        {"int", DUR(1), "error: no such overload: int(google.protobuf.Duration)"},
    };

    check(state, rows, COUNT(rows));
}

static void
uint_takes_whole_numbers_from_0_on(void **state)
{
    static const struct row rows[] = {
        {"uint", U(5), "5u"},
        {"uint", I(5), "5u"},
        {"uint", I(-1), "error: uint(-1): out of range"},
        {"uint", D(1.9), "1u"},
        {"uint", D(-0.0), "0u"},
        {"uint", D(-0.5), "error: uint(-0.5): out of range"},
        {"uint", D(18446744073709549568.0), "18446744073709549568u"},
        {"uint", D(18446744073709551616.0),
         "error: uint(1.8446744073709552e+19): out of range"},
        {"uint", D(NAN), "error: uint(double('NaN')): out of range"},
        {"uint", S("18446744073709551615"), "18446744073709551615u"},
        {"uint", S("18446744073709551616"),
         "error: uint('18446744073709551616'): out of range"},
        {"uint", S("-1"), "error: uint('-1'): not a whole number in decimal digits"},
        {"uint", S("+1"), "error: uint('+1'): not a whole number in decimal digits"},
        {"uint", S("1u"), "error: uint('1u'): not a whole number in decimal digits"},
        {"uint", S(""), "error: uint(''): not a whole number in decimal digits"},
        {"uint", T(0, 0), "error: no such overload: uint(google.protobuf.Timestamp)"},
    };

    check(state, rows, COUNT(rows));
}

static void
double_takes_numbers_as_people_write_them(void **state)
{
    static const struct row rows[] = {
        {"double", D(1.5), "1.5"},
        {"double", I(-2), "-2.0"},
        {"double", I(9007199254740993), "9.007199254740992e+15"},
        {"double", U(UINT64_MAX), "1.8446744073709552e+19"},
        {"double", S("0"), "0.0"},
        {"double", S("-0"), "-0.0"},
        {"double", S("+1.5"), "1.5"},
        {"double", S("1."), "1.0"},
        {"double", S(".5"), "0.5"},
        {"double", S("6.02214e23"), "6.02214e+23"},
        {"double", S("1E-3"), "0.001"},
        {"double", S("1e+2"), "100.0"},
        {"double", S("1e-400"), "0.0"},
        {"double", S("1e400"), "error: double('1e400'): out of range"},
        {"double", S("-1e400"), "error: double('-1e400'): out of range"},
        {"double", S("NaN"), "double('NaN')"},
        {"double", S("nan"), "double('NaN')"},
        {"double", S("Inf"), "double('+Inf')"},
        {"double", S("+inf"), "double('+Inf')"},
        {"double", S("-Infinity"), "double('-Inf')"},
        {"double", S("-nan"), "error: double('-nan'): not a number"},
        {"double", S("nan(1)"), "error: double('nan(1)'): not a number"},
        {"double", S("infinit"), "error: double('infinit'): not a number"},
        {"double", S(""), "error: double(''): not a number"},
        {"double", S("."), "error: double('.'): not a number"},
        {"double", S("+"), "error: double('+'): not a number"},
        {"double", S("+-1"), "error: double('+-1'): not a number"},
        {"double", S("1e"), "error: double('1e'): not a number"},
        {"double", S("1e+"), "error: double('1e+'): not a number"},
        {"double", S("1,5"), "error: double('1,5'): not a number"},
        {"double", S(" 1"), "error: double(' 1'): not a number"},
        {"double", S("1 "), "error: double('1 '): not a number"},
        {"double", S("1\0"), "error: double('1\\x00'): not a number"},
        {"double", S("0x1p3"), "error: double('0x1p3'): not a number"},
        {"double",
         S("1.000000000000000000000000000000000000000000000000000000000000000000000000"
           "000000000000000000000000000000000000000000000000000000000000000000005"),
         "1.0"},
        {"double", BOOL(true), "error: no such overload: double(bool)"},
    };

    check(state, rows, COUNT(rows));
}

static void
string_writes_what_can_be_read_back(void **state)
{
    static const struct row rows[] = {
        {"string", S("a"), "'a'"},
        {"string", I(INT64_MIN), "'-9223372036854775808'"},
        {"string", U(UINT64_MAX), "'18446744073709551615'"},
        {"string", D(123.456), "'123.456'"},
        {"string", D(-987.654), "'-987.654'"},
        {"string", D(6.02214e23), "'6.02214e+23'"},
        {"string", D(1), "'1'"},
        {"string", BOOL(true), "'true'"},
        {"string", BOOL(false), "'false'"},
        {"string", BYTES("abc"), "'abc'"},
        {"string", BYTES(""), "''"},
        {"string", BYTES("\xc3\xbf"), "'\xc3\xbf'"},
        {"string", BYTES("\xf0\x9f\x98\x80"), "'\xf0\x9f\x98\x80'"},
        {"string", BYTES("a\xff"), "error: string(b'a\\xff'): not UTF-8"},
        {"string", BYTES("\x00\xff"), "error: string(b'\\x00\\xff'): not UTF-8"},
        {"string", BYTES("\xc3"), "error: string(b'\\xc3'): not UTF-8"},
        {"string", BYTES("\xc0\x80"), "error: string(b'\\xc0\\x80'): not UTF-8"},
        {"string", BYTES("\xed\xa0\x80"), "error: string(b'\\xed\\xa0\\x80'): not UTF-8"},
        {"string", T(1234567890, 0), "'2009-02-13T23:31:30Z'"},
        {"string", T(253402300799, 999999999), "'9999-12-31T23:59:59.999999999Z'"},
        {"string", DUR(1000000000000000), "'1000000s'"},
        {"string", DUR(-1500000000), "'-1.5s'"},
        {"string", NOTHING, "error: no such overload: string(null_type)"},
        {"string", EMPTY_LIST, "error: no such overload: string(list)"},
        {"string", TYPE(CEL_INT), "error: no such overload: string(type)"},
    };

    check(state, rows, COUNT(rows));
}

static void
bytes_and_bool_take_strings(void **state)
{
    static const struct row rows[] = {
        {"bytes", S("\xc3\xbf"), "b'\\xc3\\xbf'"},
        {"bytes", S(""), "b''"},
        {"bytes", BYTES("\xff"), "b'\\xff'"},
        {"bytes", I(1), "error: no such overload: bytes(int)"},
        {"bool", BOOL(true), "true"},
        {"bool", S("true"), "true"},
        {"bool", S("TRUE"), "true"},
        {"bool", S("True"), "true"},
        {"bool", S("t"), "true"},
        {"bool", S("T"), "true"},
        {"bool", S("1"), "true"},
        {"bool", S("false"), "false"},
        {"bool", S("FALSE"), "false"},
        {"bool", S("False"), "false"},
        {"bool", S("f"), "false"},
        {"bool", S("F"), "false"},
        {"bool", S("0"), "false"},
        {"bool", S("TrUe"), "error: bool('TrUe'): neither 'true' nor 'false'"},
        {"bool", S(""), "error: bool(''): neither 'true' nor 'false'"},
        {"bool", S("yes"), "error: bool('yes'): neither 'true' nor 'false'"},
        {"bool", S("10"), "error: bool('10'): neither 'true' nor 'false'"},
        {"bool", I(1), "error: no such overload: bool(int)"},
    };

    check(state, rows, COUNT(rows));
}

static void
size_counts_letters_bytes_items_and_pairs(void **state)
{
    const struct {
        struct cel_value a;
        const char *result;
    } rows[] = {
        {S(""), "0"},
        {S("abc"), "3"},
        {S("\xc3\xa9t\xc3\xa9"), "3"},
        {S("\xe4\xb8\xad\xe5\x9b\xbd"), "2"},
        {S("\xf0\x9f\x98\x80"), "1"},
        {S("e\xcc\x81"), "2"}, /* a letter and its accent */
        {BYTES("\xe4\xb8\xad"), "3"},
        {BYTES(""), "0"},
        {EMPTY_LIST, "0"},
        {LIST(I(1), LIST(I(2), I(3))), "2"},
        {EMPTY_MAP, "0"},
        {MAP(I(1), I(2), I(3), I(4)), "2"},
        {I(1), "error: no such overload: size(int)"},
        {NOTHING, "error: no such overload: size(null_type)"},
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        for (int method = 0; method < 2; method++)
            assert_string_equal(
                printed(*state, call(test_run_start(*state), "size", method, &rows[i].a, 1)),
                rows[i].result);
}

static void
type_names_the_kind_and_dyn_changes_nothing(void **state)
{
    const struct row rows[] = {
        {"type", NOTHING, "null_type"},
        {"type", BOOL(true), "bool"},
        {"type", I(1), "int"},
        {"type", U(1), "uint"},
        {"type", D(1), "double"},
        {"type", S(""), "string"},
        {"type", BYTES(""), "bytes"},
        {"type", EMPTY_LIST, "list"},
        {"type", EMPTY_MAP, "map"},
        {"type", T(0, 0), "google.protobuf.Timestamp"},
        {"type", DUR(0), "google.protobuf.Duration"},
        {"type", TYPE(CEL_INT), "type"},
        {"dyn", LIST(I(1), S("a")), "[1, 'a']"},
        {"dyn", NOTHING, "null"},
    };

    check(state, rows, COUNT(rows));
}

static void
records_of_one_sort_have_one_type(void **state)
{
    static const int one, two;
    const struct cel_value args[] = {
        {.kind = CEL_RECORD, .type = CEL_REC_PARTY, .record = &one},
        {.kind = CEL_RECORD, .type = CEL_REC_PARTY, .record = &two},
        {.kind = CEL_RECORD, .type = CEL_REC_KIT, .record = &one},
    };
    struct cel_run *run = test_run_start(*state);
    struct cel_value types[3];

    for (int i = 0; i < 3; i++)
        types[i] = call(run, "type", false, &args[i], 1);
    assert_true(cel_is_equal(types[0], types[1]));
    assert_false(cel_is_equal(types[0], types[2]));
    assert_string_equal(printed(*state, types[0]), "party");
    assert_string_equal(printed(*state, args[2]), "kit");
    assert_string_equal(cel_no_overload(run, "size", args, 1).text,
                        "no such overload: size(party)");
}

static void
names_of_types_are_values(void **state)
{
    static const struct {
        const char *name;
        enum cel_kind kind; /* CEL_ERROR: no type */
    } rows[] = {
        {"int", CEL_INT},
        {"uint", CEL_UINT},
        {"double", CEL_DOUBLE},
        {"bool", CEL_BOOL},
        {"string", CEL_STRING},
        {"bytes", CEL_BYTES},
        {"list", CEL_LIST},
        {"map", CEL_MAP},
        {"null_type", CEL_NULL},
        {"type", CEL_TYPE},
        {"google.protobuf.Timestamp", CEL_TIMESTAMP},
        {"google.protobuf.Duration", CEL_DURATION},
        {"error", CEL_ERROR},
        {"record", CEL_ERROR},
        {"dyn", CEL_ERROR},
        {"timestamp", CEL_ERROR},
        {"Int", CEL_ERROR},
        {"", CEL_ERROR},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cel_value type = cel_null();

        assert_int_equal(cel_type_named(rows[i].name, &type), rows[i].kind != CEL_ERROR);
        if (rows[i].kind != CEL_ERROR) {
            assert_int_equal(type.kind, CEL_TYPE);
            assert_int_equal(type.type, rows[i].kind);
        }
    }
}

static void
parts_of_strings_are_found(void **state)
{
    static const struct {
        struct cel_value text, part;
        bool contains, starts, ends;
    } rows[] = {
        {S("processor"), S("process"), true, true, false},
        {S("processor"), S("or"), true, false, true},
        {S("processor"), S("cess"), true, false, false},
        {S("processor"), S("processor"), true, true, true},
        {S("processor"), S("processors"), false, false, false},
        {S("processor"), S("Pro"), false, false, false},
        {S("processor"), S(""), true, true, true},
        {S(""), S(""), true, true, true},
        {S(""), S("a"), false, false, false},
        {S("a\0b"), S("\0b"), true, false, true},
        {S("\xe4\xb8\xad\xe5\x9b\xbd"), S("\xe5\x9b\xbd"), true, false, true},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct cel_value args[] = {rows[i].text, rows[i].part};
        struct cel_run *run = test_run_start(*state);

        assert_int_equal(cel_is_true(call(run, "contains", true, args, 2)), rows[i].contains);
        assert_int_equal(cel_is_true(call(run, "startsWith", true, args, 2)), rows[i].starts);
        assert_int_equal(cel_is_true(call(run, "endsWith", true, args, 2)), rows[i].ends);
    }
}

static void
only_strings_have_parts(void **state)
{
    static const char *const names[] = {"contains", "startsWith", "endsWith"};
    static const struct cel_value args[][2] = {
        {S("a"), I(1)}, {I(1), S("a")}, {BYTES("a"), BYTES("a")}, {NOTHING, S("a")}};

    for (size_t i = 0; i < COUNT(names); i++)
        for (size_t j = 0; j < COUNT(args); j++) {
            struct cel_value result = call(test_run_start(*state), names[i], true, args[j], 2);

            assert_int_equal(result.kind, CEL_ERROR);
            assert_memory_equal(result.text, "no such overload: ", 18);
        }
}

static void
reading_texts_spends_steps(void **state)
{
    static const char *const functions[] = {"int", "uint", "double", "size"};
    static const char *const methods[] = {"contains", "startsWith", "endsWith"};
    static const struct cel_value args[] = {S("12345"), S("123")}, bytes = BYTES("123");
    struct cel_run *run = test_run_start(*state);
    const char *limit = cel_out_of_steps().text;

    run->steps_left = 2;
    for (size_t i = 0; i < COUNT(functions); i++)
        assert_string_equal(call(run, functions[i], false, args, 1).text, limit);
    for (size_t i = 0; i < COUNT(methods); i++)
        assert_string_equal(call(run, methods[i], true, args, 2).text, limit);
    assert_string_equal(call(run, "string", false, &bytes, 1).text, limit);
    run->memory_left = 0;
    assert_string_equal(call(run, "string", false, &(struct cel_value)I(1), 1).text,
                        cel_out_of_memory().text);
}

static void
functions_are_found_by_name_style_and_count(void **state)
{
    static const struct {
        const char *name;
        bool method;
        uint32_t count;
        bool found, known;
    } rows[] = {
        {"size", false, 1, true, true},     {"size", true, 1, true, true},
        {"size", false, 2, false, true},    {"size", false, 0, false, true},
        {"contains", true, 2, true, true},  {"contains", false, 2, false, true},
        {"contains", true, 1, false, true}, {"contain", true, 2, false, false},
        {"", false, 0, false, false},       {"type", true, 1, false, true},
        {"_+_", false, 2, false, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        bool known = !rows[i].known;
        const struct cel_function *function =
            cel_function_find(rows[i].name, rows[i].method, rows[i].count, &known);

        assert_int_equal(function != NULL, rows[i].found);
        assert_int_equal(known, rows[i].known);
        if (function)
            assert_string_equal(function->name, rows[i].name);
    }
}

/* Skips one letter, "[A]" or "{AB}". */
static const char *
skip_type(const char *at)
{
    static const char *const brackets[] = {"[]", "{}"};

    for (size_t i = 0; i < COUNT(brackets); i++)
        if (*at == brackets[i][0]) {
            for (at++; *at != brackets[i][1];)
                at = skip_type(at);
            return at + 1;
        }
    if (*at == '\0' || !strchr(LETTERS, *at))
        fail_msg("no type: \"%s\"", at);
    return at + 1;
}

static void
check_signatures(const struct cel_function *function)
{
    const char *at = function->signatures;

    while (*at) {
        uint32_t count = 0;

        for (; *at != ':'; count++)
            at = skip_type(at);
        assert_in_range(count, function->min, function->max);
        at = skip_type(at + 1);
        at += *at == ' ';
    }
}

static void
every_row_is_well_formed(void **state)
{
    (void)state;
    for (size_t i = 0; cel_function_tables[i]; i++)
        for (const struct cel_function *row = cel_function_tables[i]; row->name; row++) {
            bool known;

            assert_in_range(row->min, row->method, row->max);
            assert_in_range(row->max, 0, CEL_ARGUMENTS_MAX);
            assert_non_null(row->call);
            check_signatures(row);
            assert_ptr_equal(cel_function_find(row->name, row->method, row->max, &known), row);
            assert_ptr_equal(cel_function_find(row->name, row->method, row->min, &known), row);
        }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(int_takes_whole_numbers_that_fit),
        cmocka_unit_test(uint_takes_whole_numbers_from_0_on),
        cmocka_unit_test(double_takes_numbers_as_people_write_them),
        cmocka_unit_test(string_writes_what_can_be_read_back),
        cmocka_unit_test(bytes_and_bool_take_strings),
        cmocka_unit_test(size_counts_letters_bytes_items_and_pairs),
        cmocka_unit_test(type_names_the_kind_and_dyn_changes_nothing),
        cmocka_unit_test(records_of_one_sort_have_one_type),
        cmocka_unit_test(names_of_types_are_values),
        cmocka_unit_test(parts_of_strings_are_found),
        cmocka_unit_test(only_strings_have_parts),
        cmocka_unit_test(reading_texts_spends_steps),
        cmocka_unit_test(functions_are_found_by_name_style_and_count),
        cmocka_unit_test(every_row_is_well_formed),
    };

    return cmocka_run_group_tests_name("functions", tests, test_run_open, test_run_close);
}
