/* shadow_private.h - a shadow's inside, for shadow.c, which counts, and shadow_write.c only. */
#ifndef GATEWAY_ROLLOUT_SHADOW_PRIVATE_H
#define GATEWAY_ROLLOUT_SHADOW_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

#include "gateway/rollout/shadow.h"

#define ACTION_COUNT  (POLICY_FREEZE + 1)
#define RULE_TEXT_MAX 65  /* an id or a policy's name with its NUL; longer ones are cut */
#define WHY_TEXT_MAX  160 /* of a reason's text */
#define CODE_SIZE     5
#define CACHE_LINE    64

/* What one side said. */
struct side {
    enum policy_action action;
    bool failed;
    char policy[2 * RULE_TEXT_MAX]; /* "kit-blockade@1.0.0" */
    char rule[RULE_TEXT_MAX];       /* the strictest that fired; "" */
    char code[CODE_SIZE], text[WHY_TEXT_MAX];
    char disclosed[CODE_SIZE];
};

struct disagreement {
    uint64_t number; /* rising over all parts */
    enum shadow_traffic traffic;
    int64_t at_ms, amount_minor;
    char uetr[37], currency[4], bic[12];
    struct side sides[SHADOW_SIDES];
};

struct rule_count {
    int side; /* whose rule makes the difference */
    char policy[2 * RULE_TEXT_MAX], rule[RULE_TEXT_MAX];
    uint64_t count;
};

struct part {
    _Alignas(CACHE_LINE) pthread_mutex_t lock;
    uint64_t judged[SHADOW_TRAFFIC_COUNT];
    uint64_t disagreements;
    uint64_t moves[ACTION_COUNT][ACTION_COUNT]; /* from the active's action to the other's */
    struct rule_count *rules;                   /* malloc, room for SHADOW_RULES_MAX */
    size_t rule_count;
    struct disagreement *kept; /* malloc, a ring of SHADOW_KEPT */
    size_t kept_count;         /* ever */
};

struct shadow {
    struct snapshot *snapshot;
    const struct rollout_name *name;
    char active[80];
    int64_t since_ms;
    _Atomic uint64_t numbers;
    struct part parts[SHADOW_PARTS];
};

/* Is it the same rule of the same side? */
bool rule_count_is(const struct rule_count *count, int side, const char *policy,
                   const char *rule);

#endif
