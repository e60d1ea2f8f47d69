/* yuanctl watch and yuanctl webhooks against a gateway, and the reader of streams. */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clients/watch.h"
#include "clients/webhooks.h"
#include "gateway/bank/signature.h"
#include "tests/support/gateway.h"
#include "tests/support/http_client.h"
#include "tests/support/payer.h"
#include "tests/support/printed.h"
#include "tests/support/yuanctl.h"

#define SECRET "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
#define OTHER  "whsec_eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg="

static struct gateway gateway;
static struct payer payer;
static char output[YUANCTL_OUTPUT_SIZE];

static int
set_up(void **state)
{
    static const char *const arguments[] = {"--store", "memory", "--clock", "manual:2024-04-17",
                                            NULL};

    (void)state;
    if (gateway_start(&gateway, arguments) != 0)
        return -1;
    payer_open(&payer, gateway.address);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    payer_close(&payer);
    return gateway_stop(&gateway);
}

/* yuanctl with --server and this; its exit status. */
static int
run(const char *arguments)
{
    char line[512];

    snprintf(line, sizeof(line), "--server http://%s %s", gateway.address, arguments);
    return yuanctl(line, output);
}

static bool
note_event(void *context, const char *type, const char *data)
{
    char *seen = context;

    snprintf(seen + strlen(seen), 200 - strlen(seen), "%s=%s;", type, data);
    return strcmp(data, "stop") != 0;
}

/* Cut behind every byte there is. */
static void
a_stream_is_read_however_it_is_cut(void **state)
{
    static const char text[] = ": hello\n\nid: 7\nevent: a.b\ndata: {\"x\":1}\n\n"
                               "id: 9\n: keep-alive\n\nid: 10\ndata: two\n\n"
                               "id: 11\r\nid: 12 \nid: x\ndata: stop\n\n"; /* no ids */

    (void)state;
    for (size_t cut = 0; cut < sizeof(text); cut++) {
        char seen[200] = "";
        struct watch_reader reader = {.each = note_event, .context = seen};

        assert_true(watch_read(&reader, text, cut < 60 ? cut : 60));
        assert_false(watch_read(&reader, text + (cut < 60 ? cut : 60),
                                sizeof(text) - 1 - (cut < 60 ? cut : 60)));
        assert_string_equal(seen, "a.b={\"x\":1};=two;=stop;");
        assert_string_equal(reader.id, "10");
        watch_release(&reader);
    }
}

static void
watch_prints_a_line_an_event(void **state)
{
    (void)state;
    payer_pay(&payer, PAYER_KIT, 1);
    payer_pay(&payer, PAYER_HELD, 2);
    assert_int_equal(run("watch --after 0 --limit 2"), 0);
    assert_has(output, " 2024-04-17T00:00:00.000+08:00 payment.rejected ");
    assert_has(output, " blocked RR04 DUE TO OUR INTERNAL POLICY\n");
    assert_has(output, " held NARR UNDER REVIEW\n");
    assert_int_equal(run("--json watch --after 0 --limit 1 --debtor-country KZ"), 0);
    assert_int_equal(strncmp(output, "{\"seq\":", 7), 0);
    assert_int_equal(payer_number(output), 2);
}

static void
watch_says_what_makes_no_sense(void **state)
{
    (void)state;
    assert_int_equal(run("watch --type payment.lost"), 1);
    assert_has(output, "there is no \"payment.lost\"");
    assert_int_equal(run("watch --limit none"), 2);
    assert_int_equal(yuanctl("--server http://127.0.0.1:9 watch", output), 3);
}

/* A listener in the background, which ends also if its test fails; its first line says where. */
static FILE *
listen_with(const char *before, const char *options, char url[64])
{
    char command[1024], line[128];
    FILE *pipe;

    snprintf(command, sizeof(command), "%s timeout 60 %s/yuanctl webhooks listen --port 0 %s",
             before, gateway_build(), options);
    pipe = popen(command, "r");
    assert_non_null(pipe);
    assert_non_null(fgets(line, sizeof(line), pipe));
    assert_int_equal(sscanf(line, "listening on %63s", url), 1);
    return pipe;
}

static void
a_delivery_is_verified_by_who_listens(void **state)
{
    static const struct {
        const char *before, *secret, *verdict;
        int status;
    } cases[] = {
        {"", "--secret " SECRET, " verified {\"seq\":", 0},
        {"", "--secret " OTHER, " WRONG SIGNATURE {\"seq\":", 1},
        {"echo " SECRET " |", "--secret-file -", " verified {\"seq\":", 0},
        {"YUANGATE_WEBHOOK_SECRET=" SECRET, "", " verified {\"seq\":", 0},
        {"echo " OTHER " | YUANGATE_WEBHOOK_SECRET=" SECRET, "--secret-file -",
         " WRONG SIGNATURE {\"seq\":", 1},
        {"", "", " unchecked {\"seq\":", 0},
    };
    static unsigned number = 100;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char url[64], line[8192], command[256], id[32];
        FILE *pipe;

        snprintf(command, sizeof(command), "--limit 2 %s", cases[i].secret);
        pipe = listen_with(cases[i].before, command, url);
        snprintf(command, sizeof(command), "webhooks add %s --type payment. --secret " SECRET,
                 url);
        assert_int_equal(run(command), 0);
        assert_has(output, SECRET);
        assert_int_equal(sscanf(output, "%31s", id), 1);
        payer_pay(&payer, PAYER_HELD, ++number);
        payer_pay(&payer, PAYER_HELD, ++number);
        for (int k = 0; k < 2; k++) {
            assert_non_null(fgets(line, sizeof(line), pipe));
            assert_int_equal(strncmp(line, "evt_", 4), 0);
            assert_non_null(strstr(line, cases[i].verdict));
        }
        assert_int_equal(pclose(pipe), cases[i].status << 8);
        snprintf(command, sizeof(command), "webhooks remove %s", id);
        assert_int_equal(run(command), 0);
    }
}

/* Told by where it came from.  No one can listen on that port, so that a mistake here ends. */
static void
a_secret_that_is_none_is_refused_before_it_is_sent(void **state)
{
    static const char *const commands[] = {"webhooks listen --port 99999",
                                           "webhooks add http://127.0.0.1:9"};
    char line[256];

    (void)state;
    for (size_t i = 0; i < COUNT(commands); i++) {
        snprintf(line, sizeof(line), "%s --secret whsec_short7", commands[i]);
        assert_int_equal(run(line), 2);
        assert_has(output, "the secret of --secret must be whsec_");
        assert_null(strstr(output, "short7"));
        snprintf(line, sizeof(line), "%s --secret-file /dev/null", commands[i]);
        assert_int_equal(run(line), 2);
        assert_has(output, "the secret of /dev/null must be whsec_");
        snprintf(line, sizeof(line), "%s --secret-file /nowhere", commands[i]);
        assert_int_equal(run(line), 2);
        assert_has(output, "/nowhere: No such file");
        snprintf(line, sizeof(line), "%s --secret a --secret-file b", commands[i]);
        assert_int_equal(run(line), 2);
        assert_has(output, "both given");
        setenv("YUANGATE_WEBHOOK_SECRET", "short7", 1);
        assert_int_equal(run(commands[i]), 2);
        unsetenv("YUANGATE_WEBHOOK_SECRET");
        assert_has(output, "the secret of YUANGATE_WEBHOOK_SECRET must be whsec_");
        assert_null(strstr(output, "short7"));
    }
}

static void
a_webhook_is_added_with_a_secret_that_no_process_shows(void **state)
{
    char command[128], id[32];

    (void)state;
    setenv("YUANGATE_WEBHOOK_SECRET", SECRET, 1);
    assert_int_equal(run("webhooks add http://127.0.0.1:9/x"), 0);
    unsetenv("YUANGATE_WEBHOOK_SECRET");
    assert_has(output, SECRET);
    assert_int_equal(sscanf(output, "%31s", id), 1);
    snprintf(command, sizeof(command), "webhooks remove %s", id);
    assert_int_equal(run(command), 0);
}

static void
watch_print_of_an_odd_type(FILE *out, const cJSON *event)
{
    watch_print(out, "case.\x1b[2J", event);
}

static void
nothing_that_an_answer_holds_moves_the_terminal(void **state)
{
    (void)state;
    assert_prints(
        watch_print_of_an_odd_type,
        "{\"seq\":17,\"at\":\"a\\u001b\",\"payment\":\"b\\n\",\"outcome\":\"c\\u009b\","
        "\"iso20022\":{\"reason_code\":\"d\\u0007\"},\"disclosed_reason\":\"e\\r\"}",
        "17 a? case.?[2J b? c? d? e?\n");
    assert_prints(webhooks_print,
                  "{\"id\":\"a\\u001b\",\"state\":\"b\\n\",\"url\":\"c\\u009b\",\"waiting\":2,"
                  "\"last_error\":\"d\\u0007\",\"secret\":\"e\\r\"}",
                  "a? b? c?: 2 waiting, 0 dead letters, last error: d?\n"
                  "its secret, which is not shown again: e?\n");
    assert_prints(webhooks_print_letters,
                  "{\"data\":[{\"id\":\"a\\u001b\",\"given_up_at\":\"b\\n\",\"attempts\":7,"
                  "\"why\":\"c\\u0007\"}]}",
                  "a? given up at b? after 7 attempts: c?\n");
}

/* POST to who listens, rightly signed with SECRET; other signatures stand before that one. */
static int
deliver(struct http_client *client, const char *others, const char *id, const char *timestamp,
        const char *body)
{
    char signature[SIGNATURE_SIZE], text[1024];
    struct http_client_reply reply;
    struct signature_key key;

    assert_true(signature_key_read(SECRET, &key));
    signature_make(&key, id, timestamp, body, strlen(body), signature);
    snprintf(text, sizeof(text),
             "POST /hook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
             "Content-Length: %zu\r\nwebhook-id: %s\r\nwebhook-timestamp: %s\r\n"
             "webhook-signature: %s%s\r\n\r\n%s",
             strlen(body), id, timestamp, others, signature, body);
    assert_true(http_client_send(client, text));
    assert_true(http_client_next(client, &reply));
    return reply.status;
}

/* now: the timestamp is the time, that many seconds off. */
static void
a_delivery_that_is_odd_is_refused_and_harmless(void **state)
{
    static const struct {
        const char *id, *timestamp, *body, *line;
        long now;
        int status;
    } cases[] = {
        {"a", NULL, "{}", "a verified {}\n", 0, 204},
        {"a", NULL, "{}", "a verified {}\n", -250, 204},
        {"a", NULL, "{}", "a verified {}\n", 250, 204},
        {"a", NULL, "{}", "a OLD TIMESTAMP {}\n", -400, 401},
        {"a", NULL, "{}", "a OLD TIMESTAMP {}\n", 400, 401},
        {"a", "0", "{}", "a OLD TIMESTAMP {}\n", 0, 401},
        {"a", "999999999999999999", "{}", "a OLD TIMESTAMP {}\n", 0, 401},
        {"a", "9223372036854775807", "{}", "a NO TIMESTAMP {}\n", 0, 401},
        {"a", "-9223372036854775808", "{}", "a NO TIMESTAMP {}\n", 0, 401},
        {"a", "", "{}", "a NO TIMESTAMP {}\n", 0, 401},
        {"a", "17e8", "{}", "a NO TIMESTAMP {}\n", 0, 401},
        {"\xc2\x9b"
         "2J",
         NULL, "{\x1b[2J\n}", "?2J verified {?[2J?}\n", 0, 204},
    };
    char url[64], line[256], timestamp[32];
    FILE *pipe = listen_with("", "--limit 12 --secret " SECRET, url);
    struct http_client client;

    (void)state;
    assert_true(http_client_connect(&client, strtok(url + strlen("http://"), "/")));
    for (size_t i = 0; i < COUNT(cases); i++) {
        snprintf(timestamp, sizeof(timestamp), "%ld", (long)time(NULL) + cases[i].now);
        assert_int_equal(deliver(&client, "", cases[i].id,
                                 cases[i].timestamp ? cases[i].timestamp : timestamp,
                                 cases[i].body),
                         cases[i].status);
        assert_non_null(fgets(line, sizeof(line), pipe));
        assert_string_equal(line, cases[i].line);
    }
    http_client_close(&client);
    assert_int_equal(pclose(pipe), 1 << 8);
}

/* While a secret is changed there are two. */
static void
one_good_signature_of_several_will_do(void **state)
{
    static const struct {
        const char *others;
        int status;
    } cases[] = {{"v1,AAAA ", 204}, {"v1a,AAAA  v1,BBBB ", 204}, {"v1,AAAA", 401}, {"x", 401}};
    char url[64], timestamp[32];
    FILE *pipe = listen_with("", "--limit 4 --secret " SECRET, url);
    struct http_client client;

    (void)state;
    assert_true(http_client_connect(&client, strtok(url + strlen("http://"), "/")));
    snprintf(timestamp, sizeof(timestamp), "%ld", (long)time(NULL));
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(deliver(&client, cases[i].others, "a", timestamp, "{}"),
                         cases[i].status);
    http_client_close(&client);
    assert_int_equal(pclose(pipe), 1 << 8);
}

static void
webhooks_are_added_shown_and_removed(void **state)
{
    char command[128], id[32];

    (void)state;
    assert_int_equal(
        run("webhooks add http://127.0.0.1:9/x --outcome held --type case.,payment."), 0);
    assert_has(output, "its secret, which is not shown again: whsec_");
    assert_int_equal(sscanf(output, "%31s", id), 1);
    assert_int_equal(run("webhooks list"), 0);
    assert_has(output, " enabled http://127.0.0.1:9/x: 0 waiting, 0 dead letters\n");
    snprintf(command, sizeof(command), "--json webhooks show %s", id);
    assert_int_equal(run(command), 0);
    assert_has(output, "\"outcome\":\"held\",\"types\":[\"case.\",\"payment.\"]");
    snprintf(command, sizeof(command), "webhooks dead-letters %s", id);
    assert_int_equal(run(command), 0);
    assert_string_equal(output, "");
    snprintf(command, sizeof(command), "webhooks redeliver %s", id);
    assert_int_equal(run(command), 0);
    assert_has(output, "0 dead letters are delivered again\n");
    snprintf(command, sizeof(command), "webhooks remove %s", id);
    assert_int_equal(run(command), 0);
    assert_int_equal(run(command), 1);
    assert_has(output, "there is no webhook with this id");
    assert_int_equal(run("webhooks add nowhere"), 1);
    assert_has(output, "/url");
    assert_int_equal(yuanctl("webhooks --help", output), 0);
    assert_has(output, "dead-letters");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_is_read_however_it_is_cut),
        cmocka_unit_test(watch_prints_a_line_an_event),
        cmocka_unit_test(watch_says_what_makes_no_sense),
        cmocka_unit_test(a_delivery_is_verified_by_who_listens),
        cmocka_unit_test(a_secret_that_is_none_is_refused_before_it_is_sent),
        cmocka_unit_test(a_webhook_is_added_with_a_secret_that_no_process_shows),
        cmocka_unit_test(nothing_that_an_answer_holds_moves_the_terminal),
        cmocka_unit_test(a_delivery_that_is_odd_is_refused_and_harmless),
        cmocka_unit_test(one_good_signature_of_several_will_do),
        cmocka_unit_test(webhooks_are_added_shown_and_removed),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
