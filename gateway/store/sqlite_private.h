/*
 * sqlite_private.h - the SQLite store's inside, for the files of it only:
 * store_sqlite.c (append, read), sqlite_open.c (files, schema), sqlite_checkpoint.c.
 */
#ifndef GATEWAY_STORE_SQLITE_PRIVATE_H
#define GATEWAY_STORE_SQLITE_PRIVATE_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

#include "gateway/store/store.h"
#include "gateway/store/turns.h"

#define PAGE_BYTES         8192
#define JOURNAL_BYTES      4194304 /* a checkpoint begins when it is this long */
#define JOURNAL_FRAMES     (JOURNAL_BYTES / PAGE_BYTES)
#define JOURNAL_BYTES_MAX  33554432 /* then appends wait for it; only a long read gets past */
#define JOURNAL_FRAMES_MAX (JOURNAL_BYTES_MAX / PAGE_BYTES)

enum connection { WRITER, READER, CHECKPOINT, CONNECTION_COUNT };

enum statement {
    BEGIN,
    COMMIT,
    ROLLBACK,
    INSERT_RECORD,
    INSERT_PAYMENT,
    INSERT_EVENT,
    SELECT_HEAD,
    SELECT_ENTRY,
    SELECT_LIST,
    SELECT_LIST_NEWEST,
    SELECT_SEQS,
    SELECT_SCAN,
    SELECT_SCAN_EVENTS,
    SELECT_ROLLOUTS,
    SELECT_FEED,
    STATEMENT_COUNT,
};

struct sqlite_store {
    struct store base;
    char *path;
    int lock_fd;
    sqlite3 *db[CONNECTION_COUNT];
    sqlite3_stmt *stmt[STATEMENT_COUNT];
    uint64_t head;                     /* not of a view, where others append */
    const struct store_filter *filter; /* of the listing under way, for state_now() */

    struct turns turns;
    pthread_t checkpointer;
    bool checkpointer_runs;
    atomic_int frames; /* in the journal, after the last commit */
    int frames_limit;  /* in turns: how many make the next checkpoint due */
};

/* What SQLite last said on a connection. */
void sqlite_complain(struct sqlite_store *sqlite, enum connection on, struct error *err);
#define sqlite_error(sqlite, on, err) (sqlite_complain(sqlite, on, err), error_result())

/* store_sqlite.c: prepare those of the connections that are open. */
int sqlite_prepare_statements(struct sqlite_store *sqlite, struct error *err)
    __attribute__((warn_unused_result));

/* store_sqlite.c: as in store_ops. */
int sqlite_head(struct store *store, uint64_t *seq, uint8_t chain[SHA256_BYTES],
                struct error *err);
int sqlite_read(struct store *store, uint64_t seq, struct arena *arena, struct store_entry *out,
                struct error *err);

/* sqlite_open.c: as in store_ops. */
int sqlite_open(const char *where, uint64_t seed, struct store **out, struct error *err);
int sqlite_view(const char *where, uint64_t *seed, struct store **out, struct error *err);
void sqlite_close(struct store *store);

/* sqlite_checkpoint.c: its thread; and after an append, under turns: is it due? */
int sqlite_checkpoint_start(struct sqlite_store *sqlite, struct error *err)
    __attribute__((warn_unused_result));
bool sqlite_checkpoint_is_due(struct sqlite_store *sqlite);

#endif
