/* JUnit XML: the document as written by hand, and nothing from a pack breaks it. */
#include "tests/support/test.h"

#include <string.h>

#include "clients/junit.h"

static void
passed_failed_and_broken_are_counted_and_told(void **state)
{
    static const struct junit_case kits[] = {
        {"three parts of a notebook", JUNIT_PASSED, NULL},
        {"a near miss", JUNIT_FAILED, "expected accept, got reject"},
    };
    static const struct junit_case other[] = {
        {"the pack is read", JUNIT_BROKEN, "p.json:3:1: expected a comma"}};
    static const struct junit_suite suites[] = {{"kits@1.0.0", kits, COUNT(kits)},
                                                {"p.json", other, COUNT(other)}};
    struct arena arena = {0};
    struct buffer out;

    (void)state;
    buffer_init(&out, &arena, 64);
    junit_write(&out, suites, COUNT(suites));
    assert_string_equal(
        buffer_terminate(&out),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites tests=\"3\" failures=\"1\" errors=\"1\">\n"
        "  <testsuite name=\"kits@1.0.0\" tests=\"2\" failures=\"1\" errors=\"0\">\n"
        "    <testcase classname=\"kits@1.0.0\" name=\"three parts of a notebook\"/>\n"
        "    <testcase classname=\"kits@1.0.0\" name=\"a near miss\">\n"
        "      <failure message=\"expected accept, got reject\"/>\n"
        "    </testcase>\n"
        "  </testsuite>\n"
        "  <testsuite name=\"p.json\" tests=\"1\" failures=\"0\" errors=\"1\">\n"
        "    <testcase classname=\"p.json\" name=\"the pack is read\">\n"
        "      <error message=\"p.json:3:1: expected a comma\"/>\n"
        "    </testcase>\n"
        "  </testsuite>\n"
        "</testsuites>\n");
    arena_release(&arena);
}

static void
what_xml_has_no_room_for_is_escaped_or_replaced(void **state)
{
    static const struct {
        const char *text;
        const char *written;
    } cases[] = {
        {"a < b && c > \"d\"", "a &lt; b &amp;&amp; c &gt; &quot;d&quot;"},
        {"]]>", "]]&gt;"},
        {"a\nb\tc\rd", "a&#10;b&#9;c&#13;d"},
        {"bell\a, escape\033", "bell\xef\xbf\xbd, escape\xef\xbf\xbd"},
        {"none \xef\xbf\xbe, none \xef\xbf\xbf, some \xef\xbf\xbc",
         "none \xef\xbf\xbd, none \xef\xbf\xbd, some \xef\xbf\xbc"},
        {"\xe4\xb8\xad\xe5\x9b\xbd O'Neill", "\xe4\xb8\xad\xe5\x9b\xbd O'Neill"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct junit_case one = {cases[i].text, JUNIT_PASSED, NULL};
        const struct junit_suite suite = {"s", &one, 1};
        struct arena arena = {0};
        struct buffer out;
        char *name, *end;

        buffer_init(&out, &arena, 64);
        junit_write(&out, &suite, 1);
        name = strstr(buffer_terminate(&out), "classname=\"s\" name=\"");
        assert_non_null(name);
        name += strlen("classname=\"s\" name=\"");
        end = strstr(name, "\"/>\n");
        assert_non_null(end);
        *end = '\0';
        assert_string_equal(name, cases[i].written);
        arena_release(&arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passed_failed_and_broken_are_counted_and_told),
        cmocka_unit_test(what_xml_has_no_room_for_is_escaped_or_replaced),
    };

    return cmocka_run_group_tests_name("junit", tests, NULL, NULL);
}
