/* yuanctl lists, the built program: the list that ships, and files that are refused. */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/yuanctl.h"

#define OFAC     "policy/lists/fictional/ofac"
#define LATER    "policy/lists/fictional/ofac-2024-11-21"
#define ENTITIES "policy/lists/fictional/entities"

static char folder[64];
static char output[YUANCTL_OUTPUT_SIZE];

static int
set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/yuangate-lists-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int
tear_down(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    return system(command);
}

/* Run with every @ in the arguments being the folder. */
static int
run(const char *arguments)
{
    char line[600];
    size_t used = 0;

    for (; *arguments; arguments++)
        used += (size_t)snprintf(line + used, sizeof(line) - used,
                                 *arguments == '@' ? "%s" : "%.1s",
                                 *arguments == '@' ? folder : arguments);
    return yuanctl(line, output);
}

static void
write_file(const char *name, const char *text)
{
    char path[128];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void
status_says_what_a_list_is(void **state)
{
    static const char *const words[] = {
        "format     ofac-csv",
        "entries    12: 2 person 4 company 5 bank 1 vessel",
        "names      25",
        "digest     sha256:",
        "main     main.csv: 12 rows",
        "missing    the file of comments rows",
        "left out   0 rows",
    };

    (void)state;
    assert_int_equal(run("lists status " OFAC), 0);
    for (size_t i = 0; i < COUNT(words); i++)
        assert_has(output, words[i]);
    assert_int_equal(run("--json lists status " ENTITIES), 0);
    assert_has(output, "\"format\":\"ftm-json\",\"entries\":17,");
    assert_has(output, "\"published_on\":\"2024-04-01\"");
}

static void
an_imported_list_is_shown_with_the_others(void **state)
{
    (void)state;
    assert_int_equal(run("lists import " OFAC " --name one --out @/lists"), 0);
    assert_int_equal(run("lists import " ENTITIES " --name two --out @/lists"), 0);
    assert_int_equal(run("lists import " ENTITIES " --name one --out '@/two words'"), 0);
    assert_int_equal(run("lists status '@/two words'"), 0);
    assert_int_equal(run("lists status '@/two words/one/'"), 0);
    assert_int_equal(run("lists status @/lists"), 0);
    assert_has(output, "one\n  format     ofac-csv");
    assert_has(output, "two\n  format     ftm-json");
}

static void
a_later_publication_takes_the_place_of_the_list(void **state)
{
    (void)state;
    assert_int_equal(run("lists import " OFAC " --name one --out @/lists"), 0);
    assert_int_equal(run("lists import " LATER " --name one --out @/lists"), 0);
    assert_int_equal(run("lists status @/lists"), 0);
    assert_has(output, "entries    14: 2 person 4 company 7 bank 1 vessel");
}

static void
a_refused_file_is_named_and_the_old_list_stays(void **state)
{
    (void)state;
    write_file("empty.csv", "");
    assert_int_equal(run("lists import " OFAC " --name one --out @/lists"), 0);
    assert_int_equal(run("lists import @/empty.csv --name one --out @/lists"), 1);
    assert_has(output, "empty.csv: the file is empty; keep the list in force");
    assert_int_equal(run("lists status @/lists"), 0);
    assert_has(output, "entries    12:");
}

static void
diff_tells_what_came_and_went(void **state)
{
    static const char before[] =
        "{\"id\":\"1\",\"schema\":\"Company\",\"properties\":{\"name\":[\"A\"]}}\n"
        "{\"id\":\"2\",\"schema\":\"Person\",\"properties\":{\"name\":[\"B\"]}}\n";
    static const char now[] =
        "{\"id\":\"1\",\"schema\":\"Company\",\"properties\":{\"name\":[\"A\",\"A\\u001b\"]}}\n"
        "{\"id\":\"3\",\"schema\":\"Person\",\"properties\":{\"name\":[\"C\"]}}\n";

    (void)state;
    write_file("before", before);
    write_file("now", now);
    assert_int_equal(run("lists diff @/before @/before"), 0);
    assert_has(output, "2 entries before, 2 now: 0 added, 0 removed, 0 changed");
    assert_int_equal(run("--json lists diff @/before @/now"), 1);
    assert_has(output,
               "{\"change\":\"removed\",\"id\":\"2\",\"kind\":\"person\",\"name\":\"B\"");
    assert_has(output, "\"added\":1,\"removed\":1,\"changed\":0}");
    assert_int_equal(run("lists diff " OFAC " " LATER), 1);
    assert_string_equal(output, "+ 9004 bank NADVOGA BANK AO\n"
                                "+ 9007 bank VESKHOR BANK PAO\n"
                                "12 entries before, 14 now: 2 added, 0 removed, 0 changed\n");
    assert_int_equal(run("lists diff @/before " OFAC), 2);
    assert_has(output, "cannot be compared");
}

static void
words_that_make_no_sense_are_refused(void **state)
{
    static const struct {
        const char *arguments, *words;
        int status;
    } cases[] = {
        {"lists", "lists", 2},
        {"lists burn x", "there is no lists command \"burn\"", 2},
        {"lists import " OFAC, "needs --name NAME and --out DIR", 2},
        {"lists import " OFAC " --name ../x --out @", "names no list", 1},
        {"lists import " OFAC " --name x --out @ --shrink 101",
         "--shrink: a number of 0 to 100", 2},
        {"lists status " OFAC " --as-of yesterday", "is no day such as 2024-05-03", 1},
        {"lists status " OFAC " --as-of 2023-02-30", "is no day such as 2024-05-03", 1},
        {"lists status @/nothing", "No such file or directory", 1},
        {"lists status @", "no file of a list in this folder", 1},
        {"lists status README.md", "README.md:1:1: not a list that is known", 1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int status = run(cases[i].arguments);

        if (status != cases[i].status)
            fail_msg("%s: %d: %s", cases[i].arguments, status, output);
        assert_has(output, cases[i].words);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(status_says_what_a_list_is),
        cmocka_unit_test_setup_teardown(an_imported_list_is_shown_with_the_others, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_later_publication_takes_the_place_of_the_list, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_refused_file_is_named_and_the_old_list_stays, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(diff_tells_what_came_and_went, set_up, tear_down),
        cmocka_unit_test_setup_teardown(words_that_make_no_sense_are_refused, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
