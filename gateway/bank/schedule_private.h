/* schedule_private.h - the schedule's inside, for schedule.c and firing.c. */
#ifndef GATEWAY_BANK_SCHEDULE_PRIVATE_H
#define GATEWAY_BANK_SCHEDULE_PRIVATE_H

#include <pthread.h>

#include "gateway/bank/bank_private.h"
#include "gateway/bank/due.h"
#include "gateway/bank/schedule.h"
#include "gateway/bank/standing.h"

#define FIRING_BATCH  256
#define IN_FLIGHT_MAX 4096 /* events handed to the writer and not on disk */

struct schedule {
    struct bank *bank;
    pthread_t thread;
    bool started;

    pthread_mutex_t lock; /* of all below */
    pthread_cond_t wake;
    struct due_heap heap;
    _Atomic int64_t next_ms; /* of the heap's first; read without the lock */
    struct schedule_wait *first, **last;
    size_t in_flight;
    bool closing;
    bool built; /* the batch that the thread waits for */

    _Atomic uint64_t fired;
    atomic_bool refused; /* something could not be done now: the store, or no policy */
    int64_t barrier_ms;  /* the thread's: the earliest instant that follows in flight */
    bool unreadable;     /* the reader's: the store cannot read, and the log says so */
};

struct batch;

enum firing_built {
    FIRING_BUILT, /* write.entry is the event */
    FIRING_LATER, /* not now: no policy is in force, or the store cannot read */
    FIRING_LOST,  /* its records do not fit together; the log says why */
};

/* One payment whose time has come, claimed. */
struct firing {
    struct writer_job write; /* first */
    struct batch *batch;
    struct due due;
    struct stand stand;
    enum firing_built built;
};

struct batch {
    struct schedule *schedule;
    struct reader_job read;
    struct arena arena;
    size_t count;
    size_t pending; /* firings not yet written, and one for the one who builds it */
    struct firing firings[FIRING_BATCH];
};

/* schedule.c, under the lock: something is due; the heap has changed. */
void schedule_push(struct schedule *schedule, struct due due);
void schedule_note_next(struct schedule *schedule);

/* firing.c, on the schedule's thread: fire a batch of what is due by an instant. */
void schedule_fire(struct schedule *schedule, int64_t limit_ms);

/* firing.c: wait until at most so many events are with the writer. */
void schedule_drain(struct schedule *schedule, size_t most);

#endif
