/*
 * A hundred activations in a row while clients ask as fast as they can: no request fails,
 * and each answer is of one version.  (What it does to latency: make bench-rollout.)
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/rollout_bank.h"
#include "tests/support/test.h"

#define ACTIVATIONS 100
#define CLIENTS     2

static struct rollout_bank bank;
static atomic_bool over;

struct asker {
    pthread_t thread;
    struct http_client client;
    size_t answers, versions;
    const char *fault;
};

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

/* NULL: pack, rule and reason are of one version, which is told. */
static const char *
fault_of(const struct http_client_reply *reply, int *version)
{
    const char *pack = strstr(reply->body, "\"pack\":\"mine@");
    const char *rule = strstr(reply->body, "\"id\":\"V-");
    const char *reason = strstr(reply->body, "\"text\":\"version ");

    if (reply->status != 200)
        return "a request failed";
    if (!pack || !rule || !reason)
        return "an answer has no version";
    *version = atoi(pack + strlen("\"pack\":\"mine@"));
    return atoi(rule + strlen("\"id\":\"V-")) == *version &&
                   atoi(reason + strlen("\"text\":\"version ")) == *version
               ? NULL
               : "an answer mixes versions";
}

static void *
ask_on(void *context)
{
    struct asker *asker = context;
    int version = 0, last = 0;

    while (!atomic_load(&over) && !asker->fault) {
        struct http_client_reply reply;

        if (!http_client_post(&asker->client, "/v1/evaluations", bank.sample) ||
            !http_client_next(&asker->client, &reply)) {
            asker->fault = "a connection was closed";
            break;
        }
        asker->fault = fault_of(&reply, &version);
        asker->answers++;
        asker->versions += version != last;
        if (version < last)
            asker->fault = "an older version came back";
        last = version;
        arena_reset(&asker->client.arena);
    }
    return NULL;
}

static void
a_hundred_activations_lose_no_answer_and_mix_none(void **state)
{
    static struct asker askers[CLIENTS]; /* outlive a test that fails */

    (void)state;
    for (size_t i = 0; i < CLIENTS; i++) {
        assert_true(http_client_connect(&askers[i].client, bank.gateway.address));
        assert_int_equal(pthread_create(&askers[i].thread, NULL, ask_on, &askers[i]), 0);
    }
    for (int n = 2; n < 2 + ACTIVATIONS; n++)
        rollout_bank_activate(&bank, n);
    atomic_store(&over, true);
    for (size_t i = 0; i < CLIENTS; i++) {
        pthread_join(askers[i].thread, NULL);
        http_client_close(&askers[i].client);
        if (askers[i].fault)
            fail_msg("%s", askers[i].fault);
        assert_true(askers[i].answers > ACTIVATIONS / 10);
        assert_true(askers[i].versions > 2); /* it did see them change */
    }
    assert_int_equal(rollout_bank_version(&bank), 1 + ACTIVATIONS);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_hundred_activations_lose_no_answer_and_mix_none,
                                        set_up, tear_down),
    };

    return cmocka_run_group_tests_name("rollout_load", tests, NULL, NULL);
}
