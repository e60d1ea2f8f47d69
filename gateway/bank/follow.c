/* follow.c - one move of one payment, put together. */
#include "gateway/bank/follow.h"

#include <string.h>

#include "gateway/bank/bank_private.h"
#include "gateway/bank/cases.h"
#include "gateway/base/json_slice.h"

#define EVENT_BYTES_GUESS 512

/* What is paid back, less what the bank takes for it. */
static int
fill_return(const struct snapshot *snapshot, const struct dossier *dossier, struct arena *arena,
            struct life_event *event, struct error *err)
{
    const struct policy_payment *record;
    struct payment *payment;

    if (bank_read_request(arena, &dossier->record, &payment, err) != 0)
        return -1;
    record = &payment->record;
    event->currency = record->currency;
    event->charges_minor = snapshot_charges(snapshot, record->currency, record->amount_minor);
    event->returned_minor = record->amount_minor - event->charges_minor;
    return 0;
}

int
follow_move(const struct bank *bank, const struct snapshot *snapshot,
            const struct dossier *dossier, enum payment_state next, struct arena *arena,
            struct life_event *event, struct error *err)
{
    const char *uetr = dossier->record.uetr;

    if (life_event_move(event, next, err) != 0)
        return -1;
    switch (next) {
    case PAYMENT_ACCEPTED:
    case PAYMENT_RELEASED:
        snapshot_settle(snapshot, uetr, bank->seed, event->at_ms, &event->follows);
        return 0;
    case PAYMENT_HELD:
        snapshot_hold(snapshot, uetr, bank->seed, event->at_ms, &event->follows);
        if (event->follows.action == POLICY_ACCEPT && case_bars(dossier->stand.flags))
            event->follows = (struct course){.reason = {"", ""}, .disclosed = {"", ""}};
        return 0;
    case PAYMENT_RETURNED:
    case PAYMENT_CANCELLED:
        return fill_return(snapshot, dossier, arena, event, err);
    default:
        return 0;
    }
}

/* The answer ends so where its payment asked for it: answer.c. */
static bool
is_doubled(const struct record *record)
{
    static const char mark[] = LIFE_EVENT_DOUBLED "}}";
    size_t len = sizeof(mark) - 1;

    return record->answer_len > len &&
           memcmp(record->answer + record->answer_len - len, mark, len) == 0;
}

/* The BIC that the decision names. */
static const char *
bank_of(const struct record *record, struct arena *arena)
{
    struct json_slice part = json_slice_member(record->answer, record->answer_len, "decision");

    part = json_slice_member(part.data, part.len, "bank");
    part = json_slice_text(json_slice_member(part.data, part.len, "bic"));
    return part.data ? arena_copy(arena, part.data, part.len) : "";
}

void
follow_entry(const struct dossier *dossier, const struct life_event *event, unsigned cleared,
             unsigned set, struct arena *arena, struct store_entry *entry)
{
    struct life_event marked = *event;
    struct buffer body;

    marked.doubled = is_doubled(&dossier->record);
    marked.paid_currency = dossier->entry.currency;
    marked.debtor_country = dossier->entry.debtor_country;
    marked.bank = bank_of(&dossier->record, arena);
    buffer_init(&body, arena, EVENT_BYTES_GUESS);
    life_event_write(&marked, &body);
    *entry = (struct store_entry){
        .kind = RECORD_EVENT,
        .at_ms = event->at_ms,
        .state = (int)event->state,
        .due_ms = event->sets_follows ? event->follows.at_ms : dossier->stand.due_ms,
        .payment_seq = dossier->seq,
        .previous_seq = dossier->stand.event_seq,
        .flags = (dossier->stand.flags & ~cleared) | set,
        .body = body.data,
        .body_len = body.len,
    };
}
