/*
 * yuanctl rollout, the built program against the built gateway: the life of a version, what
 * is on the screen of it, and what is said where a command cannot be done.
 */
#include "tests/support/test.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/rollout_bank.h"
#include "tests/support/yuanctl.h"

#define ZEROS  "0000000000000000000000000000000000000000000000000000000000000000"
#define NOBODY "http://127.0.0.1:1" /* no gateway may listen there */

static struct rollout_bank bank;
static char output[YUANCTL_OUTPUT_SIZE];

static int
set_up(void **state)
{
    (void)state;
    if (rollout_bank_make(&bank) != 0)
        return -1;
    rollout_bank_start(&bank, NULL);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    rollout_bank_remove(&bank);
    return 0;
}

#define format(...) arena_printf(&bank.arena, __VA_ARGS__)
#define pack(n)     rollout_bank_pack(&bank, n, "reject")
#define version()   rollout_bank_version(&bank)

/* A file outside of what the gateway reads. */
static const char *
file(const char *name, const char *text)
{
    const char *path = format("%s/%s.put", bank.folder, name);

    rollout_bank_write(path, text);
    return path;
}

/* `yuanctl --server … words`, which must end with the status; its output. */
static const char *
run(int status, const char *words)
{
    const char *line = format("--server http://%s %s", bank.gateway.address, words);
    int ended = yuanctl(line, output);

    if (ended != status)
        fail_msg("%s ended with %d:\n%s", words, ended, output);
    return arena_copy(&bank.arena, output, strlen(output));
}

static const char *
put(const char *text)
{
    return run(0, format("rollout put %s", file("one", text)));
}

/* What follows the label, up to the end of its line; label's n-th appearance, from 0. */
static const char *
after(const char *text, const char *label, int n)
{
    const char *at = strstr(text, label);

    while (at && n-- > 0)
        at = strstr(at + 1, label);
    if (!at)
        fail_msg("no \"%s\" in:\n%s", label, text);
    at += strlen(label);
    return arena_copy(&bank.arena, at, strcspn(at, "\n"));
}

/* The first digits of the text's digest, as a list shows them. */
static const char *
digits(const char *digest)
{
    return arena_copy(&bank.arena, digest + strlen("sha256:"), 12);
}

static const char *
digest_in_force(void)
{
    const char *shown = rollout_bank_ask(&bank, "GET", "/v1/policies/mine", NULL, 200);

    return rollout_bank_member(&bank, shown, "digest");
}

/* -- one version -- */

static void
a_version_goes_from_put_to_rollback(void **state)
{
    const char *old = digits(digest_in_force()), *told, *new;

    (void)state;
    assert_string_equal(run(0, "rollout list"), format("mine  in force %s, from file\n", old));
    told = put(pack(2));
    new = arena_copy(&bank.arena, strstr(told, "candidate ") + strlen("candidate "), 12);
    assert_string_equal(
        told, format("mine  in force %s, from file  candidate %s unchecked\n", old, new));
    told = run(0, "rollout check mine");
    assert_has(told, "mine.json:1:");
    assert_has(told, ": warning: V-2: ");
    assert_has(told, format("mine %s checked\n", new));
    assert_has(run(0, "rollout shadow mine"), format("mine %s in shadow since ", new));
    assert_has(run(0, "rollout list"), format("candidate %s checked  shadow %s\n", new, new));
    assert_has(run(0, "rollout unshadow mine"), "0 payments and 0 evaluations judged twice");
    assert_int_equal(version(), 1);
    assert_has(run(0, "rollout activate mine"),
               format("mine  in force %s, from activation  candidate %s", new, new));
    assert_int_equal(version(), 2);
    assert_has(run(0, "rollout rollback mine"), format("mine  in force %s, from file", old));
    assert_int_equal(version(), 1);
}

static void
another_version_than_the_candidate_is_named_by_its_digest(void **state)
{
    const char *second;

    (void)state;
    put(pack(2));
    second = after(run(0, "rollout history mine"), "  version   ", 0);
    put(pack(3));
    run(0, format("rollout check mine --digest %s", second));
    run(1, "rollout activate mine"); /* the candidate was not checked */
    run(0, format("rollout activate mine --digest %s", second));
    assert_int_equal(version(), 2);
    assert_string_equal(run(0, "rollout text mine"), pack(2));
    assert_string_equal(run(0, format("rollout text mine --digest=%s", second)), pack(2));
}

static void
history_tells_whole_digests_newest_first(void **state)
{
    const char *told, *digest, *last;

    (void)state;
    rollout_bank_activate(&bank, 2);
    digest = digest_in_force();
    told = run(0, "rollout history mine");
    assert_has(after(told, ":", 1), "+08:00  activate");
    assert_string_equal(after(told, "  version   ", 0), digest);
    assert_int_equal(strlen(after(told, "  snapshot  sha256:", 0)), strlen(ZEROS));
    assert_has(told, "  check passed\n  version   sha256:");
    assert_true(strstr(told, "  activate\n") < strstr(told, "  check passed\n"));
    assert_true(strstr(told, "  check passed\n") < strstr(told, "  put\n"));
    told = run(0, "rollout history mine --limit 1");
    assert_null(strstr(told, "check passed"));
    last = after(told, "more: --cursor ", 0);
    told = run(0, format("rollout history mine --limit 1 --cursor %s", last));
    assert_has(told, "  check passed\n");
    assert_null(strstr(told, "  activate\n"));
}

/* -- what a check says -- */

static const char broken[] = "{\"pack\":\"mine\",\"version\":\"1\",\"title\":\"t\",\n"
                             "\"rules\":[{\"id\":\"R\",\"title\":\"t\",\n"
                             "  \"when\":\"payment.debtor.contry == 'RU'\",\n"
                             "  \"then\":{\"action\":\"hold\",\"reason\":{\"code\":\"NARR\","
                             "\"text\":\"x\"}}}]}";

static void
a_refused_version_shows_each_error_with_its_place(void **state)
{
    const char *told;
    char *payment = arena_copy(&bank.arena, bank.sample, strlen(bank.sample));

    (void)state;
    put(broken);
    told = run(1, "rollout check mine");
    assert_has(told, "mine.json:3:");
    assert_has(told, ": error: ");
    assert_has(told, "no such field; the nearest is country\nrefused\n");
    assert_has(run(1, "rollout activate mine"), "was refused: mine.json:3:");
    assert_has(run(0, "rollout history mine"), "  check refused\n");
    assert_has(run(0, "rollout history mine"), "\n  note      mine.json:3:");
    for (char *at = payment; (at = strchr(at, '\n'));)
        *at = ' '; /* so that lines can be counted */
    put(format(
        "{\"pack\":\"mine\",\"version\":\"1\",\"title\":\"t\",\n"
        "\"payment\":%s,\n"
        "\"rules\":[{\"id\":\"R\",\"title\":\"t\",\"when\":\"false\",\"then\":{\"action\":"
        "\"hold\",\"reason\":{\"code\":\"NARR\",\"text\":\"x\"}}}],\n"
        "\"tests\":[{\"title\":\"one\",\"expect\":{\"action\":\"hold\",\"rules\":[\"R\"]}},\n"
        "{\"title\":\"two\",\"expect\":{\"action\":\"hold\",\"rules\":[\"R\"]}}]}",
        payment));
    told = run(1, "rollout check mine");
    assert_has(told, "mine.json:4:10: error: test \"one\": ");
    assert_has(told, "mine.json:5:1: error: test \"two\": ");
    assert_int_equal(version(), 1);
}

/* -- shadow -- */

static void
disagreements_show_both_reasons(void **state)
{
    const char *payment = file("payment", bank.sample), *told;

    (void)state;
    put(pack(2));
    run(0, "rollout check mine");
    run(0, "rollout shadow mine");
    run(0, format("pay %s", payment));
    run(0, format("evaluate %s", payment));
    told = run(0, "rollout disagreements mine");
    assert_has(told, "\n1 payment and 1 evaluation judged twice, 2 disagreements\n"
                     "     2  hold -> reject\n"
                     "     2  candidate V-2 of mine@2\n\n");
    assert_has(told, "  evaluation  97ed4827-7b6f-4491-a06f-b548d5a7512d  HLDBCNBS  CNY "
                     "1250000.00\n"
                     "  active     hold  NARR version 1  told NARR  by V-1 of mine@1\n"
                     "  candidate  reject  NARR version 2  told NARR  by V-2 of mine@2\n");
    assert_true(strstr(told, "  evaluation  97") < strstr(told, "  payment  97"));
    told = run(0, "rollout disagreements mine --limit 1");
    assert_null(strstr(told, "  payment  97"));
    told = run(
        0, format("rollout disagreements mine --cursor %s", after(told, "more: --cursor ", 0)));
    assert_has(told, "  payment  97");
    assert_null(strstr(told, "  evaluation  97"));
    assert_has(run(0, "rollout unshadow mine"), "2 disagreements\n");
    assert_has(run(1, "rollout disagreements mine"), "404 Not Found: no version of policy ");
}

static void
a_payment_is_tried_by_a_candidate_or_by_the_past(void **state)
{
    const char *payment = file("payment", bank.sample), *snapshot;

    (void)state;
    snapshot = after(run(0, "rollout history mine"), "  snapshot  ", 0);
    put(pack(2));
    put(rollout_bank_book(&bank, "other"));
    run(0, "rollout check mine");
    run(0, "rollout check --book other");
    assert_has(run(0, format("evaluate %s", payment)), "reason    NARR version 1\n");
    assert_has(run(0, format("evaluate %s --policy mine", payment)), "NARR version 2\n");
    assert_has(run(0, format("evaluate %s --book other", payment)), "NARR version 1\n");
    assert_has(run(0, format("evaluate --explain %s --policy mine", payment)), "decisive");
    run(0, "rollout activate mine");
    assert_has(run(0, format("evaluate %s", payment)), "NARR version 2\n");
    assert_has(run(0, format("evaluate %s --snapshot %s", payment, snapshot)),
               "NARR version 1\n");
    assert_has(run(1, format("evaluate %s --policy mine --book other", payment)), "one of");
}

/* -- books, texts, snapshots -- */

static void
a_book_is_meant_where_that_is_said(void **state)
{
    (void)state;
    assert_has(run(0, "rollout list --books"), "own  in force ");
    put(rollout_bank_book(&bank, "mine")); /* as the policy is called */
    assert_has(run(1, "rollout check mine"), "404 Not Found: no version of policy \"mine\"");
    assert_has(run(0, "rollout check --book mine"), " checked\n");
    assert_has(run(0, "rollout shadow --book mine"), "mine ");
    assert_has(run(0, "rollout disagreements --book mine"), "0 disagreements\n");
    run(0, "rollout unshadow --book mine");
    assert_has(run(0, "rollout activate --book mine"), ", from activation");
    assert_has(run(0, "rollout list --books"), "own   not in force\n");
    assert_has(run(0, "rollout list"), ", from file\n");
    assert_has(run(0, "rollout history --book mine"), "  activate\n");
    assert_string_equal(run(0, "rollout text --book mine"), rollout_bank_book(&bank, "mine"));
    run(0, "rollout rollback --book mine");
    assert_has(run(0, "rollout list --books"), "own   in force ");
}

static void
several_files_are_put_in_one_go(void **state)
{
    const char *pack_file = file("pack", pack(2));
    const char *book_file = file("book", rollout_bank_book(&bank, "other"));
    const char *told = run(0, format("rollout put %s - <%s", pack_file, book_file));

    (void)state;
    assert_has(told, "mine  in force ");
    assert_has(told, " unchecked\nother  not in force  candidate ");
}

static void
a_new_policy_is_activated_before_a_book_names_it(void **state)
{
    const char *yours = "{\"pack\":\"yours\",\"version\":\"1\",\"title\":\"t\",\"rules\":[{"
                        "\"id\":\"R\",\"title\":\"t\",\"when\":\"true\",\"then\":{\"action\":"
                        "\"hold\",\"reason\":{\"code\":\"NARR\",\"text\":\"x\"}}}]}";

    (void)state;
    put(yours);
    run(0, "rollout check yours");
    assert_has(run(0, "rollout activate yours"), "yours  not in force, but activated ");
}

static void
texts_come_byte_for_byte(void **state)
{
    const char *snapshot = after(run(0, "rollout history mine"), "  snapshot  ", 0), *told;

    (void)state;
    rollout_bank_activate(&bank, 2);
    assert_string_equal(run(0, "rollout text mine"), rollout_bank_pack(&bank, 2, "hold"));
    assert_string_equal(run(0, "--json rollout text mine"),
                        rollout_bank_pack(&bank, 2, "hold"));
    told = run(0, format("rollout snapshot %s", snapshot));
    assert_has(told, format("%s  of the past\n  first 2024-", snapshot));
    assert_has(told, "  book/own\n");
    assert_has(told, "  pack/mine\n");
    assert_has(told, "  engine/yuangate  (text not kept)\n");
    assert_string_equal(run(0, format("rollout snapshot %s pack/mine", snapshot)),
                        rollout_bank_pack(&bank, 1, "hold"));
    snapshot = after(run(0, "rollout history mine"), "  snapshot  ", 0);
    assert_has(run(0, format("rollout snapshot %s", snapshot)), "  in force\n");
}

/* -- what cannot be done -- */

static void
a_refusal_has_its_status_and_its_words(void **state)
{
    static const struct {
        const char *words;
        int status;
        const char *says;
    } cases[] = {
        {"rollout activate yours", 1, "404 Not Found: there is no policy \"yours\"\n"},
        {"rollout check --book yours", 1, "404 Not Found: there is no book \"yours\"\n"},
        {"rollout text yours", 1, "404 Not Found: there is no policy \"yours\"\n"},
        {"rollout shadow mine", 1, "was never checked"},
        {"rollout activate mine", 1, "409 Conflict: version sha256:"},
        {"rollout rollback mine", 1, "was not activated: there is nothing to go back to"},
        {"rollout unshadow mine", 1, "is shadowed"},
        {"rollout activate mine --digest sha256:" ZEROS, 1, "has no version sha256:000"},
        {"rollout check mine --digest 12", 1, "\n  /digest  must be \"sha256:\" and 64 digits"},
        {"rollout check ../mine", 1, "404 Not Found"},
        {"rollout snapshot sha256:" ZEROS, 1, "was ever in force"},
        {"rollout history mine --cursor x", 1, "400 Bad Request: cursor must be"},
        {"rollout", 2, "rollout takes COMMAND"},
        {"rollout chek mine", 2, "there is no rollout command \"chek\""},
        {"rollout check", 2, "rollout check takes a policy's NAME, or --book BOOK\n"},
        {"rollout check mine --book own", 2, "takes a policy's NAME, or --book BOOK\n"},
        {"rollout list --book own", 2, "--book belongs to the rollout commands that take NAME"},
        {"rollout rollback mine --digest d", 2, "--digest belongs to rollout check, "},
        {"rollout snapshot sha256:" ZEROS " mine", 2, "\"mine\" is not KIND/NAME"},
        {"rollout put none.json", 2, "none.json: No such file"},
    };

    (void)state;
    put(pack(2));
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_has(run(cases[i].status, cases[i].words), cases[i].says);
    assert_int_equal(version(), 1);
}

static void
a_file_that_cannot_be_put_is_named_and_nothing_is_sent(void **state)
{
    const char *good = file("good", pack(2));
    const char *bad = file("bad", "{\"pack\":\"mine\",\n \"version\": }");
    const char *nameless = file("nameless", "{\"version\":\"1\"}");

    (void)state;
    assert_has(run(2, format("rollout put %s %s", good, bad)),
               format("yuanctl: %s: line 2, column 13: ", bad));
    assert_has(run(2, format("rollout put %s %s", good, nameless)),
               format("yuanctl: %s: a \"pack\" or a \"book\" is expected", nameless));
    assert_null(strstr(run(0, "rollout list"), "candidate"));
}

static void
a_server_that_is_not_there_has_a_status_of_its_own(void **state)
{
    const char *const words[] = {
        "list",          "check mine",         "shadow mine",   "unshadow mine",
        "activate mine", "disagreements mine", "rollback mine", "history mine",
        "text mine",     "snapshot sha256:1",  "list --books",  format("put %s", bank.pack),
    };

    (void)state;
    for (size_t i = 0; i < COUNT(words); i++) {
        assert_int_equal(yuanctl(format("rollout --server " NOBODY " %s", words[i]), output),
                         3);
        assert_has(output, "yuanctl: cannot reach " NOBODY ": ");
    }
    assert_int_equal(yuanctl("--server bank rollout list", output), 2);
}

/* -- for programs -- */

static void
json_is_what_the_gateway_answers(void **state)
{
    static const struct {
        const char *words, *path;
    } cases[] = {
        {"rollout list", "/v1/policies"},
        {"rollout list --books", "/v1/books"},
        {"rollout history mine", "/v1/policies/mine/history"},
        {"rollout disagreements mine", "/v1/policies/mine/shadow"},
    };
    const char *told, *snapshot;

    (void)state;
    told = run(0, format("rollout put --json %s", file("one", pack(2))));
    assert_has(told, "\"state\":\"unchecked\"");
    assert_has(run(0, "rollout check mine --json"), "\"state\":\"checked\",\"findings\":[");
    assert_has(run(0, "rollout shadow mine --json"), "\"disagreements\":0,");
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(
            run(0, format("--json %s", cases[i].words)),
            format("%s\n", rollout_bank_ask(&bank, "GET", cases[i].path, NULL, 200)));
    assert_has(run(0, "rollout unshadow mine --json"), "\"disagreements\":0,");
    told = run(0, "rollout activate mine --json");
    assert_has(told, "\"from\":\"activation\"");
    snapshot = rollout_bank_member(&bank, run(0, "rollout history mine --json"), "snapshot");
    assert_has(run(0, format("rollout snapshot %s --json", snapshot)), "\"in_force\":true");
    assert_has(run(0, "rollout rollback mine --json"), "\"activated\":null");
    put(broken);
    told = run(1, "rollout check mine --json");
    assert_has(told, "\"errors\":[{\"pointer\":\"\",\"detail\":\"mine.json:3:");
    assert_has(told, "422 Unprocessable Content: mine.json:3:");
}

static void
help_names_every_command(void **state)
{
    static const char *const names[] = {"list",     "put",     "check",         "shadow",
                                        "unshadow", "history", "disagreements", "activate",
                                        "rollback", "text",    "snapshot"};
    const char *told = run(0, "rollout --help");

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++)
        assert_has(told, format("\n  %s ", names[i]));
    assert_has(told, "--digest DIGEST");
    assert_null(strstr(told, "--junit"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_version_goes_from_put_to_rollback),
        TEST(another_version_than_the_candidate_is_named_by_its_digest),
        TEST(history_tells_whole_digests_newest_first),
        TEST(a_refused_version_shows_each_error_with_its_place),
        TEST(disagreements_show_both_reasons),
        TEST(a_payment_is_tried_by_a_candidate_or_by_the_past),
        TEST(a_book_is_meant_where_that_is_said),
        TEST(several_files_are_put_in_one_go),
        TEST(a_new_policy_is_activated_before_a_book_names_it),
        TEST(texts_come_byte_for_byte),
        TEST(a_refusal_has_its_status_and_its_words),
        TEST(a_file_that_cannot_be_put_is_named_and_nothing_is_sent),
        TEST(a_server_that_is_not_there_has_a_status_of_its_own),
        TEST(json_is_what_the_gateway_answers),
        TEST(help_names_every_command),
    };

    return cmocka_run_group_tests_name("yuanctl rollout", tests, NULL, NULL);
}
