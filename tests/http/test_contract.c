/*
 * Contract and code agree: every route is in openapi.json and every operation
 * there is a route; the examples keep their schemas; what the gateway really
 * answers keeps them too, in each status seen here.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/api/api.h"
#include "gateway/bank/screening.h"
#include "gateway/base/json.h"
#include "gateway/payment/documents_json.h"
#include "tests/support/gateway.h"
#include "tests/support/http_client.h"
#include "tests/support/routes.h"
#include "tests/support/schema.h"
#include "tests/support/test.h"

static char folder[] = "/tmp/yuangate-contract-XXXXXX";
static struct arena arena;
static cJSON *contract;
static struct gateway gateway;
static struct http_client client;

static int
set_up(void **state)
{
    static const char *const arguments[] = {"--store", "memory", "--clock", "manual:2024-04-17",
                                            "--lists", folder,   NULL};
    struct error err = {0};

    (void)state;
    if (!mkdtemp(folder))
        return -1;
    if (json_parse_file(&arena, "gateway/api/openapi.json", 1 << 20, &contract, &err) != 0) {
        print_error("%s\n", err.text);
        return -1;
    }
    return gateway_start(&gateway, arguments) == 0 &&
                   http_client_connect(&client, gateway.address)
               ? 0
               : -1;
}

static int
tear_down(void **state)
{
    char command[64];

    (void)state;
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    http_client_close(&client);
    arena_release(&arena);
    return gateway_stop(&gateway) == 0 && system(command) == 0 ? 0 : -1;
}

static const cJSON *
member(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

/* Members that $ref elsewhere, followed. */
static const cJSON *
resolved(const cJSON *node)
{
    const cJSON *ref = member(node, "$ref");

    return ref ? schema_at(contract, ref->valuestring) : node;
}

static const cJSON *
operation(const char *path, const char *method)
{
    char lower[16];
    size_t i = 0;

    for (; method[i]; i++)
        lower[i] = (char)(method[i] | 0x20);
    lower[i] = '\0';
    return member(member(member(contract, "paths"), path), lower);
}

static void
every_route_is_in_the_contract_and_nothing_else(void **state)
{
    size_t count, operations = 0;
    const struct http_route *routes = api_routes(&count);
    const cJSON *path, *method;

    (void)state;
    for (size_t i = 0; i < count; i++)
        if (!operation(routes[i].path, routes[i].method))
            fail_msg("%s %s is not in the contract", routes[i].method, routes[i].path);
    cJSON_ArrayForEach(path, member(contract, "paths"))
    {
        cJSON_ArrayForEach(method, path)
        {
            operations++;
        }
    }
    assert_int_equal(operations, count);
}

/* x-roles names those of the route's mark; who needs no key has an empty "security". */
static void
every_operation_says_which_roles_may(void **state)
{
    size_t count;
    const struct http_route *routes = api_routes(&count);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        const cJSON *of = operation(routes[i].path, routes[i].method), *role;
        bool keyed = routes[i].mark != API_EVERYBODY;
        unsigned roles = 0;

        cJSON_ArrayForEach(role, member(of, "x-roles"))
        {
            enum access_role known;
            struct error err = {0};

            assert_int_equal(role_parse(role->valuestring, &known, &err), 0);
            roles |= ROLE_BIT(known);
        }
        if (roles != (keyed ? routes[i].mark : 0) ||
            cJSON_GetArraySize(member(of, "security")) != (keyed ? 2 : 0) ||
            !member(of, "security") || keyed != !!member(member(of, "responses"), "401") ||
            keyed != !!member(member(of, "responses"), "403"))
            fail_msg("%s %s: security, x-roles, 401 or 403", routes[i].method, routes[i].path);
    }
}

static void
check_value(const cJSON *schema, const cJSON *value, const char *where)
{
    char why[512];

    if (!schema_holds(contract, schema, value, why, sizeof(why)))
        fail_msg("%s: %s", where, why);
}

/* The answer to ?name=1&name=2: 400 that names it, whether the route knows the name or not. */
static void
ask_twice(const struct http_route *route, const char *name, bool may)
{
    const char *target =
        arena_printf(&arena, "%s?%s=1&%s=2", route_filled(&arena, route->path), name, name);
    const char *sentence = arena_printf(&arena, "the query has %s more than once", name);
    struct http_client_reply reply;

    assert_true(http_client_request(&client, route->method, target, NULL));
    assert_true(http_client_next(&client, &reply));
    if (reply.status != 400 || !strstr(reply.body, sentence) != may)
        fail_msg("%s %s: %d %s", route->method, target, reply.status, reply.body);
}

static void
a_parameter_comes_once_unless_its_description_says_more(void **state)
{
    size_t count, may_again = 0;
    const struct http_route *routes = api_routes(&count);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        const cJSON *all = member(operation(routes[i].path, routes[i].method), "parameters");
        const cJSON *one;

        cJSON_ArrayForEach(one, all)
        {
            const char *text = cJSON_GetStringValue(member(one, "description"));
            bool may = text && strstr(text, "may come again");

            if (strcmp(member(one, "in")->valuestring, "query") != 0)
                continue;
            ask_twice(&routes[i], member(one, "name")->valuestring, may);
            may_again += may;
        }
        ask_twice(&routes[i], "none", false);
    }
    assert_int_equal(may_again, 1);
}

/* Every "content" below a node: its example, if it is JSON, keeps its schema. */
static void
check_examples(const cJSON *node, int *seen)
{
    const cJSON *child, *content = member(node, "content"), *media;

    if (cJSON_IsObject(content))
        cJSON_ArrayForEach(media, content)
        {
            assert_non_null(member(media, "example"));
            check_value(member(media, "schema"), member(media, "example"), media->string);
            (*seen)++;
        }
    cJSON_ArrayForEach(child, node)
    {
        check_examples(child, seen);
    }
}

static void
every_example_keeps_its_schema(void **state)
{
    int seen = 0;

    (void)state;
    check_examples(contract, &seen);
    assert_true(seen > 25);
}

/* A reply: its status is documented for the operation, its body keeps the schema. */
static void
check_reply(const char *method, const char *path, const struct http_client_reply *reply)
{
    const cJSON *content, *media;
    struct error err = {0};
    char status[8], where[128];
    const char *type = http_client_header(&client, reply, "content-type");
    cJSON *body;

    snprintf(status, sizeof(status), "%d", reply->status);
    snprintf(where, sizeof(where), "%s %s %s", method, path, status);
    content = member(resolved(member(member(operation(path, method), "responses"), status)),
                     "content");
    if (!content)
        fail_msg("%s is not documented: %s", where, reply->body);
    media = member(content, strncmp(type, "text/plain", 10) == 0 ? "text/plain" : type);
    if (!media)
        fail_msg("%s answers %s, which is not documented", where, type);
    if (!strstr(type, "json") || strstr(type, "ndjson"))
        return;
    if (json_parse(&arena, reply->body, reply->body_len, &body, &err) != 0)
        fail_msg("%s: %s", where, err.text);
    check_value(member(media, "schema"), body, where);
}

static void
the_contract_names_the_limits_that_the_parser_keeps(void **state)
{
    static const struct {
        const char *at;
        int limit;
    } cases[] = {
        {"Payment/properties/goods/maxItems", PAYMENT_GOODS_MAX},
        {"Documents/properties/answers/maxItems", DOCUMENTS_ANSWERS_MAX},
        {"CaseNote/properties/text/maxLength", PAYMENT_STRING_MAX},
        {"Payment/properties/intermediary_agents/maxItems", PAYMENT_INTERMEDIARY_AGENTS_MAX},
        {"Payment/properties/trade/properties/route/maxItems", PAYMENT_ROUTE_MAX},
        {"Payment/properties/trade/properties/documents/maxItems", PAYMENT_DOCUMENTS_MAX},
        {"Payment/properties/trade/properties/vessels/maxItems", PAYMENT_VESSELS_MAX},
        {"Payment/properties/remittance_information/maxLength", PAYMENT_STRING_MAX},
        {"Party/properties/owners/maxItems", PAYMENT_OWNERS_MAX},
        {"Party/properties/name/maxLength", PAYMENT_STRING_MAX},
        {"ScreeningQuestion/properties/name/maxLength", PAYMENT_STRING_MAX},
        {"Screening/properties/name/maxLength", PAYMENT_STRING_MAX},
        {"Screening/properties/names/maxItems", SCREENING_NAMES_MAX},
        {"Screening/properties/lists/maxItems", SCREENING_LISTS_MAX},
        {"ScreeningHit/properties/names/maxItems", SCREENING_PRIMARIES_MAX},
        {"ScreeningAnswer/properties/data/maxItems", SCREENING_NAMES_MAX},
        {"ScreeningAnswer/properties/data/items/properties/hits/maxItems", SCREENING_HITS_MAX},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const cJSON *limit =
            schema_at(schema_at(contract, "#/components/schemas"), cases[i].at);

        if (!limit || limit->valueint != cases[i].limit)
            fail_msg("%s is not %d", cases[i].at, cases[i].limit);
    }
}

static const char full_payment[] =
    "{\"uetr\":\"%s\",\"end_to_end_id\":\"E2E\",\"created_at\":\"2024-04-17T09:30:00+08:00\","
    "\"amount\":{\"currency\":\"CNY\",\"value\":\"%s\"},\"rail\":\"CIPS\","
    "\"charge_bearer\":\"SHAR\","
    "\"debtor\":{\"name\":\"OOO Sborka Sever\",\"country\":\"RU\",\"account\":\"4070\","
    "\"address\":\"1 Test street\",\"kind\":\"company\",\"incorporated_on\":\"2020-02-29\","
    "\"identifiers\":{\"inn\":\"7700000000\"},"
    "\"owners\":[{\"name\":\"Anna Primer\",\"share\":\"0.5\"}]},"
    "\"ultimate_debtor\":{\"name\":\"Ivan Primer\",\"country\":\"RU\",\"kind\":\"person\","
    "\"born_on\":\"1980-01-01\"},"
    "\"debtor_agent\":{\"bic\":\"SVRBRUMM\",\"country\":\"RU\",\"name\":\"Sever Bank\"},"
    "\"intermediary_agents\":[{\"bic\":\"MERICNSH\"}],"
    "\"creditor_agent\":{\"bic\":\"HLDBCNBS\",\"country\":\"CN\",\"cnaps\":\"999100000011\"},"
    "\"creditor\":{\"name\":\"Lanyu\",\"country\":\"CN\"},"
    "\"ultimate_creditor\":{\"name\":\"Lanyu Parts\",\"country\":\"CN\"},"
    "\"purpose\":{\"code\":\"CGODDR\",\"text\":\"goods\"},\"remittance_information\":\"r\","
    "\"goods\":[{\"hs_code\":\"854231\",\"description\":\"processors\",\"quantity\":5,"
    "\"unit\":\"pcs\",\"value\":\"10.00\",\"origin\":\"CN\",\"end_use\":\"repair\","
    "\"end_user\":\"OOO Sborka\"}],"
    "\"trade\":{\"contract\":\"17\",\"destination_country\":\"RU\",\"route\":[\"Manzhouli\"],"
    "\"documents\":[\"invoice\"],\"vessels\":[{\"name\":\"Test\",\"flag\":\"CN\"}]}}";

static void
a_payment_with_every_member_is_taken_by_both(void **state)
{
    char *text =
        arena_printf(&arena, full_payment, "11111111-1111-4111-8111-111111111111", "10.00");
    struct http_client_reply reply;
    struct error err = {0};
    cJSON *payment;

    (void)state;
    assert_int_equal(json_parse(&arena, text, strlen(text), &payment, &err), 0);
    check_value(schema_at(contract, "#/components/schemas/Payment"), payment, "the payment");
    assert_true(http_client_post(&client, "/v1/payments", text));
    assert_true(http_client_next(&client, &reply));
    if (reply.status != 201)
        fail_msg("%s", reply.body);
    check_reply("POST", "/v1/payments", &reply);
}

/* Every member there is; a hit by name, one by a number, and none. */
#define SCREENING                                                                              \
    "{\"names\":[{\"name\":\"Stuzhov Matvey\",\"kind\":\"person\",\"country\":\"RU\","         \
    "\"born_on\":\"1967-12-12\"},{\"identifiers\":{\"inn\":\"7700000108\"}},"                  \
    "{\"name\":\"Nobody\"}],\"explain\":true,\"lists\":[\"fictional\"],\"threshold\":0.8}"

static void
a_screening_with_every_member_is_taken_by_both(void **state)
{
    struct error err = {0};
    cJSON *screening;

    (void)state;
    assert_int_equal(json_parse(&arena, SCREENING, strlen(SCREENING), &screening, &err), 0);
    check_value(schema_at(contract, "#/components/schemas/Screening"), screening,
                "the screening");
}

static void
what_the_gateway_answers_keeps_the_contract(void **state)
{
    static const struct {
        const char *method, *path; /* in the contract */
        const char *target, *body;
        int status;
    } cases[] = {
        {"POST", "/v1/evaluations", "/v1/evaluations", "@", 200},
        {"POST", "/v1/evaluations", "/v1/evaluations?explain=true", "@", 200},
        {"POST", "/v1/evaluations", "/v1/evaluations?explain=false", "@", 200},
        {"POST", "/v1/evaluations", "/v1/evaluations?explain=yes", "@", 400},
        {"POST", "/v1/evaluations", "/v1/evaluations?explian=true", "@", 400},
        {"POST", "/v1/evaluations", "/v1/evaluations", "{}", 422},
        {"POST", "/v1/evaluations", "/v1/evaluations", "{", 400},
        {"POST", "/v1/screenings", "/v1/screenings", SCREENING, 200},
        {"POST", "/v1/screenings", "/v1/screenings", "{\"name\":\"Varya\"}", 200},
        {"POST", "/v1/screenings", "/v1/screenings", "{\"lists\":[\"x\"]}", 422},
        {"POST", "/v1/screenings", "/v1/screenings?explain=true", SCREENING, 400},
        {"POST", "/v1/payments", "/v1/payments", "@", 201},
        {"POST", "/v1/payments", "/v1/payments", "[1]", 422},
        {"POST", "/v1/payments", "/v1/payments", "x", 400},
        {"GET", "/v1/payments", "/v1/payments?limit=1", NULL, 200},
        {"GET", "/v1/payments", "/v1/payments?limit=0", NULL, 400},
        {"GET", "/v1/payments/{id}", "/v1/payments/nothing", NULL, 404},
        {"GET", "/v1/events", "/v1/events?kind=x", NULL, 400},
        {"GET", "/v1/clock", "/v1/clock", NULL, 200},
        {"POST", "/v1/clock", "/v1/clock", "{\"advance\":\"P1D\"}", 200},
        {"POST", "/v1/clock", "/v1/clock", "{\"advance\":1}", 422},
        {"GET", "/livez", "/livez", NULL, 200},
        {"GET", "/readyz", "/readyz", NULL, 200},
        {"GET", "/metrics", "/metrics", NULL, 200},
        {"GET", "/openapi.json", "/openapi.json", NULL, 200},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct http_client_reply reply;
        const char *body = cases[i].body;

        if (body && strcmp(body, "@") == 0)
            body = arena_printf(&arena, full_payment, "22222222-2222-4222-8222-222222222222",
                                "20.00");
        assert_true(body ? http_client_post(&client, cases[i].target, body)
                         : http_client_get(&client, cases[i].target));
        assert_true(http_client_next(&client, &reply));
        if (reply.status != cases[i].status)
            fail_msg("%s %s gave %d", cases[i].method, cases[i].target, reply.status);
        check_reply(cases[i].method, cases[i].path, &reply);
    }
}

#define SERVICES                                                                               \
    "{\"uetr\":\"33333333-3333-4333-8333-333333333333\",\"end_to_end_id\":\"E-1\","            \
    "\"amount\":{\"currency\":\"%s\",\"value\":\"5000.00\"},"                                  \
    "\"debtor\":{\"name\":\"Sborka\",\"country\":\"%s\"},"                                     \
    "\"debtor_agent\":{\"bic\":\"UDAC%sMM\"},"                                                 \
    "\"creditor_agent\":{\"bic\":\"%s\",\"country\":\"CN\"},%s"                                \
    "\"creditor\":{\"name\":\"Lanyu\",\"country\":\"CN\"}}"

/* What is there of some answers alone: what is asked, what comes back, what follows. */
static void
every_kind_of_answer_keeps_the_contract(void **state)
{
    static const struct {
        const char *currency, *country, *bank, *more;
        const char *state;
    } cases[] = {
        {"EUR", "DE", "HLDBCNBS", "", "accepted"},
        {"EUR", "DE", "HLDBCNBS", "\"simulate\":{\"outcome\":\"held\"},", "held"},
        {"EUR", "RU", "ZHYGCNBJ", "", "awaiting_information"},
        {"CNY", "RU", "HLDBCNBS", "", "returned"},
        {"EUR", "DE", "NOBKCNBS", "", "rejected"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct http_client_reply reply;
        const char *text = arena_printf(&arena, SERVICES, cases[i].currency, cases[i].country,
                                        cases[i].country, cases[i].bank, cases[i].more);

        assert_true(http_client_post(&client, "/v1/evaluations", text));
        assert_true(http_client_next(&client, &reply));
        if (reply.status != 200 ||
            !strstr(reply.body, arena_printf(&arena, "\"state\":\"%s\"", cases[i].state)))
            fail_msg("expected %s: %s", cases[i].state, reply.body);
        check_reply("POST", "/v1/evaluations", &reply);
    }
}

#define PACK                                                                                   \
    "{\"pack\":\"machine-tools\",\"version\":\"9\",\"title\":\"t\",\"sources\":[\"s\"],"       \
    "\"rules\":"                                                                               \
    "[{\"id\":\"R\",\"title\":\"t\",\"when\":\"%s\",\"then\":{\"action\":\"hold\",\"reason\":" \
    "{"                                                                                        \
    "\"code\":\"NARR\",\"text\":\"x\"}}}]}"

/* A roll-out from the first put to the last roll-back, a step after the other. */
static void
a_roll_out_keeps_the_contract(void **state)
{
    static const struct {
        const char *method, *path, *tail; /* {name} and {digest} are filled in */
        const char *body;
        int status;
    } cases[] = {
        {"PUT", "/v1/policies/{name}", "", PACK, 201},
        {"PUT", "/v1/policies/{name}", "", PACK, 200},
        {"PUT", "/v1/policies/{name}", "", "{}", 422},
        {"PUT", "/v1/policies/{name}", "", "{", 400},
        {"POST", "/v1/policies/{name}/activate", "", "", 409},
        {"POST", "/v1/policies/{name}/check", "", "", 200},
        {"POST", "/v1/policies/{name}/shadow", "", "{}", 200},
        {"POST", "/v1/evaluations", "", "@", 200},
        {"POST", "/v1/evaluations", "?policy=machine-tools&explain=true", "@", 200},
        {"POST", "/v1/evaluations", "?book=none", "@", 404},
        {"GET", "/v1/policies/{name}/shadow", "?limit=1", NULL, 200},
        {"GET", "/v1/policies/{name}/shadow", "?limit=x", NULL, 400},
        {"DELETE", "/v1/policies/{name}/shadow", "", NULL, 200},
        {"DELETE", "/v1/policies/{name}/shadow", "", NULL, 404},
        {"POST", "/v1/policies/{name}/activate", "", "{}", 200},
        {"GET", "/v1/policies", "?limit=1", NULL, 200},
        {"GET", "/v1/policies/{name}", "", NULL, 200},
        {"GET", "/v1/policies/{name}/text", "", NULL, 200},
        {"GET", "/v1/policies/{name}/text", "?digest=1", NULL, 422},
        {"GET", "/v1/policies/{name}/history", "", NULL, 200},
        {"POST", "/v1/policies/{name}/rollback", "", "", 200},
        {"POST", "/v1/policies/{name}/rollback", "", "", 409},
        {"PUT", "/v1/policies/{name}", "", "{\"pack\":\"machine-tools\"}", 201},
        {"POST", "/v1/policies/{name}/check", "", "", 422},
        {"GET", "/v1/books", "", NULL, 200},
        {"GET", "/v1/books/{name}", "", NULL, 404},
        {"GET", "/v1/snapshots/{digest}", "", NULL, 200},
    };
    struct http_client_reply reply;
    const char *digest;

    (void)state;
    assert_true(http_client_get(&client, "/readyz"));
    assert_true(http_client_next(&client, &reply));
    digest = strstr(reply.body, "sha256:");
    digest = arena_copy(&arena, digest, strcspn(digest, "\""));
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *end = strstr(cases[i].path, "/{"), *body = cases[i].body;
        const char *name = !end ? "" : strncmp(end, "/{d", 3) == 0 ? digest : "machine-tools";
        const char *rest = end ? strchr(end, '}') + 1 : "";
        const char *path =
            arena_printf(&arena, "%.*s%s%s%s%s",
                         (int)(end ? end - cases[i].path : (long)strlen(cases[i].path)),
                         cases[i].path, end ? "/" : "", name, rest, cases[i].tail);

        if (body && strcmp(body, "@") == 0)
            body = arena_printf(&arena, full_payment, "44444444-4444-4444-8444-444444444444",
                                "40.00");
        else if (body && strcmp(body, PACK) == 0)
            body = arena_printf(&arena, PACK, "payment.debtor.country == 'RU'");
        assert_true(http_client_request(&client, cases[i].method, path, body));
        assert_true(http_client_next(&client, &reply));
        if (reply.status != cases[i].status)
            fail_msg("%s %s gave %d: %s", cases[i].method, path, reply.status, reply.body);
        check_reply(cases[i].method, cases[i].path, &reply);
    }
}

/* A webhook from its making to its removal; the rest of the path behind its id. */
static void
webhooks_keep_the_contract(void **state)
{
    static const struct {
        const char *method, *path, *tail, *body;
        int status;
    } cases[] = {
        {"GET", "/v1/webhooks/{id}", "", NULL, 200},
        {"GET", "/v1/webhooks/{id}/dead-letters", "/dead-letters", NULL, 200},
        {"GET", "/v1/webhooks/{id}/dead-letters", "/dead-letters?cursor=x", NULL, 400},
        {"POST", "/v1/webhooks/{id}/redeliver", "/redeliver", "", 202},
        {"DELETE", "/v1/webhooks/{id}", "", NULL, 204},
        {"DELETE", "/v1/webhooks/{id}", "", NULL, 404},
    };
    struct http_client_reply reply;
    const char *location;

    (void)state;
    assert_true(http_client_post(&client, "/v1/webhooks", "{\"url\":\"nowhere\"}"));
    assert_true(http_client_next(&client, &reply));
    check_reply("POST", "/v1/webhooks", &reply);
    assert_true(http_client_post(&client, "/v1/webhooks",
                                 "{\"url\":\"http://127.0.0.1:9/\",\"types\":[\"case.\"],"
                                 "\"outcome\":\"held\",\"bank\":\"HLDBCNBS\"}"));
    assert_true(http_client_next(&client, &reply));
    assert_int_equal(reply.status, 201);
    check_reply("POST", "/v1/webhooks", &reply);
    location = http_client_header(&client, &reply, "location");
    assert_true(http_client_get(&client, "/v1/webhooks"));
    assert_true(http_client_next(&client, &reply));
    check_reply("GET", "/v1/webhooks", &reply);
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_true(http_client_request(&client, cases[i].method,
                                        arena_printf(&arena, "%s%s", location, cases[i].tail),
                                        cases[i].body));
        assert_true(http_client_next(&client, &reply));
        assert_int_equal(reply.status, cases[i].status);
        if (reply.status != 204)
            check_reply(cases[i].method, cases[i].path, &reply);
    }
}

static void
a_payment_read_back_keeps_the_contract(void **state)
{
    struct http_client_reply reply;

    (void)state;
    assert_true(http_client_post(
        &client, "/v1/payments",
        arena_printf(&arena, full_payment, "33333333-3333-4333-8333-333333333333", "30.00")));
    assert_true(http_client_next(&client, &reply));
    assert_true(http_client_get(&client, http_client_header(&client, &reply, "location")));
    assert_true(http_client_next(&client, &reply));
    assert_int_equal(reply.status, 200);
    check_reply("GET", "/v1/payments/{id}", &reply);
}

/* One payment that is held because it asks for it, from its first case step to the last. */
static void
cases_and_cancellations_keep_the_contract(void **state)
{
    static const struct {
        const char *method, *path; /* {id} is filled in */
        const char *tail, *body, *actor;
        int status;
    } cases[] = {
        {"GET", "/v1/cases", "?status=open&limit=1", NULL, "", 200},
        {"GET", "/v1/cases", "?status=half", NULL, "", 400},
        {"GET", "/v1/cases/{id}", "", NULL, "", 200},
        {"POST", "/v1/cases/{id}/notes", "", "{\"text\":\"seen\"}", "li", 200},
        {"POST", "/v1/cases/{id}/notes", "", "{}", "li", 422},
        {"POST", "/v1/cases/{id}/notes", "", "{", "li", 400},
        {"POST", "/v1/cases/{id}/release", "", "{\"text\":\"x\"}", "li", 409},
        {"POST", "/v1/cases/{id}/disposition", "",
         "{\"disposition\":\"true_match\",\"text\":\"x\"}", "li", 200},
        {"POST", "/v1/cases/{id}/freeze", "", "{\"text\":\"x\"}", "wang", 409},
        {"POST", "/v1/payments/{id}/documents", "",
         "{\"answers\":[{\"request\":\"AMLI\",\"text\":\"x\"}]}", "shop", 409},
        {"POST", "/v1/payments/{id}/documents", "", "{\"answers\":[]}", "shop", 422},
        {"POST", "/v1/payments/{id}/cancellation", "", "{\"reason\":{\"code\":\"CUST\"}}",
         "shop", 200},
        {"POST", "/v1/payments/{id}/cancellation", "", "{\"reason\":{\"code\":\"LEGL\"}}",
         "shop", 422},
        {"POST", "/v1/cases/{id}/reject", "",
         "{\"text\":\"x\",\"reason\":{\"code\":\"RR04\",\"text\":\"y\"},\"disclosed\":{"
         "\"code\":"
         "\"MS03\"}}",
         "wang", 200},
        {"POST", "/v1/cases/{id}/return", "", "{\"text\":\"x\"}", "wang", 409},
        {"GET", "/v1/cases", "?status=closed", NULL, "", 200},
    };
    struct http_client_reply reply;
    const char *id;

    (void)state;
    assert_true(http_client_post(
        &client, "/v1/payments",
        arena_printf(&arena, "{\"simulate\":{\"outcome\":\"held\"},%s",
                     arena_printf(&arena, full_payment, "55555555-5555-4555-8555-555555555555",
                                  "50.00") +
                         1)));
    assert_true(http_client_next(&client, &reply));
    assert_int_equal(reply.status, 201);
    id = strrchr(http_client_header(&client, &reply, "location"), '/') + 1;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *at = strstr(cases[i].path, "{id}"), *body = cases[i].body;
        const char *path = at ? arena_printf(&arena, "%.*s%s%s", (int)(at - cases[i].path),
                                             cases[i].path, id, at + strlen("{id}"))
                              : cases[i].path;

        assert_true(http_client_send(
            &client, arena_printf(&arena,
                                  "%s %s%s HTTP/1.1\r\nHost: x\r\nYuangate-Actor: %s\r\n"
                                  "Content-Type: application/json\r\nContent-Length: %zu\r\n"
                                  "\r\n%s",
                                  cases[i].method, path, cases[i].tail,
                                  cases[i].actor[0] ? cases[i].actor : "x",
                                  body ? strlen(body) : 0, body ? body : "")));
        assert_true(http_client_next(&client, &reply));
        if (reply.status != cases[i].status)
            fail_msg("%s %s gave %d: %s", cases[i].method, path, reply.status, reply.body);
        check_reply(cases[i].method, cases[i].path, &reply);
    }
}

static void
a_file_of_a_list_keeps_the_contract(void **state)
{
    static const struct {
        const char *file, *type, *body;
        int status;
    } cases[] = {
        {"sdn.csv", "application/octet-stream", "abc", 201},
        {"sdn.csv", "application/octet-stream", "abcd", 200},
        {"sdn.csv", "application/octet-stream", "", 422},
        {"sdn.csv?x=1", "application/octet-stream", "", 400},
        {"list.json", "application/octet-stream", "", 404},
        {"sdn.csv", "text/csv", "abc", 415},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct http_client_reply reply;

        assert_true(http_client_send(
            &client,
            arena_printf(&arena,
                         "PUT /v1/lists/ofac/files/%s HTTP/1.1\r\nHost: x\r\n"
                         "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n%s",
                         cases[i].file, cases[i].type, strlen(cases[i].body), cases[i].body)));
        assert_true(http_client_next(&client, &reply));
        if (reply.status != cases[i].status)
            fail_msg("%s gave %d: %s", cases[i].file, reply.status, reply.body);
        check_reply("PUT", "/v1/lists/{name}/files/{file}", &reply);
        http_client_close(&client); /* a refusal by the head alone ends the connection */
        assert_true(http_client_connect(&client, gateway.address));
    }
}

static void
a_file_taken_back_keeps_the_contract(void **state)
{
    static const struct {
        const char *path;
        int status;
    } cases[] = {
        {"/v1/lists/ofac/files/sdn.csv", 200}, /* as the test above has put it */
        {"/v1/lists/ofac/files/sdn.csv", 404},
        {"/v1/lists/ofac/files/sdn.csv?x=1", 400},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct http_client_reply reply;

        assert_true(http_client_request(&client, "DELETE", cases[i].path, NULL));
        assert_true(http_client_next(&client, &reply));
        assert_int_equal(reply.status, cases[i].status);
        check_reply("DELETE", "/v1/lists/{name}/files/{file}", &reply);
    }
}

/* Paths, SQL and the like are for the log. */
static void
an_internal_error_keeps_its_details_to_itself(void **state)
{
    struct error ours = {ERROR_INTERNAL, "store /var/lib/bank.db: disk I/O error"};
    struct error theirs = {ERROR_INVALID, "line 1, column 2: expected a value"};

    (void)state;
    assert_null(strstr(api_sentence(&arena, &ours), "/var/lib"));
    assert_string_equal(api_sentence(&arena, &theirs), theirs.text);
}

/* The checker itself: a contract nobody checks would hold everything. */
static void
the_checker_finds_what_is_wrong(void **state)
{
    static const struct {
        const char *schema, *value;
    } cases[] = {
        {"{\"type\":\"string\"}", "1"},
        {"{\"type\":[\"string\",\"null\"]}", "1"},
        {"{\"type\":\"integer\"}", "1.5"},
        {"{\"enum\":[\"a\",\"b\"]}", "\"c\""},
        {"{\"const\":\"a\"}", "\"b\""},
        {"{\"required\":[\"a\"]}", "{}"},
        {"{\"properties\":{\"a\":{\"type\":\"null\"}}}", "{\"a\":1}"},
        {"{\"properties\":{},\"additionalProperties\":false}", "{\"a\":1}"},
        {"{\"items\":{\"type\":\"null\"}}", "[null,1]"},
        {"{\"maxItems\":1}", "[1,2]"},
        {"{\"minLength\":1}", "\"\""},
        {"{\"maximum\":1}", "2"},
        {"{\"exclusiveMinimum\":0}", "0"},
        {"{\"pattern\":\"^[a-z]$\"}", "\"ab\""},
        {"{\"anyOf\":[{\"type\":\"null\"},{\"type\":\"number\"}]}", "\"a\""},
        {"{\"$ref\":\"#/components/schemas/Clock\"}", "{\"kind\":\"sundial\",\"now\":\"\"}"},
        {"{\"unheard\":1}", "1"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct error err = {0};
        cJSON *schema, *value;
        char why[256] = "";

        assert_int_equal(
            json_parse(&arena, cases[i].schema, strlen(cases[i].schema), &schema, &err), 0);
        assert_int_equal(
            json_parse(&arena, cases[i].value, strlen(cases[i].value), &value, &err), 0);
        if (schema_holds(contract, schema, value, why, sizeof(why)))
            fail_msg("%s held %s", cases[i].schema, cases[i].value);
        assert_true(why[0] != '\0');
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_checker_finds_what_is_wrong),
        cmocka_unit_test(every_route_is_in_the_contract_and_nothing_else),
        cmocka_unit_test(every_operation_says_which_roles_may),
        cmocka_unit_test(every_example_keeps_its_schema),
        cmocka_unit_test(a_parameter_comes_once_unless_its_description_says_more),
        cmocka_unit_test(the_contract_names_the_limits_that_the_parser_keeps),
        cmocka_unit_test(a_payment_with_every_member_is_taken_by_both),
        cmocka_unit_test(a_screening_with_every_member_is_taken_by_both),
        cmocka_unit_test(what_the_gateway_answers_keeps_the_contract),
        cmocka_unit_test(every_kind_of_answer_keeps_the_contract),
        cmocka_unit_test(a_roll_out_keeps_the_contract),
        cmocka_unit_test(webhooks_keep_the_contract),
        cmocka_unit_test(a_payment_read_back_keeps_the_contract),
        cmocka_unit_test(cases_and_cancellations_keep_the_contract),
        cmocka_unit_test(a_file_of_a_list_keeps_the_contract),
        cmocka_unit_test(a_file_taken_back_keeps_the_contract),
        cmocka_unit_test(an_internal_error_keeps_its_details_to_itself),
    };

    return cmocka_run_group_tests_name("contract", tests, set_up, tear_down);
}
