/*
 * cny_return.c - yuan from a Russian payer are sent back (March 2024).
 *
 * From 20 March 2024 several Chinese banks told their customers that yuan from
 * Russia are not taken and transfers are returned.  The payer is Russian if the
 * debtor is, or the bank that sends for him.  No options.
 */
#include <string.h>

#include "policy/policy_plugin.h"

static const struct policy_rule rule = {
    .size = sizeof(rule),
    .action = POLICY_RETURN,
    .id = "CNY-01",
    .title = "yuan from a Russian payer",
    .reason = {"RR04", "yuan from a Russian payer are not taken"},
    .disclosed = {"RR04", "DUE TO OUR INTERNAL POLICY"},
    .score = 1,
};

static int
is_russian(const char *country)
{
    return strcmp(country, "RU") == 0;
}

/* A BIC's fifth and sixth characters are the country (ISO 9362). */
static int
bic_is_russian(const char *bic)
{
    return strlen(bic) >= 6 && memcmp(bic + 4, "RU", 2) == 0;
}

static int
cny_return_open(const struct policy_host *host, const char *options, void **self, char *error,
                size_t error_size)
{
    static const char complaint[] = "it takes no options";

    (void)options;
    *self = NULL;
    if (!host->option_name(host, "", 0))
        return 0;
    if (error_size >= sizeof(complaint))
        memcpy(error, complaint, sizeof(complaint));
    return -1;
}

static int
cny_return_check(void *self, const struct policy_payment *payment, struct policy_facts *facts,
                 struct policy_verdict *verdict)
{
    const struct policy_agent *agent = payment->debtor_agent;
    int payer = is_russian(payment->debtor->country);
    int country = is_russian(agent->country);
    int bic = bic_is_russian(agent->bic);

    (void)self, (void)facts;
    if (strcmp(payment->currency, "CNY") != 0 || !(payer || country || bic))
        return POLICY_ABSTAIN;
    verdict->fire(verdict, &rule);
    verdict->because(verdict, "amount/currency", payment->currency);
    if (payer)
        verdict->because(verdict, "debtor/country", payment->debtor->country);
    if (country)
        verdict->because(verdict, "debtor_agent/country", agent->country);
    else if (bic)
        verdict->because(verdict, "debtor_agent/bic", agent->bic);
    return rule.action;
}

static void
cny_return_close(void *self)
{
    (void)self;
}

POLICY_EXPORT const struct policy_plugin policy_plugin = {
    .abi = POLICY_ABI,
    .size = sizeof(struct policy_plugin),
    .name = "cny_return",
    .version = "1.0.0",
    .open = cny_return_open,
    .check = cny_return_check,
    .close = cny_return_close,
};
