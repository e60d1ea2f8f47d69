/*
 * Sanctions lists over the real binary: files put and loaded, refused and mended, rolled
 * back, and what cannot be asked.  Restarts: test_lists_restart.c.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/base/time.h"
#include "gateway/rollout/catalogue.h"
#include "tests/support/list_bank.h"
#include "tests/support/test.h"

#define ZEROS             "0000000000000000000000000000000000000000000000000000000000000000"
#define ROW(number, name) number ",\"" name "\",-0- ,\"FICTION\"" LIST_BANK_NULLS "-0- \r\n"
#define BAD(number)       number ",\"TOO SHORT\"\r\n"

static struct rollout_bank bank;

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

#define ask(...)             rollout_bank_ask(&bank, __VA_ARGS__)
#define put(...)             list_bank_put(&bank, __VA_ARGS__)
#define load(body, status)   ask("POST", "/v1/lists/mine/load", body, status)
#define version()            list_bank_version(&bank)
#define main_file(n, others) list_bank_main(&bank, n, others)
#define path(below)          list_bank_path(&bank, below)
#define format(...)          arena_printf(&bank.arena, __VA_ARGS__)

static void
assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("expected \"%s\" in %s", part, text);
}

static const char *
shown(void)
{
    return ask("GET", "/v1/lists/mine", NULL, 200);
}

static const char *
snapshot(void)
{
    return rollout_bank_member(&bank, ask("GET", "/readyz", NULL, 200), "snapshot");
}

static const char *
loaded_digest(const char *answer)
{
    const char *loaded = strstr(answer, "\"loaded\":{");

    assert_non_null(loaded);
    return rollout_bank_member(&bank, loaded, "digest");
}

/* -- put and load -- */

static void
files_that_were_put_screen_once_they_are_loaded(void **state)
{
    const char *answer;

    (void)state;
    put("main.csv", main_file(7, 3), 201);
    put("alt.csv", "7,1,\"aka\",\"SBORKA NORD\",-0- \r\n" LIST_BANK_END, 201);
    assert_has(shown(), "\"in_force\":null,\"activated\":null,\"candidate\":null,"
                        "\"shadow\":null,\"loaded\":null,\"alarm\":null,"
                        "\"incoming\":[\"alt.csv\",\"main.csv\"],\"versions\":[]");
    assert_has(ask("GET", "/v1/lists", NULL, 200), "\"incoming\":[\"alt.csv\",\"main.csv\"]");
    assert_int_equal(version(), 0);
    answer = load("", 200);
    assert_has(answer, "\"from\":\"activation\"");
    assert_has(answer, "\"format\":\"ofac-csv\",\"published_on\":null,\"as_of\":null,"
                       "\"age_days\":0,\"entries\":4,\"names\":5,\"rows_left_out\":0");
    assert_has(answer, "\"name\":\"main.csv\",\"role\":\"main\",\"rows\":4,");
    assert_has(answer, "\"alarm\":null,\"incoming\":[]");
    assert_int_equal(version(), 7);
    assert_has(ask("GET", "/readyz", NULL, 200), "\"lists\":[{\"name\":\"mine\"");
}

static void
a_list_from_a_day_on_counts_from_when_it_is_loaded(void **state)
{
    (void)state;
    list_bank_load(&bank, 7, 3);
    put("main.csv", main_file(8, 3), 201);
    assert_int_equal(version(), 7); /* put is not loaded */
    load("{}", 200);
    assert_int_equal(version(), 8);
}

static void
files_are_kept_under_the_digest_of_their_list(void **state)
{
    static const char *const kept[] = {"main.csv", "list.json"};
    struct stat status;

    (void)state;
    list_bank_load(&bank, 7, 3);
    for (size_t i = 0; i < COUNT(kept); i++)
        assert_int_equal(stat(format("%s/%s", list_bank_folder(&bank), kept[i]), &status), 0);
    assert_int_equal(access(path("incoming/main.csv"), F_OK), -1);
    assert_int_equal(access(path(".taking"), F_OK), -1);
}

static void
the_same_files_again_change_nothing(void **state)
{
    const char *before;

    (void)state;
    list_bank_load(&bank, 7, 3);
    before = snapshot();
    list_bank_load(&bank, 7, 3);
    assert_string_equal(snapshot(), before);
    assert_null(strstr(strstr(shown(), "\"versions\":[{") + 13, "},{"));
    load("", 200); /* nor does the candidate, which it is already */
    assert_string_equal(snapshot(), before);
}

static void
an_older_list_is_loaded_again_by_its_digest(void **state)
{
    const char *first;

    (void)state;
    list_bank_load(&bank, 7, 3);
    first = loaded_digest(shown());
    list_bank_load(&bank, 8, 3);
    put("main.csv", main_file(9, 3), 201);
    load(format("{\"digest\":\"%s\"}", first), 200);
    assert_int_equal(version(), 7);
    assert_has(shown(), "\"incoming\":[\"main.csv\"]"); /* was not what was asked for */
}

static void
a_list_in_shadow_changes_nothing_until_it_is_loaded(void **state)
{
    const char *answer;

    (void)state;
    list_bank_load(&bank, 7, 3);
    put("main.csv", main_file(8, 3), 201);
    ask("GET", "/v1/lists/mine/shadow", NULL, 404);
    answer = ask("POST", "/v1/lists/mine/shadow", "", 200);
    assert_has(answer, "\"judges\":true");
    assert_has(shown(), "\"incoming\":[]");
    assert_int_equal(version(), 7);
    answer = ask("GET", "/v1/lists/mine/shadow", NULL, 200);
    assert_has(answer, "\"judged\":{\"payments\":0,\"evaluations\":1}");
    ask("DELETE", "/v1/lists/mine/shadow", NULL, 200);
    ask("GET", "/v1/lists/mine/shadow", NULL, 404);
    load("", 200);
    assert_int_equal(version(), 8);
}

/* -- refused and mended -- */

static void
a_refused_list_names_its_rows_and_is_mended_file_by_file(void **state)
{
    static const char rows[] =
        ROW("7", "SBORKA SEVER OOO") BAD("x1") BAD("x2") BAD("x3") BAD("x4") BAD("x5") BAD("x6")
            BAD("x7") BAD("x8") BAD("x9") BAD("x10") BAD("x11") LIST_BANK_END;
    const char *answer;

    (void)state;
    put("main.csv", rows, 201);
    put("alt.csv", "7,1,\"aka\",\"SBORKA NORD\",-0- \r\n" LIST_BANK_END, 201);
    answer = load("", 422);
    assert_has(answer, "\"detail\":\"list mine: main.csv:12:1: ");
    assert_has(answer, "\"errors\":[{\"pointer\":\"\",\"detail\":\"main.csv:2:1: ");
    assert_has(answer, "\"findings\":[{\"severity\":\"error\",\"file\":\"main.csv\",\"line\":2,"
                       "\"column\":1,");
    assert_has(answer, "\"line\":12,");
    assert_int_equal(version(), 0);
    answer = shown();
    assert_has(answer, "\"alarm\":\"main.csv:12:1: ");
    assert_has(answer, "\"incoming\":[\"alt.csv\",\"main.csv\"],\"versions\":[]");
    put("main.csv", main_file(7, 3), 200);
    answer = load("", 200);
    assert_has(answer, "\"names\":5,");
    assert_has(answer, "\"alarm\":null,\"incoming\":[]");
    assert_int_equal(version(), 7);
}

static void
rows_that_a_list_goes_without_are_told(void **state)
{
    static const char rows[] = ROW("7", "SBORKA SEVER OOO") BAD("x1") LIST_BANK_END;
    static const char told[] = "\"findings\":[{\"severity\":\"warning\",\"file\":\"main.csv\","
                               "\"line\":2,\"column\":1,";
    const char *answer;

    (void)state;
    put("main.csv", rows, 201);
    answer = ask("POST", "/v1/lists/mine/shadow", "", 200);
    assert_has(answer, told);
    assert_null(strstr(load("", 200), "\"findings\"")); /* nothing was read for this */
    put("main.csv", rows, 201);
    answer = load("", 200);
    assert_has(answer, "\"rows_left_out\":1,");
    assert_has(answer, told);
    assert_null(strstr(shown(), "\"findings\""));
}

/* What does not load leaves all as it was, but for an alarm. */
static void
what_is_no_list_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *main, *other, *says;
    } cases[] = {
        {ROW("7", "SBORKA SEVER OOO"), NULL, "main.csv: it does not end with the byte 0x1A"},
        {"7,\"SBORKA", NULL, "main.csv:1:"},
        {"a page that says the service is down", NULL,
         "main.csv:1:1: not a list that is known"},
        {LIST_BANK_END, NULL, "main.csv:1:1: not a list that is known"},
        {ROW("7", "SBORKA SEVER OOO") LIST_BANK_END,
         "{\"id\":\"1\",\"schema\":\"Company\",\"properties\":{\"name\":[\"A\"]}}\n",
         "main.csv: this is ofac-csv, the file before it ftm-json; a list is made of one "
         "format"},
    };
    const char *answer, *before;

    (void)state;
    list_bank_load(&bank, 7, 0);
    before = snapshot();
    for (size_t i = 0; i < COUNT(cases); i++) {
        ask("GET", "/readyz", NULL, 200);
        put("main.csv", cases[i].main, i == 0 ? 201 : 200);
        if (cases[i].other)
            put("entities.json", cases[i].other, 201);
        answer = load("", 422);
        assert_has(answer, cases[i].says);
        assert_has(shown(), format("\"alarm\":\"%s", cases[i].says));
        assert_string_equal(snapshot(), before);
        assert_int_equal(version(), 7);
    }
    answer = ask("GET", "/readyz", NULL, 200);
    assert_has(answer, "\"list_alarms\":[{\"name\":\"mine\",\"why\":\"main.csv: this is");
    answer = ask("GET", "/metrics", NULL, 200);
    assert_has(answer, "\nyuangate_list_alarm{list=\"mine\"} 1\n");
    assert_has(answer, "\nyuangate_list_loads_total{result=\"refused\"} 5\n");
}

static void
a_list_that_shrank_is_refused_unless_that_is_allowed(void **state)
{
    const char *answer;

    (void)state;
    list_bank_load(&bank, 7, 9);
    put("main.csv", main_file(8, 6), 201); /* 7 where there were 10 */
    answer = load("", 422);
    assert_has(answer, "7 entries where the list in force has 10: it shrank by more than 20 %");
    assert_has(answer, "shrink_percent_max");
    load("{\"shrink_percent_max\":29}", 422);
    assert_int_equal(version(), 7);
    assert_has(shown(), "\"incoming\":[\"main.csv\"]");
    answer = load("{\"shrink_percent_max\":30}", 200);
    assert_has(answer, "\"entries\":7,");
    assert_has(answer, "\"alarm\":null");
    assert_int_equal(version(), 8);
}

/* -- as of a day -- */

static const char history[] =
    "snapshot_date,op,ent_num,sdn_name,sdn_type,program,title,call_sign,vess_type,tonnage,"
    "grt,vess_flag,vess_owner,remarks\n"
    "2021-08-20,DEL,7,SBORKA SEVER OOO,-0-,FICTION" LIST_BANK_NULLS "-0- \n"
    "2021-08-21,ADD,99,SBORKA SEVER OOO,-0-,FICTION" LIST_BANK_NULLS "-0- \n";

static void
a_list_as_of_a_day_is_another_list(void **state)
{
    static const struct {
        const char *body, *says;
        int version;
    } cases[] = {
        {"{\"as_of\":\"2021-08-19\"}", "\"as_of\":\"2021-08-19\"", 7},
        {"{\"as_of\":\"2021-08-20\"}", "\"as_of\":\"2021-08-20\"", 0},
        {"", "\"published_on\":\"2021-08-21\",\"as_of\":null", 99},
    };
    const char *digests[COUNT(cases)];

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *answer;

        put("main.csv", main_file(7, 9), 201);
        put("history.csv", history, 201);
        answer = load(cases[i].body, 200);
        assert_has(answer, cases[i].says);
        assert_int_equal(version(), cases[i].version);
        digests[i] = loaded_digest(answer);
        for (size_t before = 0; before < i; before++)
            assert_string_not_equal(digests[before], digests[i]);
    }
    list_bank_again(&bank, NULL);
    load(format("{\"digest\":\"%s\"}", digests[0]), 200); /* made anew of the same files */
    assert_int_equal(version(), 7);
}

static void
a_day_asks_for_a_history_that_has_come_in(void **state)
{
    const char *answer;

    (void)state;
    put("main.csv", main_file(7, 3), 201);
    answer = load("{\"as_of\":\"2021-08-20\"}", 422);
    assert_has(answer, "that takes the history of daily operations");
    load("", 200);
    answer = load("{\"as_of\":\"2021-08-20\"}", 409);
    assert_has(answer, "no file of list \\\"mine\\\" has come in");
    answer = ask("POST", "/v1/lists/mine/shadow", "{\"as_of\":\"2021-08-20\"}", 409);
    assert_has(answer, "PUT them again");
}

/* -- back -- */

static void
a_roll_back_goes_to_the_list_before_and_then_to_none(void **state)
{
    const char *answer;

    (void)state;
    list_bank_load(&bank, 7, 3);
    list_bank_load(&bank, 8, 9);
    ask("POST", "/v1/lists/mine/rollback", NULL, 200);
    assert_int_equal(version(), 7);
    answer = ask("POST", "/v1/lists/mine/rollback", NULL, 200);
    assert_has(answer, "\"in_force\":null,\"activated\":null,");
    assert_has(answer, "\"loaded\":null");
    assert_int_equal(version(), 0);
    answer = ask("POST", "/v1/lists/mine/rollback", NULL, 409);
    assert_has(answer, "there is nothing to go back to");
    answer = ask("GET", "/v1/lists/mine/history", NULL, 200);
    assert_has(answer, "\"what\":\"rollback\"");
    assert_has(answer, "\"what\":\"put\"");
    load("", 200); /* the candidate is still there */
    assert_int_equal(version(), 8);
}

/* -- what was left, and what is coming -- */

static void
files_of_a_load_that_was_killed_are_taken_up_again(void **state)
{
    (void)state;
    put("main.csv", main_file(7, 3), 201);
    put("alt.csv", "8,1,\"aka\",\"SBORKA NORD\",-0- \r\n" LIST_BANK_END, 201);
    assert_int_equal(rename(path("incoming"), path(".taking")), 0);
    assert_has(shown(), "\"incoming\":[\"alt.csv\",\"main.csv\"]");
    assert_int_equal(rename(path("incoming"), path(".taking")), 0);
    rollout_bank_write(path("incoming"), ""); /* they cannot go back there: they stay */
    ask("GET", "/v1/lists/mine", NULL, 404);
    assert_int_equal(unlink(path("incoming")), 0);
    put("main.csv", main_file(8, 3), 201); /* newer than what was left */
    assert_has(load("", 200), "\"names\":5,");
    assert_int_equal(version(), 8);
    assert_int_equal(access(path(".taking"), F_OK), -1);
}

/* Two gateways may have one folder: neither takes from the other what it is looking at. */
static void
a_list_that_another_gateway_is_loading_is_left_alone(void **state)
{
    int other;

    (void)state;
    put("main.csv", main_file(7, 3), 201);
    assert_int_equal(rename(path("incoming"), path(".taking")), 0);
    other = open(path("."), O_RDONLY | O_DIRECTORY);
    assert_int_equal(flock(other, LOCK_EX | LOCK_NB), 0);
    assert_has(ask("GET", "/v1/lists", NULL, 200), "{\"data\":[],");
    assert_has(load("", 503), "another gateway with the same folder is loading list \\\"mine");
    assert_int_equal(access(path(".taking/main.csv"), F_OK), 0);
    close(other);
    load("", 200);
    assert_int_equal(version(), 7);
}

/* Nobody has to have loaded them: there may be more than the gateway keeps names. */
static void
every_list_that_something_has_come_in_for_is_told(void **state)
{
    const int lists = ROLLOUT_NAMES_MAX + 100;

    (void)state;
    put("main.csv", main_file(7, 3), 201);
    for (int i = 0; i < lists; i++) {
        assert_int_equal(mkdir(path(format("../l%04d", i)), 0755), 0);
        assert_int_equal(mkdir(path(format("../l%04d/incoming", i)), 0755), 0);
        rollout_bank_write(path(format("../l%04d/incoming/main.csv", i)), "x");
    }
    assert_has(ask("GET", "/v1/lists?limit=1", NULL, 200), "[{\"name\":\"l0000\",");
    assert_has(ask("GET", format("/v1/lists?cursor=l%04d", lists - 1), NULL, 200),
               "[{\"name\":\"mine\",");
}

enum { HALF = 700000 };

static void
send_half(struct http_client *to)
{
    char *half = arena_alloc(&bank.arena, HALF);

    memset(half, ' ', HALF);
    assert_true(http_client_send_bytes(to, half, HALF));
}

/* Until so many files, hidden ones too, have come in: when one begins to, nobody is told. */
static void
await_incoming(int wanted)
{
    int64_t deadline = monotonic_ms() + HTTP_CLIENT_WAIT_MS;
    int count;

    do {
        DIR *all = opendir(path("incoming"));

        assert_non_null(all);
        for (count = -2; readdir(all);) /* . and .. */
            count++;
        closedir(all);
        assert_true(monotonic_ms() < deadline);
    } while (count != wanted);
}

static void
a_file_that_is_just_coming_is_left_for_the_next_load(void **state)
{
    struct http_client_reply reply;
    struct http_client other;

    (void)state;
    put("main.csv", main_file(7, 3), 201);
    assert_true(http_client_connect(&other, bank.gateway.address));
    assert_true(http_client_send(
        &other, format("PUT /v1/lists/mine/files/alt.csv HTTP/1.1\r\nHost: test\r\n"
                       "Content-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n",
                       2 * HALF)));
    send_half(&other);
    await_incoming(2);
    load("", 200);
    assert_int_equal(version(), 7);
    send_half(&other);
    assert_true(http_client_next(&other, &reply));
    assert_int_equal(reply.status, 201);
    http_client_close(&other);
    assert_has(shown(), "\"incoming\":[\"alt.csv\"]");
    load("", 422); /* blanks are no list */
    put("alt.csv", "8,1,\"aka\",\"SBORKA NORD\",-0- \r\n" LIST_BANK_END, 200);
    put("main.csv", main_file(8, 3), 201);
    assert_has(load("", 200), "\"names\":5,");
    assert_int_equal(version(), 8);
}

static void
a_file_that_was_put_by_mistake_is_taken_back(void **state)
{
    static const char *const unknown[] = {"mian.csv", "alt.csv", "..", ".taking", "list.json"};

    (void)state;
    put("main.csv", main_file(7, 3), 201);
    put("mian.csv", main_file(8, 3), 201);
    assert_has(load("", 422), "2 main files among these");
    assert_has(ask("DELETE", "/v1/lists/mine/files/mian.csv", NULL, 200),
               "{\"list\":\"mine\",\"file\":\"mian.csv\",\"incoming\":[\"main.csv\"]}");
    load("", 200);
    assert_int_equal(version(), 7);
    for (size_t i = 0; i < COUNT(unknown); i++)
        assert_has(ask("DELETE", format("/v1/lists/mine/files/%s", unknown[i]), NULL, 404),
                   format("no file \\\"%s\\\" of list \\\"mine\\\" has come in", unknown[i]));
    ask("DELETE", "/v1/lists/yours/files/main.csv", NULL, 404);
    ask("DELETE", "/v1/lists/good-guys/files/main.csv", NULL, 404);
    put("main.csv", main_file(8, 3), 201);
    assert_int_equal(rename(path("incoming"), path(".taking")), 0); /* a load was killed */
    ask("DELETE", "/v1/lists/mine/files/main.csv", NULL, 200);
    assert_has(shown(), "\"incoming\":[]");
    assert_int_equal(version(), 7);
}

/* -- what cannot be asked -- */

static void
what_makes_no_sense_is_said_with_its_place(void **state)
{
    static const struct {
        const char *method, *path, *body;
        int status;
        const char *says;
    } cases[] = {
        {"GET", "/v1/lists/yours", NULL, 404, "there is no list \\\"yours\\\""},
        {"GET", "/v1/lists/yours/history", NULL, 404, "there is no list \\\"yours\\\""},
        {"POST", "/v1/lists/yours/load", "", 404,
         "PUT its files to /v1/lists/yours/files/FILE"},
        {"POST", "/v1/lists/yours/shadow", "", 404, "PUT its files to"},
        {"POST", "/v1/lists/yours/rollback", "", 404, "there is no list"},
        {"POST", "/v1/lists/mine/load", "[]", 422,
         "\"pointer\":\"\",\"detail\":\"the body must"},
        {"POST", "/v1/lists/mine/load", "{", 400, "line 1"},
        {"POST", "/v1/lists/mine/load", "{\"digest\":5}", 422, "\"pointer\":\"/digest\""},
        {"POST", "/v1/lists/mine/load", "{\"digest\":\"sha256:12\"}", 422,
         "\"pointer\":\"/digest\""},
        {"POST", "/v1/lists/mine/load", "{\"digest\":\"sha256:" ZEROS "\"}", 404,
         "has no version sha256:000"},
        {"POST", "/v1/lists/mine/load", "{\"as_of\":\"2021-02-29\"}", 422,
         "\"pointer\":\"/as_of\""},
        {"POST", "/v1/lists/mine/load", "{\"as_of\":20210220}", 422, "\"pointer\":\"/as_of\""},
        {"POST", "/v1/lists/mine/load", "{\"shrink_percent_max\":101}", 422,
         "\"pointer\":\"/shrink_percent_max\""},
        {"POST", "/v1/lists/mine/load", "{\"shrink_percent_max\":1.5}", 422,
         "\"pointer\":\"/shrink_percent_max\""},
        {"POST", "/v1/lists/mine/shadow", "{\"shrink\":5}", 422, "\"pointer\":\"/shrink\""},
        {"POST", "/v1/lists/mine/load",
         "{\"as_of\":\"2021-02-20\",\"digest\":\"sha256:" ZEROS "\"}", 422,
         "\"pointer\":\"/as_of\",\"detail\":\"belongs to files that have come in"},
        {"POST", "/v1/lists/mine/load?digest=x", "", 400, "this path takes no query"},
        {"POST", "/v1/lists/mine/rollback", "{}", 400, "this path takes no body"},
        {"GET", "/v1/lists/mine/shadow", NULL, 404, "is shadowed"},
        {"DELETE", "/v1/lists/mine/shadow", NULL, 404, "is shadowed"},
        {"GET", "/v1/lists/.mine", NULL, 404, "a name has letters"},
        {"PUT", "/v1/lists/mine", "{}", 405, "does not take this method"},
    };

    (void)state;
    list_bank_load(&bank, 7, 3);
    put("main.csv", main_file(8, 3), 201);
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_has(ask(cases[i].method, cases[i].path, cases[i].body, cases[i].status),
                   cases[i].says);
    assert_int_equal(version(), 7);
    assert_has(shown(), "\"incoming\":[\"main.csv\"]");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(files_that_were_put_screen_once_they_are_loaded),
        TEST(a_list_from_a_day_on_counts_from_when_it_is_loaded),
        TEST(files_are_kept_under_the_digest_of_their_list),
        TEST(the_same_files_again_change_nothing),
        TEST(an_older_list_is_loaded_again_by_its_digest),
        TEST(a_list_in_shadow_changes_nothing_until_it_is_loaded),
        TEST(a_refused_list_names_its_rows_and_is_mended_file_by_file),
        TEST(rows_that_a_list_goes_without_are_told),
        TEST(what_is_no_list_is_refused_with_its_place),
        TEST(a_list_that_shrank_is_refused_unless_that_is_allowed),
        TEST(a_list_as_of_a_day_is_another_list),
        TEST(a_day_asks_for_a_history_that_has_come_in),
        TEST(a_roll_back_goes_to_the_list_before_and_then_to_none),
        TEST(files_of_a_load_that_was_killed_are_taken_up_again),
        TEST(every_list_that_something_has_come_in_for_is_told),
        TEST(a_list_that_another_gateway_is_loading_is_left_alone),
        TEST(a_file_that_is_just_coming_is_left_for_the_next_load),
        TEST(a_file_that_was_put_by_mistake_is_taken_back),
        TEST(what_makes_no_sense_is_said_with_its_place),
    };

    return cmocka_run_group_tests_name("lists", tests, NULL, NULL);
}
