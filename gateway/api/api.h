/*
 * api.h - the resources of the HTTP interface, one file each.
 *
 * The only place in the gateway with HTTP status codes outside http/.  A
 * handler reads an exchange, asks the bank, and replies; what takes time comes
 * back to the exchange's worker by http_post().
 */
#ifndef GATEWAY_API_API_H
#define GATEWAY_API_API_H

#include "gateway/access/keys.h"
#include "gateway/api/feed.h"
#include "gateway/api/uploads.h"
#include "gateway/bank/bank.h"
#include "gateway/http/http.h"

#define API_JSON            "application/json"
#define API_LIST_MAX        500
#define API_LIST_DEFAULT    50
#define API_KEY_MAX         255 /* characters of an Idempotency-Key */
#define API_BATCH_LINES_MAX 100000
#define API_BATCH_LINE_MAX  262144 /* bytes */

#define API_EVERYBODY ~0u /* the mark of a route that needs no key */

/* http_options.context */
struct api {
    struct bank *bank;
    struct keys *keys;
    struct uploads uploads;
    struct feeds feeds;
};

static inline struct bank *
api_bank(const struct http_exchange *exchange)
{
    return ((struct api *)exchange->context)->bank;
}

static inline struct keys *
api_keys(const struct http_exchange *exchange)
{
    return ((struct api *)exchange->context)->keys;
}

static inline struct uploads *
api_uploads(const struct http_exchange *exchange)
{
    return &((struct api *)exchange->context)->uploads;
}

/* The table of routes: static, all of them.  The mark of each is the set of roles that may. */
const struct http_route *api_routes(size_t *count);

/*
 * http_options.enter (access.c): 401 without a key where keys are needed, 403 where the key's
 * role is not in the route's set, 400 where a query parameter comes again that may not.  From
 * then on it is known who calls.
 */
struct http_refusal api_enter(struct http_exchange *exchange);

/* Who calls, as long as the exchange lives; without keys "anonymous", who may do everything. */
const struct access_key *api_key(const struct http_exchange *exchange);

/* What an Idempotency-Key of this caller for that path is unique within. */
const char *api_key_scope(const struct http_exchange *exchange, const char *path);

/* Has the caller the role payer?  He is told less. */
bool api_is_payer(const struct http_exchange *exchange);

/* An answer as this caller may read it: bank/payer_view.h for a payer, for others as it is. */
void api_disclose(const struct http_exchange *exchange, struct arena *arena, const char **json,
                  size_t *len);

/* The status that an error answers with. */
int api_status(enum error_code code);

/*
 * What a client may read of err: its sentence, on the arena.  Of our own faults
 * the sentence goes to the log, and the client learns only that there was one.
 */
const char *api_sentence(struct arena *arena, const struct error *err);

/* The problem that err is. */
void api_fail(struct http_exchange *exchange, const struct error *err);

/* What the office refused, with every error of a check. */
void api_fail_rollout(struct http_exchange *exchange, const struct rollout_request *request);

/*
 * What comes with a request about a roll-out, into it; -1: a reply has been made.  A digest;
 * what is asked of a list that has come in (lists.c); an exception (good_guys.c).
 */
int api_take_digest(struct http_exchange *exchange, struct rollout_request *request,
                    const char *text) __attribute__((warn_unused_result));
int api_read_list_wish(struct http_exchange *exchange, struct rollout_request *request)
    __attribute__((warn_unused_result));
int api_read_good_guy(struct http_exchange *exchange, struct rollout_request *request)
    __attribute__((warn_unused_result));

/* The 422 that names every fault of a "payment" or the like. */
void api_fail_faults(struct http_exchange *exchange, const char *what,
                     const struct payment_faults *faults);

/* A payment as it came in a request: read whole, or a reply has been made and -1. */
int api_read_payment(struct http_exchange *exchange, struct payment *payment)
    __attribute__((warn_unused_result));

/*
 * What a submission ended in: the status, and for the refusals the sentence
 * (in submission->err) and the pointer it is about, "" for none.
 */
int api_submit_status(const struct submission *submission, const char **pointer);

/* One handler per line of the table, by resource. */
void api_payments_create(struct http_exchange *exchange);    /* payments.c */
void api_payments_get(struct http_exchange *exchange);       /* payments.c */
void api_payments_list(struct http_exchange *exchange);      /* payments_list.c */
void api_payments_batch(struct http_exchange *exchange);     /* batch.c */
void api_evaluations_create(struct http_exchange *exchange); /* evaluations.c */
void api_screenings_create(struct http_exchange *exchange);  /* screenings.c */
void api_rollout(struct http_exchange *exchange);        /* rollout.c: policies, books, lists */
void api_snapshots_list(struct http_exchange *exchange); /* rollout.c */
void api_snapshots_get(struct http_exchange *exchange);  /* rollout.c */
void api_snapshots_text(struct http_exchange *exchange); /* rollout.c */
void api_list_files_put(struct http_exchange *exchange); /* list_files.c */
void api_events(struct http_exchange *exchange);         /* events.c */
void api_webhooks(struct http_exchange *exchange);       /* webhooks.c */
void api_documents_create(struct http_exchange *exchange);     /* documents.c */
void api_cancellations_create(struct http_exchange *exchange); /* cancellations.c */
void api_cases_list(struct http_exchange *exchange);           /* cases.c */
void api_cases_get(struct http_exchange *exchange);            /* cases.c */
void api_cases_step(struct http_exchange *exchange);           /* cases.c: notes to freeze */
void api_clock_get(struct http_exchange *exchange);            /* clock.c */
void api_clock_move(struct http_exchange *exchange);           /* clock.c */
void api_livez(struct http_exchange *exchange);                /* operation.c */
void api_readyz(struct http_exchange *exchange);               /* operation.c */
void api_metrics(struct http_exchange *exchange);              /* operation.c */
void api_openapi(struct http_exchange *exchange);              /* operation.c */

#endif
