/*
 * judging.h - payments judged by the plugin "rules", HTTP and stores apart.
 *
 * Header only: each benchmark is one file.
 */
#ifndef TESTS_BENCH_JUDGING_H
#define TESTS_BENCH_JUDGING_H

#include "gateway/base/file.h"
#include "policy/facts.h"
#include "policy/rules/rules.h"
#include "tests/policy/fixture.h"

#define JUDGING_NOW_MS    1713317400000 /* 2024-04-17T09:30:00+08:00 */
#define JUDGING_FILE_MAX  (1u << 20)
#define JUDGING_IDS_BYTES 1000
#define JUDGING_TWENTY    "tests/bench/peers/rules20.json"

__attribute__((noreturn)) static inline void
die(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

/* NUL-terminated, on the arena. */
static inline char *
read_text(struct arena *arena, const char *path)
{
    struct error err = {0};
    char *text;
    size_t len;

    if (file_read(arena, path, JUDGING_FILE_MAX, &text, &len, &err) != 0)
        die(path, err.text);
    return text;
}

static inline void *
open_pack(const char *name, const char *text)
{
    struct policy_host host = {.size = sizeof(host),
                               .abi = POLICY_ABI,
                               .currency_decimals = fixture_decimals,
                               .money_parse = fixture_parse,
                               .pack_path = name,
                               .pack_text = text,
                               .pack_len = strlen(text)};
    char error[500];
    void *self;

    if (rules_plugin.open(&host, "{}", &self, error, sizeof(error)) != 0)
        die(name, error);
    return self;
}

/* A verdict that keeps the ids of rules, and counts facts. */
struct tally {
    struct policy_verdict base;
    char ids[JUDGING_IDS_BYTES]; /* "R01 R05" */
    size_t ids_size, rules, facts;
};

static inline void
tally_fire(struct policy_verdict *verdict, const struct policy_rule *rule)
{
    struct tally *tally = (struct tally *)verdict;
    size_t size = strlen(rule->id);

    if (tally->ids_size + size + 2 > sizeof(tally->ids))
        die(rule->id, "too many rules fire");
    memcpy(tally->ids + tally->ids_size, rule->id, size);
    memcpy(tally->ids + tally->ids_size + size, " ", 2);
    tally->ids_size += size + 1;
    tally->rules++;
}

static inline void
tally_because(struct policy_verdict *verdict, const char *pointer, const char *value)
{
    (void)pointer;
    (void)value;
    ((struct tally *)verdict)->facts++;
}

static inline void
tally_because_goods(struct policy_verdict *verdict, uint32_t line)
{
    (void)line;
    ((struct tally *)verdict)->facts++;
}

static inline void
tally_fail(struct policy_verdict *verdict, const char *why)
{
    (void)verdict;
    die("a rule failed", why);
}

/* One payment, what is known of it, and the arena that one judgement uses. */
struct asked {
    struct fixture fixture;
    struct facts facts;
    struct arena found, scratch;
};

/* The goods tables speak and kits are sought once, before any judgement. */
static inline void
asked_prepare(struct asked *asked, const struct goods *goods)
{
    static const struct policy_bank bank = {sizeof(bank), "HLDBCNBS", "Hulan Development Bank",
                                            "joint_stock"};
    const struct policy_kit *const *kits;

    facts_init(&asked->facts, &asked->fixture.payment, &bank, JUDGING_NOW_MS, 1, goods,
               &asked->found);
    asked->facts.base.kits(&asked->facts.base, &kits);
    asked->facts.arena = &asked->scratch;
}

static inline void
asked_release(struct asked *asked)
{
    arena_release(&asked->found);
    arena_release(&asked->scratch);
}

static inline void
judge(void *self, struct asked *asked, struct tally *tally)
{
    tally->base = (struct policy_verdict){.size = sizeof(tally->base),
                                          .fire = tally_fire,
                                          .because = tally_because,
                                          .because_goods = tally_because_goods,
                                          .fail = tally_fail};
    tally->ids_size = tally->rules = tally->facts = 0;
    tally->ids[0] = '\0';
    arena_reset(&asked->scratch);
    rules_plugin.check(self, &asked->fixture.payment, &asked->facts.base, &tally->base);
}

/* The payment of clients/examples/kit-payment.json. */
static inline void
sample(struct asked *asked, const struct goods *goods)
{
    static const char *const route[] = {"Manzhouli"}, *const documents[] = {"contract",
                                                                            "invoice"};

    fixture_sample(&asked->fixture);
    asked->fixture.payment.purpose_code = "CGODDR";
    asked->fixture.payment.purpose_text = "goods, contract 17/04-2024";
    asked->fixture.payment.contract = "17/04-2024";
    asked->fixture.payment.destination_country = "RU";
    asked->fixture.payment.route = route;
    asked->fixture.payment.route_count = 1;
    asked->fixture.payment.documents = documents;
    asked->fixture.payment.document_count = 2;
    asked_prepare(asked, goods);
}

#endif
