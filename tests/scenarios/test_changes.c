/* Payments judged otherwise, counted: exact sums, the rule named, parts that add up. */
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

#include "clients/changes.h"
#include "gateway/payment/money.h"

static struct arena arena;

static int
tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* What a function prints. */
static const char *
printed(const struct changes *changes)
{
    char *text = NULL, *copy;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    assert_non_null(out);
    changes_print(out, &arena, changes);
    fclose(out);
    copy = arena_copy(&arena, text, len);
    free(text);
    return copy;
}

static const char *
summed(const struct sums *sums)
{
    char *text = NULL, *copy;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    assert_non_null(out);
    sums_print(out, sums);
    fclose(out);
    copy = arena_copy(&arena, text, len);
    free(text);
    return copy;
}

static void
amounts_add_up_exactly_by_currency(void **state)
{
    static const struct {
        const char *currency;
        int64_t minor;
        const char *sum; /* with all before it */
    } cases[] = {
        {"USD", 5, "USD 0.05"},
        {"CNY", 100, "CNY 1.00, USD 0.05"},
        {"JPY", 7, "CNY 1.00, JPY 7, USD 0.05"},
        {"KWD", 1, "CNY 1.00, JPY 7, KWD 0.001, USD 0.05"},
        {"USD", 1095, "CNY 1.00, JPY 7, KWD 0.001, USD 11.00"},
        {"CNY", MONEY_MINOR_MAX - 100, "CNY 10000000000000000.00, JPY 7, KWD 0.001, USD 11.00"},
        {"CNY", 1, "CNY 10000000000000000.01, JPY 7, KWD 0.001, USD 11.00"},
        {"CNY", MONEY_MINOR_MAX - 1, "CNY 20000000000000000.00, JPY 7, KWD 0.001, USD 11.00"},
        {"CNY", 2, "CNY 20000000000000000.02, JPY 7, KWD 0.001, USD 11.00"},
    };
    struct sums sums = {0}, twice = {0};

    (void)state;
    assert_string_equal(summed(&sums), "");
    for (size_t i = 0; i < COUNT(cases); i++) {
        sums_add(&sums, &arena, cases[i].currency, cases[i].minor);
        assert_string_equal(summed(&sums), cases[i].sum);
    }
    for (int i = 0; i < 99; i++) /* far past 2^64 */
        sums_merge(&twice, &arena, &sums);
    assert_string_equal(summed(&twice),
                        "CNY 1980000000000000001.98, JPY 693, KWD 0.099, USD 1089.00");
}

/* A policy's decision of two rules at most. */
static struct decision
decided(enum policy_action action, const char *first, enum policy_action first_action,
        const char *second, enum policy_action second_action)
{
    struct fired_rule *rules = arena_zalloc(&arena, 2 * sizeof(*rules));

    rules[0] = (struct fired_rule){
        .id = first, .action = first_action, .next = second ? &rules[1] : NULL};
    rules[1] = (struct fired_rule){.id = second, .action = second_action};
    return (struct decision){
        .action = action, .policy = "p@1.0.0", .rules = first ? rules : NULL};
}

static void
the_strictest_rule_of_the_stricter_side_is_named(void **state)
{
    const struct decision nothing = decided(POLICY_ABSTAIN, NULL, 0, NULL, 0);
    const struct decision held = decided(POLICY_HOLD, "H", POLICY_HOLD, NULL, 0);
    const struct policy_failure one = {"q@2.0.0", "no", NULL}, both = {"p@1.0.0", "no", &one};
    const struct policy_bank bank = {.bic = "HLDBCNBS"};
    struct decision failed = decided(POLICY_HOLD, "A", POLICY_ACCEPT, NULL, 0);
    struct decision beside = decided(POLICY_REJECT, "H", POLICY_HOLD, NULL, 0);
    struct decision unknown = {.action = POLICY_REJECT, .policy = "", .regime_from = ""};
    struct decision early = {
        .action = POLICY_HOLD, .policy = "", .regime_from = "", .bank = &bank};
    struct decision defaulted = {
        .action = POLICY_HOLD, .policy = "", .regime_from = "2024-01-01", .bank = &bank};
    const struct decision refused =
        decided(POLICY_REJECT, "H", POLICY_HOLD, "R", POLICY_REJECT);
    const struct decision twice = decided(POLICY_HOLD, "H1", POLICY_HOLD, "H2", POLICY_HOLD);
    const struct {
        const struct decision *a, *b;
        const char *text; /* NULL: nothing changed */
    } cases[] = {
        {&nothing, &nothing, NULL},
        {&held, &twice, NULL},
        {&nothing, &held, "abstain -> hold 1 B H"},
        {&held, &nothing, "hold -> abstain 1 A H"},
        {&held, &refused, "hold -> reject 1 B R"},
        {&refused, &held, "reject -> hold 1 A R"},
        {&nothing, &twice, "abstain -> hold 1 B H1"},
        {&nothing, &failed, "abstain -> hold 1 B could not answer"},
        {&nothing, &beside, "abstain -> reject 1 B p@1.0.0 without a rule"},
        {&unknown, &held, "reject -> hold 1 A bank not in the book"},
        {&early, &refused, "hold -> reject 1 B R"},
        {&nothing, &early, "abstain -> hold 1 B no regime in force"},
        {&defaulted, &nothing, "hold -> abstain 1 A default action"},
    };
    const struct policy_payment payment = {.currency = "JPY", .amount_minor = 1};

    (void)state;
    failed.failures = &both;
    beside.failures = &one; /* of another policy */
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct decision decisions[PAIR_COUNT] = {*cases[i].a, *cases[i].b};
        struct changes changes = {0};
        char move[80], rule[80], text[200];

        assert_int_equal(changes_add(&changes, &arena, &payment, decisions),
                         cases[i].text != NULL);
        assert_int_equal(changes.payments, 1);
        if (!cases[i].text) {
            assert_string_equal(printed(&changes), "");
            continue;
        }
        assert_int_equal(
            sscanf(printed(&changes), " 1 %79[^\n] by rule 1 %79[^\n]", move, rule), 2);
        *strstr(move, "  ") = '\0';
        *strstr(rule, "  ") = '\0';
        snprintf(text, sizeof(text), "%s 1 %s", move, rule);
        assert_string_equal(text, cases[i].text);
    }
}

/* Payment i of a run of them: packs, currencies and rules take turns. */
static void
add(struct changes *changes, int i)
{
    static const char *const rules[] = {"R1", "R2", "R3"}, *const currencies[] = {"CNY", "EUR"};
    const struct policy_payment payment = {.currency = currencies[i / 3 % 2],
                                           .amount_minor = i * 100};
    const struct decision held = decided(POLICY_HOLD, rules[i % 3], POLICY_HOLD, NULL, 0);
    const struct decision nothing = decided(POLICY_ABSTAIN, NULL, 0, NULL, 0);
    const struct decision forth[] = {nothing, held}, back[] = {held, nothing};

    changes_add(changes, &arena, &payment, i % 4 == 0 ? back : forth);
}

static const char whole[] =
    "       9  abstain -> hold                     CNY 16.00, EUR 38.00\n"
    "       3  hold -> abstain                     CNY 8.00, EUR 4.00\n"
    "by rule\n"
    "       3  B R1                                CNY 6.00, EUR 12.00\n"
    "       3  B R2                                CNY 8.00, EUR 10.00\n"
    "       3  B R3                                CNY 2.00, EUR 16.00\n"
    "       1  A R1                                CNY 0.00\n"
    "       1  A R2                                EUR 4.00\n"
    "       1  A R3                                CNY 8.00\n";

static void
however_they_are_divided_the_counts_are_the_same(void **state)
{
    (void)state;
    for (int first = 0; first <= 12; first++) {
        struct changes total = {0}, parts[2] = {{0}, {0}};

        for (int i = 0; i < 12; i++)
            add(&parts[i >= first], i);
        changes_merge(&total, &arena, &parts[1]); /* the wrong way round, even */
        changes_merge(&total, &arena, &parts[0]);
        assert_int_equal(total.payments, 12);
        assert_int_equal(total.changed, 12);
        assert_string_equal(printed(&total), whole);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amounts_add_up_exactly_by_currency),
        cmocka_unit_test(the_strictest_rule_of_the_stricter_side_is_named),
        cmocka_unit_test(however_they_are_divided_the_counts_are_the_same),
    };

    return cmocka_run_group_tests_name("changes", tests, NULL, tear_down);
}
