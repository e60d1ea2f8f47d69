/* operation.c - for those who run the gateway: health, metrics, the contract. */
#include <string.h>

#include "gateway/api/api.h"
#include "gateway/base/metrics.h"

/* openapi.json as it stands in the tree, put here by openapi_json.S. */
extern const char openapi_json[], openapi_json_end[];

void
api_livez(struct http_exchange *exchange)
{
    static const char alive[] = "{\"status\":\"alive\"}";

    http_reply(exchange, 200, API_JSON, alive, sizeof(alive) - 1);
}

/* Banks that no policy judges are no reason to stop, but somebody should know. */
static void
write_ready(struct http_exchange *exchange, const struct snapshot *active, struct buffer *out)
{
    const char *unguarded =
        snapshot_unguarded(active, clock_now(bank_clock(api_bank(exchange))), exchange->arena);

    json_open(out, '{');
    json_member(out, "status", "ready");
    json_member(out, "book", snapshot_book_name(active));
    json_member(out, "snapshot", snapshot_digest(active));
    if (unguarded[0])
        json_member(out, "without_policy", unguarded);
    json_close(out, '}');
}

void
api_readyz(struct http_exchange *exchange)
{
    struct bank *bank = api_bank(exchange);
    const struct snapshot *active;
    struct error err = {0};
    struct buffer out;

    if (bank_ready(bank, &err) != 0) {
        api_fail(exchange, &err);
        return;
    }
    buffer_init(&out, exchange->arena, 256);
    active = bank_enter(bank)->active;
    if (active)
        write_ready(exchange, active, &out);
    bank_leave();
    if (!active) { /* between the two looks */
        http_problem(exchange, 503, "no policy is in force");
        return;
    }
    http_reply(exchange, 200, API_JSON, out.data, out.len);
}

void
api_metrics(struct http_exchange *exchange)
{
    struct buffer out;

    buffer_init(&out, exchange->arena, 8192);
    metrics_print(&out);
    http_reply(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", out.data, out.len);
}

void
api_openapi(struct http_exchange *exchange)
{
    http_reply(exchange, 200, API_JSON, openapi_json,
               (size_t)(openapi_json_end - openapi_json));
}
