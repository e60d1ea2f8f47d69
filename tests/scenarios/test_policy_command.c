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
#define PACKS          FIXTURES "packs/"
#define EVAL_CASES     FIXTURES "eval_cases.jsonl"
#define ANSWER_NESTING 256 /* as deep as eval takes it */
#define ARGUMENTS_SIZE 512
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

    if (json_parse_deep(&arena, line, strlen(line), ANSWER_NESTING, &json, &err) != 0)
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
        {"policy --help", 0, "policy test: write the results as JUnit XML too"},
        {"policy", 2, "policy takes COMMAND"},
        {"policy evaluate", 2, "there is no policy command \"evaluate\" (yuanctl policy --help lists all)"},
        {"policy eval a b", 2, "\"b\" is one argument too many; policy eval takes [FILE]"},
        {"policy eval no/such/file", 2, "no/such/file: No such file or directory"},
        {"policy eval " FIXTURES, 2, "Is a directory"},
        {"policy check", 2, "policy check takes PACK|BOOK..."},
        {"policy check atlantis", 2, "there is no shipped pack or book \"atlantis\""},
        {"policy check --junit x " PACKS "watch.json", 2, "--junit belongs to policy test"},
        {"policy check no/such.json", 2, "no/such.json: No such file or directory"},
        {"policy test --packs x " PACKS "watch.json", 2, "--packs belongs to policy check, policy diff, policy matrix"},
        {"policy test", 2, "policy test takes PACK..."},
        {"policy test atlantis", 2, "there is no shipped pack \"atlantis\""},
        {"policy test no/such.json", 2, "no/such.json: "},
        {"policy test " PACKS "watch.json --junit no/such/folder/j.xml", 2, "--junit no/such/folder/j.xml: No such file or directory"},
        {"policy diff a", 2, "policy diff takes PACK PACK|BOOK BOOK"},
        {"policy diff " PACKS "watch.json " PACKS "watch.json", 2, "policy diff needs --scenario FILE"},
        {"policy diff " PACKS "watch.json " PACKS "watch-broken.json --scenario " FIXTURES "watched.json", 2, "watch-broken.json:15:46: rules/WAT-01/when: params.limt: no such key; the nearest is limit"},
        {"policy diff " PACKS "watch.json " PACKS "watch.json --scenario " FIXTURES "unknown_member.json", 2, "step 1, /steps/0/expects: no member of this name"},
        {"policy diff " PACKS "watch.json " PACKS "watch.json --scenario " FIXTURES "unknown_book.json", 2, "no book \"atlantis-2024\" is shipped"},
        {"policy explain " PACKS "watch.json", 2, "policy explain takes PACK PAYMENT"},
        {"policy explain " PACKS "watch-broken.json clients/examples/kit-payment.json", 2, "watch-broken.json:15:46: "},
        {"policy explain " PACKS "watch.json " FIXTURES "watched.json", 2, "watched.json: "},
        {"policy explain " PACKS "watch.json clients/examples/kit-payment.json --rule WAT-1", 2, "watch@1.0.0 has no rule \"WAT-1\"; the nearest is WAT-01"},
        {"policy explain " PACKS "watch.json clients/examples/kit-payment.json --now soon", 2, "--now: expected a time such as 2024-04-15T09:00:00+08:00; found \"soon\""},
        {"policy explain " PACKS "watch.json clients/examples/kit-payment.json --bank-class small", 2, "--bank-class: expected one of the classes state_big, "},
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

/* A build folder within another, whose objects lie in folders of the same names. */
static void
the_shipped_files_are_told_from_folders_of_objects(void **state)
{
    char folder[] = "/tmp/yuangate_tree_XXXXXX", output[YUANCTL_OUTPUT_SIZE];
    const char *command;
    int status;

    (void)state;
    assert_non_null(mkdtemp(folder));
    command = arena_printf(&arena,
                           "mkdir -p %s/build/san %s/build/policy/goods && "
                           "ln -s \"$PWD/policy\" %s/policy && cp %s/yuanctl %s/build/san",
                           folder, folder, folder, gateway_build(), folder);
    assert_int_equal(system(command), 0);
    status =
        yuanctl(arena_printf(&arena, "--version; %s/build/san/yuanctl policy test kit-blockade",
                             folder),
                output);
    assert_int_equal(system(arena_printf(&arena, "rm -r %s", folder)), 0);
    if (status != 0)
        fail_msg("%s", output);
}

/* --- check ------------------------------------------------------------------------------- */

/* The pack "watch" with one piece of its text replaced, in a file of its own. */
static const char *
variant(const char *old, const char *new)
{
    char *path = arena_copy(&arena, "/tmp/yuangate_pack_XXXXXX.json", 30), *text, *at;
    struct error err = {0};
    FILE *file;
    size_t len;

    assert_int_equal(file_read(&arena, PACKS "watch.json", FILE_BYTES_MAX, &text, &len, &err),
                     0);
    at = strstr(text, old);
    assert_non_null(at);
    file = fdopen(mkstemps(path, strlen(".json")), "w");
    assert_non_null(file);
    fprintf(file, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
    assert_int_equal(fclose(file), 0);
    return path;
}

static void
what_is_wrong_with_a_pack_is_named_with_its_line(void **state)
{
    static const struct {
        const char *old, *new;
        int status;
        const char *says; /* behind the file's name */
    } cases[] = {
        /* clang-format off */
        {"watch", "watch", 0, ":22:15: warning: WAT-03: no test makes it fire\n"},
        {"watch", "watch", 0, ": warning: no sources are named\n"},
        {"\"NARR\", \"text\": \"a large", "\"LEGL\", \"text\": \"a large", 1, ":15:15: error: rules/WAT-01/then/reason/code: expected a reason of the message that hold sends; found \"LEGL\"\n"},
        {"bank.class == 'foreign'", "bank.class == 'foreign' && bank.class == 'none'", 0, ":22:15: warning: WAT-03: is never true: "},
        {"bank.class == 'foreign'", "bank.class.foreign", 1, ":22:27: error: rules/WAT-03/when: .foreign: string has no fields\n"},
        {"\"rules\": [\"WAT-01\"]", "\"rules\": []", 1, ":26:5: error: test \"a large one\": expected hold by no rule; got hold by WAT-01\n"},
        {"\"version\"", "\"vresion\"", 1, ":1:20: error: vresion: no such member; the nearest is version\n"},
        {"{ \"pack\"", "[ \"pack\"", 1, ": error: "},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *path = variant(cases[i].old, cases[i].new);
        char output[YUANCTL_OUTPUT_SIZE];
        int status = yuanctl(arena_printf(&arena, "policy check %s", path), output);

        unlink(path);
        assert_has(output, cases[i].says);
        assert_int_equal(strncmp(output, path, strlen(path)), 0);
        if (status != cases[i].status)
            fail_msg("status %d, expected %d:\n%s", status, cases[i].status, output);
    }
}

static void
warnings_are_errors_where_that_is_asked_for(void **state)
{
    char output[YUANCTL_OUTPUT_SIZE];
    cJSON *line;

    (void)state;
    assert_int_equal(yuanctl("policy check " PACKS "watch.json", output), 0);
    assert_has(output, "1 pack: 0 errors, 5 warnings, 0 notes\n");
    assert_int_equal(yuanctl("policy check --strict " PACKS "watch.json", output), 1);
    if (yuanctl("policy check --strict policy/packs/*.json", output) != 0)
        fail_msg("%s", output);
    assert_int_equal(yuanctl("--json policy check " PACKS "watch-broken.json", output), 1);
    line = parsed(line_of(output, 0));
    assert_string_equal(answer_text(line, "file"), PACKS "watch-broken.json");
    assert_int_equal(answer_at(line, "line")->valueint, 15);
    assert_int_equal(answer_at(line, "column")->valueint, 46);
    assert_string_equal(answer_text(line, "severity"), "error");
    assert_string_equal(answer_text(line, "sentence"),
                        "rules/WAT-01/when: params.limt: no such key; the nearest is limit");
    assert_null(line_of(output, 1));
}

#define ODD_BOOK  FIXTURES "matrix/odd.json"
#define ODD_PACKS " --packs " FIXTURES "matrix/packs "

static void
a_book_is_checked_as_a_whole(void **state)
{
    char output[YUANCTL_OUTPUT_SIZE];
    const cJSON *line;

    (void)state;
    assert_int_equal(yuanctl("policy check " ODD_BOOK ODD_PACKS, output), 0);
    assert_string_equal(
        output,
        ODD_BOOK
        ":10:19: warning: names nothing for foreign banks; the regime of 2024-01-20 has "
        "stern, and nothing carries over (an empty list says that it is meant)\n" //
        FIXTURES "matrix/packs/stern.json:4:15: note: STN-01: decides nothing at BBBBCNBS from "
        "2024-03-20 on: whenever it holds, WAL-01 of wall holds too and rejects\n" FIXTURES
        "matrix/packs/mild.json:5:15: note: MLD-01: decides nothing at BBBBCNBS from "
        "2024-03-20 on: whenever it holds, WAL-01 of wall holds too and rejects\n"
        "1 book: 0 errors, 1 warning, 2 notes\n");
    assert_int_equal(yuanctl("policy check --strict " ODD_BOOK ODD_PACKS, output), 1);
    assert_int_equal(yuanctl("--json policy check " ODD_BOOK ODD_PACKS, output), 0);
    line = parsed(line_of(output, 1));
    assert_string_equal(answer_text(line, "file"), FIXTURES "matrix/packs/stern.json");
    assert_int_equal(answer_at(line, "line")->valueint, 4);
    assert_int_equal(answer_at(line, "column")->valueint, 15);
    assert_string_equal(answer_text(line, "severity"), "note");
    assert_string_equal(answer_text(line, "rule"), "STN-01");
    assert_null(line_of(output, 3));
}

static void
a_book_that_does_not_load_fails_its_check(void **state)
{
    char output[YUANCTL_OUTPUT_SIZE];

    (void)state; /* its packs are not among the shipped ones */
    assert_int_equal(yuanctl("policy check " ODD_BOOK " " PACKS "watch.json", output), 1);
    assert_has(output, ODD_BOOK ":7:");
    assert_has(output, ": error: there is no such pack: ");
    assert_has(output, "1 pack, 1 book: 3 errors, ");
}

static void
the_shipped_book_passes_strictly(void **state)
{
    char output[YUANCTL_OUTPUT_SIZE];

    (void)state;
    if (yuanctl("policy check --strict china-2024", output) != 0)
        fail_msg("%s", output);
    assert_has(output, "\n1 book: 0 errors, 0 warnings, ");
}

/* --- test -------------------------------------------------------------------------------- */

static void
tests_pass_or_say_what_was_expected_and_what_came(void **state)
{
    static const struct {
        const char *pack;
        int status;
        const char *output;
    } cases[] = {
        {"watch", 0,
         "watch@1.0.0: two rules, and one that is never reached\n"
         "  ok      a chip and a screen\n"
         "  ok      a large one\n"
         "  2 of 3 rules fired; never: WAT-03\n"
         "  2 of 2 tests passed\n"},
        {"watch-failing", 1,
         "watch-failing@1.0.0: two rules, and one that is never reached\n"
         "  ok      a chip and a screen\n"
         "  FAILED  a large one\n"
         "          " PACKS "watch-failing.json:26: expected reject by WAT-02; got hold by "
         "WAT-01\n"
         "  FAILED  <no payment> & \"none\"\n"
         "          " PACKS "watch-failing.json:28: payment/amount/value: must be a decimal "
         "number in a string such as \"1250000.00\"\n"
         "  2 of 3 rules fired; never: WAT-03\n"
         "  1 of 3 tests passed\n"},
        {"watch-broken", 1,
         PACKS "watch-broken.json:15:46: rules/WAT-01/when: params.limt: no such key; the "
               "nearest is limit\n"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char arguments[ARGUMENTS_SIZE], output[YUANCTL_OUTPUT_SIZE];
        int status;

        snprintf(arguments, sizeof(arguments), "policy test " PACKS "%s.json", cases[i].pack);
        status = yuanctl(arguments, output);
        assert_string_equal(output, cases[i].output);
        assert_int_equal(status, cases[i].status);
    }
}

static void
every_shipped_pack_passes_and_each_of_its_rules_fires(void **state)
{
    char output[YUANCTL_OUTPUT_SIZE];
    int count = 0;

    (void)state;
    if (yuanctl("--json policy test policy/packs/*.json", output) != 0)
        fail_msg("%s", output);
    for (char *line; (line = line_of(output, count)); count++)
        if (answer_at(parsed(line), "never"))
            assert_int_equal(cJSON_GetArraySize(answer_at(parsed(line), "never")), 0);
    assert_true(count > 100);
    assert_int_equal(yuanctl("policy test kit-blockade", output), 0);
    assert_has(output, "kit-blockade@");
}

static void
json_tells_each_test_and_each_pack(void **state)
{
    char output[YUANCTL_OUTPUT_SIZE];
    cJSON *line;

    (void)state;
    assert_int_equal(yuanctl("policy test --json " PACKS "watch-failing.json " PACKS
                             "watch-broken.json",
                             output),
                     1);
    line = parsed(line_of(output, 0));
    assert_string_equal(answer_text(line, "test"), "a chip and a screen");
    assert_true(cJSON_IsTrue(answer_at(line, "passed")));
    line = parsed(line_of(output, 1));
    assert_true(cJSON_IsFalse(answer_at(line, "passed")));
    assert_string_equal(answer_text(line, "expected/action"), "reject");
    assert_string_equal(answer_at(line, "expected/rules")->child->valuestring, "WAT-02");
    assert_string_equal(answer_text(line, "got/action"), "hold");
    assert_string_equal(answer_at(line, "got/rules")->child->valuestring, "WAT-01");
    assert_int_equal(answer_at(line, "line")->valueint, 26);
    line = parsed(line_of(output, 3));
    assert_int_equal(answer_at(line, "tests")->valueint, 3);
    assert_int_equal(answer_at(line, "failed")->valueint, 2);
    assert_int_equal(answer_at(line, "fired")->valueint, 2);
    assert_string_equal(answer_at(line, "never")->child->valuestring, "WAT-03");
    line = parsed(line_of(output, 4));
    assert_has(answer_text(line, "error"), "watch-broken.json:15:46: ");
    assert_null(line_of(output, 5));
}

static void
junit_counts_what_failed_and_what_could_not_be_read(void **state)
{
    char path[] = "/tmp/yuangate_junit_XXXXXX", output[YUANCTL_OUTPUT_SIZE], *xml;
    char arguments[ARGUMENTS_SIZE];
    struct error err = {0};
    size_t len;

    (void)state;
    close(mkstemp(path));
    snprintf(arguments, sizeof(arguments),
             "policy test --junit %s " PACKS "watch-failing.json " PACKS "watch-broken.json",
             path);
    assert_int_equal(yuanctl(arguments, output), 1);
    assert_has(output, "2 packs: 1 of 3 tests passed, 1 could not be read");
    assert_int_equal(file_read(&arena, path, FILE_BYTES_MAX, &xml, &len, &err), 0);
    unlink(path);
    assert_has(xml, "<testsuites tests=\"4\" failures=\"2\" errors=\"1\">");
    assert_has(xml, "<failure message=\"expected reject by WAT-02; got hold by WAT-01\"/>");
    assert_has(xml, "name=\"&lt;no payment&gt; &amp; &quot;none&quot;\"");
    assert_has(xml, "name=\"the pack is read\">\n      <error message=\"" PACKS
                    "watch-broken.json:15:46: ");
}

/* --- diff -------------------------------------------------------------------------------- */

static void
payments_that_two_packs_judge_differently_are_listed(void **state)
{
    char output[YUANCTL_OUTPUT_SIZE];
    cJSON *line;

    (void)state;
    assert_int_equal(yuanctl("policy diff " PACKS "watch.json " PACKS
                             "watch-strict.json --scenario " FIXTURES "watched.json",
                             output),
                     1);
    assert_string_equal(output, "watched: A watch@1.0.0, B watch-strict@2.0.0\n\n"
                                "  2  a small payment for toys\n"
                                "     A  abstain\n"
                                "     B  hold WAT-01\n\n"
                                "1 of 3 payments judged otherwise\n"
                                "     1  abstain -> hold\n"
                                "1 left out: no payment that a gateway takes\n");
    assert_int_equal(yuanctl("--json policy diff " PACKS "watch.json " PACKS
                             "watch-strict.json --scenario " FIXTURES "watched.json",
                             output),
                     1);
    line = parsed(line_of(output, 0));
    assert_int_equal(answer_at(line, "step")->valueint, 2);
    assert_true(cJSON_IsNull(answer_at(line, "a/outcome")));
    assert_string_equal(answer_text(line, "b/outcome"), "held");
    assert_string_equal(answer_at(line, "b/rules")->child->valuestring, "WAT-01");
    line = parsed(line_of(output, 1));
    assert_int_equal(answer_at(line, "payments")->valueint, 3);
    assert_int_equal(answer_at(line, "changed")->valueint, 1);
    assert_int_equal(answer_at(line, "skipped")->valueint, 1);
}

static void
packs_are_asked_at_the_time_and_the_bank_of_the_scenario(void **state)
{
    const char *path = variant("payment.amount.minor > params.limit",
                               "bank.class == 'joint_stock' && "
                               "now == timestamp('2024-04-18T09:00:00+08:00')");
    char output[YUANCTL_OUTPUT_SIZE];
    int status = yuanctl(arena_printf(&arena,
                                      "policy diff " PACKS "watch.json %s --scenario " FIXTURES
                                      "watched.json",
                                      path),
                         output);

    (void)state;
    unlink(path);
    assert_int_equal(status, 1);
    assert_has(output,
               "\n  1  a large payment for toys\n     A  hold WAT-01\n     B  abstain\n");
    assert_has(output, "\n1 of 3 payments judged otherwise\n     1  hold -> abstain\n");
}

static void
a_pack_against_itself_changes_nothing(void **state)
{
    char output[YUANCTL_OUTPUT_SIZE];

    (void)state;
    assert_int_equal(
        yuanctl("policy diff kit-blockade policy/packs/kit-blockade.json --scenario "
                "clients/scenarios/april-kits.json",
                output),
        0);
    assert_has(output, "\n0 of 8 payments judged otherwise\n");
}

/* --- explain ----------------------------------------------------------------------------- */

static void
a_rule_is_taken_apart_down_to_the_fields(void **state)
{
    char output[YUANCTL_OUTPUT_SIZE];

    (void)state;
    assert_int_equal(yuanctl("policy explain " PACKS "watch.json " PACKS
                             "chip-and-screen.payment --bank-class foreign",
                             output),
                     0);
    assert_string_equal(
        output,
        "WAT-01  not fired  more than the limit (hold NARR)\n"
        "  payment.amount.minor > params.limit  ->  false\n"
        "    payment.amount.minor  ->  50000\n"
        "    params.limit  ->  100000\n"
        "\n"
        "WAT-02  fired  two words of a list in one payment (reject RR04)\n"
        "  goods.filter(g, params.words.exists(w, g.description == w)).size() >= 2  ->  true\n"
        "    goods.filter(g, params.words.exists(w, g.description == w)).size()  ->  2\n"
        "      goods.filter(g, params.words.exists(w, g.description == w))  ->  [goods line, "
        "goods line]\n"
        "        goods  ->  [goods line, goods line]\n"
        "        g = goods line {hs_code: '854231', description: 'chip'}  ->  true\n"
        "          params.words  ->  ['chip', 'screen']\n"
        "          w = 'chip'  ->  true\n"
        "            g.description  ->  'chip'\n"
        "          w = 'screen'  ->  false  (not needed)\n"
        "            g.description  ->  'chip'  (not needed)\n"
        "        g = goods line {hs_code: '852491', description: 'screen'}  ->  true\n"
        "          params.words  ->  ['chip', 'screen']\n"
        "          w = 'chip'  ->  false\n"
        "            g.description  ->  'screen'\n"
        "          w = 'screen'  ->  true\n"
        "            g.description  ->  'screen'\n"
        "  score  ->  0.5\n"
        "\n"
        "WAT-03  FAILED  at a foreign bank (hold NARR)\n"
        "  bank.class == 'foreign' && 1 / (goods.size() - 2) > 0  ->  error: division by "
        "zero\n"
        "    bank.class == 'foreign'  ->  true\n"
        "      bank.class  ->  'foreign'\n"
        "    1 / (goods.size() - 2) > 0  ->  error: division by zero\n"
        "      1 / (goods.size() - 2)  ->  error: division by zero\n"
        "        goods.size() - 2  ->  0\n"
        "          goods.size()  ->  2\n"
        "            goods  ->  [goods line, goods line]\n"
        "\n");
}

static void
what_was_not_needed_is_marked(void **state)
{
    char output[YUANCTL_OUTPUT_SIZE];

    (void)state;
    assert_int_equal(yuanctl("policy explain " PACKS "watch.json clients/examples/"
                             "kit-payment.json --rule WAT-03",
                             output),
                     0);
    assert_has(output, "WAT-03  not fired");
    assert_has(output, "\n    bank.class == 'foreign'  ->  false\n"
                       "      bank.class  ->  'joint_stock'\n"
                       "    1 / (goods.size() - 2) > 0  ->  true  (not needed)\n"
                       "      1 / (goods.size() - 2)  ->  1  (not needed)\n");
}

static void
now_is_the_payments_own_time_unless_another_is_given(void **state)
{
    const char *path = variant("payment.amount.minor > params.limit",
                               "now == timestamp('2024-04-17T09:30:00+08:00')");
    char output[YUANCTL_OUTPUT_SIZE];

    (void)state;
    yuanctl(arena_printf(&arena, "policy explain %s " PACKS "chip-and-screen.payment", path),
            output);
    assert_has(output, "WAT-01  fired");
    yuanctl(arena_printf(&arena,
                         "policy explain --now 2024-04-18 %s " PACKS "chip-and-screen.payment",
                         path),
            output);
    unlink(path);
    assert_has(output, "WAT-01  not fired");
    assert_has(output, "\n    now  ->  timestamp('2024-04-17T16:00:00Z')\n");
}

/* The draws of WAT-01 for this payment under seed 1: 0.293, 0.295, 0.732. */
static void
each_call_of_chance_shows_its_own_luck(void **state)
{
    const char *path = variant("payment.amount.minor > params.limit",
                               "chance(0.1) || params.limit > 0 && chance(0.5) || chance(0.5)");
    char output[YUANCTL_OUTPUT_SIZE];
    int status = yuanctl(
        arena_printf(&arena, "policy explain %s " PACKS "chip-and-screen.payment --rule WAT-01",
                     path),
        output);

    (void)state;
    unlink(path);
    assert_int_equal(status, 0);
    assert_has(output, "\n    chance(0.1)  ->  false\n");
    assert_has(output, "\n      chance(0.5)  ->  true\n");
    assert_has(output, "\n    chance(0.5)  ->  false  (not needed)\n");
}

static void
json_has_the_same_tree(void **state)
{
    char output[YUANCTL_OUTPUT_SIZE];
    const cJSON *line, *part;

    (void)state;
    assert_int_equal(yuanctl("--json policy explain " PACKS "watch.json " PACKS
                             "chip-and-screen.payment --bank-class foreign",
                             output),
                     0);
    line = parsed(line_of(output, 1));
    assert_string_equal(answer_text(line, "rule"), "WAT-02");
    assert_true(cJSON_IsTrue(answer_at(line, "fired")));
    assert_true(answer_at(line, "score/value")->valuedouble == 0.5);
    part = answer_at(line, "condition/parts")->child; /* ....size() */
    assert_string_equal(answer_text(part, "value"), "2");
    part = answer_at(part, "parts")->child; /* goods.filter() */
    part = answer_at(part, "parts")->child->next->next;
    assert_string_equal(answer_text(part, "variable"), "g");
    assert_int_equal(answer_at(part, "index")->valueint, 1);
    assert_string_equal(answer_text(part, "element/type"), "goods line");
    part = answer_at(part, "parts")->child->next;
    assert_string_equal(answer_text(part, "element/value"), "chip");
    assert_true(cJSON_IsFalse(answer_at(part, "value")));
    line = parsed(line_of(output, 2));
    assert_true(cJSON_IsNull(answer_at(line, "fired")));
    assert_string_equal(answer_text(line, "condition/error"), "division by zero");
}

/* What a rule on hits does is seen on the list that ships, on another, or on none. */
static void
explaining_screens_the_payment(void **state)
{
    static const struct {
        const char *list, *says;
    } cases[] = {
        {"", "LST-02  fired"},
        {" --list x=policy/lists/fictional/entities", "'fiction-9012'"},
        {" --list none", "LST-02  not fired"},
    };
    char output[YUANCTL_OUTPUT_SIZE];

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(yuanctl(arena_printf(&arena,
                                              "policy explain listed-party " FIXTURES
                                              "listed-payment.json --rule LST-02%s",
                                              cases[i].list),
                                 output),
                         0);
        assert_has(output, cases[i].says);
    }
    assert_int_equal(yuanctl("policy explain listed-party " FIXTURES
                             "listed-payment.json --list x=nowhere",
                             output),
                     2);
    assert_has(output, "list x: nowhere: No such file or directory");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_expression_gets_its_value_or_its_fault),
        cmocka_unit_test(a_bad_line_is_answered_and_does_not_end_the_run),
        cmocka_unit_test(the_answer_comes_before_the_next_line_is_sent),
        cmocka_unit_test(what_is_asked_is_answered_with_its_status_and_its_words),
        cmocka_unit_test(the_shipped_files_are_told_from_folders_of_objects),
        cmocka_unit_test(what_is_wrong_with_a_pack_is_named_with_its_line),
        cmocka_unit_test(warnings_are_errors_where_that_is_asked_for),
        cmocka_unit_test(a_book_is_checked_as_a_whole),
        cmocka_unit_test(a_book_that_does_not_load_fails_its_check),
        cmocka_unit_test(the_shipped_book_passes_strictly),
        cmocka_unit_test(tests_pass_or_say_what_was_expected_and_what_came),
        cmocka_unit_test(every_shipped_pack_passes_and_each_of_its_rules_fires),
        cmocka_unit_test(json_tells_each_test_and_each_pack),
        cmocka_unit_test(junit_counts_what_failed_and_what_could_not_be_read),
        cmocka_unit_test(payments_that_two_packs_judge_differently_are_listed),
        cmocka_unit_test(packs_are_asked_at_the_time_and_the_bank_of_the_scenario),
        cmocka_unit_test(a_pack_against_itself_changes_nothing),
        cmocka_unit_test(a_rule_is_taken_apart_down_to_the_fields),
        cmocka_unit_test(what_was_not_needed_is_marked),
        cmocka_unit_test(now_is_the_payments_own_time_unless_another_is_given),
        cmocka_unit_test(each_call_of_chance_shows_its_own_luck),
        cmocka_unit_test(json_has_the_same_tree),
        cmocka_unit_test(explaining_screens_the_payment),
    };

    return cmocka_run_group_tests_name("yuanctl policy", tests, NULL, tear_down);
}
