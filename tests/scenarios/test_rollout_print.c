/* What yuanctl rollout shows of answers that are rarer than a gateway of a test gives them. */
#include "tests/support/test.h"

#include "clients/rollout_print.h"
#include "tests/support/printed.h"

static bool told; /* of the last refusal */

static void
print_refusal(FILE *out, const cJSON *json)
{
    told = rollout_print_refusal(out, json);
}

static void
an_error_is_marked_behind_its_place(void **state)
{
    (void)state;
    assert_prints(print_refusal,
                  "{\"errors\":[{\"pointer\":\"\",\"detail\":\"a.json:3:7: when: no\"},"
                  "{\"pointer\":\"\",\"detail\":\"a.json: test 3:4: no\"},"
                  "{\"pointer\":\"\",\"detail\":\"a.json:3: no\\u001b\"},"
                  "{\"pointer\":\"\",\"detail\":\"no place\"}]}",
                  "a.json:3:7: error: when: no\n"
                  "a.json: error: test 3:4: no\n"
                  "a.json: error:3: no?\n"
                  " error:no place\n"
                  "refused\n");
    assert_true(told);
}

static void
a_problem_of_the_request_is_left_to_others(void **state)
{
    (void)state;
    assert_prints(print_refusal,
                  "{\"errors\":[{\"pointer\":\"\",\"detail\":\"a.json:1:1: no\"},"
                  "{\"pointer\":\"/digest\",\"detail\":\"no\"}]}",
                  "");
    assert_false(told);
    assert_prints(print_refusal, "{\"title\":\"t\",\"detail\":\"d\"}", "");
    assert_false(told);
}

static void
a_side_without_a_rule_or_an_answer_says_so(void **state)
{
    (void)state;
    assert_prints(
        rollout_print_comparison,
        "{\"name\":\"mine\",\"digest\":\"sha256:0123456789abcdef\",\"since\":\"T\",\"judged\":{"
        "\"payments\":1200000,\"evaluations\":1},\"disagreements\":1,\"moves\":[{\"active\":"
        "\"accept\",\"candidate\":\"hold\",\"count\":1}],\"rules\":[{\"of\":\"candidate\","
        "\"pack\":\"\",\"id\":\"\",\"count\":1}],\"data\":[{\"number\":1,\"traffic\":"
        "\"payment\",\"uetr\":\"u\",\"at\":\"T\",\"bank\":\"B\",\"amount\":{\"currency\":"
        "\"CNY\",\"value\":\"1.00\"},\"active\":{\"action\":\"accept\",\"pack\":\"\",\"rule\":"
        "\"\",\"reason\":{\"code\":\"\",\"text\":\"\"},\"disclosed_code\":\"\",\"failed\":false"
        "},\"candidate\":{\"action\":\"hold\",\"pack\":\"mine@2\",\"rule\":\"\",\"reason\":{"
        "\"code\":\"NARR\",\"text\":\"x\\u001by\"},\"disclosed_code\":\"NARR\",\"failed\":true}"
        "}],\"next_cursor\":null}",
        "mine 0123456789ab in shadow since T\n"
        "1200000 payments and 1 evaluation judged twice, 1 disagreement\n"
        "     1  accept -> hold\n"
        "     1  candidate by no rule\n"
        "\n"
        "T  payment  u  B  CNY 1.00\n"
        "  active     accept\n"
        "  candidate  hold  NARR x?y  told NARR  by mine@2  could not answer\n");
}

static void
a_page_of_names_is_a_table_that_goes_on(void **state)
{
    (void)state;
    assert_prints(
        rollout_print_names,
        "{\"data\":[{\"name\":\"a\",\"in_force\":{\"digest\":\"sha256:1\",\"from\":\"file\"},"
        "\"activated\":null,\"candidate\":null,\"shadow\":null},{\"name\":\"long\","
        "\"in_force\":null,\"activated\":\"sha256:2\",\"candidate\":{\"digest\":\"sha256:2\","
        "\"state\":\"checked\",\"put_at\":\"T\"},\"shadow\":\"sha256:3\"}],\"next_cursor\":"
        "\"long\"}",
        "a     in force 1, from file\n"
        "long  not in force, but activated 2  candidate 2 checked  shadow 3\n"
        "more: --cursor long\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_is_marked_behind_its_place),
        cmocka_unit_test(a_problem_of_the_request_is_left_to_others),
        cmocka_unit_test(a_side_without_a_rule_or_an_answer_says_so),
        cmocka_unit_test(a_page_of_names_is_a_table_that_goes_on),
    };

    return cmocka_run_group_tests_name("yuanctl rollout on a screen", tests, NULL, NULL);
}
