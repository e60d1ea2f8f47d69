/* Reading scenarios: what a good one becomes, and the words for each bad one. */
#include "tests/support/test.h"

#include <string.h>

#include "clients/scenario.h"
#include "gateway/base/json.h"

#define PAID "{\"pay\":{},\"as\":\"a\"},"
#define HEAD "{\"scenario\":\"s\",\"clock\":\"manual:2024-04-01T00:00:00+08:00\",\"steps\":["

static void
a_scenario_becomes_steps_in_order(void **state)
{
    static const char text[] =
        "{\"scenario\":\"s\",\"title\":\"t\",\"seed\":7,\"book\":\"china-2024\","
        "\"clock\":\"manual:2024-04-01T00:00:00+08:00\",\"steps\":["
        "{\"pay\":{\"uetr\":\"u\",\"x\":[1.5]},\"as\":\"kit\",\"expect\":{\"outcome\":\"held\"}"
        "},"
        "{\"advance\":\"P40D\",\"title\":\"later\"},"
        "{\"expect\":{\"payment\":\"$kit\",\"state\":\"returned\"}}]}";
    struct arena arena = {0};
    struct scenario scenario;
    struct error err = {0};

    (void)state;
    assert_int_equal(scenario_read(&arena, "f", text, strlen(text), &scenario, &err), 0);
    assert_string_equal(scenario.name, "s");
    assert_string_equal(scenario.title, "t");
    assert_int_equal(scenario.seed, 7);
    assert_string_equal(scenario.book, "china-2024");
    assert_int_equal(scenario.step_count, 3);
    assert_int_equal(scenario.steps[0].kind, STEP_PAY);
    assert_string_equal(scenario.steps[0].title, "kit");
    assert_string_equal(scenario.steps[0].body, "{\"uetr\":\"u\",\"x\":[1.5]}");
    assert_non_null(scenario.steps[0].expect);
    assert_int_equal(scenario.steps[1].kind, STEP_ADVANCE);
    assert_string_equal(scenario.steps[1].title, "later");
    assert_string_equal(scenario.steps[1].body, "{\"advance\":\"P40D\"}");
    assert_true(scenario.steps[1].move_ms == 40 * 24 * 3600 * 1000LL);
    assert_int_equal(scenario.steps[2].kind, STEP_EXPECT);
    assert_int_equal(scenario.steps[2].payment, 0);
    arena_release(&arena);
}

static void
a_payment_without_uetr_gets_one_that_is_always_the_same(void **state)
{
    static const char text[] = HEAD "{\"pay\":{}},{\"pay\":{\"a\":1}}]}";
    struct arena arena = {0};
    struct scenario scenario;
    struct error err = {0};

    (void)state;
    assert_int_equal(scenario_read(&arena, "f", text, strlen(text), &scenario, &err), 0);
    assert_string_equal(scenario.steps[0].body,
                        "{\"uetr\":\"6ccc94f8-5248-471c-803f-7ec4c4597245\"}");
    assert_string_equal(scenario.steps[1].body,
                        "{\"uetr\":\"e5aa5cc0-27d8-446b-acdd-5b700e912211\",\"a\":1}");
    assert_int_equal(scenario.steps[1].body_len, strlen(scenario.steps[1].body));
    arena_release(&arena);
}

static void
the_uetrs_made_are_valid_and_differ_by_seed_and_step(void **state)
{
    char seen[64][UETR_TEXT_SIZE];

    (void)state;
    for (size_t i = 0; i < COUNT(seen); i++) {
        scenario_uetr((int64_t)(i / 8), i % 8 + 1, seen[i]);
        assert_int_equal(strspn(seen[i], "0123456789abcdef-"), UETR_TEXT_SIZE - 1);
        assert_int_equal(seen[i][14], '4');
        assert_non_null(strchr("89ab", seen[i][19]));
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(seen[i], seen[j]);
    }
}

static void
a_bad_scenario_is_refused_with_step_and_pointer(void **state)
{
    static const struct {
        const char *json, *text;
    } cases[] = {
        {"[]", "f: must be an object"},
        {"{\"clock\":\"wall\",\"steps\":[]}", "f: /scenario: is missing"},
        {"{\"scenario\":\"s\",\"steps\":[]}", "f: /clock: is missing"},
        {"{\"scenario\":\"s\",\"clock\":\"wall\"}", "f: /steps: is missing"},
        {"{\"scenario\":\"s\",\"clock\":\"wall\",\"steps\":[]}",
         "f: /steps: must have 1 to 100000 steps"},
        {"{\"scenario\":1,\"clock\":\"wall\",\"steps\":[]}", "f: /scenario: must be a string"},
        {"{\"scenario\":\"s\",\"sed\":1,\"clock\":\"wall\",\"steps\":[]}",
         "f: /sed: no member of this name"},
        {"{\"scenario\":\"s\",\"Seed\":1,\"clock\":\"wall\",\"steps\":[]}",
         "f: /Seed: no member of this name"},
        {"{\"scenario\":\"s\",\"seed\":1.5,\"clock\":\"wall\",\"steps\":[]}",
         "f: /seed: must be a whole number from 0 to 9007199254740991"},
        {"{\"scenario\":\"s\",\"seed\":-1,\"clock\":\"wall\",\"steps\":[]}",
         "f: /seed: must be a whole number from 0 to 9007199254740991"},
        {"{\"scenario\":\"s\",\"clock\":\"wall\",\"steps\":[{\"advance\":\"P1D\"}]}",
         "f: step 1, /steps/0/advance: the clock is \"wall\", only a manual one is moved"},
        {HEAD "4]}", "f: step 1, /steps/0: must be an object"},
        {HEAD "{}]}",
         "f: step 1, /steps/0: a step has pay, documents, cancel, case, advance, to or expect"},
        {HEAD "{\"Pay\":{}}]}",
         "f: step 1, /steps/0: a step has pay, documents, cancel, case, advance, to or expect"},
        {HEAD "{\"pay\":[]}]}", "f: step 1, /steps/0/pay: must be an object"},
        {HEAD "{\"pay\":{},\"expects\":{}}]}",
         "f: step 1, /steps/0/expects: no member of this name"},
        {HEAD "{\"pay\":{},\"advance\":\"P1D\"}]}",
         "f: step 1, /steps/0/advance: no member of this name"},
        {HEAD "{\"pay\":{},\"as\":\"\"}]}", "f: step 1, /steps/0/as: must not be empty"},
        {HEAD "{\"pay\":{},\"as\":\"a\"},{\"pay\":{},\"as\":\"a\"}]}",
         "f: step 2, /steps/1/as: \"a\" is taken"},
        {HEAD "{\"pay\":{},\"expect\":{}}]}", "f: step 1, /steps/0/expect: expects nothing"},
        {HEAD "{\"pay\":{},\"expect\":{\"state\":\"heldd\"}}]}",
         "f: step 1, /steps/0/expect/state: \"heldd\" is none of received accepted held "
         "awaiting_information released credited rejected returned frozen cancelled"},
        {HEAD "{\"pay\":{},\"as\":\"a\",\"expect\":{\"payment\":\"$a\",\"state\":\"held\"}}]}",
         "f: step 1, /steps/0/expect/payment: only a step that does not pay refers to a "
         "payment"},
        {HEAD "{\"advance\":\"40 days\"}]}",
         "f: step 1, /steps/0/advance: \"40 days\" is not a duration such as P40D or PT1H30M"},
        {HEAD "{\"advance\":\"PT0S\"}]}",
         "f: step 1, /steps/0/advance: \"PT0S\" is not a duration such as P40D or PT1H30M"},
        {HEAD "{\"expect\":{\"state\":\"held\"}}]}",
         "f: step 1, /steps/0/expect/payment: must name a payment, such as \"$kit\""},
        {HEAD "{\"expect\":{\"payment\":\"kit\",\"state\":\"held\"}}]}",
         "f: step 1, /steps/0/expect/payment: must name a payment, such as \"$kit\""},
        {HEAD "{\"pay\":{}},{\"expect\":{\"payment\":\"$\",\"state\":\"held\"}}]}",
         "f: step 2, /steps/1/expect/payment: no step before this one pays as \"\""},
        {HEAD
         "{\"expect\":{\"payment\":\"$a\",\"state\":\"held\"}},{\"pay\":{},\"as\":\"a\"}]}",
         "f: step 1, /steps/0/expect/payment: no step before this one pays as \"a\""},
        {HEAD "{\"to\":\"tomorrow\"}]}",
         "f: step 1, /steps/0/to: \"tomorrow\" is not a time such as 2024-05-25T09:00:00"},
        {HEAD "{\"advance\":\"P1D\",\"expect\":{\"events\":-1}}]}",
         "f: step 1, /steps/0/expect/events: must be a whole number"},
        {HEAD "{\"documents\":{\"payment\":\"$a\"}}]}",
         "f: step 1, /steps/0/documents/answers: is missing"},
        {HEAD "{\"documents\":{\"payment\":\"$a\",\"answers\":[]}}]}",
         "f: step 1, /steps/0/documents/payment: no step before this one pays as \"a\""},
        {HEAD "{\"cancel\":{\"payment\":\"a\"}}]}",
         "f: step 1, /steps/0/cancel/payment: must name a payment, such as \"$kit\""},
        {HEAD "{\"cancel\":{\"payment\":\"$a\",\"code\":\"CUST\"}}]}",
         "f: step 1, /steps/0/cancel/code: no member of this name"},
        {HEAD "{\"cancel\":{\"payment\":\"$a\"},\"by\":\"anna\"}]}",
         "f: step 1, /steps/0/by: no member of this name"},
        {HEAD PAID "{\"case\":{\"payment\":\"$a\"}}]}",
         "f: step 2, /steps/1/case: has disposition, release, return, reject or freeze, or the "
         "text of a note"},
        {HEAD PAID "{\"case\":{\"payment\":\"$a\",\"release\":true,\"freeze\":true}}]}",
         "f: step 2, /steps/1/case/freeze: does not go with release"},
        {HEAD PAID "{\"case\":{\"payment\":\"$a\",\"release\":false}}]}",
         "f: step 2, /steps/1/case/release: must be true"},
        {HEAD PAID "{\"case\":{\"payment\":\"$a\",\"text\":\"x\"},\"by\":\"a\\r\\nb\"}]}",
         "f: step 2, /steps/1/by: must be one line"},
        {HEAD PAID "{\"cancel\":{\"payment\":\"$a\"},\"expect\":{\"payment\":\"$a\",\"status\":"
                   "\"CNCL\"}}]}",
         "f: step 2, /steps/1/expect/payment: the step names its payment itself"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena arena = {0};
        struct scenario scenario;
        struct error err = {0};

        assert_int_equal(
            scenario_read(&arena, "f", cases[i].json, strlen(cases[i].json), &scenario, &err),
            -1);
        assert_string_equal(err.text, cases[i].text);
        arena_release(&arena);
    }
}

static void
a_bad_clock_and_bad_json_name_the_file(void **state)
{
    static const char *const cases[][2] = {
        {"{\"scenario\":\"s\",\"clock\":\"noon\",\"steps\":[{\"pay\":{}}]}", "f: /clock: "},
        {"{\"scenario\":", "f: "},
        {"", "f: "},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena arena = {0};
        struct scenario scenario;
        struct error err = {0};

        assert_int_equal(
            scenario_read(&arena, "f", cases[i][0], strlen(cases[i][0]), &scenario, &err), -1);
        assert_memory_equal(err.text, cases[i][1], strlen(cases[i][1]));
        arena_release(&arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scenario_becomes_steps_in_order),
        cmocka_unit_test(a_payment_without_uetr_gets_one_that_is_always_the_same),
        cmocka_unit_test(the_uetrs_made_are_valid_and_differ_by_seed_and_step),
        cmocka_unit_test(a_bad_scenario_is_refused_with_step_and_pointer),
        cmocka_unit_test(a_bad_clock_and_bad_json_name_the_file),
    };

    return cmocka_run_group_tests_name("scenario", tests, NULL, NULL);
}
