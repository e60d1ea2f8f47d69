/*
 * uploads.h - files on their way to the disk, by a thread that may wait for it.
 *
 *   begin -> collect … write -> collect … finish -> end
 *                           -> abandon -----------> end
 *
 * FOLDER/LIST/incoming/FILE is what becomes of one.  Whoever began an upload collects
 * pieces until it is told to write.  Then write, finish and abandon hand it to the disk's
 * thread, whose it is until done() is called there.  begin and end wait for nothing.
 *
 *   U1  under its own name a file is whole, of one upload and on disk: it is written
 *       beside it under a hidden name, flushed, and renamed.
 *   U2  of an upload that fails, is abandoned or is open when the gateway ends nothing
 *       is left; what a kill leaves is swept at the next start.
 *   U3  at most UPLOADS_MAX are open, with UPLOAD_BYTES of memory each, however long the
 *       files are.
 *   U4  a hidden file is locked as long as it is being written, and never swept meanwhile.
 */
#ifndef GATEWAY_API_UPLOADS_H
#define GATEWAY_API_UPLOADS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/arena.h"
#include "gateway/base/error.h"
#include "gateway/base/hash.h"
#include "gateway/base/jobs.h"

#define UPLOADS_MAX        4
#define UPLOAD_WRITE_BYTES 262144 /* collected before they are written */
#define UPLOAD_PIECE_MAX   65536  /* of a piece */
#define UPLOAD_BYTES       (UPLOAD_WRITE_BYTES + UPLOAD_PIECE_MAX)

struct uploads;

enum upload_step { UPLOAD_BEGIN, UPLOAD_WRITE, UPLOAD_FINISH, UPLOAD_ABANDON };

struct upload {
    struct job job; /* first: the disk's job is an upload */
    struct uploads *uploads;
    atomic_bool taken;
    struct arena arena; /* all that follows */
    enum upload_step step;
    char *data; /* collected and not written yet */
    size_t len;

    /* For whoever began it; done() is called on the disk's thread. */
    void (*done)(struct upload *upload);
    void *context;

    /* What has become of it, after done(). */
    int failure;   /* errno of the step that failed; 0: none has */
    int64_t bytes; /* collected so far */
    bool replaced; /* finished: there was a file of that name */
    char sha256[SHA256_HEX_SIZE];

    /* The disk thread's. */
    const char *list, *file, *folder, *path;
    char *aside; /* the hidden name, once fd is open */
    int fd;      /* -1: nothing is open, nothing is there */
    struct hash_sum *sum;
};

/* {0} is one that is closed.  Its memory outlives every server that has an upload open. */
struct uploads {
    const char *folder;
    struct jobs *disk; /* NULL: closed */
    struct upload slots[UPLOADS_MAX];
};

/* Sweeps the folder, which need not be there, and starts the thread.  folder is kept. */
int uploads_open(struct uploads *uploads, const char *folder, struct error *err)
    __attribute__((warn_unused_result));

/*
 * Ends the thread and abandons what is open.  Once no worker runs any more and before
 * they are freed, because until it returns done() may be called.  After it write, finish,
 * abandon and end do nothing.
 */
void uploads_close(struct uploads *uploads);

/*
 * Remove what uploads that were killed have left in FOLDER/LIST/incoming; how many files.
 * One that a running gateway is writing stays.
 */
size_t uploads_sweep(const char *folder);

/* NULL: UPLOADS_MAX are open.  The names are copied and must be valid as file names. */
struct upload *upload_begin(struct uploads *uploads, const char *list, const char *file);

/* Take a piece, at most UPLOAD_PIECE_MAX bytes.  True: enough is collected, write it now. */
bool upload_collect(struct upload *upload, const char *data, size_t len);

/* Put on disk what is collected, and what is finished in its place; or remove it all. */
void upload_write(struct upload *upload);
void upload_finish(struct upload *upload);
void upload_abandon(struct upload *upload);

/* Free its slot: nothing of it is on disk any more, or it is finished. */
void upload_end(struct upload *upload);

#endif
