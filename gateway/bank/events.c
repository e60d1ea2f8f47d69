/* events.c - the hub, and pages from the store. */
#include "gateway/bank/events.h"

#include <pthread.h>
#include <stdlib.h>

struct events {
    struct writer *writer;
    pthread_mutex_t lock; /* of joining */
    atomic_size_t count;
    struct events_feed *feeds[EVENTS_FEEDS_MAX];
    /* The writer's thread's. */
    struct arena arena;
    struct event_batch *seen; /* to be told; NULL: nobody listened */
};

static bool
anybody_listens(struct events *events)
{
    size_t count = atomic_load(&events->count);

    for (size_t i = 0; i < count; i++)
        if (atomic_load(&events->feeds[i]->started))
            return true;
    return false;
}

static void
feed_put(struct events_feed *feed, struct event_batch *batch)
{
    struct event_note *note, *head;

    if (atomic_fetch_add(&feed->inbox_bytes, batch->bytes) > EVENTS_INBOX_BYTES_MAX) { /* E1 */
        atomic_fetch_sub(&feed->inbox_bytes, batch->bytes);
        atomic_store(&feed->missed, true);
        return;
    }
    note = malloc(sizeof(*note));
    if (!note)
        abort();
    note->batch = event_batch_keep(batch);
    head = atomic_load(&feed->inbox);
    do
        note->next = head;
    while (!atomic_compare_exchange_weak(&feed->inbox, &head, note));
    if (!head)
        feed->wake(feed);
}

/* On the writer's thread, behind its head: what events_start() did not see comes here (E2). */
static void
events_see(void *context, const struct store_entry *const *entries, size_t count)
{
    struct events *events = context;

    if (!anybody_listens(events))
        return;
    events->seen = event_batch_new(entries, count, entries[0]->seq, entries[count - 1]->seq,
                                   &events->arena);
    arena_reset(&events->arena);
}

/* What is told of can be found (E4). */
static void
events_tell(void *context)
{
    struct events *events = context;
    size_t feeds = atomic_load(&events->count);

    if (!events->seen)
        return;
    for (size_t i = 0; i < feeds; i++)
        if (atomic_load(&events->feeds[i]->started))
            feed_put(events->feeds[i], events->seen);
    event_batch_free(events->seen);
    events->seen = NULL;
}

struct events *
events_new(struct writer *writer)
{
    struct events *events = calloc(1, sizeof(*events));

    if (!events || pthread_mutex_init(&events->lock, NULL) != 0)
        abort();
    events->writer = writer;
    writer_observe(writer, &(struct writer_observer){events_see, events_tell, events});
    return events;
}

void
events_free(struct events *events)
{
    if (!events)
        return;
    for (size_t i = 0; i < events->count; i++) {
        struct event_note *note = events_take(events->feeds[i]), *next;

        for (; note; note = next) {
            next = note->next;
            event_batch_free(note->batch);
            free(note);
        }
    }
    arena_release(&events->arena);
    pthread_mutex_destroy(&events->lock);
    free(events);
}

void
events_join(struct events *events, struct events_feed *feed)
{
    pthread_mutex_lock(&events->lock);
    if (events->count == EVENTS_FEEDS_MAX)
        abort(); /* there are fewer threads than that */
    events->feeds[events->count] = feed;
    atomic_fetch_add(&events->count, 1);
    pthread_mutex_unlock(&events->lock);
}

uint64_t
events_head(struct events *events)
{
    uint8_t chain[SHA256_BYTES];

    return writer_head(events->writer, chain);
}

uint64_t
events_start(struct events *events, struct events_feed *feed)
{
    atomic_store(&feed->missed, false);
    atomic_store(&feed->started, true); /* before the head is read: see events_see() */
    return events_head(events);
}

void
events_stop(struct events_feed *feed)
{
    atomic_store(&feed->started, false);
}

struct event_note *
events_take(struct events_feed *feed)
{
    struct event_note *newest = atomic_exchange(&feed->inbox, NULL), *oldest = NULL;

    while (newest) {
        struct event_note *next = newest->next;

        atomic_fetch_sub(&feed->inbox_bytes, newest->batch->bytes);
        newest->next = oldest;
        oldest = newest;
        newest = next;
    }
    return oldest;
}

bool
events_missed(struct events_feed *feed)
{
    return atomic_exchange(&feed->missed, false);
}

/* A page that was not cut goes as far as was asked, whatever its last record is. */
static int
page_read(struct events_page *page, struct store *store, struct arena *arena)
{
    const struct store_filter filter = {
        .after_seq = page->after_seq,
        .last_seq = page->last_seq,
        .bytes_max = EVENTS_PAGE_BYTES_MAX,
    };
    const struct store_entry **pointers;
    struct store_entry *entries;
    uint64_t last = page->last_seq;
    size_t count, bytes = 0;

    if (store->ops->feed(store, &filter, EVENTS_PAGE_MAX, arena, &entries, &count,
                         &page->err) != 0)
        return -1;
    pointers = arena_alloc(arena, (count + 1) * sizeof(*pointers));
    for (size_t i = 0; i < count; i++) {
        pointers[i] = &entries[i];
        bytes += entries[i].body_len;
    }
    if (count == EVENTS_PAGE_MAX || bytes >= EVENTS_PAGE_BYTES_MAX)
        last = entries[count - 1].seq;
    page->batch = event_batch_new(pointers, count, page->after_seq + 1, last, arena);
    return 0;
}

static void
page_run(struct reader_job *job, struct store *store)
{
    struct events_page *page =
        (struct events_page *)(void *)((char *)job - offsetof(struct events_page, read));
    struct arena arena = {0};

    page->rc = page_read(page, store, &arena);
    arena_release(&arena);
    page->done(page);
}

int
events_page(struct reader *reader, struct events_page *page, struct error *err)
{
    page->batch = NULL;
    page->read.run = page_run;
    return reader_submit(reader, &page->read, err);
}
