/* The command line of yuanctl: what is taken, and the words for what is not. */
#include "tests/support/test.h"

#include <string.h>

#include "clients/options.h"

#define WORDS_MAX 8

/* argv of a line, split at blanks in place. */
static int
parse(char *line, struct options *options, struct error *err)
{
    char *argv[WORDS_MAX] = {NULL};
    int argc = 0;

    for (char *word = strtok(line, " "); word && argc < WORDS_MAX; word = strtok(NULL, " "))
        argv[argc++] = word;
    return options_parse(argc, argv, options, err);
}

static void
options_stand_before_or_after_the_command(void **state)
{
    static const char *const lines[] = {
        "yuanctl --server http://h:1 --json list --currency CNY",
        "yuanctl list --json --currency=CNY --server=http://h:1",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(lines); i++) {
        struct options options;
        struct error err = {0};
        char line[80];

        strcpy(line, lines[i]);
        assert_int_equal(parse(line, &options, &err), 0);
        assert_string_equal(options.command, "list");
        assert_int_equal(options.argument_count, 0);
        assert_string_equal(options.values[OPTION_SERVER], "http://h:1");
        assert_string_equal(options.values[OPTION_JSON], "");
        assert_string_equal(options.values[OPTION_CURRENCY], "CNY");
        assert_null(options.values[OPTION_STATE]);
    }
}

static void
a_lone_dash_is_an_argument_and_two_end_the_options(void **state)
{
    struct options options;
    struct error err = {0};
    char dash[] = "yuanctl pay -", end[] = "yuanctl -- get --json";

    (void)state;
    assert_int_equal(parse(dash, &options, &err), 0);
    assert_string_equal(options.arguments[0], "-");
    assert_int_equal(parse(end, &options, &err), 0);
    assert_string_equal(options.arguments[0], "--json");
    assert_null(options.values[OPTION_JSON]);
}

static void
an_option_of_two_commands_is_taken_by_both(void **state)
{
    static const char *const lines[] = {"yuanctl policy diff a b --scenario f",
                                        "yuanctl policy matrix --scenario f"};

    (void)state;
    for (size_t i = 0; i < COUNT(lines); i++) {
        struct options options;
        struct error err = {0};
        char line[80];

        strcpy(line, lines[i]);
        if (parse(line, &options, &err) != 0)
            fail_msg("%s: %s", lines[i], err.text);
        assert_string_equal(options.values[OPTION_SCENARIO], "f");
    }
}

static void
a_bad_line_is_named_in_words(void **state)
{
    static const struct {
        const char *line;
        const char *text;
    } cases[] = {
        {"yuanctl pay --jsn f", "there is no option --jsn"},
        {"yuanctl pay --js f", "there is no option --js"},
        {"yuanctl pay -j f", "there is no option -j"},
        {"yuanctl pay f --server", "--server needs a value: URL"},
        {"yuanctl pay f --json=yes", "--json takes no value"},
        {"yuanctl --json pay f --json", "--json is given twice"},
        {"yuanctl pay f --state held",
         "--state belongs to list, cases list, watch, webhooks add"},
        {"yuanctl --gateway g list", "--gateway belongs to replay"},
        {"yuanctl pay f --explain", "--explain belongs to evaluate, lists score, lists screen"},
        {"yuanctl policy check p --junit f", "--junit belongs to policy test"},
        {"yuanctl policy --junit f", "--junit belongs to policy test"},
        {"yuanctl polic test --junit f", "--junit belongs to policy test"},
        {"yuanctl --strict", "--strict belongs to policy check"},
        {"yuanctl pay f --policy p", "--policy belongs to evaluate"},
        {"yuanctl policy check p --scenario f",
         "--scenario belongs to policy diff, policy matrix"},
        {"yuanctl policy matri --scenario f",
         "--scenario belongs to policy diff, policy matrix"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct options options;
        struct error err = {0};
        char line[80];

        strcpy(line, cases[i].line);
        assert_int_equal(parse(line, &options, &err), -1);
        assert_string_equal(err.text, cases[i].text);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_stand_before_or_after_the_command),
        cmocka_unit_test(a_lone_dash_is_an_argument_and_two_end_the_options),
        cmocka_unit_test(an_option_of_two_commands_is_taken_by_both),
        cmocka_unit_test(a_bad_line_is_named_in_words),
    };

    return cmocka_run_group_tests_name("yuanctl options", tests, NULL, NULL);
}
