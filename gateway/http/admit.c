/* admit.c - route, method, caller, expectation, media type and length of a request. */
#include "gateway/http/admit.h"

#include <string.h>
#include <strings.h>

#include "gateway/http/body.h"
#include "gateway/http/chars.h"
#include "gateway/http/worker.h"

#define NAME(text) text, sizeof(text) - 1

static void
blanks_skip(struct http_slice *text)
{
    while (text->len > 0 && (*text->data == ' ' || *text->data == '\t'))
        text->data++, text->len--;
}

static struct http_slice
take(struct http_slice *text, size_t len)
{
    struct http_slice taken = {text->data, len};

    text->data += len;
    text->len -= len;
    return taken;
}

/* A token or a quoted string without its quotes; an escape in it is not worth a reader. */
static bool
parameter_value_take(struct http_slice *text, struct http_slice *value)
{
    const char *quote;

    if (text->len == 0 || *text->data != '"') {
        *value = take(text, chars_span(text->data, text->len, CHARS_TOKEN));
        return value->len > 0;
    }
    quote = memchr(text->data + 1, '"', text->len - 1);
    if (!quote)
        return false;
    *value = take(text, (size_t)(quote - text->data) + 1);
    value->data++;
    value->len -= 2;
    return true;
}

bool
media_is(struct http_slice value, const char *type)
{
    size_t len = strlen(type);

    if (value.len < len || strncasecmp(value.data, type, len) != 0)
        return false;
    take(&value, len);
    for (blanks_skip(&value); value.len > 0; blanks_skip(&value)) {
        struct http_slice name, text;

        if (*value.data != ';')
            return false;
        take(&value, 1);
        blanks_skip(&value);
        if (value.len == 0 || *value.data == ';')
            continue; /* RFC 9110 section 5.6.6 lets a parameter be empty */
        name = take(&value, chars_span(value.data, value.len, CHARS_TOKEN));
        if (value.len == 0 || *value.data != '=')
            return false;
        take(&value, 1);
        if (!parameter_value_take(&value, &text) || !slice_is(name, NAME("charset")) ||
            !slice_is(text, NAME("utf-8")))
            return false;
    }
    return true;
}

static bool
admit_route(struct exchange *exchange, struct admission *admission)
{
    const struct router *router = &exchange->connection->worker->server->router;
    struct http_exchange *public = &exchange->public;
    struct head *head = &exchange->head;
    bool known, options = slice_equal(head->method, NAME("OPTIONS"));

    public->route =
        router_find(router, head->method, head->path, public->arena, public->params, &known);
    if (public->route)
        return true;
    if (!known && !(options && slice_equal(head->path, NAME("*"))))
        return refuse(&admission->refusal, 404, "there is nothing at this path");
    admission->allow = router_allow(router, head->path, public->arena);
    if (options)
        return refuse(&admission->refusal, 204, NULL);
    return refuse(&admission->refusal, 405, "this path does not take this method");
}

static bool
admit_caller(struct exchange *exchange, struct admission *admission)
{
    const struct http_server *server = exchange->connection->worker->server;
    struct http_refusal answer = {0};

    if (server->enter)
        answer = server->enter(&exchange->public);
    return answer.status == 0 || refuse(&admission->refusal, answer.status, answer.detail);
}

static bool
admit_expectation(const struct exchange *exchange, struct admission *admission)
{
    const struct head_field *expect = head_find(&exchange->head, NAME("expect"));

    if (!expect || exchange->head.minor == 0) /* RFC 9110 section 10.1.1 */
        return true;
    if (!slice_is(expect->value, NAME("100-continue")))
        return refuse(&admission->refusal, 417, "the only expectation known is 100-continue");
    admission->wants_continue = exchange->head.chunked || exchange->head.length > 0;
    return true;
}

/* The one field of that name; of two that differ nobody knows which is meant. */
static const struct head_field *
field_alone(const struct head *head, const char *name, size_t len)
{
    const struct head_field *first = head_find(head, name, len);

    for (size_t i = 0; first && i < head->field_count; i++)
        if (&head->fields[i] != first && slice_is(head->fields[i].name, name, len))
            return NULL;
    return first;
}

static bool
admit_media(const struct exchange *exchange, struct admission *admission)
{
    const struct head *head = &exchange->head;
    const struct head_field *type = field_alone(head, NAME("content-type"));
    const struct head_field *encoding = head_find(head, NAME("content-encoding"));
    const struct body_kind *kind = body_kind(exchange);

    if (!kind->media || (!head->chunked && head->length == 0))
        return true;
    if (encoding != field_alone(head, NAME("content-encoding")) ||
        (encoding && !slice_is(encoding->value, NAME("identity"))))
        return refuse(&admission->refusal, 415, "a body must come without Content-Encoding");
    if (type && media_is(type->value, kind->media))
        return true;
    return refuse(&admission->refusal, 415, kind->strange);
}

static bool
admit_length(const struct exchange *exchange, struct admission *admission)
{
    const struct body_kind *kind = body_kind(exchange);

    if (exchange->head.length > kind->bytes_max)
        return refuse(&admission->refusal, 413, kind->too_long);
    return true;
}

void
admit(struct exchange *exchange, struct admission *admission)
{
    *admission = (struct admission){0};
    if (!admit_route(exchange, admission) || !admit_caller(exchange, admission) ||
        !admit_expectation(exchange, admission) || !admit_media(exchange, admission))
        return;
    (void)admit_length(exchange, admission); /* the last; its answer is in admission */
}
