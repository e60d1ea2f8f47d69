/*
 * server.c - listening sockets, workers, start and stop.
 *
 * Every worker listens on every address with a socket of its own (SO_REUSEPORT),
 * so that the kernel spreads connections and no thread hands one to another.
 */
#include <assert.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway/base/log.h"
#include "gateway/http/worker.h"

#define LISTEN_BACKLOG    4096
#define DESCRIPTORS_EXTRA 64 /* besides the connections: listeners, epoll, the store's files */

struct address {
    struct sockaddr_storage where;
    socklen_t len;
};

/* getaddrinfo() takes 99999 and binds what is left of it in 16 bits. */
static bool
is_port(const char *text)
{
    size_t digits = strspn(text, "0123456789");

    return digits > 0 && digits <= 5 && text[digits] == '\0' && atoi(text) <= UINT16_MAX;
}

static int
address_parse(const char *text, struct address *address, struct error *err)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE};
    const char *colon = strrchr(text, ':');
    size_t host_len = colon ? (size_t)(colon - text) : 0;
    bool bracketed = host_len > 2 && text[0] == '[' && text[host_len - 1] == ']';
    struct addrinfo *info = NULL;
    char host[HTTP_ADDRESS_SIZE];

    if (host_len == 0 || host_len >= sizeof(host))
        return error_set(err, ERROR_INVALID, "listen address \"%.60s\" is not ADDRESS:PORT",
                         text);
    snprintf(host, sizeof(host), "%.*s", (int)(bracketed ? host_len - 2 : host_len),
             text + bracketed);
    if (!is_port(colon + 1) || getaddrinfo(host, colon + 1, &hints, &info) != 0)
        return error_set(err, ERROR_INVALID,
                         "listen address \"%.60s\" is not a numeric ADDRESS:PORT", text);
    memcpy(&address->where, info->ai_addr, info->ai_addrlen);
    address->len = info->ai_addrlen;
    freeaddrinfo(info);
    return 0;
}

bool
http_address_is_open(const char *text)
{
    struct error ignored = {0};
    struct address address = {0};
    const struct sockaddr_in *four = (const void *)&address.where;
    const struct sockaddr_in6 *six = (const void *)&address.where;

    if (address_parse(text, &address, &ignored) != 0)
        return false;
    if (address.where.ss_family == AF_INET)
        return ntohl(four->sin_addr.s_addr) >> 24 != IN_LOOPBACKNET;
    return !IN6_IS_ADDR_LOOPBACK(&six->sin6_addr) &&
           !(IN6_IS_ADDR_V4MAPPED(&six->sin6_addr) && six->sin6_addr.s6_addr[12] == 127);
}

static void
address_print(int fd, char text[HTTP_ADDRESS_SIZE])
{
    struct sockaddr_storage where;
    socklen_t len = sizeof(where);
    char host[46], port[8];

    if (getsockname(fd, (struct sockaddr *)&where, &len) != 0 ||
        getnameinfo((struct sockaddr *)&where, len, host, sizeof(host), port, sizeof(port),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
        text[0] = '\0';
        return;
    }
    snprintf(text, HTTP_ADDRESS_SIZE, where.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host,
             port);
}

/* A bound socket; shared says that other workers will bind the same address. */
static int
socket_bind(const struct address *address, bool shared)
{
    static const int on = 1;
    int fd = socket(address->where.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
        (!shared || setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) == 0) &&
        (address->where.ss_family != AF_INET6 ||
         setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) == 0) &&
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == 0 && /* inherited */
        bind(fd, (const struct sockaddr *)&address->where, address->len) == 0)
        return fd;
    close(fd);
    return -1;
}

/*
 * SO_REUSEPORT would let a second gateway take half of the first one's
 * connections without a word, so ask first without it.
 */
static bool
address_is_free(const struct address *address)
{
    int fd = socket_bind(address, false);

    if (fd < 0)
        return false;
    close(fd);
    return true;
}

/* One listening socket a worker for one address; fds[worker * stride]. */
static int
address_listen(struct http_server *server, const char *text, size_t index, int *fds,
               struct error *err)
{
    struct address address;

    if (address_parse(text, &address, err) != 0)
        return -1;
    if (!address_is_free(&address))
        return error_set(err, ERROR_INVALID, "cannot listen on %.60s: %s", text,
                         strerror(errno));
    for (int w = 0; w < server->worker_count; w++) {
        int fd = socket_bind(&address, true);

        fds[(size_t)w * server->address_count + index] = fd;
        if (fd < 0 || listen(fd, LISTEN_BACKLOG) != 0)
            return error_set(err, ERROR_INVALID, "cannot listen on %.60s: %s", text,
                             strerror(errno));
        address.len = sizeof(address.where); /* the port that was picked, for the others */
        if (getsockname(fd, (struct sockaddr *)&address.where, &address.len) != 0)
            return error_set(err, ERROR_INTERNAL, "getsockname: %s", strerror(errno));
        address_print(fd, server->addresses[index]);
    }
    return 0;
}

static int
server_listen(struct http_server *server, const char *const *texts, struct error *err)
{
    size_t count = (size_t)server->worker_count * server->address_count;
    int *fds = malloc((count + 1) * sizeof(*fds));
    int rc = -1;

    if (!fds)
        abort();
    for (size_t i = 0; i < count; i++)
        fds[i] = -1;
    for (size_t i = 0; i < server->address_count; i++)
        if (address_listen(server, texts[i], i, fds, err) != 0)
            goto out;
    for (int w = 0; w < server->worker_count; w++)
        worker_listen(&server->workers[w], fds + (size_t)w * server->address_count);
    rc = 0;
out:
    for (size_t i = 0; rc != 0 && i < count; i++)
        if (fds[i] >= 0)
            close(fds[i]);
    free(fds);
    return rc;
}

/* Shells start programs with 1,024 descriptors; the limit of connections is higher. */
static void
descriptors_raise(size_t connections)
{
    struct rlimit limit;
    rlim_t want = connections + DESCRIPTORS_EXTRA;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= want)
        return;
    limit.rlim_cur = want < limit.rlim_max ? want : limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < want)
        log_warn("http.descriptors", "wanted=%zu", (size_t)want);
}

static struct http_server *
server_new(const struct http_options *options)
{
    struct http_server *server = calloc(1, sizeof(*server));

    if (!server)
        abort();
    server->context = options->context;
    server->enter = options->enter;
    server->transport = &transport_plain;
    server->request_ms = options->request_ms ? options->request_ms : HTTP_REQUEST_MS;
    server->idle_ms = options->idle_ms ? options->idle_ms : HTTP_IDLE_MS;
    server->drain_ms = options->drain_ms ? options->drain_ms : HTTP_DRAIN_MS;
    server->connections_max =
        options->connections_max ? options->connections_max : HTTP_CONNECTIONS_MAX;
    server->address_count = options->listen_count;
    server->addresses = calloc(options->listen_count + 1, sizeof(*server->addresses));
    server->worker_count = options->threads > 0 ? options->threads : 1;
    server->workers = calloc((size_t)server->worker_count, sizeof(*server->workers));
    if (!server->addresses || !server->workers)
        abort();
    for (int w = 0; w < server->worker_count; w++)
        server->workers[w].wake_fd = -1;
    return server;
}

int
http_server_open(const struct http_options *options, struct http_server **out,
                 struct error *err)
{
    struct http_server *server;
    int rc = -1;

    *out = NULL;
    if (options->threads > HTTP_THREADS_MAX)
        return error_set(err, ERROR_INVALID, "more than %d threads", HTTP_THREADS_MAX);
    server = server_new(options);
    descriptors_raise(server->connections_max);
    if (router_open(&server->router, options->routes, options->route_count, err) != 0)
        goto out;
    for (int w = 0; w < server->worker_count; w++)
        if (worker_open(&server->workers[w], server, err) != 0)
            goto out;
    if (server_listen(server, options->listen, err) != 0)
        goto out;
    *out = server;
    server = NULL;
    rc = 0;
out:
    http_server_close(server);
    return rc;
}

void
server_set_transport(struct http_server *server, const struct transport_ops *ops)
{
    server->transport = ops;
}

const char *
http_server_address(const struct http_server *server, size_t i)
{
    assert(i < server->address_count);
    return server->addresses[i];
}

static void *
worker_thread(void *context)
{
    worker_run(context);
    return NULL;
}

void
http_server_run(struct http_server *server)
{
    for (int w = 1; w < server->worker_count; w++) {
        if (pthread_create(&server->workers[w].thread, NULL, worker_thread,
                           &server->workers[w]) == 0)
            continue;
        log_error("http.thread", "worker=%d error=\"cannot start a thread\"", w);
        abort(); /* its listener is open: connections would wait in it for ever */
    }
    worker_run(&server->workers[0]);
    for (int w = 1; w < server->worker_count; w++)
        pthread_join(server->workers[w].thread, NULL);
}

void
http_server_stop(struct http_server *server)
{
    atomic_fetch_add(&server->stops, 1);
    for (int w = 0; w < server->worker_count; w++)
        worker_wake(&server->workers[w]);
}

void
http_server_close(struct http_server *server)
{
    if (!server)
        return;
    for (int w = 0; w < server->worker_count; w++)
        worker_close(&server->workers[w]);
    router_close(&server->router);
    free(server->workers);
    free(server->addresses);
    free(server);
}
