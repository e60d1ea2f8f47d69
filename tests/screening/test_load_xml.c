/* The lists of the UN and the EU: what an element becomes, what is refused. */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/file.h"
#include "tests/support/lists.h"

#define UN_BEGIN                                                                               \
    "<?xml version=\"1.0\"?>\n<CONSOLIDATED_LIST dateGenerated=\"2026-02-27T00:00:09Z\">\n"
#define UN_END "</CONSOLIDATED_LIST>"
#define PERSON(inside)                                                                         \
    UN_BEGIN "<INDIVIDUALS><INDIVIDUAL>" inside "</INDIVIDUAL></INDIVIDUALS>" UN_END

#define EU_BEGIN                                                                               \
    "<export xmlns=\"http://eu.europa.ec/fpi/fsd/export\" "                                    \
    "generationDate=\"2024-12-31T06:00:00.000+01:00\">"
#define ENTITY(inside)                                                                         \
    EU_BEGIN "<sanctionEntity logicalId=\"7\">" inside "</sanctionEntity></export>"

/* One entry of a list, and its line. */
struct sample {
    const char *xml;
    const char *line;
};

static void
assert_samples(const struct sample *samples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct list_bytes file = {"list.xml", samples[i].xml, strlen(samples[i].xml)};
        struct list *list = lists_from(&file, 1);

        assert_int_equal(list->entry_count, 1);
        assert_string_equal(lists_line(&list->entries[0]), samples[i].line);
        list_free(list);
    }
}

static void
an_element_of_the_un_becomes_an_entry(void **state)
{
    static const struct sample samples[] = {
        {PERSON(
             "<DATAID>1</DATAID><FIRST_NAME>ANNA</FIRST_NAME><SECOND_NAME> VON </SECOND_NAME>"
             "<THIRD_NAME>EXAMPLE</THIRD_NAME><NAME_ORIGINAL_SCRIPT>Анна</NAME_ORIGINAL_SCRIPT>"
             "<UN_LIST_TYPE>DRC</UN_LIST_TYPE><NATIONALITY><VALUE>Rwanda</VALUE><VALUE>Burundi"
             "</VALUE></NATIONALITY>"),
         "person | ANNA VON EXAMPLE; Анна | RW; BI | DRC"},
        {PERSON("<DATAID>1</DATAID><FIRST_NAME>A</FIRST_NAME><INDIVIDUAL_ALIAS><QUALITY>Low"
                "</QUALITY><ALIAS_NAME>B</ALIAS_NAME></INDIVIDUAL_ALIAS><INDIVIDUAL_ALIAS>"
                "<QUALITY>Good</QUALITY><ALIAS_NAME>C &amp; D</ALIAS_NAME></INDIVIDUAL_ALIAS>"
                "<INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>"),
         "person | A; weak B; alias C & D"},
        {PERSON("<DATAID>1</DATAID><FIRST_NAME>A</FIRST_NAME><NATIONALITY><VALUE>Türkiye"
                "</VALUE></NATIONALITY>"),
         "person | A | TR"},
        {PERSON("<DATAID>1</DATAID><FIRST_NAME>A</FIRST_NAME><INDIVIDUAL_ALIAS><ALIAS_NAME>B"
                "</ALIAS_NAME><ALIAS_NAME>C</ALIAS_NAME></INDIVIDUAL_ALIAS>"),
         "person | A; alias B; alias C"},
        {PERSON("<DATAID>1</DATAID><FIRST_NAME>A</FIRST_NAME><INDIVIDUAL_ALIAS><ALIAS_NAME>"
                "B; C (known)</ALIAS_NAME></INDIVIDUAL_ALIAS><INDIVIDUAL_ALIAS><ALIAS_NAME>D "
                "(E) (F (script); G; H)</ALIAS_NAME></INDIVIDUAL_ALIAS><INDIVIDUAL_ALIAS>"
                "<ALIAS_NAME>I (J)</ALIAS_NAME></INDIVIDUAL_ALIAS>"),
         "person | A; alias B; alias C (known); alias D (E); alias F (script); alias G; alias "
         "H; alias I (J)"},
        {PERSON("<DATAID>1</DATAID><FIRST_NAME>A</FIRST_NAME><INDIVIDUAL_DATE_OF_BIRTH>"
                "<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1972-09-01</DATE></"
                "INDIVIDUAL_DATE_OF_BIRTH>"
                "<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1973"
                "</FROM_YEAR><TO_YEAR>1974</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>"
                "<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1980"
                "</YEAR></INDIVIDUAL_DATE_OF_BIRTH>"),
         "person | A | born 1972-09-01; 1973; 1974; 1979; 1980; 1981"},
        {PERSON(
             "<DATAID>1</DATAID><FIRST_NAME>A</FIRST_NAME><INDIVIDUAL_DOCUMENT>"
             "<TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>AB 850.901</NUMBER>"
             "<ISSUING_COUNTRY>United Republic of Tanzania</ISSUING_COUNTRY>"
             "</INDIVIDUAL_DOCUMENT><INDIVIDUAL_ADDRESS><CITY>Goma</CITY><COUNTRY>Democratic "
             "Republic of the Congo</COUNTRY></INDIVIDUAL_ADDRESS>"),
         "person | A | passport AB850901 TZ | CD | at Goma, Democratic Republic of the Congo"},
        {UN_BEGIN
         "<ENTITIES><ENTITY><DATAID>2</DATAID><FIRST_NAME>ADF</FIRST_NAME><ENTITY_ALIAS>"
         "<QUALITY>f.k.a.</QUALITY><ALIAS_NAME>NALU</ALIAS_NAME></ENTITY_ALIAS></ENTITY>"
         "</ENTITIES>" UN_END,
         "company | ADF; former NALU"},
    };

    (void)state;
    assert_samples(samples, COUNT(samples));
}

static void
an_element_of_the_eu_becomes_an_entry(void **state)
{
    static const struct sample samples[] = {
        {ENTITY("<subjectType code=\"person\"/><nameAlias wholeName=\"weak\" strong=\"false\"/>"
                "<nameAlias wholeName=\"Ivan Example\" strong=\"true\"/>"
                "<nameAlias wholeName=\"\" firstName=\"Iwan\" lastName=\"Example\" "
                "strong=\"true\"/>"
                "<citizenship countryIso2Code=\"RU\"/><citizenship countryIso2Code=\"00\"/>"
                "<birthdate birthdate=\"1970-01-01\" year=\"1970\"/>"
                "<birthdate circa=\"true\" year=\"1980\"/>"
                "<birthdate yearRangeFrom=\"1990\" yearRangeTo=\"1991\"/>"),
         "person | Ivan Example; weak weak; alias Iwan Example | RU | born 1970-01-01; 1979; "
         "1980; "
         "1981; 1990; 1991"},
        {ENTITY(
             "<subjectType code=\"enterprise\"/><nameAlias wholeName=\"Bank\" "
             "strong=\"false\"/>"
             "<regulation programme=\"UKR\"><publicationUrl>x</publicationUrl></regulation>"
             "<identification number=\"PRIMRUMM\" identificationTypeCode=\"swiftbic\"/>"
             "<identification number=\"77-01\" identificationTypeCode=\"fiscalcode\" "
             "countryIso2Code=\"RU\"/><identification number=\"9\" knownFalse=\"true\"/>"
             "<address city=\"Moscow\" countryIso2Code=\"RU\" countryDescription=\"RUSSIA\"/>"),
         "bank | Bank | bic PRIMRUMM; inn 7701 RU | RU | UKR | at Moscow, RUSSIA"},
        {ENTITY("<nameAlias wholeName=\"A\" strong=\"false\"/>"
                "<nameAlias wholeName=\"A\" strong=\"true\"/>"
                "<nameAlias wholeName=\"A\" strong=\"false\"/>"),
         "other | A"},
        {ENTITY("<nameAlias wholeName=\"A\" strong=\"false\"/>"
                "<nameAlias wholeName=\"B\" strong=\"true\"/>"
                "<nameAlias wholeName=\"A\" strong=\"true\"/>"),
         "other | B; alias A"},
    };

    (void)state;
    assert_samples(samples, COUNT(samples));
}

/* -- what is refused -- */

static const struct {
    const char *xml;
    const char *words;
} broken[] = {
    {UN_BEGIN "<INDIVIDUALS>", "list.xml:3:14: not well-formed XML"},
    {UN_BEGIN "<INDIVIDUALS></ENTITIES>" UN_END, "list.xml:3:25: not well-formed XML"},
    {UN_BEGIN UN_END, "no entry in it"},
    {"<?xml version=\"1.0\"?><!DOCTYPE CONSOLIDATED_LIST [<!ENTITY a SYSTEM "
     "\"file:///etc/passwd\">]>"
     "<CONSOLIDATED_LIST>&a;</CONSOLIDATED_LIST>",
     "it has a document type"},
    {UN_BEGIN "&unknown;" UN_END, "not well-formed XML: Entity 'unknown' not defined"},
    {PERSON("<DATAID>1</DATAID><FIRST_NAME>\xff</FIRST_NAME>"), "not well-formed XML"},
    {"<rss></rss>", "not a list that is known"},
    {EU_BEGIN "<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>", "more than 16 elements"},
};

static void
xml_that_is_not_whole_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(broken); i++) {
        const struct list_bytes file = {"list.xml", broken[i].xml, strlen(broken[i].xml)};

        lists_refused(&file, 1, broken[i].words);
    }
}

static void
an_entry_that_makes_no_sense_is_left_out_and_told(void **state)
{
    static const char xml[] = UN_BEGIN
        "<ENTITIES>\n<ENTITY><FIRST_NAME>A</FIRST_NAME></ENTITY>\n<ENTITY><DATAID>1</DATAID>"
        "</ENTITY>\n<ENTITY><DATAID>2</DATAID><FIRST_NAME>B</FIRST_NAME></ENTITY>\n<ENTITY>"
        "<DATAID>2</DATAID><FIRST_NAME>C</FIRST_NAME></ENTITY>\n<ENTITY><ENTITY_ALIAS>"
        "<ALIAS_NAME>D</ALIAS_NAME></ENTITY_ALIAS><DATAID>3</DATAID><FIRST_NAME>E"
        "</FIRST_NAME></ENTITY></ENTITIES>" UN_END;
    static const struct {
        uint32_t line;
        const char *words;
    } expected[] = {{4, "without DATAID"},
                    {5, "without a name"},
                    {7, "for the second time"},
                    {8, "in front of"}};
    const struct list_bytes file = {"un.xml", xml, sizeof(xml) - 1};
    struct list_order order = list_order_of("sample", NULL, 0);
    struct list_faults faults;
    struct error err = {0};
    struct list *list;

    (void)state;
    assert_int_equal(list_read(&order, &file, 1, &faults, &list, &err), 0);
    assert_int_equal(list->entry_count, 1);
    assert_int_equal(faults.count, COUNT(expected));
    for (size_t i = 0; i < COUNT(expected); i++) {
        assert_int_equal(faults.shown[i].line, expected[i].line);
        assert_non_null(strstr(faults.shown[i].text, expected[i].words));
    }
    list_free(list);
}

/* 65 of them, where 64 are read: leaving out the last would be silent. */
static void
an_entry_with_more_texts_than_are_read_is_left_out(void **state)
{
    static const char value[] = "<VALUE>Burundi</VALUE>";
    static const char good[] =
        "<INDIVIDUAL><DATAID>2</DATAID><FIRST_NAME>B</FIRST_NAME></INDIVIDUAL>";

    (void)state;
    for (size_t count = 64; count <= 65; count++) {
        char xml[65 * sizeof(value) + 800];
        struct list_bytes file = {"un.xml", xml, 0};
        size_t used = (size_t)sprintf(xml,
                                      UN_BEGIN "<INDIVIDUALS>%s<INDIVIDUAL><DATAID>1</DATAID>"
                                               "<FIRST_NAME>A</FIRST_NAME><NATIONALITY>",
                                      good);
        struct list *list;

        for (size_t i = 0; i < count; i++)
            used += (size_t)sprintf(xml + used, "%s", value);
        used += (size_t)sprintf(xml + used, "</NATIONALITY></INDIVIDUAL></INDIVIDUALS>" UN_END);
        file.len = used;
        list = lists_from(&file, 1);
        assert_int_equal(list->entry_count, count == 64 ? 2 : 1);
        assert_int_equal(list->faults, count == 64 ? 0 : 1);
        list_free(list);
    }
}

/* -- what was published -- */

static void
the_synthetic_list_of_the_eu_loads_as_written(void **state)
{
    static const char *const paths[] = {SYNTHETIC_LISTS "synthetic_eu_fsf.xml", NULL};
    struct list *list = lists_from_disk(paths, NULL);

    (void)state;
    if (!list)
        skip();
    assert_int_equal(list->entry_count, 1);
    assert_string_equal(list->format, "eu-xml");
    assert_string_equal(list->published_on, "2024-12-31");
    assert_string_equal(
        lists_line(lists_entry(list, "900001")),
        "company | EXAMPLE TECHNOPROM JSC; weak TEKHNOPROM PRIMER | registration "
        "1027700000001 RU | RU | UKR | at 1 Ulitsa Primernaya, Moscow, 101000, "
        "RUSSIAN FEDERATION");
    assert_string_equal(lists_entry(list, "900001")->remarks, "synthetic");
    list_free(list);
}

static void
the_list_of_the_un_loads_whole(void **state)
{
    static const char *const paths[] = {SHARED_LISTS "un/UN_consolidated_20260227.xml", NULL};
    struct list *list = lists_from_disk(paths, NULL);

    (void)state;
    if (!list)
        skip();
    assert_int_equal(list->entry_count, 1003);
    assert_int_equal(list->kind_counts[LIST_PERSON], 730);
    assert_int_equal(list->kind_counts[LIST_COMPANY], 273);
    assert_int_equal(list->faults, 0);
    assert_string_equal(list->published_on, "2026-02-27");
    assert_string_equal(lists_line(lists_entry(list, "6907993")),
                        "person | ERIC BADEGE | CD; RW | born 1971 | DRC | at Rwanda");
    assert_string_equal(
        lists_line(lists_entry(list, "6908402")),
        "company | ADF; alias Allied Democratic Forces; former Forces Démocratiques "
        "Alliées-Armée Nationale de Libération de l’Ouganda; former ADF/NALU; former "
        "NALU | CD | DRC | at North Kivu, Democratic Republic of the Congo");
    list_free(list);
}

/* Cut anywhere, and there is no list: the last element's end is the last thing in it. */
static void
a_list_of_the_un_that_was_cut_is_refused(void **state)
{
    static const char path[] = SHARED_LISTS "un/UN_consolidated_20260227.xml";
    struct arena arena = {0};
    struct error err = {0};
    size_t len;
    char *data;

    (void)state;
    if (file_read(&arena, path, LIST_FILE_BYTES_MAX, &data, &len, &err) != 0)
        skip();
    for (size_t cut = 1; cut < 12; cut++) {
        const struct list_bytes file = {"un.xml", data, len * cut / 12};

        lists_refused(&file, 1, "not well-formed XML");
    }
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_element_of_the_un_becomes_an_entry),
        cmocka_unit_test(an_element_of_the_eu_becomes_an_entry),
        cmocka_unit_test(xml_that_is_not_whole_is_refused),
        cmocka_unit_test(an_entry_that_makes_no_sense_is_left_out_and_told),
        cmocka_unit_test(an_entry_with_more_texts_than_are_read_is_left_out),
        cmocka_unit_test(the_synthetic_list_of_the_eu_loads_as_written),
        cmocka_unit_test(the_list_of_the_un_loads_whole),
        cmocka_unit_test(a_list_of_the_un_that_was_cut_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
