/* matches(): RE2's syntax case by case, what is refused, and that no pattern is slow. */
#include <stdlib.h>

#include "policy/rules/cel/re2_syntax.h"
#include "tests/rules/calls.h"

/* 'y', 'n', or 'e' for an error, which *error tells. */
static char
ask(struct test_run *test, const char *pattern, size_t size, struct cel_value text,
    char error[200])
{
    struct cel_pattern *compiled = cel_pattern_compile(pattern, size, error, 200);
    struct cel_value args[2] = {text, cel_string(pattern, size)}, known = {0}, dynamic;

    dynamic = cel_match_functions[0].call(test_run_start(test), args, 2);
    if (compiled) {
        known = cel_pattern_matches(&test->run, compiled, text);
        if (known.kind == CEL_ERROR)
            snprintf(error, 200, "%s", known.text);
    }
    cel_pattern_release(compiled);
    if (known.kind != dynamic.kind || (known.kind == CEL_BOOL && known.truth != dynamic.truth))
        fail_msg("%s: known at load time or not makes a difference", pattern);
    return known.kind == CEL_ERROR ? 'e' : known.truth ? 'y' : 'n';
}

struct matching {
    const char *pattern;
    const char *yes[6]; /* texts with a match */
    const char *no[6];  /* and without */
};

static void
check(struct test_run *test, const struct matching *cases, size_t count)
{
    char error[200] = "";

    for (size_t i = 0; i < count; i++) {
        const char *pattern = cases[i].pattern;

        for (size_t j = 0; j < 6 && cases[i].yes[j]; j++)
            if (ask(test, pattern, strlen(pattern), cel_text(cases[i].yes[j]), error) != 'y')
                fail_msg("%s has no match in '%s' %s", pattern, cases[i].yes[j], error);
        for (size_t j = 0; j < 6 && cases[i].no[j]; j++)
            if (ask(test, pattern, strlen(pattern), cel_text(cases[i].no[j]), error) != 'n')
                fail_msg("%s has a match in '%s' %s", pattern, cases[i].no[j], error);
    }
}

#define CHECK(cases) check(*state, cases, COUNT(cases))

static void
a_match_is_anywhere_in_the_text(void **state)
{
    static const struct matching cases[] = {
        {"", {"", "kit"}, {0}},
        {"kit", {"kit", "a kit", "kits"}, {"", "ki", "k it", "KIT"}},
        {"k.t", {"kit", "k\xC3\xA9t", "k😀t"}, {"kt", "k\nt", "kiit"}},
        {"a|b", {"a", "b", "xxb"}, {"", "c"}},
        {"ab|cd|ef", {"ab", "cd", "xefx"}, {"af", "bc"}},
        {"a||b", {"", "c"}, {0}},
        {"(a|)b", {"ab", "b"}, {"a"}},
        {"x(?:a|b|)y", {"xay", "xby", "xy"}, {"xaby"}},
        {"()", {""}, {0}},
        {"日本|中国", {"出口中国", "日本"}, {"中", "国中"}},
        {"}]-,:=!<>&#~/%@'\"`;", {"}]-,:=!<>&#~/%@'\"`;"}, {"}"}},
    };

    CHECK(cases);
}

static void
repetitions_count(void **state)
{
    static const struct matching cases[] = {
        {"^ab*c$", {"ac", "abc", "abbbbc"}, {"ab", "bc", "adc"}},
        {"^ab+c$", {"abc", "abbbbc"}, {"ac"}},
        {"^ab?c$", {"ac", "abc"}, {"abbc"}},
        {"^a{3}$", {"aaa"}, {"", "aa", "aaaa"}},
        {"^a{2,}$", {"aa", "aaaaa"}, {"", "a"}},
        {"^a{1,3}$", {"a", "aa", "aaa"}, {"", "aaaa"}},
        {"^a{0,2}$", {"", "a", "aa"}, {"aaa"}},
        {"^a{0}b$", {"b"}, {"ab"}},
        {"^a{0,0}$", {""}, {"a"}},
        {"^a{0,}$", {"", "a", "aaa"}, {"b"}},
        {"^(ab){2}$", {"abab"}, {"ab", "ababab"}},
        {"^(a|bc){2,3}$", {"aa", "bca", "bcabc"}, {"a", "aaaa"}},
        {"^(a{2}){2}$", {"aaaa"}, {"aaa"}},
        {"(){3}a", {"a", "ba"}, {"b"}},
        {"^(|()){0,2}$", {""}, {"a"}},
        {"^(?:a?b){2,3}$", {"bb", "abab", "babb"}, {"b", "aabb", "bbbb"}},
        {"^a*?b+?c??d{1,2}?$", {"bd", "aabbcdd"}, {"ad"}},
        {"^(a*)*$", {"", "aaa"}, {"b"}},
        {"^(a*)+b$", {"b", "aaab"}, {"a"}},
        {"^(?:)*$", {""}, {"a"}},
        {"^\\b*a$", {"a"}, {"ba"}},
        {"^*a", {"a", "ba"}, {0}},
        {"^é+$", {"é", "ééé"}, {"e", "éeé"}},
        {"^😀{2}$", {"😀😀"}, {"😀"}},
        /* braces that count nothing are characters */
        {"^a{,2}$", {"a{,2}"}, {"a", "aa"}},
        {"^a{$", {"a{"}, {"a"}},
        {"^a{b}$", {"a{b}"}, {"ab"}},
        {"^a{1$", {"a{1"}, {"a"}},
        {"^a{1,2$", {"a{1,2"}, {"a"}},
        {"^a{01}$", {"a{01}"}, {"a"}},
        {"^{$", {"{"}, {""}},
        {"^a}$", {"a}"}, {"a"}},
    };

    CHECK(cases);
}

static void
places_are_between_characters(void **state)
{
    static const struct matching cases[] = {
        {"^a", {"a", "ab"}, {"ba", "b\na"}},
        {"a$", {"a", "ba"}, {"ab", "a\n", "a\nb"}},
        {"\\Aa\\z", {"a"}, {"a\n", "\na"}},
        {"^$", {""}, {"\n", "a"}},
        {"(?m)^a$", {"a", "b\na", "a\n", "b\na\nb"}, {"ba", "ab"}},
        {"(?m)^$", {"", "a\n", "a\n\nb"}, {"a", "a\nb"}},
        {"(?m)\\Aa", {"a\nb"}, {"b\na"}},
        {"(?m)a\\z", {"b\na"}, {"a\nb", "a\n"}},
        {"\\bkit\\b", {"kit", "a kit.", "x-kit"}, {"kits", "_kit", "3kit"}},
        {"\\bé", {"aé"}, {"é", " é"}},
        {"\\Bit", {"kit"}, {"it", "k it"}},
        {"\\B", {"", "ab", "--"}, {"a"}},
        {"\\b", {"a", " a"}, {"", "-"}},
        {"a^b", {0}, {"ab", "a\nb"}},
        {"a$b", {0}, {"ab", "a\nb"}},
        {"(^a|b)c", {"ac", "xbc"}, {"xac"}},
        {"(?:^|,)RU(?:,|$)", {"RU", "CN,RU", "RU,KZ", "CN,RU,KZ"}, {"CN", "RUB", "XRU"}},
    };

    CHECK(cases);
}

static void
classes_are_sets_of_characters(void **state)
{
    static const struct matching cases[] = {
        {"^[abc]$", {"a", "b", "c"}, {"d", "", "ab"}},
        {"^[a-c]$", {"a", "b", "c"}, {"d", "-"}},
        {"^[^a-c]$", {"d", "-", "\n", "é", "😀"}, {"a", "b"}},
        {"^[]a]$", {"]", "a"}, {"b"}},
        {"^[^]a]$", {"b"}, {"]", "a"}},
        {"^[]-a]$", {"]", "^", "a"}, {"b", "\\"}},
        {"^[a-]$", {"a", "-"}, {"b"}},
        {"^[-a]$", {"a", "-"}, {"b"}},
        {"^[a-c-e]$", {"b", "-", "e"}, {"d"}},
        {"^[a^]$", {"a", "^"}, {"b"}},
        {"^[.*+?|(){}$]$", {".", "*", "(", "$", "|"}, {"a", "\\"}},
        {"^[[]$", {"["}, {"]"}},
        {"^[[a]$", {"[", "a"}, {"]"}},
        {"^[[=a=]$", {"[", "=", "a"}, {"]"}},
        {"^[а-яё]+$", {"ёлка"}, {"Ёлка", "elka", ""}},
        {"^[^а-я]$", {"Я", "q", "中"}, {"я"}},
        {"^[一-龥]{2}$", {"电子"}, {"电", "ab"}},
        {"^[😀-😅]$", {"😃"}, {"😆", "a"}},
        {"^[\\x41-\\x{43}\\x{1F600}]$", {"A", "B", "😀"}, {"D"}},
        {"^[\\n\\t\\\\\\]\\-\\^]$", {"\n", "\t", "\\", "]", "-", "^"}, {"n", "t"}},
        {"^[\\d.]+$", {"1.5"}, {"1,5", "٣"}},
        {"^[^\\d]$", {"a", "٣", "é"}, {"1"}},
        {"^[\\D]$", {"a", "٣"}, {"1"}},
        {"^[\\d-z]$", {"5", "-", "z"}, {"a"}},
        {"^[^\\x00-\\x{10FFFF}]$", {0}, {"a", "😀", ""}},
        {"^\\d\\D\\w\\W\\s\\S$", {"1a_- x"}, {"aa_- x", "11_- x", "1a-- x", "1a__ x"}},
        {"^\\s$", {" ", "\t", "\n", "\f", "\r"}, {"\v", "\xC2\xA0"}},
        {"^[\\s]$", {" ", "\n"}, {"\v"}},
        {"^[[:space:]]$", {" ", "\v"}, {"\xC2\x85"}},
        {"^\\S$", {"\v", "a", "\xC2\xA0"}, {" ", "\n"}},
        {"^\\w+$", {"aZ_09"}, {"é", "a-b"}},
        {"^\\W$", {"é", "-"}, {"a"}},
    };

    CHECK(cases);
}

static void
classes_have_names(void **state)
{
    static const struct matching cases[] = {
        {"^[[:alnum:]]$", {"a", "Z", "5"}, {"-", "é"}},
        {"^[[:alpha:]]$", {"a", "Z"}, {"5", "é"}},
        {"^[[:ascii:]]$", {"a", "\x01", "\x7F"}, {"é"}},
        {"^[[:blank:]]$", {" ", "\t"}, {"\n"}},
        {"^[[:cntrl:]]$", {"\x01", "\x1F", "\x7F"}, {" ", "a"}},
        {"^[[:digit:]]$", {"0", "9"}, {"a", "٣"}},
        {"^[[:graph:]]$", {"!", "~"}, {" ", "\x7F"}},
        {"^[[:lower:]]$", {"a", "z"}, {"A", "é"}},
        {"^[[:print:]]$", {" ", "~"}, {"\t", "\x7F"}},
        {"^[[:punct:]]$", {"!", "/", ":", "@", "[", "~"}, {"a", "0", " "}},
        {"^[[:upper:]]$", {"A", "Z"}, {"a"}},
        {"^[[:word:]]$", {"a", "_", "5"}, {"-"}},
        {"^[[:xdigit:]]$", {"f", "F", "0"}, {"g"}},
        {"^[[:^digit:]]$", {"a", "é", "😀"}, {"5"}},
        {"^[^[:digit:]]$", {"a", "é"}, {"5"}},
        {"^[^[:^digit:]]$", {"5"}, {"a", "é"}},
        {"^[[:digit:][:lower:]_-]$", {"5", "a", "_", "-"}, {"A"}},
        {"^[:alpha:]$", {"a", "l", ":"}, {"b", "z"}},
        {"^\\pL$", {"a", "é", "я", "中", "𐐀"}, {"1", "-", "😀"}},
        {"^\\PL$", {"1", "😀"}, {"a", "中"}},
        {"^\\p{Lu}$", {"A", "Я"}, {"a", "я", "中"}},
        {"^\\p{^Lu}$", {"a", "1"}, {"A"}},
        {"^\\P{^Lu}$", {"A"}, {"a"}},
        {"^\\p{Nd}$", {"1", "٣"}, {"Ⅷ", "a"}},
        {"^\\p{Greek}$", {"α", "Ω"}, {"a", "я"}},
        {"^\\P{Greek}$", {"a"}, {"α"}},
        {"^\\p{Han}+$", {"电子元件"}, {"カ", "a"}},
        {"^\\p{Cyrillic}+$", {"Москва"}, {"Moskva"}},
        {"^\\p{Yi}$", {"ꀀ"}, {"a"}},
        {"^\\p{Any}$", {"a", "😀", "\n"}, {""}},
        {"^\\p{C}$", {"\x01", "\xC2\xAD", "\xEE\x80\x80"}, {"a", "\xCD\xB8"}},
        {"^\\PC$", {"a", "\xCD\xB8"}, {"\x01"}},
        {"^[\\PC]$", {"a", "\xCD\xB8"}, {"\x01"}},
        {"^[\\p{Greek}\\p{Cyrillic}0-9]$", {"α", "я", "5"}, {"a"}},
        {"^[^\\p{Greek}]$", {"a", "я"}, {"α"}},
        {"^[\\P{Greek}α]$", {"a", "α"}, {"β"}},
        {"^\\pL\\pN$", {"a1"}, {"1a"}},
    };

    CHECK(cases);
}

static void
flags_hold_to_the_end_of_their_group(void **state)
{
    static const struct matching cases[] = {
        {"(?i)kit", {"kit", "KIT", "Kit", "KIT"}, {"kot"}},
        {"(?i)straße", {"STRAßE", "straſſe"[0] ? "straße" : ""}, {"strasse"}},
        {"(?i)^ſ$", {"s", "S", "ſ"}, {"t"}},
        {"(?i)москва", {"МОСКВА", "Москва"}, {"moskva"}},
        {"(?i)^[a-c]$", {"A", "b"}, {"d"}},
        {"(?i)^[^a-c]$", {"d", "D"}, {"A", "b"}},
        {"(?i)^[а-в]$", {"Б"}, {"Г"}},
        {"(?i)^[j-l]$", {"K", "\xE2\x84\xAA"}, {"m"}},
        {"(?i)^[^k]$", {"a"}, {"K", "\xE2\x84\xAA"}},
        {"(?i)^\\W$", {"é"}, {"k", "\xE2\x84\xAA"}},
        {"(?i)^[\\Wя]$", {"é", "Я"}, {"k", "K", "s", "\xE2\x84\xAA"}},
        {"(?i)^[[:upper:]]$", {"a", "A"}, {"1"}},
        {"(?i)^\\p{Lu}$", {"a", "A", "я"}, {"1", "中"}},
        {"(?i)^\\P{Lu}$", {"1"}, {"a", "A"}},
        {"(?i)^1\\.$", {"1."}, {"1x"}},
        {"a(?i)b", {"ab", "aB"}, {"Ab"}},
        {"a(?i)b|c", {"C", "aB"}, {"A"}},
        {"a(?i:b)c", {"aBc", "abc"}, {"aBC", "ABc"}},
        {"(a(?i)b)c", {"aBc"}, {"aBC"}},
        {"(?i)a(?-i)b", {"Ab"}, {"AB"}},
        {"(?i)a(?-i:b)c", {"AbC"}, {"ABC"}},
        {"a(?i)*b", {"B", "aab"}, {"a"}},
        {"(?)a", {"a"}, {"A"}},
        {"(?s)a.b", {"a\nb", "axb"}, {"ab"}},
        {"a.b", {"axb"}, {"a\nb"}},
        {"(?s:a.)b.c", {"a\nbxc"}, {"a\nb\nc"}},
        {"(?s-i:a.)", {"a\n"}, {"A\n"}},
        {"(?im-s)^A.$", {"x\nab"}, {"x\na\n"}},
        {"(?U)a+?b*c", {"aabbc", "ac"}, {"b"}},
        {"(?P<kit>ab)c", {"abc"}, {"ab"}},
        {"(?<a_1>ab)(?P<b>c)", {"abc"}, {"ab"}},
        {"(?:ab)+", {"ab"}, {"a"}},
    };

    CHECK(cases);
}

static void
escapes_stand_for_characters(void **state)
{
    static const struct matching cases[] = {
        {"^\\a\\f\\t\\n\\r\\v$", {"\a\f\t\n\r\v"}, {"aftnrv"}},
        {"^\\.\\*\\+\\?\\(\\)\\[\\]\\{\\}\\|\\^\\$\\\\$", {".*+?()[]{}|^$\\"}, {"x"}},
        {"^\\-\\/\\ \\_\\\"\\'\\~$", {"-/ _\"'~"}, {"x"}},
        {"^\\x41\\x{42}\\x{043A}\\x{1F600}$", {"ABк😀"}, {"AB"}},
        {"^\\101\\12\\060$", {"A\n0"}, {"A"}},
        {"^\\1234$", {"S4"}, {"4"}},
        {"^\\Qa.b*\\E+$", {"a.b*", "a.b***"}, {"axb", "a.b*a.b*"}},
        {"^\\Q\\\\E$", {"\\"}, {""}},
        {"\\Qa(b", {"a(b"}, {"ab"}},
        {"^a\\Q\\E*$", {"", "aa"}, {"b"}},
        {"(?i)\\Qa.B\\E", {"A.b"}, {"Axb"}},
    };

    CHECK(cases);
}

static void
texts_may_hold_nul(void **state)
{
    char error[200];

    assert_int_equal(ask(*state, "^a\\x00b$", 8, cel_string("a\0b", 3), error), 'y');
    assert_int_equal(ask(*state, "^a\0b$", 5, cel_string("a\0b", 3), error), 'y');
    assert_int_equal(ask(*state, "^a\\000b$", 8, cel_string("a", 1), error), 'n');
    assert_int_equal(ask(*state, "^[\0-\x02]$", 7, cel_string("\0", 1), error), 'y');
}

static void
what_re2_does_not_know_is_refused(void **state)
{
    static const struct {
        const char *pattern;
        int character;
        const char *what;
    } cases[] = {
        {"a(?=b)", 2, "look-ahead"},
        {"a(?!b)", 2, "look-ahead"},
        {"(?<=a)b", 1, "look-behind"},
        {"(?<!a)b", 1, "look-behind"},
        {"(?>a)", 1, "an atomic group"},
        {"(?#note)", 1, "a comment"},
        {"(?|a|b)", 1, "a branch reset"},
        {"(a)(?R)", 4, "recursion"},
        {"(?&a)", 1, "recursion"},
        {"(?P>a)", 1, "recursion"},
        {"(?+1)", 1, "recursion"},
        {"(?-1)", 1, "an unknown group or flag behind (?"},
        {"(?1)", 1, "an unknown group or flag behind (?"},
        {"(?x)a b", 1, "an unknown group or flag behind (?"},
        {"(?i-i-i)", 1, "an unknown group or flag behind (?"},
        {"(?P=a)", 1, "a backreference"},
        {"(?C)", 1, "a callout"},
        {"(?(1)a|b)", 1, "a condition"},
        {"(?'a'b)", 1, "a name in quotes"},
        {"(*COMMIT)", 1, "a verb"},
        {"(*UTF8)", 1, "a verb"},
        {"(a)\\1", 4, "a backreference (\\1)"},
        {"\\8", 1, "a backreference (\\8)"},
        {"\\g1", 1, "the escape \\g"},
        {"\\k<a>", 1, "the escape \\k"},
        {"\\K", 1, "the escape \\K"},
        {"\\G", 1, "the escape \\G"},
        {"\\R", 1, "the escape \\R"},
        {"\\X", 1, "the escape \\X"},
        {"\\h", 1, "the escape \\h"},
        {"\\H", 1, "the escape \\H"},
        {"\\V", 1, "the escape \\V"},
        {"\\N", 1, "the escape \\N"},
        {"\\C", 1, "the escape \\C"},
        {"\\Z", 1, "the escape \\Z"},
        {"\\E", 1, "the escape \\E"},
        {"\\cA", 1, "the escape \\c"},
        {"\\e", 1, "the escape \\e"},
        {"\\u1234", 1, "the escape \\u"},
        {"[\\b]", 2, "the escape \\b"},
        {"[\\A]", 2, "the escape \\A"},
        {"[\\Qa\\E]", 2, "the escape \\Q"},
        {"é\\я", 2, "a backslash before a character beyond ASCII"},
        {"a\\", 2, "a backslash at the end"},
        {"\\x", 1, "\\x without two digits"},
        {"\\x4", 1, "\\x without two digits"},
        {"\\x4g", 1, "\\x without two digits"},
        {"\\x{}", 1, "\\x{ without digits and }"},
        {"\\x{41", 1, "\\x{ without digits and }"},
        {"\\x{110000}", 1, "a character beyond \\x{10FFFF}"},
        {"\\x{99999999999999999999}", 1, "a character beyond \\x{10FFFF}"},
        {"\\x{D800}", 1, "a surrogate, which no text holds"},
        {"a**", 3, "a repetition of a repetition"},
        {"a*+", 3, "a repetition of a repetition"},
        {"a++", 3, "a repetition of a repetition"},
        {"a?+", 3, "a repetition of a repetition"},
        {"a+*", 3, "a repetition of a repetition"},
        {"a*?*", 4, "a repetition of a repetition"},
        {"a{2}{3}", 5, "a repetition of a repetition"},
        {"a{2}+", 5, "a repetition of a repetition"},
        {"*a", 1, "a repetition of nothing"},
        {"a|*", 3, "a repetition of nothing"},
        {"(+a)", 2, "a repetition of nothing"},
        {"(?i)*", 5, "a repetition of nothing"},
        {"{2}", 1, "a repetition of nothing"},
        {"a{2,1}", 2, "a repetition from 2 to 1"},
        {"a{1001}", 2, "a repetition of more than 1000 turns"},
        {"a{1001,}", 2, "a repetition of more than 1000 turns"},
        {"a{0,1001}", 2, "a repetition of more than 1000 turns"},
        {"a{99999999999}", 2, "a repetition of more than 1000 turns"},
        {"(a{100}){11}", 9, "a repetition of more than 1000 turns"},
        {"((a{2}b){30}c){20}", 15, "a repetition of more than 1000 turns"},
        {"[a", 1, "a [ without its ]"},
        {"x[", 2, "a [ without its ]"},
        {"[]", 1, "a [ without its ]"},
        {"[^]", 1, "a [ without its ]"},
        {"[a-", 1, "a [ without its ]"},
        {"[b-a]", 2, "a range that ends before it begins"},
        {"[a-\\d]", 4, "the escape \\d"},
        {"[[:kit:]]", 2, "[: :] around what is no class of POSIX"},
        {"[[:d:]]", 2, "[: :] around what is no class of POSIX"},
        {"[[::]]", 2, "[: :] around what is no class of POSIX"},
        {"\\p", 1, "\\p without a category or script of Unicode"},
        {"\\p{}", 1, "\\p without a category or script of Unicode"},
        {"\\p{greek}", 1, "\\p without a category or script of Unicode"},
        {"\\p{Grek}", 1, "\\p without a category or script of Unicode"},
        {"\\p{Italic}", 1, "\\p without a category or script of Unicode"},
        {"\\p{Cn}", 1, "\\p without a category or script of Unicode"},
        {"\\p{L&}", 1, "\\p without a category or script of Unicode"},
        {"\\p{Xan}", 1, "\\p without a category or script of Unicode"},
        {"\\pé", 1, "\\p without a category or script of Unicode"},
        {"[\\P{Klingon}]", 2, "\\P without a category or script of Unicode"},
        {"\\p{Greek", 1, "\\p{ without its }"},
        {"(a", 1, "a ( without its )"},
        {"a(b(c)", 2, "a ( without its )"},
        {"a)", 2, "a ) without its ("},
        {"(?i", 1, "flags without their end"},
        {"(?", 1, "flags without their end"},
        {"(?i-)", 1, "flags without their end"},
        {"(?P<a", 1, "a group's name is missing or without its >"},
        {"(?P<>a)", 1, "a group's name is missing or without its >"},
        {"(?<a-b>c)", 1, "a name of other than letters, digits and _"},
        {"(?P<n>a)(?P<n>b)", 9, "two groups of one name"},
        {"a\xFF", 2, "bytes that are not UTF-8"},
        {"[\xC0\x80]", 2, "bytes that are not UTF-8"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        char error[200] = "", expected[200];

        if (ask(*state, cases[i].pattern, strlen(cases[i].pattern), cel_text("a"), error) !=
            'e')
            fail_msg("%s is accepted", cases[i].pattern);
        snprintf(expected, sizeof(expected), "character %d of the pattern: %s: not RE2 syntax",
                 cases[i].character, cases[i].what);
        assert_string_equal(error, expected);
    }
}

static void
patterns_have_limits(void **state)
{
    char pattern[RE2_SOURCE_MAX + 2], error[200];
    struct cel_value text = cel_text("a");

    memset(pattern, 'a', sizeof(pattern));
    assert_int_equal(ask(*state, pattern, RE2_SOURCE_MAX, text, error), 'n');
    assert_int_equal(ask(*state, pattern, RE2_SOURCE_MAX + 1, text, error), 'e');
    assert_string_equal(error, "the pattern has 1001 bytes; it may have 1000");

    assert_int_equal(ask(*state, "(abcdefghi){1000}", 17, text, error), 'n');
    assert_int_equal(ask(*state, "(abcdefghij){1000}", 18, text, error), 'e');
    assert_string_equal(error, "the pattern is too large: it may take 10000 steps, and the "
                               "memory of an expression");
    assert_int_equal(ask(*state,
                         "(a{1000}b{1000}c{1000}d{1000}e{1000}f{1000}g{1000}h{1000}"
                         "i{1000}j{1000})",
                         72, text, error),
                     'e');

    memset(pattern, '(', RE2_NESTING_MAX + 1);
    memset(pattern + RE2_NESTING_MAX, ')', RE2_NESTING_MAX);
    assert_int_equal(ask(*state, pattern, 2 * RE2_NESTING_MAX, text, error), 'y');
    memset(pattern, '(', RE2_NESTING_MAX + 1);
    assert_int_equal(ask(*state, pattern, RE2_NESTING_MAX + 1, text, error), 'e');
    assert_string_equal(error, "character 201 of the pattern: more than 200 groups in each "
                               "other: not RE2 syntax");
}

/* Patterns that take a backtracking engine for ever: the steps say how long these take. */
static void
no_pattern_is_slow(void **state)
{
    static const struct {
        const char *pattern;
        uint64_t steps_max; /* for 1,000 times an a, and a b */
    } cases[] = {
        {"(a+)+$", 10000},           {"(a|a)*c", 12000},
        {"(a|aa)+c", 15000},         {"(a*)*c", 15000},
        {"(x+x+)+y", 1200},          {"(.*)*c", 15000},
        {"(a?){50}a{50}c", 300000},  {"(.*a){12}c", 80000},
        {"a.{200}c", 300000},        {"^(([a-z])+.)+[A-Z]([a-z])+$", 15000},
        {"(\\pL+)+[^\\pL]c", 15000},
    };
    char text[1001];

    memset(text, 'a', 1000);
    text[1000] = 'b';
    for (size_t i = 0; i < COUNT(cases); i++) {
        char error[200];
        struct cel_pattern *pattern = cel_pattern_compile(
            cases[i].pattern, strlen(cases[i].pattern), error, sizeof(error));
        struct cel_run *run = test_run_start(*state);
        struct cel_value result;

        assert_non_null(pattern);
        result = cel_pattern_matches(run, pattern, cel_string(text, sizeof(text)));
        assert_int_equal(result.kind, CEL_BOOL);
        assert_false(result.truth);
        print_message("%s: %llu steps\n", cases[i].pattern,
                      (unsigned long long)(CEL_STEPS_MAX - run->steps_left));
        assert_in_range(CEL_STEPS_MAX - run->steps_left, 1, cases[i].steps_max);
        cel_pattern_release(pattern);
    }
}

/* With less and less of both: the answer, or the sentence of a limit. */
static void
limits_end_in_errors(void **state)
{
    static const char *const patterns[] = {"(a|b)*c", "\\p{Greek}c", "(?i)я{3}",
                                           "((a{9}){9}){9}"};
    struct cel_value args[2] = {cel_text("aabaαя")};

    for (size_t i = 0; i < COUNT(patterns); i++) {
        args[1] = cel_text(patterns[i]);
        for (size_t memory = 0; memory < 200000; memory = memory * 5 / 4 + 8) {
            struct cel_run *run = test_run_start(*state);
            struct cel_value result;

            run->memory_left = memory;
            result = cel_match_functions[0].call(run, args, 2);
            assert_true(result.kind == CEL_ERROR || !result.truth);
            assert_true(memory > 64 || result.kind == CEL_ERROR);
            assert_true(memory < 150000 || result.kind == CEL_BOOL);
        }
        for (size_t steps = 0; steps < 2000; steps++) {
            struct cel_run *run = test_run_start(*state);
            struct cel_value result;

            run->steps_left = steps;
            result = cel_match_functions[0].call(run, args, 2);
            assert_true(result.kind == CEL_ERROR ? steps < 1900 : !result.truth);
            assert_true(steps > 5 || result.kind == CEL_ERROR);
        }
    }
}

static void
matches_is_a_method_and_a_function(void **state)
{
    static const struct call calls[] = {
        {"matches", {S("a kit"), S("k.t")}, "true"},
        {"matches", {S("a kit"), S("^k.t")}, "false"},
        {"matches",
         {S("a"), S("a(?=b)")},
         "error: matches: character 2 of the pattern: look-ahead: not RE2 syntax"},
        {"matches", {BYTES("a"), S("a")}, "error: no such overload: matches(bytes, string)"},
        {"matches", {S("a"), I(1)}, "error: no such overload: matches(string, int)"},
    };

    calls_check(*state, cel_match_functions, calls, COUNT(calls));
    calls_check(*state, cel_match_functions + 1, calls, COUNT(calls));
    assert_true(cel_match_functions[0].method);
    assert_false(cel_match_functions[1].method);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_match_is_anywhere_in_the_text),
        cmocka_unit_test(repetitions_count),
        cmocka_unit_test(places_are_between_characters),
        cmocka_unit_test(classes_are_sets_of_characters),
        cmocka_unit_test(classes_have_names),
        cmocka_unit_test(flags_hold_to_the_end_of_their_group),
        cmocka_unit_test(escapes_stand_for_characters),
        cmocka_unit_test(texts_may_hold_nul),
        cmocka_unit_test(what_re2_does_not_know_is_refused),
        cmocka_unit_test(patterns_have_limits),
        cmocka_unit_test(no_pattern_is_slow),
        cmocka_unit_test(limits_end_in_errors),
        cmocka_unit_test(matches_is_a_method_and_a_function),
    };

    return cmocka_run_group_tests(tests, test_run_open, test_run_close);
}
