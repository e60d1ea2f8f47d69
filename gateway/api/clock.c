/* clock.c - the bank's simulated time. */
#include <stddef.h>
#include <string.h>

#include "gateway/api/api.h"
#include "gateway/base/json.h"

static void
clock_reply(struct http_exchange *exchange, const struct schedule_wait *moved)
{
    struct clock *clock = bank_clock(api_bank(exchange));
    char now[INSTANT_TEXT_SIZE];
    struct buffer out;

    instant_print(clock_now(clock), now);
    buffer_init(&out, exchange->arena, 128);
    json_open(&out, '{');
    json_member(&out, "kind", clock_kind_name(clock->kind));
    json_member(&out, "now", now);
    if (moved) {
        json_key(&out, "events");
        json_int(&out, (int64_t)moved->fired);
    }
    json_close(&out, '}');
    http_reply(exchange, 200, API_JSON, out.data, out.len);
}

void
api_clock_get(struct http_exchange *exchange)
{
    clock_reply(exchange, NULL);
}

/* A move under way: it takes as long as all that is due. */
struct move {
    struct http_exchange *exchange;
    struct schedule_wait wait;
    struct http_task task; /* the way back to the worker */
};

#define MOVE_EXPECTED                                                                          \
    "the body must be an object like {\"advance\":\"P40D\"} or "                               \
    "{\"to\":\"2024-05-25T09:00:00+08:00\"}"

/* The body has one member. */
static int
read_move(const cJSON *json, struct schedule_wait *wait, struct http_problem_item *fault)
{
    const cJSON *member = cJSON_IsObject(json) ? json->child : NULL;
    bool by = member && strcmp(member->string, "advance") == 0;

    if (!by && !(member && strcmp(member->string, "to") == 0)) {
        *fault = (struct http_problem_item){member ? "" : "/advance", MOVE_EXPECTED};
        return -1;
    }
    if (member->next) {
        *fault = (struct http_problem_item){"", by ? "\"advance\" is the only member"
                                                   : "\"to\" is the only member"};
        return -1;
    }
    if (by &&
        (!cJSON_IsString(member) || !duration_parse(member->valuestring, &wait->advance_ms) ||
         wait->advance_ms == 0)) {
        *fault = (struct http_problem_item){
            "/advance", "must be an ISO 8601 duration above zero in weeks, days, hours, "
                        "minutes or seconds, like \"P40D\" or \"PT36H\""};
        return -1;
    }
    if (!by && (!cJSON_IsString(member) ||
                !instant_parse_local(member->valuestring, &wait->to_ms) || wait->to_ms == 0)) {
        *fault = (struct http_problem_item){
            "/to", "must be an instant like \"2024-05-25T09:00:00+08:00\", or without an "
                   "offset one in Shanghai"};
        return -1;
    }
    return 0;
}

/* On the worker again. */
static void
move_reply(struct http_task *task)
{
    struct move *move = (struct move *)(void *)((char *)task - offsetof(struct move, task));
    struct http_exchange *exchange = move->exchange;
    const struct error *err = &move->wait.err;

    if (move->wait.rc == 0)
        clock_reply(exchange, &move->wait);
    else if (err->code == ERROR_INVALID) /* well-formed, but back, or past the end of time */
        http_problem(exchange, 422, api_sentence(exchange->arena, err));
    else
        api_fail(exchange, err);
}

static void
move_done(struct schedule_wait *wait)
{
    struct move *move = (struct move *)(void *)((char *)wait - offsetof(struct move, wait));

    move->task.run = move_reply;
    http_post(move->exchange->worker, &move->task);
}

void
api_clock_move(struct http_exchange *exchange)
{
    struct move *move = arena_zalloc(exchange->arena, sizeof(*move));
    struct http_problem_item fault = {0};
    struct error err = {0};
    cJSON *json;

    if (json_parse_request(exchange->arena, exchange->body.data, exchange->body.len, &json,
                           &err) != 0) {
        api_fail(exchange, &err);
        return;
    }
    if (read_move(json, &move->wait, &fault) != 0) {
        http_problem_list(exchange, 422, "the clock was not moved", &fault, 1);
        return;
    }
    move->exchange = exchange;
    move->wait.actor = api_key(exchange)->name;
    move->wait.done = move_done;
    bank_wait(api_bank(exchange), &move->wait);
}
