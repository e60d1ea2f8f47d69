/* Cost: the most that an expression can take, told before it runs. */
#include "policy/rules/cel/check.h"

#include <stdio.h>

#include "tests/support/test.h"

static struct arena arena;

static const struct cel_value codes[] = {{.kind = CEL_INT, .i = 854231},
                                         {.kind = CEL_INT, .i = 847330},
                                         {.kind = CEL_INT, .i = 852491}};
static const struct cel_value params_items[] = {
    {.kind = CEL_STRING, .size = 5, .text = "codes"},
    {.kind = CEL_LIST, .size = 3, .items = codes},
};
static const struct cel_value params = {.kind = CEL_MAP, .size = 1, .items = params_items};

static struct cel_variable variables[CEL_VAR_COUNT];
static const struct cel_environment pack = {.variables = variables,
                                            .variable_count = CEL_VAR_COUNT};

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

static uint64_t
cost(const char *source)
{
    struct cel_fault fault = {0};
    struct cel_node *root;

    if (cel_parse(&arena, source, strlen(source), &root, &fault) != 0 ||
        cel_check(&arena, &pack, root, NULL, &fault) != 0)
        fail_msg("%s: %s", source, fault.text);
    return cel_cost(root);
}

static void
each_node_and_each_ten_characters_cost_a_step(void **state)
{
    static const struct {
        const char *source;
        uint64_t steps;
    } cases[] = {
        {"true", 1},
        {"1 + 2 * 3", 5},
        {"bank.name", 2},
        {"payment.amount.minor > 5", 5},
        {"[1, 2, 3]", 4},
        {"{'a': 1}", 3},
        {"{'a': 1, 'b': 2, 'c': 3}", 13}, /* each key is compared with two others */
        {"true ? 1 : 1 + 1", 5},
        {"true ? 1 + 1 : 1", 5},
        {"bank.name == 'HLDBCNBS'", 4}, /* 8 characters cost less than a step */
        {"payment.end_to_end_id == payment.end_to_end_id",
         105},                                     /* 1,000 characters on both sides */
        {"payment.rail == payment.rail", 5},       /* a code is no long text */
        {"bank.name < 'abcdefghijklmnopqrst'", 6}, /* 20 */
        {"bank.name + bank.name", 205},
        {"bank.name.contains('x')", 104},
        {"bank.name.lastIndexOf('ab')", 1104},    /* at each place a comparison */
        {"bank.name.matches('abc')", 306},        /* 101 times 1 + 4 steps / 4 */
        {"bank.name.matches('a{1000}')", 25455},  /* 101 times 1 + 1,001 / 4 */
        {"bank.name.matches(bank.name)", 252806}, /* 101 times 1 + 10,000 / 4 */
        {"size(bank.name + bank.name)", 406},
        {"'x' in ['a', 'b']", 7},
        {"payment.amount.minor in params.codes", 8},
        {"bank.name in {'a': 1}", 107},
        {"params.codes", 1},
        {"params.codes[1]", 1},
        {"kits[0].lines", 4},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        if (cost(cases[i].source) != cases[i].steps)
            fail_msg("%s costs %llu, not %llu", cases[i].source,
                     (unsigned long long)cost(cases[i].source),
                     (unsigned long long)cases[i].steps);
}

/* The range and the loop itself, then for each element the body and one more. */
static void
a_loop_costs_its_body_for_each_element_there_can_be(void **state)
{
    static const struct {
        const char *range;
        uint64_t elements, steps; /* steps: of the range */
    } cases[] = {
        {"goods", 200, 1},
        {"payment.goods", 200, 2},
        {"kits", 32, 1},
        {"payment.trade.route", 20, 3},
        {"payment.debtor.owners", 50, 3},
        {"payment.intermediary_agents", 3, 2},
        {"payment.debtor.identifiers", 12, 3},
        {"[1, 2]", 2, 3},
        {"{'a': 1, 'b': 2, 'c': 3}", 3, 13},
        {"params.codes", 3, 1},
        {"([1, 2] + [3])", 3, 6},
        {"(true ? [1] : [1, 2, 3])", 3, 6},
        {"dyn([1, 2])", 2, 4},
        {"goods.filter(g, true)", 200, 402},
        {"goods.map(g, g)", 200, 402},
        {"[[1, 2], [1, 2, 3]][0]", 3, 10},
    };
    char source[100];

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        snprintf(source, sizeof(source), "%s.all(x, true)", cases[i].range);
        if (cost(source) != cases[i].steps + 1 + 2 * cases[i].elements)
            fail_msg("%s costs %llu", source, (unsigned long long)cost(source));
    }
}

static void
what_grows_is_counted_at_its_largest(void **state)
{
    static const struct {
        const char *text;
        uint64_t characters;
    } cases[] = {
        {"bank.name", 1000},
        {"'abc'", 3},
        {"(bank.name + 'x' + bank.name)", 2001},
        {"bank.name.replace('a', 'bcd')", 1000 + 1 + 3 + 1001 * 3},
        {"bank.name.replace('a', bank.name)", 1000 + 1 + 1000 + 1001 * 1000},
        {"payment.trade.route.join('12345')", 20 * 1005},
        {"string(payment.amount.minor)", 40},
        {"payment.trade.route.map(r, r + r)[0]", 2000},
        {"bank.name.split('x')[0]", 1000},
    };
    char source[100];

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint64_t whole;

        snprintf(source, sizeof(source), "size(%s)", cases[i].text);
        whole = cost(source);
        if (whole != cost(cases[i].text) + 1 + cases[i].characters / 10)
            fail_msg("%s costs %llu", source, (unsigned long long)whole);
    }
    assert_int_equal(cost("bank.name.split('').all(c, true)") - cost("bank.name.split('')"),
                     1 + 2 * 1001);
}

static void
rules_as_people_write_them_stay_below_the_limit(void **state)
{
    static const char *const affordable[] = {
        "goods.exists(g, g.hs6 == 854231 && g.description.lowerAscii().contains('uav'))",
        "kits.exists(k, k.lines.all(i, goods[i].tier != ''))",
        "goods.exists(g, goods.exists(h, g.hs6 == h.hs6 && g.value_minor < h.value_minor))",
        "goods.exists(g, goods.exists(h, g.hs_code == h.hs_code && g.origin != h.origin))",
        "hits.exists(h, h.score > 0.9 && h.field.startsWith('debtor'))",
    };
    static const char *const dear[] = {
        "goods.exists(g, goods.exists(h, goods.exists(i, i.hs6 == g.hs6 + h.hs6)))",
        "goods.exists(g, goods.exists(h, g.description == h.description))",
        "bank.name.split('').exists(a, bank.name.split('').exists(b, a == b))",
        "goods.map(g, g.description.replace('a', g.description)).exists(d, d.size() > 9)",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(affordable); i++)
        if (cost(affordable[i]) > CEL_COST_MAX)
            fail_msg("%s costs %llu", affordable[i], (unsigned long long)cost(affordable[i]));
    for (size_t i = 0; i < COUNT(dear); i++)
        if (cost(dear[i]) <= CEL_COST_MAX)
            fail_msg("%s costs only %llu", dear[i], (unsigned long long)cost(dear[i]));
}

/* A text replaced by others again and again passes 2^64 characters. */
static void
cost_only_rises_until_it_saturates(void **state)
{
    char source[800] = "bank.name";
    uint64_t before = 0, now = 0;

    (void)state;
    for (int i = 0; i < 6; i++) {
        size_t len = strlen(source);

        snprintf(source + len, sizeof(source) - len, ".replace('', payment.end_to_end_id)");
        now = cost(source);
        assert_true(now > before || now == UINT64_MAX);
        before = now;
    }
    assert_true(now == UINT64_MAX);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_node_and_each_ten_characters_cost_a_step),
        cmocka_unit_test(a_loop_costs_its_body_for_each_element_there_can_be),
        cmocka_unit_test(what_grows_is_counted_at_its_largest),
        cmocka_unit_test(rules_as_people_write_them_stay_below_the_limit),
        cmocka_unit_test(cost_only_rises_until_it_saturates),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
