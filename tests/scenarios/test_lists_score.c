/* yuanctl lists score: a number a line, explanations, and lines that make no sense. */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/yuanctl.h"

static char output[YUANCTL_OUTPUT_SIZE];

/* What it answers to lines (for printf) on its standard input. */
static int
score(const char *lines, const char *options)
{
    char command[1024];
    char path[] = "/tmp/yuangate-score-XXXXXX";
    int fd = mkstemp(path), status;
    FILE *file = fdopen(fd, "w");

    assert_non_null(file);
    fputs(lines, file);
    fclose(file);
    snprintf(command, sizeof(command), "lists score %s %s", options, path);
    status = yuanctl(command, output);
    remove(path);
    return status;
}

static void
each_line_is_answered_by_a_number(void **state)
{
    (void)state;
    assert_int_equal(score("Person\tSOKOLOV, Pavel\tPavel Sokolov\r\n"
                           "Company\tJSCARGUMENT\tJSC ARGUMENT\n"
                           "Vessel\tLONG XING 1\tGRANIT\n",
                           ""),
                     0);
    assert_string_equal(output, "1.000\n1.000\n0.000\n");
}

static void
an_explanation_stands_below_its_number(void **state)
{
    (void)state;
    assert_int_equal(score("LegalEntity\tOOO Granit\tГранит\n", "--explain"), 0);
    assert_has(output, "  a  granit\n  b  granit\n     granit = granit  1.00");
}

static void
a_line_that_makes_no_sense_is_refused_with_its_number(void **state)
{
    static const struct {
        const char *lines, *complaint;
    } cases[] = {
        {"Person\ta\tb\nPerson\ta b\n", "line 2: must be a kind, a name and a name"},
        {"Person\ta\tb\tc\n", "line 1: must be a kind, a name and a name"},
        {"Dog\ta\tb\n", "line 1: \"Dog\" is none of Person"},
        {"Person\ta\tb\n\nPerson\ta\tb\n", "line 2: must be"},
        {"Person\ta\tb\nPerson\t\tb\n", "line 2: a name is empty"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(score(cases[i].lines, ""), 2);
        assert_has(output, cases[i].complaint);
    }
    assert_int_equal(yuanctl("lists score /nowhere/at/all", output), 2);
    assert_has(output, "/nowhere/at/all");
}

static void
the_help_lists_the_commands(void **state)
{
    (void)state;
    assert_int_equal(yuanctl("lists --help", output), 0);
    assert_has(output, "\n  score ");
    assert_has(output, "--explain");
    assert_int_equal(yuanctl("lists nonsense", output), 2);
    assert_has(output, "there is no lists command \"nonsense\"");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_line_is_answered_by_a_number),
        cmocka_unit_test(an_explanation_stands_below_its_number),
        cmocka_unit_test(a_line_that_makes_no_sense_is_refused_with_its_number),
        cmocka_unit_test(the_help_lists_the_commands),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
