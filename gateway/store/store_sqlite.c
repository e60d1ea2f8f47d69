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
 *   Q2  a record of kind payment has its row in payment, one of an event or of the
 *       clock in event, and no other has.  Roll-outs, of which there are few, have an
 *       index of their own, which is small.
 *   Q3  the journal starts over each time a checkpoint ends; it stays near
 *       JOURNAL_BYTES, and under JOURNAL_BYTES_MAX and one append, however
 *       constant the load (see sqlite_checkpoint.c).
 */
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "gateway/store/sqlite_private.h"

#define SCAN_ROWS 10000 /* in one read transaction: a longer one holds the journal */

#define PAYMENT_COLUMNS                                                                        \
    "p.fingerprint, p.key_fingerprint, p.at_ms, p.state, p.currency, p.debtor_country,"        \
    " p.due_ms, p.note"
#define EVENT_COLUMNS "e.payment, e.previous, e.at_ms, e.state, e.due_ms, e.flags"

/* CROSS JOIN: the narrow table leads, and a body is read only where the row passed. */
#define SELECT_PAYMENTS                                                                        \
    "SELECT p.seq, " PAYMENT_COLUMNS ", r.kind, r.chain, r.body"                               \
    " FROM payment p CROSS JOIN record r ON r.seq = p.seq"                                     \
    " WHERE p.seq > ?1 AND p.seq <= ?8"                                                        \
    " AND (?2 = 0 OR ?2 >> state_now(p.seq, p.state) & 1)"                                     \
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
                                " state, currency, debtor_country, due_ms, note)"
                                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"},
    [INSERT_EVENT] = {WRITER, "INSERT INTO event (seq, payment, previous, at_ms, state, due_ms,"
                              " flags) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"},
    [SELECT_HEAD] = {READER, "SELECT seq, chain FROM record ORDER BY seq DESC LIMIT 1"},
    [SELECT_ENTRY] = {READER, "SELECT r.seq, " PAYMENT_COLUMNS
                              ", r.kind, r.chain, r.body, " EVENT_COLUMNS " FROM record r"
                              " LEFT JOIN payment p ON p.seq = r.seq"
                              " LEFT JOIN event e ON e.seq = r.seq AND r.kind IN (2, 4)"
                              " WHERE r.seq = ?1"},
    [SELECT_LIST] = {READER, SELECT_PAYMENTS " ORDER BY p.seq LIMIT ?7"},
    [SELECT_LIST_NEWEST] = {READER, SELECT_PAYMENTS " ORDER BY p.seq DESC LIMIT ?7"},
    [SELECT_SEQS] = {READER, "SELECT seq FROM payment WHERE seq >= ?1 ORDER BY seq LIMIT ?2"},
    [SELECT_SCAN] = {READER, "SELECT p.seq, " PAYMENT_COLUMNS " FROM payment p"
                             " WHERE p.seq > ?1 ORDER BY p.seq LIMIT ?2"},
    [SELECT_SCAN_EVENTS] = {READER, "SELECT e.seq, " EVENT_COLUMNS " FROM event e"
                                    " WHERE e.seq > ?1 ORDER BY e.seq LIMIT ?2"},
    [SELECT_ROLLOUTS] = {READER, "SELECT seq FROM record WHERE kind = 3 AND seq > ?1"
                                 " AND seq <= ?2 ORDER BY seq LIMIT ?3"},
    [SELECT_FEED] = {READER, "SELECT r.seq, " PAYMENT_COLUMNS ", r.kind, r.chain, r.body"
                             " FROM record r LEFT JOIN payment p ON p.seq = r.seq"
                             " WHERE r.seq > ?1 AND r.seq <= ?2 AND r.kind IN (1, 2)"
                             " ORDER BY r.seq LIMIT ?3"},
};

/* What may be otherwise the next time. */
static bool
is_passing(int code)
{
    return code == SQLITE_BUSY || code == SQLITE_LOCKED || code == SQLITE_NOMEM ||
           code == SQLITE_IOERR || code == SQLITE_FULL;
}

void
sqlite_complain(struct sqlite_store *sqlite, enum connection on, struct error *err)
{
    sqlite3 *db = sqlite->db[on];

    error_record(err, is_passing(sqlite3_errcode(db) & 0xff) ? ERROR_BUSY : ERROR_INTERNAL,
                 "store %s: %s (SQLite code %d)", sqlite->path, sqlite3_errmsg(db),
                 sqlite3_extended_errcode(db));
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
    sqlite3_bind_int64(stmt, 8, entry->due_ms);
    if (entry->note_len > 0)
        sqlite3_bind_blob64(stmt, 9, entry->note, entry->note_len, SQLITE_STATIC);
    else
        sqlite3_bind_null(stmt, 9);
    return run(stmt);
}

static int
insert_event(sqlite3_stmt *stmt, const struct store_entry *entry)
{
    sqlite3_bind_int64(stmt, 1, (int64_t)entry->seq);
    sqlite3_bind_int64(stmt, 2, (int64_t)entry->payment_seq);
    sqlite3_bind_int64(stmt, 3, (int64_t)entry->previous_seq);
    sqlite3_bind_int64(stmt, 4, entry->at_ms);
    sqlite3_bind_int(stmt, 5, entry->state);
    sqlite3_bind_int64(stmt, 6, entry->due_ms);
    sqlite3_bind_int64(stmt, 7, entry->flags);
    return run(stmt);
}

static int
append_entry(struct sqlite_store *sqlite, const struct store_entry *entry)
{
    int rc = insert_record(sqlite->stmt[INSERT_RECORD], entry);

    if (rc != SQLITE_OK) /* Q2 */
        return rc;
    switch (entry->kind) {
    case RECORD_PAYMENT:
        return insert_payment(sqlite->stmt[INSERT_PAYMENT], entry);
    case RECORD_EVENT:
    case RECORD_CLOCK:
        return insert_event(sqlite->stmt[INSERT_EVENT], entry);
    case RECORD_ROLLOUT:
        break;
    }
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
    appender_leave(&sqlite->turns, sqlite_checkpoint_is_due(sqlite));
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

/*
 * Columns 1 to 8 of every SELECT but that of events: PAYMENT_COLUMNS, all NULL for other
 * kinds.  The note is SQLite's until the next step.
 */
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
    out->due_ms = sqlite3_column_int64(stmt, 7);
    out->note = sqlite3_column_blob(stmt, 8);
    out->note_len = (size_t)sqlite3_column_bytes(stmt, 8);
}

/* EVENT_COLUMNS, from column at on. */
static void
row_event(sqlite3_stmt *stmt, int at, struct store_entry *out)
{
    out->payment_seq = (uint64_t)sqlite3_column_int64(stmt, at);
    out->previous_seq = (uint64_t)sqlite3_column_int64(stmt, at + 1);
    out->at_ms = sqlite3_column_int64(stmt, at + 2);
    out->state = sqlite3_column_int(stmt, at + 3);
    out->due_ms = sqlite3_column_int64(stmt, at + 4);
    out->flags = (unsigned)sqlite3_column_int64(stmt, at + 5);
}

/* Columns 9 to 11: kind, chain, body. */
static void
row_entry(sqlite3_stmt *stmt, struct arena *arena, struct store_entry *out)
{
    const void *chain, *body;

    row_payment(stmt, out);
    if (out->note_len > 0)
        out->note = arena_copy(arena, out->note, out->note_len);
    out->kind = (enum record_kind)sqlite3_column_int(stmt, 9);
    chain = sqlite3_column_blob(stmt, 10); /* 32 bytes: the table checks it */
    if (chain && sqlite3_column_bytes(stmt, 10) == SHA256_BYTES)
        memcpy(out->chain, chain, SHA256_BYTES);
    body = sqlite3_column_blob(stmt, 11);
    out->body_len = (size_t)sqlite3_column_bytes(stmt, 11);
    out->body = arena_copy(arena, body, out->body_len);
}

int
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

int
sqlite_read(struct store *store, uint64_t seq, struct arena *arena, struct store_entry *out,
            struct error *err)
{
    struct sqlite_store *sqlite = (struct sqlite_store *)store;
    sqlite3_stmt *stmt = sqlite->stmt[SELECT_ENTRY];
    int rc;

    sqlite3_bind_int64(stmt, 1, (int64_t)seq);
    rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW) {
        row_entry(stmt, arena, out);
        if (out->kind == RECORD_EVENT || out->kind == RECORD_CLOCK)
            row_event(stmt, 12, out);
    }
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
    sqlite->filter = filter;
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
        if (entry->kind == RECORD_ROLLOUT || entry->kind == RECORD_CLOCK)
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

static int
sqlite_feed(struct store *store, const struct store_filter *filter, size_t limit,
            struct arena *arena, struct store_entry **out, size_t *count, struct error *err)
{
    struct sqlite_store *sqlite = (struct sqlite_store *)store;
    sqlite3_stmt *stmt = sqlite->stmt[SELECT_FEED];
    size_t bytes = 0;

    *out = arena_alloc(arena, limit * sizeof(**out));
    *count = 0;
    sqlite3_bind_int64(stmt, 1, (int64_t)filter->after_seq);
    sqlite3_bind_int64(stmt, 2, filter->last_seq ? (int64_t)filter->last_seq : INT64_MAX);
    sqlite3_bind_int64(stmt, 3, (int64_t)limit);
    while ((!filter->bytes_max || bytes < filter->bytes_max) &&
           sqlite3_step(stmt) == SQLITE_ROW) {
        row_entry(stmt, arena, &(*out)[*count]);
        bytes += (*out)[(*count)++].body_len;
    }
    return sqlite3_reset(stmt) == SQLITE_OK ? 0 : sqlite_error(sqlite, READER, err);
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

static int
sqlite_scan_events(struct store *store,
                   void (*each)(void *context, const struct store_entry *entry), void *context,
                   struct error *err)
{
    struct sqlite_store *sqlite = (struct sqlite_store *)store;
    sqlite3_stmt *stmt = sqlite->stmt[SELECT_SCAN_EVENTS];
    struct store_entry entry = {0};
    size_t rows;

    do {
        rows = 0;
        sqlite3_bind_int64(stmt, 1, (int64_t)entry.seq);
        sqlite3_bind_int64(stmt, 2, SCAN_ROWS);
        for (; sqlite3_step(stmt) == SQLITE_ROW; rows++) {
            entry = (struct store_entry){.seq = (uint64_t)sqlite3_column_int64(stmt, 0)};
            row_event(stmt, 1, &entry);
            entry.kind = entry.payment_seq ? RECORD_EVENT : RECORD_CLOCK;
            each(context, &entry);
        }
        if (sqlite3_reset(stmt) != SQLITE_OK)
            return sqlite_error(sqlite, READER, err);
    } while (rows == SCAN_ROWS);
    return 0;
}

/* SQL's state_now(seq, state), while a listing that filters by states is under way. */
static void
call_state_now(sqlite3_context *call, int count, sqlite3_value **values)
{
    const struct sqlite_store *sqlite = sqlite3_user_data(call);
    const struct store_filter *filter = sqlite->filter;
    int state = sqlite3_value_int(values[1]);

    (void)count;
    if (filter && filter->state_now)
        state =
            filter->state_now(filter->context, (uint64_t)sqlite3_value_int64(values[0]), state);
    sqlite3_result_int(call, state);
}

/* Those of the connections that are open. */
int
sqlite_prepare_statements(struct sqlite_store *sqlite, struct error *err)
{
    if (sqlite3_create_function_v2(sqlite->db[READER], "state_now", 2, SQLITE_UTF8, sqlite,
                                   call_state_now, NULL, NULL, NULL) != SQLITE_OK)
        return sqlite_error(sqlite, READER, err);
    for (int i = 0; i < STATEMENT_COUNT; i++)
        if (sqlite->db[statements[i].on] &&
            sqlite3_prepare_v3(sqlite->db[statements[i].on], statements[i].sql, -1,
                               SQLITE_PREPARE_PERSISTENT, &sqlite->stmt[i], NULL) != SQLITE_OK)
            return sqlite_error(sqlite, statements[i].on, err);
    return 0;
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
    .feed = sqlite_feed,
    .rollouts = sqlite_rollouts,
    .scan = sqlite_scan,
    .scan_events = sqlite_scan_events,
    .close = sqlite_close,
};
