/*
 * rates.h - sums of several currencies in one, by the rates that a book dates.
 *
 *     "rates": [ { "from": "2024-01-01", "CNY": "1", "USD": "7.10", "JPY": "0.0502" },
 *                { "from": "2024-02-01", … } ]
 *
 * Each is what one unit is worth in the base currency, which is the one worth "1".
 * A time has the rates of the latest `from` that is not after it; before the first, the
 * first's.  Amounts are integers throughout.
 *
 *   X1  a currency without a rate has no amount: that is told, never taken for 0.
 *   X2  what is converted there and back by the same rate is the same to the minor unit, as
 *       long as that unit is worth more than a millionth of the base's.
 */
#ifndef POLICY_RATES_H
#define POLICY_RATES_H

#include <stddef.h>
#include <stdint.h>

#include "policy/document.h"

#define RATES_DATES_MAX      1000
#define RATES_CURRENCIES_MAX 64
#define RATES_DECIMALS       9          /* of a rate */
#define RATES_UNITS_MAX      1000000000 /* of the base, that one unit may be worth */
#define RATES_BASE_PER_UNIT  1000000    /* amounts in the base are in millionths */

struct rate {
    char currency[4];
    int64_t worth; /* times ten to the RATES_DECIMALS */
};

struct rates_date {
    int64_t from_ms;
    const struct rate *list;
    size_t count;
};

struct rates {
    const struct rates_date *dates; /* sorted */
    size_t count;                   /* 0: no currency has a rate */
    int (*decimals)(const char *currency);
};

/* The member "rates" of a book; absent: none.  decimals stays to be set. */
int rates_read(const struct value *value, struct arena *arena, struct rates *out,
               struct error *err) __attribute__((warn_unused_result));

/* One currency, which is the base: nothing else has a rate. */
void rates_one(struct rates *rates, const char *currency, int (*decimals)(const char *currency),
               struct arena *arena);

/* Millionths of the base; -1 without a rate, or past int64_t. */
int64_t rates_to_base(const struct rates *rates, const char *currency, int64_t minor,
                      int64_t at_ms);

/* Minor units, to the nearest; INT64_MAX without a rate, or past it. */
int64_t rates_from_base(const struct rates *rates, const char *currency, __int128 base,
                        int64_t at_ms);

#endif
