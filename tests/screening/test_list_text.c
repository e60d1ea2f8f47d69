/* Slices of text: cleaned, packed, cut; countries by name and by code. */
#include "tests/support/test.h"

#include <string.h>

#include "policy/screening/list_country.h"

static struct arena arena;

static int
tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* NULL: not UTF-8. */
static const char *
clean(const char *text)
{
    struct list_text found;

    if (!text_clean(&arena, text_of(text), &found))
        return NULL;
    return arena_copy(&arena, found.data, found.len);
}

static void
texts_are_cleaned(void **state)
{
    static const struct {
        const char *text, *clean;
    } cases[] = {
        {"", ""},
        {" a b\t", "a b"},
        {"a\r\n\tb", "a b"},
        {"a\x1b[31mb", "a [31mb"},
        {"\x7f", ""},
        {"a\xc2\x85 b", "a  b"},  /* C1: NEL */
        {"\xc2\xa0", "\xc2\xa0"}, /* no control: stays */
        {"Анна\n", "Анна"},
        {"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(clean(cases[i].text), cases[i].clean);
}

static void
what_is_not_utf8_is_refused(void **state)
{
    static const char *const cases[] = {
        "\xff",     "a\x80",         "\xc0\xaf",         "\xe0\x80\xaf",     "\xed\xa0\x80",
        "\xc3",     "\xe2\x82",      "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xe2\x82z",
        "\xf8\x88", "\xf0\x9f\x98z",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_null(clean(cases[i]));
}

static void
numbers_lose_their_separators(void **state)
{
    struct list_text packed = text_pack(&arena, text_of("91-13.1/000 3:X"));

    (void)state;
    assert_true(text_is(packed, "91131"
                                "0003X"));
}

static void
texts_are_cut_at_separators(void **state)
{
    struct list_text rest = text_of("a] [b] []"), part;

    (void)state;
    assert_true(text_cut(&rest, "] [", &part) && text_is(part, "a"));
    assert_true(text_cut(&rest, "] [", &part) && text_is(part, "b"));
    assert_true(text_cut(&rest, "] [", &part) && text_is(part, "]"));
    assert_false(text_cut(&rest, "] [", &part));
}

static void
countries_are_known_by_name_and_code(void **state)
{
    static const struct {
        const char *text, *code;
    } names[] = {
        {"Russia", "RU"},
        {"RUSSIA", "RU"},
        {"Korea, North", "KP"},
        {"Burma", "MM"},
        {"Democratic Republic of the Congo", "CD"},
        {"Congo, Democratic Republic of the", "CD"},
        {"The Netherlands", "NL"},
        {"Region: Gaza", "PS"},
        {"Kosovo", "XK"},
    };
    static const char *const not_names[] = {"", "undetermined", "Ruritania", "RU"};

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++)
        assert_string_equal(country_of_name(text_of(names[i].text)), names[i].code);
    for (size_t i = 0; i < COUNT(not_names); i++)
        assert_null(country_of_name(text_of(not_names[i])));
    assert_string_equal(country_of_code(text_of("ru")), "RU");
    assert_string_equal(country_of_code(text_of("ZW")), "ZW");
    assert_null(country_of_code(text_of("00")));
    assert_null(country_of_code(text_of("RUS")));
}

/* A code is found by bisection, so a table out of order would lose some. */
static void
every_code_is_found(void **state)
{
    size_t count = 0;

    (void)state;
    for (char a = 'A'; a <= 'Z'; a++)
        for (char b = 'A'; b <= 'Z'; b++) {
            const char text[] = {a, b, '\0'};

            count += country_of_code(text_of(text)) != NULL;
        }
    assert_int_equal(count, 250); /* ISO 3166-1 has 249; XK */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_cleaned),
        cmocka_unit_test(what_is_not_utf8_is_refused),
        cmocka_unit_test(numbers_lose_their_separators),
        cmocka_unit_test(texts_are_cut_at_separators),
        cmocka_unit_test(countries_are_known_by_name_and_code),
        cmocka_unit_test(every_code_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, tear_down);
}
