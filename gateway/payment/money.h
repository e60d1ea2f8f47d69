/*
 * money.h - amounts as exact integers.
 *
 * Money is int64_t minor units with an ISO 4217 currency; never a double.
 * Source of the decimals: ISO 4217 list one (as in country_codes.csv).
 */
#ifndef GATEWAY_PAYMENT_MONEY_H
#define GATEWAY_PAYMENT_MONEY_H

#include <stddef.h>
#include <stdint.h>

#define MONEY_MINOR_MAX 1000000000000000000LL /* ten to the eighteenth */
#define MONEY_TEXT_SIZE 24

/* Decimals of a currency in circulation (0 to 4); -1 where there is no such code. */
int currency_decimals(const char *code);

/*
 * "1250000.00" as minor units: digits, at most one point, no sign, no exponent,
 * no superfluous leading zero, at most the currency's decimals, 0 to
 * MONEY_MINOR_MAX.  Returns -1 and leaves *minor alone otherwise.
 */
int money_parse(const char *value, const char *currency, int64_t *minor)
    __attribute__((warn_unused_result));

/* With exactly the currency's decimals; returns the length. */
size_t money_print(int64_t minor, const char *currency, char text[MONEY_TEXT_SIZE]);

#endif
