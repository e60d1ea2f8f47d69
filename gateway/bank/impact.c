/*
 * impact.c - stored payments judged twice, from the newest back, a page at a time.
 *
 *     page_read()    the reader's thread lists a page; this one waits
 *     page_judge()   between bank_enter() and bank_leave(): this thread judges, and writes
 *                    down what differs, because a decision points into what is in force
 *     page_next()    what is older; what is stored meanwhile is none of ours
 *
 * Nothing is waited for between enter and leave: who publishes would wait for us.
 */
#include "gateway/bank/impact.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/bank/answer.h"
#include "gateway/bank/bank_private.h"
#include "gateway/base/waiter.h"
#include "gateway/payment/money.h"
#include "gateway/store/record.h"

#define PAGE_PAYMENTS    100
#define PAGE_BYTES       524288
#define ACTION_COUNT     (POLICY_FREEZE + 1)
#define DATA_BYTES_FIRST 4096

struct hits {
    const struct policy_hit *const *list;
    size_t count;
};

struct impact {
    struct bank *bank;
    const struct snapshot *candidate;
    size_t limit;
    size_t judged, unread, flips, hits_changed, told;
    size_t moves[ACTION_COUNT][ACTION_COUNT]; /* from the action in force to the candidate's */
    struct arena step;                        /* emptied after each payment */
    struct arena kept;                        /* of data */
    struct buffer data;                       /* the array of what is told */
};

/* A payment, and what the two sides make of it. */
struct pair {
    const struct record *record;
    const struct payment *payment;
    struct decision active, candidate;
    struct hits added, gone;
};

/* -- comparing -- */

static int
by_key(const void *a, const void *b)
{
    const struct policy_hit *left = *(const struct policy_hit *const *)a;
    const struct policy_hit *right = *(const struct policy_hit *const *)b;
    int order = strcmp(left->entry, right->entry);

    if (order == 0)
        order = strcmp(left->field, right->field);
    return order ? order : strcmp(left->list, right->list);
}

/* The hits of one decision that another has not, in their order. */
static struct hits
hits_beyond(const struct decision *decision, const struct decision *other, struct arena *arena)
{
    const struct policy_hit **sorted, **beyond;
    size_t count = 0;

    sorted = arena_alloc(arena, other->hit_count * sizeof(*sorted));
    beyond = arena_alloc(arena, decision->hit_count * sizeof(*beyond));
    for (size_t i = 0; i < other->hit_count; i++)
        sorted[i] = other->hits[i];
    if (other->hit_count > 1)
        qsort(sorted, other->hit_count, sizeof(*sorted), by_key);
    for (size_t i = 0; i < decision->hit_count; i++)
        if (!bsearch(&decision->hits[i], sorted, other->hit_count, sizeof(*sorted), by_key))
            beyond[count++] = decision->hits[i];
    return (struct hits){beyond, count};
}

/* -- telling -- */

static void
write_count(const char *key, size_t count, struct buffer *out)
{
    json_key(out, key);
    json_int(out, (int64_t)count);
}

static void
write_rules(const struct decision *decision, struct buffer *out)
{
    json_key(out, "rules");
    json_open(out, '[');
    for (const struct fired_rule *rule = decision->rules; rule; rule = rule->next)
        json_string(out, rule->id);
    json_close(out, ']');
}

static void
write_amount(const struct policy_payment *payment, struct buffer *out)
{
    char value[MONEY_TEXT_SIZE];

    money_print(payment->amount_minor, payment->currency, value);
    json_key(out, "amount");
    json_open(out, '{');
    json_member(out, "currency", payment->currency);
    json_member(out, "value", value);
    json_close(out, '}');
}

static void
write_pair(const struct pair *pair, struct buffer *out)
{
    char at[INSTANT_TEXT_SIZE];

    instant_print(pair->record->at_ms, at);
    json_open(out, '{');
    json_member(out, "id", pair->record->id);
    json_member(out, "uetr", pair->record->uetr);
    json_member(out, "decided_at", at);
    write_amount(&pair->payment->record, out);
    json_member(out, "from", action_name(pair->active.action));
    json_member(out, "to", action_name(pair->candidate.action));
    write_rules(&pair->candidate, out);
    json_key(out, "hits_added");
    answer_write_hits(pair->added.list, pair->added.count, out);
    json_key(out, "hits_gone");
    answer_write_hits(pair->gone.list, pair->gone.count, out);
    json_close(out, '}');
}

static void
write_moves(const struct impact *impact, struct buffer *out)
{
    json_key(out, "moves");
    json_open(out, '[');
    for (int from = 0; from < ACTION_COUNT; from++)
        for (int to = 0; to < ACTION_COUNT; to++) {
            if (impact->moves[from][to] == 0)
                continue;
            json_open(out, '{');
            json_member(out, "from", action_name((enum policy_action)from));
            json_member(out, "to", action_name((enum policy_action)to));
            write_count("count", impact->moves[from][to], out);
            json_close(out, '}');
        }
    json_close(out, ']');
}

static void
impact_write(struct impact *impact, struct buffer *out)
{
    write_count("payments", impact->judged, out);
    write_count("unread", impact->unread, out);
    write_count("flips", impact->flips, out);
    write_count("hits_changed", impact->hits_changed, out);
    write_moves(impact, out);
    json_close(&impact->data, ']');
    json_key(out, "data");
    json_raw(out, impact->data.data, impact->data.len);
}

/* -- judging -- */

static void
pair_count(struct impact *impact, const struct pair *pair)
{
    bool flips = pair->active.action != pair->candidate.action;
    bool hits_changed = pair->added.count + pair->gone.count > 0;

    impact->judged++;
    impact->flips += flips;
    impact->hits_changed += hits_changed;
    if (flips)
        impact->moves[pair->active.action][pair->candidate.action]++;
    if ((flips || hits_changed) && impact->told < impact->limit &&
        impact->data.len < IMPACT_DATA_BYTES_MAX) {
        impact->told++;
        write_pair(pair, &impact->data);
    }
}

/* By snapshot_judge(), which knows of no wish (V2). */
static void
entry_judge(struct impact *impact, const struct snapshot *active,
            const struct store_entry *entry)
{
    struct arena *arena = &impact->step;
    uint64_t seed = impact->bank->seed;
    struct error unread = {0};
    struct payment *payment;
    struct record record;
    struct pair pair;

    arena_reset(arena);
    if (record_read(entry->body, entry->body_len, arena, &record, &unread) != 0 ||
        bank_read_request(arena, &record, &payment, &unread) != 0) {
        impact->unread++;
        return;
    }
    pair = (struct pair){.record = &record, .payment = payment};
    snapshot_judge(active, &payment->record, record.at_ms, seed, NULL, arena, &pair.active);
    snapshot_judge(impact->candidate, &payment->record, record.at_ms, seed, NULL, arena,
                   &pair.candidate);
    pair.added = hits_beyond(&pair.candidate, &pair.active, arena);
    pair.gone = hits_beyond(&pair.active, &pair.candidate, arena);
    pair_count(impact, &pair);
}

/* -- pages -- */

struct page {
    struct reader_job job;
    struct waiter waiter;
    struct store_filter filter;
    size_t limit;
    struct arena arena; /* lent to the reader */
    struct store_entry *entries;
    size_t count;
    struct error err;
};

static void
page_run(struct reader_job *job, struct store *store)
{
    struct page *page = (struct page *)(void *)((char *)job - offsetof(struct page, job));
    int rc = store->ops->list(store, &page->filter, page->limit, &page->arena, &page->entries,
                              &page->count, &page->err);

    waiter_done(&page->waiter, rc);
}

static int
page_read(struct bank *bank, struct page *page, struct error *err)
{
    if (atomic_load(&bank->closing))
        return error_set(err, ERROR_BUSY, "the gateway is shutting down");
    arena_reset(&page->arena);
    waiter_init(&page->waiter, 1);
    page->job.run = page_run;
    if (reader_submit(bank->reader, &page->job, &page->err) != 0)
        waiter_done(&page->waiter, -1);
    if (waiter_wait(&page->waiter) == 0)
        return 0;
    *err = page->err;
    return -1;
}

static int
page_judge(struct impact *impact, const struct page *page, struct error *err)
{
    const struct in_force *force = bank_enter(impact->bank);
    int rc = 0;

    if (!force->active)
        rc =
            error_set(err, ERROR_BUSY, "no policy is in force to compare with: %s", force->why);
    for (size_t i = 0; i < page->count && rc == 0; i++)
        entry_judge(impact, force->active, &page->entries[i]);
    bank_leave();
    return rc;
}

/* Is there a page behind this one?  A last_seq of 0 would be that of all. */
static bool
page_next(struct page *page)
{
    if (page->count == 0 || page->entries[page->count - 1].seq == 1)
        return false;
    page->filter.last_seq = page->entries[page->count - 1].seq - 1;
    return true;
}

static int
impact_run(struct impact *impact, size_t payments, struct error *err)
{
    struct page page = {.filter = {.from_ms = INT64_MIN,
                                   .to_ms = INT64_MAX,
                                   .bytes_max = PAGE_BYTES,
                                   .newest_first = true}};
    size_t left = payments;
    int rc = -1;

    do {
        page.limit = left < PAGE_PAYMENTS ? left : PAGE_PAYMENTS;
        if (page_read(impact->bank, &page, err) != 0 || page_judge(impact, &page, err) != 0)
            goto out;
        left -= page.count;
    } while (left > 0 && page_next(&page));
    rc = 0;
out:
    arena_release(&page.arena);
    return rc;
}

int
bank_impact(struct bank *bank, const struct snapshot *candidate, size_t payments, size_t limit,
            struct buffer *out, struct error *err)
{
    struct impact impact = {.bank = bank, .candidate = candidate, .limit = limit};
    int rc;

    assert(payments <= IMPACT_PAYMENTS_MAX && limit <= IMPACT_LIMIT_MAX);
    buffer_init(&impact.data, &impact.kept, DATA_BYTES_FIRST);
    json_open(&impact.data, '[');
    rc = impact_run(&impact, payments, err);
    if (rc == 0)
        impact_write(&impact, out);
    arena_release(&impact.step);
    arena_release(&impact.kept);
    return rc;
}
