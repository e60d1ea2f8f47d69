/*
 * turns.h - the appender and the checkpointer take turns at the journal.
 *
 * SQLite alone would let them poll for each other's locks: a checkpointer
 * beside a writer that never rests waits for ever, and the journal grows.
 *
 *   U1  between appender_enter() and appender_leave() no checkpoint ends; a
 *       checkpoint's end waits for one commit at most.
 *   U2  between checkpointer_enter() and checkpointer_leave() nothing commits.
 *   U3  an appender that finds the journal full waits for the checkpoint under
 *       way, once; if that could not help, it goes on.
 */
#ifndef GATEWAY_STORE_TURNS_H
#define GATEWAY_STORE_TURNS_H

#include <pthread.h>
#include <stdbool.h>

struct turns {
    pthread_mutex_t lock;
    pthread_cond_t appender;     /* the checkpoint has ended */
    pthread_cond_t checkpointer; /* there is work, or the appender is out */
    bool appending;
    bool finishing; /* a checkpoint waits for the appender, or ends */
    bool wanted;    /* a checkpoint should begin, or is under way */
    bool closing;
};

void turns_init(struct turns *turns);
void turns_release(struct turns *turns);

void appender_enter(struct turns *turns, bool journal_is_full);
void appender_leave(struct turns *turns, bool checkpoint_wanted);

/* Sleeps until a checkpoint is wanted; false once turns_close() was called. */
bool checkpointer_wait(struct turns *turns);
void checkpointer_enter(struct turns *turns);
void checkpointer_leave(struct turns *turns);
void checkpointer_done(struct turns *turns); /* whatever came of it */

void turns_close(struct turns *turns);

#endif
