/*
 * A payment out of JSON: every field lands where it belongs, and every way of
 * getting it wrong is answered with a pointer and a sentence.
 */
#include <stdio.h>
#include <string.h>

#include "gateway/base/buffer.h"
#include "gateway/base/json.h"
#include "gateway/payment/payment.h"
#include "tests/support/payment_document.h"
#include "tests/support/test.h"

#define SMALLEST                                                                               \
    "\"uetr\":\"97ED4827-7B6F-4491-A06F-B548D5A7512D\",\"end_to_end_id\":\"1\","               \
    "\"amount\":{\"value\":\"1\",\"currency\":\"JPY\"},\"debtor\":{\"name\":\"A\","            \
    "\"country\":\"RU\"},\"debtor_agent\":{\"bic\":\"SVRBRUMM\"},\"creditor_agent\":"          \
    "{\"bic\":\"HLDBCNBS\"},\"creditor\":{\"name\":\"B\",\"country\":\"CN\"}"

static struct arena arena;

static int
teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* Read a document that has to be without fault. */
static void
read_good(const cJSON *json, struct payment *payment)
{
    struct payment_faults faults = {.arena = &arena};

    if (payment_read(json, payment, &faults) != 0)
        fail_msg("%s", payment_faults_text(&faults));
    assert_int_equal(faults.count, 0);
}

/* Its faults as text, "" if there are none. */
static const char *
faults_of(const cJSON *json, size_t *count)
{
    struct payment_faults faults = {.arena = &arena, .count = 17 /* must not matter */};
    struct payment payment;
    int rc = payment_read(json, &payment, &faults);

    assert_int_equal(rc, faults.count == 0 ? 0 : -1);
    *count = faults.count;
    return payment_faults_text(&faults);
}

static const cJSON *
parse(const char *text)
{
    struct error err = {0};
    cJSON *json;

    if (json_parse(&arena, text, strlen(text), &json, &err) != 0)
        fail_msg("%s: %s", text, err.text);
    return json;
}

static void
every_field_lands_in_the_struct(void **state)
{
    struct payment payment;
    const struct policy_payment *record = &payment.record;

    (void)state;
    read_good(parse(payment_document), &payment);
    assert_string_equal(record->uetr, "97ed4827-7b6f-4491-a06f-b548d5a7512d");
    assert_int_equal(payment.uetr[0], 0x97);
    assert_int_equal(payment.uetr[15], 0x2d);
    assert_string_equal(record->end_to_end_id, "INV-2024-0417-001");
    assert_true(record->created_at_ms == 1713317400000);
    assert_true(record->amount_minor == 125000000);
    assert_string_equal(record->currency, "CNY");
    assert_string_equal(payment.amount_value, "1250000.00");
    assert_string_equal(record->rail, "CIPS");
    assert_string_equal(record->charge_bearer, "SHAR");
    assert_string_equal(record->purpose_code, "CGODDR");
    assert_string_equal(record->purpose_text, "goods, contract 17/04-2024");
    assert_string_equal(record->remittance_information, "invoice 17");
    assert_string_equal(record->contract, "17/04-2024");
    assert_string_equal(record->destination_country, "KZ");
    assert_int_equal(record->route_count, 2);
    assert_string_equal(record->route[1], "Chita");
    assert_int_equal(record->document_count, 2);
    assert_string_equal(record->documents[0], "contract");
    assert_int_equal(record->vessel_count, 1);
    assert_string_equal(record->vessels[0]->name, "MV Primer");
    assert_string_equal(record->vessels[0]->imo, "9074729");
    assert_string_equal(record->vessels[0]->flag, "PA");
    assert_true(payment.simulate.present);
    assert_string_equal(payment.simulate.outcome, "held");
    assert_string_equal(payment.simulate.reason_code, "RR04");
    assert_string_equal(payment.simulate.fault, "drop");
    assert_true(payment.simulate.duplicate_webhook);
    assert_int_equal(payment_delay_ms(&payment, 1), 250);
}

static void
what_is_to_be_pretended_lands_in_the_struct(void **state)
{
    static const char text[] =
        "{" SMALLEST ", \"simulate\": { \"hold\": { \"for\": \"P35D\", \"then\": \"release\" },"
        " \"fault\": \"unavailable\", \"for\": \"PT1M30S\", \"delay_ms\": { \"least\": 10,"
        " \"likely\": 20, \"most\": 90 } } }";
    struct payment payment;
    const struct payment_simulate *simulate = &payment.simulate;

    (void)state;
    read_good(parse(text), &payment);
    assert_string_equal(simulate->outcome, "held"); /* a hold says so */
    assert_string_equal(simulate->hold.then, "release");
    assert_true(simulate->hold.for_ms == 35 * 24 * 3600 * 1000LL);
    assert_string_equal(simulate->fault, "unavailable");
    assert_int_equal(simulate->fault_ms, 90000);
    assert_true(simulate->delay.likely == 20);
    assert_false(simulate->duplicate_webhook);
    read_good(payment_document_edit(&arena, "\"outcome\": \"held\", \"reason_code\": \"RR04\"",
                                    "\"action\": \"freeze\""),
              &payment);
    assert_string_equal(simulate->action, "freeze");
    assert_string_equal(simulate->outcome, "blocked"); /* and so does an action */
}

/* How many of a thousand payments wait at most so long; each twice the same. */
static int
waits_within(const char *delay, int64_t most_ms)
{
    struct payment payment;
    int within = 0;

    read_good(payment_document_edit(&arena, "250 }", delay), &payment);
    for (int i = 0; i < 1000; i++) {
        int64_t ms;

        payment.record.uetr = arena_printf(&arena, "97ed4827-7b6f-4491-a06f-b548d5a7%04d", i);
        ms = payment_delay_ms(&payment, 1);
        assert_true(ms == payment_delay_ms(&payment, 1));
        within += ms <= most_ms;
    }
    return within;
}

static void
delays_fall_as_their_distribution_says(void **state)
{
    static const char *const triangle = "{ \"least\": 100, \"likely\": 200, \"most\": 500 } }",
                             *const skewed = "{ \"median\": 100, \"p99\": 1000 } }",
                             *const tail = "{ \"median\": 100, \"p99\": 60000 } }";

    (void)state;
    assert_int_equal(waits_within(triangle, 99), 0);
    assert_in_range(waits_within(triangle, 200), 210, 290); /* a quarter of the triangle */
    assert_int_equal(waits_within(triangle, 500), 1000);
    assert_in_range(waits_within(skewed, 100), 460, 540);
    assert_in_range(waits_within(skewed, 1000), 980, 998);
    assert_int_equal(waits_within(tail, 60000), 1000); /* never more than a minute */
    assert_int_equal(waits_within("{ \"least\": 7, \"likely\": 7, \"most\": 7 } }", 6), 0);
    assert_int_equal(waits_within("{ \"least\": 7, \"likely\": 7, \"most\": 7 } }", 7), 1000);
}

static void
parties_and_agents_land_in_the_struct(void **state)
{
    struct payment payment;
    const struct policy_payment *record = &payment.record;
    const struct policy_party *debtor = &payment.debtor;

    (void)state;
    read_good(parse(payment_document), &payment);
    assert_ptr_equal(record->debtor, debtor);
    assert_string_equal(debtor->name, "OOO Sborka Sever");
    assert_string_equal(debtor->country, "RU");
    assert_string_equal(debtor->account, "40702156900000000123");
    assert_string_equal(debtor->address, "ul. Lesnaya 5\nTver");
    assert_string_equal(debtor->kind, "company");
    assert_string_equal(debtor->incorporated_on, "2023-11-02");
    assert_int_equal(debtor->identifier_count, 2);
    assert_string_equal(debtor->identifiers[0]->scheme, "inn");
    assert_string_equal(debtor->identifiers[1]->value, "1230000000001");
    assert_int_equal(debtor->owner_count, 2);
    assert_string_equal(debtor->owners[0]->name, "A. Primer");
    assert_int_equal(debtor->owners[0]->share_millionths, 600000);
    assert_int_equal(debtor->owners[1]->share_millionths, 400000);
    assert_string_equal(record->debtor_agent->bic, "SVRBRUMM");
    assert_string_equal(record->debtor_agent->name, "Severny Bank");
    assert_string_equal(record->creditor_agent->cnaps, "999100000011");
    assert_string_equal(record->creditor->name, "Shenzhen Lanyu Components Co., Ltd.");
    assert_string_equal(record->ultimate_debtor->born_on, "1970-02-28");
    assert_string_equal(record->ultimate_creditor->country, "HK");
    assert_int_equal(record->intermediary_agent_count, 2);
    assert_string_equal(record->intermediary_agents[1]->bic, "PRMRHKHHXXX");
}

static void
identifiers_of_every_scheme_land_in_the_order_of_the_documentation(void **state)
{
    static const char *const expected[][2] = {
        {"lei", "5299000J2N45DDNE4Y28"},
        {"inn", "7700000001"},
        {"kpp", "770001001"},
        {"ogrn", "1230000000001"},
        {"uscc", "91440300MA5DXXXX0X"},
        {"imo", "9074729"},
        {"bic", "SVRBRUMM"},
        {"passport", "p1"},
        {"tax_id", "t1"},
        {"registration_number", "r1"},
        {"duns", "123456789"},
        {"national_id", "n1"},
    };
    struct payment payment;

    (void)state;
    read_good(
        payment_document_edit(
            &arena, "\"inn\": \"7700000001\", \"ogrn\": \"1230000000001\"",
            "\"national_id\":\"n1\",\"duns\":\"123456789\",\"registration_number\":\"r1\","
            "\"tax_id\":\"t1\",\"passport\":\"p1\",\"bic\":\"SVRBRUMM\",\"imo\":\"9074729\","
            "\"uscc\":\"91440300MA5DXXXX0X\",\"ogrn\":\"1230000000001\",\"kpp\":"
            "\"770001001\",\"inn\":\"7700000001\",\"lei\":\"5299000J2N45DDNE4Y28\""),
        &payment);
    assert_int_equal(payment.debtor.identifier_count, COUNT(expected));
    for (size_t i = 0; i < COUNT(expected); i++) {
        assert_string_equal(payment.debtor.identifiers[i]->scheme, expected[i][0]);
        assert_string_equal(payment.debtor.identifiers[i]->value, expected[i][1]);
    }
}

static void
goods_land_in_the_struct(void **state)
{
    struct payment payment;
    const struct policy_goods *const *goods;

    (void)state;
    read_good(parse(payment_document), &payment);
    goods = payment.record.goods;
    assert_int_equal(payment.record.goods_count, 3);
    assert_int_equal(goods[0]->hs6, 854231);
    assert_string_equal(goods[0]->hs_code, "854231");
    assert_string_equal(goods[0]->description, "processors");
    assert_true(goods[0]->quantity == 500);
    assert_true(goods[0]->value_minor == 60000000);
    assert_string_equal(goods[0]->unit, "piece");
    assert_string_equal(goods[0]->origin, "MY");
    assert_string_equal(goods[0]->end_use, "assembly");
    assert_string_equal(goods[0]->end_user, "OOO Zavod Primer");
    assert_int_equal(goods[1]->hs6, 847330);
    assert_string_equal(goods[1]->description, "");
    assert_true(goods[1]->quantity == 2.5);
    assert_true(goods[1]->value_minor == 0);
    assert_int_equal(goods[2]->hs6, 0);
    assert_true(goods[2]->value_minor == 50);
}

static void
what_is_not_given_is_empty_and_never_null(void **state)
{
    struct payment payment;
    const struct policy_payment *record = &payment.record;

    (void)state;
    read_good(parse("{" SMALLEST "}"), &payment);
    assert_string_equal(record->uetr, "97ed4827-7b6f-4491-a06f-b548d5a7512d"); /* P3 */
    assert_int_equal(record->created_at_ms, 0);
    assert_string_equal(record->rail, "");
    assert_string_equal(record->charge_bearer, "");
    assert_string_equal(record->purpose_code, "");
    assert_string_equal(record->purpose_text, "");
    assert_string_equal(record->remittance_information, "");
    assert_string_equal(record->contract, "");
    assert_string_equal(record->destination_country, "");
    assert_string_equal(record->ultimate_debtor->name, "");
    assert_string_equal(record->ultimate_creditor->born_on, "");
    assert_string_equal(record->debtor->account, "");
    assert_string_equal(record->debtor->kind, "");
    assert_string_equal(record->debtor_agent->name, "");
    assert_string_equal(record->debtor_agent->cnaps, "");
    assert_int_equal(record->goods_count + record->route_count + record->document_count +
                         record->vessel_count + record->intermediary_agent_count,
                     0);
    assert_false(payment.simulate.present);
    assert_string_equal(payment.simulate.outcome, "");
    assert_string_equal(payment.simulate.reason_code, "");
    assert_string_equal(payment.simulate.fault, "");
    assert_string_equal(payment.simulate.action, "");
    assert_string_equal(payment.simulate.hold.then, "");
    assert_int_equal(payment_delay_ms(&payment, 1), 0);
}

static void
every_struct_says_its_size(void **state)
{
    struct payment payment;
    const struct policy_payment *record = &payment.record;

    (void)state;
    read_good(parse(payment_document), &payment);
    assert_int_equal(record->size, sizeof(*record));
    assert_int_equal(record->debtor->size, sizeof(struct policy_party));
    assert_int_equal(record->ultimate_creditor->size, sizeof(struct policy_party));
    assert_int_equal(record->debtor_agent->size, sizeof(struct policy_agent));
    assert_int_equal(record->intermediary_agents[0]->size, sizeof(struct policy_agent));
    assert_int_equal(record->goods[2]->size, sizeof(struct policy_goods));
    assert_int_equal(record->vessels[0]->size, sizeof(struct policy_vessel));
    assert_int_equal(record->debtor->owners[0]->size, sizeof(struct policy_owner));
    assert_int_equal(record->debtor->identifiers[0]->size, sizeof(struct policy_identifier));
}

static void
an_agents_country_comes_from_its_bic_where_it_is_not_given(void **state)
{
    struct payment payment;

    (void)state;
    read_good(parse("{" SMALLEST "}"), &payment);
    assert_string_equal(payment.record.debtor_agent->country, "RU");
    assert_string_equal(payment.record.creditor_agent->country, "CN");
}

struct edit {
    const char *from;
    const char *to;
    const char *faults; /* all of them */
};

#define COUNTRY "must be an ISO 3166-1 alpha-2 country code such as CN\n"
#define DECIMAL "must be a decimal number in a string such as \"1250000.00\"\n"
#define UUID    "must be a UUID of version 4 such as 97ed4827-7b6f-4491-a06f-b548d5a7512d\n"
#define DATE    "must be a date that exists, such as 2024-04-17\n"
#define INSTANT "must be a time with its offset such as 2024-04-17T09:30:00+08:00\n"
#define BIC     "must be a BIC of 8 or 11 characters such as HLDBCNBS\n"
#define HS      "must be an HS code of 6 to 10 digits such as 854231\n"
#define SHARE   "must be above 0, at most 1, and have at most 6 decimals\n"
#define DELAY                                                                                  \
    "must be a whole number from 0 to 60000, or an object with least, likely and most, or "    \
    "with median and p99\n"
#define SPREAD   "needs least, likely and most, or median and p99 alone\n"
#define MONEY    "must be at most 10000000000000000.00 CNY, with no more than 2 decimals\n"
#define CURRENCY "must be an ISO 4217 code of a currency in circulation such as CNY\n"
#define CONTROL  "must not hold control characters\n"
#define BLANK    "must not be empty or blank\n"

static const struct edit edits[] = {
    /* clang-format off */
    /* the payment itself */
    { "97ed4827-", "97ed4827", "/uetr: " UUID }, { "-4491-", "-1491-", "/uetr: " UUID },
    { "\"INV-2024-0417-001\"", "\"\"", "/end_to_end_id: " BLANK },
    { "\"INV-2024-0417-001\"", "\" \\t\"", "/end_to_end_id: " CONTROL },
    { "\"INV-2024-0417-001\"", "\"   \"", "/end_to_end_id: " BLANK },
    { "\"INV-2024-0417-001\"", "17", "/end_to_end_id: must be a string\n" },
    { "\"INV-2024-0417-001\"", "null", "/end_to_end_id: must be a string\n" },
    { "INV-2024-0417-001", "INV-2024-0417-001-0123456789-012345", "" },
    { "INV-2024-0417-001", "INV-2024-0417-001-0123456789-0123456", "/end_to_end_id: has 36 characters, at most 35 are allowed\n" },
    { "INV-2024-0417-001", "\xe5\x8f\xb7\xe7\xa0\x81", "" },
    { "INV-2024-0417-001", "INV\\u0085", "/end_to_end_id: " CONTROL }, { "INV-2024-0417-001", "INV\\u007f", "/end_to_end_id: " CONTROL },
    { "INV-2024-0417-001", "INV\\u00a0", "" },
    { "2024-04-17T09:30:00+08:00", "2024-04-17T09:30:00", "/created_at: " INSTANT },
    { "2024-04-17T09:30:00+08:00", "2024-04-31T09:30:00Z", "/created_at: " INSTANT },
    { "2024-04-17T09:30:00+08:00", "1970-01-01T00:00:00Z", "/created_at: " INSTANT }, /* 0 is "not given" */
    { "\"2024-04-17T09:30:00+08:00\"", "1713317400", "/created_at: must be a string\n" },
    { "\"CIPS\"", "\"cips\"", "/rail: must be SWIFT, CIPS or SPFS\n" }, { "\"CIPS\"", "\"SWIFT\"", "" }, { "\"CIPS\"", "\"SPFS\"", "" },
    { "\"SHAR\"", "\"OUR\"", "/charge_bearer: must be DEBT, CRED, SHAR or SLEV\n" },
    { "\"invoice 17\"", "[]", "/remittance_information: must be a string\n" },
    { "invoice 17", "line 1\\nline 2\\ttab", "" }, { "invoice 17", "bell \\u0007", "/remittance_information: " CONTROL },
    /* money */
    { "\"CNY\"", "\"XAU\"", "/amount/currency: " CURRENCY }, { "\"CNY\"", "\"cny\"", "/amount/currency: " CURRENCY },
    { "\"CNY\"", "156", "/amount/currency: must be a string: an ISO 4217 code of a currency in circulation such as CNY\n" },
    { "\"1250000.00\"", "\"0\"", "/amount/value: must be above 0\n" }, { "\"1250000.00\"", "\"0.00\"", "/amount/value: must be above 0\n" },
    { "\"1250000.00\"", "\"-1\"", "/amount/value: " DECIMAL }, { "\"1250000.00\"", "\"1.\"", "/amount/value: " DECIMAL },
    { "\"1250000.00\"", "\"01\"", "/amount/value: " DECIMAL }, { "\"1250000.00\"", "\"1e3\"", "/amount/value: " DECIMAL },
    { "\"1250000.00\"", "\"1,000.00\"", "/amount/value: " DECIMAL }, { "\"1250000.00\"", "\"\"", "/amount/value: " DECIMAL },
    { "\"1250000.00\"", "1250000.00", "/amount/value: must be a string: a decimal number in a string such as \"1250000.00\"\n" },
    { "\"1250000.00\"", "\"1.005\"", "/amount/value: " MONEY }, { "\"1250000.00\"", "\"10000000000000000.01\"", "/amount/value: " MONEY },
    { "\"1250000.00\"", "\"10000000000000000\"", "" }, { "\"1250000.00\"", "\"0.01\"", "" },
    { "{ \"currency\": \"CNY\", \"value\": \"1250000.00\" }", "\"1 CNY\"", "/amount: must be an object\n" },
    { "{ \"currency\": \"CNY\", \"value\": \"1250000.00\" }", "{}", "/amount/currency: is required\n/amount/value: is required\n" },
    { "{ \"currency\": \"CNY\", \"value\": \"1250000.00\" }", "{ \"value\": \"0.5\", \"currency\": \"JPY\" }",
      "/amount/value: must be at most 1000000000000000000 JPY, with no more than 0 decimals\n"
      "/goods/0/value: must be at most 1000000000000000000 JPY, with no more than 0 decimals\n"
      "/goods/2/value: must be at most 1000000000000000000 JPY, with no more than 0 decimals\n" },
    /* parties */
    { "\"OOO Sborka Sever\"", "\"\"", "/debtor/name: " BLANK }, { "OOO Sborka Sever", "OOO\\nSever", "/debtor/name: " CONTROL },
    { "\"name\": \"OOO Sborka Sever\", \"country\": \"RU\",", "", "/debtor/name: is required\n/debtor/country: is required\n" },
    { "\"country\": \"RU\",\n", "\"country\": \"SU\",\n", "/debtor/country: " COUNTRY }, { "\"country\": \"RU\",\n", "\"country\": \"Russia\",\n", "/debtor/country: " COUNTRY },
    { "40702156900000000123", "40702156900000000123-0123456789-012", "/debtor/account: has 35 characters, at most 34 are allowed\n" },
    { "\"company\"", "\"firm\"", "/debtor/kind: must be person or company\n" },
    { "2023-11-02", "2023-11-31", "/debtor/incorporated_on: " DATE },
    { "\"company\"", "\"person\"", "/debtor/incorporated_on: does not go with a person\n" },
    { "\"incorporated_on\"", "\"born_on\"", "/debtor/born_on: does not go with a company\n" },
    { "\"kind\": \"company\",", "\"born_on\": \"1980-01-01\",", "/debtor: has both born_on and incorporated_on\n" },
    { "\"inn\"", "\"INN\"", "/debtor/identifiers/INN: unknown field; identifiers has lei, inn, kpp, ogrn, uscc, imo, bic, passport, tax_id, registration_number, duns, national_id\n" },
    { "7700000001", "770000000", "/debtor/identifiers/inn: must be an INN of 10 or 12 digits\n" }, { "7700000001", "770000000123", "" },
    { "1230000000001", "123000000000", "/debtor/identifiers/ogrn: must be an OGRN of 13 or 15 digits\n" },
    { "\"inn\": \"7700000001\"", "\"lei\": \"5299000J2N45DDNE4Y28\"", "" }, { "\"inn\": \"7700000001\"", "\"lei\": \"5299000J2N45DDNE4Y2\"", "/debtor/identifiers/lei: must be an LEI of 20 characters\n" },
    { "\"inn\": \"7700000001\"", "\"lei\": \"5299000J2N45DDNE4Y2A\"", "/debtor/identifiers/lei: must be an LEI of 20 characters\n" }, { "\"inn\": \"7700000001\"", "\"lei\": \"5299000J2N45DDNE4YA2\"", "/debtor/identifiers/lei: must be an LEI of 20 characters\n" },
    { "\"inn\": \"7700000001\"", "\"kpp\": \"77000000\"", "/debtor/identifiers/kpp: must be a KPP of 9 characters\n" },
    { "\"inn\": \"7700000001\"", "\"uscc\": \"91440300MA5DXXXX0X\"", "" }, { "\"inn\": \"7700000001\"", "\"uscc\": \"1\"", "/debtor/identifiers/uscc: must be a unified social credit code of 18 characters\n" },
    { "\"inn\": \"7700000001\"", "\"duns\": \"12345678\"", "/debtor/identifiers/duns: must be a D-U-N-S number of 9 digits\n" },
    { "\"inn\": \"7700000001\"", "\"imo\": \"9074728\"", "/debtor/identifiers/imo: must be an IMO number of 7 digits with a right check digit\n" },
    { "\"inn\": \"7700000001\"", "\"bic\": \"X\"", "/debtor/identifiers/bic: " BIC },
    { "\"inn\": \"7700000001\"", "\"passport\": \"1\", \"tax_id\": \"2\", \"registration_number\": \"3\", \"national_id\": \"4\"", "" },
    { "\"0.6\"", "\"0.600001\"", "/debtor/owners: the shares exceed the whole\n" }, { "\"0.6\"", "\"0.0000001\"", "/debtor/owners/0/share: " SHARE },
    { "\"0.6\"", "\"0\"", "/debtor/owners/0/share: " SHARE }, { "\"0.6\"", "\"1.000001\"", "/debtor/owners/0/share: " SHARE },
    { "\"0.6\"", "\"2\"", "/debtor/owners/0/share: " SHARE }, { "\"0.6\"", "\"10\"", "/debtor/owners/0/share: " SHARE },
    { "\"0.6\"", "\"60%\"", "/debtor/owners/0/share: " DECIMAL }, { "\"0.6\"", "\"0.600000\"", "" },
    { "\"share\": \"0.6\" },", "\"share\": \"1\" },", "/debtor/owners: the shares exceed the whole\n" },
    { "{ \"name\": \"A. Primer\", \"share\": \"0.6\" },\n                { \"name\": \"B. Primer\", \"share\": \"0.4\" }", "{\"name\": \"A\", \"share\": \"1\"}", "" },
    { "{ \"name\": \"A. Primer\", \"share\": \"0.6\" },\n                { \"name\": \"B. Primer\", \"share\": \"0.4\" }", "{\"name\": \"A\", \"share\": \"1.000000\"}", "" },
    { "\"0.6\"", "0.6", "/debtor/owners/0/share: must be a string: a decimal number in a string such as \"1250000.00\"\n" },
    { "{ \"name\": \"A. Primer\", \"share\": \"0.6\" }", "{}", "/debtor/owners/0/name: is required\n/debtor/owners/0/share: is required\n" },
    { "{ \"name\": \"A. Primer\", \"share\": \"0.6\" }", "7", "/debtor/owners/0: must be an object\n" },
    { "\"country\": \"AM\", ", "", "/ultimate_debtor/country: is required\n" },
    { "1970-02-28", "1970-02-29", "/ultimate_debtor/born_on: " DATE },
    { "\"Lanyu Holding\"", "false", "/ultimate_creditor/name: must be a string\n" },
    /* agents */
    { "\"bic\": \"SVRBRUMM\", ", "", "/debtor_agent/bic: is required\n" }, { "SVRBRUMM", "SVRBRUM", "/debtor_agent/bic: " BIC },
    { "\"HLDBCNBS\", \"country\": \"CN\"", "\"HLDBCNBS\", \"country\": \"HK\"", "/creditor_agent/country: contradicts the country in the BIC, which is CN\n" },
    { "999100000011", "999100000012", "/creditor_agent/cnaps: must be a CNAPS code of 12 digits with a right check digit\n" },
    { "{ \"bic\": \"PRMRAEAD\" }", "{ \"bic\": \"PRMRAEAD\", \"country\": \"CN\" }", "/intermediary_agents/0/country: contradicts the country in the BIC, which is AE\n" },
    { "{ \"bic\": \"PRMRAEAD\" }", "{ \"bic\": \"PRMRAEAD\" }, {\"bic\":\"PRMRKZKA\"}, {\"bic\":\"PRMRTRIS\"}", "/intermediary_agents: has 4 elements, at most 3 are allowed\n" },
    { "[ { \"bic\": \"PRMRAEAD\" }, { \"bic\": \"PRMRHKHHXXX\" } ]", "{}", "/intermediary_agents: must be an array\n" },
    /* purpose, goods, trade */
    { "CGODDR", "A2Z", "" }, { "CGODDR", "", "/purpose/code: must be 1 to 35 capital letters and digits such as CGODDR\n" },
    { "CGODDR", "cgoddr", "/purpose/code: must be 1 to 35 capital letters and digits such as CGODDR\n" },
    { "\"854231\"", "\"85423\"", "/goods/0/hs_code: " HS }, { "\"854231\"", "\"8542.31\"", "/goods/0/hs_code: " HS },
    { "\"854231\"", "854231", "/goods/0/hs_code: must be a string: an HS code of 6 to 10 digits such as 854231\n" },
    { "\"hs_code\": \"8473301000\", ", "", "/goods/1: needs an hs_code or a description\n" },
    { "\"8473301000\"", "\"773301\"", "/goods/1/hs_code: " HS }, { "\"hs_code\": \"8473301000\", \"quantity\": 2.5", "", "/goods/1: needs an hs_code or a description\n" },
    { "\"quantity\": 500", "\"quantity\": 0", "/goods/0/quantity: must be a number above 0\n" }, { "\"quantity\": 500", "\"quantity\": -1", "/goods/0/quantity: must be a number above 0\n" },
    { "\"quantity\": 500", "\"quantity\": \"500\"", "/goods/0/quantity: must be a number above 0\n" },
    { "\"600000.00\"", "\"600000.001\"", "/goods/0/value: " MONEY }, { "\"600000.00\"", "\"abc\"", "/goods/0/value: " DECIMAL }, { "\"600000.00\"", "\"0\"", "" },
    { "\"MY\"", "\"XX\"", "/goods/0/origin: " COUNTRY },
    { "\"quantity\": 500", "\"qty\": 500", "/goods/0/qty: unknown field; a goods line has hs_code, description, quantity, value, unit, origin, end_use, end_user\n" },
    { "\"KZ\"", "\"KZT\"", "/trade/destination_country: " COUNTRY }, { "\"Chita\"", "1", "/trade/route/1: must be a string\n" },
    { "\"Chita\"", "\"\"", "/trade/route/1: " BLANK }, { "[\"contract\", \"invoice\"]", "\"contract\"", "/trade/documents: must be an array\n" },
    { "9074729", "9074728", "/trade/vessels/0/imo: must be an IMO number of 7 digits with a right check digit\n" },
    { "\"name\": \"MV Primer\", ", "", "/trade/vessels/0/name: is required\n" }, { "\"PA\"", "\"ZZ\"", "/trade/vessels/0/flag: " COUNTRY },
    /* simulate */
    { "\"held\"", "\"paid\"", "/simulate/outcome: must be approved, held or blocked\n" },
    { "\"RR04\"", "\"LEGL\"", "/simulate/reason_code: must be an ISO 20022 status or return reason code such as RR04\n" },
    { "\"RR04\"", "\"NOOR\"", "" }, { "\"drop\"", "\"explode\"", "/simulate/fault: must be drop, drop_before, reset or unavailable\n" },
    { "250 }", "60000 }", "" }, { "250 }", "0 }", "" }, { "250 }", "60001 }", "/simulate/delay_ms: " DELAY }, { "250 }", "-1 }", "/simulate/delay_ms: " DELAY },
    { "250 }", "0.5 }", "/simulate/delay_ms: " DELAY }, { "250 }", "\"1\" }", "/simulate/delay_ms: " DELAY }, { "250 }", "[] }", "/simulate/delay_ms: " DELAY },
    { "250 }", "{} }", "/simulate/delay_ms: " SPREAD }, { "250 }", "{\"least\": 1, \"most\": 2} }", "/simulate/delay_ms: " SPREAD }, { "250 }", "{\"median\": 1} }", "/simulate/delay_ms: " SPREAD },
    { "250 }", "{\"least\": 1, \"likely\": 1, \"most\": 1, \"p99\": 1} }", "/simulate/delay_ms: " SPREAD },
    { "250 }", "{\"least\": 3, \"likely\": 2, \"most\": 4} }", "/simulate/delay_ms: least, likely and most must not fall in this order\n" },
    { "250 }", "{\"least\": 1, \"likely\": 5, \"most\": 4} }", "/simulate/delay_ms: least, likely and most must not fall in this order\n" },
    { "250 }", "{\"least\": 1, \"likely\": 5, \"most\": 60001} }", "/simulate/delay_ms/most: must be a whole number from 0 to 60000\n/simulate/delay_ms: least, likely and most must not fall in this order\n" },
    { "250 }", "{\"median\": 0, \"p99\": 1} }", "/simulate/delay_ms: median must be at least 1, and p99 not below it\n" }, { "250 }", "{\"median\": 5, \"p99\": 4} }", "/simulate/delay_ms: median must be at least 1, and p99 not below it\n" },
    { "250 }", "{\"mean\": 5} }", "/simulate/delay_ms/mean: unknown field; delay_ms has least, likely, most, median, p99\n/simulate/delay_ms: " SPREAD },
    { "true, \"delay", "1, \"delay", "/simulate/duplicate_webhook: must be true or false\n" },
    { "\"outcome\": \"held\"", "\"action\": \"abstain\"", "/simulate/action: must be accept, hold, request_information, reject, return or freeze\n" },
    { "\"held\"", "\"held\", \"action\": \"request_information\"", "" }, { "\"held\"", "\"held\", \"action\": \"freeze\"", "/simulate/action: freeze does not end in the outcome held; leave one of them out\n" },
    { "\"outcome\": \"held\", \"reason_code\": \"RR04\"", "\"action\": \"reject\", \"reason_code\": \"NOOR\"", "/simulate/reason_code: NOOR is no reason to reject a payment; leave it out or give another\n" },
    { "\"outcome\": \"held\", \"reason_code\": \"RR04\"", "\"action\": \"return\", \"reason_code\": \"NOOR\"", "" },
    { "\"outcome\": \"held\"", "\"action\": \"accept\"", "/simulate/reason_code: RR04 is no reason to accept a payment; leave it out or give another\n" },
    { "\"drop\"", "\"drop\", \"for\": \"PT30S\"", "/simulate/for: goes with the fault unavailable alone\n" }, { "\"fault\": \"drop\"", "\"for\": \"PT30S\"", "/simulate/for: goes with the fault unavailable alone\n" },
    { "\"drop\"", "\"unavailable\", \"for\": \"PT48H\"", "" }, { "\"drop\"", "\"unavailable\", \"for\": \"PT49H\"", "/simulate/for: must be an ISO 8601 duration above zero and of at most 2 days, such as PT30S\n" },
    { "\"drop\"", "\"unavailable\", \"for\": \"PT0S\"", "/simulate/for: must be an ISO 8601 duration above zero and of at most 2 days, such as PT30S\n" },
    { "\"drop\"", "\"drop\", \"hold\": {\"for\": \"P35D\", \"then\": \"reject\"}", "" }, { "\"drop\"", "\"drop\", \"hold\": {}", "/simulate/hold/for: is required\n/simulate/hold/then: is required\n" },
    { "\"drop\"", "\"drop\", \"hold\": {\"for\": \"P3661D\", \"then\": \"freeze\"}", "/simulate/hold/for: must be an ISO 8601 duration above zero and of at most 3660 days, such as P35D\n/simulate/hold/then: must be release, return or reject\n" },
    { "\"held\"", "\"blocked\", \"hold\": {\"for\": \"P35D\", \"then\": \"reject\"}", "/simulate/hold: goes with the outcome held, not with blocked\n" },
    /* unknown members, everywhere */
    { "\"purpose\": {", "\"propose\": {}, \"purpose\": {", "/propose: unknown field; a payment has uetr, end_to_end_id, created_at, amount, rail, charge_bearer, debtor, debtor_agent, creditor_agent, creditor, purpose, goods, trade, ultimate_debtor, ultimate_creditor, intermediary_agents, remittance_information, simulate\n" },
    { "\"code\": \"CGODDR\"", "\"a/b~c\": 1", "/purpose/a~1b~0c: unknown field; a purpose has code, text\n" },
    { "\"code\": \"CGODDR\"", "\"Code\": \"CGODDR\"", "/purpose/Code: unknown field; a purpose has code, text\n" },
    { "\"outcome\"", "\"result\"", "/simulate/result: unknown field; simulate has outcome, action, reason_code, hold, fault, for, delay_ms, duplicate_webhook\n" },
    { "\"imo\"", "\"IMO\"", "/trade/vessels/0/IMO: unknown field; a vessel has name, imo, flag\n" },
    { "\"contract\": ", "\"\": ", "/trade/: unknown field; trade has contract, destination_country, route, documents, vessels\n" },
    { "\"share\": \"0.6\"", "\"share\": \"0.6\", \"x\": 1", "/debtor/owners/0/x: unknown field; an owner has name, share\n" },
    { "\"cnaps\"", "\"CNAPS\"", "/creditor_agent/CNAPS: unknown field; an agent has bic, country, name, cnaps\n" },
    { "\"value\": \"1250000.00\"", "\"value\": \"1250000.00\", \"ccy\": \"CNY\"", "/amount/ccy: unknown field; an amount has currency, value\n" },
    { "\"account\": \"6222021001122334455\"", "\"acount\": \"6\"", "/creditor/acount: unknown field; a party has name, country, account, address, kind, born_on, incorporated_on, identifiers, owners\n" },
    /* clang-format on */
};

static void
each_fault_is_named_by_pointer_and_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(edits); i++) {
        size_t count;
        const char *faults =
            faults_of(payment_document_edit(&arena, edits[i].from, edits[i].to), &count);

        if (strcmp(faults, edits[i].faults) != 0)
            fail_msg("%s -> %s\nexpected:\n%sgot:\n%s", edits[i].from, edits[i].to,
                     edits[i].faults, faults);
        arena_reset(&arena);
    }
}

static void
an_empty_object_lacks_all_that_is_required(void **state)
{
    size_t count;

    (void)state;
    assert_string_equal(
        faults_of(parse("{}"), &count),
        "/uetr: is required\n/end_to_end_id: is required\n/amount: is required\n"
        "/debtor: is required\n/debtor_agent: is required\n"
        "/creditor_agent: is required\n/creditor: is required\n");
    assert_string_equal(faults_of(parse("{" SMALLEST "}"), &count), "");
}

static void
what_is_no_object_is_one_fault_at_the_root(void **state)
{
    static const char *const documents[] = {"[]", "null", "1", "\"a\"", "true", "[{}]"};
    size_t count;

    (void)state;
    for (size_t i = 0; i < COUNT(documents); i++)
        assert_string_equal(faults_of(parse(documents[i]), &count), ": must be an object\n");
}

static void
all_faults_of_a_body_are_reported_at_once(void **state)
{
    static const char text[] = "{\"uetr\":\"x\",\"amount\":{\"currency\":\"XXX\",\"value\":\"1."
                               "005\"},\"debtor\":{\"name\":\"\","
                               "\"kind\":\"robot\"},\"debtor_agent\":[],\"creditor\":{"
                               "\"country\":\"CN\"},\"goods\":[{},{\"hs_code\":"
                               "\"1\",\"value\":\"1\"}],\"colour\":\"red\"}";
    size_t count;

    (void)state;
    assert_string_equal(
        faults_of(parse(text), &count),
        "/uetr: " UUID "/amount/currency: " CURRENCY "/debtor/name: " BLANK
        "/debtor/kind: must be person or company\n/debtor/country: is required\n"
        "/debtor_agent: must be an object\n/creditor/name: is required\n"
        "/goods/0: needs an hs_code or a description\n/goods/1/hs_code: " HS
        "/colour: unknown field; a payment has uetr, end_to_end_id, created_at, amount, rail, "
        "charge_bearer, debtor, debtor_agent, creditor_agent, creditor, purpose, goods, trade, "
        "ultimate_debtor, ultimate_creditor, intermediary_agents, remittance_information, "
        "simulate\n/end_to_end_id: is required\n/creditor_agent: is required\n");
    assert_int_equal(count, 12);
}

/* "," and count times element behind the first, between what stands before and after. */
static const cJSON *
parse_repeated(const char *before, const char *element, size_t count, const char *after)
{
    struct buffer text;

    buffer_init(&text, &arena, 4096);
    buffer_text(&text, before);
    for (size_t i = 0; i < count; i++) {
        buffer_text(&text, i ? "," : "");
        buffer_text(&text, element);
    }
    buffer_text(&text, after);
    return parse(buffer_terminate(&text));
}

static void
faults_past_the_limit_are_counted_not_listed(void **state)
{
    struct payment_faults faults = {.arena = &arena};
    struct payment payment;

    (void)state;
    assert_int_equal(payment_read(parse_repeated("{" SMALLEST ",\"goods\":[", "{}", 200, "]}"),
                                  &payment, &faults),
                     -1);
    assert_int_equal(faults.count, 200);
    assert_string_equal(faults.list[PAYMENT_FAULTS_MAX - 1].pointer, "/goods/99");
    assert_int_equal(
        payment_read(parse_repeated("{" SMALLEST ",\"goods\":[", "{\"x\":0}", 200, "]}"),
                     &payment, &faults),
        -1);
    assert_int_equal(faults.count, 400); /* each line has an unknown field, and lacks two */
}

static void
arrays_have_limits(void **state)
{
    static const struct {
        const char *before;
        const char *element;
        size_t most;
        const char *after;
        const char *fault;
    } rows[] = {
        {",\"goods\":[", "{\"hs_code\":\"854231\"}", 200, "]}",
         "/goods: has 201 elements, at most 200 are allowed\n"},
        {",\"trade\":{\"route\":[", "\"a\"", 20, "]}}",
         "/trade/route: has 21 elements, at most 20 are allowed\n"},
        {",\"trade\":{\"documents\":[", "\"a\"", 50, "]}}",
         "/trade/documents: has 51 elements, at most 50 are allowed\n"},
        {",\"trade\":{\"vessels\":[", "{\"name\":\"a\"}", 20, "]}}",
         "/trade/vessels: has 21 elements, at most 20 are allowed\n"},
        {",\"ultimate_debtor\":{\"name\":\"a\",\"country\":\"CN\",\"owners\":[",
         "{\"name\":\"a\",\"share\":\"0.01\"}", 50, "]}}",
         "/ultimate_debtor/owners: has 51 elements, at most 50 are allowed\n"},
    };
    size_t count;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char before[500];

        snprintf(before, sizeof(before), "{" SMALLEST "%s", rows[i].before);
        assert_string_equal(
            faults_of(parse_repeated(before, rows[i].element, rows[i].most, rows[i].after),
                      &count),
            "");
        assert_string_equal(
            faults_of(parse_repeated(before, rows[i].element, rows[i].most + 1, rows[i].after),
                      &count),
            rows[i].fault);
    }
}

/* Characters are code points: a thousand of four bytes each pass. */
static void
a_string_has_at_most_a_thousand_characters(void **state)
{
    static const char *const characters[] = {"a", "\xd0\x96", "\xe6\xb7\xb1",
                                             "\xf0\xa0\x80\x80"};
    size_t count;

    (void)state;
    for (size_t i = 0; i < COUNT(characters); i++) {
        for (size_t length = 999; length <= 1001; length++) {
            struct buffer text;

            buffer_init(&text, &arena, 8192);
            buffer_text(&text, "{" SMALLEST ",\"remittance_information\":\"");
            for (size_t n = 0; n < length; n++)
                buffer_text(&text, characters[i]);
            buffer_text(&text, "\"}");
            assert_string_equal(
                faults_of(parse(buffer_terminate(&text)), &count),
                length > 1000
                    ? "/remittance_information: has 1001 characters, at most 1000 are "
                      "allowed\n"
                    : "");
        }
    }
}

/* Strings are looked at eight bytes at once: no place in one may be overlooked. */
static void
a_control_character_is_found_wherever_it_stands(void **state)
{
    static const char *const controls[] = {"\\u0001", "\\u001f", "\\u007f", "\\u0085"};
    size_t count;

    (void)state;
    for (size_t i = 0; i < COUNT(controls); i++) {
        for (int length = 0; length <= 24; length++) {
            for (int at = 0; at <= length; at++) {
                char *text = arena_printf(
                    &arena, "{" SMALLEST ",\"remittance_information\":\"%.*s%s%.*s\"}", at,
                    "abcdefghijklmnopqrstuvwxyz", controls[i], length - at,
                    "abcdefghijklmnopqrstuvwxyz");

                assert_string_equal(faults_of(parse(text), &count),
                                    "/remittance_information: " CONTROL);
            }
        }
    }
}

static void
members_may_come_in_any_order(void **state)
{
    struct payment payment;
    cJSON *json = cJSON_Parse(payment_document), *turned = cJSON_CreateObject();

    (void)state;
    while (json->child) { /* last member first */
        cJSON *last = json->child->prev;

        cJSON_DetachItemViaPointer(json, last);
        cJSON_AddItemToArray(turned, last); /* keeps its name */
    }
    read_good(turned, &payment);
    assert_true(payment.record.goods[0]->value_minor == 60000000); /* before its currency */
    assert_string_equal(payment.record.creditor->name, "Shenzhen Lanyu Components Co., Ltd.");
    cJSON_Delete(json);
    cJSON_Delete(turned);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_lands_in_the_struct),
        cmocka_unit_test(what_is_to_be_pretended_lands_in_the_struct),
        cmocka_unit_test(delays_fall_as_their_distribution_says),
        cmocka_unit_test(parties_and_agents_land_in_the_struct),
        cmocka_unit_test(identifiers_of_every_scheme_land_in_the_order_of_the_documentation),
        cmocka_unit_test(goods_land_in_the_struct),
        cmocka_unit_test(what_is_not_given_is_empty_and_never_null),
        cmocka_unit_test(every_struct_says_its_size),
        cmocka_unit_test(an_agents_country_comes_from_its_bic_where_it_is_not_given),
        cmocka_unit_test(each_fault_is_named_by_pointer_and_sentence),
        cmocka_unit_test(an_empty_object_lacks_all_that_is_required),
        cmocka_unit_test(what_is_no_object_is_one_fault_at_the_root),
        cmocka_unit_test(all_faults_of_a_body_are_reported_at_once),
        cmocka_unit_test(faults_past_the_limit_are_counted_not_listed),
        cmocka_unit_test(arrays_have_limits),
        cmocka_unit_test(a_string_has_at_most_a_thousand_characters),
        cmocka_unit_test(a_control_character_is_found_wherever_it_stands),
        cmocka_unit_test(members_may_come_in_any_order),
    };

    return cmocka_run_group_tests_name("payment_json", tests, NULL, teardown);
}
