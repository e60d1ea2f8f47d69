/*
 * Sanctions lists over restarts and kills: what was answered is in force again, byte for
 * byte; and where its files are gone nothing is, until they are there again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/list_bank.h"
#include "tests/support/test.h"

static struct rollout_bank bank;

static int
set_up(void **state)
{
    (void)state;
    return rollout_bank_make(&bank);
}

static int
tear_down(void **state)
{
    (void)state;
    rollout_bank_remove(&bank);
    return 0;
}

#define ask(...)  rollout_bank_ask(&bank, __VA_ARGS__)
#define version() list_bank_version(&bank)
#define again()   list_bank_again(&bank, NULL)

static void
assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("expected \"%s\" in %s", part, text);
}

static const char *
snapshot(void)
{
    return rollout_bank_member(&bank, ask("GET", "/readyz", NULL, 200), "snapshot");
}

static void
shell(const char *command)
{
    assert_int_equal(system(command), 0);
}

/* No payment is judged, and readyz has the words. */
static void
assert_nothing_in_force(const char *words)
{
    assert_has(ask("GET", "/readyz", NULL, 503), words);
    ask("POST", "/v1/evaluations", bank.sample, 503);
    ask("POST", "/v1/payments", bank.sample, 503);
}

/* -- in force again -- */

static void
what_was_loaded_is_in_force_after_a_restart(void **state)
{
    const char *before;

    (void)state;
    list_bank_start(&bank, NULL);
    list_bank_load(&bank, 7, 3);
    list_bank_load(&bank, 8, 3);
    before = snapshot();
    again();
    assert_string_equal(snapshot(), before);
    assert_int_equal(version(), 8);
    ask("POST", "/v1/lists/mine/rollback", "", 200);
    assert_int_equal(version(), 7);
    before = snapshot();
    again();
    assert_string_equal(snapshot(), before);
    assert_int_equal(version(), 7);
}

static void
what_was_answered_is_in_force_after_a_kill(void **state)
{
    (void)state;
    list_bank_start(&bank, NULL);
    for (int n = 1; n <= 5; n++) {
        const char *before;

        list_bank_put(&bank, "main.csv", list_bank_main(&bank, n, 3), 201);
        ask("POST", "/v1/lists/mine/load", "", 200);
        rollout_bank_kill(&bank);
        list_bank_start(&bank, NULL);
        before = snapshot();
        assert_int_equal(version(), n);
        rollout_bank_kill(&bank);
        list_bank_start(&bank, NULL);
        assert_string_equal(snapshot(), before);
    }
}

static void
what_has_come_in_is_there_after_a_kill(void **state)
{
    (void)state;
    list_bank_start(&bank, NULL);
    list_bank_put(&bank, "main.csv", list_bank_main(&bank, 7, 3), 201);
    rollout_bank_kill(&bank);
    list_bank_start(&bank, NULL);
    assert_int_equal(version(), 0);
    ask("POST", "/v1/lists/mine/load", "", 200);
    assert_int_equal(version(), 7);
}

/* What is given on the command line is no reason to forget what was loaded. */
static void
a_list_that_was_loaded_goes_before_a_file(void **state)
{
    const char *file = arena_printf(&bank.arena, "%s/mine.csv", bank.folder);

    (void)state;
    rollout_bank_write(file, list_bank_main(&bank, 1, 3));
    list_bank_start(&bank, file);
    assert_int_equal(version(), 1);
    list_bank_load(&bank, 7, 3);
    list_bank_again(&bank, file);
    assert_int_equal(version(), 7);
    rollout_bank_stop(&bank);
    rollout_bank_start(&bank, (const char *const[]){"--list",
                                                    arena_printf(&bank.arena, "mine=%s", file),
                                                    "--from-files", NULL});
    assert_int_equal(version(), 1);
}

/* -- gone -- */

static void
a_list_whose_files_are_gone_leaves_nothing_in_force(void **state)
{
    const char *folder;

    (void)state;
    list_bank_start(&bank, NULL);
    list_bank_load(&bank, 7, 3);
    folder = list_bank_folder(&bank);
    rollout_bank_stop(&bank);
    shell(arena_printf(&bank.arena, "rm -rf '%s'", folder));
    list_bank_start(&bank, NULL);
    assert_nothing_in_force("list mine sha256:");
    assert_nothing_in_force("is not here any more (it was not kept); load the list again");
    assert_nothing_in_force("--from-files");
    assert_has(ask("GET", "/v1/lists/mine", NULL, 200), "\"loaded\":null");
    rollout_bank_stop(&bank);
    rollout_bank_start(&bank, (const char *const[]){"--list", "none", "--from-files", NULL});
    assert_int_equal(version(), 0);
    again();
    assert_int_equal(version(), 0);
}

/* How a kept version may be damaged, said in its folder. */
static const char *const damages[] = {
    "rm -rf \"$PWD\"",        "rm main.csv",
    "rm list.json",           "printf x >list.json",
    "printf '8,' >>main.csv", "sed -i s/SEVER/REVES/ main.csv",
    "cp main.csv more.csv",
};

static void
a_damaged_list_is_mended_by_loading_it_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(damages); i++) {
        const char *folder;

        list_bank_start(&bank, NULL);
        list_bank_load(&bank, 7, 3);
        folder = list_bank_folder(&bank);
        rollout_bank_stop(&bank);
        shell(arena_printf(&bank.arena, "cd '%s' && %s", folder, damages[i]));
        list_bank_start(&bank, NULL);
        assert_nothing_in_force("is not here any more");
        list_bank_load(&bank, 7, 3);
        assert_int_equal(version(), 7);
        again();
        assert_int_equal(version(), 7);
        rollout_bank_stop(&bank);
    }
    list_bank_start(&bank, NULL);
}

/* Whole, and sound, and what it says of itself is true; but it is another list. */
static void
a_list_in_the_place_of_another_is_not_taken_for_it(void **state)
{
    const char *first, *second;

    (void)state;
    list_bank_start(&bank, NULL);
    list_bank_load(&bank, 7, 3);
    first = list_bank_folder(&bank);
    list_bank_load(&bank, 8, 3);
    second = list_bank_folder(&bank);
    rollout_bank_stop(&bank);
    shell(arena_printf(&bank.arena, "rm -rf '%s' && cp -r '%s' '%s'", second, first, second));
    list_bank_start(&bank, NULL);
    assert_nothing_in_force("(what is there is another list); load the list again");
}

static void
a_roll_back_to_a_list_that_is_gone_changes_nothing(void **state)
{
    const char *folder;

    (void)state;
    list_bank_start(&bank, NULL);
    list_bank_load(&bank, 7, 3);
    folder = list_bank_folder(&bank);
    list_bank_load(&bank, 8, 3);
    shell(arena_printf(&bank.arena, "rm -rf '%s'", folder));
    assert_has(ask("POST", "/v1/lists/mine/rollback", "", 409), "is not here any more");
    assert_int_equal(version(), 8);
}

/* -- required -- */

static void
a_book_that_requires_a_list_judges_nothing_without_one(void **state)
{
    static const char *const book =
        "{\"book\":\"own\",\"default_action\":\"accept\",\"banks\":[{\"bic\":\"HLDBCNBS\","
        "\"name\":\"Hulan\",\"class\":\"joint_stock\"}],\"screening\":{\"required\":[\"*\"]},"
        "\"regimes\":[{\"from\":\"2024-01-01\",\"policies\":{\"*\":[\"mine\"]}}]}";
    const char *answer;

    (void)state;
    rollout_bank_write(bank.book, book);
    list_bank_start(&bank, NULL);
    assert_nothing_in_force("/screening/required/0: expected a list to be loaded");
    list_bank_load(&bank, 7, 3);
    assert_int_equal(version(), 7);
    again();
    assert_int_equal(version(), 7);
    answer = ask("POST", "/v1/lists/mine/rollback", "", 409);
    assert_has(answer, "/screening/required/0");
    assert_int_equal(version(), 7);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_loaded_is_in_force_after_a_restart),
        TEST(what_was_answered_is_in_force_after_a_kill),
        TEST(what_has_come_in_is_there_after_a_kill),
        TEST(a_list_that_was_loaded_goes_before_a_file),
        TEST(a_list_whose_files_are_gone_leaves_nothing_in_force),
        TEST(a_damaged_list_is_mended_by_loading_it_again),
        TEST(a_list_in_the_place_of_another_is_not_taken_for_it),
        TEST(a_roll_back_to_a_list_that_is_gone_changes_nothing),
        TEST(a_book_that_requires_a_list_judges_nothing_without_one),
    };

    return cmocka_run_group_tests_name("lists restart", tests, NULL, NULL);
}
