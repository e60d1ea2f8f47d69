/* operation.c - for those who run the gateway: health, metrics, the contract. */
#include <string.h>

#include "gateway/api/api.h"
#include "gateway/base/metrics.h"
#include "policy/screening/roster.h"

/* openapi.json as it stands in the tree, put here by openapi_json.S. */
extern const char openapi_json[], openapi_json_end[];

void
api_livez(struct http_exchange *exchange)
{
    static const char alive[] = "{\"status\":\"alive\"}";

    http_reply(exchange, 200, API_JSON, alive, sizeof(alive) - 1);
}

/* -- lists: what was refused is no reason to stop either; the old one is in force -- */

static void
write_list(const struct list *list, int64_t now_ms, struct buffer *out)
{
    int age = listing_age_days(list, now_ms);

    json_open(out, '{');
    json_member(out, "name", list->name);
    json_member(out, "digest", list->digest);
    json_key(out, "entries");
    json_int(out, (int64_t)list->entry_count);
    json_key(out, "age_days");
    age < 0 ? json_null(out) : json_int(out, age);
    json_close(out, '}');
}

static void
write_alarms(struct http_exchange *exchange, struct buffer *out)
{
    const struct listing_alarm *alarms;
    size_t count = listings_alarms(bank_listings(api_bank(exchange)), exchange->arena, &alarms);

    json_key(out, "list_alarms");
    json_open(out, '[');
    for (size_t i = 0; i < count; i++) {
        json_open(out, '{');
        json_member(out, "name", alarms[i].name);
        json_member(out, "why", alarms[i].why);
        json_close(out, '}');
    }
    json_close(out, ']');
}

static void
write_lists(struct http_exchange *exchange, const struct roster *roster, struct buffer *out)
{
    int64_t now_ms = clock_now(bank_clock(api_bank(exchange)));

    json_key(out, "lists");
    json_open(out, '[');
    for (size_t i = 0; i < roster->count; i++)
        write_list(roster->listings[i]->list, now_ms, out);
    json_close(out, ']');
    write_alarms(exchange, out);
}

/* -- health -- */

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
    write_lists(exchange, snapshot_roster(active), out);
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

/* -- metrics -- */

static int64_t
entries_of(const struct list *list, int64_t now_ms)
{
    (void)now_ms;
    return (int64_t)list->entry_count;
}

static int64_t
names_of(const struct list *list, int64_t now_ms)
{
    (void)now_ms;
    return (int64_t)list->name_count;
}

static int64_t
age_of(const struct list *list, int64_t now_ms)
{
    return listing_age_days(list, now_ms);
}

/* What is told of each list in force; a name needs no escapes. */
static const struct {
    const char *family, *help;
    int64_t (*of)(const struct list *list, int64_t now_ms);
} list_gauges[] = {
    {"yuangate_list_entries", "Entries of each sanctions list in force.", entries_of},
    {"yuangate_list_names", "Names of them all.", names_of},
    {"yuangate_list_age_days", "Days since it was published; -1: not known, or not yet.",
     age_of},
};

static void
print_lists(const struct roster *roster, int64_t now_ms, struct buffer *out)
{
    for (size_t g = 0; g < sizeof(list_gauges) / sizeof(list_gauges[0]); g++) {
        buffer_printf(out, "# HELP %s %s\n# TYPE %s gauge\n", list_gauges[g].family,
                      list_gauges[g].help, list_gauges[g].family);
        for (size_t i = 0; i < roster->count; i++)
            buffer_printf(out, "%s{list=\"%s\"} %lld\n", list_gauges[g].family,
                          roster->listings[i]->list->name,
                          (long long)list_gauges[g].of(roster->listings[i]->list, now_ms));
    }
}

static void
print_alarms(struct http_exchange *exchange, struct buffer *out)
{
    const struct listing_alarm *alarms;
    size_t count = listings_alarms(bank_listings(api_bank(exchange)), exchange->arena, &alarms);

    buffer_text(out, "# HELP yuangate_list_alarm A list whose last load was refused; the one "
                     "before it is in force.\n# TYPE yuangate_list_alarm gauge\n");
    for (size_t i = 0; i < count; i++)
        buffer_printf(out, "yuangate_list_alarm{list=\"%s\"} 1\n", alarms[i].name);
}

void
api_metrics(struct http_exchange *exchange)
{
    struct bank *bank = api_bank(exchange);
    const struct snapshot *active;
    struct buffer out;

    buffer_init(&out, exchange->arena, 8192);
    metrics_print(&out);
    active = bank_enter(bank)->active;
    if (active)
        print_lists(snapshot_roster(active), clock_now(bank_clock(bank)), &out);
    bank_leave();
    print_alarms(exchange, &out);
    http_reply(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", out.data, out.len);
}

void
api_openapi(struct http_exchange *exchange)
{
    http_reply(exchange, 200, API_JSON, openapi_json,
               (size_t)(openapi_json_end - openapi_json));
}
