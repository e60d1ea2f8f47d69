/* feed.c - listeners are told what happens; see feed.h. */
#include "gateway/api/feed.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "gateway/api/api.h"
#include "gateway/base/metrics.h"

#define LAST_WORD_SIZE 256

struct feed {
    struct events_feed inbox;
    struct feeds *feeds;
    struct feed *next;
    struct http_worker *worker;
    struct http_task wake_task, round_task, beat_task;

    struct listener *listeners;
    size_t count;
    size_t reads; /* pages under way */
    size_t held;  /* pages that wait for room */
    unsigned looks;
    bool round_waits, beat_waits;

    struct event_batch *window[FEED_WINDOW_MAX];
    uint64_t first, end; /* window[first % FEED_WINDOW_MAX] is the oldest */
    size_t window_bytes;
    uint64_t floor;  /* the window has all events behind this seq ... */
    uint64_t newest; /* ... up to this one */
};

#define FROM(type, member, pointer) ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

/* ---- one listener ---- */

/* Events that follow each other are one piece of text. */
struct run {
    const char *text;
    size_t len;
};

static void
listener_flush(struct listener *listener, struct run *run)
{
    if (run->len > 0)
        http_stream_write(listener->exchange, run->text, run->len);
    run->len = 0;
}

static void
listener_write(struct listener *listener, const char *text, const struct event *event,
               struct run *run)
{
    if (!listener->internal) {
        http_stream_write(listener->exchange, text, event->public_len);
        http_stream_write(listener->exchange, EVENT_END, EVENT_END_LEN);
        return;
    }
    if (run->len == 0 || run->text + run->len != text) {
        listener_flush(listener, run);
        run->text = text;
    }
    run->len += event->text_len;
}

/* Tell it of a batch.  False: there is no room now for all of it (L2). */
static bool
listener_tell(struct listener *listener, const struct event_batch *batch)
{
    struct run run = {NULL, 0};
    uint64_t cursor = batch->last_seq;
    int64_t written = 0;

    if (cursor <= listener->cursor)
        return true;
    if (!event_batch_may_pass(&listener->filter, batch)) {
        listener->cursor = cursor;
        return true;
    }
    for (size_t i = 0; i < batch->count; i++) {
        const struct event *event = &batch->events[i];

        if (!event_passes(&listener->filter, &event->key) || event->seq <= listener->cursor)
            continue;
        if (http_stream_backlog(listener->exchange) + run.len >= FEED_UNSENT_MAX) {
            cursor = listener->told;
            break;
        }
        listener_write(listener, event_text(batch, event), event, &run);
        listener->told = event->seq;
        written++;
    }
    listener_flush(listener, &run);
    if (written > 0) {
        metric_add(METRIC_FEED_SENT_TOTAL, written);
        listener->beaten = false;
    }
    if (cursor > listener->cursor)
        listener->cursor = cursor;
    return cursor == batch->last_seq;
}

static void feed_leave(struct listener *listener);

static void
listener_put_down(struct listener *listener)
{
    event_batch_free(listener->batch);
    listener->batch = NULL;
    listener->feed->held -= listener->held;
    listener->held = false;
}

/* No more of it; while the reader has its page, it only waits for that. */
static void
listener_end(struct listener *listener)
{
    if (!listener->ended)
        feed_leave(listener);
    listener->ended = true;
    if (listener->reading)
        return;
    listener_put_down(listener);
    http_stream_end(listener->exchange);
}

/* With a last word: where to go on, and why this is the end. */
static void
listener_dismiss(struct listener *listener, const char *why)
{
    char text[LAST_WORD_SIZE];
    int len = snprintf(text, sizeof(text),
                       "retry: 1000\nid: %llu\nevent: resume\n"
                       "data: {\"after\":%llu,\"why\":\"%s\"}\n\n",
                       (unsigned long long)listener->cursor,
                       (unsigned long long)listener->cursor, why);

    http_stream_write(listener->exchange, text, (size_t)len);
    listener_end(listener);
}

static void
listener_abort(struct http_exchange *exchange)
{
    listener_end(exchange->state);
}

static void
listener_stop(struct http_exchange *exchange)
{
    struct listener *listener = exchange->state;

    if (!listener->ended)
        listener_dismiss(listener, "the gateway stops");
}

/* ---- live ---- */

/* Tell a live listener what the window has for it, if it still has what comes next (L2). */
static void
listener_follow(struct listener *listener)
{
    const struct feed *feed = listener->feed;

    if (listener->at < feed->first) {
        metric_add(METRIC_FEED_DROPPED_TOTAL, 1);
        listener_dismiss(listener, "this client takes events more slowly than they come");
        return;
    }
    listener->lagging = false;
    while (listener->at < feed->end) {
        if (!listener_tell(listener, feed->window[listener->at % FEED_WINDOW_MAX])) {
            listener->lagging = true; /* until what it has been sent has left */
            return;
        }
        listener->at++;
    }
}

static void
window_drop_oldest(struct feed *feed)
{
    struct event_batch *batch = feed->window[feed->first++ % FEED_WINDOW_MAX];

    feed->floor = batch->last_seq;
    feed->window_bytes -= batch->bytes;
    event_batch_free(batch);
}

static void
window_clear(struct feed *feed)
{
    while (feed->first < feed->end)
        window_drop_oldest(feed);
}

/* Takes the batch over. */
static void
window_add(struct feed *feed, struct event_batch *batch)
{
    if (feed->count == 0 || batch->last_seq <= feed->newest) { /* it came before the start */
        event_batch_free(batch);
        return;
    }
    while (
        feed->end - feed->first == FEED_WINDOW_MAX ||
        (feed->first < feed->end && feed->window_bytes + batch->bytes > FEED_WINDOW_BYTES_MAX))
        window_drop_oldest(feed);
    if (feed->first == feed->end)
        feed->floor = feed->newest;
    feed->window[feed->end++ % FEED_WINDOW_MAX] = batch;
    feed->window_bytes += batch->bytes;
    feed->newest = batch->last_seq;
}

static void
feed_wait_round(struct feed *feed, size_t written)
{
    int64_t wait_ms = (int64_t)(written / FEED_WRITES_PER_MS);

    if (written == 0)
        return;
    feed->round_waits = true;
    http_after(feed->worker, wait_ms > FEED_ROUND_MS ? wait_ms : FEED_ROUND_MS,
               &feed->round_task);
}

/* Tell all live listeners; the next time no sooner than L5 says. */
static void
feed_round(struct feed *feed)
{
    struct listener *next;
    size_t written = 0;

    for (struct listener *listener = feed->listeners; listener; listener = next) {
        uint64_t told = listener->told;

        next = listener->next;
        if (listener->live &&
            (listener->lagging ? listener->at < feed->first : listener->at < feed->end)) {
            listener_follow(listener);
            written += listener->told != told;
        }
    }
    feed_wait_round(feed, written);
}

static void
feed_round_again(struct http_task *task)
{
    struct feed *feed = FROM(struct feed, round_task, task);

    feed->round_waits = false;
    feed_round(feed);
}

/* A gap: who has not been told what was before it cannot be told any more. */
static void
feed_break(struct feed *feed)
{
    struct listener *next;

    for (struct listener *listener = feed->listeners; listener; listener = next) {
        next = listener->next;
        metric_add(METRIC_FEED_DROPPED_TOTAL, 1);
        listener_dismiss(listener, "events came faster than they could be taken");
    }
}

static void
feed_take(struct http_task *task)
{
    struct feed *feed = FROM(struct feed, wake_task, task);
    struct event_note *note = events_take(&feed->inbox), *next;
    bool missed = events_missed(&feed->inbox);

    for (; note; note = next) {
        next = note->next;
        window_add(feed, note->batch);
        free(note);
    }
    if (missed)
        feed_break(feed);
    else if (!feed->round_waits)
        feed_round(feed);
}

static void
feed_wake(struct events_feed *inbox)
{
    struct feed *feed = FROM(struct feed, inbox, inbox);

    http_post(feed->worker, &feed->wake_task);
}

/* ---- the beat ---- */

/* So that a silent connection is known to be alive, and an id is known that is not old. */
static void
listener_beat(struct listener *listener)
{
    char text[64];
    int len;

    if (listener->beaten && http_stream_backlog(listener->exchange) == 0) {
        if (listener->live && listener->cursor > listener->told) {
            len = snprintf(text, sizeof(text), "id: %llu\n: keep-alive\n\n",
                           (unsigned long long)listener->cursor);
            listener->told = listener->cursor;
        } else {
            len = snprintf(text, sizeof(text), ": keep-alive\n\n");
        }
        http_stream_write(listener->exchange, text, (size_t)len);
    }
    listener->beaten = true;
}

/* L4 */
static void
feed_let_go(struct feed *feed)
{
    struct listener *next;

    for (struct listener *listener = feed->listeners; listener; listener = next) {
        next = listener->next;
        if (!keys_hold(api_keys(listener->exchange), api_key(listener->exchange)))
            listener_dismiss(listener, "the key of this listener is no longer in force");
    }
}

static void
feed_beat(struct http_task *task)
{
    struct feed *feed = FROM(struct feed, beat_task, task);

    feed->beat_waits = feed->count > 0;
    if (!feed->beat_waits)
        return;
    http_after(feed->worker, FEED_LOOK_MS, &feed->beat_task);
    feed_let_go(feed);
    if (events_missed(&feed->inbox)) { /* and nothing has come since */
        feed_break(feed);
        return;
    }
    if (++feed->looks % (FEED_BEAT_MS / FEED_LOOK_MS) != 0)
        return;
    for (struct listener *listener = feed->listeners; listener; listener = listener->next)
        listener_beat(listener);
}

/* ---- the past ---- */

static void listener_read(struct listener *listener);

/* Until on_drain comes.  The rest of a page that is not held is read again. */
static void
listener_wait(struct listener *listener)
{
    struct feed *feed = listener->feed;

    if (listener->held)
        return;
    if (feed->held == FEED_HELD_MAX) {
        listener_put_down(listener);
        return;
    }
    listener->held = true;
    feed->held++;
}

/* Tell what was read; then read on, or follow. */
static void
listener_advance(struct listener *listener)
{
    struct feed *feed = listener->feed;

    if (listener->batch && !listener_tell(listener, listener->batch)) {
        listener_wait(listener);
        return;
    }
    listener_put_down(listener);
    if (listener->cursor < feed->floor) {
        listener_read(listener);
        return;
    }
    listener->live = true;
    listener->at = listener->cursor >= feed->newest ? feed->end : feed->first;
    listener_follow(listener);
}

static void
listener_drained(struct http_exchange *exchange)
{
    struct listener *listener = exchange->state;

    if (listener->ended)
        return;
    if (listener->lagging)
        listener_follow(listener);
    else if (!listener->live && !listener->reading && !listener->waiting)
        listener_advance(listener);
}

/* Reads have ended: listeners that wait for one may begin.  Who is refused ends. */
static void
feed_read_next(struct feed *feed)
{
    struct listener *next;

    for (struct listener *listener = feed->listeners; listener && feed->reads < FEED_READS_MAX;
         listener = next) {
        next = listener->next;
        if (!listener->waiting)
            continue;
        listener->waiting = false;
        listener_read(listener);
    }
}

static void
listener_has_read(struct http_task *task)
{
    struct listener *listener = FROM(struct listener, task, task);
    struct feed *feed = listener->feed;

    listener->reading = false;
    feed->reads--;
    listener->batch = listener->page.batch;
    if (listener->ended)
        listener_end(listener);
    else if (listener->page.rc != 0)
        listener_dismiss(listener, "the store could not be read; see the gateway's log");
    else
        listener_advance(listener);
    feed_read_next(feed);
}

/* On the reader's thread. */
static void
listener_page_done(struct events_page *page)
{
    struct listener *listener = FROM(struct listener, page, page);

    listener->task.run = listener_has_read;
    http_post(listener->exchange->worker, &listener->task);
}

static void
listener_read(struct listener *listener)
{
    struct feed *feed = listener->feed;
    struct error err = {0};

    if (feed->reads == FEED_READS_MAX) {
        listener->waiting = true;
        return;
    }
    listener->page = (struct events_page){
        .after_seq = listener->cursor,
        .last_seq = feed->newest,
        .done = listener_page_done,
    };
    listener->reading = true;
    feed->reads++;
    if (bank_events_page(feed->feeds->bank, &listener->page, &err) == 0)
        return;
    listener->reading = false;
    feed->reads--;
    listener_dismiss(listener, "the store is read by too many");
}

/* ---- joining and leaving ---- */

static void
feed_leave(struct listener *listener)
{
    struct feed *feed = listener->feed;

    *listener->link = listener->next;
    if (listener->next)
        listener->next->link = listener->link;
    atomic_fetch_sub(&feed->feeds->listeners, 1);
    metric_add(METRIC_FEED_LISTENERS, -1);
    if (--feed->count > 0)
        return;
    events_stop(&feed->inbox);
    window_clear(feed);
}

static void
feed_enter(struct feed *feed, struct listener *listener)
{
    if (feed->count++ == 0)
        feed->floor = feed->newest = events_start(bank_events(feed->feeds->bank), &feed->inbox);
    if (!feed->beat_waits) {
        feed->beat_waits = true;
        http_after(feed->worker, FEED_LOOK_MS, &feed->beat_task);
    }
    listener->feed = feed;
    listener->next = feed->listeners;
    listener->link = &feed->listeners;
    if (listener->next)
        listener->next->link = &listener->next;
    feed->listeners = listener;
    metric_add(METRIC_FEED_LISTENERS, 1);
}

static struct feed *
feed_new(struct feeds *feeds, struct http_worker *worker)
{
    struct feed *feed = calloc(1, sizeof(*feed));

    if (!feed)
        abort();
    feed->feeds = feeds;
    feed->worker = worker;
    feed->inbox.wake = feed_wake;
    feed->wake_task.run = feed_take;
    feed->round_task.run = feed_round_again;
    feed->beat_task.run = feed_beat;
    feed->next = feeds->first;
    feeds->first = feed;
    events_join(bank_events(feeds->bank), &feed->inbox);
    return feed;
}

static struct feed *
feeds_find(struct feeds *feeds, struct http_worker *worker)
{
    struct feed *feed;

    pthread_mutex_lock(&feeds->lock);
    for (feed = feeds->first; feed && feed->worker != worker;)
        feed = feed->next;
    if (!feed)
        feed = feed_new(feeds, worker);
    pthread_mutex_unlock(&feeds->lock);
    return feed;
}

bool
feeds_admit(struct feeds *feeds)
{
    if (atomic_fetch_add(&feeds->listeners, 1) < FEED_LISTENERS_MAX)
        return true;
    atomic_fetch_sub(&feeds->listeners, 1);
    return false;
}

void
feeds_listen(struct feeds *feeds, struct listener *listener)
{
    struct http_exchange *exchange = listener->exchange;
    uint64_t head = events_head(bank_events(feeds->bank));

    exchange->state = listener;
    exchange->on_abort = listener_abort;
    exchange->on_stop = listener_stop;
    exchange->on_drain = listener_drained;
    feed_enter(feeds_find(feeds, exchange->worker), listener);
    if (listener->cursor > head) /* from now on; an id of another store is no other */
        listener->cursor = head;
    listener->told = listener->cursor;
    listener_advance(listener);
}

void
feeds_open(struct feeds *feeds, struct bank *bank)
{
    *feeds = (struct feeds){.bank = bank};
    if (pthread_mutex_init(&feeds->lock, NULL) != 0)
        abort();
}

void
feeds_close(struct feeds *feeds)
{
    struct feed *feed = feeds->first, *next;

    if (!feeds->bank)
        return;
    for (; feed; feed = next) {
        next = feed->next;
        window_clear(feed);
        free(feed);
    }
    pthread_mutex_destroy(&feeds->lock);
}
