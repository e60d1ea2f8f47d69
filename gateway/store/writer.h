/*
 * writer.h - the one thread that writes.
 *
 * Workers hand over finished entries; the writer takes all that wait, numbers
 * and chains them, commits them in one transaction, and calls each back.
 *
 *   W1  done(job, 0) is called only after the store has the entry on disk.
 *   W2  a failed commit stores none of its batch; every job of it gets
 *       done(job, -1), and the sequence goes on without a gap.
 *   W3  at most WRITER_QUEUE_MAX jobs wait; past it writer_submit() refuses.
 *   W4  jobs are stored in the order in which they were submitted.
 *   W5  the chain is that of chain.h over the bodies.
 *   W6  a job that `rests` on those before it is not stored after a commit that failed,
 *       but given back, done(job, WRITER_AGAIN): it was decided by what is not there.
 *       Nobody is between writer_enter() and writer_leave() meanwhile.
 *   W7  an observer sees each batch that is on disk, once and in order, after
 *       writer_head() has passed it and before any done() of it; and is told when the last
 *       done() of it has been called.
 *
 * Checkpoints of the SQLite journal run on a thread of the backend's own.
 */
#ifndef GATEWAY_STORE_WRITER_H
#define GATEWAY_STORE_WRITER_H

#include "gateway/store/store.h"

#define WRITER_QUEUE_MAX       65536
#define WRITER_BATCH_MAX       1024
#define WRITER_BATCH_BYTES_MAX 4194304 /* a batch that reached it takes no further job */

/* An rc of done(): nothing is wrong with the store; decide again and submit again. */
#define WRITER_AGAIN 1

struct writer;

/* Embedded in the caller's own struct; untouched by the caller until done(). */
struct writer_job {
    struct writer_job *next;
    struct store_entry entry;
    bool rests; /* decided between writer_enter() and writer_leave() (W6) */
    void (*done)(struct writer_job *job, int rc); /* on the writer's thread */
};

int writer_open(struct store *store, struct writer **out, struct error *err)
    __attribute__((warn_unused_result));

/* Both are called on the writer's thread (W7); the bodies are valid during see(). */
struct writer_observer {
    void (*see)(void *context, const struct store_entry *const *entries, size_t count);
    void (*tell)(void *context);
    void *context;
};

/* One observer, copied; set before the first job comes. */
void writer_observe(struct writer *writer, const struct writer_observer *observer);

/* 0, or ERROR_BUSY where the queue is full or the writer is closing. */
int writer_submit(struct writer *writer, struct writer_job *job, struct error *err)
    __attribute__((warn_unused_result));

/*
 * Around what is decided by the jobs before it and its writer_submit(): between the two no
 * failed commit is dealt with.  Not nested; brief, and without waiting for the writer.
 */
void writer_enter(struct writer *writer);
void writer_leave(struct writer *writer);

/* The seq of the last entry on disk. */
uint64_t writer_head(struct writer *writer, uint8_t chain[SHA256_BYTES]);
/* Jobs submitted whose done() has not been called, those in a commit included. */
size_t writer_queued(struct writer *writer);
/*
 * False after a failed commit until one succeeds again: readyz asks.  Go on
 * submitting meanwhile: only a commit can find out that the disk is back.
 */
bool writer_healthy(struct writer *writer);

/*
 * Waits until all that was submitted is done, then ends the thread.  Takes
 * NULL.  The threads that submit must have ended, or know not to any more.
 */
void writer_close(struct writer *writer);

#endif
