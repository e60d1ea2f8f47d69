/*
 * events.h - from the writer to whoever listens, without making it wait.
 *
 * Each thread that serves listeners has one feed.  While a feed is started, each batch
 * of the writer is made into events once (event.h) and put into every such feed's inbox, a
 * stack without a lock; the first into an empty inbox wakes the feed's thread.
 *
 *   E1  the writer never waits for a feed, and makes no events while none is started.
 *   E2  from events_start() on, every batch with seqs behind the one it returned comes,
 *       in order, unless EVENTS_INBOX_BYTES_MAX wait already: then it is left out, and the
 *       feed is told by events_missed().
 *   E3  what precedes can be read from the store: events_page().
 *   E4  a batch comes after the bank knows of all that is in it: who asks for a payment that
 *       he has just heard of gets it.
 */
#ifndef GATEWAY_BANK_EVENTS_H
#define GATEWAY_BANK_EVENTS_H

#include "gateway/bank/event.h"
#include "gateway/store/reader.h"
#include "gateway/store/writer.h"

#define EVENTS_FEEDS_MAX       320      /* a worker has one, and the webhooks */
#define EVENTS_INBOX_BYTES_MAX 16777216 /* of one feed */
#define EVENTS_PAGE_MAX        500      /* records of a page */
#define EVENTS_PAGE_BYTES_MAX  1048576

struct events;

/* One batch in one inbox. */
struct event_note {
    struct event_note *next;
    struct event_batch *batch; /* the taker's: event_batch_free() */
};

/* Embedded in whatever its thread has; lives until events_free(). */
struct events_feed {
    void (*wake)(struct events_feed *feed); /* on the writer's thread */

    /* The hub's. */
    atomic_bool started, missed;
    _Atomic(struct event_note *) inbox; /* newest first */
    atomic_size_t inbox_bytes;
};

/* Observes the writer, which must not have begun. */
struct events *events_new(struct writer *writer);
void events_free(struct events *events); /* once the writer is closed; takes NULL */

/* Once for a feed; at most EVENTS_FEEDS_MAX, one more aborts. */
void events_join(struct events *events, struct events_feed *feed);

/* The writer's head: all that comes later will come to the feed.  From the feed's thread. */
uint64_t events_start(struct events *events, struct events_feed *feed);
void events_stop(struct events_feed *feed);

/* The last seq on disk. */
uint64_t events_head(struct events *events);

/* What has come, oldest first; each note is the caller's, as free(). */
struct event_note *events_take(struct events_feed *feed);

/* Has a batch been left out since this was last asked? */
bool events_missed(struct events_feed *feed);

/* Events from the store.  Lives until done() was called, on the reader's thread. */
struct events_page {
    uint64_t after_seq, last_seq; /* in; last_seq is on disk */
    void (*done)(struct events_page *page);
    void *owner; /* whoever asks may keep something here */

    int rc;
    struct error err;
    struct event_batch *batch; /* the caller's; its last_seq says how far it goes */

    struct reader_job read;
};

/* -1, and no done(), where the reader has too much to do. */
int events_page(struct reader *reader, struct events_page *page, struct error *err)
    __attribute__((warn_unused_result));

#endif
