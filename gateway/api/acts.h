/*
 * acts.h - what somebody does with one payment, from the request to the reply.
 *
 * Private to gateway/api.
 */
#ifndef GATEWAY_API_ACTS_H
#define GATEWAY_API_ACTS_H

#include <cjson/cJSON.h>

#include "gateway/api/api.h"
#include "gateway/bank/act.h"
#include "gateway/bank/cases.h"
#include "gateway/base/json.h"

/* On the exchange's arena, which waits for it. */
struct api_act {
    struct http_exchange *exchange;
    struct act act;
    struct http_task task;
    bool by_payer;                        /* who says no name is the payer, not "anonymous" */
    void (*reply)(struct api_act *doing); /* on the worker, with act.rc */
};

/*
 * Who acts.  While there are no keys: whoever the header Yuangate-Actor says, else
 * "anonymous"; NULL: no such name can be, and a reply has been made.
 */
const char *api_actor(struct http_exchange *exchange);

/* The body as JSON; -1: a reply has been made. */
int api_read_json(struct http_exchange *exchange, cJSON **json)
    __attribute__((warn_unused_result));

/* The payment is the path's {id}.  doing has reply, act.decide and act.context; the rest is 0. */
void api_act(struct http_exchange *exchange, struct api_act *doing);

/* The reply where act.rc is -1. */
void api_act_fail(const struct api_act *doing);

/* What GET /v1/cases asks for; NULL, or the sentence that says what is wrong with it. */
const char *api_read_cases_query(struct http_exchange *exchange, struct case_query *query);

#endif
