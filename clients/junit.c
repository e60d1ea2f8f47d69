/* junit.c - three elements, nested. */
#include "clients/junit.h"

#include "clients/markup.h"

static void
attribute(struct buffer *out, const char *name, const char *value)
{
    buffer_printf(out, " %s=\"", name);
    markup_text(out, value);
    buffer_text(out, "\"");
}

static size_t
count_of(const struct junit_suite *suite, enum junit_outcome outcome)
{
    size_t count = 0;

    for (size_t i = 0; i < suite->count; i++)
        count += suite->cases[i].outcome == outcome;
    return count;
}

static void
counts(struct buffer *out, size_t tests, size_t failed, size_t broken)
{
    buffer_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\">\n", tests, failed,
                  broken);
}

static void
case_write(struct buffer *out, const char *suite, const struct junit_case *result)
{
    static const char *const elements[] = {
        [JUNIT_FAILED] = "failure", [JUNIT_BROKEN] = "error"};

    buffer_text(out, "    <testcase");
    attribute(out, "classname", suite);
    attribute(out, "name", result->name);
    if (result->outcome == JUNIT_PASSED) {
        buffer_text(out, "/>\n");
        return;
    }
    buffer_printf(out, ">\n      <%s", elements[result->outcome]);
    attribute(out, "message", result->why);
    buffer_text(out, "/>\n    </testcase>\n");
}

static void
suite_write(struct buffer *out, const struct junit_suite *suite)
{
    buffer_text(out, "  <testsuite");
    attribute(out, "name", suite->name);
    counts(out, suite->count, count_of(suite, JUNIT_FAILED), count_of(suite, JUNIT_BROKEN));
    for (size_t i = 0; i < suite->count; i++)
        case_write(out, suite->name, &suite->cases[i]);
    buffer_text(out, "  </testsuite>\n");
}

void
junit_write(struct buffer *out, const struct junit_suite *suites, size_t count)
{
    size_t tests = 0, failed = 0, broken = 0;

    for (size_t i = 0; i < count; i++) {
        tests += suites[i].count;
        failed += count_of(&suites[i], JUNIT_FAILED);
        broken += count_of(&suites[i], JUNIT_BROKEN);
    }
    buffer_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
    counts(out, tests, failed, broken);
    for (size_t i = 0; i < count; i++)
        suite_write(out, &suites[i]);
    buffer_text(out, "</testsuites>\n");
}
