/*
 * feed.h - the listeners of one worker, and what each has been told.
 *
 *   reading ---> live        when it has been told all up to the worker's window
 *   either  ---> ended       the client has gone, the gateway stops, or it is too slow
 *
 * A listener that asks for the past reads pages of the store on the reader's thread until
 * it has reached the window: the last batches that came from the writer, the same for all
 * listeners of a worker.  From then on it is served out of the window.
 *
 *   L1  a listener is told each event that passes its filter once, by rising seq, from the
 *       seq it asked for on; before it is ended by us, it is told where to go on.
 *   L2  nothing more is written to a listener while FEED_UNSENT_MAX bytes wait for it; if
 *       the window moves past it meanwhile, it is ended.
 *   L3  the writer's thread, and so a payment, waits for none of this.
 *   L4  a listener whose key is no longer in force is ended within FEED_LOOK_MS.
 *   L5  a worker that has written to listeners does so again no sooner than FEED_ROUND_MS
 *       later, and writes to at most FEED_WRITES_PER_MS a millisecond: what comes meanwhile
 *       is written at once, with one send a listener.
 *
 * All of a feed is touched by its worker's loop alone.
 */
#ifndef GATEWAY_API_FEED_H
#define GATEWAY_API_FEED_H

#include <pthread.h>

#include "gateway/bank/bank.h"
#include "gateway/bank/events.h"
#include "gateway/http/http.h"

#define FEED_LISTENERS_MAX    4096     /* of all workers */
#define FEED_UNSENT_MAX       65536    /* bytes; one event may get past it */
#define FEED_WINDOW_BYTES_MAX 33554432 /* of the batches, which all workers share ... */
#define FEED_WINDOW_MAX       16384    /* ... and at most so many */
#define FEED_READS_MAX        16       /* pages that a worker's listeners wait for at once */
#define FEED_HELD_MAX         16       /* of these, kept until there is room for the rest */
#define FEED_WRITES_PER_MS    10
#define FEED_ROUND_MS         20
#define FEED_LOOK_MS          1000  /* after those who may no longer listen */
#define FEED_BEAT_MS          15000 /* a comment to who has been told nothing for so long */

struct feed;

/* Of all workers. */
struct feeds {
    struct bank *bank;
    pthread_mutex_t lock; /* of the list */
    struct feed *first;
    atomic_size_t listeners;
};

struct listener {
    struct http_exchange *exchange;
    struct feed *feed;
    struct listener *next, **link;

    struct event_filter filter;
    bool internal;   /* it may see the internal part */
    uint64_t cursor; /* it has been told all up to here */
    uint64_t told;   /* the last id it knows */
    bool live, lagging, beaten;

    uint64_t at;               /* live: the batch of the window that comes next */
    struct event_batch *batch; /* reading: what has been read and not yet told */
    bool held;                 /* batch is one of FEED_HELD_MAX */
    struct events_page page;
    struct http_task task; /* of the page */
    bool reading;          /* the page is the reader's */
    bool waiting;          /* for one of FEED_READS_MAX */
    bool ended;
};

void feeds_open(struct feeds *feeds, struct bank *bank);
/* After the server is closed. */
void feeds_close(struct feeds *feeds);

/*
 * Take over an exchange whose stream has begun.  listener is zeroed, on its arena, with
 * exchange, filter and internal set; it is told what is behind cursor, UINT64_MAX: what
 * happens from now on.
 */
void feeds_listen(struct feeds *feeds, struct listener *listener);

/* False where there are FEED_LISTENERS_MAX already; else the next feeds_listen() counts. */
bool feeds_admit(struct feeds *feeds);

#endif
