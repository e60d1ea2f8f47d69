/*
 * amount_hold.c - a payment above a limit waits for a person.
 *
 * Option limits: amounts by currency; the default is {"CNY": "5000000.00"}.  Other
 * currencies are not this policy's affair.  Meant to be copied (policy/README.md).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/policy_plugin.h"

#define CNY_DEFAULT "5000000.00"
#define LIMITS_MAX  200
#define AMOUNT_SIZE 32 /* 19 digits, a point, a NUL, and room */

static const struct policy_rule rule = {
    .size = sizeof(rule),
    .action = POLICY_HOLD,
    .id = "AMT-01",
    .title = "amount above the limit for review",
    .reason = {"NARR", "amount above the limit for review"},
    .disclosed = {"NARR", "UNDER REVIEW"},
    .score = 1,
};

struct limit {
    char currency[4];
    char value[AMOUNT_SIZE]; /* as written */
    int64_t minor;
    int decimals;
};

struct amount_hold {
    size_t count;
    struct limit limits[LIMITS_MAX];
};

static int
limit_add(struct amount_hold *hold, const struct policy_host *host, const char *currency,
          const char *value, char *error, size_t error_size)
{
    struct limit *limit = &hold->limits[hold->count];

    if (hold->count == LIMITS_MAX || strlen(value) >= sizeof(limit->value) ||
        host->money_parse(value, currency, &limit->minor) != 0 || limit->minor <= 0) {
        snprintf(error, error_size,
                 "limits/%s: expected an amount above 0, as \"5000000.00\"; found \"%s\"",
                 currency, value);
        return -1;
    }
    snprintf(limit->currency, sizeof(limit->currency), "%s", currency);
    snprintf(limit->value, sizeof(limit->value), "%s", value);
    limit->decimals = host->currency_decimals(currency);
    hold->count++;
    return 0;
}

static int
amount_hold_read(struct amount_hold *hold, const struct policy_host *host, char *error,
                 size_t error_size)
{
    const char *name;
    char path[64];

    for (uint32_t i = 0; (name = host->option_name(host, "", i)) != NULL; i++)
        if (strcmp(name, "limits") != 0 || !host->option_name(host, "limits", 0)) {
            snprintf(error, error_size, "%s: expected limits, an object of amounts", name);
            return -1;
        }
    for (uint32_t i = 0; (name = host->option_name(host, "limits", i)) != NULL; i++) {
        snprintf(path, sizeof(path), "limits/%s", name);
        if (limit_add(hold, host, name, host->option(host, path), error, error_size) != 0)
            return -1;
    }
    return hold->count > 0 ? 0 : limit_add(hold, host, "CNY", CNY_DEFAULT, error, error_size);
}

static int
amount_hold_open(const struct policy_host *host, const char *options, void **self, char *error,
                 size_t error_size)
{
    (void)options;
    *self = calloc(1, sizeof(struct amount_hold));
    if (!*self)
        abort();
    if (amount_hold_read(*self, host, error, error_size) == 0)
        return 0;
    free(*self);
    return -1;
}

/* Minor units as text, written from the end: "6000000.00". */
static const char *
amount_text(int64_t minor, int decimals, char text[AMOUNT_SIZE])
{
    char *at = &text[AMOUNT_SIZE - 1];

    *at = '\0';
    for (int i = 0; i <= decimals || minor > 0; i++, minor /= 10) {
        if (i > 0 && i == decimals)
            *--at = '.';
        *--at = (char)('0' + minor % 10);
    }
    return at;
}

static int
amount_hold_fire(const struct limit *limit, const struct policy_payment *payment,
                 struct policy_verdict *verdict)
{
    char text[AMOUNT_SIZE];

    verdict->fire(verdict, &rule);
    verdict->because(verdict, "amount/value",
                     amount_text(payment->amount_minor, limit->decimals, text));
    verdict->because(verdict, "limit", limit->value);
    return rule.action;
}

static int
amount_hold_check(void *self, const struct policy_payment *payment, struct policy_facts *facts,
                  struct policy_verdict *verdict)
{
    const struct amount_hold *hold = self;

    (void)facts;
    for (size_t i = 0; i < hold->count; i++)
        if (strcmp(hold->limits[i].currency, payment->currency) == 0 &&
            payment->amount_minor > hold->limits[i].minor)
            return amount_hold_fire(&hold->limits[i], payment, verdict);
    return POLICY_ABSTAIN;
}

static void
amount_hold_close(void *self)
{
    free(self);
}

POLICY_EXPORT const struct policy_plugin policy_plugin = {
    .abi = POLICY_ABI,
    .size = sizeof(struct policy_plugin),
    .name = "amount_hold",
    .version = "1.0.0",
    .open = amount_hold_open,
    .check = amount_hold_check,
    .close = amount_hold_close,
};
