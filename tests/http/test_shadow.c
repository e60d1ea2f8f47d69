/* A candidate in shadow: what it would have said is counted exactly, and reaches nobody. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/json.h"
#include "gateway/rollout/rollout.h"
#include "gateway/rollout/shadow.h"
#include "tests/support/rollout_bank.h"
#include "tests/support/test.h"

#define KIT_UETR    "97ed4827-7b6f-4491-a06f-b548d5a7512d"
#define CONNECTIONS 8 /* so that both workers judge */

static struct rollout_bank bank;

static int
set_up(void **state)
{
    (void)state;
    if (rollout_bank_make(&bank) != 0)
        return -1;
    rollout_bank_start(&bank, NULL);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    rollout_bank_remove(&bank);
    return 0;
}

#define ask(...) rollout_bank_ask(&bank, __VA_ARGS__)

static const char *
payment(int i)
{
    char *text = arena_copy(&bank.arena, bank.sample, strlen(bank.sample));
    char *at = strstr(text, KIT_UETR), digits[5];

    assert_non_null(at);
    snprintf(digits, sizeof(digits), "%04x", (unsigned)i);
    memcpy(at + strlen(KIT_UETR) - 4, digits, 4);
    return text;
}

static void
shadow(const char *name, const char *text)
{
    const char *path = arena_printf(&bank.arena, "/v1/policies/%s", name);

    ask("PUT", path, text, 201);
    ask("POST", arena_printf(&bank.arena, "%s/check", path), "", 200);
    ask("POST", arena_printf(&bank.arena, "%s/shadow", path), "", 200);
}

static const cJSON *
compared(const char *query)
{
    const char *reply =
        ask("GET", arena_printf(&bank.arena, "/v1/policies/mine/shadow%s", query), NULL, 200);
    struct error err = {0};
    cJSON *json;

    assert_int_equal(json_parse(&bank.arena, reply, strlen(reply), &json, &err), 0);
    return json;
}

static const cJSON *
at(const cJSON *json, const char *name)
{
    const cJSON *found = cJSON_GetObjectItemCaseSensitive(json, name);

    assert_non_null(found);
    return found;
}

static int
number(const cJSON *json, const char *name)
{
    return at(json, name)->valueint;
}

static const char *
text(const cJSON *json, const char *name)
{
    return at(json, name)->valuestring;
}

static void
disagreements_are_counted_and_listed_with_both_reasons(void **state)
{
    const cJSON *json, *row;

    (void)state;
    shadow("mine", rollout_bank_pack(&bank, 2, "reject"));
    for (int i = 0; i < 5; i++)
        ask("POST", "/v1/payments", payment(i), 201);
    ask("POST", "/v1/evaluations", bank.sample, 200);
    json = compared("");
    assert_int_equal(number(at(json, "judged"), "payments"), 5);
    assert_int_equal(number(at(json, "judged"), "evaluations"), 1);
    assert_int_equal(number(json, "disagreements"), 6);
    assert_int_equal(cJSON_GetArraySize(at(json, "moves")), 1);
    row = cJSON_GetArrayItem(at(json, "moves"), 0);
    assert_string_equal(text(row, "active"), "hold");
    assert_string_equal(text(row, "candidate"), "reject");
    assert_int_equal(number(row, "count"), 6);
    row = cJSON_GetArrayItem(at(json, "rules"), 0);
    assert_string_equal(text(row, "of"), "candidate");
    assert_string_equal(text(row, "pack"), "mine@2");
    assert_string_equal(text(row, "id"), "V-2");
    assert_int_equal(number(row, "count"), 6);
    assert_int_equal(cJSON_GetArraySize(at(json, "data")), 6);
    row = cJSON_GetArrayItem(at(json, "data"), 0); /* the newest */
    assert_int_equal(number(row, "number"), 6);
    assert_string_equal(text(row, "traffic"), "evaluation");
    assert_string_equal(text(row, "uetr"), KIT_UETR);
    assert_string_equal(text(at(row, "amount"), "value"), "1250000.00");
    assert_string_equal(text(at(at(row, "active"), "reason"), "text"), "version 1");
    assert_string_equal(text(at(at(row, "candidate"), "reason"), "text"), "version 2");
    assert_string_equal(text(at(row, "candidate"), "rule"), "V-2");
    json = compared("?limit=4");
    assert_int_equal(cJSON_GetArraySize(at(json, "data")), 4);
    json = compared(arena_printf(&bank.arena, "?cursor=%s", text(json, "next_cursor")));
    assert_int_equal(cJSON_GetArraySize(at(json, "data")), 2);
    assert_true(cJSON_IsNull(at(json, "next_cursor")));
}

static void
its_answer_is_never_used(void **state) /* W1 */
{
    const char *before = ask("POST", "/v1/evaluations", bank.sample, 200), *after, *stored;

    (void)state;
    shadow("mine", rollout_bank_pack(&bank, 2, "reject"));
    after = ask("POST", "/v1/evaluations", bank.sample, 200);
    stored = ask("POST", "/v1/payments", bank.sample, 201);
    assert_non_null(strstr(after, "\"outcome\":\"held\""));
    assert_string_equal(strstr(after, "\"decision\":"), strstr(before, "\"decision\":"));
    assert_string_equal(strstr(stored, "\"decision\":"), strstr(before, "\"decision\":"));
}

static void
what_agrees_is_judged_and_not_listed(void **state)
{
    const cJSON *json;

    (void)state;
    shadow("mine", rollout_bank_pack(&bank, 2, "hold"));
    ask("POST", "/v1/payments", payment(1), 201);
    ask("POST", "/v1/payments", payment(1), 201); /* replayed: not judged again */
    json = compared("");
    assert_int_equal(number(at(json, "judged"), "payments"), 1);
    assert_int_equal(number(json, "disagreements"), 0);
    assert_int_equal(cJSON_GetArraySize(at(json, "data")), 0);
}

static void
all_workers_together_lose_no_count(void **state) /* W2 */
{
    struct http_client clients[CONNECTIONS];
    struct http_client_reply reply;
    const int rounds = 200;
    const cJSON *json;

    (void)state;
    shadow("mine", rollout_bank_pack(&bank, 2, "return"));
    for (size_t c = 0; c < CONNECTIONS; c++)
        assert_true(http_client_connect(&clients[c], bank.gateway.address));
    for (int i = 0; i < rounds; i++) {
        for (size_t c = 0; c < CONNECTIONS; c++)
            assert_true(http_client_post(&clients[c], "/v1/evaluations", bank.sample));
        for (size_t c = 0; c < CONNECTIONS; c++) {
            assert_true(http_client_next(&clients[c], &reply));
            assert_int_equal(reply.status, 200);
        }
    }
    for (size_t c = 0; c < CONNECTIONS; c++)
        http_client_close(&clients[c]);
    json = compared("?limit=500");
    assert_int_equal(number(at(json, "judged"), "evaluations"), rounds * CONNECTIONS);
    assert_int_equal(number(json, "disagreements"), rounds * CONNECTIONS);
    assert_true(cJSON_GetArraySize(at(json, "data")) >= SHADOW_KEPT); /* W3 */
    assert_int_equal(number(cJSON_GetArrayItem(at(json, "data"), 0), "number"),
                     rounds * CONNECTIONS);
}

static void
a_shadow_lasts_until_it_is_ended_or_activated(void **state)
{
    const char *reply;

    (void)state;
    shadow("mine", rollout_bank_pack(&bank, 2, "reject"));
    ask("POST", "/v1/evaluations", bank.sample, 200);
    rollout_bank_kill(&bank);
    rollout_bank_start(&bank, NULL); /* it goes on, counting anew */
    assert_int_equal(number(compared(""), "disagreements"), 0);
    ask("POST", "/v1/evaluations", bank.sample, 200);
    assert_int_equal(number(compared(""), "disagreements"), 1);
    reply = ask("DELETE", "/v1/policies/mine/shadow", NULL, 200);
    assert_non_null(strstr(reply, "\"disagreements\":1"));
    ask("GET", "/v1/policies/mine/shadow", NULL, 404);
    ask("POST", "/v1/policies/mine/shadow", "", 200);
    ask("POST", "/v1/policies/mine/activate", "", 200);
    ask("GET", "/v1/policies/mine/shadow", NULL, 404);
    rollout_bank_stop(&bank);
    rollout_bank_start(&bank, NULL);
    ask("GET", "/v1/policies/mine/shadow", NULL, 404);
}

/* A pack that no book names, so that it can be shadowed beside others. */
static const char *
idle_pack(int i)
{
    return arena_printf(
        &bank.arena,
        "{\"pack\":\"idle-%d\",\"version\":\"1\",\"title\":\"t\",\"rules\":[{\"id\":\"I\","
        "\"title\":\"t\",\"when\":\"true\",\"then\":{\"action\":\"reject\",\"reason\":{"
        "\"code\":"
        "\"NARR\",\"text\":\"x\"}}}]}",
        i);
}

static void
so_many_shadows_and_no_more(void **state)
{
    const char *path;

    (void)state;
    for (int i = 0; i < SHADOWS_MAX; i++)
        shadow(arena_printf(&bank.arena, "idle-%d", i), idle_pack(i));
    ask("PUT", "/v1/policies/mine", rollout_bank_pack(&bank, 2, "hold"), 201);
    ask("POST", "/v1/policies/mine/check", "", 200);
    assert_non_null(strstr(ask("POST", "/v1/policies/mine/shadow", "", 409), "already"));
    path = "/v1/policies/idle-2/shadow";
    ask("POST", path, "", 200); /* one that is there is begun anew */
    ask("DELETE", path, NULL, 200);
    ask("POST", "/v1/policies/mine/shadow", "", 200);
    ask("POST", "/v1/evaluations", bank.sample, 200);
    assert_int_equal(number(at(compared(""), "judged"), "evaluations"), 1);
}

static void
another_activation_is_what_it_is_compared_with_from_then_on(void **state)
{
    const char *first;

    (void)state;
    shadow("mine", rollout_bank_pack(&bank, 2, "hold"));
    first = text(compared(""), "active_snapshot");
    ask("PUT", "/v1/books/own",
        "{\"book\":\"own\",\"default_action\":\"accept\",\"banks\":[{\"bic\":\"HLDBCNBS\","
        "\"name\":\"Hulan\",\"class\":\"joint_stock\"}],\"regimes\":[{\"from\":\"2023-01-01\","
        "\"policies\":{\"*\":[\"mine\"]}}]}",
        201);
    ask("POST", "/v1/books/own/check", "", 200);
    ask("POST", "/v1/evaluations", bank.sample, 200);
    ask("POST", "/v1/books/own/activate", "", 200);
    assert_string_not_equal(text(compared(""), "active_snapshot"), first);
    assert_int_equal(number(at(compared(""), "judged"), "evaluations"), 0);
    ask("POST", "/v1/evaluations", bank.sample, 200);
    assert_int_equal(number(at(compared(""), "judged"), "evaluations"), 1);
}

static void
a_candidate_that_fails_disagrees_and_harms_nobody(void **state)
{
    const cJSON *json, *row;

    (void)state;
    shadow(
        "mine",
        "{\"pack\":\"mine\",\"version\":\"2\",\"title\":\"t\",\"rules\":[{\"id\":\"V-2\","
        "\"title\":\"t\",\"when\":\"1 / (payment.amount.minor - payment.amount.minor) > "
        "0\",\"then\":{\"action\":\"hold\",\"reason\":{\"code\":\"NARR\",\"text\":\"x\"}}}]}");
    assert_int_equal(rollout_bank_version(&bank), 1);
    json = compared("");
    assert_int_equal(number(json, "disagreements"), 1);
    row = at(cJSON_GetArrayItem(at(json, "data"), 0), "candidate");
    assert_true(cJSON_IsTrue(at(row, "failed")));
    assert_non_null(strstr(text(at(row, "reason"), "text"), "division by zero"));
    assert_string_equal(text(row, "rule"), ""); /* not the innocent one that fired */
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(disagreements_are_counted_and_listed_with_both_reasons),
        TEST(its_answer_is_never_used),
        TEST(what_agrees_is_judged_and_not_listed),
        TEST(all_workers_together_lose_no_count),
        TEST(a_shadow_lasts_until_it_is_ended_or_activated),
        TEST(so_many_shadows_and_no_more),
        TEST(another_activation_is_what_it_is_compared_with_from_then_on),
        TEST(a_candidate_that_fails_disagrees_and_harms_nobody),
    };

    return cmocka_run_group_tests_name("shadow", tests, NULL, NULL);
}
