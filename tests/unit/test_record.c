/* What record_write() writes is literally this, and nothing else is read back. */
#include <string.h>

#include "gateway/store/record.h"
#include "tests/support/test.h"

#define EVENT                                                                                  \
    "{\"kind\":\"event\",\"id\":\"a\",\"uetr\":\"b\",\"at_ms\":1,\"request_bytes\":0,"         \
    "\"answer_bytes\":0}\n\n"

#define HEAD                                                                                   \
    "{\"kind\":\"payment\",\"id\":\"0190c2a1-77\",\"uetr\":\"97ed4827-7b6f\","                 \
    "\"at_ms\":1713317400120,"

static const struct record sample = {
    .id = "0190c2a1-77",
    .uetr = "97ed4827-7b6f",
    .key = "",
    .at_ms = 1713317400120,
    .request = "{\"a\":\n1}",
    .request_len = 8,
    .answer = "{}\n\0x",
    .answer_len = 5,
};

static int
release(void **state)
{
    arena_release(*state);
    return 0;
}

static int
setup(void **state)
{
    static struct arena arena;

    *state = &arena;
    return 0;
}

static void
write_as(struct arena *arena, const struct record *record, const char *bytes, size_t len)
{
    struct buffer out;

    buffer_init(&out, arena, 16);
    record_write(record, &out);
    assert_int_equal(out.len, len);
    assert_memory_equal(out.data, bytes, len);
}

static void
a_record_is_a_head_line_and_both_bodies(void **state)
{
    static const char bytes[] =
        HEAD "\"request_bytes\":8,\"answer_bytes\":5}\n{\"a\":\n1}\n{}\n\0x";

    write_as(*state, &sample, bytes, sizeof(bytes) - 1);
}

static void
a_key_stands_in_the_head_where_there_is_one(void **state)
{
    static const char bytes[] =
        HEAD "\"key\":\"00ff\",\"request_bytes\":8,\"answer_bytes\":5}\n{\"a\":\n1}\n{}\n\0x";
    struct record record = sample;

    record.key = "00ff";
    write_as(*state, &record, bytes, sizeof(bytes) - 1);
}

static void
writing_into_a_buffer_of_json_leaves_its_comma(void **state)
{
    struct buffer out;

    buffer_init(&out, *state, 16);
    json_open(&out, '[');
    json_int(&out, 1);
    record_write(&sample, &out);
    assert_true(out.comma);
    assert_memory_equal(out.data, "[1{\"kind\"", 9);
}

static void
what_was_written_is_read_back(void **state)
{
    static const char *const keys[] = {"", "5e884898da28047151d0e56f8dc62927"};

    for (size_t i = 0; i < COUNT(keys); i++) {
        struct record record = sample, found;
        struct error err = {0};
        struct buffer out;

        record.key = keys[i];
        buffer_init(&out, *state, 16);
        record_write(&record, &out);
        assert_int_equal(record_read(out.data, out.len, *state, &found, &err), 0);
        assert_string_equal(found.id, sample.id);
        assert_string_equal(found.uetr, sample.uetr);
        assert_string_equal(found.key, keys[i]);
        assert_int_equal(found.at_ms, sample.at_ms);
        assert_int_equal(found.request_len, 8);
        assert_memory_equal(found.request, sample.request, 8);
        assert_int_equal(found.answer_len, 5);
        assert_memory_equal(found.answer, sample.answer, 5);
    }
}

static void
anything_else_is_refused(void **state)
{
    static const char *const bodies[] = {
        "",
        "{",
        "{}",
        "\n",
        HEAD "\"request_bytes\":1,\"answer_bytes\":1}\na\nbc", /* a byte too many */
        HEAD "\"request_bytes\":1,\"answer_bytes\":1}\na\n",   /* one too few */
        HEAD "\"request_bytes\":2,\"answer_bytes\":1}\na\nb",  /* no newline between */
        HEAD "\"request_bytes\":0,\"answer_bytes\":1}\na\nb",  /* nor here */
        HEAD "\"request_bytes\":9,\"answer_bytes\":1}\na\nb",  /* past the end */
        HEAD "\"request_bytes\":01,\"answer_bytes\":1}\na\nb", /* a leading zero */
        HEAD "\"request_bytes\":-1,\"answer_bytes\":1}\na\nb", /* a sign */
        HEAD "\"request_bytes\":,\"answer_bytes\":1}\na\nb",   /* no number */
        HEAD "\"request_bytes\":1,\"answer_bytes\":1,}\na\nb", /* more members */
        HEAD "\"request_bytes\":1,\"answer_bytes\":1} \na\nb", /* white space */
        HEAD "\"answer_bytes\":1,\"request_bytes\":1}\na\nb",  /* another order */
        HEAD "\"key\":\"a\\u0041\",\"request_bytes\":1,\"answer_bytes\":1}\na\nb", /* escapes */
        HEAD "\"request_bytes\":18446744073709551615,\"answer_bytes\":1}\na\nb",
        HEAD "\"request_bytes\":999999999999999999,\"answer_bytes\":1}\na\nb",
        EVENT,
    };

    for (size_t i = 0; i < COUNT(bodies); i++) {
        struct error err = {0};
        struct record found;

        assert_int_equal(record_read(bodies[i], strlen(bodies[i]), *state, &found, &err), -1);
        assert_int_equal(err.code, ERROR_INTERNAL);
        assert_non_null(strstr(err.text, "expected"));
    }
}

/* Every length counts: no shorter piece of a record is one. */
static void
no_truncated_record_is_read(void **state)
{
    struct record found;
    struct error err = {0};
    struct buffer out;

    buffer_init(&out, *state, 16);
    record_write(&sample, &out);
    for (size_t len = 0; len < out.len; len++)
        assert_int_equal(record_read(out.data, len, *state, &found, &err), -1);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, release)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_record_is_a_head_line_and_both_bodies),
        TEST(a_key_stands_in_the_head_where_there_is_one),
        TEST(writing_into_a_buffer_of_json_leaves_its_comma),
        TEST(what_was_written_is_read_back),
        TEST(anything_else_is_refused),
        TEST(no_truncated_record_is_read),
    };

    return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
