/*
 * kill -9 in the middle of activations: what was acknowledged is in force again, or the one
 * that was under way; never a mixture, never nothing.
 */
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/time.h"
#include "tests/support/rollout_bank.h"
#include "tests/support/test.h"

#define KILLS 20

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

/* Version n is put and checked; the activation's answer is not waited for longer than this. */
static void
begin_activation(int n, int64_t wait_us)
{
    struct timespec wait = {wait_us / 1000000, wait_us % 1000000 * 1000};
    struct pollfd answer = {.fd = bank.client.fd, .events = POLLIN};

    rollout_bank_ask(&bank, "PUT", "/v1/policies/mine", rollout_bank_pack(&bank, n, "hold"),
                     201);
    rollout_bank_ask(&bank, "POST", "/v1/policies/mine/check", "", 200);
    assert_true(http_client_post(&bank.client, "/v1/policies/mine/activate", ""));
    assert_true(ppoll(&answer, 1, &wait, NULL) >= 0);
}

/* How long an activation takes here and today. */
static int64_t
activation_us(void)
{
    int64_t began;

    rollout_bank_ask(&bank, "PUT", "/v1/policies/mine", rollout_bank_pack(&bank, 2, "hold"),
                     201);
    rollout_bank_ask(&bank, "POST", "/v1/policies/mine/check", "", 200);
    began = monotonic_ns();
    rollout_bank_ask(&bank, "POST", "/v1/policies/mine/activate", "", 200);
    return (monotonic_ns() - began) / 1000;
}

static void
an_activation_is_whole_or_never_was(void **state)
{
    int in_force = 2, taken = 0;
    int64_t whole_us;

    (void)state;
    rollout_bank_start(&bank, NULL);
    whole_us = activation_us();
    for (int i = 0; i < KILLS; i++) {
        int next = in_force + 1 + i * 100, found;

        begin_activation(next, whole_us * 3 * i / KILLS); /* before, in and after it */
        rollout_bank_kill(&bank);
        rollout_bank_start(&bank, NULL);
        found = rollout_bank_version(&bank);
        if (found != in_force && found != next)
            fail_msg("%d is in force; it was %d, and %d was coming", found, in_force, next);
        taken += found == next;
        in_force = found;
    }
    print_message("%d of %d activations were on disk when the kill came\n", taken, KILLS);
}

static void
what_was_acknowledged_is_in_force_after_any_kill(void **state)
{
    (void)state;
    rollout_bank_start(&bank, NULL);
    for (int i = 2; i < KILLS; i++) {
        rollout_bank_activate(&bank, i);
        rollout_bank_kill(&bank);
        rollout_bank_start(&bank, NULL);
        assert_int_equal(rollout_bank_version(&bank), i);
    }
    for (int i = KILLS - 2; i > 1; i--) {
        rollout_bank_ask(&bank, "POST", "/v1/policies/mine/rollback", "", 200);
        rollout_bank_kill(&bank);
        rollout_bank_start(&bank, NULL);
        assert_int_equal(rollout_bank_version(&bank), i);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_activation_is_whole_or_never_was),
        TEST(what_was_acknowledged_is_in_force_after_any_kill),
    };

    return cmocka_run_group_tests_name("rollout_kill", tests, NULL, NULL);
}
