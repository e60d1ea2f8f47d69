/* cancellations.c - a payer asks for a payment back (camt.056). */
#include "gateway/api/acts.h"
#include "gateway/bank/recall.h"
#include "gateway/payment/steps_json.h"

struct recall_call {
    struct api_act doing; /* first */
    struct recall recall;
};

static void
recall_reply(struct api_act *doing)
{
    struct recall_call *call = (struct recall_call *)doing;
    struct buffer out;

    if (doing->act.rc != 0 && !call->recall.repeated) {
        api_act_fail(doing);
        return;
    }
    buffer_init(&out, doing->exchange->arena, 512);
    recall_write_result(&call->recall, &out);
    http_reply(doing->exchange, 200, API_JSON, out.data, out.len);
}

void
api_cancellations_create(struct http_exchange *exchange)
{
    struct recall_call *call = arena_zalloc(exchange->arena, sizeof(*call));
    struct payment_faults *faults = arena_zalloc(exchange->arena, sizeof(*faults));
    struct step_body body;
    cJSON *json;

    faults->arena = exchange->arena;
    if (api_read_json(exchange, &json) != 0)
        return;
    if (step_read(json, STEP_RECALL, POLICY_ABSTAIN, &body, faults) != 0) {
        api_fail_faults(exchange, "request", faults);
        return;
    }
    call->recall.reason = body.reason;
    call->doing.reply = recall_reply;
    call->doing.act.decide = recall_decide;
    call->doing.act.context = &call->recall;
    call->doing.by_payer = true;
    api_act(exchange, &call->doing);
}
