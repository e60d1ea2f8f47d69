/*
 * worker.c - the loop of one thread: accepting, tasks, timers, the sweep.
 *
 * Tasks come from any thread over a lock-free stack: whoever pushes onto an
 * empty one rings the eventfd.  It is watched edge-triggered and never read,
 * since its count is of no interest; that saves a system call a batch.
 */
#include "gateway/http/worker.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "gateway/base/log.h"
#include "gateway/base/metrics.h"

static const char too_many[] = "HTTP/1.1 503 Service Unavailable\r\n"
                               "Retry-After: 1\r\n"
                               "Content-Length: 0\r\n"
                               "Connection: close\r\n\r\n";

/* "Date: Mon, 15 Apr 2024 09:00:00 GMT", in English whatever the locale. */
static void
date_print(char date[HTTP_DATE_SIZE], time_t second)
{
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct tm utc;

    gmtime_r(&second, &utc);
    snprintf(date, HTTP_DATE_SIZE, "Date: %.3s, %02u %.3s %04u %02u:%02u:%02u GMT\r\n",
             days + 3 * utc.tm_wday, (unsigned)utc.tm_mday % 100, months + 3 * utc.tm_mon,
             (unsigned)(utc.tm_year + 1900) % 10000, (unsigned)utc.tm_hour % 100,
             (unsigned)utc.tm_min % 100, (unsigned)utc.tm_sec % 100);
}

void
worker_enter(struct http_worker *worker)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    worker->now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    if (now.tv_sec != worker->date_second) {
        worker->date_second = now.tv_sec;
        date_print(worker->date, now.tv_sec);
    }
}

void
worker_mark(struct connection *connection)
{
    if (connection->marked)
        return;
    connection->marked = true;
    connection->next_marked = connection->worker->marked;
    connection->worker->marked = connection;
}

void
worker_settle(struct http_worker *worker)
{
    while (worker->marked) {
        struct connection *connection = worker->marked;

        worker->marked = connection->next_marked;
        connection->marked = false;
        connection_settle(connection);
    }
    if (worker->draining && !worker->connections)
        event_base_loopbreak(worker->base);
}

/* Over the limit: say so, if the socket takes it at once, and close. */
static void
turn_away(int fd)
{
    char request[1024];

    metric_add(METRIC_HTTP_REFUSED_TOTAL, 1);
    /* A close with bytes unread would reset the reply away. */
    while (recv(fd, request, sizeof(request), MSG_DONTWAIT) == sizeof(request))
        ;
    if (send(fd, too_many, sizeof(too_many) - 1, MSG_NOSIGNAL | MSG_DONTWAIT) > 0)
        metric_add(METRIC_HTTP_5XX_TOTAL, 1);
    shutdown(fd, SHUT_WR);
    close(fd);
}

static void
accept_failed(struct listener *listener)
{
    if (errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM)
        return;
    /* The waiting client keeps us readable: do not spin, try at the next sweep. */
    log_warn("http.accept", "error=\"%s\"", strerror(errno));
    event_del(&listener->readable);
    listener->listening = false;
}

static void
on_accept(evutil_socket_t fd, short what, void *context)
{
    struct listener *listener = context;
    struct http_worker *worker = listener->worker;
    struct http_server *server = worker->server;

    (void)what;
    worker_enter(worker);
    for (int i = 0; i < HTTP_ACCEPT_BURST; i++) {
        int client = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (client < 0) {
            accept_failed(listener);
            break;
        }
        if (atomic_fetch_add(&server->connections, 1) < server->connections_max) {
            connection_open(worker, client);
        } else {
            atomic_fetch_sub(&server->connections, 1);
            turn_away(client);
        }
    }
    worker_settle(worker);
}

void
http_post(struct http_worker *worker, struct http_task *task)
{
    struct http_task *head = atomic_load_explicit(&worker->tasks, memory_order_relaxed);

    do
        task->next = head;
    while (!atomic_compare_exchange_weak_explicit(&worker->tasks, &head, task,
                                                  memory_order_release, memory_order_relaxed));
    /* The task may be running by now; only head may be looked at. */
    if (!head)
        worker_wake(worker);
}

void
worker_wake(struct http_worker *worker)
{
    const uint64_t one = 1;
    ssize_t n = write(worker->wake_fd, &one, sizeof(one));

    (void)n; /* it cannot fail: the count is far from its end */
}

static void
run_tasks(struct http_worker *worker)
{
    struct http_task *newest =
        atomic_exchange_explicit(&worker->tasks, NULL, memory_order_acquire);
    struct http_task *oldest = NULL;

    while (newest) {
        struct http_task *next = newest->next;

        newest->next = oldest;
        oldest = newest;
        newest = next;
    }
    while (oldest) {
        struct http_task *task = oldest;

        oldest = task->next; /* in run() the task is the caller's again */
        task->run(task);
    }
}

static void
worker_drain(struct http_worker *worker)
{
    size_t count = worker->server->address_count;

    worker->draining = true;
    worker->drain_until_ms = worker->now_ms + worker->server->drain_ms;
    for (size_t i = 0; worker->listeners && i < count; i++) {
        event_del(&worker->listeners[i].readable);
        close(worker->listeners[i].fd);
        worker->listeners[i].fd = -1;
        worker->listeners[i].listening = true; /* nothing to take up again */
    }
    for (struct connection *c = worker->connections; c; c = c->next)
        connection_drain(c);
}

static void
on_wake(evutil_socket_t fd, short what, void *context)
{
    struct http_worker *worker = context;
    int stops = atomic_load(&worker->server->stops);

    (void)fd, (void)what;
    worker_enter(worker);
    run_tasks(worker);
    if (stops > 0 && !worker->draining)
        worker_drain(worker);
    worker_settle(worker);
    if (stops > 1)
        event_base_loopbreak(worker->base);
}

static void
on_sweep(evutil_socket_t fd, short what, void *context)
{
    struct http_worker *worker = context;

    (void)fd, (void)what;
    worker_enter(worker);
    for (struct connection *c = worker->connections; c; c = c->next)
        connection_sweep(c);
    for (size_t i = 0; i < worker->server->address_count; i++) {
        struct listener *listener = &worker->listeners[i];

        if (!listener->listening)
            listener->listening = event_add(&listener->readable, NULL) == 0;
    }
    worker_settle(worker);
    if (worker->draining && worker->now_ms >= worker->drain_until_ms)
        event_base_loopbreak(worker->base);
}

static void
timer_free(struct timer *timer)
{
    *timer->link = timer->next;
    if (timer->next)
        timer->next->link = timer->link;
    event_del(&timer->event);
    free(timer);
}

static void
on_timer(evutil_socket_t fd, short what, void *context)
{
    struct timer *timer = context;
    struct http_worker *worker = timer->worker;
    struct http_task *task = timer->task;

    (void)fd, (void)what;
    timer_free(timer);
    worker_enter(worker);
    task->run(task);
    worker_settle(worker);
}

void
http_after(struct http_worker *worker, int64_t delay_ms, struct http_task *task)
{
    struct timeval delay = {delay_ms / 1000, (delay_ms % 1000) * 1000};
    struct timer *timer = calloc(1, sizeof(*timer));

    if (!timer)
        abort();
    *timer = (struct timer){.worker = worker, .task = task, .next = worker->timers};
    timer->link = &worker->timers;
    if (timer->next)
        timer->next->link = &timer->next;
    worker->timers = timer;
    event_assign(&timer->event, worker->base, -1, 0, on_timer, timer);
    if (event_add(&timer->event, &delay) != 0)
        abort();
}

/* A quarter of the shortest limit, so that none is overrun by more than that. */
static struct timeval
sweep_interval(const struct http_server *server)
{
    int64_t ms = server->request_ms < server->idle_ms ? server->request_ms : server->idle_ms;

    if (server->drain_ms < ms)
        ms = server->drain_ms;
    ms /= 4;
    if (ms > HTTP_SWEEP_MS_MAX)
        ms = HTTP_SWEEP_MS_MAX;
    if (ms < HTTP_SWEEP_MS_MIN)
        ms = HTTP_SWEEP_MS_MIN;
    return (struct timeval){0, ms * 1000};
}

static struct event_base *
base_open(void)
{
    struct event_config *config = event_config_new();
    struct event_base *base = NULL;

    /* No other thread touches the base: they go through the eventfd (W1). */
    if (config && event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK) == 0 &&
        event_config_require_features(config, EV_FEATURE_ET) == 0)
        base = event_base_new_with_config(config);
    if (config)
        event_config_free(config);
    return base;
}

int
worker_open(struct http_worker *worker, struct http_server *server, struct error *err)
{
    struct timeval interval = sweep_interval(server);

    worker->server = server;
    worker->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (worker->wake_fd < 0)
        return error_set(err, ERROR_INTERNAL, "eventfd: %s", strerror(errno));
    worker->base = base_open();
    if (!worker->base)
        return error_set(err, ERROR_INTERNAL, "libevent: no event base with epoll");
    event_assign(&worker->wake, worker->base, worker->wake_fd, EV_READ | EV_PERSIST | EV_ET,
                 on_wake, worker);
    event_assign(&worker->sweep, worker->base, -1, EV_PERSIST, on_sweep, worker);
    if (event_add(&worker->wake, NULL) != 0 || event_add(&worker->sweep, &interval) != 0)
        return error_set(err, ERROR_INTERNAL, "libevent: cannot add the worker's events");
    worker_enter(worker);
    return 0;
}

void
worker_listen(struct http_worker *worker, const int *fds)
{
    size_t count = worker->server->address_count;

    worker->listeners = calloc(count, sizeof(*worker->listeners));
    if (!worker->listeners)
        abort();
    for (size_t i = 0; i < count; i++) {
        struct listener *listener = &worker->listeners[i];

        *listener = (struct listener){.worker = worker, .fd = fds[i], .listening = true};
        event_assign(&listener->readable, worker->base, fds[i], EV_READ | EV_PERSIST, on_accept,
                     listener);
        if (event_add(&listener->readable, NULL) != 0)
            abort();
    }
}

void
worker_run(struct http_worker *worker)
{
    event_base_dispatch(worker->base);
}

static void
listeners_close(struct http_worker *worker)
{
    for (size_t i = 0; worker->listeners && i < worker->server->address_count; i++) {
        if (worker->listeners[i].fd < 0)
            continue;
        event_del(&worker->listeners[i].readable);
        close(worker->listeners[i].fd);
    }
    free(worker->listeners);
}

void
worker_close(struct http_worker *worker)
{
    while (worker->connections)
        connection_abandon(worker->connections);
    while (worker->timers)
        timer_free(worker->timers);
    exchange_free_spare(worker);
    listeners_close(worker);
    if (worker->base) {
        event_del(&worker->wake);
        event_del(&worker->sweep);
        event_base_free(worker->base);
    }
    if (worker->wake_fd >= 0)
        close(worker->wake_fd);
}
