/*
 * Chance: the number that anybody can work out by hand, and that it is fair
 * enough to speak of a probability.
 */
#include "policy/chance.h"
#include "policy/facts.h"
#include "tests/policy/fixture.h"
#include "tests/support/test.h"

#define UETR "97ed4827-7b6f-4491-a06f-b548d5a7512d"

/*
 * The digests are those of `printf '\0\0\0\0\0\0\0\1'UETR'KIT-01\0\0\0\0\0' | sha256sum` and
 * its like, their first 53 bits divided by 2^53 with a calculator.
 */
static void
chance_is_the_first_bits_of_a_hash(void **state)
{
    static const struct {
        uint64_t seed;
        const char *uetr, *rule;
        uint32_t site;
        double drawn;
    } cases[] = {
        {1, UETR, "KIT-01", 0, 0.10952066243136627},
        {1, UETR, "KIT-01", 1, 0.6745471764338997},
        {2, UETR, "KIT-01", 0, 0.6036128327832059},
        {1, UETR, "KIT-0", 0, 0.35307877315609626},
        {1, "97ed4827-7b6f-4491-a06f-b548d5a7512e", "KIT-01", 0, 0.8702011183357155},
        {0xfedcba9876543210, UETR, "", 0x01020304, 0.777502657341126},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_true(chance_draw(cases[i].seed, cases[i].uetr, cases[i].rule, cases[i].site) ==
                    cases[i].drawn);
}

/*
 * 100,000 payments in 20 bins of 5,000: a fair die strays by 69 (one sigma), so
 * 350 is five.  The hash is fixed: this fails always or never.
 */
static void
chance_is_uniform(void **state)
{
    enum { DRAWS = 100000, BINS = 20 };
    int bins[BINS] = {0};
    double sum = 0;

    (void)state;
    for (int i = 0; i < DRAWS; i++) {
        char uetr[CHANCE_UETR_LENGTH + 1];
        double drawn;

        snprintf(uetr, sizeof(uetr), "97ed4827-7b6f-4491-a06f-%012x", i);
        drawn = chance_draw(1, uetr, "RET-01", 0);
        assert_true(drawn >= 0 && drawn < 1);
        bins[(int)(drawn * BINS)]++;
        sum += drawn;
    }
    for (int i = 0; i < BINS; i++)
        assert_in_range(bins[i], DRAWS / BINS - 350, DRAWS / BINS + 350);
    assert_true(sum / DRAWS > 0.495 && sum / DRAWS < 0.505);
}

static void
policies_draw_for_their_payment_under_the_seed(void **state)
{
    struct fixture fixture;
    struct arena arena = {0};
    struct facts facts;

    (void)state;
    fixture_init(&fixture);
    for (uint64_t seed = 1; seed <= 3; seed++) {
        facts_init(&facts, &fixture.payment, NULL, 0, seed, NULL, &arena);
        assert_true(facts.base.chance(&facts.base, "KIT-01", 7) ==
                    chance_draw(seed, UETR, "KIT-01", 7));
        assert_true(facts.base.chance(&facts.base, NULL, 7) == chance_draw(seed, UETR, "", 7));
    }
    arena_release(&arena);
}

static void
memory_is_to_be_had_and_hits_and_history_are_empty(void **state)
{
    struct {
        struct policy_window window;
        int64_t appended; /* by a later minor version of the plugin */
    } wide = {{0, 1, 2, 3, 4, 5, 6}, 7};
    struct policy_window whole = {sizeof(whole), 1, 2, 3, 4, 5, 6};
    struct policy_window narrow = {offsetof(struct policy_window, sum_minor), 1, 2, 3, 4, 5, 6};
    const struct policy_hit *const *hits = NULL;
    struct fixture fixture;
    struct arena arena = {0};
    struct facts facts;
    char *memory;

    (void)state;
    fixture_init(&fixture);
    facts_init(&facts, &fixture.payment, NULL, 0, 1, NULL, &arena);
    memory = facts.base.alloc(&facts.base, 100000);
    memset(memory, 0xff, 100000);
    assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
    assert_int_equal(facts.base.hits(&facts.base, &hits), 0);
    assert_non_null(hits);
    facts.base.history(&facts.base, POLICY_HISTORY_DEBTOR, 1000, &whole);
    assert_true(whole.size == sizeof(whole) && whole.count == 0 && whole.sum_minor == 0 &&
                whole.counterparties == 0 && whole.last_ms == 0 && whole.refused == 0 &&
                whole.largest_minor == 0);
    facts.base.history(&facts.base, POLICY_HISTORY_CONTRACT, 1000, &narrow);
    assert_true(narrow.count == 0 && narrow.sum_minor == 2); /* no further than its size */
    wide.window.size = sizeof(wide);
    facts.base.history(&facts.base, POLICY_HISTORY_DEBTOR, 1000, &wide.window);
    assert_true(wide.window.last_ms == 0 && wide.appended == 7); /* nor than ours */
    wide.window = (struct policy_window){0, 1, 2, 3, 4, 5, 6};
    facts.base.history(&facts.base, POLICY_HISTORY_DEBTOR, 1000, &wide.window);
    assert_int_equal(wide.window.count, 1);
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chance_is_the_first_bits_of_a_hash),
        cmocka_unit_test(chance_is_uniform),
        cmocka_unit_test(policies_draw_for_their_payment_under_the_seed),
        cmocka_unit_test(memory_is_to_be_had_and_hits_and_history_are_empty),
    };

    return cmocka_run_group_tests_name("chance", tests, NULL, NULL);
}
