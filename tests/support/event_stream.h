/*
 * event_stream.h - reads server-sent events from a raw socket, for tests.
 *
 *     struct event_stream stream;
 *     struct stream_event event;
 *
 *     assert_true(event_stream_open(&stream, gateway.address, "/v1/events?after=0", NULL));
 *     while (event_stream_next(&stream, &event))
 *         ... event.id, event.type, event.data ...
 *     event_stream_close(&stream);
 *
 * It speaks HTTP/1.0, so that the body comes as it is; every wait has a deadline.
 */
#ifndef TESTS_SUPPORT_EVENT_STREAM_H
#define TESTS_SUPPORT_EVENT_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/support/http_client.h"

struct event_stream {
    struct http_client client; /* its fd alone is used */
    int status;
    bool ended; /* by the server */
    char *data;
    size_t len, taken, capacity;
};

/* Lives until the next call. */
struct stream_event {
    uint64_t id;
    const char *type; /* "message" where none is said */
    const char *data;
};

/* last_event_id NULL: without the header.  False: no reply.  See status. */
bool event_stream_open(struct event_stream *stream, const char *address, const char *path,
                       const char *last_event_id);

/* Comments are passed over.  False: ended, or nothing for HTTP_CLIENT_WAIT_MS. */
bool event_stream_next(struct event_stream *stream, struct stream_event *event);
void event_stream_close(struct event_stream *stream);

#endif
