/* Numbers, strings and bytes in CEL source become the values they mean, or are refused. */
#include <float.h>
#include <math.h>
#include <stdio.h>

#include "policy/rules/cel/syntax.h"
#include "tests/support/test.h"

static struct arena arena;

static int
finish(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct cel_value
literal(const char *source)
{
    struct cel_node *root;
    struct cel_fault fault;

    if (cel_parse(&arena, source, strlen(source), &root, &fault) != 0)
        fail_msg("%s: %u: %s", source, fault.at, fault.text);
    assert_int_equal(root->kind, CEL_NODE_CONST);
    return root->value;
}

static void
integers_reach_from_end_to_end_of_their_range(void **state)
{
    static const struct {
        const char *source;
        int64_t expected;
    } cases[] = {
        {"0", 0},
        {"-0", 0},
        {"007", 7},
        {"42", 42},
        {"-42", -42},
        {"0x0", 0},
        {"0xAbC", 2748},
        {"-0x10", -16},
        {"9223372036854775807", INT64_MAX},
        {"0x7fffffffffffffff", INT64_MAX},
        {"-9223372036854775808", INT64_MIN},
        {"-0x8000000000000000", INT64_MIN},
        {"- 9223372036854775808", INT64_MIN},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct cel_value value = literal(cases[i].source);

        assert_int_equal(value.kind, CEL_INT);
        assert_true(value.i == cases[i].expected);
    }
}

static void
unsigned_integers_reach_to_the_end_of_theirs(void **state)
{
    static const struct {
        const char *source;
        uint64_t expected;
    } cases[] = {
        {"0u", 0},
        {"7U", 7},
        {"0xffu", 255},
        {"9223372036854775808u", (uint64_t)INT64_MAX + 1},
        {"18446744073709551615u", UINT64_MAX},
        {"0xFFFFFFFFFFFFFFFFU", UINT64_MAX},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct cel_value value = literal(cases[i].source);

        assert_int_equal(value.kind, CEL_UINT);
        assert_true(value.u == cases[i].expected);
    }
}

static void
doubles_have_a_fraction_or_an_exponent(void **state)
{
    static const struct {
        const char *source;
        double expected;
    } cases[] = {
        {"0.0", 0},
        {"1.5", 1.5},
        {".5", 0.5},
        {"-2.25", -2.25},
        {"-.5", -0.5},
        {"1e3", 1000},
        {"1E3", 1000},
        {"1e+3", 1000},
        {"25e-2", 0.25},
        {"1.5e1", 15},
        {".5e1", 5},
        {"007.5", 7.5},
        {"1e-400", 0},
        {"1.7976931348623157e308", DBL_MAX},
        {"4.9e-324", 0x1p-1074},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct cel_value value = literal(cases[i].source);

        assert_int_equal(value.kind, CEL_DOUBLE);
        assert_true(value.d == cases[i].expected);
    }
    assert_true(signbit(literal("-0.0").d));
}

static void
strings_and_bytes_hold_what_their_escapes_mean(void **state)
{
    static const struct {
        const char *source;
        enum cel_kind kind;
        const char *expected;
        size_t size;
    } cases[] = {
        {"''", CEL_STRING, "", 0},
        {"\"\"", CEL_STRING, "", 0},
        {"'\"'", CEL_STRING, "\"", 1},
        {"\"'\"", CEL_STRING, "'", 1},
        {"''''''", CEL_STRING, "", 0},
        {"'''x''x'''", CEL_STRING, "x''x", 4},
        {"\"\"\"\"\"\"", CEL_STRING, "", 0},
        {"\"\"\"a\"b\"\"c\"\"\"", CEL_STRING, "a\"b\"\"c", 6},
        {"''''a'''", CEL_STRING, "'a", 2},
        {"'''a\\''''", CEL_STRING, "a'", 2},
        {"'\\a\\b\\f\\n\\r\\t\\v'", CEL_STRING, "\x07\x08\x0c\x0a\x0d\x09\x0b", 7},
        {"'\\\\\\?\\\"\\'\\`'", CEL_STRING, "\\?\"'`", 5},
        {"'\\x41\\X7a\\x00'", CEL_STRING, "Az\0", 3},
        {"'\\xff'", CEL_STRING, "\xc3\xbf", 2},
        {"'\\101\\000\\377'", CEL_STRING, "A\0\xc3\xbf", 4},
        {"'\\1234'", CEL_STRING, "S4", 2},
        {"'\\303\\277'", CEL_STRING, "\xc3\x83\xc2\xbf", 4},
        {"'\\u0416\\u4e2d\\uFFFD'", CEL_STRING, "\xd0\x96\xe4\xb8\xad\xef\xbf\xbd", 8},
        {"'\\u007f\\u0080\\u07ff\\u0800'", CEL_STRING, "\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80", 8},
        {"'\\ud7ff\\ue000'", CEL_STRING, "\xed\x9f\xbf\xee\x80\x80", 6},
        {"'\\U0001F600\\U0010ffff'", CEL_STRING, "\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf", 8},
        {"'\\ud83d\\ude00!'", CEL_STRING, "\xf0\x9f\x98\x80!", 5},
        {"'\xd0\x96\xf0\x9f\x98\x80'", CEL_STRING, "\xd0\x96\xf0\x9f\x98\x80", 6},
        {"r'\\n\\'", CEL_STRING, "\\n\\", 3},
        {"R\"\\\\\"", CEL_STRING, "\\\\", 2},
        {"r'''\\''\\u'''", CEL_STRING, "\\''\\u", 5},
        {"'''a\nb\r\nc\rd\r\r\n'''", CEL_STRING, "a\nb\nc\nd\n\n", 9},
        {"r\"\"\"a\r\nb\"\"\"", CEL_STRING, "a\nb", 3},
        {"'''\\r\\n'''", CEL_STRING, "\r\n", 2},
        {"'a\tb'", CEL_STRING, "a\tb", 3},
        {"b''", CEL_BYTES, "", 0},
        {"b'abc'", CEL_BYTES, "abc", 3},
        {"B\"\xc3\xbf\"", CEL_BYTES, "\xc3\xbf", 2},
        {"b'\\303\\277'", CEL_BYTES, "\xc3\xbf", 2},
        {"b'\\xff\\377\\X00'", CEL_BYTES, "\xff\xff\0", 3},
        {"b'\\n\\`'", CEL_BYTES, "\n`", 2},
        {"b'''a\r\n'b'''", CEL_BYTES, "a\n'b", 4},
        {"br'\\x'", CEL_BYTES, "\\x", 2},
        {"bR'\\u'", CEL_BYTES, "\\u", 2},
        {"Br\"\"\"\\\"\"\"", CEL_BYTES, "\\", 1},
        {"BR'x'", CEL_BYTES, "x", 1},
        {"rb'\\x'", CEL_BYTES, "\\x", 2},
        {"RB'\\x'", CEL_BYTES, "\\x", 2},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct cel_value value = literal(cases[i].source);

        if (value.kind != cases[i].kind || value.size != cases[i].size ||
            memcmp(value.text, cases[i].expected, value.size) != 0)
            fail_msg("%s gives %u bytes: %.*s", cases[i].source, value.size, (int)value.size,
                     value.text);
    }
}

static void
words_stand_for_bools_and_null(void **state)
{
    (void)state;
    assert_int_equal(literal("true").kind, CEL_BOOL);
    assert_true(literal("true").truth);
    assert_int_equal(literal("false").kind, CEL_BOOL);
    assert_false(literal("false").truth);
    assert_int_equal(literal("null").kind, CEL_NULL);
}

static void
literals_at_fault_are_named_where_they_stand(void **state)
{
    static const struct {
        const char *source;
        uint32_t at;
        const char *expected;
    } cases[] = {
        {"9223372036854775808", 0, "'9223372036854775808' is too large for an int"},
        {"1 + 0x8000000000000000", 4, "'0x8000000000000000' is too large for an int"},
        {"1 -9223372036854775809", 3, "'9223372036854775809' is too large for an int"},
        {"[-9223372036854775809]", 1,
         "'9223372036854775809' is too large for an int, even after a minus"},
        {"-0x8000000000000001", 0,
         "'0x8000000000000001' is too large for an int, even after a minus"},
        {"18446744073709551616", 0, "'18446744073709551616' is too large for an int"},
        {"18446744073709551616u", 0, "'18446744073709551616u' is too large for a uint"},
        {"0x10000000000000000U", 0, "'0x10000000000000000U' is too large for a uint"},
        {"99999999999999999999999999999999999999999999", 0,
         "'9999999999999999999999999999999999999999...' is too large for an int"},
        {"1e309", 0, "'1e309' is too large for a double"},
        {"0x", 0, "0x needs hexadecimal digits after it"},
        {"0xg", 0, "0x needs hexadecimal digits after it"},
        {"0X1", 1, "expected an operator or the end; found 'X1'"},
        {"1e", 1, "expected an operator or the end; found 'e'"},
        {"1e+", 1, "expected an operator or the end; found 'e'"},
        {"1.5u", 3, "expected an operator or the end; found 'u'"},
        {"1..5", 2, "expected a field or function name after '.'; found '.5'"},
        {"7.", 2, "expected a field or function name after '.'; found the end"},
        {"12ab", 2, "expected an operator or the end; found 'ab'"},
        {"'abc", 0, "unterminated string"},
        {"'", 0, "unterminated string"},
        {"1 + \"a'", 4, "unterminated string"},
        {"'a\nb'", 0, "unterminated string"},
        {"\"a\rb\"", 0, "unterminated string"},
        {"r'a\nb'", 0, "unterminated string"},
        {"'''a''", 0, "unterminated string"},
        {"'''a''''", 7, "unterminated string"},
        {"r'\\''", 4, "unterminated string"},
        {"b'abc", 0, "unterminated bytes"},
        {"br\"\"\"a\"\"", 0, "unterminated bytes"},
        {"'a\\", 2, "a backslash itself is written \\\\"},
        {"'\\\n'", 1, "a backslash itself is written \\\\"},
        {"'ab\\d'", 3, "there is no escape \\d; a backslash itself is \\\\"},
        {"'\\8'", 1, "there is no escape \\8; a backslash itself is \\\\"},
        {"'\\xf'", 1, "\\x takes two hexadecimal digits"},
        {"'\\Xg0'", 1, "\\x takes two hexadecimal digits"},
        {"'\\x4", 1, "\\x takes two hexadecimal digits"},
        {"'\\u12g4'", 1, "\\u takes four hexadecimal digits"},
        {"'\\U1234567'", 1, "\\U takes eight hexadecimal digits"},
        {"'\\08'", 1, "an octal escape takes three digits, \\000 to \\377"},
        {"'\\400'", 1, "an octal escape takes three digits, \\000 to \\377"},
        {"b'\\777'", 2, "an octal escape takes three digits, \\000 to \\377"},
        {"'\\U00110000'", 1, "there is no character U+00110000"},
        {"'\\UFFFFFFFF'", 1, "there is no character U+FFFFFFFF"},
        {"'\\ud800'", 1, "U+D800 is half a surrogate pair and no character"},
        {"'\\udc00\\ud800'", 1, "U+DC00 is half a surrogate pair and no character"},
        {"'\\ud83d\\u0041'", 1, "U+D83D is half a surrogate pair and no character"},
        {"'\\U0000d83d\\ude00'", 1, "U+D83D is half a surrogate pair and no character"},
        {"'\\U0000dfff'", 1, "U+DFFF is half a surrogate pair and no character"},
        {"b'\\u0041'", 2, "\\u is for strings; bytes take \\x and octal escapes"},
        {"b'\\U00000041'", 2, "\\U is for strings; bytes take \\x and octal escapes"},
        {"bb'a'", 2, "expected an operator or the end; found a string"},
        {"rr'a'", 2, "expected an operator or the end; found a string"},
        {"u'a'", 1, "expected an operator or the end; found a string"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct cel_node *root;
        struct cel_fault fault;

        if (cel_parse(&arena, cases[i].source, strlen(cases[i].source), &root, &fault) == 0)
            fail_msg("%s passed", cases[i].source);
        if (strcmp(fault.text, cases[i].expected) != 0 || fault.at != cases[i].at)
            fail_msg("%s\n  %u: %s\n  %u: %s", cases[i].source, fault.at, fault.text,
                     cases[i].at, cases[i].expected);
    }
}

/* Every character there is, written as \U and as itself, is the same string. */
static void
every_character_can_be_escaped(void **state)
{
    (void)state;
    for (uint32_t code = 0x80; code <= 0x10ffff; code += code < 0x900 ? 1 : 977) {
        char escaped[16], twice[40];
        struct cel_value value;

        if (code >= 0xd800 && code <= 0xdfff)
            continue;
        snprintf(escaped, sizeof(escaped), "'\\U%08X'", code);
        value = literal(escaped);
        snprintf(twice, sizeof(twice), "'%.*s'", (int)value.size, value.text);
        assert_int_equal(literal(twice).size, value.size);
        assert_int_equal(value.size, code < 0x800 ? 2 : code < 0x10000 ? 3 : 4);
        arena_reset(&arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_reach_from_end_to_end_of_their_range),
        cmocka_unit_test(unsigned_integers_reach_to_the_end_of_theirs),
        cmocka_unit_test(doubles_have_a_fraction_or_an_exponent),
        cmocka_unit_test(strings_and_bytes_hold_what_their_escapes_mean),
        cmocka_unit_test(words_stand_for_bools_and_null),
        cmocka_unit_test(literals_at_fault_are_named_where_they_stand),
        cmocka_unit_test(every_character_can_be_escaped),
    };

    return cmocka_run_group_tests(tests, NULL, finish);
}
