/*
 * transport.h - the seam between a connection and its socket.
 *
 * The plain transport is recv(2) and sendmsg(2); TLS is to be SSL_read and
 * SSL_write behind the same five functions.  A transport owns its descriptor.
 *
 *   T1  recv and send never block.  A negative answer says what to wait for,
 *       and TLS may want to write in order to read, and the other way round.
 *   T2  a recv that fills its buffer may have left bytes that no readiness
 *       will announce: it is called again.
 *   T3  a send that wanted something is called again with the same bytes
 *       first, perhaps at another address and with more behind them.
 */
#ifndef GATEWAY_HTTP_TRANSPORT_H
#define GATEWAY_HTTP_TRANSPORT_H

#include <stddef.h>
#include <sys/types.h>
#include <sys/uio.h>

enum {
    TRANSPORT_WANT_READ = -1,
    TRANSPORT_WANT_WRITE = -2,
    TRANSPORT_FAILED = -3, /* the connection is of no more use */
};

struct transport {
    const struct transport_ops *ops;
    int fd;
    void *session; /* the transport's own; NULL for plain */
};

struct transport_ops {
    const char *name;
    /* Bytes read, 0 at the peer's end, or one of the above. */
    ssize_t (*recv)(struct transport *transport, char *data, size_t len);
    /* Bytes taken, perhaps fewer than offered, or one of the above. */
    ssize_t (*send)(struct transport *transport, const struct iovec *parts, int count);
    /* We send no more; the peer may.  What cannot be said at once is left out. */
    void (*shutdown)(struct transport *transport);
    /* The close that follows is to reset the connection. */
    void (*harden)(struct transport *transport);
    void (*close)(struct transport *transport);
};

extern const struct transport_ops transport_plain;

/* server.c: another transport for the connections to come.  Before http_server_run(). */
struct http_server;
void server_set_transport(struct http_server *server, const struct transport_ops *ops);

#endif
