/* What yuanctl lists shows of answers that are rarer than a gateway of a test gives them. */
#include "tests/support/test.h"

#include "clients/lists_gateway.h"
#include "tests/support/printed.h"

static bool told; /* of the last refusal */

static void
print_refusal(FILE *out, const cJSON *json)
{
    told = lists_print_refusal(out, json);
}

#define HIT(entry, matched, score)                                                             \
    "{\"list\":\"mine\",\"entry\":\"" entry "\",\"field\":\"debtor/name\",\"query\":\"q\","    \
    "\"matched\":\"" matched "\",\"score\":" score "}"

static void
an_impact_shows_moves_and_both_kinds_of_hits(void **state)
{
    (void)state;
    assert_prints(
        lists_print_shadow,
        "{\"name\":\"mine\",\"digest\":\"sha256:0123456789abcdef\",\"judged\":{"
        "\"payments\":1,\"evaluations\":2},\"disagreements\":3,\"moves\":[],\"rules\":"
        "[],\"data\":[],\"impact\":{\"payments\":998,\"unread\":2,\"flips\":3,"
        "\"hits_changed\":5,\"moves\":[{\"from\":\"accept\",\"to\":\"reject\","
        "\"count\":3}],\"data\":[{\"id\":\"I\",\"uetr\":\"U\",\"decided_at\":\"T\","
        "\"amount\":{\"currency\":\"CNY\",\"value\":\"1.00\"},\"from\":\"accept\","
        "\"to\":\"reject\",\"rules\":[\"LST-01\",\"LST-02\"],\"hits_added\":[" HIT(
            "7", "m\\u001b",
            "0.9123") "],\"hits_gone\":[" HIT("8", "n",
                                              "1") "]}]},"
                                                   "\"findings\":[{\"severity\":\"warning\","
                                                   "\"file\":\"a.csv\",\"line\":2,"
                                                   "\"column\":1,\"rule\":\"\",\"sentence\":"
                                                   "\"s\"}]}",
        "mine 0123456789ab\n"
        "1 payment and 2 evaluations judged twice, 3 disagreements\n"
        "of the last 998 payments 3 would be decided otherwise, 5 have other hits\n"
        "2 records could not be read\n"
        "     3  accept -> reject\n"
        "\n"
        "T  I  CNY 1.00  accept -> reject  by LST-01, LST-02\n"
        "  found  debtor/name  q is m?, mine 7, score 0.9123\n"
        "  gone   debtor/name  q is n, mine 8, score 1\n"
        "a.csv:2:1: warning: s\n");
}

static void
an_impact_that_is_not_known_says_why(void **state)
{
    (void)state;
    assert_prints(
        lists_print_shadow,
        "{\"name\":\"mine\",\"digest\":\"sha256:01\",\"impact\":{\"error\":\"busy\"}}",
        "mine 01\n"
        "0 payments and 0 evaluations judged twice, 0 disagreements\n"
        "the last payments could not be looked at: busy\n");
}

static void
columns_are_as_wide_as_what_is_in_them(void **state)
{
    (void)state;
    assert_prints(
        lists_print_all,
        "{\"data\":[{\"name\":\"a-long-name\",\"in_force\":{\"from\":\"file\"},"
        "\"loaded\":{\"entries\":15000,\"names\":33000,\"published_on\":\"2024-04-01\","
        "\"as_of\":null,\"age_days\":1},\"alarm\":null,\"incoming\":[],\"shadow\":null},"
        "{\"name\":\"b\",\"in_force\":null,\"loaded\":null,\"alarm\":\"why\\n\","
        "\"incoming\":[\"x\"],\"shadow\":\"sha256:01\"},"
        "{\"name\":\"c\",\"in_force\":{\"from\":\"activation\"},\"loaded\":{"
        "\"entries\":1,\"names\":2,\"published_on\":\"2020-01-01\",\"as_of\":"
        "\"2020-02-02\",\"age_days\":null}}],\"next_cursor\":\"c\"}",
        "name         from        entries  names  published           age  shadow  "
        "incoming  alarm\n"
        "a-long-name  file          15000  33000  2024-04-01        1 day  -       -  "
        "       -\n"
        "b            -                 -      -  -                     -  yes     1 "
        "file    refused\n  why?\n"
        "c            activation        1      2  as of 2020-02-02      -  -       -  "
        "       -\n"
        "more: --cursor c\n");
}

static void
a_list_that_was_activated_and_is_not_there_says_so(void **state)
{
    (void)state;
    assert_prints(lists_print_one,
                  "{\"name\":\"mine\",\"in_force\":null,\"activated\":\"sha256:01\",\"loaded\":"
                  "null,\"shadow\":\"sha256:02\",\"alarm\":null,\"incoming\":[]}",
                  "mine\n  not in force, but activated: sha256:01\n  shadow     sha256:02\n");
}

static void
a_refusal_without_rows_is_one_line(void **state)
{
    (void)state;
    assert_prints(print_refusal, "{\"detail\":\"list mine: a.csv: the file is empty\"}",
                  "refused: list mine: a.csv: the file is empty\n");
    assert_true(told);
    assert_prints(print_refusal,
                  "{\"detail\":\"nothing was done\",\"errors\":[{\"pointer\":\"/as_of\","
                  "\"detail\":\"d\"}]}",
                  "");
    assert_false(told);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_impact_shows_moves_and_both_kinds_of_hits),
        cmocka_unit_test(an_impact_that_is_not_known_says_why),
        cmocka_unit_test(columns_are_as_wide_as_what_is_in_them),
        cmocka_unit_test(a_list_that_was_activated_and_is_not_there_says_so),
        cmocka_unit_test(a_refusal_without_rows_is_one_line),
    };

    return cmocka_run_group_tests_name("lists show", tests, NULL, NULL);
}
