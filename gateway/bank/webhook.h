/* webhook.h - one webhook and its deliveries, for the files webhook*.c only. */
#ifndef GATEWAY_BANK_WEBHOOK_H
#define GATEWAY_BANK_WEBHOOK_H

#include <curl/curl.h>
#include <pthread.h>

#include "gateway/bank/signature.h"
#include "gateway/bank/webhooks.h"
#include "gateway/store/webhooks_store.h"

#define WEBHOOK_ID_SIZE  20 /* wh_ and 16 hexadecimal digits */
#define WEBHOOK_WHY_SIZE 160

/* Something for the webhooks' thread, from any other. */
struct webhooks_mail {
    struct webhooks_mail *next;
    void (*run)(struct webhooks *webhooks, struct webhooks_mail *mail);
};

/* An event that waits, without its text. */
struct webhook_item {
    uint64_t seq, payment;
    bool letter; /* it is a dead letter that is tried again */
};

/* One that is under way. */
struct delivery {
    struct webhooks_mail mail; /* first: of its page */
    struct webhook *webhook;   /* NULL: given up while the reader had it */
    struct delivery *next;
    struct webhook_item item;
    int attempts;
    int64_t due_ms; /* neither reading nor sending: when to go on */
    bool reading;
    bool doubled; /* delivered once, and a payment's simulate object asks for it twice */
    char *body;   /* NULL: not read yet */
    size_t body_len;
    struct events_page page;
    CURL *easy; /* sending */
    struct curl_slist *headers;
};

struct webhook {
    struct webhooks *webhooks;
    struct webhook *next;
    char id[WEBHOOK_ID_SIZE];
    char *url, *definition;
    char secret[SIGNATURE_SECRET_SIZE];
    struct signature_key key;
    struct event_filter filter;
    bool internal, disabled;
    int64_t created_ms;

    uint64_t scanned;           /* all up to here is in the queue, under way, or over */
    uint64_t saved;             /* the cursor on disk */
    struct webhook_item *queue; /* twice WEBHOOK_QUEUE_MAX, items[first .. first + count) */
    size_t first, count;
    struct delivery *open;
    size_t open_count;
    struct webhook_scan *scan; /* a page of the past that is being read */
    int64_t delivered, failed;
    char last_error[WEBHOOK_WHY_SIZE];
};

struct webhook_scan {
    struct webhooks_mail mail; /* first */
    struct webhook *webhook;   /* NULL: gone or disabled meanwhile */
    struct events_page page;
};

struct webhooks {
    struct events *events;
    struct reader *reader;
    struct webhooks_store *store;
    int64_t retry_ms;
    CURLM *multi;
    pthread_t thread;
    bool runs;
    struct events_feed feed;
    bool listening;    /* the feed is started */
    uint64_t position; /* what the feed has told of */
    int64_t followed_ms;
    struct webhook *first;
    size_t count;
    int64_t saved_ms;

    pthread_mutex_t lock; /* of what follows */
    struct webhooks_mail *mail, **mail_end;
    struct webhooks_request *requests, **requests_end;
    bool closing;
};

/* webhook.c */
struct webhook *webhook_new(struct webhooks *webhooks, const struct webhook_row *row,
                            struct error *err);
void webhook_free(struct webhook *webhook);
/* The page that is being read, if any, is not looked at when it comes. */
void webhook_give_up_scan(struct webhook *webhook);
/* What passes goes into the queue, as far as there is room. */
void webhook_look(struct webhook *webhook, const struct event_batch *batch);
/* Put in by seq, unless it is there or under way; false where the queue is full. */
bool webhook_put_again(struct webhook *webhook, const struct webhook_item *item);
/* Take the first whose payment is not under way. */
bool webhook_next(struct webhook *webhook, struct webhook_item *item);
/* All up to it is over. */
uint64_t webhook_cursor(const struct webhook *webhook);

/* webhook_send.c: begin, go on with what is due, give up; -1: nothing is due. */
void delivery_begin(struct webhook *webhook, const struct webhook_item *item);
int64_t deliveries_go_on(struct webhook *webhook, int64_t now_ms);
void deliveries_give_up(struct webhook *webhook);
/* What has come of those that were being sent; false: nothing yet of any. */
bool deliveries_collect(struct webhooks *webhooks);

/* webhooks.c */
void webhooks_post(struct webhooks *webhooks, struct webhooks_mail *mail);
void webhooks_disable(struct webhook *webhook);

/* webhooks_verbs.c */
void webhooks_answer(struct webhooks *webhooks, struct webhooks_request *request);

#endif
