/* cases.c - what a case looks like: drawn from the payment's view, and from its request. */
#include "gateway/bank/cases.h"

#include <string.h>

#include "gateway/bank/bank_private.h"
#include "gateway/base/json_slice.h"
#include "gateway/base/time.h"

#define DAY_MS (24 * 3600 * 1000LL)

static const char *const names[DISPOSITION_COUNT] = {
    [DISPOSITION_NONE] = "none",
    [DISPOSITION_FALSE_POSITIVE] = "false_positive",
    [DISPOSITION_TRUE_MATCH] = "true_match",
    [DISPOSITION_INCONCLUSIVE] = "inconclusive",
};

const char *
disposition_name(enum disposition disposition)
{
    return names[disposition];
}

bool
disposition_parse(const char *name, enum disposition *out)
{
    for (int i = 0; i < DISPOSITION_COUNT; i++) {
        if (strcmp(name, names[i]) == 0) {
            *out = (enum disposition)i;
            return true;
        }
    }
    return false;
}

enum disposition
disposition_of(unsigned stand_flags)
{
    return (enum disposition)((stand_flags & STAND_DISPOSITION) >> STAND_DISPOSITION_SHIFT);
}

bool
case_bars(unsigned stand_flags)
{
    enum disposition found = disposition_of(stand_flags);

    return found != DISPOSITION_NONE && found != DISPOSITION_FALSE_POSITIVE;
}

bool
case_is_open(enum payment_state state)
{
    return state == PAYMENT_HELD || state == PAYMENT_AWAITING_INFORMATION;
}

static struct json_slice
internal_of(struct json_slice event, const char *name)
{
    struct json_slice internal = json_slice_member(event.data, event.len, "internal");

    return json_slice_member(internal.data, internal.len, name);
}

static bool
event_is(struct json_slice event, const char *type)
{
    return json_slice_is(json_slice_text(json_slice_member(event.data, event.len, "type")),
                         type);
}

bool
case_has_hits(const struct dossier *dossier)
{
    struct json_slice decision =
        json_slice_member(dossier->record.answer, dossier->record.answer_len, "decision");
    struct json_slice hit, hits = json_slice_member(decision.data, decision.len, "hits");
    size_t at = 0;

    return json_slice_element(hits.data, hits.len, &at, &hit);
}

const char *
case_reviewer(const struct dossier *dossier, struct arena *arena)
{
    for (size_t i = dossier->event_count; i > 0; i--) {
        struct json_slice event = {dossier->events[i - 1].body, dossier->events[i - 1].len};
        struct json_slice actor;

        if (!event_is(event, CASE_TYPE_DISPOSITION))
            continue;
        actor = json_slice_text(internal_of(event, "actor"));
        return actor.data ? arena_copy(arena, actor.data, actor.len) : "";
    }
    return NULL;
}

/* When somebody should have decided; by days of the week where no snapshot is in force. */
static int64_t
case_due(const struct snapshot *snapshot, int64_t opened_ms)
{
    return snapshot ? snapshot_add_bank_days(snapshot, opened_ms, CASE_SERVICE_DAYS)
                    : opened_ms + CASE_SERVICE_DAYS * DAY_MS;
}

int
case_facts_read(const struct snapshot *snapshot, const struct dossier *dossier,
                struct arena *arena, struct case_facts *out, struct error *err)
{
    struct payment *payment;

    *out = (struct case_facts){0};
    if (bank_read_request(arena, &dossier->record, &payment, err) != 0)
        return -1;
    *out = (struct case_facts){
        .payment = payment,
        .opened_ms = dossier->record.at_ms,
        .due_ms = case_due(snapshot, dossier->record.at_ms),
        .flags = dossier->stand.flags,
    };
    return 0;
}

static void
write_instant(const char *key, int64_t at_ms, struct buffer *out)
{
    char text[INSTANT_TEXT_SIZE];

    instant_print(at_ms, text);
    json_member(out, key, text);
}

static void
write_party(const char *key, const struct policy_party *party, struct buffer *out)
{
    json_key(out, key);
    json_open(out, '{');
    json_member(out, "name", party->name);
    json_member(out, "country", party->country);
    json_close(out, '}');
}

/* A member of the view as it stands there; null where it has none. */
static void
write_copy(const char *key, struct json_slice value, struct buffer *out)
{
    json_key(out, key);
    if (value.data)
        json_raw(out, value.data, value.len);
    else
        json_null(out);
}

static void
write_payment(const struct payment *payment, const char *view, size_t view_len,
              struct buffer *out)
{
    static const char *const copied[] = {"uetr", "outcome", "state", "iso20022",
                                         "disclosed_reason"};

    json_key(out, "payment");
    json_open(out, '{');
    for (size_t i = 0; i < sizeof(copied) / sizeof(copied[0]); i++)
        write_copy(copied[i], json_slice_member(view, view_len, copied[i]), out);
    json_key(out, "amount");
    json_open(out, '{');
    json_member(out, "currency", payment->record.currency);
    json_member(out, "value", payment->amount_value);
    json_close(out, '}');
    write_party("debtor", &payment->debtor, out);
    json_member(out, "debtor_agent", payment->debtor_agent.bic);
    json_member(out, "creditor_agent", payment->creditor_agent.bic);
    write_party("creditor", &payment->creditor, out);
    json_close(out, '}');
}

static void
write_alerts(const char *view, size_t view_len, struct buffer *out)
{
    struct json_slice decision = json_slice_member(view, view_len, "decision");

    json_key(out, "alerts");
    json_open(out, '{');
    write_copy("rules", json_slice_member(decision.data, decision.len, "rules"), out);
    write_copy("hits", json_slice_member(decision.data, decision.len, "hits"), out);
    json_close(out, '}');
}

static void
write_notes(struct json_slice events, struct buffer *out)
{
    struct json_slice event;
    size_t at = 0;

    json_key(out, "notes");
    json_open(out, '[');
    while (json_slice_element(events.data, events.len, &at, &event)) {
        if (!event_is(event, CASE_TYPE_NOTE))
            continue;
        json_open(out, '{');
        write_copy("at", json_slice_member(event.data, event.len, "at"), out);
        write_copy("actor", internal_of(event, "actor"), out);
        write_copy("text", internal_of(event, "text"), out);
        json_close(out, '}');
    }
    json_close(out, ']');
}

/* The latest disposition and who gave it. */
static void
write_disposition(struct json_slice events, struct buffer *out)
{
    struct json_slice event, latest = {NULL, 0};
    size_t at = 0;

    while (json_slice_element(events.data, events.len, &at, &event))
        if (event_is(event, CASE_TYPE_DISPOSITION))
            latest = event;
    write_copy("disposition", internal_of(latest, "disposition"), out);
    write_copy("reviewer", internal_of(latest, "actor"), out);
}

static bool
view_is_open(const char *view, size_t view_len)
{
    struct json_slice state = json_slice_text(json_slice_member(view, view_len, "state"));

    return json_slice_is(state, payment_state_name(PAYMENT_HELD)) ||
           json_slice_is(state, payment_state_name(PAYMENT_AWAITING_INFORMATION));
}

void
case_write(const struct case_facts *facts, const char *view, size_t view_len, int64_t now_ms,
           bool whole, struct buffer *out)
{
    struct json_slice events = json_slice_member(view, view_len, "events");
    bool open = view_is_open(view, view_len);

    json_open(out, '{');
    write_copy("id", json_slice_member(view, view_len, "id"), out);
    json_member(out, "status", open ? "open" : "closed");
    write_instant("opened_at", facts->opened_ms, out);
    write_instant("due_at", facts->due_ms, out);
    json_key(out, "overdue");
    json_bool(out, open && now_ms > facts->due_ms);
    write_disposition(events, out);
    json_key(out, "cancellation_requested");
    json_bool(out, facts->flags & STAND_CANCELLATION);
    write_payment(facts->payment, view, view_len, out);
    if (whole) {
        write_alerts(view, view_len, out);
        write_notes(events, out);
        json_key(out, "steps");
        if (events.data)
            json_raw(out, events.data, events.len);
        else
            json_raw(out, "[]", 2);
    }
    json_close(out, '}');
}
