/*
 * kit_block.c - assembly kits for a Russian buyer are refused (April 2024).
 *
 * Banks blocked payments for electronics in parts: processors, casings, screens
 * that make a notebook together.  The buyer is the debtor, or the ultimate
 * debtor he pays for.
 *
 * Option coverage_min (default 0.6): the least share of a kit's required parts.
 *
 * score = 1 - (1 - coverage) * doubt, in hundredths.  The doubt is what the most
 * sensitive part leaves: 0.28 with one of tier 1 of the high-priority list,
 * 0.5 with one of another tier, 1 with none.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/policy_plugin.h"

#define COVERAGE_MIN_DEFAULT 0.6

struct kit_block {
    double coverage_min;
};

static int
kit_block_open(const struct policy_host *host, const char *options, void **self, char *error,
               size_t error_size)
{
    struct kit_block block = {COVERAGE_MIN_DEFAULT};
    const char *name;

    (void)options;
    *self = NULL;
    for (uint32_t i = 0; (name = host->option_name(host, "", i)) != NULL; i++) {
        const char *text = host->option(host, name);
        char *end;

        block.coverage_min = strtod(text, &end);
        if (strcmp(name, "coverage_min") == 0 && end > text && *end == '\0' &&
            block.coverage_min > 0 && block.coverage_min <= 1)
            continue;
        snprintf(error, error_size,
                 "%s: expected coverage_min, a number above 0, at most 1; found \"%s\"", name,
                 text);
        return -1;
    }
    *self = malloc(sizeof(block));
    if (!*self)
        abort();
    memcpy(*self, &block, sizeof(block));
    return 0;
}

/* How much doubt the most sensitive part leaves. */
static double
doubt(const struct policy_kit *kit, struct policy_facts *facts)
{
    double least = 1;

    for (uint32_t i = 0; i < kit->part_count; i++) {
        const char *tier = facts->goods(facts, kit->part_lines[i])->tier;
        double here = strcmp(tier, "1") == 0 ? 0.28 : tier[0] ? 0.5 : 1;

        least = here < least ? here : least;
    }
    return least;
}

static int
is_russian(const struct policy_party *party)
{
    return strcmp(party->country, "RU") == 0;
}

static int
kit_block_check(void *self, const struct policy_payment *payment, struct policy_facts *facts,
                struct policy_verdict *verdict)
{
    const struct kit_block *block = self;
    struct policy_rule rule = {
        .size = sizeof(rule),
        .action = POLICY_REJECT,
        .id = "KIT-01",
        .title = "assembly kit for a Russian buyer",
        .reason = {"RR04", "assembly kit for a Russian buyer"},
        .disclosed = {"RR04", "DUE TO OUR INTERNAL POLICY"},
    };
    const struct policy_kit *const *kits;

    if (!is_russian(payment->debtor) && !is_russian(payment->ultimate_debtor))
        return POLICY_ABSTAIN;
    if (facts->kits(facts, &kits) == 0 || kits[0]->coverage < block->coverage_min)
        return POLICY_ABSTAIN; /* they come best covered first */
    rule.score = 1 - (1 - kits[0]->coverage) * doubt(kits[0], facts);
    rule.score = (double)(int)(rule.score * 100 + 0.5) / 100;
    verdict->fire(verdict, &rule);
    for (uint32_t i = 0; i < kits[0]->part_count; i++)
        verdict->because_goods(verdict, kits[0]->part_lines[i]);
    if (!is_russian(payment->debtor)) /* the reader sees the debtor, not whom he pays for */
        verdict->because(verdict, "ultimate_debtor/country", payment->ultimate_debtor->country);
    return rule.action;
}

static void
kit_block_close(void *self)
{
    free(self);
}

POLICY_EXPORT const struct policy_plugin policy_plugin = {
    .abi = POLICY_ABI,
    .size = sizeof(struct policy_plugin),
    .name = "kit_block",
    .version = "1.0.0",
    .open = kit_block_open,
    .check = kit_block_check,
    .close = kit_block_close,
};
