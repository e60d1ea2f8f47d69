/*
 * A plugin built on the frozen 1.1 header: it uses everything that 1.1 added,
 * and must load and answer under every later host of major version 1.
 */
#include "tests/abi/policy_plugin_1_1.h"

#include <stdlib.h>
#include <string.h>

struct old {
    char label[32];
};

static int
old_open(const struct policy_host *host, const char *options, void **self, char *error,
         size_t error_size)
{
    struct old *old = calloc(1, sizeof(*old));

    (void)options;
    if (!old || host->size < sizeof(*host) || host->abi < POLICY_ABI)
        abort();
    if (host->pack_text && host->pack_text[host->pack_len] == '\0')
        strncpy(old->label, host->pack_text, sizeof(old->label) - 1);
    if (host->pack_path && strcmp(host->pack_path, "bad.json") == 0) {
        strncpy(error, "bad.json: no", error_size);
        free(old);
        return -1;
    }
    *self = old;
    return 0;
}

/* What 1.1 promises of the facts; the first that does not hold. */
static const char *
broken_promise(struct policy_facts *facts)
{
    struct policy_window window = {.size = sizeof(window), .count = -1, .last_ms = -1};
    const struct policy_hit *const *hits;
    char *memory = facts->alloc(facts, 3);
    size_t count = facts->hits(facts, &hits);
    double drawn = facts->chance(facts, "OLD-11", 0);

    memset(memory, 1, 3);
    for (size_t i = 0; i < count; i++)
        if (hits[i]->size < sizeof(*hits[i]) || !hits[i]->list)
            return "hits";
    for (int by = 0; by < POLICY_HISTORY_COUNT; by++) {
        facts->history(facts, (enum policy_history_by)by, 86400000, &window);
        if (window.count < 0 || window.last_ms < 0)
            return "history";
    }
    return drawn >= 0 && drawn < 1 && drawn == facts->chance(facts, "OLD-11", 0) ? NULL
                                                                                 : "chance";
}

static int
old_check(void *self, const struct policy_payment *payment, struct policy_facts *facts,
          struct policy_verdict *verdict)
{
    static const struct policy_rule rule = {
        .size = sizeof(rule),
        .action = POLICY_HOLD,
        .id = "OLD-11",
        .title = "old",
        .reason = {"NARR", "old"},
        .disclosed = {"", ""},
        .score = 0.5,
    };
    const char *broken;

    (void)self, (void)payment;
    if (facts->size < sizeof(*facts))
        abort();
    broken = broken_promise(facts);
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
    free(self);
}

static const char *
old_label(void *self)
{
    const struct old *old = self;

    return old->label[0] != '\0' ? old->label : NULL;
}

POLICY_EXPORT const struct policy_plugin policy_plugin = {
    .abi = POLICY_ABI,
    .size = sizeof(struct policy_plugin),
    .name = "old_1_1",
    .version = "1.1.0",
    .open = old_open,
    .check = old_check,
    .close = old_close,
    .label = old_label,
};
