/* The strings extension: every function, its places beyond ASCII, its errors and its limits. */
#include "tests/rules/calls.h"

#define CHECK(calls) calls_check(*state, cel_string_functions, calls, COUNT(calls))

static void
characters_are_code_points(void **state)
{
    const struct call calls[] = {
        {"charAt", {S("tacocat"), I(0)}, "'t'"},
        {"charAt", {S("tacocat"), I(3)}, "'o'"},
        {"charAt", {S("tacocat"), I(7)}, "''"},
        {"charAt", {S(""), I(0)}, "''"},
        {"charAt", {S("ta©o©αT"), I(2)}, "'©'"},
        {"charAt", {S("电子元件"), I(3)}, "'件'"},
        {"charAt", {S("a😀b"), I(1)}, "'😀'"},
        {"charAt", {S("a😀b"), I(2)}, "'b'"},
        {"charAt",
         {S("tacocat"), I(8)},
         "error: index out of range: 8; the text has 7 characters"},
        {"charAt", {S("😀"), I(-1)}, "error: index out of range: -1; the text has 1 characters"},
        {"charAt", {S("tacocat"), U(1)}, "error: no such overload: charAt(string, uint)"},
        {"charAt", {I(7), I(1)}, "error: no such overload: charAt(int, int)"},
    };

    CHECK(calls);
}

static void
a_text_is_found_from_the_left(void **state)
{
    const struct call calls[] = {
        {"indexOf", {S("hello mellow"), S("")}, "0"},
        {"indexOf", {S("hello mellow"), S("ello")}, "1"},
        {"indexOf", {S("hello mellow"), S("jello")}, "-1"},
        {"indexOf", {S("hello mellow"), S(""), I(2)}, "2"},
        {"indexOf", {S("hello mellow"), S("ello"), I(2)}, "7"},
        {"indexOf", {S("hello mellow"), S("ello"), I(7)}, "7"},
        {"indexOf", {S("hello mellow"), S("ello"), I(8)}, "-1"},
        {"indexOf", {S("hello mellow"), S("w"), I(12)}, "-1"},
        {"indexOf", {S("hello mellow"), S(""), I(12)}, "12"},
        {"indexOf", {S(""), S("a")}, "-1"},
        {"indexOf", {S(""), S("")}, "0"},
        {"indexOf", {S("a"), S("aa")}, "-1"},
        {"indexOf", {S("ta©o©αT"), S("©")}, "2"},
        {"indexOf", {S("ta©o©αT"), S("©"), I(3)}, "4"},
        {"indexOf", {S("ta©o©αT"), S("©αT"), I(3)}, "4"},
        {"indexOf", {S("ta©o©αT"), S("©α"), I(5)}, "-1"},
        {"indexOf", {S("😀😀x"), S("x")}, "2"},
        {"indexOf",
         {S("tacocat"), S("a"), I(30)},
         "error: index out of range: 30; the text has 7 characters"},
        {"indexOf",
         {S("tacocat"), S("a"), I(-1)},
         "error: index out of range: -1; the text has 7 characters"},
        {"indexOf",
         {S("tacocat"), S(""), I(8)},
         "error: index out of range: 8; the text has 7 characters"},
        {"indexOf", {S("tacocat"), I(1)}, "error: no such overload: indexOf(string, int)"},
        {"indexOf",
         {S("tacocat"), S("a"), S("b")},
         "error: no such overload: indexOf(string, string, string)"},
    };

    CHECK(calls);
}

static void
a_text_is_found_from_the_right(void **state)
{
    const struct call calls[] = {
        {"lastIndexOf", {S("hello mellow"), S("")}, "12"},
        {"lastIndexOf", {S("hello mellow"), S("ello")}, "7"},
        {"lastIndexOf", {S("hello mellow"), S("jello")}, "-1"},
        {"lastIndexOf", {S("hello mellow"), S("ello"), I(6)}, "1"},
        {"lastIndexOf", {S("hello mellow"), S("ello"), I(7)}, "7"},
        {"lastIndexOf", {S("hello mellow"), S("ello"), I(0)}, "-1"},
        {"lastIndexOf", {S("hello mellow"), S("h"), I(0)}, "0"},
        {"lastIndexOf", {S("hello mellow"), S(""), I(3)}, "3"},
        {"lastIndexOf", {S("hello mellow"), S("w"), I(12)}, "11"},
        {"lastIndexOf", {S(""), S("@@")}, "-1"},
        {"lastIndexOf", {S(""), S("")}, "0"},
        {"lastIndexOf", {S("ta©o©αT"), S("©")}, "4"},
        {"lastIndexOf", {S("ta©o©αT"), S("©"), I(3)}, "2"},
        {"lastIndexOf", {S("ta©o©αT"), S("©α"), I(4)}, "4"},
        {"lastIndexOf",
         {S("tacocat"), S("a"), I(-1)},
         "error: index out of range: -1; the text has 7 characters"},
        {"lastIndexOf",
         {S("tacocat"), S("a"), I(30)},
         "error: index out of range: 30; the text has 7 characters"},
        {"lastIndexOf",
         {S("tacocat"), S("a"), D(1)},
         "error: no such overload: lastIndexOf(string, string, double)"},
    };

    CHECK(calls);
}

static void
parts_are_cut_out(void **state)
{
    const struct call calls[] = {
        {"substring", {S("tacocat"), I(4)}, "'cat'"},
        {"substring", {S("tacocat"), I(7)}, "''"},
        {"substring", {S("tacocat"), I(0), I(4)}, "'taco'"},
        {"substring", {S("tacocat"), I(4), I(4)}, "''"},
        {"substring", {S("ta©o©αT"), I(2), I(6)}, "'©o©α'"},
        {"substring", {S("ta©o©αT"), I(7), I(7)}, "''"},
        {"substring", {S("x😀y"), I(1), I(2)}, "'😀'"},
        {"substring",
         {S("tacocat"), I(40)},
         "error: index out of range: 40; the text has 7 characters"},
        {"substring",
         {S("tacocat"), I(-1)},
         "error: index out of range: -1; the text has 7 characters"},
        {"substring",
         {S("tacocat"), I(1), I(50)},
         "error: index out of range: 50; the text has 7 characters"},
        {"substring",
         {S("tacocat"), I(-1), I(3)},
         "error: index out of range: -1; the text has 7 characters"},
        {"substring",
         {S("tacocat"), I(49), I(1)},
         "error: index out of range: 49; the text has 7 characters"},
        {"substring",
         {S("tacocat"), I(3), I(1)},
         "error: invalid substring range: it begins at 3 and ends at 1"},
        {"substring", {S("a"), BOOL(true)}, "error: no such overload: substring(string, bool)"},
    };

    CHECK(calls);
}

static void
letters_of_ascii_change_case_and_no_others(void **state)
{
    const struct call calls[] = {
        {"lowerAscii", {S("TacoCat")}, "'tacocat'"},
        {"lowerAscii", {S("TacoCÆt Xii")}, "'tacocÆt xii'"},
        {"lowerAscii", {S("@[`{AZ")}, "'@[`{az'"},
        {"upperAscii", {S("tacoCat")}, "'TACOCAT'"},
        {"upperAscii", {S("tacoCαt")}, "'TACOCαT'"},
        {"upperAscii", {S("@[`{az")}, "'@[`{AZ'"},
        {"upperAscii", {S("")}, "''"},
        {"upperAscii", {BYTES("a")}, "error: no such overload: upperAscii(bytes)"},
        {"lowerAscii", {NOTHING}, "error: no such overload: lowerAscii(null_type)"},
    };

    CHECK(calls);
}

static void
texts_are_replaced_up_to_a_limit(void **state)
{
    const struct call calls[] = {
        {"replace", {S("hello hello"), S("he"), S("we")}, "'wello wello'"},
        {"replace", {S("hello hello"), S("he"), S("we"), I(-1)}, "'wello wello'"},
        {"replace", {S("hello hello"), S("he"), S("we"), I(1)}, "'wello hello'"},
        {"replace", {S("hello hello"), S("he"), S("we"), I(0)}, "'hello hello'"},
        {"replace", {S("hello hello"), S("he"), S("we"), I(9)}, "'wello wello'"},
        {"replace", {S("12 days 12 hours"), S("12"), S("")}, "' days  hours'"},
        {"replace", {S("aaa"), S("aa"), S("b")}, "'ba'"},
        {"replace", {S("oo"), S("o"), S("©©")}, "'©©©©'"},
        {"replace", {S("ta©o©α"), S("©"), S("->")}, "'ta->o->α'"},
        {"replace", {S("abc"), S(""), S("-")}, "'-a-b-c-'"},
        {"replace", {S("a©"), S(""), S("-"), I(2)}, "'-a-©'"},
        {"replace", {S(""), S(""), S("-")}, "'-'"},
        {"replace", {S(""), S("a"), S("-")}, "''"},
        {"replace",
         {S("a"), S("a"), I(1)},
         "error: no such overload: replace(string, string, int)"},
        {"replace",
         {S("a"), S("a"), S("b"), S("c")},
         "error: no such overload: replace(string, string, string, string)"},
    };

    CHECK(calls);
}

static void
texts_are_split_up_to_a_limit(void **state)
{
    const struct call calls[] = {
        {"split", {S("hello world events!"), S(" ")}, "['hello', 'world', 'events!']"},
        {"split", {S("hello hello"), S(" "), I(0)}, "[]"},
        {"split", {S("hello hello"), S(" "), I(1)}, "['hello hello']"},
        {"split", {S("a b c"), S(" "), I(2)}, "['a', 'b c']"},
        {"split", {S("a b c"), S(" "), I(-1)}, "['a', 'b', 'c']"},
        {"split", {S("a b c"), S(" "), I(9)}, "['a', 'b', 'c']"},
        {"split", {S(",a,"), S(",")}, "['', 'a', '']"},
        {"split", {S("o©o©o"), S("©")}, "['o', 'o', 'o']"},
        {"split", {S("aaa"), S("aa")}, "['', 'a']"},
        {"split", {S("abc"), S("")}, "['a', 'b', 'c']"},
        {"split", {S("a©😀"), S("")}, "['a', '©', '😀']"},
        {"split", {S("a©😀"), S(""), I(2)}, "['a', '©😀']"},
        {"split", {S("a©"), S(""), I(1)}, "['a©']"},
        {"split", {S("a©"), S(""), I(3)}, "['a', '©']"},
        {"split", {S(""), S("")}, "[]"},
        {"split", {S(""), S("x")}, "['']"},
        {"split", {S("a"), I(1)}, "error: no such overload: split(string, int)"},
    };

    CHECK(calls);
}

static void
lists_of_texts_are_joined(void **state)
{
    const struct call calls[] = {
        {"join", {LIST(S("x"), S("y"))}, "'xy'"},
        {"join", {LIST(S("x"), S("y")), S("-")}, "'x-y'"},
        {"join", {LIST(S("©"), S(""), S("b")), S("😀")}, "'©😀😀b'"},
        {"join", {EMPTY_LIST}, "''"},
        {"join", {EMPTY_LIST, S("-")}, "''"},
        {"join", {LIST(S("x")), S("-")}, "'x'"},
        {"join",
         {LIST(S("x"), I(1)), S("-")},
         "error: join: item 1 of the list is no string but int"},
        {"join", {LIST(S("x")), I(1)}, "error: no such overload: join(list, int)"},
        {"join", {S("x")}, "error: no such overload: join(string)"},
    };

    CHECK(calls);
}

static void
space_around_a_text_is_that_of_unicode(void **state)
{
    const struct call calls[] = {
        {"trim", {S("  \ttrim\n    ")}, "'trim'"},
        {"trim", {S("a b")}, "'a b'"},
        {"trim", {S(" \f\n\r\t\vtext ")}, "'text'"},
        {"trim", {S("\xC2\x85\xC2\xA0x\xE1\x9A\x80")}, "'x'"},
        {"trim", {S("\xE2\x80\x80\xE2\x80\x8Ax y\xE2\x80\xA8\xE2\x80\xA9")}, "'x y'"},
        {"trim", {S("\xE2\x80\xAFx\xE2\x81\x9F\xE3\x80\x80")}, "'x'"},
        {"trim", {S("\xE2\x80\x8Bx\xE2\x81\xA0")}, "'\xE2\x80\x8Bx\xE2\x81\xA0'"},
        {"trim", {S(" \n")}, "''"},
        {"trim", {S("")}, "''"},
        {"trim", {I(1)}, "error: no such overload: trim(int)"},
    };

    CHECK(calls);
}

static void
texts_are_turned_round(void **state)
{
    const struct call calls[] = {
        {"reverse", {S("gums")}, "'smug'"},
        {"reverse", {S("ta©o😀α")}, "'α😀o©at'"},
        {"reverse", {S("")}, "''"},
        {"reverse", {EMPTY_LIST}, "error: no such overload: reverse(list)"},
    };

    CHECK(calls);
}

static void
quoted_text_shows_what_is_in_it(void **state)
{
    static const struct {
        struct cel_value text;
        const char *quoted;
    } cases[] = {
        {S("kit"), "\"kit\""},
        {S(""), "\"\""},
        {S("double \" single '"), "\"double \\\" single '\""},
        {S("\a\b\f\n\r\t\v"), "\"\\a\\b\\f\\n\\r\\t\\v\""},
        {S("back\\slash"), "\"back\\\\slash\""},
        {S("©α😀"), "\"©α😀\""},
        {S("broken \xFFtext"), "\"broken \xEF\xBF\xBDtext\""},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct cel_function *quote = calls_find(cel_string_functions, "strings.quote");
        struct cel_value quoted = quote->call(test_run_start(*state), &cases[i].text, 1);

        assert_int_equal(quoted.kind, CEL_STRING);
        assert_int_equal(quoted.size, strlen(cases[i].quoted));
        assert_memory_equal(quoted.text, cases[i].quoted, quoted.size);
    }
}

/* Its answer, or the sentence of a limit. */
static bool
ends_well(struct test_run *test, const struct call *call, size_t memory, size_t steps)
{
    const struct cel_function *function = calls_find(cel_string_functions, call->name);
    struct cel_run *run = test_run_start(test);
    char answer[200];

    run->memory_left = memory;
    run->steps_left = steps;
    calls_print(function->call(run, call->args, calls_given(call)), answer, sizeof(answer));
    if (strcmp(answer, call->answer) == 0)
        return true;
    assert_string_equal(answer, memory < steps ? "error: the evaluation needs more memory than "
                                                 "an expression may use"
                                               : "error: the evaluation takes more steps than "
                                                 "an expression may use");
    return false;
}

/* Every function meets both limits in order: never a crash, never a wrong answer. */
static void
limits_end_in_errors(void **state)
{
    const struct call calls[] = {
        {"charAt", {S("kit"), I(1)}, "'i'"},
        {"indexOf", {S("kit"), S("t"), I(1)}, "2"},
        {"lastIndexOf", {S("kitkit"), S("kit"), I(2)}, "0"},
        {"join", {LIST(S("x"), S("y")), S("-")}, "'x-y'"},
        {"lowerAscii", {S("KIT")}, "'kit'"},
        {"upperAscii", {S("kit")}, "'KIT'"},
        {"replace", {S("kit"), S("k"), S("f")}, "'fit'"},
        {"reverse", {S("kit")}, "'tik'"},
        {"split", {S("k i t"), S(" ")}, "['k', 'i', 't']"},
        {"strings.quote", {S("kit")}, "'\"kit\"'"},
        {"substring", {S("kit"), I(1), I(2)}, "'i'"},
        {"trim", {S(" kit ")}, "'kit'"},
        {"format",
         {S("%s: %d"), LIST(MAP(S("b"), I(1), S("a"), D(2.5)), I(3))},
         "'{a: 2.5, b: 1}: 3'"},
    };

    for (size_t i = 0; i < COUNT(calls); i++) {
        for (size_t limit = 0, done = 0; done != 2; limit++) {
            done = ends_well(*state, &calls[i], limit, SIZE_MAX) +
                   ends_well(*state, &calls[i], SIZE_MAX, limit);
            assert_in_range(limit, 0, 2000);
        }
    }
}

/* 1,000 times 1,000 characters is a million; the limit is one million bytes. */
static void
a_text_cannot_grow_beyond_the_memory(void **state)
{
    const struct cel_function *replace = calls_find(cel_string_functions, "replace");
    char long_text[2100];
    struct cel_value args[3], result;

    memset(long_text, 'a', sizeof(long_text));
    args[0] = cel_string(long_text, sizeof(long_text));
    args[1] = cel_string("a", 1);
    args[2] = args[0];
    result = replace->call(test_run_start(*state), args, 3);
    assert_int_equal(result.kind, CEL_ERROR);
    assert_string_equal(result.text, cel_out_of_memory().text);
    args[2].size = 1900;
    result = replace->call(test_run_start(*state), args, 3);
    assert_int_equal(result.kind, CEL_STRING);
    assert_int_equal(result.size, 2100 * 1900);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_are_code_points),
        cmocka_unit_test(a_text_is_found_from_the_left),
        cmocka_unit_test(a_text_is_found_from_the_right),
        cmocka_unit_test(parts_are_cut_out),
        cmocka_unit_test(letters_of_ascii_change_case_and_no_others),
        cmocka_unit_test(texts_are_replaced_up_to_a_limit),
        cmocka_unit_test(texts_are_split_up_to_a_limit),
        cmocka_unit_test(lists_of_texts_are_joined),
        cmocka_unit_test(space_around_a_text_is_that_of_unicode),
        cmocka_unit_test(texts_are_turned_round),
        cmocka_unit_test(quoted_text_shows_what_is_in_it),
        cmocka_unit_test(limits_end_in_errors),
        cmocka_unit_test(a_text_cannot_grow_beyond_the_memory),
    };

    return cmocka_run_group_tests(tests, test_run_open, test_run_close);
}
