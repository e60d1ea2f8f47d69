/*
 * A plugin built on the frozen 1.2 header: it uses everything that 1.2 added,
 * and must load and answer under every later host of major version 1.
 */
#include "tests/abi/policy_plugin_1_2.h"

#include <stdlib.h>
#include <string.h>

static int
old_open(const struct policy_host *host, const char *options, void **self, char *error,
         size_t error_size)
{
    (void)options, (void)error, (void)error_size;
    if (host->size < sizeof(*host) || host->abi < POLICY_ABI)
        abort();
    *self = NULL;
    return 0;
}

/* Where each part of a kit is: in this payment, or in an earlier one that is named. */
static int
kit_is_sound(const struct policy_kit *kit, const struct policy_payment *payment)
{
    uint32_t elsewhere = 0;

    if (kit->size < sizeof(*kit))
        return 0;
    for (uint32_t i = 0; i < kit->part_count; i++) {
        int there = kit->part_from[i][0] != '\0';

        if (there != (kit->part_lines[i] == POLICY_LINE_ELSEWHERE) ||
            (!there && kit->part_lines[i] >= payment->goods_count))
            return 0;
        elsewhere += there != 0;
    }
    return kit->across_payments <= elsewhere && (kit->across_payments > 0) == (elsewhere > 0);
}

/* What 1.2 promises of the facts; the first that does not hold. */
static const char *
broken_promise(const struct policy_payment *payment, struct policy_facts *facts)
{
    struct policy_window window = {.size = sizeof(window), .refused = -1, .largest_minor = -1};
    const struct policy_kit *const *kits;
    size_t count = facts->kits(facts, &kits);

    for (size_t i = 0; i < count; i++)
        if (!kit_is_sound(kits[i], payment))
            return "kits";
    for (int by = 0; by < POLICY_HISTORY_COUNT; by++) {
        facts->history(facts, (enum policy_history_by)by, 86400000, &window);
        if (window.refused < 0 || window.refused > window.count || window.largest_minor < 0)
            return "history";
    }
    facts->history(facts, POLICY_HISTORY_REFUSED, 86400000, &window);
    return window.refused == window.count ? NULL : "refused";
}

/* Held for 30 to 40 days, a tenth for 90 to 120, and then returned. */
static const struct policy_span old_span = {
    .size = sizeof(old_span),
    .bank_days = 0,
    .least = 30,
    .likely = 35,
    .most = 40,
    .tail_share = 0.1,
    .tail_least = 90,
    .tail_most = 120,
};

static const struct policy_end old_end = {
    .size = sizeof(old_end),
    .action = POLICY_RETURN,
    .otherwise = POLICY_HOLD,
    .share = 1,
    .reason = {"NARR", "it ran out"},
    .disclosed = {"", ""},
};

static const struct policy_terms old_terms = {
    .size = sizeof(old_terms),
    .ask_count = 0,
    .lasts = &old_span,
    .ends = &old_end,
    .asks = NULL,
    .complete = NULL,
    .partial = NULL,
    .contradictory = NULL,
};

static int
old_check(void *self, const struct policy_payment *payment, struct policy_facts *facts,
          struct policy_verdict *verdict)
{
    static const struct policy_rule rule = {
        .size = sizeof(rule),
        .action = POLICY_HOLD,
        .id = "OLD-12",
        .title = "old",
        .reason = {"NARR", "old"},
        .disclosed = {"", ""},
        .score = 0.5,
        .terms = &old_terms,
    };
    const char *broken = broken_promise(payment, facts);

    (void)self;
    if (facts->size < sizeof(*facts))
        abort();
    if (broken) {
        verdict->fail(verdict, broken);
        return 0;
    }
    verdict->fire(verdict, &rule);
    return POLICY_HOLD;
}

static void
old_close(void *self)
{
    (void)self;
}

POLICY_EXPORT const struct policy_plugin policy_plugin = {
    .abi = POLICY_ABI,
    .size = sizeof(struct policy_plugin),
    .name = "old_1_2",
    .version = "1.2.0",
    .open = old_open,
    .check = old_check,
    .close = old_close,
};
