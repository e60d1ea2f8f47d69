/* life_event.c - events to JSON; of what follows, also back. */
#include "gateway/bank/life_event.h"

#include <string.h>

#include "gateway/base/json.h"
#include "gateway/base/time.h"
#include "gateway/payment/money.h"

static const char *const types[PAYMENT_STATE_COUNT] = {
    [PAYMENT_RECEIVED] = "payment.received",
    [PAYMENT_ACCEPTED] = "payment.accepted",
    [PAYMENT_HELD] = "payment.held",
    [PAYMENT_AWAITING_INFORMATION] = "payment.awaiting_information",
    [PAYMENT_RELEASED] = "payment.released",
    [PAYMENT_CREDITED] = "payment.credited",
    [PAYMENT_REJECTED] = "payment.rejected",
    [PAYMENT_RETURNED] = "payment.returned",
    [PAYMENT_FROZEN] = "payment.frozen",
    [PAYMENT_CANCELLED] = "payment.cancelled",
};

void
life_event_init(struct life_event *event, const char *id, const char *uetr,
                enum payment_state state, int64_t at_ms)
{
    *event = (struct life_event){
        .type = "",
        .id = id,
        .uetr = uetr,
        .at_ms = at_ms,
        .from = state,
        .state = state,
        .disclosed = {"", ""},
        .currency = "",
        .more = "",
        .cause = "",
        .actor = ACTOR_BANK,
        .paid_currency = "",
        .debtor_country = "",
        .bank = "",
        .reason = {"", ""},
        .text = "",
        .internal = "",
    };
}

int
life_event_move(struct life_event *event, enum payment_state next, struct error *err)
{
    if (payment_move(&event->state, next, err) != 0)
        return -1;
    event->type = types[next];
    event->answer = state_answer(next);
    event->sets_follows = true;
    return 0;
}

void
reason_write(const struct policy_reason *reason, struct buffer *out)
{
    if (!reason->code || reason->code[0] == '\0') {
        json_null(out);
        return;
    }
    json_open(out, '{');
    json_member(out, "code", reason->code);
    json_member(out, "text", reason->text);
    json_close(out, '}');
}

void
course_write(const struct course *course, struct buffer *out)
{
    char at[INSTANT_TEXT_SIZE];

    json_open(out, '{');
    if (course->at_ms != 0) {
        instant_print(course->at_ms, at);
        json_member(out, "at", at);
    }
    json_member(out, "action", action_name(course->action));
    json_key(out, "reason");
    reason_write(&course->reason, out);
    if (course->disclosed.code && course->disclosed.code[0] != '\0') {
        json_key(out, "disclosed");
        reason_write(&course->disclosed, out);
    }
    json_close(out, '}');
}

static const char *
member_text(const cJSON *object, const char *name)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);

    return cJSON_IsString(member) ? member->valuestring : "";
}

static struct policy_reason
read_reason(const cJSON *object, const char *name)
{
    const cJSON *reason = cJSON_GetObjectItemCaseSensitive(object, name);

    return (struct policy_reason){member_text(reason, "code"), member_text(reason, "text")};
}

int
course_read(struct arena *arena, const char *json, size_t len, struct course *out,
            struct error *err)
{
    cJSON *tree;

    *out = (struct course){.reason = {"", ""}, .disclosed = {"", ""}};
    if (json_parse(arena, json, len, &tree, err) != 0)
        return -1;
    if (cJSON_IsNull(tree))
        return 0;
    if (!instant_parse(member_text(tree, "at"), &out->at_ms) ||
        !action_parse(member_text(tree, "action"), &out->action))
        return error_set(err, ERROR_INTERNAL,
                         "a stored record says that something follows, and not when or what");
    out->reason = read_reason(tree, "reason");
    out->disclosed = read_reason(tree, "disclosed");
    return 0;
}

/* What the payer is told: the disclosed reason, else what the message says by default. */
static const char *
told_code(const struct life_event *event)
{
    if (event->disclosed.code[0] != '\0')
        return event->disclosed.code;
    return event->answer->default_code;
}

static void
write_answer(const struct life_event *event, struct buffer *out)
{
    json_key(out, "iso20022");
    if (!event->answer) {
        json_null(out);
        json_key(out, "disclosed_reason");
        json_null(out);
        return;
    }
    json_open(out, '{');
    json_member(out, "message", event->answer->message);
    json_member_or_null(out, "transaction_status", event->answer->transaction_status);
    json_member_or_null(out, "reason_code", told_code(event));
    json_close(out, '}');
    json_member_or_null(out, "disclosed_reason", event->disclosed.text);
}

static void
write_returned(const struct life_event *event, struct buffer *out)
{
    char text[MONEY_TEXT_SIZE];

    if (event->currency[0] == '\0')
        return;
    json_key(out, "returned");
    json_open(out, '{');
    json_member(out, "currency", event->currency);
    money_print(event->returned_minor, event->currency, text);
    json_member(out, "value", text);
    money_print(event->charges_minor, event->currency, text);
    json_member(out, "charges", text);
    json_close(out, '}');
}

static void
write_internal(const struct life_event *event, struct buffer *out)
{
    json_key(out, "internal");
    json_open(out, '{');
    json_key(out, "at_ms");
    json_int(out, event->at_ms);
    json_member(out, "cause", event->cause);
    json_member(out, "actor", event->actor);
    json_member_if(out, "currency", event->paid_currency);
    json_member_if(out, "debtor_country", event->debtor_country);
    json_member_if(out, "bank", event->bank);
    json_key(out, "reason");
    reason_write(&event->reason, out);
    if (event->sets_follows) {
        json_key(out, "follows");
        if (event->follows.at_ms != 0)
            course_write(&event->follows, out);
        else
            json_null(out);
    }
    json_member_if(out, "text", event->text);
    buffer_text(out, event->internal);
    if (event->doubled)
        buffer_text(out, LIFE_EVENT_DOUBLED);
    json_close(out, '}');
}

void
life_event_write(const struct life_event *event, struct buffer *out)
{
    char at[INSTANT_TEXT_SIZE];

    instant_print(event->at_ms, at);
    json_open(out, '{');
    json_member(out, "kind", "event");
    json_member(out, "type", event->type);
    json_member(out, "payment", event->id);
    json_member(out, "uetr", event->uetr);
    json_member(out, "at", at);
    json_member(out, "from", payment_state_name(event->from));
    json_member(out, "outcome", payment_outcome_name(payment_outcome(event->state)));
    json_member(out, "state", payment_state_name(event->state));
    write_answer(event, out);
    write_returned(event, out);
    buffer_text(out, event->more);
    write_internal(event, out);
    json_close(out, '}');
}
