/* chain.c - the verdict that policies write to, and what is made of it. */
#include "policy/chain.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "policy/terms.h"

#define RULE_SIZE_1_0    (offsetof(struct policy_rule, score) + sizeof(double))
#define RULE_SIZE_1_2    (offsetof(struct policy_rule, terms) + sizeof(void *))
#define ABI_MINOR_ACROSS 2      /* F3: the first that knows of kits across payments */
#define REASON_OTHER     "NARR" /* ISO 20022: the reason is in the text */

/* What the payer reads where no policy chose the words (outcome_map.csv). */
static const char *const phrases[] = {
    [POLICY_ACCEPT] = "",
    [POLICY_REQUEST_INFORMATION] = "DOCUMENTS REQUESTED",
    [POLICY_HOLD] = "UNDER REVIEW",
    [POLICY_RETURN] = "DUE TO OUR INTERNAL POLICY",
    [POLICY_REJECT] = "DUE TO OUR INTERNAL POLICY",
    [POLICY_FREEZE] = "BLOCKED",
};

/* One policy's answer as it is being given; base is what the policy sees. */
struct verdict {
    struct policy_verdict base;
    struct facts *facts;
    struct arena *arena;
    const char *policy;        /* its label */
    struct fired_rule *first;  /* of this policy */
    struct fired_rule *last;   /* evidence goes here; NULL before the first rule */
    struct evidence *evidence; /* the last one of the last rule */
    const char *failure;       /* the first thing that went wrong; NULL: nothing */
};

/* Strings of a plugin: NULL is "" (a slip, not a reason to crash). */
static const char *
copied(struct arena *arena, const char *text)
{
    return text && text[0] ? arena_copy(arena, text, strlen(text)) : "";
}

static struct policy_reason
copied_reason(struct arena *arena, struct policy_reason reason)
{
    return (struct policy_reason){copied(arena, reason.code), copied(arena, reason.text)};
}

static double
clamped(double score)
{
    return score >= 0 ? fmin(score, 1) : 0; /* not a number is not sure */
}

static void
verdict_fail(struct policy_verdict *base, const char *why)
{
    struct verdict *verdict = (struct verdict *)base;

    if (!verdict->failure)
        verdict->failure =
            arena_printf(verdict->arena, "%s", why && why[0] ? why : "no reason given");
}

/* The rule's terms; NULL: it has none, or none that could be used, which is told. */
static const struct policy_terms *
verdict_terms(struct verdict *verdict, const struct policy_rule *rule)
{
    const char *fault;

    if (rule->size < RULE_SIZE_1_2 || !rule->terms)
        return NULL;
    fault = terms_fault(rule->terms);
    if (!fault)
        return terms_copy(verdict->arena, rule->terms);
    verdict_fail(&verdict->base, arena_printf(verdict->arena, "fired a rule with %s", fault));
    return NULL;
}

static void
verdict_fire(struct policy_verdict *base, const struct policy_rule *rule)
{
    struct verdict *verdict = (struct verdict *)base;
    struct fired_rule *fired;

    if (!rule || rule->size < RULE_SIZE_1_0 || !action_is_known(rule->action)) {
        verdict_fail(base, !rule                        ? "fired a rule that is NULL"
                           : rule->size < RULE_SIZE_1_0 ? "fired a rule of an unknown size"
                                                        : "fired a rule of an unknown action");
        return;
    }
    fired = arena_alloc(verdict->arena, sizeof(*fired));
    *fired = (struct fired_rule){
        .action = (enum policy_action)rule->action,
        .policy = verdict->policy,
        .id = copied(verdict->arena, rule->id),
        .title = copied(verdict->arena, rule->title),
        .reason = copied_reason(verdict->arena, rule->reason),
        .disclosed = copied_reason(verdict->arena, rule->disclosed),
        .score = clamped(rule->score),
        .terms = verdict_terms(verdict, rule),
    };
    if (fired->reason.code[0] == '\0' && fired->action > POLICY_ACCEPT) /* D2 */
        fired->reason.code = REASON_OTHER;
    if (fired->disclosed.code[0] == '\0')
        fired->disclosed = fired->reason;
    if (verdict->last)
        verdict->last->next = fired;
    else
        verdict->first = fired;
    verdict->last = fired;
    verdict->evidence = NULL;
}

static void
verdict_add(struct verdict *verdict, struct evidence evidence)
{
    struct evidence *added = arena_alloc(verdict->arena, sizeof(*added));

    *added = evidence;
    if (verdict->evidence)
        verdict->evidence->next = added;
    else
        verdict->last->because = added;
    verdict->evidence = added;
}

static void
verdict_because(struct policy_verdict *base, const char *pointer, const char *value)
{
    struct verdict *verdict = (struct verdict *)base;

    if (!verdict->last) {
        verdict_fail(base, "gave evidence before any rule");
        return;
    }
    verdict_add(verdict, (struct evidence){.pointer = copied(verdict->arena, pointer),
                                           .value = copied(verdict->arena, value),
                                           .role = "",
                                           .tier = ""});
}

/* "goods/17", once a line and decision: worth not asking printf for. */
static const char *
goods_pointer(struct arena *arena, uint32_t line)
{
    char text[] = "goods/4294967295", *digits = text + sizeof("goods/") - 1;
    char *end = digits, *first = digits;

    do
        *end++ = (char)('0' + line % 10);
    while (line /= 10);
    for (char *last = end - 1; first < last; first++, last--) {
        char swapped = *first;

        *first = *last;
        *last = swapped;
    }
    return arena_copy(arena, text, (size_t)(end - text));
}

static void
verdict_because_goods(struct policy_verdict *base, uint32_t line)
{
    struct verdict *verdict = (struct verdict *)base;
    const struct policy_payment *payment = verdict->facts->payment;
    const struct policy_goods_fact *fact;
    const struct policy_goods *goods;

    if (!verdict->last || line >= payment->goods_count) {
        verdict_fail(base, verdict->last ? "gave a goods line that is not there as evidence"
                                         : "gave evidence before any rule");
        return;
    }
    fact = verdict->facts->base.goods(&verdict->facts->base, line);
    goods = payment->goods[line];
    verdict_add(verdict,
                (struct evidence){
                    .pointer = goods_pointer(verdict->arena, line),
                    .value = copied(verdict->arena,
                                    goods->hs_code[0] ? goods->hs_code : goods->description),
                    .role = fact->role,
                    .tier = fact->tier,
                });
}

static const struct fired_rule *
strictest_rule(const struct fired_rule *rule)
{
    const struct fired_rule *strictest = rule;

    for (; rule; rule = rule->next)
        if (rule->action > strictest->action)
            strictest = rule;
    return strictest;
}

/* Ask one policy.  A failure is recorded in verdict->failure (C3). */
static enum policy_action
verdict_ask(struct verdict *verdict, const struct policy *policy)
{
    const struct fired_rule *strictest;
    int answer;

    verdict->facts->alone = (policy->plugin->abi & 0xffff) < ABI_MINOR_ACROSS;
    answer = policy->plugin->check(policy->self, verdict->facts->payment, &verdict->facts->base,
                                   &verdict->base);
    strictest = strictest_rule(verdict->first);

    if (!action_is_known(answer))
        verdict_fail(&verdict->base,
                     arena_printf(verdict->arena, "answered %d, which is no action", answer));
    else if (strictest && (int)strictest->action > answer)
        verdict_fail(&verdict->base, "answered milder than a rule it fired");
    if (!verdict->failure)
        return (enum policy_action)answer;
    return strictest && strictest->action > POLICY_HOLD ? strictest->action : POLICY_HOLD;
}

void
decision_settle(struct decision *decision, enum policy_action action, const char *code,
                const char *text)
{
    decision->action = action;
    decision->score = 0;
    decision->policy = "";
    decision->terms = NULL;
    decision->reason = (struct policy_reason){code, text};
    decision->disclosed = (struct policy_reason){code, phrases[action]};
}

/* The policy behind verdict has the strictest answer so far: take its reason. */
static void
decision_take(struct decision *decision, const struct verdict *verdict,
              enum policy_action action)
{
    const struct fired_rule *rule = strictest_rule(verdict->first);

    if (verdict->failure && action == POLICY_HOLD) {
        decision_settle(decision, action, REASON_OTHER,
                        arena_printf(verdict->arena, "%s could not answer: %s", verdict->policy,
                                     verdict->failure));
    } else if (rule) {
        decision->action = action;
        decision->score = rule->score;
        decision->reason = rule->reason;
        decision->disclosed = rule->disclosed;
        decision->terms = rule->action == action ? rule->terms : NULL;
    } else if (action == POLICY_ACCEPT) {
        decision_settle(decision, action, "", "");
    } else {
        decision_settle(decision, action, REASON_OTHER,
                        arena_printf(verdict->arena, "%s gave no reason", verdict->policy));
    }
    decision->policy = verdict->policy;
}

/* Lists are built in order; these point at the end of each. */
struct tails {
    const struct fired_rule **rules;
    const struct policy_failure **failures;
};

static void
decision_record(struct decision *decision, const struct verdict *verdict, struct tails *tails)
{
    if (verdict->first) {
        *tails->rules = verdict->first;
        tails->rules = &verdict->last->next;
    }
    if (verdict->failure) {
        struct policy_failure *failure = arena_alloc(verdict->arena, sizeof(*failure));

        *failure = (struct policy_failure){verdict->policy, verdict->failure, NULL};
        *tails->failures = failure;
        tails->failures = &failure->next;
        decision->error_count++;
    }
}

static struct verdict
verdict_for(const struct policy *policy, struct facts *facts)
{
    return (struct verdict){
        .base = {.size = sizeof(struct policy_verdict),
                 .fire = verdict_fire,
                 .because = verdict_because,
                 .because_goods = verdict_because_goods,
                 .fail = verdict_fail},
        .facts = facts,
        .arena = facts->arena,
        .policy = policy->label,
    };
}

void
chain_judge(const struct chain *chain, struct facts *facts, struct decision *decision)
{
    struct tails tails = {&decision->rules, &decision->failures};

    assert(chain->default_action > POLICY_ABSTAIN); /* D1 */
    decision->action = POLICY_ABSTAIN;
    decision->rules = NULL;
    decision->failures = NULL;
    decision->error_count = 0;
    for (size_t i = 0; i < chain->count; i++) {
        struct verdict verdict = verdict_for(chain->policies[i], facts);
        enum policy_action action = verdict_ask(&verdict, chain->policies[i]);

        if (action > decision->action)
            decision_take(decision, &verdict, action);
        decision_record(decision, &verdict, &tails);
    }
    if (decision->action == POLICY_ABSTAIN)
        decision_settle(decision, chain->default_action,
                        chain->default_action == POLICY_ACCEPT ? "" : REASON_OTHER,
                        chain->default_action == POLICY_ACCEPT ? ""
                                                               : "the book's default action");
    decision->kits = facts->found_known ? facts->found.kits : NULL;
    decision->kit_count = facts->found_known ? facts->found.kit_count : 0;
    facts_screen(facts);
    decision->hits = facts->hits;
    decision->hit_count = facts->hit_count;
    decision->excepted = facts->excepted;
}
