/*
 * webhook_send.c - a delivery from the queue to its end.
 *
 *   begin --> reading --> sending --+-- 2xx: delivered
 *               ^            ^      +-- 410: the webhook is disabled
 *               |            |      +-- else: waiting, as long as attempts are left
 *            (reader busy)   +------------+            then: a dead letter
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "gateway/bank/life_event.h"
#include "gateway/bank/webhook.h"
#include "gateway/base/log.h"
#include "gateway/base/metrics.h"
#include "gateway/base/time.h"
#include "gateway/version.h"

#define READER_BUSY_MS 100
#define GONE           410

/* In multiples of the first: 1 s, 5 s, 30 s, 2 min, 10 min, 1 h. */
static const int64_t retries[] = {1, 5, 30, 120, 600, 3600};

#define RETRY_COUNT (sizeof(retries) / sizeof(retries[0]))

int64_t
webhook_retries(size_t i)
{
    return i < RETRY_COUNT ? retries[i] : 0;
}

static void
delivery_stop_sending(struct delivery *delivery)
{
    if (!delivery->easy)
        return;
    curl_multi_remove_handle(delivery->webhook->webhooks->multi, delivery->easy);
    curl_easy_cleanup(delivery->easy);
    curl_slist_free_all(delivery->headers);
    delivery->easy = NULL;
    delivery->headers = NULL;
}

/* It is not the webhook's any more; while the reader has it, it waits for that. */
static void
delivery_end(struct delivery *delivery)
{
    struct webhook *webhook = delivery->webhook;
    struct delivery **link = &webhook->open;

    delivery_stop_sending(delivery);
    while (*link != delivery)
        link = &(*link)->next;
    *link = delivery->next;
    webhook->open_count--;
    delivery->webhook = NULL;
    if (delivery->reading)
        return;
    free(delivery->body);
    free(delivery);
}

void
deliveries_give_up(struct webhook *webhook)
{
    while (webhook->open)
        delivery_end(webhook->open);
}

static void
delivery_bury(struct delivery *delivery)
{
    struct webhook *webhook = delivery->webhook;
    struct timespec now;
    struct error err = {0};
    struct webhook_letter letter = {
        .seq = delivery->item.seq,
        .payment = delivery->item.payment,
        .attempts = delivery->attempts,
        .why = webhook->last_error,
    };

    clock_gettime(CLOCK_REALTIME, &now);
    letter.at_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    if (webhooks_store_bury(webhook->webhooks->store, webhook->id, &letter, &err) != 0) {
        log_error("webhook.bury", "id=%s seq=%llu why=\"%s\"", webhook->id,
                  (unsigned long long)letter.seq, err.text);
        delivery->due_ms = monotonic_ms() + webhook->webhooks->retry_ms; /* W1 */
        return;
    }
    metric_add(METRIC_WEBHOOK_DEAD_TOTAL, 1);
    log_warn("webhook.dead_letter", "id=%s seq=%llu attempts=%d why=\"%s\"", webhook->id,
             (unsigned long long)letter.seq, letter.attempts, letter.why);
    delivery_end(delivery);
}

static void
delivery_failed(struct delivery *delivery)
{
    struct webhook *webhook = delivery->webhook;

    webhook->failed++;
    metric_add(METRIC_WEBHOOK_FAILED_TOTAL, 1);
    delivery_stop_sending(delivery);
    if ((size_t)delivery->attempts > RETRY_COUNT)
        delivery_bury(delivery);
    else
        delivery->due_ms =
            monotonic_ms() + retries[delivery->attempts - 1] * webhook->webhooks->retry_ms;
}

static void
delivery_done(struct delivery *delivery)
{
    struct webhook *webhook = delivery->webhook;
    struct error err = {0};

    if (delivery->item.letter && webhooks_store_unbury(webhook->webhooks->store, webhook->id,
                                                       delivery->item.seq, &err) != 0)
        log_error("webhook.unbury", "id=%s why=\"%s\"", webhook->id, err.text);
    delivery_end(delivery);
}

static size_t
ignore_body(char *data, size_t size, size_t count, void *context)
{
    (void)data, (void)context;
    return size * count;
}

static struct curl_slist *
header(struct curl_slist *list, const char *name, const char *value)
{
    char line[160];

    snprintf(line, sizeof(line), "%s: %s", name, value);
    list = curl_slist_append(list, line);
    if (!list)
        abort();
    return list;
}

static void
delivery_send(struct delivery *delivery)
{
    struct webhook *webhook = delivery->webhook;
    char id[32], timestamp[24], signature[SIGNATURE_SIZE];
    CURL *easy = curl_easy_init();

    snprintf(id, sizeof(id), "evt_%llu", (unsigned long long)delivery->item.seq);
    snprintf(timestamp, sizeof(timestamp), "%lld", (long long)time(NULL));
    if (!easy)
        abort();
    signature_make(&webhook->key, id, timestamp, delivery->body, delivery->body_len, signature);
    delivery->attempts++;
    delivery->easy = easy;
    delivery->headers = header(NULL, "Content-Type", "application/json");
    delivery->headers = header(delivery->headers, "webhook-id", id);
    delivery->headers = header(delivery->headers, "webhook-timestamp", timestamp);
    delivery->headers = header(delivery->headers, "webhook-signature", signature);
    delivery->headers = header(delivery->headers, "Expect", ""); /* no 100 is waited for */
    curl_easy_setopt(easy, CURLOPT_URL, webhook->url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* a slow resolver holds nobody up (W4) */
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)WEBHOOK_TIMEOUT_MS);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "yuangate/" YUANGATE_VERSION);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, delivery->body);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)delivery->body_len);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, delivery->headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore_body);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, delivery);
    if (curl_multi_add_handle(webhook->webhooks->multi, easy) != CURLM_OK)
        abort();
}

/* Does the payment ask for its events twice?  Its records say so at their very end. */
static bool
delivery_is_to_double(const struct delivery *delivery)
{
    static const char mark[] = LIFE_EVENT_DOUBLED "}}";
    size_t len = sizeof(mark) - 1;

    return !delivery->doubled && delivery->body_len > len &&
           memcmp(delivery->body + delivery->body_len - len, mark, len) == 0;
}

static void
delivery_finished(struct delivery *delivery, CURLcode result)
{
    struct webhook *webhook = delivery->webhook;
    long status = 0;

    curl_easy_getinfo(delivery->easy, CURLINFO_RESPONSE_CODE, &status);
    if (result == CURLE_OK && status / 100 == 2) {
        webhook->delivered++;
        webhook->last_error[0] = '\0';
        metric_add(METRIC_WEBHOOK_DELIVERED_TOTAL, 1);
        if (delivery_is_to_double(delivery)) {
            delivery_stop_sending(delivery);
            delivery->doubled = true;
            delivery->due_ms = monotonic_ms();
        } else {
            delivery_done(delivery);
        }
        return;
    }
    if (result == CURLE_OK)
        snprintf(webhook->last_error, sizeof(webhook->last_error), "answered %ld", status);
    else
        snprintf(webhook->last_error, sizeof(webhook->last_error), "%s",
                 curl_easy_strerror(result));
    if (result == CURLE_OK && status == GONE)
        webhooks_disable(webhook);
    else
        delivery_failed(delivery);
}

bool
deliveries_collect(struct webhooks *webhooks)
{
    const CURLMsg *message;
    bool any = false;
    int left;

    while ((message = curl_multi_info_read(webhooks->multi, &left))) {
        struct delivery *delivery = NULL;
        CURLcode result = message->data.result;

        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&delivery);
        delivery_finished(delivery, result);
        any = true;
    }
    return any;
}

/* ---- reading ---- */

static void
delivery_take_body(struct delivery *delivery, const struct event_batch *batch)
{
    const struct event *event = &batch->events[0];
    const char *json = event_text(batch, event) + event->json;
    bool internal = delivery->webhook->internal;
    size_t len = internal ? event_json_len(event) : event->public_len - event->json;

    delivery->body = malloc(len + 2);
    if (!delivery->body)
        abort();
    memcpy(delivery->body, json, len);
    if (!internal)
        delivery->body[len++] = '}';
    delivery->body[len] = '\0';
    delivery->body_len = len;
}

/* On the webhooks' thread again. */
static void
delivery_read(struct webhooks *webhooks, struct webhooks_mail *mail)
{
    struct delivery *delivery = (struct delivery *)mail;
    struct event_batch *batch = delivery->page.batch;

    (void)webhooks;
    delivery->reading = false;
    if (!delivery->webhook) {
        event_batch_free(batch);
        free(delivery);
        return;
    }
    if (delivery->page.rc != 0) {
        delivery->due_ms = monotonic_ms() + READER_BUSY_MS;
        log_error("webhook.read", "why=\"%s\"", delivery->page.err.text);
    } else if (batch->count == 0) {
        delivery_done(delivery); /* it cannot be shown; the log has said so */
    } else {
        delivery_take_body(delivery, batch);
        delivery_send(delivery);
    }
    event_batch_free(batch);
}

static void
delivery_page_done(struct events_page *page)
{
    struct delivery *delivery =
        (struct delivery *)(void *)((char *)page - offsetof(struct delivery, page));

    webhooks_post(page->owner, &delivery->mail);
}

static void
delivery_ask(struct delivery *delivery)
{
    struct webhooks *webhooks = delivery->webhook->webhooks;
    struct error err = {0};

    delivery->mail.run = delivery_read;
    delivery->page = (struct events_page){
        .after_seq = delivery->item.seq - 1,
        .last_seq = delivery->item.seq,
        .done = delivery_page_done,
        .owner = webhooks,
    };
    delivery->reading = true;
    if (events_page(webhooks->reader, &delivery->page, &err) == 0)
        return;
    delivery->reading = false;
    delivery->due_ms = monotonic_ms() + READER_BUSY_MS;
}

void
delivery_begin(struct webhook *webhook, const struct webhook_item *item)
{
    struct delivery *delivery = calloc(1, sizeof(*delivery));

    if (!delivery)
        abort();
    delivery->webhook = webhook;
    delivery->item = *item;
    delivery->next = webhook->open;
    webhook->open = delivery;
    webhook->open_count++;
    delivery_ask(delivery);
}

int64_t
deliveries_go_on(struct webhook *webhook, int64_t now_ms)
{
    int64_t due_ms = -1;

    for (struct delivery *delivery = webhook->open, *next; delivery; delivery = next) {
        next = delivery->next;
        if (delivery->reading || delivery->easy)
            continue;
        if (delivery->due_ms > now_ms) {
            if (due_ms < 0 || delivery->due_ms < due_ms)
                due_ms = delivery->due_ms;
        } else if (!delivery->body) {
            delivery_ask(delivery);
        } else if ((size_t)delivery->attempts > RETRY_COUNT) {
            delivery_bury(delivery); /* the disk would not before */
        } else {
            delivery_send(delivery);
        }
    }
    return due_ms;
}
