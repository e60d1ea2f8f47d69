/* receiver.c - one thread, poll(), and just enough HTTP to be posted to. */
#include "tests/support/receiver.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/test.h"

#define CALLERS_MAX 512
#define CALLER_SIZE 65536
#define WAIT_MS     60000

struct caller {
    int fd;
    size_t len;
    char data[CALLER_SIZE];
};

static void
header_of(const char *head, const char *name, char *out, size_t size)
{
    const char *at = strcasestr(head, name);

    out[0] = '\0';
    if (at)
        snprintf(out, size, "%.*s", (int)strcspn(at + strlen(name), "\r"), at + strlen(name));
}

/* Keep one that is whole; the status to answer. */
static int
keep(struct receiver *receiver, const char *head, const char *body, size_t len)
{
    struct received *received;
    int status;

    pthread_mutex_lock(&receiver->lock);
    assert_true(receiver->count < RECEIVER_MAX);
    received = &receiver->list[receiver->count];
    header_of(head, "webhook-id: ", received->id, sizeof(received->id));
    header_of(head, "webhook-timestamp: ", received->timestamp, sizeof(received->timestamp));
    header_of(head, "webhook-signature: ", received->signature, sizeof(received->signature));
    received->body = strndup(body, len);
    received->seq = strtoull(received->id + 4, NULL, 10);
    status = receiver->answer ? receiver->answer(receiver->context, receiver, received) : 200;
    received->status = status;
    receiver->count++;
    receiver->taken += status / 100 == 2;
    pthread_mutex_unlock(&receiver->lock);
    return status;
}

/* Answer what is whole.  False: the caller has gone, or is let go. */
static bool
serve(struct receiver *receiver, struct caller *caller)
{
    ssize_t n = read(caller->fd, caller->data + caller->len, CALLER_SIZE - 1 - caller->len);
    char *end, length[24], reply[96];
    size_t head, body;
    int status, len;

    if (n <= 0)
        return false;
    caller->len += (size_t)n;
    caller->data[caller->len] = '\0';
    while ((end = strstr(caller->data, "\r\n\r\n"))) {
        head = (size_t)(end - caller->data) + 4;
        header_of(caller->data, "content-length: ", length, sizeof(length));
        body = strtoul(length, NULL, 10);
        if (caller->len < head + body)
            break;
        status = keep(receiver, caller->data, caller->data + head, body);
        if (status != RECEIVER_SILENT) {
            len =
                snprintf(reply, sizeof(reply),
                         "HTTP/1.1 %d X\r\nContent-Length: 0\r\nLocation: /x\r\n\r\n", status);
            if (write(caller->fd, reply, (size_t)len) != len)
                return false;
        }
        caller->len -= head + body;
        memmove(caller->data, caller->data + head + body, caller->len + 1);
    }
    return caller->len < CALLER_SIZE - 1;
}

static void *
receiver_run(void *context)
{
    struct receiver *receiver = context;
    static _Thread_local struct pollfd polled[CALLERS_MAX + 2];
    struct caller **callers = calloc(CALLERS_MAX, sizeof(*callers));
    size_t count = 0;

    for (;;) {
        polled[0] = (struct pollfd){receiver->stop[0], POLLIN, 0};
        polled[1] = (struct pollfd){receiver->listener, POLLIN, 0};
        for (size_t i = 0; i < count; i++)
            polled[i + 2] = (struct pollfd){callers[i]->fd, POLLIN, 0};
        poll(polled, count + 2, -1);
        if (polled[0].revents)
            break;
        for (size_t i = count; i-- > 0;) {
            if (!polled[i + 2].revents || serve(receiver, callers[i]))
                continue;
            close(callers[i]->fd);
            free(callers[i]);
            callers[i] = callers[--count];
        }
        if (polled[1].revents && count < CALLERS_MAX) {
            callers[count] = calloc(1, sizeof(**callers));
            callers[count]->fd = accept4(receiver->listener, NULL, NULL, SOCK_CLOEXEC);
            count++;
        }
    }
    while (count-- > 0) {
        close(callers[count]->fd);
        free(callers[count]);
    }
    free(callers);
    return NULL;
}

void
receiver_open(struct receiver *receiver,
              int (*answer)(void *context, struct receiver *receiver,
                            const struct received *received),
              void *context)
{
    struct sockaddr_in where = {.sin_family = AF_INET,
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(where);

    *receiver = (struct receiver){.answer = answer, .context = context};
    receiver->list = calloc(RECEIVER_MAX, sizeof(*receiver->list));
    receiver->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_non_null(receiver->list);
    assert_int_equal(bind(receiver->listener, (struct sockaddr *)&where, len), 0);
    assert_int_equal(listen(receiver->listener, 128), 0);
    assert_int_equal(getsockname(receiver->listener, (struct sockaddr *)&where, &len), 0);
    snprintf(receiver->url, sizeof(receiver->url), "http://127.0.0.1:%d/hook",
             ntohs(where.sin_port));
    assert_int_equal(pipe2(receiver->stop, O_CLOEXEC), 0);
    pthread_mutex_init(&receiver->lock, NULL);
    assert_int_equal(pthread_create(&receiver->thread, NULL, receiver_run, receiver), 0);
}

void
receiver_answer(struct receiver *receiver,
                int (*answer)(void *context, struct receiver *receiver,
                              const struct received *received))
{
    pthread_mutex_lock(&receiver->lock);
    receiver->answer = answer;
    pthread_mutex_unlock(&receiver->lock);
}

static bool
wait_for(struct receiver *receiver, const size_t *counter, size_t value)
{
    bool reached = false;

    for (int ms = 0; ms < WAIT_MS && !reached; ms++) {
        pthread_mutex_lock(&receiver->lock);
        reached = *counter >= value;
        pthread_mutex_unlock(&receiver->lock);
        if (!reached)
            usleep(1000);
    }
    return reached;
}

bool
receiver_wait(struct receiver *receiver, size_t count)
{
    return wait_for(receiver, &receiver->count, count);
}

bool
receiver_wait_taken(struct receiver *receiver, size_t taken)
{
    return wait_for(receiver, &receiver->taken, taken);
}

void
receiver_close(struct receiver *receiver)
{
    assert_int_equal(write(receiver->stop[1], "x", 1), 1);
    pthread_join(receiver->thread, NULL);
    close(receiver->stop[0]);
    close(receiver->stop[1]);
    close(receiver->listener);
    for (size_t i = 0; i < receiver->count; i++)
        free(receiver->list[i].body);
    free(receiver->list);
    pthread_mutex_destroy(&receiver->lock);
}
