/* What a payer may read of a view: the expectations are written out, byte for byte. */
#include <string.h>

#include "gateway/bank/payer_view.h"
#include "tests/support/test.h"

static void
what_is_the_banks_own_is_left_out(void **state)
{
    static const struct {
        const char *view, *shown;
    } cases[] = {
        /* clang-format off */
        {"{\"id\":\"1\",\"state\":\"held\"}", "{\"id\":\"1\",\"state\":\"held\"}"},
        {"{\"id\":\"1\",\"decision\":{\"internal\":{\"a\":1},\"x\":\"}\"}}", "{\"id\":\"1\"}"},
        {"{\"id\":\"1\",\"decision\":{},\"events\":[]}", "{\"id\":\"1\",\"events\":[]}"},
        {"{\"decision\":{},\"events\":[{\"type\":\"payment.held\",\"at\":\"t\",\"internal\":{\"text\":\"s\"}}]}",
         "{\"events\":[{\"type\":\"payment.held\",\"at\":\"t\"}]}"},
        {"{\"events\":[{\"type\":\"case.note\",\"internal\":{}},{\"type\":\"payment.returned\",\"returned\":"
         "{\"value\":\"1\"},\"internal\":{}},{\"type\":\"case.disposition\"}],\"more\":1}",
         "{\"events\":[{\"type\":\"payment.returned\",\"returned\":{\"value\":\"1\"}}],\"more\":1}"},
        /* An event alone. */
        {"{\"kind\":\"event\",\"type\":\"payment.held\",\"internal\":{\"text\":\"s\"}}",
         "{\"kind\":\"event\",\"type\":\"payment.held\"}"},
        {"{\"kind\":\"event\",\"type\":\"case.note\",\"at\":\"t\"}", "{}"},
        /* A text that looks like what is left out. */
        {"{\"text\":\"\\\",\\\"decision\\\":1\"}", "{\"text\":\"\\\",\\\"decision\\\":1\"}"},
        {"", "{}"},
        {"[1]", "{}"},
        {"null", "{}"},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena arena = {0};
        struct buffer out;

        buffer_init(&out, &arena, 64);
        view_for_payer(cases[i].view, strlen(cases[i].view), &out);
        assert_string_equal(buffer_terminate(&out), cases[i].shown);
        arena_release(&arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_the_banks_own_is_left_out),
    };

    return cmocka_run_group_tests_name("payer_view", tests, NULL, NULL);
}
