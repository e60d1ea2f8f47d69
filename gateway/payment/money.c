/*
 * money.c - decimal text to minor units and back, without a floating point.
 *
 * The table is sorted, each entry a code and its decimals.
 */
#include "gateway/payment/money.h"

#include <assert.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define CODE_LENGTH 3

/*
 * ISO 4217 list one, without funds, metals and testing codes.  Also BGN (until
 * 2025-12-31), ANG (until 2025-03-31) and ZWL (until 2024-08-31), which were in
 * circulation when the episode we simulate took place.
 */
static const char currencies[][CODE_LENGTH + 2] = {
    /* clang-format off */
    "AED2", "AFN2", "ALL2", "AMD2", "ANG2", "AOA2", "ARS2", "AUD2", "AWG2", "AZN2",
    "BAM2", "BBD2", "BDT2", "BGN2", "BHD3", "BIF0", "BMD2", "BND2", "BOB2", "BRL2",
    "BSD2", "BTN2", "BWP2", "BYN2", "BZD2", "CAD2", "CDF2", "CHF2", "CLP0", "CNY2",
    "COP2", "CRC2", "CUP2", "CVE2", "CZK2", "DJF0", "DKK2", "DOP2", "DZD2", "EGP2",
    "ERN2", "ETB2", "EUR2", "FJD2", "FKP2", "GBP2", "GEL2", "GHS2", "GIP2", "GMD2",
    "GNF0", "GTQ2", "GYD2", "HKD2", "HNL2", "HTG2", "HUF2", "IDR2", "ILS2", "INR2",
    "IQD3", "IRR2", "ISK0", "JMD2", "JOD3", "JPY0", "KES2", "KGS2", "KHR2", "KMF0",
    "KPW2", "KRW0", "KWD3", "KYD2", "KZT2", "LAK2", "LBP2", "LKR2", "LRD2", "LSL2",
    "LYD3", "MAD2", "MDL2", "MGA2", "MKD2", "MMK2", "MNT2", "MOP2", "MRU2", "MUR2",
    "MVR2", "MWK2", "MXN2", "MYR2", "MZN2", "NAD2", "NGN2", "NIO2", "NOK2", "NPR2",
    "NZD2", "OMR3", "PAB2", "PEN2", "PGK2", "PHP2", "PKR2", "PLN2", "PYG0", "QAR2",
    "RON2", "RSD2", "RUB2", "RWF0", "SAR2", "SBD2", "SCR2", "SDG2", "SEK2", "SGD2",
    "SHP2", "SLE2", "SOS2", "SRD2", "SSP2", "STN2", "SVC2", "SYP2", "SZL2", "THB2",
    "TJS2", "TMT2", "TND3", "TOP2", "TTD2", "TWD2", "TZS2", "UAH2", "UGX0", "USD2",
    "UYU2", "UYW4", "UZS2", "VED2", "VES2", "VND0", "VUV0", "WST2", "XAF0", "XCD2",
    "XCG2", "XOF0", "XPF0", "YER2", "ZAR2", "ZMW2", "ZWG2", "ZWL2",
    /* clang-format on */
};

int
currency_decimals(const char *code)
{
    size_t low = 0, high = sizeof(currencies) / sizeof(currencies[0]);

    if (strnlen(code, CODE_LENGTH + 1) != CODE_LENGTH)
        return -1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = memcmp(code, currencies[middle], CODE_LENGTH);

        if (order == 0)
            return currencies[middle][CODE_LENGTH] - '0';
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return -1;
}

/* One more digit behind *minor; false past MONEY_MINOR_MAX. */
static bool
append_digit(int64_t *minor, int digit)
{
    if (*minor > (MONEY_MINOR_MAX - digit) / 10)
        return false;
    *minor = *minor * 10 + digit;
    return true;
}

/* All digits from *at on go to *minor; returns how many, or -1 if it grew too large. */
static int
take_digits(const char **at, int64_t *minor)
{
    const char *first = *at;

    for (; **at >= '0' && **at <= '9'; ++*at)
        if (!append_digit(minor, **at - '0'))
            return -1;
    return (int)(*at - first);
}

int
money_parse(const char *value, const char *currency, int64_t *minor)
{
    int decimals = currency_decimals(currency);
    const char *at = value;
    int64_t sum = 0;
    int taken;

    if (decimals < 0 || take_digits(&at, &sum) <= 0)
        return -1;
    if (value[0] == '0' && at - value > 1)
        return -1;
    if (*at == '.') {
        at++;
        taken = take_digits(&at, &sum);
        if (taken <= 0 || taken > decimals)
            return -1;
        decimals -= taken;
    }
    if (*at != '\0')
        return -1;
    for (; decimals > 0; decimals--)
        if (!append_digit(&sum, 0))
            return -1;
    *minor = sum;
    return 0;
}

size_t
money_print(int64_t minor, const char *currency, char text[MONEY_TEXT_SIZE])
{
    int decimals = currency_decimals(currency);
    const char *sign = minor < 0 ? "-" : "";
    uint64_t rest = minor < 0 ? 0 - (uint64_t)minor : (uint64_t)minor;
    char digits[MONEY_TEXT_SIZE];
    int whole;

    assert(decimals >= 0);
    /* At least one digit before the point. */
    whole = snprintf(digits, sizeof(digits), "%0*" PRIu64, decimals + 1, rest) - decimals;
    return (size_t)snprintf(text, MONEY_TEXT_SIZE, "%s%.*s%s%s", sign, whole, digits,
                            decimals ? "." : "", digits + whole);
}
