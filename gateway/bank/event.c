/*
 * event.c - records to events.
 *
 * The records are our own JSON, written without white space.  Of their members
 * only the top level is walked over; what an event shows is copied as it stands.
 */
#include "gateway/bank/event.h"

#include <stdlib.h>

#include "gateway/bank/ident.h"
#include "gateway/base/buffer.h"
#include "gateway/base/json_slice.h"
#include "gateway/base/log.h"
#include "gateway/payment/codes.h"
#include "gateway/payment/life.h"
#include "gateway/store/record.h"

#define TEXT_BYTES_GUESS 1024 /* of an event */
#define BIC8_LENGTH      8

/* Append where a new one is written to the store; their numbers are stored nowhere. */
static const char *const types[] = {
    "payment.accepted",
    "payment.held",
    "payment.awaiting_information",
    "payment.rejected",
    "payment.returned",
    "payment.frozen",
    "payment.released",
    "payment.credited",
    "payment.cancelled",
    "payment.documents",
    "payment.cancellation_refused",
    "payment.cancellation_pending",
    "case.note",
    "case.disposition",
};

#define TYPE_COUNT (sizeof(types) / sizeof(types[0]))

_Static_assert(TYPE_COUNT < 31, "a type is a bit below EVENT_OTHER");

const char *
event_type(size_t i)
{
    return i < TYPE_COUNT ? types[i] : NULL;
}

static struct json_slice
member_of(struct json_slice object, const char *name)
{
    return json_slice_member(object.data, object.len, name);
}

/* A string's letters without its quotes, if it has no escape and no more than max. */
static bool
plain_string(struct json_slice value, size_t max, char *out)
{
    struct json_slice text = json_slice_text(value);

    out[0] = '\0';
    if (!text.data || text.len > max)
        return false;
    memcpy(out, text.data, text.len);
    out[text.len] = '\0';
    return true;
}

/* ---- keys ---- */

uint64_t
event_letters(const char *text, size_t max)
{
    uint64_t number = 0;

    memcpy(&number, text, strnlen(text, max));
    return number;
}

static uint32_t
type_bit(const char *name)
{
    for (size_t i = 0; i < TYPE_COUNT; i++)
        if (strcmp(types[i], name) == 0)
            return 1u << i;
    return EVENT_OTHER;
}

static void
key_state(struct event_key *key, const char *text)
{
    enum payment_state state;

    if (payment_state_parse(text, &state))
        key->state = 1u << state;
}

static void
key_type(struct event_key *key, const char *text)
{
    key->type = type_bit(text);
}

static void
key_payment(struct event_key *key, const char *text)
{
    struct ident ident;

    if (ident_parse(text, &ident))
        memcpy(key->payment, ident.bytes, sizeof(key->payment));
}

static void
key_uetr(struct event_key *key, const char *text)
{
    if (!code_is_uetr(text, key->uetr))
        memset(key->uetr, 0, sizeof(key->uetr));
}

static void
key_currency(struct event_key *key, const char *text)
{
    key->currency = (uint32_t)event_letters(text, 3);
}

static void
key_debtor_country(struct event_key *key, const char *text)
{
    key->debtor_country = (uint32_t)event_letters(text, 2);
}

static void
key_bank(struct event_key *key, const char *text)
{
    key->bank = event_letters(text, BIC8_LENGTH);
}

/* What a record's members say to filters. */
static const struct {
    const char *name;
    void (*read)(struct event_key *key, const char *text);
} keys[] = {
    {"type", key_type}, {"state", key_state},       {"payment", key_payment},
    {"uetr", key_uetr}, {"currency", key_currency}, {"debtor_country", key_debtor_country},
    {"bank", key_bank},
};

static void
key_member(struct event_key *key, struct json_slice name, struct json_slice value)
{
    char text[64];

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (json_slice_is(name, keys[i].name) && plain_string(value, sizeof(text) - 1, text))
            keys[i].read(key, text);
}

/* ---- texts ---- */

/* The lines before the JSON, which is open when it returns. */
static void
text_begin(struct buffer *out, struct event *event, const char *type)
{
    event->text = (uint32_t)out->len;
    buffer_text(out, "id: ");
    buffer_int(out, (int64_t)event->seq);
    buffer_text(out, "\nevent: ");
    buffer_text(out, type);
    buffer_text(out, "\ndata: ");
    event->json = (uint32_t)out->len - event->text;
    out->comma = false;
    json_open(out, '{');
    json_key(out, "seq");
    json_int(out, (int64_t)event->seq);
    json_member(out, "type", type);
}

/* Where what a payer is shown ends, and from there to the end with what he is not. */
static void
text_end(struct buffer *out, struct event *event, struct json_slice internal, const char *name)
{
    event->public_len = (uint32_t)out->len - event->text;
    if (internal.len > 0) {
        json_key(out, name);
        json_raw(out, internal.data, internal.len);
    }
    buffer_text(out, EVENT_END);
    event->text_len = (uint32_t)out->len - event->text;
}

static void
copy_member(struct buffer *out, const char *name, struct json_slice value)
{
    json_key(out, name);
    json_raw(out, value.data, value.len);
}

/* The answer's members as an event has them, in its order. */
static const struct {
    const char *from, *to;
} shown[] = {
    {"uetr", "uetr"},
    {"decided_at", "at"},
    {NULL, "from"},
    {"outcome", "outcome"},
    {"state", "state"},
    {"iso20022", "iso20022"},
    {"disclosed_reason", "disclosed_reason"},
};

#define SHOWN_COUNT (sizeof(shown) / sizeof(shown[0]))

/* An answer's members that an event is made of, found in one walk over it. */
struct answer {
    struct json_slice shown[SHOWN_COUNT], state, decision, bank;
};

static void
answer_read(struct json_slice text, struct answer *out)
{
    struct json_slice name, value;
    size_t at = 0;

    *out = (struct answer){0};
    while (json_slice_next(text.data, text.len, &at, &name, &value)) {
        for (size_t i = 0; i < SHOWN_COUNT; i++)
            if (shown[i].from && json_slice_is(name, shown[i].from))
                out->shown[i] = value;
        if (json_slice_is(name, "state"))
            out->state = value;
        else if (json_slice_is(name, "decision"))
            out->decision = value;
    }
    out->bank = member_of(member_of(out->decision, "bank"), "bic");
}

static bool
payment_event(const struct store_entry *entry, struct arena *arena, struct buffer *out,
              struct event *event)
{
    const struct json_slice none = {"null", 4};
    struct error err = {0};
    struct record record;
    struct answer answer;
    char type[64] = "payment.", bic_text[16] = "";

    if (record_read(entry->body, entry->body_len, arena, &record, &err) != 0)
        return false;
    answer_read((struct json_slice){record.answer, record.answer_len}, &answer);
    if (!plain_string(answer.state, 40, type + strlen("payment.")) || !answer.decision.data)
        return false;
    key_state(&event->key, type + strlen("payment."));
    key_type(&event->key, type);
    key_payment(&event->key, record.id);
    key_uetr(&event->key, record.uetr);
    key_currency(&event->key, entry->currency);
    key_debtor_country(&event->key, entry->debtor_country);
    if (plain_string(answer.bank, sizeof(bic_text) - 1, bic_text))
        key_bank(&event->key, bic_text);
    text_begin(out, event, type);
    json_member(out, "payment", record.id);
    for (size_t i = 0; i < SHOWN_COUNT; i++)
        copy_member(out, shown[i].to, answer.shown[i].data ? answer.shown[i] : none);
    json_member_or_null(out, "currency", entry->currency);
    json_member_or_null(out, "debtor_country", entry->debtor_country);
    json_member_or_null(out, "bank", bic_text);
    text_end(out, event, answer.decision, "decision");
    return true;
}

static bool
life_event(const struct store_entry *entry, struct buffer *out, struct event *event)
{
    const struct json_slice body = {entry->body, entry->body_len};
    struct json_slice name, value, internal = {NULL, 0};
    char type[64];
    size_t at = 0;

    if (!plain_string(member_of(body, "type"), sizeof(type) - 1, type) ||
        memchr(body.data, '\n', body.len)) /* V1 */
        return false;
    text_begin(out, event, type);
    while (!internal.len && json_slice_next(body.data, body.len, &at, &name, &value)) {
        key_member(&event->key, name, value);
        if (json_slice_is(name, "internal"))
            internal = value;
        else if (!json_slice_is(name, "kind") && !json_slice_is(name, "type")) {
            json_key_n(out, name.data, name.len);
            json_raw(out, value.data, value.len);
        }
    }
    for (at = 0; json_slice_next(internal.data, internal.len, &at, &name, &value);)
        if (!json_slice_is(name, "type") && !json_slice_is(name, "state"))
            key_member(&event->key, name, value);
    text_end(out, event, internal, "internal");
    return true;
}

static bool
event_make(const struct store_entry *entry, struct arena *arena, struct buffer *out,
           struct event *event)
{
    size_t before = out->len;

    *event =
        (struct event){.seq = entry->seq, .key = {.type = EVENT_OTHER, .state = EVENT_OTHER}};
    if (entry->kind == RECORD_PAYMENT ? payment_event(entry, arena, out, event)
                                      : life_event(entry, out, event))
        return true;
    out->len = before;
    log_error("events.unreadable", "seq=%llu: no listener is told of this record",
              (unsigned long long)entry->seq);
    return false;
}

static void
marks_add(struct event_marks *marks, const struct event_key *key)
{
    marks->type |= key->type;
    marks->state |= key->state;
    marks->bank |= event_mark(key->bank);
    marks->currency |= event_mark(key->currency);
    marks->debtor_country |= event_mark(key->debtor_country);
}

struct event_batch *
event_batch_new(const struct store_entry *const *entries, size_t count, uint64_t first_seq,
                uint64_t last_seq, struct arena *arena)
{
    size_t bytes = sizeof(struct event_batch), made = 0;
    struct event *events = arena_alloc(arena, (count + 1) * sizeof(*events));
    struct event_batch *batch;
    struct buffer text;

    buffer_init(&text, arena, (count + 1) * TEXT_BYTES_GUESS);
    for (size_t i = 0; i < count; i++)
        if ((entries[i]->kind == RECORD_PAYMENT || entries[i]->kind == RECORD_EVENT) &&
            event_make(entries[i], arena, &text, &events[made]))
            made++;
    bytes += made * sizeof(*events) + text.len;
    batch = malloc(bytes);
    if (!batch)
        abort();
    *batch = (struct event_batch){
        .refs = 1,
        .first_seq = first_seq,
        .last_seq = last_seq,
        .count = made,
        .bytes = bytes,
        .text = (char *)(batch->events + made),
    };
    memcpy(batch->events, events, made * sizeof(*events));
    for (size_t i = 0; i < made; i++)
        marks_add(&batch->marks, &events[i].key);
    memcpy(batch->events + made, text.data, text.len);
    return batch;
}

struct event_batch *
event_batch_keep(struct event_batch *batch)
{
    atomic_fetch_add_explicit(&batch->refs, 1, memory_order_relaxed);
    return batch;
}

void
event_batch_free(struct event_batch *batch)
{
    if (batch && atomic_fetch_sub_explicit(&batch->refs, 1, memory_order_acq_rel) == 1)
        free(batch);
}
