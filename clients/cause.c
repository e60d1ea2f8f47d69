/* cause.c - the rule first, then the policy, then the book. */
#include "clients/cause.h"

#include <stdbool.h>
#include <string.h>

static const struct fired_rule *
rule_of(const struct decision *decision)
{
    const struct fired_rule *rule = decision->rules;

    while (rule && rule->action != decision->action)
        rule = rule->next;
    return rule;
}

static bool
has_failed(const struct decision *decision, const char *policy)
{
    const struct policy_failure *failure = decision->failures;

    while (failure && strcmp(failure->policy, policy) != 0)
        failure = failure->next;
    return failure != NULL;
}

struct cause
cause_of(const struct decision *decision)
{
    const struct fired_rule *rule = rule_of(decision);

    if (rule)
        return (struct cause){CAUSE_RULE, rule->id};
    if (decision->policy[0] != '\0')
        return has_failed(decision, decision->policy)
                   ? (struct cause){CAUSE_FAILURE, ""}
                   : (struct cause){CAUSE_NO_REASON, decision->policy};
    if (!decision->bank)
        return (struct cause){CAUSE_BANK, ""};
    return (struct cause){decision->regime_from[0] == '\0' ? CAUSE_REGIME
                          : decision->unguarded            ? CAUSE_NOBODY
                                                           : CAUSE_DEFAULT,
                          ""};
}

const char *
cause_words(struct cause cause)
{
    static const char *const words[] = {
        [CAUSE_FAILURE] = "could not answer",  [CAUSE_RULE] = "",
        [CAUSE_NO_REASON] = " without a rule", [CAUSE_BANK] = "bank not in the book",
        [CAUSE_REGIME] = "no regime in force", [CAUSE_NOBODY] = "no policy for the bank",
        [CAUSE_DEFAULT] = "default action",
    };

    return words[cause.kind];
}

void
cause_json(struct buffer *out, struct cause cause)
{
    if (cause.kind > CAUSE_RULE)
        json_member(out, "because",
                    arena_printf(out->arena, "%s%s", cause.name, cause_words(cause)));
}
