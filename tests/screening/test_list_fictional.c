/* The list that ships: the same parties in two formats, and who is owned by whom. */
#include "tests/support/test.h"

#include <stdio.h>
#include <string.h>

#include "policy/screening/list_diff.h"
#include "policy/screening/ownership.h"
#include "tests/support/lists.h"

#define FOLDER "policy/lists/fictional/"

static struct list *
load(const char *folder)
{
    const char *const paths[] = {folder, NULL};

    return lists_from_disk(paths, NULL);
}

static void
the_ofac_form_loads_as_written(void **state)
{
    struct list *list = load(FOLDER "ofac");

    (void)state;
    assert_int_equal(list->faults, 0);
    assert_int_equal(list->kind_counts[LIST_BANK], 5);
    assert_int_equal(list->kind_counts[LIST_COMPANY], 4);
    assert_int_equal(list->kind_counts[LIST_PERSON], 2);
    assert_int_equal(list->kind_counts[LIST_VESSEL], 1);
    assert_string_equal(
        lists_line(lists_entry(list, "9001")),
        "bank | BEREGINA BANK PAO; alias BEREGINABANK; alias BEREGINYA BANK | bic "
        "BRGNRUMM; inn 7700000101 RU | RU | FICTION-2024 | at 1 Ulitsa "
        "Vymyshlennaya, Moscow, Russia");
    assert_string_equal(
        lists_line(lists_entry(list, "9012")),
        "person | STUZHEV, Matvei Glebovich; alias STUZHEV, Matvey; alias STOUJEV, "
        "Matvei | passport F0000012 RU | RU | born 1967-12-12 | FICTION-2024; "
        "FICTION-2022");
    assert_string_equal(
        lists_line(lists_entry(list, "9014")),
        "vessel | VYMYSHLENNAYA ZARYA; alias FICTION DAWN; former SVOBODNAYA ZARYA | "
        "imo 9000001 | RU | FICTION-2024");
    list_free(list);
}

/* Nothing else changed: who compares the two sees the day's work and no more. */
static void
the_publication_of_november_lists_two_banks_more(void **state)
{
    static const char *const lines[] = {
        "bank | NADVOGA BANK AO; alias NADVOGABANK | bic NDVGRUMM; inn 7700000104 RU | RU | "
        "FICTION-2024 | at 4 Ulitsa Vymyshlennaya, Moscow, Russia",
        "bank | VESKHOR BANK PAO; alias VESKHORBANK | bic VSKHRUMM; inn 7700000107 RU | RU | "
        "FICTION-2024 | at 7 Ulitsa Vymyshlennaya, Moscow, Russia"};
    struct list *before = load(FOLDER "ofac"), *now = load(FOLDER "ofac-2024-11-21");
    const struct list_difference *differences;
    struct arena arena = {0};
    struct error err = {0};
    size_t count;

    (void)state;
    assert_int_equal(now->faults, 0);
    if (list_diff(&arena, before, now, &differences, &count, &err) != 0)
        fail_msg("%s", err.text);
    assert_int_equal(count, COUNT(lines));
    for (size_t i = 0; i < COUNT(lines); i++) {
        assert_int_equal(differences[i].change, LIST_ADDED);
        assert_string_equal(lists_line(differences[i].entry), lines[i]);
    }
    list_free(before);
    list_free(now);
    arena_release(&arena);
}

static bool
has_name(const struct list_entry *entry, const struct list_name *name)
{
    for (size_t i = 0; i < entry->name_count; i++)
        if (strcmp(entry->names[i].text, name->text) == 0)
            return entry->names[i].kind == name->kind;
    return false;
}

static bool
has_identifier(const struct list_entry *entry, const struct list_identifier *identifier)
{
    for (size_t i = 0; i < entry->identifier_count; i++)
        if (strcmp(entry->identifiers[i].type, identifier->type) == 0 &&
            strcmp(entry->identifiers[i].value, identifier->value) == 0)
            return true;
    return false;
}

/* The entities say no less: the same kind, every name, every number. */
static void
both_forms_tell_of_the_same_parties(void **state)
{
    struct list *ofac = load(FOLDER "ofac"), *entities = load(FOLDER "entities");

    (void)state;
    assert_int_equal(entities->entry_count, ofac->entry_count + 5);
    for (size_t i = 0; i < ofac->entry_count; i++) {
        const struct list_entry *entry = &ofac->entries[i], *other;
        char id[32];

        snprintf(id, sizeof(id), "fiction-%s", entry->id);
        other = lists_entry(entities, id);
        assert_int_equal(other->kind, entry->kind);
        assert_int_equal(other->born_on_count, entry->born_on_count);
        assert_true(other->listed);
        for (size_t k = 0; k < entry->name_count; k++)
            if (!has_name(other, &entry->names[k]))
                fail_msg("%s: not %s", id, entry->names[k].text);
        for (size_t k = 0; k < entry->identifier_count; k++)
            if (!has_identifier(other, &entry->identifiers[k]))
                fail_msg("%s: not %s", id, entry->identifiers[k].value);
    }
    list_free(ofac);
    list_free(entities);
}

static void
owned_parties_are_blocked_as_the_readme_says(void **state)
{
    static const struct {
        const char *id;
        enum ownership_state ofac, eu; /* in April 2024 */
    } cases[] = {
        {"fiction-9008", OWNERSHIP_LISTED, OWNERSHIP_LISTED},
        {"fiction-most", OWNERSHIP_OWNED, OWNERSHIP_FREE},
        {"fiction-dvor", OWNERSHIP_OWNED, OWNERSHIP_FREE},
        {"fiction-bereg", OWNERSHIP_FREE, OWNERSHIP_CONTROLLED},
        {"fiction-krug", OWNERSHIP_FREE, OWNERSHIP_FREE},
        {"fiction-koltso", OWNERSHIP_FREE, OWNERSHIP_FREE},
    };
    struct list *list = load(FOLDER "entities");
    struct arena arena = {0};
    const struct ownership *ofac, *eu;

    (void)state;
    ofac = ownership_of_list(&arena, list, ownership_rule_on(OWNERSHIP_OFAC, "2024-04-15"));
    eu = ownership_of_list(&arena, list, ownership_rule_on(OWNERSHIP_EU, "2024-04-15"));
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t at = (size_t)(lists_entry(list, cases[i].id) - list->entries);

        assert_int_equal(ofac[at].state, cases[i].ofac);
        assert_int_equal(eu[at].state, cases[i].eu);
    }
    list_free(list);
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ofac_form_loads_as_written),
        cmocka_unit_test(the_publication_of_november_lists_two_banks_more),
        cmocka_unit_test(both_forms_tell_of_the_same_parties),
        cmocka_unit_test(owned_parties_are_blocked_as_the_readme_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
