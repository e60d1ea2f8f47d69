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
    tamper("PRAGMA user_version = 4");
    assert_refused(1, "expected schema version 3", "found 4");
    tamper("PRAGMA user_version = 0");
    assert_refused(1, "expected schema version 3", "found 0");
}

/* As versions 1 and 2 left a file: without what came later. */
static const char *const older[] = {
    "DROP INDEX rollout; DROP TABLE event; ALTER TABLE payment DROP COLUMN due_ms;"
    "ALTER TABLE payment DROP COLUMN note; PRAGMA user_version = 1",
    "DROP TABLE event; ALTER TABLE payment DROP COLUMN due_ms;"
    "ALTER TABLE payment DROP COLUMN note; PRAGMA user_version = 2",
};

static void
a_file_of_a_version_before_gets_what_it_lacks(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(older); i++) {
        struct store_entry entry;
        struct arena arena = {0};
        struct store *store;
        struct error err = {0};
        uint64_t seed;

        make_store(30);
        tamper("DELETE FROM record WHERE kind = 2"); /* there were no events then */
        tamper("DELETE FROM record WHERE seq > 9; DELETE FROM payment WHERE seq > 9");
        tamper(older[i]);
        assert_int_equal(store_sqlite.view(temp.path, &seed, &store, &err), -1);
        assert_non_null(strstr(err.text, "start yuangate on it once"));
        make_store(51);
        tamper("DROP INDEX rollout"); /* fails where there is none */
        store = open_seeded(1);
        assert_true(sample_chain_holds(store, 9, 60));
        assert_int_equal(store->ops->read(store, 3, &arena, &entry, &err), 0);
        assert_true(entry.due_ms == 0 && entry.note == NULL && entry.state == 3);
        store_sqlite.close(store);
        arena_release(&arena);
        temp_store_clear(&temp);
    }
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
    tamper("INSERT INTO payment VALUES (8, 0, 0, 0, 0, 'CNY', 'RU', 0, NULL)");
    assert_int_equal(sample_append(store, 5, &err), -1);
    assert_non_null(strstr(err.text, "UNIQUE constraint failed"));
    assert_int_equal(head_of(store), 5);
    tamper("DELETE FROM payment WHERE seq = 8");
    assert_int_equal(sample_append(store, 5, &err), 0);
    assert_true(sample_chain_holds(store, 0, 10));
    store_sqlite.close(store);
}

static void
a_payment_that_lost_its_row_is_no_event(void **state) /* Q2 */
{
    const struct store_filter all = {0};
    struct store_entry *entries;
    struct arena arena = {0};
    struct error err = {0};
    struct store *store;
    size_t count;

    (void)state;
    make_store(15);
    tamper("DELETE FROM payment WHERE seq = 12");
    store = open_seeded(1);
    assert_int_equal(store->ops->events(store, &all, 100, &arena, &entries, &count, &err), -1);
    assert_non_null(strstr(err.text, "record 12 to be an event, found a payment without"));
    store_sqlite.close(store);
    arena_release(&arena);
}

static struct store *
view(uint64_t *seed)
{
    struct store *store = NULL;
    struct error err = {0};

    if (store_sqlite.view(temp.path, seed, &store, &err) != 0)
        fail_msg("%s", err.text);
    return store;
}

static void
a_view_follows_the_gateway_beside_it(void **state)
{
    struct store *store = open_seeded(UINT64_MAX), *seen;
    struct error err = {0};
    uint64_t seed = 0;

    (void)state;
    assert_int_equal(sample_append(store, 50, &err), 0);
    seen = view(&seed);
    assert_true(seed == UINT64_MAX);
    assert_int_equal(head_of(seen), 50);
    assert_int_equal(sample_append(store, 50, &err), 0);
    assert_int_equal(head_of(seen), 100);
    assert_true(sample_chain_holds(seen, 0, 100));
    store_sqlite.close(store); /* the gateway ends first, and comes back */
    assert_true(sample_chain_holds(seen, 0, 100));
    store = open_seeded(UINT64_MAX);
    assert_int_equal(sample_append(store, 1, &err), 0);
    assert_int_equal(head_of(seen), 101);
    store_sqlite.close(seen);
    assert_int_equal(sample_append(store, 1, &err), 0);
    store_sqlite.close(store);
}

/* All of a file, NUL-terminated. */
static char *
bytes_of(const char *path, size_t len)
{
    char *bytes = calloc(1, len + 1);
    FILE *file = fopen(path, "r");

    assert_non_null(bytes);
    assert_non_null(file);
    assert_int_equal(fread(bytes, 1, len, file), len);
    fclose(file);
    return bytes;
}

static void
a_view_leaves_the_file_as_it_is(void **state)
{
    struct store *seen;
    char *before, *after;
    uint64_t seed;
    size_t len;

    (void)state;
    make_store(300);
    len = (size_t)temp_store_size(&temp, "");
    before = bytes_of(temp.path, len);
    seen = view(&seed);
    assert_true(sample_chain_holds(seen, 0, 300));
    store_sqlite.close(seen);
    assert_int_equal(temp_store_size(&temp, ""), len);
    after = bytes_of(temp.path, len);
    assert_memory_equal(before, after, len);
    free(before);
    free(after);
    make_store(1); /* what lies beside it hinders no gateway */
}

/* What stands in the file, or nothing where bytes is negative; and what is said of it. */
static void
what_cannot_be_viewed_is_refused_and_left_alone(void **state)
{
    static const char text[4000] = "Dear diary, today I was nearly taken for a database.";
    static const struct {
        long bytes;
        const char *sql;
        const char *says;
    } cases[] = {
        {-1, NULL, "No such file or directory; choose another file with --store"},
        {0, NULL, "found an empty file; choose"},
        {sizeof(text), NULL, "found no database; choose"},
        {0, "CREATE TABLE diary (day TEXT)", "found a database of another program (0)"},
        {0, "PRAGMA application_id = 2037735790; PRAGMA user_version = 4",
         "expected schema version 3, found 4"},
        {0, "PRAGMA application_id = 2037735790; PRAGMA user_version = 2",
         "expected schema version 3, found 2; start yuangate on it once"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct store *store = (struct store *)&temp;
        struct error err = {0};
        uint64_t seed;
        long size;

        if (cases[i].bytes >= 0)
            write_file(text, (size_t)cases[i].bytes);
        if (cases[i].sql)
            tamper(cases[i].sql);
        size = temp_store_size(&temp, "");
        assert_int_equal(store_sqlite.view(temp.path, &seed, &store, &err), -1);
        assert_null(store);
        assert_non_null(strstr(err.text, temp.path));
        if (!strstr(err.text, cases[i].says))
            fail_msg("\"%s\" lacks \"%s\"", err.text, cases[i].says);
        assert_int_equal(temp_store_size(&temp, ""), size);
        temp_store_clear(&temp);
    }
}

/* A child becomes nobody, who may read the file and not write beside it. */
static void
a_view_needs_a_folder_to_write_to_and_says_so(void **state)
{
    pid_t child;
    int status = 0;

    (void)state;
    make_store(1);
    chmod(temp.path, 0444);
    chmod(temp.folder, 0555);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct store *store;
        struct error err = {0};
        uint64_t seed;

        if (geteuid() == 0 && setuid(65534) != 0)
            _exit(2);
        _exit(store_sqlite.view(temp.path, &seed, &store, &err) == -1 &&
                      strstr(err.text, "cannot be written to; copy the store")
                  ? 0
                  : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    chmod(temp.folder, 0700);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
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

/* A page's statement that stayed open would keep the journal from starting over. */
static void
read_page(struct store *store, uint64_t after_seq)
{
    struct store_filter filter = {
        .after_seq = after_seq, .from_ms = INT64_MIN, .to_ms = INT64_MAX, .bytes_max = 1};
    struct store_entry *entries;
    struct arena arena = {0};
    struct error err = {0};
    size_t count;

    assert_int_equal(store->ops->list(store, &filter, 9, &arena, &entries, &count, &err), 0);
    assert_int_equal(count, 1);
    arena_release(&arena);
}

/*
 * Append 8 MiB at a time without pause, and read in seen, if it is not NULL, after each;
 * the greatest length of the journal meanwhile.
 */
static long
journal_under_load(struct store *store, struct store *seen)
{
    struct store_entry entries[32];
    const struct store_entry *pointers[32];
    char *body = calloc(1, MIB / 4);
    struct error err = {0};
    long greatest = 0;

    for (uint64_t seq = 1; seq <= 24 * 32;) {
        for (int i = 0; i < 32; i++, seq++) {
            entries[i] = (struct store_entry){
                .seq = seq, .kind = RECORD_PAYMENT, .body = body, .body_len = MIB / 4};
            pointers[i] = &entries[i];
        }
        assert_int_equal(store->ops->append(store, pointers, 32, &err), 0);
        if (seen)
            read_page(seen, seq - 10);
        if (temp_store_size(&temp, "-wal") > greatest)
            greatest = temp_store_size(&temp, "-wal");
    }
    free(body);
    return greatest;
}

/* The checkpoints have to keep up (Q3). */
static void
the_journal_is_bounded_under_constant_load(void **state)
{
    struct store *store = open_seeded(1);

    (void)state;
    assert_in_range(journal_under_load(store, NULL), 8 * MIB,
                    42 * MIB); /* of 192 MiB written */
    store_sqlite.close(store);
    assert_int_equal(temp_store_size(&temp, "-wal"), -1);
}

static void
the_journal_is_bounded_while_a_view_reads(void **state)
{
    struct store *store = open_seeded(1), *seen;
    uint64_t seed;

    (void)state;
    seen = view(&seed);
    assert_in_range(journal_under_load(store, seen), 8 * MIB, 42 * MIB);
    store_sqlite.close(seen);
    store_sqlite.close(store);
}

static void
a_spec_opens_the_right_backend(void **state)
{
    static const char *const wrong[] = {
        "", "sqlite", "sqlite:", "memory:", "postgres://x", "x"};
    struct store *store;
    struct error err = {0};
    uint64_t seed;
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
        assert_int_equal(store_view(wrong[i], &seed, &store, &err), -1);
        assert_non_null(strstr(err.text, spec));
    }
    snprintf(spec, sizeof(spec), "sqlite:%s", temp.path);
    assert_int_equal(store_view(spec, &seed, &store, &err), 0);
    assert_ptr_equal(store->ops, &store_sqlite);
    store->ops->close(store);
    assert_int_equal(store_view("memory", &seed, &store, &err), -1);
    assert_null(store);
    assert_non_null(strstr(err.text, "only the gateway that keeps it can read it"));
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
        TEST(a_file_of_a_version_before_gets_what_it_lacks),
        TEST(a_place_that_cannot_hold_a_file_is_refused),
        TEST(a_folder_without_leave_to_write_is_refused),
        TEST(an_interrupted_creation_is_begun_again),
        TEST(a_broken_tail_is_refused),
        TEST(a_damaged_file_is_an_error_or_harmless),
        TEST(an_append_that_fails_half_way_leaves_nothing),
        TEST(a_payment_that_lost_its_row_is_no_event),
        TEST(a_view_follows_the_gateway_beside_it),
        TEST(a_view_leaves_the_file_as_it_is),
        TEST(what_cannot_be_viewed_is_refused_and_left_alone),
        TEST(a_view_needs_a_folder_to_write_to_and_says_so),
        TEST(a_full_disk_fails_the_append_whole_and_passes),
        TEST(a_disk_too_small_for_a_checkpoint_loses_nothing),
        TEST(the_journal_is_bounded_under_constant_load),
        TEST(the_journal_is_bounded_while_a_view_reads),
        TEST(a_spec_opens_the_right_backend),
    };

    return cmocka_run_group_tests_name("sqlite file", tests, NULL, NULL);
}
