/* What a payer reads of an answer or an event: all before what is for the bank's people. */
#include <string.h>

#include "gateway/bank/disclose.h"
#include "tests/support/test.h"

static void
what_is_not_for_a_payer_is_cut_off(void **state)
{
    static const struct {
        const char *whole, *shown;
    } cases[] = {
        {"{\"id\":\"x\",\"decision\":{\"action\":\"hold\"}}", "{\"id\":\"x\"}"},
        {"{\"id\":\"x\",\"decision\":{},\"later\":1}", "{\"id\":\"x\"}"},
        {"{\"kind\":\"event\",\"internal\":{\"cause\":\"c\"}}", "{\"kind\":\"event\"}"},
        {"{\"decision\":{}}", "{}"},
        {"{\"id\":\"x\"}", "{\"id\":\"x\"}"},
        /* the same bytes where they mean something else */
        {"{\"a\":\",\\\"decision\\\":\",\"decision\":{}}", "{\"a\":\",\\\"decision\\\":\"}"},
        {"{\"a\":{\"decision\":1},\"b\":[{\"internal\":2}]}",
         "{\"a\":{\"decision\":1},\"b\":[{\"internal\":2}]}"},
        {"{\"a\":\"decision\",\"b\":\"]}\\\\\",\"internal\":{}}",
         "{\"a\":\"decision\",\"b\":\"]}\\\\\"}"},
        /* no whole object */
        {"", "{}"},
        {"[1]", "{}"},
        {"{\"id\":\"x\"", "{}"},
        {"{\"id\":\"x", "{}"},
        {"{\"id\":\"\\", "{}"},
    };
    struct arena arena = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *json = cases[i].whole;
        size_t len = strlen(json);

        disclose(&arena, &json, &len);
        if (len != strlen(cases[i].shown) || memcmp(json, cases[i].shown, len) != 0)
            fail_msg("%s: %.*s", cases[i].whole, (int)len, json);
    }
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_not_for_a_payer_is_cut_off)};

    return cmocka_run_group_tests_name("disclose", tests, NULL, NULL);
}
