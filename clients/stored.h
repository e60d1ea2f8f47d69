/*
 * stored.h - the payments of a store, read by several threads and delivered in order.
 *
 *     seq   1 ... 128 | 129 ... 256 | 257 ... 384 | ...      pieces
 *              take          take          take              any thread, all at once
 *                \_____________|_____________/
 *                           deliver                          one by one, by rising seq
 *
 * The gateway may run on the store meanwhile: each thread has a view of its own,
 * and no read takes longer than STORED_PAGE_BYTES of bodies do.
 *
 *   R1  what is delivered does not depend on the number of threads.
 *   R2  only records that were there when it was opened; of these the payments
 *       decided in the period asked for.
 *   R3  a record that cannot be read ends nothing: it is delivered as a fault.
 */
#ifndef CLIENTS_STORED_H
#define CLIENTS_STORED_H

#include "gateway/store/record.h"
#include "gateway/store/store.h"

#define STORED_THREADS_MAX  16
#define STORED_PIECE_SEQS   128
#define STORED_PIECES_AHEAD 64 /* taken and not delivered, at most */
#define STORED_PAGE_BYTES   524288

/* Opened by stored_open(), closed by stored_close(); {0} is none. */
struct stored {
    uint64_t seed;     /* the store's */
    uint64_t last_seq; /* its last record when it was opened */
    size_t threads;
    struct store *views[STORED_THREADS_MAX];
};

struct stored_fault {
    struct stored_fault *next;
    uint64_t seq;
    const char *why;
};

/* Consecutive records on their way.  What is on its arena is gone once it was delivered. */
struct stored_piece {
    struct arena arena;
    struct arena *step;          /* emptied after each record */
    void *part;                  /* the caller's own, NULL before the first record */
    uint64_t last_seq;           /* all up to here are read once it is delivered */
    struct stored_fault *faults; /* by rising seq */
    /* The rest is stored.c's. */
    struct stored_fault **faults_end;
    uint64_t after_seq;
    bool ready;
};

struct stored_work {
    int64_t from_ms, to_ms; /* decided_at from, and before; see struct store_filter */
    void *context;

    /* A payment's record, on any thread. */
    void (*take)(void *context, struct stored_piece *piece, uint64_t seq,
                 const struct record *record);

    /* A piece is complete: on any thread, but never on two, and by rising seq. */
    void (*deliver)(void *context, struct stored_piece *piece);
};

/* 0 < threads <= STORED_THREADS_MAX.  Close it whether or not this succeeds. */
int stored_open(struct stored *stored, const char *spec, size_t threads, struct error *err)
    __attribute__((warn_unused_result));
void stored_close(struct stored *stored);

/* Until all is delivered.  -1 where the store is kept from us, by another program mostly. */
int stored_run(struct stored *stored, const struct stored_work *work, struct error *err)
    __attribute__((warn_unused_result));

/* From take(): the record makes no sense after all. */
void stored_blame(struct stored_piece *piece, uint64_t seq, const char *why);

#endif
