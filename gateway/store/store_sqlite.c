/*
 * store_sqlite.c - one file, three connections, every commit on disk.
 *
 *   WRITER      appends.  Journal WAL, synchronous=FULL: a commit is one append
 *               to the journal and one fdatasync.
 *   READER      reads, read-only; in WAL mode it never waits for the writer.
 *   CHECKPOINT  copies the journal back into the database, on a thread of its
 *               own.
 *
 * The fat rows (body) and the narrow ones (what listings filter by and the
 * start reads) are two tables, so that neither a filter nor a start touches a
 * body.  Both grow at their end only; there is no other index.
 *
 * A view has READER alone: no lock, no append, no checkpoint.
 *
 * No memory-mapped reads: a file cut short under us would then be a SIGBUS
 * instead of an error, and every page looked at would count as ours.
 *
 *   Q1  `head` is the greatest seq in record; no seq below it is missing.
 *   Q2  a record of kind payment has its row in payment, and no other has.  Roll-outs,
 *       of which there are few, have an index of their own, which is small.
 *   Q3  the journal starts over each time a checkpoint ends; it stays near
 *       JOURNAL_BYTES, and under JOURNAL_BYTES_MAX and one append, however
 *       constant the load (see checkpoint_main).
 */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/base/log.h"
#include "gateway/store/chain.h"
#include "gateway/store/store.h"
#include "gateway/store/store_lock.h"
#include "gateway/store/turns.h"

#define APPLICATION_ID     0x7975616e /* "yuan" */
#define SCHEMA_VERSION     2
#define SCHEMA_VERSION_MIN 1 /* older by an index only: made when the gateway opens it */

#define PAGE_BYTES         8192
#define CACHE_KIB          2048    /* of each connection, at most */
#define JOURNAL_BYTES      4194304 /* a checkpoint begins when it is this long */
#define JOURNAL_FRAMES     (JOURNAL_BYTES / PAGE_BYTES)
#define JOURNAL_BYTES_MAX  33554432 /* then appends wait for it; only a long read gets past */
#define JOURNAL_FRAMES_MAX (JOURNAL_BYTES_MAX / PAGE_BYTES)
#define SCAN_ROWS          10000 /* in one read transaction: a longer one holds the journal */
#define BUSY_MS            1000  /* for programs other than ours on the file */

/* The end of a checkpoint waits this often and long for reads under way. */
#define READS_POLLS_MAX 20
#define READS_POLL_US   100

#define ANSWER_SIZE 64 /* of a number or word asked of the database */

/* Rounds of a checkpoint beside the writer go on while they pay and keep up. */
#define ROUND_FRAMES_MIN (JOURNAL_FRAMES / 8)
#define ROUND_FRAMES_MAX (JOURNAL_FRAMES * 4)

enum connection { WRITER, READER, CHECKPOINT, CONNECTION_COUNT };

enum statement {
    BEGIN,
    COMMIT,
    ROLLBACK,
    INSERT_RECORD,
    INSERT_PAYMENT,
    SELECT_HEAD,
    SELECT_ENTRY,
    SELECT_LIST,
    SELECT_LIST_NEWEST,
    SELECT_SEQS,
    SELECT_SCAN,
    SELECT_ROLLOUTS,
    STATEMENT_COUNT,
};

#define PAYMENT_COLUMNS                                                                        \
    "p.fingerprint, p.key_fingerprint, p.at_ms, p.state, p.currency, p.debtor_country"

/* CROSS JOIN: the narrow table leads, and a body is read only where the row passed. */
#define SELECT_PAYMENTS                                                                        \
    "SELECT p.seq, " PAYMENT_COLUMNS ", r.kind, r.chain, r.body"                               \
    " FROM payment p CROSS JOIN record r ON r.seq = p.seq"                                     \
    " WHERE p.seq > ?1 AND p.seq <= ?8"                                                        \
    " AND (?2 = 0 OR ?2 >> p.state & 1)"                                                       \
    " AND p.at_ms >= ?3 AND p.at_ms < ?4"                                                      \
    " AND (?5 IS NULL OR p.currency = ?5)"                                                     \
    " AND (?6 IS NULL OR p.debtor_country = ?6)"

static const struct {
    enum connection on;
    const char *sql;
} statements[STATEMENT_COUNT] = {
    [BEGIN] = {WRITER, "BEGIN IMMEDIATE"},
    [COMMIT] = {WRITER, "COMMIT"},
    [ROLLBACK] = {WRITER, "ROLLBACK"},
    [INSERT_RECORD] = {WRITER, "INSERT INTO record (seq, kind, chain, body)"
                               " VALUES (?1, ?2, ?3, ?4)"},
    [INSERT_PAYMENT] = {WRITER, "INSERT INTO payment (seq, fingerprint, key_fingerprint, at_ms,"
                                " state, currency, debtor_country)"
                                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"},
    [SELECT_HEAD] = {READER, "SELECT seq, chain FROM record ORDER BY seq DESC LIMIT 1"},
    [SELECT_ENTRY] = {READER, "SELECT r.seq, " PAYMENT_COLUMNS ", r.kind, r.chain, r.body"
                              " FROM record r LEFT JOIN payment p ON p.seq = r.seq"
                              " WHERE r.seq = ?1"},
    [SELECT_LIST] = {READER, SELECT_PAYMENTS " ORDER BY p.seq LIMIT ?7"},
    [SELECT_LIST_NEWEST] = {READER, SELECT_PAYMENTS " ORDER BY p.seq DESC LIMIT ?7"},
    [SELECT_SEQS] = {READER, "SELECT seq FROM payment WHERE seq >= ?1 ORDER BY seq LIMIT ?2"},
    [SELECT_SCAN] = {READER, "SELECT p.seq, " PAYMENT_COLUMNS " FROM payment p"
                             " WHERE p.seq > ?1 ORDER BY p.seq LIMIT ?2"},
    [SELECT_ROLLOUTS] = {READER, "SELECT seq FROM record WHERE kind = 3 AND seq > ?1"
                                 " AND seq <= ?2 ORDER BY seq LIMIT ?3"},
};

#define CREATE_ROLLOUT "CREATE INDEX rollout ON record (seq) WHERE kind = 3;"

struct sqlite_store {
    struct store base;
    char *path;
    int lock_fd;
    sqlite3 *db[CONNECTION_COUNT];
    sqlite3_stmt *stmt[STATEMENT_COUNT];
    uint64_t head; /* not of a view, where others append */

    struct turns turns;
    pthread_t checkpointer;
    bool checkpointer_runs;
    atomic_int frames; /* in the journal, after the last commit */
    int frames_limit;  /* in turns: how many make the next checkpoint due */
};

static int
sqlite_error(struct sqlite_store *sqlite, enum connection on, struct error *err)
{
    sqlite3 *db = sqlite->db[on];

    return error_set(err, sqlite3_errcode(db) == SQLITE_BUSY ? ERROR_BUSY : ERROR_INTERNAL,
                     "store %s: %s (SQLite code %d)", sqlite->path, sqlite3_errmsg(db),
                     sqlite3_extended_errcode(db));
}

/* ---- checkpoints ---- */

static int
wait_for_reads(void *context, int polls)
{
    (void)context;
    if (polls >= READS_POLLS_MAX)
        return 0;
    usleep(READS_POLL_US);
    return 1;
}

/*
 * Copy the journal into the database beside the writer, and have the disk take
 * it, until little is left.  Without that fdatasync the end of the checkpoint,
 * for which the writer waits, would have to sync all that was copied.  A writer
 * that outruns the copying is made to wait, though: the journal is bounded.
 */
static int
checkpoint_beside_writer(struct sqlite_store *sqlite)
{
    int frames, copied = 0, rc;

    do {
        rc = sqlite3_wal_checkpoint_v2(sqlite->db[CHECKPOINT], "main",
                                       SQLITE_CHECKPOINT_PASSIVE, NULL, &copied);
        if (rc == SQLITE_OK && fdatasync(sqlite->lock_fd) != 0)
            rc = SQLITE_IOERR_FSYNC;
        frames = atomic_load(&sqlite->frames);
    } while (rc == SQLITE_OK && frames - copied > ROUND_FRAMES_MIN &&
             frames < ROUND_FRAMES_MAX);
    return rc;
}

/* Copy the rest while nothing commits, so that the next commit starts the journal over. */
static int
checkpoint_end(struct sqlite_store *sqlite)
{
    int rc;

    checkpointer_enter(&sqlite->turns);
    rc = sqlite3_wal_checkpoint_v2(sqlite->db[CHECKPOINT], "main", SQLITE_CHECKPOINT_RESTART,
                                   NULL, NULL);
    if (rc == SQLITE_OK) {
        atomic_store(&sqlite->frames, 0);
        sqlite->frames_limit = JOURNAL_FRAMES;
    }
    checkpointer_leave(&sqlite->turns);
    return rc;
}

/*
 * A checkpoint that only ever runs beside a busy writer never catches up, and
 * one that stops the writer from the first frame on stalls every payment.  So
 * most is copied beside it, and the short end in its place (Q3).
 */
static void *
checkpoint_main(void *context)
{
    struct sqlite_store *sqlite = context;
    bool failed = false;

    while (checkpointer_wait(&sqlite->turns)) {
        int rc = checkpoint_beside_writer(sqlite);

        if (rc == SQLITE_OK)
            rc = checkpoint_end(sqlite);
        if (rc == SQLITE_BUSY) /* a long read: the next one gets further */
            rc = SQLITE_OK;
        if (rc != SQLITE_OK && !failed)
            log_warn("store.checkpoint_failed", "path=\"%s\" why=\"%s\"", sqlite->path,
                     sqlite3_errstr(rc));
        failed = rc != SQLITE_OK;
        checkpointer_done(&sqlite->turns);
    }
    return NULL;
}

/* Called by SQLite within COMMIT. */
static int
note_frames(void *context, sqlite3 *db, const char *name, int frames)
{
    struct sqlite_store *sqlite = context;

    (void)db, (void)name;
    atomic_store(&sqlite->frames, frames);
    return SQLITE_OK;
}

/*
 * After each append.  Where the journal did not start over, something holds it:
 * then ask again only after a quarter more, not at each commit.
 */
static bool
checkpoint_is_due(struct sqlite_store *sqlite)
{
    int frames = atomic_load(&sqlite->frames);

    if (frames < sqlite->frames_limit)
        return false;
    sqlite->frames_limit = frames + JOURNAL_FRAMES / 4;
    return true;
}

/* ---- append ---- */

static int
run(sqlite3_stmt *stmt)
{
    sqlite3_step(stmt);
    return sqlite3_reset(stmt); /* repeats what step found */
}

static int
insert_record(sqlite3_stmt *stmt, const struct store_entry *entry)
{
    sqlite3_bind_int64(stmt, 1, (int64_t)entry->seq);
    sqlite3_bind_int(stmt, 2, (int)entry->kind);
    sqlite3_bind_blob(stmt, 3, entry->chain, SHA256_BYTES, SQLITE_STATIC);
    sqlite3_bind_blob64(stmt, 4, entry->body, entry->body_len, SQLITE_STATIC);
    return run(stmt);
}

static int
insert_payment(sqlite3_stmt *stmt, const struct store_entry *entry)
{
    sqlite3_bind_int64(stmt, 1, (int64_t)entry->seq);
    sqlite3_bind_int64(stmt, 2, (int64_t)entry->fingerprint);
    sqlite3_bind_int64(stmt, 3, (int64_t)entry->key_fingerprint);
    sqlite3_bind_int64(stmt, 4, entry->at_ms);
    sqlite3_bind_int(stmt, 5, entry->state);
    sqlite3_bind_text(stmt, 6, entry->currency, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 7, entry->debtor_country, -1, SQLITE_STATIC);
    return run(stmt);
}

static int
append_entry(struct sqlite_store *sqlite, const struct store_entry *entry)
{
    int rc = insert_record(sqlite->stmt[INSERT_RECORD], entry);

    if (rc == SQLITE_OK && entry->kind == RECORD_PAYMENT) /* Q2 */
        rc = insert_payment(sqlite->stmt[INSERT_PAYMENT], entry);
    return rc;
}

/* One transaction: all of them, or after ROLLBACK none (S1). */
static int
append_all(struct sqlite_store *sqlite, const struct store_entry *const *entries, size_t count,
           struct error *err)
{
    int rc = run(sqlite->stmt[BEGIN]);

    for (size_t i = 0; i < count && rc == SQLITE_OK; i++) {
        assert(entries[i]->seq == sqlite->head + 1 + i); /* Q1 */
        rc = append_entry(sqlite, entries[i]);
    }
    if (rc == SQLITE_OK)
        rc = run(sqlite->stmt[COMMIT]);
    if (rc == SQLITE_OK)
        return 0;
    sqlite_error(sqlite, WRITER, err);
    if (!sqlite3_get_autocommit(sqlite->db[WRITER])) /* some errors have done it already */
        run(sqlite->stmt[ROLLBACK]);
    return -1;
}

static int
sqlite_append(struct store *store, const struct store_entry *const *entries, size_t count,
              struct error *err)
{
    struct sqlite_store *sqlite = (struct sqlite_store *)store;
    int rc;

    assert(sqlite->db[WRITER]); /* not of a view */
    appender_enter(&sqlite->turns, atomic_load(&sqlite->frames) >= JOURNAL_FRAMES_MAX);
    rc = append_all(sqlite, entries, count, err);
    if (rc == 0)
        sqlite->head += count;
    appender_leave(&sqlite->turns, checkpoint_is_due(sqlite));
    return rc;
}

/* ---- read ---- */

/* A short text column with its NUL; "" for NULL or one that is too long to be ours. */
static void
row_code(sqlite3_stmt *stmt, int column, char *out, size_t size)
{
    const unsigned char *text = sqlite3_column_text(stmt, column);
    size_t len = (size_t)sqlite3_column_bytes(stmt, column);

    out[0] = '\0';
    if (text && len < size)
        memcpy(out, text, len + 1);
}

/* Columns 1 to 6 of every SELECT: PAYMENT_COLUMNS, all NULL for other kinds. */
static void
row_payment(sqlite3_stmt *stmt, struct store_entry *out)
{
    *out = (struct store_entry){
        .seq = (uint64_t)sqlite3_column_int64(stmt, 0),
        .kind = RECORD_PAYMENT,
        .fingerprint = (uint64_t)sqlite3_column_int64(stmt, 1),
        .key_fingerprint = (uint64_t)sqlite3_column_int64(stmt, 2),
        .at_ms = sqlite3_column_int64(stmt, 3),
        .state = sqlite3_column_int(stmt, 4),
    };
    row_code(stmt, 5, out->currency, sizeof(out->currency));
    row_code(stmt, 6, out->debtor_country, sizeof(out->debtor_country));
}

/* Columns 7 to 9: kind, chain, body. */
static void
row_entry(sqlite3_stmt *stmt, struct arena *arena, struct store_entry *out)
{
    const void *chain, *body;

    row_payment(stmt, out);
    out->kind = (enum record_kind)sqlite3_column_int(stmt, 7);
    chain = sqlite3_column_blob(stmt, 8); /* 32 bytes: the table checks it */
    if (chain && sqlite3_column_bytes(stmt, 8) == SHA256_BYTES)
        memcpy(out->chain, chain, SHA256_BYTES);
    body = sqlite3_column_blob(stmt, 9);
    out->body_len = (size_t)sqlite3_column_bytes(stmt, 9);
    out->body = arena_copy(arena, body, out->body_len);
}

static int
sqlite_head(struct store *store, uint64_t *seq, uint8_t chain[SHA256_BYTES], struct error *err)
{
    struct sqlite_store *sqlite = (struct sqlite_store *)store;
    sqlite3_stmt *stmt = sqlite->stmt[SELECT_HEAD];
    int rc = sqlite3_step(stmt);

    *seq = 0;
    memset(chain, 0, SHA256_BYTES);
    if (rc == SQLITE_ROW) {
        *seq = (uint64_t)sqlite3_column_int64(stmt, 0);
        if (sqlite3_column_bytes(stmt, 1) == SHA256_BYTES)
            memcpy(chain, sqlite3_column_blob(stmt, 1), SHA256_BYTES);
    }
    return sqlite3_reset(stmt) == SQLITE_OK ? 0 : sqlite_error(sqlite, READER, err);
}

static int
sqlite_read(struct store *store, uint64_t seq, struct arena *arena, struct store_entry *out,
            struct error *err)
{
    struct sqlite_store *sqlite = (struct sqlite_store *)store;
    sqlite3_stmt *stmt = sqlite->stmt[SELECT_ENTRY];
    int rc;

    sqlite3_bind_int64(stmt, 1, (int64_t)seq);
    rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW)
        row_entry(stmt, arena, out);
    if (sqlite3_reset(stmt) != SQLITE_OK)
        return sqlite_error(sqlite, READER, err);
    if (rc != SQLITE_ROW)
        return error_set(err, ERROR_NOT_FOUND, "no record %" PRIu64, seq);
    return 0;
}

/* "" is stored by nobody, so as a filter it means any, like NULL. */
static void
bind_wanted(sqlite3_stmt *stmt, int parameter, const char *text)
{
    if (text && text[0])
        sqlite3_bind_text(stmt, parameter, text, -1, SQLITE_STATIC);
    else
        sqlite3_bind_null(stmt, parameter);
}

static void
bind_filter(sqlite3_stmt *stmt, const struct store_filter *filter, size_t limit)
{
    sqlite3_bind_int64(stmt, 1, (int64_t)filter->after_seq);
    sqlite3_bind_int64(stmt, 2, filter->states);
    sqlite3_bind_int64(stmt, 3, filter->from_ms);
    sqlite3_bind_int64(stmt, 4, filter->to_ms);
    bind_wanted(stmt, 5, filter->currency);
    bind_wanted(stmt, 6, filter->debtor_country);
    sqlite3_bind_int64(stmt, 7, (int64_t)limit);
    sqlite3_bind_int64(stmt, 8, filter->last_seq ? (int64_t)filter->last_seq : INT64_MAX);
}

static int
sqlite_list(struct store *store, const struct store_filter *filter, size_t limit,
            struct arena *arena, struct store_entry **out, size_t *count, struct error *err)
{
    struct sqlite_store *sqlite = (struct sqlite_store *)store;
    sqlite3_stmt *stmt = sqlite->stmt[filter->newest_first ? SELECT_LIST_NEWEST : SELECT_LIST];
    size_t bytes = 0;

    *out = arena_alloc(arena, limit * sizeof(**out));
    *count = 0;
    bind_filter(stmt, filter, limit);
    while ((!filter->bytes_max || bytes < filter->bytes_max) &&
           sqlite3_step(stmt) == SQLITE_ROW) {
        row_entry(stmt, arena, &(*out)[*count]);
        bytes += (*out)[(*count)++].body_len;
    }
    return sqlite3_reset(stmt) == SQLITE_OK ? 0 : sqlite_error(sqlite, READER, err);
}

/*
 * Move *seq on to the first that no payment has, or past last.  By Q2 that is an
 * event's or a roll-out's: so no body is passed on the way, nor is an index needed
 * to find it.
 */
static int
find_other(struct sqlite_store *sqlite, uint64_t last, uint64_t *seq, struct error *err)
{
    sqlite3_stmt *stmt = sqlite->stmt[SELECT_SEQS];
    size_t rows;

    do {
        sqlite3_bind_int64(stmt, 1, (int64_t)*seq);
        sqlite3_bind_int64(stmt, 2, SCAN_ROWS);
        for (rows = 0; *seq <= last && sqlite3_step(stmt) == SQLITE_ROW &&
                       (uint64_t)sqlite3_column_int64(stmt, 0) == *seq;
             rows++)
            (*seq)++;
        if (sqlite3_reset(stmt) != SQLITE_OK)
            return sqlite_error(sqlite, READER, err);
    } while (rows == SCAN_ROWS);
    return 0;
}

static int
sqlite_events(struct store *store, const struct store_filter *filter, size_t limit,
              struct arena *arena, struct store_entry **out, size_t *count, struct error *err)
{
    struct sqlite_store *sqlite = (struct sqlite_store *)store;
    uint64_t last, seq = filter->after_seq;
    uint8_t chain[SHA256_BYTES];
    size_t bytes = 0;

    *out = arena_alloc(arena, limit * sizeof(**out));
    *count = 0;
    if (sqlite_head(store, &last, chain, err) != 0) /* first: what comes later has no gap yet */
        return -1;
    if (filter->last_seq && filter->last_seq < last)
        last = filter->last_seq;
    while (seq++ < last && *count < limit &&
           (!filter->bytes_max || bytes < filter->bytes_max)) {
        struct store_entry *entry = &(*out)[*count];

        if (find_other(sqlite, last, &seq, err) != 0)
            return -1;
        if (seq > last)
            break;
        if (sqlite_read(store, seq, arena, entry, err) != 0)
            return -1;
        if (entry->kind == RECORD_ROLLOUT)
            continue;
        if (entry->kind != RECORD_EVENT)
            return error_set(err, ERROR_INTERNAL,
                             "store %s: expected record %" PRIu64 " to be an event, found a "
                             "payment without its row",
                             sqlite->path, seq);
        bytes += entry->body_len;
        (*count)++;
    }
    return 0;
}

/* The next seqs first, then the records: a read may not stand open meanwhile. */
static int
sqlite_rollouts(struct store *store, const struct store_filter *filter, size_t limit,
                struct arena *arena, struct store_entry **out, size_t *count, struct error *err)
{
    struct sqlite_store *sqlite = (struct sqlite_store *)store;
    sqlite3_stmt *stmt = sqlite->stmt[SELECT_ROLLOUTS];
    uint64_t *seqs = arena_alloc(arena, limit * sizeof(*seqs));
    size_t found = 0, bytes = 0;

    *out = arena_alloc(arena, limit * sizeof(**out));
    *count = 0;
    sqlite3_bind_int64(stmt, 1, (int64_t)filter->after_seq);
    sqlite3_bind_int64(stmt, 2, filter->last_seq ? (int64_t)filter->last_seq : INT64_MAX);
    sqlite3_bind_int64(stmt, 3, (int64_t)limit);
    while (found < limit && sqlite3_step(stmt) == SQLITE_ROW)
        seqs[found++] = (uint64_t)sqlite3_column_int64(stmt, 0);
    if (sqlite3_reset(stmt) != SQLITE_OK)
        return sqlite_error(sqlite, READER, err);
    for (; *count < found && (!filter->bytes_max || bytes < filter->bytes_max); (*count)++) {
        if (sqlite_read(store, seqs[*count], arena, &(*out)[*count], err) != 0)
            return -1;
        bytes += (*out)[*count].body_len;
    }
    return 0;
}

static int
sqlite_scan(struct store *store, void (*each)(void *context, const struct store_entry *entry),
            void *context, struct error *err)
{
    struct sqlite_store *sqlite = (struct sqlite_store *)store;
    sqlite3_stmt *stmt = sqlite->stmt[SELECT_SCAN];
    struct store_entry entry = {0};
    size_t rows;

    do {
        rows = 0;
        sqlite3_bind_int64(stmt, 1, (int64_t)entry.seq);
        sqlite3_bind_int64(stmt, 2, SCAN_ROWS);
        for (; sqlite3_step(stmt) == SQLITE_ROW; rows++) {
            row_payment(stmt, &entry);
            each(context, &entry);
        }
        if (sqlite3_reset(stmt) != SQLITE_OK)
            return sqlite_error(sqlite, READER, err);
    } while (rows == SCAN_ROWS);
    return 0;
}

/* ---- open ---- */

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
                        "  debtor_country TEXT NOT NULL"
                        ") STRICT;"
                        "CREATE TABLE meta ("
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
    return 0;
}

/* A file of an older version gets what it lacks, whole or not at all. */
static int
schema_upgrade(struct sqlite_store *sqlite, struct error *err)
{
    char version[ANSWER_SIZE], *sql;
    int rc;

    if (ask(sqlite, WRITER, "PRAGMA user_version", version, err) != 0)
        return -1;
    if (atoi(version) == SCHEMA_VERSION)
        return 0;
    sql = sqlite3_mprintf("BEGIN IMMEDIATE;" CREATE_ROLLOUT "PRAGMA user_version = %d; COMMIT",
                          SCHEMA_VERSION);
    rc = sqlite3_exec(sqlite->db[WRITER], sql, NULL, NULL, NULL);
    sqlite3_free(sql);
    if (rc == SQLITE_OK)
        return 0;
    sqlite_error(sqlite, WRITER, err);
    if (!sqlite3_get_autocommit(sqlite->db[WRITER]))
        sqlite3_exec(sqlite->db[WRITER], "ROLLBACK", NULL, NULL, NULL);
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

/* Those of the connections that are open. */
static int
statements_prepare(struct sqlite_store *sqlite, struct error *err)
{
    for (int i = 0; i < STATEMENT_COUNT; i++)
        if (sqlite->db[statements[i].on] &&
            sqlite3_prepare_v3(sqlite->db[statements[i].on], statements[i].sql, -1,
                               SQLITE_PREPARE_PERSISTENT, &sqlite->stmt[i], NULL) != SQLITE_OK)
            return sqlite_error(sqlite, statements[i].on, err);
    return 0;
}

static int
checkpointer_start(struct sqlite_store *sqlite, struct error *err)
{
    int why;

    sqlite->frames_limit = JOURNAL_FRAMES;
    sqlite3_wal_hook(sqlite->db[WRITER], note_frames, sqlite);
    sqlite3_busy_handler(sqlite->db[CHECKPOINT], wait_for_reads, NULL);
    why = pthread_create(&sqlite->checkpointer, NULL, checkpoint_main, sqlite);
    if (why != 0)
        return error_set(err, ERROR_INTERNAL, "cannot start the checkpointer: %s",
                         strerror(why));
    sqlite->checkpointer_runs = true;
    return 0;
}

/* Closing the last connection copies the rest of the journal and removes it. */
static void
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
        connection_open(sqlite, CHECKPOINT, err) != 0 || statements_prepare(sqlite, err) != 0 ||
        check_tail(sqlite, arena, err) != 0)
        return -1;
    return checkpointer_start(sqlite, err);
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

static int
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
    return statements_prepare(sqlite, err);
}

static int
sqlite_view(const char *where, uint64_t *seed, struct store **out, struct error *err)
{
    struct sqlite_store *sqlite = sqlite_new(where);

    return sqlite_hand_out(sqlite, view_prepare(sqlite, seed, err), out);
}

const struct store_ops store_sqlite = {
    .name = "sqlite",
    .open = sqlite_open,
    .view = sqlite_view,
    .head = sqlite_head,
    .append = sqlite_append,
    .read = sqlite_read,
    .list = sqlite_list,
    .events = sqlite_events,
    .rollouts = sqlite_rollouts,
    .scan = sqlite_scan,
    .close = sqlite_close,
};
