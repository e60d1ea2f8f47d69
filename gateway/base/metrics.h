/*
 * metrics.h - what the gateway counts.
 *
 * One table names every metric (metrics.c).  Each thread adds to a block of
 * its own, so counting takes no lock and shares no cache line; a scrape sums
 * the blocks.  Names follow the Prometheus conventions.
 */
#ifndef GATEWAY_BASE_METRICS_H
#define GATEWAY_BASE_METRICS_H

#include <stdint.h>

#include "gateway/base/buffer.h"

enum metric {
    METRIC_HTTP_CONNECTIONS,       /* gauge */
    METRIC_HTTP_CONNECTIONS_TOTAL, /* the rest are counters */
    METRIC_HTTP_REFUSED_TOTAL,     /* connections turned away at the limit */
    METRIC_HTTP_BAD_REQUEST_TOTAL, /* framing errors that closed a connection */
    METRIC_HTTP_1XX_TOTAL,
    METRIC_HTTP_2XX_TOTAL,
    METRIC_HTTP_3XX_TOTAL,
    METRIC_HTTP_4XX_TOTAL,
    METRIC_HTTP_5XX_TOTAL,
    METRIC_DECISION_APPROVED_TOTAL,
    METRIC_DECISION_HELD_TOTAL,
    METRIC_DECISION_BLOCKED_TOTAL,
    METRIC_EVALUATION_TOTAL,
    METRIC_POLICY_ERROR_TOTAL,
    METRIC_RELOAD_TOTAL,
    METRIC_RELOAD_REFUSED_TOTAL,
    METRIC_ACTIVATION_TOTAL, /* roll-backs too */
    METRIC_ACTIVATION_REFUSED_TOTAL,
    METRIC_SHADOW_JUDGED_TOTAL,
    METRIC_SHADOW_DISAGREEMENT_TOTAL,
    METRIC_LIST_LOADED_TOTAL,
    METRIC_LIST_REFUSED_TOTAL,
    METRIC_HIT_TOTAL, /* of payments and evaluations */
    METRIC_STORED_TOTAL,
    METRIC_REPLAYED_TOTAL, /* idempotent replays */
    METRIC_COMMIT_TOTAL,
    METRIC_COMMIT_FAILED_TOTAL,
    METRIC_COMMIT_MICROSECONDS_TOTAL,
    METRIC_WRITER_QUEUE,   /* gauge */
    METRIC_FEED_LISTENERS, /* gauge */
    METRIC_FEED_SENT_TOTAL,
    METRIC_FEED_DROPPED_TOTAL,
    METRIC_WEBHOOK_DELIVERED_TOTAL,
    METRIC_WEBHOOK_FAILED_TOTAL, /* attempts */
    METRIC_WEBHOOK_DEAD_TOTAL,
    METRIC_COUNT,
};

void metric_add(enum metric metric, int64_t n);
int64_t metric_read(enum metric metric); /* the sum over all threads */

/* All of them in the Prometheus text format 0.0.4. */
void metrics_print(struct buffer *buffer);

#endif
