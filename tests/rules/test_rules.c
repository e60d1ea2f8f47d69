/*
 * The plugin "rules" as the host sees it: what fires and why, what a failing
 * rule does, what it says of a pack it cannot open.
 */
#include "gateway/base/buffer.h"
#include "policy/chain.h"
#include "policy/host.h"
#include "policy/rules/rules.h"
#include "tests/rules/fixture.h"

static struct arena arena;
static struct goods *goods;
static struct fixture fixture;

static int
set_up(void **state)
{
    struct error err = {0};

    (void)state;
    fixture_sample(&fixture);
    return goods_load("policy/goods", &arena, &goods, &err);
}

static int
tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct policy_host
host_with(const char *pack)
{
    return (struct policy_host){.size = sizeof(struct policy_host),
                                .abi = POLICY_ABI,
                                .currency_decimals = fixture_decimals,
                                .money_parse = fixture_parse,
                                .pack_path = "mine.json",
                                .pack_text = pack,
                                .pack_len = pack ? strlen(pack) : 0};
}

#define PACK(rules)                                                                            \
    "{\"pack\":\"mine\",\"version\":\"1.0.0\",\"title\":\"t\",\"sources\":[\"s\"],"            \
    "\"parameters\":{\"min\":0.6,\"limits\":{\"CNY\":100000000}},"                             \
    "\"rules\":[" rules "],\"tests\":[]}"

#define RULE(id, when, action)                                                                 \
    "{\"id\":\"" id "\",\"title\":\"" id " title\",\"when\":\"" when                           \
    "\",\"then\":{\"action\":\"" action "\","                                                  \
    "\"reason\":{\"code\":\"RR04\",\"text\":\"why " id "\"},"                                  \
    "\"disclosed\":{\"code\":\"MS03\",\"text\":\"told\"}}}"

/* The lists' only entry that matches; NULL: none does. */
static const struct policy_hit *hit;

static size_t
hits_given(struct policy_facts *facts, const struct policy_hit *const **hits)
{
    (void)facts;
    *hits = &hit;
    return hit != NULL;
}

/* Judge the sample by the pack; "action reason | rule: evidence, ... | failure". */
static const char *
judged(const char *pack_text)
{
    struct policy_host host = host_with(pack_text);
    struct policy policy = {.plugin = &rules_plugin};
    const struct policy *policies[] = {&policy};
    struct chain chain = {.policies = policies, .count = 1, .default_action = POLICY_ACCEPT};
    struct rules_setting setting;
    struct decision decision = {0};
    struct buffer out;
    char error[400];

    if (rules_plugin.open(&host, "{}", &policy.self, error, sizeof(error)) != 0)
        fail_msg("%s", error);
    policy.label = rules_plugin.label(policy.self);
    rules_set(&setting, &fixture, goods);
    setting.facts.base.hits = hits_given;
    chain_judge(&chain, &setting.facts, &decision);
    buffer_init(&out, &arena, 500);
    buffer_printf(&out, "%d %s", decision.action, decision.reason.text);
    for (const struct fired_rule *rule = decision.rules; rule; rule = rule->next) {
        buffer_printf(&out, " | %s:", rule->id);
        for (const struct evidence *fact = rule->because; fact; fact = fact->next)
            buffer_printf(&out, "%s %s %s", fact == rule->because ? "" : ",", fact->pointer,
                          fact->value);
    }
    for (const struct policy_failure *failure = decision.failures; failure;
         failure = failure->next)
        buffer_printf(&out, " | %s failed: %s", failure->policy, failure->why);
    rules_plugin.close(policy.self);
    arena_release(&setting.arena);
    return buffer_terminate(&out);
}

static void
a_fired_rule_tells_the_facts_it_rests_on(void **state)
{
    static const struct {
        const char *when, *evidence;
    } cases[] = {
        /* clang-format off */
        { "payment.debtor.country == 'RU'",                             "debtor/country RU" },
        { "payment.amount.currency == 'CNY' && payment.debtor.country == 'RU'",
          "amount/currency CNY, debtor/country RU" },
        { "payment.debtor.country == 'KZ' || payment.debtor_agent.country == 'RU'",
          "debtor_agent/country RU" },
        { "payment.debtor.country == 'RU' || payment.debtor_agent.country == 'RU'",
          "debtor/country RU, debtor_agent/country RU" },
        { "!(payment.debtor.country == 'KZ')",                          "debtor/country RU" },
        { "goods.exists(g, g.tier == '1')",                             "goods/0 854231" },
        { "goods.exists(g, g.chapter == 85)",             "goods/0 854231, goods/2 852491" },
        { "kits.exists(k, k.coverage >= params.min)",
          "goods/0 854231, goods/1 847330, goods/2 852491" },
        { "payment.amount.minor > params.limits[payment.amount.currency]",
          "amount/value 1250000.00, amount/currency CNY" },
        { "size(goods.filter(g, g.tier == '1')) == 1",                  "goods/0 854231" },
        { "payment.debtor.name.contains('Sever')",        "debtor/name OOO Sborka Sever" },
        { "!has(payment.trade.contract)",                               "trade/contract not given" },
        { "has(payment.debtor.account) || has(payment.uetr)",
          "uetr 97ed4827-7b6f-4491-a06f-b548d5a7512d" },
        { "payment.debtor.country == 'RU' && payment.debtor.country != 'KZ'",
          "debtor/country RU" },
        { "bank.class == 'joint_stock'",                                "bank/class joint_stock" },
        { "payment.amount.currency == 'CNY' ? goods[0].tier == '1' : false",
          "amount/currency CNY, goods/0 854231" },
        { "!hits.exists(h, h.score > 0.5)",                             "hits (0)" },
        { "goods.exists(g, g.tier == '1') && goods.exists(h, h.role == 'processor')",
          "goods/0 854231" },
        { "size(goods) == 3 && size(payment.goods) == 3",               "goods (3)" },
        { "kits[0].missing.exists(m, m == 'battery') && kits[0].missing.exists(n, n != '')",
          "kits/0/missing/0 battery" },
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *got =
            judged(arena_printf(&arena, PACK(RULE("R-1", "%s", "reject")), cases[i].when));

        print_message("%s\n", cases[i].when);
        assert_string_equal(got,
                            arena_printf(&arena, "6 why R-1 | R-1: %s", cases[i].evidence));
    }
}

#define TEN(text) text text text text text text text text text text

static void
long_evidence_is_cut_between_characters(void **state)
{
    static const struct policy_hit long_one = {.size = sizeof(long_one),
                                               .list = "l",
                                               .entry = TEN(TEN("я")),
                                               .field = "debtor/name",
                                               .query = "",
                                               .matched = ""};
    const char *expected = "6 why R-1 | R-1: debtor/name l " TEN(TEN("я")); /* 100 of them */

    (void)state;
    hit = &long_one;
    assert_string_equal(judged(PACK(RULE("R-1", "hits.exists(h, true)", "reject"))),
                        arena_copy(&arena, expected, strlen(expected) - 22 * strlen("я")));
    hit = NULL;
}

static void
the_strictest_rule_that_fires_gives_the_answer(void **state)
{
    (void)state;
    assert_string_equal(
        judged(PACK(RULE("A", "payment.debtor.country == 'RU'", "hold") "," RULE(
            "B", "payment.debtor.country == 'KZ'",
            "freeze") "," RULE("C", "payment.debtor.country == 'RU'", "reject"))),
        "6 why C | A: debtor/country RU | C: debtor/country RU");
    assert_string_equal(judged(PACK(RULE("A", "payment.debtor.country == 'KZ'", "hold"))),
                        "2 ");
}

static void
a_rule_that_fails_holds_the_payment_and_says_which_and_why(void **state)
{
    (void)state;
    assert_string_equal(
        judged(PACK(RULE("A", "params.limits[payment.debtor.country] > 0", "accept"))),
        "4 mine@1.0.0 could not answer: A: no such key: 'RU' | mine@1.0.0 failed: A: no such "
        "key: 'RU'");
    assert_string_equal(judged(PACK(RULE("A",
                                         "payment.debtor.country == 'KZ' && "
                                         "params.limits[payment.debtor.country] > 0",
                                         "accept"))),
                        "2 "); /* false && error is false */
}

static void
a_rule_that_fails_does_not_hide_a_stricter_one(void **state)
{
    const char *got =
        judged(PACK(RULE("A", "params.limits[payment.debtor.country] > 0",
                         "accept") "," RULE("B", "payment.debtor.country == 'RU'", "reject")));

    (void)state;
    assert_memory_equal(got, "6 ", 2);
    assert_non_null(strstr(got, "mine@1.0.0 failed: A: no such key"));
}

static void
a_pack_that_cannot_be_opened_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *pack, *options, *sentence;
    } cases[] = {
        {NULL, "{}", "needs a pack"},
        {"{", "{}", "mine.json:1:2: "},
        {PACK(RULE("A", "payment.debtor.contry == 'RU'", "hold")), "{}",
         "the nearest is country"},
        {PACK(RULE("A", "payment.debtor.country", "hold")), "{}", "bool"},
        {PACK(RULE("A", "true", "hold")), "{\"parameter\":{}}", "expected parameters"},
        {PACK(RULE("A", "true", "hold")), "{\"parameters\":{\"mim\":1.0}}", "mim"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct policy_host host = host_with(cases[i].pack);
        char error[400] = "";
        void *self;

        assert_int_equal(
            rules_plugin.open(&host, cases[i].options, &self, error, sizeof(error)), -1);
        print_message("%s\n", error);
        assert_non_null(strstr(error, cases[i].sentence));
        assert_null(self);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fired_rule_tells_the_facts_it_rests_on),
        cmocka_unit_test(long_evidence_is_cut_between_characters),
        cmocka_unit_test(the_strictest_rule_that_fires_gives_the_answer),
        cmocka_unit_test(a_rule_that_fails_holds_the_payment_and_says_which_and_why),
        cmocka_unit_test(a_rule_that_fails_does_not_hide_a_stricter_one),
        cmocka_unit_test(a_pack_that_cannot_be_opened_is_refused_with_its_place),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
