/*
 * body.h - the kinds of bodies: what each is called, may hold, and goes through.
 */
#ifndef GATEWAY_HTTP_BODY_H
#define GATEWAY_HTTP_BODY_H

#include "gateway/http/connection.h"

#define HTTP_BODY_ENDLESS UINT64_MAX /* a stream that only its handler limits */

struct body_kind {
    const char *media;   /* NULL: any */
    const char *strange; /* what 415 says */
    uint64_t bytes_max;
    const char *too_long; /* what 413 says */
    enum receive receive; /* what becomes of it as it comes */
};

/* Of the route that the exchange has. */
const struct body_kind *body_kind(const struct exchange *exchange);

#endif
