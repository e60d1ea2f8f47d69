/* api.c - the table of routes, and what all resources share. */
#include "gateway/api/api.h"

#include <string.h>

#include "gateway/base/json.h"
#include "gateway/base/log.h"

/* Who may: the last column of the table.  A line without one is for nobody who needs a key. */
#define PAYER     ROLE_BIT(ROLE_PAYER)
#define REVIEWER  ROLE_BIT(ROLE_REVIEWER)
#define ANALYST   ROLE_BIT(ROLE_ANALYST)
#define OPERATOR  ROLE_BIT(ROLE_OPERATOR)
#define STAFF     (REVIEWER | ANALYST | OPERATOR)
#define ALL       (PAYER | STAFF)
#define EVERYBODY API_EVERYBODY /* without a key */

static const struct http_route routes[] = {
    /* clang-format off */
    { "POST",   "/v1/payments",                           HTTP_BODY_JSON,   api_payments_create,    PAYER | OPERATOR },
    { "GET",    "/v1/payments",                           HTTP_BODY_NONE,   api_payments_list,      ALL },
    { "POST",   "/v1/payments/batch",                     HTTP_BODY_NDJSON, api_payments_batch,     PAYER | OPERATOR },
    { "GET",    "/v1/payments/{id}",                      HTTP_BODY_NONE,   api_payments_get,       ALL },
    { "POST",   "/v1/payments/{id}/documents",            HTTP_BODY_JSON,   api_documents_create,   PAYER | OPERATOR },
    { "POST",   "/v1/payments/{id}/cancellation",         HTTP_BODY_JSON,   api_cancellations_create, PAYER | OPERATOR },
    { "POST",   "/v1/evaluations",                        HTTP_BODY_JSON,   api_evaluations_create, STAFF },
    { "POST",   "/v1/screenings",                         HTTP_BODY_JSON,   api_screenings_create,  STAFF },
    { "GET",    "/v1/policies",                           HTTP_BODY_NONE,   api_rollout,            ANALYST | OPERATOR },
    { "GET",    "/v1/policies/{name}",                    HTTP_BODY_NONE,   api_rollout,            ANALYST | OPERATOR },
    { "PUT",    "/v1/policies/{name}",                    HTTP_BODY_JSON,   api_rollout,            ANALYST | OPERATOR },
    { "GET",    "/v1/policies/{name}/text",               HTTP_BODY_NONE,   api_rollout,            ANALYST | OPERATOR },
    { "POST",   "/v1/policies/{name}/check",              HTTP_BODY_JSON,   api_rollout,            ANALYST | OPERATOR },
    { "POST",   "/v1/policies/{name}/shadow",             HTTP_BODY_JSON,   api_rollout,            ANALYST | OPERATOR },
    { "GET",    "/v1/policies/{name}/shadow",             HTTP_BODY_NONE,   api_rollout,            ANALYST | OPERATOR },
    { "DELETE", "/v1/policies/{name}/shadow",             HTTP_BODY_NONE,   api_rollout,            ANALYST | OPERATOR },
    { "POST",   "/v1/policies/{name}/activate",           HTTP_BODY_JSON,   api_rollout,            ANALYST | OPERATOR },
    { "POST",   "/v1/policies/{name}/rollback",           HTTP_BODY_JSON,   api_rollout,            ANALYST | OPERATOR },
    { "GET",    "/v1/policies/{name}/history",            HTTP_BODY_NONE,   api_rollout,            ANALYST | OPERATOR },
    { "GET",    "/v1/books",                              HTTP_BODY_NONE,   api_rollout,            ANALYST | OPERATOR },
    { "GET",    "/v1/books/{name}",                       HTTP_BODY_NONE,   api_rollout,            ANALYST | OPERATOR },
    { "PUT",    "/v1/books/{name}",                       HTTP_BODY_JSON,   api_rollout,            ANALYST | OPERATOR },
    { "GET",    "/v1/books/{name}/text",                  HTTP_BODY_NONE,   api_rollout,            ANALYST | OPERATOR },
    { "POST",   "/v1/books/{name}/check",                 HTTP_BODY_JSON,   api_rollout,            ANALYST | OPERATOR },
    { "POST",   "/v1/books/{name}/shadow",                HTTP_BODY_JSON,   api_rollout,            ANALYST | OPERATOR },
    { "GET",    "/v1/books/{name}/shadow",                HTTP_BODY_NONE,   api_rollout,            ANALYST | OPERATOR },
    { "DELETE", "/v1/books/{name}/shadow",                HTTP_BODY_NONE,   api_rollout,            ANALYST | OPERATOR },
    { "POST",   "/v1/books/{name}/activate",              HTTP_BODY_JSON,   api_rollout,            ANALYST | OPERATOR },
    { "POST",   "/v1/books/{name}/rollback",              HTTP_BODY_JSON,   api_rollout,            ANALYST | OPERATOR },
    { "GET",    "/v1/books/{name}/history",               HTTP_BODY_NONE,   api_rollout,            ANALYST | OPERATOR },
    { "GET",    "/v1/lists",                              HTTP_BODY_NONE,   api_rollout,            ANALYST | OPERATOR },
    { "GET",    "/v1/lists/good-guys",                    HTTP_BODY_NONE,   api_rollout,            ANALYST | OPERATOR },
    { "POST",   "/v1/lists/good-guys",                    HTTP_BODY_JSON,   api_rollout,            ANALYST | OPERATOR },
    { "GET",    "/v1/lists/good-guys/{id}",               HTTP_BODY_NONE,   api_rollout,            ANALYST | OPERATOR },
    { "DELETE", "/v1/lists/good-guys/{id}",               HTTP_BODY_NONE,   api_rollout,            ANALYST | OPERATOR },
    { "GET",    "/v1/lists/{name}",                       HTTP_BODY_NONE,   api_rollout,            ANALYST | OPERATOR },
    { "POST",   "/v1/lists/{name}/load",                  HTTP_BODY_JSON,   api_rollout,            ANALYST | OPERATOR },
    { "POST",   "/v1/lists/{name}/shadow",                HTTP_BODY_JSON,   api_rollout,            ANALYST | OPERATOR },
    { "GET",    "/v1/lists/{name}/shadow",                HTTP_BODY_NONE,   api_rollout,            ANALYST | OPERATOR },
    { "DELETE", "/v1/lists/{name}/shadow",                HTTP_BODY_NONE,   api_rollout,            ANALYST | OPERATOR },
    { "POST",   "/v1/lists/{name}/rollback",              HTTP_BODY_JSON,   api_rollout,            ANALYST | OPERATOR },
    { "GET",    "/v1/lists/{name}/history",               HTTP_BODY_NONE,   api_rollout,            ANALYST | OPERATOR },
    { "GET",    "/v1/snapshots",                          HTTP_BODY_NONE,   api_snapshots_list,     STAFF },
    { "GET",    "/v1/snapshots/{digest}",                 HTTP_BODY_NONE,   api_snapshots_get,      STAFF },
    { "GET",    "/v1/snapshots/{digest}/{kind}/{name}",   HTTP_BODY_NONE,   api_snapshots_text,     STAFF },
    { "PUT",    "/v1/lists/{name}/files/{file}",          HTTP_BODY_OCTETS, api_list_files_put,     ANALYST | OPERATOR },
    { "DELETE", "/v1/lists/{name}/files/{file}",          HTTP_BODY_NONE,   api_rollout,            ANALYST | OPERATOR },
    { "GET",    "/v1/cases",                              HTTP_BODY_NONE,   api_cases_list,         STAFF },
    { "GET",    "/v1/cases/{id}",                         HTTP_BODY_NONE,   api_cases_get,          STAFF },
    { "POST",   "/v1/cases/{id}/notes",                   HTTP_BODY_JSON,   api_cases_step,         STAFF },
    { "POST",   "/v1/cases/{id}/disposition",             HTTP_BODY_JSON,   api_cases_step,         REVIEWER },
    { "POST",   "/v1/cases/{id}/release",                 HTTP_BODY_JSON,   api_cases_step,         REVIEWER },
    { "POST",   "/v1/cases/{id}/return",                  HTTP_BODY_JSON,   api_cases_step,         REVIEWER },
    { "POST",   "/v1/cases/{id}/reject",                  HTTP_BODY_JSON,   api_cases_step,         REVIEWER },
    { "POST",   "/v1/cases/{id}/freeze",                  HTTP_BODY_JSON,   api_cases_step,         REVIEWER },
    { "GET",    "/v1/events",                             HTTP_BODY_NONE,   api_events,             ALL },
    { "GET",    "/v1/webhooks",                         HTTP_BODY_NONE,   api_webhooks,           OPERATOR },
    { "POST",   "/v1/webhooks",                         HTTP_BODY_JSON,   api_webhooks,           OPERATOR },
    { "GET",    "/v1/webhooks/{id}",                    HTTP_BODY_NONE,   api_webhooks,           OPERATOR },
    { "DELETE", "/v1/webhooks/{id}",                    HTTP_BODY_NONE,   api_webhooks,           OPERATOR },
    { "GET",    "/v1/webhooks/{id}/dead-letters",       HTTP_BODY_NONE,   api_webhooks,           OPERATOR },
    { "POST",   "/v1/webhooks/{id}/redeliver",          HTTP_BODY_NONE,   api_webhooks,           OPERATOR },
    { "GET",    "/v1/clock",                              HTTP_BODY_NONE,   api_clock_get,          ALL },
    { "POST",   "/v1/clock",                              HTTP_BODY_JSON,   api_clock_move,         OPERATOR },
    { "GET",    "/livez",                                 HTTP_BODY_NONE,   api_livez,              EVERYBODY },
    { "GET",    "/readyz",                                HTTP_BODY_NONE,   api_readyz,             EVERYBODY },
    { "GET",    "/metrics",                               HTTP_BODY_NONE,   api_metrics,            ANALYST | OPERATOR },
    { "GET",    "/openapi.json",                          HTTP_BODY_NONE,   api_openapi,            EVERYBODY },
    /* clang-format on */
};

const struct http_route *
api_routes(size_t *count)
{
    *count = sizeof(routes) / sizeof(routes[0]);
    return routes;
}

int
api_status(enum error_code code)
{
    switch (code) {
    case ERROR_INVALID:
        return 400;
    case ERROR_NOT_FOUND:
        return 404;
    case ERROR_CONFLICT:
        return 409;
    case ERROR_BUSY:
        return 503;
    case ERROR_INTERNAL:
    case ERROR_SETUP:
    case ERROR_NONE:
        break;
    }
    return 500;
}

const char *
api_sentence(struct arena *arena, const struct error *err)
{
    if (api_status(err->code) != 500)
        return arena_copy(arena, err->text, strlen(err->text));
    log_error("api.internal", "why=\"%s\"", err->text);
    return "the gateway could not do this; its log says why";
}

void
api_fail(struct http_exchange *exchange, const struct error *err)
{
    http_problem(exchange, api_status(err->code), api_sentence(exchange->arena, err));
}

void
api_fail_faults(struct http_exchange *exchange, const char *what,
                const struct payment_faults *faults)
{
    size_t shown = faults->count < PAYMENT_FAULTS_MAX ? faults->count : PAYMENT_FAULTS_MAX;
    struct http_problem_item *items = arena_alloc(exchange->arena, shown * sizeof(*items));
    const char *detail = arena_printf(exchange->arena, "the %s has %zu fault%s", what,
                                      faults->count, faults->count == 1 ? "" : "s");

    for (size_t i = 0; i < shown; i++)
        items[i] = (struct http_problem_item){faults->list[i].pointer, faults->list[i].detail};
    http_problem_list(exchange, 422, detail, items, shown);
}

int
api_read_payment(struct http_exchange *exchange, struct payment *payment)
{
    struct payment_faults faults;
    struct error err = {0};
    cJSON *json;

    faults.arena = exchange->arena;
    faults.count = 0;
    if (json_parse_request(exchange->arena, exchange->body.data, exchange->body.len, &json,
                           &err) != 0) {
        api_fail(exchange, &err);
        return -1;
    }
    if (payment_read(json, payment, &faults) != 0) {
        api_fail_faults(exchange, "payment", &faults);
        return -1;
    }
    if (payment->simulate.present && !bank_simulates(api_bank(exchange))) {
        http_problem_list(
            exchange, 422, "the payment has 1 fault",
            &(struct http_problem_item){"/simulate", "simulated faults are switched off here"},
            1);
        return -1;
    }
    return 0;
}

int
api_submit_status(const struct submission *submission, const char **pointer)
{
    *pointer = "";
    switch (submission->result) {
    case SUBMIT_STORED:
    case SUBMIT_REPLAYED:
        return 201;
    case SUBMIT_IN_FLIGHT:
        return 409;
    case SUBMIT_MISMATCH:
        return 422;
    case SUBMIT_NO_TIME:
        *pointer = "/created_at";
        return 422;
    case SUBMIT_BUSY:
    case SUBMIT_FAILED:
        break;
    }
    return submission->err.code == ERROR_BUSY ? 503 : 500;
}
