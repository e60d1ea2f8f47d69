/*
 * Codes: lists of good and bad ones written by hand, and our tables against
 * the published ones where those are at hand.
 */
#include <string.h>

#include "gateway/payment/codes.h"
#include "tests/support/csv.h"
#include "tests/support/test.h"

#define CODES_DATA "../shared/data/iso20022/codes/"

/* Words apart by a blank; "" cannot be written so and is always bad. */
static void
assert_all(bool (*check)(const char *), bool good, const char *words)
{
    char text[100];

    assert_false(check(""));
    while (*words) {
        size_t len = strcspn(words, " ");

        assert_true(len < sizeof(text));
        memcpy(text, words, len);
        text[len] = '\0';
        if (check(text) != good)
            fail_msg("%s is %s", text, good ? "refused" : "taken");
        words += len + (words[len] == ' ');
    }
}

static void
countries_are_known_by_two_capital_letters(void **state)
{
    (void)state;
    assert_all(code_is_country, true, "CN RU HK AE KZ KG TR BY US GB XK AX ZW SS CW QA OM");
    assert_all(code_is_country, false, "cn Cn C CNX UK SU EU XX ZZ AA YU AN C1 1N @A [A CN1");
    assert_false(code_is_country("C\0N"));
    assert_false(code_is_country("\xd0\xa0\xd0\xa4")); /* Cyrillic */
}

static void
currencies_are_three_capitals(void **state)
{
    (void)state;
    assert_all(code_is_currency, true, "CNY USD XXX AAA ZZZ");
    assert_all(code_is_currency, false, "C CN CNYX cny CNy 1NY CN1 @AA A[A");
    assert_false(code_is_currency(""));
    assert_false(code_is_currency("\xc3\x9f"
                                  "1"));
}

static void
every_pair_of_letters_is_judged_and_250_are_countries(void **state)
{
    int known = 0;

    (void)state;
    for (int i = 0; i < 65536; i++)
        known += code_is_country((char[]){(char)(i >> 8), (char)(i & 255), '\0'});
    assert_int_equal(known, 249 + 1);
}

static void
bics_have_eight_or_eleven_characters_and_a_country(void **state)
{
    (void)state;
    assert_all(code_is_bic, true,
               "HLDBCNBS SVRBRUMM HLDBCNBSXXX HLDBCNBSA01 DEUTDEFF500 ABCDXK22");
    assert_all(code_is_bic, false,
               "HLDBCNB HLDBCNBSX HLDBCNBSXX HLDBCNBSXXXX hldbcnbs HLDBZZBS HLD8CNBS "
               "HLDBC1BS HLDBCNb5 HLDB-NBS HLDBCNBSxxx CN");
}

static void
a_uetr_is_a_version_4_uuid(void **state)
{
    static const char *const good[] = {
        "97ed4827-7b6f-4491-a06f-b548d5a7512d", "97ED4827-7B6F-4491-A06F-B548D5A7512D",
        "00000000-0000-4000-8000-000000000000", "ffffffff-ffff-4fff-bfff-ffffffffffff",
        "00000000-0000-4000-9000-000000000000", "00000000-0000-4000-a000-000000000000"};
    static const char *const bad[] = {
        "",
        "97ed4827",
        "97ed4827-7b6f-4491-a06f-b548d5a7512",
        "97ed4827-7b6f-4491-a06f-b548d5a7512d0",
        "97ed4827-7b6f-4491-a06f-b548d5a7512g",
        "97ed48277b6f4491a06fb548d5a7512d",
        "{97ed4827-7b6f-4491-a06f-b548d5a7512d}",
        "97ed4827-7b6f-1491-a06f-b548d5a7512d", /* version 1 */
        "97ed4827-7b6f-7491-a06f-b548d5a7512d",
        "97ed4827-7b6f-4491-706f-b548d5a7512d", /* other variants */
        "97ed4827-7b6f-4491-c06f-b548d5a7512d",
        "97ed4827-7b6f-4491-e06f-b548d5a7512d",
        "00000000-0000-0000-0000-000000000000",
        "97ed4827+7b6f-4491-a06f-b548d5a7512d",
        "-97ed482-7b6f-4491-a06f-b548d5a7512d",
    };
    static const uint8_t expected[16] = {0x97, 0xed, 0x48, 0x27, 0x7b, 0x6f, 0x44, 0x91,
                                         0xa0, 0x6f, 0xb5, 0x48, 0xd5, 0xa7, 0x51, 0x2d};
    uint8_t bytes[16];

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(code_is_uetr(bad[i], bytes));
    for (size_t i = COUNT(good); i-- > 0;)
        assert_true(code_is_uetr(good[i], bytes));
    assert_memory_equal(bytes, expected, sizeof(bytes));
}

static void
hs_codes_have_six_to_ten_digits_of_a_real_chapter(void **state)
{
    (void)state;
    assert_all(code_is_hs, true,
               "854231 8542310000 85423190 010121 970110 391220 8524911 847330");
    assert_all(code_is_hs, false,
               "85423 85423100001 000101 771000 980100 990000 8542.31 85423x x54231 -85423");
}

static void
cnaps_codes_carry_their_check_digit(void **state)
{
    (void)state;
    /* The scheme worked by hand for the first: 9,1,0,2,9,0,0,0,0,0,1 leaves 1, so 0 it is. */
    assert_all(code_is_cnaps, true, "910290000010 910290000036 201451000016 999100000011");
    assert_all(code_is_cnaps, false,
               "910290000011 910290000037 201451000061 91029000001 9102900000100 91029000001x");
}

static void
one_wrong_digit_breaks_a_cnaps_code(void **state)
{
    static const char good[] = "201451000016";
    char text[sizeof(good)];

    (void)state;
    for (size_t i = 0; i < sizeof(good) - 1; i++) {
        for (char digit = '0'; digit <= '9'; digit++) {
            strcpy(text, good);
            text[i] = digit;
            assert_int_equal(code_is_cnaps(text), digit == good[i]);
        }
    }
}

static void
imo_numbers_carry_their_check_digit(void **state)
{
    (void)state;
    /* 9074729: 9*7 + 0*6 + 7*5 + 4*4 + 7*3 + 2*2 = 139, so 9. */
    assert_all(code_is_imo, true, "9074729 1234567");
    assert_all(code_is_imo, false,
               "9074728 9074792 907472 90747290 0000000 IMO9074729 907472x");
}

static void
dates_exist(void **state)
{
    (void)state;
    assert_all(code_is_date, true, "2024-02-29 2000-02-29 1970-01-01 2024-12-31 1898-06-30");
    assert_all(
        code_is_date, false,
        "2023-02-29 1900-02-29 2024-13-01 2024-00-10 2024-01-00 2024-04-31 2024-4-1 "
        "24-04-01 2024/04/01 20240401 2024-04-01T00:00:00 2024-04-0 0000-01-01 +024-04-01");
}

static void
legl_is_a_reason_of_neither_message(void **state)
{
    (void)state;
    assert_all(code_is_status_reason, true,
               "RR04 MS03 AM03 AGNT SL18 RC04 G002 G003 AB01 UPAY NARR");
    assert_all(code_is_status_reason, false, "LEGL rr04 RR4 RR044 R XXXX NOOR AB01AB02");
    assert_all(code_is_return_reason, true, "RR04 MS03 NOCM AC01 UPAY RUTA NOOR");
    assert_all(code_is_return_reason, false, "LEGL AB01 G002 ms03 MS0 MS033 SL18");
    assert_all(code_is_cancellation_reason, true, "CUST DUPL UPAY CUTA FRAD AC02 WNTB");
    assert_all(code_is_cancellation_reason, false, "LEGL RR04 MS03 cust DUP DUPLI");
}

struct tally {
    bool (*check)(const char *);
    int rows;
};

static void
expect_known(void *context, const char *const *cells)
{
    struct tally *tally = context;

    if (!tally->check(cells[0]))
        fail_msg("%s is not in our table", cells[0]);
    tally->rows++;
}

/* How many codes of four characters A to Z and 0 to 9 a check knows. */
static int
count_known(bool (*check)(const char *))
{
    static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    int known = 0;

    for (int i = 0; i < 36 * 36 * 36 * 36; i++)
        known += check(
            (char[]){set[i / 46656], set[i / 1296 % 36], set[i / 36 % 36], set[i % 36], '\0'});
    return known;
}

/* The same codes: all of theirs are ours, and we have as many. */
static void
assert_same_codes(bool (*check)(const char *), const char *path)
{
    static const char *const columns[] = {"code"};
    struct tally tally = {.check = check};

    if (!csv_each(path, columns, 1, expect_known, &tally))
        skip();
    assert_true(tally.rows > 30);
    assert_int_equal(count_known(check), tally.rows);
}

static void
status_reasons_are_those_of_the_external_code_set(void **state)
{
    (void)state;
    assert_same_codes(code_is_status_reason, CODES_DATA "ExternalStatusReason1Code.csv");
}

static void
return_reasons_are_those_of_the_external_code_set(void **state)
{
    (void)state;
    assert_same_codes(code_is_return_reason, CODES_DATA "ExternalReturnReason1Code.csv");
}

static void
cancellation_reasons_are_those_of_the_external_code_set(void **state)
{
    (void)state;
    assert_same_codes(code_is_cancellation_reason,
                      CODES_DATA "ExternalCancellationReason1Code.csv");
}

static void
countries_are_those_of_iso_3166(void **state)
{
    static const char *const columns[] = {"ISO3166-1-Alpha-2"};
    struct tally tally = {.check = code_is_country};

    (void)state;
    if (!csv_each("../shared/data/ref/country_codes.csv", columns, 1, expect_known, &tally))
        skip();
    assert_int_equal(tally.rows, 249);
}

static void
published_cnaps_codes_pass(void **state)
{
    static const char *const columns[] = {"cnaps12"};
    struct tally tally = {.check = code_is_cnaps};

    (void)state;
    if (!csv_each("../shared/data/ref/cnaps_examples.csv", columns, 1, expect_known, &tally))
        skip();
    assert_true(tally.rows >= 10);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(countries_are_known_by_two_capital_letters),
        cmocka_unit_test(currencies_are_three_capitals),
        cmocka_unit_test(every_pair_of_letters_is_judged_and_250_are_countries),
        cmocka_unit_test(bics_have_eight_or_eleven_characters_and_a_country),
        cmocka_unit_test(a_uetr_is_a_version_4_uuid),
        cmocka_unit_test(hs_codes_have_six_to_ten_digits_of_a_real_chapter),
        cmocka_unit_test(cnaps_codes_carry_their_check_digit),
        cmocka_unit_test(one_wrong_digit_breaks_a_cnaps_code),
        cmocka_unit_test(imo_numbers_carry_their_check_digit),
        cmocka_unit_test(dates_exist),
        cmocka_unit_test(legl_is_a_reason_of_neither_message),
        cmocka_unit_test(status_reasons_are_those_of_the_external_code_set),
        cmocka_unit_test(return_reasons_are_those_of_the_external_code_set),
        cmocka_unit_test(cancellation_reasons_are_those_of_the_external_code_set),
        cmocka_unit_test(countries_are_those_of_iso_3166),
        cmocka_unit_test(published_cnaps_codes_pass),
    };

    return cmocka_run_group_tests_name("codes", tests, NULL, NULL);
}
