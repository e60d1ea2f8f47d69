/* The type checker: what expressions give, and what it says of those that mean nothing. */
#include "policy/rules/cel/check.h"

#include <stdio.h>

#include "policy/rules/cel/functions.h"
#include "policy/rules/cel/program.h"
#include "policy/rules/cel/types.h"
#include "tests/support/test.h"

static struct arena arena;

/* --- an environment like a pack's -------------------------------------------------------- */

static const struct cel_value countries[] = {{.kind = CEL_STRING, .size = 2, .text = "RU"},
                                             {.kind = CEL_STRING, .size = 2, .text = "BY"}};
#define KEY(name)                                                                              \
    {                                                                                          \
        .kind = CEL_STRING, .size = sizeof(name) - 1, .text = (name)                           \
    }
static const struct cel_value limits[] = {KEY("CNY"), {.kind = CEL_INT, .i = 5000000}};
static const struct cel_value params_items[] = {
    /* clang-format off */
    KEY("coverage_min"), {.kind = CEL_DOUBLE, .d = 0.6},
    KEY("countries"),    {.kind = CEL_LIST, .size = 2, .items = countries},
    KEY("limits"),       {.kind = CEL_MAP, .size = 1, .items = limits},
    KEY("days"),         {.kind = CEL_INT, .i = 30},
    /* clang-format on */
};
static const struct cel_value params = {.kind = CEL_MAP, .size = 4, .items = params_items};

static struct cel_variable variables[CEL_VAR_COUNT];
static struct cel_environment pack = {.variables = variables, .variable_count = CEL_VAR_COUNT};

static int
set_up(void **state)
{
    (void)state;
    for (int id = 0; id < CEL_VAR_COUNT; id++)
        variables[id] =
            (struct cel_variable){.name = cel_variable_names[id],
                                  .type = cel_variable_type((enum cel_variable_id)id)};
    variables[CEL_VAR_PARAMS].type = cel_type_of(&arena, params);
    variables[CEL_VAR_PARAMS].constant = &params;
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* The type's name, or "line:column: sentence". */
static const char *
checked(const struct cel_environment *environment, const char *source,
        const struct cel_type *wanted)
{
    struct cel_fault fault = {0};
    struct cel_node *root = NULL;
    uint32_t line, column;

    if (cel_parse(&arena, source, strlen(source), &root, &fault) == 0 &&
        cel_check(&arena, environment, root, wanted, &fault) == 0)
        return cel_type_name(&arena, root->type);
    cel_position(source, strlen(source), fault.at, &line, &column);
    return arena_printf(&arena, "%u:%u: %s", line, column, fault.text);
}

struct check_case {
    const char *source, *result;
};

static void
expect(const struct cel_environment *environment, const struct check_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *found = checked(environment, cases[i].source, NULL);

        if (strcmp(found, cases[i].result) != 0)
            fail_msg("%s\n  gives    %s\n  expected %s", cases[i].source, found,
                     cases[i].result);
    }
}

/* --- what fits --------------------------------------------------------------------------- */

/* Without variables, so that they can be evaluated as well. */
static const struct check_case closed[] = {
    {"1", "int"},
    {"1u", "uint"},
    {"-1.5", "double"},
    {"'x'", "string"},
    {"b'x'", "bytes"},
    {"null", "null"},
    {"true", "bool"},
    {"[1, 2]", "list(int)"},
    {"[]", "list(dyn)"},
    {"[[], ['x']]", "list(list(string))"},
    {"[1, 'x']", "list(dyn)"},
    {"{'a': 1}", "map(string, int)"},
    {"{1: [], 2: [true]}", "map(int, list(bool))"},
    {"1 + 2 * 3 % 4", "int"},
    {"'a' + 'b'", "string"},
    {"[1] + []", "list(int)"},
    {"-(1.0)", "double"},
    {"!true || 1 < 2u && 2.0 >= 1", "bool"},
    {"1 == 1.0 && 1u != 2", "bool"},
    {"[1] == [1.0]", "bool"},
    {"1 in [1u] && 'a' in {'a': 1}", "bool"},
    {"true ? 1 : 2", "int"},
    {"true ? [] : ['x']", "list(string)"},
    {"true ? 1 : 'x'", "dyn"},
    {"[1, 2][0]", "int"},
    {"{'a': 1.5}['a']", "double"},
    {"{1: 'x'}[1u]", "string"},
    {"[1, 'x'][0]", "dyn"},
    {"[1, 'x'][0].anything", "dyn"},
    {"dyn(1) + 'x'", "string"},
    {"dyn(1) + dyn('x')", "dyn"},
    {"'a' < dyn(1)", "bool"},
    {"-dyn(1)", "dyn"},
    {"type(1)", "type"},
    {"size('x') + size({'a': 1})", "int"},
    {"[1, 2, 3].filter(x, x > 1).map(x, string(x))", "list(string)"},
    {"{'a': 1}.exists(k, k == 'a')", "bool"},
    {"duration('720h') + duration('1s')", "duration"},
    {"timestamp('2024-04-01T00:00:00Z').getFullYear()", "int"},
    {"'a,b'.split(',')", "list(string)"},
    {"double('0.5') < 1", "bool"},
};

static void
literals_and_operators_have_types(void **state)
{
    static const struct check_case cases[] = {
        {"now - now", "duration"},
        {"now + (now - now)", "timestamp"},
        {"null == payment", "bool"},
        {"now != null", "bool"},
    };

    (void)state;
    expect(&pack, closed, COUNT(closed));
    expect(&pack, cases, COUNT(cases));
}

static void *
run_alloc(void *context, size_t bytes)
{
    return arena_alloc(context, bytes);
}

/* The type that was checked, and that of the value; NULL for an error. */
static void
types_of(const char *source, const struct cel_type **type, const struct cel_type **found)
{
    struct cel_run run = {run_alloc, &arena, CEL_MEMORY_MAX, CEL_STEPS_MAX, NULL};
    struct cel_program *program = cel_program_new(&pack, false);
    struct cel_fault fault;
    struct cel_frame frame;
    struct cel_node *root;
    struct cel_value value;
    uint32_t expression;

    assert_int_equal(cel_parse(&arena, source, strlen(source), &root, &fault), 0);
    assert_int_equal(cel_check(&arena, &pack, root, NULL, &fault), 0);
    *type = root->type;
    expression = cel_program_add(program, root, "");
    cel_program_seal(program);
    cel_frame_init(&frame, program, &run, NULL, NULL);
    value = cel_evaluate(&frame, expression); /* the program's, perhaps */
    *found = value.kind == CEL_ERROR ? NULL : cel_type_of(&arena, value);
    cel_program_free(program);
}

/* T1 */
static void
values_are_of_the_type_that_was_checked(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(closed); i++) {
        const struct cel_type *type, *found;

        types_of(closed[i].source, &type, &found);
        if (found && !cel_type_accepts(type, found))
            fail_msg("%s is %s", closed[i].source, cel_type_name(&arena, found));
    }
}

static void
names_have_the_types_of_records_and_params(void **state)
{
    static const struct check_case cases[] = {
        {"payment", "payment"},
        {"payment.debtor", "party"},
        {"payment.debtor.country", "string"},
        {".payment.debtor.country", "string"},
        {"payment.amount.minor", "int"},
        {"payment.created_at", "timestamp"},
        {"payment.debtor.identifiers", "map(string, string)"},
        {"payment.debtor.identifiers.inn", "string"},
        {"payment.debtor.identifiers['inn']", "string"},
        {"payment.debtor.owners[0].share", "double"},
        {"payment.goods", "list(goods line)"},
        {"goods[0].hs6", "int"},
        {"kits[0].lines", "list(int)"},
        {"history.debtor", "window of history"},
        {"history.debtor.last_at", "timestamp"},
        {"bank.class", "string"},
        {"now", "timestamp"},
        {"has(payment.trade) && has(payment.debtor.identifiers.inn)", "bool"},
        {"params.coverage_min", "double"},
        {"params.limits.CNY", "int"},
        {"params['limits']['CNY']", "int"},
        {"params.limits[payment.amount.currency]", "int"},
        {"params.countries", "list(string)"},
        {"params.countries[1]", "string"},
        {"has(params.nothing)", "bool"},
        {"int", "type"},
        {"google.protobuf.Timestamp", "type"},
        {"type(payment.debtor) == type(1)", "bool"},
    };

    (void)state;
    expect(&pack, cases, COUNT(cases));
}

static void
loops_bind_the_type_of_what_they_go_over(void **state)
{
    static const struct check_case cases[] = {
        {"goods.exists(g, g.hs6 == 854231)", "bool"},
        {"kits.all(k, k.coverage >= params.coverage_min)", "bool"},
        {"goods.exists_one(g, g.tier == '1')", "bool"},
        {"goods.filter(g, g.tier == '1')", "list(goods line)"},
        {"goods.map(g, g.hs_code)", "list(string)"},
        {"goods.map(g, g.hs6 > 0, g.value_minor)", "list(int)"},
        {"payment.debtor.identifiers.all(k, k.size() < 9)", "bool"},
        {"{'a': 1}.map(k, k)", "list(string)"},
        {"dyn([1]).map(x, x)", "list(dyn)"},
        {"[].all(x, x.y.z)", "bool"},
        /* A loop's variable hides another name; a dot before it is the outer one. */
        {"[1].map(payment, payment)", "list(int)"},
        {"[1].map(payment, .payment.rail)", "list(string)"},
        {"[1].map(x, ['a'].map(x, x))", "list(list(string))"},
        {"['a'].map(int, int)", "list(string)"},
    };

    (void)state;
    expect(&pack, cases, COUNT(cases));
}

static void
calls_give_what_their_overload_gives(void **state)
{
    static const struct check_case cases[] = {
        {"size(goods)", "int"},
        {"goods.size()", "int"},
        {"size('x') + size({'a': 1})", "int"},
        {"size(dyn(1))", "int"},
        {"'abc'.contains('b')", "bool"},
        {"payment.debtor.name.matches('^OOO')", "bool"},
        {"duration('720h')", "duration"},
        {"history.debtor.count(duration('720h')) > 3", "bool"},
        {"history.creditor.sum(duration('1h'))", "int"},
        {"now - history.debtor.last_at < duration('24h')", "bool"},
        {"timestamp('2024-04-01T00:00:00Z').getFullYear()", "int"},
        {"chance(0.5)", "bool"},
        {"string(1) + string(1.5)", "string"},
        {"type(1)", "type"},
        {"strings.quote('x')", "string"},
    };

    (void)state;
    expect(&pack, cases, COUNT(cases));
}

/* --- what does not ----------------------------------------------------------------------- */

static void
an_unknown_name_is_told_with_the_nearest(void **state)
{
    static const struct check_case cases[] = {
        {"payment.debtor.contry == 'RU'",
         "1:16: payment.debtor.contry: no such field; the nearest is country"},
        {"goods.exists(g,\n  g.hscode == '')",
         "2:5: g.hscode: no such field; the nearest is hs_code"},
        {"goods[0].prise",
         "1:10: goods line.prise: no such field; there are hs_code, description, "
         "quantity, unit, origin, end_use, end_user, value, value_minor, hs6, "
         "chapter, tier, group, role"},
        {"history.debtor.last", "1:16: history.debtor.last: no such field; there is last_at"},
        {"has(payment.ammount)", "1:13: payment.ammount: no such field; the nearest is amount"},
        {"paymnet.rail", "1:1: paymnet: no such variable; the nearest is payment"},
        {"x", "1:1: x: no such variable; there are payment, goods, kits, hits, history, bank, "
              "now, params"},
        {"goods.exists(line, lin.hs6 == 1)",
         "1:20: lin: no such variable; the nearest is line"},
        {".g",
         "1:2: .g: no such variable; there are payment, goods, kits, hits, history, bank, "
         "now, params"},
        {"[1].all(g, .g == 1)", "1:13: .g: no such variable; the nearest is g"},
        {"params.coverage_mn > 0.5",
         "1:8: params.coverage_mn: no such key; the nearest is coverage_min"},
        {"params['contries']", "1:7: params.contries: no such key; the nearest is countries"},
        {"params.limits.USD", "1:15: params.limits.USD: no such key; there is CNY"},
        {"params.countries[2]", "1:17: there is no element [2]: the list has 2 elements"},
        {"sizes(goods)", "1:1: sizes(): no such function; the nearest is size"},
        {"'a'.startswith('b')",
         "1:5: startswith(): no such function; the nearest is startsWith"},
        {"frobnicate(1)", "1:1: frobnicate(): no such function"},
        {"kits.exist(k, true)", "1:6: exist(): no such function; the nearest is exists"},
        {"kits.exists(k.coverage > 0.5)",
         "1:6: no such overload: exists(); write list.exists(x, x > 0)"},
        {"all(kits, k, true)", "1:1: no such overload: all(); write list.all(x, x > 0)"},
        {"payment.has(amount)", "1:9: no such overload: has(); write has(x.field)"},
        {"kits.zzzzzz()", "1:6: zzzzzz(): no such function"},
    };

    (void)state;
    expect(&pack, cases, COUNT(cases));
}

static void
a_wrong_operand_is_told_with_what_would_fit(void **state)
{
    static const struct check_case cases[] = {
        {"payment.amount.value > 1000",
         "1:22: no such overload: string > int; it takes two numbers, or two strings, bytes, "
         "bools, timestamps or durations"},
        {"payment.debtor.country == 7",
         "1:24: no such overload: string == int; it takes two values of one type"},
        {"payment.amount.minor + 1.5",
         "1:22: no such overload: int + double; it takes two ints, uints, doubles, strings, "
         "bytes, lists or durations, or a timestamp and a duration"},
        {"1 && true", "1:3: no such overload: int && bool; it takes two bools"},
        {"!payment.rail", "1:1: no such overload: !string; it takes a bool"},
        {"-'x'", "1:1: no such overload: -string; it takes an int or a double"},
        {"1.0 % 2.0", "1:5: no such overload: double % double; it takes two ints or uints"},
        {"'x' in 'xyz'", "1:5: no such overload: string in string; it takes an element and a "
                         "list, or a key and "
                         "a map"},
        {"1 in ['a']",
         "1:3: no such overload: int in list(string); it takes an element and a list, or a key "
         "and a map"},
        {"1 ? 2 : 3", "1:3: before ? stands a bool, not int"},
        {"goods['x']",
         "1:6: no such overload: list(goods line)[string]; a list takes an int, a map its key"},
        {"payment['rail']",
         "1:8: no such overload: payment[string]; a list takes an int, a map its key"},
        {"payment.rail.country", "1:14: .country: string has no fields"},
        {"{1: 2}.x", "1:8: .x: the keys of map(int, int) are not strings"},
        {"{1.5: 2}", "1:2: a key is a bool, int, uint or string, not double"},
        {"payment.exists(x, true)", "1:9: exists() goes over a list or a map, not payment"},
        {"goods.all(g, g.hs_code)", "1:16: all() asks a bool of each element, not string"},
        {"goods.map(g, g.hs6, 1)", "1:16: map() asks a bool of each element, not int"},
        {"[1] == ['x']",
         "1:5: no such overload: list(int) == list(string); it takes two values of one type"},
        {"null == 'x'",
         "1:6: no such overload: null == string; it takes two values of one type"},
    };

    (void)state;
    expect(&pack, cases, COUNT(cases));
}

static void
a_wrong_call_is_told_with_what_would_fit(void **state)
{
    static const struct check_case cases[] = {
        {"size(1)",
         "1:1: no such overload: size(int); there is size(string), size(bytes), size(list), "
         "size(map)"},
        {"size('x', 'y')", "1:1: no such overload: size() takes 1 argument, not 2"},
        {"payment.amount.minor.contains('1')",
         "1:22: no such overload: int.contains(string); there is string.contains(string)"},
        {"contains('a', 'b')", "1:1: no such function: contains(); write x.contains()"},
        {"1.duration()", "1:3: no such function: duration(); write duration(x)"},
        {"history.debtor.count(30)",
         "1:16: no such overload: window of history.count(int); there is window of "
         "history.count(duration)"},
        {"chance()", "1:1: no such overload: chance() takes 1 argument, not 0"},
    };

    (void)state;
    expect(&pack, cases, COUNT(cases));
}

static void
a_call_that_can_only_fail_is_told_at_once(void **state)
{
    static const struct check_case cases[] = {
        {"chance(params.limits.CNY)", "1:22: chance() wants a probability from 0 to 1"},
        {"chance(-0.5)", "1:8: chance() wants a probability from 0 to 1"},
        {"chance(2)", "1:8: chance() wants a probability from 0 to 1"},
        {"now - duration('30d') < now", "1:7: this can only fail: duration('30d'): not a "
                                        "duration such as 1h30m, 720h, 1.5s or 100ms"},
        {"now.getHours('Mars/Olympus') > 5",
         "1:5: this can only fail: getHours: no such time zone: 'Mars/Olympus'"},
        {"payment.rail.matches('[')",
         "1:22: character 1 of the pattern: a [ without its ]: not RE2 syntax"},
        {"payment.amount.minor > int('1,000')",
         "1:24: this can only fail: int('1,000'): not a whole number in decimal digits"},
    };

    (void)state;
    expect(&pack, cases, COUNT(cases));
}

static void
the_whole_must_be_what_is_wanted(void **state)
{
    static const struct check_case cases[] = {
        {"payment.rail == 'CIPS'", "bool"},
        {"  payment.rail", "1:3: the whole must be bool, this is string"},
        {"dyn(true)", "1:1: the whole must be bool, this is dyn"},
        {"dyn(true) && true", "bool"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(checked(&pack, cases[i].source, &cel_types[CEL_BOOL]),
                            cases[i].result);
}

/* T1 */
static void
assert_typed(const struct cel_node *node)
{
    assert_non_null(node->type);
    for (uint32_t i = 0; i < node->arg_count; i++)
        assert_typed(node->args[i]);
}

static void
every_node_has_its_type(void **state)
{
    static const char source[] =
        "goods.filter(g, g.hs6 in [1, 2] && has(g.tier)).map(g, {'a': -g.value_minor})"
        "[params.days - 30]['a'] > 0 ? type(1) == int : strings.quote('a') == params['x' + '']";
    struct cel_fault fault;
    struct cel_node *root;

    (void)state;
    assert_int_equal(cel_parse(&arena, source, strlen(source), &root, &fault), 0);
    if (cel_check(&arena, &pack, root, NULL, &fault) != 0)
        fail_msg("%s", fault.text);
    assert_typed(root);
}

/* --- lenient ----------------------------------------------------------------------------- */

static void
lenient_checking_leaves_types_to_run_time(void **state)
{
    static const struct cel_variable bound[] = {
        {"x", &cel_types[CEL_DYN], NULL},
        {"n", &cel_types[CEL_INT], NULL},
        {"a.b", &cel_types[CEL_STRING], NULL},
        {"a.b.c", &cel_types[CEL_BOOL], NULL},
    };
    static const struct cel_environment lenient = {bound, COUNT(bound), true, NULL};
    static const struct check_case cases[] = {
        {"1 + 'x'", "dyn"},
        {"1 == 'x'", "dyn"},
        {"!1", "dyn"},
        {"size(1)", "dyn"},
        {"n.field", "dyn"},
        {"n[0]", "dyn"},
        {"{1.5: 2}", "map(dyn, int)"},
        {"n.all(y, y)", "bool"},
        {"[1].all(y, y)", "bool"},
        {"1 ? 2 : 3", "dyn"},
        {"{'a': 1}.b", "int"},
        {"a.b", "string"},
        {"a.b.c", "bool"},
        {"a.b.size()", "int"},
        {"a.b.d", "dyn"},
        {"[1].map(a, a.b)", "list(dyn)"},
        {"[1].map(a, .a.b)", "list(string)"},
        {"y", "dyn"},
        {"f(1)", "dyn"},
        {"size()", "dyn"},
    };

    (void)state;
    expect(&lenient, cases, COUNT(cases));
}

static void
lenient_checking_makes_what_is_not_known_an_error_where_it_stands(void **state)
{
    static const struct cel_variable bound[] = {{"x", &cel_types[CEL_DYN], NULL}};
    static const struct cel_environment lenient = {bound, COUNT(bound), true, NULL};
    static const struct {
        const char *source, *error; /* of the second operand of || */
        uint32_t at;                /* the first thing not known */
    } cases[] = {
        {"x || y", "y: no such variable; there is x", 5},
        {"x || f(1)", "f(): no such function", 5},
        {"x || f(y)", "f(): no such function", 5},
        {"x || size()", "no such overload: size() takes 1 argument, not 0", 5},
        {"z || y", "y: no such variable; there is x", 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct cel_fault fault = {0};
        const struct cel_node *operand;
        struct cel_node *root;

        assert_int_equal(
            cel_parse(&arena, cases[i].source, strlen(cases[i].source), &root, &fault), 0);
        assert_int_equal(cel_check(&arena, &lenient, root, NULL, &fault), 0);
        operand = root->args[1];
        assert_int_equal(operand->kind, CEL_NODE_CONST);
        assert_int_equal(operand->value.kind, CEL_ERROR);
        assert_string_equal(operand->value.text, cases[i].error);
        assert_int_equal(fault.at, cases[i].at);
    }
}

static void
names_are_looked_up_in_the_container_first(void **state)
{
    static const struct cel_variable bound[] = {
        {"x", &cel_types[CEL_INT], NULL},         {"a.x", &cel_types[CEL_STRING], NULL},
        {"a.b.x", &cel_types[CEL_BOOL], NULL},    {"a.y", &cel_types[CEL_DOUBLE], NULL},
        {"a.b.z.w", &cel_types[CEL_BYTES], NULL}, {"z", &cel_types[CEL_DYN], NULL},
    };
    static const struct cel_environment inner = {bound, COUNT(bound), true, "a.b"};
    static const struct cel_environment proto = {bound, COUNT(bound), true, "google.protobuf"};
    static const struct check_case cases[] = {
        {"x", "bool"},    {".x", "int"},  {"a.x", "string"}, {"y", "double"},
        {"z.w", "bytes"}, {"z.v", "dyn"}, {"b.x", "bool"},   {"[''].map(x, x)", "list(string)"},
    };
    static const struct check_case types[] = {{"Timestamp", "type"}, {"x", "int"}};

    (void)state;
    expect(&inner, cases, COUNT(cases));
    expect(&proto, types, COUNT(types));
}

/* The compiler reads what the checker leaves: a name in one piece, a type as a constant. */
static void
qualified_names_become_one_node(void **state)
{
    static const struct cel_variable bound[] = {{"a.b", &cel_types[CEL_INT], NULL}};
    static const struct cel_environment environment = {bound, 1, true, NULL};
    static const struct {
        const char *source;
        enum cel_node_kind kind;
        const char *name;
    } cases[] = {
        {"a.b", CEL_NODE_IDENT, "a.b"},
        {".a.b", CEL_NODE_IDENT, ".a.b"},
        {"a.b.c", CEL_NODE_SELECT, "c"},
        {"google.protobuf.Duration", CEL_NODE_CONST, NULL},
        {"strings.quote('x')", CEL_NODE_CALL, "strings.quote"},
    };
    struct cel_fault fault;
    struct cel_node *root;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(
            cel_parse(&arena, cases[i].source, strlen(cases[i].source), &root, &fault), 0);
        assert_int_equal(cel_check(&arena, &environment, root, NULL, &fault), 0);
        assert_int_equal(root->kind, cases[i].kind);
        if (cases[i].name)
            assert_string_equal(root->name, cases[i].name);
        assert_false(root->method);
    }
    assert_int_equal(root->arg_count, 1);
}

/* params.countries keeps its value, for cost and analysis; a loop's params does not. */
static void
what_reads_a_constant_knows_its_value(void **state)
{
    static const struct {
        const char *source;
        bool known;
    } cases[] = {
        {"params.countries", true},
        {"params['limits'].CNY", true},
        {"params.limits[bank.bic]", false},
        {"payment.rail", false},
    };
    struct cel_fault fault;
    struct cel_node *root;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(
            cel_parse(&arena, cases[i].source, strlen(cases[i].source), &root, &fault), 0);
        assert_int_equal(cel_check(&arena, &pack, root, NULL, &fault), 0);
        assert_int_equal(root->value.kind != CEL_ERROR, cases[i].known);
    }
    assert_string_equal(checked(&pack, "[{'days': 'x'}].map(params, params.days)", NULL),
                        "list(string)");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(literals_and_operators_have_types),
        cmocka_unit_test(values_are_of_the_type_that_was_checked),
        cmocka_unit_test(names_have_the_types_of_records_and_params),
        cmocka_unit_test(loops_bind_the_type_of_what_they_go_over),
        cmocka_unit_test(calls_give_what_their_overload_gives),
        cmocka_unit_test(an_unknown_name_is_told_with_the_nearest),
        cmocka_unit_test(a_wrong_operand_is_told_with_what_would_fit),
        cmocka_unit_test(a_wrong_call_is_told_with_what_would_fit),
        cmocka_unit_test(a_call_that_can_only_fail_is_told_at_once),
        cmocka_unit_test(the_whole_must_be_what_is_wanted),
        cmocka_unit_test(every_node_has_its_type),
        cmocka_unit_test(lenient_checking_leaves_types_to_run_time),
        cmocka_unit_test(lenient_checking_makes_what_is_not_known_an_error_where_it_stands),
        cmocka_unit_test(names_are_looked_up_in_the_container_first),
        cmocka_unit_test(qualified_names_become_one_node),
        cmocka_unit_test(what_reads_a_constant_knows_its_value),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
