/* Amounts: what is read is exactly what is printed, and what is no amount is refused. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "gateway/payment/money.h"
#include "tests/support/csv.h"
#include "tests/support/test.h"

static void
amounts_become_minor_units(void **state)
{
    static const struct {
        const char *value;
        const char *currency;
        int64_t minor;
        const char *printed;
    } rows[] = {
        {"1250000.00", "CNY", 125000000, "1250000.00"},
        {"1250000", "CNY", 125000000, "1250000.00"},
        {"1250000.5", "CNY", 125000050, "1250000.50"},
        {"0.01", "RUB", 1, "0.01"},
        {"0", "USD", 0, "0.00"},
        {"0.00", "USD", 0, "0.00"},
        {"10", "USD", 1000, "10.00"},
        {"500", "JPY", 500, "500"},
        {"1.5", "KWD", 1500, "1.500"},
        {"0.0001", "UYW", 1, "0.0001"},
        {"10000000000000000.00", "CNY", MONEY_MINOR_MAX, "10000000000000000.00"},
        {"1000000000000000000", "JPY", MONEY_MINOR_MAX, "1000000000000000000"},
        {"999999999999999999", "VND", 999999999999999999, "999999999999999999"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[MONEY_TEXT_SIZE];
        int64_t minor = -1;

        assert_int_equal(money_parse(rows[i].value, rows[i].currency, &minor), 0);
        assert_int_equal(minor, rows[i].minor);
        assert_int_equal(money_print(minor, rows[i].currency, text), strlen(rows[i].printed));
        assert_string_equal(text, rows[i].printed);
    }
}

static void
what_is_no_amount_is_refused_and_changes_nothing(void **state)
{
    static const char *const rows[][2] = {
        {"", "CNY"},
        {".", "CNY"},
        {"1.", "CNY"},
        {".5", "CNY"},
        {"1.005", "CNY"},
        {"1.000", "CNY"},
        {"1.0", "JPY"},
        {"1.", "JPY"},
        {"00", "CNY"},
        {"01", "CNY"},
        {"00.5", "CNY"},
        {"-1", "CNY"},
        {"+1", "CNY"},
        {"1e3", "CNY"},
        {"1,5", "CNY"},
        {"1 000", "CNY"},
        {" 1", "CNY"},
        {"1 ", "CNY"},
        {"1.2.3", "CNY"},
        {"0x10", "CNY"},
        {"NaN", "CNY"},
        {"\xd9\xa1", "CNY"}, /* an Arabic 1 */
        {"10000000000000000.01", "CNY"},
        {"1000000000000000001", "JPY"},
        {"10000000000000001", "CNY"},
        {"9223372036854775808", "JPY"},
        {"18446744073709551617", "JPY"}, /* 2^64 + 1 */
        {"99999999999999999999999999", "JPY"},
        {"1", "XXX"},
        {"1", "XAU"},
        {"1", "cny"},
        {"1", ""},
        {"1", "CN"},
        {"1", "CNYX"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t minor = 42;

        if (money_parse(rows[i][0], rows[i][1], &minor) != -1)
            fail_msg("taken: %s %s", rows[i][1], rows[i][0]);
        assert_int_equal(minor, 42);
    }
}

/* Over magnitudes and currencies of every number of decimals. */
static void
what_is_printed_reads_back_as_the_same(void **state)
{
    static const char *const currencies[] = {"JPY", "CNY", "KWD", "UYW"};
    uint64_t seed = 20240417;

    (void)state;
    for (int i = 0; i < 100000; i++) {
        const char *currency = currencies[i % 4];
        char text[MONEY_TEXT_SIZE];
        int64_t minor, back = -1;
        size_t len;

        seed = seed * 6364136223846793005u + 1442695040888963407u;
        minor = (int64_t)((seed >> 4) % ((uint64_t)MONEY_MINOR_MAX + 1)) >> (seed % 60);
        len = money_print(minor, currency, text);
        assert_int_equal(len, strlen(text));
        assert_int_equal(money_parse(text, currency, &back), 0);
        assert_int_equal(minor, back);
    }
}

static void
a_negative_amount_prints_with_its_sign(void **state)
{
    char text[MONEY_TEXT_SIZE];

    (void)state;
    money_print(-5, "CNY", text);
    assert_string_equal(text, "-0.05");
    assert_int_equal(money_print(INT64_MIN, "CNY", text), 21);
    assert_string_equal(text, "-92233720368547758.08");
}

static void
currencies_have_their_decimals(void **state)
{
    static const struct {
        const char *code;
        int decimals;
    } rows[] = {
        {"CNY", 2},  {"RUB", 2},  {"USD", 2},   {"JPY", 0},  {"KWD", 3},  {"UYW", 4},
        {"AED", 2},  {"ZWG", 2},  {"BGN", 2},   {"XOF", 0},  {"XXX", -1}, {"XAU", -1},
        {"XTS", -1}, {"XDR", -1}, {"CNH", -1},  {"USN", -1}, {"", -1},    {"C", -1},
        {"CN", -1},  {"cny", -1}, {"CNY2", -1}, {"AAA", -1}, {"ZZZ", -1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(currency_decimals(rows[i].code), rows[i].decimals);
}

/* Where a country has two currencies the cells read "HTG,USD" and "2,2". */
static void
compare_currencies(void *context, const char *const *cells)
{
    char codes[64], decimals[64];
    char *code_rest, *decimals_rest;
    const char *code, *digits;

    snprintf(codes, sizeof(codes), "%s", cells[0]);
    snprintf(decimals, sizeof(decimals), "%s", cells[1]);
    code = strtok_r(codes, ",", &code_rest);
    digits = strtok_r(decimals, ",", &decimals_rest);
    for (; code && digits; ++*(int *)context) {
        if (currency_decimals(code) != digits[0] - '0')
            fail_msg("%s has %s decimals, the table says %d", code, digits,
                     currency_decimals(code));
        code = strtok_r(NULL, ",", &code_rest);
        digits = strtok_r(NULL, ",", &decimals_rest);
    }
}

static void
the_table_of_currencies_agrees_with_iso_4217(void **state)
{
    static const char *const columns[] = {"ISO4217-currency_alphabetic_code",
                                          "ISO4217-currency_minor_unit"};
    int compared = 0;

    (void)state;
    if (!csv_each("../shared/data/ref/country_codes.csv", columns, 2, compare_currencies,
                  &compared))
        skip();
    assert_true(compared > 200);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amounts_become_minor_units),
        cmocka_unit_test(what_is_no_amount_is_refused_and_changes_nothing),
        cmocka_unit_test(what_is_printed_reads_back_as_the_same),
        cmocka_unit_test(a_negative_amount_prints_with_its_sign),
        cmocka_unit_test(currencies_have_their_decimals),
        cmocka_unit_test(the_table_of_currencies_agrees_with_iso_4217),
    };

    return cmocka_run_group_tests_name("money", tests, NULL, NULL);
}
