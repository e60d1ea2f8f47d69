/*
 * SIGHUP on the real binary: changed packs judge from then on, broken ones
 * change nothing, and requests that run meanwhile are answered by one set.
 */
#include <signal.h>
#include <string.h>

#include "gateway/base/time.h"
#include "tests/support/rollout_bank.h"
#include "tests/support/test.h"

#define RELOADS 100
#define WAIT_MS 20000 /* generous: a sanitizer build reloads in a tenth of a second */

static struct rollout_bank bank;

static int
set_up(void **state)
{
    (void)state;
    if (rollout_bank_make(&bank) != 0)
        return -1;
    rollout_bank_start(&bank, NULL);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    rollout_bank_remove(&bank);
    return 0;
}

static void
write_pack(int version)
{
    rollout_bank_write(bank.pack, rollout_bank_pack(&bank, version, "hold"));
}

static void
hang_up(void)
{
    assert_int_equal(kill(bank.gateway.pid, SIGHUP), 0);
}

static void
wait_for_version(int wanted)
{
    int64_t deadline = monotonic_ms() + WAIT_MS;

    while (rollout_bank_version(&bank) != wanted)
        if (monotonic_ms() > deadline)
            fail_msg("version %d did not come into force", wanted);
}

static const char *
ready(void)
{
    return rollout_bank_ask(&bank, "GET", "/readyz", NULL, 200);
}

static void
a_changed_pack_judges_after_a_hang_up(void **state)
{
    const char *before = ready();

    (void)state;
    assert_int_equal(rollout_bank_version(&bank), 1);
    write_pack(2);
    assert_int_equal(rollout_bank_version(&bank), 1);
    hang_up();
    wait_for_version(2);
    assert_string_not_equal(ready(), before); /* another snapshot */
}

/* Polls until /metrics has the line. */
static void
wait_for_metric(const char *line)
{
    int64_t deadline = monotonic_ms() + WAIT_MS;

    while (!strstr(rollout_bank_ask(&bank, "GET", "/metrics", NULL, 200), line))
        if (monotonic_ms() > deadline)
            fail_msg("no metric %s", line);
}

static void
a_broken_pack_changes_nothing(void **state)
{
    const char *before = ready();

    (void)state;
    rollout_bank_write(bank.pack, "{\"pack\":\"mine\",");
    hang_up();
    wait_for_metric("yuangate_reloads_total{result=\"refused\"} 1\n");
    assert_int_equal(rollout_bank_version(&bank), 1);
    assert_string_equal(ready(), before);
}

static void
reloads_under_load_lose_no_answer_and_mix_none(void **state)
{
    (void)state;
    for (int i = 2; i < 2 + RELOADS; i++) {
        write_pack(i);
        hang_up();
        wait_for_version(i);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_changed_pack_judges_after_a_hang_up),
        TEST(a_broken_pack_changes_nothing),
        TEST(reloads_under_load_lose_no_answer_and_mix_none),
    };

    return cmocka_run_group_tests_name("reload", tests, NULL, NULL);
}
