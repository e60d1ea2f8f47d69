/*
 * jobs.h - a thread for what takes time, and the queue before it.
 *
 * A job is embedded in whatever it is about and belongs to the queue until run()
 * has it; run() then hands the result back by itself (http_post).
 *
 *   B1  jobs run one at a time, in the order in which they were submitted.
 *   B2  at most max wait; one more is refused with ERROR_BUSY.
 *   B3  what was taken is run, also while the queue is being closed.
 */
#ifndef GATEWAY_BASE_JOBS_H
#define GATEWAY_BASE_JOBS_H

#include <stddef.h>

#include "gateway/base/error.h"

struct jobs;

struct job {
    struct job *next;
};

/* Strings are static. */
struct jobs_options {
    const char *name; /* of the thread, at most 15 characters: "reader" */
    const char *noun; /* what waits, where too much of it does: "reads" */
    size_t max;
    void (*run)(struct job *job, void *context);
    void *context;
};

int jobs_open(const struct jobs_options *options, struct jobs **out, struct error *err)
    __attribute__((warn_unused_result));
int jobs_submit(struct jobs *jobs, struct job *job, struct error *err)
    __attribute__((warn_unused_result));
void jobs_stop(struct jobs *jobs);  /* runs what waits, then refuses; takes NULL */
void jobs_close(struct jobs *jobs); /* that, and frees it; takes NULL */

#endif
