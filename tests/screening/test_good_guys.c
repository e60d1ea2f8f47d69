/* test_good_guys.c - what an exception excepts, and all that it does not. */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/json.h"
#include "policy/screening/good_guys.h"
#include "policy/screening/list_digest.h"
#include "tests/support/allocations.h"
#include "tests/support/lists.h"

#define TODAY    "2024-04-15"
#define ADDED_MS 1713142800000

static struct arena arena;

/* -- two lists, made by hand; the second has the same ids and names -- */

static const struct list_name names[] = {
    {"STUZHEV, Matvei Glebovich", LIST_NAME_PRIMARY},
    {"STOUJEV, Matvei", LIST_NAME_ALIAS},
    {"RECHKINA, Varvara", LIST_NAME_PRIMARY},
    {"STUZHEV, Matvei Glebovich", LIST_NAME_PRIMARY},
};
static const struct list_identifier numbers[] = {{"passport", "F0000012", "RU"}};
static const char *const born[] = {"1967-12-12"};
static const struct list_entry entries[] = {
    {.id = "9011", .names = names + 3, .name_count = 1, .remarks = ""},
    {.id = "9012",
     .names = names,
     .name_count = 2,
     .identifiers = numbers,
     .identifier_count = 1,
     .born_on = born,
     .born_on_count = 1,
     .remarks = "a general",
     .listed = 1},
    {.id = "9013", .names = names + 2, .name_count = 1, .remarks = ""},
};
static const struct list list = {.name = "fictional", .entries = entries, .entry_count = 3};
static const struct list namesake = {.name = "other", .entries = entries, .entry_count = 3};
static const struct list *const lists[] = {&list, &namesake};

#define STUZHEV (&entries[1])

/* -- an exception, and sets of them -- */

static const struct good_guy_identifier papers[] = {{"inn", "770100000001"},
                                                    {"passport", "4509 000001"}};

static struct good_guy
ivan(void)
{
    struct good_guy guy = {
        .party = {.name = "Ivan Stuzhev",
                  .country = "RU",
                  .kind = "person",
                  .born_on = "1980-02-03",
                  .incorporated_on = "",
                  .identifiers = papers,
                  .identifier_count = 2},
        .list = "fictional",
        .entry = "9012",
        .name = "STUZHEV, Matvei Glebovich",
        .reason = "another man",
        .owner = "A. Person",
        .expires_on = "2024-12-31",
    };
    struct good_guy_faults faults = {.arena = &arena};

    assert_int_equal(good_guy_seal(&guy, lists, 2, ADDED_MS, &faults), 0);
    assert_int_equal(faults.count, 0);
    return guy;
}

/* As the bank has them: through the text. */
static struct good_guys *
set_of(const struct good_guy *guys, size_t count)
{
    struct good_guys *set;
    struct error err = {0};
    struct buffer out;

    buffer_init(&out, &arena, 1024);
    good_guys_write(guys, count, &out);
    if (good_guys_read(&arena, out.data, out.len, &set, &err) != 0)
        fail_msg("%s", err.text);
    return set;
}

static struct good_guys *
bound(const struct good_guy *guys, size_t count)
{
    struct good_guys *set = set_of(guys, count);

    good_guys_bind(set, &arena, lists, 2);
    return set;
}

static struct screen_hit
hit_by(const struct list_entry *entry, const char *matched)
{
    return (struct screen_hit){
        .list = "fictional", .entry = entry, .matched = matched, .score = 0.9f};
}

/* Is the hit of this party by Stuzhev's first name excepted? */
static bool
excepted(const struct good_guys *set, const struct good_guy_party *party, const char *day)
{
    struct screen_hit hit = hit_by(STUZHEV, "STUZHEV, Matvei Glebovich");
    const struct good_guy *found = good_guys_find(set, &hit, party, day);

    if (found)
        assert_string_equal(found->party.name, party->name);
    return found != NULL;
}

/* -- E1 -- */

static void
the_hit_of_the_party_is_excepted(void **state)
{
    struct good_guy guy = ivan();
    struct good_guys *set = bound(&guy, 1);
    struct screen_hit hit = hit_by(STUZHEV, "STUZHEV, Matvei Glebovich");
    const struct good_guy *found = good_guys_find(set, &hit, &guy.party, TODAY);

    (void)state;
    assert_non_null(found);
    assert_string_equal(found->id, guy.id);
    assert_string_equal(found->reason, "another man");
    assert_int_equal(found->state, GOOD_GUY_VALID);
}

static void
nothing_else_of_the_entry_or_list_is(void **state) /* E1 */
{
    struct good_guy guy = ivan();
    struct good_guys *set = bound(&guy, 1);
    struct list_entry copy = *STUZHEV;
    struct screen_hit hits[] = {
        hit_by(STUZHEV, "STOUJEV, Matvei"),               /* another name */
        hit_by(STUZHEV, "STUZHEV, Matvei"),               /* a piece of the name */
        hit_by(STUZHEV, "stuzhev matvei glebovich"),      /* normalised */
        hit_by(&entries[0], "STUZHEV, Matvei Glebovich"), /* another entry of that name */
        hit_by(&entries[2], "RECHKINA, Varvara"),
        hit_by(&copy, "STUZHEV, Matvei Glebovich"), /* of a list that it was not bound to */
        hit_by(STUZHEV, "STUZHEV, Matvei Glebovich"),
    };

    (void)state;
    hits[COUNT(hits) - 1].by_identifier = true;
    for (size_t i = 0; i < COUNT(hits); i++)
        if (good_guys_find(set, &hits[i], &guy.party, TODAY))
            fail_msg("hit %zu is excepted", i);
}

static void
each_finds_its_own(void **state)
{
    static const char *const people[] = {"Ivan Stuzhev", "Pyotr Stuzhev", "Ivan Stuzhew"};
    static const char *const years[] = {"1980-02-03", "1981-02-03", ""};
    struct good_guy guys[9], *guy = guys;
    struct good_guys *set;

    (void)state;
    for (size_t i = 0; i < COUNT(people); i++)
        for (size_t k = 0; k < COUNT(years); k++, guy++) {
            *guy = ivan();
            guy->party.name = people[i];
            guy->party.born_on = years[k];
            good_guy_id(guy, guy->id);
        }
    set = bound(guys, COUNT(guys));
    for (size_t i = 0; i < COUNT(guys); i++) {
        struct screen_hit hit = hit_by(STUZHEV, "STUZHEV, Matvei Glebovich");

        assert_string_equal(good_guys_find(set, &hit, &guys[i].party, TODAY)->id, guys[i].id);
    }
}

/* -- E2 -- */

/* The state of ivan() under lists as they are now. */
static enum good_guy_state
state_under(const struct list *const *now, size_t count)
{
    struct good_guy guy = ivan();
    struct good_guys *set = set_of(&guy, 1);
    struct screen_hit nothing = hit_by(NULL, "STUZHEV, Matvei Glebovich");

    good_guys_bind(set, &arena, now, count);
    assert_null(good_guys_find(set, &nothing, &guy.party, TODAY));
    assert_true((set->list[0].state == GOOD_GUY_VALID) == (set->list[0].entry_here != NULL));
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < now[i]->entry_count; k++) {
            struct screen_hit hit = hit_by(&now[i]->entries[k], "STUZHEV, Matvei Glebovich");
            const struct good_guy *found = good_guys_find(set, &hit, &guy.party, TODAY);

            if (found && set->list[0].state != GOOD_GUY_VALID)
                fail_msg("void, but excepts: %s", good_guy_state_name(set->list[0].state));
        }
    return set->list[0].state;
}

static enum good_guy_state
state_with(const struct list_entry *now, size_t count)
{
    const struct list changed = {.name = "fictional", .entries = now, .entry_count = count};
    const struct list *const both[] = {&namesake, &changed};

    return state_under(both, 2);
}

static void
it_is_void_when_the_entry_changes(void **state) /* E2 */
{
    struct list_entry now = *STUZHEV;

    (void)state;
    assert_int_equal(state_with(&now, 1), GOOD_GUY_VALID);
    now.remarks = "a general; born 3 Feb 1980";
    assert_int_equal(state_with(&now, 1), GOOD_GUY_ENTRY_CHANGED);
    now = *STUZHEV;
    now.born_on_count = 0;
    assert_int_equal(state_with(&now, 1), GOOD_GUY_ENTRY_CHANGED);
    now = *STUZHEV;
    now.name_count = 1; /* another of its names went */
    assert_int_equal(state_with(&now, 1), GOOD_GUY_ENTRY_CHANGED);
    now = *STUZHEV;
    now.names = names + 1;
    assert_int_equal(state_with(&now, 1), GOOD_GUY_NAME_GONE);
    now = *STUZHEV;
    now.id = "90120";
    assert_int_equal(state_with(&now, 1), GOOD_GUY_ENTRY_GONE);
    assert_int_equal(state_with(NULL, 0), GOOD_GUY_ENTRY_GONE);
}

static void
it_is_void_when_the_list_is_not_there(void **state) /* E2 */
{
    const struct list *const other[] = {&namesake};

    (void)state;
    assert_int_equal(state_under(NULL, 0), GOOD_GUY_NO_LIST);
    assert_int_equal(state_under(other, 1), GOOD_GUY_NO_LIST);
    assert_int_equal(state_under(lists, 2), GOOD_GUY_VALID);
}

static void
it_is_void_when_it_was_added_to_another_entry(void **state) /* E2 */
{
    struct good_guy guy = ivan();
    struct good_guys *set;

    (void)state;
    guy.entry_digest[31] ^= 1;
    set = bound(&guy, 1);
    assert_int_equal(set->list[0].state, GOOD_GUY_ENTRY_CHANGED);
    assert_false(excepted(set, &guy.party, TODAY));
}

static void
a_set_that_is_not_bound_excepts_nothing(void **state) /* E2 */
{
    struct good_guy guy = ivan();
    struct good_guys *set = set_of(&guy, 1);

    (void)state;
    assert_int_equal(set->list[0].state, GOOD_GUY_UNBOUND);
    assert_false(excepted(set, &guy.party, TODAY));
}

static void
an_empty_set_excepts_nothing(void **state)
{
    struct good_guy guy = ivan();

    (void)state;
    assert_false(excepted(bound(NULL, 0), &guy.party, TODAY));
}

static void
some_may_be_void_and_others_not(void **state)
{
    struct good_guy guys[4];
    struct good_guys *set;
    size_t count, valid = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(guys); i++) {
        guys[i] = ivan();
        guys[i].party.born_on = "";
    }
    guys[0].entry_digest[0] ^= 1;
    guys[1].party.country = "KZ";
    guys[2].name = "STOUJEV, Matvei";
    guys[3].list = "gone";
    for (size_t i = 0; i < COUNT(guys); i++)
        good_guy_id(&guys[i], guys[i].id);
    set = bound(guys, COUNT(guys));
    for (const struct good_guy *guy = good_guys_all(set, &count), *end = guy + count; guy < end;
         guy++)
        valid += guy->state == GOOD_GUY_VALID;
    assert_int_equal(count, 4);
    assert_int_equal(valid, 2);
    assert_false(excepted(set, &guys[0].party, TODAY));
    assert_true(excepted(set, &guys[1].party, TODAY));
}

static void
every_state_has_its_words(void **state)
{
    static const char *const words[] = {
        [GOOD_GUY_UNBOUND] = "not yet compared with the lists in force",
        [GOOD_GUY_VALID] = "valid",
        [GOOD_GUY_NO_LIST] = "no list of that name is loaded",
        [GOOD_GUY_ENTRY_GONE] = "the entry is no longer on the list",
        [GOOD_GUY_NAME_GONE] = "the entry no longer has that name",
        [GOOD_GUY_ENTRY_CHANGED] = "the entry has changed since the exception was added",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(words); i++)
        assert_string_equal(good_guy_state_name((enum good_guy_state)i), words[i]);
}

/* -- E3 -- */

static void
a_party_that_changed_is_another(void **state) /* E3 */
{
    static const struct good_guy_identifier other_value[] = {{"inn", "770100000002"},
                                                             {"passport", "4509 000001"}};
    static const struct good_guy_identifier other_scheme[] = {{"tax_id", "770100000001"},
                                                              {"passport", "4509 000001"}};
    static const struct good_guy_identifier more[] = {
        {"inn", "770100000001"}, {"passport", "4509 000001"}, {"kpp", "770101001"}};
    static const struct good_guy_identifier twice[] = {{"inn", "770100000001"},
                                                       {"inn", "770100000001"}};
    struct good_guy guy = ivan();
    struct good_guys *set = bound(&guy, 1);
    struct good_guy_party p[15];
    size_t n = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(p); i++)
        p[i] = guy.party;
    p[n++].name = "Ivan  Stuzhev";
    p[n++].name = "ivan stuzhev";
    p[n++].name = "Ivan Stuzhev ";
    p[n++].country = "KZ";
    p[n++].country = "";
    p[n++].kind = "company";
    p[n++].kind = "";
    p[n++].born_on = "1980-02-04";
    p[n++].born_on = "";
    p[n++].incorporated_on = "2001-01-01";
    p[n++].identifiers = other_value;
    p[n++].identifiers = other_scheme;
    p[n].identifiers = more;
    p[n++].identifier_count = 3;
    p[n++].identifier_count = 1;
    p[n++].identifiers = twice;
    assert_int_equal(n, COUNT(p));
    assert_true(excepted(set, &guy.party, TODAY));
    for (size_t i = 0; i < COUNT(p); i++)
        if (excepted(set, &p[i], TODAY))
            fail_msg("party %zu is excepted", i);
}

static void
a_company_s_day_is_a_particular_too(void **state) /* E3 */
{
    struct good_guy guy = ivan();
    struct good_guy_party party;
    struct good_guys *set;

    (void)state;
    guy.party.kind = "company";
    guy.party.born_on = "";
    guy.party.incorporated_on = "2001-01-01";
    guy.party.identifier_count = 0;
    good_guy_id(&guy, guy.id);
    set = bound(&guy, 1);
    party = guy.party;
    assert_true(excepted(set, &party, TODAY));
    party.incorporated_on = "2001-01-02";
    assert_false(excepted(set, &party, TODAY));
    party.incorporated_on = "";
    assert_false(excepted(set, &party, TODAY));
}

static void
the_order_of_identifiers_does_not_matter(void **state) /* E3 */
{
    static const struct good_guy_identifier swapped[] = {{"passport", "4509 000001"},
                                                         {"inn", "770100000001"}};
    struct good_guy guy = ivan();
    struct good_guy_party party = guy.party;

    (void)state;
    party.identifiers = swapped;
    assert_true(excepted(bound(&guy, 1), &party, TODAY));
}

/* -- E4 -- */

static void
it_counts_up_to_its_last_day(void **state) /* E4 */
{
    static const struct {
        const char *day;
        bool counts;
    } cases[] = {
        {"2024-04-15", true},  {"2024-12-30", true},  {"2024-12-31", true},
        {"2025-01-01", false}, {"2025-12-30", false}, {"9999-12-31", false},
        {"1999-12-31", true},  {"", false},           {"2024", false},
        {"2024-04-31", false}, {"2024-4-15", false},  {"2024-04-15T09:00:00", false},
    };
    struct good_guy guy = ivan();
    struct good_guys *set = bound(&guy, 1);

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        if (excepted(set, &guy.party, cases[i].day) != cases[i].counts)
            fail_msg("on \"%s\" it does%s count", cases[i].day, cases[i].counts ? " not" : "");
}

/* -- adding -- */

static void
what_the_bank_adds_is_of_the_entry_as_it_is(void **state)
{
    struct good_guy guy = ivan();
    uint8_t digest[SHA256_BYTES];

    (void)state;
    list_entry_digest(STUZHEV, digest);
    assert_memory_equal(guy.entry_digest, digest, SHA256_BYTES);
    assert_int_equal(guy.added_at_ms, ADDED_MS);
    assert_string_equal(guy.id, "gg-9ef433ef7d19");
}

static void
an_exception_to_nothing_is_not_added(void **state)
{
    static const struct {
        const char *list, *entry, *name, *pointer, *detail;
    } cases[] = {
        {"fictoinal", "9012", "STUZHEV, Matvei Glebovich", "/list",
         "must be the name of a list that is loaded"},
        {"fictional", "9019", "STUZHEV, Matvei Glebovich", "/entry",
         "must be the id of an entry of the list fictional"},
        {"fictional", "9012", "Stuzhev, Matvei Glebovich", "/name",
         "must be a name of the entry as published, such as STUZHEV, Matvei Glebovich"},
        {"fictional", "9013", "STUZHEV, Matvei Glebovich", "/name",
         "must be a name of the entry as published, such as RECHKINA, Varvara"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct good_guy_faults faults = {.arena = &arena};
        struct good_guy guy = ivan();

        guy.list = cases[i].list;
        guy.entry = cases[i].entry;
        guy.name = cases[i].name;
        assert_int_equal(good_guy_seal(&guy, lists, 2, ADDED_MS, &faults), -1);
        assert_int_equal(faults.count, 1);
        assert_string_equal(faults.list[0].pointer, cases[i].pointer);
        assert_string_equal(faults.list[0].detail, cases[i].detail);
    }
}

/* -- all the way, with the list that ships and the screen -- */

static void
a_hit_of_the_screen_is_excepted(void **state)
{
    static const char *const paths[] = {"policy/lists/fictional/ofac"};
    static const char sent[] =
        "{\"party\":{\"name\":\"Matvey Stuzhev\",\"country\":\"KZ\",\"kind\":\"person\"},"
        "\"list\":\"shipped\",\"entry\":\"9012\",\"name\":\"STUZHEV, Matvey\","
        "\"reason\":\"a boy of ten\",\"owner\":\"A. Person\",\"expires_on\":\"2024-04-15\"}";
    const char *name = "Matvey Stuzhev", *kazakhstan = "KZ";
    struct screen_party party = {.kind = SCREEN_PERSON,
                                 .names = &name,
                                 .name_count = 1,
                                 .countries = &kazakhstan,
                                 .country_count = 1,
                                 .born_on = ""};
    struct list_order order = list_order_of("shipped", paths, 1);
    struct good_guy_faults faults = {.arena = &arena};
    struct good_guys *set;
    struct error err = {0};
    struct screen_hit *hits;
    struct screen *screen;
    struct good_guy guy;
    struct list *shipped;
    cJSON *json;

    (void)state;
    if (list_load(&order, NULL, &shipped, &err) != 0)
        fail_msg("%s", err.text);
    assert_int_equal(json_parse(&arena, sent, strlen(sent), &json, &err), 0);
    assert_int_equal(good_guy_read(json, TODAY, &guy, &faults), 0);
    assert_int_equal(
        good_guy_seal(&guy, (const struct list *const *)&shipped, 1, ADDED_MS, &faults), 0);
    set = set_of(&guy, 1);
    good_guys_bind(set, &arena, (const struct list *const *)&shipped, 1);
    screen = screen_new((const struct list *const *)&shipped, 1);
    assert_int_equal(screen_find(screen, &arena, &party, &hits), 1);
    assert_string_equal(hits[0].entry->id, "9012");
    assert_non_null(good_guys_find(set, &hits[0], &guy.party, TODAY));
    assert_null(good_guys_find(set, &hits[0], &guy.party, "2024-04-16"));
    screen_free(screen);
    list_free(shipped);
}

/* -- as many as there may be; malloc and its kin are counted by the linker's --wrap -- */

#define ENTRIES 15000

static struct list
long_list(void)
{
    struct list_entry *many = arena_alloc(&arena, ENTRIES * sizeof(*many));

    for (size_t i = 0; i < ENTRIES; i++) {
        many[i] = *STUZHEV;
        many[i].id = arena_printf(&arena, "%zu", i);
    }
    return (struct list){.name = "fictional", .entries = many, .entry_count = ENTRIES};
}

/* Half of them are parties of one entry, the others of an entry each. */
static struct good_guy *
many_guys(void)
{
    struct good_guy *many = arena_alloc(&arena, GOOD_GUYS_MAX * sizeof(*many));

    for (size_t i = 0; i < GOOD_GUYS_MAX; i++) {
        many[i] = ivan();
        many[i].entry = i % 2 ? "14999" : arena_printf(&arena, "%zu", i);
        many[i].party.name = arena_printf(&arena, "Ivan Stuzhev %zu", i);
        good_guy_id(&many[i], many[i].id);
    }
    return many;
}

static void
five_thousand_are_found_without_memory(void **state) /* E7 */
{
    const struct list all = long_list(), *const now[] = {&all};
    struct good_guy *many = many_guys();
    struct good_guys *set = set_of(many, GOOD_GUYS_MAX);

    (void)state;
    good_guys_bind(set, &arena, now, 1);
    allocations = 0;
    for (size_t i = 0; i < GOOD_GUYS_MAX; i++) {
        const struct list_entry *entry = &all.entries[i % 2 ? ENTRIES - 1 : i];
        struct screen_hit hit = hit_by(entry, "STUZHEV, Matvei Glebovich");
        const struct good_guy *found = good_guys_find(set, &hit, &many[i].party, TODAY);

        if (!found || strcmp(found->id, many[i].id) != 0)
            fail_msg("%s is not found", many[i].id);
        hit.entry = &all.entries[i + 1 < ENTRIES ? i + 1 : 0];
        if (good_guys_find(set, &hit, &many[i].party, TODAY))
            fail_msg("%s excepts another entry", many[i].id);
    }
    if (allocations > 0)
        fail_msg("%zu allocations", (size_t)allocations);
}

static int
forget(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

#define TEST(test) cmocka_unit_test_teardown(test, forget)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_hit_of_the_party_is_excepted),
        TEST(nothing_else_of_the_entry_or_list_is),
        TEST(each_finds_its_own),
        TEST(it_is_void_when_the_entry_changes),
        TEST(it_is_void_when_the_list_is_not_there),
        TEST(it_is_void_when_it_was_added_to_another_entry),
        TEST(a_set_that_is_not_bound_excepts_nothing),
        TEST(an_empty_set_excepts_nothing),
        TEST(some_may_be_void_and_others_not),
        TEST(every_state_has_its_words),
        TEST(a_party_that_changed_is_another),
        TEST(a_company_s_day_is_a_particular_too),
        TEST(the_order_of_identifiers_does_not_matter),
        TEST(it_counts_up_to_its_last_day),
        TEST(what_the_bank_adds_is_of_the_entry_as_it_is),
        TEST(an_exception_to_nothing_is_not_added),
        TEST(a_hit_of_the_screen_is_excepted),
        TEST(five_thousand_are_found_without_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
