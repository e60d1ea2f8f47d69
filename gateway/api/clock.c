/* clock.c - the bank's simulated time. */
#include <string.h>

#include "gateway/api/api.h"
#include "gateway/base/json.h"

static void
clock_reply(struct http_exchange *exchange)
{
    struct clock *clock = bank_clock(api_bank(exchange));
    char now[INSTANT_TEXT_SIZE];
    struct buffer out;

    instant_print(clock_now(clock), now);
    buffer_init(&out, exchange->arena, 128);
    json_open(&out, '{');
    json_member(&out, "kind", clock_kind_name(clock->kind));
    json_member(&out, "now", now);
    json_close(&out, '}');
    http_reply(exchange, 200, API_JSON, out.data, out.len);
}

void
api_clock_get(struct http_exchange *exchange)
{
    clock_reply(exchange);
}

/* The body is {"advance":"P40D"} and nothing else. */
static int
read_advance(const cJSON *json, int64_t *ms, struct http_problem_item *fault)
{
    const cJSON *member = cJSON_IsObject(json) ? json->child : NULL;

    if (!member || strcmp(member->string, "advance") != 0) {
        *fault = (struct http_problem_item){
            member ? "" : "/advance", "the body must be an object like {\"advance\":\"P40D\"}"};
        return -1;
    }
    if (member->next) {
        *fault = (struct http_problem_item){"", "\"advance\" is the only member"};
        return -1;
    }
    if (!cJSON_IsString(member) || !duration_parse(member->valuestring, ms) || *ms == 0) {
        *fault = (struct http_problem_item){
            "/advance", "must be an ISO 8601 duration above zero in weeks, days, hours, "
                        "minutes or seconds, like \"P40D\" or \"PT36H\""};
        return -1;
    }
    return 0;
}

void
api_clock_move(struct http_exchange *exchange)
{
    struct http_problem_item fault = {0};
    struct error err = {0};
    int64_t ms;
    cJSON *json;

    if (json_parse_request(exchange->arena, exchange->body.data, exchange->body.len, &json,
                           &err) != 0) {
        api_fail(exchange, &err);
        return;
    }
    if (read_advance(json, &ms, &fault) != 0) {
        http_problem_list(exchange, 422, "the clock was not moved", &fault, 1);
        return;
    }
    if (clock_advance(bank_clock(api_bank(exchange)), ms, &err) != 0) {
        if (err.code == ERROR_INVALID) /* well-formed, but past the end of time */
            http_problem(exchange, 422,
                         arena_copy(exchange->arena, err.text, strlen(err.text)));
        else
            api_fail(exchange, &err);
        return;
    }
    clock_reply(exchange);
}
