/* documents.c - all answers to a payment gathered, judged, and what follows carried out. */
#include "gateway/bank/documents.h"

#include <string.h>

#include "gateway/bank/bank_private.h"
#include "gateway/bank/cases.h"
#include "gateway/bank/follow.h"
#include "gateway/base/json.h"
#include "gateway/base/json_slice.h"

/* -- what was asked -- */

/* "questions" of the decision; *out is NULL where it has none. */
static int
read_questions(const struct dossier *dossier, struct arena *arena, cJSON **out,
               struct error *err)
{
    struct json_slice decision =
        json_slice_member(dossier->record.answer, dossier->record.answer_len, "decision");
    struct json_slice questions = json_slice_member(decision.data, decision.len, "questions");

    *out = NULL;
    return questions.data ? json_parse(arena, questions.data, questions.len, out, err) : 0;
}

static struct answers_asked
asked_in(const cJSON *questions, struct arena *arena)
{
    const cJSON *ask, *asks = cJSON_GetObjectItemCaseSensitive(questions, "asks");
    size_t most = (size_t)cJSON_GetArraySize(asks);
    const char **codes = arena_alloc(arena, (most + 1) * sizeof(*codes));
    struct answers_asked asked = {.codes = codes};

    cJSON_ArrayForEach(ask, asks)
    {
        const cJSON *code = cJSON_GetObjectItemCaseSensitive(ask, "code");

        if (cJSON_IsString(code))
            codes[asked.count++] = code->valuestring;
    }
    return asked;
}

static bool
was_asked(const struct answers_asked *asked, const char *request)
{
    for (size_t i = 0; i < asked->count; i++)
        if (strcmp(asked->codes[i], request) == 0)
            return true;
    return false;
}

/* Q1 of each answer. */
static int
check_requests(const struct answers_asked *asked, const struct document_answers *answers,
               struct arena *arena, struct error *err)
{
    struct buffer list;

    if (asked->count == 0) /* a record from before questions were kept: a person will look */
        return 0;
    for (uint32_t i = 0; i < answers->count; i++) {
        if (was_asked(asked, answers->list[i]->request))
            continue;
        buffer_init(&list, arena, 128);
        for (size_t k = 0; k < asked->count; k++)
            buffer_printf(&list, "%s%s", k > 0 ? ", " : "", asked->codes[k]);
        return error_set(err, ERROR_INVALID,
                         "/answers/%u/request: %s was not asked of this payment, only %s", i,
                         answers->list[i]->request, buffer_terminate(&list));
    }
    return 0;
}

/* -- what was answered before -- */

static int
read_earlier(const struct dossier_event *event, struct arena *arena,
             struct document_answers *out, struct error *err)
{
    struct json_slice stored = json_slice_member(event->body, event->len, "documents");
    struct payment_faults *faults;
    cJSON *json;

    *out = (struct document_answers){0};
    if (!stored.data)
        return 0;
    faults = arena_zalloc(arena, sizeof(*faults));
    faults->arena = arena;
    if (json_parse(arena, stored.data, stored.len, &json, err) != 0)
        return -1;
    if (documents_read_list(json, out, faults) != 0)
        return error_set(err, ERROR_INTERNAL, "stored answers are none any more: %s %s",
                         faults->list[0].pointer, faults->list[0].detail);
    return 0;
}

/* J2: those of earlier events, and behind them the new ones. */
static int
gather(const struct dossier *dossier, const struct document_answers *now, struct arena *arena,
       struct document_answers *all, struct error *err)
{
    size_t room = (DOCUMENTS_POSTS_MAX + 1) * DOCUMENTS_ANSWERS_MAX, posts = 0;
    const struct document_answer **list = arena_alloc(arena, room * sizeof(*list));

    *all = (struct document_answers){.list = list};
    for (size_t i = 0; i < dossier->event_count; i++) {
        struct document_answers earlier;

        if (read_earlier(&dossier->events[i], arena, &earlier, err) != 0)
            return -1;
        if (earlier.count > 0 && ++posts >= DOCUMENTS_POSTS_MAX)
            return error_set(err, ERROR_CONFLICT,
                             "this payment has been answered %d times already; no more "
                             "answers are taken, a person will look at it",
                             DOCUMENTS_POSTS_MAX);
        for (uint32_t k = 0; k < earlier.count; k++)
            list[all->count++] = earlier.list[k];
    }
    for (uint32_t k = 0; k < now->count; k++)
        list[all->count++] = now->list[k];
    return 0;
}

/* -- what follows -- */

static struct policy_reason
reason_in(const cJSON *course, const char *name)
{
    const cJSON *reason = cJSON_GetObjectItemCaseSensitive(course, name);
    const cJSON *code = cJSON_GetObjectItemCaseSensitive(reason, "code");
    const cJSON *text = cJSON_GetObjectItemCaseSensitive(reason, "text");

    return (struct policy_reason){cJSON_IsString(code) ? code->valuestring : "",
                                  cJSON_IsString(text) ? text->valuestring : ""};
}

/* Q2, Q3: PAYMENT_AWAITING_INFORMATION where more is waited for. */
static enum payment_state
next_by(const cJSON *course, enum answers_verdict verdict)
{
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(course, "action");
    enum policy_action action;
    enum payment_state next;

    if (!cJSON_IsString(name) || !action_parse(name->valuestring, &action))
        return verdict == ANSWERS_PARTIAL ? PAYMENT_AWAITING_INFORMATION : PAYMENT_HELD;
    if (action == POLICY_REQUEST_INFORMATION)
        return PAYMENT_AWAITING_INFORMATION;
    next = action_follows(PAYMENT_AWAITING_INFORMATION, action);
    return next == PAYMENT_RECEIVED ? PAYMENT_HELD : next;
}

static int
carry_out(const struct bank *bank, const struct snapshot *snapshot,
          const struct dossier *dossier, const cJSON *questions, enum answers_verdict verdict,
          struct arena *arena, struct life_event *event, struct error *err)
{
    const cJSON *course = cJSON_GetObjectItemCaseSensitive(
        cJSON_GetObjectItemCaseSensitive(questions, "answers"), answers_verdict_name(verdict));
    enum payment_state next = next_by(course, verdict);
    bool barred = next == PAYMENT_ACCEPTED && case_bars(dossier->stand.flags);

    if (barred)
        next = PAYMENT_HELD;
    event->cause = arena_printf(arena, "answered_%s", answers_verdict_name(verdict));
    if (next == PAYMENT_AWAITING_INFORMATION) {
        event->type = "payment.documents";
        return 0;
    }
    if (follow_move(bank, snapshot, dossier, next, arena, event, err) != 0)
        return -1;
    if (barred)
        return 0;
    event->reason = reason_in(course, "reason");
    event->disclosed = reason_in(course, "disclosed");
    if (event->disclosed.code[0] == '\0')
        event->disclosed = event->reason;
    return 0;
}

/* -- the event -- */

static void
write_findings(const struct answers_judged *judged, struct buffer *out)
{
    json_key(out, "findings");
    json_open(out, '[');
    for (const struct answers_finding *found = judged->findings; found; found = found->next) {
        json_open(out, '{');
        json_member(out, "request", found->request);
        json_member(out, "finding", found->finding);
        json_member_if(out, "pointer", found->pointer);
        json_close(out, '}');
    }
    json_close(out, ']');
}

static void
fill_event(const struct documents *documents, struct arena *arena, struct life_event *event)
{
    struct buffer more, internal;

    buffer_init(&more, arena, 512);
    more.comma = true;
    json_key(&more, "documents");
    documents_write(&documents->answers, &more);
    event->more = buffer_terminate(&more);
    buffer_init(&internal, arena, 256);
    internal.comma = true;
    write_findings(&documents->judged, &internal);
    event->internal = buffer_terminate(&internal);
}

int
documents_decide(struct act *act, struct bank *bank, const struct snapshot *snapshot,
                 const struct dossier *dossier, struct life_event *event, struct error *err)
{
    struct documents *documents = act->context;
    struct document_answers all;
    struct answers_asked asked;
    struct payment *payment;
    cJSON *questions;

    if (dossier->stand.state != PAYMENT_AWAITING_INFORMATION)
        return error_set(err, ERROR_CONFLICT,
                         "this payment is %s and asks for no documents; only a payment that is "
                         "awaiting_information does",
                         payment_state_name(dossier->stand.state));
    if (dossier->stand.flags & STAND_CANCELLATION)
        return error_set(err, ERROR_CONFLICT,
                         "this payment was asked back and waits for a person's answer to that; "
                         "it takes no documents");
    if (read_questions(dossier, act->arena, &questions, err) != 0 ||
        bank_read_request(act->arena, &dossier->record, &payment, err) != 0)
        return -1;
    asked = asked_in(questions, act->arena);
    if (check_requests(&asked, &documents->answers, act->arena, err) != 0 ||
        gather(dossier, &documents->answers, act->arena, &all, err) != 0)
        return -1;
    answers_judge(payment, snapshot_goods_tables(snapshot), &asked, &all, act->arena,
                  &documents->judged);
    if (carry_out(bank, snapshot, dossier, questions, documents->judged.verdict, act->arena,
                  event, err) != 0)
        return -1;
    fill_event(documents, act->arena, event);
    documents->id = event->id;
    documents->uetr = event->uetr;
    documents->state = event->state;
    return 0;
}

void
documents_write_result(const struct documents *documents, struct buffer *out)
{
    const struct answers_judged *judged = &documents->judged;

    json_open(out, '{');
    json_member(out, "payment", documents->id);
    json_member(out, "uetr", documents->uetr);
    json_member(out, "outcome", payment_outcome_name(payment_outcome(documents->state)));
    json_member(out, "state", payment_state_name(documents->state));
    json_member(out, "completeness", answers_verdict_name(judged->verdict));
    json_key(out, "missing");
    json_open(out, '[');
    for (size_t i = 0; i < judged->missing_count; i++)
        json_string(out, judged->missing[i]);
    json_close(out, ']');
    json_key(out, "iso20022");
    json_open(out, '{');
    json_member(out, "message", "camt.111");
    json_member(out, "status",
                documents->state == PAYMENT_AWAITING_INFORMATION ? "PDNG" : "CLSD");
    json_close(out, '}');
    json_close(out, '}');
}
