/* shadow_write.c - what the threads have counted, added up and told. */
#include <stdlib.h>
#include <string.h>

#include "gateway/base/time.h"
#include "gateway/payment/life.h"
#include "gateway/payment/money.h"
#include "gateway/rollout/shadow_private.h"

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

        if (rule_count_is(count, add->side, add->policy, add->rule)) {
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
