/*
 * kill -9 under load: what was acknowledged is there after the restart, once.
 *
 * Each round starts the gateway on the same SQLite file, pays over several
 * connections at once, kills it after a number of acknowledgements drawn from a
 * fixed seed, starts it again, and looks for every payment acknowledged so far
 * in this round: by its id, and by its uetr, which must find exactly one.  What
 * was in flight at the kill is sent again: a client that retries pays once.
 */
#include "tests/support/test.h"

#include <dirent.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clients/answer.h"
#include "gateway/base/file.h"
#include "gateway/base/json.h"
#include "tests/support/gateway.h"
#include "tests/support/http_client.h"

#define ROUNDS       50
#define LOADERS      4
#define KILL_AFTER   200  /* acknowledgements at most before the kill */
#define PAYMENTS_MAX 4096 /* of one loader in one round */
#define WAIT_S       10   /* for the acknowledgements of one round */
#define SEED         20240401u
#define SAMPLE       "clients/examples/kit-payment.json"
#define SAMPLE_MAX   8192
#define UETR_LENGTH  36
#define ID_SIZE      40
#define PATH_SIZE    256

struct paid {
    char uetr[UETR_LENGTH + 1];
    char id[ID_SIZE];
};

/* One connection that pays until it breaks. */
struct loader {
    pthread_t thread;
    const char *address;
    sem_t *acknowledged; /* up by one for each reply */
    unsigned round, number;
    char body[SAMPLE_MAX]; /* the sample; the uetr in it is written over */
    char *uetr;            /* where in body */
    size_t count;          /* of list that are acknowledged; list[count] was in flight */
    struct paid list[PAYMENTS_MAX];
};

static struct loader loaders[LOADERS];

/* The next payment: its uetr into the body and into the list. */
static void
loader_prepare(struct loader *loader)
{
    char *uetr = loader->list[loader->count].uetr;

    snprintf(uetr, UETR_LENGTH + 1, "%08x-0000-4000-8000-%04x%08x", loader->round,
             loader->number, (unsigned)loader->count);
    memcpy(loader->uetr, uetr, UETR_LENGTH);
}

static bool
reply_take_id(const struct http_client_reply *reply, char id[ID_SIZE])
{
    struct arena arena = {0};
    struct error err = {0};
    cJSON *json = NULL;
    bool taken = reply->status == 201 && reply->whole &&
                 json_parse(&arena, reply->body, reply->body_len, &json, &err) == 0;

    if (taken)
        snprintf(id, ID_SIZE, "%s", answer_text(json, "id"));
    arena_release(&arena);
    return taken;
}

static void *
loader_run(void *context)
{
    struct loader *loader = context;
    struct http_client client;
    struct http_client_reply reply;

    if (http_client_connect(&client, loader->address)) {
        while (loader->count < PAYMENTS_MAX - 1) {
            loader_prepare(loader);
            if (!http_client_post(&client, "/v1/payments", loader->body) ||
                !http_client_next(&client, &reply) ||
                !reply_take_id(&reply, loader->list[loader->count].id))
                break;
            loader->count++;
            sem_post(loader->acknowledged);
        }
    }
    http_client_close(&client);
    return NULL;
}

static void
loader_begin(struct loader *loader, unsigned round, unsigned number, const char *address,
             sem_t *acknowledged)
{
    loader->address = address;
    loader->acknowledged = acknowledged;
    loader->round = round;
    loader->number = number;
    loader->count = 0;
    assert_int_equal(pthread_create(&loader->thread, NULL, loader_run, loader), 0);
}

/* Wait for so many acknowledgements; whatever arrives meanwhile makes the moment random. */
static void
await_acknowledgements(sem_t *acknowledged, unsigned wanted)
{
    struct timespec deadline;

    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += WAIT_S;
    for (unsigned i = 0; i < wanted; i++)
        assert_int_equal(sem_timedwait(acknowledged, &deadline), 0);
}

static cJSON *
get_json(struct http_client *client, const char *path, struct arena *arena)
{
    struct http_client_reply reply;
    struct error err = {0};
    cJSON *json;

    assert_true(http_client_get(client, path));
    assert_true(http_client_next(client, &reply));
    assert_int_equal(reply.status, 200);
    assert_int_equal(json_parse(arena, reply.body, reply.body_len, &json, &err), 0);
    return json;
}

static void
assert_there_once(struct http_client *client, const struct paid *paid)
{
    struct arena arena = {0};
    char path[PATH_SIZE];
    const cJSON *found;

    snprintf(path, sizeof(path), "/v1/payments/%s", paid->id);
    found = get_json(client, path, &arena);
    assert_string_equal(answer_text(found, "uetr"), paid->uetr);
    snprintf(path, sizeof(path), "/v1/payments?uetr=%s", paid->uetr);
    found = answer_at(get_json(client, path, &arena), "data");
    assert_int_equal(cJSON_GetArraySize(found), 1);
    assert_string_equal(answer_text(found->child, "id"), paid->id);
    arena_release(&arena);
}

/* Send what was in flight again; now it must be taken, whether it was on disk or not. */
static void
retry_in_flight(struct http_client *client, struct loader *loader)
{
    struct http_client_reply reply;

    loader_prepare(loader);
    assert_true(http_client_post(client, "/v1/payments", loader->body));
    assert_true(http_client_next(client, &reply));
    assert_true(reply_take_id(&reply, loader->list[loader->count].id));
    loader->count++;
}

static void
check_after_restart(const char *address)
{
    for (unsigned i = 0; i < LOADERS; i++) {
        struct http_client client;

        assert_true(http_client_connect(&client, address));
        retry_in_flight(&client, &loaders[i]);
        for (size_t j = 0; j < loaders[i].count; j++)
            assert_there_once(&client, &loaders[i].list[j]);
        http_client_close(&client);
    }
}

static void
kill_round(unsigned round, const char *const *arguments)
{
    struct gateway gateway;
    sem_t acknowledged;

    assert_int_equal(sem_init(&acknowledged, 0, 0), 0);
    assert_int_equal(gateway_start(&gateway, arguments), 0);
    for (unsigned i = 0; i < LOADERS; i++)
        loader_begin(&loaders[i], round, i, gateway.address, &acknowledged);
    await_acknowledgements(&acknowledged, 1 + (unsigned)rand() % KILL_AFTER);
    gateway_kill(&gateway);
    for (unsigned i = 0; i < LOADERS; i++)
        pthread_join(loaders[i].thread, NULL);
    sem_destroy(&acknowledged);

    assert_int_equal(gateway_start(&gateway, arguments), 0);
    check_after_restart(gateway.address);
    assert_int_equal(gateway_stop(&gateway), 0);
}

static void
load_sample(void)
{
    struct arena arena = {0};
    struct error err = {0};
    char *text;
    size_t len;

    assert_int_equal(file_read(&arena, SAMPLE, SAMPLE_MAX - 1, &text, &len, &err), 0);
    for (unsigned i = 0; i < LOADERS; i++) {
        memcpy(loaders[i].body, text, len + 1);
        loaders[i].uetr = strstr(loaders[i].body, "97ed4827-7b6f-4491-a06f-b548d5a7512d");
        assert_non_null(loaders[i].uetr);
    }
    arena_release(&arena);
}

static void
remove_folder(const char *folder)
{
    DIR *entries = opendir(folder);
    struct dirent *entry;

    while (entries && (entry = readdir(entries)))
        if (entry->d_name[0] != '.')
            unlinkat(dirfd(entries), entry->d_name, 0);
    if (entries)
        closedir(entries);
    rmdir(folder);
}

static void
what_was_acknowledged_survives_kill_9_fifty_times(void **state)
{
    char folder[PATH_SIZE / 2], store[PATH_SIZE];
    const char *const arguments[] = {"--store", store, "--log-level", "warn", NULL};

    (void)state;
    snprintf(folder, sizeof(folder), "%s/crash.XXXXXX", gateway_build());
    assert_non_null(mkdtemp(folder));
    snprintf(store, sizeof(store), "sqlite:%s/killed.db", folder);
    load_sample();
    srand(SEED);
    for (unsigned round = 0; round < ROUNDS; round++)
        kill_round(round, arguments);
    remove_folder(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_acknowledged_survives_kill_9_fifty_times),
    };

    return cmocka_run_group_tests_name("kill -9", tests, NULL, NULL);
}
