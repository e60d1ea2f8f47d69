/* Types: what they are called, which go together, what a signature makes of arguments. */
#include "policy/rules/cel/types.h"

#include "tests/support/test.h"

#define ARGS_MAX 4

static struct arena arena;

/* "[{sd}]" and the like, in the letters of functions.h; o is the type of [] 's elements. */
static const struct cel_type *
type_read(const char **at)
{
    static const struct {
        char letter;
        const struct cel_type *type;
    } letters[] = {
        {'b', &cel_types[CEL_BOOL]},
        {'i', &cel_types[CEL_INT]},
        {'u', &cel_types[CEL_UINT]},
        {'d', &cel_types[CEL_DOUBLE]},
        {'s', &cel_types[CEL_STRING]},
        {'y', &cel_types[CEL_BYTES]},
        {'n', &cel_types[CEL_NULL]},
        {'t', &cel_types[CEL_TIMESTAMP]},
        {'r', &cel_types[CEL_DURATION]},
        {'T', &cel_types[CEL_TYPE]},
        {'*', &cel_types[CEL_DYN]},
        {'o', &cel_type_open},
        {'w', &cel_record_types[CEL_REC_WINDOW]},
        {'p', &cel_record_types[CEL_REC_PARTY]},
    };
    struct cel_type *type = arena_alloc(&arena, sizeof(*type));
    char letter = *(*at)++;

    for (size_t i = 0; i < COUNT(letters); i++)
        if (letters[i].letter == letter)
            return letters[i].type;
    assert_true(letter == '[' || letter == '{');
    *type = (struct cel_type){.kind = letter == '[' ? CEL_LIST : CEL_MAP};
    if (letter == '{')
        type->key = type_read(at);
    type->element = type_read(at);
    (*at)++;
    return type;
}

static const struct cel_type *
type(const char *letters)
{
    return type_read(&letters);
}

static int
tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void
types_are_named_as_a_person_says_them(void **state)
{
    static const struct {
        const char *letters, *name;
    } cases[] = {
        {"b", "bool"},
        {"t", "timestamp"},
        {"n", "null"},
        {"T", "type"},
        {"p", "party"},
        {"[i]", "list(int)"},
        {"*", "dyn"},
        {"[o]", "list(dyn)"},
        {"{s[d]}", "map(string, list(double))"},
        {"w", "window of history"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(cel_type_name(&arena, type(cases[i].letters)), cases[i].name);
}

static void
values_have_types_all_the_way_down(void **state)
{
    const struct cel_value ints[] = {cel_int(1), cel_int(2)};
    const struct cel_value mixed[] = {cel_int(1), cel_text("x")};
    const struct cel_value lists[] = {cel_list(NULL, 0), cel_list(ints, 2)};
    const struct cel_value pairs[] = {cel_text("a"), cel_list(ints, 2), cel_text("b"),
                                      cel_list(NULL, 0)};
    const struct cel_value unlike[] = {cel_text("a"), cel_int(1), cel_int(2), cel_double(1)};
    const struct {
        struct cel_value value;
        const char *name;
    } cases[] = {
        {cel_double(0.6), "double"},
        {cel_type_value(CEL_INT), "type"},
        {cel_list(ints, 2), "list(int)"},
        {cel_list(mixed, 2), "list(dyn)"},
        {cel_list(lists, 2), "list(list(int))"},
        {{.kind = CEL_MAP, .size = 2, .items = pairs}, "map(string, list(int))"},
        {{.kind = CEL_MAP, .size = 2, .items = unlike}, "map(dyn, dyn)"},
        {{.kind = CEL_MAP}, "map(dyn, dyn)"},
        {{.kind = CEL_RECORD, .type = CEL_REC_KIT}, "kit"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(cel_type_name(&arena, cel_type_of(&arena, cases[i].value)),
                            cases[i].name);
}

static void
two_types_join_in_what_holds_both(void **state)
{
    static const char *const cases[][3] = {
        {"i", "i", "int"},
        {"i", "u", "dyn"},
        {"o", "s", "string"},
        {"[o]", "[s]", "list(string)"},
        {"[s]", "[o]", "list(string)"},
        {"[i]", "[s]", "list(dyn)"},
        {"{so}", "{o[i]}", "map(string, list(int))"},
        {"p", "w", "dyn"},
        {"[*]", "[i]", "list(dyn)"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(
            cel_type_name(&arena, cel_type_join(&arena, type(cases[i][0]), type(cases[i][1]))),
            cases[i][2]);
}

static void
equality_is_between_values_that_can_be_equal(void **state)
{
    static const struct {
        const char *a, *b;
        bool comparable;
    } cases[] = {
        {"i", "i", true},     {"i", "d", true},       {"u", "d", true},
        {"i", "s", false},    {"s", "y", false},      {"n", "p", true},
        {"n", "t", true},     {"n", "n", true},       {"n", "s", false},
        {"*", "s", true},     {"[i]", "[d]", true},   {"[i]", "[s]", false},
        {"[o]", "[s]", true}, {"{si}", "{su}", true}, {"{si}", "{ii}", false},
        {"p", "p", true},     {"p", "w", false},      {"t", "r", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(cel_type_comparable(type(cases[i].a), type(cases[i].b)),
                         cases[i].comparable);
        assert_int_equal(cel_type_comparable(type(cases[i].b), type(cases[i].a)),
                         cases[i].comparable);
    }
}

static void
a_signature_says_what_a_call_gives(void **state)
{
    static const struct {
        const char *signatures, *args, *result; /* args without blanks */
    } cases[] = {
        {"s:i y:i [A]:i {AB}:i", "s", "int"},
        {"s:i y:i [A]:i {AB}:i", "[p]", "int"},
        {"s:i y:i [A]:i {AB}:i", "{si}", "int"},
        {"s:i y:i [A]:i {AB}:i", "i", NULL},
        {"s:i y:i [A]:i {AB}:i", "*", "int"},
        {"ii:i dd:d", "**", "dyn"},
        {"ii:i dd:d", "*d", "double"},
        {"ii:i dd:d", "id", NULL},
        {"[A][A]:[A]", "[i][i]", "list(int)"},
        {"[A][A]:[A]", "[i][s]", NULL},
        {"[A][A]:[A]", "[o][s]", "list(string)"},
        {"[A][A]:[A]", "*[s]", "list(dyn)"},
        {"{AB}A:B", "{si}s", "int"},
        {"{AB}A:B", "{si}i", NULL},
        {"s:s ss:s", "ss", "string"},
        {"s:s ss:s", "sss", NULL},
        {"wr:i", "wr", "int"},
        {"wr:i", "pr", NULL},
        {"A:T", "p", "type"},
        {"A:A", "[s]", "list(string)"},
        {":t", "", "timestamp"},
        {"s:[s]", "s", "list(string)"},
        {"[[A]]:[A]", "[[i]]", "list(int)"},
        {"b:{sA}", "b", "map(string, dyn)"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct cel_type *args[ARGS_MAX], *result;
        const char *at = cases[i].args;
        uint32_t count = 0;

        while (*at)
            args[count++] = type_read(&at);
        result = cel_signature_result(&arena, cases[i].signatures, args, count);
        if (!result != !cases[i].result)
            fail_msg("%s of %s", cases[i].signatures, cases[i].args);
        if (result)
            assert_string_equal(cel_type_name(&arena, result), cases[i].result);
    }
}

static void
signatures_are_printed_one_after_the_other(void **state)
{
    const char *at = "[A]s:i {sA}t*:b r:s";
    char text[40];

    (void)state;
    at = cel_signature_print(at, text, sizeof(text));
    assert_string_equal(text, "list, string");
    at = cel_signature_print(at, text, sizeof(text));
    assert_string_equal(text, "map, timestamp, any value");
    assert_null(cel_signature_print(at, text, sizeof(text)));
    assert_string_equal(text, "duration");
}

static void
the_nearest_name_is_a_few_edits_away(void **state)
{
    static const char *const names[] = {"country", "currency", "name",   "bic",
                                        "hs_code", "coverage", "account"};
    static const struct {
        const char *written, *nearest;
    } cases[] = {
        {"contry", "country"},
        {"cuontry", "country"},
        {"Country", "country"},
        {"hsCode", "hs_code"},
        {"nmae", "name"},
        {"coverag", "coverage"},
        {"bci", "bic"},
        {"curency", "currency"},
        {"amount", "account"},
        {"x", NULL},
        {"iban", NULL},
        {"a_name_so_long_that_it_is_compared_with_nothing_at_all", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *nearest = cel_nearest(cases[i].written, names, COUNT(names));

        assert_string_equal(nearest ? nearest : "none",
                            cases[i].nearest ? cases[i].nearest : "none");
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_are_named_as_a_person_says_them),
        cmocka_unit_test(values_have_types_all_the_way_down),
        cmocka_unit_test(two_types_join_in_what_holds_both),
        cmocka_unit_test(equality_is_between_values_that_can_be_equal),
        cmocka_unit_test(a_signature_says_what_a_call_gives),
        cmocka_unit_test(signatures_are_printed_one_after_the_other),
        cmocka_unit_test(the_nearest_name_is_a_few_edits_away),
    };

    return cmocka_run_group_tests(tests, NULL, tear_down);
}
