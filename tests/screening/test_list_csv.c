/* Rows of comma-separated values: what is a field, what is a fault and where, what is a cut. */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/screening/list_csv.h"

/*
 * A file as a line: fields in <>, rows apart by |; faults as line:column, a cut as "cut".
 * "a,b\n" is "<a><b>".
 */
static const char *
rows(const char *text, size_t len, bool lines_in_fields)
{
    static char out[400];
    struct csv *csv = malloc(sizeof(*csv));
    char *data = malloc(len + 1);
    size_t used = 0;
    enum csv_result result;

    assert_non_null(csv);
    assert_non_null(data);
    memcpy(data, text, len);
    csv_init(csv, data, len);
    csv->lines_in_fields = lines_in_fields;
    out[0] = '\0';
    while ((result = csv_next(csv)) != CSV_END) {
        if (used)
            out[used++] = '|';
        if (result == CSV_FAULT)
            used += (size_t)sprintf(out + used, "%u:%u", csv->line, csv->column);
        else if (result == CSV_CUT)
            used += (size_t)sprintf(out + used, "cut");
        for (size_t i = 0; result == CSV_ROW && i < csv->count; i++)
            used += (size_t)sprintf(out + used, "<%.*s>", (int)csv->fields[i].len,
                                    csv->fields[i].data);
    }
    free(data);
    free(csv);
    return out;
}

static void
fields_and_faults_are_where_they_are(void **state)
{
    static const struct {
        const char *text, *rows;
    } cases[] = {
        {"", ""},
        {"a,b\n", "<a><b>"},
        {"a,b\r\nc\r\n", "<a><b>|<c>"},
        {",\n", "<><>"},
        {"\n\r\na\n", "<a>"},
        {"\"a\",\"\"\n", "<a><>"},
        {"\"a \"\"b\"\" c\"\n", "<a \"b\" c>"},
        {"\"a,b\",-0- \n", "<a,b><-0- >"},
        {"a\rb\n", "<a\rb>"},
        {"a", "cut"},
        {"a\nb", "<a>|cut"},
        {"a,\"b", "cut"},
        {"\"a\"", "cut"},
        {"\"a\"\"", "cut"},
        {"\"a\"b\nc\n", "1:4|<c>"},
        {"a\"b\nc\n", "1:2|<c>"},
        {"a,\"b\nc\n", "1:5|<c>"},
        {"a\n\"b\n\"c\"\n", "<a>|2:3|<c>"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(rows(cases[i].text, strlen(cases[i].text), false), cases[i].rows);
}

static void
fields_may_hold_line_ends_where_that_is_allowed(void **state)
{
    static const char text[] = "\"a\nb\",c\nd,\"e\"f\n\"g\n";

    (void)state;
    assert_string_equal(rows(text, strlen(text), true), "<a\nb><c>|3:6|cut");
}

static void
a_nul_byte_is_a_fault(void **state)
{
    (void)state;
    assert_string_equal(rows("a\0b\nc\n", 6, false), "1:2|<c>");
    assert_string_equal(rows("\"a\0\"\nc\n", 7, false), "1:3|<c>");
}

/* count times c, then the end, as one file. */
static const char *
many(char c, size_t count, const char *before, const char *after)
{
    size_t head = strlen(before), tail = strlen(after);
    char *text = malloc(head + count + tail);
    const char *found;

    assert_non_null(text);
    memcpy(text, before, head);
    memset(text + head, c, count);
    memcpy(text + head + count, after, tail);
    found = rows(text, head + count + tail, false);
    free(text);
    return found;
}

static void
limits_hold(void **state)
{
    (void)state;
    assert_string_equal(many(',', CSV_FIELDS_MAX, "", "\nc\n"), "1:65|<c>");
    assert_string_equal(many('a', CSV_FIELD_BYTES_MAX + 2, "", "\nc\n"), "1:262146|<c>");
    assert_string_equal(many('a', CSV_FIELD_BYTES_MAX + 2, "\"", "\"\nc\n"), "1:262147|<c>");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_and_faults_are_where_they_are),
        cmocka_unit_test(fields_may_hold_line_ends_where_that_is_allowed),
        cmocka_unit_test(a_nul_byte_is_a_fault),
        cmocka_unit_test(limits_hold),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
