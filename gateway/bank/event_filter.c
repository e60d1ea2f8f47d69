/* event_filter.c - the conditions a listener may name, one table. */
#include "gateway/bank/event.h"
#include "gateway/bank/ident.h"
#include "gateway/payment/codes.h"
#include "gateway/payment/life.h"

#define BIC8_LENGTH 8

void
event_filter_init(struct event_filter *filter)
{
    *filter = (struct event_filter){.want = {.type = UINT32_MAX, .state = UINT32_MAX}};
}

void
event_filter_for_payer(struct event_filter *filter)
{
    uint32_t payments = EVENT_OTHER;

    for (size_t i = 0; event_type(i); i++)
        if (strncmp(event_type(i), "payment.", strlen("payment.")) == 0)
            payments |= 1u << i;
    filter->want.type &= payments & ~EVENT_OTHER;
}

/* The bits of a type, or of all that begin so; 0 for none. */
static uint32_t
types_named(const char *name, size_t len)
{
    bool beginning = len > 1 && name[len - 1] == '.';
    uint32_t bits = 0;

    for (size_t i = 0; event_type(i); i++)
        if (strncmp(event_type(i), name, len) == 0 && (beginning || event_type(i)[len] == '\0'))
            bits |= 1u << i;
    return bits;
}

static int
set_type(struct event_filter *filter, const char *value, struct error *err)
{
    uint32_t bits = filter->want.type == UINT32_MAX ? 0 : filter->want.type;

    for (const char *at = value;; at++) {
        size_t len = strcspn(at, ",");
        uint32_t more = types_named(at, len);

        if (!more)
            return error_set(err, ERROR_INVALID,
                             "type must be types of events with commas between, such as "
                             "payment.returned or payment. for all that begin so; there is no "
                             "\"%.*s\"",
                             (int)(len < 40 ? len : 40), at);
        bits |= more;
        at += len;
        if (*at == '\0')
            break;
    }
    filter->want.type = bits;
    return 0;
}

static int
set_outcome(struct event_filter *filter, const char *value, struct error *err)
{
    enum payment_outcome outcome;
    uint32_t bits = 0;

    if (!payment_outcome_parse(value, &outcome))
        return error_set(err, ERROR_INVALID, "outcome must be approved, held or blocked");
    for (int state = 0; state < PAYMENT_STATE_COUNT; state++)
        if (payment_outcome((enum payment_state)state) == outcome)
            bits |= 1u << state;
    filter->want.state &= bits;
    return 0;
}

static int
set_state(struct event_filter *filter, const char *value, struct error *err)
{
    enum payment_state state;

    if (!payment_state_parse(value, &state))
        return error_set(err, ERROR_INVALID,
                         "state must be a payment's state, such as held or rejected");
    filter->want.state &= 1u << state;
    return 0;
}

static int
set_payment(struct event_filter *filter, const char *value, struct error *err)
{
    struct ident ident;

    if (!ident_parse(value, &ident))
        return error_set(err, ERROR_INVALID, "payment must be the id of a payment");
    memcpy(filter->want.payment, ident.bytes, sizeof(filter->want.payment));
    filter->one_payment = true;
    return 0;
}

static int
set_uetr(struct event_filter *filter, const char *value, struct error *err)
{
    if (!code_is_uetr(value, filter->want.uetr))
        return error_set(err, ERROR_INVALID, "uetr must be a version 4 UUID");
    filter->one_uetr = true;
    return 0;
}

static int
set_currency(struct event_filter *filter, const char *value, struct error *err)
{
    if (!code_is_currency(value))
        return error_set(err, ERROR_INVALID,
                         "currency must be an ISO 4217 code of three capitals");
    filter->want.currency = (uint32_t)event_letters(value, 3);
    return 0;
}

static int
set_debtor_country(struct event_filter *filter, const char *value, struct error *err)
{
    if (!code_is_country(value))
        return error_set(err, ERROR_INVALID,
                         "debtor_country must be an ISO 3166-1 code of two letters");
    filter->want.debtor_country = (uint32_t)event_letters(value, 2);
    return 0;
}

static int
set_bank(struct event_filter *filter, const char *value, struct error *err)
{
    if (!code_is_bic(value))
        return error_set(err, ERROR_INVALID, "bank must be the BIC of the creditor's bank");
    filter->want.bank = event_letters(value, BIC8_LENGTH);
    return 0;
}

static const struct {
    const char *name;
    int (*set)(struct event_filter *filter, const char *value, struct error *err);
} names[] = {
    {"type", set_type},
    {"outcome", set_outcome},
    {"state", set_state},
    {"payment", set_payment},
    {"uetr", set_uetr},
    {"currency", set_currency},
    {"debtor_country", set_debtor_country},
    {"bank", set_bank},
};

#define NAME_COUNT (sizeof(names) / sizeof(names[0]))

const char *
event_filter_name(size_t i)
{
    return i < NAME_COUNT ? names[i].name : NULL;
}

int
event_filter_set(struct event_filter *filter, const char *name, const char *value,
                 struct error *err)
{
    for (size_t i = 0; i < NAME_COUNT; i++)
        if (strcmp(names[i].name, name) == 0)
            return names[i].set(filter, value, err);
    return error_set(err, ERROR_INVALID,
                     "%.40s is none of type, outcome, state, payment, "
                     "uetr, currency, debtor_country, bank",
                     name);
}
