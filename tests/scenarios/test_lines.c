/* Lines as they come: none is lost, none is waited for longer than its newline. */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/lines.h"

/* lines that read from a pipe; *input is its other end. */
static struct lines
lines_of_pipe(int *input)
{
    struct lines lines;
    struct error err = {0};
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(lines_open(&lines, "/dev/null", &err), 0);
    close(lines.fd);
    lines.fd = ends[0];
    *input = ends[1];
    return lines;
}

static void
feed(int input, const char *text, size_t len)
{
    assert_int_equal(write(input, text, len), len);
}

static void
assert_line(struct lines *lines, const char *expected)
{
    struct error err = {0};
    const char *line;
    size_t len;

    assert_int_equal(lines_next(lines, &line, &len, &err), 1);
    assert_int_equal(len, strlen(expected));
    assert_memory_equal(line, expected, len);
}

static void
assert_end(struct lines *lines)
{
    struct error err = {0};
    const char *line;
    size_t len;

    assert_int_equal(lines_next(lines, &line, &len, &err), 0);
    assert_int_equal(lines_next(lines, &line, &len, &err), 0);
}

static void
a_line_is_handed_out_when_its_newline_is_read(void **state)
{
    int input;
    struct lines lines = lines_of_pipe(&input);

    (void)state;
    feed(input, "one\n\ntwo\nthr", 12);
    assert_line(&lines, "one");
    assert_true(lines_ready(&lines));
    assert_line(&lines, "");
    assert_line(&lines, "two");
    assert_false(lines_ready(&lines));
    feed(input, "ee\nfour", 7);
    assert_line(&lines, "three");
    assert_int_equal(lines.line, 4);
    close(input);
    assert_line(&lines, "four");
    assert_end(&lines);
    lines_release(&lines);
}

/* A file of one line of len bytes, and "next" behind it. */
static void
long_line_file(char path[], size_t len)
{
    FILE *file = fdopen(mkstemp(path), "w");

    assert_non_null(file);
    for (size_t i = 0; i < len; i++)
        fputc('a' + (int)(i % 26), file);
    fputs("\nnext\n", file);
    assert_int_equal(fclose(file), 0);
}

static void
a_line_past_the_limit_is_told_and_passed_over(void **state)
{
    static const struct {
        size_t len, told;
    } cases[] = {
        {LINE_BYTES_MAX, LINE_BYTES_MAX},
        {LINE_BYTES_MAX + 1, LINE_BYTES_MAX + 1},
        {LINE_BYTES_MAX + 2, LINE_BYTES_MAX + 1},
        {3 * LINE_BYTES_MAX + 7, LINE_BYTES_MAX + 1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char path[] = "/tmp/yuangate_lines_XXXXXX";
        struct error err = {0};
        struct lines lines;
        const char *line;
        size_t len;

        long_line_file(path, cases[i].len);
        assert_int_equal(lines_open(&lines, path, &err), 0);
        assert_int_equal(lines_next(&lines, &line, &len, &err), 1);
        assert_int_equal(len, cases[i].told);
        assert_line(&lines, "next");
        assert_end(&lines);
        lines_release(&lines);
        unlink(path);
    }
}

static void
a_file_that_is_not_there_or_a_folder_is_named(void **state)
{
    struct error err = {0};
    struct lines lines;
    const char *line;
    size_t len;

    (void)state;
    assert_int_equal(lines_open(&lines, "no/such/file", &err), -1);
    assert_string_equal(err.text, "no/such/file: No such file or directory");
    lines_release(&lines);
    assert_int_equal(lines_open(&lines, "/tmp", &err), 0);
    assert_int_equal(lines_next(&lines, &line, &len, &err), -1);
    assert_string_equal(err.text, "/tmp: Is a directory");
    lines_release(&lines);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_handed_out_when_its_newline_is_read),
        cmocka_unit_test(a_line_past_the_limit_is_told_and_passed_over),
        cmocka_unit_test(a_file_that_is_not_there_or_a_folder_is_named),
    };

    return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}
