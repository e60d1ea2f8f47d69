/*
 * test_index.c - the index against comparing with every name (I1), on the whole OFAC list
 * where ../shared is there, and on a few fictional names always.
 */
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

#include "policy/screening/index.h"
#include "policy/screening/list_load.h"
#include "tests/support/ofac.h"

#define EVERY 601 /* of the list's names, and of the clean ones, one in so many is asked */

static struct list *ofac;
static struct index *ofac_index;

static const struct list_name own_names[] = {
    {"ZAITSEV, Oleg Petrovich", LIST_NAME_PRIMARY},
    {"Oleh Zaytsev", LIST_NAME_ALIAS},
    {"OOO Severnaya Verf-Test", LIST_NAME_PRIMARY},
    {"North Test Shipyard LLC", LIST_NAME_ALIAS},
    {"TAL MORNINGSTAR 7", LIST_NAME_PRIMARY},
    {"ALEKSANDROPOL, Viktor", LIST_NAME_PRIMARY},
};
static const struct list_entry own_entries[] = {
    {.id = "1", .kind = LIST_PERSON, .names = own_names, .name_count = 2},
    {.id = "2", .kind = LIST_COMPANY, .names = own_names + 2, .name_count = 2},
    {.id = "3", .kind = LIST_VESSEL, .names = own_names + 4, .name_count = 1},
    {.id = "4", .kind = LIST_PERSON, .names = own_names + 5, .name_count = 1},
};
static const struct list own = {
    .name = "own", .entries = own_entries, .entry_count = 4, .name_count = 6};

/* The same two, a nickname the one and the other not. */
static const struct list_name nick_names[] = {{"Koldun", LIST_NAME_WEAK},
                                              {"Koldun", LIST_NAME_ALIAS}};
static const struct list_entry nick_entries[] = {
    {.id = "1", .kind = LIST_PERSON, .names = nick_names, .name_count = 1},
    {.id = "2", .kind = LIST_PERSON, .names = nick_names + 1, .name_count = 1}};
static const struct list nicks = {
    .name = "nicks", .entries = nick_entries, .entry_count = 2, .name_count = 2};

static size_t
find(struct arena *arena, const struct index *index, enum name_kind kind, const char *text,
     float threshold, struct index_hit **hits)
{
    struct name name;

    name_read(arena, text, kind, &name);
    return index_find(index, arena, &name, threshold, hits);
}

static void
a_name_is_found_under_every_habit_of_writing(void **state)
{
    static const struct {
        enum name_kind kind;
        const char *text;
        uint32_t entry;
    } cases[] = {
        {NAME_PERSON, "Олег Петрович Зайцев", 0},
        {NAME_PERSON, "Oleg Zaitsev", 0},
        {NAME_PERSON, "Saizew, Oleg Petrowitsch", 0},
        {NAME_COMPANY, "ООО «Северная верфь-тест»", 1},
        {NAME_COMPANY, "NORTHTEST SHIPYARD", 1},
        {NAME_PERSON, "Viktor Aleksandro Pol", 3},
        {NAME_VESSEL, "M/V Tal Morningstar 7", 2},
    };
    const struct list *lists[] = {&own};
    struct index *index = index_new(lists, 1);
    struct arena arena = {0};
    struct index_hit *hits;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (find(&arena, index, cases[i].kind, cases[i].text, 0.8f, &hits) == 0)
            fail_msg("%s is not found", cases[i].text);
        assert_int_equal(hits[0].entry, cases[i].entry);
    }
    assert_int_equal(find(&arena, index, NAME_VESSEL, "Tal Morningstar 8", 0.8f, &hits), 0);
    assert_int_equal(find(&arena, index, NAME_PERSON, "Petr Ivanov", 0.8f, &hits), 0);
    index_free(index);
    arena_release(&arena);
}

/* What the index and the long way find must be the same, hit by hit. */
static void
same_both_ways(const char *text, enum name_kind kind, float threshold)
{
    struct arena arena = {0};
    struct index_hit *quick, *all;
    struct name name;
    size_t count, of_all;

    name_read(&arena, text, kind, &name);
    count = index_find(ofac_index, &arena, &name, threshold, &quick);
    of_all = index_find_all(ofac_index, &arena, &name, threshold, &all);
    if (count != of_all)
        fail_msg("%s: %zu found, %zu are there", text, count, of_all);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(quick[i].record, all[i].record);
        assert_true(quick[i].how.score == all[i].how.score);
    }
    arena_release(&arena);
}

static enum name_kind
kind_of(const struct list_entry *entry)
{
    return entry->kind == LIST_PERSON                                   ? NAME_PERSON
           : entry->kind == LIST_VESSEL || entry->kind == LIST_AIRCRAFT ? NAME_VESSEL
                                                                        : NAME_COMPANY;
}

static void
no_name_of_the_ofac_list_is_missed(void **state)
{
    static const float thresholds[] = {0.6f, 0.75f, 0.9f};
    size_t n = 0;

    (void)state;
    if (!ofac_index)
        skip();
    for (size_t e = 0; e < ofac->entry_count; e++)
        for (size_t i = 0; i < ofac->entries[e].name_count; i++, n++)
            if (n % EVERY == 0)
                same_both_ways(ofac->entries[e].names[i].text, kind_of(&ofac->entries[e]),
                               thresholds[n / EVERY % COUNT(thresholds)]);
}

static void
nor_by_a_query_in_another_script(void **state)
{
    static const struct {
        enum name_kind kind;
        const char *text;
    } cases[] = {
        {NAME_PERSON, "محمد أحمد الحسن"},
        {NAME_PERSON, "Сергей Иванович Иванов"},
        {NAME_PERSON, "יוסף כהן"},
        {NAME_PERSON, "王伟"},
        {NAME_PERSON, "김철수"},
        {NAME_PERSON, "Abdulrahman al-Tikriti"},
        {NAME_COMPANY, "深圳市海连技术有限公司"},
        {NAME_COMPANY, "АО «Научно-исследовательский институт»"},
        {NAME_COMPANY, "شركة النفط الوطنية"},
        {NAME_COMPANY, "S. A. B. Trading House 7"},
        {NAME_COMPANY, "Bank (Moscow) / Банк"},
        {NAME_VESSEL, "SEA STAR II"},
    };

    (void)state;
    if (!ofac_index)
        skip();
    for (size_t i = 0; i < COUNT(cases); i++) {
        same_both_ways(cases[i].text, cases[i].kind, 0.5f);
        same_both_ways(cases[i].text, cases[i].kind, 0.8f);
    }
}

static void
a_listed_name_finds_itself_with_score_one(void **state)
{
    struct arena arena = {0};
    size_t n = 0;

    (void)state;
    if (!ofac_index)
        skip();
    for (uint32_t e = 0; e < ofac->entry_count; e++)
        for (size_t i = 0; i < ofac->entries[e].name_count; i++, n++) {
            const char *text = ofac->entries[e].names[i].text;
            bool weak = ofac->entries[e].names[i].kind == LIST_NAME_WEAK;
            struct index_hit *hits;
            size_t count, h = 0;

            if (n % (EVERY / 10) != 0)
                continue;
            count = find(&arena, ofac_index, kind_of(&ofac->entries[e]), text,
                         weak ? 0.999f * INDEX_WEAK : 0.999f, &hits);
            while (h < count && hits[h].entry != e)
                h++;
            if (h == count)
                fail_msg("%s does not find itself", text);
            arena_reset(&arena);
        }
    arena_release(&arena);
}

static void
a_weak_name_counts_for_less(void **state)
{
    const struct list *lists[] = {&nicks};
    struct index *index = index_new(lists, 1);
    struct arena arena = {0};
    struct index_hit *hits;

    (void)state;
    assert_int_equal(find(&arena, index, NAME_PERSON, "Koldun", 0.5f, &hits), 2);
    assert_true(hits[1].how.score > 0.999f && hits[0].how.score < hits[1].how.score);
    assert_true(hits[0].how.score > INDEX_WEAK * 0.999f);
    assert_int_equal(find(&arena, index, NAME_PERSON, "Koldun", 0.95f, &hits), 1);
    assert_int_equal(hits[0].entry, 1);
    index_free(index);
    arena_release(&arena);
}

static int
setup(void **state)
{
    (void)state;
    if (ofac_load(&ofac))
        ofac_index = index_new((const struct list *const[]){ofac}, 1);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    index_free(ofac_index);
    list_free(ofac);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_found_under_every_habit_of_writing),
        cmocka_unit_test(a_weak_name_counts_for_less),
        cmocka_unit_test(no_name_of_the_ofac_list_is_missed),
        cmocka_unit_test(nor_by_a_query_in_another_script),
        cmocka_unit_test(a_listed_name_finds_itself_with_score_one),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
