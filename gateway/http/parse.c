/* parse.c - the second reading, by llhttp in its strict mode, held against the first. */
#include "gateway/http/parse.h"

#include <string.h>

_Static_assert(LLHTTP_STRICT_MODE == 1, "llhttp's loose mode lets more requests pass");

static int
on_headers_complete(llhttp_t *llhttp)
{
    struct parse *parse = llhttp->data;

    parse->head_done = true;
    parse->keep_alive = llhttp_should_keep_alive(llhttp);
    return 0;
}

static int
on_body(llhttp_t *llhttp, const char *at, size_t len)
{
    struct parse *parse = llhttp->data;

    if (parse->piece.len > 0)
        return -1; /* two runs of data in what should hold one: we disagree */
    parse->piece = (struct http_slice){at, len};
    return 0;
}

static int
on_message_complete(llhttp_t *llhttp)
{
    struct parse *parse = llhttp->data;

    parse->done = true;
    return HPE_PAUSED; /* so that nothing behind it is looked at, and no Upgrade heeded */
}

static const llhttp_settings_t settings = {
    .on_headers_complete = on_headers_complete,
    .on_body = on_body,
    .on_message_complete = on_message_complete,
};

void
parse_init(struct parse *parse)
{
    *parse = (struct parse){0};
    llhttp_init(&parse->llhttp, HTTP_REQUEST, &settings);
    parse->llhttp.data = parse;
}

bool
parse_knows_method(const char *name)
{
#define SAME(number, id, text)                                                                 \
    if (strcmp(name, #text) == 0)                                                              \
        return true;
    HTTP_METHOD_MAP(SAME)
#undef SAME
    return false;
}

/* Feed bytes that must all be taken.  False: llhttp did not. */
static bool
feed(struct parse *parse, const char *data, size_t len)
{
    llhttp_errno_t error;

    parse->piece = (struct http_slice){NULL, 0};
    error = llhttp_execute(&parse->llhttp, data, len);
    if (error == HPE_OK)
        return true;
    return error == HPE_PAUSED && parse->done &&
           llhttp_get_error_pos(&parse->llhttp) == data + len;
}

bool
parse_head(struct parse *parse, const struct head *head, const char *data, size_t len,
           struct refusal *why)
{
    bool has_body = head->chunked || head->length > 0;

    llhttp_reset(&parse->llhttp);
    parse->head_done = false;
    parse->done = false;
    if (!feed(parse, data, len))
        return refuse(why, 400, "the request is not well-formed HTTP/1.1");
    if (!parse->head_done || parse->done != !has_body || parse->llhttp.http_major != 1 ||
        parse->llhttp.http_minor != head->minor ||
        head->chunked != ((parse->llhttp.flags & F_CHUNKED) != 0) ||
        (has_body && !head->chunked && parse->llhttp.content_length != head->length))
        return refuse(why, 400, "the request's framing can be read in two ways");
    return true;
}

bool
parse_body(struct parse *parse, const char *data, size_t len, bool over, struct refusal *why)
{
    if (!feed(parse, data, len) || parse->done != over)
        return refuse(why, 400, "the framing of the request's body is malformed");
    return true;
}
