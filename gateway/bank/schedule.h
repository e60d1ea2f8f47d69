/*
 * schedule.h - what happens to payments by itself, when the bank's clock says so.
 *
 * A thread of its own takes what is due, in the order of the instants, has the reader's
 * thread read each payment and put its event together, and hands the events to the writer
 * in that order, many at a time.
 *
 *   D1  events reach the store in the order of their instants, one after the other for
 *       each payment; an event is stamped with the instant that it was due at.
 *   D2  nothing is fired twice and nothing is lost, whatever ends the process: an event
 *       is on disk together with what follows from it.
 *   D3  the clock is moved only after all that is due by then has been fired; that it is
 *       to be moved is on disk before the first of it is.
 *   D4  what the store refuses is tried again; a move of the clock ends with an error then.
 */
#ifndef GATEWAY_BANK_SCHEDULE_H
#define GATEWAY_BANK_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "gateway/base/error.h"

struct bank;
struct schedule;

/* Somebody waits until all is fired that is due by an instant. */
struct schedule_wait {
    struct schedule_wait *next;
    int64_t until_ms; /* not of an advance: set by the schedule */
    /* One of these moves a manual clock: by so much, or to an instant ahead; else 0. */
    int64_t advance_ms, to_ms;
    const char *actor;                        /* of an advance; must live until done() */
    void *context;                            /* the caller's own */
    void (*done)(struct schedule_wait *wait); /* on the schedule's thread */

    int rc; /* out: 0, or -1 with err */
    struct error err;
    uint64_t fired; /* events since its turn came */
};

/* Empty, to be filled by schedule_add() before it is started. */
struct schedule *schedule_new(struct bank *bank);

/* The bank has its store, reader, writer, standing and roll-out by now. */
int schedule_start(struct schedule *schedule, struct error *err)
    __attribute__((warn_unused_result));

/*
 * Ends after what it has handed to the writer; those who wait get an error.  What is added
 * afterwards is for the next start.  Takes NULL.
 */
void schedule_stop(struct schedule *schedule);
void schedule_free(struct schedule *schedule); /* when the writer is no more; takes NULL */

/* Something follows for payment seq at that instant, 0: nothing.  From any thread. */
void schedule_add(struct schedule *schedule, uint64_t seq, int64_t due_ms);

/* The earliest instant that anything is due at, INT64_MAX for none. */
int64_t schedule_next_ms(struct schedule *schedule);

/* Waits are served in the order in which they came. */
void schedule_until(struct schedule *schedule, struct schedule_wait *wait);

#endif
