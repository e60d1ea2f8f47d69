/*
 * Roll-out over HTTP on the real binary: put, check, activate, roll back, history; and
 * what comes of a version that is wrong, a file that changes, a start that finds nothing.
 */
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "gateway/base/hash.h"
#include "gateway/base/time.h"
#include "gateway/rollout/rollout.h"
#include "tests/support/rollout_bank.h"
#include "tests/support/test.h"

#define WAIT_MS 20000
#define ZEROS   "0000000000000000000000000000000000000000000000000000000000000000"

static struct rollout_bank bank;

static int
set_up(void **state)
{
    (void)state;
    return rollout_bank_make(&bank);
}

static int
tear_down(void **state)
{
    (void)state;
    rollout_bank_remove(&bank);
    return 0;
}

#define ask(...)     rollout_bank_ask(&bank, __VA_ARGS__)
#define member(b, n) rollout_bank_member(&bank, b, n)
#define pack(n)      rollout_bank_pack(&bank, n, "hold")
#define version()    rollout_bank_version(&bank)

static void
assert_has(const char *body, const char *part)
{
    if (!strstr(body, part))
        fail_msg("\"%s\" is not in %s", part, body);
}

static const char *
digest_of(const char *text)
{
    char *digest = arena_alloc(&bank.arena, DIGEST_TEXT_SIZE);
    uint8_t bytes[SHA256_BYTES];

    hash_sha256(&(struct hash_part){text, strlen(text)}, 1, bytes);
    digest_print(bytes, digest);
    return digest;
}

static void
a_version_is_put_checked_activated_and_rolled_back(void **state)
{
    const char *reply, *first;

    (void)state;
    rollout_bank_start(&bank, NULL);
    assert_int_equal(version(), 1);
    first = member(ask("GET", "/readyz", NULL, 200), "snapshot");
    reply = ask("PUT", "/v1/policies/mine", pack(2), 201);
    assert_has(reply, "\"state\":\"unchecked\"");
    assert_has(reply, digest_of(pack(2)));
    ask("PUT", "/v1/policies/mine", pack(2), 200); /* the same again */
    assert_int_equal(version(), 1);
    reply = ask("POST", "/v1/policies/mine/check", "", 200);
    assert_has(reply, "\"state\":\"checked\"");
    assert_has(reply, "\"severity\":\"warning\",\"file\":\"mine.json\",\"line\":1,");
    assert_int_equal(version(), 1);
    reply = ask("POST", "/v1/policies/mine/activate", "", 200);
    assert_has(reply, "\"from\":\"activation\"");
    assert_int_equal(version(), 2);
    assert_string_not_equal(member(ask("GET", "/readyz", NULL, 200), "snapshot"), first);
    rollout_bank_activate(&bank, 3);
    assert_int_equal(version(), 3);
    ask("POST", "/v1/policies/mine/rollback", "", 200);
    assert_int_equal(version(), 2);
    reply = ask("POST", "/v1/policies/mine/rollback", "", 200);
    assert_has(reply, "\"from\":\"file\"");
    assert_int_equal(version(), 1);
    assert_string_equal(member(ask("GET", "/readyz", NULL, 200), "snapshot"), first);
    reply = ask("POST", "/v1/policies/mine/rollback", "", 409);
    assert_has(reply, "nothing to go back to");
    reply = ask("POST", "/v1/policies/mine/activate",
                arena_printf(&bank.arena, "{\"digest\":\"%s\"}", digest_of(pack(2))), 200);
    assert_int_equal(version(), 2); /* an older version by its digest */
}

static void
history_tells_what_happened_newest_first(void **state)
{
    static const char *const order[] = {"\"what\":\"rollback\"", "\"what\":\"activate\"",
                                        "\"what\":\"check\"",    "\"what\":\"check\"",
                                        "\"what\":\"put\"",      "\"what\":\"start\""};
    const char *page, *at, *cursor;

    (void)state;
    rollout_bank_start(&bank, NULL);
    ask("PUT", "/v1/policies/mine", pack(2), 201);
    ask("POST", "/v1/policies/mine/check", "", 200);
    ask("POST", "/v1/policies/mine/check", "", 200);
    ask("POST", "/v1/policies/mine/activate", "", 200);
    ask("POST", "/v1/policies/mine/rollback", "", 200);
    page = at = ask("GET", "/v1/policies/mine/history", NULL, 200);
    for (size_t i = 0; i < COUNT(order); i++) {
        at = strstr(at + 1, order[i]);
        if (!at)
            fail_msg("no %s (%zu) in %s", order[i], i, page);
    }
    assert_has(page, "\"next_cursor\":null");
    page = ask("GET", "/v1/policies/mine/history?limit=2", NULL, 200);
    cursor = member(page, "next_cursor");
    page = ask("GET",
               arena_printf(&bank.arena, "/v1/policies/mine/history?limit=4&cursor=%s", cursor),
               NULL, 200);
    assert_non_null(strstr(page, "\"what\":\"start\""));
    assert_null(strstr(page, "\"what\":\"activate\""));
    page = ask("GET", "/v1/policies?limit=500", NULL, 200);
    assert_has(page, "\"name\":\"mine\"");
    page = ask("GET", "/v1/policies/mine", NULL, 200);
    assert_has(page, "\"versions\":[{\"digest\":");
}

static void
a_version_that_fails_its_checks_changes_nothing(void **state)
{
    static const struct {
        const char *text, *says; /* in the place of the rule's condition */
    } cases[] = {
        {"payment.debtor.contry == 'RU'", "no such field; the nearest is country"},
        {"1 +", "found the end"},
        {"'RU'", "bool"},
    };
    const char *before, *reply;

    (void)state;
    rollout_bank_start(&bank, NULL);
    before = ask("GET", "/readyz", NULL, 200);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *text = arena_printf(
            &bank.arena,
            "{\"pack\":\"mine\",\"version\":\"%zu\",\"title\":\"t\",\"rules\":[{\"id\":\"R\","
            "\"title\":\"t\",\"when\":\"%s\",\"then\":{\"action\":\"hold\",\"reason\":{"
            "\"code\":"
            "\"NARR\",\"text\":\"x\"}}}]}",
            i, cases[i].text);

        ask("PUT", "/v1/policies/mine", text, 201);
        reply = ask("POST", "/v1/policies/mine/check", "", 422);
        assert_has(reply, cases[i].says);
        assert_has(reply, "\"detail\":\"mine.json:1:"); /* the condition's column follows */
        assert_has(reply, "\"errors\":[{\"pointer\":\"\",\"detail\":\"mine.json:1:");
        reply = ask("POST", "/v1/policies/mine/activate", "", 409);
        assert_has(reply, "was refused: mine.json:1:");
        ask("POST", "/v1/policies/mine/shadow", "", 409);
        assert_int_equal(version(), 1);
    }
    ask("PUT", "/v1/policies/mine",
        "{\"pack\":\"mine\",\"version\":\"9\",\"title\":\"t\",\"rules\":[{\"id\":\"R\","
        "\"title\":\"t\",\"when\":\"true\",\"then\":{\"action\":\"reject\",\"reason\":{"
        "\"code\":"
        "\"LEGL\",\"text\":\"x\"}}}]}",
        201);
    assert_has(ask("POST", "/v1/policies/mine/check", "", 422), "expected a reason of the");
    ask("PUT", "/v1/policies/mine", pack(5), 201);
    assert_has(ask("POST", "/v1/policies/mine/activate", "", 409), "was never checked");
    assert_string_equal(ask("GET", "/readyz", NULL, 200), before);
}

static void
what_is_not_there_is_404_and_what_makes_no_sense_422(void **state)
{
    static const struct {
        const char *method, *path, *body;
        int status;
        const char *says;
    } cases[] = {
        {"GET", "/v1/policies/yours", NULL, 404, "there is no policy \\\"yours\\\""},
        {"POST", "/v1/policies/yours/activate", "", 404, "there is no policy"},
        {"POST", "/v1/books/own/check", "", 404, "no version of book \\\"own\\\" was put"},
        {"POST", "/v1/policies/mine/activate", "{\"digest\":\"sha256:" ZEROS "\"}", 404,
         "has no version sha256:000"},
        {"POST", "/v1/policies/mine/check", "{\"digest\":\"sha256:00\"}", 422, "64 digits"},
        {"POST", "/v1/policies/mine/check", "{\"digset\":\"x\"}", 422, "like {"},
        {"POST", "/v1/policies/mine/check", "[]", 422, "like {"},
        {"POST", "/v1/policies/mine/check", "{", 400, "line 1"},
        {"POST", "/v1/policies/mine/rollback", "{}", 400, "takes no body"},
        {"GET", "/v1/policies/mine/shadow", NULL, 404, "is shadowed"},
        {"DELETE", "/v1/policies/mine/shadow", NULL, 404, "is shadowed"},
        {"GET", "/v1/policies/mine/text?digest=sha256:" ZEROS, NULL, 404, "has no version"},
        {"GET", "/v1/policies/..", NULL, 404, "letters, digits"},
        {"GET", "/v1/policies?limit=0", NULL, 400, "1 to 500"},
        {"GET", "/v1/policies?cursor=a/b", NULL, 400, "next_cursor"},
        {"GET", "/v1/policies/mine/history?cursor=x", NULL, 400, "next_cursor"},
        {"GET", "/v1/policies/mine?x=1", NULL, 400, "takes no query"},
        {"PUT", "/v1/policies/mine", "{", 400, "line 1"},
        {"PUT", "/v1/policies/mine", "[]", 422, "must be \\\"mine\\\""},
        {"PUT", "/v1/policies/mine", "{\"pack\":\"yours\"}", 422, "/pack"},
        {"PUT", "/v1/books/own", "{\"book\":\"other\"}", 422, "/book"},
        {"GET", "/v1/snapshots/sha256:" ZEROS, NULL, 404, "was ever in force"},
        {"GET", "/v1/snapshots/latest", NULL, 404, "64 digits"},
        {"PATCH", "/v1/policies/mine", "{}", 405, "method"},
    };

    (void)state;
    rollout_bank_start(&bank, NULL);
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_has(ask(cases[i].method, cases[i].path, cases[i].body, cases[i].status),
                   cases[i].says);
    assert_int_equal(version(), 1);
}

static void
wait_for_reload(void)
{
    int64_t deadline = monotonic_ms() + WAIT_MS;

    while (!strstr(ask("GET", "/metrics", NULL, 200),
                   "yuangate_reloads_total{result=\"done\"} 1\n"))
        assert_true(monotonic_ms() < deadline);
}

static void
what_was_activated_outlives_kills_and_changed_files(void **state)
{
    static const char *const from_files[] = {"--from-files", NULL};

    (void)state;
    rollout_bank_start(&bank, NULL);
    rollout_bank_activate(&bank, 2);
    ask("PUT", "/v1/policies/mine", pack(3), 201);
    ask("POST", "/v1/policies/mine/check", "", 200);
    rollout_bank_kill(&bank);
    rollout_bank_write(bank.pack, pack(7));
    rollout_bank_start(&bank, NULL);
    assert_int_equal(version(), 2);
    ask("POST", "/v1/policies/mine/activate", "", 200); /* it was checked before the kill */
    assert_int_equal(version(), 3);
    rollout_bank_write(bank.pack, pack(8));
    assert_int_equal(kill(bank.gateway.pid, SIGHUP), 0);
    wait_for_reload();
    assert_int_equal(version(), 3);
    ask("POST", "/v1/policies/mine/rollback", "", 200);
    ask("POST", "/v1/policies/mine/rollback", "", 200);
    assert_int_equal(version(), 8); /* the file as it is now */
    rollout_bank_activate(&bank, 4);
    rollout_bank_stop(&bank);
    rollout_bank_write(bank.pack, "{"); /* with files that do not load nothing is forgotten */
    rollout_bank_start(&bank, from_files);
    assert_has(ask("GET", "/readyz", NULL, 503), "what was activated is not forgotten");
    rollout_bank_stop(&bank);
    rollout_bank_start(&bank, NULL);
    assert_int_equal(version(), 4);
    rollout_bank_stop(&bank);
    rollout_bank_write(bank.pack, pack(8));
    rollout_bank_start(&bank, from_files);
    assert_int_equal(version(), 8);
    rollout_bank_stop(&bank);
    rollout_bank_start(&bank, NULL); /* once is for good */
    assert_int_equal(version(), 8);
}

static void
a_book_is_rolled_out_like_a_policy(void **state)
{
    const char *reply;

    (void)state;
    rollout_bank_start(&bank, NULL);
    ask("PUT", "/v1/books/other", rollout_bank_book(&bank, "other"), 201);
    ask("POST", "/v1/books/other/check", "", 200);
    assert_has(ask("GET", "/readyz", NULL, 200), "\"book\":\"own\"");
    reply = ask("POST", "/v1/books/other/activate", "", 200);
    assert_has(reply, "\"from\":\"activation\"");
    assert_has(ask("GET", "/readyz", NULL, 200), "\"book\":\"other\"");
    assert_has(ask("GET", "/v1/books/own", NULL, 200), "\"in_force\":null");
    assert_has(ask("POST", "/v1/books/own/rollback", "", 409), "is not in force, but other");
    ask("PUT", "/v1/books/other",
        "{\"book\":\"other\",\"default_action\":\"accept\",\"banks\":[{\"bic\":\"HLDBCNBS\","
        "\"name\":\"Hulan\",\"class\":\"joint_stock\"}],\n\"regimes\":[{\"from\":\"2024-01-"
        "01\","
        "\"policies\":{\"*\":[\"nobodys\"]}}]}",
        201);
    reply = ask("POST", "/v1/books/other/check", "", 422);
    assert_has(reply, "other.json:2:");
    assert_has(reply, "there is no such pack");
    ask("POST", "/v1/books/other/rollback", "", 200);
    assert_has(ask("GET", "/readyz", NULL, 200), "\"book\":\"own\"");
    reply = ask("GET", "/v1/books/own/history?limit=1", NULL, 200); /* it concerns both */
    assert_has(reply, "\"what\":\"rollback\",\"name\":\"other\",\"digest\":\"sha256:");
    assert_has(ask("GET", "/v1/policies/own", NULL, 404), "no policy \\\"own\\\", but a book");
}

static void
a_new_policy_judges_when_a_book_names_it(void **state)
{
    static const char yours[] =
        "{\"pack\":\"yours\",\"version\":\"1\",\"title\":\"t\",\"rules\":[{\"id\":\"Y-1\","
        "\"title\":\"t\",\"when\":\"true\",\"then\":{\"action\":\"reject\",\"reason\":{"
        "\"code\":"
        "\"NARR\",\"text\":\"x\"}}}]}";
    static const char book[] =
        "{\"book\":\"own\",\"default_action\":\"accept\",\"banks\":[{\"bic\":\"HLDBCNBS\","
        "\"name\":\"Hulan\",\"class\":\"joint_stock\"}],\"regimes\":[{\"from\":\"2024-01-01\","
        "\"policies\":{\"*\":[\"mine\",\"yours\"]}}]}";

    (void)state;
    rollout_bank_start(&bank, NULL);
    ask("PUT", "/v1/books/own", book, 201);
    ask("POST", "/v1/books/own/check", "", 422); /* the pack is not there yet */
    ask("PUT", "/v1/policies/yours", yours, 201);
    ask("POST", "/v1/policies/yours/check", "", 200);
    assert_has(ask("POST", "/v1/policies/yours/activate", "", 200), "\"in_force\":null");
    assert_int_equal(version(), 1);
    ask("POST", "/v1/books/own/check", "", 200);
    ask("POST", "/v1/books/own/activate", "", 200);
    assert_has(ask("POST", "/v1/evaluations", bank.sample, 200), "\"id\":\"Y-1\"");
    assert_has(ask("GET", "/v1/policies/yours", NULL, 200), "\"from\":\"activation\"");
    assert_has(ask("POST", "/v1/policies/yours/rollback", "", 409), "yours"); /* needed now */
}

/* CNY-01 of cny-return returns yuan from Russia; a rule that does so too is outdone by it. */
static void
a_policy_is_checked_beside_those_that_judge_with_it(void **state)
{
    static const char *const shipped[] = {"--book", "policy/books/china-2024.json", "--packs",
                                          "policy/packs", NULL};
    const char *reply;

    (void)state;
    rollout_bank_start(&bank, shipped);
    ask("PUT", "/v1/policies/wider-list",
        "{\"pack\":\"wider-list\",\"version\":\"2\",\"title\":\"t\",\"sources\":[\"s\"],"
        "\"rules\":[{\"id\":\"WID-09\",\"title\":\"yuan from Russia\",\"when\":"
        "\"payment.debtor.country == 'RU' && payment.amount.currency == 'CNY'\",\"then\":{"
        "\"action\":\"hold\",\"reason\":{\"code\":\"NARR\",\"text\":\"x\"},\"disclosed\":{"
        "\"code\":\"NARR\",\"text\":\"y\"}}}]}",
        201);
    reply = ask("POST", "/v1/policies/wider-list/check", "", 200);
    assert_has(reply, "\"rule\":\"WID-09\",\"sentence\":\"decides nothing");
    assert_has(reply, "CNY-01 of cny-return holds too and returns");
}

static void
every_snapshot_is_kept_and_judges_again(void **state)
{
    const char *first, *second, *reply, *text;
    struct buffer lines;

    (void)state;
    rollout_bank_start(&bank, NULL);
    first = member(ask("GET", "/readyz", NULL, 200), "snapshot");
    rollout_bank_activate(&bank, 2);
    second = member(ask("GET", "/readyz", NULL, 200), "snapshot");
    rollout_bank_activate(&bank, 3);
    rollout_bank_write(bank.pack, "gone");
    for (int again = 0; again < 2; again++) {
        assert_int_equal(
            rollout_bank_version_at(
                &bank, arena_printf(&bank.arena, "/v1/evaluations?snapshot=%s", first)),
            1);
        assert_int_equal(
            rollout_bank_version_at(&bank, arena_printf(&bank.arena,
                                                        "/v1/evaluations?explain=true"
                                                        "&snapshot=%s",
                                                        second)),
            2);
        assert_int_equal(version(), 3);
        rollout_bank_kill(&bank);
        rollout_bank_start(&bank, NULL);
    }
    reply = ask("GET", arena_printf(&bank.arena, "/v1/snapshots/%s", first), NULL, 200);
    assert_has(reply, "\"in_force\":false");
    buffer_init(&lines, &bank.arena, 4096); /* its name is the hash of its lines */
    for (const char *at = reply; (at = strstr(at, "{\"kind\":\"")); at++)
        buffer_printf(&lines, "%s %s %s\n", member(at, "kind"), member(at, "name"),
                      member(at, "digest") + strlen("sha256:"));
    assert_string_equal(digest_of(buffer_terminate(&lines)), first);
    text =
        ask("GET", arena_printf(&bank.arena, "/v1/snapshots/%s/pack/mine", first), NULL, 200);
    assert_string_equal(text, pack(1));
    ask("GET", arena_printf(&bank.arena, "/v1/snapshots/%s/pack/yours", first), NULL, 404);
    assert_string_equal(ask("GET", "/v1/policies/mine/text", NULL, 200), pack(3));
    assert_string_equal(
        ask("GET",
            arena_printf(&bank.arena, "/v1/policies/mine/text?digest=%s", digest_of(pack(2))),
            NULL, 200),
        pack(2));
}

/* Of the two packs one is activated; the other's file is a draft that nobody has let in. */
static void
a_file_that_changed_comes_into_force_by_a_reload_and_not_by_the_way(void **state)
{
    static const char *const yours =
        "{\"pack\":\"yours\",\"version\":\"1\",\"title\":\"t\",\"rules\":[{\"id\":\"Y-1\","
        "\"title\":\"t\",\"when\":\"true\",\"then\":{\"action\":\"%s\",\"reason\":{\"code\":"
        "\"NARR\",\"text\":\"x\"}}}]}";
    char path[100];

    (void)state;
    snprintf(path, sizeof(path), "%s/yours.json", bank.folder);
    rollout_bank_write(path, arena_printf(&bank.arena, yours, "reject"));
    rollout_bank_write(bank.book,
                       "{\"book\":\"own\",\"default_action\":\"accept\",\"banks\":[{\"bic\":"
                       "\"HLDBCNBS\",\"name\":\"Hulan\",\"class\":\"joint_stock\"}],"
                       "\"regimes\":[{\"from\":\"2024-01-01\",\"policies\":{\"*\":[\"mine\","
                       "\"yours\"]}}]}");
    rollout_bank_start(&bank, NULL);
    assert_has(ask("POST", "/v1/evaluations", bank.sample, 200), "\"outcome\":\"blocked\"");
    rollout_bank_write(path, arena_printf(&bank.arena, yours, "accept"));
    rollout_bank_activate(&bank, 2);
    assert_has(ask("POST", "/v1/evaluations", bank.sample, 200), "\"outcome\":\"blocked\"");
    ask("POST", "/v1/policies/mine/rollback", "", 200);
    assert_has(ask("POST", "/v1/evaluations", bank.sample, 200), "\"outcome\":\"blocked\"");
    assert_int_equal(kill(bank.gateway.pid, SIGHUP), 0);
    wait_for_reload();
    assert_has(ask("POST", "/v1/evaluations", bank.sample, 200), "\"outcome\":\"held\"");
}

/* A text in the store that is no longer what its name says: nothing is judged by it. */
static void
a_damaged_text_is_never_in_force(void **state)
{
    const char *file = bank.store + strlen("sqlite:"), *reply;
    sqlite3 *db;

    (void)state;
    rollout_bank_start(&bank, NULL);
    ask("PUT", "/v1/policies/mine", rollout_bank_pack(&bank, 2, "reject"), 201);
    ask("POST", "/v1/policies/mine/check", "", 200);
    ask("POST", "/v1/policies/mine/activate", "", 200);
    ask("POST", "/v1/payments", bank.sample, 201); /* the tail is another record */
    rollout_bank_stop(&bank);
    assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "UPDATE record SET body = CAST(replace(CAST(body AS TEXT), "
                                  "'\"reject\"', '\"accept\"') AS BLOB) WHERE kind = 3",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    rollout_bank_start(&bank, NULL);
    reply = ask("GET", "/readyz", NULL, 503);
    assert_has(reply, "its text is damaged");
    ask("POST", "/v1/evaluations", bank.sample, 503);
}

/* Where a sentence is cut must not matter to the record that keeps it. */
static void
a_refusal_in_any_script_is_kept_and_read_again(void **state)
{
    (void)state;
    rollout_bank_start(&bank, NULL);
    for (int before = 97; before < 101; before++) {
        char title[120] = "";

        memset(title, 'x', (size_t)before);
        ask("PUT", "/v1/policies/mine",
            arena_printf(&bank.arena,
                         "{\"pack\":\"mine\",\"version\":\"2\",\"title\":\"t\",\"rules\":[{"
                         "\"id\":\"R\",\"title\":\"t\",\"when\":\"true\",\"then\":{"
                         "\"action\":\"hold\",\"reason\":{\"code\":\"NARR\",\"text\":\"x\"}}}"
                         "],\"tests\":[{\"title\":\"%sпроверка\",\"payment\":%s,\"expect\":{"
                         "\"action\":\"reject\"}}]}",
                         title, bank.sample),
            201);
        ask("POST", "/v1/policies/mine/check", "", 422);
    }
    rollout_bank_kill(&bank);
    rollout_bank_start(&bank, NULL);
    assert_has(ask("GET", "/v1/policies/mine", NULL, 200), "\"state\":\"refused\"");
}

/* The book gives the pack a parameter that the new version has not: the version is sound. */
static void
what_does_not_fit_the_rest_is_a_conflict_and_no_refusal(void **state)
{
    static const char *const limited =
        "{\"pack\":\"mine\",\"version\":\"%s\",\"title\":\"t\",\"parameters\":{%s},\"rules\":"
        "[{\"id\":\"V-1\",\"title\":\"t\",\"when\":\"payment.debtor.country == "
        "'RU'\",\"then\":{"
        "\"action\":\"hold\",\"reason\":{\"code\":\"NARR\",\"text\":\"version 1\"}}}]}";
    const char *reply;

    (void)state;
    rollout_bank_write(bank.pack, arena_printf(&bank.arena, limited, "1", "\"limit\":5"));
    rollout_bank_write(bank.book,
                       "{\"book\":\"own\",\"default_action\":\"accept\",\"banks\":[{\"bic\":"
                       "\"HLDBCNBS\",\"name\":\"Hulan\",\"class\":\"joint_stock\"}],"
                       "\"regimes\":[{\"from\":\"2024-01-01\",\"policies\":{\"*\":[{\"pack\":"
                       "\"mine\",\"options\":{\"parameters\":{\"limit\":7}}}]}}]}");
    rollout_bank_start(&bank, NULL);
    ask("PUT", "/v1/policies/mine", arena_printf(&bank.arena, limited, "2", "\"other\":5"),
        201);
    reply = ask("POST", "/v1/policies/mine/check", "", 409);
    assert_has(reply, "what would be in force with it does not load: own.json");
    assert_has(ask("GET", "/v1/policies/mine", NULL, 200), "\"state\":\"unchecked\"");
}

/* Reset, not ended: an end alone may be half of one. */
static void
hang_up(struct http_client *clients, size_t count)
{
    const struct linger now = {1, 0};

    for (size_t i = 0; i < count; i++) {
        assert_int_equal(setsockopt(clients[i].fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now)),
                         0);
        http_client_close(&clients[i]);
    }
}

/* So many checks of a shipped pack, each of which takes the office tens of milliseconds. */
static void
ask_for_checks(struct http_client *clients, size_t count)
{
    static const char *const shipped[] = {"--book", "policy/books/china-2024.json", "--packs",
                                          "policy/packs", NULL};

    rollout_bank_start(&bank, shipped);
    ask("PUT", "/v1/policies/branch-hold",
        ask("GET", "/v1/policies/branch-hold/text", NULL, 200), 200);
    ask("POST", "/v1/policies/branch-hold/activate", "", 200);
    for (size_t i = 0; i < count; i++)
        assert_true(http_client_connect(&clients[i], bank.gateway.address));
    for (size_t i = 0; i < count; i++)
        assert_true(http_client_post(&clients[i], "/v1/policies/branch-hold/check", ""));
}

/* Adds those that have their answer by now. */
static void
count_answers(struct http_client *clients, size_t count, size_t *done, size_t *refused)
{
    struct http_client_reply reply;

    for (size_t i = 0; i < count; i++) {
        if (http_client_quiet(&clients[i], 0) || !http_client_next(&clients[i], &reply))
            continue;
        *done += reply.status == 200;
        *refused += reply.status == 503;
    }
}

/* What a person needs at once does not wait behind what a program may ask for. */
static void
a_roll_back_goes_before_the_checks_that_wait(void **state)
{
    struct http_client clients[ROLLOUT_PATIENT_MAX + 40];
    int64_t deadline = monotonic_ms() + WAIT_MS;
    size_t done = 0, refused = 0;

    (void)state;
    ask_for_checks(clients, COUNT(clients));
    ask("POST", "/v1/policies/branch-hold/rollback", "", 200);
    count_answers(clients, COUNT(clients), &done, &refused);
    assert_in_range(done, 0, ROLLOUT_PATIENT_MAX / 2);
    while (refused == 0) { /* those past the bound */
        assert_true(monotonic_ms() < deadline);
        count_answers(clients, COUNT(clients), &done, &refused);
    }
    hang_up(clients, COUNT(clients));
}

static void
a_check_whose_client_has_gone_is_left_undone(void **state)
{
    struct http_client clients[ROLLOUT_PATIENT_MAX / 2];
    const char *history;
    size_t checks = 0;

    (void)state;
    ask_for_checks(clients, COUNT(clients));
    hang_up(clients, COUNT(clients));
    ask("POST", "/v1/policies/branch-hold/check", "", 200); /* behind all of them */
    history = ask("GET", "/v1/policies/branch-hold/history?limit=500", NULL, 200);
    for (const char *at = history; (at = strstr(at, "\"what\":\"check\"")); at++)
        checks++;
    assert_in_range(checks, 1, COUNT(clients));
}

static void
snapshots_are_listed(void **state)
{
    const char *page, *second;

    (void)state;
    rollout_bank_start(&bank, NULL);
    rollout_bank_activate(&bank, 2);
    ask("POST", "/v1/policies/mine/rollback", "", 200); /* an old one again: no new line */
    page = ask("GET", "/v1/snapshots", NULL, 200);
    assert_has(page, "\"next_cursor\":null");
    second = strstr(strstr(page, "\"snapshot\"") + 1, "\"snapshot\"");
    assert_non_null(second);
    assert_null(strstr(second + 1, "\"snapshot\""));
    assert_has(second, "\"in_force\":true");
    page = ask("GET", "/v1/snapshots?limit=1", NULL, 200);
    page =
        ask("GET",
            arena_printf(&bank.arena, "/v1/snapshots?cursor=%s", member(page, "next_cursor")),
            NULL, 200);
    assert_has(page, member(second, "snapshot"));
    ask("GET", "/v1/snapshots?limit=0", NULL, 400);
}

static void
a_candidate_is_tried_without_being_in_force(void **state)
{
    (void)state;
    rollout_bank_start(&bank, NULL);
    ask("PUT", "/v1/policies/mine", pack(2), 201);
    assert_has(ask("POST", "/v1/evaluations?policy=mine", bank.sample, 409), "never checked");
    ask("POST", "/v1/policies/mine/check", "", 200);
    assert_int_equal(rollout_bank_version_at(&bank, "/v1/evaluations?policy=mine"), 2);
    assert_int_equal(version(), 1);
    ask("POST", "/v1/evaluations?policy=yours", bank.sample, 404);
    ask("POST", "/v1/evaluations?book=own", bank.sample, 404);
    ask("POST", "/v1/evaluations?snapshot=sha256:" ZEROS, bank.sample, 404);
    ask("POST", "/v1/evaluations?policy=", bank.sample, 400);
    ask("POST", "/v1/evaluations?policy=%ff", bank.sample, 400);
    ask("POST", "/v1/evaluations?snapshot=latest", bank.sample, 400);
    ask("POST", "/v1/evaluations?policy=mine&book=own", bank.sample, 400);
}

static void
with_nothing_in_force_nothing_is_decided_until_it_is_mended(void **state)
{
    static const struct {
        const char *file, *text, *says;
    } cases[] = {
        {"book", "{", "book.json: line 1, column 2"},
        {"mine", "{\n \"pack\": \"mine\" }", "mine.json:1:1"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        bool is_book = i == 0;
        const char *path = is_book ? bank.book : bank.pack;
        const char *good = is_book ? rollout_bank_book(&bank, "own") : pack(1);
        const char *reply;

        rollout_bank_write(path, cases[i].text);
        rollout_bank_start(&bank, NULL);
        reply = ask("GET", "/readyz", NULL, 503);
        assert_has(reply, "no policy is in force: ");
        assert_has(reply, cases[i].file);
        ask("GET", "/livez", NULL, 200);
        ask("POST", "/v1/evaluations", bank.sample, 503);
        ask("POST", "/v1/payments", bank.sample, 503);
        assert_has(ask("GET", "/v1/payments", NULL, 200), "\"data\":[]");
        if (is_book) { /* over HTTP */
            ask("PUT", "/v1/books/own", good, 201);
            ask("POST", "/v1/books/own/check", "", 200);
            ask("POST", "/v1/books/own/shadow", "", 409);
            ask("POST", "/v1/books/own/activate", "", 200);
        } else { /* by the file */
            rollout_bank_write(path, good);
            assert_int_equal(kill(bank.gateway.pid, SIGHUP), 0);
            wait_for_reload();
        }
        ask("GET", "/readyz", NULL, 200);
        assert_int_equal(version(), 1);
        rollout_bank_stop(&bank);
        rollout_bank_write(path, good);
    }
}

static void
a_bank_without_a_policy_is_told_on_readyz_and_held(void **state)
{
    const char *reply;

    (void)state;
    rollout_bank_write(
        bank.book,
        "{\"book\":\"own\",\"default_action\":\"accept\",\"banks\":[{\"bic\":\"HLDBCNBS\","
        "\"name\":\"Hulan\",\"class\":\"joint_stock\"},{\"bic\":\"MERICNSH\",\"name\":\"M\","
        "\"class\":\"foreign\"}],\"regimes\":[{\"from\":\"2024-01-01\",\"policies\":{"
        "\"foreign\":[\"mine\"]}}]}");
    rollout_bank_start(&bank, NULL);
    assert_has(ask("GET", "/readyz", NULL, 200), "\"without_policy\":\"HLDBCNBS\"");
    reply = ask("POST", "/v1/evaluations", bank.sample, 200);
    assert_has(reply, "\"outcome\":\"held\"");
    assert_has(reply, "no policy for this bank");
    rollout_bank_stop(&bank);
    assert_has(bank.gateway.process.log, "event=rollout.no_policy banks=\"HLDBCNBS\"");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_version_is_put_checked_activated_and_rolled_back),
        TEST(history_tells_what_happened_newest_first),
        TEST(a_version_that_fails_its_checks_changes_nothing),
        TEST(what_is_not_there_is_404_and_what_makes_no_sense_422),
        TEST(what_was_activated_outlives_kills_and_changed_files),
        TEST(a_book_is_rolled_out_like_a_policy),
        TEST(a_new_policy_judges_when_a_book_names_it),
        TEST(a_policy_is_checked_beside_those_that_judge_with_it),
        TEST(every_snapshot_is_kept_and_judges_again),
        TEST(a_file_that_changed_comes_into_force_by_a_reload_and_not_by_the_way),
        TEST(a_damaged_text_is_never_in_force),
        TEST(a_refusal_in_any_script_is_kept_and_read_again),
        TEST(what_does_not_fit_the_rest_is_a_conflict_and_no_refusal),
        TEST(a_roll_back_goes_before_the_checks_that_wait),
        TEST(a_check_whose_client_has_gone_is_left_undone),
        TEST(snapshots_are_listed),
        TEST(a_candidate_is_tried_without_being_in_force),
        TEST(with_nothing_in_force_nothing_is_decided_until_it_is_mended),
        TEST(a_bank_without_a_policy_is_told_on_readyz_and_held),
    };

    return cmocka_run_group_tests_name("rollout", tests, NULL, NULL);
}
