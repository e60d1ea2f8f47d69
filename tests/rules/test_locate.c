/*
 * Places in a JSON text, written by hand as people count them: the expected
 * line and column are marked in the text itself.
 */
#include <stdlib.h>
#include <string.h>

#include "gateway/base/json.h"
#include "policy/rules/locate.h"
#include "tests/support/test.h"

static struct arena arena;
static struct document document;

static const struct value *
root_of(const char *text)
{
    static struct value root;
    struct error err = {0};
    cJSON *json;

    if (json_parse(&arena, text, strlen(text), &json, &err) != 0)
        fail_msg("%s: %s", text, err.text);
    document = (struct document){.path = "x.json", .root = json};
    root = value_root(&document);
    return &root;
}

/* The value at a way such as "rules/1/when"; parents stay where they are. */
static struct value
value_at(const struct value *from, const char *way, struct value *parents)
{
    struct value value = *from;

    while (*way) {
        size_t len = strcspn(way, "/");
        char *step = arena_copy(&arena, way, len);

        *parents = value;
        if (cJSON_IsArray(value.json)) {
            value = (struct value){0};
            for (size_t i = strtoul(step, NULL, 10) + 1; i > 0; i--)
                assert_true(value_next(parents, &value));
        } else {
            value = value_member(parents, step);
        }
        parents++;
        way += len + (way[len] == '/');
    }
    return value;
}

/* Where the mark is; the text without it. */
static size_t
take_mark(char *text, char mark)
{
    char *at = strchr(text, mark);

    assert_non_null(at);
    memmove(at, at + 1, strlen(at));
    return (size_t)(at - text);
}

static void
a_value_is_found_in_its_text(void **state)
{
    static const struct {
        const char *marked, *way; /* @ stands before the name, ^ before the value */
    } cases[] = {
        {"@^{}", ""},
        {" \n\t@^[1]", ""},
        {"{@\"a\":^1}", "a"},
        {"{ @\"a\" : ^\"x\" }", "a"},
        {"{\"b\":1,@\"a\":^true}", "a"},
        {"{\"b\":\"},\\\"{\",@\"a\":^[]}", "a"},
        {"{\"b\":{\"a\":[{},[\"]\"]]} , @\"a\"\n:\n^-1.5e3,\"c\":2}", "a"},
        {"[1,22 , @^333]", "2"},
        {"[\"a\", \"b\" ,@^\"c\"]", "2"},
        {"[[1,[2,3]],[4,[5,@^6,7]]]", "1/1/1"},
        {"{\"rules\":[{\"when\":\"1\"},{\"id\":2,@\"when\":^\"3\"}]}", "rules/1/when"},
        {"{\"x\":{\"\\u0061\\\"\":1,@\"\\u0061\":^2}}", "x/a"},
        {"{\"x\":[null,false],@\"q\\\"\":^\"\"}", "q\""},
        {"{@\"q\\\\\":^{\"a\":1}}", "q\\"},
        {"{@\"\xc3\xa4\":^1}", "\xc3\xa4"},
        {"{@\"\\u00e4\":^1}", "\xc3\xa4"},
        {"{\"a\":@^{\"b\":1}}", "a/none"}, /* absent: the object that lacks it */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = arena_copy(&arena, cases[i].marked, strlen(cases[i].marked));
        size_t name = take_mark(text, '@'), at = take_mark(text, '^');
        struct value parents[8], value = value_at(root_of(text), cases[i].way, parents);

        print_message("%s %s\n", text, cases[i].way);
        assert_int_equal(locate_value(text, &value), at);
        assert_int_equal(locate_name(text, &value), name);
    }
}

static void
children_are_walked_in_order(void **state)
{
    static const char *const texts[] = {
        "{\"a\":!1 , \"b\": !\"x,]\",\"c\":![1,{\"d\":2}],\"e\" :!null}",
        "[ !1,!\"b\" , !{\"c\":[]},![[],[]],!false ]",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        size_t starts[8], count = 0, at;
        char *text = arena_copy(&arena, texts[i], strlen(texts[i]));

        while (strchr(text, '!'))
            starts[count++] = take_mark(text, '!');
        (void)root_of(text);
        at = locate_first(text, 0);
        for (size_t n = 0; n < count; n++) {
            assert_int_equal(at, starts[n]);
            at = locate_next(text, at);
        }
        assert_non_null(strchr("]}", text[at])); /* the end stays the end */
    }
}

/* n counts bytes of the string as it is meant; ! marks them as written. */
static void
a_byte_of_a_string_is_found_behind_escapes(void **state)
{
    static const struct {
        const char *marked;
        size_t n;
    } cases[] = {
        {"\"!abc\"", 0},
        {"\"ab!c\"", 2},
        {"\"abc!\"", 3},
        {"\"abc!\"", 9}, /* at most the closing mark */
        {"\"!\"", 0},
        {"\"a\\n!b\"", 2},
        {"\"a!\\nb\"", 1},
        {"\"\\\"\\\\!x\"", 2},
        {"\"\\u0041!x\"", 1},
        {"\"\\u00e4!x\"", 2}, /* two bytes */
        {"\"!\\u00E4x\"", 1}, /* within a character: its beginning */
        {"\"\\u20AC!x\"", 3},
        {"\"\\ud83d\\ude00!x\"", 4},
        {"\"!\\uD83D\\uDE00x\"", 3},
        {"\"\xc3\xa4!x\"", 2},
        {"\"x\\/!y\"", 2},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = arena_copy(&arena, cases[i].marked, strlen(cases[i].marked));
        size_t at = take_mark(text, '!');

        print_message("%s %zu\n", text, cases[i].n);
        assert_int_equal(locate_in_string(text, 0, cases[i].n), at);
    }
}

static void
a_place_counts_lines_and_characters(void **state)
{
    static const char text[] = "a\n\xc3\xa4\xe2\x82\xac"
                               "b\r\n\n c";
    static const struct {
        size_t at;
        uint32_t line, column;
    } cases[] = {{0, 1, 1}, {1, 1, 2}, {2, 2, 1},  {4, 2, 2},  {7, 2, 3},
                 {8, 2, 4}, {9, 2, 5}, {10, 3, 1}, {11, 4, 1}, {12, 4, 2}};
    struct place moving = {0, 1, 1};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct place place = {0, 1, 1};

        place_move(text, &place, cases[i].at);
        place_move(text, &moving, cases[i].at); /* the same in many small steps */
        assert_int_equal(place.line, cases[i].line);
        assert_int_equal(place.column, cases[i].column);
        assert_int_equal(moving.line, cases[i].line);
        assert_int_equal(moving.column, cases[i].column);
    }
}

static int
tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_found_in_its_text),
        cmocka_unit_test(children_are_walked_in_order),
        cmocka_unit_test(a_byte_of_a_string_is_found_behind_escapes),
        cmocka_unit_test(a_place_counts_lines_and_characters),
    };

    return cmocka_run_group_tests_name("locate", tests, NULL, tear_down);
}
