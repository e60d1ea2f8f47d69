/* What yuanctl shows a person: complete, and harmless to a terminal. */
#include "tests/support/test.h"

#include "clients/print.h"
#include "tests/support/printed.h"

static void
print_as_text(FILE *out, const cJSON *json)
{
    print_text(out, json->valuestring);
}

static void
print_as_problem(FILE *out, const cJSON *json)
{
    print_problem(out, "> ", 422, json);
}

static void
control_characters_do_not_reach_the_terminal(void **state)
{
    (void)state;
    assert_prints(print_as_text, "\"\\u001b[31mred\\u0007\\r\\n\\u007f\"", "?[31mred????");
    assert_prints(print_as_text, "\"\\u009b2J\\u0085\"", "?2J?");
    assert_prints(print_as_text,
                  "\"\xd0\x9e\xd0\x9e\xd0\x9e \xe6\xb7\xb1\xe5\x9c\xb3 \xc2\xa0\"",
                  "\xd0\x9e\xd0\x9e\xd0\x9e \xe6\xb7\xb1\xe5\x9c\xb3 \xc2\xa0");
}

static void
a_decision_is_shown_with_reasons_rules_and_kits(void **state)
{
    (void)state;
    assert_prints(
        print_decision,
        "{\"id\":\"i\",\"uetr\":\"u\",\"outcome\":\"blocked\",\"state\":\"rejected\","
        "\"iso20022\":{\"message\":\"pacs.002\",\"transaction_status\":\"RJCT\","
        "\"reason_code\":\"MS03\"},\"disclosed_reason\":\"NOT SAID\",\"decided_at\":\"t\","
        "\"decision\":{\"action\":\"reject\",\"bank\":{\"bic\":\"HLDBCNBS\",\"class\":\"c\"},"
        "\"reason\":{\"code\":\"RR04\",\"text\":\"a kit\"},"
        "\"rules\":[{\"id\":\"KIT-01\",\"title\":\"kits\",\"action\":\"reject\","
        "\"because\":[\"goods/0 854231\",\"goods/1 847330\"]}],"
        "\"kits\":[{\"kit\":\"notebook\",\"coverage\":0.75,\"parts\":[\"processor\",\"casing\"]"
        ","
        "\"missing\":[\"battery\"]}],\"decisive\":[\"debtor/country\",\"goods/0\"]}}",
        "blocked  rejected  RR04\n"
        "  id        i\n"
        "  uetr      u\n"
        "  decided   t\n"
        "  bank      HLDBCNBS c\n"
        "  action    reject\n"
        "  reason    RR04 a kit\n"
        "  told      MS03 NOT SAID\n"
        "  message   pacs.002 RJCT\n"
        "  rule      KIT-01 kits (reject)\n"
        "            goods/0 854231\n"
        "            goods/1 847330\n"
        "  kit       notebook 75 %: processor, casing; missing battery\n"
        "  decisive  debtor/country, goods/0\n");
}

static void
what_is_asked_comes_back_or_follows_is_shown(void **state)
{
    (void)state;
    assert_prints(print_decision,
                  "{\"outcome\":\"held\",\"state\":\"awaiting_information\","
                  "\"requested\":[\"RQSG/RQHS\",\"RQDO/RQCD\"],\"answer_by\":\"d\","
                  "\"decision\":{\"action\":\"request_information\","
                  "\"follows\":{\"at\":\"t\",\"action\":\"return\",\"reason\":null}}}",
                  "held  awaiting_information  \n"
                  "  action    request_information\n"
                  "  asked     RQSG/RQHS, RQDO/RQCD\n"
                  "  answer by d\n"
                  "  follows   return t\n");
    assert_prints(print_decision,
                  "{\"outcome\":\"blocked\",\"state\":\"returned\",\"returned\":"
                  "{\"currency\":\"CNY\",\"value\":\"99.00\",\"charges\":\"1.00\"},"
                  "\"decision\":{\"follows\":null}}",
                  "blocked  returned  \n"
                  "  returned  99.00 CNY\n"
                  "  charges   1.00\n");
}

static void
a_problem_is_shown_with_every_pointer(void **state)
{
    (void)state;
    assert_prints(print_as_problem,
                  "{\"title\":\"Unprocessable Content\",\"status\":422,\"detail\":\"2 faults\","
                  "\"errors\":[{\"pointer\":\"/amount/value\",\"detail\":\"is no amount\"},"
                  "{\"pointer\":\"\",\"detail\":\"is no object\"}]}",
                  "> 422 Unprocessable Content: 2 faults\n"
                  ">   /amount/value  is no amount\n"
                  ">   (the whole body)  is no object\n");
    assert_prints(print_as_problem, "[]", "> 422 (no problem+json in the reply)\n");
}

static void
a_list_is_a_line_a_payment_and_says_how_to_go_on(void **state)
{
    (void)state;
    assert_prints(print_list,
                  "{\"data\":[{\"id\":\"i\",\"decided_at\":\"t\",\"outcome\":\"held\","
                  "\"state\":\"held\",\"iso20022\":{\"reason_code\":\"NARR\"}}],"
                  "\"next_cursor\":\"c9\"}",
                  "i  t  held  held  NARR\nmore: --cursor c9\n");
    assert_prints(print_list, "{\"data\":[],\"next_cursor\":null}", "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(control_characters_do_not_reach_the_terminal),
        cmocka_unit_test(a_decision_is_shown_with_reasons_rules_and_kits),
        cmocka_unit_test(what_is_asked_comes_back_or_follows_is_shown),
        cmocka_unit_test(a_problem_is_shown_with_every_pointer),
        cmocka_unit_test(a_list_is_a_line_a_payment_and_says_how_to_go_on),
    };

    return cmocka_run_group_tests_name("yuanctl prints", tests, NULL, NULL);
}
