/*
 * The index leaves out only what is false (I1), and it does leave out: thousands
 * of conditions made by chance from what rules compare, over payments made the
 * same way, each evaluated with and without it.
 */
#include "policy/rules/index.h"
#include "tests/rules/fixture.h"

#define RULES    200
#define PAYMENTS 60
#define ROUNDS   10

static struct arena arena;
static struct goods *goods;

static int
set_up(void **state)
{
    struct error err = {0};

    (void)state;
    return goods_load("policy/goods", &arena, &goods, &err);
}

static int
tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* A small generator of its own, so that a failure repeats. */
static uint32_t
dice(uint32_t sides)
{
    static uint64_t seed = 20240415;

    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % sides;
}

#define PICK(array) ((array)[dice(COUNT(array))])

static const char *const countries[] = {"RU", "KZ", "CN", "BY", ""};
/* Nobody knows the decimals of gold: its amounts as text are errors. */
static const char *const currencies[] = {"CNY", "USD", "EUR", "XAU"};
static const char *const lines[] = {
    "854231 processors", "847330 casings",        "852491 LCD screens", "950300 toys",
    "845811 lathe",      "391220 nitrocellulose", "847130 notebooks",   "chips"};

static const char *
atom(void)
{
    static const char *const comparisons[] = {
        "payment.debtor.country == 'RU'",
        "'KZ' == payment.debtor.country",
        "payment.debtor.country in ['RU', 'BY']",
        "payment.amount.currency == 'CNY'",
        "payment.amount.currency in ['USD', 'EUR']",
        "payment.debtor.country in []",
        "bank.class == 'joint_stock'",
        "bank.class == 'foreign'",
        "payment.amount.minor == 100",
        "payment.amount.minor > 50",
        "payment.debtor.country != 'RU'",
        "has(payment.trade.contract)",
        "payment.uetr.startsWith('97')",
        "goods.exists(g, g.group == 'kit')",
        "goods.exists(g, g.group in ['machine_tool', 'explosive_precursor'])",
        "goods.exists(g, g.tier == '1' && g.chapter == 85)",
        "goods.exists(g, g.tier == '1' || g.role == 'screen')",
        "goods.exists(g, g.hs6 / (g.hs6 - 854231) > 0)",
        "goods.exists(g, payment.goods.exists(h, h.role == g.role && g.group == 'kit'))",
        "goods.exists_one(g, g.role == 'screen')",
        "goods.exists(g, g.quantity == 0)",
        "goods.exists(g, g.quantity in [1, 0] && g.group != 'toys')",
        "kits.exists(k, k.coverage == 1)",
        "payment.amount.value in []",
        "goods.all(g, g.group == 'kit')",
        "kits.exists(k, k.kit == 'notebook')",
        "kits.exists(k, k.coverage > 0.5)",
        "hits.exists(h, h.score > 0.5)",
        "size(goods) == 2",
        "1 / size(goods) > 0",
    };

    return PICK(comparisons);
}

static const char *
condition(int depth)
{
    const char *left;

    switch (depth == 0 ? 0 : dice(5)) {
    case 0:
        return atom();
    case 1:
        return arena_printf(&arena, "!(%s)", condition(depth - 1));
    case 2:
        left = condition(depth - 1);
        return arena_printf(&arena, "(%s || %s)", left, condition(depth - 1));
    default:
        left = condition(depth - 1);
        return arena_printf(&arena, "(%s && %s)", left, condition(depth - 1));
    }
}

static void
payment_by_chance(struct fixture *fixture)
{
    fixture_init(fixture);
    fixture->debtor.country = PICK(countries);
    fixture->payment.currency = PICK(currencies);
    fixture->payment.amount_minor = dice(2) ? 100 : 40;
    fixture->payment.contract = dice(2) ? "C-1" : "";
    for (uint32_t n = dice(5); n > 0; n--)
        fixture_goods(fixture, PICK(lines));
}

struct tally {
    size_t asked, skipped;
};

static void
compare(const struct cel_program *program, const struct rule_index *index,
        const uint32_t *rules, struct tally *tally)
{
    static struct fixture fixture;
    struct rules_setting setting;
    uint64_t candidates[INDEX_WORDS_MAX];
    struct cel_frame frame;

    payment_by_chance(&fixture);
    rules_set(&setting, &fixture, goods);
    cel_frame_init(&frame, program, &setting.run, NULL, cel_variable_load);
    rule_index_candidates(index, &frame, candidates);
    for (size_t i = 0; i < RULES; i++) {
        struct cel_value value = cel_evaluate(&frame, rules[i]);
        bool candidate = candidates[i / 64] >> i % 64 & 1;

        tally->asked++;
        tally->skipped += !candidate;
        if (!candidate && (value.kind != CEL_BOOL || value.truth))
            fail_msg("rule %zu was skipped and is %s", i,
                     value.kind == CEL_ERROR ? value.text : "true");
    }
    for (size_t i = RULES; i < (RULES + 63) / 64 * 64; i++)
        assert_false(candidates[i / 64] >> i % 64 & 1);
    arena_release(&setting.arena);
}

static void
a_rule_that_is_left_out_would_have_been_false(void **state)
{
    const struct cel_environment *environment = rules_environment();
    struct tally tally = {0};

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct cel_program *program = cel_program_new(environment, true);
        struct rule_index *index;
        uint32_t rules[RULES];

        for (size_t i = 0; i < RULES; i++)
            rules[i] =
                cel_program_add(program, rules_node(&arena, environment, condition(3)), "R");
        cel_program_seal(program);
        index = rule_index_new(program, rules, RULES);
        for (int i = 0; i < PAYMENTS; i++)
            compare(program, index, rules, &tally);
        rule_index_free(index);
        cel_program_free(program);
    }
    print_message("%zu of %zu left out\n", tally.skipped, tally.asked);
    assert_true(tally.skipped > tally.asked / 8);
}

/* Which of these apply to the sample payment, as a string of bits. */
static void
the_index_knows_conjunctions_disjunctions_and_loops(void **state)
{
    static const struct {
        const char *source;
        bool candidate;
    } cases[] = {
        /* clang-format off */
        { "payment.debtor.country == 'RU'",                                          true },
        { "payment.debtor.country == 'KZ'",                                          false },
        { "payment.debtor.country == 'RU' && payment.amount.currency == 'USD'",      false },
        { "payment.debtor.country == 'KZ' || payment.debtor_agent.country == 'RU'",  true },
        { "payment.debtor.country == 'KZ' || payment.debtor_agent.country == 'BY'",  false },
        { "payment.debtor.country in ['BY', 'RU']",                                  true },
        { "payment.debtor.country in ['BY', 'KZ']",                                  false },
        { "goods.exists(g, g.group == 'machine_tool')",                              false },
        { "goods.exists(g, g.group == 'kit' && g.tier == '4.B')",                    false },
        { "goods.exists(g, g.group == 'kit' && g.quantity > 0.0)",                   true },
        { "hits.exists(h, h.score > 0.9)",                                           false },
        { "kits.exists(k, k.coverage > 2.0)",                                        true },
        { "payment.amount.minor > 900000000000",                                     true },
        { "bank.class == 'foreign' && payment.amount.minor > 0",                     false },
        { "goods.exists(g, g.quantity == 0)",                                        true },
        { "goods.exists(g, g.quantity in [400, 0])",                                 true },
        /* clang-format on */
    };
    const struct cel_environment *environment = rules_environment();
    struct cel_program *program = cel_program_new(environment, true);
    static struct fixture fixture;
    struct rules_setting setting;
    struct rule_index *index;
    uint64_t candidates[INDEX_WORDS_MAX];
    uint32_t rules[COUNT(cases)];
    struct cel_frame frame;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        rules[i] =
            cel_program_add(program, rules_node(&arena, environment, cases[i].source), "R");
    cel_program_seal(program);
    index = rule_index_new(program, rules, COUNT(cases));
    fixture_sample(&fixture);
    rules_set(&setting, &fixture, goods);
    cel_frame_init(&frame, program, &setting.run, NULL, cel_variable_load);
    rule_index_candidates(index, &frame, candidates);
    for (size_t i = 0; i < COUNT(cases); i++) {
        print_message("%s\n", cases[i].source);
        assert_int_equal(candidates[0] >> i & 1, cases[i].candidate);
    }
    assert_int_equal(rule_index_covered(index), COUNT(cases) - 1); /* all but the range */
    arena_release(&setting.arena);
    rule_index_free(index);
    cel_program_free(program);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_that_is_left_out_would_have_been_false),
        cmocka_unit_test(the_index_knows_conjunctions_disjunctions_and_loops),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
