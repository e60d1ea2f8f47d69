/*
 * A store that fails at the Nth call, N rising until all goes well: whatever an act was
 * answered, a start from the same store finds in force what was in force, and never less.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/payment/money.h"
#include "gateway/payment/payment_lent.h"
#include "gateway/rollout/rollout.h"
#include "tests/support/rollout_bank.h"
#include "tests/support/store_faulty.h"
#include "tests/support/test.h"

#define CALLS_MAX 60 /* of one scenario; more would be a loop */

/* Files, and a gateway's parts without its sockets. */
static struct rollout_bank files;
static struct store *store;
static struct reader *reader;
static struct writer *writer;
static struct clock wall;
static struct snapshot_sources sources;
static struct rollout *rollout;

static int
set_up(void **state)
{
    struct store *inner;
    struct error err = {0};

    (void)state;
    if (rollout_bank_make(&files) != 0 || store_memory.open("memory", 1, &inner, &err) != 0 ||
        clock_init(&wall, "wall", &err) != 0)
        return -1;
    store = store_faulty_new(inner);
    sources = (struct snapshot_sources){
        .book = files.book,
        .plugin_path = "/nowhere",
        .pack_path = files.folder,
        .goods_path = "policy/goods",
        .currency_decimals = currency_decimals,
        .money_parse = money_parse,
        .payment_read = payment_lent_read,
        .reason_fits = payment_lent_reason_fits,
    };
    return reader_open(store, &reader, &err) != 0 || writer_open(store, &writer, &err) != 0 ? -1
                                                                                            : 0;
}

static int
tear_down(void **state)
{
    (void)state;
    rollout_stop(rollout);
    reader_close(reader);
    writer_close(writer);
    store->ops->close(store);
    rollout_free(rollout);
    rollout = NULL;
    rollout_bank_remove(&files);
    return 0;
}

static void
start(void)
{
    const struct rollout_options options = {.sources = &sources,
                                            .store = store,
                                            .reader = reader,
                                            .writer = writer,
                                            .clock = &wall};
    struct error err = {0};

    if (rollout_open(&options, &rollout, &err) != 0)
        fail_msg("%s", err.text);
}

static void
start_again(void)
{
    rollout_stop(rollout);
    rollout_free(rollout);
    start();
}

/* A request that is waited for. */
struct waiting {
    struct rollout_request request;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool done;
};

static void
done(struct rollout_request *request)
{
    struct waiting *waiting = (struct waiting *)(void *)request; /* its first member */

    pthread_mutex_lock(&waiting->lock);
    waiting->done = true;
    pthread_cond_signal(&waiting->wake);
    pthread_mutex_unlock(&waiting->lock);
}

static enum rollout_result
ask(enum rollout_verb verb, const char *text)
{
    struct waiting waiting = {
        .request = {.arena = &files.arena,
                    .verb = verb,
                    .name = "mine",
                    .digest = "",
                    .file = "",
                    .text = text,
                    .len = strlen(text),
                    .after = "",
                    .before = UINT64_MAX,
                    .limit = 50,
                    .done = done},
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .wake = PTHREAD_COND_INITIALIZER,
    };

    rollout_submit(rollout, &waiting.request);
    pthread_mutex_lock(&waiting.lock);
    while (!waiting.done)
        pthread_cond_wait(&waiting.wake, &waiting.lock);
    pthread_mutex_unlock(&waiting.lock);
    return waiting.request.result;
}

static const char *
in_force(void)
{
    const struct in_force *force = rollout_enter(rollout);
    const char *digest =
        arena_printf(&files.arena, "%s", force->active ? snapshot_digest(force->active) : "");

    rollout_leave();
    return digest;
}

/* After a fault: what is in force is what a start finds, and it is something. */
static void
assert_agrees_with_a_start(const char *where, int call)
{
    const char *before = in_force();

    store_faulty_arm(store, 1, 0);
    start_again();
    if (before[0] == '\0' || strcmp(in_force(), before) != 0)
        fail_msg("%s, call %d failing: %s was in force, %s is after a start", where, call,
                 before, in_force());
}

/* One act with its first, second, ... call failing.  prepare makes it possible again. */
static void
fail_each_call(const char *where, enum rollout_verb verb, const char *text,
               void (*prepare)(int call))
{
    enum rollout_result result = ROLLOUT_FAILED;
    int call = 1;

    for (; call < CALLS_MAX; call++) {
        prepare(call);
        store_faulty_arm(store, call, 1);
        result = ask(verb, text);
        if (store_faulty_calls(store) < call)
            break;
        assert_agrees_with_a_start(where, call);
    }
    store_faulty_arm(store, 1, 0);
    assert_true(call > 1 && call < CALLS_MAX);
    assert_true(result == ROLLOUT_DONE || result == ROLLOUT_CREATED);
    assert_agrees_with_a_start(where, 0);
}

static int versions;

static void
nothing(int call)
{
    (void)call;
}

/* A checked version that was never in force. */
static void
put_and_check(int call)
{
    (void)call;
    assert_int_equal(ask(ROLLOUT_DO_PUT, rollout_bank_pack(&files, ++versions, "hold")),
                     ROLLOUT_CREATED);
    assert_int_equal(ask(ROLLOUT_DO_CHECK, ""), ROLLOUT_DONE);
}

static void
put_check_and_activate(int call)
{
    put_and_check(call);
    assert_int_equal(ask(ROLLOUT_DO_ACTIVATE, ""), ROLLOUT_DONE);
}

static void
an_act_that_fails_half_way_is_not_found_at_a_start(void **state)
{
    (void)state;
    versions = 1;
    start();
    fail_each_call("activate", ROLLOUT_DO_ACTIVATE, "", put_and_check);
    fail_each_call("rollback", ROLLOUT_DO_ROLLBACK, "", put_check_and_activate);
    fail_each_call("shadow", ROLLOUT_DO_SHADOW, "", put_and_check);
    fail_each_call("check", ROLLOUT_DO_CHECK, "", nothing);
}

static void
a_roll_back_that_failed_can_be_tried_again(void **state)
{
    const char *first;

    (void)state;
    versions = 1;
    start();
    first = in_force();
    put_check_and_activate(0);
    for (int call = 1; call < 4; call++) {
        store_faulty_arm(store, call, 1000);
        assert_int_not_equal(ask(ROLLOUT_DO_ROLLBACK, ""), ROLLOUT_DONE);
        store_faulty_arm(store, 1, 0);
    }
    assert_int_equal(ask(ROLLOUT_DO_ROLLBACK, ""), ROLLOUT_DONE);
    assert_string_equal(in_force(), first);
    start_again();
    assert_string_equal(in_force(), first);
}

/* Two files change, so that a reload has texts to store besides the act. */
static void
change_files(int n)
{
    rollout_bank_write(files.pack, rollout_bank_pack(&files, n, "hold"));
    rollout_bank_write(
        files.book,
        arena_printf(&files.arena, "%s\n", rollout_bank_book(&files, n % 2 ? "own" : "other")));
}

static void
a_reload_that_fails_leaves_what_was_in_force(void **state)
{
    enum rollout_result result = ROLLOUT_FAILED;
    int call = 1;

    (void)state;
    start();
    for (; result != ROLLOUT_DONE && call < CALLS_MAX; call++) {
        const char *before = in_force();

        change_files(call + 1);
        store_faulty_arm(store, call, 1);
        result = ask(ROLLOUT_DO_RELOAD, "");
        store_faulty_arm(store, 1, 0);
        if (result != ROLLOUT_DONE)
            assert_string_equal(in_force(), before);
        else
            assert_string_not_equal(in_force(), before);
    }
    assert_true(call > 2 && call < CALLS_MAX);
}

/* A start whose records fail decides nothing, and the next one is as if it had not been. */
static void
a_start_that_cannot_record_decides_nothing(void **state)
{
    (void)state;
    start();
    rollout_bank_write(files.pack, rollout_bank_pack(&files, 9, "hold"));
    store_faulty_arm(store, 4, 1000);
    start_again();
    assert_string_equal(in_force(), "");
    store_faulty_arm(store, 1, 0);
    start_again();
    assert_string_not_equal(in_force(), "");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_act_that_fails_half_way_is_not_found_at_a_start),
        TEST(a_roll_back_that_failed_can_be_tried_again),
        TEST(a_reload_that_fails_leaves_what_was_in_force),
        TEST(a_start_that_cannot_record_decides_nothing),
    };

    return cmocka_run_group_tests_name("rollout_faults", tests, NULL, NULL);
}
