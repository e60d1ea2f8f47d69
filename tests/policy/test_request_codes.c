/*
 * The catalogue of questions: sound in itself, and as the table of codes that it
 * was typed from (skipped where ../shared/data is not there).
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "policy/request_codes.h"
#include "tests/policy/fixture.h"
#include "tests/support/csv.h"
#include "tests/support/test.h"

static void
each_code_is_there_once_and_can_be_answered(void **state) /* Y1 */
{
    size_t count;
    const struct request_code *codes = request_codes(&count);

    (void)state;
    assert_true(count > 30 && count <= REQUEST_CODES_MAX);
    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(codes[i].code);

        if (request_code_find(codes[i].code) != &codes[i] || (len != 9 && len != 4) ||
            (len == 9 && codes[i].code[4] != '/') || codes[i].text[0] == '\0' ||
            (codes[i].field[0] != '\0') != (codes[i].given != NULL) ||
            (!codes[i].given && !codes[i].papers[0]))
            fail_msg("%s", codes[i].code);
        /* The sentence for who wrote another one has them all. */
        if (!strstr(REQUEST_CODES_EXPECTED, codes[i].code + len - 4))
            fail_msg("%s is not told", codes[i].code);
    }
    assert_null(request_code_find("RQSG"));
    assert_null(request_code_find("RQSG/RQHX"));
    assert_null(request_code_find(""));
    assert_null(request_code_find(NULL));
}

static void
what_answers_is_as_the_packs_name_it(void **state)
{
    (void)state;
    assert_string_equal(request_code_find("RQSG/RQHS")->field, "goods/hs_code");
    assert_string_equal(request_code_find("RQSG/RQGF")->field, "trade/destination_country");
    assert_string_equal(request_code_find("RQSG/RQCM")->papers[0], "end-use statement");
    assert_string_equal(request_code_find("RQLD/RCBL")->papers[0], "statement of regions");
    assert_string_equal(request_code_find("RQDO/RQTD")->papers[2], "rail consignment note");
}

/* Codes that the payment answers, joined by blanks. */
static const char *
answered(const struct policy_payment *payment)
{
    static char text[1000];
    size_t count;
    const struct request_code *codes = request_codes(&count);

    text[0] = '\0';
    for (size_t i = 0; i < count; i++)
        if (request_is_answered(codes[i].code, payment)) {
            strcat(text, text[0] != '\0' ? " " : "");
            strcat(text, codes[i].code);
        }
    return text;
}

static void
a_field_or_a_paper_answers_and_nothing_else(void **state)
{
    static const struct policy_vessel vessel = {sizeof(vessel), "Test", "9074729", "CN"};
    static const struct policy_vessel *const vessels[] = {&vessel};
    static const struct policy_owner owner = {sizeof(owner), 500000, "A"};
    static const struct policy_owner *const owners[] = {&owner};
    static const struct policy_identifier inn = {sizeof(inn), "inn", "7700000108"};
    static const struct policy_identifier *const identifiers[] = {&inn};
    struct fixture fixture;
    struct policy_payment *payment = &fixture.payment;

    (void)state;
    fixture_init(&fixture);
    assert_string_equal(answered(payment), "");
    payment->documents = (const char *const[]){"rail consignment note", "gossip"};
    payment->document_count = 2;
    assert_string_equal(answered(payment), "RQDO/RQTD RQLD/RQCT");
    payment->document_count = 0;
    fixture_goods(&fixture, "854231 processors");
    assert_string_equal(answered(payment), "RQSG/RQHS RQSG/RQDG");
    fixture.goods[0].end_use = "repair";
    fixture_goods(&fixture, "casings"); /* a line without code and use */
    assert_string_equal(answered(payment), "RQSG/RQDG");
    payment->goods_count = 0;
    payment->destination_country = "KZ";
    payment->contract = "17";
    payment->route = (const char *const[]){"Khorgos"};
    payment->route_count = 1;
    assert_string_equal(answered(payment), "RQSG/RQGF RQPR/RQRE RQLD/RQCT");
    fixture_init(&fixture);
    payment->vessels = vessels;
    payment->vessel_count = 1;
    fixture.debtor.owners = owners;
    fixture.debtor.owner_count = 1;
    fixture.debtor.identifiers = identifiers;
    fixture.debtor.identifier_count = 1;
    fixture.creditor.address = "Shenzhen";
    fixture.ultimate_debtor.name = "B";
    assert_string_equal(answered(payment), "RQPR/RQUO RQPR/RQUP RQVD/RQIM DTOR/TXID CTOR/RQPA");
    assert_false(request_is_answered("RQSG/RQHX", payment));
}

/* "RQLE|RQPA|TXID" under DTOR: each is a code of its own. */
static void
look_up(void *context, const char *const *cells)
{
    size_t *seen = context, at = 0;

    do {
        size_t len = strcspn(cells[1] + at, "|");
        char code[40];

        snprintf(code, sizeof(code), "%s%s%.*s", cells[0], len > 0 ? "/" : "", (int)len,
                 cells[1] + at);
        if (!request_code_find(code))
            fail_msg("%s is not in the catalogue", code);
        (*seen)++;
        at += len;
    } while (cells[1][at] != '\0' && cells[1][++at] != '\0');
}

static void
it_has_what_the_table_of_codes_has(void **state)
{
    static const char *const columns[] = {"reason", "sub_type"};
    size_t count, seen = 0;

    (void)state;
    if (!csv_each("../shared/data/ref/rfi_codes.csv", columns, 2, look_up, &seen))
        skip();
    request_codes(&count);
    assert_int_equal(seen, count);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_code_is_there_once_and_can_be_answered),
        cmocka_unit_test(what_answers_is_as_the_packs_name_it),
        cmocka_unit_test(a_field_or_a_paper_answers_and_nothing_else),
        cmocka_unit_test(it_has_what_the_table_of_codes_has),
    };

    return cmocka_run_group_tests_name("request codes", tests, NULL, NULL);
}
