/* Scenarios of a payment's later life: what each step asks, and what it makes of the answer. */
#include "tests/support/test.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/stub_bank.h"
#include "tests/support/yuanctl.h"

#define FIXTURES "tests/scenarios/fixtures/"
#define ID       "018edf44-9e80-8ae5-a35a-b7bb2627a94b"

static const struct stub_answer answers[] = {
    {"POST", "/v1/payments", 201,
     "{\"id\":\"" ID "\",\"outcome\":\"held\",\"state\":\"awaiting_information\"}"},
    {"POST", "/v1/payments/" ID "/documents", 200,
     "{\"completeness\":\"partial\",\"missing\":[\"RQSG/RQGF\"],\"state\":\"held\"}"},
    {"POST", "/v1/payments/" ID "/cancellation", 200,
     "{\"iso20022\":{\"message\":\"camt.029\",\"status\":\"PDCR\"},\"state\":\"held\"}"},
    {"POST", "/v1/cases/" ID "/notes", 200, "{\"id\":\"" ID "\",\"status\":\"open\"}"},
    {"POST", "/v1/cases/" ID "/disposition", 200,
     "{\"id\":\"" ID "\",\"disposition\":\"false_positive\"}"},
    {"POST", "/v1/cases/" ID "/release", 409,
     "{\"status\":409,\"detail\":\"anna reviewed it; another person releases it\"}"},
    {"POST", "/v1/clock", 200, "{\"kind\":\"manual\",\"now\":\"…\",\"events\":2}"},
    {"GET", "/v1/payments/" ID, 200,
     "{\"id\":\"" ID "\",\"outcome\":\"blocked\",\"state\":\"returned\",\"disclosed_reason\":"
     "null,\"returned\":{\"currency\":\"CNY\",\"value\":\"90.00\",\"charges\":\"10.00\"},"
     "\"events\":[{\"at\":\"2024-04-20T09:00:00.000+08:00\"},"
     "{\"at\":\"2024-05-20T09:00:00.000+08:00\",\"internal\":{\"cause\":\"hold_ran_out\","
     "\"actor\":\"bank\"}}]}"},
};

static const char asked[] =
    "POST /v1/payments - {\"uetr\":\"u\"}\n"
    "POST /v1/payments/" ID "/documents - "
    "{\"answers\":[{\"request\":\"RQSG/RQHS\",\"hs_code\":\"854231\"}]}\n"
    "POST /v1/cases/" ID "/notes anna {\"text\":\"asked again\"}\n"
    "POST /v1/cases/" ID "/disposition anna "
    "{\"disposition\":\"false_positive\",\"text\":\"toys\"}\n"
    "POST /v1/cases/" ID "/release anna {}\n"
    "POST /v1/payments/" ID "/cancellation - {\"reason\":{\"code\":\"CUST\"}}\n"
    "POST /v1/clock - {\"to\":\"2024-05-25T09:00:00\"}\n"
    "GET /v1/payments/" ID " -\n";

static char output[YUANCTL_OUTPUT_SIZE];

static int
replay(const struct stub_bank *bank, const char *fixture)
{
    char arguments[256];

    snprintf(arguments, sizeof(arguments), "--server http://%s replay " FIXTURES "%s",
             bank->address, fixture);
    return yuanctl(arguments, output);
}

static void
each_step_asks_for_what_it_says(void **state)
{
    struct stub_bank bank;

    (void)state;
    stub_bank_open(&bank, answers, COUNT(answers));
    if (replay(&bank, "life.json") != 0)
        fail_msg("%s", output);
    assert_string_equal(stub_bank_asked(&bank), asked);
    assert_has(output, "four eyes");
    assert_has(output, "409  anna reviewed it; another person releases it\n");
    assert_has(output, "2 events\n");
    assert_has(output, "8 of 8 steps as expected");
    stub_bank_close(&bank);
}

/* The same steps, each answered otherwise. */
static void
what_comes_otherwise_fails_the_step(void **state)
{
    static const struct stub_answer others[] = {
        {"POST", "/v1/payments", 201,
         "{\"id\":\"" ID "\",\"outcome\":\"held\",\"state\":\"awaiting_information\"}"},
        {"POST", "/v1/payments/" ID "/documents", 200,
         "{\"completeness\":\"complete\",\"missing\":[],\"state\":\"held\"}"},
        {"POST", "/v1/cases/" ID "/disposition", 200, "{\"disposition\":null}"},
        {"POST", "/v1/cases/" ID "/release", 200, "{\"state\":\"released\"}"},
        {"POST", "/v1/payments/" ID "/cancellation", 409,
         "{\"title\":\"Conflict\",\"status\":409,\"detail\":\"it is returned\"}"},
        {"POST", "/v1/clock", 200, "{\"events\":1}"},
        {"GET", "/v1/payments/" ID, 200, "{\"state\":\"returned\",\"events\":[]}"},
    };
    static const char *const said[] = {
        "completeness: expected partial, found complete",
        "missing: expected RQSG/RQGF, found nothing",
        "case $kit\n             404 ",
        "disposition: expected false_positive, found nothing",
        "error: expected 409, found nothing",
        "409 Conflict: it is returned",
        "events: expected 2, found 1",
        "at: expected 2024-05-20, found nothing",
        "cause: expected hold_ran_out, found nothing",
        "1 of 8 steps as expected",
    };
    struct stub_bank bank;

    (void)state;
    stub_bank_open(&bank, others, COUNT(others));
    assert_int_equal(replay(&bank, "life.json"), 1);
    for (size_t i = 0; i < COUNT(said); i++)
        assert_has(output, said[i]);
    stub_bank_close(&bank);
}

static void
a_real_hold_ends_as_expected(void **state)
{
    (void)state;
    if (yuanctl("replay " FIXTURES "hold_ends.json", output) != 0)
        fail_msg("%s", output);
    assert_has(output, "6 of 6 steps as expected");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_step_asks_for_what_it_says),
        cmocka_unit_test(what_comes_otherwise_fails_the_step),
        cmocka_unit_test(a_real_hold_ends_as_expected),
    };

    return cmocka_run_group_tests_name("replay, life", tests, NULL, NULL);
}
