/*
 * The catalogue of questions: sound in itself, and as the table of codes that it
 * was typed from (skipped where ../shared/data is not there).
 */
#include <stdio.h>
#include <string.h>

#include "policy/request_codes.h"
#include "tests/support/csv.h"
#include "tests/support/test.h"

static void
each_code_is_there_once_and_has_its_meaning(void **state) /* Y1 */
{
    size_t count;
    const struct request_code *codes = request_codes(&count);

    (void)state;
    assert_true(count > 30 && count <= REQUEST_CODES_MAX);
    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(codes[i].code);

        if (request_code_find(codes[i].code) != &codes[i] || (len != 9 && len != 4) ||
            (len == 9 && codes[i].code[4] != '/') || codes[i].text[0] == '\0' ||
            codes[i].papers[REQUEST_PAPERS_MAX])
            fail_msg("%s", codes[i].code);
        /* The sentence for who wrote another one has them all. */
        if (!strstr(REQUEST_CODES_EXPECTED, codes[i].code + len - 4))
            fail_msg("%s is not told", codes[i].code);
    }
    assert_null(request_code_find("RQSG"));
    assert_null(request_code_find("RQSG/RQHX"));
    assert_null(request_code_find(""));
    assert_null(request_code_find(NULL));
}

static void
papers_have_the_names_that_packs_and_payers_use(void **state)
{
    (void)state;
    assert_string_equal(request_code_find("RQSG/RQCM")->papers[0], "end-use statement");
    assert_string_equal(request_code_find("RQLD/RCBL")->papers[0], "statement of regions");
    assert_string_equal(request_code_find("RQDO/RQTD")->papers[2], "rail consignment note");
}

/* "RQLE|RQPA|TXID" under DTOR: each is a code of its own. */
static void
look_up(void *context, const char *const *cells)
{
    size_t *seen = context, at = 0;

    do {
        size_t len = strcspn(cells[1] + at, "|");
        char code[40];

        snprintf(code, sizeof(code), "%s%s%.*s", cells[0], len > 0 ? "/" : "", (int)len,
                 cells[1] + at);
        if (!request_code_find(code))
            fail_msg("%s is not in the catalogue", code);
        (*seen)++;
        at += len;
    } while (cells[1][at] != '\0' && cells[1][++at] != '\0');
}

static void
it_has_what_the_table_of_codes_has(void **state)
{
    static const char *const columns[] = {"reason", "sub_type"};
    size_t count, seen = 0;

    (void)state;
    if (!csv_each("../shared/data/ref/rfi_codes.csv", columns, 2, look_up, &seen))
        skip();
    request_codes(&count);
    assert_int_equal(seen, count);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_code_is_there_once_and_has_its_meaning),
        cmocka_unit_test(papers_have_the_names_that_packs_and_payers_use),
        cmocka_unit_test(it_has_what_the_table_of_codes_has),
    };

    return cmocka_run_group_tests_name("request codes", tests, NULL, NULL);
}
