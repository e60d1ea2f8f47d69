/* Daily operations on OFAC's main file: applied one after the other, up to a day, to the end. */
#include "tests/support/test.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "gateway/base/file.h"
#include "policy/screening/load_ofac.h"
#include "tests/support/lists.h"

#define BYTES(name, text)                                                                      \
    {                                                                                          \
        name, text, sizeof(text) - 1                                                           \
    }
#define NULLS ",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- "
#define HEADER                                                                                 \
    "snapshot_date,op,ent_num,sdn_name,sdn_type,program,title,call_sign,vess_type,tonnage,"    \
    "grt,vess_flag,vess_owner,remarks\n"

#define OFAC SHARED_LISTS "ofac/"

static const char base[] = "7,\"SEVEN\",-0- ,\"CUBA\"" NULLS "\r\n"
                           "9,\"NINE\",\"individual\",\"CUBA\"" NULLS "\r\n\x1a";
static const char history[] =
    HEADER "2021-08-20,ADD,8,EIGHT,-0-,IRAN" NULLS "\n"
           "2021-08-20,CHG,9,\"NINE, Anna\",individual,CUBA" NULLS "\n"
           "2021-08-21,DEL,7,SEVEN,-0-,CUBA" NULLS "\n"
           "2021-09-01,ADD,7,\"SEVEN AGAIN\",-0-,CUBA" NULLS "\n";

static const struct list_bytes files[] = {BYTES("history.csv", history),
                                          BYTES("sdn.csv", base)};

/* "7 SEVEN; 9 NINE" */
static const char *
names(const struct list *list)
{
    static char text[400];
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < list->entry_count; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s %s", i ? "; " : "",
                                 list->entries[i].id, list->entries[i].names[0].text);
    return text;
}

static void
days_must_not_run_backwards_from_file_to_file(void **state)
{
    static const char later[] = HEADER "2021-09-02,CHG,9,LATER,-0-,IRAN" NULLS "\n";
    static const char earlier[] = HEADER "2021-09-01,CHG,9,EARLIER,-0-,IRAN" NULLS "\n";
    const struct list_bytes right[] = {BYTES("sdn.csv", base), BYTES("a.csv", earlier),
                                       BYTES("b.csv", later)};
    const struct list_bytes wrong[] = {right[0], right[2], right[1]};
    struct list *list = lists_from(right, 3);

    (void)state;
    assert_string_equal(names(list), "7 SEVEN; 9 LATER");
    list_free(list);
    lists_refused(wrong, 3, "2021-09-01 stands behind 2021-09-02");
}

static void
a_list_is_there_as_of_each_day(void **state)
{
    static const struct {
        const char *day, *names, *published;
    } cases[] = {
        {"2021-08-19", "7 SEVEN; 9 NINE", ""},
        {"2021-08-20", "7 SEVEN; 8 EIGHT; 9 NINE, Anna", "2021-08-20"},
        {"2021-08-31", "8 EIGHT; 9 NINE, Anna", "2021-08-21"},
        {NULL, "7 SEVEN AGAIN; 8 EIGHT; 9 NINE, Anna", "2021-09-01"},
    };

    char digests[COUNT(cases)][sizeof(((struct list *)NULL)->digest)];

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct list_order order = list_order_of("sample", NULL, 0);
        struct error err = {0};
        struct list *list;

        order.as_of = cases[i].day;
        assert_int_equal(list_read(&order, files, 2, NULL, &list, &err), 0);
        assert_string_equal(names(list), cases[i].names);
        assert_string_equal(list->published_on, cases[i].published);
        assert_string_equal(list->as_of, cases[i].day ? cases[i].day : "");
        strcpy(digests[i], list->digest);
        for (size_t before = 0; before < i; before++) /* other days, other lists */
            assert_string_not_equal(digests[before], digests[i]);
        list_free(list);
    }
}

static void
operations_that_cannot_be_carried_out_are_faults(void **state)
{
    static const char text[] = HEADER "2021-08-20,ADD,7,X,-0-,CUBA" NULLS "\n"
                                      "2021-08-20,DEL,8,X,-0-,CUBA" NULLS "\n"
                                      "2021-08-20,CHG,8,X,-0-,CUBA" NULLS "\n"
                                      "2021-08-20,UPD,7,X,-0-,CUBA" NULLS "\n";
    static const char *const words[] = {
        "ADD of an entry that is there", "DEL of an entry that is not",
        "CHG of an entry that is not", "none of ADD, CHG and DEL"};
    const struct list_bytes both[] = {BYTES("history.csv", text), files[1]};
    struct list_order order = list_order_of("sample", NULL, 0);
    struct list_faults faults;
    struct error err = {0};
    struct list *list;

    (void)state;
    assert_int_equal(list_read(&order, both, 2, &faults, &list, &err), 0);
    assert_string_equal(names(list), "7 SEVEN; 9 NINE");
    assert_int_equal(faults.count, COUNT(words));
    for (size_t i = 0; i < COUNT(words); i++)
        assert_non_null(strstr(faults.shown[i].text, words[i]));
    list_free(list);
}

static void
days_that_run_backwards_are_refused(void **state)
{
    static const char text[] = HEADER "2021-08-20,ADD,8,X,-0-,CUBA" NULLS "\n"
                                      "2021-08-19,DEL,8,X,-0-,CUBA" NULLS "\n";
    const struct list_bytes both[] = {BYTES("history.csv", text), files[1]};

    (void)state;
    lists_refused(both, 2, "history.csv:3:1: 2021-08-19 stands behind 2021-08-20");
}

static void
a_day_asks_for_the_history(void **state)
{
    struct list_order order = list_order_of("sample", NULL, 0);
    static const struct {
        const char *day, *words;
    } cases[] = {{"2021-08-20", "takes the history"}, {"20 August", "is no day such as"}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct error err = {0};
        struct list *list;

        order.as_of = cases[i].day;
        assert_int_equal(list_read(&order, &files[1], 1, NULL, &list, &err), -1);
        assert_non_null(strstr(err.text, cases[i].words));
    }
}

/* -- what was published: the list of 2021 and its operations are the list of 2024 -- */

/* One loading of rows alone. */
struct reading {
    struct arena scratch;
    struct load load;
    struct load_file files[2];
    struct list_faults faults;
    struct list_order order;
    struct error err;
    struct ofac_rows rows;
};

static void
read_rows(struct reading *reading, const char *main_path, const char *history_path)
{
    const char *paths[] = {main_path, history_path};

    *reading = (struct reading){.order = list_order_of("sample", NULL, 0)};
    reading->load = (struct load){.order = &reading->order,
                                  .scratch = &reading->scratch,
                                  .files = reading->files,
                                  .file_count = history_path ? 2 : 1,
                                  .faults = &reading->faults,
                                  .published_on = {"", 0},
                                  .err = &reading->err};
    for (size_t i = 0; i < reading->load.file_count; i++) {
        struct load_file *file = &reading->files[i];

        file->path = file->name = paths[i];
        if (file_read(&reading->scratch, paths[i], LIST_FILE_BYTES_MAX, &file->data, &file->len,
                      &reading->err) != 0)
            fail_msg("%s", reading->err.text);
        file->role = load_role_of(file);
    }
    if (ofac_rows_read(&reading->load, &reading->rows) != 0)
        fail_msg("%s", reading->err.text);
}

static void
the_operations_lead_from_2021_to_2024_field_by_field(void **state)
{
    struct reading *then, *now;
    struct arena arena = {0};
    size_t i = 0;

    (void)state;
    if (access(OFAC "sdn.csv", R_OK) != 0)
        skip();
    then = arena_alloc(&arena, sizeof(*then));
    now = arena_alloc(&arena, sizeof(*now));
    read_rows(then, OFAC "sdn_20210818.csv", OFAC "sdn_daily_deltas_20210818_20240503.csv");
    read_rows(now, OFAC "sdn.csv", NULL);
    assert_int_equal(then->files[0].rows, 9083);
    assert_int_equal(then->files[1].rows, 8862);
    assert_int_equal(then->faults.count, 0);
    assert_int_equal(now->rows.count, 14965);
    for (size_t k = 0; k < then->rows.count; k++) {
        const struct ofac_row *row = &then->rows.rows[k];

        if (row->gone)
            continue;
        assert_true(i < now->rows.count);
        for (int c = 0; c < OFAC_COLUMN_COUNT; c++)
            if (!text_equals(row->cells[c], now->rows.rows[i].cells[c]))
                fail_msg("entry %.*s, column %d: %.*s", (int)row->cells[0].len,
                         row->cells[0].data, c, (int)row->cells[c].len, row->cells[c].data);
        i++;
    }
    assert_int_equal(i, 14965);
    arena_release(&then->scratch);
    arena_release(&now->scratch);
    arena_release(&arena);
}

static void
the_list_as_of_a_day_in_between_is_there(void **state)
{
    static const char *const paths[] = {OFAC "sdn_20210818.csv",
                                        OFAC "sdn_daily_deltas_20210818_20240503.csv"};
    static const struct {
        const char *day;
        size_t entries;
    } cases[] = {{"2021-08-18", 9083}, {"2024-05-03", 14965}};
    struct error err = {0};
    struct list *list;

    (void)state;
    if (access(paths[0], R_OK) != 0)
        skip();
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(list_as_of("ofac-sdn", paths, 2, cases[i].day, &list, &err), 0);
        assert_int_equal(list->entry_count, cases[i].entries);
        list_free(list);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_is_there_as_of_each_day),
        cmocka_unit_test(days_must_not_run_backwards_from_file_to_file),
        cmocka_unit_test(operations_that_cannot_be_carried_out_are_faults),
        cmocka_unit_test(days_that_run_backwards_are_refused),
        cmocka_unit_test(a_day_asks_for_the_history),
        cmocka_unit_test(the_operations_lead_from_2021_to_2024_field_by_field),
        cmocka_unit_test(the_list_as_of_a_day_in_between_is_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
