/* sums.c - sums of two limbs, in decimal so that they print themselves. */
#include "clients/sums.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "gateway/payment/money.h"

#define LIMB          ((uint64_t)MONEY_MINOR_MAX)
#define LIMB_DIGITS   18
#define SUM_TEXT_SIZE 48 /* two limbs of digits, a point, a NUL */

/* The currency's sum, made where there is none. */
static struct sum *
sum_of(struct sums *sums, struct arena *arena, const char *currency)
{
    struct sum **at = &sums->first, *sum;

    while (*at && strcmp((*at)->currency, currency) < 0)
        at = &(*at)->next;
    if (*at && strcmp((*at)->currency, currency) == 0)
        return *at;
    sum = arena_alloc(arena, sizeof(*sum));
    *sum = (struct sum){.next = *at};
    snprintf(sum->currency, sizeof(sum->currency), "%s", currency);
    *at = sum;
    return sum;
}

/* low < 2 * LIMB - 1: one carry at most. */
static void
sum_carry(struct sum *sum)
{
    if (sum->low >= LIMB) {
        sum->low -= LIMB;
        sum->high++;
    }
}

void
sums_add(struct sums *sums, struct arena *arena, const char *currency, int64_t minor)
{
    struct sum *sum = sum_of(sums, arena, currency);

    assert(minor >= 0 && minor <= MONEY_MINOR_MAX);
    sum->low += (uint64_t)minor;
    sum_carry(sum);
}

void
sums_merge(struct sums *into, struct arena *arena, const struct sums *from)
{
    for (const struct sum *sum = from->first; sum; sum = sum->next) {
        struct sum *total = sum_of(into, arena, sum->currency);

        total->high += sum->high;
        total->low += sum->low;
        sum_carry(total);
    }
}

/* "1250000.00": the digits, and a point before the currency's decimals. */
static void
sum_text(const struct sum *sum, char text[SUM_TEXT_SIZE])
{
    int decimals = currency_decimals(sum->currency), len;
    char digits[SUM_TEXT_SIZE];

    if (decimals < 0) /* it was a payment's: there is such a currency */
        decimals = 0;
    if (sum->high)
        len = snprintf(digits, sizeof(digits), "%" PRIu64 "%0*" PRIu64, sum->high, LIMB_DIGITS,
                       sum->low);
    else
        len = snprintf(digits, sizeof(digits), "%0*" PRIu64, decimals + 1, sum->low);
    len -= decimals;
    snprintf(text, SUM_TEXT_SIZE, "%.*s%s%s", len, digits, decimals ? "." : "", digits + len);
}

void
sums_print(FILE *out, const struct sums *sums)
{
    for (const struct sum *sum = sums->first; sum; sum = sum->next) {
        char text[SUM_TEXT_SIZE];

        sum_text(sum, text);
        fprintf(out, "%s%s %s", sum == sums->first ? "" : ", ", sum->currency, text);
    }
}

void
sums_json(struct buffer *out, const struct sums *sums)
{
    json_open(out, '{');
    for (const struct sum *sum = sums->first; sum; sum = sum->next) {
        char text[SUM_TEXT_SIZE];

        sum_text(sum, text);
        json_member(out, sum->currency, text);
    }
    json_close(out, '}');
}
