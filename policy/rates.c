/* rates.c - reads a book's rates, and converts by them. */
#include "policy/rates.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/base/time.h"

#define WORTH_ONE INT64_C(1000000000) /* ten to the RATES_DECIMALS */

/* --- reading ----------------------------------------------------------------------------- */

/* "7.1095": digits, at most one point, more than 0. */
static int
parse_worth(const char *text, int64_t *worth)
{
    int64_t units = 0, part = 0, scale = WORTH_ONE;
    const char *at = text;

    for (; *at >= '0' && *at <= '9'; at++) {
        units = units * 10 + (*at - '0');
        if (units > RATES_UNITS_MAX)
            return -1;
    }
    if (at == text || (text[0] == '0' && at - text > 1))
        return -1;
    if (*at == '.') {
        const char *first = ++at;

        for (; *at >= '0' && *at <= '9' && scale > 1; at++) {
            scale /= 10;
            part += (*at - '0') * scale;
        }
        if (at == first)
            return -1;
    }
    *worth = units * WORTH_ONE + part;
    return *at == '\0' && *worth > 0 ? 0 : -1;
}

static int
read_rate(const struct value *value, struct rate *out, struct error *err)
{
    const char *text;

    if (strlen(value->name) != 3 || strspn(value->name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3)
        return value_fault(value, err, "from, or a currency of three capital letters");
    memcpy(out->currency, value->name, sizeof(out->currency));
    if (value_text(value, &text, err) != 0)
        return -1;
    if (parse_worth(text, &out->worth) != 0)
        return value_fault(
            value, err, "what one unit is worth, as text: \"7.1095\", at most nine decimals");
    return 0;
}

static int
read_date(const struct value *value, struct arena *arena, struct rates_date *out,
          struct error *err)
{
    struct value from = value_member(value, "from"), item = {0};
    const char *text;
    struct rate *list;

    if (!cJSON_IsObject(value->json) ||
        cJSON_GetArraySize(value->json) > RATES_CURRENCIES_MAX + 1)
        return value_fault(value, err, "an object of a from and at most 64 currencies");
    if (value_text(&from, &text, err) != 0)
        return -1;
    if (!instant_parse_local(text, &out->from_ms))
        return value_fault(&from, err, "a date such as 2024-03-20 or an RFC 3339 time");
    list = arena_alloc(arena, RATES_CURRENCIES_MAX * sizeof(*list));
    out->list = list;
    while (value_next(value, &item)) {
        if (strcmp(item.name, "from") == 0)
            continue;
        if (read_rate(&item, &list[out->count++], err) != 0)
            return -1;
    }
    if (out->count == 0)
        return value_fault(value, err, "at least one currency");
    return 0;
}

static int
by_from(const void *a, const void *b)
{
    const struct rates_date *left = a, *right = b;

    return (left->from_ms > right->from_ms) - (left->from_ms < right->from_ms);
}

int
rates_read(const struct value *value, struct arena *arena, struct rates *out, struct error *err)
{
    struct value item = {0};
    struct rates_date *dates;

    *out = (struct rates){0};
    if (!value->json)
        return 0;
    if (value_array(value, 0, RATES_DATES_MAX, err) != 0)
        return -1;
    out->count = (size_t)cJSON_GetArraySize(value->json);
    out->dates = dates = arena_zalloc(arena, (out->count + 1) * sizeof(*dates));
    while (value_next(value, &item))
        if (read_date(&item, arena, &dates[item.index], err) != 0)
            return -1;
    qsort(dates, out->count, sizeof(*dates), by_from);
    for (size_t i = 1; i < out->count; i++)
        if (dates[i].from_ms == dates[i - 1].from_ms)
            return value_fault(value, err, "each from once");
    return 0;
}

void
rates_one(struct rates *rates, const char *currency, int (*decimals)(const char *currency),
          struct arena *arena)
{
    struct rates_date *date = arena_zalloc(arena, sizeof(*date));
    struct rate *rate = arena_zalloc(arena, sizeof(*rate));

    memcpy(rate->currency, currency, strnlen(currency, 3));
    rate->worth = WORTH_ONE;
    date->list = rate;
    date->count = 1;
    *rates = (struct rates){date, 1, decimals};
}

/* --- converting -------------------------------------------------------------------------- */

/* 0 without a rate. */
static int64_t
worth_of(const struct rates *rates, const char *currency, int64_t at_ms)
{
    const struct rates_date *date = rates->dates;
    size_t low = 0, high = rates->count;

    if (rates->count == 0)
        return 0;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;

        if (rates->dates[middle].from_ms <= at_ms)
            low = middle;
        else
            high = middle;
    }
    date = &rates->dates[low];
    for (size_t i = 0; i < date->count; i++)
        if (memcmp(date->list[i].currency, currency, 3) == 0)
            return date->list[i].worth;
    return 0;
}

/* Minor units in one unit; 0 for a currency that nobody knows. */
static int64_t
minor_per_unit(const struct rates *rates, const char *currency)
{
    int decimals = rates->decimals ? rates->decimals(currency) : -1;
    int64_t power = decimals >= 0;

    for (; decimals > 0; decimals--)
        power *= 10;
    return power;
}

int64_t
rates_to_base(const struct rates *rates, const char *currency, int64_t minor, int64_t at_ms)
{
    int64_t worth = worth_of(rates, currency, at_ms);
    int64_t per_unit = minor_per_unit(rates, currency);
    __int128 divisor, base;

    if (worth == 0 || per_unit == 0 || minor < 0)
        return -1;
    divisor = (__int128)per_unit * (WORTH_ONE / RATES_BASE_PER_UNIT);
    base = ((__int128)minor * worth + divisor / 2) / divisor;
    return base <= INT64_MAX ? (int64_t)base : -1;
}

int64_t
rates_from_base(const struct rates *rates, const char *currency, __int128 base, int64_t at_ms)
{
    int64_t worth = worth_of(rates, currency, at_ms);
    int64_t per_unit = minor_per_unit(rates, currency);
    __int128 minor;

    if (worth == 0 || per_unit == 0)
        return INT64_MAX;
    minor = (base * per_unit * (WORTH_ONE / RATES_BASE_PER_UNIT) + worth / 2) / worth;
    return minor < INT64_MAX ? (int64_t)minor : INT64_MAX;
}
