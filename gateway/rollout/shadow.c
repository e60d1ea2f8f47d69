/* shadow.c - judging twice, and counting where the two differ. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/metrics.h"
#include "gateway/rollout/shadow_private.h"

struct shadow *
shadow_new(struct snapshot *snapshot, const struct rollout_name *name, const char *active,
           int64_t since_ms)
{
    struct shadow *shadow = aligned_alloc(CACHE_LINE, sizeof(*shadow));

    if (!shadow)
        abort();
    memset(shadow, 0, sizeof(*shadow));
    shadow->snapshot = snapshot;
    shadow->name = name;
    shadow->since_ms = since_ms;
    snprintf(shadow->active, sizeof(shadow->active), "%s", active);
    for (size_t i = 0; i < SHADOW_PARTS; i++) {
        struct part *part = &shadow->parts[i];

        part->rules = calloc(SHADOW_RULES_MAX, sizeof(*part->rules));
        part->kept = calloc(SHADOW_KEPT, sizeof(*part->kept));
        if (!part->rules || !part->kept || pthread_mutex_init(&part->lock, NULL) != 0)
            abort();
    }
    return shadow;
}

void
shadow_free(struct shadow *shadow)
{
    if (!shadow)
        return;
    for (size_t i = 0; i < SHADOW_PARTS; i++) {
        pthread_mutex_destroy(&shadow->parts[i].lock);
        free(shadow->parts[i].rules);
        free(shadow->parts[i].kept);
    }
    snapshot_free(shadow->snapshot);
    free(shadow);
}

const struct rollout_name *
shadow_name(const struct shadow *shadow)
{
    return shadow->name;
}

const char *
shadow_snapshot(const struct shadow *shadow)
{
    return snapshot_digest(shadow->snapshot);
}

/* -- counting -- */

/* Each thread has a part of its own, as long as there are no more threads than parts. */
static struct part *
part_of_thread(struct shadow *shadow)
{
    static atomic_uint threads;
    static _Thread_local unsigned mine;

    if (mine == 0)
        mine = atomic_fetch_add(&threads, 1) + 1;
    return &shadow->parts[mine % SHADOW_PARTS];
}

static const struct fired_rule *
strictest(const struct decision *decision)
{
    const struct fired_rule *found = decision->rules;

    for (const struct fired_rule *rule = decision->rules; rule; rule = rule->next)
        if (rule->action > found->action)
            found = rule;
    return found;
}

static bool
disagree(const struct decision *a, const struct decision *b)
{
    return a->action != b->action || strcmp(a->reason.code, b->reason.code) != 0 ||
           strcmp(a->disclosed.code, b->disclosed.code) != 0 ||
           (a->error_count > 0) != (b->error_count > 0);
}

static void
copy(char *out, size_t size, const char *text)
{
    size_t len = strnlen(text, size - 1);

    while (len > 0 && text[len] != '\0' && ((unsigned char)text[len] & 0xc0) == 0x80)
        len--; /* not through the middle of a character */
    memcpy(out, text, len);
    out[len] = '\0';
}

static void
side_fill(struct side *side, const struct decision *decision)
{
    const struct fired_rule *rule = strictest(decision);

    side->action = decision->action;
    side->failed = decision->error_count > 0;
    copy(side->policy, sizeof(side->policy), decision->policy);
    copy(side->rule, sizeof(side->rule),
         rule && rule->action == decision->action ? rule->id : ""); /* a failure has none */
    copy(side->code, sizeof(side->code), decision->reason.code);
    copy(side->text, sizeof(side->text), decision->reason.text);
    copy(side->disclosed, sizeof(side->disclosed), decision->disclosed.code);
}

bool
rule_count_is(const struct rule_count *count, int side, const char *policy, const char *rule)
{
    return count->side == side && strcmp(count->rule, rule) == 0 &&
           strcmp(count->policy, policy) == 0;
}

/*
 * The rule that makes the difference: the strictest of the stricter side, of the
 * candidate's where both are as strict.
 */
static void
part_count_rule(struct part *part, const struct side sides[SHADOW_SIDES])
{
    int which = sides[SHADOW_ACTIVE].action > sides[SHADOW_CANDIDATE].action ? SHADOW_ACTIVE
                                                                             : SHADOW_CANDIDATE;
    const struct side *side = &sides[which];
    struct rule_count *count;

    for (size_t i = 0; i < part->rule_count; i++) {
        count = &part->rules[i];
        if (rule_count_is(count, which, side->policy, side->rule)) {
            count->count++;
            return;
        }
    }
    if (part->rule_count == SHADOW_RULES_MAX) { /* the last one stands for all that follow */
        strcpy(part->rules[SHADOW_RULES_MAX - 1].rule, "*");
        strcpy(part->rules[SHADOW_RULES_MAX - 1].policy, "*");
        part->rules[SHADOW_RULES_MAX - 1].count++;
        return;
    }
    count = &part->rules[part->rule_count++];
    count->side = which;
    count->count = 1;
    memcpy(count->policy, side->policy, sizeof(count->policy));
    memcpy(count->rule, side->rule, sizeof(count->rule));
}

static void
part_keep(struct part *part, uint64_t number, const struct policy_payment *payment,
          int64_t now_ms, enum shadow_traffic traffic, const struct decision *const decisions[])
{
    struct disagreement *kept = &part->kept[part->kept_count++ % SHADOW_KEPT];

    kept->number = number;
    kept->traffic = traffic;
    kept->at_ms = now_ms;
    kept->amount_minor = payment->amount_minor;
    copy(kept->uetr, sizeof(kept->uetr), payment->uetr);
    copy(kept->currency, sizeof(kept->currency), payment->currency);
    copy(kept->bic, sizeof(kept->bic), payment->creditor_agent->bic);
    for (int i = 0; i < SHADOW_SIDES; i++)
        side_fill(&kept->sides[i], decisions[i]);
    part->moves[kept->sides[SHADOW_ACTIVE].action][kept->sides[SHADOW_CANDIDATE].action]++;
    part_count_rule(part, kept->sides);
}

void
shadow_judge(struct shadow *shadow, const struct policy_payment *payment, int64_t now_ms,
             uint64_t seed, enum shadow_traffic traffic, const struct decision *decision,
             struct facts_memory *memory, struct arena *arena)
{
    struct part *part = part_of_thread(shadow);
    struct decision other;
    const struct decision *const decisions[SHADOW_SIDES] = {decision, &other};
    bool differ;

    snapshot_judge(shadow->snapshot, payment, now_ms, seed, memory, arena, &other);
    differ = disagree(decision, &other);
    pthread_mutex_lock(&part->lock);
    part->judged[traffic]++;
    if (differ) {
        part->disagreements++;
        part_keep(part, atomic_fetch_add(&shadow->numbers, 1) + 1, payment, now_ms, traffic,
                  decisions);
    }
    pthread_mutex_unlock(&part->lock);
    metric_add(METRIC_SHADOW_JUDGED_TOTAL, 1);
    metric_add(METRIC_SHADOW_DISAGREEMENT_TOTAL, differ);
}
