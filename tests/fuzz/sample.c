#include "tests/fuzz/sample.h"

#include "gateway/base/json.h"
#include "gateway/payment/money.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/payment_document.h"

#define NOW_MS INT64_C(1713317400000) /* 2024-04-17T01:30:00Z */

static struct payment payment;
static struct arena memory; /* what facts->alloc() gives out */

static const struct policy_goods_fact *
sample_goods(struct policy_facts *facts, uint32_t line)
{
    static const struct policy_goods_fact lines[] = {
        {sizeof(lines[0]), "1", "kit", "processor"},
        {sizeof(lines[0]), "", "kit", "casing"},
        {sizeof(lines[0]), "", "", ""},
    };

    (void)facts;
    MUST(line < sizeof(lines) / sizeof(lines[0]), "goods line %u was asked for", line);
    return &lines[line];
}

static size_t
sample_kits(struct policy_facts *facts, const struct policy_kit *const **kits)
{
    static const char *const roles[] = {"processor", "casing", "screen"};
    static const uint32_t lines[] = {0, 2};
    static const char *const from[] = {"", ""};
    static const struct policy_kit notebook = {
        sizeof(notebook), 2, 1,   2.0 / 3, "notebook", "a notebook", roles, lines,
        roles + 2,        0, from};
    static const struct policy_kit *const found[] = {&notebook};

    (void)facts;
    *kits = found;
    return 1;
}

static void *
sample_alloc(struct policy_facts *facts, size_t bytes)
{
    (void)facts;
    return arena_alloc(&memory, bytes);
}

static size_t
sample_hits(struct policy_facts *facts, const struct policy_hit *const **hits)
{
    static const struct policy_hit hit = {
        sizeof(hit), "primer", "P-7", "debtor/name", "SBORKA SEVER", "SBORKA SEVER OOO", 0.93};
    static const struct policy_hit *const found[] = {&hit};

    (void)facts;
    *hits = found;
    return 1;
}

static void
sample_history(struct policy_facts *facts, enum policy_history_by by, int64_t window_ms,
               struct policy_window *out)
{
    (void)facts;
    MUST(by < POLICY_HISTORY_COUNT, "history by %d was asked for", by);
    *out = (struct policy_window){out->size, by, window_ms, by, NOW_MS - 1000, 0, by};
}

static double
sample_chance(struct policy_facts *facts, const char *rule, uint32_t site)
{
    (void)facts;
    return (double)(strlen(rule) % 4) / 8 + (double)(site % 4) / 8;
}

static void
sample_read(void)
{
    static struct arena arena;
    static struct payment_faults faults;
    struct error err;
    cJSON *json;

    faults.arena = &arena;
    MUST(json_parse(&arena, payment_document, strlen(payment_document), &json, &err) == 0 &&
             payment_read(json, &payment, &faults) == 0,
         "the sample is no payment");
}

const struct cel_host *
sample_host(void)
{
    static const struct policy_bank bank = {sizeof(bank), "HLDBCNBS", "Hulan", "joint_stock"};
    static struct policy_facts facts = {
        .size = sizeof(facts),
        .now_ms = NOW_MS,
        .bank = &bank,
        .goods = sample_goods,
        .kits = sample_kits,
        .alloc = sample_alloc,
        .hits = sample_hits,
        .history = sample_history,
        .chance = sample_chance,
    };
    static const struct cel_host host = {&payment.record, &facts, currency_decimals};

    if (!payment.record.size)
        sample_read();
    return &host;
}

void
sample_release(void)
{
    arena_reset(&memory);
}
