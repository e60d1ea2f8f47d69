/* Text that grows, and JSON written into it: commas, escapes, numbers. */
#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/buffer.h"
#include "gateway/base/json.h"
#include "tests/support/test.h"

static struct arena arena;

static int
teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct buffer
new_buffer(void)
{
    struct buffer buffer;

    buffer_init(&buffer, &arena, 8); /* small, so that everything grows */
    return buffer;
}

static void
text_is_appended_and_the_buffer_grows(void **state)
{
    struct buffer buffer = new_buffer();

    (void)state;
    for (int i = 0; i < 1000; i++) {
        buffer_append(&buffer, "ab", 2);
        buffer_text(&buffer, "c");
        (void)arena_alloc(&arena, 1); /* so that it has to move */
    }
    assert_int_equal(buffer.len, 3000);
    assert_int_equal(strlen(buffer_terminate(&buffer)), 3000);
    assert_int_equal(buffer.len, 3000); /* the NUL is not counted */
    for (size_t i = 0; i < buffer.len; i++)
        assert_int_equal(buffer.data[i], "abc"[i % 3]);
}

static void
numbers_are_printed_exactly(void **state)
{
    static const int64_t values[] = {0, 1, -1, 9, 10, -10, 1234567890123, INT64_MAX, INT64_MIN};

    (void)state;
    for (size_t i = 0; i < COUNT(values); i++) {
        struct buffer buffer = new_buffer();
        char expected[32];

        buffer_int(&buffer, values[i]);
        snprintf(expected, sizeof(expected), "%lld", (long long)values[i]);
        assert_string_equal(buffer_terminate(&buffer), expected);
    }
}

static void
printf_fits_whatever_the_length(void **state)
{
    (void)state;
    for (int length = 0; length < 200; length++) {
        struct buffer buffer = new_buffer();

        buffer_text(&buffer, "x");
        buffer_printf(&buffer, "%*s|", length, "");
        assert_int_equal(buffer.len, length + 2);
        assert_int_equal(buffer.data[buffer.len - 1], '|');
    }
}

static void
the_writer_puts_the_commas(void **state)
{
    struct buffer buffer = new_buffer();

    (void)state;
    json_open(&buffer, '{');
    json_key(&buffer, "a");
    json_open(&buffer, '[');
    json_close(&buffer, ']');
    json_key(&buffer, "b");
    json_open(&buffer, '[');
    json_int(&buffer, 1);
    json_bool(&buffer, true);
    json_bool(&buffer, false);
    json_null(&buffer);
    json_open(&buffer, '{');
    json_close(&buffer, '}');
    json_raw(&buffer, "{\"x\":0}", 7);
    json_close(&buffer, ']');
    json_member(&buffer, "c", "text");
    json_member_if(&buffer, "d", "");
    json_member_if(&buffer, "e", "there");
    json_member_or_null(&buffer, "f", "");
    json_member_or_null(&buffer, "g", NULL);
    json_member_or_null(&buffer, "h", "there");
    json_close(&buffer, '}');
    assert_string_equal(buffer_terminate(&buffer),
                        "{\"a\":[],\"b\":[1,true,false,null,{},{\"x\":0}],\"c\":\"text\","
                        "\"e\":\"there\",\"f\":null,\"g\":null,\"h\":\"there\"}");
}

static void
strings_are_escaped_as_far_as_json_demands(void **state)
{
    struct buffer buffer = new_buffer();

    (void)state;
    json_string(&buffer, "a\"b\\c/d\b\t\n\f\r\x01\x1f\x7f\xe6\xb7\xb1");
    assert_string_equal(buffer_terminate(&buffer),
                        "\"a\\\"b\\\\c/d\\b\\t\\n\\f\\r\\u0001\\u001f\x7f\xe6\xb7\xb1\"");
    buffer = new_buffer();
    json_string_n(&buffer, "abc", 2);
    assert_string_equal(buffer_terminate(&buffer), "\"ab\"");
}

/* What the writer writes, the gate lets through and the parser reads back. */
static void
every_character_reads_back_as_it_was(void **state)
{
    (void)state;
    for (int byte = 1; byte < 128; byte++) {
        struct buffer buffer = new_buffer();
        char text[] = {'x', (char)byte, 'y', '\0'};
        struct error err = {0};
        cJSON *json;

        json_string(&buffer, text);
        assert_int_equal(json_parse(&arena, buffer.data, buffer.len, &json, &err), 0);
        assert_string_equal(json->valuestring, text);
    }
}

static void
doubles_are_as_short_as_reads_back(void **state)
{
    static const struct {
        double value;
        const char *text;
    } rows[] = {
        {0, "0"},
        {-0.0, "0"},
        {1, "1"},
        {-17, "-17"},
        {0.1, "0.1"},
        {0.93, "0.93"},
        {2.5, "2.5"},
        {1e14, "100000000000000"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1.0 / 3, "0.3333333333333333"},
        {DBL_MAX, "1.7976931348623157e+308"},
        {5e-324, "4.94065645841247e-324"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer buffer = new_buffer();

        json_number(&buffer, rows[i].value);
        assert_string_equal(buffer_terminate(&buffer), rows[i].text);
        assert_true(strtod(buffer.data, NULL) == rows[i].value);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_appended_and_the_buffer_grows),
        cmocka_unit_test(numbers_are_printed_exactly),
        cmocka_unit_test(printf_fits_whatever_the_length),
        cmocka_unit_test(the_writer_puts_the_commas),
        cmocka_unit_test(strings_are_escaped_as_far_as_json_demands),
        cmocka_unit_test(every_character_reads_back_as_it_was),
        cmocka_unit_test(doubles_are_as_short_as_reads_back),
    };

    return cmocka_run_group_tests_name("buffer", tests, NULL, teardown);
}
