/*
 * status.h - the status codes that the gateway gives, with their words.
 *
 * One table, so that a reply's status line and a problem's title and type
 * cannot differ.  A code that is not in it is a bug in the handler.
 */
#ifndef GATEWAY_HTTP_STATUS_H
#define GATEWAY_HTTP_STATUS_H

#include <stdbool.h>
#include <stddef.h>

struct status {
    int code;
    bool bodiless;    /* its reply has neither body nor Content-Length */
    const char *line; /* "HTTP/1.1 200 OK\r\n" */
    size_t line_len;
    const char *title; /* of a problem; NULL where it is none */
    const char *slug;  /* the problem's type is "/problems/<slug>" */
};

const struct status *status_find(int code);

#endif
