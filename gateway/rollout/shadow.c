/* shadow.c - judging twice, and counting where the two differ. */
#include "gateway/rollout/shadow.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/metrics.h"
#include "gateway/base/time.h"
#include "gateway/payment/life.h"
#include "gateway/payment/money.h"

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
        if (count->side == which && strcmp(count->rule, side->rule) == 0 &&
            strcmp(count->policy, side->policy) == 0) {
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
             struct arena *arena)
{
    struct part *part = part_of_thread(shadow);
    struct decision other;
    const struct decision *const decisions[SHADOW_SIDES] = {decision, &other};
    bool differ;

    snapshot_judge(shadow->snapshot, payment, now_ms, seed, arena, &other);
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

/* -- telling: all parts together -- */

struct total {
    uint64_t judged[SHADOW_TRAFFIC_COUNT], disagreements;
    uint64_t moves[ACTION_COUNT][ACTION_COUNT];
    struct rule_count *rules;
    size_t rule_count;
    struct disagreement *kept;
    size_t kept_count;
};

static void
total_add_rule(struct total *total, const struct rule_count *add)
{
    for (size_t i = 0; i < total->rule_count; i++) {
        struct rule_count *count = &total->rules[i];

        if (count->side == add->side && strcmp(count->rule, add->rule) == 0 &&
            strcmp(count->policy, add->policy) == 0) {
            count->count += add->count;
            return;
        }
    }
    total->rules[total->rule_count++] = *add;
}

/* A worker may wait for the part: only copied under its lock, and added up afterwards. */
static void
total_add(struct total *total, struct part *part, struct arena *arena)
{
    struct rule_count *rules = arena_alloc(arena, SHADOW_RULES_MAX * sizeof(*rules));
    size_t rule_count, kept;

    pthread_mutex_lock(&part->lock);
    for (int i = 0; i < SHADOW_TRAFFIC_COUNT; i++)
        total->judged[i] += part->judged[i];
    total->disagreements += part->disagreements;
    for (int from = 0; from < ACTION_COUNT; from++)
        for (int to = 0; to < ACTION_COUNT; to++)
            total->moves[from][to] += part->moves[from][to];
    rule_count = part->rule_count;
    memcpy(rules, part->rules, rule_count * sizeof(*rules));
    kept = part->kept_count < SHADOW_KEPT ? part->kept_count : SHADOW_KEPT;
    memcpy(total->kept + total->kept_count, part->kept, kept * sizeof(*total->kept));
    total->kept_count += kept;
    pthread_mutex_unlock(&part->lock);
    for (size_t i = 0; i < rule_count; i++)
        total_add_rule(total, &rules[i]);
}

static int
by_count(const void *a, const void *b)
{
    const struct rule_count *left = a, *right = b;

    if (left->count != right->count)
        return left->count < right->count ? 1 : -1;
    return strcmp(left->rule, right->rule);
}

static int
newest_first(const void *a, const void *b)
{
    const struct disagreement *left = a, *right = b;

    return left->number < right->number ? 1 : -1; /* numbers are unique */
}

static void
write_moves(const struct total *total, struct buffer *out)
{
    json_key(out, "moves");
    json_open(out, '[');
    for (int from = 0; from < ACTION_COUNT; from++)
        for (int to = 0; to < ACTION_COUNT; to++) {
            if (total->moves[from][to] == 0)
                continue;
            json_open(out, '{');
            json_member(out, "active", action_name((enum policy_action)from));
            json_member(out, "candidate", action_name((enum policy_action)to));
            json_key(out, "count");
            json_int(out, (int64_t)total->moves[from][to]);
            json_close(out, '}');
        }
    json_close(out, ']');
}

static void
write_rules(const struct total *total, struct buffer *out)
{
    static const char *const sides[SHADOW_SIDES] = {"active", "candidate"};

    json_key(out, "rules");
    json_open(out, '[');
    for (size_t i = 0; i < total->rule_count; i++) {
        json_open(out, '{');
        json_member(out, "of", sides[total->rules[i].side]);
        json_member(out, "pack", total->rules[i].policy);
        json_member(out, "id", total->rules[i].rule);
        json_key(out, "count");
        json_int(out, (int64_t)total->rules[i].count);
        json_close(out, '}');
    }
    json_close(out, ']');
}

static void
write_side(const struct side *side, const char *key, struct buffer *out)
{
    json_key(out, key);
    json_open(out, '{');
    json_member(out, "action", action_name(side->action));
    json_member(out, "pack", side->policy);
    json_member(out, "rule", side->rule);
    json_key(out, "reason");
    json_open(out, '{');
    json_member(out, "code", side->code);
    json_member(out, "text", side->text);
    json_close(out, '}');
    json_member(out, "disclosed_code", side->disclosed);
    json_key(out, "failed");
    json_bool(out, side->failed);
    json_close(out, '}');
}

static void
write_disagreement(const struct disagreement *kept, struct buffer *out)
{
    char at[INSTANT_TEXT_SIZE], amount[MONEY_TEXT_SIZE];

    instant_print(kept->at_ms, at);
    money_print(kept->amount_minor, kept->currency, amount);
    json_open(out, '{');
    json_key(out, "number");
    json_int(out, (int64_t)kept->number);
    json_member(out, "traffic", kept->traffic == SHADOW_PAYMENT ? "payment" : "evaluation");
    json_member(out, "uetr", kept->uetr);
    json_member(out, "at", at);
    json_member(out, "bank", kept->bic);
    json_key(out, "amount");
    json_open(out, '{');
    json_member(out, "currency", kept->currency);
    json_member(out, "value", amount);
    json_close(out, '}');
    write_side(&kept->sides[SHADOW_ACTIVE], "active", out);
    write_side(&kept->sides[SHADOW_CANDIDATE], "candidate", out);
    json_close(out, '}');
}

static void
write_kept(const struct total *total, uint64_t before, size_t limit, struct buffer *out,
           uint64_t *next)
{
    size_t written = 0;

    *next = 0;
    json_key(out, "data");
    json_open(out, '[');
    for (size_t i = 0; i < total->kept_count && *next == 0; i++) {
        if (total->kept[i].number >= before)
            continue;
        write_disagreement(&total->kept[i], out);
        if (++written == limit && i + 1 < total->kept_count)
            *next = total->kept[i].number;
    }
    json_close(out, ']');
}

static void
total_make(struct total *total, struct shadow *shadow, struct arena *arena)
{
    *total = (struct total){0};
    total->rules = arena_alloc(arena, SHADOW_PARTS * SHADOW_RULES_MAX * sizeof(*total->rules));
    total->kept = arena_alloc(arena, SHADOW_PARTS * SHADOW_KEPT * sizeof(*total->kept));
    for (size_t i = 0; i < SHADOW_PARTS; i++)
        total_add(total, &shadow->parts[i], arena);
    qsort(total->rules, total->rule_count, sizeof(*total->rules), by_count);
    qsort(total->kept, total->kept_count, sizeof(*total->kept), newest_first);
}

const char *
shadow_summary(struct shadow *shadow, struct arena *arena)
{
    struct total total;

    total_make(&total, shadow, arena);
    return arena_printf(
        arena,
        "in its shadow %llu payments and %llu evaluations were judged, %llu of them "
        "otherwise",
        (unsigned long long)total.judged[SHADOW_PAYMENT],
        (unsigned long long)total.judged[SHADOW_EVALUATION],
        (unsigned long long)total.disagreements);
}

void
shadow_write(struct shadow *shadow, uint64_t before, size_t limit, struct arena *arena,
             struct buffer *out, uint64_t *next)
{
    char since[INSTANT_TEXT_SIZE];
    struct total total;

    total_make(&total, shadow, arena);
    instant_print(shadow->since_ms, since);
    json_member(out, "snapshot", shadow_snapshot(shadow));
    json_member(out, "active_snapshot", shadow->active);
    json_member(out, "since", since);
    json_key(out, "judged");
    json_open(out, '{');
    json_key(out, "payments");
    json_int(out, (int64_t)total.judged[SHADOW_PAYMENT]);
    json_key(out, "evaluations");
    json_int(out, (int64_t)total.judged[SHADOW_EVALUATION]);
    json_close(out, '}');
    json_key(out, "disagreements");
    json_int(out, (int64_t)total.disagreements);
    write_moves(&total, out);
    write_rules(&total, out);
    write_kept(&total, before, limit, out, next);
}
