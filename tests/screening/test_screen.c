/* test_screen.c - a party against lists: numbers, dates, countries, memory, the cache. */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/screening/screen.h"
#include "tests/support/allocations.h"

static const struct list_name names[] = {
    {"ZAITSEV, Oleg Petrovich", LIST_NAME_PRIMARY},
    {"Severnaya Verf-Test", LIST_NAME_PRIMARY},
    {"Severnaya Verf-Test", LIST_NAME_PRIMARY},
};
static const struct list_identifier numbers[] = {
    {"inn", "7701234567", "RU"},
    {"bic", "TESTRUMM", "RU"},
};
static const char *const born[] = {"1961-04-12"};
static const char *const russia[] = {"RU"}, *const china[] = {"CN"};
static const struct list_entry first_entries[] = {
    {.id = "p1",
     .kind = LIST_PERSON,
     .names = names,
     .name_count = 1,
     .born_on = born,
     .born_on_count = 1,
     .countries = russia,
     .country_count = 1},
    {.id = "c1",
     .kind = LIST_COMPANY,
     .names = names + 1,
     .name_count = 1,
     .identifiers = numbers,
     .identifier_count = 1},
};
static const struct list_entry second_entries[] = {
    {.id = "b1",
     .kind = LIST_BANK,
     .names = names + 2,
     .name_count = 1,
     .identifiers = numbers + 1,
     .identifier_count = 1},
};
static const struct list first = {
    .name = "first", .entries = first_entries, .entry_count = 2, .name_count = 2};
static const struct list second = {
    .name = "second", .entries = second_entries, .entry_count = 1, .name_count = 1};
static const struct list *const lists[] = {&first, &second};

static struct screen *screen;
static struct arena arena;

/* A party of one name. */
static struct screen_party
party_of(enum screen_kind kind, const char *const *name)
{
    return (struct screen_party){.kind = kind, .names = name, .name_count = 1, .born_on = ""};
}

static size_t
find(const struct screen_party *party, struct screen_hit **hits)
{
    return screen_find(screen, &arena, party, hits);
}

static void
a_hit_says_list_entry_and_both_normal_forms(void **state)
{
    const char *name = "Олег Зайцев";
    struct screen_party party = party_of(SCREEN_ANY, &name);
    struct screen_hit *hits;

    (void)state;
    assert_int_equal(find(&party, &hits), 1);
    assert_string_equal(hits[0].list, "first");
    assert_string_equal(hits[0].entry->id, "p1");
    assert_string_equal(hits[0].query, name);
    assert_string_equal(hits[0].matched, "ZAITSEV, Oleg Petrovich");
    assert_string_equal(hits[0].query_normal, "oleg zaytsev");
    assert_string_equal(hits[0].matched_normal, "zaitsev oleg petrovich");
    assert_false(hits[0].by_identifier);
}

/* An entry of no kind is found as a person and as a company: the better of the two counts. */
static void
a_hit_says_as_what_its_name_was_read(void **state)
{
    static const struct list_name other[] = {{"Severnaya Verf OOO", LIST_NAME_PRIMARY}};
    static const struct list_entry entries[] = {
        {.id = "o1", .kind = LIST_OTHER, .names = other, .name_count = 1}};
    static const struct list list = {
        .name = "other", .entries = entries, .entry_count = 1, .name_count = 1};
    static const struct list *const all[] = {&first, &list};
    static const struct {
        const char *name;
        enum screen_kind kind, read_as;
    } cases[] = {
        {"Oleg Zaitsev", SCREEN_ANY, SCREEN_PERSON},
        {"Severnaya Verf Test", SCREEN_ANY, SCREEN_COMPANY},
        {"Severnaya Verf LLC", SCREEN_ANY, SCREEN_COMPANY},
        {"Severnaya Verf OOO", SCREEN_PERSON, SCREEN_PERSON},
    };
    struct screen *screen_of_any = screen_new(all, 2);

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct screen_party party = party_of(cases[i].kind, &cases[i].name);
        struct screen_hit *hits;

        if (screen_find(screen_of_any, &arena, &party, &hits) == 0 ||
            hits[0].read_as != cases[i].read_as)
            fail_msg("%s", cases[i].name);
    }
    screen_free(screen_of_any);
}

static void
every_list_is_asked(void **state)
{
    const char *name = "ООО «Северная верфь-тест»";
    struct screen_party party = party_of(SCREEN_COMPANY, &name);
    struct screen_hit *hits;

    (void)state;
    assert_int_equal(find(&party, &hits), 2);
    assert_string_not_equal(hits[0].list, hits[1].list);
}

static void
a_number_outranks_a_name(void **state)
{
    const struct screen_identifier own[] = {{"inn", "77 0123-4567"}};
    const char *name = "Severnaya Verf-Test Bank";
    struct screen_party party = party_of(SCREEN_COMPANY, &name);
    struct screen_hit *hits;

    (void)state;
    party.identifiers = own;
    party.identifier_count = 1;
    assert_int_equal(find(&party, &hits), 2);
    assert_true(hits[0].by_identifier);
    assert_int_equal(hits[0].read_as, SCREEN_ANY);
    assert_string_equal(hits[0].entry->id, "c1");
    assert_string_equal(hits[0].matched, "7701234567");
    assert_true(hits[0].score == 1);
}

static void
a_number_of_another_type_is_none(void **state)
{
    const struct screen_identifier own[] = {{"lei", "7701234567"}, {"", "testrumm"}};
    struct screen_party party = {.kind = SCREEN_ANY, .identifiers = own, .born_on = ""};
    struct screen_hit *hits;

    (void)state;
    party.identifier_count = 1;
    assert_int_equal(find(&party, &hits), 0);
    party.identifier_count = 2;
    assert_int_equal(find(&party, &hits), 1);
    assert_string_equal(hits[0].entry->id, "b1");
}

/* Payments have a dozen schemes (gateway/payment/payment_identifiers.c), lists words of their own. */
static void
payments_and_lists_mean_the_same_by_other_words(void **state)
{
    static const struct {
        const char *of_payment, *of_list;
        size_t hits;
    } cases[] = {
        /* clang-format off */
        {"tax_id",              "tax",          1},
        {"inn",                 "tax",          1},
        {"tax_id",              "inn",          1},
        {"registration_number", "registration", 1},
        {"ogrn",                "registration", 1},
        {"uscc",                "registration", 1},
        {"uscc",                "uscc",         1},
        {"national_id",         "national",     1},
        {"passport",            "passport",     1},
        {"duns",                "duns",         1},
        {"tax_id",              "registration", 0},
        {"ogrn",                "inn",          0},
        {"passport",            "national",     0},
        {"national_id",         "tax",          0},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct list_identifier listed[] = {{cases[i].of_list, "7701234567", ""}};
        const struct list_entry entries[] = {{.id = "t1",
                                              .kind = LIST_COMPANY,
                                              .names = names,
                                              .name_count = 1,
                                              .identifiers = listed,
                                              .identifier_count = 1}};
        const struct list list = {
            .name = "typed", .entries = entries, .entry_count = 1, .name_count = 1};
        const struct list *const one[] = {&list};
        const struct screen_identifier own[] = {{cases[i].of_payment, "7701234567"}};
        struct screen_party party = {
            .kind = SCREEN_COMPANY, .identifiers = own, .identifier_count = 1, .born_on = ""};
        struct screen *typed = screen_new(one, 1);
        struct screen_hit *hits;

        if (screen_find(typed, &arena, &party, &hits) != cases[i].hits)
            fail_msg("%s and a list's %s", cases[i].of_payment, cases[i].of_list);
        screen_free(typed);
    }
}

/* A branch is its bank; a list that does not say what its numbers are has BICs among them. */
static void
a_bic_is_that_of_the_bank(void **state)
{
    static const struct list_identifier untyped[] = {{"", "OTHRRUMM007", ""}};
    static const struct list_entry entries[] = {{.id = "u1",
                                                 .kind = LIST_COMPANY,
                                                 .names = names,
                                                 .name_count = 1,
                                                 .identifiers = untyped,
                                                 .identifier_count = 1}};
    static const struct list of_untyped = {
        .name = "untyped", .entries = entries, .entry_count = 1, .name_count = 1};
    static const struct list *const all[] = {&first, &second, &of_untyped};
    static const char *const found[] = {"TESTRUMM", "TESTRUMMXXX", "testrumm007",
                                        "OTHRRUMM", "OTHRRUMMXXX", "OTHRRUMM007"};
    struct screen *with_untyped = screen_new(all, 3);

    (void)state;
    for (size_t i = 0; i < sizeof(found) / sizeof(found[0]); i++) {
        const struct screen_identifier own[] = {{"bic", found[i]}};
        struct screen_party party = {
            .kind = SCREEN_COMPANY, .identifiers = own, .identifier_count = 1, .born_on = ""};
        struct screen_hit *hits;

        assert_int_equal(screen_find(with_untyped, &arena, &party, &hits), 1);
        assert_string_equal(hits[0].entry->id, i < 3 ? "b1" : "u1");
    }
    screen_free(with_untyped);
}

/* What a payment calls itself is no way past a list: only what resembles may be told apart. */
static void
the_wrong_kind_hides_nobody(void **state)
{
    static const struct {
        enum screen_kind kind;
        const char *name;
        size_t hits;
    } cases[] = {
        {SCREEN_SAID_COMPANY, "Oleg Petrovich Zaitsev", 1},
        {SCREEN_SAID_COMPANY, "Oleg Zaytsef", 0},
        {SCREEN_SAID_PERSON, "Oleg Zaytsef", 1},
        {SCREEN_SAID_PERSON, "Severnaya Verf-Test", 2},
        {SCREEN_PERSON, "Severnaya Verf-Test", 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct screen_party party = party_of(cases[i].kind, &cases[i].name);
        struct screen_hit *hits;

        assert_int_equal(find(&party, &hits), cases[i].hits);
    }
}

static float
score_with(const char *born_on, const char *const *countries)
{
    const char *name = "Oleg Petrov Zaitsev";
    struct screen_party party = party_of(SCREEN_PERSON, &name);
    struct screen_hit *hits;

    party.born_on = born_on;
    party.countries = countries;
    party.country_count = countries ? 1 : 0;
    return find(&party, &hits) ? hits[0].score : 0;
}

static void
dates_and_countries_strengthen_and_weaken(void **state)
{
    float plain = score_with("", NULL);

    (void)state;
    assert_true(plain > 0 && plain < 1);
    assert_true(score_with("1961-04-12", NULL) > plain);
    assert_true(score_with("1961", NULL) > plain);
    assert_true(score_with("1962", NULL) == plain);
    assert_true(score_with("1990-04-12", NULL) < plain);
    assert_true(score_with("", russia) > plain);
    assert_true(score_with("", china) < plain);
}

static void
thresholds_are_of_a_list_and_a_kind(void **state)
{
    const struct screen_thresholds strict[] = {{{0.999f, 0, 0}}, {{0, 0, 0}}};
    const char *person = "Oleg Zaitsev", *company = "Severnaya Verf Test OOO";
    struct screen_party of_person = party_of(SCREEN_PERSON, &person);
    struct screen_party of_company = party_of(SCREEN_COMPANY, &company);
    struct screen_hit *hits;

    (void)state;
    assert_int_equal(find(&of_person, &hits), 1);
    of_person.thresholds = of_company.thresholds = strict;
    assert_int_equal(find(&of_person, &hits), 0);
    assert_int_equal(find(&of_company, &hits), 2);
}

static void
a_name_asked_again_gets_the_same_answer(void **state)
{
    static const char *const asked[] = {"Oleg Zaitsev", "Severnaya Verf", "Nobody Whatsoever"};

    (void)state;
    for (size_t i = 0; i < COUNT(asked); i++) {
        struct screen_party party = party_of(SCREEN_ANY, &asked[i]);
        struct screen_hit *once, *again;
        size_t count = find(&party, &once);

        assert_int_equal(find(&party, &again), count); /* S4 */
        for (size_t h = 0; h < count; h++) {
            assert_ptr_equal(once[h].entry, again[h].entry);
            assert_true(once[h].score == again[h].score);
            assert_string_equal(once[h].query_normal, again[h].query_normal);
        }
    }
}

/* -- memory: malloc and its kin are counted by the linker's --wrap -- */

static void
a_query_takes_no_memory_but_the_arenas(void **state)
{
    static const char *const warm[] = {"Oleg Zaitsev", "深圳市东方贸易有限公司", "محمد الجاسم",
                                       "박천산", "Παύλος Ιωάννου"};
    static const char *const asked[] = {
        "Pavel Sokolov",    "深圳市长城贸易有限公司", "خالد السعدي", "김수일",
        "Γιώργος Νικολάου", "Павел Соколов",          "Oleg Zaitsev"};
    struct screen_hit *hits;

    (void)state;
    for (size_t i = 0; i < COUNT(warm); i++) {
        struct screen_party party = party_of(SCREEN_ANY, &warm[i]);

        find(&party, &hits);
    }
    arena_reset(&arena);
    arena_alloc(&arena, 4u << 20); /* so that the arena has a chunk to give from */
    arena.next -= 4u << 20;
    allocations = 0;
    for (size_t i = 0; i < COUNT(asked); i++) {
        struct screen_party party = party_of(SCREEN_ANY, &asked[i]);

        find(&party, &hits);
        if (allocations > 0)
            fail_msg("%s: %zu allocations", asked[i], (size_t)allocations); /* S3 */
    }
}

/* A payment may name hundreds whom nobody has heard of: what one search takes, all do. */
static void
many_names_take_no_more_memory_than_one(void **state)
{
    size_t held = 0;

    (void)state;
    arena_release(&arena);
    for (int i = 0; i < 500; i++) {
        char text[64];
        const char *name = text;
        struct screen_party party = party_of(SCREEN_ANY, &name);
        struct screen_hit *hits;

        snprintf(text, sizeof(text), "Pavel Korovk%dov Sokolnik%d", i, i * 7);
        assert_int_equal(find(&party, &hits), 0);
        if (i == 20)
            held = arena_footprint(&arena);
    }
    assert_int_equal(arena_footprint(&arena), held);
}

static int
setup(void **state)
{
    (void)state;
    screen = screen_new(lists, 2);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    screen_free(screen);
    arena_release(&arena);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hit_says_list_entry_and_both_normal_forms),
        cmocka_unit_test(a_hit_says_as_what_its_name_was_read),
        cmocka_unit_test(every_list_is_asked),
        cmocka_unit_test(a_number_outranks_a_name),
        cmocka_unit_test(a_number_of_another_type_is_none),
        cmocka_unit_test(payments_and_lists_mean_the_same_by_other_words),
        cmocka_unit_test(a_bic_is_that_of_the_bank),
        cmocka_unit_test(the_wrong_kind_hides_nobody),
        cmocka_unit_test(dates_and_countries_strengthen_and_weaken),
        cmocka_unit_test(thresholds_are_of_a_list_and_a_kind),
        cmocka_unit_test(a_name_asked_again_gets_the_same_answer),
        cmocka_unit_test(a_query_takes_no_memory_but_the_arenas),
        cmocka_unit_test(many_names_take_no_more_memory_than_one),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
