/*
 * fixture.h - payments to judge, and the shipped book to judge them by.
 *
 * Header only: each test program is one file, and these are small.
 */
#ifndef TESTS_POLICY_FIXTURE_H
#define TESTS_POLICY_FIXTURE_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/json.h"
#include "gateway/base/time.h"
#include "gateway/payment/payment_lent.h"
#include "policy/snapshot.h"

#define FIXTURE_LINES_MAX 256
#define FIXTURE_PATHS     8 /* results of fixture_built() alive at once */

struct fixture {
    struct policy_payment payment;
    struct policy_party debtor, ultimate_debtor, creditor, ultimate_creditor;
    struct policy_agent debtor_agent, creditor_agent;
    struct policy_goods goods[FIXTURE_LINES_MAX];
    const struct policy_goods *lines[FIXTURE_LINES_MAX];
    char codes[FIXTURE_LINES_MAX][12];
};

/* A few currencies are enough here; the gateway lends its own table. */
static inline int
fixture_decimals(const char *currency)
{
    if (strcmp(currency, "JPY") == 0)
        return 0;
    return strstr("CNY USD EUR RUB SEK", currency) && strlen(currency) == 3 ? 2 : -1;
}

static inline int
fixture_parse(const char *value, const char *currency, int64_t *minor)
{
    int decimals = fixture_decimals(currency);
    long long whole, part = 0;
    char *end;

    if (decimals < 0 || value[0] < '0' || value[0] > '9')
        return -1;
    whole = strtoll(value, &end, 10);
    if (*end == '.' && decimals == 2 && strlen(end) == 3)
        part = strtoll(end + 1, &end, 10);
    if (*end)
        return -1;
    *minor = decimals ? whole * 100 + part : whole;
    return 0;
}

static inline struct policy_party
fixture_party(const char *name, const char *country)
{
    return (struct policy_party){
        .size = sizeof(struct policy_party),
        .name = name,
        .country = country,
        .account = "",
        .address = "",
        .kind = "",
        .born_on = "",
        .incorporated_on = "",
    };
}

static inline struct policy_agent
fixture_agent(const char *bic, const char *country)
{
    return (struct policy_agent){
        .size = sizeof(struct policy_agent),
        .bic = bic,
        .name = "",
        .country = country,
        .cnaps = "",
    };
}

/* The sample payment of DESIGN section 4 without its goods. */
static inline void
fixture_init(struct fixture *fixture)
{
    *fixture = (struct fixture){
        .debtor = fixture_party("OOO Sborka Sever", "RU"),
        .ultimate_debtor = fixture_party("", ""),
        .creditor = fixture_party("Shenzhen Lanyu Components Co., Ltd.", "CN"),
        .ultimate_creditor = fixture_party("", ""),
        .debtor_agent = fixture_agent("SVRBRUMM", "RU"),
        .creditor_agent = fixture_agent("HLDBCNBS", "CN"),
    };
    fixture->payment = (struct policy_payment){
        .size = sizeof(struct policy_payment),
        .uetr = "97ed4827-7b6f-4491-a06f-b548d5a7512d",
        .end_to_end_id = "INV-2024-0417-001",
        .amount_minor = 125000000,
        .currency = "CNY",
        .rail = "CIPS",
        .charge_bearer = "SHAR",
        .debtor = &fixture->debtor,
        .ultimate_debtor = &fixture->ultimate_debtor,
        .debtor_agent = &fixture->debtor_agent,
        .creditor_agent = &fixture->creditor_agent,
        .creditor = &fixture->creditor,
        .ultimate_creditor = &fixture->ultimate_creditor,
        .purpose_code = "",
        .purpose_text = "",
        .remittance_information = "",
        .goods = fixture->lines,
        .contract = "",
        .destination_country = "",
    };
}

/* "854231 processors", the code being optional.  The text stays the caller's. */
static inline void
fixture_goods(struct fixture *fixture, const char *text)
{
    uint32_t i = fixture->payment.goods_count++;
    size_t digits = strspn(text, "0123456789");
    char six[7] = "";

    if (digits < 6 || digits > 10)
        digits = 0;
    snprintf(fixture->codes[i], sizeof(fixture->codes[i]), "%.*s", (int)digits, text);
    snprintf(six, sizeof(six), "%.6s", fixture->codes[i]);
    fixture->goods[i] = (struct policy_goods){
        .size = sizeof(struct policy_goods),
        .hs6 = (uint32_t)strtoul(six, NULL, 10),
        .hs_code = fixture->codes[i],
        .description = text + digits + (digits && text[digits] == ' '),
        .unit = "",
        .origin = "",
        .end_use = "",
        .end_user = "",
    };
    fixture->lines[i] = &fixture->goods[i];
}

static inline void
fixture_sample(struct fixture *fixture)
{
    fixture_init(fixture);
    fixture_goods(fixture, "854231 processors");
    fixture_goods(fixture, "847330 casings");
    fixture_goods(fixture, "852491 LCD screens");
}

static inline int64_t
fixture_time(const char *text)
{
    int64_t ms = 0;

    if (!instant_parse_local(text, &ms))
        abort();
    return ms;
}

/* "plugins" where this build put them; valid for FIXTURE_PATHS calls. */
static inline const char *
fixture_built(const char *path)
{
    static char text[FIXTURE_PATHS][300];
    static int next;
    const char *build = getenv("YUANGATE_BUILD");

    next = (next + 1) % FIXTURE_PATHS;
    snprintf(text[next], sizeof(text[next]), "%s/%s", build ? build : "build", path);
    return text[next];
}

static inline struct snapshot_sources
fixture_sources(void)
{
    return (struct snapshot_sources){
        .book = "policy/books/china-2024.json",
        .plugin_path = fixture_built("plugins"),
        .pack_path = "policy/packs",
        .goods_path = "policy/goods",
        .currency_decimals = fixture_decimals,
        .money_parse = fixture_parse,
        .payment_read = payment_lent_read,
        .reason_fits = payment_lent_reason_fits,
    };
}

#endif
