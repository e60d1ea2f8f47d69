/*
 * A plugin built on the frozen 1.0 header: it uses everything 1.0 offers, and
 * must load and answer under every later host of major version 1.
 */
#include "tests/abi/policy_plugin_1_0.h"

#include <stdlib.h>
#include <string.h>

static int64_t limit_minor;

static int
old_open(const struct policy_host *host, const char *options, void **self, char *error,
         size_t error_size)
{
    if (host->size < sizeof(*host) || host->abi >> 16 != 1 || options[0] != '{')
        abort();
    *self = &limit_minor;
    if (host->currency_decimals("CNY") == 2 &&
        host->money_parse(host->option(host, "limit"), "CNY", &limit_minor) == 0 &&
        strcmp(host->option_name(host, "", 0), "limit") == 0)
        return 0;
    strncpy(error, "limit: expected an amount", error_size);
    return -1;
}

static int
old_check(void *self, const struct policy_payment *payment, struct policy_facts *facts,
          struct policy_verdict *verdict)
{
    static const struct policy_rule rule = {
        .size = sizeof(rule),
        .action = POLICY_HOLD,
        .id = "OLD-01",
        .title = "old",
        .reason = {"NARR", "old"},
        .disclosed = {"", ""},
        .score = 0.5,
    };
    const struct policy_kit *const *kits;
    size_t count = facts->kits(facts, &kits);

    if (payment->size < sizeof(*payment) || facts->size < sizeof(*facts) ||
        verdict->size < sizeof(*verdict) || facts->bank->size < sizeof(*facts->bank))
        abort();
    if (payment->amount_minor <= *(int64_t *)self)
        return POLICY_ABSTAIN;
    verdict->fire(verdict, &rule);
    verdict->because(verdict, "bank/class", facts->bank->bank_class);
    if (count > 0)
        verdict->because_goods(verdict, kits[0]->part_lines[0]);
    return POLICY_HOLD;
}

static void
old_close(void *self)
{
    if (self != &limit_minor)
        abort();
}

POLICY_EXPORT const struct policy_plugin policy_plugin = {
    .abi = POLICY_ABI,
    .size = sizeof(struct policy_plugin),
    .name = "old_1_0",
    .version = "1.0.0",
    .open = old_open,
    .check = old_check,
    .close = old_close,
};
