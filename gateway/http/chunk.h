/*
 * chunk.h - where the pieces of a chunked body begin and end.
 *
 * Like head.h a strict reading beside llhttp's: every framing line ends in
 * CRLF, a size has at most CHUNK_DIGITS_MAX digits and nothing but a ';' behind
 * it, extensions and trailers are short, printable and ignored.
 */
#ifndef GATEWAY_HTTP_CHUNK_H
#define GATEWAY_HTTP_CHUNK_H

#include "gateway/http/head.h"

#define CHUNK_DIGITS_MAX 8    /* 4 GiB a chunk; what a body may hold is less */
#define CHUNK_LINE_MAX   256  /* a size line with its extensions */
#define CHUNK_TRAIL_MAX  4096 /* all trailer fields together; past it 431 */

/* {0} at the start of a body. */
struct chunk_scan {
    int state;
    size_t digits;
    size_t line;   /* bytes of this framing line, or of the trailer so far */
    uint64_t left; /* data bytes still to come in this chunk */
};

enum chunk_progress {
    CHUNK_FRAMING, /* *n bytes of framing passed; more must come, or data follows */
    CHUNK_DATA,    /* *n bytes of data */
    CHUNK_END,     /* *n bytes of framing, and the body is over */
    CHUNK_REFUSED,
};

/* Take the next run from data[0..len), len > 0: framing or data, not both. */
enum chunk_progress chunk_scan(struct chunk_scan *scan, const char *data, size_t len, size_t *n,
                               struct refusal *why);

#endif
