/* junit.c - three elements, nested, and XML's escapes. */
#include "clients/junit.h"

#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* What stands for a byte within quotes; NULL: the byte itself. */
static const char *const escapes[256] = {
    /* clang-format off */
    [0x00] = REPLACEMENT, [0x01] = REPLACEMENT, [0x02] = REPLACEMENT, [0x03] = REPLACEMENT,
    [0x04] = REPLACEMENT, [0x05] = REPLACEMENT, [0x06] = REPLACEMENT, [0x07] = REPLACEMENT,
    [0x08] = REPLACEMENT, ['\t'] = "&#9;",      ['\n'] = "&#10;",     [0x0b] = REPLACEMENT,
    [0x0c] = REPLACEMENT, ['\r'] = "&#13;",     [0x0e] = REPLACEMENT, [0x0f] = REPLACEMENT,
    [0x10] = REPLACEMENT, [0x11] = REPLACEMENT, [0x12] = REPLACEMENT, [0x13] = REPLACEMENT,
    [0x14] = REPLACEMENT, [0x15] = REPLACEMENT, [0x16] = REPLACEMENT, [0x17] = REPLACEMENT,
    [0x18] = REPLACEMENT, [0x19] = REPLACEMENT, [0x1a] = REPLACEMENT, [0x1b] = REPLACEMENT,
    [0x1c] = REPLACEMENT, [0x1d] = REPLACEMENT, [0x1e] = REPLACEMENT, [0x1f] = REPLACEMENT,
    ['"']  = "&quot;",    ['&']  = "&amp;",     ['<']  = "&lt;",      ['>']  = "&gt;",
    /* clang-format on */
};

/* U+FFFE and U+FFFF are characters of UTF-8, and not of XML. */
static bool
is_noncharacter(const char *at)
{
    return strncmp(at, "\xef\xbf\xbe", 3) == 0 || strncmp(at, "\xef\xbf\xbf", 3) == 0;
}

static void
escaped(struct buffer *out, const char *text)
{
    while (*text) {
        const char *escape = escapes[(unsigned char)*text];
        size_t len = 1;

        if (!escape && is_noncharacter(text)) {
            escape = REPLACEMENT;
            len = 3;
        }
        buffer_append(out, escape ? escape : text, escape ? strlen(escape) : 1);
        text += len;
    }
}

static void
attribute(struct buffer *out, const char *name, const char *value)
{
    buffer_printf(out, " %s=\"", name);
    escaped(out, value);
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
