/* OpenSanctions' files: the table of targets, and entities with their deltas. */
#include "tests/support/test.h"

#include <string.h>

#include "tests/support/lists.h"

#define BYTES(name, text)                                                                      \
    {                                                                                          \
        name, text, sizeof(text) - 1                                                           \
    }

static void
assert_line(const struct list *list, const char *id, const char *expected)
{
    assert_string_equal(lists_line(lists_entry(list, id)), expected);
}

/* -- the table of targets -- */

static void
columns_are_bound_by_the_header(void **state)
{
    static const char text[] =
        "\"last_seen\",\"name\",\"future\",\"id\",\"birth_date\",\"schema\",\"countries\","
        "\"aliases\"\n"
        "\"2024-05-01T00:00:00\",\"Ivan \"\"Vanya\"\" "
        "Example\",\"x\",\"Q1\",\"1970;1971-02-03\","
        "\"Person\",\"ru;kp;zz\",\"A\nB;C\"\n"
        "\"2024-05-02T00:00:00\",\"Boat\",\"\",\"Q2\",\"\",\"Vessel\",\"\",\"\"\n";
    const struct list_bytes file = BYTES("targets.csv", text);
    struct list *list = lists_from(&file, 1);

    (void)state;
    assert_string_equal(list->format, "targets-csv");
    assert_string_equal(list->published_on, "2024-05-02");
    assert_line(
        list, "Q1",
        "person | Ivan \"Vanya\" Example; alias A B; alias C | RU; KP | born 1970; 1971-02-03");
    assert_line(list, "Q2", "vessel | Boat");
    list_free(list);
}

static void
tables_that_make_no_sense_are_refused(void **state)
{
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"\"id\",\"schema\",\"name\"\n", "no entry in it"},
        {"\"id\",\"schema\",\"name\"\n\"1\",\"Person\",\"A", "t.csv:2:16: the last row has no"},
        {"\"id\",\"schema\",\"name\",\"id\"\n", "two columns are called id"},
        {"\"id\",\"name\"\n\"1\",\"A\"\n", "not a list that is known"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct list_bytes file = {"t.csv", cases[i].text, strlen(cases[i].text)};

        lists_refused(&file, 1, cases[i].words);
    }
}

static void
the_synthetic_table_loads_as_written(void **state)
{
    static const char *const paths[] = {SYNTHETIC_LISTS "synthetic_targets.simple.csv", NULL};
    struct list *list = lists_from_disk(paths, NULL);

    (void)state;
    if (!list)
        skip();
    assert_int_equal(list->entry_count, 2);
    assert_string_equal(list->published_on, "2024-12-31");
    assert_line(
        list, "NK-synth000001",
        "company | EXAMPLE TECHNOPROM JSC; alias Технопром Пример АО; alias TEKHNOPROM PRIMER "
        "AO |  7700000001;  1027700000001 | RU | US-RUSHAR | at 1 Ulitsa Primernaya, Moscow");
    assert_line(
        list, "NK-synth000002",
        "person | Ivan Example Petrov; alias PETROV, Ivan Example; alias Иван Примерович "
        "Петров |  700000001 | RU | born 1970-01-01 | US-RUSHAR");
    list_free(list);
}

/* -- entities -- */

#define PARTY(id, schema, more)                                                                \
    "{\"id\":\"" id "\",\"schema\":\"" schema "\",\"properties\":{" more "}"
#define NAMED(id, schema, name) PARTY(id, schema, "\"name\":[\"" name "\"]")
#define OWNS(id, owner, asset, more)                                                           \
    PARTY(id, "Ownership", "\"owner\":[\"" owner "\"],\"asset\":[\"" asset "\"]" more) "}\n"

static const char entities[] = OWNS("o1", "c", "d", ",\"percentage\":[\"50.00\"]") OWNS(
    "o2", "p", "d",
    ",\"percentage\":[\"12.5 %\"],\"role\":[\"Controlling "
    "shareholder\"]") OWNS("o3", "p", "c",
                           ",\"percentage\":[\"99\"],"
                           "\"endDate\":[\"2020-01-01\"]") OWNS("o4", "p", "d",
                                                                ",\"percentage\":[\"3\"]")
    PARTY("p", "Person",
          "\"name\":[\"Anna\",\"Анна\"],\"alias\":["
          "\"Anya\"],\"weakAlias\":[\"A\"],"
          "\"previousName\":[\"Ann\"],\"birthDate\":["
          "\"1970-02\"],\"nationality\":[\"ru\"],"
          "\"innCode\":[\"770\"],\"addressEntity\":["
          "\"a\"]") ",\"target\":true,"
                    "\"last_seen\":\"2024-06-01T0\"}"
                    "\n" PARTY("a", "Address", "\"full\":[\"1 Street\"],\"country\":[\"kz\"]") "}\n" PARTY("c", "Company", "\"name\":[\"Bank\"],\"swiftBic\":[\"BANKRUMM\"]") ",\"target\":true}\n" NAMED(
                        "d", "LegalEntity",
                        "Owned") ",\"target\":false}"
                                 "\n" NAMED(
                                     "e", "Company",
                                     "Nobody") ",\""
                                               "tar"
                                               "get"
                                               "\":"
                                               "fal"
                                               "se}"
                                               "\n" PARTY(
                                                   "s", "Sanction",
                                                   "\"entity\":[\"c\"],\"program\":["
                                                   "\"UKR\"]") "}\n" PARTY("v", "Passport",
                                                                           "\"holder\":["
                                                                           "\"p\"],"
                                                                           "\"number\":["
                                                                           "\"70 "
                                                                           "1\"],"
                                                                           "\"country\":"
                                                                           "[\"ru\"]") "}\n";

static void
entities_and_links_become_entries(void **state)
{
    const struct list_bytes file = BYTES("entities.json", entities);
    struct list *list = lists_from(&file, 1);

    (void)state;
    assert_string_equal(list->format, "ftm-json");
    assert_string_equal(list->published_on, "2024-06-01");
    assert_int_equal(list->faults, 0);
    assert_int_equal(list->entry_count, 3);
    assert_line(
        list, "p",
        "person | Anna; Анна; alias Anya; former Ann; weak A | inn 770; passport 701 RU | KZ; "
        "RU | born 1970-02 | at 1 Street");
    assert_line(list, "c", "bank | Bank | bic BANKRUMM | UKR");
    assert_line(list, "d", "other | Owned | owned c 50%; p 12.5% controls | not listed");
    assert_true(lists_entry(list, "d")->owners[0].share_exact == LIST_SHARE_WHOLE / 2);
    list_free(list);
}

static void
a_target_of_a_schema_we_do_not_know_is_an_entry(void **state)
{
    static const char text[] = NAMED("1", "Train", "One") ",\"target\":true}\n" PARTY(
        "2", "Balloon",
        "\"name\":[\"Two\"],\"topics\":[\"sanction\"]") "}\n" NAMED("3", "Train",
                                                                    "Three") ",\"target\":"
                                                                             "false}\n";
    const struct list_bytes file = BYTES("entities.json", text);
    struct list *list = lists_from(&file, 1);

    (void)state;
    assert_int_equal(list->entry_count, 2);
    assert_line(list, "1", "other | One");
    assert_line(list, "2", "other | Two");
    list_free(list);
}

static void
a_digest_tells_deltas_in_another_order(void **state)
{
    static const char full[] = NAMED("1", "Company", "One") ",\"target\":true}\n";
    static const char first[] =
        "{\"op\":\"MOD\",\"entity\":" NAMED("1", "Company", "First") "}}\n";
    static const char second[] =
        "{\"op\":\"MOD\",\"entity\":" NAMED("1", "Company", "Second") "}}\n";
    const struct list_bytes right[] = {BYTES("a", full), BYTES("b", first), BYTES("c", second)};
    const struct list_bytes wrong[] = {right[0], right[2], right[1]};
    struct list *a = lists_from(right, 3), *b = lists_from(wrong, 3);

    (void)state;
    assert_line(a, "1", "company | Second");
    assert_line(b, "1", "company | First");
    assert_string_not_equal(a->digest, b->digest);
    list_free(a);
    list_free(b);
}

/* A holding counts unless it is known to have ended. */
static void
an_end_does_not_count_where_no_day_is_known(void **state)
{
    static const char text[] = NAMED("1", "Company", "One") ",\"target\":true}\n" NAMED(
        "2", "Company", "Two") ",\"target\":false}\n" OWNS("o", "1", "2",
                                                           ",\"percentage\":[\"60\"],"
                                                           "\"endDate\":[\"2099-01-01\"]");
    const struct list_bytes file = BYTES("entities.json", text);
    struct list *list = lists_from(&file, 1);

    (void)state;
    assert_line(list, "2", "company | Two | owned 1 60% | not listed");
    list_free(list);
}

static void
deltas_add_change_and_delete(void **state)
{
    static const char full[] =
        NAMED("1", "Company", "One") "}\n" NAMED("2", "Company", "Two") "}\n";
    static const char first[] = "{\"op\":\"ADD\",\"entity\":" NAMED(
        "3", "Person", "Three") "}}\n"
                                "{\"op\":\"DEL\",\"entity\":{\"id\":\"1\"}}\n";
    static const char second[] = "{\"op\":\"MOD\",\"entity\":" NAMED(
        "3", "Person", "Drei") "}}\n"
                               "{\"op\":\"MOD\",\"entity\":" NAMED("1", "Person", "No") "}}\n";
    const struct list_bytes files[] = {BYTES("full.json", full), BYTES("d1.json", first),
                                       BYTES("d2.json", second)};
    struct list *list = lists_from(files, 3);

    (void)state;
    assert_int_equal(list->entry_count, 2);
    assert_int_equal(list->faults, 1);
    assert_line(list, "2", "company | Two");
    assert_line(list, "3", "person | Drei");
    list_free(list);
    lists_refused(files + 1, 2, "deltas alone make no list");
}

static void
lines_that_make_no_sense_are_refused(void **state)
{
    static const char good[] = NAMED("1", "Company", "One") "}\n";
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"{\"id\":\"1\",\"schema\":\"Comp",
         "e.json:1:1: not JSON: line 1, column 20: a string begins"},
        {"{\"a\":1}\n", "no entry in it"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct list_bytes file = {"e.json", cases[i].text, strlen(cases[i].text)};

        lists_refused(&file, 1, cases[i].words);
    }
    for (size_t cut = 1; cut < sizeof(good) - 2; cut++) { /* but for its line end */
        const struct list_bytes file = {"e.json", good, cut};

        lists_refused(&file, 1, "the file was cut off");
    }
}

static void
links_that_point_nowhere_are_faults(void **state)
{
    static const char text[] = NAMED("1", "Company", "One") "}\n" OWNS("o", "1", "2", "")
        PARTY("s", "Sanction", "\"entity\":[\"3\"]") "}\n";
    const struct list_bytes file = BYTES("e.json", text);
    struct list *list = lists_from(&file, 1);

    (void)state;
    assert_int_equal(list->faults, 2);
    list_free(list);
}

static void
published_entities_load_whole(void **state)
{
    static const char *const parties[] = {SHARED_LISTS "ftm_parteispenden_entities.ftm.json",
                                          NULL};
    static const char *const zala[] = {SHARED_LISTS "ftm_zala_entities.ftm.json", NULL};
    static const char *const synthetic[] = {SYNTHETIC_LISTS "synthetic_entities.ftm.json",
                                            NULL};
    struct list *list = lists_from_disk(parties, NULL);

    (void)state;
    if (!list)
        skip();
    assert_int_equal(list->entry_count, 22 + 56 + 18);
    assert_line(list, "f9c295f21b233ac878fbac4d271bb6fd13d7952a",
                "person | Frau Lina Dachner | DE | at Schillerstraße 19, 76135 Karlsruhe");
    list_free(list);

    list = lists_from_disk(zala, NULL);
    assert_int_equal(list->entry_count, 14); /* its targets; the rest owns nothing any more */
    assert_int_equal(list->faults, 0);
    list_free(list);

    list = lists_from_disk(synthetic, NULL);
    assert_int_equal(list->entry_count, 2);
    assert_line(list, "NK-synth000001",
                "company | EXAMPLE TECHNOPROM JSC; alias TEKHNOPROM PRIMER AO | registration "
                "1027700000001; tax 7700000001 | RU | RUSSIA-EO14024");
    assert_line(
        list, "synth-sub-1",
        "company | PRIMER ELEKTRONIKA OOO | RU | owned NK-synth000001 60% | not listed");
    list_free(list);
}

static void
published_deltas_apply(void **state)
{
    static const char *const paths[] = {SHARED_LISTS "ftm_t1_entities.ftm.json",
                                        SHARED_LISTS "ftm_t2_delta_20240527194702-wnk.json",
                                        SHARED_LISTS "ftm_t2_delta_20240528014702-pfh.json",
                                        SHARED_LISTS "ftm_t2_delta_20240528134729-3iv.json",
                                        NULL};
    struct list *list = lists_from_disk(paths, NULL);

    (void)state;
    if (!list)
        skip();
    assert_int_equal(list->faults, 0);
    assert_int_equal(list->entry_count, 6 + 4); /* ADD twice, ADD and MOD, ADD */
    assert_non_null(lists_entry(list, "NK-500Poltergeist"));
    assert_string_equal(lists_entry(list, "Q4365364")->names[0].text,
                        "Vladimir Nikolaevich PLOTNIKOV");
    list_free(list);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_bound_by_the_header),
        cmocka_unit_test(tables_that_make_no_sense_are_refused),
        cmocka_unit_test(the_synthetic_table_loads_as_written),
        cmocka_unit_test(entities_and_links_become_entries),
        cmocka_unit_test(a_target_of_a_schema_we_do_not_know_is_an_entry),
        cmocka_unit_test(a_digest_tells_deltas_in_another_order),
        cmocka_unit_test(an_end_does_not_count_where_no_day_is_known),
        cmocka_unit_test(deltas_add_change_and_delete),
        cmocka_unit_test(lines_that_make_no_sense_are_refused),
        cmocka_unit_test(links_that_point_nowhere_are_faults),
        cmocka_unit_test(published_entities_load_whole),
        cmocka_unit_test(published_deltas_apply),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
