/*
 * receiver.h - somebody who takes webhooks, in a thread of the test program.
 *
 *     struct receiver receiver;
 *
 *     receiver_open(&receiver, answer, context);     answer: which status, for each
 *     ... POST /v1/webhooks with receiver.url ...
 *     assert_true(receiver_wait(&receiver, 3));
 *     ... receiver.list[0 .. receiver.count) ...
 *     receiver_close(&receiver);
 */
#ifndef TESTS_SUPPORT_RECEIVER_H
#define TESTS_SUPPORT_RECEIVER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RECEIVER_MAX    65536
#define RECEIVER_SILENT 0 /* the status of who does not answer */

struct received {
    char id[32], timestamp[32], signature[80];
    char *body; /* NUL-terminated */
    uint64_t seq;
    int status; /* what was answered */
};

struct receiver {
    char url[64];
    int listener, stop[2];
    pthread_t thread;
    pthread_mutex_t lock;
    /* Called under the lock for the one that has come; NULL: always 200. */
    int (*answer)(void *context, struct receiver *receiver, const struct received *received);
    void *context;
    struct received *list;
    size_t count, taken; /* taken: answered with 2xx */
};

void receiver_open(struct receiver *receiver,
                   int (*answer)(void *context, struct receiver *receiver,
                                 const struct received *received),
                   void *context);

/* From now on. */
void receiver_answer(struct receiver *receiver,
                     int (*answer)(void *context, struct receiver *receiver,
                                   const struct received *received));

/* With a deadline: until so many have come, or been taken. */
bool receiver_wait(struct receiver *receiver, size_t count);
bool receiver_wait_taken(struct receiver *receiver, size_t taken);
void receiver_close(struct receiver *receiver);

#endif
