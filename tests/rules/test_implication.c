/* Implication: pairs of conditions, and whether the first means the second. */
#include "policy/rules/implication.h"

#include <string.h>

#include "policy/rules/pack.h"
#include "tests/support/test.h"

static struct arena arena;

static int
tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* A pack of one rule, read as any. */
static const struct pack *
pack_of(const char *parameters, const char *when)
{
    const char *json = arena_printf(
        &arena,
        "{\"pack\":\"p\",\"version\":\"1\",\"title\":\"t\",\"parameters\":{%s},\"rules\":[{"
        "\"id\":\"R\",\"title\":\"t\",\"when\":\"%s\",\"then\":{\"action\":\"accept\"}}]}",
        parameters, when);
    struct error err = {0};
    struct pack *pack;

    if (pack_read(&arena, "p.json", json, strlen(json), NULL, &pack, &err) != 0)
        fail_msg("%s\n%s", err.text, json);
    return pack;
}

static struct conjuncts
split(const struct pack *pack, bool with_params)
{
    struct conjuncts conjuncts =
        conjuncts_of(&arena, pack->rules[0].condition, false, with_params);

    conjuncts_split(&arena, &conjuncts, with_params);
    return conjuncts;
}

static bool
means(const struct pack *first, const struct pack *second, bool with_params)
{
    struct conjuncts a = split(first, with_params), b = split(second, with_params);

    return conjuncts_imply(&a, &b);
}

#define RU   "payment.debtor.country == 'RU'"
#define BANK "payment.debtor_agent.country == 'RU'"
#define CNY  "payment.amount.currency == 'CNY'"
#define KITS "kits.size() > 0"

static void
one_condition_means_another_or_does_not(void **state)
{
    static const struct {
        const char *first, *second;
        bool means;
    } cases[] = {
        /* clang-format off */
        {RU, RU, true},
        {RU " && " CNY, RU, true},
        {RU, RU " && " CNY, false},
        {RU, "payment.debtor.country in ['RU', 'BY']", true},
        {"payment.debtor.country in ['RU', 'BY']", RU, false},
        {RU, "payment.debtor.country != 'KZ'", true},
        {"payment.amount.minor > 10", "payment.amount.minor >= 10", true},
        {"payment.amount.minor >= 10", "payment.amount.minor > 10", false},
        {RU, "true", true},
        {"true", RU, false},

        /* any side of a choice suffices */
        {RU, RU " || " BANK, true},
        {RU " || " BANK, RU, false},
        {CNY " && " RU, "(" BANK " || " RU ") && " CNY, true},
        {"payment.amount.minor > 10", KITS " || payment.amount.minor > 5", true},
        {RU, KITS " || (" RU " && " CNY ")", false},
        {RU " && " CNY, KITS " || (" RU " && " CNY ")", true},
        {"!(" RU " && " CNY ")", "payment.debtor.country != 'RU' || payment.amount.currency != 'CNY'", true},

        /* each case of one choice */
        {RU " || " BANK, BANK " || " KITS " || " RU, true},
        {RU " || " BANK " || " CNY, BANK " || " KITS " || " RU, false},
        {CNY " && (" RU " || " BANK ") && " KITS, CNY " && (" RU " || " BANK " || payment.rail == 'X')", true},
        {RU " && payment.rail == 'X' || " RU " && " KITS, RU, true},
        {RU " && payment.rail == 'X' || " CNY " && " KITS, RU, false},
        {"(" RU " || " CNY ") && (" BANK " || " KITS ")", "(" CNY " || " RU ") && (" KITS " || " BANK ")", true},

        /* what can never hold says nothing; each chance() draws for itself */
        {RU " && payment.debtor.country == 'KZ'", RU, false},
        {"chance(0.5)", "chance(0.5)", false},
        {RU " && chance(0.5)", RU, true},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        for (int with_params = 0; with_params < 2; with_params++)
            if (means(pack_of("", cases[i].first), pack_of("", cases[i].second),
                      with_params != 0) != cases[i].means)
                fail_msg("%s\n  should%s mean  %s", cases[i].first,
                         cases[i].means ? "" : " not", cases[i].second);
}

static void
parameters_of_two_packs_compare_by_value_not_by_name(void **state)
{
    static const struct {
        const char *first_parameters, *first, *second_parameters, *second;
        bool means;
    } cases[] = {
        /* clang-format off */
        {"\"x\":5", "payment.amount.minor > params.x", "\"x\":4", "payment.amount.minor > params.x", true},
        {"\"x\":4", "payment.amount.minor > params.x", "\"x\":5", "payment.amount.minor > params.x", false},
        {"\"who\":[\"RU\"]", "payment.debtor.country in params.who", "\"those\":[\"BY\",\"RU\"]", "payment.debtor.country in params.those", true},
        {"\"who\":[\"RU\"]", "payment.debtor.country in params.who", "", "payment.debtor.country == 'RU'", true},
        /* within what is compared as a whole */
        {"\"w\":[\"a\",\"b\"]", "params.w.exists(w, payment.rail.contains(w))", "\"v\":[\"a\",\"b\"]", "params.v.exists(x, payment.rail.contains(x))", true},
        {"\"w\":[\"a\",\"b\"]", "params.w.exists(w, payment.rail.contains(w))", "\"w\":[\"a\",\"c\"]", "params.w.exists(w, payment.rail.contains(w))", false},
        {"\"w\":[\"a\",\"b\"]", "params.w.exists(w, payment.rail.contains(w))", "\"w\":[\"b\",\"a\"]", "params.w.exists(w, payment.rail.contains(w))", false},
        {"\"m\":{\"CNY\":5,\"USD\":6}", "payment.amount.minor > params.m[payment.amount.currency]", "\"n\":{\"USD\":6,\"CNY\":5}", "payment.amount.minor > params.n[payment.amount.currency]", true},
        {"\"m\":{\"CNY\":5,\"USD\":6}", "payment.amount.minor > params.m[payment.amount.currency]", "\"m\":{\"CNY\":6,\"USD\":5}", "payment.amount.minor > params.m[payment.amount.currency]", false},
        {"\"m\":{\"a\":[1]}", "payment.rail in params.m", "\"m\":{\"a\":[1,2]}", "payment.rail in params.m", false},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        if (means(pack_of(cases[i].first_parameters, cases[i].first),
                  pack_of(cases[i].second_parameters, cases[i].second), true) != cases[i].means)
            fail_msg("{%s} %s\n  should%s mean  {%s} %s", cases[i].first_parameters,
                     cases[i].first, cases[i].means ? "" : " not", cases[i].second_parameters,
                     cases[i].second);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_condition_means_another_or_does_not),
        cmocka_unit_test(parameters_of_two_packs_compare_by_value_not_by_name),
    };

    return cmocka_run_group_tests_name("implication", tests, NULL, tear_down);
}
