/* store_faulty.c - counts calls and fails those that were asked for. */
#include "tests/support/store_faulty.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdlib.h>

struct faulty_store {
    struct store base;
    struct store *inner;
    atomic_long calls, first, end;
};

/* The store inside; NULL where this call is to fail. */
static struct store *
faulty_inner(struct store *store, struct error *err)
{
    struct faulty_store *faulty = (struct faulty_store *)store;
    long call = atomic_fetch_add(&faulty->calls, 1) + 1;

    if (call < atomic_load(&faulty->first) || call >= atomic_load(&faulty->end))
        return faulty->inner;
    error_record(err, ERROR_INTERNAL, "simulated store fault");
    return NULL;
}

static int
faulty_open(const char *where, uint64_t seed, struct store **out, struct error *err)
{
    (void)where, (void)seed, (void)out;
    return error_set(err, ERROR_INVALID, "a faulty store wraps another: store_faulty_new()");
}

static int
faulty_view(const char *where, uint64_t *seed, struct store **out, struct error *err)
{
    (void)where, (void)seed, (void)out;
    return error_set(err, ERROR_INVALID, "a faulty store wraps another: store_faulty_new()");
}

static int
faulty_head(struct store *store, uint64_t *seq, uint8_t chain[SHA256_BYTES], struct error *err)
{
    struct store *inner = faulty_inner(store, err);

    return inner ? inner->ops->head(inner, seq, chain, err) : -1;
}

static int
faulty_append(struct store *store, const struct store_entry *const *entries, size_t count,
              struct error *err)
{
    struct store *inner = faulty_inner(store, err);

    return inner ? inner->ops->append(inner, entries, count, err) : -1;
}

static int
faulty_read(struct store *store, uint64_t seq, struct arena *arena, struct store_entry *out,
            struct error *err)
{
    struct store *inner = faulty_inner(store, err);

    return inner ? inner->ops->read(inner, seq, arena, out, err) : -1;
}

static int
faulty_list(struct store *store, const struct store_filter *filter, size_t limit,
            struct arena *arena, struct store_entry **out, size_t *count, struct error *err)
{
    struct store *inner = faulty_inner(store, err);

    return inner ? inner->ops->list(inner, filter, limit, arena, out, count, err) : -1;
}

static int
faulty_events(struct store *store, const struct store_filter *filter, size_t limit,
              struct arena *arena, struct store_entry **out, size_t *count, struct error *err)
{
    struct store *inner = faulty_inner(store, err);

    return inner ? inner->ops->events(inner, filter, limit, arena, out, count, err) : -1;
}

static int
faulty_feed(struct store *store, const struct store_filter *filter, size_t limit,
            struct arena *arena, struct store_entry **out, size_t *count, struct error *err)
{
    struct store *inner = faulty_inner(store, err);

    return inner ? inner->ops->feed(inner, filter, limit, arena, out, count, err) : -1;
}

static int
faulty_rollouts(struct store *store, const struct store_filter *filter, size_t limit,
                struct arena *arena, struct store_entry **out, size_t *count, struct error *err)
{
    struct store *inner = faulty_inner(store, err);

    return inner ? inner->ops->rollouts(inner, filter, limit, arena, out, count, err) : -1;
}

static int
faulty_scan(struct store *store, void (*each)(void *context, const struct store_entry *entry),
            void *context, struct error *err)
{
    struct store *inner = faulty_inner(store, err);

    return inner ? inner->ops->scan(inner, each, context, err) : -1;
}

static int
faulty_scan_events(struct store *store,
                   void (*each)(void *context, const struct store_entry *entry), void *context,
                   struct error *err)
{
    struct store *inner = faulty_inner(store, err);

    return inner ? inner->ops->scan_events(inner, each, context, err) : -1;
}

static void
faulty_close(struct store *store)
{
    struct faulty_store *faulty = (struct faulty_store *)store;

    if (!faulty)
        return;
    faulty->inner->ops->close(faulty->inner);
    free(faulty);
}

static const struct store_ops store_faulty = {
    .name = "faulty",
    .open = faulty_open,
    .view = faulty_view,
    .head = faulty_head,
    .append = faulty_append,
    .read = faulty_read,
    .list = faulty_list,
    .events = faulty_events,
    .feed = faulty_feed,
    .rollouts = faulty_rollouts,
    .scan = faulty_scan,
    .scan_events = faulty_scan_events,
    .close = faulty_close,
};

struct store *
store_faulty_new(struct store *inner)
{
    struct faulty_store *faulty = calloc(1, sizeof(*faulty));

    if (!faulty)
        abort();
    faulty->base.ops = &store_faulty;
    faulty->inner = inner;
    return &faulty->base;
}

void
store_faulty_arm(struct store *store, long first, long count)
{
    struct faulty_store *faulty = (struct faulty_store *)store;

    atomic_store(&faulty->end, 0);
    atomic_store(&faulty->calls, 0);
    atomic_store(&faulty->first, first);
    atomic_store(&faulty->end, count > LONG_MAX - first ? LONG_MAX : first + count);
}

long
store_faulty_calls(struct store *store)
{
    return atomic_load(&((struct faulty_store *)store)->calls);
}
