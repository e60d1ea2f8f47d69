/*
 * A sanctions list of the command line, its file changed under a running gateway: a SIGHUP
 * takes what is sound and refuses what is not, and says so until it is mended.
 */
#include <signal.h>
#include <string.h>

#include "gateway/base/time.h"
#include "tests/support/list_bank.h"
#include "tests/support/test.h"

static struct rollout_bank bank;
static const char *file;

static int
set_up(void **state)
{
    (void)state;
    if (rollout_bank_make(&bank) != 0)
        return -1;
    file = arena_printf(&bank.arena, "%s/mine.csv", bank.folder);
    rollout_bank_write(file, list_bank_main(&bank, 1, 9));
    list_bank_start(&bank, file);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    rollout_bank_remove(&bank);
    return 0;
}

#define ask(...)             rollout_bank_ask(&bank, __VA_ARGS__)
#define version()            list_bank_version(&bank)
#define main_file(n, others) list_bank_main(&bank, n, others)
#define format(...)          arena_printf(&bank.arena, __VA_ARGS__)

static void
assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("expected \"%s\" in %s", part, text);
}

/* SIGHUP, until the gateway has counted its n-th that came out so. */
static void
hang_up(const char *result, int n)
{
    const char *line = format("yuangate_reloads_total{result=\"%s\"} %d\n", result, n);
    int64_t deadline = monotonic_ms() + HTTP_CLIENT_WAIT_MS;

    assert_int_equal(kill(bank.gateway.pid, SIGHUP), 0);
    while (!strstr(ask("GET", "/metrics", NULL, 200), line))
        if (monotonic_ms() > deadline)
            fail_msg("no %s", line);
}

static void
a_changed_file_counts_after_a_hang_up(void **state)
{
    (void)state;
    assert_int_equal(version(), 1);
    rollout_bank_write(file, main_file(2, 9));
    assert_int_equal(version(), 1);
    hang_up("done", 1);
    assert_int_equal(version(), 2);
}

static void
a_file_that_broke_raises_an_alarm_until_it_is_mended(void **state)
{
    const struct {
        const char *text, *why;
    } cases[] = {
        {"", "mine.csv: the file is empty; keep the list in force and get it again"},
        {"2,\"SBORKA SEVER OOO\",-0- ,", "mine.csv:1:"},
        {"2,\"SBORKA", "mine.csv:1:"},
        {main_file(2, 6), "mine.csv: 7 entries where the list in force has 10: it shrank by "
                          "more than 20 %"},
    };
    const char *before = ask("GET", "/readyz", NULL, 200), *answer;

    (void)state;
    assert_has(before, "\"list_alarms\":[]");
    for (size_t i = 0; i < COUNT(cases); i++) {
        rollout_bank_write(file, cases[i].text);
        hang_up("refused", (int)i + 1);
        assert_int_equal(version(), 1);
        answer = ask("GET", "/readyz", NULL, 200);
        assert_has(answer,
                   format("\"list_alarms\":[{\"name\":\"mine\",\"why\":\"%s", cases[i].why));
        assert_null(strstr(answer, bank.folder)); /* paths are nobody's business */
        assert_has(ask("GET", "/v1/lists", NULL, 200), format("\"alarm\":\"%s", cases[i].why));
        assert_has(ask("GET", "/metrics", NULL, 200),
                   "\nyuangate_list_alarm{list=\"mine\"} 1\n");
    }
    rollout_bank_write(file, main_file(1, 9));
    hang_up("done", 1);
    assert_string_equal(ask("GET", "/readyz", NULL, 200), before);
    assert_has(ask("GET", "/v1/lists", NULL, 200), "\"alarm\":null");
    assert_null(strstr(ask("GET", "/metrics", NULL, 200), "yuangate_list_alarm{"));
}

/* Nothing of a reload counts where one file is refused: packs and lists belong together. */
static void
a_file_that_broke_keeps_the_packs_back_too(void **state)
{
    (void)state;
    rollout_bank_write(file, "");
    rollout_bank_write(bank.pack, rollout_bank_pack(&bank, 2, "hold"));
    hang_up("refused", 1);
    assert_int_equal(rollout_bank_version(&bank), 1);
    rollout_bank_write(file, main_file(2, 9));
    hang_up("done", 1);
    assert_int_equal(rollout_bank_version(&bank), 2);
    assert_int_equal(version(), 2);
}

static void
a_list_that_was_loaded_stays_whatever_becomes_of_the_file(void **state)
{
    (void)state;
    list_bank_load(&bank, 7, 9);
    rollout_bank_write(file, "");
    hang_up("done", 1);
    assert_int_equal(version(), 7);
    assert_has(ask("GET", "/readyz", NULL, 200), "\"list_alarms\":[]");
}

/* Ten entries are in force, and the file had five less all the time. */
static void
a_roll_back_to_a_smaller_file_is_no_shrinking(void **state)
{
    (void)state;
    list_bank_load(&bank, 7, 20);
    ask("POST", "/v1/lists/mine/rollback", "", 200);
    assert_int_equal(version(), 1);
    assert_has(ask("GET", "/readyz", NULL, 200), "\"list_alarms\":[]");
}

static void
a_roll_back_to_a_file_that_broke_changes_nothing(void **state)
{
    const char *answer;

    (void)state;
    list_bank_load(&bank, 7, 9);
    rollout_bank_write(file, "");
    answer = ask("POST", "/v1/lists/mine/rollback", "", 409);
    assert_has(answer, "list mine: mine.csv: the file is empty");
    assert_int_equal(version(), 7);
    assert_has(ask("GET", "/readyz", NULL, 200), "\"list_alarms\":[{\"name\":\"mine\"");
    rollout_bank_write(file, main_file(2, 9));
    ask("POST", "/v1/lists/mine/rollback", "", 200);
    assert_int_equal(version(), 2); /* as the file is then */
    assert_has(ask("GET", "/readyz", NULL, 200), "\"list_alarms\":[]");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_changed_file_counts_after_a_hang_up),
        TEST(a_file_that_broke_raises_an_alarm_until_it_is_mended),
        TEST(a_file_that_broke_keeps_the_packs_back_too),
        TEST(a_list_that_was_loaded_stays_whatever_becomes_of_the_file),
        TEST(a_roll_back_to_a_smaller_file_is_no_shrinking),
        TEST(a_roll_back_to_a_file_that_broke_changes_nothing),
    };

    return cmocka_run_group_tests_name("lists reload", tests, NULL, NULL);
}
