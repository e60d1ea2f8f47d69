/* documents.c - a payer answers the bank's questions. */
#include "gateway/bank/documents.h"
#include "gateway/api/acts.h"

struct documents_call {
    struct api_act doing; /* first */
    struct documents documents;
};

static void
documents_reply(struct api_act *doing)
{
    struct documents_call *call = (struct documents_call *)doing;
    struct buffer out;

    if (doing->act.rc != 0) {
        api_act_fail(doing);
        return;
    }
    buffer_init(&out, doing->exchange->arena, 512);
    documents_write_result(&call->documents, &out);
    http_reply(doing->exchange, 200, API_JSON, out.data, out.len);
}

void
api_documents_create(struct http_exchange *exchange)
{
    struct documents_call *call = arena_zalloc(exchange->arena, sizeof(*call));
    struct payment_faults *faults = arena_zalloc(exchange->arena, sizeof(*faults));
    cJSON *json;

    faults->arena = exchange->arena;
    if (api_read_json(exchange, &json) != 0)
        return;
    if (documents_read(json, &call->documents.answers, faults) != 0) {
        api_fail_faults(exchange, "request", faults);
        return;
    }
    call->doing.reply = documents_reply;
    call->doing.act.decide = documents_decide;
    call->doing.act.context = &call->documents;
    call->doing.by_payer = true;
    api_act(exchange, &call->doing);
}
