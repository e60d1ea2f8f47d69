/* transport.c - TCP without anything over it. */
#include "gateway/http/transport.h"

#include <errno.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

static ssize_t
plain_result(ssize_t n, int want)
{
    if (n >= 0)
        return n;
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? want : TRANSPORT_FAILED;
}

static ssize_t
plain_recv(struct transport *transport, char *data, size_t len)
{
    return plain_result(recv(transport->fd, data, len, 0), TRANSPORT_WANT_READ);
}

static ssize_t
plain_send(struct transport *transport, const struct iovec *parts, int count)
{
    struct msghdr message = {0};

    if (count == 1) /* the usual case, and the cheaper call */
        return plain_result(
            send(transport->fd, parts[0].iov_base, parts[0].iov_len, MSG_NOSIGNAL),
            TRANSPORT_WANT_WRITE);
    message.msg_iovlen = (size_t)count;
    message.msg_iov = (struct iovec *)(uintptr_t)parts; /* sendmsg only reads it */
    return plain_result(sendmsg(transport->fd, &message, MSG_NOSIGNAL), TRANSPORT_WANT_WRITE);
}

static void
plain_shutdown(struct transport *transport)
{
    shutdown(transport->fd, SHUT_WR); /* it fails only where the peer has gone */
}

static void
plain_harden(struct transport *transport)
{
    const struct linger none = {.l_onoff = 1, .l_linger = 0};

    /* It fails only where the peer has gone: then there is nobody to tell. */
    setsockopt(transport->fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
}

static void
plain_close(struct transport *transport)
{
    close(transport->fd);
    transport->fd = -1;
}

const struct transport_ops transport_plain = {
    .name = "plain",
    .recv = plain_recv,
    .send = plain_send,
    .shutdown = plain_shutdown,
    .harden = plain_harden,
    .close = plain_close,
};
