/* good_guys.c - an exception to hits as a client sends it; rollout.c hands it on. */
#include <string.h>

#include "gateway/api/api.h"
#include "gateway/base/json.h"
#include "policy/screening/good_guys.h"

static int
fail_faults(struct http_exchange *exchange, const struct good_guy_faults *faults)
{
    size_t shown = faults->count < GOOD_GUY_FAULTS_MAX ? faults->count : GOOD_GUY_FAULTS_MAX;
    struct http_problem_item *items = arena_alloc(exchange->arena, shown * sizeof(*items));

    for (size_t i = 0; i < shown; i++)
        items[i] = (struct http_problem_item){faults->list[i].pointer, faults->list[i].detail};
    http_problem_list(exchange, 422,
                      arena_printf(exchange->arena, "the exception has %zu fault%s",
                                   faults->count, faults->count == 1 ? "" : "s"),
                      items, shown);
    return -1;
}

int
api_read_good_guy(struct http_exchange *exchange, struct rollout_request *request)
{
    struct good_guy_faults faults = {.arena = exchange->arena};
    char day[DAY_TEXT_SIZE];
    struct error err = {0};
    cJSON *json;

    if (json_parse_request(exchange->arena, exchange->body.data, exchange->body.len, &json,
                           &err) != 0) {
        api_fail(exchange, &err);
        return -1;
    }
    day_print(clock_now(bank_clock(api_bank(exchange))), day);
    request->good_guy = arena_alloc(exchange->arena, sizeof(*request->good_guy));
    if (good_guy_read(json, day, request->good_guy, &faults) != 0)
        return fail_faults(exchange, &faults);
    return 0;
}
