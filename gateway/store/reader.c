/* reader.c - the jobs of one thread, each with the store; reads are rare beside writes. */
#include "gateway/store/reader.h"

#include <assert.h>
#include <stdlib.h>

struct reader {
    struct store *store;
    struct jobs *jobs;
};

static void
reader_run(struct job *job, void *context)
{
    struct reader_job *read = (struct reader_job *)job;
    struct reader *reader = context;

    read->run(read, reader->store);
}

int
reader_open(struct store *store, struct reader **out, struct error *err)
{
    struct reader *reader = calloc(1, sizeof(*reader));
    const struct jobs_options options = {
        .name = "reader",
        .noun = "reads",
        .max = READER_QUEUE_MAX,
        .run = reader_run,
        .context = reader,
    };

    *out = NULL;
    if (!reader)
        abort();
    reader->store = store;
    if (jobs_open(&options, &reader->jobs, err) != 0) {
        free(reader);
        return -1;
    }
    *out = reader;
    return 0;
}

int
reader_submit(struct reader *reader, struct reader_job *job, struct error *err)
{
    assert(job->run);
    return jobs_submit(reader->jobs, &job->job, err);
}

void
reader_stop(struct reader *reader)
{
    if (reader)
        jobs_stop(reader->jobs);
}

void
reader_close(struct reader *reader)
{
    if (!reader)
        return;
    jobs_close(reader->jobs);
    free(reader);
}
