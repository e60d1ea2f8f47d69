/* reader.c - a queue, a lock and a thread: reads are rare beside writes. */
#include "gateway/store/reader.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    struct store *store;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct reader_job *oldest;
    struct reader_job **end; /* where the next job is linked in */
    size_t waiting;
    bool closing;
};

/* The oldest job, or NULL when the reader is closing and nothing waits. */
static struct reader_job *
reader_take(struct reader *reader)
{
    struct reader_job *job;

    pthread_mutex_lock(&reader->lock);
    while (!reader->oldest && !reader->closing)
        pthread_cond_wait(&reader->wake, &reader->lock);
    job = reader->oldest;
    if (job) {
        reader->oldest = job->next;
        if (!reader->oldest)
            reader->end = &reader->oldest;
        reader->waiting--;
    }
    pthread_mutex_unlock(&reader->lock);
    return job;
}

static void *
reader_main(void *context)
{
    struct reader *reader = context;
    struct reader_job *job;

    pthread_setname_np(pthread_self(), "reader");
    while ((job = reader_take(reader)) != NULL)
        job->run(job, reader->store);
    return NULL;
}

int
reader_open(struct store *store, struct reader **out, struct error *err)
{
    struct reader *reader = calloc(1, sizeof(*reader));
    int why;

    *out = NULL;
    if (!reader || pthread_mutex_init(&reader->lock, NULL) != 0 ||
        pthread_cond_init(&reader->wake, NULL) != 0)
        abort();
    reader->store = store;
    reader->end = &reader->oldest;
    why = pthread_create(&reader->thread, NULL, reader_main, reader);
    if (why != 0) {
        free(reader);
        return error_set(err, ERROR_INTERNAL, "cannot start the reader: %s", strerror(why));
    }
    *out = reader;
    return 0;
}

int
reader_submit(struct reader *reader, struct reader_job *job, struct error *err)
{
    int rc = -1;

    assert(job->run);
    pthread_mutex_lock(&reader->lock);
    if (reader->closing)
        error_set(err, ERROR_BUSY, "the gateway is shutting down");
    else if (reader->waiting == READER_QUEUE_MAX)
        error_set(err, ERROR_BUSY, "%d reads wait already", READER_QUEUE_MAX);
    else {
        job->next = NULL;
        *reader->end = job;
        reader->end = &job->next;
        reader->waiting++;
        pthread_cond_signal(&reader->wake);
        rc = 0;
    }
    pthread_mutex_unlock(&reader->lock);
    return rc;
}

void
reader_close(struct reader *reader)
{
    if (!reader)
        return;
    pthread_mutex_lock(&reader->lock);
    reader->closing = true;
    pthread_cond_signal(&reader->wake);
    pthread_mutex_unlock(&reader->lock);
    pthread_join(reader->thread, NULL);
    pthread_cond_destroy(&reader->wake);
    pthread_mutex_destroy(&reader->lock);
    free(reader);
}
