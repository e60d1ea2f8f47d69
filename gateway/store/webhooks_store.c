/*
 * webhooks_store.c - the SQLite file of webhooks.
 *
 * Journal WAL.  Cursors and dead letters are committed without waiting for the
 * disk (synchronous=NORMAL): delivery is at least once, so an older cursor does
 * no harm.  What a client was told is there is synced first (FULL).
 */
#include "gateway/store/webhooks_store.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define APPLICATION_ID 0x79756177 /* "yuaw" */
#define BUSY_MS        1000

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS webhook (id TEXT PRIMARY KEY, url TEXT NOT NULL,"
    " secret TEXT NOT NULL, definition TEXT NOT NULL, created_ms INTEGER NOT NULL,"
    " cursor INTEGER NOT NULL, disabled INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS letter (webhook TEXT NOT NULL, seq INTEGER NOT NULL,"
    " payment INTEGER NOT NULL, at_ms INTEGER NOT NULL, attempts INTEGER NOT NULL,"
    " why TEXT NOT NULL, PRIMARY KEY (webhook, seq)) WITHOUT ROWID;";

enum statement {
    BEGIN,
    COMMIT,
    ROLLBACK,
    SYNC_FULL,
    SYNC_NORMAL,
    PUT,
    DROP,
    DROP_LETTERS,
    SET_STATE,
    MOVE,
    BURY,
    UNBURY,
    EACH,
    LETTERS,
    COUNT_LETTERS,
    STATEMENT_COUNT,
};

static const char *const statements[STATEMENT_COUNT] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [SYNC_FULL] = "PRAGMA synchronous = FULL",
    [SYNC_NORMAL] = "PRAGMA synchronous = NORMAL",
    [PUT] = "INSERT INTO webhook (id, url, secret, definition, created_ms, cursor, disabled)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [DROP] = "DELETE FROM webhook WHERE id = ?1",
    [DROP_LETTERS] = "DELETE FROM letter WHERE webhook = ?1",
    [SET_STATE] = "UPDATE webhook SET disabled = ?2 WHERE id = ?1",
    [MOVE] = "UPDATE webhook SET cursor = ?2 WHERE id = ?1",
    [BURY] = "INSERT OR REPLACE INTO letter (webhook, seq, payment, at_ms, attempts, why)"
             " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [UNBURY] = "DELETE FROM letter WHERE webhook = ?1 AND seq = ?2",
    [EACH] = "SELECT id, url, secret, definition, created_ms, cursor, disabled FROM webhook"
             " ORDER BY created_ms, rowid",
    [LETTERS] = "SELECT seq, payment, at_ms, attempts, why FROM letter"
                " WHERE webhook = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
    [COUNT_LETTERS] = "SELECT count(*) FROM letter WHERE webhook = ?1",
};

struct webhooks_store {
    char *name; /* for sentences */
    sqlite3 *db;
    sqlite3_stmt *stmt[STATEMENT_COUNT];
};

static int
store_error(struct webhooks_store *store, struct error *err)
{
    return error_set(err, ERROR_INTERNAL, "webhooks %s: %s (SQLite code %d)", store->name,
                     store->db ? sqlite3_errmsg(store->db) : "out of memory",
                     store->db ? sqlite3_extended_errcode(store->db) : 0);
}

/* Run a statement that gives no rows, and forget what was bound to it. */
static int
run(struct webhooks_store *store, enum statement which, struct error *err)
{
    sqlite3_stmt *stmt = store->stmt[which];

    sqlite3_step(stmt);
    if (sqlite3_reset(stmt) != SQLITE_OK)
        return store_error(store, err);
    sqlite3_clear_bindings(stmt);
    return 0;
}

static sqlite3_stmt *
bind_id(struct webhooks_store *store, enum statement which, const char *id)
{
    sqlite3_bind_text(store->stmt[which], 1, id, -1, SQLITE_STATIC);
    return store->stmt[which];
}

/* The same, and it is on disk (K1). */
static int
run_synced(struct webhooks_store *store, enum statement which, struct error *err)
{
    struct error ignored = {0};
    int rc = run(store, SYNC_FULL, err);

    if (rc == 0)
        rc = run(store, which, err);
    if (run(store, SYNC_NORMAL, &ignored) != 0 && rc == 0)
        *err = ignored;
    return rc;
}

static int
store_prepare(struct webhooks_store *store, const char *path, struct error *err)
{
    static const char setup[] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";
    char mark[64];

    if (sqlite3_open_v2(path ? path : ":memory:", &store->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK)
        return store_error(store, err);
    sqlite3_busy_timeout(store->db, BUSY_MS);
    sqlite3_snprintf(sizeof(mark), mark, "PRAGMA application_id = %d", APPLICATION_ID);
    if (path && chmod(path, S_IRUSR | S_IWUSR) != 0) /* secrets are in it */
        return error_set(err, ERROR_INVALID, "webhooks %s: its mode cannot be set", path);
    if (sqlite3_exec(store->db, setup, NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(store->db, mark, NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(store->db, schema, NULL, NULL, NULL) != SQLITE_OK)
        return store_error(store, err);
    for (int i = 0; i < STATEMENT_COUNT; i++)
        if (sqlite3_prepare_v3(store->db, statements[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &store->stmt[i], NULL) != SQLITE_OK)
            return store_error(store, err);
    return run(store, SYNC_NORMAL, err);
}

int
webhooks_store_open(const char *path, struct webhooks_store **out, struct error *err)
{
    struct webhooks_store *store = calloc(1, sizeof(*store));

    *out = NULL;
    if (!store || !(store->name = strdup(path ? path : "in memory")))
        abort();
    if (store_prepare(store, path, err) != 0) {
        webhooks_store_close(store);
        return -1;
    }
    *out = store;
    return 0;
}

void
webhooks_store_close(struct webhooks_store *store)
{
    if (!store)
        return;
    for (int i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(store->stmt[i]);
    sqlite3_close(store->db);
    free(store->name);
    free(store);
}

static const char *
column_text(sqlite3_stmt *stmt, int column)
{
    const unsigned char *text = sqlite3_column_text(stmt, column);

    return text ? (const char *)text : "";
}

int
webhooks_store_each(struct webhooks_store *store,
                    void (*each)(void *context, const struct webhook_row *row), void *context,
                    struct error *err)
{
    sqlite3_stmt *stmt = store->stmt[EACH];

    while (sqlite3_step(stmt) == SQLITE_ROW) {
        const struct webhook_row row = {
            .id = column_text(stmt, 0),
            .url = column_text(stmt, 1),
            .secret = column_text(stmt, 2),
            .definition = column_text(stmt, 3),
            .created_ms = sqlite3_column_int64(stmt, 4),
            .cursor = (uint64_t)sqlite3_column_int64(stmt, 5),
            .disabled = sqlite3_column_int(stmt, 6) != 0,
        };

        each(context, &row);
    }
    return sqlite3_reset(stmt) == SQLITE_OK ? 0 : store_error(store, err);
}

int
webhooks_store_put(struct webhooks_store *store, const struct webhook_row *row,
                   struct error *err)
{
    sqlite3_stmt *stmt = bind_id(store, PUT, row->id);

    sqlite3_bind_text(stmt, 2, row->url, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 3, row->secret, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 4, row->definition, -1, SQLITE_STATIC);
    sqlite3_bind_int64(stmt, 5, row->created_ms);
    sqlite3_bind_int64(stmt, 6, (int64_t)row->cursor);
    sqlite3_bind_int(stmt, 7, row->disabled);
    return run_synced(store, PUT, err);
}

int
webhooks_store_drop(struct webhooks_store *store, const char *id, struct error *err)
{
    bind_id(store, DROP, id);
    if (run_synced(store, DROP, err) != 0)
        return -1;
    bind_id(store, DROP_LETTERS, id);
    return run(store, DROP_LETTERS, err);
}

int
webhooks_store_set_state(struct webhooks_store *store, const char *id, bool disabled,
                         struct error *err)
{
    sqlite3_bind_int(bind_id(store, SET_STATE, id), 2, disabled);
    return run_synced(store, SET_STATE, err);
}

int
webhooks_store_begin(struct webhooks_store *store, struct error *err)
{
    return run(store, BEGIN, err);
}

int
webhooks_store_move(struct webhooks_store *store, const char *id, uint64_t cursor,
                    struct error *err)
{
    sqlite3_bind_int64(bind_id(store, MOVE, id), 2, (int64_t)cursor);
    return run(store, MOVE, err);
}

int
webhooks_store_commit(struct webhooks_store *store, struct error *err)
{
    struct error ignored = {0};

    if (run(store, COMMIT, err) == 0)
        return 0;
    if (!sqlite3_get_autocommit(store->db) && run(store, ROLLBACK, &ignored) != 0)
        return -1;
    return -1;
}

int
webhooks_store_bury(struct webhooks_store *store, const char *id,
                    const struct webhook_letter *letter, struct error *err)
{
    sqlite3_stmt *stmt = bind_id(store, BURY, id);

    sqlite3_bind_int64(stmt, 2, (int64_t)letter->seq);
    sqlite3_bind_int64(stmt, 3, (int64_t)letter->payment);
    sqlite3_bind_int64(stmt, 4, letter->at_ms);
    sqlite3_bind_int(stmt, 5, letter->attempts);
    sqlite3_bind_text(stmt, 6, letter->why, -1, SQLITE_STATIC);
    return run(store, BURY, err);
}

int
webhooks_store_unbury(struct webhooks_store *store, const char *id, uint64_t seq,
                      struct error *err)
{
    sqlite3_bind_int64(bind_id(store, UNBURY, id), 2, (int64_t)seq);
    return run(store, UNBURY, err);
}

int
webhooks_store_letters(struct webhooks_store *store, const char *id, uint64_t after_seq,
                       size_t limit,
                       void (*each)(void *context, const struct webhook_letter *letter),
                       void *context, struct error *err)
{
    sqlite3_stmt *stmt = bind_id(store, LETTERS, id);

    sqlite3_bind_int64(stmt, 2, (int64_t)after_seq);
    sqlite3_bind_int64(stmt, 3, (int64_t)limit);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        const struct webhook_letter letter = {
            .seq = (uint64_t)sqlite3_column_int64(stmt, 0),
            .payment = (uint64_t)sqlite3_column_int64(stmt, 1),
            .at_ms = sqlite3_column_int64(stmt, 2),
            .attempts = sqlite3_column_int(stmt, 3),
            .why = column_text(stmt, 4),
        };

        each(context, &letter);
    }
    return sqlite3_reset(stmt) == SQLITE_OK ? 0 : store_error(store, err);
}

int
webhooks_store_count(struct webhooks_store *store, const char *id, int64_t *count,
                     struct error *err)
{
    sqlite3_stmt *stmt = bind_id(store, COUNT_LETTERS, id);

    *count = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
    return sqlite3_reset(stmt) == SQLITE_OK ? 0 : store_error(store, err);
}
