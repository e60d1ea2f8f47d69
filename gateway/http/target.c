/*
 * target.c - the request target in its forms (RFC 9112 section 3.2).
 *
 * A target is refused rather than mended: what a proxy in front of us read
 * differently would be a different request.
 */
#include <string.h>
#include <strings.h>

#include "gateway/http/chars.h"
#include "gateway/http/head.h"

#define PORT_DIGITS_MAX 5
#define PORT_MAX        65535
#define IPV6_TEXT_MAX   45

/* Every '%' begins an escape of two digits, and none of them is a NUL. */
static bool
escapes_are_valid(struct http_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] != '%')
            continue;
        if (text.len - i < 3 || !chars_is(text.data[i + 1], CHARS_HEX) ||
            !chars_is(text.data[i + 2], CHARS_HEX))
            return false;
        if (text.data[i + 1] == '0' && text.data[i + 2] == '0')
            return false;
    }
    return true;
}

static bool
port_is_valid(const char *digits, size_t len)
{
    unsigned port = 0;

    if (len > PORT_DIGITS_MAX || chars_span(digits, len, CHARS_DIGIT) != len)
        return false;
    for (size_t i = 0; i < len; i++)
        port = port * 10 + (unsigned)(digits[i] - '0');
    return port <= PORT_MAX;
}

/* The length of "[…]" at the start, 0 if it is none. */
static size_t
ip_literal_span(struct http_slice host)
{
    size_t n = 1;

    while (n < host.len &&
           (chars_is(host.data[n], CHARS_HEX) || host.data[n] == ':' || host.data[n] == '.'))
        n++;
    if (n < 3 || n > IPV6_TEXT_MAX || n == host.len || host.data[n] != ']')
        return 0;
    return n + 1;
}

bool
target_host_is_valid(struct http_slice host)
{
    struct http_slice name = host;

    if (host.len == 0)
        return false;
    name.len = host.data[0] == '[' ? ip_literal_span(host)
                                   : chars_span(host.data, host.len, CHARS_HOST);
    if (name.len == 0 || !escapes_are_valid(name))
        return false;
    if (name.len == host.len)
        return true;
    return host.data[name.len] == ':' &&
           port_is_valid(host.data + name.len + 1, host.len - name.len - 1);
}

/* "/path?query" */
static bool
origin_read(struct head *head, struct http_slice target, struct refusal *why)
{
    size_t path = chars_span(target.data, target.len, CHARS_PATH);
    const char *rest = target.data + path;

    head->path = (struct http_slice){target.data, path};
    head->query = (struct http_slice){NULL, 0};
    if (!escapes_are_valid(head->path))
        return refuse(why, 400, "a percent escape in the path is malformed");
    if (path == target.len)
        return true;
    if (*rest != '?')
        return refuse(why, 400, "the request target holds a byte that may not stand there");
    head->query = (struct http_slice){rest + 1, target.len - path - 1};
    if (chars_span(rest + 1, head->query.len, CHARS_QUERY) != head->query.len)
        return refuse(why, 400, "the query holds a byte that may not stand there");
    return true;
}

/* "http://host[:port][/path][?query]", which a proxy would be sent. */
static bool
absolute_read(struct head *head, struct http_slice target, struct refusal *why)
{
    size_t scheme = strncasecmp(target.data, "https://", 8) == 0 ? 8 : 7;
    struct http_slice host = {target.data + scheme, 0};
    struct http_slice rest;

    while (scheme + host.len < target.len && host.data[host.len] != '/' &&
           host.data[host.len] != '?')
        host.len++;
    if (!target_host_is_valid(host))
        return refuse(why, 400, "the host in the request target is malformed");
    rest = (struct http_slice){host.data + host.len, target.len - scheme - host.len};
    if (rest.len > 0 && rest.data[0] == '/')
        return origin_read(head, rest, why);
    if (!origin_read(head, rest, why)) /* an empty path means "/" (section 3.2.1) */
        return false;
    head->path = (struct http_slice){"/", 1};
    return true;
}

bool
target_read(struct head *head, struct http_slice target, struct refusal *why)
{
    if (target.data[0] == '/')
        return origin_read(head, target, why);
    if (target.len == 1 && target.data[0] == '*') {
        head->path = target;
        head->query = (struct http_slice){NULL, 0};
        if (!slice_equal(head->method, "OPTIONS", 7))
            return refuse(why, 400, "the target \"*\" is for OPTIONS alone");
        return true;
    }
    if ((target.len > 7 && strncasecmp(target.data, "http://", 7) == 0) ||
        (target.len > 8 && strncasecmp(target.data, "https://", 8) == 0))
        return absolute_read(head, target, why);
    return refuse(why, 400, "the request target is neither a path nor an http URI");
}
