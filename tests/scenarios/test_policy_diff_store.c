/*
 * yuanctl policy diff --store, the built program, on what a gateway has stored.
 *
 * Payment i of PAYMENTS is for i * 1000 minor units, decided i minutes after midnight:
 * odd ones in yen, even ones in yuan.  The pack "watch" holds what is above 100,000
 * minor units, payments 101 on; "watch-strict" holds all.
 */
#include "tests/support/test.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clients/answer.h"
#include "gateway/base/buffer.h"
#include "gateway/base/file.h"
#include "gateway/base/json.h"
#include "gateway/store/chain.h"
#include "gateway/store/store.h"
#include "policy/chance.h"
#include "tests/support/gateway.h"
#include "tests/support/http_client.h"
#include "tests/support/temp_store.h"
#include "tests/support/yuanctl.h"

#define PACKS          "tests/scenarios/fixtures/packs/"
#define WATCH          PACKS "watch.json"
#define STRICT         PACKS "watch-strict.json"
#define PAYMENTS       700
#define SEED           7
#define FILE_BYTES_MAX 8388608

static struct temp_store original, temp; /* one is filled once, the other is each test's */
static int before_first;                 /* records before the first payment's */
static struct arena arena;

/* --- a store ----------------------------------------------------------------------------- */

static const char *
uetr_of(int i)
{
    return arena_printf(&arena, "97ed4827-7b6f-4491-a000-%012x", i);
}

static const char *
payment_line(int i)
{
    return arena_printf(
        &arena,
        "{\"uetr\":\"%s\",\"end_to_end_id\":\"T-1\",\"created_at\":\"2024-04-17T%02d:%02d:00"
        "+08:00\",\"amount\":{\"currency\":\"%s\",\"value\":\"%d%s\"},\"debtor\":{\"name\":"
        "\"OOO Igrushka\",\"country\":\"RU\"},\"debtor_agent\":{\"bic\":\"SVRBRUMM\"},"
        "\"creditor_agent\":{\"bic\":\"HLDBCNBS\"},\"creditor\":{\"name\":\"Ningbo Toys\","
        "\"country\":\"CN\"},\"goods\":[{\"description\":\"dolls\"},{\"description\":"
        "\"kites\"},{\"description\":\"balls\"}]}\n",
        uetr_of(i), i / 60, i % 60, i % 2 ? "JPY" : "CNY", i % 2 ? i * 1000 : i * 10,
        i % 2 ? "" : ".00");
}

/* Payments first to last in one batch. */
static void
pay(const struct gateway *gateway, int first, int last)
{
    struct http_client client;
    struct http_client_reply reply;
    struct buffer body;
    int stored = 0;

    buffer_init(&body, &arena, 65536);
    for (int i = first; i <= last; i++)
        buffer_text(&body, payment_line(i));
    assert_true(http_client_connect(&client, gateway->address));
    assert_true(http_client_send(
        &client, arena_printf(&arena,
                              "POST /v1/payments/batch HTTP/1.1\r\nHost: bank\r\nContent-Type: "
                              "application/x-ndjson\r\nContent-Length: %zu\r\n\r\n",
                              body.len)));
    assert_true(http_client_send_bytes(&client, body.data, body.len));
    assert_true(http_client_next(&client, &reply));
    for (const char *at = reply.body; (at = strstr(at, "\"status\":201")); at++)
        stored++;
    assert_int_equal(stored, last - first + 1);
    http_client_close(&client);
}

static void
gateway_on(const struct temp_store *store, struct gateway *gateway)
{
    const char *arguments[] = {"--store", arena_printf(&arena, "sqlite:%s", store->path),
                               "--clock", "payment",
                               "--seed",  "7",
                               NULL};

    assert_int_equal(gateway_start(gateway, arguments), 0);
}

/* The number of payment i's record, as the listings print it: behind those of the roll-out
 * that the gateway's start wrote, and from 351 on behind an event too. */
static int
seq_of(int i)
{
    return before_first + i + (i > 350);
}

static int
count_rollouts(void)
{
    struct store_filter all = {0};
    struct store_entry *entries;
    struct error err = {0};
    struct store *store;
    uint64_t seed;
    size_t count = 0;

    if (store_sqlite.view(original.path, &seed, &store, &err) != 0)
        return -1;
    if (store->ops->rollouts(store, &all, 1000, &arena, &entries, &count, &err) == 0)
        before_first = (int)count;
    store->ops->close(store);
    return before_first > 0 ? 0 : -1;
}

/* Behind payment 350 comes a record that is no payment. */
static int
append_event(void)
{
    struct store_entry entry = {.kind = RECORD_EVENT, .body = "{}", .body_len = 2};
    const struct store_entry *const entries[] = {&entry};
    uint8_t chain[SHA256_BYTES];
    struct error err = {0};
    struct store *store;
    int rc;

    if (store_sqlite.open(original.path, SEED, &store, &err) != 0 ||
        store->ops->head(store, &entry.seq, chain, &err) != 0)
        return -1;
    entry.seq++;
    chain_next(chain, entry.seq, entry.body, entry.body_len, entry.chain);
    rc = store->ops->append(store, entries, 1, &err);
    store->ops->close(store);
    return rc;
}

static int
set_up(void **state)
{
    struct gateway gateway;

    (void)state;
    if (temp_store_make(&original) != 0)
        return -1;
    gateway_on(&original, &gateway);
    pay(&gateway, 1, 350);
    if (gateway_stop(&gateway) != 0 || count_rollouts() != 0 || append_event() != 0)
        return -1;
    gateway_on(&original, &gateway);
    pay(&gateway, 351, PAYMENTS);
    return gateway_stop(&gateway);
}

static int
tear_down(void **state)
{
    (void)state;
    temp_store_remove(&original);
    arena_release(&arena);
    return 0;
}

static int
copy_store(void **state)
{
    struct error err = {0};
    char *bytes;
    size_t len;
    FILE *file;

    (void)state;
    if (temp_store_make(&temp) != 0 ||
        file_read(&arena, original.path, FILE_BYTES_MAX, &bytes, &len, &err) != 0)
        return -1;
    file = fopen(temp.path, "w");
    return file && fwrite(bytes, 1, len, file) == len && fclose(file) == 0 ? 0 : -1;
}

static int
remove_store(void **state)
{
    (void)state;
    temp_store_remove(&temp);
    arena_reset(&arena);
    return 0;
}

/* Change the file behind the gateway's back. */
static void
tamper(const char *sql)
{
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(temp.path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_close(db);
}

/* yuanctl policy diff of the store with more arguments. */
static int
diff(const char *packs, const char *more, char output[YUANCTL_OUTPUT_SIZE])
{
    return yuanctl(
        arena_printf(&arena, "policy diff %s --store sqlite:%s %s", packs, temp.path, more),
        output);
}

/* The n-th line from the end, from 0, parsed. */
static const cJSON *
json_line(char *text, int n)
{
    size_t end = strlen(text), begin;
    struct error err = {0};
    cJSON *json;

    for (;; n--) {
        assert_true(end > 0);
        for (begin = --end; begin > 0 && text[begin - 1] != '\n'; begin--)
            ;
        if (n == 0)
            break;
        end = begin;
    }
    if (json_parse(&arena, text + begin, end - begin, &json, &err) != 0)
        fail_msg("%s: %s", err.text, text + begin);
    return json;
}

/* The pack "watch" with WAT-01's condition replaced, in the store's folder. */
static const char *
variant(const char *condition)
{
    static const char old[] = "payment.amount.minor > params.limit";
    const char *path = arena_printf(&arena, "%s/variant.json", temp.folder);
    struct error err = {0};
    char *text, *at;
    FILE *file;
    size_t len;

    assert_int_equal(file_read(&arena, WATCH, FILE_BYTES_MAX, &text, &len, &err), 0);
    at = strstr(text, old);
    assert_non_null(at);
    file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "%.*s%s%s", (int)(at - text), text, condition, at + strlen(old));
    assert_int_equal(fclose(file), 0);
    return path;
}

/* --- what is told ------------------------------------------------------------------------ */

static void
changed_payments_are_counted_by_move_and_by_rule_with_their_value(void **state)
{
    char output[YUANCTL_OUTPUT_SIZE];

    (void)state;
    assert_int_equal(diff(WATCH " " STRICT, "--limit 2", output), 1);
    assert_string_equal(
        output, arena_printf(
                    &arena,
                    "sqlite:%s: A watch@1.0.0, B watch-strict@2.0.0\n\n"
                    "%8d  97ed4827-7b6f-4491-a000-000000000001  "
                    "2024-04-17T00:01:00.000+08:00  JPY "
                    "1000\n"
                    "          A  abstain\n"
                    "          B  hold WAT-01\n"
                    "%8d  97ed4827-7b6f-4491-a000-000000000002  "
                    "2024-04-17T00:02:00.000+08:00  CNY "
                    "20.00\n"
                    "          A  abstain\n"
                    "          B  hold WAT-01\n"
                    "\n"
                    "100 of 700 payments judged otherwise; the first 2 are shown\n"
                    "     100  abstain -> hold                     CNY 25500.00, JPY 2500000\n"
                    "by rule\n"
                    "     100  B WAT-01                            CNY 25500.00, JPY 2500000\n",
                    temp.path, seq_of(1), seq_of(2)));
    assert_int_equal(diff(STRICT " " WATCH, "--limit 0", output), 1);
    assert_has(output, "\n\n100 of 700 payments judged otherwise; the first 0 are shown\n"
                       "     100  hold -> abstain  ");
    assert_has(output, "\nby rule\n     100  A WAT-01  ");
}

/* 3,000 + 97,000 ... is what A holds, 5,000 what B cannot divide. */
static void
a_rule_that_fails_is_a_change_of_its_own(void **state)
{
    char output[YUANCTL_OUTPUT_SIZE];
    const char *packs =
        arena_printf(&arena, WATCH " %s", variant("1 / (payment.amount.minor - 5000) > 5"));

    (void)state;
    assert_int_equal(diff(packs, "--limit 1", output), 1);
    assert_has(output, arena_printf(&arena,
                                    "%8d  97ed4827-7b6f-4491-a000-000000000005  "
                                    "2024-04-17T00:05:00.000+08:00  JPY 5000\n"
                                    "          A  abstain\n"
                                    "          B  hold\n"
                                    "             WAT-01: division by zero\n",
                                    seq_of(5)));
    assert_has(output, "601 of 700 payments judged otherwise; the first 1 are shown\n"
                       "     600  hold -> abstain                     CNY 1203000.00, JPY "
                       "120000000\n"
                       "       1  abstain -> hold                     JPY 5000\n"
                       "by rule\n"
                       "     600  A WAT-01                            CNY 1203000.00, JPY "
                       "120000000\n"
                       "       1  B could not answer                  JPY 5000\n");
}

static void
json_tells_each_change_and_the_whole(void **state)
{
    char output[YUANCTL_OUTPUT_SIZE];
    const cJSON *line;

    (void)state;
    assert_int_equal(diff(WATCH " " STRICT, "--json --limit 2", output), 1);
    line = json_line(output, 1);
    assert_int_equal(answer_at(line, "seq")->valueint, seq_of(2));
    assert_string_equal(answer_text(line, "uetr"), uetr_of(2));
    assert_int_equal(strlen(answer_text(line, "id")), 36);
    assert_string_equal(answer_text(line, "decided_at"), "2024-04-17T00:02:00.000+08:00");
    assert_string_equal(answer_text(line, "amount/currency"), "CNY");
    assert_string_equal(answer_text(line, "amount/value"), "20.00");
    assert_true(cJSON_IsNull(answer_at(line, "a/outcome")));
    assert_string_equal(answer_text(line, "b/outcome"), "held");
    assert_string_equal(answer_at(line, "b/rules")->child->valuestring, "WAT-01");
    line = json_line(output, 0);
    assert_string_equal(answer_text(line, "a"), "watch@1.0.0");
    assert_int_equal(answer_at(line, "payments")->valueint, 700);
    assert_int_equal(answer_at(line, "changed")->valueint, 100);
    assert_int_equal(answer_at(line, "unread")->valueint, 0);
    line = answer_at(line, "moves")->child;
    assert_string_equal(answer_text(line, "from"), "abstain");
    assert_string_equal(answer_text(line, "to"), "hold");
    assert_string_equal(answer_text(line, "amounts/JPY"), "2500000");
    line = answer_at(json_line(output, 0), "rules")->child;
    assert_string_equal(answer_text(line, "pack"), "b");
    assert_string_equal(answer_text(line, "rule"), "WAT-01");
    assert_int_equal(answer_at(line, "payments")->valueint, 100);
    assert_string_equal(answer_text(line, "amounts/CNY"), "25500.00");
}

static void
no_more_are_shown_than_asked_for(void **state)
{
    static const int limits[] = {0, 1, 127, 128, 129, 300, 699, 700, 1000};
    const char *packs = arena_printf(&arena, STRICT " %s", variant("false"));

    (void)state;
    for (size_t i = 0; i < COUNT(limits); i++) {
        char output[YUANCTL_OUTPUT_SIZE];
        int shown = 0;

        diff(packs, arena_printf(&arena, "--limit %d", limits[i]), output);
        for (const char *at = output; (at = strstr(at, "\n          A  hold WAT-01")); at++)
            shown++;
        assert_int_equal(shown, limits[i] < PAYMENTS ? limits[i] : PAYMENTS);
        if (limits[i] < PAYMENTS)
            assert_has(output, arena_printf(&arena, "; the first %d are shown\n", limits[i]));
        else
            assert_has(output, "\n700 of 700 payments judged otherwise\n");
    }
}

static void
any_number_of_threads_prints_the_same_bytes(void **state)
{
    static const char *const forms[] = {"--limit 1000", "--limit 7", "--json --limit 1000",
                                        "--from 2024-04-17T01:00:00 --to 2024-04-17T10:00:00"};

    (void)state;
    for (size_t i = 0; i < COUNT(forms); i++) {
        char one[YUANCTL_OUTPUT_SIZE], many[YUANCTL_OUTPUT_SIZE];

        assert_int_equal(
            diff(WATCH " " STRICT, arena_printf(&arena, "%s --threads 1", forms[i]), one), 1);
        assert_true(strlen(one) < YUANCTL_OUTPUT_SIZE - 1);
        for (int threads = 2; threads <= 16; threads *= 2) {
            const char *more = arena_printf(&arena, "%s --threads %d", forms[i], threads);

            assert_int_equal(diff(WATCH " " STRICT, more, many), 1);
            assert_string_equal(one, many);
        }
    }
}

/* --- under which circumstances ----------------------------------------------------------- */

static void
a_period_is_of_decisions_and_ends_before_its_end(void **state)
{
    /* Payment i is decided at minute i; those to 1:40 change. */
    static const struct {
        const char *period;
        const char *says;
    } cases[] = {
        {"--from 2024-04-17T00:10:00+08:00 --to 2024-04-17T00:20:00+08:00",
         "\n10 of 10 payments judged otherwise\n"},
        {"--from 2024-04-17T01:40:00+08:00", "\n1 of 601 payments judged otherwise\n"},
        {"--from 2024-04-17T01:40:00.001", "\n0 of 600 payments judged otherwise\n"},
        {"--to 2024-04-17T01:40:00", "\n99 of 99 payments judged otherwise;"},
        {"--to 2024-04-16T16:05:00Z", "\n4 of 4 payments judged otherwise\n"},
        {"--from 2024-04-18", "\n0 of 0 payments judged otherwise\n"},
        {"--from 2024-04-17 --to 2024-04-18", "\n100 of 700 payments judged otherwise;"},
        {"--from 2024-04-17 --to 2024-04-17T12:00:00",
         ", from 2024-04-17T00:00:00.000+08:00, before 2024-04-17T12:00:00.000+08:00: A watch"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char output[YUANCTL_OUTPUT_SIZE];

        diff(WATCH " " STRICT, cases[i].period, output);
        assert_has(output, cases[i].says);
    }
}

static void
packs_are_asked_at_the_time_of_the_decision(void **state)
{
    const char *packs = arena_printf(&arena, STRICT " %s",
                                     variant("now != timestamp('2024-04-17T05:51:00+08:00')"));
    char output[YUANCTL_OUTPUT_SIZE];

    (void)state;
    assert_int_equal(diff(packs, "", output), 1);
    assert_has(
        output,
        arena_printf(&arena,
                     "%8d  97ed4827-7b6f-4491-a000-00000000015f  2024-04-17T05:51:00.000"
                     "+08:00  JPY 351000\n          A  hold WAT-01\n          B  abstain\n",
                     seq_of(351)));
    assert_has(output, "\n1 of 700 payments judged otherwise\n");
}

static void
chance_falls_by_the_seed_of_the_store(void **state)
{
    const char *packs = arena_printf(&arena, STRICT " %s", variant("chance(0.5)"));
    char output[YUANCTL_OUTPUT_SIZE];
    int spared = 0;

    (void)state;
    for (int i = 1; i <= PAYMENTS; i++)
        spared += chance_draw(SEED, uetr_of(i), "WAT-01", 0) >= 0.5;
    assert_in_range(spared, 300, 400);
    assert_int_equal(diff(packs, "", output), 1);
    assert_has(output, arena_printf(&arena, "\n%d of 700 payments judged otherwise;", spared));
}

/* At a foreign bank WAT-03 holds whatever WAT-01 says. */
static void
the_class_of_the_bank_is_the_books(void **state)
{
    const char *book = arena_printf(&arena, "%s/book.json", temp.folder);
    FILE *file = fopen(book, "w");
    char output[YUANCTL_OUTPUT_SIZE];

    (void)state;
    assert_non_null(file);
    fputs("{\"book\":\"other\",\"default_action\":\"accept\",\"banks\":[{\"bic\":\"HLDBCNBS\","
          "\"name\":\"Hulan\",\"class\":\"foreign\"}],\"regimes\":[{\"from\":\"2024-01-01\","
          "\"policies\":{\"*\":[{\"plugin\":\"kit_block\"}]}}]}",
          file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(diff(WATCH " " STRICT, arena_printf(&arena, "--book %s", book), output),
                     0);
    assert_has(output, "\n0 of 700 payments judged otherwise\n");
    assert_int_equal(diff(WATCH " " STRICT, "--book china-2024", output), 1);
}

static void
a_pack_against_itself_changes_nothing(void **state)
{
    char output[YUANCTL_OUTPUT_SIZE];

    (void)state;
    assert_int_equal(diff(STRICT " " STRICT, "", output), 0);
    assert_string_equal(output, arena_printf(&arena,
                                             "sqlite:%s: A watch-strict@2.0.0, B "
                                             "watch-strict@2.0.0\n\n0 of 700 payments judged "
                                             "otherwise\n",
                                             temp.path));
}

/* --- what goes wrong --------------------------------------------------------------------- */

static void
records_that_cannot_be_read_are_named_and_the_others_counted(void **state)
{
    char output[YUANCTL_OUTPUT_SIZE];

    (void)state;
    tamper(arena_printf(
        &arena,
        "UPDATE record SET body = x'00' WHERE seq = %d;"
        "UPDATE record SET body = substr(body, 1, length(body) - 1) WHERE seq = %d;"
        "UPDATE record SET body = CAST(replace(CAST(body AS TEXT), '\"amount\"', '\"omount\"')"
        " AS BLOB) WHERE seq = %d;"
        "UPDATE record SET body = CAST(replace(CAST(body AS TEXT), '{\"uetr\"', '[\"uetr\"')"
        " AS BLOB) WHERE seq = %d",
        seq_of(3), seq_of(300), seq_of(499), seq_of(PAYMENTS)));
    assert_int_equal(diff(WATCH " " STRICT, "--limit 0", output), 2);
    assert_has(output, "\n99 of 696 payments judged otherwise; the first 0 are shown\n");
    assert_has(output, arena_printf(&arena,
                                    "\n4 left out: their records cannot be read\n"
                                    "%8d  record: expected a payment's head line, ",
                                    seq_of(3)));
    assert_has(output, arena_printf(&arena, "\n%8d  record: expected ", seq_of(300)));
    assert_has(output,
               arena_printf(&arena, "\n%8d  its request: payment/omount: ", seq_of(499)));
    assert_has(output,
               arena_printf(&arena, "\n%8d  its request: line 1, column ", seq_of(PAYMENTS)));
    assert_has(output, "yuanctl: 4 stored records cannot be read\n");
    assert_int_equal(diff(STRICT " " STRICT, "--json 2>/dev/null", output), 2);
    assert_int_equal(answer_at(json_line(output, 4), "seq")->valueint, seq_of(3));
    assert_has(answer_text(json_line(output, 2), "error"), "its request: payment/omount: ");
    assert_int_equal(answer_at(json_line(output, 0), "unread")->valueint, 4);
    assert_int_equal(answer_at(json_line(output, 0), "payments")->valueint, 696);
}

static void
no_more_than_twenty_bad_records_are_named(void **state)
{
    char output[YUANCTL_OUTPUT_SIZE];

    (void)state;
    tamper(arena_printf(&arena, "UPDATE record SET body = x'00' WHERE seq <= %d", seq_of(200)));
    assert_int_equal(diff(WATCH " " STRICT, "", output), 2);
    assert_has(
        output,
        arena_printf(&arena,
                     "\n200 left out: their records cannot be read\n%8d  record: ", seq_of(1)));
    assert_has(output, arena_printf(&arena, "\n%8d  record: ", seq_of(20)));
    assert_null(strstr(output, arena_printf(&arena, "\n%8d  record: ", seq_of(21))));
    assert_has(output, "\n0 of 500 payments judged otherwise\n");
}

/* Pages of the file overwritten one after the other: payments are told or missed, never
 * a payment twice or a crash, and what is missed is said. */
static void
a_damaged_file_gives_what_can_be_read_of_it(void **state)
{
    static const char garbage[8192] = {1, 2, 3, 4, 5, 6, 7, 8};
    long size = temp_store_size(&temp, "");
    int unread = 0;

    for (long at = 1; at < size / (long)sizeof(garbage); at += 13) {
        char output[YUANCTL_OUTPUT_SIZE];
        int fd = open(temp.path, O_WRONLY), status, judged = 0;
        const char *of;

        assert_int_equal(pwrite(fd, garbage, sizeof(garbage), at * (long)sizeof(garbage)),
                         sizeof(garbage));
        close(fd);
        status = diff(WATCH " " STRICT, "--limit 0", output);
        of = strstr(output, "\n\n");
        of = of ? strstr(of, " of ") : NULL;
        if (of)
            assert_int_equal(sscanf(of, " of %d", &judged), 1);
        assert_in_range(judged, 0, PAYMENTS);
        if (judged < PAYMENTS)
            assert_int_equal(status, 2);
        unread += of && judged < PAYMENTS;
        remove_store(state);
        assert_int_equal(copy_store(state), 0);
    }
    assert_true(unread > 3);
}

static void
what_makes_no_sense_is_said_in_words(void **state)
{
    static const struct {
        const char *arguments;
        const char *says;
    } cases[] = {
        /* clang-format off */
        {"", "policy diff needs --scenario FILE or --store sqlite:PATH\n"},
        {"--store memory --scenario x", "policy diff needs --scenario FILE or --store sqlite:PATH, not both"},
        {"--scenario x --from 2024-04-17", "--from belongs to policy diff --store"},
        {"--scenario x --threads 2", "--threads belongs to policy diff --store"},
        {"--store memory", "store memory: only the gateway that keeps it can read it"},
        {"--store postgres://x", "store: expected sqlite:PATH or memory, found \"postgres://x\""},
        {"--store sqlite:/no/such.db", "store /no/such.db: No such file or directory; choose another"},
        {"--store sqlite:README.md", "store README.md: expected a yuangate store, found no database"},
        {"--store sqlite:x --from soon", "--from: expected a time such as 2024-04-15T09:00:00+08:00; found \"soon\""},
        {"--store sqlite:x --to 17.4.", "--to: expected a time such as "},
        {"--store sqlite:x --from 2024-05-01 --to 2024-05-01", "--from 2024-05-01 is not before --to 2024-05-01"},
        {"--store sqlite:x --limit -1", "--limit: expected 0 to 1000000000; found \"-1\""},
        {"--store sqlite:x --limit 3x", "--limit: expected 0 to 1000000000; found \"3x\""},
        {"--store sqlite:x --threads 0", "--threads: expected 1 to 16; found \"0\""},
        {"--store sqlite:x --threads 17", "--threads: expected 1 to 16; found \"17\""},
        {"--store sqlite:x --book atlantis", "atlantis"},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char output[YUANCTL_OUTPUT_SIZE];
        int status = yuanctl(
            arena_printf(&arena, "policy diff " WATCH " " STRICT " %s", cases[i].arguments),
            output);

        assert_has(output, cases[i].says);
        if (status != 2)
            fail_msg("%s: status %d", cases[i].arguments, status);
    }
}

/* --- beside others ----------------------------------------------------------------------- */

static void
a_gateway_goes_on_beside_it(void **state)
{
    struct gateway gateway;

    (void)state;
    gateway_on(&temp, &gateway);
    for (int i = PAYMENTS + 1; i <= PAYMENTS + 10; i++) {
        char output[YUANCTL_OUTPUT_SIZE];

        pay(&gateway, i, i);
        assert_int_equal(diff(WATCH " " STRICT, "--limit 0", output), 1);
        assert_has(output, arena_printf(&arena, "\n100 of %d payments judged otherwise;", i));
    }
    assert_int_equal(gateway_stop(&gateway), 0);
    gateway_on(&temp, &gateway);
    pay(&gateway, PAYMENTS + 11, PAYMENTS + 11);
    assert_int_equal(gateway_stop(&gateway), 0);
}

/* A gateway that was killed has left its journal; what it acknowledged is there. */
static void
a_journal_left_behind_is_read(void **state)
{
    char output[YUANCTL_OUTPUT_SIZE];
    struct gateway gateway;

    (void)state;
    gateway_on(&temp, &gateway);
    pay(&gateway, PAYMENTS + 1, PAYMENTS + 5);
    gateway_kill(&gateway);
    assert_true(temp_store_size(&temp, "-wal") > 0);
    diff(WATCH " " STRICT, "", output);
    assert_has(output, "\n100 of 705 payments judged otherwise;");
    gateway_on(&temp, &gateway);
    pay(&gateway, PAYMENTS + 6, PAYMENTS + 6);
    assert_int_equal(gateway_stop(&gateway), 0);
}

/* Its standard error is a terminal: all that it writes there. */
static const char *
written_to_a_terminal(void)
{
    int terminal = posix_openpt(O_RDWR | O_NOCTTY), status;
    size_t len = 0;
    char *text = arena_alloc(&arena, 4096);
    ssize_t got;
    pid_t pid;

    assert_true(terminal >= 0 && grantpt(terminal) == 0 && unlockpt(terminal) == 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        const char *store = arena_printf(&arena, "sqlite:%s", temp.path);
        const char *program = arena_printf(&arena, "%s/yuanctl", gateway_build());

        dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
        dup2(open(ptsname(terminal), O_RDWR | O_NOCTTY), STDERR_FILENO);
        execl(program, "yuanctl", "policy", "diff", WATCH, STRICT, "--store", store,
              (char *)NULL);
        _exit(127);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    while (len < 4095 && (got = read(terminal, text + len, 4095 - len)) > 0)
        len += (size_t)got; /* then an error: nobody holds the other end */
    text[len] = '\0';
    close(terminal);
    return text;
}

static void
a_terminal_sees_how_far_it_is(void **state)
{
    /* A piece of 128 records, of which the first are the roll-out's, of all that there are. */
    int percent = 128 * 100 / seq_of(PAYMENTS);
    const char *first = arena_printf(&arena, "\r[###-----------------]  %d %%  %d payments",
                                     percent, 128 - before_first);
    const char *text = written_to_a_terminal();

    (void)state;
    if (strncmp(text, first, strlen(first)) != 0)
        fail_msg("\"%.60s\" is not \"%s\"", text + 1, first + 1);
    assert_string_equal(text + strlen(text) - 4, "\r\033[K"); /* and it is gone again */
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, copy_store, remove_store)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(changed_payments_are_counted_by_move_and_by_rule_with_their_value),
        TEST(a_rule_that_fails_is_a_change_of_its_own),
        TEST(json_tells_each_change_and_the_whole),
        TEST(no_more_are_shown_than_asked_for),
        TEST(any_number_of_threads_prints_the_same_bytes),
        TEST(a_period_is_of_decisions_and_ends_before_its_end),
        TEST(packs_are_asked_at_the_time_of_the_decision),
        TEST(chance_falls_by_the_seed_of_the_store),
        TEST(the_class_of_the_bank_is_the_books),
        TEST(a_pack_against_itself_changes_nothing),
        TEST(records_that_cannot_be_read_are_named_and_the_others_counted),
        TEST(no_more_than_twenty_bad_records_are_named),
        TEST(a_damaged_file_gives_what_can_be_read_of_it),
        TEST(what_makes_no_sense_is_said_in_words),
        TEST(a_gateway_goes_on_beside_it),
        TEST(a_journal_left_behind_is_read),
        TEST(a_terminal_sees_how_far_it_is),
    };

    return cmocka_run_group_tests_name("yuanctl policy diff --store", tests, set_up, tear_down);
}
