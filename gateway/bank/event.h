/*
 * event.h - what happens in a payment's life, as those see it who listen.
 *
 * A stored payment and a stored event each show as one event, whose id is the
 * record's seq.  Its text is made once and then only copied:
 *
 *     id: 17
 *     event: payment.held
 *     data: {"seq":17,"type":"payment.held","payment":…,"uetr":…,"at":…,"from":null,
 *            "outcome":…,"state":…,"iso20022":…,"disclosed_reason":…, …,"internal":{…}}
 *     (an empty line)
 *
 *   V1  the data is one line: a valid JSON object without line breaks.
 *   V2  what precedes ,"internal": (of a payment ,"decision":) may be shown to a payer,
 *       the rest may not.
 *   V3  a filter compares numbers; no text is looked at for it.
 *
 * Filters by currency, debtor_country and bank find an event of a payment's life if its
 * record names them, before "internal" or in it.
 */
#ifndef GATEWAY_BANK_EVENT_H
#define GATEWAY_BANK_EVENT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "gateway/base/arena.h"
#include "gateway/base/error.h"
#include "gateway/store/store.h"

#define EVENT_END     "}\n\n" /* what a payer is shown instead of the internal part */
#define EVENT_END_LEN 3
#define EVENT_OTHER   (1u << 31)

/* What filters compare; zero where the record does not say. */
struct event_key {
    uint8_t payment[16];
    uint8_t uetr[16];
    uint64_t bank;     /* the first 8 characters of the creditor agent's BIC */
    uint32_t type;     /* one bit; EVENT_OTHER for a type that filters do not know */
    uint32_t state;    /* one bit: 1 << enum payment_state, or EVENT_OTHER */
    uint32_t currency; /* three letters */
    uint32_t debtor_country;
};

/* What is among the keys of many: more may seem to be than is, and never less. */
struct event_marks {
    uint64_t bank, currency, debtor_country; /* a bit for a value */
    uint32_t type, state;
};

struct event {
    uint64_t seq;
    struct event_key key;
    uint32_t text;       /* where its text begins in the batch's */
    uint32_t text_len;   /* all of it, the empty line too */
    uint32_t public_len; /* so much of it for a payer, then EVENT_END */
    uint32_t json; /* where the JSON begins in its text; it ends before the last 2 bytes */
};

/* Unchanging, shared by all who read it.  Nothing between its seqs is missing. */
struct event_batch {
    atomic_int refs;
    uint64_t first_seq, last_seq;
    size_t count;
    size_t bytes; /* of memory */
    const char *text;
    struct event_marks marks; /* of all events */
    struct event events[];
};

/*
 * The events among entries, which have seqs in first_seq to last_seq; records of other kinds
 * are passed over, and so, with a line in the log, is one that cannot be read.  arena is
 * worked on and of no interest afterwards.  One reference is the caller's.
 */
struct event_batch *event_batch_new(const struct store_entry *const *entries, size_t count,
                                    uint64_t first_seq, uint64_t last_seq, struct arena *arena);
struct event_batch *event_batch_keep(struct event_batch *batch); /* one reference more */
void event_batch_free(struct event_batch *batch);                /* one less; takes NULL */

static inline const char *
event_text(const struct event_batch *batch, const struct event *event)
{
    return batch->text + event->text;
}

static inline size_t
event_json_len(const struct event *event)
{
    return event->text_len - event->json - 2;
}

/* event_filter_init(), then what is wanted. */
struct event_filter {
    struct event_key
        want; /* zero: any; of type and state all that are wanted, by default any */
    bool one_payment, one_uetr;
};

void event_filter_init(struct event_filter *filter);

/* What a payer is told of: nothing of cases, which are the bank's own. */
void event_filter_for_payer(struct event_filter *filter);

/*
 * One more condition: name is type, outcome, state, payment, uetr, currency, debtor_country
 * or bank.  type takes types and beginnings that end in a dot, with commas between, and may
 * come again.  ERROR_INVALID with a sentence that begins with the name.
 */
int event_filter_set(struct event_filter *filter, const char *name, const char *value,
                     struct error *err) __attribute__((warn_unused_result));

/* The i-th of the names there are, NULL behind the last. */
const char *event_filter_name(size_t i);

static inline bool
event_passes(const struct event_filter *filter, const struct event_key *key)
{
    return (filter->want.type & key->type) && (filter->want.state & key->state) &&
           (!filter->want.currency || filter->want.currency == key->currency) &&
           (!filter->want.debtor_country ||
            filter->want.debtor_country == key->debtor_country) &&
           (!filter->want.bank || filter->want.bank == key->bank) &&
           (!filter->one_payment || memcmp(filter->want.payment, key->payment, 16) == 0) &&
           (!filter->one_uetr || memcmp(filter->want.uetr, key->uetr, 16) == 0);
}

static inline uint64_t
event_mark(uint64_t value)
{
    return UINT64_C(1) << (value * UINT64_C(0x9E3779B97F4A7C15) >> 58);
}

/* Is there any use in looking at the events of the batch? */
static inline bool
event_batch_may_pass(const struct event_filter *filter, const struct event_batch *batch)
{
    const struct event_key *want = &filter->want;
    const struct event_marks *marks = &batch->marks;

    return (want->type & marks->type) && (want->state & marks->state) &&
           (!want->debtor_country ||
            (marks->debtor_country & event_mark(want->debtor_country))) &&
           (!want->currency || (marks->currency & event_mark(want->currency))) &&
           (!want->bank || (marks->bank & event_mark(want->bank)));
}

/* The i-th type that filters know, NULL behind the last; its bit is 1 << i. */
const char *event_type(size_t i);

/* Up to max letters, 8 at most, as a number that is equal where they are. */
uint64_t event_letters(const char *text, size_t max);

#endif
