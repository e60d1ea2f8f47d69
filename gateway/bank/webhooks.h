/*
 * webhooks.h - events are told to whoever gave an address, by POST.
 *
 * After the Standard Webhooks convention: the headers webhook-id (evt_ and the event's seq),
 * webhook-timestamp (unix seconds) and webhook-signature (v1, and the base64 of HMAC-SHA256
 * over "id.timestamp.body" with the webhook's secret).  The body is the event's JSON.
 *
 *   W1  an event that passes a webhook's filter is delivered at least once: until it is, or
 *       is a dead letter on disk, the webhook's cursor on disk stands before it.
 *   W2  events of one payment go out in their order: the next one waits until the one before
 *       is delivered or dead.  Of different payments WEBHOOK_OPEN_MAX are under way at once.
 *   W3  any 2xx is success, 410 disables the webhook, all else (a redirect too) is tried
 *       again after the times of webhook_retries(), then it is a dead letter.
 *   W4  a slow or dead receiver takes no thread but the webhooks' own and no more memory
 *       than WEBHOOK_QUEUE_MAX events' numbers: what it was not told is read again from the
 *       store.  It slows neither a payment nor another webhook.
 *   W5  a webhook is acknowledged once it is on disk.
 */
#ifndef GATEWAY_BANK_WEBHOOKS_H
#define GATEWAY_BANK_WEBHOOKS_H

#include "gateway/bank/events.h"
#include "gateway/base/buffer.h"
#include "gateway/base/json.h"

#define WEBHOOKS_MAX        256
#define WEBHOOK_OPEN_MAX    8    /* deliveries under way or to be tried again */
#define WEBHOOK_QUEUE_MAX   4096 /* events that wait for one of these */
#define WEBHOOK_LOOK_MAX    128  /* of them, looked at for one whose payment is free */
#define WEBHOOK_TIMEOUT_MS  5000 /* connecting and answering together */
#define WEBHOOK_SAVE_MS     200  /* cursors are written no more often */
#define WEBHOOK_URL_MAX     1000
#define WEBHOOK_LETTERS_MAX 500 /* in one answer, and delivered again at once */
#define WEBHOOK_RETRY_MS    1000

struct webhooks;

struct webhooks_options {
    const char *path; /* of their file; NULL: kept in memory */
    struct events *events;
    struct reader *reader;
    int64_t retry_ms; /* the first wait, of which the others are multiples; 0: the usual */
};

/* -1 with *out set is possible: webhooks_free() in its turn, as after success. */
int webhooks_open(const struct webhooks_options *options, struct webhooks **out,
                  struct error *err) __attribute__((warn_unused_result));

/* Ends the thread; before the reader is closed.  Takes NULL. */
void webhooks_stop(struct webhooks *webhooks);
/* When writer, reader and events are no more.  Takes NULL. */
void webhooks_free(struct webhooks *webhooks);

/* The i-th wait before another attempt, in multiples of the first; 0 behind the last. */
int64_t webhook_retries(size_t i);

/* What somebody asks for who makes a webhook. */
struct webhook_wish {
    const char *url;
    const char *secret;     /* NULL: one is made */
    const char *definition; /* what it wants to be told, as JSON */
    struct event_filter filter;
    bool internal; /* the internal parts too */
};

/* -1: *pointer is the member at fault, err says why. */
int webhook_wish_read(const cJSON *json, struct arena *arena, struct webhook_wish *out,
                      const char **pointer, struct error *err)
    __attribute__((warn_unused_result));

enum webhooks_verb {
    WEBHOOKS_ADD,
    WEBHOOKS_LIST,
    WEBHOOKS_GET,
    WEBHOOKS_REMOVE,
    WEBHOOKS_LETTERS,
    WEBHOOKS_REDELIVER,
};

struct webhooks_request {
    struct arena *arena; /* lent */
    enum webhooks_verb verb;
    const char *id;
    struct webhook_wish wish; /* ADD */
    uint64_t after_seq;       /* LETTERS */
    void (*done)(struct webhooks_request *request);

    int rc;
    struct error err;
    struct buffer answer; /* JSON; empty for REMOVE */
    const char *made;     /* ADD: the id */

    struct webhooks_request *next;
};

/* done() comes once, on the webhooks' thread. */
void webhooks_submit(struct webhooks *webhooks, struct webhooks_request *request);

#endif
