/* Expectations of a scenario: compared with an answer, and refused where they make no sense. */
#include "tests/support/test.h"

#include <string.h>

#include "clients/expectation.h"
#include "gateway/base/json.h"

static const char blocked[] =
    "{\"id\":\"1\",\"outcome\":\"blocked\",\"state\":\"returned\","
    "\"iso20022\":{\"message\":\"pacs.004\",\"transaction_status\":null,\"reason_code\":"
    "\"MS03\"},"
    "\"decision\":{\"action\":\"return\",\"reason\":{\"code\":\"RR04\",\"text\":\"x\"},"
    "\"rules\":[{\"id\":\"CNY-01\"},{\"id\":\"KIT-01\"}],\"kits\":[{\"kit\":\"notebook\"}]}}";

static const char approved[] =
    "{\"id\":\"2\",\"outcome\":\"approved\",\"state\":\"accepted\","
    "\"iso20022\":{\"message\":\"pacs.002\",\"transaction_status\":\"ACSP\"},"
    "\"decision\":{\"action\":\"accept\",\"rules\":[],\"kits\":[]}}";

static const char refused[] =
    "{\"status\":422,\"detail\":\"the answer is at fault\","
    "\"errors\":[{\"pointer\":\"/hs_code\",\"detail\":\"contradicts the goods\"}]}";

/* What is missing may be named by objects as well. */
static const char asked[] = "{\"missing\":[{\"request\":\"RQSG/RQHS\",\"meaning\":\"x\"}]}";

/* A case has its payment inside, and calls its events steps. */
static const char of_case[] =
    "{\"id\":\"1\",\"disposition\":null,\"payment\":{\"state\":\"held\"},"
    "\"steps\":[{\"internal\":{\"actor\":\"anna\"}}]}";

static cJSON *
json_of(struct arena *arena, const char *text)
{
    struct error err = {0};
    cJSON *json;

    assert_int_equal(json_parse(arena, text, strlen(text), &json, &err), 0);
    return json;
}

static void
what_came_as_expected_has_no_mismatch(void **state)
{
    static const struct {
        const char *expect;
        const char *answer;
    } cases[] = {
        {"{\"outcome\":\"blocked\",\"state\":\"returned\",\"action\":\"return\"}", blocked},
        {"{\"reason_code\":\"RR04\",\"disclosed_reason_code\":\"MS03\"}", blocked},
        {"{\"transaction_status\":null,\"rules\":[\"KIT-01\"],\"kits\":[\"notebook\"]}",
         blocked},
        {"{\"rules\":[\"KIT-01\",\"CNY-01\"]}", blocked},
        {"{\"reason_code\":null,\"rules\":[],\"kits\":[]}", approved},
        {"{\"transaction_status\":\"ACSP\",\"disclosed_reason_code\":null}", approved},
        {"{\"disclosed_reason\":null,\"charges\":null}", approved},
        {"{\"error\":422,\"detail\":\"at fault\"}", refused},
        {"{\"error\":422,\"detail\":\"/hs_code: contradicts\"}", refused},
        {"{\"missing\":[\"RQSG/RQHS\"]}", asked},
        {"{\"state\":\"held\",\"disposition\":null,\"actor\":\"anna\"}", of_case},
    };
    struct arena arena = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct mismatch mismatches[EXPECT_MEMBERS_MAX];
        struct error err = {0};
        cJSON *expect = json_of(&arena, cases[i].expect);

        assert_int_equal(expectation_read(expect, "", &err), 0);
        assert_int_equal(
            expectation_check(expect, json_of(&arena, cases[i].answer), &arena, mismatches), 0);
    }
    arena_release(&arena);
}

static void
each_difference_is_told_with_both_sides(void **state)
{
    static const struct {
        const char *expect, *answer, *member, *expected, *found;
    } cases[] = {
        /* clang-format off */
        {"{\"outcome\":\"held\"}",               blocked,  "outcome", "held", "blocked"},
        {"{\"state\":\"held\"}",                 approved, "state", "held", "accepted"},
        {"{\"action\":\"hold\"}",                blocked,  "action", "hold", "return"},
        {"{\"reason_code\":\"RR04\"}",           approved, "reason_code", "RR04", "nothing"},
        {"{\"reason_code\":null}",               blocked,  "reason_code", "nothing", "RR04"},
        {"{\"disclosed_reason_code\":\"RR04\"}", blocked,  "disclosed_reason_code", "RR04", "MS03"},
        {"{\"transaction_status\":\"RJCT\"}",    blocked,  "transaction_status", "RJCT", "nothing"},
        {"{\"rules\":[\"KIT-01\",\"AMT-01\"]}",  blocked,  "rules", "KIT-01, AMT-01", "CNY-01, KIT-01"},
        {"{\"rules\":[]}",                       blocked,  "rules", "nothing", "CNY-01, KIT-01"},
        {"{\"kits\":[\"phone\"]}",               approved, "kits", "phone", "nothing"},
        {"{\"error\":409}",                    refused,  "error", "409", "422"},
        {"{\"error\":409}",                    approved, "error", "409", "nothing"},
        {"{\"error\":422,\"detail\":\"no\"}",  refused,  "detail", "no", "the answer is at fault; /hs_code: contradicts the goods"},
        {"{\"missing\":[]}",                   asked,    "missing", "nothing", "RQSG/RQHS"},
        /* clang-format on */
    };
    struct arena arena = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct mismatch mismatches[EXPECT_MEMBERS_MAX];
        cJSON *expect = json_of(&arena, cases[i].expect);
        cJSON *answer = json_of(&arena, cases[i].answer);

        assert_int_equal(expectation_check(expect, answer, &arena, mismatches), 1);
        assert_string_equal(mismatches[0].member, cases[i].member);
        assert_string_equal(mismatches[0].expected, cases[i].expected);
        assert_string_equal(mismatches[0].found, cases[i].found);
    }
    arena_release(&arena);
}

static void
all_differences_of_one_payment_are_found(void **state)
{
    struct mismatch mismatches[EXPECT_MEMBERS_MAX];
    struct arena arena = {0};
    cJSON *expect =
        json_of(&arena, "{\"outcome\":\"held\",\"state\":\"held\",\"action\":\"hold\","
                        "\"reason_code\":\"A\",\"disclosed_reason_code\":\"B\","
                        "\"transaction_status\":\"C\",\"rules\":[\"D\"],"
                        "\"kits\":[\"E\"],\"at\":\"F\",\"cause\":\"G\",\"actor\":\"H\","
                        "\"returned\":\"1\",\"charges\":\"2\",\"status\":\"CNCL\","
                        "\"completeness\":\"partial\",\"missing\":[\"I\"],"
                        "\"disposition\":\"true_match\",\"events\":1,"
                        "\"disclosed_reason\":\"J\"}");

    (void)state;
    assert_int_equal(expectation_check(expect, json_of(&arena, blocked), &arena, mismatches),
                     EXPECT_MEMBERS_MAX - 1); /* all but error, which stands alone */
    arena_release(&arena);
}

static void
what_makes_no_sense_is_refused_with_a_pointer(void **state)
{
    static const struct {
        const char *expect, *text;
    } cases[] = {
        {"{}", "/steps/0/expect: expects nothing"},
        {"{\"payment\":\"$a\"}", "/steps/0/expect: expects nothing"},
        {"{\"outcom\":\"held\"}",
         "/steps/0/expect/outcom: nothing of this name can be expected"},
        {"{\"outcome\":\"denied\"}",
         "/steps/0/expect/outcome: \"denied\" is none of approved held blocked"},
        {"{\"outcome\":\"hel\"}",
         "/steps/0/expect/outcome: \"hel\" is none of approved held blocked"},
        {"{\"outcome\":null}", "/steps/0/expect/outcome: must be a string"},
        {"{\"reason_code\":4}", "/steps/0/expect/reason_code: must be a string or null"},
        {"{\"rules\":\"KIT-01\"}", "/steps/0/expect/rules: must be an array of strings"},
        {"{\"rules\":[\"A\",1]}", "/steps/0/expect/rules/1: must be a string"},
        {"{\"events\":1.5}", "/steps/0/expect/events: must be a whole number"},
        {"{\"error\":\"409\"}", "/steps/0/expect/error: must be a whole number"},
        {"{\"detail\":\"x\"}", "/steps/0/expect/detail: goes with error alone"},
        {"{\"error\":409,\"state\":\"held\"}",
         "/steps/0/expect/state: does not go with error, which expects a refusal"},
        {"{\"at\":\"\"}", "/steps/0/expect/at: \"\" would be met by any answer"},
        {"{\"error\":409,\"detail\":\"\"}",
         "/steps/0/expect/detail: \"\" would be met by any answer"},
        {"{\"completeness\":\"all\"}", "/steps/0/expect/completeness: \"all\" is none of "
                                       "complete partial contradictory"},
    };
    struct arena arena = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct error err = {0};

        assert_int_equal(
            expectation_read(json_of(&arena, cases[i].expect), "/steps/0/expect", &err), -1);
        assert_string_equal(err.text, cases[i].text);
    }
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_came_as_expected_has_no_mismatch),
        cmocka_unit_test(each_difference_is_told_with_both_sides),
        cmocka_unit_test(all_differences_of_one_payment_are_found),
        cmocka_unit_test(what_makes_no_sense_is_refused_with_a_pointer),
    };

    return cmocka_run_group_tests_name("expectations", tests, NULL, NULL);
}
