/*
 * life_event.h - one event in a payment's life, as it is stored.
 *
 * The record is one JSON object: first what the payer may read, and last, in
 * "internal", what is for the bank's people:
 *
 *     {"kind":"event","type":"payment.returned","payment":ID,"uetr":…,"at":…,"from":"held",
 *      "outcome":"blocked","state":"returned",
 *      "iso20022":{"message":"pacs.004","transaction_status":null,"reason_code":"MS03"},
 *      "disclosed_reason":null,"returned":{"currency":"CNY","value":"…","charges":"…"},
 *      "internal":{"at_ms":N,"cause":"hold_ran_out","actor":"bank",
 *                  "reason":{"code":"RR04","text":"…"},"follows":null}}
 *
 *   E1  an event whose state is another than that it came from follows the table of
 *       payment/life.h.
 *   E2  "follows" is there exactly where the event changed what follows.
 *   E3  an event without a message for the payer has "iso20022":null.
 */
#ifndef GATEWAY_BANK_LIFE_EVENT_H
#define GATEWAY_BANK_LIFE_EVENT_H

#include "gateway/base/buffer.h"
#include "gateway/base/error.h"
#include "gateway/payment/life.h"
#include "policy/decision.h"

/* How the records of a payment end whose webhooks are to come twice (simulate). */
#define LIFE_EVENT_DOUBLED ",\"duplicate_webhook\":true"

#define ACTOR_BANK  "bank"
#define ACTOR_PAYER "payer"

struct life_event {
    const char *type; /* "payment.returned" */
    const char *id;
    const char *uetr;
    int64_t at_ms;
    enum payment_state from, state;

    /* For the payer. */
    const struct iso20022_answer *answer; /* NULL: no message */
    struct policy_reason disclosed;       /* code "": the answer's default */
    const char *currency;                 /* of a return; "" else */
    int64_t returned_minor, charges_minor;
    const char *more; /* further members, ",\"documents\":[…]"; "" for none */

    /* For the bank's people. */
    const char *cause; /* "hold_ran_out" */
    const char *actor; /* "bank", "payer" or a key's name */
    /* Of the payment, for those who listen by them: event.h. */
    const char *paid_currency, *debtor_country, *bank;
    struct policy_reason reason;
    bool sets_follows;
    struct course follows;
    const char *text;     /* what somebody wrote; "" for nothing */
    const char *internal; /* further members; "" for none */
    bool doubled;         /* LIFE_EVENT_DOUBLED */
};

/* All zero, but for strings that must not be NULL and the payment that it is of. */
void life_event_init(struct life_event *event, const char *id, const char *uetr,
                     enum payment_state state, int64_t at_ms);

/*
 * The event moves the payment to next, and the payer is told by that state's message.
 * ERROR_CONFLICT with the picture's answer where it cannot.
 */
int life_event_move(struct life_event *event, enum payment_state next, struct error *err)
    __attribute__((warn_unused_result));

void life_event_write(const struct life_event *event, struct buffer *out);

/*
 * {"at", "action", "reason", "disclosed"}: without "at" where it follows an answer, without
 * "disclosed" where that is the same as the reason.  And back, from that or null.
 */
void course_write(const struct course *course, struct buffer *out);
int course_read(struct arena *arena, const char *json, size_t len, struct course *out,
                struct error *err) __attribute__((warn_unused_result));

/* A reason as a JSON value, null where its code is "". */
void reason_write(const struct policy_reason *reason, struct buffer *out);

#endif
