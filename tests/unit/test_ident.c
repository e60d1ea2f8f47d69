/* Ids: time in front, hash behind, and one fingerprint for id and uetr. */
#include <string.h>

#include "gateway/bank/ident.h"
#include "tests/support/test.h"

static const uint8_t uetr[16] = {0x97, 0xed, 0x48, 0x27, 0x7b, 0x6f, 0x44, 0x91,
                                 0xa0, 0x6f, 0xb5, 0x48, 0xd5, 0xa7, 0x51, 0x2d};

static void
an_id_is_a_uuid_of_version_8_with_the_time_in_front(void **state)
{
    struct ident ident = ident_of_uetr(1, uetr);
    char text[IDENT_TEXT_SIZE];

    (void)state;
    ident_set_time(&ident, 1713317400120); /* 0x18ee9acce38 */
    ident_print(&ident, text);
    assert_int_equal(strlen(text), 36);
    assert_memory_equal(text, "018ee9ac-ce38-8", 15);
    assert_non_null(strchr("89ab", text[19]));
}

/* sha256sum over eight bytes of seed and sixteen of uetr begins b44762572d01928a53ec. */
static void
the_rest_is_the_hash_of_seed_and_uetr(void **state)
{
    struct ident ident = ident_of_uetr(1, uetr);
    char text[IDENT_TEXT_SIZE];

    (void)state;
    ident_print(&ident, text);
    assert_string_equal(text, "00000000-0000-8447-a257-2d01928a53ec");
}

static void
seed_and_uetr_both_matter_to_the_fingerprint_and_time_does_not(void **state)
{
    uint8_t other[16];
    struct ident ident = ident_of_uetr(1, uetr);
    uint64_t fingerprint = ident.fingerprint;

    (void)state;
    memcpy(other, uetr, sizeof(other));
    other[15] ^= 1;
    assert_true(ident_of_uetr(2, uetr).fingerprint != fingerprint);
    assert_true(ident_of_uetr(1, other).fingerprint != fingerprint);
    ident_set_time(&ident, 1713317400120);
    assert_true(ident.fingerprint == fingerprint);
}

static void
a_printed_id_reads_back_with_its_fingerprint(void **state)
{
    struct ident ident = ident_of_uetr(7, uetr), back;
    char text[IDENT_TEXT_SIZE];

    (void)state;
    ident_set_time(&ident, 1713317400120);
    ident_print(&ident, text);
    assert_true(ident_parse(text, &back));
    assert_memory_equal(back.bytes, ident.bytes, sizeof(ident.bytes));
    assert_true(back.fingerprint == ident.fingerprint);
}

static void
what_is_no_version_8_uuid_is_no_id(void **state)
{
    static const char *const cases[] = {
        "",
        "97ed4827-7b6f-4491-a06f-b548d5a7512d",  /* version 4 */
        "97ed4827-7b6f-8491-c06f-b548d5a7512d",  /* another variant */
        "97ed4827-7b6f-8491-a06f-b548d5a7512",   /* short */
        "97ed4827-7b6f-8491-a06f-b548d5a7512d0", /* long */
        "97ed4827-7b6f-8491-a06f-b548d5a7512g",
        "97ed482797b6f-8491-a06f-b548d5a7512d",
        "97ed4827-7b6f-8491-a06f--548d5a7512d",
    };
    struct ident ident;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_false(ident_parse(cases[i], &ident));
    assert_true(ident_parse("97ED4827-7B6F-8491-A06F-B548D5A7512D", &ident));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_is_a_uuid_of_version_8_with_the_time_in_front),
        cmocka_unit_test(the_rest_is_the_hash_of_seed_and_uetr),
        cmocka_unit_test(seed_and_uetr_both_matter_to_the_fingerprint_and_time_does_not),
        cmocka_unit_test(a_printed_id_reads_back_with_its_fingerprint),
        cmocka_unit_test(what_is_no_version_8_uuid_is_no_id),
    };

    return cmocka_run_group_tests_name("ident", tests, NULL, NULL);
}
