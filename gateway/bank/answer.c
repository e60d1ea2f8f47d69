/* answer.c - writes a decision, straight into the buffer. */
#include "gateway/bank/answer.h"
#include "gateway/bank/life_event.h"

#include <string.h>

#include "gateway/base/time.h"
#include "gateway/payment/money.h"
#include "policy/request_codes.h"
#include "policy/screening/roster.h"

const char *
answer_disclosed_code(const struct decision *decision)
{
    if (decision->disclosed.code[0] != '\0')
        return decision->disclosed.code;
    if (decision->reason.code[0] != '\0')
        return decision->reason.code;
    return action_answer(decision->action)->default_code;
}

static void
write_iso20022(const struct decision *decision, struct buffer *out)
{
    const struct iso20022_answer *answer = action_answer(decision->action);

    json_key(out, "iso20022");
    json_open(out, '{');
    json_member(out, "message", answer->message);
    json_member_or_null(out, "transaction_status", answer->transaction_status);
    json_member_or_null(out, "reason_code", answer_disclosed_code(decision));
    json_close(out, '}');
}

/* "goods/0 854231 processor (tier 1)" */
static void
write_evidence(const struct evidence *evidence, struct buffer *out)
{
    const char *parts[8];
    size_t count = 0;

    parts[count++] = evidence->pointer;
    if (evidence->value[0] != '\0') {
        parts[count++] = " ";
        parts[count++] = evidence->value;
    }
    if (evidence->role[0] != '\0') {
        parts[count++] = " ";
        parts[count++] = evidence->role;
    }
    if (evidence->tier[0] != '\0') {
        parts[count++] = " (tier ";
        parts[count++] = evidence->tier;
        parts[count++] = ")";
    }
    json_string_parts(out, parts, count);
}

static void
write_reason(const struct policy_reason *reason, struct buffer *out)
{
    json_key(out, "reason");
    if (reason->code[0] == '\0') {
        json_null(out);
        return;
    }
    json_open(out, '{');
    json_member(out, "code", reason->code);
    json_member(out, "text", reason->text);
    json_close(out, '}');
}

static void
write_instant(const char *key, int64_t at_ms, struct buffer *out)
{
    char text[INSTANT_TEXT_SIZE];

    instant_print(at_ms, text);
    json_member(out, key, text);
}

static void
write_follows(const struct decision *decision, struct buffer *out)
{
    json_key(out, "follows");
    if (decision->follows.at_ms != 0)
        course_write(&decision->follows, out);
    else
        json_null(out);
}

/* Only there where something is asked: what, until when, and what each answer leads to. */
static void
write_questions(const struct decision *decision, struct buffer *out)
{
    const struct questions *questions = &decision->questions;
    const struct {
        const char *key;
        const struct course *course;
    } answers[] = {{"complete", &questions->complete},
                   {"partial", &questions->partial},
                   {"contradictory", &questions->contradictory}};

    if (questions->count == 0)
        return;
    json_key(out, "questions");
    json_open(out, '{');
    json_key(out, "asks");
    json_open(out, '[');
    for (size_t i = 0; i < questions->count; i++) {
        json_open(out, '{');
        json_member(out, "code", questions->asks[i]);
        json_member(out, "text", request_code_find(questions->asks[i])->text);
        json_close(out, '}');
    }
    json_close(out, ']');
    write_instant("deadline", decision->follows.at_ms, out);
    json_key(out, "answers");
    json_open(out, '{');
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        json_key(out, answers[i].key);
        course_write(answers[i].course, out);
    }
    json_close(out, '}');
    json_close(out, '}');
}

static void
write_rules(const struct fired_rule *rule, struct buffer *out)
{
    json_key(out, "rules");
    json_open(out, '[');
    for (; rule; rule = rule->next) {
        json_open(out, '{');
        json_member(out, "id", rule->id);
        json_member(out, "title", rule->title);
        json_member(out, "action", action_name(rule->action));
        json_member(out, "policy", rule->policy);
        json_key(out, "because");
        json_open(out, '[');
        for (const struct evidence *fact = rule->because; fact; fact = fact->next)
            write_evidence(fact, out);
        json_close(out, ']');
        json_close(out, '}');
    }
    json_close(out, ']');
}

static void
write_names(const char *key, const char *const *names, size_t count, struct buffer *out)
{
    json_key(out, key);
    json_open(out, '[');
    for (size_t i = 0; i < count; i++)
        json_string(out, names[i]);
    json_close(out, ']');
}

/* Only there where earlier payments have parts: each of these once. */
static void
write_across(const struct policy_kit *kit, struct buffer *out)
{
    if (kit->across_payments == 0)
        return;
    json_key(out, "across_payments");
    json_number(out, kit->across_payments);
    json_key(out, "from");
    json_open(out, '[');
    for (uint32_t i = 0; i < kit->part_count; i++) {
        uint32_t j = 0;

        while (j < i && strcmp(kit->part_from[j], kit->part_from[i]) != 0)
            j++;
        if (kit->part_from[i][0] != '\0' && j == i)
            json_string(out, kit->part_from[i]);
    }
    json_close(out, ']');
}

static void
write_kits(const struct decision *decision, struct buffer *out)
{
    json_key(out, "kits");
    json_open(out, '[');
    for (size_t i = 0; i < decision->kit_count; i++) {
        const struct policy_kit *kit = decision->kits[i];

        json_open(out, '{');
        json_member(out, "kit", kit->kit);
        json_key(out, "coverage");
        json_number(out, kit->coverage);
        write_names("parts", kit->parts, kit->part_count, out);
        write_names("missing", kit->missing, kit->missing_count, out);
        write_across(kit, out);
        json_close(out, '}');
    }
    json_close(out, ']');
}

static void
write_hit(const struct policy_hit *hit, struct buffer *out)
{
    json_member(out, "list", hit->list);
    json_member(out, "entry", hit->entry);
    json_member(out, "field", hit->field);
    json_member(out, "query", hit->query);
    json_member(out, "matched", hit->matched);
    json_key(out, "score");
    json_number(out, hit->score);
}

void
answer_write_hits(const struct policy_hit *const *hits, size_t count, struct buffer *out)
{
    json_open(out, '[');
    for (size_t i = 0; i < count; i++) {
        json_open(out, '{');
        write_hit(hits[i], out);
        json_close(out, '}');
    }
    json_close(out, ']');
}

/* Only there where an officer's exception took a hit out: it is not passed over in silence. */
static void
write_excepted(const struct roster_exception *exception, struct buffer *out)
{
    if (!exception)
        return;
    json_key(out, "excepted");
    json_open(out, '[');
    for (; exception; exception = exception->next) {
        json_open(out, '{');
        write_hit(&exception->hit, out);
        json_member(out, "good_guy", exception->good_guy);
        json_close(out, '}');
    }
    json_close(out, ']');
}

/* Only there when a policy could not answer: then the payment is held. */
static void
write_failures(const struct decision *decision, struct buffer *out)
{
    if (decision->error_count == 0)
        return;
    json_key(out, "errors");
    json_open(out, '[');
    for (const struct policy_failure *failure = decision->failures; failure;
         failure = failure->next) {
        json_open(out, '{');
        json_member(out, "policy", failure->policy);
        json_member(out, "error", failure->why);
        json_close(out, '}');
    }
    json_close(out, ']');
}

static void
write_bank(const struct policy_agent *agent, const struct policy_bank *bank, struct buffer *out)
{
    json_key(out, "bank");
    json_open(out, '{');
    json_member(out, "bic", bank ? bank->bic : agent->bic);
    json_member_or_null(out, "class", bank ? bank->bank_class : NULL);
    json_close(out, '}');
}

static void
write_decision(const struct payment *payment, const struct decision *decision,
               struct buffer *out)
{
    json_key(out, "decision");
    json_open(out, '{');
    json_member(out, "action", action_name(decision->action));
    json_key(out, "score");
    json_number(out, decision->score);
    write_bank(payment->record.creditor_agent, decision->bank, out);
    json_member(out, "snapshot", decision->snapshot);
    json_member_or_null(out, "regime", decision->regime_from);
    json_member_or_null(out, "pack", decision->policy);
    write_reason(&decision->reason, out);
    write_follows(decision, out);
    write_questions(decision, out);
    write_rules(decision->rules, out);
    write_kits(decision, out);
    json_key(out, "hits");
    answer_write_hits(decision->hits, decision->hit_count, out);
    write_excepted(decision->excepted, out);
    if (decision->decisive)
        write_names("decisive", decision->decisive, decision->decisive_count, out);
    write_failures(decision, out);
    if (payment->simulate.duplicate_webhook) { /* for who delivers: last, so easily found */
        json_key(out, "duplicate_webhook");
        json_bool(out, true);
    }
    json_close(out, '}');
}

void
answer_write_returned(const char *currency, int64_t amount_minor, int64_t charges_minor,
                      struct buffer *out)
{
    char text[MONEY_TEXT_SIZE];

    json_open(out, '{');
    json_member(out, "currency", currency);
    money_print(amount_minor - charges_minor, currency, text);
    json_member(out, "value", text);
    money_print(charges_minor, currency, text);
    json_member(out, "charges", text);
    json_close(out, '}');
}

/* What the payer may do, or gets: of questions and of a return alone. */
static void
write_for_payer(const struct payment *payment, const struct decision *decision,
                struct buffer *out)
{
    if (decision->questions.count > 0) {
        write_names("requested", decision->questions.asks, decision->questions.count, out);
        write_instant("answer_by", decision->follows.at_ms, out);
    }
    if (decision->action == POLICY_RETURN) {
        json_key(out, "returned");
        answer_write_returned(payment->record.currency, payment->record.amount_minor,
                              decision->charges_minor, out);
    }
}

void
answer_write(const char *id, const struct payment *payment, const struct decision *decision,
             int64_t decided_at_ms, struct buffer *out)
{
    enum payment_state state = action_state(decision->action);
    char decided_at[INSTANT_TEXT_SIZE];

    instant_print(decided_at_ms, decided_at);
    json_open(out, '{');
    json_member_if(out, "id", id);
    json_member(out, "uetr", payment->record.uetr);
    json_member(out, "outcome", payment_outcome_name(payment_outcome(state)));
    json_member(out, "state", payment_state_name(state));
    write_iso20022(decision, out);
    json_member_or_null(out, "disclosed_reason", decision->disclosed.text);
    json_member(out, "decided_at", decided_at);
    write_for_payer(payment, decision, out);
    write_decision(payment, decision, out);
    json_close(out, '}');
}
