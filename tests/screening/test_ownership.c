/* The 50 percent rule: at the edge, through chains, round cycles; as the EU has it. */
#include "tests/support/test.h"

#include <stdio.h>
#include <string.h>

#include "policy/screening/list_build.h"
#include "policy/screening/ownership.h"
#include "tests/support/lists.h"

#define PARTIES_MAX 8

static struct arena arena;

static int
tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/*
 * "A 50 B, B 50 C, X control Y": who holds how much of whom.  One letter a party; those
 * in listed are targets.  The result is the state of each, in the order of the alphabet:
 * "A:listed B:owned C:free".
 */
static const char *
states(const char *listed, const char *holdings, struct ownership_rule rule)
{
    static const char *const words[] = {"free", "listed", "owned", "controlled"};
    static struct list_entry entries[PARTIES_MAX];
    static struct list_owner owners[PARTIES_MAX][PARTIES_MAX];
    static char ids[PARTIES_MAX][2], text[200];
    struct list list = {.entries = entries, .entry_count = PARTIES_MAX};
    const struct ownership *found;
    size_t used = 0;
    bool named[PARTIES_MAX] = {false};

    for (int i = 0; i < PARTIES_MAX; i++) {
        ids[i][0] = (char)('A' + i);
        entries[i] = (struct list_entry){
            .id = ids[i], .owners = owners[i], .listed = strchr(listed, 'A' + i) != NULL};
    }
    while (*holdings) {
        char owner, share[20], asset;
        int len = 0;

        assert_int_equal(sscanf(holdings, "%c %19s %c%n", &owner, share, &asset, &len), 3);
        named[owner - 'A'] = named[asset - 'A'] = true;
        owners[asset - 'A'][entries[asset - 'A'].owner_count++] = (struct list_owner){
            .owner = ids[owner - 'A'],
            .share_exact = share_parse(text_of(share)),
            .controls = strcmp(share, "control") == 0,
        };
        holdings += len;
        holdings += strspn(holdings, ", ");
    }
    found = ownership_of_list(&arena, &list, rule);
    for (int i = 0; i < PARTIES_MAX; i++)
        if (named[i])
            used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s:%s",
                                     used ? " " : "", ids[i], words[found[i].state]);
    return text;
}

static void
owners_of_half_block_what_they_own(void **state)
{
    static const struct {
        const char *listed, *holdings, *states;
    } cases[] = {
        /* OFAC's own examples: FAQ 401. */
        {"A", "A 50 B, B 50 C", "A:listed B:owned C:owned"},
        {"A", "A 50 B, A 10 C, B 40 C", "A:listed B:owned C:owned"},
        {"A", "A 50 B, B 25 C, A 25 C", "A:listed B:owned C:owned"},
        {"A", "A 25 B, B 50 C", "A:listed B:free C:free"},
        {"A", "A 25 B, A 25 C, B 50 D, C 50 D", "A:listed B:free C:free D:free"},
        /* In the aggregate, of owners that have nothing to do with each other. */
        {"AB", "A 25 C, B 25 C", "A:listed B:listed C:owned"},
        {"A", "A 25 C, B 25 C", "A:listed B:free C:free"},
        /* The edge, exactly. */
        {"A", "A 50.00 B", "A:listed B:owned"},
        {"A", "A 49.9999999999 B", "A:listed B:free"},
        {"AB", "A 49.9999999999 C, B 0.0000000001 C", "A:listed B:listed C:owned"},
        {"ABC", "A 16.7 D, B 16.7 D, C 16.6 D", "A:listed B:listed C:listed D:owned"},
        {"ABC", "A 33.3 D, B 16.6 D, C 0.1 D", "A:listed B:listed C:listed D:owned"},
        /* What is not known adds nothing; control is no ownership. */
        {"A", "A unknown B", "A:listed B:free"},
        {"A", "A control B", "A:listed B:free"},
        {"", "A 100 B", "A:free B:free"},
    };
    struct ownership_rule rule = ownership_rule_on(OWNERSHIP_OFAC, "2024-05-03");

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(states(cases[i].listed, cases[i].holdings, rule), cases[i].states);
}

static void
cycles_end_and_do_not_block_themselves(void **state)
{
    static const struct {
        const char *listed, *holdings, *states;
    } cases[] = {
        {"", "A 100 B, B 100 A", "A:free B:free"},
        {"C", "A 60 B, B 60 A, C 40 A", "A:free B:free C:listed"},
        {"C", "A 60 B, B 40 A, C 60 A", "A:owned B:owned C:listed"},
        {"A", "A 10 B, B 90 B", "A:listed B:free"},
        {"D", "A 50 B, B 50 C, C 50 A, D 50 C", "A:owned B:owned C:owned D:listed"},
        {"D", "A 50 B, B 50 C, C 50 A, D 49 C", "A:free B:free C:free D:listed"},
    };
    struct ownership_rule rule = ownership_rule_on(OWNERSHIP_OFAC, "2024-05-03");

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(states(cases[i].listed, cases[i].holdings, rule), cases[i].states);
}

/* What a party holds of itself is no holding of somebody blocked (G3). */
static void
own_shares_do_not_count(void **state)
{
    static const struct list_owner owners[] = {
        {.owner = "A", .share_exact = LIST_SHARE_WHOLE / 2},
        {.owner = "B", .share_exact = LIST_SHARE_WHOLE / 4},
    };
    static const struct list_entry entries[] = {
        {.id = "A", .listed = 1},
        {.id = "B", .owners = owners, .owner_count = 2},
    };
    const struct list list = {.entries = entries, .entry_count = 2};
    const struct ownership *found =
        ownership_of_list(&arena, &list, ownership_rule_on(OWNERSHIP_OFAC, "2024-05-03"));

    (void)state;
    assert_int_equal(found[1].state, OWNERSHIP_OWNED);
    assert_true(found[1].share == LIST_SHARE_WHOLE / 2);
}

static void
the_eu_asked_for_more_than_half_until_july_2024(void **state)
{
    static const struct {
        const char *day, *holdings, *states;
    } cases[] = {
        {"2024-07-02", "A 50 B", "A:listed B:free"},
        {"2024-07-03", "A 50 B", "A:listed B:owned"},
        {"2024-07-02", "A 50.0000000001 B", "A:listed B:owned"},
        {"2024-07-02", "A control B", "A:listed B:controlled"},
        {"2024-07-02", "A control B, B 51 C", "A:listed B:controlled C:owned"},
        {"2024-07-02", "B control C, A 51 B", "A:listed B:owned C:controlled"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(
            states("A", cases[i].holdings, ownership_rule_on(OWNERSHIP_EU, cases[i].day)),
            cases[i].states);
}

static void
a_payments_owners_are_added_up(void **state)
{
    static const struct {
        uint32_t a, b; /* millionths; both owners are blocked */
        enum ownership_state state;
    } cases[] = {
        {500000, 0, OWNERSHIP_OWNED},
        {499999, 0, OWNERSHIP_FREE},
        {499999, 1, OWNERSHIP_OWNED},
        {250000, 249999, OWNERSHIP_FREE},
    };
    struct ownership_rule rule = ownership_rule_on(OWNERSHIP_OFAC, "2024-05-03");

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct ownership_holder holders[] = {
            {.share = OWNERSHIP_SHARE_OF_MILLIONTHS(cases[i].a), .blocked = true},
            {.share = OWNERSHIP_SHARE_OF_MILLIONTHS(cases[i].b), .blocked = true},
            {.share = LIST_SHARE_WHOLE / 2, .blocked = false},
            {.share = LIST_SHARE_UNKNOWN, .blocked = true},
        };
        struct ownership party = ownership_of_party(holders, COUNT(holders), rule);

        assert_int_equal(party.state, cases[i].state);
        assert_int_equal(party.unknown, 1);
    }
}

static void
shares_are_read_exactly(void **state)
{
    static const struct {
        const char *text;
        int64_t share; /* of 10^12 */
    } cases[] = {
        {"50", 500000000000},
        {"50.00 %", 500000000000},
        {"0.0000000001", 1},
        {"33.3333333333333", 333333333334},
        {"100%", 1000000000000},
        {"100.00000000001", -1},
        {"101", -1},
        {"-1", -1},
        {"", -1},
        {"5e1", -1},
        {".5", -1},
        {"50,5", -1},
        {"1.2.3", -1},
        {" 7 ", 70000000000},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        if (share_parse(text_of(cases[i].text)) != cases[i].share)
            fail_msg("%s: %lld", cases[i].text, (long long)share_parse(text_of(cases[i].text)));
}

static void
the_synthetic_subsidiary_is_owned(void **state)
{
    static const char *const paths[] = {SYNTHETIC_LISTS "synthetic_entities.ftm.json", NULL};
    struct list *list = lists_from_disk(paths, NULL);
    const struct ownership *found;

    (void)state;
    if (!list)
        skip();
    found = ownership_of_list(&arena, list, ownership_rule_on(OWNERSHIP_OFAC, "2024-05-03"));
    assert_string_equal(list->entries[1].id, "synth-sub-1");
    assert_int_equal(found[0].state, OWNERSHIP_LISTED);
    assert_int_equal(found[1].state, OWNERSHIP_OWNED);
    assert_true(found[1].share == LIST_SHARE_WHOLE / 10 * 6);
    list_free(list);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(owners_of_half_block_what_they_own),
        cmocka_unit_test(cycles_end_and_do_not_block_themselves),
        cmocka_unit_test(own_shares_do_not_count),
        cmocka_unit_test(the_eu_asked_for_more_than_half_until_july_2024),
        cmocka_unit_test(a_payments_owners_are_added_up),
        cmocka_unit_test(shares_are_read_exactly),
        cmocka_unit_test(the_synthetic_subsidiary_is_owned),
    };

    return cmocka_run_group_tests(tests, NULL, tear_down);
}
