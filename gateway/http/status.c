/* status.c - the table; RFC 9110 section 15 has the phrases, RFC 6585 and 4918 the others. */
#include "gateway/http/status.h"

#include <assert.h>

#define LINE(code, phrase)                                                                     \
    .line = "HTTP/1.1 " #code " " phrase "\r\n",                                               \
    .line_len = sizeof("HTTP/1.1 " #code " " phrase "\r\n") - 1

#define PLAIN(number, phrase)                                                                  \
    {                                                                                          \
        .code = number, LINE(number, phrase)                                                   \
    }
#define BODILESS(number, phrase)                                                               \
    {                                                                                          \
        .code = number, .bodiless = true, LINE(number, phrase)                                 \
    }
#define PROBLEM(number, phrase, short)                                                         \
    {                                                                                          \
        .code = number, LINE(number, phrase), .title = phrase, .slug = short                   \
    }

/* The commonest first. */
static const struct status table[] = {
    /* clang-format off */
    PLAIN(200, "OK"),
    PLAIN(201, "Created"),
    PLAIN(202, "Accepted"),
    BODILESS(204, "No Content"),
    PLAIN(301, "Moved Permanently"),
    PLAIN(302, "Found"),
    PLAIN(303, "See Other"),
    BODILESS(304, "Not Modified"),
    PLAIN(307, "Temporary Redirect"),
    PLAIN(308, "Permanent Redirect"),
    PROBLEM(400, "Bad Request", "bad-request"),
    PROBLEM(401, "Unauthorized", "unauthorized"),
    PROBLEM(403, "Forbidden", "forbidden"),
    PROBLEM(404, "Not Found", "not-found"),
    PROBLEM(405, "Method Not Allowed", "method-not-allowed"),
    PROBLEM(406, "Not Acceptable", "not-acceptable"),
    PROBLEM(408, "Request Timeout", "request-timeout"),
    PROBLEM(409, "Conflict", "conflict"),
    PROBLEM(410, "Gone", "gone"),
    PROBLEM(411, "Length Required", "length-required"),
    PROBLEM(412, "Precondition Failed", "precondition-failed"),
    PROBLEM(413, "Content Too Large", "content-too-large"),
    PROBLEM(414, "URI Too Long", "uri-too-long"),
    PROBLEM(415, "Unsupported Media Type", "unsupported-media-type"),
    PROBLEM(416, "Range Not Satisfiable", "range-not-satisfiable"),
    PROBLEM(417, "Expectation Failed", "expectation-failed"),
    PROBLEM(421, "Misdirected Request", "misdirected-request"),
    PROBLEM(422, "Unprocessable Content", "unprocessable-content"),
    PROBLEM(428, "Precondition Required", "precondition-required"),
    PROBLEM(429, "Too Many Requests", "too-many-requests"),
    PROBLEM(431, "Request Header Fields Too Large", "header-fields-too-large"),
    PROBLEM(500, "Internal Server Error", "internal-server-error"),
    PROBLEM(501, "Not Implemented", "not-implemented"),
    PROBLEM(502, "Bad Gateway", "bad-gateway"),
    PROBLEM(503, "Service Unavailable", "service-unavailable"),
    PROBLEM(504, "Gateway Timeout", "gateway-timeout"),
    PROBLEM(505, "HTTP Version Not Supported", "http-version-not-supported"),
    PROBLEM(507, "Insufficient Storage", "insufficient-storage"),
    /* clang-format on */
};

const struct status *
status_find(int code)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (table[i].code == code)
            return &table[i];
    assert(!"a status that the gateway does not give");
    return NULL;
}
