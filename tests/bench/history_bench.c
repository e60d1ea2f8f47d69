/*
 * history_bench.c - what the bank's memory costs a payment, with a million in the window.
 *
 *     history_bench [PAYMENTS]
 *
 * A look-up is the keys, the locks, and windows of debtor, creditor, contract and refusals;
 * then the payment is noted.  Once for one payer who has all the payments, once for many.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gateway/bank/history.h"
#include "tests/policy/fixture.h"

#define PAYMENTS  1000000
#define MEASURED  20000
#define ROUNDS    5 /* the best counts: others use the machine too */
#define WINDOW_MS (30 * 24 * 3600 * INT64_C(1000))
#define PACE_MS   2 /* a million in half an hour */

struct setting {
    const char *name;
    uint32_t payers, sellers, contracts;
};

struct blobs {
    uint8_t *bytes;
    size_t *ends;
    size_t len, count, room;
};

static struct fixture fixture;
static uint64_t chance_state = 1;

static uint32_t
chance(uint32_t below)
{
    chance_state = chance_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(chance_state >> 33) % below;
}

static size_t
resident_kib(void)
{
    FILE *status = fopen("/proc/self/status", "r");
    char line[256];
    size_t kib = 0;

    while (status && fgets(line, sizeof(line), status))
        if (sscanf(line, "VmRSS: %zu", &kib) == 1)
            break;
    if (status)
        fclose(status);
    return kib;
}

/* Of this thread alone: what else the machine does is not the memory's. */
static int64_t
cpu_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void
keep(struct blobs *blobs, const uint8_t *packed, size_t len)
{
    if (blobs->len + len > blobs->room) {
        blobs->room = blobs->room ? 2 * blobs->room : 1 << 20;
        blobs->bytes = realloc(blobs->bytes, blobs->room);
        if (!blobs->bytes)
            abort();
    }
    memcpy(blobs->bytes + blobs->len, packed, len);
    blobs->len += len;
    blobs->ends[blobs->count++] = blobs->len;
}

/* Who pays whom for what. */
static void
name_all(const struct setting *setting)
{
    static char payer[32], seller[40], contract[32];

    snprintf(payer, sizeof(payer), "OOO Sborka Sever %u", chance(setting->payers));
    snprintf(seller, sizeof(seller), "Shenzhen Lanyu Components %u", chance(setting->sellers));
    snprintf(contract, sizeof(contract), "%u/04-2024", chance(setting->contracts));
    fixture.debtor.name = payer;
    fixture.creditor.name = seller;
    fixture.payment.contract = contract;
}

/* One payment looked up and noted. */
static int64_t
pay(struct history *history, const struct setting *setting, uint32_t serial, bool look,
    struct arena *arena, struct blobs *blobs)
{
    static const enum policy_history_by asked[] = {
        POLICY_HISTORY_DEBTOR, POLICY_HISTORY_CREDITOR, POLICY_HISTORY_CONTRACT,
        POLICY_HISTORY_REFUSED};
    struct decision decision = {.action = POLICY_ACCEPT, .amount_base = chance(1000000)};
    int64_t now_ms = 1713000000000 + (int64_t)serial * PACE_MS, counted = 0;
    uint8_t packed[HISTORY_NOTE_MAX];
    struct history_visit visit;
    struct memory_window window;
    uint64_t id;
    size_t len;

    name_all(setting);
    arena_reset(arena);
    history_visit(history, &fixture.payment, now_ms, arena, &visit);
    visit.memory.enter(&visit.memory);
    for (size_t i = 0; look && i < sizeof(asked) / sizeof(asked[0]); i++) {
        visit.memory.window(&visit.memory, asked[i], now_ms - WINDOW_MS, &window);
        counted += window.count;
    }
    len = history_note(&visit, &fixture.payment, &decision, packed, &id);
    history_leave(&visit);
    if (blobs)
        keep(blobs, packed, len);
    return counted;
}

static void
load(const struct blobs *blobs)
{
    struct history *history = history_new();
    int64_t begun = cpu_ns();
    struct error err = {0};
    uint64_t id;
    size_t at = 0;

    for (size_t i = 0; i < blobs->count; i++) {
        if (history_load(history, blobs->bytes + at, blobs->ends[i] - at,
                         1713000000000 + (int64_t)i * PACE_MS, MEMORY_OPEN, &id, &err) != 0)
            abort();
        at = blobs->ends[i];
    }
    printf("    loaded again in %.2f s\n", (double)(cpu_ns() - begun) / 1e9);
    history_free(history);
}

static void
measure(const struct setting *setting, uint32_t payments)
{
    struct blobs blobs = {.ends = malloc((payments + 1) * sizeof(size_t))};
    struct history *history = history_new();
    struct arena arena = {0};
    size_t before = resident_kib(), after;
    int64_t begun, counted = 0, looked, best = 0;
    uint32_t next = payments;

    if (!blobs.ends)
        abort();
    for (uint32_t i = 0; i < payments; i++)
        pay(history, setting, i, false, &arena, NULL);
    after = resident_kib();
    for (int round = 0; round < ROUNDS; round++) {
        begun = cpu_ns();
        for (uint32_t i = 0; i < MEASURED; i++)
            counted += pay(history, setting, next++, true, &arena, NULL);
        looked = cpu_ns() - begun;
        begun = cpu_ns();
        for (uint32_t i = 0; i < MEASURED; i++)
            name_all(setting);
        looked -= cpu_ns() - begun; /* the names that the bench itself prints */
        if (best == 0 || looked < best)
            best = looked;
    }
    printf("%-22s %5.0f ns to look up and note, %zu bytes a payment (%lld counted)\n",
           setting->name, (double)best / MEASURED, (after - before) * 1024 / payments,
           (long long)counted);
    history_free(history);
    history = history_new();
    for (uint32_t i = 0; i < payments; i++)
        pay(history, setting, i, false, &arena, &blobs);
    history_free(history);
    load(&blobs);
    free(blobs.bytes);
    free(blobs.ends);
    arena_release(&arena);
}

int
main(int argc, char **argv)
{
    static const struct setting settings[] = {
        {"one payer, one seller", 1, 1, 1},
        {"one payer", 1, 100000, 1000000},
        {"many payers", 20000, 20000, 1000000},
    };
    uint32_t payments = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : PAYMENTS;

    fixture_init(&fixture);
    for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
        measure(&settings[i], payments);
    return 0;
}
