/*
 * SIGHUP on the real binary: changed packs judge from then on, broken ones
 * change nothing, and requests that run meanwhile are answered by one set.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gateway/base/file.h"
#include "gateway/base/time.h"
#include "tests/support/gateway.h"
#include "tests/support/http_client.h"
#include "tests/support/test.h"

#define RELOADS 100
#define WAIT_MS 20000 /* generous: a sanitizer build reloads in a tenth of a second */

#define BOOK                                                                                   \
    "{\"book\":\"mine\",\"default_action\":\"accept\",\"banks\":[{\"bic\":\"HLDBCNBS\","       \
    "\"name\":\"Hulan\",\"class\":\"joint_stock\"}],\"regimes\":[{\"from\":\"2024-01-01\","    \
    "\"policies\":{\"*\":[{\"plugin\":\"rules\",\"pack\":\"mine\"}]}}]}"

/* The id of the only rule is the version too, so that an answer shows a mixture. */
#define PACK                                                                                   \
    "{\"pack\":\"mine\",\"version\":\"%d\",\"title\":\"t\",\"sources\":[\"s\"],\"rules\":["    \
    "{\"id\":\"V-%d\",\"title\":\"t\",\"when\":\"payment.debtor.country == 'RU'\","            \
    "\"then\":{\"action\":\"hold\",\"reason\":{\"code\":\"NARR\",\"text\":\"version %d\"}}}]}"

static char folder[] = "/tmp/yuangate-reload-XXXXXX";
static char book[64], packs[64], pack[80];
static struct arena arena;
static struct gateway gateway;
static struct http_client client;
static char *sample;

static void
write_file(const char *path, const char *text)
{
    char next[100];
    FILE *file;

    snprintf(next, sizeof(next), "%s.next", path);
    file = fopen(next, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(rename(next, path), 0);
}

static void
write_pack(int version)
{
    write_file(pack, arena_printf(&arena, PACK, version, version, version));
}

static int
set_up(void **state)
{
    const char *const arguments[] = {"--store", "memory", "--book", book,
                                     "--packs", packs,    NULL};
    struct error err = {0};
    size_t len;

    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(book, sizeof(book), "%s/book.json", folder);
    snprintf(packs, sizeof(packs), "%s", folder);
    snprintf(pack, sizeof(pack), "%s/mine.json", folder);
    write_file(book, BOOK);
    write_pack(1);
    if (file_read(&arena, "clients/examples/kit-payment.json", 100000, &sample, &len, &err) !=
            0 ||
        gateway_start(&gateway, arguments) != 0)
        return -1;
    return http_client_connect(&client, gateway.address) ? 0 : -1;
}

static int
tear_down(void **state)
{
    char command[64];

    (void)state;
    http_client_close(&client);
    assert_int_equal(gateway_stop(&gateway), 0);
    arena_release(&arena);
    snprintf(command, sizeof(command), "rm -rf %s", folder);
    return system(command);
}

static const char *
asked(const char *path, const char *body)
{
    struct http_client_reply reply;

    assert_true(body ? http_client_post(&client, path, body) : http_client_get(&client, path));
    assert_true(http_client_next(&client, &reply));
    assert_int_equal(reply.status, 200);
    return reply.body;
}

/* The version that the sample is judged by; its rule, pack and reason agree. */
static int
version(void)
{
    const char *answer = asked("/v1/evaluations", sample);
    const char *at = strstr(answer, "\"pack\":\"mine@");
    int number;

    assert_non_null(at);
    number = atoi(at + strlen("\"pack\":\"mine@"));
    assert_non_null(strstr(answer, arena_printf(&arena, "\"id\":\"V-%d\"", number)));
    assert_non_null(strstr(answer, arena_printf(&arena, "\"text\":\"version %d\"", number)));
    return number;
}

static void
wait_for_version(int wanted)
{
    int64_t deadline = monotonic_ms() + WAIT_MS;

    while (version() != wanted)
        if (monotonic_ms() > deadline)
            fail_msg("version %d did not come into force", wanted);
}

static void
a_changed_pack_judges_after_a_hang_up(void **state)
{
    const char *before;

    (void)state;
    assert_int_equal(version(), 1);
    before = arena_printf(&arena, "%s", asked("/readyz", NULL));
    write_pack(2);
    assert_int_equal(version(), 1);
    assert_int_equal(kill(gateway.pid, SIGHUP), 0);
    wait_for_version(2);
    assert_string_not_equal(asked("/readyz", NULL), before); /* another snapshot */
}

/* Polls until /metrics has the line. */
static void
wait_for_metric(const char *line)
{
    int64_t deadline = monotonic_ms() + WAIT_MS;

    while (!strstr(asked("/metrics", NULL), line))
        if (monotonic_ms() > deadline)
            fail_msg("no metric %s", line);
}

static void
a_broken_pack_changes_nothing(void **state)
{
    const char *before = arena_printf(&arena, "%s", asked("/readyz", NULL));
    int good = version();

    (void)state;
    write_file(pack, "{\"pack\":\"mine\",");
    assert_int_equal(kill(gateway.pid, SIGHUP), 0);
    wait_for_metric("yuangate_reloads_total{result=\"refused\"} 1\n");
    assert_int_equal(version(), good);
    assert_string_equal(asked("/readyz", NULL), before);
}

static void
reloads_under_load_lose_no_answer_and_mix_none(void **state)
{
    int first = version();

    (void)state;
    for (int i = 1; i <= RELOADS; i++) {
        write_pack(first + i);
        assert_int_equal(kill(gateway.pid, SIGHUP), 0);
        wait_for_version(first + i);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_changed_pack_judges_after_a_hang_up),
        cmocka_unit_test(a_broken_pack_changes_nothing),
        cmocka_unit_test(reloads_under_load_lose_no_answer_and_mix_none),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
