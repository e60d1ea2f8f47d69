/*
 * feed_bench.c - many who listen: subscribers of the live feed and receivers of webhooks.
 *
 *     build/tests/bench/feed_bench ADDRESS:PORT SUBSCRIBERS UNFILTERED WEBHOOKS DEAD SECONDS
 *
 * Of the subscribers UNFILTERED are told everything, the rest what comes from payers in KZ;
 * so are the webhooks, of which DEAD lead to a port where nobody is.  Meanwhile such a payment
 * is made each PAY_MS.  Prints "feed N webhooks N/s dropped N".
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway/base/file.h"
#include "gateway/base/time.h"
#include "gateway/http/http.h"

#define SUBSCRIBERS_MAX 4000
#define BUFFER          65536
#define LINES_AN_EVENT  4
#define PAY_MS          175

static struct sockaddr_in gateway;
static atomic_size_t delivered;
static struct http_server *serving;

static void
die(const char *what)
{
    perror(what);
    exit(1);
}

static int
dial(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0 || connect(fd, (struct sockaddr *)&gateway, sizeof(gateway)) != 0)
        die("connect");
    return fd;
}

static void
say(int fd, const char *text)
{
    if (send(fd, text, strlen(text), MSG_NOSIGNAL) != (ssize_t)strlen(text))
        die("send");
}

/* One request on a connection of its own; its answer is of no interest. */
static void
post(const char *path, const char *json)
{
    char head[512], answer[4096];
    int fd = dial();

    snprintf(head, sizeof(head),
             "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
             "Content-Length: %zu\r\nConnection: close\r\n\r\n",
             path, strlen(json));
    say(fd, head);
    say(fd, json);
    while (recv(fd, answer, sizeof(answer), 0) > 0)
        ;
    close(fd);
}

static void
take(struct http_exchange *exchange)
{
    atomic_fetch_add(&delivered, 1);
    http_reply(exchange, 204, NULL, NULL, 0);
}

static void *
receive(void *context)
{
    http_server_run(context);
    return NULL;
}

/* A payer in KZ, a fifth of a second apart. */
static void
pay(const char *sample, int number)
{
    static char body[4096];
    char uetr[64];
    char *at;

    snprintf(body, sizeof(body), "%s", sample);
    at = strstr(body, "\"uetr\": \"");
    snprintf(uetr, sizeof(uetr), "%08x-0000-4000-9000-%012x", (unsigned)time(NULL),
             (unsigned)number);
    memcpy(at + strlen("\"uetr\": \""), uetr, 36);
    post("/v1/payments", body);
}

static void
add_webhooks(long live, long dead)
{
    char json[256];

    for (long i = 0; i < live + dead; i++) {
        snprintf(json, sizeof(json),
                 "{\"url\":\"http://%s/hook/%ld\",\"debtor_country\":\"KZ\"}",
                 i < live ? http_server_address(serving, 0) : "127.0.0.1:1", i);
        post("/v1/webhooks", json);
    }
}

static size_t
lines_in(const char *data, size_t len)
{
    const char *end = data + len;
    size_t lines = 0;

    while ((data = memchr(data, '\n', (size_t)(end - data))) != NULL) {
        lines++;
        if (++data == end)
            break;
    }
    return lines;
}

/* Read until the time is up; the number of lines, and of those that were let go. */
static size_t
listen_for(int poll, int64_t seconds, const char *sample, size_t *dropped)
{
    static char buffer[BUFFER];
    int64_t until_ms = monotonic_ms() + 1000 * seconds, pay_ms = 0;
    size_t lines = 0;
    int paid = 0;

    while (monotonic_ms() < until_ms) {
        struct epoll_event events[256];
        int count = epoll_wait(poll, events, 256, 20);

        for (int i = 0; i < count; i++) {
            ssize_t len = recv(events[i].data.fd, buffer, sizeof(buffer), 0);

            if (len > 0) {
                lines += lines_in(buffer, (size_t)len);
            } else {
                (*dropped)++;
                close(events[i].data.fd);
            }
        }
        if (monotonic_ms() >= pay_ms) {
            pay_ms = monotonic_ms() + PAY_MS;
            pay(sample, paid++);
        }
    }
    return lines;
}

int
main(int argc, char **argv)
{
    static const struct http_route routes[] = {
        {"POST", "/hook/{n}", HTTP_BODY_JSON, take, 0},
    };
    const char *const listen[] = {"127.0.0.1:0"};
    const struct http_options options = {
        .listen = listen, .listen_count = 1, .threads = 1, .routes = routes, .route_count = 1};
    struct arena arena = {0};
    struct error err = {0};
    size_t dropped = 0, lines;
    long numbers[5];
    pthread_t thread;
    char *sample;
    size_t len;
    int poll;

    if (argc != 7 || !strchr(argv[1], ':')) {
        fputs("usage: feed_bench ADDRESS:PORT SUBSCRIBERS UNFILTERED WEBHOOKS DEAD SECONDS\n",
              stderr);
        return 2;
    }
    for (int i = 0; i < 5; i++)
        numbers[i] = strtol(argv[2 + i], NULL, 10);
    signal(SIGPIPE, SIG_IGN);
    gateway.sin_family = AF_INET;
    gateway.sin_port = htons((uint16_t)strtol(strchr(argv[1], ':') + 1, NULL, 10));
    gateway.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (file_read(&arena, "clients/examples/held-payment.json", 4000, &sample, &len, &err) !=
            0 ||
        http_server_open(&options, &serving, &err) != 0) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    pthread_create(&thread, NULL, receive, serving);
    add_webhooks(numbers[2] - numbers[3], numbers[3]);
    poll = epoll_create1(0);
    for (long i = 0; i < numbers[0] && i < SUBSCRIBERS_MAX; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.fd = dial()};

        say(event.data.fd, i < numbers[1] ? "GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n"
                                          : "GET /v1/events?debtor_country=KZ HTTP/1.1\r\n"
                                            "Host: x\r\n\r\n");
        epoll_ctl(poll, EPOLL_CTL_ADD, event.data.fd, &event);
    }
    puts("listening");
    fflush(stdout);
    lines = listen_for(poll, numbers[4], sample, &dropped);
    printf("feed %ld webhooks %ld/s dropped %zu\n", (long)lines / LINES_AN_EVENT,
           (long)atomic_load(&delivered) / numbers[4], dropped);
    http_server_stop(serving);
    pthread_join(thread, NULL);
    http_server_close(serving);
    arena_release(&arena);
    return 0;
}
