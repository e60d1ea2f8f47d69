/*
 * payment_values.c - the fields of a payment that are more than a checked string.
 *
 * Money is read in the payment's currency, which the reader carries: amounts
 * may stand before it in the document.
 */
#include "gateway/payment/payment_values.h"

#include <math.h>
#include <string.h>

#include "gateway/base/time.h"
#include "gateway/payment/codes.h"
#include "gateway/payment/money.h"
#include "gateway/payment/payment_forms.h"

#define SHARE_DECIMALS 6
#define HS6_DIGITS     6

/* P3 */
void
read_uetr(struct reader *reader, const struct path *path, const cJSON *json,
          const struct field *field, void *record)
{
    static const struct text_form form = {.characters_max = PAYMENT_UETR_LENGTH};
    struct payment *payment = record;
    const char *text = reader_text(reader, path, json, &form);
    char *lower;

    (void)field;
    if (!text)
        return;
    if (!code_is_uetr(text, payment->uetr)) {
        reader_fault(
            reader, path,
            "must be a UUID of version 4 such as 97ed4827-7b6f-4491-a06f-b548d5a7512d");
        return;
    }
    lower = arena_copy(reader->faults->arena, text, PAYMENT_UETR_LENGTH);
    for (char *at = lower; *at; at++)
        if (*at >= 'A' && *at <= 'F')
            *at |= 0x20;
    payment->record.uetr = lower;
}

void
read_created_at(struct reader *reader, const struct path *path, const cJSON *json,
                const struct field *field, void *record)
{
    struct payment *payment = record;
    const char *text = reader_text(reader, path, json, &form_text);
    int64_t ms;

    (void)field;
    if (!text)
        return;
    if (instant_parse(text, &ms) && ms > 0)
        payment->record.created_at_ms = ms;
    else
        reader_fault(reader, path,
                     "must be a time with its offset such as 2024-04-17T09:30:00+08:00");
}

/*
 * A decimal as minor units of the payment's currency.  False with a fault, or
 * without one where the currency is at fault already.
 */
static bool
reader_money(struct reader *reader, const struct path *path, const cJSON *json, int64_t *minor)
{
    const char *text = reader_text(reader, path, json, &form_decimal);
    char most[MONEY_TEXT_SIZE];

    if (!text || reader->currency[0] == '\0')
        return false;
    if (money_parse(text, reader->currency, minor) == 0)
        return true;
    money_print(MONEY_MINOR_MAX, reader->currency, most);
    reader_fault(reader, path, "must be at most %s %s, with no more than %d decimals", most,
                 reader->currency, currency_decimals(reader->currency));
    return false;
}

void
read_amount_value(struct reader *reader, const struct path *path, const cJSON *json,
                  const struct field *field, void *record)
{
    struct payment *payment = record;
    int64_t minor;

    (void)field;
    if (!reader_money(reader, path, json, &minor))
        return;
    if (minor == 0) {
        reader_fault(reader, path, "must be above 0"); /* P1 */
        return;
    }
    payment->record.amount_minor = minor;
    payment->amount_value = json->valuestring;
}

void
read_goods_value(struct reader *reader, const struct path *path, const cJSON *json,
                 const struct field *field, void *record)
{
    struct policy_goods *goods = record;

    (void)field;
    if (!reader_money(reader, path, json, &goods->value_minor))
        goods->value_minor = 0;
}

void
read_quantity(struct reader *reader, const struct path *path, const cJSON *json,
              const struct field *field, void *record)
{
    struct policy_goods *goods = record;

    (void)field;
    if (cJSON_IsNumber(json) && isfinite(json->valuedouble) && json->valuedouble > 0)
        goods->quantity = json->valuedouble;
    else
        reader_fault(reader, path, "must be a number above 0");
}

void
read_hs_code(struct reader *reader, const struct path *path, const cJSON *json,
             const struct field *field, void *record)
{
    struct policy_goods *goods = record;
    const char *text = reader_text(reader, path, json, field->form);

    if (!text)
        return;
    goods->hs_code = text;
    goods->hs6 = 0;
    for (int i = 0; i < HS6_DIGITS; i++)
        goods->hs6 = goods->hs6 * 10 + (uint32_t)(text[i] - '0');
}

/* "0.25" as millionths; 0 for what is no share. */
static uint32_t
share_millionths(const char *text)
{
    uint32_t share = (uint32_t)(text[0] - '0');
    const char *at = text + 1;
    int decimals = 0;

    if (share > 1 || (*at != '.' && *at != '\0'))
        return 0;
    if (*at == '.')
        at++;
    for (; decimals < SHARE_DECIMALS; decimals++)
        share = share * 10 + (*at ? (uint32_t)(*at++ - '0') : 0);
    return *at == '\0' && share <= PAYMENT_SHARE_WHOLE ? share : 0;
}

void
read_share(struct reader *reader, const struct path *path, const cJSON *json,
           const struct field *field, void *record)
{
    struct policy_owner *owner = record;
    const char *text = reader_text(reader, path, json, &form_decimal);

    (void)field;
    if (!text)
        return;
    owner->share_millionths = share_millionths(text);
    if (owner->share_millionths == 0)
        reader_fault(reader, path, "must be above 0, at most 1, and have at most %d decimals",
                     SHARE_DECIMALS);
}
