/* OFAC's CSV files: what a row becomes, what is refused, what days of operations do. */
#include "tests/support/test.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/csv.h"
#include "tests/support/lists.h"

#define NULLS ",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"
#define END   "\r\n\x1a"

#define BYTES(name, text)                                                                      \
    {                                                                                          \
        name, text, sizeof(text) - 1                                                           \
    }

/* An entity without anything but number, name and program. */
#define ENTITY(number, name) number ",\"" name "\",-0- ,\"CUBA\"" NULLS "-0- \r\n"
/* The same with remarks. */
#define REMARKS(number, type, remarks)                                                         \
    number ",\"NAME " number "\"," type ",\"SDGT\"" NULLS "\"" remarks "\"\r\n"

static const char main_file[] =
    "36,\"ALMENDRA LINES\",-0- ,\"CUBA\"" NULLS "\"a.k.a. 'ALBA'; SWIFT/BIC ALMDCUHH.\"\r\n"
    "173,\"PETROV, Ivan Example\",\"individual\",\"SDGT] [RUSSIA-EO14024\"" NULLS
    "\"DOB 01 Jan 1970; alt. DOB Mar 1971; nationality Russia; alt. citizen Korea, North; "
    "Passport A-70 00.1 (Russia) expires 01 Jan 2030; Gender Male.\"\r\n"
    "900,\"EXAMPLE STAR\",\"vessel\",\"NPWMD\",-0- ,\"UAAA1\",\"Cargo\",\"2\",\"1\",\"Iran\","
    "-0- ,\"Vessel Registration Identification IMO 9000001.\"\r\n\x1a";
static const char alt_file[] = "36,1,\"aka\",\"ALMENDRA AIR\",-0- \r\n"
                               "36,2,\"fka\",\"AMANDEL\",-0- " END;
static const char add_file[] = "36,1,\"1 Calle Primera\",\"Havana\",\"Cuba\",-0- \r\n"
                               "36,2,-0- ,-0- ,\"Burma\",-0- " END;

static const struct list_bytes files[] = {
    BYTES("sdn.csv", main_file), BYTES("alt.csv", alt_file), BYTES("add.csv", add_file)};

static void
assert_line(const struct list *list, const char *id, const char *expected)
{
    assert_string_equal(lists_line(lists_entry(list, id)), expected);
}

static void
rows_of_all_files_become_entries(void **state)
{
    struct list *list = lists_from(files, 3);

    (void)state;
    assert_string_equal(list->format, "ofac-csv");
    assert_string_equal(list->published_on, "");
    assert_int_equal(list->entry_count, 3);
    assert_line(list, "36",
                "bank | ALMENDRA LINES; alias ALMENDRA AIR; former AMANDEL; weak ALBA | bic "
                "ALMDCUHH | CU; MM | CUBA | at 1 Calle Primera, Havana, Cuba; Burma");
    assert_line(
        list, "173",
        "person | PETROV, Ivan Example | passport A70001 RU | RU; KP | born 1970-01-01; "
        "1971-03 | SDGT; RUSSIA-EO14024");
    assert_line(list, "900", "vessel | EXAMPLE STAR | imo 9000001 | IR | NPWMD");
    list_free(list);
}

static void
the_digest_names_the_sums_of_the_files(void **state)
{
    struct list *list = lists_from(files, 3);
    uint8_t digest[SHA256_BYTES];
    char hex[SHA256_HEX_SIZE];

    (void)state;
    hash_sha256(&(struct hash_part){list->sums, list->sums_len}, 1, digest);
    hash_hex(digest, SHA256_BYTES, hex);
    assert_string_equal(list->digest + strlen("sha256:"), hex);
    for (size_t i = 0; i < list->file_count; i++)
        assert_non_null(strstr(list->sums, list->files[i].digest));
    list_free(list);
}

static void
the_order_of_the_files_does_not_matter(void **state)
{
    const struct list_bytes turned[] = {files[2], files[1], files[0]};
    struct list *a = lists_from(files, 3), *b = lists_from(turned, 3);

    (void)state;
    assert_string_equal(a->digest, b->digest);
    assert_string_equal(lists_line(lists_entry(b, "36")), lists_line(lists_entry(a, "36")));
    list_free(a);
    list_free(b);
}

/* Remarks, and what they add between name and program. */
static const struct {
    const char *remarks, *adds;
} remarks[] = {
    {"f.k.a. 'OLD'; n.k.a. 'NEW'.", "; weak OLD; weak NEW"},
    {"Tax ID No. 7700000001 (Russia).", " | inn 7700000001 RU"},
    {"Tax ID No. 100036386 (Serbia)", " | tax 100036386 RS"},
    {"Unified Social Credit Code (USCC) 91131000336073 22XK (China)",
     " | uscc 9113100033607322XK CN"},
    {"Legal Entity Number 253400V1H6ART1UQ0N98 (Russia)", " | lei 253400V1H6ART1UQ0N98 RU"},
    {"US FEIN 95-4227517", " | tax 954227517"},
    {"C.U.I. 2891761150920 (Guatemala)", " | national 2891761150920 GT"},
    {"Company Number IMO 5055293", " | imo_company 5055293"},
    {"Registration Number HRA 738077 (Stuttgart) (Germany)", " | registration HRA738077 DE"},
    {"Passport G025057 issued 23 Jun 1999 expires 05 Feb 2004", " | passport G025057"},
    {"alt. Registration Number 45403041088 (Latvia)", " | registration 45403041088 LV"},
    {"DOB circa 1951", " | born 1950; 1951; 1952"},
    {"DOB 1958 to 1960", " | born 1958; 1959; 1960"},
    {"DOB 01 Jan 1958 to 31 Dec 1959", " | born 1958; 1959"},
    {"DOB 1940 to 1980", ""},
    {"DOB 1970; alt. DOB 1940 to 1980", ""}, /* 1970 rules nobody out */
    {"DOB unknown; POB Moscow, Russia", ""},
    {"a.k.a. 'O'BRIEN'", "; weak O'BRIEN"},
};

static void
remarks_are_taken_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(remarks); i++) {
        char text[400], expected[400];
        struct list_bytes file = {"sdn.csv", text, 0};
        struct list *list;

        file.len = (size_t)snprintf(text, sizeof(text), REMARKS("7", "-0- ", "%s") "\x1a",
                                    remarks[i].remarks);
        snprintf(expected, sizeof(expected), "company | NAME 7%s | SDGT", remarks[i].adds);
        list = lists_from(&file, 1);
        assert_string_equal(lists_line(&list->entries[0]), expected);
        assert_string_equal(list->entries[0].remarks, remarks[i].remarks);
        list_free(list);
    }
}

static void
remarks_go_on_in_the_comments(void **state)
{
    static const char first[] =
        REMARKS("7", "-0- ", "Target Type Private Company; a.k.a. 'RED D") "\x1a";
    static const char more[] = "7,\"OT TEAM'; SWIFT/BIC REDDKPPY.\"" END;
    const struct list_bytes both[] = {BYTES("sdn.csv", first), BYTES("comments.csv", more)};
    struct list *list = lists_from(both, 2);

    (void)state;
    assert_line(list, "7", "bank | NAME 7; weak RED DOT TEAM | bic REDDKPPY | SDGT");
    list_free(list);
}

/* -- what is refused -- */

#define ROWS_2 ENTITY("1", "A") ENTITY("2", "B")

static const struct {
    const char *text;
    const char *words;
} broken[] = {
    {"", "sdn.csv: the file is empty"}, /* as published on 4 May 2024 */
    {"\x1a", "not a list that is known"},
    {ROWS_2, "does not end with the byte 0x1A"}, /* cut between two rows */
    {ENTITY("1", "A") "2,\"B\",-0- ,\"CU\x1a", "sdn.csv:2:15: the last row has no line end"},
    {"hello\r\n\x1a", "not a list that is known"},
    {"36,1,\"aka\",\"X\",-0- " END, "0 main files among these"},
};

static void
broken_files_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(broken); i++) {
        const struct list_bytes file = {"sdn.csv", broken[i].text, strlen(broken[i].text)};

        lists_refused(&file, 1, broken[i].words);
    }
}

static void
a_mark_of_utf8_in_front_is_passed_over(void **state)
{
    static const char text[] = "\xef\xbb\xbf" ENTITY("1", "A") "\x1a";
    const struct list_bytes file = BYTES("sdn.csv", text);
    struct list *list = lists_from(&file, 1);

    (void)state;
    assert_int_equal(list->faults, 0);
    assert_int_equal(list->entry_count, 1);
    list_free(list);
}

static void
a_row_that_makes_no_sense_is_left_out_and_told(void **state)
{
    static const char text[] = ENTITY("1", "A") "2,\"B\" x,-0- \r\n" ENTITY("03", "C")
        ENTITY("1", "AGAIN") "4,\"D\"\r\n" ENTITY("5", "") REMARKS("6", "\"robot\"", "x")
            ENTITY("7", "\x0e") "\x1a";
    static const struct {
        uint32_t line, column;
        const char *words;
    } expected[] = {
        {2, 6, "between a closing quote and the comma"},
        {3, 1, "no entry number"},
        {4, 1, "for the second time"},
        {5, 1, "2 fields where 12 belong"},
        {6, 1, "without a name"},
        {7, 1, "none of individual"},
        {8, 1, "without a name"},
    };
    const struct list_bytes file = BYTES("folder/sdn.csv", text);
    struct list_order order = list_order_of("sample", NULL, 0);
    struct list_faults faults;
    struct error err = {0};
    struct list *list;

    (void)state;
    assert_int_equal(list_read(&order, &file, 1, &faults, &list, &err), 0);
    assert_int_equal(list->entry_count, 1);
    assert_int_equal(list->faults, COUNT(expected));
    assert_int_equal(faults.count, COUNT(expected));
    for (size_t i = 0; i < COUNT(expected); i++) {
        assert_string_equal(faults.shown[i].file, "sdn.csv");
        assert_int_equal(faults.shown[i].line, expected[i].line);
        assert_int_equal(faults.shown[i].column, expected[i].column);
        assert_non_null(strstr(faults.shown[i].text, expected[i].words));
    }
    list_free(list);
}

static void
more_such_rows_than_allowed_refuse_the_list(void **state)
{
    static const char text[] = ENTITY("1", "A") "2\r\n3\r\n4\r\n5\r\n6\r\n7\r\n8\r\n9\r\n10\r\n"
                                                "11\r\n\x1a";
    const struct list_bytes ten = BYTES("sdn.csv", text);
    struct list_order order = list_order_of("sample", NULL, 0);
    struct list_faults faults;
    struct error err = {0};
    struct list *list;

    (void)state;
    assert_int_equal(list_read(&order, &ten, 1, &faults, &list, &err), 0);
    list_free(list);
    order.faults_max = 9;
    assert_int_equal(list_read(&order, &ten, 1, &faults, &list, &err), -1);
    assert_null(list);
    assert_int_equal(faults.count, 10);
    assert_non_null(
        strstr(err.text, "sdn.csv:11:1: 1 fields where 12 belong; that is one row too"));
}

static void
rows_that_point_to_no_entry_are_faults(void **state)
{
    static const char lost[] = "37,1,\"aka\",\"X\",-0- " END;
    const struct list_bytes both[] = {files[0], BYTES("alt.csv", lost)};
    struct list *list = lists_from(both, 2);

    (void)state;
    assert_int_equal(list->faults, 1);
    assert_int_equal(list->entry_count, 3);
    list_free(list);
}

/* Aliases cut between two rows would be missed silently. */
static void
a_part_of_the_set_given_twice_is_refused(void **state)
{
    const struct list_bytes twice[] = {files[0], files[1], files[1]};

    (void)state;
    lists_refused(twice, 3, "a second file of alt rows");
}

static void
every_file_of_the_set_must_have_its_end(void **state)
{
    static const char cut[] = "36,1,\"aka\",\"ALMENDRA AIR\",-0- \r\n";
    const struct list_bytes both[] = {files[0], BYTES("alt.csv", cut)};

    (void)state;
    lists_refused(both, 2, "alt.csv: it does not end with the byte 0x1A");
}

static void
a_list_that_shrank_is_refused(void **state)
{
    static const struct {
        size_t before;
        unsigned percent;
        int rc;
    } cases[] = {{0, 20, 0}, {3, 0, 0}, {2, 0, 0}, {4, 20, -1}, {4, 25, 0}, {4, 24, -1}};
    struct list_order order = list_order_of("sample", NULL, 0);

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct error err = {0};
        struct list *list;

        order.entries_before = cases[i].before;
        order.shrink_percent_max = cases[i].percent;
        assert_int_equal(list_read(&order, files, 3, NULL, &list, &err), cases[i].rc);
        if (cases[i].rc != 0)
            assert_non_null(strstr(err.text, "3 entries where the list in force has 4"));
        list_free(list);
    }
}

/* -- what was published -- */

static void
the_synthetic_list_loads_as_written(void **state)
{
    static const char *const paths[] = {SYNTHETIC_LISTS "synthetic_sdn.csv",
                                        SYNTHETIC_LISTS "synthetic_alt.csv",
                                        SYNTHETIC_LISTS "synthetic_add.csv", NULL};
    struct list *list = lists_from_disk(paths, NULL);

    (void)state;
    if (!list)
        skip();
    assert_int_equal(list->entry_count, 5);
    assert_int_equal(list->faults, 0);
    assert_line(
        list, "900001",
        "company | EXAMPLE TECHNOPROM JSC; alias TEKHNOPROM PRIMER AO; former NII TEKHNOPROM "
        "| inn 7700000001 RU; registration 1027700000001 RU | RU | RUSSIA-EO14024 | at 1 "
        "Ulitsa Primernaya, Moscow 101000, Russia");
    assert_line(
        list, "900002",
        "person | PETROV, Ivan Example | passport 700000001 RU | RU | born 1970-01-01 | "
        "RUSSIA-EO14024");
    assert_line(
        list, "900003",
        "bank | PRIMER BANK PJSC; alias PRIMERBANK | bic PRIMRUMM; inn 7700000002 RU | RU | "
        "RUSSIA-EO14024; UKRAINE-EO13662 | at 2 Ulitsa Primernaya, Moscow, Russia");
    assert_line(
        list, "900004",
        "company | PRIMER CONTAINER TERMINAL LLC | RU | RUSSIA-EO14024 | at Zabaykalsk, "
        "Russia");
    assert_line(list, "900005", "vessel | EXAMPLE STAR | imo 9000001 | RU | RUSSIA-EO14024");
    list_free(list);
}

static void
the_list_of_may_2024_loads_whole(void **state)
{
    static const char *const paths[] = {
        SHARED_LISTS "ofac/sdn.csv", SHARED_LISTS "ofac/alt.csv", SHARED_LISTS "ofac/add.csv",
        SHARED_LISTS "ofac/sdn_comments.csv", NULL};
    static const size_t rows[] = {14965, 18084, 20360, 19};
    struct list *list = lists_from_disk(paths, NULL);

    (void)state;
    if (!list)
        skip();
    assert_int_equal(list->entry_count, 14965);
    assert_int_equal(list->faults, 0);
    assert_int_equal(list->name_count, 36728); /* 3,607 a.k.a. and 88 others in remarks */
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(list->files[i].rows, rows[i]);
    assert_int_equal(list->kind_counts[LIST_PERSON], 6854);
    assert_int_equal(list->kind_counts[LIST_VESSEL], 851);
    assert_int_equal(list->kind_counts[LIST_AIRCRAFT], 376);
    assert_int_equal(list->kind_counts[LIST_COMPANY] + list->kind_counts[LIST_BANK], 6884);
    assert_true(arena_footprint(&list->arena) < 20u << 20);
    list_free(list);
}

/* Numbers that somebody else took out of the same remarks. */
struct check {
    struct list *list;
    size_t found;
};

static void
check_identifier(void *context, const char *const *cells)
{
    static const char *const types[][2] = {
        {"BIC", "bic"}, {"LEI", "lei"}, {"USCC", "uscc"}, {"IMO_VESSEL", "imo"}};
    struct check *check = context;
    const struct list_entry *entry = NULL;

    for (size_t i = 0; i < COUNT(types); i++) {
        if (strcmp(cells[1], types[i][0]) != 0)
            continue;
        entry = lists_entry(check->list, cells[0]);
        for (size_t k = 0; k < entry->identifier_count; k++)
            if (strcmp(entry->identifiers[k].type, types[i][1]) == 0 &&
                strcmp(entry->identifiers[k].value, cells[2]) == 0) {
                check->found++;
                return;
            }
        fail_msg("entry %s has no %s %s", cells[0], cells[1], cells[2]);
    }
}

static void
numbers_in_remarks_are_those_that_others_found(void **state)
{
    static const char *const paths[] = {SHARED_LISTS "ofac/sdn.csv",
                                        SHARED_LISTS "ofac/sdn_comments.csv", NULL};
    static const char *const columns[] = {"ent_num", "id_type", "id_value"};
    struct check check = {.list = lists_from_disk(paths, NULL)};

    (void)state;
    if (!check.list)
        skip();
    assert_true(csv_each(SHARED_LISTS "ofac/sdn_identifiers_20240503.csv", columns,
                         COUNT(columns), check_identifier, &check));
    assert_int_equal(check.found, 162 + 74 + 84 + 850);
    list_free(check.list);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_all_files_become_entries),
        cmocka_unit_test(the_digest_names_the_sums_of_the_files),
        cmocka_unit_test(the_order_of_the_files_does_not_matter),
        cmocka_unit_test(remarks_are_taken_apart),
        cmocka_unit_test(remarks_go_on_in_the_comments),
        cmocka_unit_test(broken_files_are_refused),
        cmocka_unit_test(a_mark_of_utf8_in_front_is_passed_over),
        cmocka_unit_test(a_row_that_makes_no_sense_is_left_out_and_told),
        cmocka_unit_test(more_such_rows_than_allowed_refuse_the_list),
        cmocka_unit_test(rows_that_point_to_no_entry_are_faults),
        cmocka_unit_test(a_part_of_the_set_given_twice_is_refused),
        cmocka_unit_test(every_file_of_the_set_must_have_its_end),
        cmocka_unit_test(a_list_that_shrank_is_refused),
        cmocka_unit_test(the_synthetic_list_loads_as_written),
        cmocka_unit_test(the_list_of_may_2024_loads_whole),
        cmocka_unit_test(numbers_in_remarks_are_those_that_others_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
