/* lists.c - what is asked of a sanctions list that has come in, before rollout.c hands it on. */
#include <string.h>

#include "gateway/api/api.h"
#include "gateway/bank/impact.h"
#include "gateway/base/json.h"

#define PERCENT_MAX 100

/* One member of the body; a request that has it says so here. */
struct wish {
    struct http_exchange *exchange;
    struct rollout_request *request;
};

static int
refuse(const struct wish *wish, const char *pointer, const char *sentence)
{
    http_problem_list(wish->exchange, 422, "nothing was done",
                      &(struct http_problem_item){pointer, sentence}, 1);
    return -1;
}

/* A whole number of min to max. */
static bool
is_whole(const cJSON *member, double min, double max)
{
    return cJSON_IsNumber(member) && member->valuedouble >= min && member->valuedouble <= max &&
           member->valuedouble == (double)(long long)member->valuedouble;
}

static int
take_digest(const struct wish *wish, const cJSON *member)
{
    return api_take_digest(wish->exchange, wish->request,
                           cJSON_IsString(member) ? member->valuestring : "");
}

static int
take_as_of(const struct wish *wish, const cJSON *member)
{
    if (!cJSON_IsString(member) || !list_day_is_valid(member->valuestring))
        return refuse(wish, "/as_of", "must be a day such as \"2024-05-03\"");
    wish->request->as_of = member->valuestring;
    return 0;
}

static int
take_shrink(const struct wish *wish, const cJSON *member)
{
    if (!is_whole(member, 0, PERCENT_MAX))
        return refuse(wish, "/shrink_percent_max", "must be a whole number of 0 to 100");
    wish->request->shrink_percent = (unsigned)member->valuedouble;
    return 0;
}

static int
take_payments(const struct wish *wish, const cJSON *member)
{
    if (!is_whole(member, 0, IMPACT_PAYMENTS_MAX))
        return refuse(wish, "/payments", "must be a whole number of 0 to 100000");
    wish->request->payments = (size_t)member->valuedouble;
    return 0;
}

static int
take_limit(const struct wish *wish, const cJSON *member)
{
    if (!is_whole(member, 1, IMPACT_LIMIT_MAX))
        return refuse(wish, "/limit", "must be a whole number of 1 to 500");
    wish->request->limit = (size_t)member->valuedouble;
    return 0;
}

static const struct {
    const char *name;
    int (*take)(const struct wish *wish, const cJSON *member);
    bool of_shadow; /* and not of load */
} members[] = {
    {"digest", take_digest, false},
    {"as_of", take_as_of, false},
    {"shrink_percent_max", take_shrink, false},
    {"payments", take_payments, true},
    {"limit", take_limit, true},
};

#define MEMBER_COUNT (sizeof(members) / sizeof(members[0]))

static int
take_member(const struct wish *wish, const cJSON *member)
{
    for (size_t i = 0; i < MEMBER_COUNT; i++)
        if (strcmp(members[i].name, member->string) == 0 &&
            (!members[i].of_shadow || wish->request->verb == ROLLOUT_DO_SHADOW))
            return members[i].take(wish, member);
    return refuse(wish, arena_printf(wish->exchange->arena, "/%s", member->string),
                  "the body may have digest, as_of, shrink_percent_max and, for a shadow, "
                  "payments and limit, and no more");
}

/* What is not said of files that come in is said of a version that is there, or of none. */
static int
check_wish(const struct wish *wish)
{
    if (wish->request->digest[0] == '\0' || wish->request->as_of[0] == '\0')
        return 0;
    return refuse(wish, "/as_of", "belongs to files that have come in, not to a version");
}

/* On the office's thread: what the last payments would get with the list that is tried. */
static void
tell_impact(struct rollout_request *request, const struct snapshot *candidate)
{
    struct error err = {0};
    struct buffer out;

    buffer_init(&out, request->arena, 1024);
    json_open(&out, '{');
    if (bank_impact(request->context, candidate, request->payments, request->limit, &out,
                    &err) != 0)
        json_member(&out, "error", api_sentence(request->arena, &err));
    json_close(&out, '}');
    request->extra = out;
}

int
api_read_list_wish(struct http_exchange *exchange, struct rollout_request *request)
{
    const struct wish wish = {exchange, request};
    struct error err = {0};
    cJSON *json;

    if (request->verb == ROLLOUT_DO_SHADOW) {
        request->payments = IMPACT_PAYMENTS_DEFAULT;
        request->context = api_bank(exchange);
        request->use = tell_impact;
    }
    if (exchange->body.len == 0)
        return 0;
    if (json_parse_request(exchange->arena, exchange->body.data, exchange->body.len, &json,
                           &err) != 0) {
        api_fail(exchange, &err);
        return -1;
    }
    if (!cJSON_IsObject(json))
        return refuse(&wish, "", "the body must be empty or an object");
    for (const cJSON *member = json->child; member; member = member->next)
        if (take_member(&wish, member) != 0)
            return -1;
    return check_wish(&wish);
}
