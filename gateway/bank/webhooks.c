/*
 * webhooks.c - the webhooks' thread.
 *
 * It takes what others have put into its mail, looks at each new event once for
 * all webhooks, begins what may begin, and then waits for sockets, its mail or the
 * next retry, all by curl_multi_poll().
 *
 * A webhook follows the feed while its queue has room.  One that fell behind has
 * pages of the store looked through until it has caught up again.
 */
#include "gateway/bank/webhooks.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "gateway/bank/webhook.h"
#include "gateway/base/log.h"
#include "gateway/base/time.h"

#define POLL_MS_MAX        1000
#define FOLLOW_MS          10      /* a turn costs as much for one commit as for ten */
#define RUNNING_FEW        8       /* of more transfers than these a turn rests ... */
#define REST_NS            1000000 /* ... so long, for more of them to get on */
#define CONNECTIONS_MAX    1024
#define CONNECTIONS_CACHED 256

/* ---- mail ---- */

void
webhooks_post(struct webhooks *webhooks, struct webhooks_mail *mail)
{
    mail->next = NULL;
    pthread_mutex_lock(&webhooks->lock);
    *webhooks->mail_end = mail;
    webhooks->mail_end = &mail->next;
    pthread_mutex_unlock(&webhooks->lock);
    curl_multi_wakeup(webhooks->multi);
}

void
webhooks_submit(struct webhooks *webhooks, struct webhooks_request *request)
{
    request->next = NULL;
    request->rc = 0;
    pthread_mutex_lock(&webhooks->lock);
    *webhooks->requests_end = request;
    webhooks->requests_end = &request->next;
    pthread_mutex_unlock(&webhooks->lock);
    curl_multi_wakeup(webhooks->multi);
}

/* Both lists at once; true where the thread is to end. */
static bool
mail_take(struct webhooks *webhooks, struct webhooks_mail **mail,
          struct webhooks_request **requests)
{
    bool closing;

    pthread_mutex_lock(&webhooks->lock);
    *mail = webhooks->mail;
    webhooks->mail = NULL;
    webhooks->mail_end = &webhooks->mail;
    *requests = webhooks->requests;
    webhooks->requests = NULL;
    webhooks->requests_end = &webhooks->requests;
    closing = webhooks->closing;
    pthread_mutex_unlock(&webhooks->lock);
    return closing;
}

static bool
mail_read(struct webhooks *webhooks)
{
    struct webhooks_mail *mail, *next;
    struct webhooks_request *request, *after;
    bool closing = mail_take(webhooks, &mail, &request);

    for (; mail; mail = next) {
        next = mail->next;
        mail->run(webhooks, mail);
    }
    for (; request; request = after) {
        after = request->next;
        webhooks_answer(webhooks, request);
        request->done(request);
    }
    return closing;
}

/* ---- events ---- */

static void
webhooks_wake(struct events_feed *feed)
{
    struct webhooks *webhooks =
        (struct webhooks *)(void *)((char *)feed - offsetof(struct webhooks, feed));

    curl_multi_wakeup(webhooks->multi);
}

/* Those that have seen all before it look at a batch. */
static void
webhooks_see(struct webhooks *webhooks, const struct event_batch *batch)
{
    if (batch->last_seq <= webhooks->position)
        return;
    for (struct webhook *webhook = webhooks->first; webhook; webhook = webhook->next)
        if (!webhook->disabled && webhook->scanned + 1 >= batch->first_seq)
            webhook_look(webhook, batch);
    webhooks->position = batch->last_seq;
}

/* What has come since the last time, which is no shorter ago than FOLLOW_MS: else when to. */
static int64_t
webhooks_follow(struct webhooks *webhooks, int64_t now_ms)
{
    struct event_note *note, *next;

    if (webhooks->listening && webhooks->first && now_ms < webhooks->followed_ms + FOLLOW_MS)
        return webhooks->followed_ms + FOLLOW_MS;
    webhooks->followed_ms = now_ms;
    note = events_take(&webhooks->feed);
    for (; note; note = next) {
        next = note->next;
        webhooks_see(webhooks, note->batch);
        event_batch_free(note->batch);
        free(note);
    }
    if (events_missed(&webhooks->feed)) /* it is read from the store */
        webhooks->position = events_head(webhooks->events);
    if (webhooks->first && !webhooks->listening)
        webhooks->position = events_start(webhooks->events, &webhooks->feed);
    if (!webhooks->first && webhooks->listening)
        events_stop(&webhooks->feed);
    webhooks->listening = webhooks->first != NULL;
    return -1;
}

static void
scan_read(struct webhooks *webhooks, struct webhooks_mail *mail)
{
    struct webhook_scan *scan = (struct webhook_scan *)mail;

    (void)webhooks;
    if (scan->webhook) {
        scan->webhook->scan = NULL;
        if (scan->page.rc != 0)
            log_error("webhook.read", "id=%s why=\"%s\"", scan->webhook->id,
                      scan->page.err.text);
        else
            webhook_look(scan->webhook, scan->page.batch);
    }
    event_batch_free(scan->page.batch);
    free(scan);
}

static void
scan_page_done(struct events_page *page)
{
    struct webhook_scan *scan =
        (struct webhook_scan *)(void *)((char *)page - offsetof(struct webhook_scan, page));

    webhooks_post(page->owner, &scan->mail);
}

/* A webhook that has fallen behind, and has room again, reads on. */
static void
webhook_catch_up(struct webhook *webhook)
{
    struct webhooks *webhooks = webhook->webhooks;
    struct webhook_scan *scan;
    struct error err = {0};

    if (webhook->scan || webhook->scanned >= webhooks->position ||
        webhook->count >= WEBHOOK_QUEUE_MAX / 2)
        return;
    scan = calloc(1, sizeof(*scan));
    if (!scan)
        abort();
    scan->mail.run = scan_read;
    scan->webhook = webhook;
    scan->page = (struct events_page){
        .after_seq = webhook->scanned,
        .last_seq = webhooks->position,
        .done = scan_page_done,
        .owner = webhooks,
    };
    webhook->scan = scan;
    if (events_page(webhooks->reader, &scan->page, &err) == 0)
        return;
    webhook->scan = NULL; /* at the next turn */
    free(scan);
}

/* ---- turns ---- */

static int64_t
earlier(int64_t a, int64_t b)
{
    return a < 0 || (b >= 0 && b < a) ? b : a;
}

/* Begin and go on with what may; when something is due next, -1: nothing is. */
static int64_t
webhook_turn(struct webhook *webhook, int64_t now_ms)
{
    struct webhook_item item;

    if (webhook->disabled)
        return -1;
    webhook_catch_up(webhook);
    while (webhook->open_count < WEBHOOK_OPEN_MAX && webhook_next(webhook, &item))
        delivery_begin(webhook, &item);
    return deliveries_go_on(webhook, now_ms);
}

/* Write the cursors that have moved, if it is time; when it will be, -1: none has moved. */
static int64_t
webhooks_save(struct webhooks *webhooks, int64_t now_ms, bool at_once)
{
    struct error err = {0};
    bool begun = false;
    int rc = 0;

    for (struct webhook *webhook = webhooks->first; webhook && rc == 0;
         webhook = webhook->next) {
        uint64_t cursor = webhook_cursor(webhook);

        if (webhook->disabled || cursor == webhook->saved)
            continue;
        if (!at_once && now_ms < webhooks->saved_ms + WEBHOOK_SAVE_MS)
            return webhooks->saved_ms + WEBHOOK_SAVE_MS;
        if (!begun)
            rc = webhooks_store_begin(webhooks->store, &err);
        begun = true;
        if (rc == 0)
            rc = webhooks_store_move(webhooks->store, webhook->id, cursor, &err);
        webhook->saved = cursor;
    }
    if (!begun)
        return -1;
    if (webhooks_store_commit(webhooks->store, &err) != 0 || rc != 0)
        log_error("webhooks.save", "why=\"%s\"", err.text); /* they are told again (W1) */
    webhooks->saved_ms = now_ms;
    return -1;
}

/*
 * A turn looks at every transfer, whatever few of them have got on: with many under way the
 * next turn waits until more of them have.
 */
static void
webhooks_rest(int running)
{
    static const struct timespec rest = {.tv_nsec = REST_NS};

    if (running > RUNNING_FEW)
        nanosleep(&rest, NULL);
}

static void *
webhooks_main(void *context)
{
    struct webhooks *webhooks = context;
    bool closing;

    pthread_setname_np(pthread_self(), "webhooks");
    for (;;) {
        int64_t now_ms = monotonic_ms(), due_ms = now_ms + POLL_MS_MAX;
        int running;

        closing = mail_read(webhooks);
        due_ms = earlier(due_ms, webhooks_follow(webhooks, now_ms));
        for (struct webhook *webhook = webhooks->first; webhook; webhook = webhook->next)
            due_ms = earlier(due_ms, webhook_turn(webhook, now_ms));
        curl_multi_perform(webhooks->multi, &running);
        if (deliveries_collect(webhooks))
            due_ms = now_ms; /* others may begin, and some have a retry to wait for */
        due_ms = earlier(due_ms, webhooks_save(webhooks, now_ms, closing));
        if (closing)
            break;
        webhooks_rest(running);
        now_ms = monotonic_ms();
        curl_multi_poll(webhooks->multi, NULL, 0, due_ms > now_ms ? (int)(due_ms - now_ms) : 0,
                        NULL);
    }
    return NULL;
}

/* What is under way is dropped; it is told again when it is enabled again (W1). */
void
webhooks_disable(struct webhook *webhook)
{
    struct webhooks_store *store = webhook->webhooks->store;
    struct error err = {0};
    uint64_t cursor = webhook_cursor(webhook);
    int rc;

    deliveries_give_up(webhook);
    webhook_give_up_scan(webhook);
    webhook->count = webhook->first = 0;
    webhook->scanned = cursor;
    webhook->disabled = true;
    log_warn("webhook.disabled", "id=%s why=\"%s\"", webhook->id, webhook->last_error);
    rc = webhooks_store_move(store, webhook->id, cursor, &err);
    if (webhooks_store_set_state(store, webhook->id, true, &err) != 0 || rc != 0)
        log_error("webhooks.save", "why=\"%s\"", err.text);
    webhook->saved = cursor;
}

/* ---- open and close ---- */

struct loading {
    struct webhooks *webhooks;
    struct webhook **end;
    uint64_t head;
};

static void
load_one(void *context, const struct webhook_row *row)
{
    struct loading *loading = context;
    struct error err = {0};
    struct webhook *webhook = webhook_new(loading->webhooks, row, &err);

    if (!webhook) {
        log_error("webhook.unreadable", "id=%s why=\"%s\"", row->id, err.text);
        return;
    }
    if (webhook->scanned > loading->head) /* of another store than this one */
        webhook->scanned = loading->head;
    *loading->end = webhook;
    loading->end = &webhook->next;
    loading->webhooks->count++;
}

static struct webhooks *
webhooks_new(const struct webhooks_options *options)
{
    struct webhooks *webhooks = calloc(1, sizeof(*webhooks));

    if (!webhooks || pthread_mutex_init(&webhooks->lock, NULL) != 0 ||
        curl_global_init(CURL_GLOBAL_DEFAULT) != 0 || !(webhooks->multi = curl_multi_init()))
        abort();
    curl_multi_setopt(webhooks->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)CONNECTIONS_MAX);
    curl_multi_setopt(webhooks->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_CACHED);
    webhooks->events = options->events;
    webhooks->reader = options->reader;
    webhooks->retry_ms = options->retry_ms ? options->retry_ms : WEBHOOK_RETRY_MS;
    webhooks->mail_end = &webhooks->mail;
    webhooks->requests_end = &webhooks->requests;
    webhooks->feed.wake = webhooks_wake;
    return webhooks;
}

int
webhooks_open(const struct webhooks_options *options, struct webhooks **out, struct error *err)
{
    struct webhooks *webhooks = webhooks_new(options);
    struct loading loading = {webhooks, &webhooks->first, events_head(options->events)};
    int rc = -1, why;

    *out = NULL;
    if (webhooks_store_open(options->path, &webhooks->store, err) != 0 ||
        webhooks_store_each(webhooks->store, load_one, &loading, err) != 0)
        goto out;
    events_join(options->events, &webhooks->feed);
    *out = webhooks; /* from here on it lives as long as the events */
    webhooks = NULL;
    why = pthread_create(&(*out)->thread, NULL, webhooks_main, *out);
    if (why != 0) {
        error_set(err, ERROR_INTERNAL, "cannot start the webhooks: %s", strerror(why));
        goto out;
    }
    (*out)->runs = true;
    rc = 0;
out:
    webhooks_free(webhooks);
    return rc;
}

void
webhooks_stop(struct webhooks *webhooks)
{
    if (!webhooks || !webhooks->runs)
        return;
    pthread_mutex_lock(&webhooks->lock);
    webhooks->closing = true;
    pthread_mutex_unlock(&webhooks->lock);
    curl_multi_wakeup(webhooks->multi);
    pthread_join(webhooks->thread, NULL);
    webhooks->runs = false;
    events_stop(&webhooks->feed);
}

void
webhooks_free(struct webhooks *webhooks)
{
    struct webhooks_mail *mail, *next;
    struct webhooks_request *requests;

    if (!webhooks)
        return;
    while (webhooks->first) {
        struct webhook *webhook = webhooks->first;

        webhooks->first = webhook->next;
        webhook_free(webhook);
    }
    mail_take(webhooks, &mail, &requests); /* pages that came late: their webhooks are gone */
    for (; mail; mail = next) {
        next = mail->next;
        mail->run(webhooks, mail);
    }
    webhooks_store_close(webhooks->store);
    curl_multi_cleanup(webhooks->multi);
    pthread_mutex_destroy(&webhooks->lock);
    free(webhooks);
}
