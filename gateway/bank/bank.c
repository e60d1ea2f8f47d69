/* bank.c - putting the bank together, and judging. */
#include "gateway/bank/bank_private.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/bank/answer.h"
#include "gateway/bank/pretend.h"
#include "gateway/base/log.h"
#include "gateway/base/metrics.h"
#include "gateway/base/waiter.h"
#include "gateway/payment/codes.h"
#include "gateway/payment/life.h"
#include "policy/decisive.h"

/* What has come of a payment, as far as memory goes. */
static enum memory_outcome
outcome_of(enum payment_state state)
{
    if (state == PAYMENT_CANCELLED)
        return MEMORY_CANCELLED;
    return payment_outcome(state) == OUTCOME_BLOCKED ? MEMORY_REFUSED : MEMORY_OPEN;
}

struct remembering {
    struct bank *bank;
    uint64_t unreadable; /* the first record whose note is none; 0: none */
    struct error why;
};

static void
remember_note(struct remembering *remembering, const struct store_entry *entry)
{
    struct bank *bank = remembering->bank;
    struct stand stand;
    struct error why;
    uint64_t note;

    if (entry->note_len == 0 || !standing_find(bank->standing, entry->seq, &stand))
        return;
    if (history_load(bank->history, entry->note, entry->note_len, entry->at_ms,
                     outcome_of(stand.state), &note, &why) == 0) {
        standing_remember(bank->standing, entry->seq, note);
    } else if (remembering->unreadable == 0) {
        remembering->unreadable = entry->seq;
        remembering->why = why;
    }
}

/* At start, once the events are known: what the store holds is known without asking it. */
static void
remember(void *context, const struct store_entry *entry)
{
    struct remembering *remembering = context;
    struct bank *bank = remembering->bank;

    fingerprints_load(bank->uetrs, entry->fingerprint, entry->seq);
    if (entry->key_fingerprint != 0)
        fingerprints_load(bank->keys, entry->key_fingerprint, entry->seq);
    standing_take(bank->standing, entry);
    clock_resume(&bank->clock, entry->at_ms);
    remember_note(remembering, entry);
}

static void
remember_event(void *context, const struct store_entry *entry)
{
    struct bank *bank = context;

    standing_take(bank->standing, entry);
    clock_resume(&bank->clock, entry->at_ms);
}

/* A bank that has forgotten some of its payments would judge others by less. */
static int
remember_all(struct bank *bank, const char *where, struct error *err)
{
    struct remembering remembering = {.bank = bank};
    struct store *store = bank->store;

    if (store->ops->scan_events(store, remember_event, bank, err) != 0 ||
        store->ops->scan(store, remember, &remembering, err) != 0)
        return -1;
    if (remembering.unreadable != 0)
        return error_set(err, ERROR_INVALID,
                         "store %s: record %llu: what is remembered of it cannot be read: %s; "
                         "put a sound copy of the store in its place, or choose another with "
                         "--store",
                         where, (unsigned long long)remembering.unreadable,
                         remembering.why.text);
    return 0;
}

static void
remember_due(void *context, uint64_t seq, int64_t due_ms)
{
    struct bank *bank = context;

    schedule_add(bank->schedule, seq, due_ms);
}

void
bank_give_up(struct bank *bank, uint64_t seq, const struct stand *stand)
{
    if (standing_give_up(bank->standing, seq)) /* or it is in the schedule still */
        schedule_add(bank->schedule, seq, stand->due_ms);
}

int
bank_submit_event(struct bank *bank, const struct stand *stand, struct writer_job *job,
                  struct error *err)
{
    enum memory_outcome outcome = outcome_of((enum payment_state)job->entry.state);
    struct history_change change;
    bool changes =
        outcome != MEMORY_OPEN && history_change(bank->history, stand->note, outcome, &change);
    int rc = writer_submit(bank->writer, job, err);

    if (changes && rc != 0)
        history_unchange(&change);
    if (changes)
        history_changed(&change);
    return rc;
}

void
bank_event_written(struct bank *bank, const struct stand *stand,
                   const struct store_entry *entry, int rc)
{
    if (rc == 0) {
        standing_take(bank->standing, entry);
        schedule_add(bank->schedule, entry->payment_seq, entry->due_ms);
        return;
    }
    if (outcome_of(stand->state) == MEMORY_OPEN)
        history_reopen(bank->history, stand->note);
    bank_give_up(bank, entry->payment_seq, stand);
}

static const char *
kept(struct bank *bank, const char *text)
{
    return text ? arena_copy(&bank->arena, text, strlen(text)) : NULL;
}

/* A reload looks where the start looked. */
static void
keep_sources(struct bank *bank, const struct snapshot_sources *sources)
{
    const char **policies =
        arena_alloc(&bank->arena, (sources->policy_count + 1) * sizeof(*policies));

    bank->sources = *sources;
    bank->sources.book = kept(bank, sources->book);
    bank->sources.plugin_path = kept(bank, sources->plugin_path);
    bank->sources.pack_path = kept(bank, sources->pack_path);
    bank->sources.goods_path = kept(bank, sources->goods_path);
    for (size_t i = 0; i < sources->policy_count; i++)
        policies[i] = kept(bank, sources->policies[i]);
    bank->sources.policies = policies;
}

static int
open_rollout(struct bank *bank, bool reset, struct error *err)
{
    const struct rollout_options options = {
        .sources = &bank->sources,
        .store = bank->store,
        .reader = bank->reader,
        .writer = bank->writer,
        .clock = &bank->clock,
        .reset = reset,
    };

    return rollout_open(&options, &bank->rollout, err);
}

/* Their file lies beside the store. */
static int
open_webhooks(struct bank *bank, const struct bank_options *bank_options, struct error *err)
{
    const char *sqlite = "sqlite:", *store = bank_options->store;
    const struct webhooks_options options = {
        .path = strncmp(store, sqlite, strlen(sqlite)) == 0
                    ? arena_printf(&bank->arena, "%s-webhooks", store + strlen(sqlite))
                    : NULL,
        .events = bank->events,
        .reader = bank->reader,
        .retry_ms = bank_options->webhook_retry_ms,
    };

    return webhooks_open(&options, &bank->webhooks, err);
}

static void
log_open(struct bank *bank, const struct bank_options *options)
{
    const struct snapshot *active = bank_enter(bank)->active;

    log_info("bank.open", "book=%s snapshot=%s store=%s payments=%zu clock=%s seed=%llu",
             active ? snapshot_book_name(active) : "none",
             active ? snapshot_digest(active) : "none", options->store,
             fingerprints_count(bank->uetrs), options->clock,
             (unsigned long long)options->seed);
    bank_leave();
}

int
bank_open(const struct bank_options *options, struct bank **out, struct error *err)
{
    struct bank *bank = calloc(1, sizeof(*bank));
    int rc = -1;

    *out = NULL;
    if (!bank)
        abort();
    bank->seed = options->seed;
    bank->simulate = options->simulate;
    bank->uetrs = fingerprints_new();
    bank->keys = fingerprints_new();
    bank->standing = standing_new();
    bank->schedule = schedule_new(bank);
    bank->history = history_new();
    keep_sources(bank, &options->sources);
    bank->sources.listings = bank->listings = listings_new(&options->lists);
    if (clock_init(&bank->clock, options->clock, err) != 0 ||
        store_open(options->store, options->seed, &bank->store, err) != 0 ||
        remember_all(bank, options->store, err) != 0 ||
        reader_open(bank->store, &bank->reader, err) != 0 ||
        writer_open(bank->store, &bank->writer, err) != 0)
        goto out;
    bank->events = events_new(bank->writer);
    if (open_rollout(bank, options->reset, err) != 0 || open_webhooks(bank, options, err) != 0)
        goto out;
    standing_each_due(bank->standing, remember_due, bank);
    if (schedule_start(bank->schedule, err) != 0)
        goto out;
    log_open(bank, options);
    *out = bank;
    bank = NULL;
    rc = 0;
out:
    bank_close(bank);
    return rc;
}

void
bank_close(struct bank *bank)
{
    if (!bank)
        return;
    atomic_store(&bank->closing, true);
    rollout_stop(bank->rollout);   /* it asks reader and writer */
    schedule_stop(bank->schedule); /* likewise */
    webhooks_stop(bank->webhooks);
    reader_stop(bank->reader);  /* a read may still hand in a write */
    writer_close(bank->writer); /* what is done then adds to the schedule, may ask to read */
    reader_close(bank->reader);
    schedule_free(bank->schedule);
    events_free(bank->events);
    webhooks_free(bank->webhooks);
    if (bank->store)
        bank->store->ops->close(bank->store);
    rollout_free(bank->rollout);
    listings_free(bank->listings);
    arena_release(&bank->arena);
    standing_free(bank->standing);
    fingerprints_free(bank->uetrs);
    fingerprints_free(bank->keys);
    history_free(bank->history);
    free(bank);
}

struct clock *
bank_clock(struct bank *bank)
{
    return &bank->clock;
}

void
bank_wait(struct bank *bank, struct schedule_wait *wait)
{
    schedule_until(bank->schedule, wait);
}

const struct in_force *
bank_enter(struct bank *bank)
{
    return rollout_enter(bank->rollout);
}

void
bank_leave(void)
{
    rollout_leave();
}

struct rollout *
bank_rollout(struct bank *bank)
{
    return bank->rollout;
}

struct listings *
bank_listings(struct bank *bank)
{
    return bank->listings;
}

/* A reload that somebody waits for. */
struct reloading {
    struct rollout_request request;
    struct waiter waiter;
};

static void
reload_done(struct rollout_request *request)
{
    struct reloading *reloading =
        (struct reloading *)(void *)((char *)request - offsetof(struct reloading, request));

    waiter_done(&reloading->waiter, 0); /* what came of it is in the request */
}

int
bank_reload(struct bank *bank, struct error *err)
{
    struct arena arena = {0};
    struct reloading reloading = {
        .request = {.arena = &arena, .verb = ROLLOUT_DO_RELOAD, .done = reload_done},
    };

    waiter_init(&reloading.waiter, 1);
    rollout_submit(bank->rollout, &reloading.request);
    waiter_wait(&reloading.waiter);
    arena_release(&arena);
    if (reloading.request.result == ROLLOUT_DONE) {
        metric_add(METRIC_RELOAD_TOTAL, 1);
        return 0;
    }
    *err = reloading.request.err;
    metric_add(METRIC_RELOAD_REFUSED_TOTAL, 1);
    log_error("bank.reload", "refused=\"%s\": what was in force stays", err->text);
    return -1;
}

struct events *
bank_events(struct bank *bank)
{
    return bank->events;
}

int
bank_events_page(struct bank *bank, struct events_page *page, struct error *err)
{
    return events_page(bank->reader, page, err);
}

struct webhooks *
bank_webhooks(struct bank *bank)
{
    return bank->webhooks;
}

bool
bank_simulates(const struct bank *bank)
{
    return bank->simulate;
}

int
bank_ready(struct bank *bank, struct error *err)
{
    const struct in_force *force;
    int rc = 0;

    if (!writer_healthy(bank->writer))
        return error_set(err, ERROR_BUSY, "the store cannot write; see the log");
    force = bank_enter(bank);
    if (!force->active)
        rc = error_set(err, ERROR_BUSY, "no policy is in force: %s", force->why);
    bank_leave();
    return rc;
}

void
bank_judge_again(const struct bank *bank, const struct snapshot *snapshot,
                 const struct payment *payment, int64_t now_ms, struct facts_memory *memory,
                 struct arena *arena, struct decision *decision)
{
    snapshot_judge(snapshot, &payment->record, now_ms, bank->seed, memory, arena, decision);
    if (bank_pretends(bank, payment, decision))
        bank_pretend(bank, snapshot, payment, now_ms, arena, decision);
}

void
bank_judge(const struct bank *bank, const struct in_force *force, const struct payment *payment,
           int64_t now_ms, enum shadow_traffic traffic, struct facts_memory *memory,
           struct arena *arena, struct decision *decision)
{
    snapshot_judge(force->active, &payment->record, now_ms, bank->seed, memory, arena,
                   decision);

    for (size_t i = 0; i < force->shadow_count; i++)
        shadow_judge(force->shadows[i], &payment->record, now_ms, bank->seed, traffic, decision,
                     memory, arena);
    if (bank_pretends(bank, payment, decision))
        bank_pretend(bank, force->active, payment, now_ms, arena, decision);
    if (decision->error_count > 0)
        metric_add(METRIC_POLICY_ERROR_TOTAL, (int64_t)decision->error_count);
    if (decision->hit_count > 0)
        metric_add(METRIC_HIT_TOTAL, (int64_t)decision->hit_count);
}

void
bank_explain(const struct bank *bank, const struct snapshot *snapshot,
             const struct payment *payment, int64_t now_ms, struct facts_memory *memory,
             struct arena *arena, struct decision *decision)
{
    if (!bank_pretends(bank, payment, decision))
        decisive_find(snapshot, &payment->record, now_ms, bank->seed, memory, arena, decision);
}

int
bank_evaluate_by(struct bank *bank, const struct snapshot *snapshot,
                 const struct payment *payment, bool explain, struct buffer *answer,
                 struct error *err)
{
    struct history_visit visit;
    struct decision decision;
    int64_t now_ms;

    if (clock_of_payment(&bank->clock, payment->record.created_at_ms, &now_ms, err) != 0)
        return -1;
    history_visit(bank->history, &payment->record, now_ms, answer->arena, &visit);
    bank_judge_again(bank, snapshot, payment, now_ms, &visit.memory, answer->arena, &decision);
    if (explain)
        bank_explain(bank, snapshot, payment, now_ms, &visit.memory, answer->arena, &decision);
    history_leave(&visit);
    answer_write("", payment, &decision, now_ms, answer);
    metric_add(METRIC_EVALUATION_TOTAL, 1);
    return 0;
}

/* Between enter and leave. */
static int
evaluate_in(struct bank *bank, const struct in_force *force, const struct payment *payment,
            bool explain, struct buffer *answer, struct error *err)
{
    struct history_visit visit;
    struct decision decision;
    int64_t now_ms;

    if (!force->active)
        return error_set(err, ERROR_BUSY, "no policy is in force: %s", force->why);
    if (clock_of_payment(&bank->clock, payment->record.created_at_ms, &now_ms, err) != 0)
        return -1;
    history_visit(bank->history, &payment->record, now_ms, answer->arena, &visit);
    bank_judge(bank, force, payment, now_ms, SHADOW_EVALUATION, &visit.memory, answer->arena,
               &decision);
    if (explain)
        bank_explain(bank, force->active, payment, now_ms, &visit.memory, answer->arena,
                     &decision);
    history_leave(&visit);
    answer_write("", payment, &decision, now_ms, answer);
    metric_add(METRIC_EVALUATION_TOTAL, 1);
    return 0;
}

int
bank_evaluate(struct bank *bank, const struct payment *payment, bool explain,
              struct buffer *answer, struct error *err)
{
    int rc = evaluate_in(bank, bank_enter(bank), payment, explain, answer, err);

    bank_leave();
    return rc;
}
