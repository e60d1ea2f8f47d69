/* book_terms.c - what a book says of time and charges where no rule does. */
#include "policy/book_terms.h"

#include <math.h>
#include <string.h>

#include "policy/terms.h"

#define CURRENCY_LENGTH  3
#define EVERY_CURRENCY   "*"
#define SHARE_MAX        0.5
#define MILLION          1000000
#define ANSWER_BANK_DAYS 10

/* -- without a word of the book -- */

static const struct policy_span one_bank_day = {
    .size = sizeof(one_bank_day), .bank_days = 1, .least = 1, .likely = 1, .most = 1};

static const struct policy_span ten_bank_days = {.size = sizeof(ten_bank_days),
                                                 .bank_days = 1,
                                                 .least = ANSWER_BANK_DAYS,
                                                 .likely = ANSWER_BANK_DAYS,
                                                 .most = ANSWER_BANK_DAYS};

static const char *const invoice[] = {"RQDO/RQIN"};

static const struct policy_end returned = {
    .size = sizeof(returned),
    .action = POLICY_RETURN,
    .otherwise = POLICY_HOLD,
    .share = 1,
    .reason = {"RUTA", "no answer to the bank's questions in time"},
    .disclosed = {"RUTA", "NO ANSWER IN TIME"},
};

static const struct policy_end accepted = {
    .size = sizeof(accepted),
    .action = POLICY_ACCEPT,
    .otherwise = POLICY_HOLD,
    .share = 1,
    .reason = {"", ""},
    .disclosed = {"", ""},
};

static const struct policy_end held = {
    .size = sizeof(held),
    .action = POLICY_HOLD,
    .otherwise = POLICY_HOLD,
    .share = 1,
    .reason = {"NARR", "the answer to the bank's questions is not complete and consistent"},
    .disclosed = {"NARR", "UNDER REVIEW"},
};

const struct book_terms book_terms_default = {
    .credit = &one_bank_day,
    .hold = {.size = sizeof(struct policy_terms)},
    .questions =
        {
            .size = sizeof(struct policy_terms),
            .lasts = &ten_bank_days,
            .ends = &returned,
            .ask_count = 1,
            .asks = invoice,
            .complete = &accepted,
            .partial = &held,
            .contradictory = &held,
        },
};

/* -- reading -- */

static int
read_accept(const struct value *value, const struct terms_file *file, struct book_terms *out,
            struct error *err)
{
    static const char *const names[] = {"lasts", NULL};
    struct value lasts = value_member(value, "lasts");

    if (!value->json)
        return 0;
    if (value_object(value, names, err) != 0)
        return -1;
    return terms_read_span(&lasts, file, &out->credit, err);
}

static int
read_hold(const struct value *value, const struct terms_file *file, struct book_terms *out,
          struct error *err)
{
    static const char *const names[] = {"lasts", "ends", NULL};
    struct value lasts = value_member(value, "lasts");
    struct value ends = value_member(value, "ends");

    if (!value->json)
        return 0;
    if (value_object(value, names, err) != 0 ||
        terms_read_span(&lasts, file, &out->hold.lasts, err) != 0)
        return -1;
    return terms_read_end(&ends, file, POLICY_HOLD, &out->hold.ends, err);
}

static int
read_questions(const struct value *value, const struct terms_file *file, struct book_terms *out,
               struct error *err)
{
    static const char *const names[] = {"lasts",   "ends",          "asks", "complete",
                                        "partial", "contradictory", NULL};
    struct value lasts = value_member(value, "lasts");
    struct value ends = value_member(value, "ends");
    struct value asks = value_member(value, "asks");
    struct value complete = value_member(value, "complete");
    struct value partial = value_member(value, "partial");
    struct value contradictory = value_member(value, "contradictory");
    struct policy_terms *to = &out->questions;

    if (!value->json)
        return 0;
    if (value_object(value, names, err) != 0 ||
        (lasts.json && terms_read_span(&lasts, file, &to->lasts, err) != 0) ||
        (ends.json && terms_read_end(&ends, file, POLICY_HOLD, &to->ends, err) != 0))
        return -1;
    if (asks.json)
        to->ask_count = 0; /* instead of those that no book needs to name */
    if (terms_read_asks(&asks, file, to, err) != 0 ||
        (complete.json &&
         terms_read_end(&complete, file, POLICY_ACCEPT, &to->complete, err) != 0) ||
        (partial.json && terms_read_end(&partial, file, POLICY_HOLD, &to->partial, err) != 0))
        return -1;
    return contradictory.json
               ? terms_read_end(&contradictory, file, POLICY_HOLD, &to->contradictory, err)
               : 0;
}

static bool
is_currency(const char *name)
{
    return strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == CURRENCY_LENGTH &&
           name[CURRENCY_LENGTH] == '\0';
}

/* "200.00", which is for the gateway to read, or 0.001: a share of the amount. */
static int
read_charge(const struct value *value, struct book_charge *out, struct error *err)
{
    bool all = strcmp(value->name, EVERY_CURRENCY) == 0;

    if (!all && !is_currency(value->name))
        return value_fault(value, err, "the charge of a currency, or of \"*\": all others");
    out->currency = value->name;
    if (!all && cJSON_IsString(value->json))
        return value_text(value, &out->value, err);
    if (!cJSON_IsNumber(value->json) || value->json->valuedouble < 0 ||
        value->json->valuedouble > SHARE_MAX)
        return value_fault(value, err,
                           all ? "a share of the amount, 0 to 0.5"
                               : "an amount such as \"200.00\", or a share of it, 0 to 0.5");
    out->millionths = (uint32_t)lround(value->json->valuedouble * MILLION);
    return 0;
}

static int
read_charges(const struct value *value, struct arena *arena, struct book_terms *out,
             struct error *err)
{
    struct value item = {0};

    if (!value->json)
        return 0;
    if (!cJSON_IsObject(value->json) || cJSON_GetArraySize(value->json) > BOOK_CHARGES_MAX)
        return value_fault(value, err, "an object of at most 200 currencies");
    out->charges = arena_zalloc(arena, BOOK_CHARGES_MAX * sizeof(*out->charges));
    while (value_next(value, &item))
        if (read_charge(&item, &out->charges[out->charge_count++], err) != 0)
            return -1;
    return 0;
}

int
book_read_terms(const struct value *value, struct arena *arena, struct book_terms *out,
                struct error *err)
{
    static const char *const names[] = {"accept", "hold", "request_information", "charges",
                                        NULL};
    const struct terms_file file = {.arena = arena, .object = value_object};
    struct value accept = value_member(value, "accept");
    struct value hold = value_member(value, "hold");
    struct value questions = value_member(value, "request_information");
    struct value charges = value_member(value, "charges");

    *out = book_terms_default;
    if (!value->json)
        return 0;
    if (value_object(value, names, err) != 0 || read_accept(&accept, &file, out, err) != 0 ||
        read_hold(&hold, &file, out, err) != 0 ||
        read_questions(&questions, &file, out, err) != 0)
        return -1;
    return read_charges(&charges, arena, out, err);
}

int
book_settle_terms(struct book_terms *terms, const char *path,
                  const struct snapshot_sources *sources, struct error *err)
{
    const struct {
        const char *name;
        const struct policy_terms *terms;
    } both[] = {{"hold", &terms->hold}, {"request_information", &terms->questions}};

    for (size_t i = 0; i < terms->charge_count; i++) {
        struct book_charge *charge = &terms->charges[i];

        if (charge->value &&
            sources->money_parse(charge->value, charge->currency, &charge->minor) != 0)
            return error_set(
                err, ERROR_INVALID,
                "%s: /terms/charges/%s: expected an amount of a currency, with its "
                "decimals; found \"%.40s\"",
                path, charge->currency, charge->value);
    }
    for (size_t i = 0; i < sizeof(both) / sizeof(both[0]); i++) {
        const char *member, *code = terms_unfit(both[i].terms, sources->reason_fits, &member);

        if (code)
            return error_set(
                err, ERROR_INVALID,
                "%s: /terms/%s/%s: expected reasons of the message that its action "
                "sends; found \"%s\"",
                path, both[i].name, member, code);
    }
    return 0;
}

/* -- charges -- */

static const struct book_charge *
charge_find(const struct book_terms *terms, const char *currency)
{
    for (size_t i = 0; i < terms->charge_count; i++)
        if (strcmp(terms->charges[i].currency, currency) == 0)
            return &terms->charges[i];
    return NULL;
}

int64_t
book_charges(const struct book_terms *terms, const char *currency, int64_t amount_minor)
{
    const struct book_charge *charge = charge_find(terms, currency);
    int64_t minor;

    if (!charge)
        charge = charge_find(terms, EVERY_CURRENCY);
    if (!charge)
        return 0;
    minor = charge->value ? charge->minor
                          : amount_minor / MILLION * charge->millionths +
                                amount_minor % MILLION * charge->millionths / MILLION;
    return minor < amount_minor ? minor : amount_minor - 1;
}
