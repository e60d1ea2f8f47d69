/*
 * record_values.c - lists of records, amounts as text, history, chance.
 *
 * A host of ABI 1.0 knows no hits and no history: nothing was found and
 * nothing came before.  Without chance() a rule that asks for it fails.
 */
#include "policy/rules/record_values.h"

#include <math.h>

#include "policy/rules/cel/check.h"

#define MS_PER_SECOND      1000
#define NS_PER_MS          1000000
#define ALL_TIME_MS        (INT64_C(1000) * 366 * 86400 * MS_PER_SECOND) /* a thousand years */
#define SHARE_WHOLE        1e6
#define HS6_PER_CHAPTER    10000
#define MONEY_TEXT_SIZE    24 /* 19 digits, a point, a sign, a NUL, and room */
#define MONEY_DECIMALS_MAX 4

/* F3: does the host's struct reach as far as this member? */
#define FACTS_REACH(facts, member)                                                             \
    ((facts)->size >= offsetof(struct policy_facts, member) + sizeof((facts)->member))

struct cel_value
cel_timestamp_ms(int64_t ms)
{
    int64_t seconds = ms / MS_PER_SECOND, rest = ms % MS_PER_SECOND;

    if (rest < 0) {
        seconds--;
        rest += MS_PER_SECOND;
    }
    return cel_timestamp(seconds, (uint32_t)rest * NS_PER_MS);
}

bool
cel_record_same(struct cel_value a, struct cel_value b)
{
    const struct cel_goods *line = a.record, *other_line = b.record;
    const struct cel_window *window = a.record, *other_window = b.record;

    switch (a.type) {
    case CEL_REC_GOODS:
        return line->index == other_line->index; /* there is one payment */
    case CEL_REC_HISTORY:
        return true;
    case CEL_REC_WINDOW:
        return window->by == other_window->by;
    default:
        return a.record == b.record;
    }
}

/* --- lists ------------------------------------------------------------------------------- */

struct cel_value
cel_records_list(struct cel_run *run, enum cel_record_id record, const void *pointers,
                 size_t count)
{
    struct cel_value *items;
    const void *of;

    if (count == 0)
        return cel_list(NULL, 0);
    items = cel_alloc(run, count * sizeof(*items));
    if (!items)
        return cel_out_of_memory();
    for (size_t i = 0; i < count; i++) {
        memcpy(&of, (const char *)pointers + i * sizeof(of), sizeof(of));
        items[i] = cel_record_value(record, of);
    }
    return cel_list(items, count);
}

struct cel_value
cel_goods_list(struct cel_run *run)
{
    const struct cel_host *host = run->host;
    uint32_t count = host->payment->goods_count;
    struct cel_goods *lines;
    struct cel_value *items;

    if (count == 0)
        return cel_list(NULL, 0);
    lines = cel_alloc(run, count * sizeof(*lines));
    items = lines ? cel_alloc(run, count * sizeof(*items)) : NULL;
    if (!items)
        return cel_out_of_memory();
    for (uint32_t i = 0; i < count; i++) {
        lines[i] =
            (struct cel_goods){host->payment->goods[i], host->facts->goods(host->facts, i), i};
        items[i] = cel_record_value(CEL_REC_GOODS, &lines[i]);
    }
    return cel_list(items, count);
}

struct cel_value
cel_payment_goods(struct cel_run *run, const void *record)
{
    (void)record; /* there is one payment */
    return cel_goods_list(run);
}

struct cel_value
cel_kits_list(struct cel_run *run)
{
    const struct cel_host *host = run->host;
    const struct policy_kit *const *kits = NULL;
    size_t count = host->facts->kits(host->facts, &kits);

    return cel_records_list(run, CEL_REC_KIT, kits, count);
}

struct cel_value
cel_hits_list(struct cel_run *run)
{
    const struct cel_host *host = run->host;
    const struct policy_hit *const *hits = NULL;
    size_t count = 0;

    if (FACTS_REACH(host->facts, hits))
        count = host->facts->hits(host->facts, &hits);
    return cel_records_list(run, CEL_REC_HIT, hits, count);
}

struct cel_value
cel_kit_lines(struct cel_run *run, const void *record)
{
    const struct policy_kit *kit = record;
    struct cel_value *items;
    uint32_t count = 0;

    if (kit->part_count == 0)
        return cel_list(NULL, 0);
    items = cel_alloc(run, kit->part_count * sizeof(*items));
    if (!items)
        return cel_out_of_memory();
    for (uint32_t i = 0; i < kit->part_count; i++)
        if (kit->part_lines[i] != POLICY_LINE_ELSEWHERE)
            items[count++] = cel_int(kit->part_lines[i]);
    return cel_list(items, count);
}

/* A host of ABI 1.1 knows of one payment. */
struct cel_value
cel_kit_across(struct cel_run *run, const void *record)
{
    const struct policy_kit *kit = record;

    (void)run;
    return cel_int(KIT_REACHES(kit, across_payments) ? kit->across_payments : 0);
}

struct cel_value
cel_party_identifiers(struct cel_run *run, const void *record)
{
    const struct policy_party *party = record;
    struct cel_value *pairs;

    if (party->identifier_count == 0)
        return cel_map(run, NULL, 0);
    pairs = cel_alloc(run, 2 * sizeof(*pairs) * party->identifier_count);
    if (!pairs)
        return cel_out_of_memory();
    for (uint32_t i = 0; i < party->identifier_count; i++) {
        pairs[2 * i] = cel_text(party->identifiers[i]->scheme);
        pairs[2 * i + 1] = cel_text(party->identifiers[i]->value);
    }
    return cel_map(run, pairs, party->identifier_count);
}

/* --- numbers and amounts ----------------------------------------------------------------- */

/*
 * Minor units as text with exactly the currency's decimals, from the last digit
 * to the first; at least one stands before the point.  Not by printf, because
 * evidence shows an amount with most rules that fire.
 */
static struct cel_value
money_value(struct cel_run *run, int64_t minor)
{
    const struct cel_host *host = run->host;
    const char *currency = host->payment->currency;
    int decimals = host->currency_decimals(currency), digits = 0;
    char text[MONEY_TEXT_SIZE], *first = text + sizeof(text);

    if (decimals < 0 || decimals > MONEY_DECIMALS_MAX)
        return cel_fail(run, "the decimals of currency %.3s are not known", currency);
    if (minor < 0)
        return cel_error("an amount of money is below 0");
    for (; minor > 0 || digits <= decimals; minor /= 10) {
        if (digits == decimals && decimals > 0)
            *--first = '.';
        *--first = (char)('0' + minor % 10);
        digits++;
    }
    return cel_string_copy(run, first, (size_t)(text + sizeof(text) - first));
}

struct cel_value
cel_payment_value(struct cel_run *run, const void *record)
{
    return money_value(run, ((const struct policy_payment *)record)->amount_minor);
}

struct cel_value
cel_goods_value(struct cel_run *run, const void *record)
{
    const struct cel_goods *goods = record;

    return goods->line->value_minor ? money_value(run, goods->line->value_minor)
                                    : cel_string("", 0);
}

struct cel_value
cel_goods_chapter(struct cel_run *run, const void *record)
{
    (void)run;
    return cel_int(((const struct cel_goods *)record)->line->hs6 / HS6_PER_CHAPTER);
}

struct cel_value
cel_owner_share(struct cel_run *run, const void *record)
{
    (void)run;
    return cel_double(((const struct policy_owner *)record)->share_millionths / SHARE_WHOLE);
}

/* --- history ----------------------------------------------------------------------------- */

struct cel_value
cel_history_value(struct cel_run *run)
{
    const struct cel_host *host = run->host;
    struct cel_history *history = cel_alloc(run, sizeof(*history));

    if (!history)
        return cel_out_of_memory();
    for (int by = 0; by < POLICY_HISTORY_COUNT; by++)
        history->by[by] = (struct cel_window){host->facts, by};
    return cel_record_value(CEL_REC_HISTORY, history);
}

static struct policy_window
window_over(const struct cel_window *window, int64_t window_ms)
{
    struct policy_window out = {.size = sizeof(out)};

    if (FACTS_REACH(window->facts, history))
        window->facts->history(window->facts, (enum policy_history_by)window->by, window_ms,
                               &out);
    return out;
}

struct cel_value
cel_window_last(struct cel_run *run, const void *record)
{
    (void)run;
    return cel_timestamp_ms(window_over(record, ALL_TIME_MS).last_ms);
}

/* history.debtor.NAME(duration): false with the error in *result. */
static bool
window_asked(struct cel_run *run, const char *name, const struct cel_value *args,
             uint32_t count, struct policy_window *out, struct cel_value *result)
{
    bool fits = count == 2 && args[0].kind == CEL_RECORD && args[0].type == CEL_REC_WINDOW &&
                args[1].kind == CEL_DURATION;

    if (!fits) {
        *result = cel_no_overload(run, name, args, count);
        return false;
    }
    if (args[1].i < 0) {
        *result = cel_fail(run, "%s() wants a time that is not negative", name);
        return false;
    }
    /* Rounded up, so that a window never leaves out what it names. */
    *out = window_over(args[0].record, args[1].i / NS_PER_MS + (args[1].i % NS_PER_MS > 0));
    return true;
}

static struct cel_value
call_count(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    struct policy_window window;
    struct cel_value result;

    return window_asked(run, "count", args, count, &window, &result) ? cel_int(window.count)
                                                                     : result;
}

static struct cel_value
call_sum(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    struct policy_window window;
    struct cel_value result;

    return window_asked(run, "sum", args, count, &window, &result) ? cel_int(window.sum_minor)
                                                                   : result;
}

static struct cel_value
call_counterparties(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    struct policy_window window;
    struct cel_value result;

    return window_asked(run, "counterparties", args, count, &window, &result)
               ? cel_int(window.counterparties)
               : result;
}

static struct cel_value
call_refused(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    struct policy_window window;
    struct cel_value result;

    return window_asked(run, "refused", args, count, &window, &result) ? cel_int(window.refused)
                                                                       : result;
}

static struct cel_value
call_largest(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    struct policy_window window;
    struct cel_value result;

    return window_asked(run, "largest", args, count, &window, &result)
               ? cel_int(window.largest_minor)
               : result;
}

/* --- chance ------------------------------------------------------------------------------ */

static double
number_of(struct cel_value value)
{
    return value.kind == CEL_INT ? (double)value.i : value.d;
}

bool
cel_is_probability(struct cel_value value)
{
    return (value.kind == CEL_INT || value.kind == CEL_DOUBLE) && number_of(value) >= 0 &&
           number_of(value) <= 1;
}

/* Its arguments: the probability, the rule's id, the number of the call in the rule. */
static struct cel_value
call_chance(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    const struct cel_host *host = run->host;
    char *rule;

    if (count != 3 || args[1].kind != CEL_STRING || args[2].kind != CEL_INT)
        return cel_error("chance() is for the rules of a pack");
    if (args[0].kind != CEL_DOUBLE && args[0].kind != CEL_INT)
        return cel_no_overload(run, "chance", args, 1);
    if (!cel_is_probability(args[0]))
        return cel_error("chance() wants a probability from 0 to 1");
    if (!host || !FACTS_REACH(host->facts, chance))
        return cel_error("chance() needs a host of ABI 1.1");
    rule = cel_alloc(run, args[1].size + 1);
    if (!rule)
        return cel_out_of_memory();
    memcpy(rule, args[1].text, args[1].size);
    rule[args[1].size] = '\0';
    return cel_bool(host->facts->chance(host->facts, rule, (uint32_t)args[2].i) <
                    number_of(args[0]));
}

/* clang-format off */
const struct cel_function cel_record_functions[] = {
    { "chance",         false, 1, 1, false, "d:b i:b", call_chance },
    { "count",          true,  2, 2, false, "wr:i",    call_count },
    { "sum",            true,  2, 2, false, "wr:i",    call_sum },
    { "counterparties", true,  2, 2, false, "wr:i",    call_counterparties },
    { "refused",        true,  2, 2, false, "wr:i",    call_refused },
    { "largest",        true,  2, 2, false, "wr:i",    call_largest },
    { NULL,             false, 0, 0, false, NULL,      NULL },
};
/* clang-format on */
