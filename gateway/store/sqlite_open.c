/*
 * sqlite_open.c - whose file it is, its schema and how an older one becomes ours, its tail.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/store/chain.h"
#include "gateway/store/sqlite_private.h"
#include "gateway/store/store_lock.h"

#define APPLICATION_ID     0x7975616e /* "yuan" */
#define SCHEMA_VERSION     3
#define SCHEMA_VERSION_MIN 1 /* older by what schema_upgrade() adds when the gateway opens it */

#define CACHE_KIB   2048 /* of each connection, at most */
#define BUSY_MS     1000 /* for programs other than ours on the file */
#define ANSWER_SIZE 64   /* of a number or word asked of the database */

#define CREATE_ROLLOUT "CREATE INDEX rollout ON record (seq) WHERE kind = 3;"
#define CREATE_EVENT                                                                           \
    "CREATE TABLE event ("                                                                     \
    "  seq INTEGER PRIMARY KEY,"                                                               \
    "  payment INTEGER NOT NULL,"                                                              \
    "  previous INTEGER NOT NULL,"                                                             \
    "  at_ms INTEGER NOT NULL,"                                                                \
    "  state INTEGER NOT NULL,"                                                                \
    "  due_ms INTEGER NOT NULL,"                                                               \
    "  flags INTEGER NOT NULL"                                                                 \
    ") STRICT;"

/* What each schema version added to the one before. */
static const char *const upgrades[SCHEMA_VERSION + 1] = {
    [2] = CREATE_ROLLOUT,
    [3] = CREATE_EVENT "ALTER TABLE payment ADD COLUMN due_ms INTEGER NOT NULL DEFAULT 0;"
                       "ALTER TABLE payment ADD COLUMN note BLOB;",
};

#define REMEDY "choose another file with --store sqlite:PATH"

/*
 * SQLite counts its allocations under one global lock unless told before its
 * first use; writer and reader would meet there at every page.
 */
static void
sqlite_configure(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static int
connection_open(struct sqlite_store *sqlite, enum connection on, struct error *err)
{
    int access = on == READER ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    sqlite3 **db = &sqlite->db[on];
    char *pragmas;
    int rc;

    if (sqlite3_open_v2(sqlite->path, db, access | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        return sqlite_error(sqlite, on, err);
    sqlite3_busy_timeout(*db, BUSY_MS);
    pragmas = sqlite3_mprintf("PRAGMA synchronous = FULL; PRAGMA cache_size = -%d;"
                              "PRAGMA journal_size_limit = %d; PRAGMA wal_autocheckpoint = 0",
                              CACHE_KIB, JOURNAL_BYTES_MAX);
    rc = sqlite3_exec(*db, pragmas, NULL, NULL, NULL);
    sqlite3_free(pragmas);
    if (rc == SQLITE_NOTADB)
        return error_set(err, ERROR_INVALID,
                         "store %s: expected a yuangate store, found no database; " REMEDY,
                         sqlite->path);
    return rc == SQLITE_OK ? 0 : sqlite_error(sqlite, on, err);
}

/* The first column of the first row as text, "" for none. */
static int
ask(struct sqlite_store *sqlite, enum connection on, const char *sql, char answer[ANSWER_SIZE],
    struct error *err)
{
    sqlite3_stmt *stmt = NULL;

    answer[0] = '\0';
    if (sqlite3_prepare_v2(sqlite->db[on], sql, -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_error(sqlite, on, err);
    if (sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_text(stmt, 0))
        snprintf(answer, ANSWER_SIZE, "%s", (const char *)sqlite3_column_text(stmt, 0));
    if (sqlite3_finalize(stmt) != SQLITE_OK)
        return sqlite_error(sqlite, on, err);
    return 0;
}

/* An interrupted creation leaves an empty database behind; it is created again. */
static int
schema_create(struct sqlite_store *sqlite, uint64_t seed, struct error *err)
{
    char *sql =
        sqlite3_mprintf("BEGIN IMMEDIATE;"
                        "CREATE TABLE record ("
                        "  seq INTEGER PRIMARY KEY,"
                        "  kind INTEGER NOT NULL,"
                        "  chain BLOB NOT NULL CHECK (length(chain) = 32),"
                        "  body BLOB NOT NULL"
                        ") STRICT;" CREATE_ROLLOUT "CREATE TABLE payment ("
                        "  seq INTEGER PRIMARY KEY,"
                        "  fingerprint INTEGER NOT NULL,"
                        "  key_fingerprint INTEGER NOT NULL,"
                        "  at_ms INTEGER NOT NULL,"
                        "  state INTEGER NOT NULL,"
                        "  currency TEXT NOT NULL,"
                        "  debtor_country TEXT NOT NULL,"
                        "  due_ms INTEGER NOT NULL DEFAULT 0,"
                        "  note BLOB"
                        ") STRICT;" CREATE_EVENT "CREATE TABLE meta ("
                        "  name TEXT PRIMARY KEY,"
                        "  value TEXT NOT NULL"
                        ") STRICT, WITHOUT ROWID;"
                        "INSERT INTO meta VALUES ('created_by', 'yuangate'), ('seed', '%llu');"
                        "PRAGMA application_id = %d;"
                        "PRAGMA user_version = %d;"
                        "COMMIT",
                        (unsigned long long)seed, APPLICATION_ID, SCHEMA_VERSION);
    int rc = sqlite3_exec(sqlite->db[WRITER], sql, NULL, NULL, NULL);

    sqlite3_free(sql);
    return rc == SQLITE_OK ? 0 : sqlite_error(sqlite, WRITER, err);
}

/* The journal mode is kept in the file; the page size must be set before it. */
static int
journal_create(struct sqlite_store *sqlite, struct error *err)
{
    char pragma[64], mode[ANSWER_SIZE];

    snprintf(pragma, sizeof(pragma), "PRAGMA page_size = %d", PAGE_BYTES);
    if (ask(sqlite, WRITER, pragma, mode, err) != 0 ||
        ask(sqlite, WRITER, "PRAGMA journal_mode = WAL", mode, err) != 0)
        return -1;
    if (strcmp(mode, "wal") != 0)
        return error_set(err, ERROR_INVALID,
                         "store %s: expected a file system with shared memory, found one where "
                         "the journal mode stays \"%s\"; " REMEDY,
                         sqlite->path, mode);
    return 0;
}

/* Nothing is written to a file that is not ours, nor to one that is too new. */
static int
check_owner(struct sqlite_store *sqlite, enum connection on, bool *is_new, struct error *err)
{
    char tables[ANSWER_SIZE], owner[ANSWER_SIZE], version[ANSWER_SIZE];

    if (ask(sqlite, on, "SELECT count(*) FROM sqlite_schema", tables, err) != 0 ||
        ask(sqlite, on, "PRAGMA application_id", owner, err) != 0 ||
        ask(sqlite, on, "PRAGMA user_version", version, err) != 0)
        return -1;
    *is_new = atoi(tables) == 0 && atoi(owner) == 0 && atoi(version) == 0;
    if (*is_new)
        return 0;
    if (atoi(owner) != APPLICATION_ID)
        return error_set(err, ERROR_INVALID,
                         "store %s: expected a yuangate store (application id %d), found a "
                         "database of another program (%s); " REMEDY,
                         sqlite->path, APPLICATION_ID, owner);
    if (atoi(version) < SCHEMA_VERSION_MIN || atoi(version) > SCHEMA_VERSION)
        return error_set(
            err, ERROR_INVALID,
            "store %s: expected schema version %d, found %s; use the yuangate that "
            "wrote it, or " REMEDY,
            sqlite->path, SCHEMA_VERSION, version);
    if (on == READER && atoi(version) != SCHEMA_VERSION)
        return error_set(err, ERROR_INVALID,
                         "store %s: expected schema version %d, found %s; start yuangate on it "
                         "once, which brings it up to date, or " REMEDY,
                         sqlite->path, SCHEMA_VERSION, version);
    return 0;
}

/* A file of an older version gets what it lacks, whole or not at all. */
static int
schema_upgrade(struct sqlite_store *sqlite, struct error *err)
{
    sqlite3 *db = sqlite->db[WRITER];
    char version[ANSWER_SIZE], pragma[64];
    int from, rc;

    if (ask(sqlite, WRITER, "PRAGMA user_version", version, err) != 0)
        return -1;
    from = atoi(version);
    if (from == SCHEMA_VERSION)
        return 0;
    rc = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    for (int next = from + 1; next <= SCHEMA_VERSION && rc == SQLITE_OK; next++)
        rc = sqlite3_exec(db, upgrades[next], NULL, NULL, NULL);
    snprintf(pragma, sizeof(pragma), "PRAGMA user_version = %d; COMMIT", SCHEMA_VERSION);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(db, pragma, NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        return 0;
    sqlite_error(sqlite, WRITER, err);
    if (!sqlite3_get_autocommit(db))
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return -1;
}

static int
ask_seed(struct sqlite_store *sqlite, enum connection on, char answer[ANSWER_SIZE],
         struct error *err)
{
    return ask(sqlite, on, "SELECT value FROM meta WHERE name = 'seed'", answer, err);
}

static int
check_seed(struct sqlite_store *sqlite, uint64_t seed, struct error *err)
{
    char found[ANSWER_SIZE], expected[ANSWER_SIZE];

    snprintf(expected, sizeof(expected), "%" PRIu64, seed);
    if (ask_seed(sqlite, WRITER, found, err) != 0)
        return -1;
    if (strcmp(found, expected) != 0)
        return error_set(err, ERROR_INVALID,
                         "store %s: expected seed %s, found seed %s; start with --seed %s, "
                         "or " REMEDY,
                         sqlite->path, expected, found, found);
    return 0;
}

static int
tail_broken(struct sqlite_store *sqlite, uint64_t seq, const char *found, struct error *err)
{
    return error_set(err, ERROR_INVALID,
                     "store %s: expected record %" PRIu64 " to end the audit chain, found %s; "
                     "restore the file from a backup, or " REMEDY,
                     sqlite->path, seq, found);
}

/*
 * Does the last record fit its predecessor, and do both tables end together?
 * What a crash or a half-copied file leaves shows here; the whole chain is the
 * auditor's to verify.
 */
static int
check_tail(struct sqlite_store *sqlite, struct arena *arena, struct error *err)
{
    struct store_entry before = {0}, last = {0};
    uint8_t chain[SHA256_BYTES];
    char payments[ANSWER_SIZE];

    if (sqlite_head(&sqlite->base, &sqlite->head, chain, err) != 0 ||
        ask(sqlite, WRITER, "SELECT max(seq) FROM payment", payments, err) != 0)
        return -1;
    if (strtoull(payments, NULL, 10) > sqlite->head)
        return tail_broken(sqlite, sqlite->head, "later payments", err);
    if (sqlite->head == 0)
        return 0;
    if (sqlite_read(&sqlite->base, sqlite->head, arena, &last, err) != 0)
        return -1;
    if (sqlite->head > 1 &&
        sqlite_read(&sqlite->base, sqlite->head - 1, arena, &before, err) != 0)
        return tail_broken(sqlite, sqlite->head, "none before it", err);
    if (last.kind == RECORD_PAYMENT && strtoull(payments, NULL, 10) != sqlite->head)
        return tail_broken(sqlite, sqlite->head, "no payment with it", err);
    chain_next(before.chain, last.seq, last.body, last.body_len, chain);
    if (memcmp(chain, last.chain, SHA256_BYTES) != 0)
        return tail_broken(sqlite, sqlite->head, "a body with another hash", err);
    return 0;
}

/* Closing the last connection copies the rest of the journal and removes it. */
void
sqlite_close(struct store *store)
{
    struct sqlite_store *sqlite = (struct sqlite_store *)store;

    if (!sqlite)
        return;
    if (sqlite->checkpointer_runs) {
        turns_close(&sqlite->turns);
        pthread_join(sqlite->checkpointer, NULL);
    }
    for (int i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(sqlite->stmt[i]);
    sqlite3_close(sqlite->db[READER]); /* it may not write, so not the last */
    sqlite3_close(sqlite->db[CHECKPOINT]);
    sqlite3_close(sqlite->db[WRITER]);
    if (sqlite->lock_fd >= 0)
        close(sqlite->lock_fd);
    turns_release(&sqlite->turns);
    free(sqlite->path);
    free(sqlite);
}

static int
sqlite_prepare(struct sqlite_store *sqlite, uint64_t seed, struct arena *arena,
               struct error *err)
{
    bool is_new;

    sqlite->lock_fd = store_lock(sqlite->path, err);
    if (sqlite->lock_fd < 0 || connection_open(sqlite, WRITER, err) != 0 ||
        check_owner(sqlite, WRITER, &is_new, err) != 0)
        return -1;
    if (is_new && (journal_create(sqlite, err) != 0 || schema_create(sqlite, seed, err) != 0))
        return -1;
    if (check_seed(sqlite, seed, err) != 0 || schema_upgrade(sqlite, err) != 0 ||
        connection_open(sqlite, READER, err) != 0 ||
        connection_open(sqlite, CHECKPOINT, err) != 0 ||
        sqlite_prepare_statements(sqlite, err) != 0 || check_tail(sqlite, arena, err) != 0)
        return -1;
    return sqlite_checkpoint_start(sqlite, err);
}

static struct sqlite_store *
sqlite_new(const char *path)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct sqlite_store *sqlite = calloc(1, sizeof(*sqlite));

    if (!sqlite || !(sqlite->path = strdup(path)))
        abort();
    pthread_once(&once, sqlite_configure);
    sqlite->base.ops = &store_sqlite;
    sqlite->lock_fd = -1;
    turns_init(&sqlite->turns);
    return sqlite;
}

/* Prepared, it is the caller's; otherwise it goes. */
static int
sqlite_hand_out(struct sqlite_store *sqlite, int rc, struct store **out)
{
    *out = rc == 0 ? &sqlite->base : NULL;
    if (rc != 0)
        sqlite_close(&sqlite->base);
    return rc;
}

int
sqlite_open(const char *where, uint64_t seed, struct store **out, struct error *err)
{
    struct sqlite_store *sqlite = sqlite_new(where);
    struct arena arena = {0};
    int rc = sqlite_prepare(sqlite, seed, &arena, err);

    arena_release(&arena);
    return sqlite_hand_out(sqlite, rc, out);
}

/* Also a reader shares the journal's files, and makes them where no gateway has. */
static int
view_connect(struct sqlite_store *sqlite, bool *is_empty, struct error *err)
{
    int code;

    if (connection_open(sqlite, READER, err) == 0 &&
        check_owner(sqlite, READER, is_empty, err) == 0)
        return 0;
    code = sqlite3_errcode(sqlite->db[READER]);
    if (code == SQLITE_READONLY || code == SQLITE_CANTOPEN)
        error_record(
            err, ERROR_INVALID,
            "store %s: expected a folder where the journal's -wal and -shm can lie "
            "beside it, found one that cannot be written to; copy the store to another",
            sqlite->path);
    return -1;
}

/* The tail is not checked: an append may come between two looks at it. */
static int
view_prepare(struct sqlite_store *sqlite, uint64_t *seed, struct error *err)
{
    char found[ANSWER_SIZE];
    struct stat status;
    bool is_empty;

    if (stat(sqlite->path, &status) != 0 || access(sqlite->path, R_OK) != 0)
        return error_set(err, ERROR_INVALID, "store %s: %s; " REMEDY, sqlite->path,
                         strerror(errno));
    if (!S_ISREG(status.st_mode))
        return error_set(err, ERROR_INVALID,
                         "store %s: expected a regular file, found something else; " REMEDY,
                         sqlite->path);
    if (view_connect(sqlite, &is_empty, err) != 0)
        return -1;
    if (is_empty)
        return error_set(err, ERROR_INVALID,
                         "store %s: expected a yuangate store, found an empty file; " REMEDY,
                         sqlite->path);
    if (ask_seed(sqlite, READER, found, err) != 0)
        return -1;
    *seed = strtoull(found, NULL, 10);
    return sqlite_prepare_statements(sqlite, err);
}

int
sqlite_view(const char *where, uint64_t *seed, struct store **out, struct error *err)
{
    struct sqlite_store *sqlite = sqlite_new(where);

    return sqlite_hand_out(sqlite, view_prepare(sqlite, seed, err), out);
}
