/* Values of CEL as JSON: each kind in and out again, and what is wrong is named with its place. */
#include "tests/support/test.h"

#include <string.h>

#include "clients/cel_json.h"
#include "gateway/base/json.h"

static void *
run_alloc(void *context, size_t bytes)
{
    return arena_alloc(context, bytes);
}

static struct cel_run
run_on(struct arena *arena)
{
    return (struct cel_run){.alloc = run_alloc,
                            .context = arena,
                            .memory_left = CEL_MEMORY_MAX,
                            .steps_left = CEL_STEPS_MAX};
}

static int
read_text(struct arena *arena, const char *text, struct cel_value *out, struct error *err)
{
    struct document document = {.path = "here"};
    struct cel_run run = run_on(arena);
    struct value root;
    cJSON *json;

    assert_int_equal(json_parse(arena, text, strlen(text), &json, err), 0);
    document.root = json;
    root = value_root(&document);
    return cel_json_read(&run, &root, out, err);
}

static void
assert_written(struct arena *arena, struct cel_value value, const char *expected)
{
    struct buffer out;

    buffer_init(&out, arena, 64);
    cel_json_write(&out, value);
    assert_string_equal(buffer_terminate(&out), expected);
}

static void
every_kind_is_read_and_written_back(void **state)
{
    static const struct {
        const char *json;
        const char *means;   /* in CEL's own notation */
        const char *written; /* NULL: as it was read */
    } cases[] = {
        /* clang-format off */
        {"{\"type\":\"int\",\"value\":\"-9223372036854775808\"}", "-9223372036854775808", NULL},
        {"{\"type\":\"int\",\"value\":9007199254740992}", "9007199254740992", "{\"type\":\"int\",\"value\":\"9007199254740992\"}"},
        {"{\"type\":\"int\",\"value\":-0}", "0", "{\"type\":\"int\",\"value\":\"0\"}"},
        {"{\"type\":\"uint\",\"value\":\"18446744073709551615\"}", "18446744073709551615u", NULL},
        {"{\"type\":\"uint\",\"value\":7}", "7u", "{\"type\":\"uint\",\"value\":\"7\"}"},
        {"{\"type\":\"double\",\"value\":42}", "42.0", NULL},
        {"{\"type\":\"double\",\"value\":\"1.5e3\"}", "1500.0", "{\"type\":\"double\",\"value\":1500}"},
        {"{\"type\":\"double\",\"value\":0.1}", "0.1", NULL},
        {"{\"type\":\"double\",\"value\":5e-324}", "5e-324", "{\"type\":\"double\",\"value\":4.94065645841247e-324}"},
        {"{\"type\":\"double\",\"value\":-0.0}", "-0.0", NULL},
        {"{\"type\":\"double\",\"value\":\"NaN\"}", "double('NaN')", NULL},
        {"{\"type\":\"double\",\"value\":\"-Infinity\"}", "double('-Inf')", NULL},
        {"{\"type\":\"bool\",\"value\":true}", "true", NULL},
        {"{\"type\":\"null\",\"value\":null}", "null", NULL},
        {"{\"type\":\"null_type\"}", "null", "{\"type\":\"null\",\"value\":null}"},
        {"{\"type\":\"string\",\"value\":\"\\u4e2d\\n\\\"\"}", "'\xe4\xb8\xad\\n\"'", "{\"type\":\"string\",\"value\":\"\xe4\xb8\xad\\n\\\"\"}"},
        {"{\"type\":\"bytes\",\"value\":\"\"}", "b''", NULL},
        {"{\"type\":\"bytes\",\"value\":\"/w==\"}", "b'\\xff'", NULL},
        {"{\"type\":\"bytes\",\"value\":\"YWI=\"}", "b'ab'", NULL},
        {"{\"type\":\"bytes\",\"value\":\"YWJj\"}", "b'abc'", NULL},
        {"{\"type\":\"timestamp\",\"value\":\"2024-04-15T09:00:00.5+08:00\"}", "timestamp('2024-04-15T01:00:00.5Z')", "{\"type\":\"timestamp\",\"value\":\"2024-04-15T01:00:00.5Z\"}"},
        {"{\"type\":\"google.protobuf.Timestamp\",\"value\":\"1970-01-01T00:00:00Z\"}", "timestamp('1970-01-01T00:00:00Z')", "{\"type\":\"timestamp\",\"value\":\"1970-01-01T00:00:00Z\"}"},
        {"{\"type\":\"duration\",\"value\":\"-3.5s\"}", "duration('-3.5s')", NULL},
        {"{\"type\":\"duration\",\"value\":\"1h\"}", "duration('3600s')", "{\"type\":\"duration\",\"value\":\"3600s\"}"},
        {"{\"type\":\"type\",\"value\":\"int\"}", "int", NULL},
        {"{\"type\":\"type\",\"value\":\"timestamp\"}", "google.protobuf.Timestamp", "{\"type\":\"type\",\"value\":\"google.protobuf.Timestamp\"}"},
        {"{\"type\":\"type\",\"value\":\"null\"}", "null_type", "{\"type\":\"type\",\"value\":\"null_type\"}"},
        {"{\"type\":\"list\",\"value\":[]}", "[]", NULL},
        {"{\"type\":\"list\",\"value\":[{\"type\":\"int\",\"value\":\"1\"},{\"type\":\"list\",\"value\":[{\"type\":\"bool\",\"value\":false}]}]}", "[1, [false]]", NULL},
        {"{\"type\":\"map\",\"value\":[]}", "{}", NULL},
        {"{\"type\":\"map\",\"value\":[[{\"type\":\"string\",\"value\":\"a\"},{\"type\":\"uint\",\"value\":\"2\"}]]}", "{'a': 2u}", NULL},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena arena = {0};
        struct cel_value value = {0};
        struct error err = {0};
        char text[200];

        if (read_text(&arena, cases[i].json, &value, &err) != 0)
            fail_msg("%s: %s", cases[i].json, err.text);
        cel_print(value, text, sizeof(text));
        assert_string_equal(text, cases[i].means);
        assert_written(&arena, value, cases[i].written ? cases[i].written : cases[i].json);
        arena_release(&arena);
    }
}

static void
what_is_wrong_is_named_with_its_place(void **state)
{
    static const struct {
        const char *json;
        const char *says;
    } cases[] = {
        /* clang-format off */
        {"3", "here: /: expected an object; found 3"},
        {"{\"value\":1}", "here: /type: expected the name of a type, such as \"int\"; found nothing"},
        {"{\"type\":\"integer\",\"value\":1}", "here: /type: expected the name of a type, such as \"int\"; found \"integer\""},
        {"{\"type\":\"dyn\",\"value\":1}", "here: /type: expected the name of a type, such as \"int\"; found \"dyn\""},
        {"{\"type\":\"int\",\"valeu\":1}", "here: /valeu: expected only the members type, value; found 1"},
        {"{\"type\":\"int\"}", "here: /value: expected a whole number of 64 bits, such as \"-42\"; found nothing"},
        {"{\"type\":\"int\",\"value\":1.5}", "here: /value: expected a whole number of 64 bits, such as \"-42\"; found 1.5"},
        {"{\"type\":\"int\",\"value\":9007199254740994}", "here: /value: expected a whole number"},
        {"{\"type\":\"int\",\"value\":\"9223372036854775808\"}", "here: /value: expected a whole number"},
        {"{\"type\":\"int\",\"value\":\"\"}", "here: /value: expected a whole number"},
        {"{\"type\":\"int\",\"value\":\"-\"}", "here: /value: expected a whole number"},
        {"{\"type\":\"int\",\"value\":\" 1\"}", "here: /value: expected a whole number"},
        {"{\"type\":\"int\",\"value\":\"1u\"}", "here: /value: expected a whole number"},
        {"{\"type\":\"uint\",\"value\":\"-1\"}", "without sign, such as \"42\"; found \"-1\""},
        {"{\"type\":\"uint\",\"value\":\"18446744073709551616\"}", "here: /value: expected a whole number"},
        {"{\"type\":\"double\",\"value\":\"nan\"}", "here: /value: expected a number, \"NaN\""},
        {"{\"type\":\"double\",\"value\":\"0x10\"}", "here: /value: expected a number"},
        {"{\"type\":\"double\",\"value\":\"1e999\"}", "here: /value: expected a number"},
        {"{\"type\":\"bool\",\"value\":\"true\"}", "here: /value: expected true or false; found \"true\""},
        {"{\"type\":\"null\",\"value\":0}", "here: /value: expected null; found 0"},
        {"{\"type\":\"string\",\"value\":1}", "here: /value: expected a string; found 1"},
        {"{\"type\":\"bytes\",\"value\":\"YWI\"}", "here: /value: expected bytes in base64"},
        {"{\"type\":\"bytes\",\"value\":\"Y===\"}", "here: /value: expected bytes in base64"},
        {"{\"type\":\"bytes\",\"value\":\"YW=j\"}", "here: /value: expected bytes in base64"},
        {"{\"type\":\"bytes\",\"value\":\"YWI=\\n\"}", "here: /value: expected bytes in base64"},
        {"{\"type\":\"timestamp\",\"value\":\"yesterday\"}", "here: /value: expected a time of RFC 3339"},
        {"{\"type\":\"duration\",\"value\":\"P1D\"}", "here: /value: expected a duration, such as \"3.5s\"; found \"P1D\""},
        {"{\"type\":\"type\",\"value\":\"nothing\"}", "here: /value: expected the name of a type"},
        {"{\"type\":\"list\",\"value\":{}}", "here: /value: expected an array of values"},
        {"{\"type\":\"list\",\"value\":[{\"type\":\"list\",\"value\":[7]}]}", "here: /value/0/value/0: expected an object; found 7"},
        {"{\"type\":\"map\",\"value\":[[]]}", "here: /value/0: expected a pair of key and value; found an array of 0"},
        {"{\"type\":\"map\",\"value\":[[{\"type\":\"int\",\"value\":\"1\"},{\"type\":\"bool\",\"value\":1}]]}", "here: /value/0/1/value: expected true or false; found 1"},
        {"{\"type\":\"map\",\"value\":[[{\"type\":\"double\",\"value\":1},{\"type\":\"null\"}]]}", "here: /value: expected different keys, and none a double"},
        {"{\"type\":\"map\",\"value\":[[{\"type\":\"int\",\"value\":1},{\"type\":\"null\"}],[{\"type\":\"uint\",\"value\":1},{\"type\":\"null\"}]]}", "here: /value: expected different keys"},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena arena = {0};
        struct error err = {0};
        struct cel_value value;

        assert_int_equal(read_text(&arena, cases[i].json, &value, &err), -1);
        if (!strstr(err.text, cases[i].says))
            fail_msg("expected \"%s\" in \"%s\"", cases[i].says, err.text);
        arena_release(&arena);
    }
}

/* Not to be had from JSON: a NUL inside, and the doubles whose shortest digits are many. */
static void
what_json_escapes_is_escaped_and_digits_are_enough(void **state)
{
    static const double doubles[] = {0.1 + 0.2, 1.0 / 3, 1e22, 123456789012345680.0, 1e-7};
    struct arena arena = {0};

    (void)state;
    assert_written(&arena, cel_string("a\0b", 3),
                   "{\"type\":\"string\",\"value\":\"a\\u0000b\"}");
    for (size_t i = 0; i < COUNT(doubles); i++) {
        struct cel_value back = {0};
        struct error err = {0};
        struct buffer out;

        buffer_init(&out, &arena, 64);
        cel_json_write(&out, cel_double(doubles[i]));
        assert_int_equal(read_text(&arena, buffer_terminate(&out), &back, &err), 0);
        assert_true(back.kind == CEL_DOUBLE && back.d == doubles[i]);
    }
    arena_release(&arena);
}

static void
a_value_that_would_fill_the_disk_is_null(void **state)
{
    struct cel_value pairs[40][2], list = cel_int(1);
    struct arena arena = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++) { /* each holds the one before twice */
        pairs[i][0] = pairs[i][1] = list;
        list = cel_list(pairs[i], 2);
    }
    assert_false(cel_json_fits(list));
    assert_written(&arena, list, "{\"type\":\"list\",\"value\":null}");
    assert_true(cel_json_fits(pairs[10][0]));
    assert_written(&arena, pairs[1][0],
                   "{\"type\":\"list\",\"value\":[{\"type\":\"int\",\"value\":\"1\"},"
                   "{\"type\":\"int\",\"value\":\"1\"}]}");
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_read_and_written_back),
        cmocka_unit_test(what_is_wrong_is_named_with_its_place),
        cmocka_unit_test(a_value_that_would_fill_the_disk_is_null),
        cmocka_unit_test(what_json_escapes_is_escaped_and_digits_are_enough),
    };

    return cmocka_run_group_tests_name("values as JSON", tests, NULL, NULL);
}
