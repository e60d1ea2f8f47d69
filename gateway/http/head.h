/*
 * head.h - the head of a request, read strictly.
 *
 * llhttp reads the same bytes after us (parse.c) and decides the framing; a
 * request passes only if both readings agree.  This one exists because some
 * things that llhttp 8.1 lets pass are known ways to smuggle one request
 * inside another.
 *
 *   R1  every line ends in CRLF, and no other CR, LF or NUL is in the head.
 *   R2  a field line begins with a token and a colon right behind it; there
 *       is no folding.
 *   R3  one Host (HTTP/1.1: present), at most one Content-Length, at most one
 *       Transfer-Encoding, never both of these, and never the last in HTTP/1.0.
 *   R4  the method and the path that are seen are the ones that were sent.
 */
#ifndef GATEWAY_HTTP_HEAD_H
#define GATEWAY_HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "gateway/base/arena.h"
#include "gateway/http/http.h"

#define HTTP_REQUEST_LINE_MAX 8192 /* of HTTP_HEAD_MAX; past it 414 */

/* Why a request is refused; status 0: it is not. */
struct refusal {
    int status;
    const char *detail;
};

struct head_field {
    struct http_slice name;  /* as sent */
    struct http_slice value; /* without the blanks around it */
};

struct head {
    struct http_slice method;
    struct http_slice path; /* of any form of target; "*" for the asterisk form */
    struct http_slice query;
    int minor; /* HTTP/1.minor: 0 or 1 */
    struct head_field *fields;
    size_t field_count;

    bool has_length;
    bool chunked;
    uint64_t length; /* Content-Length */
};

/* How far the search for the head's end has come; {0} at the start of a request. */
struct head_scan {
    size_t at;    /* bytes looked at */
    size_t line;  /* where the line now being read begins */
    size_t lines; /* whole lines, the request line included */
};

enum head_progress { HEAD_MORE, HEAD_WHOLE, HEAD_REFUSED };

/*
 * Look for the end of the head in data[0..len), which always begins at the
 * request's first byte.  HEAD_WHOLE: scan->at is the head's length.
 */
enum head_progress head_scan(struct head_scan *scan, const char *data, size_t len,
                             struct refusal *why);

/* Read a whole head of so many lines; its slices point into data, fields are on the arena. */
bool head_read(struct head *head, struct arena *arena, const char *data, size_t len,
               size_t lines, struct refusal *why) __attribute__((warn_unused_result));

/* The first field of that lower-case name, or NULL. */
const struct head_field *head_find(const struct head *head, const char *name, size_t len);

/* Is the slice this lower-case text, letters of either case?  For field names and tokens. */
bool slice_is(struct http_slice slice, const char *lower, size_t len);

/* Is it this text exactly?  For methods, which are case-sensitive. */
static inline bool
slice_equal(struct http_slice slice, const char *text, size_t len)
{
    return slice.len == len && memcmp(slice.data, text, len) == 0;
}

/* target.c: take a request target apart.  "*" is for OPTIONS alone. */
bool target_read(struct head *head, struct http_slice target, struct refusal *why)
    __attribute__((warn_unused_result));

/* target.c: host [":" port], as a Host field or an absolute target has it. */
bool target_host_is_valid(struct http_slice host);

/* Give the reason; always false, so that a reader can end with it. */
static inline bool
refuse(struct refusal *why, int status, const char *detail)
{
    *why = (struct refusal){status, detail};
    return false;
}

#endif
