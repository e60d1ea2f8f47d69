/*
 * waiter.h - waiting for what other threads do, for a thread that may.
 *
 *     waiter_init(&waiter, 2);
 *     hand in two things, each of which ends in waiter_done(&waiter, rc)
 *     rc = waiter_wait(&waiter);
 *
 * What cannot be handed in is done too: waiter_done(&waiter, -1).  Never on a loop thread,
 * and not between publish_enter() and publish_leave().
 */
#ifndef GATEWAY_BASE_WAITER_H
#define GATEWAY_BASE_WAITER_H

#include <pthread.h>
#include <stddef.h>

struct waiter {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    size_t pending;
    int rc; /* -1: one of them failed */
};

void waiter_init(struct waiter *waiter, size_t pending); /* pending > 0 */
void waiter_done(struct waiter *waiter, int rc);

/* Once, after which the waiter is gone; 0 if all were done with 0, else -1. */
int waiter_wait(struct waiter *waiter);

#endif
