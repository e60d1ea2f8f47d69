/* Simulated outages: each ends once, and at most so many are remembered. */
#include "tests/support/test.h"

#include <string.h>

#include "gateway/api/outages.h"

/* The i-th payment. */
static const uint8_t *
uetr(uint32_t i)
{
    static uint8_t bytes[16];

    memcpy(bytes, &i, sizeof(i));
    return bytes;
}

static void
an_outage_ends_by_its_first_try(void **state)
{
    (void)state;
    assert_int_equal(outage_left_ms(uetr(1), 30000, 1000), 30000);
    assert_int_equal(outage_left_ms(uetr(1), 30000, 11000), 20000);
    assert_int_equal(outage_left_ms(uetr(2), 5000, 11000), 5000); /* its own */
    assert_int_equal(outage_left_ms(uetr(1), 30000, 30999), 1);
    assert_int_equal(outage_left_ms(uetr(1), 30000, 31000), 0);
    assert_int_equal(outage_left_ms(uetr(1), 30000, 900000), 0); /* O1: for good */
}

static void
the_one_that_began_first_is_forgotten(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < OUTAGES_MAX; i++)
        assert_int_equal(outage_left_ms(uetr(100 + i), 10, i), 10);
    assert_int_equal(outage_left_ms(uetr(100), 10, 5000), 0); /* all are remembered */
    assert_int_equal(outage_left_ms(uetr(100 + OUTAGES_MAX), 10, 5000), 10);
    assert_int_equal(outage_left_ms(uetr(100), 10, 5000), 10); /* O2: anew */
    assert_int_equal(outage_left_ms(uetr(102), 10, 5000), 0);  /* 101 made room for it */
    assert_int_equal(outage_left_ms(uetr(101), 10, 5000), 10);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_outage_ends_by_its_first_try),
        cmocka_unit_test(the_one_that_began_first_is_forgotten),
    };

    return cmocka_run_group_tests_name("outages", tests, NULL, NULL);
}
