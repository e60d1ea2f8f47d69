/*
 * publish.h - one value that many threads read and that is replaced while they do.
 *
 * For what is built aside, checked, and then put in force as a whole: a snapshot
 * of the policies.  Readers pay two stores and a load; the one who replaces waits
 * until the last reader of the old value has left, and may then free it.
 *
 *   U1  what publish_enter() gave is alive until publish_leave(), whatever is
 *       published meanwhile; the same reader sees one value in between.
 *   U2  a reader takes no lock and waits for nobody.
 *   U3  publish() returns the old value when no reader can reach it any more.
 *   U4  one thread publishes at a time: publishers wait for each other.
 *
 * Each reading thread has a slot that says which value it reads (a hazard
 * pointer: M. Michael, IEEE TPDS 15(6), 2004).  A thread gets its slot with its
 * first publish_enter() and gives it back when it ends.
 */
#ifndef GATEWAY_ROLLOUT_PUBLISH_H
#define GATEWAY_ROLLOUT_PUBLISH_H

#include <pthread.h>
#include <stdatomic.h>

#define PUBLISH_READERS_MAX 256 /* threads that read at a time; one more aborts */

struct publisher {
    _Atomic(void *) current;
    pthread_mutex_t turn; /* U4 */
};

void publisher_init(struct publisher *publisher, void *value);
void publisher_release(struct publisher *publisher);

/* Not nested: a thread reads one published value at a time, of whatever publisher. */
const void *publish_enter(struct publisher *publisher);
void publish_leave(void);

/* Waits for readers of the old value; returns it.  Must not be called between
 * enter and leave. */
void *publish(struct publisher *publisher, void *value);

#endif
