/*
 * problem.c - RFC 9457 problem details.
 *
 * `type` is "/problems/<slug>", relative to the server, one for each status
 * (status.c); what differs between two problems of a status is said in
 * `detail`, and by `errors` with a JSON Pointer each.
 */
#include <assert.h>
#include <strings.h>

#include "gateway/base/buffer.h"
#include "gateway/http/exchange.h"
#include "gateway/http/status.h"

#define PROBLEM_BYTES 512 /* at first */
#define RETRY_AFTER_S "1"
#define PROBLEM_MEDIA "application/problem+json"

static bool
has_header(const struct exchange *exchange, const char *name)
{
    for (size_t i = 0; i < exchange->extra_count; i++)
        if (strcasecmp(exchange->extra[i].name, name) == 0)
            return true;
    return false;
}

static void
write_items(struct buffer *buffer, const struct http_problem_item *items, size_t count)
{
    json_key(buffer, "errors");
    json_open(buffer, '[');
    for (size_t i = 0; i < count; i++) {
        json_open(buffer, '{');
        json_member(buffer, "pointer", items[i].pointer);
        json_member(buffer, "detail", items[i].detail);
        json_close(buffer, '}');
    }
    json_close(buffer, ']');
}

/* All but the closing bracket. */
static void
write_open(struct buffer *out, int code, const char *detail,
           const struct http_problem_item *items, size_t count)
{
    const struct status *status = status_find(code);

    assert(status->title != NULL);
    json_open(out, '{');
    json_key(out, "type");
    json_string_parts(out, (const char *const[]){"/problems/", status->slug}, 2);
    json_member(out, "title", status->title);
    json_key(out, "status");
    json_int(out, code);
    json_member(out, "detail", detail);
    if (count > 0)
        write_items(out, items, count);
}

void
http_problem_write(struct buffer *out, int code, const char *detail,
                   const struct http_problem_item *items, size_t count)
{
    write_open(out, code, detail, items, count);
    json_close(out, '}');
}

void
http_problem_extended(struct http_exchange *exchange, int code, const char *detail,
                      const struct http_problem_item *items, size_t count,
                      void (*write)(const void *context, struct buffer *out),
                      const void *context)
{
    struct buffer buffer;

    buffer_init(&buffer, exchange->arena, PROBLEM_BYTES);
    write_open(&buffer, code, detail, items, count);
    if (write)
        write(context, &buffer);
    json_close(&buffer, '}');
    if (code == 503 && !has_header(exchange_of(exchange), "retry-after"))
        http_reply_header(exchange, "Retry-After", RETRY_AFTER_S);
    http_reply(exchange, code, PROBLEM_MEDIA, buffer.data, buffer.len);
}

void
http_problem_list(struct http_exchange *exchange, int code, const char *detail,
                  const struct http_problem_item *items, size_t count)
{
    http_problem_extended(exchange, code, detail, items, count, NULL, NULL);
}

void
http_problem(struct http_exchange *exchange, int status, const char *detail)
{
    http_problem_list(exchange, status, detail, NULL, 0);
}
