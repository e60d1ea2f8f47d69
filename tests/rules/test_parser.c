/* CEL source becomes the tree that the grammar says; what is no CEL is refused in a sentence. */
#include <stdio.h>
#include <stdlib.h>

#include "gateway/base/buffer.h"
#include "policy/rules/cel/syntax.h"
#include "tests/support/test.h"

static const char *const words[CEL_NODE_KIND_COUNT] = {
    [CEL_NODE_SELECT] = ".",      [CEL_NODE_HAS] = "has",
    [CEL_NODE_INDEX] = "[]",      [CEL_NODE_LIST] = "list",
    [CEL_NODE_MAP] = "map",       [CEL_NODE_CALL] = "call",
    [CEL_NODE_NOT] = "!",         [CEL_NODE_NEGATE] = "neg",
    [CEL_NODE_AND] = "&&",        [CEL_NODE_OR] = "||",
    [CEL_NODE_EQ] = "==",         [CEL_NODE_NE] = "!=",
    [CEL_NODE_LT] = "<",          [CEL_NODE_LE] = "<=",
    [CEL_NODE_GT] = ">",          [CEL_NODE_GE] = ">=",
    [CEL_NODE_ADD] = "+",         [CEL_NODE_SUB] = "-",
    [CEL_NODE_MUL] = "*",         [CEL_NODE_DIV] = "/",
    [CEL_NODE_MOD] = "%",         [CEL_NODE_IN] = "in",
    [CEL_NODE_COND] = "?:",       [CEL_NODE_ALL] = "all",
    [CEL_NODE_EXISTS] = "exists", [CEL_NODE_EXISTS_ONE] = "exists_one",
    [CEL_NODE_FILTER] = "filter", [CEL_NODE_MAP_EACH] = "each",
};

static struct arena arena;

static int
clean(void **state)
{
    (void)state;
    arena_reset(&arena);
    return 0;
}

static int
finish(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void
print_constant(struct buffer *out, struct cel_value value)
{
    switch ((enum cel_kind)value.kind) {
    case CEL_NULL:
        buffer_text(out, "null");
        break;
    case CEL_BOOL:
        buffer_text(out, value.truth ? "true" : "false");
        break;
    case CEL_INT:
        buffer_printf(out, "%lld", (long long)value.i);
        break;
    case CEL_UINT:
        buffer_printf(out, "%lluu", (unsigned long long)value.u);
        break;
    case CEL_DOUBLE:
        buffer_printf(out, "%gd", value.d);
        break;
    case CEL_STRING:
    case CEL_BYTES:
        buffer_printf(out, "%s'%.*s'", value.kind == CEL_BYTES ? "b" : "", (int)value.size,
                      value.text);
        break;
    default:
        fail_msg("no constant has kind %d", value.kind);
    }
}

/* (word name args...), a method's name with a dot before it. */
static void
print_tree(struct buffer *out, const struct cel_node *node)
{
    if (node->kind == CEL_NODE_CONST) {
        print_constant(out, node->value);
        return;
    }
    if (node->kind == CEL_NODE_IDENT) {
        buffer_text(out, node->name);
        return;
    }
    buffer_printf(out, "(%s", words[node->kind]);
    if (node->name)
        buffer_printf(out, " %s%s", node->method ? "." : "", node->name);
    for (uint32_t i = 0; i < node->arg_count; i++) {
        buffer_text(out, " ");
        print_tree(out, node->args[i]);
    }
    buffer_text(out, ")");
}

/* The tree of the source, or "LINE:COLUMN: fault". */
static const char *
outcome(const char *source, size_t len)
{
    struct cel_node *root;
    struct cel_fault fault;
    struct buffer out;
    uint32_t line, column;

    buffer_init(&out, &arena, 256);
    if (cel_parse(&arena, source, len, &root, &fault) == 0) {
        print_tree(&out, root);
    } else {
        assert_null(root);
        cel_position(source, len, fault.at, &line, &column);
        buffer_printf(&out, "%u:%u: %s", line, column, fault.text);
    }
    return buffer_terminate(&out);
}

struct source_case {
    const char *source;
    const char *expected;
};

static void
expect_each(const struct source_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *got = outcome(cases[i].source, strlen(cases[i].source));

        if (strcmp(got, cases[i].expected) != 0)
            fail_msg("%s\n  gives %s\n  not   %s", cases[i].source, got, cases[i].expected);
    }
}

static void
operators_bind_as_the_grammar_says(void **state)
{
    static const struct source_case cases[] = {
        {"1 + 2 * 3", "(+ 1 (* 2 3))"},
        {"(1 + 2) * 3", "(* (+ 1 2) 3)"},
        {"a - b - c + d", "(+ (- (- a b) c) d)"},
        {"a / b * c % d", "(% (* (/ a b) c) d)"},
        {"a < b == c", "(== (< a b) c)"},
        {"a <= b != c >= d > e", "(> (>= (!= (<= a b) c) d) e)"},
        {"x in [1] in y", "(in (in x (list 1)) y)"},
        {"1 + 2 in y", "(in (+ 1 2) y)"},
        {"a && b || c && d", "(|| (&& a b) (&& c d))"},
        {"a || b && c || d", "(|| (|| a (&& b c)) d)"},
        {"(a || b) && c", "(&& (|| a b) c)"},
        {"a == 1 && b", "(&& (== a 1) b)"},
        {"a ? b : c", "(?: a b c)"},
        {"a ? b : c ? d : e", "(?: a b (?: c d e))"},
        {"a ? (b ? c : d) : e", "(?: a (?: b c d) e)"},
        {"a || b ? c && d : e || f", "(?: (|| a b) (&& c d) (|| e f))"},
        {"!a", "(! a)"},
        {"!!a && !b", "(&& (! (! a)) (! b))"},
        {"!a.b", "(! (. b a))"},
        {"-a * b", "(* (neg a) b)"},
        {"--a", "(neg (neg a))"},
        {"-a.b[0]", "(neg ([] (. b a) 0))"},
        {"a - -b", "(- a (neg b))"},
        {"a-1", "(- a 1)"},
        {"-1 - -2", "(- -1 -2)"},
        {"--1", "(neg -1)"},
        {"- 1", "-1"},
        {"-1u", "(neg 1u)"},
        {"-1.f()", "(call .f -1)"},
        {"-(1)", "(neg 1)"},
    };

    (void)state;
    expect_each(cases, COUNT(cases));
}

static void
operands_and_what_follows_them(void **state)
{
    static const struct source_case cases[] = {
        {"a.b.c", "(. c (. b a))"},
        {".a", ".a"},
        {".a.b", "(. b .a)"},
        {"a . b", "(. b a)"},
        {"_x1", "_x1"},
        {"inside", "inside"},
        {"trueish", "trueish"},
        {"r", "r"},
        {"b", "b"},
        {"br", "br"},
        {"bar + rb", "(+ bar rb)"},
        {"a.for.while", "(. while (. for a))"},
        {"a.package()", "(call .package a)"},
        {"a.`content-type`", "(. content-type a)"},
        {"has(a.`b c/d.e-f_1`)", "(has b c/d.e-f_1 a)"},
        {"a[b[c]]", "([] a ([] b c))"},
        {"a[0][1]", "([] ([] a 0) 1)"},
        {"f()", "(call f)"},
        {".f(1)", "(call f 1)"},
        {"f(a, b + 1)", "(call f a (+ b 1))"},
        {"a.f()", "(call .f a)"},
        {"a.b.f(c).g(d)", "(call .g (call .f (. b a) c) d)"},
        {"'x'.size()", "(call .size 'x')"},
        {"[1, 2].size()", "(call .size (list 1 2))"},
        {"(a + b).f()", "(call .f (+ a b))"},
        {"[]", "(list)"},
        {"[,]", "(list)"},
        {"[1,]", "(list 1)"},
        {"[[1], [2, 3],]", "(list (list 1) (list 2 3))"},
        {"[1, 2, 3][0]", "([] (list 1 2 3) 0)"},
        {"{}", "(map)"},
        {"{,}", "(map)"},
        {"{1: 2}", "(map 1 2)"},
        {"{'a': 1, 'b': {'c': 2,},}", "(map 'a' 1 'b' (map 'c' 2))"},
        {"{a ? b : c : d}", "(map (?: a b c) d)"},
        {"{'a': 1}.a", "(. a (map 'a' 1))"},
        {"{'a': 1}['a']", "([] (map 'a' 1) 'a')"},
        {"((((a))))", "a"},
        {"true && false || null", "(|| (&& true false) null)"},
        {"type(1u) == uint", "(== (call type 1u) uint)"},
    };

    (void)state;
    expect_each(cases, COUNT(cases));
}

static void
macros_become_nodes_of_their_own(void **state)
{
    static const struct source_case cases[] = {
        {"has(a.b)", "(has b a)"},
        {"has(a.b.c)", "(has c (. b a))"},
        {"has((a.b))", "(has b a)"},
        {"has(a[0].b)", "(has b ([] a 0))"},
        {"has({'a': 1}.a)", "(has a (map 'a' 1))"},
        {"a.all(x, x > 0)", "(all x a (> x 0))"},
        {"a.b.exists(x, x)", "(exists x (. b a) x)"},
        {"[1].exists_one(x, x == 1)", "(exists_one x (list 1) (== x 1))"},
        {"a.existsOne(x, x)", "(exists_one x a x)"},
        {"a.filter(x, x)", "(filter x a x)"},
        {"a.map(x, x + 1)", "(each x a (+ x 1))"},
        {"a.map(x, x > 0, x + 1)", "(each x a (> x 0) (+ x 1))"},
        {"a.map((x), x)", "(each x a x)"},
        {"a.map(x, x.map(y, y))", "(each x a (each y x y))"},
        {"a.map(x, x).filter(x, x)", "(filter x (each x a x) x)"},
        {"a.filter(x, has(x.y)).size()", "(call .size (filter x a (has y x)))"},
        /* Another count or style: an ordinary call. */
        {"has()", "(call has)"},
        {"has(a, b)", "(call has a b)"},
        {"has(a.b, c)", "(call has (. b a) c)"},
        {"a.has(b.c)", "(call .has a (. c b))"},
        {".has(a.b)", "(call has (. b a))"},
        {"all(x, y, z)", "(call all x y z)"},
        {"a.all(x)", "(call .all a x)"},
        {"a.all(x, y, z)", "(call .all a x y z)"},
        {"a.map(1)", "(call .map a 1)"},
        {"a.map(w, x, y, z)", "(call .map a w x y z)"},
        {"a.filter(x, y, z)", "(call .filter a x y z)"},
        {"a.exists_one(1, 2, 3)", "(call .exists_one a 1 2 3)"},
        {"map + all.exists", "(+ map (. exists all))"},
    };

    (void)state;
    expect_each(cases, COUNT(cases));
}

static void
blanks_and_comments_stand_between_tokens(void **state)
{
    static const struct source_case cases[] = {
        {" \t\r\n\f1 \n", "1"},
        {"1 // one", "1"},
        {"// first\n1 // 'unterminated\n+ 2", "(+ 1 2)"},
        {"1//\r+2", "(+ 1 2)"},
        {"1//\r\n+2//", "(+ 1 2)"},
        {"a//\n.//\nb", "(. b a)"},
        {"-//\n1", "-1"},
        {"'// no comment'", "'// no comment'"},
        {"1in[1]", "(in 1 (list 1))"},
        {"a<b?c:d", "(?: (< a b) c d)"},
    };

    (void)state;
    expect_each(cases, COUNT(cases));
}

static void
what_is_no_expression_is_refused_in_a_sentence(void **state)
{
    static const struct source_case cases[] = {
        {"", "1:1: expected an operand; found the end"},
        {"   // nothing", "1:14: expected an operand; found the end"},
        {"1 +", "1:4: expected an operand; found the end"},
        {"a &&\n  )", "2:3: expected an operand; found ')'"},
        {"(1", "1:3: expected ')'; found the end"},
        {"1)", "1:2: expected an operator or the end; found ')'"},
        {"a b", "1:3: expected an operator or the end; found 'b'"},
        {"a 'b'", "1:3: expected an operator or the end; found a string"},
        {"a b'b'", "1:3: expected an operator or the end; found bytes"},
        {"a.b`c`", "1:4: expected an operator or the end; found a name in backticks"},
        {"[1 2]", "1:4: expected ',' or ']'; found '2'"},
        {"[1,,2]", "1:4: expected an operand; found ','"},
        {"[,1]", "1:3: expected ',' or ']'; found '1'"},
        {"{1}", "1:3: expected ':' after the key; found '}'"},
        {"{1: 2, 3}", "1:9: expected ':' after the key; found '}'"},
        {"{1: 2; 3}", "1:6: unexpected ';'"},
        {"f(1,)", "1:5: expected an operand; found ')'"},
        {"f(,)", "1:3: expected an operand; found ','"},
        {"f(1", "1:4: expected ',' or ')'; found the end"},
        {"a[]", "1:3: expected an operand; found ']'"},
        {"a[0, 1]", "1:4: expected ']'; found ','"},
        {"a ? b", "1:6: expected ':' of '?:'; found the end"},
        {"a ? b ? c : d : e", "1:7: expected ':' of '?:'; found '?'"},
        {"a ? : b", "1:5: expected an operand; found ':'"},
        {"a.", "1:3: expected a field or function name after '.'; found the end"},
        {"a.1", "1:2: expected an operator or the end; found '.1'"},
        {"a.in", "1:3: expected a field or function name after '.'; found 'in'"},
        {"a.true", "1:3: expected a field or function name after '.'; found 'true'"},
        {"a.null()", "1:3: expected a field or function name after '.'; found 'null'"},
        {"a.'b'", "1:3: expected a field or function name after '.'; found a string"},
        {".'b'", "1:2: expected a name; found a string"},
        {"in", "1:1: expected an operand; found 'in'"},
        {"* 2", "1:1: expected an operand; found '*'"},
        {"!-a", "1:2: expected an operand; found '-'"},
        {"-!a", "1:2: expected an operand; found '!'"},
        {"a + !!-b", "1:7: expected an operand; found '-'"},
        {"true()", "1:5: expected an operator or the end; found '('"},
        {"`a`", "1:1: expected an operand; found a name in backticks"},
        {"a.``",
         "1:3: between backticks belongs a name of letters, digits and _ . - / or space"},
        {"a.`b",
         "1:3: between backticks belongs a name of letters, digits and _ . - / or space"},
        {"a.`b`()", "1:6: expected an operator or the end; found '('"},
        {"if", "1:1: 'if' is a reserved word"},
        {"1 + namespace", "1:5: 'namespace' is a reserved word"},
        {"import(1)", "1:1: 'import' is a reserved word"},
        {".let", "1:2: 'let' is a reserved word"},
        {"a.map(for, 1)", "1:7: 'for' is a reserved word"},
        {"1 = 2", "1:3: '=' is no operator; write '=='"},
        {"a & b", "1:3: '&' is no operator; write '&&'"},
        {"a | b", "1:3: '|' is no operator; write '||'"},
        {"a $ b", "1:3: unexpected '$'"},
        {"\xc3\xa9 + 1", "1:1: unexpected character U+00E9"},
        {"'\xd1\x80' + \xf0\x9f\x98\x80", "1:7: unexpected character U+1F600"},
        {"a\v", "1:2: unexpected character U+000B"},
        {"Name{}", "1:5: there are no messages to construct; a map is {'key': value}"},
        {"a.b.Name{f: 1}", "1:9: there are no messages to construct; a map is {'key': value}"},
        {"has(a)", "1:5: has() takes a field, as in has(payment.trade)"},
        {"has(a['b'])", "1:5: has() takes a field, as in has(payment.trade)"},
        {"has(a.b())", "1:5: has() takes a field, as in has(payment.trade)"},
        {"a.all(x.y, true)",
         "1:7: the first argument of all() names its variable, as in list.all(x, ...)"},
        {"a.map(1, x)",
         "1:7: the first argument of map() names its variable, as in list.map(x, ...)"},
        {"a.map(.x, true, x)",
         "1:7: the first argument of map() names its variable, as in list.map(x, ...)"},
        {"\xff", "1:1: not UTF-8: the byte 0xff"},
        {"'a\xc0\x80'", "1:3: not UTF-8: the byte 0xc0"},
        {"// \xed\xa0\x80", "1:4: not UTF-8: the byte 0xed"},
        {"'\xf4\x90\x80\x80'", "1:2: not UTF-8: the byte 0xf4"},
        {"'\xe2\x82", "1:2: not UTF-8: the byte 0xe2"},
        {"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee 1",
         "1:52: expected an operator or the end; found '1'"},
        {"1 aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee",
         "1:3: expected an operator or the end; found "
         "'aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd...'"},
    };

    (void)state;
    expect_each(cases, COUNT(cases));
}

static void
columns_count_characters_and_lines_end_in_three_ways(void **state)
{
    static const struct source_case cases[] = {
        {"'\xd0\xa0\xd0\xa4' +", "1:7: expected an operand; found the end"},
        {"'\xf0\x9f\x98\x80' )", "1:5: expected an operator or the end; found ')'"},
        {"1\r\n+\r\n)", "3:1: expected an operand; found ')'"},
        {"1\r+\r )", "3:2: expected an operand; found ')'"},
        {"1\n\n +\n\n)", "5:1: expected an operand; found ')'"},
        {"1 //\xe4\xb8\xad\n )", "2:2: expected an operator or the end; found ')'"},
        {"'''a\nb''' )", "2:6: expected an operator or the end; found ')'"},
    };

    (void)state;
    expect_each(cases, COUNT(cases));
}

static void
a_nul_is_no_end_of_the_source(void **state)
{
    (void)state;
    assert_string_equal(outcome("1\0+2", 4), "1:2: unexpected character U+0000");
    assert_string_equal(outcome("1 // \0\n+2", 9), "(+ 1 2)");
    assert_string_equal(outcome("12", 1), "1");
}

/* The first node of the kind, outermost first. */
static const struct cel_node *
find(const struct cel_node *node, enum cel_node_kind kind)
{
    const struct cel_node *found = node->kind == kind ? node : NULL;

    for (uint32_t i = 0; !found && i < node->arg_count; i++)
        found = find(node->args[i], kind);
    return found;
}

static void
every_node_knows_the_text_it_stands_for(void **state)
{
    static const struct {
        const char *source;
        enum cel_node_kind kind;
        const char *text;
        uint32_t at;
    } cases[] = {
        {" a + b ", CEL_NODE_ADD, "a + b", 3},
        {"(a + b) * c", CEL_NODE_ADD, "a + b", 3},
        {"(a + b) * c", CEL_NODE_MUL, "(a + b) * c", 8},
        {"x - (a + b)", CEL_NODE_SUB, "x - (a + b)", 2},
        {"(a) && (b) || (c)", CEL_NODE_AND, "(a) && (b)", 4},
        {"(a) && (b) || (c)", CEL_NODE_OR, "(a) && (b) || (c)", 11},
        {"z && (a || (b) || c) && y", CEL_NODE_OR, "a || (b) || c", 15},
        {"(a) ? (b) : (c)", CEL_NODE_COND, "(a) ? (b) : (c)", 4},
        {"1 + -2", CEL_NODE_CONST, "1", 0},
        {"x + - 2", CEL_NODE_CONST, "- 2", 4},
        {"!(a)", CEL_NODE_NOT, "!(a)", 0},
        {"(a).b.c", CEL_NODE_SELECT, "(a).b.c", 6},
        {"x + .y", CEL_NODE_IDENT, "x", 0},
        {"1 + .y", CEL_NODE_IDENT, ".y", 5},
        {"a[ (1) ]", CEL_NODE_INDEX, "a[ (1) ]", 1},
        {"1 + a.f( (2) )", CEL_NODE_CALL, "a.f( (2) )", 6},
        {"1 + f( 2 )", CEL_NODE_CALL, "f( 2 )", 4},
        {"1 + [ 2, ]", CEL_NODE_LIST, "[ 2, ]", 4},
        {"1 + { 2 : 3 }", CEL_NODE_MAP, "{ 2 : 3 }", 4},
        {"!has(a.b.c)", CEL_NODE_HAS, "has(a.b.c)", 9},
        {"!a.all(x, x)", CEL_NODE_ALL, "a.all(x, x)", 3},
        {"'\xd0\xa0' + b", CEL_NODE_ADD, "'\xd0\xa0' + b", 5},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct cel_node *root;
        struct cel_fault fault;
        const struct cel_node *node;
        char text[64];

        assert_int_equal(
            cel_parse(&arena, cases[i].source, strlen(cases[i].source), &root, &fault), 0);
        node = find(root, cases[i].kind);
        assert_non_null(node);
        snprintf(text, sizeof(text), "%.*s", (int)(node->end - node->begin),
                 cases[i].source + node->begin);
        assert_string_equal(text, cases[i].text);
        assert_int_equal(node->at, cases[i].at);
    }
}

/* prefix, count times unit, suffix. */
static const char *
repeated(const char *prefix, const char *unit, int count, const char *suffix)
{
    struct buffer out;

    buffer_init(&out, &arena, 64);
    buffer_text(&out, prefix);
    for (int i = 0; i < count; i++)
        buffer_text(&out, unit);
    buffer_text(&out, suffix);
    return buffer_terminate(&out);
}

static bool
parses(const char *source, const char *fault_text)
{
    struct cel_node *root;
    struct cel_fault fault;
    bool good = cel_parse(&arena, source, strlen(source), &root, &fault) == 0;

    if (!good && strcmp(fault.text, fault_text) != 0)
        fail_msg("%s", fault.text);
    return good;
}

static int
height(const struct cel_node *node)
{
    int most = 0;

    for (uint32_t i = 0; i < node->arg_count; i++) {
        int one = height(node->args[i]);

        most = one > most ? one : most;
    }
    return most + 1;
}

static void
whatever_nests_nests_so_deep_and_no_deeper(void **state)
{
    /* An operand is one level, so that 249 of each go around it. */
    static const struct {
        const char *prefix, *unit, *middle, *closing;
    } cases[] = {
        {"", "(", "1", ")"},    {"", "[", "1", "]"},   {"", "{1:", "1", "}"},
        {"", "f(", "1", ")"},   {"", "a[", "1", "]"},  {"", "!", "a", ""},
        {"", "-", "a", ""},     {"a", "+1", "", ""},   {"a", "*1", "", ""},
        {"a", "<1", "", ""},    {"a", ".b", "", ""},   {"a", "[0]", "", ""},
        {"a", ".f()", "", ""},  {"", "a?b:", "c", ""}, {"[]", ".map(x,x)", "", ""},
        {"", "x.f(", "1", ")"}, {"", "(1+", "1", ")"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        for (int over = 0; over <= 1; over++) {
            int count = CEL_NESTING_MAX - 1 + over;
            const char *end = repeated(cases[i].middle, cases[i].closing, count, "");
            const char *source = repeated(cases[i].prefix, cases[i].unit, count, end);

            if (parses(source, "nested more than 250 deep") != !over)
                fail_msg("%d of %s", count, cases[i].unit);
        }
    }
}

static void
chains_of_and_and_or_are_long_but_not_deep(void **state)
{
    struct cel_node *root;
    struct cel_fault fault;

    (void)state;
    for (int i = 0; i < 2; i++) {
        const char *source = repeated("a", i ? "&&b" : "||b", 1365, "");

        assert_int_equal(strlen(source), CEL_SOURCE_MAX);
        assert_int_equal(cel_parse(&arena, source, strlen(source), &root, &fault), 0);
        assert_int_equal(height(root), 12); /* 2^11 >= 1366 operands */
    }
    assert_string_equal(outcome("a && b && c && d && e", 21), "(&& (&& (&& a b) c) (&& d e))");
}

static void
half_a_chain_is_half_its_text(void **state)
{
    static const char source[] = "(a) || b || (c) || (d) || e";
    struct cel_node *root;
    struct cel_fault fault;

    (void)state;
    assert_int_equal(cel_parse(&arena, source, strlen(source), &root, &fault), 0);
    assert_int_equal(root->at, 16);
    assert_int_equal(root->args[0]->begin, 0);
    assert_int_equal(root->args[0]->at, 9);
    assert_int_equal(root->args[0]->end, 15);
    assert_int_equal(root->args[1]->begin, 19);
    assert_int_equal(root->args[1]->at, 23);
    assert_int_equal(root->args[1]->end, 27);
}

static void
what_the_specification_asks_for_at_least_is_there(void **state)
{
    static const struct {
        const char *prefix, *unit, *suffix;
    } cases[] = {
        {"a", "||a", ""},  {"a", "&&a", ""},      {"1", "<1", ""},   {"1", "-1", ""},
        {"1", "/1", ""},   {"a", ".a", ""},       {"a", "[0]", ""},  {"f(1", ",1", ")"},
        {"[1", ",1", "]"}, {"{1:1", ",1:1", "}"}, {"", "a?b:", "c"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_true(parses(repeated(cases[i].prefix, cases[i].unit, 32, cases[i].suffix), ""));
}

static void
loops_count_by_their_bodies(void **state)
{
    static const struct source_case cases[] = {
        {"a.all(x, b.map(y, c.exists(z, z)))", "(all x a (each y b (exists z c z)))"},
        /* A range is computed before its loop, and neighbours do not add up. */
        {"a.map(x, x).map(x, x).map(x, x).map(x, x)",
         "(each x (each x (each x (each x a x) x) x) x)"},
        {"a.map(x, b.map(y, c.map(z, z)).map(y, c.map(z, z)))",
         "(each x a (each y (each y b (each z c z)) (each z c z)))"},
    };

    (void)state;
    expect_each(cases, COUNT(cases));
}

/* count loops, each in the body of the one before. */
static const char *
nested_loops(unsigned count)
{
    const char *source = "x";

    while (count-- > 0)
        source = arena_printf(&arena, "[1].map(x, %s)", source);
    return source;
}

static void
loops_stand_in_each_other_thirty_two_deep(void **state)
{
    (void)state;
    assert_int_equal(CEL_LOOPS_MAX, 32);
    assert_true(parses(nested_loops(32), ""));
    assert_false(parses(nested_loops(33), "more than 32 loops in each other"));
}

static void
a_source_has_at_most_four_kibibytes(void **state)
{
    const char *source = repeated("1", " ", CEL_SOURCE_MAX, "");

    (void)state;
    assert_string_equal(outcome(source, CEL_SOURCE_MAX), "1");
    assert_string_equal(outcome(source, CEL_SOURCE_MAX + 1), "1:4097: longer than 4096 bytes");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(operators_bind_as_the_grammar_says, clean),
        cmocka_unit_test_teardown(operands_and_what_follows_them, clean),
        cmocka_unit_test_teardown(macros_become_nodes_of_their_own, clean),
        cmocka_unit_test_teardown(blanks_and_comments_stand_between_tokens, clean),
        cmocka_unit_test_teardown(what_is_no_expression_is_refused_in_a_sentence, clean),
        cmocka_unit_test_teardown(columns_count_characters_and_lines_end_in_three_ways, clean),
        cmocka_unit_test_teardown(a_nul_is_no_end_of_the_source, clean),
        cmocka_unit_test_teardown(every_node_knows_the_text_it_stands_for, clean),
        cmocka_unit_test_teardown(whatever_nests_nests_so_deep_and_no_deeper, clean),
        cmocka_unit_test_teardown(chains_of_and_and_or_are_long_but_not_deep, clean),
        cmocka_unit_test_teardown(half_a_chain_is_half_its_text, clean),
        cmocka_unit_test_teardown(what_the_specification_asks_for_at_least_is_there, clean),
        cmocka_unit_test_teardown(loops_count_by_their_bodies, clean),
        cmocka_unit_test_teardown(loops_stand_in_each_other_thirty_two_deep, clean),
        cmocka_unit_test_teardown(a_source_has_at_most_four_kibibytes, clean),
    };

    return cmocka_run_group_tests(tests, NULL, finish);
}
