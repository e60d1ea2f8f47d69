/*
 * Expressions from source to value: what is absorbed, what is computed once,
 * what a loop sees; and that folding and remembering change no result.
 */
#include "policy/rules/cel/program_ops.h"
#include "tests/rules/fixture.h"

static struct arena arena;
static struct goods *goods;
static struct fixture fixture;
static struct rules_setting setting;

static int
set_up(void **state)
{
    struct error err = {0};

    (void)state;
    fixture_sample(&fixture);
    if (goods_load("policy/goods", &arena, &goods, &err) != 0)
        return -1;
    rules_set(&setting, &fixture, goods);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    arena_release(&setting.arena);
    arena_release(&arena);
    return 0;
}

/* The value as CEL writes it, or "error: " and the sentence. */
static const char *
value_of(const char *source, bool fold)
{
    const struct cel_environment *environment = rules_environment();
    struct cel_program *program = cel_program_new(environment, fold);
    uint32_t expression =
        cel_program_add(program, rules_node(&arena, environment, source), "R-1");
    struct cel_frame frame;
    struct cel_value value;
    char *text = arena_alloc(&arena, 300);

    cel_program_seal(program);
    cel_frame_init(&frame, program, &setting.run, NULL, cel_variable_load);
    value = cel_evaluate(&frame, expression);
    if (value.kind == CEL_ERROR)
        snprintf(text, 300, "error: %s", value.text);
    else
        cel_print(value, text, 300);
    cel_program_free(program);
    return text;
}

static const struct {
    const char *source, *value; /* "error" stands for any error */
} expressions[] = {
    /* clang-format off */
    { "1 + 2 * 3",                                              "7" },
    { "-(-3)",                                                  "3" },
    { "!true || !false",                                        "true" },
    { "false && 1 / 0 > 0",                                     "false" },
    { "1 / 0 > 0 && false",                                     "false" },
    { "1 / 0 > 0 || true",                                      "true" },
    { "true || 1 / 0 > 0",                                      "true" },
    { "true && 1 / 0 > 0",                                      "error" },
    { "1 / 0 > 0 && true",                                      "error" },
    { "false || 1 / 0 > 0",                                     "error" },
    { "true ? 1 : 1 / 0",                                       "1" },
    { "false ? 1 : 1 / 0",                                      "error" },
    { "1 / 0 > 0 ? 1 : 2",                                      "error" },
    { "dyn('x') || true",                                       "true" },
    { "dyn('x') || false",                                      "error" },
    { "dyn('x') && false",                                      "false" },
    { "[1, 2, 3].all(x, x > 0)",                                "true" },
    { "[1, 2, 0].all(x, 6 / x > 0)",                            "error" },
    { "[0, 1, -1].all(x, 6 / x > 0)",                           "false" },
    { "[0, 1].exists(x, 6 / x > 5)",                            "true" },
    { "[0, 9].exists(x, 6 / x > 5)",                            "error" },
    { "[].exists(x, x)",                                        "false" },
    { "[].all(x, x)",                                           "true" },
    { "[1, 2, 2].exists_one(x, x == 1)",                        "true" },
    { "[1, 2, 2].exists_one(x, x == 2)",                        "false" },
    { "[1, 0].exists_one(x, 1 / x == 1)",                       "error" },
    { "[1, 2, 3].filter(x, x != 2)",                            "[1, 3]" },
    { "[1, 2, 3].map(x, x * x)",                                "[1, 4, 9]" },
    { "[1, 2, 3].map(x, x != 2, x * 10)",                       "[10, 30]" },
    { "[1, 0].map(x, 1 / x)",                                   "error" },
    { "{'a': 1, 'b': 2}.exists(k, k == 'b')",                   "true" },
    { "{'a': 1, 'b': 2}.map(k, k)",                             "['a', 'b']" },
    { "[[1, 2], [3]].map(x, x.map(y, y + size(x)))",            "[[3, 4], [4]]" },
    { "[1, 2].exists(x, [3, 4].exists(y, x + y == 6))",         "true" },
    { "[1].map(x, [2].map(x, x))",                              "[[2]]" },
    { "{'a': {'b': 3}}.a.b",                                    "3" },
    { "has({'a': 1}.a) && !has({'a': 1}.b)",                    "true" },
    { "{'a': 1}.b",                                             "error" },
    { "[1, 2][2]",                                              "error" },
    { "{1: 'x', 1: 'y'}",                                       "error" },
    { "type(1) == int && type(type) == type",                   "true" },
    { "2 in [1, 2] && 'k' in {'k': 1}",                         "true" },
    { "1 < 1.5 && 2u > 1.5 && -1 < 0u",                         "true" },
    { "'854231'.matches('^8542(31|32)$')",                      "true" },
    { "'abc'.matches(dyn('('))",                                "error" },
    { "payment.amount.currency",                                "'CNY'" },
    { "payment.amount.minor > 100000000",                       "true" },
    { "payment.amount.value",                                   "'1250000.00'" },
    { "payment.debtor.country == 'RU'",                         "true" },
    { "has(payment.trade.contract)",                            "false" },
    { "payment.trade.contract == ''",                           "true" },
    { "size(goods)",                                            "3" },
    { "goods.map(g, g.role)",                                   "['processor', 'casing', 'screen']" },
    { "goods.exists(g, g.tier == '1' && g.chapter == 85)",      "true" },
    { "payment.goods[0].hs_code",                               "'854231'" },
    { "goods == payment.goods && goods[1] in payment.goods",    "true" },
    { "goods[0] == payment.goods[1]",                           "false" },
    { "goods.exists_one(g, g == payment.goods[2])",             "true" },
    { "history.debtor == history.creditor",                     "false" },
    { "history == history && history.debtor == history.debtor", "true" },
    { "kits.exists(k, k.kit == 'notebook' && k.coverage >= 0.6)", "true" },
    { "size(hits)",                                             "0" },
    { "history.debtor.count(duration('720h'))",                 "0" },
    { "bank.class",                                             "'joint_stock'" },
    { "now.getFullYear('Asia/Shanghai')",                       "2024" },
    { "now - duration('24h') < now",                            "true" },
    { "chance(1.0) && !chance(0.0)",                            "true" },
    /* clang-format on */
};

static void
expressions_have_the_value_that_the_language_gives_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(expressions); i++) {
        const char *value = value_of(expressions[i].source, true);

        print_message("%s\n", expressions[i].source);
        if (strcmp(expressions[i].value, "error") == 0)
            assert_memory_equal(value, "error: ", 7);
        else
            assert_string_equal(value, expressions[i].value);
    }
}

static void
folding_changes_no_value(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(expressions); i++)
        assert_string_equal(value_of(expressions[i].source, true),
                            value_of(expressions[i].source, false));
}

static int loads;

static struct cel_value
counting_load(struct cel_run *run, enum cel_variable_id id)
{
    loads++;
    return cel_variable_load(run, id);
}

static void
what_two_rules_share_is_computed_once_a_payment(void **state)
{
    const struct cel_environment *environment = rules_environment();
    struct cel_program *program = cel_program_new(environment, true);
    const char *const sources[] = {
        "goods.exists(g, g.tier == '1') && payment.debtor.country == 'RU'",
        "payment.debtor.country == 'RU' && goods.exists(x, x.tier == '1')",
    };
    uint32_t rules[2];
    struct cel_frame frame;

    (void)state;
    for (int i = 0; i < 2; i++)
        rules[i] = cel_program_add(program, rules_node(&arena, environment, sources[i]), "R");
    cel_program_seal(program);
    assert_int_equal(program->ops[rules[0]].a, program->ops[rules[1]].b);
    assert_int_equal(program->ops[rules[0]].b, program->ops[rules[1]].a);
    loads = 0;
    cel_frame_init(&frame, program, &setting.run, NULL, counting_load);
    assert_true(cel_is_true(cel_evaluate(&frame, rules[0])));
    assert_int_equal(loads, 2); /* goods and payment */
    assert_true(cel_is_true(cel_evaluate(&frame, rules[1])));
    assert_int_equal(loads, 2);
    cel_program_free(program);
}

static void
what_a_loop_does_not_move_is_computed_once(void **state)
{
    const struct cel_environment *environment = rules_environment();
    struct cel_program *program = cel_program_new(environment, true);
    uint32_t rule = cel_program_add(
        program,
        rules_node(&arena, environment,
                   "goods.all(g, size(kits.filter(k, k.coverage > 0.5)) > 0 && g.hs6 > 0)"),
        "R");
    struct cel_frame frame;

    (void)state;
    cel_program_seal(program);
    loads = 0;
    cel_frame_init(&frame, program, &setting.run, NULL, counting_load);
    assert_true(cel_is_true(cel_evaluate(&frame, rule)));
    assert_int_equal(loads, 2); /* goods and kits, although there are three lines */
    cel_program_free(program);
}

static void
what_depends_on_nothing_is_a_constant(void **state)
{
    const struct cel_environment *environment = rules_environment();
    struct cel_program *program = cel_program_new(environment, true);
    uint32_t rule = cel_program_add(
        program,
        rules_node(&arena, environment, "[1, 2, 3].map(x, x * 2).filter(x, x > 2) == [4, 6]"),
        "R");

    (void)state;
    assert_int_equal(program->ops[rule].kind, CEL_NODE_CONST);
    assert_true(cel_is_true(*program->ops[rule].value));
    rule = cel_program_add(program, rules_node(&arena, environment, "1 / 0 == 1"), "R");
    assert_int_not_equal(program->ops[rule].kind, CEL_NODE_CONST);
    cel_program_free(program);
}

#define TEN_TIMES(text) text text text text text text text text text text
#define HUGE                                                                                   \
    "[1]" TEN_TIMES(".map(x, [x, x])") TEN_TIMES(".map(x, [x, x])")                            \
        TEN_TIMES(".map(x, [x, x])") TEN_TIMES(".map(x, [x, x])")

/* 2^40 items out of 40 pairs: whoever walks through them does not come back. */
static void
constants_that_share_their_parts_are_not_walked_through(void **state)
{
    const struct cel_environment *environment = rules_environment();
    struct cel_program *program = cel_program_new(environment, true);
    uint32_t rule = cel_program_add(
        program, rules_node(&arena, environment, "size(" HUGE ") + size(" HUGE ")"), "R");

    (void)state;
    assert_int_equal(program->ops[rule].kind, CEL_NODE_CONST);
    assert_int_equal(program->ops[rule].value->i, 2);
    cel_program_free(program);
}

static void
chance_differs_by_rule_and_by_call(void **state)
{
    const struct cel_environment *environment = rules_environment();
    struct cel_program *program = cel_program_new(environment, true);
    const struct cel_node *node = rules_node(&arena, environment, "[chance(0.5), chance(0.5)]");
    struct cel_frame frame;
    int different_calls = 0, different_rules = 0;
    uint32_t rules[64];

    (void)state;
    for (int i = 0; i < 64; i++) {
        char *id = arena_printf(&arena, "R-%d", i);

        rules[i] = cel_program_add(program, node, id);
    }
    cel_program_seal(program);
    cel_frame_init(&frame, program, &setting.run, NULL, cel_variable_load);
    for (int i = 0; i < 64; i++) {
        struct cel_value pair = cel_evaluate(&frame, rules[i]);
        struct cel_value first = cel_evaluate(&frame, rules[0]);

        assert_int_equal(pair.kind, CEL_LIST);
        different_calls += pair.items[0].truth != pair.items[1].truth;
        different_rules += pair.items[0].truth != first.items[0].truth;
    }
    assert_in_range(different_calls, 16, 48);
    assert_in_range(different_rules, 16, 48);
    cel_program_free(program);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions_have_the_value_that_the_language_gives_them),
        cmocka_unit_test(folding_changes_no_value),
        cmocka_unit_test(what_two_rules_share_is_computed_once_a_payment),
        cmocka_unit_test(what_a_loop_does_not_move_is_computed_once),
        cmocka_unit_test(what_depends_on_nothing_is_a_constant),
        cmocka_unit_test(constants_that_share_their_parts_are_not_walked_through),
        cmocka_unit_test(chance_differs_by_rule_and_by_call),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
