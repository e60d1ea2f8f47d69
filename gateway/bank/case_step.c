/* case_step.c - what people may do with a case, as a table; C1 to C5 of cases.h. */
#include <string.h>

#include "gateway/bank/cases.h"
#include "gateway/bank/follow.h"

#define BIT(disposition) (1u << DISPOSITION_##disposition)
#define ANY_DISPOSITION  (BIT(FALSE_POSITIVE) | BIT(TRUE_MATCH) | BIT(INCONCLUSIVE))

/* A decision: where it leads, and what must have been found before. */
static const struct decision_verb {
    const char *cause;
    enum payment_state held, awaiting; /* next, from these; from all others as from held */
    unsigned dispositions;             /* bits: one of these */
    const char *needs;                 /* said where another was given */
} verbs[] = {
    /* clang-format off */
    [CASE_RELEASE] = { "case_released", PAYMENT_RELEASED, PAYMENT_ACCEPTED, BIT(FALSE_POSITIVE),
                       "only a false_positive is released" },
    [CASE_RETURN]  = { "case_returned", PAYMENT_RETURNED, PAYMENT_RETURNED, ANY_DISPOSITION, "" },
    [CASE_REJECT]  = { "case_rejected", PAYMENT_REJECTED, PAYMENT_REJECTED, ANY_DISPOSITION, "" },
    [CASE_FREEZE]  = { "case_frozen",   PAYMENT_FROZEN,   PAYMENT_FROZEN,   BIT(TRUE_MATCH),
                       "only a true_match is frozen" },
    /* clang-format on */
};

/* Who takes back what he has recalled is told so (pacs.004). */
static const struct policy_reason recalled = {"FOCR", "FOLLOWING YOUR CANCELLATION REQUEST"};

static int
check_disposition(const struct decision_verb *verb, const struct dossier *dossier,
                  const char *reviewer, const char *actor, struct error *err)
{
    enum disposition disposition = disposition_of(dossier->stand.flags);

    if (!reviewer || disposition == DISPOSITION_NONE)
        return error_set(err, ERROR_CONFLICT,
                         "nobody has given this case a disposition yet; that comes first, and "
                         "another person decides");
    if (!(verb->dispositions >> disposition & 1))
        return error_set(err, ERROR_CONFLICT, "%s, and %s found this case %s", verb->needs,
                         reviewer, disposition_name(disposition));
    if (strcmp(reviewer, actor) == 0)
        return error_set(err, ERROR_CONFLICT,
                         "%s gave this case its disposition and cannot decide it as well; "
                         "another person must (four eyes)",
                         reviewer);
    return 0;
}

static int
case_move(const struct act *act, const struct case_step *step, const struct bank *bank,
          const struct snapshot *snapshot, const struct dossier *dossier,
          struct life_event *event, struct error *err)
{
    const struct decision_verb *verb = &verbs[step->verb];
    bool awaiting = dossier->stand.state == PAYMENT_AWAITING_INFORMATION;
    bool wanted_back = dossier->stand.flags & STAND_CANCELLATION;

    if (follow_move(bank, snapshot, dossier, awaiting ? verb->awaiting : verb->held, act->arena,
                    event, err) != 0)
        return -1;
    if (check_disposition(verb, dossier, case_reviewer(dossier, act->arena), act->actor, err) !=
        0)
        return -1;
    if (step->verb == CASE_FREEZE && !case_has_hits(dossier))
        return error_set(err, ERROR_CONFLICT,
                         "a payment is frozen only where a listed person has an interest, and "
                         "no list entry was hit here; return or reject it");
    if (step->verb == CASE_RELEASE && wanted_back)
        return error_set(err, ERROR_CONFLICT,
                         "the payer has asked to have this payment back; return, reject or "
                         "freeze it");
    event->cause = verb->cause;
    event->reason = step->reason;
    event->disclosed = step->disclosed;
    if (step->verb == CASE_RETURN && wanted_back && step->disclosed.code[0] == '\0')
        event->disclosed = recalled;
    return 0;
}

/* C2: what was found stands against what would follow; the case waits for its decision. */
static int
bar_approval(struct act *act, const struct dossier *dossier, struct life_event *event,
             struct error *err)
{
    struct course follows;

    if (!case_bars(act->sets))
        return 0;
    if (dossier_follows(dossier, act->arena, &follows, err) != 0)
        return -1;
    event->sets_follows = follows.at_ms != 0 && follows.action == POLICY_ACCEPT;
    return 0;
}

static int
case_dispose(struct act *act, const struct case_step *step, const struct dossier *dossier,
             struct life_event *event, struct error *err)
{
    if (!case_is_open(dossier->stand.state))
        return error_set(err, ERROR_CONFLICT,
                         "this case is closed, its payment is %s; it takes notes and no "
                         "disposition",
                         payment_state_name(dossier->stand.state));
    event->type = CASE_TYPE_DISPOSITION;
    event->cause = "case_disposition";
    event->internal = arena_printf(act->arena, ",\"disposition\":\"%s\"",
                                   disposition_name(step->disposition));
    act->clears = STAND_DISPOSITION;
    act->sets = (unsigned)step->disposition << STAND_DISPOSITION_SHIFT;
    return bar_approval(act, dossier, event, err);
}

int
case_decide(struct act *act, struct bank *bank, const struct snapshot *snapshot,
            const struct dossier *dossier, struct life_event *event, struct error *err)
{
    struct case_step *step = act->context;
    int rc = 0;

    if (!(dossier->stand.flags & STAND_CASE))
        return error_set(err, ERROR_NOT_FOUND, "this payment has no case");
    if (case_facts_read(snapshot, dossier, act->arena, &step->facts, err) != 0)
        return -1;
    if (step->verb == CASE_NOTE) {
        event->type = CASE_TYPE_NOTE;
        event->cause = "case_note";
    } else if (step->verb == CASE_DISPOSE) {
        rc = case_dispose(act, step, dossier, event, err);
    } else {
        rc = case_move(act, step, bank, snapshot, dossier, event, err);
        act->clears = STAND_CANCELLATION; /* it has its answer */
        step->facts.flags &= ~(unsigned)STAND_CANCELLATION;
    }
    event->text = step->text;
    return rc;
}
