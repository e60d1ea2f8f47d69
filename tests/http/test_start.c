/*
 * Starting and stopping the real binary: what it cannot load or open is said
 * in one line with the file and the remedy, and what it stored it still knows
 * after a restart.
 */
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gateway/base/file.h"
#include "gateway/base/time.h"
#include "tests/support/gateway.h"
#include "tests/support/http_client.h"
#include "tests/support/test.h"

#define KIT_UETR   "97ed4827-7b6f-4491-a06f-b548d5a7512d"
#define STUCK_UETR "97ed4827-7b6f-4491-a06f-b548d5a8" /* and four digits */

static char folder[] = "/tmp/yuangate-start-XXXXXX";
static char store[64];
static struct arena arena;

static int
make_folder(void **state)
{
    (void)state;
    snprintf(store, sizeof(store), "sqlite:%s/bank.db", mkdtemp(folder));
    return 0;
}

static int
remove_folder(void **state)
{
    char command[64];

    (void)state;
    arena_release(&arena);
    snprintf(command, sizeof(command), "rm -rf %s", folder);
    return system(command);
}

static int
remove_store(void **state)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", ".lock", "-lock"};
    char path[96];

    (void)state;
    for (size_t i = 0; i < COUNT(suffixes); i++) {
        snprintf(path, sizeof(path), "%s%s", store + strlen("sqlite:"), suffixes[i]);
        unlink(path);
    }
    return 0;
}

static void
what_cannot_be_started_is_said_in_one_line(void **state)
{
    static const struct {
        const char *arguments[6];
        int status;
        const char *says; /* a part of the line */
    } cases[] = {
        {{"--nonsense"}, 2, "there is no option \"--nonsense\""},
        {{"stray"}, 2, "there is no option \"stray\""},
        {{"--threads", "0"}, 2, "must be a number, 1 to 64"},
        {{"--threads", "2x"}, 2, "must be a number, 1 to 64"},
        {{"--seed"}, 2, "--seed needs a value"},
        {{"--simulate", "maybe"}, 2, "must be on or off"},
        {{"--log-level", "loud"}, 2, "none of debug, info, warn, error"},
        {{"--clock", "sundial"}, 1, "none of wall, from:TIME, manual:TIME, payment"},
        {{"--store", "paper:ledger"}, 1, "paper:ledger"},
        {{"--store", "sqlite:/nonexistent/folder/x.db"}, 1, "/nonexistent/folder/x.db"},
        {{"--book", "/nonexistent/book.json", "--check"}, 1, "/nonexistent/book.json"},
        {{"--config", "/nonexistent/config.json"}, 2, "/nonexistent/config.json"},
        {{"--packs", "/nonexistent", "--check"}, 1, "and there is no /nonexistent/"},
        {{"--goods", "/nonexistent", "--check"}, 1, "/nonexistent/high_priority.json"},
        {{"--book", "tests/scenarios/fixtures/books/strict.json", "--plugins", "/nonexistent"},
         1,
         "there is no /nonexistent/amount_hold.so"},
        {{"--policy", "/nonexistent/policy.so"}, 1, "/nonexistent/policy.so"},
        {{"--listen", "127.0.0.1:99999"}, 1, "127.0.0.1:99999"},
        {{"--listen", "not an address"}, 1, "not an address"},
    };
    struct gateway gateway;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *line, *feed;

        setenv("YUANGATE_STORE", "memory", 1); /* whatever a user keeps in this folder */
        if (gateway_start(&gateway, cases[i].arguments) == 0)
            fail_msg("%s %s started", cases[i].arguments[0], cases[i].arguments[1]);
        line = strstr(gateway.process.log, "yuangate: ");
        if (!line || !strstr(line, cases[i].says))
            fail_msg("%s %s said: %s", cases[i].arguments[0], cases[i].arguments[1],
                     gateway.process.log);
        feed = strchr(line, '\n');
        assert_true(feed && feed[1] == '\0'); /* one line, the last */
        assert_int_equal(gateway.process.status, cases[i].status);
    }
    unsetenv("YUANGATE_STORE");
}

/* Start with a configuration file that holds text; it must be refused with says. */
static void
refuse_config(const char *text, const char *says)
{
    char path[96];
    const char *const arguments[] = {"--config", path, NULL};
    struct gateway gateway;
    FILE *file;

    snprintf(path, sizeof(path), "%s/bad.json", folder);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    setenv("YUANGATE_STORE", "memory", 1);
    if (gateway_start(&gateway, arguments) == 0)
        fail_msg("%s started", text);
    if (gateway.process.status != 2 || !strstr(gateway.process.log, says))
        fail_msg("%s: %d %s", text, gateway.process.status, gateway.process.log);
    unsetenv("YUANGATE_STORE");
}

static void
a_bad_configuration_file_is_named_with_its_option(void **state)
{
    (void)state;
    refuse_config("[]", "must hold one JSON object");
    refuse_config("{", "line 1, column 2");
    refuse_config("{\"sede\":1}", "there is no option \"sede\"");
    refuse_config("{\"help\":true}", "there is no option \"help\"");
    refuse_config("{\"store\":1}", "\"store\" has a value of the wrong type");
    refuse_config("{\"listen\":[1]}", "\"listen\" must hold strings");
    refuse_config("{\"seed\":9007199254740993}", "write it as a string");
    refuse_config("{\"threads\":1.5}", "must be a number");
}

static const char *
sample(const char *uetr)
{
    struct error err = {0};
    char *text, *at;
    size_t len;

    if (file_read(&arena, "clients/examples/kit-payment.json", 65536, &text, &len, &err) != 0)
        fail_msg("%s", err.text);
    at = strstr(text, KIT_UETR);
    assert_non_null(at);
    memcpy(at, uetr, strlen(uetr));
    return text;
}

static void
start(struct gateway *gateway)
{
    const char *const arguments[] = {"--store", store, NULL};

    if (gateway_start(gateway, arguments) != 0)
        fail_msg("%s", gateway->process.log);
}

/* On a connection that stays open. */
static void
pay_kit(const struct gateway *gateway, struct http_client *client,
        struct http_client_reply *reply)
{
    assert_true(http_client_connect(client, gateway->address));
    assert_true(http_client_post(client, "/v1/payments", sample(KIT_UETR)));
    assert_true(http_client_next(client, reply));
    assert_int_equal(reply->status, 201);
}

/* The shipped book with a line break more: another snapshot that judges alike. */
static const char *
longer_book(void)
{
    const char *path = arena_printf(&arena, "%s/book.json", folder);
    struct error err = {0};
    char *text;
    size_t len;
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(
        file_read(&arena, "policy/books/china-2024.json", 1 << 20, &text, &len, &err), 0);
    fprintf(file, "%s\n", text);
    assert_int_equal(fclose(file), 0);
    return path;
}

static void
a_restarted_gateway_knows_what_it_stored(void **state)
{
    const char *const other_book[] = {"--store", store, "--book", longer_book(), NULL};
    struct http_client_reply first, again;
    struct http_client client;
    struct gateway gateway;
    char location[128], body[16384], explained[16384];

    (void)state;
    start(&gateway);
    pay_kit(&gateway, &client, &first);
    snprintf(location, sizeof(location), "%s", http_client_header(&client, &first, "location"));
    snprintf(body, sizeof(body), "%s", first.body);
    assert_true(http_client_get(&client, location));
    assert_true(http_client_next(&client, &again));
    assert_non_null(strstr(again.body, "\"decisive\":[\""));
    snprintf(explained, sizeof(explained), "%s", again.body);
    http_client_close(&client);
    assert_int_equal(gateway_stop(&gateway), 0);

    start(&gateway);
    assert_true(http_client_connect(&client, gateway.address));
    assert_true(http_client_get(&client, location));
    assert_true(http_client_next(&client, &again));
    assert_int_equal(again.status, 200);
    assert_string_equal(again.body, explained);
    http_client_close(&client);
    assert_int_equal(gateway_stop(&gateway), 0);

    /* Under another snapshot the answer stands, and nobody explains it in hindsight. */
    assert_int_equal(gateway_start(&gateway, other_book), 0);
    assert_true(http_client_connect(&client, gateway.address));
    assert_true(http_client_get(&client, location));
    assert_true(http_client_next(&client, &again));
    assert_string_equal(again.body, body);
    assert_true(http_client_post(&client, "/v1/payments", sample(KIT_UETR)));
    assert_true(http_client_next(&client, &again));
    assert_string_equal(again.body, body);
    assert_string_equal(http_client_header(&client, &again, "idempotent-replayed"), "true");
    http_client_close(&client);
    assert_int_equal(gateway_stop(&gateway), 0);
}

/* The default clock starts in April; a store that has seen May goes on in May. */
static void
a_restarted_bank_does_not_live_through_a_morning_twice(void **state)
{
    const char *const in_may[] = {"--store", store, "--clock", "from:2024-05-01", NULL};
    struct http_client_reply reply;
    struct http_client client;
    struct gateway gateway;

    (void)state;
    assert_int_equal(gateway_start(&gateway, in_may), 0);
    pay_kit(&gateway, &client, &reply);
    http_client_close(&client);
    assert_int_equal(gateway_stop(&gateway), 0);

    start(&gateway);
    assert_true(http_client_connect(&client, gateway.address));
    assert_true(http_client_get(&client, "/v1/clock"));
    assert_true(http_client_next(&client, &reply));
    assert_non_null(strstr(reply.body, "\"now\":\"2024-05-01T"));
    http_client_close(&client);
    assert_int_equal(gateway_stop(&gateway), 0);
}

static void
a_store_belongs_to_its_seed_and_to_one_gateway(void **state)
{
    const char *const other_seed[] = {"--store", store, "--seed", "7", NULL};
    const char *const second[] = {"--store", store, NULL};
    struct gateway gateway, another;

    (void)state;
    start(&gateway);
    assert_int_equal(gateway_start(&another, second), -1);
    assert_non_null(strstr(another.process.log, "bank.db"));
    assert_int_equal(gateway_stop(&gateway), 0);
    assert_int_equal(gateway_start(&another, other_seed), -1);
    assert_non_null(strstr(another.process.log, "seed"));
    assert_int_equal(another.process.status, 1);
}

/* With a part of its memory gone a bank would approve what it must not. */
static void
a_store_with_a_damaged_memory_is_refused_with_its_record(void **state)
{
    const char *const arguments[] = {"--store", store, NULL};
    struct http_client_reply reply;
    struct http_client client;
    struct gateway gateway;
    sqlite3 *db;

    (void)state;
    start(&gateway);
    pay_kit(&gateway, &client, &reply);
    http_client_close(&client);
    assert_int_equal(gateway_stop(&gateway), 0);
    assert_int_equal(sqlite3_open(store + strlen("sqlite:"), &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "UPDATE payment SET note = x'07'", NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_changes(db), 1);
    sqlite3_close(db);
    assert_int_equal(gateway_start(&gateway, arguments), -1);
    assert_int_equal(gateway.process.status, 1);
    assert_non_null(strstr(gateway.process.log, "bank.db: record "));
    assert_non_null(strstr(gateway.process.log, "sound copy"));
}

/* From the plugin's nonsense to the reply: held, and no wish makes it an approval. */
static void
what_a_policy_fails_to_judge_is_held_whatever_is_wished(void **state)
{
    static const char book_text[] =
        "{\"book\":\"bad\",\"default_action\":\"accept\",\"banks\":[{\"bic\":\"HLDBCNBS\","
        "\"name\":\"Hulan\",\"class\":\"joint_stock\"}],\"regimes\":[{\"from\":\"2024-01-01\","
        "\"policies\":{\"*\":[{\"plugin\":\"bad_answer\",\"options\":{\"answer\":\"99\"}}]}}]}";
    char book[96], plugin[96];
    const char *const arguments[] = {"--store",  "memory", "--book", book,
                                     "--policy", plugin,   NULL};
    const char *payment = sample(KIT_UETR), *rail = strstr(payment, "\"rail\"");
    struct http_client_reply reply;
    struct http_client client;
    struct gateway gateway;
    FILE *file;

    (void)state;
    snprintf(plugin, sizeof(plugin), "%s/tests/abi/bad_answer.so", gateway_build());
    snprintf(book, sizeof(book), "%s/bad_book.json", folder);
    file = fopen(book, "w");
    assert_non_null(file);
    fputs(book_text, file);
    fclose(file);
    if (gateway_start(&gateway, arguments) != 0)
        fail_msg("%s", gateway.process.log);
    assert_true(http_client_connect(&client, gateway.address));
    for (int wish = 0; wish <= 1; wish++) {
        assert_true(http_client_post(
            &client, "/v1/evaluations",
            arena_printf(&arena, "%.*s%s%s", (int)(rail - payment), payment,
                         wish ? "\"simulate\":{\"outcome\":\"approved\"}," : "", rail)));
        assert_true(http_client_next(&client, &reply));
        assert_int_equal(reply.status, 200);
        assert_non_null(strstr(reply.body, "\"outcome\":\"held\""));
        assert_non_null(strstr(reply.body, "\"errors\":[{\"policy\":\"bad_answer@1.0.0\""));
    }
    http_client_close(&client);
    assert_int_equal(gateway_stop(&gateway), 0);
}

/* Impatient fingers: also a signal during the last moments finds nothing freed. */
static void
signals_to_the_very_end_do_no_harm(void **state)
{
    const char *const arguments[] = {"--store", "memory", NULL};
    struct gateway gateway;

    (void)state;
    for (int round = 0; round < 10; round++) {
        int64_t deadline = monotonic_ms() + HTTP_CLIENT_WAIT_MS;

        assert_int_equal(gateway_start(&gateway, arguments), 0);
        for (siginfo_t info = {0}; info.si_pid == 0;) {
            assert_true(monotonic_ms() < deadline);
            kill(gateway.pid, SIGTERM);
            assert_int_equal(
                waitid(P_PID, (id_t)gateway.pid, &info, WEXITED | WNOHANG | WNOWAIT), 0);
        }
        assert_int_equal(gateway_stop(&gateway), 0);
    }
}

/* Files of the gateway may not grow past this: the disk is full, as it were. */
static void
limit_file_size(rlim_t bytes)
{
    struct rlimit limit;

    signal(SIGXFSZ, bytes == RLIM_INFINITY ? SIG_DFL : SIG_IGN); /* inherited */
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void
a_store_that_cannot_write_gets_503_and_nothing_is_approved(void **state)
{
    struct http_client_reply reply;
    struct http_client client;
    struct gateway gateway;
    int stored = 0, status = 201, found = 0;

    (void)state;
    limit_file_size(1 << 20);
    start(&gateway);
    limit_file_size(RLIM_INFINITY);
    assert_true(http_client_connect(&client, gateway.address));
    while (status == 201 && stored < 5000) {
        char uetr[40];

        snprintf(uetr, sizeof(uetr), STUCK_UETR "%04x", stored);
        assert_true(http_client_post(&client, "/v1/payments", sample(uetr)));
        assert_true(http_client_next(&client, &reply));
        status = reply.status;
        stored += status == 201;
    }
    assert_int_equal(status, 503);
    assert_true(stored > 0);
    assert_non_null(http_client_header(&client, &reply, "retry-after"));
    assert_true(http_client_post(&client, "/v1/payments",
                                 sample(arena_printf(&arena, STUCK_UETR "%04x", stored))));
    assert_true(http_client_next(&client, &reply));
    assert_int_equal(reply.status, 503); /* not 409: the refused one left no claim behind */
    assert_true(http_client_get(&client, "/readyz"));
    assert_true(http_client_next(&client, &reply));
    assert_int_equal(reply.status, 503);
    http_client_close(&client);
    gateway_stop(&gateway);

    start(&gateway); /* the disk has room again */
    assert_true(http_client_connect(&client, gateway.address));
    for (int i = 0; i <= stored; i++) {
        char path[96];

        snprintf(path, sizeof(path), "/v1/payments?uetr=" STUCK_UETR "%04x", i);
        assert_true(http_client_get(&client, path));
        assert_true(http_client_next(&client, &reply));
        found += strstr(reply.body, "\"outcome\"") != NULL;
    }
    assert_int_equal(found, stored); /* each acknowledged one, and not the refused one */
    http_client_close(&client);
    assert_int_equal(gateway_stop(&gateway), 0);
}

static void
options_come_from_file_environment_and_arguments_in_that_order(void **state)
{
    char path[96];
    const char *const file_only[] = {"--config", path, NULL};
    const char *const all[] = {"--config", path, "--clock", "manual:2024-05-03", NULL};
    struct gateway gateway;
    FILE *file;
    static const struct {
        bool environment, argument;
        const char *day;
    } cases[] = {
        {false, false, "2024-05-01"}, {true, false, "2024-05-02"}, {true, true, "2024-05-03"}};

    (void)state;
    snprintf(path, sizeof(path), "%s/config.json", folder);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs("{\"store\":\"memory\",\"clock\":\"manual:2024-05-01\",\"threads\":1}", file);
    fclose(file);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct http_client_reply reply;
        struct http_client client;

        if (cases[i].environment)
            setenv("YUANGATE_CLOCK", "manual:2024-05-02", 1);
        assert_int_equal(gateway_start(&gateway, cases[i].argument ? all : file_only), 0);
        unsetenv("YUANGATE_CLOCK");
        assert_true(http_client_connect(&client, gateway.address));
        assert_true(http_client_get(&client, "/v1/clock"));
        assert_true(http_client_next(&client, &reply));
        assert_non_null(strstr(reply.body, cases[i].day));
        http_client_close(&client);
        assert_int_equal(gateway_stop(&gateway), 0);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_started_is_said_in_one_line),
        cmocka_unit_test(a_bad_configuration_file_is_named_with_its_option),
        cmocka_unit_test_teardown(a_restarted_gateway_knows_what_it_stored, remove_store),
        cmocka_unit_test_teardown(a_restarted_bank_does_not_live_through_a_morning_twice,
                                  remove_store),
        cmocka_unit_test_teardown(a_store_belongs_to_its_seed_and_to_one_gateway, remove_store),
        cmocka_unit_test_teardown(a_store_that_cannot_write_gets_503_and_nothing_is_approved,
                                  remove_store),
        cmocka_unit_test_teardown(a_store_with_a_damaged_memory_is_refused_with_its_record,
                                  remove_store),
        cmocka_unit_test(what_a_policy_fails_to_judge_is_held_whatever_is_wished),
        cmocka_unit_test(signals_to_the_very_end_do_no_harm),
        cmocka_unit_test(options_come_from_file_environment_and_arguments_in_that_order),
    };

    return cmocka_run_group_tests_name("start", tests, make_folder, remove_folder);
}
