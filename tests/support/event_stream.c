/* event_stream.c - the little of the event stream format that the gateway uses. */
#include "tests/support/event_stream.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READ_BYTES 65536

/* More bytes behind what is there.  False: none came, or no more will. */
static bool
stream_read(struct event_stream *stream)
{
    struct pollfd poller = {.fd = stream->client.fd, .events = POLLIN};
    ssize_t n;

    if (stream->taken > 0) {
        memmove(stream->data, stream->data + stream->taken, stream->len - stream->taken);
        stream->len -= stream->taken;
        stream->taken = 0;
    }
    if (stream->capacity < stream->len + READ_BYTES + 1) {
        stream->capacity = stream->len + READ_BYTES + 1;
        stream->data = realloc(stream->data, stream->capacity);
        if (!stream->data)
            abort();
    }
    if (stream->ended || poll(&poller, 1, HTTP_CLIENT_WAIT_MS) <= 0)
        return false;
    n = read(stream->client.fd, stream->data + stream->len, READ_BYTES);
    stream->ended = n <= 0;
    stream->len += n > 0 ? (size_t)n : 0;
    stream->data[stream->len] = '\0';
    return n > 0;
}

/* The next lines up to an empty one, which is cut off; NULL where none come. */
static char *
stream_block(struct event_stream *stream, const char *empty_line)
{
    char *end = NULL, *block;

    while (!stream->data || stream->taken == stream->len ||
           !(end = strstr(stream->data + stream->taken, empty_line)))
        if (!stream_read(stream))
            return NULL;
    block = stream->data + stream->taken;
    *end = '\0';
    stream->taken = (size_t)(end - stream->data) + strlen(empty_line);
    return block;
}

bool
event_stream_open(struct event_stream *stream, const char *address, const char *path,
                  const char *last_event_id)
{
    char request[1024];
    const char *head;

    *stream = (struct event_stream){0};
    snprintf(request, sizeof(request), "GET %s HTTP/1.0\r\nHost: x\r\n%s%s%s\r\n", path,
             last_event_id ? "Last-Event-ID: " : "", last_event_id ? last_event_id : "",
             last_event_id ? "\r\n" : "");
    if (!http_client_connect(&stream->client, address) ||
        !http_client_send(&stream->client, request))
        return false;
    head = stream_block(stream, "\r\n\r\n");
    return head && sscanf(head, "HTTP/1.1 %d", &stream->status) == 1;
}

bool
event_stream_next(struct event_stream *stream, struct stream_event *event)
{
    char *block, *rest = NULL;

    while ((block = stream_block(stream, "\n\n"))) {
        *event = (struct stream_event){.type = "message"};
        for (char *line = strtok_r(block, "\n", &rest); line;
             line = strtok_r(NULL, "\n", &rest)) {
            if (strncmp(line, "id: ", 4) == 0)
                event->id = strtoull(line + 4, NULL, 10);
            else if (strncmp(line, "event: ", 7) == 0)
                event->type = line + 7;
            else if (strncmp(line, "data: ", 6) == 0)
                event->data = line + 6;
        }
        if (event->data)
            return true;
    }
    return false;
}

void
event_stream_close(struct event_stream *stream)
{
    http_client_close(&stream->client);
    free(stream->data);
    stream->data = NULL;
}
