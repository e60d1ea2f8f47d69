/* http_client.c - sockets with deadlines, and just enough HTTP to read replies. */
#include "tests/support/http_client.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define READ_BYTES 65536

static int64_t
now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Wait until the socket is ready or the deadline has passed. */
static bool
wait_for(const struct http_client *client, short events, int64_t deadline)
{
    struct pollfd poller = {.fd = client->fd, .events = events};
    int64_t left = deadline - now_ms();

    return poll(&poller, 1, left > 0 ? (int)left : 0) > 0;
}

/* "[::1]:80" or "127.0.0.1:80" into host and port. */
static bool
split_address(const char *address, char *host, size_t size, const char **port)
{
    const char *colon = strrchr(address, ':');
    size_t len;

    if (!colon)
        return false;
    len = (size_t)(colon - address);
    if (len >= 2 && address[0] == '[') {
        address++;
        len -= 2;
    }
    if (len >= size)
        return false;
    memcpy(host, address, len);
    host[len] = '\0';
    *port = colon + 1;
    return true;
}

bool
http_client_connect(struct http_client *client, const char *address)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST};
    struct addrinfo *info = NULL;
    char host[64];
    const char *port;
    bool ok = false;

    *client = (struct http_client){.fd = -1};
    if (!split_address(address, host, sizeof(host), &port) ||
        getaddrinfo(host, port, &hints, &info) != 0)
        return false;
    client->fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client->fd >= 0 && connect(client->fd, info->ai_addr, info->ai_addrlen) == 0)
        ok = fcntl(client->fd, F_SETFL, O_NONBLOCK) == 0;
    freeaddrinfo(info);
    return ok;
}

bool
http_client_send_bytes(struct http_client *client, const void *data, size_t len)
{
    return http_client_fill(client, data, len, HTTP_CLIENT_WAIT_MS) == len;
}

size_t
http_client_fill(struct http_client *client, const char *data, size_t len, int64_t quiet_ms)
{
    size_t sent = 0;

    while (sent < len) {
        ssize_t n = send(client->fd, data + sent, len - sent, MSG_NOSIGNAL);

        if (n > 0)
            sent += (size_t)n;
        else if (errno == EAGAIN && wait_for(client, POLLOUT, now_ms() + quiet_ms))
            continue;
        else if (errno != EINTR)
            break;
    }
    return sent;
}

bool
http_client_send(struct http_client *client, const char *text)
{
    return http_client_send_bytes(client, text, strlen(text));
}

bool
http_client_request(struct http_client *client, const char *method, const char *path,
                    const char *json)
{
    const char *media = json && json[0] ? "Content-Type: application/json\r\n" : "";

    if (!json)
        return http_client_send(
            client,
            arena_printf(&client->arena, "%s %s HTTP/1.1\r\nHost: test\r\n\r\n", method, path));
    return http_client_send(client, arena_printf(&client->arena,
                                                 "%s %s HTTP/1.1\r\nHost: test\r\n%s"
                                                 "Content-Length: %zu\r\n\r\n%s",
                                                 method, path, media, strlen(json), json));
}

bool
http_client_post(struct http_client *client, const char *path, const char *json)
{
    return http_client_request(client, "POST", path, json);
}

bool
http_client_get(struct http_client *client, const char *path)
{
    return http_client_request(client, "GET", path, NULL);
}

/* Wait for more bytes.  False: the connection has ended or the deadline passed. */
static bool
receive(struct http_client *client, int64_t deadline)
{
    ssize_t n;

    if (client->closed || !wait_for(client, POLLIN, deadline))
        return false;
    if (client->capacity - client->len < READ_BYTES) {
        client->capacity = client->len + 2 * READ_BYTES;
        client->data = realloc(client->data, client->capacity);
        if (!client->data)
            abort();
    }
    n = recv(client->fd, client->data + client->len, READ_BYTES, 0);
    if (n > 0)
        client->len += (size_t)n;
    else if (n == 0 || (errno != EAGAIN && errno != EINTR))
        client->closed = true;
    return !client->closed;
}

/* Have at least so many bytes from the next reply's start on. */
static bool
need(struct http_client *client, size_t bytes, int64_t deadline)
{
    while (client->len < bytes)
        if (!receive(client, deadline))
            return false;
    return true;
}

/* Where the first CRLF from at on ends, waiting for it; 0: it does not come. */
static size_t
line_end(struct http_client *client, size_t at, int64_t deadline)
{
    do {
        const char *found =
            client->len > at ? memmem(client->data + at, client->len - at, "\r\n", 2) : NULL;

        if (found)
            return (size_t)(found - client->data) + 2;
    } while (receive(client, deadline));
    return 0;
}

static size_t
head_end(struct http_client *client, int64_t deadline)
{
    size_t line = 0, end;

    while ((end = line_end(client, line, deadline)) != 0) {
        if (end == line + 2)
            return end;
        line = end;
    }
    return 0;
}

const char *
http_client_header(struct http_client *client, const struct http_client_reply *reply,
                   const char *name)
{
    size_t len = strlen(name);
    const char *line = strstr(reply->head, "\r\n");

    for (; line && line[2] != '\0'; line = strstr(line + 2, "\r\n")) {
        const char *value = line + 2 + len, *end;

        if (strncasecmp(line + 2, name, len) != 0 || *value++ != ':')
            continue;
        value += strspn(value, " \t");
        end = strstr(value, "\r\n");
        return arena_copy(&client->arena, value, (size_t)(end - value));
    }
    return NULL;
}

static void
body_append(struct http_client *client, struct http_client_reply *reply, size_t at, size_t len)
{
    char *grown =
        arena_grow(&client->arena, (char *)(uintptr_t)reply->body,
                   reply->body_len ? reply->body_len + 1 : 0, reply->body_len + len + 1);

    memcpy(grown + reply->body_len, client->data + at, len);
    reply->body = grown;
    reply->body_len += len;
    grown[reply->body_len] = '\0';
}

/* Join the chunks that begin at at; returns where the reply ends. */
static size_t
read_chunks(struct http_client *client, struct http_client_reply *reply, size_t at,
            int64_t deadline)
{
    for (;;) {
        size_t start = line_end(client, at, deadline);
        size_t size = start ? strtoul(client->data + at, NULL, 16) : 0;

        if (!start || !need(client, start + size + 2, deadline))
            return client->len;
        if (size == 0) {
            reply->whole = true;
            return start + 2;
        }
        body_append(client, reply, start, size);
        at = start + size + 2;
    }
}

/* A body with a length, or one that lasts until the connection ends. */
static size_t
read_plain(struct http_client *client, struct http_client_reply *reply, size_t at,
           int64_t deadline)
{
    const char *length = http_client_header(client, reply, "content-length");
    size_t size = length ? strtoul(length, NULL, 10) : 0;
    bool bodiless = client->head_only || reply->status < 200 || reply->status == 204;

    if (bodiless)
        size = 0;
    reply->whole = need(client, at + size, deadline);
    if (!length && !bodiless) {
        while (receive(client, deadline))
            ;
        reply->whole = client->closed;
        size = client->len - at;
    }
    if (!reply->whole)
        size = client->len - at;
    body_append(client, reply, at, size);
    return at + size;
}

bool
http_client_next(struct http_client *client, struct http_client_reply *reply)
{
    int64_t deadline = now_ms() + HTTP_CLIENT_WAIT_MS;
    size_t head = head_end(client, deadline);
    const char *encoding;
    size_t end;

    *reply = (struct http_client_reply){.body = ""};
    if (head == 0)
        return false;
    reply->head = arena_copy(&client->arena, client->data, head);
    if (sscanf(reply->head, "HTTP/1.%*1d %3d ", &reply->status) != 1)
        return false;
    encoding = http_client_header(client, reply, "transfer-encoding");
    reply->chunked = encoding && strcmp(encoding, "chunked") == 0;
    if (reply->chunked && !client->head_only)
        end = read_chunks(client, reply, head, deadline);
    else
        end = read_plain(client, reply, head, deadline);
    memmove(client->data, client->data + end, client->len - end);
    client->len -= end;
    return true;
}

bool
http_client_ended(struct http_client *client)
{
    int64_t deadline = now_ms() + HTTP_CLIENT_WAIT_MS;

    while (client->len == 0 && receive(client, deadline))
        ;
    return client->closed && client->len == 0;
}

bool
http_client_quiet(struct http_client *client, int64_t ms)
{
    return client->len == 0 && !client->closed && !wait_for(client, POLLIN, now_ms() + ms);
}

void
http_client_half_close(struct http_client *client)
{
    shutdown(client->fd, SHUT_WR);
}

void
http_client_close(struct http_client *client)
{
    if (client->fd >= 0)
        close(client->fd);
    free(client->data);
    arena_release(&client->arena);
    *client = (struct http_client){.fd = -1};
}
