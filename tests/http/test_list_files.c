/*
 * Files of lists put over a real socket of the real binary: whole or not there
 * at all, on disk as they were sent, and never in memory.
 */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/api/uploads.h"
#include "gateway/base/file.h"
#include "gateway/base/time.h"
#include "tests/support/gateway.h"
#include "tests/support/http_client.h"
#include "tests/support/test.h"

#define FILE_MAX       (64 << 20) /* what this test reads back */
#define ABC_SHA256     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define OCTETS         "Content-Type: application/octet-stream\r\n"
#define GROWTH_KIB_MAX 8192 /* of a gateway that takes 96 MiB */
#define SDN            "/v1/lists/ofac/files/sdn.csv"

static char folder[] = "/tmp/yuangate-files-XXXXXX";
static char lists[64], incoming[96]; /* of the list "ofac" */
static struct gateway gateway;
static struct http_client client;
static struct arena arena;

/* -- a gateway for all tests, or one for a test -- */

static void
start(const char *timeout_ms)
{
    const char *const arguments[] = {
        "--store", "memory", "--lists", lists, "--request-timeout-ms", timeout_ms, NULL};

    if (gateway_start(&gateway, arguments) != 0)
        fail_msg("%s", gateway.process.log);
    assert_true(http_client_connect(&client, gateway.address));
}

static void
stop(void)
{
    http_client_close(&client);
    assert_int_equal(gateway_stop(&gateway), 0);
}

static int
make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int
remove_folder(void **state)
{
    char command[64];

    (void)state;
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    return system(command);
}

/* A folder of its own for each test; the gateway has to make it. */
static int
new_lists(void **state)
{
    static int number;

    (void)state;
    snprintf(lists, sizeof(lists), "%s/lists-%d", folder, number++);
    snprintf(incoming, sizeof(incoming), "%s/ofac/incoming", lists);
    return 0;
}

static int
open_gateway(void **state)
{
    new_lists(state);
    start("10000");
    return 0;
}

static int
close_gateway(void **state)
{
    (void)state;
    stop();
    arena_release(&arena);
    return 0;
}

static int
release_arena(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* -- requests and what has come of them -- */

static void
send_head(struct http_client *to, const char *path, const char *rest)
{
    assert_true(http_client_send(
        to, arena_printf(&arena, "PUT %s HTTP/1.1\r\nHost: bank\r\n%s\r\n", path, rest)));
}

static struct http_client_reply
next(struct http_client *from)
{
    struct http_client_reply reply;

    assert_true(http_client_next(from, &reply));
    return reply;
}

static struct http_client_reply
put(const char *path, const char *data, size_t len)
{
    send_head(&client, path, arena_printf(&arena, OCTETS "Content-Length: %zu\r\n", len));
    assert_true(http_client_send_bytes(&client, data, len));
    return next(&client);
}

static void
expect_problem(const struct http_client_reply *reply, int status, const char *words)
{
    if (reply->status != status || !strstr(reply->body, words))
        fail_msg("expected %d with \"%s\", found %s%s", status, words, reply->head,
                 reply->body);
}

/* How many files, hidden ones too, are in incoming; -1: there is no such folder. */
static int
files(void)
{
    DIR *all = opendir(incoming);
    int count = 0;

    if (!all)
        return -1;
    while (readdir(all))
        count++;
    closedir(all);
    return count - 2; /* . and .. */
}

/* Until so many are left: what the gateway does after a client has gone, nobody is told. */
static void
await_files(int count)
{
    int64_t deadline = monotonic_ms() + HTTP_CLIENT_WAIT_MS;

    while (files() != count)
        assert_true(monotonic_ms() < deadline);
}

static void
expect_on_disk(const char *file, const char *data, size_t len)
{
    struct error err = {0};
    size_t found_len;
    char *found;

    if (file_read(&arena, arena_printf(&arena, "%s/%s", incoming, file), FILE_MAX, &found,
                  &found_len, &err) != 0)
        fail_msg("%s", err.text);
    assert_int_equal(found_len, len);
    assert_memory_equal(found, data, len);
}

/* Bytes that are not the same at any two places near each other. */
static char *
large_file(size_t len)
{
    char *data = arena_alloc(&arena, len);

    for (size_t i = 0; i < len; i++)
        data[i] = (char)(i * 2654435761u >> 13);
    return data;
}

static const char *
answer(const char *file, const char *data, size_t len)
{
    struct hash_part whole = {data, len};
    uint8_t digest[SHA256_BYTES];
    char hex[SHA256_HEX_SIZE];

    hash_sha256(&whole, 1, digest);
    hash_hex(digest, sizeof(digest), hex);
    return arena_printf(&arena,
                        "{\"list\":\"ofac\",\"file\":\"%s\",\"bytes\":%zu,\"sha256\":\"%s\"}",
                        file, len, hex);
}

static void
a_small_file_is_put_and_put_again(void **state)
{
    struct http_client_reply reply = put(SDN, "abc", 3);

    (void)state;
    assert_int_equal(reply.status, 201);
    assert_string_equal(http_client_header(&client, &reply, "content-type"),
                        "application/json");
    assert_string_equal(reply.body, "{\"list\":\"ofac\",\"file\":\"sdn.csv\",\"bytes\":3,"
                                    "\"sha256\":\"" ABC_SHA256 "\"}");
    expect_on_disk("sdn.csv", "abc", 3);

    reply = put("/v1/lists/ofac/files/sdn%2Ecsv", "other", 5); /* on the same connection */
    assert_int_equal(reply.status, 200);
    assert_string_equal(reply.body, answer("sdn.csv", "other", 5));
    expect_on_disk("sdn.csv", "other", 5);
    assert_int_equal(files(), 1);
}

/* Sizes around what is collected before it is written, and several of that. */
static void
a_file_of_any_size_comes_through(void **state)
{
    static const size_t sizes[] = {1,      65536,  262143,  262144,
                                   262145, 327680, 1048576, 5 * 1048576 + 17};
    char *data = large_file(sizes[COUNT(sizes) - 1]);

    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct http_client_reply reply = put(SDN, data, sizes[i]);

        assert_int_equal(reply.status, i == 0 ? 201 : 200);
        assert_string_equal(reply.body, answer("sdn.csv", data, sizes[i]));
        expect_on_disk("sdn.csv", data, sizes[i]);
    }
}

static void
chunks_may_cut_a_file_anywhere(void **state)
{
    const size_t len = 3 * 1048576;
    char *data = large_file(len);
    struct http_client_reply reply;

    (void)state;
    send_head(&client, SDN, OCTETS "Transfer-Encoding: chunked\r\n");
    for (size_t at = 0, piece = 1; at < len; at += piece, piece = piece * 3 % 200003 + 1) {
        if (piece > len - at)
            piece = len - at;
        assert_true(http_client_send(&client, arena_printf(&arena, "%zx;a=b\r\n", piece)));
        assert_true(http_client_send_bytes(&client, data + at, piece));
        assert_true(http_client_send(&client, "\r\n"));
    }
    assert_true(http_client_send(&client, "0\r\n\r\n"));
    reply = next(&client);
    assert_int_equal(reply.status, 201);
    assert_string_equal(reply.body, answer("sdn.csv", data, len));
    expect_on_disk("sdn.csv", data, len);
}

static void
a_path_that_no_file_can_have_is_404(void **state)
{
    static const struct {
        const char *path, *words;
    } cases[] = {
        {"/v1/lists/.ofac/files/a", "a list's name has letters"},
        {"/v1/lists/%2e%2e/files/a", "a list's name has letters"},
        {"/v1/lists/o%2ffac/files/a", "a list's name has letters"},
        {"/v1/lists/o%20fac/files/a", "a list's name has letters"},
        {"/v1/lists/" /* 65 */
         "ooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooo/files/a",
         "a list's name has letters"},
        {"/v1/lists/good-guys/files/a", "good-guys has entries, and no files"},
        {"/v1/lists/ofac/files/.a", "a file's name has letters"},
        {"/v1/lists/ofac/files/%2e%2e", "a file's name has letters"},
        {"/v1/lists/ofac/files/..%2f..%2fa", "a file's name has letters"},
        {"/v1/lists/ofac/files/%d0%b0", "a file's name has letters"},
        {"/v1/lists/ofac/files/list.json", "list.json is written by the gateway itself"},
        {"/v1/lists/ofac/files/", "there is nothing at this path"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct http_client_reply reply = put(cases[i].path, "abc", 3);

        expect_problem(&reply, 404, cases[i].words);
        http_client_close(&client);
        assert_true(http_client_connect(&client, gateway.address));
    }
    assert_int_equal(access(lists, F_OK), -1); /* no folder was made for any */
}

static void
what_cannot_be_put_is_refused_and_leaves_nothing(void **state)
{
    static const struct {
        const char *path, *head;
        const char *body;
        int status;
        const char *words;
    } cases[] = {
        {SDN, OCTETS "Content-Length: 0\r\n", "", 422,
         "the file is empty: keep the list in force and get it again"},
        {SDN, "Content-Length: 0\r\n", "", 422, "the file is empty"},
        {SDN, OCTETS "Transfer-Encoding: chunked\r\n", "0\r\n\r\n", 422, "the file is empty"},
        {SDN, "Content-Type: text/csv\r\nContent-Length: 3\r\n", "abc", 415,
         "the body must be application/octet-stream"},
        {SDN, OCTETS "Content-Encoding: gzip\r\nContent-Length: 3\r\n", "abc", 415,
         "without Content-Encoding"},
        {SDN "?a=b", OCTETS "Content-Length: 3\r\n", "abc", 400, "takes no query"},
        {SDN, OCTETS "Content-Length: 268435457\r\n", "", 413,
         "the body is larger than 256 MiB"},
        {SDN, OCTETS "Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n10000000\r\n", 413,
         "the body is larger than 256 MiB"},
        {SDN, OCTETS "Transfer-Encoding: chunked\r\n", "3\r\nabc\r\nx", 400, "malformed"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct http_client_reply reply;

        send_head(&client, cases[i].path, cases[i].head);
        assert_true(http_client_send(&client, cases[i].body));
        reply = next(&client);
        expect_problem(&reply, cases[i].status, cases[i].words);
        http_client_close(&client);
        assert_true(http_client_connect(&client, gateway.address));
    }
    assert_int_equal(access(lists, F_OK), -1);
}

/* A first half that is on its way to the disk, of two. */
static void
send_half(struct http_client *to, const char *file, const char *data, size_t len)
{
    send_head(to, arena_printf(&arena, "/v1/lists/ofac/files/%s", file),
              arena_printf(&arena, OCTETS "Content-Length: %zu\r\n", 2 * len));
    assert_true(http_client_send_bytes(to, data, len));
}

static void
a_client_that_breaks_off_leaves_nothing(void **state)
{
    enum { HALF = 700000 };
    char *data = large_file(HALF);
    struct http_client_reply reply = put(SDN, "abc", 3);

    (void)state;
    assert_int_equal(reply.status, 201);
    send_half(&client, "sdn.csv", data, HALF);
    await_files(2);
    http_client_close(&client); /* it goes */
    await_files(1);
    assert_true(http_client_connect(&client, gateway.address));
    send_half(&client, "alt.csv", data, HALF);
    await_files(2);
    http_client_half_close(&client); /* it stops */
    reply = next(&client);
    expect_problem(&reply, 400, "the request broke off");
    await_files(1);
    expect_on_disk("sdn.csv", "abc", 3);
    http_client_close(&client);
    assert_true(http_client_connect(&client, gateway.address));
}

static void
a_body_that_stops_arriving_is_408_and_leaves_nothing(void **state)
{
    enum { HALF = 700000 };
    struct http_client_reply reply;

    (void)state;
    start("200");
    send_half(&client, "sdn.csv", large_file(HALF), HALF);
    reply = next(&client);
    expect_problem(&reply, 408, "did not arrive in time");
    await_files(0);
    stop();
}

static void
four_are_put_at_a_time_and_the_fifth_is_told_to_wait(void **state)
{
    enum { HALF = 300000 };
    char *data = large_file(2 * HALF);
    struct http_client others[UPLOADS_MAX];
    struct http_client_reply reply;

    (void)state;
    for (int i = 0; i < UPLOADS_MAX; i++) {
        assert_true(http_client_connect(&others[i], gateway.address));
        send_half(&others[i], arena_printf(&arena, "%d.csv", i), data, HALF);
    }
    await_files(UPLOADS_MAX);
    reply = put(SDN, "abc", 3);
    expect_problem(&reply, 503, "4 files are being put already");
    assert_string_equal(http_client_header(&client, &reply, "retry-after"), "1");
    for (int i = 0; i < UPLOADS_MAX; i++) {
        assert_true(http_client_send_bytes(&others[i], data + HALF, HALF));
        reply = next(&others[i]);
        assert_int_equal(reply.status, 201);
        http_client_close(&others[i]);
        expect_on_disk(arena_printf(&arena, "%d.csv", i), data, (size_t)2 * HALF);
    }
    http_client_close(&client);
    assert_true(http_client_connect(&client, gateway.address));
    reply = put(SDN, "abc", 3); /* there is a place again */
    assert_int_equal(reply.status, 201);
}

/* The most that the gateway ever had. */
static long
peak_kib(void)
{
    FILE *file = fopen(arena_printf(&arena, "/proc/%d/status", (int)gateway.pid), "r");
    char line[128];
    long kib = -1;

    assert_non_null(file);
    while (kib < 0 && fgets(line, sizeof(line), file))
        if (sscanf(line, "VmHWM: %ld", &kib) == 1)
            break;
    fclose(file);
    assert_true(kib > 0);
    return kib;
}

static void
memory_does_not_grow_with_the_file(void **state)
{
    enum { BLOCK = 1 << 20, BLOCKS = 96 };
    char *block = large_file(BLOCK);
    struct http_client_reply reply = put(SDN, block, BLOCK);
    long before = peak_kib();

    (void)state;
    send_head(&client, SDN,
              arena_printf(&arena, OCTETS "Content-Length: %d\r\n", BLOCK * BLOCKS));
    for (int i = 0; i < BLOCKS; i++)
        assert_true(http_client_send_bytes(&client, block, BLOCK));
    reply = next(&client);
    assert_int_equal(reply.status, 200);
    assert_true(peak_kib() - before < GROWTH_KIB_MAX);
}

/* Files of the gateway may not grow past this: the disk is full, as it were. */
static void
limit_file_size(rlim_t bytes)
{
    struct rlimit limit;

    signal(SIGXFSZ, bytes == RLIM_INFINITY ? SIG_DFL : SIG_IGN); /* inherited */
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void
a_full_disk_is_507_and_keeps_what_was_there(void **state)
{
    const size_t len = 8 << 20;
    struct http_client_reply reply;

    (void)state;
    limit_file_size(1 << 20);
    start("10000");
    limit_file_size(RLIM_INFINITY);
    reply = put(SDN, "abc", 3);
    assert_int_equal(reply.status, 201);
    send_head(&client, SDN, arena_printf(&arena, OCTETS "Content-Length: %zu\r\n", len));
    http_client_fill(&client, large_file(len), len, 1000); /* it may be answered before */
    reply = next(&client);
    expect_problem(&reply, 507, "the disk has no room for this file");
    assert_null(strstr(reply.body, folder));
    assert_string_equal(http_client_header(&client, &reply, "connection"), "close");
    assert_int_equal(files(), 1);
    expect_on_disk("sdn.csv", "abc", 3);
    stop();
    assert_non_null(
        strstr(gateway.process.log, arena_printf(&arena, "%s/.sdn.csv.", incoming)));
}

static void
a_disk_that_refuses_is_500_and_only_the_log_has_the_path(void **state)
{
    struct http_client_reply reply;
    FILE *file = fopen(lists, "w"); /* where the folder should be */

    (void)state;
    assert_non_null(file);
    fclose(file);
    start("10000");
    reply = put(SDN, "abc", 3);
    expect_problem(&reply, 500, "the file could not be written (Not a directory)");
    assert_null(strstr(reply.body, folder));
    stop();
    assert_non_null(strstr(gateway.process.log, lists));
}

/* -- the end of a gateway -- */

/* Told to stop, it takes no connections any more: it drains. */
static void
begin_drain(void)
{
    int64_t deadline = monotonic_ms() + HTTP_CLIENT_WAIT_MS;
    struct http_client probe;
    bool connected;

    assert_int_equal(kill(gateway.pid, SIGTERM), 0);
    do {
        assert_true(monotonic_ms() < deadline);
        connected = http_client_connect(&probe, gateway.address);
        http_client_close(&probe);
    } while (connected);
}

static void
a_gateway_that_is_told_to_stop_takes_the_file_that_is_coming(void **state)
{
    enum { HALF = 700000 };
    char *data = large_file(2 * HALF);
    struct http_client_reply reply;

    (void)state;
    start("10000");
    send_half(&client, "sdn.csv", data, HALF);
    await_files(1);
    begin_drain();
    assert_true(http_client_send_bytes(&client, data + HALF, HALF));
    reply = next(&client);
    assert_int_equal(reply.status, 201);
    stop();
    expect_on_disk("sdn.csv", data, (size_t)2 * HALF);
    assert_int_equal(files(), 1);
}

/* A second signal cuts the drain short: uploads in every state are open then. */
static void
a_gateway_that_must_stop_leaves_nothing_half_written(void **state)
{
    enum { HALF = 700000 };
    char *data = large_file(HALF);
    struct http_client other;

    (void)state;
    start("10000");
    assert_true(http_client_connect(&other, gateway.address));
    send_half(&client, "sdn.csv", data, HALF);
    await_files(1);
    send_half(&other, "alt.csv", data, 10); /* collected, not yet written */
    begin_drain();
    assert_int_equal(gateway_stop(&gateway), 0); /* the second signal */
    http_client_close(&client);
    http_client_close(&other);
    assert_int_equal(files(), 0);
}

static void
what_a_kill_leaves_is_swept_at_the_next_start(void **state)
{
    enum { HALF = 700000 };
    struct http_client_reply reply;

    (void)state;
    start("10000");
    reply = put(SDN, "abc", 3);
    assert_int_equal(reply.status, 201);
    send_half(&client, "alt.csv", large_file(HALF), HALF);
    await_files(2);
    gateway_kill(&gateway);
    http_client_close(&client);
    assert_int_equal(files(), 2);
    start("10000");
    assert_int_equal(files(), 1);
    expect_on_disk("sdn.csv", "abc", 3);
    stop();
}

static void
lists_are_kept_beside_the_store(void **state)
{
    const char *store = arena_printf(&arena, "sqlite:%s/bank.db", folder);
    const char *const arguments[] = {"--store", store, NULL};
    struct http_client_reply reply;

    (void)state;
    assert_int_equal(gateway_start(&gateway, arguments), 0);
    assert_true(http_client_connect(&client, gateway.address));
    snprintf(lists, sizeof(lists), "%s/bank.db-lists", folder);
    snprintf(incoming, sizeof(incoming), "%s/ofac/incoming", lists);
    assert_int_equal(access(lists, F_OK), -1); /* not before the first file */
    reply = put(SDN, "abc", 3);
    assert_int_equal(reply.status, 201);
    expect_on_disk("sdn.csv", "abc", 3);
    stop();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_gateway, close_gateway)
#define OWN(name)  cmocka_unit_test_setup_teardown(name, new_lists, release_arena)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_small_file_is_put_and_put_again),
        TEST(a_file_of_any_size_comes_through),
        TEST(chunks_may_cut_a_file_anywhere),
        TEST(a_path_that_no_file_can_have_is_404),
        TEST(what_cannot_be_put_is_refused_and_leaves_nothing),
        TEST(a_client_that_breaks_off_leaves_nothing),
        TEST(four_are_put_at_a_time_and_the_fifth_is_told_to_wait),
        TEST(memory_does_not_grow_with_the_file),
        OWN(a_body_that_stops_arriving_is_408_and_leaves_nothing),
        OWN(a_full_disk_is_507_and_keeps_what_was_there),
        OWN(a_disk_that_refuses_is_500_and_only_the_log_has_the_path),
        OWN(a_gateway_that_is_told_to_stop_takes_the_file_that_is_coming),
        OWN(a_gateway_that_must_stop_leaves_nothing_half_written),
        OWN(what_a_kill_leaves_is_swept_at_the_next_start),
        OWN(lists_are_kept_beside_the_store),
    };

    return cmocka_run_group_tests_name("list_files", tests, make_folder, remove_folder);
}
