/*
 * A put whose connection dies while the disk has its file.  Nothing is read from a
 * connection then, so it is an earlier exchange that drops it; and the disk is busy
 * with another upload, whose done() waits at a gate.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "gateway/api/api.h"
#include "gateway/base/time.h"
#include "tests/support/http_client.h"
#include "tests/support/test.h"

#define HELD "GET /held HTTP/1.1\r\nHost: x\r\n\r\n"
#define PUT                                                                                    \
    "PUT /v1/lists/ofac/files/sdn.csv HTTP/1.1\r\nHost: x\r\n"                                 \
    "Content-Type: application/octet-stream\r\nContent-Length: 1000000\r\n\r\n"

static char folder[] = "/tmp/yuangate-dropped-XXXXXX";
static struct api api;
static struct http_server *server;
static pthread_t thread;
static struct http_client client;

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static _Atomic(struct http_exchange *) held;

static void
handle_held(struct http_exchange *exchange)
{
    atomic_store(&held, exchange);
}

static const struct http_route routes[] = {
    {"GET", "/held", HTTP_BODY_NONE, handle_held, 0},
    {"PUT", "/v1/lists/{name}/files/{file}", HTTP_BODY_OCTETS, api_list_files_put, 0},
};

static void *
run_server(void *context)
{
    http_server_run(server);
    return context;
}

static int
open_server(void **state)
{
    static const char *const listen[] = {"127.0.0.1:0"};
    const struct http_options options = {.listen = listen,
                                         .listen_count = 1,
                                         .routes = routes,
                                         .route_count = COUNT(routes),
                                         .context = &api};
    struct error err = {0};

    (void)state;
    if (!mkdtemp(folder) || uploads_open(&api.uploads, folder, &err) != 0 ||
        http_server_open(&options, &server, &err) != 0)
        return -1;
    return pthread_create(&thread, NULL, run_server, NULL);
}

static int
close_server(void **state)
{
    char command[64];

    (void)state;
    http_server_stop(server);
    pthread_join(thread, NULL);
    uploads_close(&api.uploads);
    http_server_close(server);
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    return system(command);
}

static void
wait_at_the_gate(struct upload *upload)
{
    (void)upload;
    pthread_mutex_lock(&gate);
    pthread_mutex_unlock(&gate);
}

/* How many uploads are open. */
static int
taken(void)
{
    int count = 0;

    for (size_t i = 0; i < UPLOADS_MAX; i++)
        count += atomic_load(&api.uploads.slots[i].taken);
    return count;
}

/* The slot that the put gets; the other has the first. */
static struct upload *const put = &api.uploads.slots[1];

/* On the worker, once it has handed the put to the disk. */
static void
drop_held(struct http_task *task)
{
    struct http_exchange *exchange = atomic_load(&held);

    if (put->step == UPLOAD_WRITE)
        http_drop(exchange);
    else
        http_post(exchange->worker, task);
}

static void
a_put_that_dies_while_the_disk_has_it_leaves_nothing(void **state)
{
    static char body[UPLOAD_BYTES];
    struct upload *other = upload_begin(&api.uploads, "un", "un.xml");
    int64_t deadline = monotonic_ms() + HTTP_CLIENT_WAIT_MS;
    struct http_task drop = {.run = drop_held};
    char path[96];

    (void)state;
    other->done = wait_at_the_gate;
    pthread_mutex_lock(&gate);
    upload_write(other);
    assert_true(http_client_connect(&client, http_server_address(server, 0)));
    assert_true(http_client_send(&client, HELD PUT));
    assert_true(http_client_send_bytes(&client, body, sizeof(body)));
    while (!atomic_load(&held) || taken() < 2)
        assert_true(monotonic_ms() < deadline);
    http_post(atomic_load(&held)->worker, &drop);
    assert_true(http_client_ended(&client));
    assert_int_equal(taken(), 2); /* the disk still has it */
    pthread_mutex_unlock(&gate);
    while (taken() > 1)
        assert_true(monotonic_ms() < deadline);
    snprintf(path, sizeof(path), "%s/ofac/incoming", folder);
    assert_int_equal(rmdir(path), 0); /* it was made, and nothing is in it */
    http_client_close(&client);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_put_that_dies_while_the_disk_has_it_leaves_nothing),
    };

    return cmocka_run_group_tests_name("put_dropped", tests, open_server, close_server);
}
