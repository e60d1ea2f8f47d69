/* recall.c - the answers of recall.h as a table, and what each does. */
#include "gateway/bank/recall.h"

#include <string.h>

#include "gateway/bank/cases.h"
#include "gateway/bank/follow.h"
#include "gateway/base/json_slice.h"
#include "gateway/payment/money.h"

#define CANCELLED "CNCL"
#define PENDING   "PDCR"
#define REFUSED   "RJCR"

/* ISO 20022 ExternalPaymentCancellationRejection1Code, where the answer is no. */
static const struct {
    const char *status, *code;
} answers[PAYMENT_STATE_COUNT] = {
    [PAYMENT_RECEIVED] = {REFUSED, "AGNT"},
    [PAYMENT_HELD] = {CANCELLED, ""},
    [PAYMENT_AWAITING_INFORMATION] = {CANCELLED, ""},
    [PAYMENT_ACCEPTED] = {REFUSED, "AGNT"},
    [PAYMENT_RELEASED] = {REFUSED, "AGNT"},
    [PAYMENT_CREDITED] = {REFUSED, "CUST"},
    [PAYMENT_REJECTED] = {REFUSED, "ARDT"},
    [PAYMENT_RETURNED] = {REFUSED, "ARDT"},
    [PAYMENT_FROZEN] = {REFUSED, "LEGL"},
    [PAYMENT_CANCELLED] = {CANCELLED, ""},
};

/* Has a list entry been hit, or has somebody found anything? */
static bool
needs_a_person(const struct dossier *dossier)
{
    return dossier->stand.flags & STAND_DISPOSITION || case_has_hits(dossier);
}

/* K1: has the payment been asked back in the state that it is in? */
static bool
was_refused(const struct dossier *dossier, enum payment_state state)
{
    for (size_t i = dossier->event_count; i > 0; i--) {
        const struct dossier_event *event = &dossier->events[i - 1];
        struct json_slice type =
            json_slice_text(json_slice_member(event->body, event->len, "type"));
        struct json_slice then =
            json_slice_text(json_slice_member(event->body, event->len, "state"));

        if (json_slice_is(type, "payment.cancellation_refused") &&
            json_slice_is(then, payment_state_name(state)))
            return true;
    }
    return false;
}

static bool
is_repeated(const struct dossier *dossier, const struct recall *recall)
{
    if (strcmp(recall->status, PENDING) == 0)
        return dossier->stand.flags & STAND_CANCELLATION;
    if (strcmp(recall->status, CANCELLED) == 0)
        return recall->state == PAYMENT_CANCELLED;
    return was_refused(dossier, recall->state);
}

/* What was asked and answered, for both sides: ",\"cancellation\":{…}". */
static const char *
told(const struct recall *recall, struct arena *arena)
{
    struct buffer out;

    buffer_init(&out, arena, 256);
    out.comma = true;
    json_key(&out, "cancellation");
    json_open(&out, '{');
    json_member(&out, "message", "camt.029");
    json_member(&out, "status", recall->status);
    json_member_or_null(&out, "reason_code", recall->code);
    json_key(&out, "asked");
    reason_write(&recall->reason, &out);
    json_close(&out, '}');
    return buffer_terminate(&out);
}

/* What comes back with the cancellation that the event is. */
static const char *
returned_by(const struct life_event *event, struct arena *arena)
{
    char text[MONEY_TEXT_SIZE];
    struct buffer out;

    buffer_init(&out, arena, 128);
    json_open(&out, '{');
    json_member(&out, "currency", event->currency);
    money_print(event->returned_minor, event->currency, text);
    json_member(&out, "value", text);
    money_print(event->charges_minor, event->currency, text);
    json_member(&out, "charges", text);
    json_close(&out, '}');
    return buffer_terminate(&out);
}

/* The same of an earlier one. */
static const char *
returned_before(const struct dossier *dossier, struct arena *arena)
{
    struct json_slice returned = {NULL, 0};

    for (size_t i = 0; i < dossier->event_count && !returned.data; i++)
        returned =
            json_slice_member(dossier->events[i].body, dossier->events[i].len, "returned");
    return returned.data ? arena_copy(arena, returned.data, returned.len) : "";
}

int
recall_decide(struct act *act, struct bank *bank, const struct snapshot *snapshot,
              const struct dossier *dossier, struct life_event *event, struct error *err)
{
    struct recall *recall = act->context;
    enum payment_state state = dossier->stand.state;

    recall->id = dossier->record.id;
    recall->uetr = dossier->record.uetr;
    recall->state = state;
    recall->status = answers[state].status;
    recall->code = answers[state].code;
    recall->returned = "";
    if (state != PAYMENT_CANCELLED && strcmp(recall->status, CANCELLED) == 0 &&
        needs_a_person(dossier))
        recall->status = PENDING;
    recall->repeated = is_repeated(dossier, recall);
    if (recall->repeated) {
        if (state == PAYMENT_CANCELLED)
            recall->returned = returned_before(dossier, act->arena);
        return error_set(err, ERROR_CONFLICT, "this was asked and answered before");
    }
    event->cause = "cancellation_asked";
    event->more = told(recall, act->arena);
    if (strcmp(recall->status, CANCELLED) == 0) {
        if (follow_move(bank, snapshot, dossier, PAYMENT_CANCELLED, act->arena, event, err) !=
            0)
            return -1;
        recall->state = event->state;
        recall->returned = returned_by(event, act->arena);
    } else if (strcmp(recall->status, PENDING) == 0) {
        event->type = "payment.cancellation_pending";
        event->sets_follows = true; /* to nothing: a person decides */
        act->sets = STAND_CANCELLATION;
    } else {
        event->type = "payment.cancellation_refused";
    }
    return 0;
}

void
recall_write_result(const struct recall *recall, struct buffer *out)
{
    json_open(out, '{');
    json_member(out, "payment", recall->id);
    json_member(out, "uetr", recall->uetr);
    json_member(out, "outcome", payment_outcome_name(payment_outcome(recall->state)));
    json_member(out, "state", payment_state_name(recall->state));
    json_key(out, "iso20022");
    json_open(out, '{');
    json_member(out, "message", "camt.029");
    json_member(out, "status", recall->status);
    json_member_or_null(out, "reason_code", recall->code);
    json_close(out, '}');
    if (recall->returned[0] != '\0') {
        json_key(out, "returned");
        json_raw(out, recall->returned, strlen(recall->returned));
    }
    json_close(out, '}');
}
