/* metrics.c - the table of metrics, and one block of counters a thread. */
#include "gateway/base/metrics.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define CACHE_LINE 64

static const struct {
    const char *name;
    const char *labels; /* "" or {…} */
    const char *type;   /* "": the same family as the line above */
    const char *help;
} table[METRIC_COUNT] = {
    /* clang-format off */
    [METRIC_HTTP_CONNECTIONS]        = { "yuangate_http_connections", "", "gauge", "Open client connections." },
    [METRIC_HTTP_CONNECTIONS_TOTAL]  = { "yuangate_http_connections_total", "", "counter", "Client connections accepted." },
    [METRIC_HTTP_REFUSED_TOTAL]      = { "yuangate_http_connections_refused_total", "", "counter", "Connections turned away at the limit." },
    [METRIC_HTTP_BAD_REQUEST_TOTAL]  = { "yuangate_http_framing_errors_total", "", "counter", "Requests whose framing was refused and the connection closed." },
    [METRIC_HTTP_1XX_TOTAL]          = { "yuangate_http_replies_total", "{status=\"1xx\"}", "counter", "Replies by class of status." },
    [METRIC_HTTP_2XX_TOTAL]          = { "yuangate_http_replies_total", "{status=\"2xx\"}", "", "" },
    [METRIC_HTTP_3XX_TOTAL]          = { "yuangate_http_replies_total", "{status=\"3xx\"}", "", "" },
    [METRIC_HTTP_4XX_TOTAL]          = { "yuangate_http_replies_total", "{status=\"4xx\"}", "", "" },
    [METRIC_HTTP_5XX_TOTAL]          = { "yuangate_http_replies_total", "{status=\"5xx\"}", "", "" },
    [METRIC_DECISION_APPROVED_TOTAL] = { "yuangate_decisions_total", "{outcome=\"approved\"}", "counter", "Payments decided and stored, by first outcome." },
    [METRIC_DECISION_HELD_TOTAL]     = { "yuangate_decisions_total", "{outcome=\"held\"}", "", "" },
    [METRIC_DECISION_BLOCKED_TOTAL]  = { "yuangate_decisions_total", "{outcome=\"blocked\"}", "", "" },
    [METRIC_EVALUATION_TOTAL]        = { "yuangate_evaluations_total", "", "counter", "Payments judged without being stored." },
    [METRIC_POLICY_ERROR_TOTAL]      = { "yuangate_policy_errors_total", "", "counter", "Policies that failed to answer; each held its payment." },
    [METRIC_RELOAD_TOTAL]            = { "yuangate_reloads_total", "{result=\"done\"}", "counter", "Times that book and packs were read again." },
    [METRIC_RELOAD_REFUSED_TOTAL]    = { "yuangate_reloads_total", "{result=\"refused\"}", "", "" },
    [METRIC_ACTIVATION_TOTAL]        = { "yuangate_activations_total", "{result=\"done\"}", "counter", "Versions of policies and books put in force or rolled back." },
    [METRIC_ACTIVATION_REFUSED_TOTAL] = { "yuangate_activations_total", "{result=\"refused\"}", "", "" },
    [METRIC_SHADOW_JUDGED_TOTAL]     = { "yuangate_shadow_judgements_total", "", "counter", "Judgements of candidates in shadow." },
    [METRIC_SHADOW_DISAGREEMENT_TOTAL] = { "yuangate_shadow_disagreements_total", "", "counter", "Those that differ from what was in force." },
    [METRIC_LIST_LOADED_TOTAL]       = { "yuangate_list_loads_total", "{result=\"done\"}", "counter", "Sanctions lists read from files; one that was refused changed nothing." },
    [METRIC_LIST_REFUSED_TOTAL]      = { "yuangate_list_loads_total", "{result=\"refused\"}", "", "" },
    [METRIC_HIT_TOTAL]               = { "yuangate_hits_total", "", "counter", "List entries found in what was judged, shadows left out." },
    [METRIC_STORED_TOTAL]            = { "yuangate_stored_total", "", "counter", "Records committed to the store." },
    [METRIC_REPLAYED_TOTAL]          = { "yuangate_idempotent_replays_total", "", "counter", "First answers given again." },
    [METRIC_COMMIT_TOTAL]            = { "yuangate_commits_total", "", "counter", "Store transactions committed." },
    [METRIC_COMMIT_FAILED_TOTAL]     = { "yuangate_commits_failed_total", "", "counter", "Store transactions that failed; nothing of them was acknowledged." },
    [METRIC_COMMIT_MICROSECONDS_TOTAL] = { "yuangate_commit_microseconds_total", "", "counter", "Time spent in store transactions." },
    [METRIC_WRITER_QUEUE]            = { "yuangate_writer_queue", "", "gauge", "Decisions waiting for the store." },
    [METRIC_FEED_LISTENERS]          = { "yuangate_feed_listeners", "", "gauge", "Clients that listen to the feed of events." },
    [METRIC_FEED_SENT_TOTAL]         = { "yuangate_feed_events_sent_total", "", "counter", "Events written to listeners." },
    [METRIC_FEED_DROPPED_TOTAL]      = { "yuangate_feed_dropped_total", "", "counter", "Listeners that were ended because they were too slow; they know where to go on." },
    [METRIC_WEBHOOK_DELIVERED_TOTAL] = { "yuangate_webhook_delivered_total", "", "counter", "Events that webhooks have taken." },
    [METRIC_WEBHOOK_FAILED_TOTAL]    = { "yuangate_webhook_failed_attempts_total", "", "counter", "Deliveries to webhooks that failed, and are tried again." },
    [METRIC_WEBHOOK_DEAD_TOTAL]      = { "yuangate_webhook_dead_letters_total", "", "counter", "Events that were given up after the last attempt." },
    /* clang-format on */
};

struct block {
    struct block *next;
    _Alignas(CACHE_LINE) _Atomic int64_t values[METRIC_COUNT];
};

/* Blocks are only ever added: what a finished thread counted still counts. */
static _Atomic(struct block *) blocks;

static struct block *
block_mine(void)
{
    static _Thread_local struct block *mine;

    if (!mine) {
        mine = aligned_alloc(CACHE_LINE, sizeof(*mine));
        if (!mine)
            abort();
        for (int i = 0; i < METRIC_COUNT; i++)
            atomic_init(&mine->values[i], 0);
        mine->next = atomic_load(&blocks);
        while (!atomic_compare_exchange_weak(&blocks, &mine->next, mine))
            ;
    }
    return mine;
}

void
metric_add(enum metric metric, int64_t n)
{
    _Atomic int64_t *value = &block_mine()->values[metric];

    /* Only this thread writes it, so a plain load and store will do. */
    atomic_store_explicit(value, atomic_load_explicit(value, memory_order_relaxed) + n,
                          memory_order_relaxed);
}

int64_t
metric_read(enum metric metric)
{
    int64_t sum = 0;

    for (struct block *block = atomic_load(&blocks); block; block = block->next)
        sum += atomic_load_explicit(&block->values[metric], memory_order_relaxed);
    return sum;
}

void
metrics_print(struct buffer *buffer)
{
    for (int i = 0; i < METRIC_COUNT; i++) {
        if (table[i].type[0] != '\0')
            buffer_printf(buffer, "# HELP %s %s\n# TYPE %s %s\n", table[i].name, table[i].help,
                          table[i].name, table[i].type);
        buffer_printf(buffer, "%s%s ", table[i].name, table[i].labels);
        buffer_int(buffer, metric_read((enum metric)i));
        buffer_append(buffer, "\n", 1);
    }
}
