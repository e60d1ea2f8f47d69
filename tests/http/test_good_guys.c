/* test_good_guys.c - exceptions over HTTP: added, counted, void, taken back, kept. */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/rollout_bank.h"

#define PATH  "/v1/lists/good-guys"
#define PARTY "\"party\":{\"name\":\"Lantern Harbour Fiction\",\"country\":\"HK\"}"
#define ENTRY                                                                                  \
    "\"list\":\"fictional\",\"entry\":\"9011\",\"name\":\"LANTERN HARBOUR FICTION COMPONENTS " \
    "LIMITED\""
#define REST "\"reason\":\"another firm\",\"owner\":\"A. Person\",\"expires_on\":\"2024-04-20\""

static struct rollout_bank bank;

static int
set_up(void **state)
{
    static const char *const manual[] = {"--clock", "manual:2024-04-15T09:00:00+08:00", NULL};

    (void)state;
    if (rollout_bank_make(&bank) != 0)
        return -1;
    rollout_bank_start(&bank, manual);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    rollout_bank_remove(&bank);
    return 0;
}

/* Is the party that looks listed a hit, or excepted, or neither? */
static const char *
found(const char *party)
{
    const char *body = arena_printf(
        &bank.arena,
        "{\"uetr\":\"97ed4827-7b6f-4491-a06f-b548d5a7512d\",\"end_to_end_id\":\"1\",\"amount\":"
        "{\"currency\":\"USD\",\"value\":\"1.00\"},\"debtor\":{%s},\"debtor_agent\":{\"bic\":"
        "\"SVRBRUMM\",\"country\":\"RU\"},\"creditor_agent\":{\"bic\":\"HLDBCNBS\",\"country\":"
        "\"CN\"},\"creditor\":{\"name\":\"Nobody\",\"country\":\"CN\"}}",
        party);
    const char *answer = rollout_bank_ask(&bank, "POST", "/v1/evaluations", body, 200);
    bool hit = !strstr(answer, "\"hits\":[]");

    return hit                                                       ? "hit"
           : strstr(answer, "\"excepted\":[{\"list\":\"fictional\"") ? "excepted"
                                                                     : "";
}

#define LANTERN "\"name\":\"Lantern Harbour Fiction\",\"country\":\"HK\""

static const char *
added(void)
{
    return rollout_bank_member(
        &bank, rollout_bank_ask(&bank, "POST", PATH, "{" PARTY "," ENTRY "," REST "}", 201),
        "id");
}

static const char *
state_of(const char *id)
{
    return rollout_bank_member(
        &bank,
        rollout_bank_ask(&bank, "GET", arena_printf(&bank.arena, PATH "/%s", id), "", 200),
        "state");
}

static void
an_exception_counts_for_its_party_alone(void **state)
{
    const char *id;

    (void)state;
    assert_string_equal(found(LANTERN), "hit");
    id = added();
    assert_string_equal(found(LANTERN), "excepted");
    assert_string_equal(found("\"name\":\"Lantern Harbour Fiction\",\"country\":\"CN\""),
                        "hit");
    assert_string_equal(found(LANTERN ",\"incorporated_on\":\"2001-01-01\""), "hit");
    assert_string_equal(state_of(id), "valid");
    assert_non_null(strstr(rollout_bank_ask(&bank, "GET", PATH, "", 200), id));
    rollout_bank_ask(&bank, "DELETE", arena_printf(&bank.arena, PATH "/%s", id), "", 200);
    assert_string_equal(found(LANTERN), "hit");
    rollout_bank_ask(&bank, "DELETE", arena_printf(&bank.arena, PATH "/%s", id), "", 404);
    rollout_bank_ask(&bank, "GET", arena_printf(&bank.arena, PATH "/%s", id), "", 404);
}

static void
it_ends_with_its_last_day(void **state)
{
    const char *id = added();

    (void)state;
    rollout_bank_ask(&bank, "POST", "/v1/clock", "{\"advance\":\"P5D\"}", 200);
    assert_string_equal(found(LANTERN), "excepted");
    rollout_bank_ask(&bank, "POST", "/v1/clock", "{\"advance\":\"P1D\"}", 200);
    assert_string_equal(found(LANTERN), "hit");
    assert_string_equal(state_of(id), "its last day has passed");
    /* The same again, with a later day, renews it. */
    assert_string_equal(
        rollout_bank_member(&bank,
                            rollout_bank_ask(&bank, "POST", PATH,
                                             "{" PARTY "," ENTRY ",\"reason\":\"seen again\","
                                             "\"owner\":\"A\",\"expires_on\":\"2024-05-20\"}",
                                             200),
                            "id"),
        id);
    assert_string_equal(found(LANTERN), "excepted");
}

static void
it_survives_a_kill(void **state)
{
    (void)state;
    added();
    rollout_bank_kill(&bank);
    rollout_bank_start(&bank, NULL);
    assert_string_equal(found(LANTERN), "excepted");
}

/* Another list by the same name, in which all about the entry but its name is other. */
static void
it_is_void_when_the_entry_changes(void **state)
{
    const char *id = added();
    const char *folder = arena_printf(&bank.arena, "%s/list", bank.folder);
    const char *more[] = {"--list", arena_printf(&bank.arena, "fictional=%s", folder), NULL};

    (void)state;
    assert_int_equal(
        system(arena_printf(&bank.arena,
                            "cp -r policy/lists/fictional/ofac %s && sed -i "
                            "'s/Company Number F0000011/Company Number F0000012/' %s/main.csv",
                            folder, folder)),
        0);
    rollout_bank_stop(&bank);
    rollout_bank_start(&bank, more);
    assert_string_equal(found(LANTERN), "hit");
    assert_string_equal(state_of(id), "the entry has changed since the exception was added");
}

/* With no book there is no set to add to: another must not take its place. */
static void
where_nothing_is_in_force_none_are_told_or_added(void **state)
{
    const char *id = added();

    (void)state;
    rollout_bank_stop(&bank);
    rollout_bank_write(bank.book, "{");
    rollout_bank_start(&bank, NULL);
    rollout_bank_ask(&bank, "GET", PATH, "", 503);
    rollout_bank_ask(&bank, "POST", PATH, "{" PARTY "," ENTRY "," REST "}", 503);
    rollout_bank_stop(&bank);
    rollout_bank_write(bank.book, rollout_bank_book(&bank, "own"));
    rollout_bank_start(&bank, NULL);
    assert_string_equal(state_of(id), "valid");
}

static void
what_makes_no_sense_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *body, *says[3];
    } cases[] = {
        {"{}", {"\"/party\"", "\"/owner\"", "\"/expires_on\""}},
        {"{" PARTY "," ENTRY ",\"reason\":\"r\",\"owner\":\"o\",\"expires_on\":\"2024-04-14\"}",
         {"\"/expires_on\"", "2024-04-15"}},
        {"{" PARTY ",\"list\":\"fictional\",\"entry\":\"1\",\"name\":\"X\"," REST "}",
         {"/entry"}},
        {"{" PARTY ",\"list\":\"none\",\"entry\":\"1\",\"name\":\"X\"," REST "}", {"/list"}},
        {"{" PARTY ",\"list\":\"fictional\",\"entry\":\"9011\",\"name\":\"X\"," REST "}",
         {"/name"}},
        {"{" PARTY "," ENTRY "," REST ",\"id\":\"gg-000000000000\"}", {"\"/id\""}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *answer = rollout_bank_ask(&bank, "POST", PATH, cases[i].body, 422);

        for (size_t s = 0; s < 3 && cases[i].says[s]; s++)
            if (!strstr(answer, cases[i].says[s]))
                fail_msg("%s does not say %s", answer, cases[i].says[s]);
    }
    rollout_bank_ask(&bank, "POST", PATH, "{", 400);
    assert_string_equal(found(LANTERN), "hit");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_exception_counts_for_its_party_alone, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(it_ends_with_its_last_day, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_survives_a_kill, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_is_void_when_the_entry_changes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(where_nothing_is_in_force_none_are_told_or_added,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_makes_no_sense_is_refused_with_its_place, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
