/*
 * router.h - which line of the route table answers a request.
 *
 * A path matches segment by segment, as sent: "/v1/p%61yments" is not
 * "/v1/payments".  A {name} takes one segment that is not empty.  Where several
 * lines match, the one with the fewest names wins, so a literal path beats
 * "/v1/payments/{id}".
 */
#ifndef GATEWAY_HTTP_ROUTER_H
#define GATEWAY_HTTP_ROUTER_H

#include "gateway/http/head.h"

#define HTTP_ROUTES_MAX   256
#define HTTP_SEGMENTS_MAX 8

struct route_segment {
    struct http_slice text; /* without braces */
    bool is_name;
};

struct route_line {
    const struct http_route *route;
    struct http_slice method, path;
    size_t names;
    size_t segment_count;
    struct route_segment segments[HTTP_SEGMENTS_MAX];
};

struct router {
    struct route_line *lines; /* malloc */
    size_t count;
};

int router_open(struct router *router, const struct http_route *routes, size_t count,
                struct error *err) __attribute__((warn_unused_result));
void router_close(struct router *router);

/* Is it one that HTTP defines for resources, or some line's own?  Any other is 501. */
bool router_knows_method(const struct router *router, struct http_slice method);

/*
 * The line for method and path; params are decoded onto the arena.  NULL: none;
 * *path_known then says whether another method would have found one.
 */
const struct http_route *router_find(const struct router *router, struct http_slice method,
                                     struct http_slice path, struct arena *arena,
                                     struct http_slice params[HTTP_PARAMS_MAX],
                                     bool *path_known);

/* "GET, HEAD, OPTIONS" for a path; "*" is every path.  On the arena. */
const char *router_allow(const struct router *router, struct http_slice path,
                         struct arena *arena);

/* query.c: undo percent escapes; NULL if one is malformed or stands for a NUL. */
char *percent_decode(struct arena *arena, struct http_slice text, bool plus_is_blank,
                     size_t *len);

#endif
