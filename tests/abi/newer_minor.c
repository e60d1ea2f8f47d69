/*
 * A plugin of a later minor version: a longer table, a longer rule, and a word
 * of the host that it looks for by size before using it.
 */
#include "policy/policy_plugin.h"

struct newer_rule {
    struct policy_rule rule;
    const char *added_later;
};

static int
newer_open(const struct policy_host *host, const char *options, void **self, char *error,
           size_t error_size)
{
    (void)host, (void)options, (void)error, (void)error_size;
    *self = NULL;
    return 0;
}

static int
newer_check(void *self, const struct policy_payment *payment, struct policy_facts *facts,
            struct policy_verdict *verdict)
{
    static const struct newer_rule newer = {
        .rule = {.size = sizeof(newer),
                 .action = POLICY_REJECT,
                 .id = "NEW-01",
                 .title = "new",
                 .reason = {"RR04", "new"},
                 .disclosed = {"MS03", ""},
                 .score = 1},
        .added_later = "what this host does not know",
    };

    (void)self, (void)payment, (void)facts;
    verdict->fire(verdict, &newer.rule);
    return POLICY_REJECT;
}

static void
newer_close(void *self)
{
    (void)self;
}

/* The symbol's type is the host's affair; only its first bytes are the ABI. */
POLICY_EXPORT const struct {
    struct policy_plugin plugin;
    void (*added_later)(void);
} policy_plugin = {
    .plugin = {.abi = POLICY_ABI_MAJOR << 16 | (POLICY_ABI_MINOR + 1),
               .size = sizeof(policy_plugin),
               .name = "newer_minor",
               .version = "2.0.0-rc.1",
               .open = newer_open,
               .check = newer_check,
               .close = newer_close},
    .added_later = NULL,
};
