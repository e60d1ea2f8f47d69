/* yuanctl clock, cases, documents, cancel and get: what they ask, and what they show of it. */
#include "tests/support/test.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/stub_bank.h"
#include "tests/support/yuanctl.h"

#define ID      "018edf44-9e80-8ae5-a35a-b7bb2627a94b"
#define ANSWERS "tests/scenarios/fixtures/answers.json"

#define CASE                                                                                   \
    "{\"id\":\"" ID "\",\"status\":\"open\",\"opened_at\":\"o\",\"due_at\":\"d\",\"overdue\":" \
    "false,\"disposition\":\"false_positive\",\"reviewer\":\"anna\",\"payment\":{\"uetr\":"    \
    "\"u\",\"state\":\"held\",\"amount\":{\"currency\":\"CNY\",\"value\":\"5.00\"},"           \
    "\"debtor\":{\"name\":\"A\"},\"creditor\":{\"name\":\"B\\u0007\"}},\"alerts\":{\"rules\":" \
    "[{\"id\":\"AMT-01\",\"title\":\"large\"}],\"hits\":[{\"list\":\"ofac\",\"entry\":\"7\","  \
    "\"field\":\"debtor\",\"matched\":\"C\"}]},\"steps\":[{\"type\":\"case.disposition\","     \
    "\"at\":\"t\",\"from\":\"held\",\"state\":\"held\",\"iso20022\":null,\"internal\":{"       \
    "\"actor\":\"anna\",\"cause\":\"case_disposition\",\"disposition\":\"false_positive\","    \
    "\"text\":\"another C\"}}]}"
#define CASE_LINE ID "  open  held  CNY 5.00  A -> B?  false_positive by anna  due d\n"
#define CASE_SHOWN                                                                             \
    CASE_LINE "  opened    o\n  uetr      u\n  rule      AMT-01 large\n"                       \
              "  hit       ofac 7  debtor  C\n"                                                \
              "  event     t  case.disposition  by anna: case_disposition  false_positive\n"   \
              "            another C\n"

static const struct stub_answer answers[] = {
    {"GET", "/v1/clock", 200, "{\"kind\":\"manual\",\"now\":\"n\"}"},
    {"POST", "/v1/clock", 200, "{\"kind\":\"manual\",\"now\":\"m\",\"events\":2}"},
    {"GET", "/v1/cases", 200,
     "{\"data\":[" CASE ",{\"id\":\"2\",\"overdue\":true,\"due_at\":\"e\","
     "\"cancellation_requested\":true}],\"next_cursor\":\"c\"}"},
    {"GET", "/v1/cases/" ID, 200, CASE},
    {"POST", "/v1/cases/" ID "/notes", 200, CASE},
    {"POST", "/v1/cases/" ID "/disposition", 200, CASE},
    {"POST", "/v1/cases/" ID "/return", 200, CASE},
    {"POST", "/v1/cases/" ID "/release", 409,
     "{\"title\":\"Conflict\",\"detail\":\"four eyes\"}"},
    {"GET", "/v1/payments/" ID, 200,
     "{\"outcome\":\"held\",\"state\":\"awaiting_information\",\"requested\":[\"RQSG/RQHS\"],"
     "\"answer_by\":\"d\",\"events\":[{\"type\":\"payment.awaiting_information\",\"at\":\"t\","
     "\"from\":\"held\",\"state\":\"awaiting_information\",\"iso20022\":{\"message\":"
     "\"pacs.002\",\"transaction_status\":\"ACSP\",\"reason_code\":\"G003\"},\"internal\":{"
     "\"actor\":\"bank\",\"cause\":\"asked\",\"reason\":{\"code\":\"RR04\",\"text\":\"x\"},"
     "\"follows\":{\"at\":\"f\",\"action\":\"return\"}}}]}"},
    {"GET", "/v1/payments/none", 200, "{\"state\":\"accepted\"}"},
    {"POST", "/v1/payments/" ID "/documents", 200,
     "{\"completeness\":\"partial\",\"missing\":[\"RQSG/RQGF\",{\"request\":\"RQDO/RQCD\","
     "\"text\":\"customs declaration\"}],\"state\":\"held\"}"},
    {"POST", "/v1/payments/" ID "/cancellation", 200,
     "{\"iso20022\":{\"message\":\"camt.029\",\"status\":\"RJCR\",\"reason_code\":\"LEGL\"},"
     "\"state\":\"frozen\"}"},
};

static const struct {
    const char *arguments;
    int status;
    const char *asked, *shown;
} cases[] = {
    /* clang-format off */
    { "clock",               0, "GET /v1/clock -\n", "n  manual\n" },
    { "clock show",          0, "GET /v1/clock -\n", "n  manual\n" },
    { "clock advance P40D",  0, "POST /v1/clock - {\"advance\":\"P40D\"}\n", "m  manual  2 events\n" },
    { "clock to 2024-05-25", 0, "POST /v1/clock - {\"to\":\"2024-05-25\"}\n", "m  manual  2 events\n" },
    { "--json clock",        0, "GET /v1/clock -\n", "{\"kind\":\"manual\",\"now\":\"n\"}\n" },
    { "clock advance",       2, "", "yuanctl: clock advance takes DURATION (yuanctl clock --help lists all)\n" },
    { "clock back P1D",      2, "", "yuanctl: there is no clock command \"back\" (yuanctl clock --help lists all)\n" },
    { "cases list",          0, "GET /v1/cases -\n", CASE_LINE "2  OVERDUE since e  recalled\nmore: --cursor c\n" },
    { "cases list --status open --state held --disposition none --overdue --limit 5 --cursor c", 0,
      "GET /v1/cases?overdue=true&status=open&state=held&disposition=none&limit=5&cursor=c -\n",
      CASE_LINE "2  OVERDUE since e  recalled\nmore: --cursor c\n" },
    { "cases show " ID,      0, "GET /v1/cases/" ID " -\n", CASE_SHOWN },
    { "cases show 7/8",      1, "GET /v1/cases/7%2F8 -\n", "404 Not Found: the test says nothing of this path\n" },
    { "cases note " ID " 'a \"b\"' --as anna", 0, "POST /v1/cases/" ID "/notes anna {\"text\":\"a \\\"b\\\"\"}\n", CASE_SHOWN },
    { "cases dispose " ID " true_match --text why", 0,
      "POST /v1/cases/" ID "/disposition - {\"disposition\":\"true_match\",\"text\":\"why\"}\n", CASE_SHOWN },
    { "cases return " ID " --text why --reason RR04 --disclosed MS03 --as boris", 0,
      "POST /v1/cases/" ID "/return boris {\"text\":\"why\",\"reason\":{\"code\":\"RR04\"},\"disclosed\":{\"code\":\"MS03\"}}\n", CASE_SHOWN },
    { "cases release " ID " --text why --as anna", 1, "POST /v1/cases/" ID "/release anna {\"text\":\"why\"}\n", "409 Conflict: four eyes\n" },
    { "cases note " ID,      2, "", "yuanctl: cases note takes ID TEXT (yuanctl cases --help lists all)\n" },
    { "cases note " ID " x --as ''", 2, "", "yuanctl: --as must be a name on one line\n" },
    { "cases show " ID " --text x", 2, "", "yuanctl: --text belongs to cases dispose, cases release, cases return, cases reject, cases freeze (yuanctl --help lists all)\n" },
    { "cases",               2, "", "yuanctl: cases takes COMMAND (yuanctl --help lists all)\n" },
    { "documents " ID,       0, "GET /v1/payments/" ID " -\n", "awaiting_information  answer by d\n  asked     RQSG/RQHS\n" },
    { "documents none",      0, "GET /v1/payments/none -\n", "accepted  nothing is asked\n" },
    { "documents " ID " " ANSWERS, 0,
      "POST /v1/payments/" ID "/documents - {\"answers\":[ { \"request\": \"RQSG/RQHS\", \"hs_code\": \"950300\", "
      "\"documents\": [\"invoice\"], \"attested\": true } ]\n}\n",
      "partial  held\n  missing   RQSG/RQGF\n  missing   RQDO/RQCD  customs declaration\n" },
    { "documents " ID " - <tests/scenarios/fixtures/no_answers.json", 0, "POST /v1/payments/" ID "/documents - {\"answers\":[]}\n\n",
      "partial  held\n  missing   RQSG/RQGF\n  missing   RQDO/RQCD  customs declaration\n" },
    { "documents " ID " none.json", 2, "", "yuanctl: none.json: No such file or directory\n" },
    { "cancel " ID,          0, "POST /v1/payments/" ID "/cancellation - {\"reason\":{\"code\":\"CUST\"}}\n", "RJCR  refused  LEGL  frozen\n" },
    { "cancel " ID " --reason DUPL", 0, "POST /v1/payments/" ID "/cancellation - {\"reason\":{\"code\":\"DUPL\"}}\n", "RJCR  refused  LEGL  frozen\n" },
    /* clang-format on */
};

static struct stub_bank bank;
static char output[YUANCTL_OUTPUT_SIZE];

/* Run it against the stub; what was asked is in stub_bank_asked() then. */
static int
run(const char *arguments)
{
    char line[512];

    stub_bank_forget(&bank);
    snprintf(line, sizeof(line), "--server http://%s %s", bank.address, arguments);
    return yuanctl(line, output);
}

static void
each_command_asks_for_and_shows_what_it_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int status = run(cases[i].arguments);

        if (status != cases[i].status || strcmp(stub_bank_asked(&bank), cases[i].asked) != 0 ||
            strcmp(output, cases[i].shown) != 0)
            fail_msg("%s: status %d\nasked:\n%sshown:\n%s", cases[i].arguments, status,
                     stub_bank_asked(&bank), output);
    }
}

static void
a_payment_is_shown_with_the_events_of_its_life(void **state)
{
    (void)state;
    assert_int_equal(run("get " ID), 0);
    assert_has(output, "held  awaiting_information  \n");
    assert_has(output, "  event     t  payment.awaiting_information  held -> "
                       "awaiting_information  by bank: asked  pacs.002 ACSP G003  reason RR04 x"
                       "  then return f\n");
}

static int
open_bank(void **state)
{
    (void)state;
    stub_bank_open(&bank, answers, COUNT(answers));
    return 0;
}

static int
close_bank(void **state)
{
    (void)state;
    stub_bank_close(&bank);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_command_asks_for_and_shows_what_it_says),
        cmocka_unit_test(a_payment_is_shown_with_the_events_of_its_life),
    };

    return cmocka_run_group_tests_name("life commands", tests, open_bank, close_bank);
}
