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

/* ---- JSON, walked over ---- */

struct span {
    const char *text;
    size_t len;
};

static bool
span_is(struct span span, const char *text)
{
    return span.len == strlen(text) && memcmp(span.text, text, span.len) == 0;
}

/* Behind the string that begins at "at"; end if it has no end. */
static const char *
skip_string(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++)
        at += *at == '\\';
    return at < end ? at + 1 : end;
}

/* Behind the value that begins at "at". */
static const char *
skip_value(const char *at, const char *end)
{
    int depth = 0;

    while (at < end) {
        if (*at == '"') {
            at = skip_string(at, end);
        } else if (*at == '{' || *at == '[') {
            depth++;
            at++;
        } else if (*at == '}' || *at == ']') {
            if (depth-- == 0)
                return at;
            at++;
        } else if (*at == ',' && depth == 0) {
            return at;
        } else {
            at++;
        }
        if (depth == 0 && (at == end || *at == ',' || *at == '}' || *at == ']'))
            return at;
    }
    return end;
}

/* The next member of an object; *at begins at its '{'.  False at the end. */
static bool
member_next(const char **at, const char *end, struct span *key, struct span *value)
{
    const char *from = *at;

    if (end - from < 2 || (*from != '{' && *from != ',') || from[1] != '"')
        return false;
    key->text = from + 2;
    from = skip_string(from + 1, end);
    key->len = (size_t)(from - 1 - key->text);
    if (from >= end || *from != ':')
        return false;
    value->text = from + 1;
    *at = skip_value(value->text, end);
    value->len = (size_t)(*at - value->text);
    return *at < end; /* there must be a '}' at least */
}

static bool
member_find(struct span object, const char *name, struct span *value)
{
    const char *at = object.text, *end = object.text + object.len;
    struct span key;

    while (member_next(&at, end, &key, value))
        if (span_is(key, name))
            return true;
    return false;
}

/* A string's letters without its quotes, if it has no escape and no more than max. */
static bool
plain_string(struct span value, size_t max, char *out)
{
    out[0] = '\0';
    if (value.len < 2 || value.text[0] != '"' || value.len - 2 > max ||
        memchr(value.text, '\\', value.len))
        return false;
    memcpy(out, value.text + 1, value.len - 2);
    out[value.len - 2] = '\0';
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
key_member(struct event_key *key, struct span name, struct span value)
{
    char text[64];

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (span_is(name, keys[i].name) && plain_string(value, sizeof(text) - 1, text))
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
text_end(struct buffer *out, struct event *event, struct span internal, const char *name)
{
    event->public_len = (uint32_t)out->len - event->text;
    if (internal.len > 0) {
        json_key(out, name);
        json_raw(out, internal.text, internal.len);
    }
    buffer_text(out, EVENT_END);
    event->text_len = (uint32_t)out->len - event->text;
}

static void
copy_member(struct buffer *out, const char *name, struct span value)
{
    json_key(out, name);
    json_raw(out, value.text, value.len);
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

static bool
payment_event(const struct store_entry *entry, struct arena *arena, struct buffer *out,
              struct event *event)
{
    const struct span none = {"null", 4};
    struct span answer, value, decision, bank, bic;
    struct error err = {0};
    struct record record;
    char type[64] = "payment.", bic_text[16] = "";

    if (record_read(entry->body, entry->body_len, arena, &record, &err) != 0)
        return false;
    answer = (struct span){record.answer, record.answer_len};
    if (!member_find(answer, "state", &value) ||
        !plain_string(value, 40, type + strlen("payment.")) ||
        !member_find(answer, "decision", &decision))
        return false;
    key_state(&event->key, type + strlen("payment."));
    key_type(&event->key, type);
    key_payment(&event->key, record.id);
    key_uetr(&event->key, record.uetr);
    key_currency(&event->key, entry->currency);
    key_debtor_country(&event->key, entry->debtor_country);
    if (member_find(decision, "bank", &bank) && member_find(bank, "bic", &bic) &&
        plain_string(bic, sizeof(bic_text) - 1, bic_text))
        key_bank(&event->key, bic_text);
    text_begin(out, event, type);
    json_member(out, "payment", record.id);
    for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
        copy_member(out, shown[i].to,
                    shown[i].from && member_find(answer, shown[i].from, &value) ? value : none);
    json_member_or_null(out, "currency", entry->currency);
    json_member_or_null(out, "debtor_country", entry->debtor_country);
    json_member_or_null(out, "bank", bic_text);
    text_end(out, event, decision, "decision");
    return true;
}

static bool
life_event(const struct store_entry *entry, struct buffer *out, struct event *event)
{
    const struct span body = {entry->body, entry->body_len};
    const char *at = body.text, *end = body.text + body.len;
    struct span name, value, internal = {NULL, 0};
    char type[64];

    if (!member_find(body, "type", &value) || !plain_string(value, sizeof(type) - 1, type) ||
        memchr(body.text, '\n', body.len)) /* V1 */
        return false;
    text_begin(out, event, type);
    while (!internal.len && member_next(&at, end, &name, &value)) {
        key_member(&event->key, name, value);
        if (span_is(name, "internal"))
            internal = value;
        else if (!span_is(name, "kind") && !span_is(name, "type")) {
            json_key_n(out, name.text, name.len);
            json_raw(out, value.text, value.len);
        }
    }
    for (at = internal.text; internal.len && member_next(&at, end, &name, &value);)
        if (!span_is(name, "type") && !span_is(name, "state"))
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
