/* dossier.c - a payment's records, joined without parsing what need not be. */
#include "gateway/bank/dossier.h"

#include <string.h>

#include "gateway/bank/life_event.h"
#include "gateway/base/json_slice.h"

/* The events lead back from the latest; they are turned round. */
static int
read_events(struct store *store, struct dossier *dossier, struct arena *arena,
            struct error *err)
{
    uint64_t seq = dossier->stand.event_seq;
    size_t room = 4;

    dossier->events = arena_alloc(arena, room * sizeof(*dossier->events));
    while (seq != 0) {
        struct store_entry entry;

        if (store->ops->read(store, seq, arena, &entry, err) != 0)
            return -1;
        if (entry.kind != RECORD_EVENT || entry.payment_seq != dossier->seq ||
            entry.previous_seq >= seq)
            return error_set(err, ERROR_INTERNAL,
                             "record %llu should be an event of payment %llu and is none",
                             (unsigned long long)seq, (unsigned long long)dossier->seq);
        if (dossier->event_count == room) {
            dossier->events =
                arena_grow(arena, dossier->events, room * sizeof(*dossier->events),
                           2 * room * sizeof(*dossier->events));
            room *= 2;
        }
        dossier->events[dossier->event_count++] =
            (struct dossier_event){entry.body, entry.body_len};
        seq = entry.previous_seq;
    }
    for (size_t i = 0; i < dossier->event_count / 2; i++) {
        struct dossier_event swapped = dossier->events[i];

        dossier->events[i] = dossier->events[dossier->event_count - 1 - i];
        dossier->events[dossier->event_count - 1 - i] = swapped;
    }
    return 0;
}

int
dossier_join(struct store *store, const struct store_entry *entry, const struct stand *stand,
             struct arena *arena, struct dossier *out, struct error *err)
{
    *out = (struct dossier){.seq = entry->seq, .entry = *entry, .stand = *stand};
    if (record_read(entry->body, entry->body_len, arena, &out->record, err) != 0)
        return -1;
    return read_events(store, out, arena, err);
}

int
dossier_read(struct store *store, uint64_t seq, const struct stand *stand, struct arena *arena,
             struct dossier *out, struct error *err)
{
    struct store_entry entry;

    *out = (struct dossier){0};
    if (store->ops->read(store, seq, arena, &entry, err) != 0)
        return -1;
    return dossier_join(store, &entry, stand, arena, out, err);
}

static struct json_slice
internal_of(const struct dossier_event *event, const char *name)
{
    struct json_slice internal = json_slice_member(event->body, event->len, "internal");

    return json_slice_member(internal.data, internal.len, name);
}

int
dossier_follows(const struct dossier *dossier, struct arena *arena, struct course *out,
                struct error *err)
{
    struct json_slice follows = {NULL, 0}, decision;

    *out = (struct course){0};
    for (size_t i = dossier->event_count; i > 0 && !follows.data; i--)
        follows = internal_of(&dossier->events[i - 1], "follows");
    if (!follows.data) {
        decision =
            json_slice_member(dossier->record.answer, dossier->record.answer_len, "decision");
        follows = json_slice_member(decision.data, decision.len, "follows");
    }
    return follows.data ? course_read(arena, follows.data, follows.len, out, err) : 0;
}

static void
write_member(struct buffer *out, struct json_slice name, struct json_slice value)
{
    json_key_n(out, name.data, name.len);
    json_raw(out, value.data, value.len);
}

/* The latest event that told the payer something, next included; NULL where none has. */
static const struct dossier_event *
latest_told(const struct dossier *dossier, const struct dossier_event *next)
{
    for (size_t i = dossier->event_count + 1; i > 0; i--) {
        const struct dossier_event *event =
            i > dossier->event_count ? next : &dossier->events[i - 1];
        struct json_slice told;

        if (!event)
            continue;
        told = json_slice_member(event->body, event->len, "iso20022");
        if (told.data && !json_slice_is(told, "null"))
            return event;
    }
    return NULL;
}

/* What an event says anew of the payment, in the order of the answer. */
static const char *const renewed[] = {"outcome", "state", "iso20022", "disclosed_reason"};

/* Of the answer, what is no longer so once the payer was told something else. */
static const char *const outdated[] = {"requested", "answer_by", "returned"};

static bool
is_among(struct json_slice name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (json_slice_is(name, names[i]))
            return true;
    return false;
}

#define AMONG(name, names) is_among(name, names, sizeof(names) / sizeof((names)[0]))

/* One member of the answer, as it is, or as the event has it. */
static void
view_member(const struct dossier_event *told, struct json_slice name, struct json_slice value,
            struct buffer *out)
{
    if (AMONG(name, renewed)) {
        char key[32];

        memcpy(key, name.data, name.len);
        key[name.len] = '\0';
        value = json_slice_member(told->body, told->len, key);
    } else if (AMONG(name, outdated)) {
        return;
    }
    write_member(out, name, value);
    if (json_slice_is(name, "disclosed_reason")) {
        struct json_slice returned = json_slice_member(told->body, told->len, "returned");
        struct json_slice asks = json_slice_member(told->body, told->len, "requested");

        if (asks.data)
            write_member(out, (struct json_slice){"requested", 9}, asks);
        if (returned.data)
            write_member(out, (struct json_slice){"returned", 8}, returned);
    }
}

/* An event without what is the same in all of them. */
static void
write_event(const struct dossier_event *event, struct buffer *out)
{
    static const char *const common[] = {"kind", "payment", "uetr"};
    struct json_slice name, value;
    size_t at = 0;

    json_open(out, '{');
    for (bool more = true; more;) {
        more = json_slice_next(event->body, event->len, &at, &name, &value);
        if (more && !AMONG(name, common))
            write_member(out, name, value);
    }
    json_close(out, '}');
}

void
dossier_view(const struct dossier *dossier, const char *answer, size_t answer_len,
             const struct dossier_event *next, bool with_events, struct buffer *out)
{
    const struct dossier_event *told = latest_told(dossier, next);
    struct json_slice name, value;
    size_t at = 0;

    if (dossier->event_count == 0 && !next) { /* V1 */
        json_raw(out, answer, answer_len);
        return;
    }
    json_open(out, '{');
    while (json_slice_next(answer, answer_len, &at, &name, &value)) {
        if (told)
            view_member(told, name, value, out);
        else
            write_member(out, name, value);
    }
    if (with_events) {
        json_key(out, "events");
        json_open(out, '[');
        for (size_t i = 0; i < dossier->event_count; i++)
            write_event(&dossier->events[i], out);
        if (next)
            write_event(next, out);
        json_close(out, ']');
    }
    json_close(out, '}');
}
