/*
 * life_bench.c - a bank full of payments that wait for something: how long the clock takes
 * to pass them all, what that needs in memory, and how long a restart takes.
 *
 *     build/tests/bench/life_bench STORE.db [COUNT]
 *
 * Run from the root of the tree.  COUNT (1,000,000) payments, half of them accepted and
 * half held, each of another payer, are stored by bank_submit(); then the bank is opened
 * anew, its clock moved on by a year, and it is opened once more.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gateway/bank/bank.h"
#include "gateway/base/file.h"
#include "gateway/base/json.h"
#include "gateway/base/log.h"
#include "gateway/base/metrics.h"
#include "gateway/base/time.h"
#include "gateway/base/waiter.h"
#include "gateway/payment/money.h"
#include "gateway/payment/payment_lent.h"

#define IN_FLIGHT    256
#define REQUEST_ROOM 2048
#define YEAR_MS      (365 * 24 * 3600 * 1000LL)

struct slot {
    struct submission submission;
    struct arena arena;
    struct payment payment;
    atomic_bool busy;
};

static struct slot slots[IN_FLIGHT];
static atomic_size_t stored, failed;

static void
die(const char *what, const struct error *err)
{
    fprintf(stderr, "life_bench: %s: %s\n", what, err->text);
    exit(1);
}

static long
resident_kib(const char *line)
{
    char text[128];
    long kib = 0;
    FILE *file = fopen("/proc/self/status", "r");

    while (file && fgets(text, sizeof(text), file))
        if (strncmp(text, line, strlen(line)) == 0)
            kib = strtol(text + strlen(line), NULL, 10);
    if (file)
        fclose(file);
    return kib;
}

static struct bank *
open_bank(const char *store)
{
    static struct list_order list;
    static struct arena arena;
    static size_t order_count;
    struct bank_options options = {
        .store = store,
        .clock = "manual:2024-04-15T09:00:00+08:00",
        .seed = 1,
        .lists = {.orders = &list,
                  .order_count = 1,
                  .shrink_percent_max = 20,
                  .folder = "/tmp"},
        .sources =
            {
                .book = "policy/books/china-2024.json",
                .plugin_path = "build/plugins",
                .pack_path = "policy/packs",
                .goods_path = "policy/goods",
                .currency_decimals = currency_decimals,
                .money_parse = money_parse,
                .payment_read = payment_lent_read,
                .reason_fits = payment_lent_reason_fits,
            },
    };
    int64_t started = monotonic_ns();
    struct bank *bank;
    struct error err = {0};

    order_count = 0;
    if (list_order_parse(&arena, "fictional=policy/lists/fictional/ofac", &list, &order_count,
                         &err) != 0)
        die("list", &err);
    list.shrink_percent_max = 20;
    if (bank_open(&options, &bank, &err) != 0 || bank_ready(bank, &err) != 0)
        die("open", &err);
    printf("open: %.2f s, %ld MiB resident\n", (double)(monotonic_ns() - started) / 1e9,
           resident_kib("VmRSS:") / 1024);
    return bank;
}

static void
on_stored(struct submission *submission)
{
    struct slot *slot =
        (struct slot *)(void *)((char *)submission - offsetof(struct slot, submission));

    if (submission->result != SUBMIT_STORED)
        atomic_fetch_add(&failed, 1);
    atomic_fetch_add(&stored, 1);
    atomic_store(&slot->busy, false);
}

/* The sample under a uetr and a payer of its own. */
static void
submit(struct bank *bank, struct slot *slot, const char *sample, size_t i)
{
    struct payment_faults *faults;
    char uetr[64], name[32];
    char *request, *at;
    cJSON *json;
    struct error err = {0};

    arena_reset(&slot->arena);
    request = arena_alloc(&slot->arena, REQUEST_ROOM);
    snprintf(request, REQUEST_ROOM, "%s", sample);
    snprintf(uetr, sizeof(uetr), "%08zx-0000-4000-8000-%012zx", i, i);
    at = strstr(request, "\"uetr\": \"");
    memcpy(at + strlen("\"uetr\": \""), uetr, PAYMENT_UETR_LENGTH);
    snprintf(name, sizeof(name), "%05zu", i % 100000);
    at = strstr(request, "OOO Veselyi Karusel");
    if (at)
        memcpy(at + strlen("OOO Vese"), name, 5);
    faults = arena_zalloc(&slot->arena, sizeof(*faults));
    faults->arena = &slot->arena;
    if (json_parse(&slot->arena, request, strlen(request), &json, &err) != 0 ||
        payment_read(json, &slot->payment, faults) != 0)
        die("the sample", &err);
    slot->submission = (struct submission){
        .arena = &slot->arena,
        .payment = &slot->payment,
        .request = request,
        .request_len = strlen(request),
        .key = "",
        .key_scope = "",
        .done = on_stored,
    };
    atomic_store(&slot->busy, true);
    bank_submit(bank, &slot->submission);
}

static void
fill(struct bank *bank, size_t count)
{
    static const char *const paths[] = {"clients/examples/approved-payment.json",
                                        "clients/examples/held-payment.json"};
    char *samples[2];
    struct arena arena = {0};
    struct error err = {0};
    int64_t started = monotonic_ns();
    size_t len;

    for (int i = 0; i < 2; i++)
        if (file_read(&arena, paths[i], REQUEST_ROOM, &samples[i], &len, &err) != 0)
            die(paths[i], &err);
    for (size_t i = 0; i < count; i++) {
        struct slot *slot = &slots[i % IN_FLIGHT];

        while (atomic_load(&slot->busy))
            usleep(50);
        submit(bank, slot, samples[i % 2], i);
    }
    while (atomic_load(&stored) < count)
        usleep(50);
    printf("stored: %zu payments in %.1f s, %zu not, %ld MiB resident\n", count,
           (double)(monotonic_ns() - started) / 1e9, atomic_load(&failed),
           resident_kib("VmRSS:") / 1024);
    arena_release(&arena);
}

static void
on_moved(struct schedule_wait *wait)
{
    waiter_done(wait->context, wait->rc);
}

static void
advance(struct bank *bank)
{
    struct waiter waiter;
    struct schedule_wait wait = {
        .advance_ms = YEAR_MS, .actor = "bench", .context = &waiter, .done = on_moved};
    int64_t started = monotonic_ns();

    waiter_init(&waiter, 1);
    bank_wait(bank, &wait);
    if (waiter_wait(&waiter) != 0)
        die("advance", &wait.err);
    printf("the clock moved by a year: %llu events in %.1f s, %ld MiB resident\n",
           (unsigned long long)wait.fired, (double)(monotonic_ns() - started) / 1e9,
           resident_kib("VmRSS:") / 1024);
}

int
main(int argc, char **argv)
{
    size_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : 1000000;
    char store[4096];
    struct bank *bank;

    if (argc < 2) {
        fputs("usage: life_bench STORE.db [COUNT]\n", stderr);
        return 2;
    }
    log_set_level(LOG_WARN);
    setvbuf(stdout, NULL, _IOLBF, 0);
    snprintf(store, sizeof(store), "sqlite:%s", argv[1]);
    bank = open_bank(store);
    fill(bank, count);
    bank_close(bank);
    bank = open_bank(store);
    advance(bank);
    bank_close(bank);
    bank = open_bank(store);
    bank_close(bank);
    printf("at most %ld MiB resident\n", resident_kib("VmHWM:") / 1024);
    for (size_t i = 0; i < IN_FLIGHT; i++)
        arena_release(&slots[i].arena);
    return 0;
}
