/*
 * record.h - the bytes of a payment's record.
 *
 * Three parts, so that an auditor reads them with any tool:
 *
 *     {"kind":"payment","id":…,"uetr":…,"at_ms":N,"request_bytes":N,"answer_bytes":M,…}\n
 *     the request body, as it came, N bytes\n
 *     the answer body, as it was given, M bytes
 *
 * After at_ms the head may carry "key" (hex SHA-256 of API key, path and
 * Idempotency-Key).  id, uetr and key are letters, digits and dashes.
 */
#ifndef GATEWAY_STORE_RECORD_H
#define GATEWAY_STORE_RECORD_H

#include "gateway/base/arena.h"
#include "gateway/base/buffer.h"
#include "gateway/base/error.h"

struct record {
    const char *id;
    const char *uetr;
    const char *key; /* "" without one */
    int64_t at_ms;
    const char *request;
    size_t request_len;
    const char *answer;
    size_t answer_len;
};

/* A writer's at_ms is not negative.  Appends to out and leaves its comma alone. */
void record_write(const struct record *record, struct buffer *out);

/* The parts point into body; id, uetr and key are on the arena. */
int record_read(const char *body, size_t body_len, struct arena *arena, struct record *out,
                struct error *err) __attribute__((warn_unused_result));

#endif
