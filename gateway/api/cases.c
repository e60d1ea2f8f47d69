/* cases.c - the queue of cases, one of them, and each step that people take in it. */
#include <stddef.h>
#include <string.h>

#include "gateway/api/acts.h"
#include "gateway/bank/cases.h"
#include "gateway/payment/steps_json.h"

/* The last segment of the path of each step. */
static const struct {
    const char *name;
    enum case_verb verb;
    enum step_kind kind;
    enum policy_action action; /* of a decision: whose message carries its codes */
} steps[] = {
    {"notes", CASE_NOTE, STEP_NOTE, POLICY_ABSTAIN},
    {"disposition", CASE_DISPOSE, STEP_DISPOSITION, POLICY_ABSTAIN},
    {"release", CASE_RELEASE, STEP_DECISION, POLICY_ACCEPT},
    {"return", CASE_RETURN, STEP_DECISION, POLICY_RETURN},
    {"reject", CASE_REJECT, STEP_DECISION, POLICY_REJECT},
    {"freeze", CASE_FREEZE, STEP_DECISION, POLICY_FREEZE},
};

struct step_call {
    struct api_act doing; /* first */
    struct case_step step;
};

static void
step_reply(struct api_act *doing)
{
    struct step_call *call = (struct step_call *)doing;
    struct http_exchange *exchange = doing->exchange;
    struct buffer out;

    if (doing->act.rc != 0) {
        api_act_fail(doing);
        return;
    }
    buffer_init(&out, exchange->arena, doing->act.view_len + 1024);
    case_write(&call->step.facts, doing->act.view, doing->act.view_len,
               clock_now(bank_clock(api_bank(exchange))), true, &out);
    http_reply(exchange, 200, API_JSON, out.data, out.len);
}

/* Which step a route is for: its path ends in the name. */
static size_t
step_of(const struct http_route *route)
{
    const char *name = strrchr(route->path, '/') + 1;
    size_t i = 0;

    while (strcmp(steps[i].name, name) != 0)
        i++;
    return i;
}

void
api_cases_step(struct http_exchange *exchange)
{
    struct step_call *call = arena_zalloc(exchange->arena, sizeof(*call));
    struct payment_faults *faults = arena_zalloc(exchange->arena, sizeof(*faults));
    size_t i = step_of(exchange->route);
    struct step_body body;
    cJSON *json;

    faults->arena = exchange->arena;
    if (api_read_json(exchange, &json) != 0)
        return;
    if (step_read(json, steps[i].kind, steps[i].action, &body, faults) != 0) {
        api_fail_faults(exchange, "request", faults);
        return;
    }
    call->step = (struct case_step){.verb = steps[i].verb,
                                    .text = body.text,
                                    .reason = body.reason,
                                    .disclosed = body.disclosed};
    if (steps[i].kind == STEP_DISPOSITION &&
        !disposition_parse(body.disposition, &call->step.disposition)) {
        http_problem(exchange, 500, "a disposition was read that the bank does not know");
        return;
    }
    call->doing.reply = step_reply;
    call->doing.act.decide = case_decide;
    call->doing.act.context = &call->step;
    api_act(exchange, &call->doing);
}

/* -- reading -- */

struct cases_call {
    struct http_exchange *exchange;
    struct case_query query;
    struct http_task task;
};

static void
query_reply(struct http_task *task)
{
    struct cases_call *call =
        (struct cases_call *)(void *)((char *)task - offsetof(struct cases_call, task));
    struct case_query *query = &call->query;
    struct buffer out;

    if (query->rc != 0) {
        api_fail(call->exchange, &query->err);
    } else if (query->one) {
        http_reply(call->exchange, 200, API_JSON, query->text.data, query->text.len);
    } else {
        buffer_init(&out, call->exchange->arena, query->text.len + 64);
        json_open(&out, '{');
        json_key(&out, "data");
        json_raw(&out, query->text.data, query->text.len);
        json_key(&out, "next_cursor");
        if (query->next_seq)
            json_string(
                &out, arena_printf(out.arena, "%016llx", (unsigned long long)query->next_seq));
        else
            json_null(&out);
        json_close(&out, '}');
        http_reply(call->exchange, 200, API_JSON, out.data, out.len);
    }
}

static void
query_done(struct case_query *query)
{
    struct cases_call *call =
        (struct cases_call *)(void *)((char *)query - offsetof(struct cases_call, query));

    call->task.run = query_reply;
    http_post(call->exchange->worker, &call->task);
}

static struct cases_call *
call_new(struct http_exchange *exchange)
{
    struct cases_call *call = arena_zalloc(exchange->arena, sizeof(*call));

    call->exchange = exchange;
    call->query.arena = exchange->arena;
    call->query.done = query_done;
    return call;
}

void
api_cases_get(struct http_exchange *exchange)
{
    struct cases_call *call = call_new(exchange);
    struct http_slice id = exchange->params[0];

    call->query.one = true;
    if (!ident_parse(arena_copy(exchange->arena, id.data, id.len), &call->query.id)) {
        http_problem(exchange, 404, "no case has this id");
        return;
    }
    bank_cases(api_bank(exchange), &call->query);
}

void
api_cases_list(struct http_exchange *exchange)
{
    struct cases_call *call = call_new(exchange);
    const char *fault = api_read_cases_query(exchange, &call->query);

    if (fault)
        http_problem(exchange, 400, fault);
    else
        bank_cases(api_bank(exchange), &call->query);
}
