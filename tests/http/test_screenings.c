/*
 * POST /v1/screenings, asked of the real binary: who is found, by what and how sure it is;
 * and that nothing which was not asked looks like "no hits".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gateway/bank/screening.h"
#include "gateway/base/buffer.h"
#include "gateway/base/json.h"
#include "tests/support/gateway.h"
#include "tests/support/http_client.h"
#include "tests/support/test.h"

#define PATH "/v1/screenings"

static char folder[] = "/tmp/yuangate-screenings-XXXXXX";
static struct gateway gateway;
static struct http_client client;
static struct arena arena;

/* A ship whose number has a right check digit: those of the fictional list are nobody's. */
static const char ships[] =
    "{\"id\":\"ship-1\",\"schema\":\"Vessel\",\"caption\":\"VYDUMKA\",\"properties\":{\"name\":"
    "[\"VYDUMKA\",\"ВЫДУМКА\",\"BEDACHT\",\"IMAGINED\"],\"imoNumber\":[\"9074729\"],\"topics\":"
    "["
    "\"sanction\"]},\"target\":true,\"last_seen\":\"2024-04-01T00:00:00\"}\n";

static int
start_gateway(void **state)
{
    static char list[80];
    static const char *const arguments[] = {
        "--store", "memory",
        "--clock", "manual:2024-07-03T12:00:00+08:00",
        "--list",  "ofac=policy/lists/fictional/ofac",
        "--list",  "entities=policy/lists/fictional/entities",
        "--list",  list,
        NULL};
    char path[64];
    FILE *file;

    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof(path), "%s/ships.json", folder);
    snprintf(list, sizeof(list), "ships=%s", path);
    file = fopen(path, "w");
    if (!file || fputs(ships, file) < 0 || fclose(file) != 0)
        return -1;
    return gateway_start(&gateway, arguments);
}

static int
stop_gateway(void **state)
{
    char command[64];

    (void)state;
    arena_release(&arena);
    snprintf(command, sizeof(command), "rm -rf %s", folder);
    return system(command) == 0 ? gateway_stop(&gateway) : -1;
}

static int
open_client(void **state)
{
    (void)state;
    return http_client_connect(&client, gateway.address) ? 0 : -1;
}

static int
close_client(void **state)
{
    (void)state;
    http_client_close(&client);
    return 0;
}

static struct http_client_reply
post(const char *body)
{
    struct http_client_reply reply;

    assert_true(http_client_post(&client, PATH, body));
    assert_true(http_client_next(&client, &reply));
    return reply;
}

static const cJSON *
parsed(const struct http_client_reply *reply, int status)
{
    struct error err = {0};
    cJSON *json;

    if (reply->status != status)
        fail_msg("%d: %s", reply->status, reply->body);
    if (json_parse(&arena, reply->body, reply->body_len, &json, &err) != 0)
        fail_msg("%s in %s", err.text, reply->body);
    return json;
}

static const cJSON *
answer_to(const char *body)
{
    struct http_client_reply reply = post(body);

    return parsed(&reply, 200);
}

/* By "data/0/hits"; fails where it is not there. */
static const cJSON *
at(const cJSON *json, const char *path)
{
    char copy[80], *rest = NULL;

    snprintf(copy, sizeof(copy), "%s", path);
    for (char *part = strtok_r(copy, "/", &rest); part && json;
         part = strtok_r(NULL, "/", &rest))
        json = cJSON_IsArray(json) ? cJSON_GetArrayItem(json, atoi(part))
                                   : cJSON_GetObjectItemCaseSensitive(json, part);
    if (!json)
        fail_msg("nothing at %s", path);
    return json;
}

static const char *
text_at(const cJSON *json, const char *path)
{
    assert_true(cJSON_IsString(at(json, path)));
    return at(json, path)->valuestring;
}

static double
number_at(const cJSON *json, const char *path)
{
    assert_true(cJSON_IsNumber(at(json, path)));
    return at(json, path)->valuedouble;
}

/* "list entry score by; …" of the first name. */
static const char *
hits_of(const cJSON *answer)
{
    const char *text = "";
    const cJSON *hit;

    cJSON_ArrayForEach(hit, at(answer, "data/0/hits"))
    {
        text = arena_printf(&arena, "%s%s%s %s %.2f %s", text, text[0] ? "; " : "",
                            text_at(hit, "list"), text_at(hit, "entry"),
                            number_at(hit, "score"), text_at(hit, "by"));
    }
    return text;
}

static const char *
printed(const cJSON *json)
{
    char *text = cJSON_PrintUnformatted(json), *copy = arena_copy(&arena, text, strlen(text));

    cJSON_free(text);
    return copy;
}

static void
a_hit_has_every_member(void **state)
{
    const cJSON *answer =
        answer_to("{\"name\":\"Матвей Стужев\",\"kind\":\"person\",\"lists\":[\"ofac\"]}");
    const cJSON *hit = at(answer, "data/0/hits/0");

    (void)state;
    assert_int_equal(strlen(text_at(answer, "snapshot")), strlen("sha256:") + 64);
    assert_int_equal(cJSON_GetArraySize(at(answer, "lists")), 1);
    assert_string_equal(text_at(answer, "lists/0/name"), "ofac");
    assert_int_equal(strlen(text_at(answer, "lists/0/digest")), strlen("sha256:") + 64);
    assert_true(number_at(answer, "lists/0/entries") > 10);
    assert_true(cJSON_IsNull(at(answer, "lists/0/published_on")));
    assert_string_equal(text_at(answer, "data/0/name"), "Матвей Стужев");
    assert_int_equal(number_at(answer, "data/0/left_out"), 0);
    assert_int_equal(cJSON_GetArraySize(at(answer, "data/0/hits")), 1);
    assert_string_equal(
        printed(hit),
        "{\"list\":\"ofac\",\"entry\":\"9012\",\"kind\":\"person\",\"names\":[\"STUZHEV, "
        "Matvei "
        "Glebovich\"],\"query\":\"matvey stuzhev\",\"matched\":\"stuzhev matvey\","
        "\"matched_as_published\":\"STUZHEV, Matvey\",\"score\":1,\"by\":\"name\",\"state\":"
        "\"listed\",\"programs\":[\"FICTION-2024\",\"FICTION-2022\"],\"countries\":[\"RU\"],"
        "\"born_on\":[\"1967-12-12\"]}");
}

static void
names_of_any_script_and_numbers_are_found(void **state)
{
    static const struct {
        const char *body, *hits;
    } cases[] = {
        /* clang-format off */
        {"{\"name\":\"СТУЖЕВ Матвей Глебович\"}", "entities fiction-9012 1.00 name; ofac 9012 1.00 name"},
        {"{\"name\":\"合肥云桥光学有限公司\",\"lists\":[\"ofac\"]}", "ofac 9010 0.91 name"},
        {"{\"name\":\"合肥云桥虚构光学有限公司\",\"kind\":\"company\"}", "entities fiction-9010 1.00 name"},
        {"{\"name\":\"Гортавбанк\",\"kind\":\"bank\",\"lists\":[\"ofac\"]}", "ofac 9002 1.00 name"},
        {"{\"name\":\"Vydumka\",\"kind\":\"vessel\"}", "ships ship-1 1.00 name"},
        {"{\"identifiers\":{\"imo\":\"9074729\"},\"kind\":\"vessel\"}", "ships ship-1 1.00 identifier"},
        {"{\"identifiers\":{\"bic\":\"GRTVRUMM123\"},\"lists\":[\"ofac\"]}", "ofac 9002 1.00 identifier"},
        {"{\"identifiers\":{\"inn\":\"7700000108\"},\"lists\":[\"ofac\"]}", "ofac 9008 1.00 identifier"},
        {"{\"identifiers\":{\"passport\":\"f-0000012\"},\"name\":\"Nobody\",\"lists\":[\"ofac\"]}", "ofac 9012 1.00 identifier"},
        {"{\"name\":\"Gortavbank\",\"identifiers\":{\"inn\":\"7700000108\"},\"lists\":[\"ofac\"]}",
         "ofac 9008 1.00 identifier; ofac 9002 1.00 name"},
        {"{\"name\":\"Snezhnyi Most\",\"kind\":\"company\"}", "entities fiction-most 0.98 name"},
        {"{\"name\":\"OOO Sborka Sever\",\"country\":\"RU\"}", ""},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(hits_of(answer_to(cases[i].body)), cases[i].hits);
}

static void
what_is_owned_says_so_and_names_are_three_at_most(void **state)
{
    const cJSON *answer = answer_to("{\"names\":[{\"name\":\"Snezhnyi Most\"},"
                                    "{\"identifiers\":{\"imo\":\"9074729\"}}]}");

    (void)state;
    assert_string_equal(text_at(answer, "data/0/hits/0/state"), "owned");
    assert_true(cJSON_IsNull(at(answer, "data/1/name")));
    assert_string_equal(text_at(answer, "data/1/hits/0/query"), "9074729");
    assert_string_equal(text_at(answer, "data/1/hits/0/kind"), "vessel");
    assert_int_equal(cJSON_GetArraySize(at(answer, "data/1/hits/0/names")), 3);
    assert_int_equal(SCREENING_PRIMARIES_MAX, 3);
    assert_string_equal(text_at(answer, "lists/2/published_on"), "2024-04-01");
}

static void
dates_and_countries_strengthen_and_weaken(void **state)
{
    static const struct {
        const char *members, *hits;
    } cases[] = {
        {"", "ofac 9012 0.93 name"},
        {",\"country\":\"RU\"", "ofac 9012 0.94 name"},
        {",\"country\":\"BR\"", "ofac 9012 0.90 name"},
        {",\"born_on\":\"1967-12-12\"", "ofac 9012 0.96 name"},
        {",\"born_on\":\"1990-12-12\"", ""},
        {",\"born_on\":\"1990-12-12\",\"threshold\":0.7", "ofac 9012 0.79 name"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(hits_of(answer_to(arena_printf(
                                &arena, "{\"name\":\"Stuzhov Matvey\",\"lists\":[\"ofac\"]%s}",
                                cases[i].members))),
                            cases[i].hits);
}

static void
a_threshold_takes_the_place_of_the_books(void **state)
{
    static const struct {
        const char *threshold, *hits;
    } cases[] = {
        {"0.5", "ofac 9012 0.93 name"},
        {"0.9296", "ofac 9012 0.93 name"},
        {"0.93", ""},
        {"1", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(
            hits_of(answer_to(arena_printf(
                &arena, "{\"name\":\"Stuzhov Matvey\",\"lists\":[\"ofac\"],\"threshold\":%s}",
                cases[i].threshold))),
            cases[i].hits);
    assert_string_equal(
        hits_of(answer_to("{\"name\":\"Gortavbank\",\"lists\":[\"ofac\"],\"threshold\":1}")),
        "ofac 9002 1.00 name");
}

static void
an_explanation_shows_the_words(void **state)
{
    const cJSON *answer =
        answer_to("{\"names\":[{\"name\":\"Stuzhov Matvey\",\"born_on\":\"1967-12-12\"},"
                  "{\"name\":\"Varya\"},{\"identifiers\":{\"inn\":\"7700000108\"}}],"
                  "\"explain\":true,\"lists\":[\"ofac\"]}");
    const cJSON *hit = at(answer, "data/0/hits/0"), *weak = at(answer, "data/1/hits/0");

    (void)state;
    assert_string_equal(
        printed(at(hit, "explanation")),
        "{\"query\":\"stuzhov matvey\",\"matched\":\"stuzhev matvey\",\"matched_is\":\"alias\","
        "\"name_score\":0.9296,\"pairs\":[{\"query\":\"matvey\",\"matched\":\"matvey\","
        "\"agree\":"
        "1,\"bits\":13.5},{\"query\":\"stuzhov\",\"matched\":\"stuzhev\",\"agree\":0.7917,"
        "\"bits\":11.1}],\"missing_query_bits\":2.9,\"missing_matched_bits\":2.9}");
    assert_true(number_at(hit, "score") > number_at(hit, "explanation/name_score"));
    assert_string_equal(text_at(weak, "explanation/matched_is"), "weak");
    assert_true(number_at(weak, "explanation/name_score") == 1);
    assert_true(number_at(weak, "score") == 0.9);
    assert_null(cJSON_GetObjectItem(at(answer, "data/2/hits/0"), "explanation"));
    assert_null(cJSON_GetObjectItem(
        at(answer_to("{\"name\":\"Varya\",\"explain\":false}"), "data/0/hits/0"),
        "explanation"));
}

static void
lists_are_all_or_those_that_are_named(void **state)
{
    static const struct {
        const char *lists, *names;
    } cases[] = {
        {"", "entities ofac ships "},
        {",\"lists\":[\"ships\",\"ofac\"]", "ofac ships "},
        {",\"lists\":[\"ofac\",\"ofac\"]", "ofac "},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *names = "";
        const cJSON *list;

        cJSON_ArrayForEach(list, at(answer_to(arena_printf(&arena, "{\"name\":\"Stuzhev\"%s}",
                                                           cases[i].lists)),
                                    "lists"))
        {
            names = arena_printf(&arena, "%s%s ", names, text_at(list, "name"));
        }
        assert_string_equal(names, cases[i].names);
    }
}

/* {"names":[{"name":"Nobody 0"},…]}; the last is listed. */
static const char *
body_of(int count)
{
    struct buffer text;

    buffer_init(&text, &arena, 4096);
    buffer_text(&text, "{\"names\":[");
    for (int i = 0; i < count - 1; i++)
        buffer_printf(&text, "{\"name\":\"Nobody %d\"},", i);
    buffer_text(&text, "{\"name\":\"Stuzhev Matvei\"}]}");
    return buffer_terminate(&text);
}

static void
a_hundred_names_come_in_their_order_and_no_more(void **state)
{
    const cJSON *data = at(answer_to(body_of(100)), "data");
    struct http_client_reply reply;

    (void)state;
    assert_int_equal(cJSON_GetArraySize(data), 100);
    for (int i = 0; i < 99; i++) {
        assert_string_equal(text_at(cJSON_GetArrayItem(data, i), "name"),
                            arena_printf(&arena, "Nobody %d", i));
        assert_int_equal(cJSON_GetArraySize(at(cJSON_GetArrayItem(data, i), "hits")), 0);
    }
    assert_int_equal(cJSON_GetArraySize(at(cJSON_GetArrayItem(data, 99), "hits")), 2);
    reply = post(body_of(101));
    assert_string_equal(text_at(parsed(&reply, 422), "errors/0/pointer"), "/names");
    assert_string_equal(text_at(parsed(&reply, 422), "errors/0/detail"),
                        "has 101 elements, at most 100 are allowed");
}

/* Two at once on a connection: a reply waits for its turn, the next request begins. */
static void
requests_behind_each_other_are_each_answered(void **state)
{
    struct http_client_reply reply;

    (void)state;
    assert_true(http_client_post(&client, PATH, body_of(60)));
    assert_true(http_client_post(&client, PATH, body_of(2)));
    assert_true(http_client_get(&client, "/livez"));
    assert_true(http_client_next(&client, &reply));
    assert_int_equal(cJSON_GetArraySize(at(parsed(&reply, 200), "data")), 60);
    assert_true(http_client_next(&client, &reply));
    assert_int_equal(cJSON_GetArraySize(at(parsed(&reply, 200), "data")), 2);
    assert_true(http_client_next(&client, &reply));
    assert_int_equal(reply.status, 200);
}

/* What is left of it must neither crash nor keep the gateway from ending: see stop_gateway(). */
static void
a_client_may_go_before_the_answer(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        struct http_client other;

        assert_true(http_client_connect(&other, gateway.address));
        assert_true(http_client_post(&other, PATH, body_of(100)));
        http_client_close(&other);
    }
    assert_int_equal(cJSON_GetArraySize(at(answer_to(body_of(3)), "data")), 3);
}

static void
every_fault_is_named_with_its_pointer(void **state)
{
    static const struct {
        const char *body;
        const char *errors; /* "pointer detail; …" */
    } cases[] = {
        /* clang-format off */
        {"{}", " needs a name or an identifier; "},
        {"{\"name\":\"A\",\"nmae\":\"B\"}", "/nmae unknown field; a screening has name, kind, country, born_on, identifiers, names, explain, lists, threshold; "},
        {"{\"names\":[{\"name\":\"A\"},{\"name\":\"\"}]}", "/names/1/name must not be empty or blank; "},
        {"{\"names\":[{\"name\":\"—\"}]}", "/names/0/name has no letter or digit to compare; "},
        {"{\"name\":\"A\",\"identifiers\":{\"passport\":\"12-34\"}}",
         "/identifiers/passport must have at least 5 letters of A to Z and digits: shorter ones are not looked for; "},
        {"{\"name\":\"A\",\"lists\":[\"ofac\",\"fictional\"]}", "/lists/1 is not in force; the lists are entities, ofac, ships; "},
        {"{\"name\":\"A\",\"lists\":[]}", "/lists must have an element, or be left out; "},
        {"{\"name\":\"A\",\"threshold\":0.4,\"explain\":1,\"kind\":\"x\",\"country\":\"ru\",\"born_on\":\"1967\",\"lists\":[\"un\"]}",
         "/threshold must be a number from 0.5 to 1; /explain must be true or false; "
         "/kind must be person, company, bank or vessel; left out, it is anything; "
         "/country must be an ISO 3166-1 alpha-2 country code such as CN; "
         "/born_on must be a date that exists, such as 2024-04-17; "
         "/lists/0 is not in force; the lists are entities, ofac, ships; "},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct http_client_reply reply = post(cases[i].body);
        const cJSON *problem = parsed(&reply, 422), *error;
        const char *errors = "";
        int count = 0;

        cJSON_ArrayForEach(error, at(problem, "errors"))
        {
            errors = arena_printf(&arena, "%s%s %s; ", errors, text_at(error, "pointer"),
                                  text_at(error, "detail"));
            count++;
        }
        assert_string_equal(errors, cases[i].errors);
        assert_string_equal(
            text_at(problem, "detail"),
            arena_printf(&arena, "the screening has %d fault%s", count, count == 1 ? "" : "s"));
    }
}

static void
what_is_no_json_or_has_a_query_is_400(void **state)
{
    struct http_client_reply reply = post("{\"name\":\"A\"");

    (void)state;
    assert_non_null(strstr(text_at(parsed(&reply, 400), "detail"), "line 1, column 12"));
    assert_true(http_client_post(&client, PATH "?explain=true", "{\"name\":\"A\"}"));
    assert_true(http_client_next(&client, &reply));
    assert_string_equal(text_at(parsed(&reply, 400), "detail"),
                        "a screening takes no query: explain, lists and threshold are members "
                        "of its body");
}

/* None of these is "no hits". */
static void
without_lists_or_policies_it_is_503(void **state)
{
    static const struct {
        const char *const arguments[7];
        const char *says;
    } cases[] = {
        {{"--store", "memory", "--list", "none", "--book", "BOOK", NULL},
         "no sanctions list is in force, so nothing was screened; --list NAME=PATH loads one"},
        {{"--store", "memory", "--book", "/nowhere.json", NULL}, "no policy is in force: "},
    };
    const char *book = arena_printf(&arena, "%s/book.json", folder);
    FILE *file = fopen(book, "w");

    (void)state;
    assert_non_null(file);
    fputs(
        "{\"book\":\"b\",\"default_action\":\"hold\",\"banks\":[{\"bic\":\"HLDBCNBS\",\"name\":"
        "\"H\",\"class\":\"joint_stock\"}],\"regimes\":[{\"from\":\"2024-01-01\",\"policies\":{"
        "\"*\":[\"baseline\"]}}]}",
        file);
    assert_int_equal(fclose(file), 0);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *arguments[7] = {NULL};
        struct http_client_reply reply;
        struct http_client other;
        struct gateway bare;

        for (size_t a = 0; cases[i].arguments[a]; a++)
            arguments[a] =
                strcmp(cases[i].arguments[a], "BOOK") == 0 ? book : cases[i].arguments[a];
        assert_int_equal(gateway_start(&bare, arguments), 0);
        assert_true(http_client_connect(&other, bare.address));
        assert_true(http_client_post(&other, PATH, "{\"name\":\"Stuzhev Matvei\"}"));
        assert_true(http_client_next(&other, &reply));
        assert_non_null(strstr(text_at(parsed(&reply, 503), "detail"), cases[i].says));
        assert_string_equal(http_client_header(&other, &reply, "retry-after"), "1");
        http_client_close(&other);
        assert_int_equal(gateway_stop(&bare), 0);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, open_client, close_client)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_hit_has_every_member),
        TEST(names_of_any_script_and_numbers_are_found),
        TEST(what_is_owned_says_so_and_names_are_three_at_most),
        TEST(dates_and_countries_strengthen_and_weaken),
        TEST(a_threshold_takes_the_place_of_the_books),
        TEST(an_explanation_shows_the_words),
        TEST(lists_are_all_or_those_that_are_named),
        TEST(a_hundred_names_come_in_their_order_and_no_more),
        TEST(requests_behind_each_other_are_each_answered),
        TEST(a_client_may_go_before_the_answer),
        TEST(every_fault_is_named_with_its_pointer),
        TEST(what_is_no_json_or_has_a_query_is_400),
        TEST(without_lists_or_policies_it_is_503),
    };

    return cmocka_run_group_tests_name("screenings", tests, start_gateway, stop_gateway);
}
