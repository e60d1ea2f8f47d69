/*
 * Readers see whole values and live ones, however quickly they are replaced.
 * Run under the thread sanitizer this test is worth most.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/rollout/publish.h"
#include "tests/support/test.h"

#define READERS  3
#define REPLACED 2000
#define WORDS    16

/* Whole while all words are the same; 0 once it is dead. */
struct value {
    uint64_t words[WORDS];
};

static struct publisher publisher;
static atomic_bool ended;

static struct value *
value_new(uint64_t number)
{
    struct value *value = malloc(sizeof(*value));

    assert_non_null(value);
    for (size_t i = 0; i < WORDS; i++)
        value->words[i] = number;
    return value;
}

static void
value_free(void *dead)
{
    memset(dead, 0, sizeof(struct value));
    free(dead);
}

/* NULL, or what was wrong. */
static void *
read_values(void *context)
{
    uint64_t *seen = context, before = 0;
    const char *wrong = NULL;

    do {
        const struct value *value = publish_enter(&publisher);

        for (size_t i = 0; i < WORDS; i++)
            if (value->words[i] != value->words[0] || value->words[i] == 0)
                wrong = "a value that is half another, or dead";
        if (value->words[0] < before)
            wrong = "an older value after a newer one";
        before = value->words[0];
        ++*seen;
        publish_leave();
    } while (!atomic_load(&ended) && !wrong);
    return (void *)(uintptr_t)wrong;
}

static void
readers_see_whole_live_values_in_order(void **state)
{
    pthread_t threads[READERS];
    uint64_t seen[READERS] = {0};

    (void)state;
    atomic_store(&ended, false);
    publisher_init(&publisher, value_new(1));
    for (size_t i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_values, &seen[i]), 0);
    for (uint64_t number = 2; number <= REPLACED; number++)
        value_free(publish(&publisher, value_new(number)));
    atomic_store(&ended, true);
    for (size_t i = 0; i < READERS; i++) {
        void *wrong;

        pthread_join(threads[i], &wrong);
        if (wrong)
            fail_msg("%s", (char *)wrong);
        assert_true(seen[i] > 0);
    }
    value_free(publish(&publisher, NULL));
    publisher_release(&publisher);
}

static atomic_bool replaced;

static void *
replace(void *context)
{
    value_free(publish(&publisher, context));
    atomic_store(&replaced, true);
    return NULL;
}

static void
who_replaces_waits_for_the_last_reader(void **state)
{
    const struct value *value;
    struct value *next;
    pthread_t thread;

    (void)state;
    atomic_store(&replaced, false);
    publisher_init(&publisher, value_new(1));
    next = value_new(2);
    value = publish_enter(&publisher);
    assert_int_equal(pthread_create(&thread, NULL, replace, next), 0);
    while (atomic_load(&publisher.current) == value)
        ;                                         /* the other thread has the turn now */
    assert_int_equal(value->words[WORDS - 1], 1); /* and still the old one lives */
    assert_false(atomic_load(&replaced));
    publish_leave();
    pthread_join(thread, NULL);
    assert_true(atomic_load(&replaced));
    assert_ptr_equal(publish_enter(&publisher), next);
    publish_leave();
    value_free(publish(&publisher, NULL));
    publisher_release(&publisher);
}

static void *
read_once(void *context)
{
    const struct value *value = publish_enter(&publisher);
    bool live = value->words[0] == 1;

    (void)context;
    publish_leave();
    return (void *)(uintptr_t)live;
}

static void
a_thread_that_ends_gives_its_slot_back(void **state)
{
    (void)state;
    publisher_init(&publisher, value_new(1));
    for (int i = 0; i < 2 * PUBLISH_READERS_MAX; i++) {
        pthread_t thread;
        void *live;

        assert_int_equal(pthread_create(&thread, NULL, read_once, NULL), 0);
        pthread_join(thread, &live);
        assert_true(live != NULL);
    }
    value_free(publish(&publisher, NULL));
    publisher_release(&publisher);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readers_see_whole_live_values_in_order),
        cmocka_unit_test(who_replaces_waits_for_the_last_reader),
        cmocka_unit_test(a_thread_that_ends_gives_its_slot_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
