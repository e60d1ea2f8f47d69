/* rollout.c - opening from the store's records, and the office's thread. */
#include "gateway/rollout/rollout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "gateway/base/log.h"
#include "gateway/rollout/rollout_private.h"
#include "gateway/rollout/shadow.h"

#define OFFICE_NICENESS 5 /* building a snapshot may take longer, a payment may not */

/* -- opening -- */

static bool
anything_activated(const struct catalogue *catalogue)
{
    const struct rollout_name *name = catalogue->names;

    while (name && !name->pin && !name->shadow)
        name = name->next;
    return catalogue->book || name;
}

/* The files load: now what was activated may be forgotten. */
static int
open_reset(struct rollout *rollout, struct error *err)
{
    struct rollout_record record = rollout_record_of(ROLLOUT_RESET);

    if (!rollout->from_files || !anything_activated(&rollout->catalogue))
        return 0;
    log_info("rollout.reset", "what=\"files count again\"");
    return rollout_write(rollout, &record, 1, err);
}

/* As the last record says, if the same comes out; else it is news, and recorded. */
static int
open_in_force(struct rollout *rollout, struct error *err)
{
    struct rollout_record record = rollout_record_of(ROLLOUT_START);
    const struct kept_snapshot *last = rollout->catalogue.last;
    struct shadow *shadows[SHADOWS_MAX];
    struct snapshot *snapshot;

    if (rollout_build(rollout, NULL, NULL, &snapshot, err) != 0)
        return -1;
    if (open_reset(rollout, err) != 0) {
        snapshot_free(snapshot);
        return -1;
    }
    if (!last || strcmp(last->digest, snapshot_digest(snapshot)) != 0)
        return rollout_put_in_force(rollout, snapshot, &record, err);
    snapshot_forget_texts(snapshot);
    rollout_publish(rollout, snapshot, "", shadows,
                    rollout_shadows(rollout, snapshot, shadows));
    return 0;
}

/* A start that fails because of what was activated should say how to get past it. */
static void
add_hint(const struct rollout *rollout, struct error *why)
{
    size_t len = strlen(why->text);

    if (anything_activated(&rollout->catalogue))
        snprintf(why->text + len, sizeof(why->text) - len, "%s",
                 rollout->from_files
                     ? "; what was activated is not forgotten"
                     : "; versions that were activated count, unless the gateway is started "
                       "with --from-files");
    error_mend(why->text);
}

/* Nothing is in force; why is for people, on readyz and in the log. */
static void
open_without(struct rollout *rollout, const struct error *why)
{
    log_error("rollout.nothing_in_force", "why=\"%s\"", why->text);
    rollout_publish(rollout, NULL, why->text, NULL, 0);
}

/* -- the office -- */

/* What takes long and changes nothing waits behind what a bank may need at once. */
static bool
is_patient(enum rollout_verb verb)
{
    return verb == ROLLOUT_DO_CHECK || verb == ROLLOUT_DO_SHADOW || verb == ROLLOUT_BORROW;
}

static struct rollout_request *
queue_take(struct office_queue *queue)
{
    struct rollout_request *request = queue->oldest;

    if (!request)
        return NULL;
    queue->oldest = request->next;
    if (!queue->oldest)
        queue->end = &queue->oldest;
    queue->waiting--;
    return request;
}

/* The next one; *ends: the office closes, so that what may be left undone is. */
static struct rollout_request *
office_take(struct rollout *rollout, bool *ends)
{
    struct rollout_request *request;

    pthread_mutex_lock(&rollout->lock);
    while (!rollout->urgent.oldest && !rollout->patient.oldest && !rollout->closing)
        pthread_cond_wait(&rollout->wake, &rollout->lock);
    request = queue_take(&rollout->urgent);
    if (!request)
        request = queue_take(&rollout->patient);
    *ends = rollout->closing;
    pthread_mutex_unlock(&rollout->lock);
    return request;
}

/* Nobody waits for it, or nobody can any more. */
static bool
is_in_vain(const struct rollout_request *request, bool ends)
{
    return is_patient(request->verb) && (ends || (request->gone && atomic_load(request->gone)));
}

static void *
office_main(void *context)
{
    struct rollout *rollout = context;
    struct rollout_request *request;
    bool ends;

    pthread_setname_np(pthread_self(), "rollout");
    setpriority(PRIO_PROCESS, (id_t)gettid(), OFFICE_NICENESS);
    while ((request = office_take(rollout, &ends)) != NULL) {
        if (is_in_vain(request, ends))
            rollout_fail(request, ROLLOUT_FAILED, ERROR_BUSY, "the gateway is shutting down");
        else
            rollout_carry_out(rollout, request);
        request->done(request);
    }
    return NULL;
}

static int
office_open(struct rollout *rollout, struct error *err)
{
    int why = pthread_create(&rollout->thread, NULL, office_main, rollout);

    if (why != 0)
        return error_set(err, ERROR_INTERNAL, "cannot start the roll-out's thread: %s",
                         strerror(why));
    rollout->runs = true;
    return 0;
}

/* A reload never finds the queue full: there is one at most, and nobody else tells of files. */
static bool
queue_add(struct office_queue *queue, struct rollout_request *request, size_t max)
{
    if (queue->waiting >= max && request->verb != ROLLOUT_DO_RELOAD)
        return false;
    request->next = NULL;
    *queue->end = request;
    queue->end = &request->next;
    queue->waiting++;
    return true;
}

void
rollout_submit(struct rollout *rollout, struct rollout_request *request)
{
    bool patient = is_patient(request->verb), closing, taken = false;

    pthread_mutex_lock(&rollout->lock);
    closing = rollout->closing;
    if (!closing)
        taken = patient ? queue_add(&rollout->patient, request, ROLLOUT_PATIENT_MAX)
                        : queue_add(&rollout->urgent, request, ROLLOUT_QUEUE_MAX);
    if (taken)
        pthread_cond_signal(&rollout->wake);
    pthread_mutex_unlock(&rollout->lock);
    if (taken)
        return;
    if (closing)
        rollout_fail(request, ROLLOUT_FAILED, ERROR_BUSY, "the gateway is shutting down");
    else
        rollout_fail(request, ROLLOUT_FAILED, ERROR_BUSY,
                     "%d requests of this kind about policies wait already",
                     patient ? ROLLOUT_PATIENT_MAX : ROLLOUT_QUEUE_MAX);
    request->done(request);
}

/* -- life -- */

int
rollout_open(const struct rollout_options *options, struct rollout **out, struct error *err)
{
    struct rollout *rollout = calloc(1, sizeof(*rollout));
    struct error why = {0};

    *out = NULL;
    if (!rollout || pthread_mutex_init(&rollout->lock, NULL) != 0 ||
        pthread_cond_init(&rollout->wake, NULL) != 0)
        abort();
    rollout->sources = options->sources;
    rollout->store = options->store;
    rollout->reader = options->reader;
    rollout->writer = options->writer;
    rollout->clock = options->clock;
    rollout->urgent.end = &rollout->urgent.oldest;
    rollout->patient.end = &rollout->patient.oldest;
    publisher_init(&rollout->force, NULL);
    rollout->from_files = options->reset;
    if (rollout_replay(rollout, err) != 0)
        goto out;
    if (open_in_force(rollout, &why) != 0) {
        add_hint(rollout, &why);
        if (why.code == ERROR_SETUP) {
            *err = why;
            goto out;
        }
        open_without(rollout, &why);
    }
    rollout->from_files = false;
    if (office_open(rollout, err) != 0)
        goto out;
    *out = rollout;
    return 0;
out:
    rollout_free(rollout);
    return -1;
}

void
rollout_stop(struct rollout *rollout)
{
    if (!rollout || !rollout->runs)
        return;
    pthread_mutex_lock(&rollout->lock);
    rollout->closing = true;
    pthread_cond_signal(&rollout->wake);
    pthread_mutex_unlock(&rollout->lock);
    pthread_join(rollout->thread, NULL);
    rollout->runs = false;
}

void
rollout_free(struct rollout *rollout)
{
    struct in_force *force;

    if (!rollout)
        return;
    rollout_stop(rollout);
    force = publish(&rollout->force, NULL);
    if (force) {
        for (size_t i = 0; i < force->shadow_count; i++)
            shadow_free(force->shadows[i]);
        snapshot_free((struct snapshot *)(uintptr_t)force->active);
        free((char *)(uintptr_t)force->why);
        free(force);
    }
    for (size_t i = 0; i < ROLLOUT_BORROWED_MAX; i++) {
        free(rollout->borrowed[i].key);
        snapshot_free(rollout->borrowed[i].snapshot);
    }
    publisher_release(&rollout->force);
    catalogue_release(&rollout->catalogue);
    pthread_mutex_destroy(&rollout->lock);
    pthread_cond_destroy(&rollout->wake);
    free(rollout);
}

const struct in_force *
rollout_enter(struct rollout *rollout)
{
    return publish_enter(&rollout->force);
}

void
rollout_leave(void)
{
    publish_leave();
}
