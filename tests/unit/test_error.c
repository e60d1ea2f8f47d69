/* What an error says is UTF-8, whoever cut what. */
#include "gateway/base/error.h"

#include <string.h>

#include "tests/support/test.h"

static void
what_is_no_utf8_is_mended_and_the_rest_left_alone(void **state)
{
    static const struct {
        const char *text, *mended;
    } cases[] = {
        {"", ""},
        {"plain", "plain"},
        {"банк 银行 \U0001F3E6", "банк 银行 \U0001F3E6"},
        {"cut \xd0", "cut ?"},
        {"cut \xe9\x93", "cut ??"},
        {"\xf0\x9f\x8f", "???"},
        {"\x80\xbf", "??"},
        {"overlong \xc0\xaf", "overlong ??"},
        {"surrogate \xed\xa0\x80", "surrogate ???"},
        {"past the end \xf4\x90\x80\x80", "past the end ????"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[64];

        strcpy(text, cases[i].text);
        error_mend(text);
        assert_string_equal(text, cases[i].mended);
    }
}

static void
a_sentence_that_is_cut_ends_with_a_character(void **state)
{
    char longest[ERROR_TEXT_MAX + 10];

    (void)state;
    for (size_t before = 0; before < 3; before++) { /* each way to fall into a character */
        struct error err = {0};
        size_t len = ERROR_TEXT_MAX - 10 + before;

        memset(longest, 'x', len);
        strcpy(longest + len, "银银银银");
        error_record(&err, ERROR_INVALID, "%s", longest);
        assert_int_equal(strlen(err.text), ERROR_TEXT_MAX - 1);
        error_mend(longest); /* whole: nothing to mend */
        assert_string_equal(longest + len, "银银银银");
        assert_true(err.text[ERROR_TEXT_MAX - 2] == '?' ||
                    strcmp(err.text + ERROR_TEXT_MAX - 4, "银") == 0);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_utf8_is_mended_and_the_rest_left_alone),
        cmocka_unit_test(a_sentence_that_is_cut_ends_with_a_character),
    };

    return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
