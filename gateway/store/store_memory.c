/*
 * store_memory.c - forgets everything on close; the reference for the others.
 *
 * Entry i of the array has seq i + 1.  One lock guards the array; bodies are
 * copied in and out under it, so S4 holds with any number of threads.
 */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/store/store.h"

struct memory_store {
    struct store base;
    pthread_mutex_t lock;
    struct store_entry *entries;
    size_t count;
    size_t capacity;
};

static int
memory_open(const char *where, uint64_t seed, struct store **out, struct error *err)
{
    struct memory_store *memory = calloc(1, sizeof(*memory));

    (void)where, (void)seed, (void)err;
    if (!memory || pthread_mutex_init(&memory->lock, NULL) != 0)
        abort();
    memory->base.ops = &store_memory;
    *out = &memory->base;
    return 0;
}

static int
memory_view(const char *where, uint64_t *seed, struct store **out, struct error *err)
{
    (void)where, (void)seed;
    *out = NULL;
    return error_set(err, ERROR_INVALID,
                     "store memory: only the gateway that keeps it can read it; name a file "
                     "with --store sqlite:PATH");
}

static int
memory_head(struct store *store, uint64_t *seq, uint8_t chain[SHA256_BYTES], struct error *err)
{
    struct memory_store *memory = (struct memory_store *)store;

    (void)err;
    memset(chain, 0, SHA256_BYTES);
    pthread_mutex_lock(&memory->lock);
    *seq = memory->count;
    if (memory->count)
        memcpy(chain, memory->entries[memory->count - 1].chain, SHA256_BYTES);
    pthread_mutex_unlock(&memory->lock);
    return 0;
}

static void
memory_make_room(struct memory_store *memory, size_t more)
{
    size_t capacity = memory->capacity;

    if (memory->count + more <= capacity)
        return;
    while (capacity < memory->count + more)
        capacity = capacity ? capacity * 2 : 1024;
    memory->entries = realloc(memory->entries, capacity * sizeof(*memory->entries));
    if (!memory->entries)
        abort();
    memory->capacity = capacity;
}

static void *
bytes_keep(const void *bytes, size_t len)
{
    void *copy = malloc(len + 1);

    if (!copy)
        abort();
    return memcpy(copy, bytes, len);
}

static void
memory_keep(struct memory_store *memory, const struct store_entry *entry)
{
    struct store_entry *kept = &memory->entries[memory->count];

    *kept = *entry;
    kept->body = bytes_keep(entry->body, entry->body_len);
    kept->note = entry->note_len > 0 ? bytes_keep(entry->note, entry->note_len) : NULL;
    memory->count++;
    assert(kept->seq == memory->count);
}

static int
memory_append(struct store *store, const struct store_entry *const *entries, size_t count,
              struct error *err)
{
    struct memory_store *memory = (struct memory_store *)store;

    (void)err;
    pthread_mutex_lock(&memory->lock);
    memory_make_room(memory, count);
    for (size_t i = 0; i < count; i++)
        memory_keep(memory, entries[i]);
    pthread_mutex_unlock(&memory->lock);
    return 0;
}

static void
entry_copy(const struct store_entry *kept, struct arena *arena, struct store_entry *out)
{
    *out = *kept;
    out->body = arena_copy(arena, kept->body, kept->body_len);
    out->note = kept->note_len > 0 ? arena_copy(arena, kept->note, kept->note_len) : NULL;
}

static int
memory_read(struct store *store, uint64_t seq, struct arena *arena, struct store_entry *out,
            struct error *err)
{
    struct memory_store *memory = (struct memory_store *)store;
    int rc = -1;

    pthread_mutex_lock(&memory->lock);
    if (seq >= 1 && seq <= memory->count) {
        entry_copy(&memory->entries[seq - 1], arena, out);
        rc = 0;
    }
    pthread_mutex_unlock(&memory->lock);
    if (rc != 0)
        error_set(err, ERROR_NOT_FOUND, "no record %llu", (unsigned long long)seq);
    return rc;
}

static bool
text_passes(const char *text, const char *wanted)
{
    return !wanted || wanted[0] == '\0' || strcmp(text, wanted) == 0;
}

static bool
state_passes(const struct store_entry *entry, const struct store_filter *filter)
{
    int state = entry->state;

    if (filter->states == 0)
        return true;
    if (filter->state_now)
        state = filter->state_now(filter->context, entry->seq, state);
    return filter->states >> state & 1;
}

static bool
payment_passes(const struct store_entry *entry, const struct store_filter *filter)
{
    return entry->kind == RECORD_PAYMENT && state_passes(entry, filter) &&
           entry->at_ms >= filter->from_ms && entry->at_ms < filter->to_ms &&
           text_passes(entry->currency, filter->currency) &&
           text_passes(entry->debtor_country, filter->debtor_country);
}

static bool
event_passes(const struct store_entry *entry, const struct store_filter *filter)
{
    (void)filter;
    return entry->kind == RECORD_EVENT;
}

static bool
feed_passes(const struct store_entry *entry, const struct store_filter *filter)
{
    (void)filter;
    return entry->kind == RECORD_PAYMENT || entry->kind == RECORD_EVENT;
}

static bool
rollout_passes(const struct store_entry *entry, const struct store_filter *filter)
{
    (void)filter;
    return entry->kind == RECORD_ROLLOUT;
}

/* Of what passes, a page: of the newest, or the oldest, that the filter leaves. */
static int
memory_page(struct store *store, const struct store_filter *filter, bool newest_first,
            bool (*passes)(const struct store_entry *entry, const struct store_filter *filter),
            size_t limit, struct arena *arena, struct store_entry **out, size_t *count)
{
    struct memory_store *memory = (struct memory_store *)store;
    uint64_t last = filter->last_seq, left;
    size_t bytes = 0;

    *out = arena_alloc(arena, limit * sizeof(**out));
    *count = 0;
    pthread_mutex_lock(&memory->lock);
    if (last == 0 || last > memory->count)
        last = memory->count;
    left = last > filter->after_seq ? last - filter->after_seq : 0;
    for (; left > 0 && *count < limit; left--) {
        uint64_t seq = newest_first ? filter->after_seq + left : last + 1 - left;
        const struct store_entry *entry = &memory->entries[seq - 1];

        if (!passes(entry, filter))
            continue;
        entry_copy(entry, arena, &(*out)[(*count)++]);
        bytes += entry->body_len;
        if (filter->bytes_max && bytes >= filter->bytes_max)
            break;
    }
    pthread_mutex_unlock(&memory->lock);
    return 0;
}

static int
memory_list(struct store *store, const struct store_filter *filter, size_t limit,
            struct arena *arena, struct store_entry **out, size_t *count, struct error *err)
{
    (void)err;
    return memory_page(store, filter, filter->newest_first, payment_passes, limit, arena, out,
                       count);
}

static int
memory_events(struct store *store, const struct store_filter *filter, size_t limit,
              struct arena *arena, struct store_entry **out, size_t *count, struct error *err)
{
    (void)err;
    return memory_page(store, filter, false, event_passes, limit, arena, out, count);
}

static int
memory_feed(struct store *store, const struct store_filter *filter, size_t limit,
            struct arena *arena, struct store_entry **out, size_t *count, struct error *err)
{
    (void)err;
    return memory_page(store, filter, false, feed_passes, limit, arena, out, count);
}

static int
memory_rollouts(struct store *store, const struct store_filter *filter, size_t limit,
                struct arena *arena, struct store_entry **out, size_t *count, struct error *err)
{
    (void)err;
    return memory_page(store, filter, false, rollout_passes, limit, arena, out, count);
}

/* Those of two kinds, without bodies. */
static int
memory_each(struct store *store, enum record_kind one, enum record_kind other,
            void (*each)(void *context, const struct store_entry *entry), void *context)
{
    struct memory_store *memory = (struct memory_store *)store;

    pthread_mutex_lock(&memory->lock);
    for (size_t i = 0; i < memory->count; i++) {
        struct store_entry entry = memory->entries[i];

        entry.body = NULL;
        entry.body_len = 0;
        if (entry.kind == one || entry.kind == other)
            each(context, &entry);
    }
    pthread_mutex_unlock(&memory->lock);
    return 0;
}

static int
memory_scan(struct store *store, void (*each)(void *context, const struct store_entry *entry),
            void *context, struct error *err)
{
    (void)err;
    return memory_each(store, RECORD_PAYMENT, RECORD_PAYMENT, each, context);
}

static int
memory_scan_events(struct store *store,
                   void (*each)(void *context, const struct store_entry *entry), void *context,
                   struct error *err)
{
    (void)err;
    return memory_each(store, RECORD_EVENT, RECORD_CLOCK, each, context);
}

static void
memory_close(struct store *store)
{
    struct memory_store *memory = (struct memory_store *)store;

    if (!memory)
        return;
    for (size_t i = 0; i < memory->count; i++) {
        free((void *)(uintptr_t)memory->entries[i].body);
        free((void *)(uintptr_t)memory->entries[i].note);
    }
    free(memory->entries);
    pthread_mutex_destroy(&memory->lock);
    free(memory);
}

const struct store_ops store_memory = {
    .name = "memory",
    .open = memory_open,
    .view = memory_view,
    .head = memory_head,
    .append = memory_append,
    .read = memory_read,
    .list = memory_list,
    .events = memory_events,
    .feed = memory_feed,
    .rollouts = memory_rollouts,
    .scan = memory_scan,
    .scan_events = memory_scan_events,
    .close = memory_close,
};
