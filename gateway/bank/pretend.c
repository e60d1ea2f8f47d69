/* pretend.c - from a wish to an action, its reason, and what follows. */
#include "gateway/bank/pretend.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/payment/codes.h"
#include "gateway/payment/life.h"

#define SIMULATED "simulated as asked"

/* What a simulated outcome does, by enum payment_outcome. */
static const enum policy_action by_outcome[OUTCOME_COUNT] = {
    [OUTCOME_APPROVED] = POLICY_ACCEPT,
    [OUTCOME_HELD] = POLICY_HOLD,
    [OUTCOME_BLOCKED] = POLICY_REJECT,
};

/* The code of an action whose wish names none. */
static const char *const codes[POLICY_FREEZE + 1] = {
    [POLICY_ACCEPT] = "",     [POLICY_REQUEST_INFORMATION] = "NARR",
    [POLICY_HOLD] = "NARR",   [POLICY_RETURN] = "NARR",
    [POLICY_REJECT] = "NARR", [POLICY_FREEZE] = "AM07",
};

/* What is asked where a wish is all there is to ask about: what are the goods? */
static const char *const asks[] = {"RQSG/RQHS"};

bool
bank_pretends(const struct bank *bank, const struct payment *payment,
              const struct decision *decision)
{
    const struct payment_simulate *wish = &payment->simulate;

    return bank->simulate && (wish->outcome[0] != '\0' || wish->reason_code[0] != '\0') &&
           decision->error_count == 0; /* F1 */
}

static enum policy_action
pretend_action(const struct payment_simulate *wish, enum policy_action judged)
{
    enum payment_outcome before = payment_outcome(action_state(judged)), outcome = before;
    enum policy_action action = judged;
    const char *code = wish->reason_code;

    if (wish->action[0] != '\0') {
        if (!action_parse(wish->action, &action))
            abort(); /* payment_read() has checked it */
        return action;
    }
    if (wish->outcome[0] != '\0' && !payment_outcome_parse(wish->outcome, &outcome))
        abort(); /* likewise */
    if (code[0] != '\0' && wish->outcome[0] == '\0' && outcome == OUTCOME_APPROVED)
        outcome = OUTCOME_BLOCKED; /* a reason to refuse, of what would have passed */
    if (outcome != before || wish->outcome[0] != '\0')
        action = by_outcome[outcome];
    if (outcome == OUTCOME_BLOCKED && code[0] != '\0')
        action = code_is_status_reason(code) ? POLICY_REJECT : POLICY_RETURN;
    return action;
}

/* How the hold that was asked for ends. */
static void
pretend_end(const struct payment_simulate *wish, int64_t now_ms, struct course *follows)
{
    const char *then = wish->hold.then, *code = wish->reason_code;
    bool back = strcmp(then, "return") == 0;

    *follows = (struct course){.at_ms = now_ms + wish->hold.for_ms};
    if (strcmp(then, "release") == 0) {
        follows->action = POLICY_ACCEPT;
        follows->reason = (struct policy_reason){"", ""};
    } else {
        follows->action = back ? POLICY_RETURN : POLICY_REJECT;
        if (!(back ? code_is_return_reason : code_is_status_reason)(code))
            code = codes[follows->action];
        follows->reason = (struct policy_reason){code, SIMULATED};
    }
    follows->disclosed = follows->reason;
}

/* F2 */
static void
pretend_course(const struct bank *bank, const struct snapshot *snapshot,
               const struct payment *payment, int64_t now_ms, struct arena *arena,
               struct decision *decision)
{
    const struct payment_simulate *wish = &payment->simulate;

    snapshot_follow(snapshot, &payment->record, now_ms, bank->seed, arena, decision);
    if (wish->hold.then[0] != '\0')
        pretend_end(wish, now_ms, &decision->follows);
    if (decision->action == POLICY_REQUEST_INFORMATION && decision->questions.count == 0) {
        decision->questions.asks = asks;
        decision->questions.count = 1;
    }
}

void
bank_pretend(const struct bank *bank, const struct snapshot *snapshot,
             const struct payment *payment, int64_t now_ms, struct arena *arena,
             struct decision *decision)
{
    const struct payment_simulate *wish = &payment->simulate;
    struct fired_rule *rule = arena_zalloc(arena, sizeof(*rule));
    const char *code = wish->reason_code;

    decision->action = pretend_action(wish, decision->action);
    if (decision->action <= POLICY_ACCEPT)
        code = "";
    else if (code[0] == '\0')
        code = codes[decision->action];
    decision->reason = (struct policy_reason){code, code[0] != '\0' ? SIMULATED : ""};
    decision->disclosed = decision->reason;
    decision->policy = "simulate";
    decision->terms = NULL; /* the book's */
    decision->score = 1;
    *rule = (struct fired_rule){
        .action = decision->action,
        .policy = "simulate",
        .id = "SIMULATE",
        .title = "the request asked for this outcome",
        .reason = decision->reason,
        .disclosed = decision->disclosed,
        .score = 1,
        .next = decision->rules,
    };
    decision->rules = rule;
    pretend_course(bank, snapshot, payment, now_ms, arena, decision);
}

int64_t
bank_delay_ms(const struct bank *bank, const struct payment *payment)
{
    return bank->simulate ? payment_delay_ms(payment, bank->seed) : 0;
}
