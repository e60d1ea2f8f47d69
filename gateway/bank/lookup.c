/* lookup.c - reading payments back, on the reader's thread. */
#include <stddef.h>
#include <string.h>

#include "gateway/bank/answer.h"
#include "gateway/bank/bank_private.h"
#include "gateway/bank/dossier.h"
#include "gateway/store/record.h"

#define ANSWER_BYTES_MORE 512  /* for the decisive facts, generously */
#define VIEW_BYTES_MORE   1024 /* for events, likewise */

#define lookup_of(pointer)                                                                     \
    ((struct lookup *)(void *)((char *)(pointer)-offsetof(struct lookup, read)))

static bool
passes(const struct store_filter *filter, const struct store_entry *entry,
       enum payment_state state)
{
    return entry->seq > filter->after_seq &&
           (filter->states == 0 || (filter->states & 1u << state)) &&
           entry->at_ms >= filter->from_ms && entry->at_ms < filter->to_ms &&
           (filter->currency[0] == '\0' || strcmp(filter->currency, entry->currency) == 0) &&
           (filter->debtor_country[0] == '\0' ||
            strcmp(filter->debtor_country, entry->debtor_country) == 0);
}

/* Make a row of what was read: the payment as it stands now. */
static int
lookup_row(struct lookup *lookup, struct store *store, const struct store_entry *entry,
           struct dossier *dossier, struct lookup_row *row)
{
    struct stand stand;

    if (!standing_find(lookup->bank->standing, entry->seq, &stand)) /* only just stored */
        stand.state = (enum payment_state)entry->state;
    if (dossier_join(store, entry, &stand, lookup->arena, dossier, &lookup->err) != 0)
        return -1;
    *row = (struct lookup_row){entry->seq, dossier->record.answer, dossier->record.answer_len};
    return 0;
}

static void
lookup_view(struct lookup *lookup, const struct dossier *dossier, struct lookup_row *row)
{
    struct buffer view;

    if (dossier->event_count == 0)
        return;
    buffer_init(&view, lookup->arena, row->answer_len + VIEW_BYTES_MORE);
    dossier_view(dossier, row->answer, row->answer_len, NULL, lookup->by != LOOKUP_LIST, &view);
    row->answer = view.data;
    row->answer_len = view.len;
}

/*
 * Judged again, the payment gets the very bytes that are stored?  Then snapshot,
 * seed and all else are those of then, and its facts can be weighed once more.
 * Nothing is an error here: the stored answer stands as it is.
 */
static void
lookup_explain_by(const struct lookup *lookup, const struct snapshot *snapshot,
                  const struct record *record, struct lookup_row *row)
{
    const struct bank *bank = lookup->bank;
    struct decision decision;
    struct payment *payment;
    struct error unread = {0};
    struct buffer answer;

    if (bank_read_request(lookup->arena, record, &payment, &unread) != 0)
        return;
    bank_judge_again(bank, snapshot, payment, record->at_ms, NULL, lookup->arena, &decision);
    buffer_init(&answer, lookup->arena, record->answer_len + 1);
    answer_write(record->id, payment, &decision, record->at_ms, &answer);
    if (answer.len != record->answer_len ||
        memcmp(answer.data, record->answer, answer.len) != 0)
        return;
    bank_explain(bank, snapshot, payment, record->at_ms, NULL, lookup->arena, &decision);
    buffer_init(&answer, lookup->arena, record->answer_len + ANSWER_BYTES_MORE);
    answer_write(record->id, payment, &decision, record->at_ms, &answer);
    row->answer = answer.data;
    row->answer_len = answer.len;
}

static void
lookup_explain(const struct lookup *lookup, const struct record *record, struct lookup_row *row)
{
    const struct in_force *force = bank_enter(lookup->bank);

    if (force->active)
        lookup_explain_by(lookup, force->active, record, row);
    bank_leave();
}

/* Is this the one that was asked for?  A fingerprint alone does not prove it. */
static bool
is_wanted(const struct lookup *lookup, const struct record *record)
{
    struct ident stored;
    char wanted[IDENT_TEXT_SIZE];

    if (lookup->by == LOOKUP_ID) {
        ident_print(&lookup->id, wanted);
        return strcmp(record->id, wanted) == 0;
    }
    stored = (struct ident){0};
    memcpy(stored.bytes, lookup->uetr, sizeof(lookup->uetr));
    ident_print(&stored, wanted);
    return strcmp(record->uetr, wanted) == 0;
}

static int
lookup_one(struct lookup *lookup, struct store *store)
{
    lookup->rows = arena_alloc(lookup->arena, sizeof(*lookup->rows));
    for (size_t i = 0; i < lookup->match_count; i++) {
        struct store_entry entry;
        struct dossier dossier;

        if (store->ops->read(store, lookup->matches[i], lookup->arena, &entry, &lookup->err) !=
                0 ||
            lookup_row(lookup, store, &entry, &dossier, lookup->rows) != 0)
            return -1;
        if (is_wanted(lookup, &dossier.record)) {
            lookup->count = lookup->by == LOOKUP_ID ||
                            passes(&lookup->filter, &dossier.entry, dossier.stand.state);
            if (lookup->explain && lookup->count > 0)
                lookup_explain(lookup, &dossier.record, lookup->rows);
            lookup_view(lookup, &dossier, lookup->rows);
            return 0;
        }
    }
    return 0;
}

/* What a row brings into memory. */
static size_t
bytes_of(const struct dossier *dossier)
{
    size_t bytes = dossier->entry.body_len;

    for (size_t i = 0; i < dossier->event_count; i++)
        bytes += dossier->events[i].len;
    return bytes;
}

static int
lookup_many(struct lookup *lookup, struct store *store)
{
    struct store_entry *entries;
    size_t count, shown, bytes = 0;

    lookup->filter.bytes_max = LOOKUP_BYTES_MAX;
    lookup->filter.state_now = standing_state_now;
    lookup->filter.context = lookup->bank->standing;
    if (store->ops->list(store, &lookup->filter, lookup->limit, lookup->arena, &entries, &count,
                         &lookup->err) != 0)
        return -1;
    lookup->rows = arena_alloc(lookup->arena, (count + 1) * sizeof(*lookup->rows));
    for (shown = 0; shown < count && bytes < LOOKUP_BYTES_MAX; shown++) {
        struct dossier dossier;

        if (lookup_row(lookup, store, &entries[shown], &dossier, &lookup->rows[shown]) != 0)
            return -1;
        lookup_view(lookup, &dossier, &lookup->rows[shown]);
        bytes += bytes_of(&dossier);
    }
    lookup->cut = bytes >= LOOKUP_BYTES_MAX;
    lookup->count = shown;
    return 0;
}

static void
lookup_run(struct reader_job *job, struct store *store)
{
    struct lookup *lookup = lookup_of(job);

    lookup->rc =
        lookup->by == LOOKUP_LIST ? lookup_many(lookup, store) : lookup_one(lookup, store);
    lookup->done(lookup);
}

void
bank_lookup(struct bank *bank, struct lookup *lookup)
{
    uint64_t fingerprint = lookup->by == LOOKUP_UETR
                               ? ident_of_uetr(bank->seed, lookup->uetr).fingerprint
                               : lookup->id.fingerprint;

    lookup->bank = bank;
    lookup->count = 0;
    lookup->cut = false;
    lookup->rc = 0;
    lookup->read.run = lookup_run;
    if (lookup->by != LOOKUP_LIST) {
        lookup->match_count = fingerprints_find(bank->uetrs, fingerprint, lookup->matches);
        if (lookup->match_count == 0) {
            lookup->done(lookup);
            return;
        }
    }
    if (reader_submit(bank->reader, &lookup->read, &lookup->err) != 0) {
        lookup->rc = -1;
        lookup->done(lookup);
    }
}
