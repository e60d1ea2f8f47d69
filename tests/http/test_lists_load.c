/*
 * Lists loaded in a row while clients pay and ask as fast as they can: no request fails, and
 * each is screened against the one list of the snapshot that it names.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/list_bank.h"
#include "tests/support/test.h"

#define LOADS  20
#define ASKERS 2 /* one pays, one asks */

#define UETR     "97ed4827-7b6f-4491-a06f-b548d5a7512d" /* the sample's */
#define UETR_LEN 36

/* What an answer says of itself, and what in truth is so. */
struct screened {
    char snapshot[sizeof("sha256:") + 64];
    int version;
};

static struct rollout_bank bank;
static struct screened loads[LOADS + 1];
static atomic_bool over;

struct asker {
    pthread_t thread;
    struct http_client client;
    unsigned number;
    bool pays;
    size_t answers;
    struct screened seen[LOADS + 1]; /* each once, in the order that they came in */
    size_t seen_count;
    const char *fault;
};

static int
set_up(void **state)
{
    (void)state;
    if (rollout_bank_make(&bank) != 0)
        return -1;
    list_bank_start(&bank, NULL);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    rollout_bank_remove(&bank);
    return 0;
}

/* -- an answer -- */

static bool
screened_read(const char *answer, struct screened *out)
{
    static const char key[] = "\"snapshot\":\"";
    const char *snapshot = strstr(answer, key);

    if (!snapshot || !strstr(answer, "\"hits\":["))
        return false;
    snprintf(out->snapshot, sizeof(out->snapshot), "%s", snapshot + strlen(key));
    out->version = list_bank_version_of(answer);
    return true;
}

/* NULL: it is as the last one was, or new. */
static const char *
note(struct asker *asker, const struct screened *screened)
{
    struct screened *last =
        asker->seen_count ? &asker->seen[asker->seen_count - 1] : &asker->seen[0];

    if (asker->seen_count && strcmp(last->snapshot, screened->snapshot) == 0)
        return last->version == screened->version ? NULL : "a snapshot has hits of two lists";
    if (asker->seen_count == LOADS + 1)
        return "there were more snapshots than loads";
    asker->seen[asker->seen_count++] = *screened;
    return NULL;
}

/* -- asking -- */

static const char *
request_body(struct asker *asker)
{
    char *body = arena_copy(&asker->client.arena, bank.sample, strlen(bank.sample));
    char digits[13];

    if (asker->pays) { /* each payment has a uetr of its own */
        snprintf(digits, sizeof(digits), "%04x%08zx", asker->number, asker->answers);
        memcpy(strstr(body, UETR) + UETR_LEN - 12, digits, 12);
    }
    return body;
}

static void *
ask_on(void *context)
{
    struct asker *asker = context;
    const char *path = asker->pays ? "/v1/payments" : "/v1/evaluations";

    while (!atomic_load(&over) && !asker->fault) {
        struct http_client_reply reply;
        struct screened screened;

        if (!http_client_post(&asker->client, path, request_body(asker)) ||
            !http_client_next(&asker->client, &reply))
            asker->fault = "a connection was closed";
        else if (reply.status != (asker->pays ? 201 : 200))
            asker->fault = "a request failed";
        else if (!screened_read(reply.body, &screened))
            asker->fault = "an answer does not say what it was screened against";
        else
            asker->fault = note(asker, &screened);
        asker->answers++;
        arena_reset(&asker->client.arena);
    }
    return NULL;
}

/* -- what they saw, beside what was so -- */

static void
note_load(int n)
{
    const char *ready = rollout_bank_ask(&bank, "GET", "/readyz", NULL, 200);

    snprintf(loads[n].snapshot, sizeof(loads[n].snapshot), "%s",
             rollout_bank_member(&bank, ready, "snapshot"));
    loads[n].version = n;
}

static void
assert_seen(const struct asker *asker)
{
    int at = -1;

    for (size_t i = 0; i < asker->seen_count; i++) {
        do
            assert_true(++at <= LOADS); /* one after the other, as they were loaded */
        while (strcmp(loads[at].snapshot, asker->seen[i].snapshot) != 0);
        assert_int_equal(asker->seen[i].version, loads[at].version);
    }
}

static void
lists_change_under_traffic_and_every_hit_is_of_one(void **state)
{
    static struct asker askers[ASKERS]; /* outlive a test that fails */

    (void)state;
    note_load(0);
    for (unsigned i = 0; i < ASKERS; i++) {
        askers[i].number = i;
        askers[i].pays = i % 2 == 0;
        assert_true(http_client_connect(&askers[i].client, bank.gateway.address));
        assert_int_equal(pthread_create(&askers[i].thread, NULL, ask_on, &askers[i]), 0);
    }
    for (int n = 1; n <= LOADS; n++) {
        list_bank_load(&bank, n, 9);
        note_load(n);
    }
    atomic_store(&over, true);
    for (size_t i = 0; i < ASKERS; i++) {
        pthread_join(askers[i].thread, NULL);
        http_client_close(&askers[i].client);
    }
    for (size_t i = 0; i < ASKERS; i++) {
        if (askers[i].fault)
            fail_msg("%s", askers[i].fault);
        assert_true(askers[i].answers > LOADS);
        assert_true(askers[i].seen_count > 2); /* it did see them change */
        assert_seen(&askers[i]);
    }
    assert_int_equal(list_bank_version(&bank), LOADS);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lists_change_under_traffic_and_every_hit_is_of_one,
                                        set_up, tear_down),
    };

    return cmocka_run_group_tests_name("lists load", tests, NULL, NULL);
}
