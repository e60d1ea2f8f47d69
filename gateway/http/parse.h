/*
 * parse.h - llhttp, fed with what head.c and chunk.c have passed.
 *
 * The two readings must agree on where head and body end and on how the body
 * is framed; where they do not, the request is refused with 400 (H5).  Only
 * parse.c includes llhttp for its functions; this header needs its struct.
 */
#ifndef GATEWAY_HTTP_PARSE_H
#define GATEWAY_HTTP_PARSE_H

#include <llhttp.h>

#include "gateway/http/head.h"

/* One a connection; parse_head() begins each request. */
struct parse {
    llhttp_t llhttp;
    struct http_slice piece; /* of the body, in the bytes fed last */
    bool head_done;
    bool done;       /* the request is whole */
    bool keep_alive; /* what version and Connection together mean */
};

void parse_init(struct parse *parse);

/* Is this a method of HTTP that llhttp can read? */
bool parse_knows_method(const char *name);

/* Read a whole head.  False: llhttp refuses it or disagrees with our reading. */
bool parse_head(struct parse *parse, const struct head *head, const char *data, size_t len,
                struct refusal *why) __attribute__((warn_unused_result));

/*
 * Feed bytes of the body, at most one run of data among them; parse->piece is
 * that run.  over: our reading says that the body ends with them.
 */
bool parse_body(struct parse *parse, const char *data, size_t len, bool over,
                struct refusal *why) __attribute__((warn_unused_result));

#endif
