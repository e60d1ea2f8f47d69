/*
 * sqlite_checkpoint.c - the journal's way back into the database, on a thread of its own (Q3).
 */
#include <string.h>
#include <unistd.h>

#include "gateway/base/log.h"
#include "gateway/store/sqlite_private.h"

/* The end of a checkpoint waits this often and long for reads under way. */
#define READS_POLLS_MAX 20
#define READS_POLL_US   100

/* Rounds of a checkpoint beside the writer go on while they pay and keep up. */
#define ROUND_FRAMES_MIN (JOURNAL_FRAMES / 8)
#define ROUND_FRAMES_MAX (JOURNAL_FRAMES * 4)

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
bool
sqlite_checkpoint_is_due(struct sqlite_store *sqlite)
{
    int frames = atomic_load(&sqlite->frames);

    if (frames < sqlite->frames_limit)
        return false;
    sqlite->frames_limit = frames + JOURNAL_FRAMES / 4;
    return true;
}

int
sqlite_checkpoint_start(struct sqlite_store *sqlite, struct error *err)
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
