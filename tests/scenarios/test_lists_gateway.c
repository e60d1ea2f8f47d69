/*
 * yuanctl lists against the built gateway: files sent, a list loaded, tried and taken back,
 * what is on the screen of it, and what is said where a command cannot be done.
 */
#include "tests/support/test.h"

#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clients/client.h"
#include "tests/support/list_bank.h"
#include "tests/support/yuanctl.h"

#define ZEROS  "0000000000000000000000000000000000000000000000000000000000000000"
#define NOBODY "http://127.0.0.1:1" /* no gateway may listen there */
#define ALIAS  "7,1,\"aka\",\"SBORKA NORD\",-0- \r\n" LIST_BANK_END
#define BAD    "x1,\"TOO SHORT\"\r\n"

static struct rollout_bank bank;
static char output[YUANCTL_OUTPUT_SIZE];

static int
set_up(void **state)
{
    (void)state;
    if (rollout_bank_make(&bank) != 0)
        return -1;
    list_bank_start(&bank, NULL);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    rollout_bank_remove(&bank);
    return 0;
}

#define format(...)          arena_printf(&bank.arena, __VA_ARGS__)
#define version()            list_bank_version(&bank)
#define main_file(n, others) list_bank_main(&bank, n, others)

/* A file of that name in a folder that the gateway does not read. */
static const char *
file(const char *name, const char *text)
{
    const char *folder = format("%s/files", bank.folder);
    const char *path = format("%s/%s", folder, name);

    mkdir(folder, 0755);
    rollout_bank_write(path, text);
    return path;
}

/* `yuanctl --server … lists words`, which must end with the status; its output. */
static const char *
run(int status, const char *words)
{
    int ended =
        yuanctl(format("--server http://%s lists %s", bank.gateway.address, words), output);

    if (ended != status)
        fail_msg("%s ended with %d:\n%s", words, ended, output);
    return arena_copy(&bank.arena, output, strlen(output));
}

static const char *
ask(const char *path)
{
    return rollout_bank_ask(&bank, "GET", path, NULL, 200);
}

static const char *
digest_in_force(void)
{
    return rollout_bank_member(&bank, ask("/v1/lists/mine"), "digest");
}

/* -- the life of a list -- */

static void
a_list_goes_from_files_to_rollback(void **state)
{
    const char *path = file("main.csv", main_file(7, 3)), *told, *digest;

    (void)state;
    assert_string_equal(
        run(0, "show"),
        "name  from  entries  names  published  age  shadow  incoming  alarm\n");
    told = run(0, format("put mine %s %s", path, file("alt.csv", ALIAS)));
    assert_has(told, format("mine/main.csv  %zu bytes  sha256 ", strlen(main_file(7, 3))));
    assert_has(told, format("\nmine/alt.csv  %zu bytes  sha256 ", strlen(ALIAS)));
    assert_has(run(0, "show"),
               "\nmine  -           -      -  -            -  -       2 files   -\n");
    assert_int_equal(version(), 0);
    told = run(0, "load mine");
    digest = digest_in_force();
    assert_has(told, format("mine\n  in force   %s, from activation\n  format     ofac-csv\n"
                            "  entries    4: 4 company\n  names      5\n"
                            "  published  (not said), 0 days old by the files' own time\n"
                            "  file       alt      alt.csv: 1 row, ",
                            digest));
    assert_has(told, "  left out   0 rows\n");
    assert_null(strstr(told, "incoming"));
    assert_int_equal(version(), 7);
    assert_has(run(0, "show"), "name  from        entries  names  published     age  shadow  "
                               "incoming  alarm\n"
                               "mine  activation        4      5  -          0 days  -       -"
                               "         -\n");
    assert_has(run(0, "show mine"), format("\n  version    %s checked, put 2024-", digest));
    assert_has(run(0, "rollback mine"), "mine\n  not in force\n");
    assert_int_equal(version(), 0);
    told = run(0, "history mine");
    assert_has(told, "  rollback\n  snapshot  sha256:");
    assert_has(told, format("  activate\n  version   %s\n", digest));
    assert_has(run(0, "history mine --limit 1"), "more: --cursor ");
}

static void
a_list_is_put_and_loaded_in_one_go(void **state)
{
    const char *folder = format("%s/files", bank.folder), *told;

    (void)state;
    file("main.csv", main_file(7, 3));
    file("alt.csv", ALIAS);
    told = run(0, format("load mine %s", folder)); /* a folder is its files */
    assert_has(told, "mine/alt.csv  ");
    assert_has(told, "\nmine/main.csv  ");
    assert_has(told, "\n  names      5\n");
    assert_int_equal(version(), 7);
}

static void
another_list_is_meant_by_its_day_or_its_digest(void **state)
{
    static const char history[] =
        "snapshot_date,op,ent_num,sdn_name,sdn_type,program,title,call_sign,vess_type,tonnage,"
        "grt,vess_flag,vess_owner,remarks\n"
        "2021-08-20,DEL,7,SBORKA SEVER OOO,-0-,FICTION" LIST_BANK_NULLS "-0- \n";
    const char *main_path = file("main.csv", main_file(7, 9)), *first;
    const char *history_path = file("history.csv", history);

    (void)state;
    assert_has(run(0, format("load mine %s %s --as-of 2021-08-19", main_path, history_path)),
               "\n  as of      2021-08-19\n");
    assert_int_equal(version(), 7);
    assert_has(run(0, "show"), "  as of 2021-08-19  ");
    first = digest_in_force();
    assert_has(run(0, format("load mine %s %s", main_path, history_path)),
               "\n  published  2021-08-20, ");
    assert_int_equal(version(), 0);
    assert_has(run(0, format("load mine --digest %s", first)), first);
    assert_int_equal(version(), 7);
    assert_has(run(1, "load mine --as-of 2021-08-19"),
               "409 Conflict: no file of list \"mine\"");
}

/* -- refused -- */

static void
a_refused_list_shows_each_row_with_its_place(void **state)
{
    const char *good = main_file(7, 3), *told;
    const char *bad = format("%.*s" BAD BAD BAD BAD BAD BAD BAD BAD BAD BAD BAD LIST_BANK_END,
                             (int)strlen(good) - 1, good);

    (void)state;
    told = run(1, format("load mine %s", file("main.csv", bad)));
    assert_has(told, "\nmain.csv:5:1: error: 2 fields where 12 belong\n"
                     "main.csv:6:1: error: 2 fields");
    assert_has(told, "\nmain.csv:15:1: error: ");
    assert_has(told, "\nrefused: list mine: main.csv:15:1: 2 fields where 12 belong; ");
    told = run(0, "show");
    assert_has(told, "  1 file    refused\n  main.csv:15:1: 2 fields");
    assert_has(run(0, "show mine"), "\n  incoming   main.csv\n  alarm      main.csv:15:1: ");
    assert_has(run(1, "shadow mine"), "\nrefused: list mine: main.csv:15:1: ");
    run(0, format("load mine %s", file("main.csv", good)));
    assert_has(run(0, "show"), "  -         -\n");
}

static void
rows_that_a_list_goes_without_are_shown(void **state)
{
    const char *good = main_file(7, 3);
    const char *text = format("%.*s" BAD LIST_BANK_END, (int)strlen(good) - 1, good);

    (void)state;
    assert_has(run(0, format("load mine %s", file("main.csv", text))),
               "\n  left out   1 row\nmain.csv:5:1: warning: 2 fields where 12 belong\n");
}

static void
a_list_that_shrank_is_loaded_if_that_is_said(void **state)
{
    const char *path;

    (void)state;
    list_bank_load(&bank, 7, 9);
    path = file("main.csv", main_file(8, 4));
    assert_has(run(1, format("load mine %s", path)),
               "\nrefused: list mine: main.csv: 5 entries where the list in force has 10: it "
               "shrank by more than 20 %; if that is so, allow a larger share (--shrink ");
    run(1, "load mine --shrink 49");
    run(0, "load mine --shrink 50");
    assert_int_equal(version(), 8);
}

static void
a_file_that_was_put_by_mistake_is_taken_back(void **state)
{
    const char *right = file("main.csv", main_file(7, 3));
    const char *wrong = file("mian.csv", main_file(8, 3));

    (void)state;
    assert_has(run(1, format("load mine %s %s", right, wrong)), "2 main files among these");
    assert_string_equal(run(0, "unput mine mian.csv"),
                        "mine without mian.csv\n  incoming   main.csv\n");
    run(0, "load mine");
    assert_int_equal(version(), 7);
    assert_has(run(1, "unput mine main.csv"), "404 Not Found: no file \"main.csv\" of list");
}

/* -- shadow -- */

static void
a_shadow_shows_whom_the_list_would_find(void **state)
{
    const char *told;

    (void)state;
    rollout_bank_ask(&bank, "POST", "/v1/payments", bank.sample, 201);
    told = run(0, format("shadow mine %s", file("main.csv", main_file(7, 3))));
    assert_has(told, " in shadow since 2024-");
    assert_has(told, "\nof the last 1 payment 0 would be decided otherwise, 1 have other "
                     "hits\n");
    assert_has(told, "  CNY 1250000.00  hold -> hold  by V-1\n"
                     "  found  debtor/name  sborka sever is sborka sever, mine 7, score "
                     "1\n");
    assert_has(run(0, "show"), "  yes     -         -\n");
    assert_int_equal(version(), 0);
    assert_has(run(0, "disagreements mine"), "\n0 payments and 1 evaluation judged twice, ");
    told = run(0, "unshadow mine");
    assert_has(told, "judged twice, 0 disagreements\n");
    assert_null(strstr(told, "of the last"));
    run(1, "disagreements mine");
    told = run(0, "shadow mine --payments 0 --limit 1"); /* the candidate is still there */
    assert_has(told, "\nof the last 0 payments 0 would be");
    run(0, "load mine");
    assert_int_equal(version(), 7);
}

/* -- files -- */

/* The command with a terminal for its standard error; what is written there. */
static const char *
on_a_terminal(const char *words)
{
    char shown[4096], name[64];
    int master, slave;
    ssize_t got;

    assert_int_equal(openpty(&master, &slave, name, NULL, NULL), 0);
    assert_int_equal(
        system(format("%s/yuanctl --server http://%s lists %s 2>%s >%s/said", gateway_build(),
                      bank.gateway.address, words, name, bank.folder)),
        0);
    got = read(master, shown, sizeof(shown));
    assert_true(got > 0);
    close(master);
    close(slave);
    return arena_copy(&bank.arena, shown, (size_t)got);
}

static void
a_large_file_goes_out_with_a_bar_on_a_terminal(void **state)
{
    enum { LARGE = 3000000 };
    char *text = arena_alloc(&bank.arena, LARGE + 1);
    const char *words, *shown;

    (void)state;
    memset(text, 'x', LARGE);
    text[LARGE] = '\0';
    words = format("put mine %s %s", file("a.xml", text), file("b.xml", "y"));
    assert_string_equal(run(0, words), /* here none is drawn */
                        format("mine/a.xml  3000000 bytes  sha256 %s\n"
                               "mine/b.xml  1 byte  sha256 %s\n",
                               "e55b8bdf621d", "a1fce4363854"));
    shown = on_a_terminal(words);
    assert_has(shown, "\r[--------------------]   ");
    assert_has(shown, " KiB");
    assert_string_equal(strrchr(shown, '\r'), "\r\033[K"); /* and is gone at the end */
}

static void
a_file_that_cannot_be_put_is_named_and_nothing_is_sent(void **state)
{
    const char *good = file("main.csv", main_file(7, 3)), *folder = bank.folder;
    const struct {
        const char *other, *says;
    } cases[] = {
        {format("%s/nothing.csv", folder), "/nothing.csv: No such file or directory"},
        {file("empty.csv", ""), "/empty.csv: the file is empty; keep the list in force"},
        {file("a b.csv", "x"), "/a b.csv: a file is put under a name of letters, digits"},
        {format("%s/files/../files/main.csv", folder),
         "another file is called main.csv as well"},
        {folder, ": not a file"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_has(run(2, format("put mine %s '%s'", good, cases[i].other)), cases[i].says);
        assert_has(run(2, format("load mine %s '%s'", good, cases[i].other)), cases[i].says);
    }
    assert_null(strstr(ask("/v1/lists"), "mine"));
}

/* Of one client, as yuanctl load FILE... is. */
static int
put_of(struct client *client, const char *path, size_t len, struct error *err)
{
    struct client_file sent = {.file = fopen(path, "r"), .len = len};
    struct reply reply;
    int rc;

    assert_non_null(sent.file);
    rc = client_put_file(client, "/v1/lists/mine/files/main.csv", &sent, &bank.arena, &reply,
                         err);
    fclose(sent.file);
    return rc == 0 ? reply.status : -1;
}

static void
files_and_requests_go_out_in_turn(void **state)
{
    const struct request load = {"POST", "/v1/lists/mine/load", "{}", 2};
    const struct request show = {"GET", "/v1/lists/mine", NULL, 0};
    struct error err = {0};
    struct client *client;
    struct reply reply;

    (void)state;
    assert_int_equal(client_open(format("http://%s", bank.gateway.address), &client, &err), 0);
    for (int n = 7; n < 9; n++) {
        const char *text = main_file(n, 3);

        assert_int_equal(put_of(client, file("main.csv", text), strlen(text), &err), 201);
        assert_int_equal(client_request(client, &load, &bank.arena, &reply, &err), 0);
        assert_int_equal(reply.status, 200);
        assert_int_equal(client_request(client, &show, &bank.arena, &reply, &err), 0);
        assert_has(reply.body, "\"incoming\":[]");
        assert_int_equal(version(), n);
    }
    client_close(client);
}

static void
a_file_that_became_shorter_meanwhile_is_not_put(void **state)
{
    struct error err = {0};
    struct client *client;

    (void)state;
    assert_int_equal(client_open(format("http://%s", bank.gateway.address), &client, &err), 0);
    assert_int_equal(put_of(client, file("main.csv", "abc"), 4, &err), -1);
    assert_string_equal(err.text, "it is shorter than it was");
    client_close(client);
    assert_null(strstr(ask("/v1/lists"), "main.csv"));
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
        {"show yours", 1, "404 Not Found: there is no list \"yours\""},
        {"load yours", 1, "404 Not Found: there is no list \"yours\" and no file of it"},
        {"history yours", 1, "404 Not Found"},
        {"rollback yours", 1, "404 Not Found"},
        {"unshadow mine", 1, "is shadowed"},
        {"load ../mine", 1, "404 Not Found"},
        {"load mine --digest sha256:" ZEROS, 1, "has no version sha256:000"},
        {"load mine --digest 12", 1, "\n  /digest  must be \"sha256:\" and 64 digits"},
        {"load mine --as-of yesterday", 1, "\n  /as_of  must be a day such as"},
        {"load mine --shrink 101", 2, "--shrink: a number of 0 to 100"},
        {"load mine --shrink some", 2, "--shrink: a number of 0 to 100"},
        {"load mine README.md --digest sha256:" ZEROS, 2, "give it or FILE, not both"},
        {"load mine --payments 5", 2, "--payments belongs to lists shadow"},
        {"rollback mine --digest x", 2, "--digest belongs to rollout check, "},
        {"unput mine", 2, "lists unput takes NAME FILE"},
        {"load", 2, "lists load takes NAME [FILE...]"},
        {"put mine", 2, "lists put takes NAME FILE..."},
        {"unshadow mine yours", 2, "one argument too many"},
    };

    (void)state;
    list_bank_load(&bank, 7, 3);
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_has(run(cases[i].status, cases[i].words), cases[i].says);
    assert_int_equal(version(), 7);
}

static void
a_server_that_is_not_there_has_a_status_of_its_own(void **state)
{
    const char *const words[] = {
        "show",
        "show mine",
        "load mine",
        "shadow mine",
        "unshadow mine",
        "disagreements mine",
        "history mine",
        "rollback mine",
        "unput mine main.csv",
        format("put mine %s", bank.pack),
    };

    (void)state;
    for (size_t i = 0; i < COUNT(words); i++) {
        assert_int_equal(yuanctl(format("lists --server " NOBODY " %s", words[i]), output), 3);
        assert_has(output, "cannot reach " NOBODY ": ");
    }
}

/* -- for programs -- */

static void
json_is_what_the_gateway_answers(void **state)
{
    static const struct {
        const char *words, *path;
    } cases[] = {
        {"show --json", "/v1/lists"},
        {"show mine --json", "/v1/lists/mine"},
        {"history mine --json", "/v1/lists/mine/history"},
        {"disagreements mine --json", "/v1/lists/mine/shadow"},
    };
    const char *path = file("main.csv", main_file(7, 3)), *told;

    (void)state;
    told = run(0, format("--json put mine %s", path));
    assert_has(told, "{\"list\":\"mine\",\"file\":\"main.csv\",\"bytes\":");
    assert_has(run(0, "--json load mine"), "\"from\":\"activation\"");
    told = run(0, format("--json shadow mine %s", file("main.csv", main_file(8, 3))));
    assert_has(told, "\n{\"name\":\"mine\",");
    assert_has(told, "\"impact\":{\"payments\":0,");
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(run(0, cases[i].words), format("%s\n", ask(cases[i].path)));
    assert_has(run(0, "--json rollback mine"), "\"activated\":null");
    told = run(1, format("--json load mine %s", file("main.csv", "x")));
    assert_has(told, "{\"type\":\"/problems/unprocessable-content\"");
}

static void
help_names_every_command(void **state)
{
    static const char *const names[] = {"import",   "status",  "show",     "put",
                                        "load",     "shadow",  "unshadow", "disagreements",
                                        "rollback", "history", "unput"};
    const char *told = run(0, "--help");

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++)
        assert_has(told, format("\n  %s ", names[i]));
    assert_has(told, "--payments N");
    assert_has(told, "--cursor TEXT");
    assert_null(strstr(told, "--junit"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_list_goes_from_files_to_rollback),
        TEST(a_list_is_put_and_loaded_in_one_go),
        TEST(another_list_is_meant_by_its_day_or_its_digest),
        TEST(a_refused_list_shows_each_row_with_its_place),
        TEST(rows_that_a_list_goes_without_are_shown),
        TEST(a_list_that_shrank_is_loaded_if_that_is_said),
        TEST(a_file_that_was_put_by_mistake_is_taken_back),
        TEST(a_shadow_shows_whom_the_list_would_find),
        TEST(a_large_file_goes_out_with_a_bar_on_a_terminal),
        TEST(a_file_that_cannot_be_put_is_named_and_nothing_is_sent),
        TEST(files_and_requests_go_out_in_turn),
        TEST(a_file_that_became_shorter_meanwhile_is_not_put),
        TEST(a_refusal_has_its_status_and_its_words),
        TEST(a_server_that_is_not_there_has_a_status_of_its_own),
        TEST(json_is_what_the_gateway_answers),
        TEST(help_names_every_command),
    };

    return cmocka_run_group_tests_name("yuanctl lists of a gateway", tests, NULL, NULL);
}
