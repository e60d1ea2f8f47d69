/*
 * The shipped plugins one by one: when they speak, with which evidence, with
 * codes that their message may carry, and what they say to wrong options.
 */
#include "gateway/payment/codes.h"
#include "policy/chain.h"
#include "policy/host.h"
#include "tests/policy/fixture.h"
#include "tests/support/test.h"

static const struct host_currencies currencies = {fixture_decimals, fixture_parse};
static const char *const shipped[] = {"cny_return", "kit_block", "amount_hold"};

static struct arena arena;
static struct goods *goods;
static struct library *libraries[COUNT(shipped)];
static struct fixture fixture;

static int
set_up(void **state)
{
    struct error err = {0};
    char path[60];

    (void)state;
    if (goods_load("policy/goods", &arena, &goods, &err) != 0)
        goto failed;
    for (size_t i = 0; i < COUNT(shipped); i++) {
        snprintf(path, sizeof(path), "plugins/%s.so", shipped[i]);
        if (library_open(fixture_built(path), &libraries[i], &err) != 0)
            goto failed;
    }
    return 0;
failed:
    print_error("%s\n", err.text);
    return -1;
}

static int
tear_down(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(shipped); i++)
        library_close(libraries[i]);
    arena_release(&arena);
    return 0;
}

static int
open_policy(const char *name, const char *options, struct policy *policy, struct error *err)
{
    cJSON *json;
    size_t i = 0;

    while (strcmp(shipped[i], name) != 0)
        i++;
    assert_int_equal(json_parse(&arena, options, strlen(options), &json, err), 0);
    return policy_open(library_plugin(libraries[i]), json, NULL, &currencies, &arena, policy,
                       err);
}

/* What one policy makes of the fixture: "CNY-01: amount/currency CNY, …" or "". */
static const char *
say(const char *name, const char *options, char text[500])
{
    static const struct policy_bank bank = {sizeof(bank), "HLDBCNBS", "Hulan", "joint_stock"};
    struct policy policy;
    const struct policy *policies[] = {&policy};
    struct chain chain = {policies, 1, POLICY_ACCEPT};
    struct decision decision = {0};
    struct error err = {0};
    struct facts facts;

    if (open_policy(name, options, &policy, &err) != 0)
        fail_msg("%s", err.text);
    facts_init(&facts, &fixture.payment, &bank, 0, 0, goods, &arena);
    chain_judge(&chain, &facts, &decision);
    policy_close(&policy);
    assert_int_equal(decision.error_count, 0);
    text[0] = '\0';
    if (!decision.rules)
        return text;
    assert_null(decision.rules->next);
    snprintf(text, 500, "%s:", decision.rules->id);
    for (const struct evidence *e = decision.rules->because; e; e = e->next)
        snprintf(text + strlen(text), 500 - strlen(text), "%s %s %s%s%s",
                 e == decision.rules->because ? "" : ",", e->pointer, e->value,
                 e->role[0] ? " " : "", e->role);
    assert_true(decision.action == POLICY_RETURN ? code_is_return_reason(decision.reason.code)
                                                 : code_is_status_reason(decision.reason.code));
    assert_true(decision.action == POLICY_RETURN
                    ? code_is_return_reason(decision.disclosed.code)
                    : code_is_status_reason(decision.disclosed.code));
    return text;
}

static void
yuan_are_returned_to_a_russian_payer(void **state)
{
    static const struct {
        const char *currency, *payer, *agent_country, *agent_bic, *says;
    } cases[] = {
        /* clang-format off */
        {"CNY", "RU", "RU", "SVRBRUMM", "CNY-01: amount/currency CNY, debtor/country RU, debtor_agent/country RU"},
        {"CNY", "RU", "KZ", "AAAAKZKA", "CNY-01: amount/currency CNY, debtor/country RU"},
        {"CNY", "KZ", "RU", "SVRBRUMM", "CNY-01: amount/currency CNY, debtor_agent/country RU"},
        {"CNY", "KZ", "",   "SVRBRUMMXXX", "CNY-01: amount/currency CNY, debtor_agent/bic SVRBRUMMXXX"},
        {"CNY", "KZ", "",   "RURUKZRU", ""},
        {"CNY", "KZ", "",   "", ""},
        {"CNY", "KZ", "KZ", "AAAAKZKA", ""},
        {"USD", "RU", "RU", "SVRBRUMM", ""},
        {"CNY", "",   "",   "", ""},
        /* clang-format on */
    };
    char text[500];

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        fixture_sample(&fixture);
        fixture.payment.currency = cases[i].currency;
        fixture.debtor.country = cases[i].payer;
        fixture.debtor_agent = fixture_agent(cases[i].agent_bic, cases[i].agent_country);
        assert_string_equal(say("cny_return", "{}", text), cases[i].says);
    }
}

static void
kits_are_refused_to_a_russian_buyer(void **state)
{
    static const char evidence[] = "KIT-01: goods/0 854231 processor, goods/1 847330 casing, "
                                   "goods/2 852491 screen";
    static const char beside[] = "KIT-01: goods/0 854231 processor, goods/1 847330 casing, "
                                 "goods/2 852491 screen, ultimate_debtor/country RU";
    static const struct {
        const char *debtor, *ultimate, *options, *says;
    } cases[] = {
        {"RU", "", "{}", evidence},
        {"RU", "RU", "{}", evidence},
        {"KZ", "RU", "{}", beside},
        {"KZ", "", "{}", ""},
        {"", "", "{}", ""},
        {"RU", "", "{\"coverage_min\":0.75}", evidence},
        {"RU", "", "{\"coverage_min\":0.76}", ""},
        {"RU", "", "{\"coverage_min\":\"1\"}", ""},
    };
    char text[500];

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        fixture_sample(&fixture);
        fixture.debtor.country = cases[i].debtor;
        fixture.ultimate_debtor.country = cases[i].ultimate;
        assert_string_equal(say("kit_block", cases[i].options, text), cases[i].says);
    }
    fixture_init(&fixture);
    fixture_goods(&fixture, "854231 processors");
    assert_string_equal(say("kit_block", "{}", text), "");
}

static void
amounts_above_a_limit_are_held(void **state)
{
    static const char limits[] = "{\"limits\":{\"USD\":\"500000.00\",\"JPY\":\"1000\"}}";
    static const struct {
        const char *options, *currency;
        int64_t minor;
        const char *says;
    } cases[] = {
        {"{}", "CNY", 500000000, ""},
        {"{}", "CNY", 500000001, "AMT-01: amount/value 5000000.01, limit 5000000.00"},
        {"{}", "USD", 500000001, ""},
        {limits, "USD", 50000000, ""},
        {limits, "USD", 50000001, "AMT-01: amount/value 500000.01, limit 500000.00"},
        {limits, "JPY", 1000, ""},
        {limits, "JPY", 1001, "AMT-01: amount/value 1001, limit 1000"},
        {limits, "CNY", 999999999, ""},
        {"{\"limits\":{\"CNY\":\"0.05\"}}", "CNY", 6, "AMT-01: amount/value 0.06, limit 0.05"},
        {"{\"limits\":{\"CNY\":7}}", "CNY", 1000000000000000000,
         "AMT-01: amount/value 10000000000000000.00, limit 7"},
    };
    char text[500];

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        fixture_sample(&fixture);
        fixture.payment.currency = cases[i].currency;
        fixture.payment.amount_minor = cases[i].minor;
        assert_string_equal(say("amount_hold", cases[i].options, text), cases[i].says);
    }
}

static void
wrong_options_are_refused_by_name(void **state)
{
    static const struct {
        const char *plugin, *options, *says;
    } cases[] = {
        /* clang-format off */
        {"cny_return", "{\"currency\":\"CNY\"}", "it takes no options"},
        {"kit_block", "{\"coverage\":0.5}", "coverage: expected coverage_min, a number above 0, at most 1; found \"0.5\""},
        {"kit_block", "{\"coverage_min\":0}", "found \"0\""},
        {"kit_block", "{\"coverage_min\":1.5}", "found \"1.5\""},
        {"kit_block", "{\"coverage_min\":\"half\"}", "found \"half\""},
        {"kit_block", "{\"coverage_min\":\"nan\"}", "found \"nan\""},
        {"kit_block", "{\"coverage_min\":{}}", "found \"\""},
        {"amount_hold", "{\"limit\":{\"CNY\":\"1.00\"}}", "limit: expected limits, an object of amounts"},
        {"amount_hold", "{\"limits\":{}}", "limits: expected limits, an object of amounts"},
        {"amount_hold", "{\"limits\":\"5\"}", "limits: expected limits, an object of amounts"},
        {"amount_hold", "{\"limits\":{\"CNY\":\"1.00\"},\"x\":1}", "x: expected limits, an object of amounts"},
        {"amount_hold", "{\"limits\":{\"XQX\":\"1.00\"}}", "limits/XQX: expected an amount above 0, as \"5000000.00\"; found \"1.00\""},
        {"amount_hold", "{\"limits\":{\"CNY\":\"1.001\"}}", "limits/CNY: expected an amount above 0"},
        {"amount_hold", "{\"limits\":{\"CNY\":\"0.00\"}}", "limits/CNY: expected an amount above 0"},
        {"amount_hold", "{\"limits\":{\"CNY\":\"-1.00\"}}", "limits/CNY: expected an amount above 0"},
        {"amount_hold", "{\"limits\":{\"CNY\":null}}", "limits/CNY: expected an amount above 0"},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct error err = {0};
        struct policy policy;

        assert_int_equal(open_policy(cases[i].plugin, cases[i].options, &policy, &err), -1);
        if (!strstr(err.text, cases[i].says))
            fail_msg("%s\n  does not say: %s", err.text, cases[i].says);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(yuan_are_returned_to_a_russian_payer),
        cmocka_unit_test(kits_are_refused_to_a_russian_buyer),
        cmocka_unit_test(amounts_above_a_limit_are_held),
        cmocka_unit_test(wrong_options_are_refused_by_name),
    };

    return cmocka_run_group_tests_name("plugins", tests, set_up, tear_down);
}
