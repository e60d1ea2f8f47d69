/* F1 to F3 of fingerprints.h, one by one, against a naive model, and by several threads. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gateway/store/fingerprints.h"
#include "tests/support/test.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#define MILLION        1000000
#define BYTES_EACH_MAX 16
#define MODEL_PRINTS   64
#define MODEL_SEQS     12
#define MODEL_STEPS    200000
#define THREADS        4
#define CONTESTED      20000

static int
setup(void **state)
{
    *state = fingerprints_new_salted(0);
    return 0;
}

static int
teardown(void **state)
{
    fingerprints_free(*state);
    return 0;
}

static enum fingerprint_claim
claim(struct fingerprints *set, uint64_t fingerprint)
{
    uint64_t matches[FINGERPRINT_MATCHES_MAX];
    size_t count;

    return fingerprints_claim(set, fingerprint, NULL, 0, matches, &count);
}

static void
a_claim_is_in_flight_until_it_is_settled(void **state) /* F1 */
{
    uint64_t matches[FINGERPRINT_MATCHES_MAX];
    struct fingerprints *set = *state;
    size_t count = 99;

    assert_int_equal(claim(set, 42), FINGERPRINT_CLAIMED);
    assert_int_equal(claim(set, 42), FINGERPRINT_IN_FLIGHT);
    assert_int_equal(fingerprints_find(set, 42, matches), 0);
    assert_int_equal(fingerprints_count(set), 0);
    fingerprints_settle(set, 42, 7);
    assert_int_equal(fingerprints_claim(set, 42, NULL, 0, matches, &count), FINGERPRINT_KNOWN);
    assert_int_equal(count, 1);
    assert_int_equal(matches[0], 7);
    assert_int_equal(fingerprints_find(set, 42, matches), 1);
    assert_int_equal(fingerprints_count(set), 1);
}

static void
an_abandoned_claim_was_never_there(void **state)
{
    struct fingerprints *set = *state;

    assert_int_equal(claim(set, 42), FINGERPRINT_CLAIMED);
    fingerprints_abandon(set, 42);
    assert_int_equal(claim(set, 42), FINGERPRINT_CLAIMED);
}

static void
every_number_is_a_fingerprint_and_a_seq(void **state)
{
    static const uint64_t prints[] = {0, 1, UINT64_MAX, 1ULL << 63, 0xff};
    uint64_t matches[FINGERPRINT_MATCHES_MAX];
    struct fingerprints *set = *state;

    for (size_t i = 0; i < COUNT(prints); i++) {
        assert_int_equal(claim(set, prints[i]), FINGERPRINT_CLAIMED);
        fingerprints_settle(set, prints[i], FINGERPRINT_SEQ_MAX - i);
        assert_int_equal(fingerprints_find(set, prints[i], matches), 1);
        assert_true(matches[0] == FINGERPRINT_SEQ_MAX - i);
    }
}

static void
a_refuted_match_does_not_stand_in_the_way(void **state)
{
    static const uint64_t refuted[] = {9, 5};
    uint64_t matches[FINGERPRINT_MATCHES_MAX];
    struct fingerprints *set = *state;
    size_t count;

    fingerprints_load(set, 42, 5);
    assert_int_equal(fingerprints_claim(set, 42, refuted, 2, matches, &count),
                     FINGERPRINT_CLAIMED);
    assert_int_equal(count, 0);
    /* The known one shows before the one in flight; refuted again, it does not. */
    assert_int_equal(claim(set, 42), FINGERPRINT_KNOWN);
    assert_int_equal(fingerprints_claim(set, 42, refuted, 2, matches, &count),
                     FINGERPRINT_IN_FLIGHT);
    fingerprints_settle(set, 42, 9);
    assert_int_equal(fingerprints_find(set, 42, matches), 2);
    assert_int_equal(matches[0] + matches[1], 14);
}

static void
more_matches_than_fit_come_after_the_first_are_refuted(void **state)
{
    uint64_t refuted[64], matches[FINGERPRINT_MATCHES_MAX];
    struct fingerprints *set = *state;
    size_t known = 0, count;

    for (uint64_t seq = 1; seq <= 20; seq++)
        fingerprints_load(set, 42, seq);
    while (fingerprints_claim(set, 42, refuted, known, matches, &count) == FINGERPRINT_KNOWN) {
        assert_in_range(count, 1, FINGERPRINT_MATCHES_MAX);
        memcpy(refuted + known, matches, count * sizeof(*matches));
        known += count;
    }
    assert_int_equal(known, 20);
}

/* Whatever its home, a table holds thousands of one fingerprint: it has to grow its tail. */
static void
thousands_may_share_one_fingerprint(void **state)
{
    uint64_t matches[FINGERPRINT_MATCHES_MAX];
    struct fingerprints *set = *state;

    for (uint64_t print = 0; print < 20; print++)
        for (uint64_t seq = 1; seq <= 3000; seq++)
            fingerprints_load(set, print, print << 20 | seq);
    assert_int_equal(fingerprints_count(set), 60000);
    for (uint64_t print = 0; print < 20; print++) {
        assert_int_equal(fingerprints_find(set, print, matches), FINGERPRINT_MATCHES_MAX);
        for (size_t i = 0; i < FINGERPRINT_MATCHES_MAX; i++)
            assert_int_equal(matches[i] >> 20, print);
    }
}

/* The fingerprint that mix() in fingerprints.c turns into this: its steps, backwards. */
static uint64_t
unmixed(uint64_t x)
{
    x ^= x >> 33;
    x *= 0x9cb4b2f8129337dbULL;
    x ^= x >> 33;
    x *= 0x4f74430c22a54005ULL;
    return x ^ x >> 33;
}

/* Chosen so that all have the highest tag, whose home is the last one. */
static void
malice_costs_memory_but_nothing_else(void **state)
{
    uint64_t matches[FINGERPRINT_MATCHES_MAX];
    struct fingerprints *set = *state;

    for (uint64_t i = 0; i < 5000; i++)
        fingerprints_load(set, unmixed(UINT64_MAX << 40 | i << 8), i + 1);
    for (uint64_t i = 0; i < 5000; i++)
        fingerprints_load(set, unmixed(i << 32), 5001 + i);
    assert_int_equal(fingerprints_count(set), 10000);
    assert_true(fingerprints_bytes(set) < 2 * FINGERPRINTS_FIXED_BYTES);
    assert_int_equal(fingerprints_find(set, unmixed(UINT64_MAX << 40), matches),
                     FINGERPRINT_MATCHES_MAX);
    for (size_t i = 0; i < FINGERPRINT_MATCHES_MAX; i++)
        assert_int_equal(matches[i], i + 1);
}

static uint64_t
count_up(uint64_t i)
{
    return i;
}

static uint64_t
high_bits_only(uint64_t i)
{
    return i << 40;
}

static uint64_t
strides_of_a_page(uint64_t i)
{
    return i * 4096;
}

static uint64_t
scattered(uint64_t i)
{
    return (i + 1) * 0x9e3779b97f4a7c15ULL;
}

static long
resident_bytes(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    assert_non_null(file);
    assert_int_equal(fscanf(file, "%*d %ld", &pages), 1);
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

/* F2 and F3, after each of a million, whatever pattern the fingerprints have. */
static void
check_million(uint64_t (*print)(uint64_t i))
{
    uint64_t matches[FINGERPRINT_MATCHES_MAX];
    long before = resident_bytes();
    struct fingerprints *set = fingerprints_new();
    size_t false_matches = 0;

    for (uint64_t i = 0; i < MILLION; i++) {
        fingerprints_load(set, print(i), i + 1);
        assert_true(fingerprints_bytes(set) <=
                    (i + 1) * BYTES_EACH_MAX + FINGERPRINTS_FIXED_BYTES);
    }
    if (!SANITIZED)
        assert_true(resident_bytes() - before <=
                    MILLION * BYTES_EACH_MAX + FINGERPRINTS_FIXED_BYTES);
    assert_int_equal(fingerprints_count(set), MILLION);
    for (uint64_t i = 0; i < MILLION; i++) {
        size_t count = fingerprints_find(set, print(i), matches), found = 0;

        for (size_t j = 0; j < count; j++)
            found += matches[j] == i + 1;
        assert_int_equal(found, 1);
        false_matches += count - 1;
    }
    assert_true(false_matches < 1000); /* 10^6 * 10^6 / 2^32: 233 expected */
    fingerprints_free(set);
}

static void
a_million_take_16_bytes_each_at_every_moment(void **state) /* F2, F3 */
{
    (void)state;
    check_million(scattered);
}

static void
patterns_in_fingerprints_cost_nothing(void **state)
{
    (void)state;
    check_million(count_up);
    check_million(high_bits_only);
    check_million(strides_of_a_page);
}

/* What the set should know, kept the simplest way. */
struct model {
    bool in_flight;
    size_t seqs;
    uint64_t seq[MODEL_SEQS];
};

static uint64_t
model_random(uint64_t *random) /* xorshift64 */
{
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    return *random;
}

static void
model_claim(struct fingerprints *set, struct model *model, uint64_t print, bool refute_all)
{
    uint64_t matches[FINGERPRINT_MATCHES_MAX];
    size_t count;
    enum fingerprint_claim expected, answer;

    if (model->seqs > 0 && !refute_all)
        expected = FINGERPRINT_KNOWN;
    else
        expected = model->in_flight ? FINGERPRINT_IN_FLIGHT : FINGERPRINT_CLAIMED;
    answer = fingerprints_claim(set, print, model->seq, refute_all ? model->seqs : 0, matches,
                                &count);
    assert_int_equal(answer, expected);
    if (answer == FINGERPRINT_CLAIMED)
        model->in_flight = true;
    if (answer == FINGERPRINT_KNOWN)
        assert_int_equal(count, model->seqs < FINGERPRINT_MATCHES_MAX
                                    ? model->seqs
                                    : FINGERPRINT_MATCHES_MAX);
}

static void
it_behaves_like_the_naive_model(void **state)
{
    static struct model models[MODEL_PRINTS];
    struct fingerprints *set = *state;
    uint64_t random = 20240415, seq = 0;

    for (int step = 0; step < MODEL_STEPS; step++) {
        uint64_t dice = model_random(&random), print = dice >> 32 & (MODEL_PRINTS - 1);
        struct model *model = &models[print];

        if (dice % 3 != 0) {
            model_claim(set, model, print, dice % 3 == 1);
        } else if (model->in_flight && model->seqs < MODEL_SEQS && dice % 5 == 0) {
            fingerprints_settle(set, print, ++seq);
            model->seq[model->seqs++] = seq;
            model->in_flight = false;
        } else if (model->in_flight) {
            fingerprints_abandon(set, print);
            model->in_flight = false;
        }
        assert_int_equal(fingerprints_count(set), seq);
    }
    assert_int_equal(seq, MODEL_PRINTS * MODEL_SEQS); /* every model was filled */
}

static atomic_int claimed[CONTESTED];

/* Claim each until it is known; whoever gets it settles it. */
static void *
contend(void *context)
{
    struct fingerprints *set = context;

    for (uint64_t i = 0; i < CONTESTED; i++) {
        enum fingerprint_claim answer;

        while ((answer = claim(set, scattered(i))) == FINGERPRINT_IN_FLIGHT)
            sched_yield();
        if (answer == FINGERPRINT_CLAIMED) {
            atomic_fetch_add(&claimed[i], 1);
            fingerprints_settle(set, scattered(i), i + 1);
        }
    }
    return NULL;
}

static void
of_several_threads_exactly_one_gets_the_claim(void **state) /* F1 */
{
    struct fingerprints *set = *state;
    pthread_t threads[THREADS];

    for (int t = 0; t < THREADS; t++)
        assert_int_equal(pthread_create(&threads[t], NULL, contend, set), 0);
    for (int t = 0; t < THREADS; t++)
        pthread_join(threads[t], NULL);
    for (int i = 0; i < CONTESTED; i++)
        assert_int_equal(atomic_load(&claimed[i]), 1);
    assert_int_equal(fingerprints_count(set), CONTESTED);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_claim_is_in_flight_until_it_is_settled),
        TEST(an_abandoned_claim_was_never_there),
        TEST(every_number_is_a_fingerprint_and_a_seq),
        TEST(a_refuted_match_does_not_stand_in_the_way),
        TEST(more_matches_than_fit_come_after_the_first_are_refuted),
        TEST(thousands_may_share_one_fingerprint),
        TEST(malice_costs_memory_but_nothing_else),
        cmocka_unit_test(a_million_take_16_bytes_each_at_every_moment),
        cmocka_unit_test(patterns_in_fingerprints_cost_nothing),
        TEST(it_behaves_like_the_naive_model),
        TEST(of_several_threads_exactly_one_gets_the_claim),
    };

    fingerprints_free(NULL);
    return cmocka_run_group_tests_name("fingerprints", tests, NULL, NULL);
}
