/*
 * What belongs to a store that is a file: it stays, it is refused where it is
 * not ours or not whole, and it survives a disk that does not take more.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gateway/store/store.h"
#include "tests/support/store_sample.h"
#include "tests/support/temp_store.h"
#include "tests/support/test.h"

#define MIB 1048576L

static struct temp_store temp;

static int
setup(void **state)
{
    (void)state;
    return temp_store_make(&temp);
}

static int
teardown(void **state)
{
    (void)state;
    temp_store_remove(&temp);
    return 0;
}

static struct store *
open_seeded(uint64_t seed)
{
    struct store *store = NULL;
    struct error err = {0};

    if (store_sqlite.open(temp.path, seed, &store, &err) != 0)
        fail_msg("%s", err.text);
    return store;
}

/* Opening must fail with one line that names the file and has all these words. */
static void
assert_refused(uint64_t seed, const char *expected, const char *found)
{
    struct store *store = (struct store *)&temp;
    struct error err = {0};

    assert_int_equal(store_sqlite.open(temp.path, seed, &store, &err), -1);
    assert_null(store);
    assert_non_null(strstr(err.text, temp.path));
    if (!strstr(err.text, expected) || !strstr(err.text, found))
        fail_msg("\"%s\" lacks \"%s\" or \"%s\"", err.text, expected, found);
    assert_null(strchr(err.text, '\n'));
    assert_non_null(strstr(err.text, "; ")); /* then the remedy */
}

static uint64_t
head_of(struct store *store)
{
    uint8_t chain[SHA256_BYTES];
    struct error err = {0};
    uint64_t seq = 99;

    assert_int_equal(store->ops->head(store, &seq, chain, &err), 0);
    return seq;
}

static void
make_store(size_t entries)
{
    struct store *store = open_seeded(1);
    struct error err = {0};

    assert_int_equal(sample_append(store, entries, &err), 0);
    store_sqlite.close(store);
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

static void
write_file(const char *data, size_t len)
{
    FILE *file = fopen(temp.path, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static void
a_store_opened_again_has_everything(void **state) /* S2 */
{
    struct store *store;

    (void)state;
    make_store(50);
    make_store(50);
    store = open_seeded(1);
    assert_int_equal(head_of(store), 100);
    assert_true(sample_chain_holds(store, 0, 100));
    store_sqlite.close(store);
}

static void
a_second_gateway_is_refused_and_the_first_goes_on(void **state)
{
    struct store *store = open_seeded(1);
    struct error err = {0};

    (void)state;
    assert_int_equal(sample_append(store, 5, &err), 0);
    assert_refused(1, "expected to be its only gateway", "in use by another");
    assert_int_equal(sample_append(store, 5, &err), 0);
    assert_true(sample_chain_holds(store, 0, 10));
    store_sqlite.close(store);
    store_sqlite.close(open_seeded(1)); /* free again */
}

static void
another_seed_is_refused_and_both_are_named(void **state)
{
    (void)state;
    make_store(1);
    assert_refused(2, "expected seed 2", "found seed 1; start with --seed 1");
    store_sqlite.close(open_seeded(1));
    temp_store_clear(&temp);
    store_sqlite.close(open_seeded(UINT64_MAX));
    assert_refused(0, "expected seed 0", "found seed 18446744073709551615");
}

static void
what_is_no_store_is_refused_and_left_alone(void **state)
{
    static const char text[4000] = "Dear diary, today I was nearly taken for a database.";
    long size;

    (void)state;
    write_file(text, sizeof(text));
    assert_refused(1, "expected a yuangate store", "found no database");
    assert_int_equal(temp_store_size(&temp, ""), sizeof(text));

    temp_store_clear(&temp);
    tamper("CREATE TABLE diary (day TEXT)");
    size = temp_store_size(&temp, "");
    assert_refused(1, "expected a yuangate store", "another program (0)");
    assert_int_equal(temp_store_size(&temp, ""), size);
    assert_int_equal(temp_store_size(&temp, "-wal"), -1);
}

static void
another_schema_version_is_refused(void **state)
{
    (void)state;
    make_store(1);
    tamper("PRAGMA user_version = 2");
    assert_refused(1, "expected schema version 1", "found 2");
}

static void
a_place_that_cannot_hold_a_file_is_refused(void **state)
{
    struct temp_store file = temp;

    (void)state;
    snprintf(temp.path, sizeof(temp.path), "%s/no/such.db", file.folder);
    assert_refused(1, "expected a file to read and write", "No such file or directory");
    snprintf(temp.path, sizeof(temp.path), "%s", file.folder);
    assert_refused(1, "expected a file to read and write", "Is a directory");
    snprintf(temp.path, sizeof(temp.path), "/dev/null");
    assert_refused(1, "expected a regular file", "something else");
    temp = file;
}

/* Root may write everywhere, so a child becomes nobody first. */
static void
a_folder_without_leave_to_write_is_refused(void **state)
{
    pid_t child = fork();
    int status = 0;

    (void)state;
    assert_true(child >= 0);
    if (child == 0) {
        struct store *store;
        struct error err = {0};

        chmod(temp.folder, 0555);
        if (geteuid() == 0 && setuid(65534) != 0)
            _exit(2);
        _exit(store_sqlite.open(temp.path, 1, &store, &err) == -1 &&
                      strstr(err.text, "Permission denied")
                  ? 0
                  : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    chmod(temp.folder, 0700);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

/* Killed between its first steps, a gateway leaves one of these behind. */
static void
an_interrupted_creation_is_begun_again(void **state)
{
    (void)state;
    write_file("", 0);
    store_sqlite.close(open_seeded(1));
    temp_store_clear(&temp);
    tamper("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL");
    make_store(3);
    assert_refused(2, "expected seed 2", "found seed 1");
}

static void
a_broken_tail_is_refused(void **state)
{
    static const struct {
        const char *sql;
        const char *found;
    } cases[] = {
        {"UPDATE record SET body = zeroblob(5) WHERE seq = 9", "a body with another hash"},
        {"UPDATE record SET chain = zeroblob(32) WHERE seq = 9", "a body with another hash"},
        {"UPDATE record SET chain = zeroblob(32) WHERE seq = 8", "a body with another hash"},
        {"DELETE FROM record WHERE seq = 8", "none before it"},
        {"DELETE FROM payment WHERE seq = 9", "no payment with it"},
        {"DELETE FROM record WHERE seq = 9", "later payments"},
        {"DELETE FROM record", "later payments"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        make_store(9);
        tamper(cases[i].sql);
        assert_refused(1, "to end the audit chain", cases[i].found);
        temp_store_clear(&temp);
    }
}

/* Every page in turn overwritten: an error or what was stored, never a crash or a lie. */
static void
a_damaged_file_is_an_error_or_harmless(void **state)
{
    static const char garbage[8192] = {1, 2, 3, 4, 5, 6, 7, 8};
    size_t refused = 0;
    long size;

    (void)state;
    make_store(200);
    size = temp_store_size(&temp, "");
    for (long at = 0; at < size; at += (long)sizeof(garbage)) {
        struct store *store = NULL;
        struct error err = {0};
        int fd = open(temp.path, O_WRONLY);

        assert_int_equal(pwrite(fd, garbage, sizeof(garbage), at), sizeof(garbage));
        close(fd);
        if (store_sqlite.open(temp.path, 1, &store, &err) == 0) {
            if (!sample_chain_holds(store, 0, 200))
                refused++;
            store_sqlite.close(store);
        } else {
            assert_non_null(strstr(err.text, temp.path));
            refused++;
        }
        temp_store_clear(&temp);
        make_store(200);
    }
    assert_in_range(refused, 5, size / (long)sizeof(garbage));
}

/* The record goes in and its payment does not: then the record must not stay either. */
static void
an_append_that_fails_half_way_leaves_nothing(void **state) /* S1 */
{
    struct store *store = open_seeded(1);
    struct error err = {0};

    (void)state;
    assert_int_equal(sample_append(store, 5, &err), 0);
    tamper("INSERT INTO payment VALUES (8, 0, 0, 0, 0, 'CNY', 'RU')");
    assert_int_equal(sample_append(store, 5, &err), -1);
    assert_non_null(strstr(err.text, "UNIQUE constraint failed"));
    assert_int_equal(head_of(store), 5);
    tamper("DELETE FROM payment WHERE seq = 8");
    assert_int_equal(sample_append(store, 5, &err), 0);
    assert_true(sample_chain_holds(store, 0, 10));
    store_sqlite.close(store);
}

static void
limit_file_size(rlim_t bytes)
{
    struct rlimit limit;

    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* Room rises until an append fits in: at each step it is stored whole or not at all. */
static void
a_full_disk_fails_the_append_whole_and_passes(void **state) /* S1 */
{
    struct store *store = open_seeded(1);
    struct error err = {0};
    long room = 0;
    int rc = -1;

    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(sample_append(store, 100, &err), 0);
    for (room = temp_store_size(&temp, "-wal"); rc != 0; room += 4000) {
        limit_file_size((rlim_t)room);
        rc = sample_append(store, 1000, &err);
        limit_file_size(RLIM_INFINITY);
        assert_int_equal(head_of(store), rc == 0 ? 1100 : 100);
        if (rc != 0)
            assert_non_null(strstr(err.text, temp.path));
    }
    assert_true(room > temp_store_size(&temp, "-wal") - 300000); /* it did not fit at first */
    assert_int_equal(sample_append(store, 7, &err), 0);
    store_sqlite.close(store);
    store = open_seeded(1);
    assert_int_equal(head_of(store), 1107);
    assert_true(sample_chain_holds(store, 0, 1107));
    store_sqlite.close(store);
    signal(SIGXFSZ, SIG_DFL);
}

/* Neither the journal nor the database may grow on: appends and checkpoints fail. */
static void
a_disk_too_small_for_a_checkpoint_loses_nothing(void **state)
{
    struct store *store = open_seeded(1);
    struct error err = {0};
    uint64_t stored = 0;

    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    limit_file_size(20 * MIB); /* the journal would do, the database not */
    while (sample_append(store, 1000, &err) == 0)
        stored += 1000;
    assert_int_equal(head_of(store), stored);
    limit_file_size(RLIM_INFINITY);
    assert_int_equal(sample_append(store, 1000, &err), 0);
    store_sqlite.close(store);
    store = open_seeded(1);
    assert_int_equal(head_of(store), stored + 1000);
    store_sqlite.close(store);
    signal(SIGXFSZ, SIG_DFL);
}

/* Append 8 MiB at a time without pause: the checkpoints have to keep up (Q3). */
static void
the_journal_is_bounded_under_constant_load(void **state)
{
    struct store_entry entries[32];
    const struct store_entry *pointers[32];
    struct store *store = open_seeded(1);
    char *body = calloc(1, MIB / 4);
    struct error err = {0};
    long greatest = 0;

    (void)state;
    for (uint64_t seq = 1; seq <= 24 * 32;) {
        for (int i = 0; i < 32; i++, seq++) {
            entries[i] = (struct store_entry){
                .seq = seq, .kind = RECORD_EVENT, .body = body, .body_len = MIB / 4};
            pointers[i] = &entries[i];
        }
        assert_int_equal(store->ops->append(store, pointers, 32, &err), 0);
        if (temp_store_size(&temp, "-wal") > greatest)
            greatest = temp_store_size(&temp, "-wal");
    }
    assert_in_range(greatest, 8 * MIB, 42 * MIB); /* of 192 MiB written */
    store_sqlite.close(store);
    assert_int_equal(temp_store_size(&temp, "-wal"), -1);
    free(body);
}

static void
a_spec_opens_the_right_backend(void **state)
{
    static const char *const wrong[] = {
        "", "sqlite", "sqlite:", "memory:", "postgres://x", "x"};
    struct store *store;
    struct error err = {0};
    char spec[128];

    (void)state;
    snprintf(spec, sizeof(spec), "sqlite:%s", temp.path);
    assert_int_equal(store_open(spec, 1, &store, &err), 0);
    assert_ptr_equal(store->ops, &store_sqlite);
    store->ops->close(store);
    assert_int_equal(store_open("memory", 1, &store, &err), 0);
    assert_ptr_equal(store->ops, &store_memory);
    store->ops->close(store);
    for (size_t i = 0; i < COUNT(wrong); i++) {
        assert_int_equal(store_open(wrong[i], 1, &store, &err), -1);
        assert_null(store);
        assert_int_equal(err.code, ERROR_INVALID);
        snprintf(spec, sizeof(spec), "expected sqlite:PATH or memory, found \"%s\"", wrong[i]);
        assert_non_null(strstr(err.text, spec));
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_store_opened_again_has_everything),
        TEST(a_second_gateway_is_refused_and_the_first_goes_on),
        TEST(another_seed_is_refused_and_both_are_named),
        TEST(what_is_no_store_is_refused_and_left_alone),
        TEST(another_schema_version_is_refused),
        TEST(a_place_that_cannot_hold_a_file_is_refused),
        TEST(a_folder_without_leave_to_write_is_refused),
        TEST(an_interrupted_creation_is_begun_again),
        TEST(a_broken_tail_is_refused),
        TEST(a_damaged_file_is_an_error_or_harmless),
        TEST(an_append_that_fails_half_way_leaves_nothing),
        TEST(a_full_disk_fails_the_append_whole_and_passes),
        TEST(a_disk_too_small_for_a_checkpoint_loses_nothing),
        TEST(the_journal_is_bounded_under_constant_load),
        TEST(a_spec_opens_the_right_backend),
    };

    return cmocka_run_group_tests_name("sqlite file", tests, NULL, NULL);
}
