/* course.c - draws how long things take and how they end. */
#include "policy/course.h"

#include <math.h>
#include <string.h>

#include "gateway/base/time.h"
#include "policy/chance.h"
#include "policy/request_codes.h"

#define DAY_MS (24 * 3600 * 1000.0)

/* Under which names chance is asked; no rule is called so, because of the colon. */
#define TERMS_CREDIT        "terms:accept"
#define TERMS_HOLD          "terms:hold"
#define TERMS_QUESTIONS     "terms:request_information"
#define TERMS_COMPLETE      "terms:complete"
#define TERMS_PARTIAL       "terms:partial"
#define TERMS_CONTRADICTORY "terms:contradictory"

/* Places in them. */
enum { SITE_LASTS, SITE_ENDS };

/* What stands where an end leaves a payment to people. */
static const struct course nothing = {.reason = {"", ""}, .disclosed = {"", ""}};
static const struct policy_reason held = {"NARR", "left to the bank's people"};
static const struct policy_reason held_disclosed = {"NARR", "UNDER REVIEW"};

/* -- spans -- */

/* Where in a triangle the part u of its area is reached. */
static double
triangle(const struct policy_span *span, double u)
{
    double width = span->most - span->least, rise = span->likely - span->least;

    if (width <= 0)
        return span->least;
    if (u * width < rise)
        return span->least + sqrt(u * width * rise);
    return span->most - sqrt((1 - u) * width * (width - rise));
}

/* In days.  One draw serves both: which part it falls into, and where in it. */
static double
span_draw(const struct course_of *of, const struct policy_span *span, const char *name)
{
    double u;

    if (span->tail_share <= 0 && span->least >= span->most)
        return span->least;
    u = chance_draw(of->seed, of->uetr, name, SITE_LASTS);
    if (u < span->tail_share)
        return span->tail_least + u / span->tail_share * (span->tail_most - span->tail_least);
    return triangle(span, (u - span->tail_share) / (1 - span->tail_share));
}

static int64_t
span_end(const struct course_of *of, const struct policy_span *span, const char *name,
         int64_t from_ms)
{
    double days = span_draw(of, span, name);
    int64_t end = span->bank_days ? calendar_add(of->calendar, from_ms, (unsigned)lround(days))
                                  : from_ms + llround(days * DAY_MS);

    if (end <= from_ms) /* W1 */
        end = from_ms + 1;
    return end < INSTANT_MAX_MS ? end : INSTANT_MAX_MS;
}

/* -- ends -- */

static struct course
end_course(const struct course_of *of, const struct policy_end *end, const char *name)
{
    bool met = end->share >= 1 || (end->share > 0 && chance_draw(of->seed, of->uetr, name,
                                                                 SITE_ENDS) < end->share);
    int action = met ? end->action : end->otherwise;
    bool given = met && end->reason.code[0] != '\0';

    if (action == POLICY_ACCEPT)
        return (struct course){
            .action = POLICY_ACCEPT, .reason = {"", ""}, .disclosed = {"", ""}};
    return (struct course){
        .action = (enum policy_action)action,
        .reason = given ? end->reason : held,
        .disclosed = !given                           ? held_disclosed
                     : end->disclosed.code[0] != '\0' ? end->disclosed
                                                      : end->reason,
    };
}

void
course_settle(const struct course_of *of, int64_t from_ms, struct course *out)
{
    *out = (struct course){
        .at_ms = span_end(of, of->terms->credit, TERMS_CREDIT, from_ms),
        .action = POLICY_ACCEPT,
        .reason = {"", ""},
        .disclosed = {"", ""},
    };
}

static void
hold_until(const struct course_of *of, const struct policy_span *lasts,
           const struct policy_end *ends, int64_t from_ms, struct course *out)
{
    *out = (struct course){.action = POLICY_HOLD, .reason = held, .disclosed = held_disclosed};
    if (!lasts || !ends)
        return;
    *out = end_course(of, ends, TERMS_HOLD);
    if (out->action != POLICY_HOLD) /* W2 */
        out->at_ms = span_end(of, lasts, TERMS_HOLD, from_ms);
}

void
course_hold(const struct course_of *of, int64_t from_ms, struct course *out)
{
    hold_until(of, of->terms->hold.lasts, of->terms->hold.ends, from_ms, out);
}

/* -- a decision's -- */

/* Each member is the rule's, or else the book's. */
static struct policy_terms
terms_of(const struct policy_terms *own, const struct policy_terms *book)
{
    if (!own)
        return *book;
    return (struct policy_terms){
        .size = sizeof(struct policy_terms),
        .lasts = own->lasts ? own->lasts : book->lasts,
        .ends = own->ends ? own->ends : book->ends,
        .complete = own->complete ? own->complete : book->complete,
        .partial = own->partial ? own->partial : book->partial,
        .contradictory = own->contradictory ? own->contradictory : book->contradictory,
    };
}

static bool
rule_asks(const struct fired_rule *rule)
{
    return rule->action == POLICY_REQUEST_INFORMATION && rule->terms;
}

/* What every rule that fired asks, each once, in the order they fired; else the book's. */
static void
gather_asks(const struct course_of *of, struct arena *arena, struct decision *decision)
{
    const char **asks = arena_alloc(arena, REQUEST_CODES_MAX * sizeof(*asks));
    struct questions *questions = &decision->questions;

    questions->asks = asks;
    for (const struct fired_rule *rule = decision->rules; rule; rule = rule->next)
        for (uint32_t i = 0; rule_asks(rule) && i < rule->terms->ask_count; i++) {
            const char *ask = rule->terms->asks[i];
            size_t known = 0;

            while (known < questions->count && strcmp(asks[known], ask) != 0)
                known++;
            if (known == questions->count && known < REQUEST_CODES_MAX)
                asks[questions->count++] = ask;
        }
    if (questions->count > 0)
        return;
    questions->asks = of->terms->questions.asks;
    questions->count = of->terms->questions.ask_count;
}

static void
decide_questions(const struct course_of *of, int64_t now_ms, struct arena *arena,
                 struct decision *decision)
{
    struct policy_terms terms = terms_of(decision->terms, &of->terms->questions);

    gather_asks(of, arena, decision);
    decision->follows = end_course(of, terms.ends, TERMS_QUESTIONS);
    decision->follows.at_ms = span_end(of, terms.lasts, TERMS_QUESTIONS, now_ms);
    decision->questions.complete = end_course(of, terms.complete, TERMS_COMPLETE);
    decision->questions.partial = end_course(of, terms.partial, TERMS_PARTIAL);
    decision->questions.contradictory =
        end_course(of, terms.contradictory, TERMS_CONTRADICTORY);
}

static void
decide_credit(const struct course_of *of, int64_t now_ms, struct decision *decision)
{
    struct book_terms terms = *of->terms;
    struct course_of own = *of;

    if (decision->terms && decision->terms->lasts)
        terms.credit = decision->terms->lasts;
    own.terms = &terms;
    course_settle(&own, now_ms, &decision->follows);
}

void
course_decide(const struct course_of *of, const struct policy_payment *payment, int64_t now_ms,
              struct arena *arena, struct decision *decision)
{
    struct policy_terms terms;

    decision->follows = nothing;
    decision->questions = (struct questions){0};
    decision->charges_minor = 0;
    switch (decision->action) {
    case POLICY_ACCEPT:
        decide_credit(of, now_ms, decision);
        break;
    case POLICY_REQUEST_INFORMATION:
        decide_questions(of, now_ms, arena, decision);
        break;
    case POLICY_HOLD:
        terms = terms_of(decision->terms, &of->terms->hold);
        hold_until(of, terms.lasts, terms.ends, now_ms, &decision->follows);
        if (decision->error_count > 0 && decision->follows.action == POLICY_ACCEPT) /* W4 */
            decision->follows = nothing;
        break;
    case POLICY_RETURN:
        decision->charges_minor =
            book_charges(of->terms, payment->currency, payment->amount_minor);
        break;
    default:
        break;
    }
}
