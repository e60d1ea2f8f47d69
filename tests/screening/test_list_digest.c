/* test_list_digest.c - whatever changes about an entry of a list changes its digest. */
#include "tests/support/test.h"

#include <string.h>

#include "policy/screening/list_digest.h"

static const struct list_name names[] = {{"IVANOV I", LIST_NAME_PRIMARY},
                                         {"VANO", LIST_NAME_WEAK}};
static const struct list_identifier numbers[] = {{"passport", "F00001", "RU"}};
static const char *const countries[] = {"RU", "CN"}, *const born[] = {"1961-04-12"};
static const char *const programs[] = {"PRG1"}, *const addresses[] = {"Moscow"};
static const struct list_owner owners[] = {
    {"p2", 0.5, 1, LIST_SHARE_WHOLE / 2},
    {"p3", 0, 0, LIST_SHARE_UNKNOWN},
};

static const struct list_entry whole = {
    .id = "p1",
    .kind = LIST_PERSON,
    .names = names,
    .name_count = 2,
    .identifiers = numbers,
    .identifier_count = 1,
    .countries = countries,
    .country_count = 2,
    .born_on = born,
    .born_on_count = 1,
    .programs = programs,
    .program_count = 1,
    .owners = owners,
    .owner_count = 2,
    .remarks = "a man",
    .listed = 1,
    .addresses = addresses,
    .address_count = 1,
};

static const char *
digest_of(const struct list_entry *entry)
{
    static char hex[2][SHA256_HEX_SIZE];
    static int turn;
    uint8_t digest[SHA256_BYTES];

    turn = !turn;
    list_entry_digest(entry, digest);
    hash_hex(digest, sizeof(digest), hex[turn]);
    return hex[turn];
}

static void
the_form_is_the_one_that_is_stored(void **state)
{
    static const char form[] = "6:person1;"
                               "2;7:primary8:IVANOV I4:weak4:VANO"
                               "1;8:passport6:F000012:RU"
                               "2;2:RU2:CN"
                               "1;10:1961-04-12"
                               "1;4:PRG1"
                               "2;2:p2500000000000;1;2:p3-1;0;"
                               "1;6:Moscow"
                               "5:a man";
    uint8_t digest[SHA256_BYTES];
    char hex[SHA256_HEX_SIZE];

    (void)state;
    hash_sha256(&(struct hash_part){form, strlen(form)}, 1, digest);
    hash_hex(digest, sizeof(digest), hex);
    assert_string_equal(digest_of(&whole), hex);
}

static void
the_same_entry_has_the_same_digest(void **state)
{
    struct list_entry same = whole;

    (void)state;
    same.id = "p9"; /* the id is how it was found */
    assert_string_equal(digest_of(&same), digest_of(&whole));
}

static const struct list_name two_names[] = {{"VANO", LIST_NAME_WEAK},
                                             {"IVANOV I", LIST_NAME_PRIMARY}},
                              other_kind[] = {{"IVANOV I", LIST_NAME_PRIMARY},
                                              {"VANO", LIST_NAME_ALIAS}},
                              run_together[] = {{"IVANOV I4:weak4:VANO", LIST_NAME_PRIMARY}},
                              one_letter[] = {{"IVANOV I", LIST_NAME_PRIMARY},
                                              {"VANA", LIST_NAME_WEAK}};
static const struct list_identifier other_type[] = {{"national", "F00001", "RU"}},
                                    other_value[] = {{"passport", "F00002", "RU"}},
                                    other_country[] = {{"passport", "F00001", ""}};
static const struct list_owner other_owner[] = {{"p4", 0.5, 1, LIST_SHARE_WHOLE / 2},
                                                {"p3", 0, 0, LIST_SHARE_UNKNOWN}},
                               other_share[] = {{"p2", 0.5, 1, LIST_SHARE_WHOLE / 2 + 1},
                                                {"p3", 0, 0, LIST_SHARE_UNKNOWN}},
                               no_control[] = {{"p2", 0.5, 0, LIST_SHARE_WHOLE / 2},
                                               {"p3", 0, 0, LIST_SHARE_UNKNOWN}};
static const char *const elsewhere[] = {"Moscow", "Hefei"}, *const year[] = {"1961"};
static const char *const swapped[] = {"CN", "RU"}, *const other_program[] = {"PRG2"};

static void
any_change_changes_it(void **state)
{
    struct list_entry e[21]; /* the first is whole */
    size_t n = 1;

    (void)state;
    for (size_t i = 0; i < COUNT(e); i++)
        e[i] = whole;
    e[n++].kind = LIST_OTHER;
    e[n++].listed = 0;
    e[n++].names = two_names;
    e[n++].names = other_kind;
    e[n++].names = one_letter;
    e[n].names = run_together;
    e[n++].name_count = 1;
    e[n++].name_count = 1;
    e[n++].identifiers = other_type;
    e[n++].identifiers = other_value;
    e[n++].identifiers = other_country;
    e[n++].countries = swapped;
    e[n++].born_on = year;
    e[n++].programs = other_program;
    e[n++].owners = other_owner;
    e[n++].owners = other_share;
    e[n++].owners = no_control;
    e[n].addresses = elsewhere;
    e[n++].address_count = 2;
    e[n++].address_count = 0;
    e[n++].remarks = "a man.";
    e[n].remarks = "";
    e[n].programs = countries; /* the text moves from one series to the next */
    e[n++].program_count = 2;
    assert_int_equal(n, COUNT(e));
    for (size_t i = 0; i < COUNT(e); i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(digest_of(&e[i]), digest_of(&e[k])) == 0)
                fail_msg("%zu and %zu have the same digest", i, k);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_form_is_the_one_that_is_stored),
        cmocka_unit_test(the_same_entry_has_the_same_digest),
        cmocka_unit_test(any_change_changes_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
