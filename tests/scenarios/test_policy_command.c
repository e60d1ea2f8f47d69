/* yuanctl policy, the built program: packs of our own and the shipped ones, good and bad input. */
#include "tests/support/test.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clients/answer.h"
#include "gateway/base/file.h"
#include "gateway/base/json.h"
#include "tests/support/gateway.h"
#include "tests/support/yuanctl.h"

#define FIXTURES       "tests/scenarios/fixtures/"
#define EVAL_CASES     FIXTURES "eval_cases.jsonl"
#define FILE_BYTES_MAX 65536
#define WAIT_MS        10000

static struct arena arena;

static int
tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static cJSON *
parsed(const char *line)
{
    struct error err = {0};
    cJSON *json;

    if (json_parse(&arena, line, strlen(line), &json, &err) != 0)
        fail_msg("%s: %s", err.text, line);
    return json;
}

static const char *
printed(const cJSON *json)
{
    char *text = cJSON_PrintUnformatted(json);
    char *copy = arena_copy(&arena, text, strlen(text));

    cJSON_free(text);
    return copy;
}

/* The n-th line, from 0; NULL past the last one. */
static char *
line_of(char *text, int n)
{
    while (n-- > 0 && *text) {
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    return *text ? arena_copy(&arena, text, strcspn(text, "\n")) : NULL;
}

/* --- eval -------------------------------------------------------------------------------- */

/* Each line of the fixture holds its own answer: "expect", or what "error" has to say. */
static void
assert_answer(const cJSON *asked, const cJSON *answer)
{
    const cJSON *expected = answer_at(asked, "expect"), *id = answer_at(asked, "id");

    if (id ? !cJSON_Compare(id, answer_at(answer, "id"), 1)
           : !cJSON_IsNull(answer_at(answer, "id")))
        fail_msg("another id: %s", printed(answer));
    if (!expected) {
        assert_has(answer_text(answer, "error"), answer_text(asked, "error"));
        return;
    }
    if (!cJSON_Compare(answer_at(expected, "type"), answer_at(answer, "type"), 1) ||
        !cJSON_Compare(answer_at(expected, "value"), answer_at(answer, "value"), 1))
        fail_msg("expected %s, found %s", printed(expected), printed(answer));
}

static void
every_expression_gets_its_value_or_its_fault(void **state)
{
    char output[YUANCTL_OUTPUT_SIZE], *cases, *line, *answer;
    struct error err = {0};
    size_t len;
    int count = 0;

    (void)state;
    assert_int_equal(file_read(&arena, EVAL_CASES, FILE_BYTES_MAX, &cases, &len, &err), 0);
    assert_int_equal(yuanctl("policy eval " EVAL_CASES, output), 0);
    while ((line = line_of(cases, count)) && (answer = line_of(output, count))) {
        assert_answer(parsed(line), parsed(answer));
        count++;
    }
    assert_null(line);
    assert_null(line_of(output, count));
    assert_true(count >= 30);
}

static void
a_bad_line_is_answered_and_does_not_end_the_run(void **state)
{
    static const char *const answers[] = {
        "{\"id\":null,\"error\":\"line 1: not JSON: line 1, column 1: expected a value; words "
        "are true, false and null, in lower case\"}",
        "{\"id\":null,\"error\":\"line 3: /: expected an object; found an array of 0\"}",
        "{\"id\":null,\"error\":\"line 4: not JSON: line 1, column 8: a string begins here and "
        "is not closed\"}",
        "{\"id\":\"5\",\"type\":\"int\",\"value\":\"2\"}",
    };
    char output[YUANCTL_OUTPUT_SIZE];

    (void)state;
    assert_int_equal(yuanctl("policy eval <" FIXTURES "eval_bad_lines", output), 0);
    for (size_t i = 0; i < COUNT(answers); i++)
        assert_string_equal(line_of(output, (int)i), answers[i]);
    assert_null(line_of(output, COUNT(answers)));
}

/* yuanctl with both its ends in our hands. */
static pid_t
eval_start(int *to, int *from)
{
    int in[2], out[2];
    pid_t pid;

    assert_int_equal(pipe2(in, O_CLOEXEC), 0);
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    pid = fork();
    if (pid == 0) {
        const char *program = arena_printf(&arena, "%s/yuanctl", gateway_build());

        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        execl(program, "yuanctl", "policy", "eval", (char *)NULL);
        _exit(127);
    }
    assert_true(pid > 0);
    close(in[0]);
    close(out[1]);
    *to = in[1];
    *from = out[0];
    return pid;
}

static void
the_answer_comes_before_the_next_line_is_sent(void **state)
{
    static const char question[] = "{\"id\":1,\"expr\":\"1 + 1\"}\n";
    int to, from, status;
    pid_t pid = eval_start(&to, &from);

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct pollfd answer = {.fd = from, .events = POLLIN};
        char text[200];
        ssize_t got;

        assert_int_equal(write(to, question, sizeof(question) - 1), sizeof(question) - 1);
        assert_int_equal(poll(&answer, 1, WAIT_MS), 1);
        got = read(from, text, sizeof(text) - 1);
        assert_true(got > 0);
        text[got] = '\0';
        assert_string_equal(text, "{\"id\":1,\"type\":\"int\",\"value\":\"2\"}\n");
    }
    close(to);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    close(from);
}

/* --- words and statuses ------------------------------------------------------------------ */

static void
what_is_asked_is_answered_with_its_status_and_its_words(void **state)
{
    static const struct {
        const char *arguments;
        int status;
        const char *says;
    } cases[] = {
        /* clang-format off */
        {"policy --help", 0, "eval     [FILE]"},
        {"policy", 2, "policy takes COMMAND"},
        {"policy evaluate", 2, "there is no policy command \"evaluate\" (yuanctl policy --help lists all)"},
        {"policy eval a b", 2, "\"b\" is one argument too many; policy eval takes [FILE]"},
        {"policy eval no/such/file", 2, "no/such/file: No such file or directory"},
        {"policy eval " FIXTURES, 2, "Is a directory"},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char output[YUANCTL_OUTPUT_SIZE];
        int status = yuanctl(cases[i].arguments, output);

        assert_has(output, cases[i].says);
        if (status != cases[i].status)
            fail_msg("%s: status %d, expected %d", cases[i].arguments, status, cases[i].status);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_expression_gets_its_value_or_its_fault),
        cmocka_unit_test(a_bad_line_is_answered_and_does_not_end_the_run),
        cmocka_unit_test(the_answer_comes_before_the_next_line_is_sent),
        cmocka_unit_test(what_is_asked_is_answered_with_its_status_and_its_words),
    };

    return cmocka_run_group_tests_name("yuanctl policy", tests, NULL, tear_down);
}
