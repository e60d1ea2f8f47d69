/*
 * admit.h - whether a well-framed request is taken, judged by its head alone.
 *
 * Order of the answers: no such path 404, not by this method 405, what
 * http_options.enter says, expectation 417, media type 415, length 413.  None of these
 * puts framing in doubt.
 */
#ifndef GATEWAY_HTTP_ADMIT_H
#define GATEWAY_HTTP_ADMIT_H

#include "gateway/http/exchange.h"

struct admission {
    struct refusal refusal; /* status 0: taken */
    bool wants_continue;    /* the client waits for 100 before it sends the body */
    const char *allow;      /* with 405, and 204 for OPTIONS */
};

/* Finds the route and its parameters on the way. */
void admit(struct exchange *exchange, struct admission *admission);

/* Is this "type", with no parameter but charset=utf-8? */
bool media_is(struct http_slice value, const char *type);

#endif
