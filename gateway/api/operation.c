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

void
api_readyz(struct http_exchange *exchange)
{
    struct bank *bank = api_bank(exchange);
    const struct snapshot *snapshot;
    struct error err = {0};
    struct buffer out;

    if (bank_ready(bank, &err) != 0) {
        api_fail(exchange, &err);
        return;
    }
    buffer_init(&out, exchange->arena, 256);
    snapshot = bank_enter(bank);
    json_open(&out, '{');
    json_member(&out, "status", "ready");
    json_member(&out, "book", snapshot_book_name(snapshot));
    json_member(&out, "snapshot", snapshot_digest(snapshot));
    json_close(&out, '}');
    bank_leave();
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
