/* Two publications side by side: what came, what went, what changed in which way. */
#include "tests/support/test.h"

#include <stdio.h>
#include <string.h>

#include "policy/screening/list_diff.h"
#include "tests/support/lists.h"

#define PARTY(id, properties)                                                                  \
    "{\"id\":\"" id "\",\"schema\":\"Company\",\"properties\":{" properties "}}\n"

/* "+2; ~1 +names alias B -names alias A; -3" */
static const char *
differences(struct arena *arena, const char *before, const char *now)
{
    static const char signs[] = "+-~";
    static char text[600];
    const struct list_bytes a = {"a.json", before, strlen(before)},
                            b = {"b.json", now, strlen(now)};
    struct list *first = lists_from(&a, 1), *second = lists_from(&b, 1);
    const struct list_difference *found;
    struct error err = {0};
    size_t count, used = 0;

    text[0] = '\0';
    assert_int_equal(list_diff(arena, first, second, &found, &count, &err), 0);
    for (size_t i = 0; i < count; i++) {
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%c%s", i ? "; " : "",
                                 signs[found[i].change], found[i].entry->id);
        for (size_t k = 0; k < found[i].detail_count; k++) {
            const struct list_detail *detail = &found[i].details[k];

            used += (size_t)snprintf(text + used, sizeof(text) - used, " %c%s %s",
                                     detail->added ? '+' : '-', detail->field,
                                     detail->added ? detail->added : detail->removed);
        }
    }
    list_free(first);
    list_free(second);
    return text;
}

static void
what_changed_is_told_field_by_field(void **state)
{
    static const struct {
        const char *before, *now, *differences;
    } cases[] = {
        {PARTY("1", "\"name\":[\"A\"]"), PARTY("1", "\"name\":[\"A\"]"), ""},
        {PARTY("1", "\"name\":[\"A\"]"), PARTY("2", "\"name\":[\"A\"]"), "-1; +2"},
        {PARTY("1", "\"name\":[\"A\"],\"alias\":[\"B\",\"C\"]"),
         PARTY("1", "\"name\":[\"A\"],\"alias\":[\"C\",\"D\"]"),
         "~1 -names alias B +names alias D"},
        {PARTY("1", "\"name\":[\"A\"],\"alias\":[\"B\",\"C\"]"),
         PARTY("1", "\"name\":[\"A\"],\"alias\":[\"C\",\"B\"]"), ""}, /* in another order */
        {PARTY("1", "\"name\":[\"A\"],\"alias\":[\"B\"]"),
         PARTY("1", "\"name\":[\"A\"],\"weakAlias\":[\"B\"]"),
         "~1 -names alias B +names weak B"},
        {PARTY("1", "\"name\":[\"A\"],\"innCode\":[\"7\"]"),
         PARTY("1", "\"name\":[\"A\"],\"swiftBic\":[\"ABCDRUMM\"]"),
         "~1 +kind bank -kind company +identifiers bic ABCDRUMM -identifiers inn 7"},
        {PARTY("1", "\"name\":[\"A\"],\"country\":[\"ru\"],\"address\":[\"X\"]"),
         PARTY("1", "\"name\":[\"A\"],\"programId\":[\"P\"],\"notes\":[\"N\"]"),
         "~1 -countries RU +programs P -addresses X +remarks N"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena arena = {0};

        assert_string_equal(differences(&arena, cases[i].before, cases[i].now),
                            cases[i].differences);
        arena_release(&arena);
    }
}

static void
lists_of_two_formats_cannot_be_compared(void **state)
{
    static const char json[] = PARTY("1", "\"name\":[\"A\"]");
    static const char csv[] = "id,schema,name\n1,Company,A\n";
    const struct list_bytes a = {"a", json, sizeof(json) - 1}, b = {"b", csv, sizeof(csv) - 1};
    struct list *first = lists_from(&a, 1), *second = lists_from(&b, 1);
    const struct list_difference *found;
    struct arena arena = {0};
    struct error err = {0};
    size_t count;

    (void)state;
    assert_int_equal(list_diff(&arena, first, second, &found, &count, &err), -1);
    assert_non_null(strstr(err.text, "one list is ftm-json, the other targets-csv"));
    list_free(first);
    list_free(second);
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_changed_is_told_field_by_field),
        cmocka_unit_test(lists_of_two_formats_cannot_be_compared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
