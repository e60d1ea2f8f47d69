/* test_cache.c - more names than there are places, and questions that nearly are another. */
#include "tests/support/test.h"

#include <stdio.h>
#include <string.h>

#include "policy/screening/cache.h"

#define NAMES (CACHE_SETS * CACHE_WAYS * 3)

static struct cache cache;

static struct cache_question
question_of(const char *text, uint32_t kind, float threshold)
{
    return (struct cache_question){
        .text = text, .len = strlen(text), .kind = kind, .threshold = threshold};
}

static void
what_is_kept_is_what_was_put(void **state)
{
    struct cache_found found[CACHE_FOUND_MAX];
    size_t count, kept = 0;
    char text[32];

    (void)state;
    for (uint32_t i = 0; i < NAMES; i++) {
        struct cache_question question;

        snprintf(text, sizeof(text), "name %u", i);
        question = question_of(text, 0, 0.5f);
        cache_put(&cache, &question, &(struct cache_found){i, (float)i / 2}, 1);
    }
    for (uint32_t i = 0; i < NAMES; i++) {
        struct cache_question question;

        snprintf(text, sizeof(text), "name %u", i);
        question = question_of(text, 0, 0.5f);
        if (!cache_get(&cache, &question, found, &count))
            continue;
        kept++;
        assert_int_equal(count, 1);
        assert_int_equal(found[0].record, i); /* H1 */
        assert_true(found[0].score == (float)i / 2);
    }
    assert_true(kept > CACHE_SETS * CACHE_WAYS / 2);
    assert_true(kept <= CACHE_SETS * CACHE_WAYS);
}

static void
kind_and_threshold_are_of_the_question(void **state)
{
    struct cache_found put[CACHE_FOUND_MAX];
    struct cache_question asked = question_of("Oleg", 1, 0.5f);
    struct cache_question other_kind = question_of("Oleg", 2, 0.5f);
    struct cache_question other_threshold = question_of("Oleg", 1, 0.6f);
    struct cache_found found[CACHE_FOUND_MAX];
    size_t count;

    (void)state;
    for (uint32_t i = 0; i < CACHE_FOUND_MAX; i++)
        put[i] = (struct cache_found){i + 1, 0.5f};
    cache_put(&cache, &asked, put, CACHE_FOUND_MAX);
    assert_true(cache_get(&cache, &asked, found, &count));
    assert_int_equal(count, CACHE_FOUND_MAX);
    assert_memory_equal(found, put, sizeof(found));
    assert_false(cache_get(&cache, &other_kind, found, &count));
    assert_false(cache_get(&cache, &other_threshold, found, &count));
}

static void
what_is_too_long_is_not_kept(void **state)
{
    const struct cache_found numbers[CACHE_FOUND_MAX + 1] = {{0, 0}};
    char text[CACHE_TEXT_MAX + 2];
    struct cache_question question;
    struct cache_found found[CACHE_FOUND_MAX];
    size_t count;

    (void)state;
    memset(text, 'x', sizeof(text));
    text[CACHE_TEXT_MAX + 1] = '\0';
    question = question_of(text, 0, 0.5f);
    cache_put(&cache, &question, numbers, 1);
    assert_false(cache_get(&cache, &question, found, &count));
    text[CACHE_TEXT_MAX] = '\0';
    question = question_of(text, 0, 0.5f);
    cache_put(&cache, &question, numbers, CACHE_FOUND_MAX + 1);
    assert_false(cache_get(&cache, &question, found, &count));
    cache_put(&cache, &question, numbers, 0);
    assert_true(cache_get(&cache, &question, found, &count));
    assert_int_equal(count, 0);
}

static int
setup(void **state)
{
    (void)state;
    cache_init(&cache);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    cache_release(&cache);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_kept_is_what_was_put),
        cmocka_unit_test(kind_and_threshold_are_of_the_question),
        cmocka_unit_test(what_is_too_long_is_not_kept),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
