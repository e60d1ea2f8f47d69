/* Members of our own JSON, found without parsing it. */
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

static void
what_is_cut_or_no_object_has_no_members_behind_the_cut(void **state)
{
    (void)state;
    for (size_t len = 0; len < strlen(sample); len++) {
        char copy[sizeof(sample)]; /* a read past len is seen by the sanitizer */
        struct json_slice found;

        memcpy(copy, sample, len);
        found = json_slice_member(copy, len, "last");
        assert_true(!found.data || found.data + found.len <= copy + len);
    }
    assert_null(json_slice_member("[1]", 3, "a").data);
    assert_null(json_slice_member("{}", 2, "a").data);
    assert_null(json_slice_member(NULL, 0, "a").data);
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
        cmocka_unit_test(a_text_is_what_stands_between_quotes_without_escapes),
    };

    return cmocka_run_group_tests_name("json_slice", tests, NULL, NULL);
}
