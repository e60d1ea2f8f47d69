/* jobs.c - a queue, a lock and a thread: none of these jobs is on the hot path. */
#include "gateway/base/jobs.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct jobs {
    struct jobs_options options;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct job *oldest;
    struct job **end; /* where the next job is linked in */
    size_t waiting;
    bool closing;
    bool stopped; /* the thread has ended; known to the one who stops */
};

/* The oldest job, or NULL when the queue is closing and nothing waits. */
static struct job *
jobs_take(struct jobs *jobs)
{
    struct job *job;

    pthread_mutex_lock(&jobs->lock);
    while (!jobs->oldest && !jobs->closing)
        pthread_cond_wait(&jobs->wake, &jobs->lock);
    job = jobs->oldest;
    if (job) {
        jobs->oldest = job->next;
        if (!jobs->oldest)
            jobs->end = &jobs->oldest;
        jobs->waiting--;
    }
    pthread_mutex_unlock(&jobs->lock);
    return job;
}

static void *
jobs_main(void *context)
{
    struct jobs *jobs = context;
    struct job *job;

    pthread_setname_np(pthread_self(), jobs->options.name);
    while ((job = jobs_take(jobs)) != NULL)
        jobs->options.run(job, jobs->options.context);
    return NULL;
}

int
jobs_open(const struct jobs_options *options, struct jobs **out, struct error *err)
{
    struct jobs *jobs = calloc(1, sizeof(*jobs));
    int why;

    *out = NULL;
    if (!jobs || pthread_mutex_init(&jobs->lock, NULL) != 0 ||
        pthread_cond_init(&jobs->wake, NULL) != 0)
        abort();
    assert(options->run && options->max > 0);
    jobs->options = *options;
    jobs->end = &jobs->oldest;
    why = pthread_create(&jobs->thread, NULL, jobs_main, jobs);
    if (why != 0) {
        free(jobs);
        return error_set(err, ERROR_INTERNAL, "cannot start the %s: %s", options->name,
                         strerror(why));
    }
    *out = jobs;
    return 0;
}

int
jobs_submit(struct jobs *jobs, struct job *job, struct error *err)
{
    int rc = -1;

    pthread_mutex_lock(&jobs->lock);
    if (jobs->closing)
        error_set(err, ERROR_BUSY, "the gateway is shutting down");
    else if (jobs->waiting == jobs->options.max)
        error_set(err, ERROR_BUSY, "%zu %s wait already", jobs->options.max,
                  jobs->options.noun);
    else {
        job->next = NULL;
        *jobs->end = job;
        jobs->end = &job->next;
        jobs->waiting++;
        pthread_cond_signal(&jobs->wake);
        rc = 0;
    }
    pthread_mutex_unlock(&jobs->lock);
    return rc;
}

void
jobs_stop(struct jobs *jobs)
{
    if (!jobs || jobs->stopped)
        return;
    pthread_mutex_lock(&jobs->lock);
    jobs->closing = true;
    pthread_cond_signal(&jobs->wake);
    pthread_mutex_unlock(&jobs->lock);
    pthread_join(jobs->thread, NULL);
    jobs->stopped = true;
}

void
jobs_close(struct jobs *jobs)
{
    if (!jobs)
        return;
    jobs_stop(jobs);
    pthread_cond_destroy(&jobs->wake);
    pthread_mutex_destroy(&jobs->lock);
    free(jobs);
}
