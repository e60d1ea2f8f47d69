/* Whole files, and the ways they cannot be read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/base/file.h"
#include "tests/support/test.h"

struct fixture {
    struct arena arena;
    char path[40];
    int fd;
};

static int
setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    assert_non_null(fixture);
    strcpy(fixture->path, "/tmp/test_file_XXXXXX");
    fixture->fd = mkstemp(fixture->path);
    *state = fixture;
    return fixture->fd < 0;
}

static int
teardown(void **state)
{
    struct fixture *fixture = *state;

    close(fixture->fd);
    unlink(fixture->path);
    arena_release(&fixture->arena);
    free(fixture);
    return 0;
}

static void
a_file_is_read_whole_with_a_nul_behind_it(void **state)
{
    struct fixture *fixture = *state;
    struct error err = {0};
    char *data;
    size_t len;

    assert_int_equal(write(fixture->fd, "one\0two\n", 8), 8);
    assert_int_equal(file_read(&fixture->arena, fixture->path, 8, &data, &len, &err), 0);
    assert_int_equal(len, 8);
    assert_memory_equal(data, "one\0two\n", 9);
}

static void
an_empty_file_is_empty_text(void **state)
{
    struct fixture *fixture = *state;
    struct error err = {0};
    char *data;
    size_t len = 17;

    assert_int_equal(file_read(&fixture->arena, fixture->path, 0, &data, &len, &err), 0);
    assert_int_equal(len, 0);
    assert_string_equal(data, "");
}

static void
a_file_over_the_limit_is_refused_with_both_sizes(void **state)
{
    struct fixture *fixture = *state;
    struct error err = {0};
    char expected[100];
    char *data;
    size_t len;

    assert_int_equal(write(fixture->fd, "12345", 5), 5);
    assert_int_equal(file_read(&fixture->arena, fixture->path, 4, &data, &len, &err), -1);
    snprintf(expected, sizeof(expected), "%s: 5 bytes, at most 4 are read", fixture->path);
    assert_string_equal(err.text, expected);
    assert_int_equal(err.code, ERROR_INVALID);
    assert_null(data);
}

static void
a_missing_file_and_a_folder_are_told_apart(void **state)
{
    struct fixture *fixture = *state;
    struct error err = {0};
    char *data;
    size_t len;

    assert_int_equal(file_read(&fixture->arena, "/nonexistent/x", 9, &data, &len, &err), -1);
    assert_int_equal(err.code, ERROR_NOT_FOUND);
    assert_string_equal(err.text, "/nonexistent/x: No such file or directory");
    assert_int_equal(file_read(&fixture->arena, "/tmp", 9, &data, &len, &err), -1);
    assert_int_equal(err.code, ERROR_INVALID);
    assert_string_equal(err.text, "/tmp: not a regular file");
}

static void
a_pipe_is_refused_and_not_waited_for(void **state)
{
    struct fixture *fixture = *state;
    struct error err = {0};
    char *data;
    size_t len;

    unlink(fixture->path);
    assert_int_equal(mkfifo(fixture->path, 0600), 0);
    alarm(10); /* ends a test that waits */
    assert_int_equal(file_read(&fixture->arena, fixture->path, 9, &data, &len, &err), -1);
    alarm(0);
    assert_int_equal(err.code, ERROR_INVALID);
    assert_non_null(strstr(err.text, "not a regular file"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_is_read_whole_with_a_nul_behind_it, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(an_empty_file_is_empty_text, setup, teardown),
        cmocka_unit_test_setup_teardown(a_file_over_the_limit_is_refused_with_both_sizes, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_missing_file_and_a_folder_are_told_apart, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_pipe_is_refused_and_not_waited_for, setup, teardown),
    };

    return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
