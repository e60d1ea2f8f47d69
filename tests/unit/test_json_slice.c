/* Members of our own JSON, found without parsing it. */
#include <stdlib.h>
#include <string.h>

#include "gateway/base/json_slice.h"
#include "tests/support/test.h"

static const char sample[] =
    "{\"a\":\"x,}\\\"y\",\"b\":{\"c\":[1,{\"d\":\"]\"}],\"a\":2},\"n\":null,"
    "\"e\":\"\",\"last\":-1.5e3}";

static void
members_are_found_at_the_top_alone(void **state)
{
    static const struct {
        const char *name, *value;
    } cases[] = {
        {"a", "\"x,}\\\"y\""}, {"b", "{\"c\":[1,{\"d\":\"]\"}],\"a\":2}"},
        {"n", "null"},         {"e", "\"\""},
        {"last", "-1.5e3"},    {"c", NULL},
        {"d", NULL},           {"", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct json_slice found = json_slice_member(sample, strlen(sample), cases[i].name);

        if (!cases[i].value) {
            assert_null(found.data);
            continue;
        }
        assert_true(json_slice_is(found, cases[i].value));
    }
}

/* Nothing stands behind the text: a read past its end is seen by the sanitizer. */
static char *
block_of(const char *text, size_t len)
{
    char *block = malloc(len);

    assert_true(block || len == 0);
    memcpy(block, text, len);
    return block;
}

static void
what_is_cut_or_no_object_has_no_members_behind_the_cut(void **state)
{
    (void)state;
    for (size_t len = 1; len < strlen(sample); len++) {
        char *block = block_of(sample, len);
        struct json_slice found = json_slice_member(block, len, "last");

        assert_null(found.data);
        found = json_slice_member(block, len, "a");
        assert_true(!found.data || found.data + found.len < block + len);
        free(block);
    }
    assert_null(json_slice_member("[1]", 3, "a").data);
    assert_null(json_slice_member("{}", 2, "a").data);
    assert_null(json_slice_member(NULL, 0, "a").data);
}

/* The elements, each behind a blank. */
static void
read_elements(const char *json, size_t len, char *out)
{
    struct json_slice value;
    size_t at = 0;

    *out = '\0';
    while (json_slice_element(json, len, &at, &value)) {
        strcat(out, " ");
        strncat(out, value.data, value.len);
    }
}

static void
elements_are_stepped_through_up_to_a_cut(void **state)
{
    static const struct {
        const char *json, *elements;
    } cases[] = {
        {"[]", ""},
        {"[1]", " 1"},
        {"[\"a,]\",{\"b\":[2,3]},[],null]", " \"a,]\" {\"b\":[2,3]} [] null"},
        {"[1,2", " 1"},
        {"[1,[2,3]", " 1"},
        {"[1,[2,3", " 1"},
        {"[1,\"2]", " 1"},
        {"[1,\"2\\", " 1"},
        {"[1,", " 1"},
        {"[1", ""},
        {"[", ""},
        {"{\"a\":1}", ""},
        {"1", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t len = strlen(cases[i].json);
        char *block = block_of(cases[i].json, len);
        char found[64];

        read_elements(block, len, found);
        assert_string_equal(found, cases[i].elements);
        free(block);
    }
}

static void
a_text_is_what_stands_between_quotes_without_escapes(void **state)
{
    struct json_slice text;

    (void)state;
    text = json_slice_text((struct json_slice){"\"RQHS\"", 6});
    assert_true(json_slice_is(text, "RQHS"));
    assert_null(json_slice_text((struct json_slice){"\"a\\n\"", 5}).data);
    assert_null(json_slice_text((struct json_slice){"12", 2}).data);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_found_at_the_top_alone),
        cmocka_unit_test(what_is_cut_or_no_object_has_no_members_behind_the_cut),
        cmocka_unit_test(elements_are_stepped_through_up_to_a_cut),
        cmocka_unit_test(a_text_is_what_stands_between_quotes_without_escapes),
    };

    return cmocka_run_group_tests_name("json_slice", tests, NULL, NULL);
}
