/*
 * The HTTP interface, asked over real sockets of the real binary: what each
 * resource answers, and what bad input gets.  The protocol's own corners are
 * in test_http_*.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/buffer.h"
#include "gateway/base/file.h"
#include "gateway/base/json.h"
#include "gateway/base/time.h"
#include "tests/support/gateway.h"
#include "tests/support/http_client.h"
#include "tests/support/test.h"

#define KIT_UETR "97ed4827-7b6f-4491-a06f-b548d5a7512d"

static struct gateway gateway;
static struct http_client client;
static struct arena arena;

static int
start_gateway(void **state)
{
    static const char *const arguments[] = {"--store", "memory", "--clock",
                                            "manual:2024-04-17T09:30:00+08:00", NULL};

    (void)state;
    return gateway_start(&gateway, arguments);
}

static int
stop_gateway(void **state)
{
    (void)state;
    arena_release(&arena);
    return gateway_stop(&gateway);
}

static int
open_client(void **state)
{
    (void)state;
    arena_reset(&arena);
    return http_client_connect(&client, gateway.address) ? 0 : -1;
}

static int
close_client(void **state)
{
    (void)state;
    http_client_close(&client);
    return 0;
}

/* The sample with another uetr, so that tests do not meet each other's payments. */
static char *
sample(const char *uetr)
{
    struct error err = {0};
    char *text, *at;
    size_t len;

    if (file_read(&arena, "clients/examples/kit-payment.json", 65536, &text, &len, &err) != 0)
        fail_msg("%s", err.text);
    at = strstr(text, KIT_UETR);
    assert_non_null(at);
    memcpy(at, uetr, strlen(uetr));
    return text;
}

static char *
replaced(const char *text, const char *old, const char *new)
{
    const char *at = strstr(text, old);
    char *changed;

    assert_non_null(at);
    changed = arena_alloc(&arena, strlen(text) + strlen(new) + 1);
    sprintf(changed, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
    return changed;
}

/* The sample with one piece of text replaced by another. */
static char *
sample_with(const char *uetr, const char *old, const char *new)
{
    return replaced(sample(uetr), old, new);
}

static struct http_client_reply
post(const char *path, const char *json)
{
    struct http_client_reply reply;

    assert_true(http_client_post(&client, path, json));
    assert_true(http_client_next(&client, &reply));
    return reply;
}

static struct http_client_reply
get(const char *path)
{
    struct http_client_reply reply;

    assert_true(http_client_get(&client, path));
    assert_true(http_client_next(&client, &reply));
    return reply;
}

static cJSON *
parsed(const struct http_client_reply *reply)
{
    struct error err = {0};
    cJSON *json;

    if (json_parse(&arena, reply->body, reply->body_len, &json, &err) != 0)
        fail_msg("%s in %s", err.text, reply->body);
    return json;
}

/* A member by a path such as "decision/rules/0/id"; NULL where there is none. */
static const cJSON *
at(const cJSON *json, const char *path)
{
    char copy[128], *rest = NULL;

    snprintf(copy, sizeof(copy), "%s", path);
    for (char *part = strtok_r(copy, "/", &rest); part && json;
         part = strtok_r(NULL, "/", &rest))
        json = cJSON_IsArray(json) ? cJSON_GetArrayItem(json, atoi(part))
                                   : cJSON_GetObjectItemCaseSensitive(json, part);
    return json;
}

static const char *
text_at(const cJSON *json, const char *path)
{
    const cJSON *found = at(json, path);

    if (!cJSON_IsString(found))
        fail_msg("no text at %s in %s", path, cJSON_PrintUnformatted(json));
    return found->valuestring;
}

static void
a_kit_is_blocked_with_its_reasons(void **state)
{
    struct http_client_reply reply =
        post("/v1/payments", sample("97ed4827-7b6f-4491-a06f-b548d5a70001"));
    const cJSON *answer = parsed(&reply);
    const char *location = http_client_header(&client, &reply, "location");
    bool kit_rule = false;

    (void)state;
    assert_int_equal(reply.status, 201);
    assert_string_equal(text_at(answer, "outcome"), "blocked");
    assert_string_equal(text_at(answer, "state"), "rejected");
    assert_string_equal(text_at(answer, "iso20022/message"), "pacs.002");
    assert_string_equal(text_at(answer, "iso20022/transaction_status"), "RJCT");
    assert_string_equal(text_at(answer, "iso20022/reason_code"), "RR04");
    assert_string_equal(text_at(answer, "decision/bank/class"), "joint_stock");
    assert_string_equal(text_at(answer, "decision/action"), "reject");
    assert_string_equal(text_at(answer, "decision/reason/code"), "RR04");
    assert_string_equal(text_at(answer, "decision/kits/0/kit"), "notebook");
    assert_true(at(answer, "decision/kits/0/coverage")->valuedouble == 0.75);
    assert_string_equal(text_at(answer, "decision/kits/0/missing/0"), "battery");
    assert_int_equal(strncmp(text_at(answer, "decision/snapshot"), "sha256:", 7), 0);
    assert_int_equal(strncmp(text_at(answer, "decided_at"), "2024-04-17T", 11), 0);
    for (const cJSON *rule = at(answer, "decision/rules")->child; rule; rule = rule->next)
        if (strcmp(text_at(rule, "id"), "KIT-01") == 0) {
            kit_rule = true;
            assert_string_equal(text_at(rule, "policy"), "kit-blockade@1.0.0");
            assert_string_equal(text_at(rule, "because/0"), "debtor/country RU");
            assert_string_equal(text_at(rule, "because/1"),
                                "goods/0 854231 processor (tier 1)");
        }
    assert_true(kit_rule);
    assert_non_null(location);
    assert_string_equal(location + strlen("/v1/payments/"), text_at(answer, "id"));
}

/* The facts that the shipped book's rejection of the sample cannot do without. */
#define DECISIVE ",\"decisive\":[\"debtor/country\",\"goods/0\",\"goods/1\",\"goods/2\"]"

static void
a_payment_reads_back_as_it_was_answered_and_explained(void **state)
{
    struct http_client_reply first =
        post("/v1/payments", sample("97ed4827-7b6f-4491-a06f-b548d5a70002"));
    struct http_client_reply again = get(http_client_header(&client, &first, "location"));
    char *explained = strstr(again.body, DECISIVE);

    (void)state;
    assert_int_equal(again.status, 200);
    assert_null(strstr(first.body, "decisive"));
    assert_non_null(explained);
    memmove(explained, explained + strlen(DECISIVE), strlen(explained + strlen(DECISIVE)) + 1);
    assert_string_equal(again.body, first.body);
    again = post("/v1/payments", sample("97ed4827-7b6f-4491-a06f-b548d5a70002"));
    assert_string_equal(again.body, first.body); /* a repeated request: as ever */
}

static void
an_evaluation_is_explained_where_asked_for(void **state)
{
    static const struct {
        const char *query;
        int status;
        bool explained;
    } cases[] = {{"", 200, false},
                 {"?explain=true", 200, true},
                 {"?explain=false", 200, false},
                 {"?explain=", 400, false},
                 {"?explain=TRUE", 400, false},
                 {"?explain", 400, false},
                 {"?explain=%zz", 400, false},
                 {"?explain=true&pack=x", 400, false},
                 {"?explian=true", 400, false}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct http_client_reply reply =
            post(arena_printf(&arena, "/v1/evaluations%s", cases[i].query),
                 sample("97ed4827-7b6f-4491-a06f-b548d5a70009"));

        print_message("%s\n", cases[i].query);
        assert_int_equal(reply.status, cases[i].status);
        assert_int_equal(strstr(reply.body, DECISIVE) != NULL, cases[i].explained);
    }
}

/* What was wished for rests on no fact. */
static void
a_simulated_outcome_is_not_explained(void **state)
{
    const char *uetr = "97ed4827-7b6f-4491-a06f-b548d5a7000a";
    char *wish =
        sample_with(uetr, "\"rail\"", "\"simulate\": {\"outcome\": \"held\"}, \"rail\"");
    struct http_client_reply reply = post("/v1/evaluations?explain=true", wish), first;

    (void)state;
    assert_int_equal(reply.status, 200);
    assert_null(strstr(reply.body, "decisive"));
    first = post("/v1/payments", wish);
    reply = get(http_client_header(&client, &first, "location"));
    assert_int_equal(reply.status, 200);
    assert_string_equal(reply.body, first.body);
}

/* Without casings there is no kit. */
#define CASINGS "\"847330\", \"description\": \"casings\""
#define TOYS    "\"950300\", \"description\": \"toys\""

/* A hold of the book's: 30 to 40 days or, of a tenth, 90 to 120. */
static void
what_follows_a_hold_is_for_the_bank_s_people_alone(void **state)
{
    char *wish = sample_with("97ed4827-7b6f-4491-a06f-b548d5a7000b", "\"rail\"",
                             "\"simulate\": {\"outcome\": \"held\"}, \"rail\"");
    struct http_client_reply reply = post("/v1/evaluations", wish);
    const cJSON *answer = parsed(&reply);
    int64_t now, then;

    (void)state;
    assert_string_equal(text_at(answer, "decision/follows/action"), "return");
    assert_string_equal(text_at(answer, "decision/follows/reason/code"), "RR04");
    assert_true(instant_parse(text_at(answer, "decided_at"), &now));
    assert_true(instant_parse(text_at(answer, "decision/follows/at"), &then));
    assert_in_range(then - now, 30 * 86400000LL, 120 * 86400000LL);
    assert_null(at(answer, "answer_by"));
    assert_null(at(answer, "returned"));
    assert_null(at(answer, "decision/questions"));
}

/* Between others: the bank remembers that the sample's have paid for parts of a kit. */
static char *
elsewhere(const char *text)
{
    return replaced(replaced(text, "OOO Sborka Sever", "OOO Sborka Yug"), "Lanyu", "Lanxi");
}

static void
what_is_returned_is_less_charges_and_nothing_follows(void **state)
{
    struct http_client_reply reply =
        post("/v1/evaluations",
             elsewhere(sample_with("97ed4827-7b6f-4491-a06f-b548d5a7000c", CASINGS, TOYS)));
    const cJSON *answer = parsed(&reply);

    (void)state;
    assert_string_equal(text_at(answer, "state"), "returned");
    assert_string_equal(text_at(answer, "returned/currency"), "CNY");
    assert_string_equal(text_at(answer, "returned/value"), "1249800.00");
    assert_string_equal(text_at(answer, "returned/charges"), "200.00");
    assert_true(cJSON_IsNull(at(answer, "decision/follows")));
}

static void
who_is_asked_hears_what_and_until_when(void **state)
{
    char *text = elsewhere(sample_with("97ed4827-7b6f-4491-a06f-b548d5a7000d", CASINGS, TOYS));
    struct http_client_reply reply;
    const cJSON *answer;

    (void)state;
    text =
        replaced(replaced(text, "\"CNY\", \"value\": \"1250000", "\"EUR\", \"value\": \"50000"),
                 "HLDBCNBS", "ZHYGCNBJ");
    reply = post("/v1/evaluations", text);
    answer = parsed(&reply);
    assert_string_equal(text_at(answer, "state"), "awaiting_information");
    assert_non_null(text_at(answer, "requested/0"));
    /* Ten bank days from Wednesday 17 April on: Sunday 28 is worked. */
    assert_string_equal(text_at(answer, "answer_by"), "2024-04-30T09:30:00.000+08:00");
    assert_string_equal(text_at(answer, "decision/questions/deadline"),
                        text_at(answer, "answer_by"));
    assert_string_equal(text_at(answer, "decision/questions/asks/0/code"),
                        text_at(answer, "requested/0"));
    assert_non_null(text_at(answer, "decision/questions/asks/0/text"));
    assert_non_null(text_at(answer, "decision/questions/answers/complete/action"));
    assert_null(at(answer, "decision/questions/answers/complete/at"));
    assert_string_equal(text_at(answer, "decision/follows/action"), "return");
    assert_string_equal(text_at(answer, "decision/follows/at"), text_at(answer, "answer_by"));
}

static void
the_same_request_again_gets_the_first_answer(void **state)
{
    const char *uetr = "97ed4827-7b6f-4491-a06f-b548d5a70003";
    struct http_client_reply first = post("/v1/payments", sample(uetr));
    struct http_client_reply again =
        post("/v1/payments",
             sample_with(uetr, "\"value\": \"1250000.00\"", "\"value\":\"1250000\""));

    (void)state;
    assert_int_equal(first.status, 201);
    assert_null(http_client_header(&client, &first, "idempotent-replayed"));
    assert_int_equal(again.status, 201);
    assert_string_equal(again.body, first.body);
    assert_string_equal(http_client_header(&client, &again, "idempotent-replayed"), "true");
}

static void
a_known_uetr_with_another_body_is_refused(void **state)
{
    const char *uetr = "97ed4827-7b6f-4491-a06f-b548d5a70004";
    struct http_client_reply reply;

    (void)state;
    assert_int_equal(post("/v1/payments", sample(uetr)).status, 201);
    reply = post("/v1/payments", sample_with(uetr, "1250000.00", "1250000.01"));
    assert_int_equal(reply.status, 422);
    assert_string_equal(http_client_header(&client, &reply, "content-type"),
                        "application/problem+json");
}

static struct http_client_reply
post_with_key(const char *key, const char *json)
{
    struct http_client_reply reply;

    assert_true(http_client_send(
        &client, arena_printf(&arena,
                              "POST /v1/payments HTTP/1.1\r\nHost: bank\r\n"
                              "Content-Type: application/json\r\nIdempotency-Key: %s\r\n"
                              "Content-Length: %zu\r\n\r\n%s",
                              key, strlen(json), json)));
    assert_true(http_client_next(&client, &reply));
    return reply;
}

static void
an_idempotency_key_stands_for_one_payment(void **state)
{
    const char *uetr = "97ed4827-7b6f-4491-a06f-b548d5a70005";
    struct http_client_reply first = post_with_key("key-1", sample(uetr));
    struct http_client_reply again = post_with_key("key-1", sample(uetr));
    struct http_client_reply other =
        post_with_key("key-1", sample("97ed4827-7b6f-4491-a06f-b548d5a70006"));

    (void)state;
    assert_int_equal(first.status, 201);
    assert_string_equal(again.body, first.body);
    assert_int_equal(other.status, 422);
    /* The refused one left nothing behind: under its own key it is new. */
    assert_int_equal(
        post_with_key("key-2", sample("97ed4827-7b6f-4491-a06f-b548d5a70006")).status, 201);
}

static void
an_evaluation_stores_nothing(void **state)
{
    const char *uetr = "97ed4827-7b6f-4491-a06f-b548d5a70007";
    struct http_client_reply reply =
        post("/v1/evaluations",
             elsewhere(sample_with("97ed4827-7b6f-4491-a06f-b548d5a7000c", CASINGS, TOYS)));
    const cJSON *answer = parsed(&reply);

    (void)state;
    assert_int_equal(reply.status, 200);
    assert_string_equal(text_at(answer, "outcome"), "blocked");
    assert_null(at(answer, "id"));
    reply = get(arena_printf(&arena, "/v1/payments?uetr=%s", uetr));
    assert_int_equal(cJSON_GetArraySize(at(parsed(&reply), "data")), 0);
}

static void
every_fault_of_a_payment_is_named_at_once(void **state)
{
    struct http_client_reply reply =
        post("/v1/payments", "{\"uetr\":\"x\",\"end_to_end_id\":\"e\",\"colour\":1,"
                             "\"amount\":{\"currency\":\"XYZ\",\"value\":\"-1\"}}");
    const cJSON *errors = at(parsed(&reply), "errors");
    static const char *const pointers[] = {
        "/uetr",         "/colour",         "/amount/currency", "/debtor",
        "/debtor_agent", "/creditor_agent", "/creditor",
    };

    (void)state;
    assert_int_equal(reply.status, 422);
    for (size_t i = 0; i < COUNT(pointers); i++) {
        bool named = false;

        for (const cJSON *error = errors->child; error; error = error->next)
            named |= strcmp(text_at(error, "pointer"), pointers[i]) == 0;
        if (!named)
            fail_msg("%s is not named in %s", pointers[i], reply.body);
    }
}

static void
bad_input_gets_its_status_and_a_problem(void **state)
{
    static const struct {
        const char *path, *body;
        int status;
    } cases[] = {
        {"/v1/payments", "{", 400},
        {"/v1/payments", "[]", 422},
        {"/v1/payments", "{\"a\":1,\"a\":2}", 400},
        {"/v1/evaluations", "nope", 400},
        {"/v1/nowhere", "{}", 404},
        {"/livez", "{}", 405},
        {"/v1/clock", "{\"advance\":\"P1M\"}", 422},
        {"/v1/clock", "{\"advance\":\"P1D\",\"x\":1}", 422},
        {"/v1/clock", "{}", 422},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct http_client_reply reply = post(cases[i].path, cases[i].body);

        assert_int_equal(reply.status, cases[i].status);
        assert_string_equal(http_client_header(&client, &reply, "content-type"),
                            "application/problem+json");
        assert_int_equal(at(parsed(&reply), "status")->valueint, cases[i].status);
    }
    assert_int_equal(get("/v1/payments/0190c2a1-0000-8000-8000-000000000000").status, 404);
    assert_int_equal(get("/v1/payments/nonsense").status, 404);
}

static void
a_query_nobody_understands_is_refused(void **state)
{
    static const char *const queries[] = {
        "outcom=held",    "outcome=maybe",   "limit=0",
        "limit=501",      "limit=x",         "cursor=12",
        "uetr=12",        "state=up",        "debtor_country=RUS",
        "from=yesterday", "outcome=%zz",     "currency=C",
        "currency=usd",   "currency=US%44D", "currency=%C3%9F1",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(queries); i++) {
        struct http_client_reply reply =
            get(arena_printf(&arena, "/v1/payments?%s", queries[i]));

        if (reply.status != 400)
            fail_msg("%s gave %d", queries[i], reply.status);
    }
}

/* However it is written; and so many that nobody asks so. */
static void
a_parameter_that_comes_twice_is_refused_by_name(void **state)
{
    static const char *const queries[][2] = {
        {"currency=CNY&currency=USD", "the query has currency more than once"},
        {"currency=CNY&limit=1&currency=CNY", "the query has currency more than once"},
        {"currency=CNY&%63urrency=USD", "the query has %63urrency more than once"},
        {"limit=1&limit", "the query has limit more than once"},
        {"%ff=1&%ff=1", "the query has %ff more than once"},
    };
    struct buffer many;

    (void)state;
    for (size_t i = 0; i < COUNT(queries); i++) {
        struct http_client_reply reply =
            get(arena_printf(&arena, "/v1/payments?%s", queries[i][0]));

        assert_int_equal(reply.status, 400);
        assert_string_equal(at(parsed(&reply), "detail")->valuestring, queries[i][1]);
    }
    buffer_init(&many, &arena, 1024);
    buffer_text(&many, "/v1/payments?a0");
    for (int i = 1; i < 64; i++)
        buffer_printf(&many, "&a%d", i);
    assert_null(strstr(get(arena_copy(&arena, many.data, many.len)).body, "more than"));
    assert_non_null(strstr(get(arena_printf(&arena, "%.*s&x", (int)many.len, many.data)).body,
                           "the query has more than 64 parameters"));
}

static void
a_list_filters_and_pages(void **state)
{
    size_t seen = 0;
    const char *cursor = "";

    (void)state;
    for (int i = 0; i < 5; i++)
        assert_int_equal(
            post("/v1/payments",
                 sample_with(arena_printf(&arena, "97ed4827-7b6f-4491-a06f-b548d5a7010%d", i),
                             "\"country\": \"RU\", \"account\"",
                             "\"country\": \"KG\", \"account\""))
                .status,
            201);
    do {
        struct http_client_reply reply =
            get(arena_printf(&arena, "/v1/payments?debtor_country=KG&limit=2%s%s",
                             *cursor ? "&cursor=" : "", cursor));
        const cJSON *page = parsed(&reply);

        assert_int_equal(reply.status, 200);
        assert_true(cJSON_GetArraySize(at(page, "data")) <= 2);
        seen += (size_t)cJSON_GetArraySize(at(page, "data"));
        cursor = cJSON_IsNull(at(page, "next_cursor")) ? "" : text_at(page, "next_cursor");
    } while (*cursor);
    assert_int_equal(seen, 5);
}

static void
filters_that_exclude_each_other_find_nothing(void **state)
{
    struct http_client_reply reply = get("/v1/payments?outcome=approved&state=rejected");

    (void)state;
    assert_int_equal(reply.status, 200);
    assert_string_equal(reply.body, "{\"data\":[],\"next_cursor\":null}");
}

static void
the_manual_clock_is_moved_by_hand(void **state)
{
    struct http_client_reply reply = post("/v1/clock", "{\"advance\":\"PT1H\"}");

    (void)state;
    assert_int_equal(reply.status, 200);
    assert_string_equal(text_at(parsed(&reply), "kind"), "manual");
    assert_int_equal(strncmp(text_at(parsed(&reply), "now"), "2024-04-17T10:30:00.000", 23), 0);
}

static void
operators_see_health_metrics_and_the_contract(void **state)
{
    struct http_client_reply reply;

    (void)state;
    assert_int_equal(get("/livez").status, 200);
    reply = get("/readyz");
    assert_int_equal(reply.status, 200);
    assert_string_equal(text_at(parsed(&reply), "book"), "china-2024");
    reply = get("/metrics");
    assert_int_equal(reply.status, 200);
    assert_non_null(strstr(reply.body, "# TYPE yuangate_decisions_total counter\n"));
    assert_non_null(strstr(reply.body, "\nyuangate_decisions_total{outcome=\"blocked\"} "));
    reply = get("/openapi.json");
    assert_int_equal(reply.status, 200);
}

static void
a_batch_answers_each_line_in_order(void **state)
{
    struct http_client_reply reply;
    char *body, *rest = NULL, *line;
    struct buffer lines;
    int number = 0;

    (void)state;
    buffer_init(&lines, &arena, 4096);
    for (int i = 0; i < 4; i++) {
        char *text = sample(arena_printf(&arena, "97ed4827-7b6f-4491-a06f-b548d5a7020%d", i));

        for (char *c = text; *c; c++)
            if (*c == '\n')
                *c = ' ';
        buffer_text(&lines, i == 1 ? "{\"broken\":" : i == 2 ? "" : text);
        buffer_text(&lines, "\n");
    }
    buffer_text(&lines, "{\"uetr\":1}");
    assert_true(http_client_send(
        &client,
        arena_printf(&arena,
                     "POST /v1/payments/batch HTTP/1.1\r\nHost: bank\r\n"
                     "Content-Type: application/x-ndjson\r\nContent-Length: %zu\r\n\r\n",
                     lines.len)));
    assert_true(http_client_send_bytes(&client, lines.data, lines.len));
    assert_true(http_client_next(&client, &reply));
    assert_int_equal(reply.status, 200);
    body = arena_copy(&arena, reply.body, reply.body_len);
    for (line = strtok_r(body, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        static const int expected[][2] = {{1, 201}, {2, 400}, {4, 201}, {5, 422}};
        struct http_client_reply one = {.body = line, .body_len = strlen(line)};
        const cJSON *result = parsed(&one);

        assert_true(number < 4);
        assert_int_equal(at(result, "line")->valueint, expected[number][0]);
        assert_int_equal(at(result, "status")->valueint, expected[number][1]);
        number++;
    }
    assert_int_equal(number, 4);
}

static void
a_simulated_fault_happens_as_asked(void **state)
{
    const char *uetr = "97ed4827-7b6f-4491-a06f-b548d5a70301";
    char *drop = sample_with(uetr, "\"rail\"", "\"simulate\": {\"fault\": \"drop\"}, \"rail\"");
    struct http_client_reply reply;

    (void)state;
    reply = post("/v1/payments",
                 sample_with("97ed4827-7b6f-4491-a06f-b548d5a70302", "\"rail\"",
                             "\"simulate\": {\"outcome\": \"approved\"}, \"rail\""));
    assert_int_equal(reply.status, 201);
    assert_string_equal(text_at(parsed(&reply), "outcome"), "approved");
    reply = post("/v1/payments",
                 sample_with("97ed4827-7b6f-4491-a06f-b548d5a70304", "\"rail\"",
                             "\"simulate\": {\"reason_code\": \"AM03\"}, \"rail\""));
    assert_string_equal(text_at(parsed(&reply), "iso20022/reason_code"), "AM03");
    /* A reason of pacs.004 sends the money back. */
    reply =
        post("/v1/evaluations", sample_with("97ed4827-7b6f-4491-a06f-b548d5a70306", "\"rail\"",
                                            "\"simulate\": {\"outcome\": \"blocked\", "
                                            "\"reason_code\": \"NOOR\"}, \"rail\""));
    assert_string_equal(text_at(parsed(&reply), "iso20022/message"), "pacs.004");
    assert_string_equal(text_at(parsed(&reply), "iso20022/reason_code"), "NOOR");
    reply = post("/v1/payments",
                 sample_with("97ed4827-7b6f-4491-a06f-b548d5a70303", "\"rail\"",
                             "\"simulate\": {\"fault\": \"unavailable\"}, \"rail\""));
    assert_int_equal(reply.status, 503);
    assert_non_null(http_client_header(&client, &reply, "retry-after"));
    /* Dropped, but stored: the retry gets the first answer. */
    assert_true(http_client_post(&client, "/v1/payments", drop));
    assert_true(http_client_ended(&client));
    http_client_close(&client);
    assert_true(http_client_connect(&client, gateway.address));
    reply = post("/v1/payments", drop);
    assert_int_equal(reply.status, 201);
    assert_string_equal(http_client_header(&client, &reply, "idempotent-replayed"), "true");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, open_client, close_client)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_kit_is_blocked_with_its_reasons),
        TEST(a_payment_reads_back_as_it_was_answered_and_explained),
        TEST(an_evaluation_is_explained_where_asked_for),
        TEST(a_simulated_outcome_is_not_explained),
        TEST(what_follows_a_hold_is_for_the_bank_s_people_alone),
        TEST(what_is_returned_is_less_charges_and_nothing_follows),
        TEST(who_is_asked_hears_what_and_until_when),
        TEST(the_same_request_again_gets_the_first_answer),
        TEST(a_known_uetr_with_another_body_is_refused),
        TEST(an_idempotency_key_stands_for_one_payment),
        TEST(an_evaluation_stores_nothing),
        TEST(every_fault_of_a_payment_is_named_at_once),
        TEST(bad_input_gets_its_status_and_a_problem),
        TEST(a_query_nobody_understands_is_refused),
        TEST(a_parameter_that_comes_twice_is_refused_by_name),
        TEST(a_list_filters_and_pages),
        TEST(filters_that_exclude_each_other_find_nothing),
        TEST(operators_see_health_metrics_and_the_contract),
        TEST(a_batch_answers_each_line_in_order),
        TEST(a_simulated_fault_happens_as_asked),
        TEST(the_manual_clock_is_moved_by_hand),
    };

    return cmocka_run_group_tests_name("api", tests, start_gateway, stop_gateway);
}
