/*
 * reader.h - a thread that reads, so that no loop thread waits for the disk.
 *
 * A job is run on the reader's thread with the store; it then hands its result
 * back by itself (http_post).  At most READER_QUEUE_MAX wait.
 */
#ifndef GATEWAY_STORE_READER_H
#define GATEWAY_STORE_READER_H

#include "gateway/base/jobs.h"
#include "gateway/store/store.h"

#define READER_QUEUE_MAX 4096

struct reader;

struct reader_job {
    struct job job; /* first: a job of the queue is ours */
    void (*run)(struct reader_job *job, struct store *store);
};

int reader_open(struct store *store, struct reader **out, struct error *err)
    __attribute__((warn_unused_result));
int reader_submit(struct reader *reader, struct reader_job *job, struct error *err)
    __attribute__((warn_unused_result));
void reader_stop(struct reader *reader);  /* runs what waits, then refuses; takes NULL */
void reader_close(struct reader *reader); /* that, and frees it; takes NULL */

#endif
