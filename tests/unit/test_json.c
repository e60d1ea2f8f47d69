/*
 * The gate against documents that must pass and documents that must not, and
 * against cJSON's own parser: of whatever the gate lets through, both have to
 * make the same tree.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gateway/base/buffer.h"
#include "gateway/base/json.h"
#include "gateway/base/json_keys.h"
#include "tests/support/test.h"

#define TEXT(literal) literal, sizeof(literal) - 1

struct document {
    const char *text;
    size_t len;
};

static const struct document accepted[] = {
    /* clang-format off */
    { TEXT("null") }, { TEXT("true") }, { TEXT("false") }, { TEXT("0") }, { TEXT("-0") },
    { TEXT("\"\"") }, { TEXT("[]") }, { TEXT("{}") }, { TEXT(" \t\r\n0\n\r\t ") },
    { TEXT("1") }, { TEXT("-1") }, { TEXT("10") }, { TEXT("1234567890") }, { TEXT("-9007199254740993") },
    { TEXT("0.0") }, { TEXT("-0.0") }, { TEXT("0.5") }, { TEXT("10.25") }, { TEXT("1.000") },
    { TEXT("1E5") }, { TEXT("1e5") }, { TEXT("1e+5") }, { TEXT("1e-5") }, { TEXT("0e0") }, { TEXT("-0E-0") },
    { TEXT("1.5e300") }, { TEXT("1e308") }, { TEXT("-1e308") },
    { TEXT("1e-400") }, { TEXT("0e999999") }, { TEXT("1e00001") }, { TEXT("0.00000000000000000001") },
    { TEXT("123456789012345678901234567890123456789012345678901234567890123") }, /* 63 characters */
    { TEXT("[0,1]") }, { TEXT("[ 0 , 1 ]") }, { TEXT("[[],[]]") }, { TEXT("[{},{}]") }, { TEXT("[\"\",null]") },
    { TEXT("{\"a\":1}") }, { TEXT("{ \"a\" : 1 , \"b\" : 2 }") }, { TEXT("{\"\":1}") }, { TEXT("{\"a\":{\"a\":{}}}") },
    { TEXT("[{\"a\":1},{\"a\":1}]") }, { TEXT("{\"a\":1,\"A\":2}") }, { TEXT("{\"a\":1,\"a \":2}") },
    { TEXT("{\"\\u00e9\":1,\"\\u00ea\":2,\"\\u0129\":3}") }, { TEXT("{\"\\u07ff\":1,\"\\u0800\":2,\"\\uffff\":3,\"\\ud800\\udc00\":4}") },
    { TEXT("{\"\\ud7ff\":1,\"\\ue000\":2,\"\\u0080\":3,\"\\u007f\":4}") }, { TEXT("[\"\\u007f\\u0080\\u07ff\\u0800\\ud7ff\\ue000\\uffff\\ud800\\udc00\\udbff\\udfff\"]") },
    { TEXT("[2147483647,2147483648,-2147483648,-2147483649,123456789012345,-12345678901234,1234567890123456,1e3]") },
    { TEXT("{\"a\":1,\"aa\":2,\"aaa\":3}") }, { TEXT("{\"abc\":1,\"axc\":2}") },
    { TEXT("{\"\\u0061\":1,\"\\u0062\":2}") }, { TEXT("{\"\\\\u0061\":1,\"a\":2}") },
    { TEXT("\"abc\"") }, { TEXT("\"'\"") }, { TEXT("\"/\"") }, { TEXT("\"\\/\"") }, { TEXT("\"\\\"\\\\\"") },
    { TEXT("\"\\b\\f\\n\\r\\t\"") }, { TEXT("\"\\u0001\"") }, { TEXT("\"\\u00e9\\u00E9\"") },
    { TEXT("\"\\u4f60\\uFFFF\\uABCD\"") }, { TEXT("\"\\ud834\\udd1e\"") }, { TEXT("\"\\uDBFF\\uDFFF\"") },
    { TEXT("\"\\ud834\\uDD1E\\ud834\\udd1e\"") }, { TEXT("\"\\ud7ff\\ue000\"") },
    { TEXT("\"\x7f\"") }, { TEXT("\"\xc2\x80\"") }, { TEXT("\"\xdf\xbf\"") }, { TEXT("\"\xe0\xa0\x80\"") },
    { TEXT("\"\xed\x9f\xbf\"") }, { TEXT("\"\xee\x80\x80\"") }, { TEXT("\"\xef\xbf\xbf\"") },
    { TEXT("\"\xf0\x90\x80\x80\"") }, { TEXT("\"\xf4\x8f\xbf\xbf\"") }, { TEXT("\"\xef\xbb\xbf\"") },
    { TEXT("\"\xe6\xb7\xb1\xe5\x9c\xb3 12345678 \xd0\x9e\xd0\x9e\xd0\x9e\"") },
    { TEXT("{\"\xe6\xb7\xb1\":1,\"\xe5\x9c\xb3\":2}") },
    { TEXT("[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]") }, /* 16 */
    { TEXT("[[[[[[[[[[[[[[[{\"a\":0}]]]]]]]]]]]]]]]") },
    { TEXT("[[],[[]],[[[]]],[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]") },
    /* clang-format on */
};

struct refusal {
    const char *text;
    size_t len;
    const char *why; /* the whole error, or its beginning where it ends in … */
};

static const struct refusal refused[] = {
    /* clang-format off */
    /* nothing, or too much */
    { TEXT(""), "line 1, column 1: there is no JSON in it" },
    { TEXT(" \n\t "), "line 2, column 3: there is no JSON in it" },
    { TEXT("\xef\xbb\xbf{}"), "line 1, column 1: begins with a byte order mark; send UTF-8 without one" },
    { TEXT("\xef\xbb\xbf"), "line 1, column 1: begins with a byte order mark…" },
    { TEXT("\xff\xfe{\0}\0"), "line 1, column 1: expected a value, found the byte 0xff" },
    { TEXT("{}{}"), "line 1, column 3: expected the end of the text behind the value, found {" },
    { TEXT("1 2"), "line 1, column 3: expected the end of the text behind the value, found 2" },
    { TEXT("[]\0"), "line 1, column 3: expected the end of the text behind the value, found the byte 0x00" },
    { TEXT("null//x"), "line 1, column 5: expected the end…" }, { TEXT("true,"), "line 1, column 5: expected the end…" },
    { TEXT("\"a\"\"b\""), "line 1, column 4: expected the end…" }, { TEXT("[]]"), "line 1, column 3: expected the end…" },
    /* words */
    { TEXT("True"), "line 1, column 1: expected a value, found T" },
    { TEXT("nul"), "line 1, column 1: expected a value; words are true, false and null, in lower case" },
    { TEXT("tRUE"), "line 1, column 1: expected a value; words…" }, { TEXT("fals"), "line 1, column 1: expected a value; words…" },
    { TEXT("nulll"), "line 1, column 5: expected the end…" }, { TEXT("NaN"), "line 1, column 1: expected a value, found N" },
    { TEXT("Infinity"), "line 1, column 1: expected a value, found I" }, { TEXT("-Infinity"), "line 1, column 2: expected a digit behind the minus sign, found I" },
    { TEXT("undefined"), "line 1, column 1: expected a value, found u" }, { TEXT("abc"), "line 1, column 1: expected a value, found a" },
    { TEXT("'a'"), "line 1, column 1: expected a value, found '" }, { TEXT("// x\n1"), "line 1, column 1: expected a value, found /" },
    { TEXT("/* x */ 1"), "line 1, column 1: expected a value, found /" }, { TEXT("\f1"), "line 1, column 1: expected a value, found the byte 0x0c" },
    { TEXT("\v1"), "line 1, column 1: expected…" }, { TEXT("\xc2\xa0" "1"), "line 1, column 1: expected…" },
    { TEXT("\0"), "line 1, column 1: expected a value, found the byte 0x00" },
    /* numbers */
    { TEXT("00"), "line 1, column 1: a number may not begin with a superfluous zero" },
    { TEXT("01"), "line 1, column 1: a number may not begin…" }, { TEXT("-01"), "line 1, column 2: a number may not begin…" },
    { TEXT("00.5"), "line 1, column 1: a number may not begin…" }, { TEXT("012e3"), "line 1, column 1: a number may not begin…" },
    { TEXT("+1"), "line 1, column 1: expected a value, found +" }, { TEXT(".5"), "line 1, column 1: expected a value, found ." },
    { TEXT("-"), "line 1, column 2: expected a digit behind the minus sign, found the end of the text" },
    { TEXT("--1"), "line 1, column 2: expected a digit…" }, { TEXT("- 1"), "line 1, column 2: expected a digit…" },
    { TEXT("-.5"), "line 1, column 2: expected a digit…" }, { TEXT("1."), "line 1, column 3: expected a digit behind the decimal point, found the end of the text" },
    { TEXT("1.e5"), "line 1, column 3: expected a digit behind the decimal point, found e" },
    { TEXT("1..5"), "line 1, column 3: expected a digit…" }, { TEXT("1.5.5"), "line 1, column 4: expected the end…" },
    { TEXT("1e"), "line 1, column 3: expected a digit in the exponent, found the end of the text" },
    { TEXT("1e+"), "line 1, column 4: expected a digit in the exponent…" }, { TEXT("1e5.5"), "line 1, column 4: expected the end…" },
    { TEXT("1ee5"), "line 1, column 3: expected a digit…" }, { TEXT("1e+-5"), "line 1, column 4: expected a digit…" },
    { TEXT("0x10"), "line 1, column 2: expected the end…" }, { TEXT("1_000"), "line 1, column 2: expected the end…" },
    { TEXT("1,5"), "line 1, column 2: expected the end…" }, { TEXT("1f"), "line 1, column 2: expected the end…" },
    { TEXT("[1.]"), "line 1, column 4: expected a digit behind the decimal point, found ]" },
    { TEXT("\xef\xbc\x91"), "line 1, column 1: expected a value…" }, /* a full-width 1 */
    { TEXT("1e400"), "line 1, column 1: the number is too large for a double" },
    { TEXT("[0,-1e309]"), "line 1, column 4: the number is too large for a double" },
    { TEXT("1.8e308"), "line 1, column 1: the number is too large…" }, { TEXT("1e99999999999"), "line 1, column 1: the number is too large…" },
    { TEXT("1234567890123456789012345678901234567890123456789012345678901234"), "line 1, column 1: a number has at most 63 characters" },
    /* strings */
    { TEXT("\""), "line 1, column 1: a string begins here and is not closed" },
    { TEXT("[\"abc]"), "line 1, column 2: a string begins here and is not closed" },
    { TEXT("\"abc\\\""), "line 1, column 1: a string begins here and is not closed" },
    { TEXT("\"abcdefgh\n\""), "line 1, column 10: the control character 0x0a has to be escaped in a string" },
    { TEXT("\"a\tb\""), "line 1, column 3: the control character 0x09…" }, { TEXT("\"a\0b\""), "line 1, column 3: the control character 0x00…" },
    { TEXT("\"\x1f\""), "line 1, column 2: the control character 0x1f…" }, { TEXT("\"1234567\x01\""), "line 1, column 9: the control…" },
    { TEXT("\"\\a\""), "line 1, column 3: expected one of \" \\ / b f n r t u behind a backslash, found a" },
    { TEXT("\"\\"), "line 1, column 3: expected one of \" \\ / b f n r t u behind a backslash, found the end of the text" },
    { TEXT("\"\\'\""), "line 1, column 3: expected one of…" }, { TEXT("\"\\x41\""), "line 1, column 3: expected one of…" },
    { TEXT("\"\\0\""), "line 1, column 3: expected one of…" }, { TEXT("\"\\U0041\""), "line 1, column 3: expected one of…" },
    { TEXT("\"\\\0\""), "line 1, column 3: expected one of…" }, { TEXT("\"\\\n\""), "line 1, column 3: expected one of…" },
    { TEXT("\"\\u12\""), "line 1, column 2: \\u needs four hexadecimal digits" },
    { TEXT("\"\\u"), "line 1, column 2: \\u needs four…" }, { TEXT("\"\\u00g0\""), "line 1, column 2: \\u needs four…" },
    { TEXT("\"\\u+123\""), "line 1, column 2: \\u needs four…" }, { TEXT("\"\\u 123\""), "line 1, column 2: \\u needs four…" },
    { TEXT("\"\\u0000\""), "line 1, column 2: \\u0000 is not allowed in a string" },
    { TEXT("\"ab\\ud800\""), "line 1, column 4: \\ud800 is half of a surrogate pair without the other half" },
    { TEXT("\"\\udc00\""), "line 1, column 2: \\udc00 is half…" }, { TEXT("\"\\ud834\\u0041\""), "line 1, column 2: \\ud834 is half…" },
    { TEXT("\"\\ud834\\ud834\""), "line 1, column 2: \\ud834 is half…" }, { TEXT("\"\\udd1e\\ud834\""), "line 1, column 2: \\udd1e is half…" },
    { TEXT("\"\\ud834x\""), "line 1, column 2: \\ud834 is half…" }, { TEXT("\"\\ud834\\n1234\""), "line 1, column 2: \\ud834 is half…" },
    { TEXT("\"\\ud834\\u"), "line 1, column 2: \\ud834 is half…" }, { TEXT("\"\\ud834\\uzzzz\""), "line 1, column 2: \\ud834 is half…" },
    { TEXT("\"\\udc00\\udc00\""), "line 1, column 2: \\udc00 is half…" }, { TEXT("\"\\ud834xudd1e\""), "line 1, column 2: \\ud834 is half…" },
    { TEXT("\"\\ud834\\ndd1e\""), "line 1, column 2: \\ud834 is half…" },
    /* UTF-8 */
    { TEXT("\"\x80\""), "line 1, column 2: not UTF-8: the byte 0x80" },
    { TEXT("\"\xff\""), "line 1, column 2: not UTF-8: the byte 0xff" }, { TEXT("\"\xc0\x80\""), "line 1, column 2: not UTF-8…" },
    { TEXT("\"\xc1\xbf\""), "line 1, column 2: not UTF-8…" }, { TEXT("\"\xe0\x9f\xbf\""), "line 1, column 2: not UTF-8…" },
    { TEXT("\"\xf0\x8f\xbf\xbf\""), "line 1, column 2: not UTF-8…" }, { TEXT("\"\xed\xa0\x80\""), "line 1, column 2: not UTF-8…" },
    { TEXT("\"\xed\xbf\xbf\""), "line 1, column 2: not UTF-8…" }, { TEXT("\"\xf4\x90\x80\x80\""), "line 1, column 2: not UTF-8…" },
    { TEXT("\"\xf5\x80\x80\x80\""), "line 1, column 2: not UTF-8…" }, { TEXT("\"\xc3\""), "line 1, column 2: not UTF-8…" },
    { TEXT("\"\xe2\x82\""), "line 1, column 2: not UTF-8…" }, { TEXT("\"\xe2\x82"), "line 1, column 2: not UTF-8…" },
    { TEXT("\"\xc3"), "line 1, column 2: not UTF-8…" }, { TEXT("\"\xf0\x9f\x98\""), "line 1, column 2: not UTF-8…" },
    { TEXT("\"\xe2\x28\xa1\""), "line 1, column 2: not UTF-8…" }, { TEXT("\"\xf0\x9f\x28\x80\""), "line 1, column 2: not UTF-8…" },
    { TEXT("\"\xc3\xa9\xe9\""), "line 1, column 3: not UTF-8: the byte 0xe9" }, /* Latin-1 behind UTF-8 */
    { TEXT("{\"\xff\":1}"), "line 1, column 3: not UTF-8…" },
    /* arrays */
    { TEXT("["), "line 1, column 2: expected a value, found the end of the text" },
    { TEXT("]"), "line 1, column 1: expected a value, found ]" }, { TEXT("[1"), "line 1, column 3: expected a comma or ], found the end of the text" },
    { TEXT("[1,"), "line 1, column 4: expected a value, found the end of the text" },
    { TEXT("[1,]"), "line 1, column 4: expected a value, found ]" }, { TEXT("[,1]"), "line 1, column 2: expected a value, found ," },
    { TEXT("[1,,2]"), "line 1, column 4: expected a value, found ," }, { TEXT("[1 2]"), "line 1, column 4: expected a comma or ], found 2" },
    { TEXT("[1}"), "line 1, column 3: expected a comma or ], found }" }, { TEXT("[1:2]"), "line 1, column 3: expected a comma or ]…" },
    { TEXT("[\n 1,\n \xd0\x96]"), "line 3, column 2: expected a value, found the byte 0xd0" },
    { TEXT("[\"\xd0\x96\xd0\x96\" x]"), "line 1, column 7: expected a comma or ], found x" }, /* characters, not bytes */
    /* objects */
    { TEXT("{"), "line 1, column 2: expected a key in double quotes, found the end of the text" },
    { TEXT("}"), "line 1, column 1: expected a value, found }" }, { TEXT("{]"), "line 1, column 2: expected a key in double quotes, found ]" },
    { TEXT("{a:1}"), "line 1, column 2: expected a key in double quotes, found a" }, { TEXT("{'a':1}"), "line 1, column 2: expected a key…" },
    { TEXT("{1:1}"), "line 1, column 2: expected a key…" }, { TEXT("{null:1}"), "line 1, column 2: expected a key…" },
    { TEXT("{\"a\"}"), "line 1, column 5: expected a colon behind the key, found }" }, { TEXT("{\"a\" 1}"), "line 1, column 6: expected a colon…" },
    { TEXT("{\"a\",1}"), "line 1, column 5: expected a colon…" }, { TEXT("{\"a\"=1}"), "line 1, column 5: expected a colon…" },
    { TEXT("{\"a\""), "line 1, column 5: expected a colon…" }, { TEXT("{\"a\":}"), "line 1, column 6: expected a value, found }" },
    { TEXT("{\"a\":"), "line 1, column 6: expected a value, found the end of the text" }, { TEXT("{\"a\"::1}"), "line 1, column 6: expected a value, found :" },
    { TEXT("{\"a\":1"), "line 1, column 7: expected a comma or }, found the end of the text" },
    { TEXT("{\"a\":1,}"), "line 1, column 8: expected a key in double quotes, found }" },
    { TEXT("{,\"a\":1}"), "line 1, column 2: expected a key…" }, { TEXT("{\"a\":1,,\"b\":2}"), "line 1, column 8: expected a key…" },
    { TEXT("{\"a\":1 \"b\":2}"), "line 1, column 8: expected a comma or }, found \"" }, { TEXT("{\"a\":1;\"b\":2}"), "line 1, column 7: expected a comma or }…" },
    { TEXT("{\"a\":1]"), "line 1, column 7: expected a comma or }, found ]" },
    /* keys twice */
    { TEXT("{\"a\":1,\"a\":1}"), "line 1, column 8: the key \"a\" appears twice in one object" },
    { TEXT("{\"\":1,\"\":1}"), "line 1, column 7: the key \"\" appears twice…" },
    { TEXT("{\"a\":1,\n\"b\":2,\n\"a\":3}"), "line 3, column 1: the key \"a\" appears twice in one object" },
    { TEXT("{\"a\":{\"b\":1},\"a\":2}"), "line 1, column 14: the key \"a\" appears twice…" },
    { TEXT("[{\"x\":{\"b\":1,\"b\":2}}]"), "line 1, column 14: the key \"b\" appears twice…" },
    { TEXT("{\"a\":1,\"\\u0061\":2}"), "line 1, column 8: the key \"\\u0061\" appears twice…" },
    { TEXT("{\"\\u0061\":1,\"a\":2}"), "line 1, column 13: the key \"a\" appears twice…" },
    { TEXT("{\"/\":1,\"\\/\":2}"), "line 1, column 8: the key…" }, { TEXT("{\"\\n\":1,\"\\u000A\":2}"), "line 1, column 9: the key…" },
    { TEXT("{\"\\t\\b\\f\\r\":1,\"\\u0009\\u0008\\u000c\\u000d\":2}"), "line 1, column 15: the key…" },
    { TEXT("{\"\\\"\":1,\"\\u0022\":2}"), "line 1, column 9: the key…" }, { TEXT("{\"\\\\\":1,\"\\u005c\":2}"), "line 1, column 9: the key…" },
    { TEXT("{\"\xc3\xa9\":1,\"\\u00e9\":2}"), "line 1, column 8: the key…" }, { TEXT("{\"\xe6\xb7\xb1\":1,\"\\u6DF1\":2}"), "line 1, column 8: the key…" },
    { TEXT("{\"\x7f\":1,\"\\u007f\":2}"), "line 1, column 8: the key…" }, { TEXT("{\"\xc2\x80\":1,\"\\u0080\":2}"), "line 1, column 8: the key…" },
    { TEXT("{\"\xdf\xbf\":1,\"\\u07ff\":2}"), "line 1, column 8: the key…" }, { TEXT("{\"\xe0\xa0\x80\":1,\"\\u0800\":2}"), "line 1, column 8: the key…" },
    { TEXT("{\"\xef\xbf\xbf\":1,\"\\uffff\":2}"), "line 1, column 8: the key…" }, { TEXT("{\"\xf0\x90\x80\x80\":1,\"\\ud800\\udc00\":2}"), "line 1, column 8: the key…" },
    { TEXT("{\"\xf0\x9d\x84\x9e\":1,\"\\ud834\\udd1e\":2}"), "line 1, column 8: the key…" },
    /* depth */
    { TEXT("[[[[[[[[[[[[[[[[["), "line 1, column 17: nested more than 16 deep" },
    { TEXT("[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]"), "line 1, column 17: nested more than 16 deep" },
    { TEXT("{\"a\":{\"a\":{\"a\":{\"a\":[{\"a\":{\"a\":{\"a\":{\"a\":[[[[[[[{"), "line 1, column 49: nested more than 16 deep" },
    /* clang-format on */
};

/* A copy without anything behind it, so that the sanitizer sees one byte too many. */
static int
gate_exact(const char *text, size_t len, struct error *err)
{
    char *copy = malloc(len ? len : 1);
    int rc;

    assert_non_null(copy);
    memcpy(copy, text, len);
    rc = json_gate(copy, len, err);
    free(copy);
    return rc;
}

/* Two trees, node by node: values to the bit, and the links as cJSON keeps them. */
static void
assert_same_tree(const cJSON *ours, const cJSON *theirs)
{
    const cJSON *last = NULL;

    assert_int_equal(ours->type, theirs->type);
    assert_int_equal(ours->valueint, theirs->valueint);
    assert_memory_equal(&ours->valuedouble, &theirs->valuedouble, sizeof(double));
    assert_int_equal(ours->valuestring == NULL, theirs->valuestring == NULL);
    if (ours->valuestring)
        assert_string_equal(ours->valuestring, theirs->valuestring);
    assert_int_equal(ours->string == NULL, theirs->string == NULL);
    if (ours->string)
        assert_string_equal(ours->string, theirs->string);
    assert_int_equal(ours->child == NULL, theirs->child == NULL);
    theirs = theirs->child;
    for (const cJSON *child = ours->child; child; last = child, child = child->next) {
        assert_non_null(theirs);
        if (last)
            assert_ptr_equal(child->prev, last);
        assert_same_tree(child, theirs);
        theirs = theirs->next;
    }
    assert_null(theirs);
    if (ours->child)
        assert_ptr_equal(ours->child->prev, last);
}

/* What passed the gate is the tree that cJSON makes of it, and prints as what reads back. */
static void
assert_parses_as_cjson_does(const char *text, size_t len)
{
    struct arena arena = {0};
    struct error err = {0};
    cJSON *ours, *theirs = cJSON_ParseWithLength(text, len);
    char *printed;

    if (json_parse(&arena, text, len, &ours, &err) != 0)
        fail_msg("%.*s: %s", (int)len, text, err.text);
    if (!theirs)
        fail_msg("cJSON refuses %.*s", (int)len, text);
    assert_same_tree(ours, theirs);
    cJSON_Delete(theirs);
    printed = cJSON_PrintUnformatted(ours);
    assert_non_null(printed);
    if (json_parse(&arena, printed, strlen(printed), &theirs, &err) != 0)
        fail_msg("%.*s printed as %s: %s", (int)len, text, printed, err.text);
    if (!cJSON_Compare(ours, theirs, 1))
        fail_msg("%.*s printed as %s", (int)len, text, printed);
    cJSON_free(printed);
    arena_release(&arena);
}

static void
strict_documents_pass(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(accepted); i++) {
        struct error err = {0};

        if (gate_exact(accepted[i].text, accepted[i].len, &err) != 0)
            fail_msg("%s: %s", accepted[i].text, err.text);
        assert_parses_as_cjson_does(accepted[i].text, accepted[i].len);
    }
}

static void
other_documents_are_refused_with_place_and_reason(void **state)
{
    static const char more[] = "…";

    (void)state;
    for (size_t i = 0; i < COUNT(refused); i++) {
        const struct refusal *refusal = &refused[i];
        const char *ellipsis = strstr(refusal->why, more);
        struct error err = {0};

        if (gate_exact(refusal->text, refusal->len, &err) == 0)
            fail_msg("passed: %s", refusal->text);
        assert_int_equal(err.code, ERROR_INVALID);
        if (ellipsis)
            err.text[ellipsis - refusal->why] = '\0';
        if (strncmp(err.text, refusal->why, ellipsis ? (size_t)(ellipsis - refusal->why) : 400))
            fail_msg("%s: expected \"%s\", said \"%s\"", refusal->text, refusal->why, err.text);
    }
}

/* Only whole documents: every prefix of one that ends in a bracket is refused. */
static void
a_document_cut_short_is_refused(void **state)
{
    static const char whole[] =
        "{\"a\":[1.5e3,\"\\ud834\\udd1e\xe6\xb7\xb1\",{\"b\":true}],\"c\":null}";

    (void)state;
    for (size_t len = 0; len < sizeof(whole) - 1; len++) {
        struct error err = {0};

        if (gate_exact(whole, len, &err) == 0)
            fail_msg("passed: %.*s", (int)len, whole);
    }
    assert_parses_as_cjson_does(whole, sizeof(whole) - 1);
}

/* At every offset from the eight-byte stride, so that no lane is forgotten. */
static void
each_byte_is_judged_wherever_it_stands(void **state)
{
    (void)state;
    for (size_t at = 1; at < 20; at++) {
        for (int byte = 0; byte < 256; byte++) {
            char text[22] = "\"aaaaaaaaaaaaaaaaaaaa";
            bool plain = byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
            struct error err = {0};

            text[at] = (char)byte;
            text[21] = '"';
            if ((gate_exact(text, sizeof(text), &err) == 0) != plain)
                fail_msg("byte %#x at %zu: %s", (unsigned)byte, at, err.text);
        }
    }
}

/* Every escape \uXXXX alone, and every pair of a high with some lows. */
static void
escaped_units_pass_unless_zero_or_half_a_pair(void **state)
{
    char text[16];
    struct error err = {0};

    (void)state;
    for (unsigned unit = 0; unit < 0x10000; unit++) {
        bool good = unit != 0 && (unit < 0xd800 || unit > 0xdfff);

        snprintf(text, sizeof(text), "\"\\u%04X\"", unit);
        assert_int_equal(gate_exact(text, 8, &err) == 0, good);
        snprintf(text, sizeof(text), "\"\\ud800\\u%04x\"", unit);
        assert_int_equal(gate_exact(text, 14, &err) == 0, unit >= 0xdc00 && unit <= 0xdfff);
    }
}

/* Not in the table above: cJSON prints 15 digits of it, and those overflow. */
static void
the_largest_double_passes_and_what_rounds_beyond_it_does_not(void **state)
{
    struct error err = {0};

    (void)state;
    assert_int_equal(gate_exact(TEXT("1.7976931348623157e308"), &err), 0);
    assert_int_equal(gate_exact(TEXT("1.7976931348623159e308"), &err), -1);
}

/* {"k0":0,"k1":0,...} with the last key named last. */
static char *
object_of(size_t members, const char *last, size_t *len)
{
    char *text = malloc(members * 16 + 64), *at = text;

    assert_non_null(text);
    *at++ = '{';
    for (size_t i = 0; i + 1 < members; i++)
        at += sprintf(at, "\"k%zu\":0,", i);
    at += sprintf(at, "\"%s\":0}", last);
    *len = (size_t)(at - text);
    return text;
}

static void
a_key_twice_is_found_in_an_object_of_any_size(void **state)
{
    static const size_t sizes[] = {
        2, JSON_KEYS_LISTED - 1, JSON_KEYS_LISTED, JSON_KEYS_LISTED + 1, 34, 129, 1000, 20000};
    static const char *const twice[] = {"k0", "\\u006b0", "k\\u0030"};
    struct error err = {0};
    size_t len;

    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        char *text = object_of(sizes[i], "other", &len);

        assert_int_equal(json_gate(text, len, &err), 0);
        free(text);
        for (size_t k = 0; k < COUNT(twice); k++) {
            text = object_of(sizes[i], twice[k], &len);
            assert_int_equal(json_gate(text, len, &err), -1);
            assert_non_null(strstr(err.text, "appears twice"));
            free(text);
        }
    }
}

static void
large_objects_side_by_side_do_not_mix_their_keys(void **state)
{
    char *text = malloc(200000), *at = text;
    size_t len;
    struct error err = {0};

    (void)state;
    assert_non_null(text);
    *at++ = '[';
    for (int i = 0; i < 20; i++) {
        char *object = object_of(500, "z", &len);

        memcpy(at, object, len);
        at += len;
        *at++ = i < 19 ? ',' : ']';
        free(object);
    }
    assert_int_equal(json_gate(text, (size_t)(at - text), &err), 0);
    free(text);
}

static uint32_t
chance(uint32_t *seed, uint32_t below)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed % below;
}

/* Replace, drop, double or insert one byte. */
static size_t
mutate(char *text, size_t len, uint32_t *seed)
{
    static const char bytes[] =
        "\"\\/{}[]:,.0123456789eE+-tfnu \t\n\r\001\177\200\302\355\364abk";
    size_t at = chance(seed, (uint32_t)len);
    char byte = bytes[chance(seed, sizeof(bytes))]; /* the NUL too */

    switch (chance(seed, 4)) {
    case 0:
        text[at] = byte;
        return len;
    case 1:
        memmove(text + at, text + at + 1, len - at - 1);
        return len - 1;
    case 2:
        byte = text[at];
        /* fall through */
    default:
        memmove(text + at + 1, text + at, len - at);
        text[at] = byte;
        return len + 1;
    }
}

/* The reasons for which the gate may refuse what cJSON would have taken. */
static bool
stricter_than_cjson(const char *why)
{
    static const char *const reasons[] = {
        "appears twice",     "control character", "not UTF-8",        "superfluous zero",
        "found the byte 0x", "a digit",           "too large",        "\\u0000",
        "half of a",         "at most 63",        "nested",           "byte order mark",
        "four hexadec",      "expected the end",  "expected a comma",
    };

    for (size_t i = 0; i < COUNT(reasons); i++)
        if (strstr(why, reasons[i]))
            return true;
    return false;
}

static void
check_mutant(const char *text, size_t len, unsigned *passed)
{
    struct error err = {0};
    const char *end;
    cJSON *lax;

    if (gate_exact(text, len, &err) == 0) {
        assert_parses_as_cjson_does(text, len);
        ++*passed;
        return;
    }
    lax = cJSON_ParseWithLengthOpts(text, len, &end, 0);
    if (lax && end == text + len && !stricter_than_cjson(err.text))
        fail_msg("cJSON takes %.*s, the gate says %s", (int)len, text, err.text);
    cJSON_Delete(lax);
}

static void
mutants_that_pass_are_read_by_cjson_and_the_rest_refused_with_cause(void **state)
{
    static const char whole[] = "{\"uetr\":\"97ed4827\",\"amount\":{\"currency\":\"CNY\","
                                "\"value\":\"1.00\"},\"goods\":[{\"q\":"
                                "500,\"x\":-0.5e2},{\"q\":1}],\"k\":\"\xe6\xb7\xb1\\u00e9\\n\","
                                "\"t\":[true,false,null],\"e\":{}}";
    uint32_t seed = 20240417;
    unsigned passed = 0;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        char text[sizeof(whole) + 4];
        size_t len = sizeof(whole) - 1;

        memcpy(text, whole, len);
        for (uint32_t n = 1 + chance(&seed, 3); n > 0; n--)
            len = mutate(text, len, &seed);
        check_mutant(text, len, &passed);
    }
    assert_true(passed > 1000); /* else nothing was compared */
}

static void
nodes_and_strings_live_on_the_arena(void **state)
{
    static const char text[] = "{\"a\":[1,2,\"three\"]}";
    struct arena arena = {0};
    struct error err = {0};
    const char *begin, *end;
    cJSON *json;

    (void)state;
    assert_int_equal(json_parse(&arena, text, sizeof(text) - 1, &json, &err), 0);
    begin = arena.end - ARENA_CHUNK_BYTES;
    end = arena.next;
    assert_true((const char *)json > begin && (const char *)json < end);
    assert_true(json->child->string > begin && json->child->string < end);
    assert_true(json->child->child->prev->valuestring > begin);
    assert_true(json->child->child->prev->valuestring < end);
    arena_release(&arena);
}

static void
a_refused_text_leaves_no_tree(void **state)
{
    struct arena arena = {0};
    struct error err = {0};
    cJSON *json = (cJSON *)&arena;

    (void)state;
    assert_int_equal(json_parse(&arena, "[1,", 3, &json, &err), -1);
    assert_null(json);
    assert_string_equal(err.text,
                        "line 1, column 4: expected a value, found the end of the text");
    arena_release(&arena);
}

static void
a_file_is_parsed_and_its_errors_name_it(void **state)
{
    char path[] = "/tmp/test_json_XXXXXX";
    int fd = mkstemp(path);
    struct arena arena = {0};
    struct error err = {0};
    char expected[100];
    cJSON *json;

    (void)state;
    assert_int_equal(write(fd, "[1]\n", 4), 4);
    assert_int_equal(json_parse_file(&arena, path, 4, &json, &err), 0);
    assert_int_equal(json->child->valueint, 1);
    assert_int_equal(write(fd, "[2]", 3), 3);
    assert_int_equal(json_parse_file(&arena, path, 7, &json, &err), -1);
    snprintf(expected, sizeof(expected),
             "%s: line 2, column 1: expected the end of the text behind the value, found [",
             path);
    assert_string_equal(err.text, expected);
    assert_int_equal(json_parse_file(&arena, path, 6, &json, &err), -1);
    assert_non_null(strstr(err.text, "at most 6"));
    assert_null(json);
    close(fd);
    unlink(path);
    assert_int_equal(json_parse_file(&arena, path, 7, &json, &err), -1);
    assert_int_equal(err.code, ERROR_NOT_FOUND);
    arena_release(&arena);
}

static void
whoever_asks_for_a_deeper_tree_gets_it(void **state)
{
    static const char deep[] = "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]"; /* 20 */
    struct arena arena = {0};
    struct error err = {0};
    cJSON *root;

    (void)state;
    assert_int_equal(json_parse(&arena, TEXT(deep), &root, &err), -1);
    assert_int_equal(json_parse_deep(&arena, TEXT(deep), 20, &root, &err), 0);
    for (int i = 1; i < 20; i++)
        root = root->child;
    assert_true(cJSON_IsArray(root) && !root->child);
    assert_int_equal(json_parse_deep(&arena, TEXT(deep), 19, &root, &err), -1);
    assert_string_equal(err.text, "line 1, column 20: nested more than 19 deep");
    arena_release(&arena);
}

static void
a_request_has_at_most_8192_values(void **state)
{
    struct arena arena = {0};

    (void)state;
    for (int values = JSON_VALUES_MAX - 1; values <= JSON_VALUES_MAX + 1; values++) {
        struct error err = {0};
        struct buffer text;
        cJSON *json;
        int rc;

        buffer_init(&text, &arena, 65536);
        buffer_text(&text, "[0");
        for (int i = 2; i < values; i++) /* the array is a value too */
            buffer_text(&text, ",0");
        buffer_text(&text, "]");
        rc = json_parse_request(&arena, text.data, text.len, &json, &err);
        assert_int_equal(rc, values <= JSON_VALUES_MAX ? 0 : -1);
        if (rc != 0)
            assert_string_equal(err.text, "line 1, column 16384: has more than 8192 values");
        assert_int_equal(json_parse(&arena, text.data, text.len, &json, &err), 0);
    }
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_asks_for_a_deeper_tree_gets_it),
        cmocka_unit_test(a_request_has_at_most_8192_values),
        cmocka_unit_test(strict_documents_pass),
        cmocka_unit_test(other_documents_are_refused_with_place_and_reason),
        cmocka_unit_test(a_document_cut_short_is_refused),
        cmocka_unit_test(each_byte_is_judged_wherever_it_stands),
        cmocka_unit_test(escaped_units_pass_unless_zero_or_half_a_pair),
        cmocka_unit_test(the_largest_double_passes_and_what_rounds_beyond_it_does_not),
        cmocka_unit_test(a_key_twice_is_found_in_an_object_of_any_size),
        cmocka_unit_test(large_objects_side_by_side_do_not_mix_their_keys),
        cmocka_unit_test(mutants_that_pass_are_read_by_cjson_and_the_rest_refused_with_cause),
        cmocka_unit_test(nodes_and_strings_live_on_the_arena),
        cmocka_unit_test(a_refused_text_leaves_no_tree),
        cmocka_unit_test(a_file_is_parsed_and_its_errors_name_it),
    };

    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
