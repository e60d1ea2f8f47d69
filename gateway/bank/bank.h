/*
 * bank.h - the simulated bank: judge a payment, keep it, find it again.
 *
 * It knows nothing of sockets or status codes.  Everything that touches the
 * disk is asynchronous: the caller hands in a request with a done() and gets
 * it back, on the writer's or the reader's thread, or on its own before the
 * call returns.
 *
 *   B1  done() is called exactly once for each request handed in.
 *   B2  SUBMIT_STORED and SUBMIT_REPLAYED are said only of what is on disk.
 *   B3  a uetr is stored once, whatever races, retries or restarts.
 *   B4  no error path ends in an approval.
 *   B5  a payment is judged by one snapshot, whatever is reloaded meanwhile.
 */
#ifndef GATEWAY_BANK_BANK_H
#define GATEWAY_BANK_BANK_H

#include <stdbool.h>
#include <stdint.h>

#include "gateway/bank/ident.h"
#include "gateway/bank/schedule.h"
#include "gateway/base/arena.h"
#include "gateway/base/buffer.h"
#include "gateway/base/error.h"
#include "gateway/base/time.h"
#include "gateway/payment/life.h"
#include "gateway/payment/payment.h"
#include "gateway/rollout/rollout.h"
#include "gateway/store/reader.h"
#include "gateway/store/store.h"
#include "gateway/store/writer.h"
#include "policy/screening/listing.h"
#include "policy/snapshot.h"

struct bank;
struct events;
struct events_page;
struct webhooks;

struct bank_options {
    const char *store; /* "sqlite:PATH" or "memory" */
    const char *clock; /* see clock_init() */
    uint64_t seed;
    bool simulate;                   /* honour a payment's simulate object */
    int64_t webhook_retry_ms;        /* before the first retry; 0: the usual */
    bool reset;                      /* the files count again: see rollout.h */
    struct snapshot_sources sources; /* listings is the bank's own */
    struct listings_options lists;   /* what it leads to outlives the bank */
};

/*
 * Policies that cannot be loaded open a bank that decides nothing, and bank_ready() says
 * why; a plugin that cannot be used, a clock or a store, open none.
 */
int bank_open(const struct bank_options *options, struct bank **out, struct error *err)
    __attribute__((warn_unused_result));

/*
 * Waits for what was handed in, of which a bank_impact() ends early; no request may come
 * after.  Takes NULL.
 */
void bank_close(struct bank *bank);

struct clock *bank_clock(struct bank *bank);

/*
 * Move a manual clock, or wait for what is due: see schedule_until().  done() is called on
 * a thread of the bank's.
 */
void bank_wait(struct bank *bank, struct schedule_wait *wait);

/*
 * What is in force, alive until bank_leave() on the same thread; what a decision
 * points to in it must have been written out by then.  Not nested.
 */
const struct in_force *bank_enter(struct bank *bank);
void bank_leave(void);

/* What changes it. */
struct rollout *bank_rollout(struct bank *bank);

/* What is said of lists that were refused: listings_alarms(). */
struct listings *bank_listings(struct bank *bank);

/*
 * Read book, packs, plugins and goods tables again from where they were at the
 * start and put them in force as a whole, with what was activated: each payment is
 * judged by the old or the new.  A set that does not load changes nothing and says
 * why.  Takes as long as a start does; for a thread that may wait.
 */
int bank_reload(struct bank *bank, struct error *err) __attribute__((warn_unused_result));

/* Who listens to what happens, and a page of what has happened: events.h. */
struct events *bank_events(struct bank *bank);
int bank_events_page(struct bank *bank, struct events_page *page, struct error *err)
    __attribute__((warn_unused_result));

/* Who is told of them by POST: webhooks.h. */
struct webhooks *bank_webhooks(struct bank *bank);

bool bank_simulates(const struct bank *bank);

/* How long the caller wants to be kept waiting; 0 where nothing is simulated. */
int64_t bank_delay_ms(const struct bank *bank, const struct payment *payment);

/* 0 when payments can be decided and stored; else why not. */
int bank_ready(struct bank *bank, struct error *err) __attribute__((warn_unused_result));

/*
 * Judge without storing.  Writes the answer, without id, into *answer; explain
 * adds the facts that were decisive (policy/decisive.h).  ERROR_BUSY where nothing is
 * in force; ERROR_INVALID where the bank's clock follows the payments and this one has
 * no usable created_at.
 */
int bank_evaluate(struct bank *bank, const struct payment *payment, bool explain,
                  struct buffer *answer, struct error *err) __attribute__((warn_unused_result));

/* The same by a snapshot that the caller has, out of what is in force. */
int bank_evaluate_by(struct bank *bank, const struct snapshot *snapshot,
                     const struct payment *payment, bool explain, struct buffer *answer,
                     struct error *err) __attribute__((warn_unused_result));

enum submit_result {
    SUBMIT_STORED,    /* decided now; answer is on disk */
    SUBMIT_REPLAYED,  /* the same request was stored before: its first answer */
    SUBMIT_IN_FLIGHT, /* the same uetr or key is being decided just now */
    SUBMIT_MISMATCH,  /* the uetr or key is known with another body */
    SUBMIT_NO_TIME,   /* created_at is missing or too old for the payment clock */
    SUBMIT_BUSY,      /* a queue is full */
    SUBMIT_FAILED,    /* the store could not write or read */
};

/* One payment on its way in.  Lives, with its arena, until done() was called. */
struct submission {
    /* In. */
    struct arena *arena; /* lent: used by one thread at a time */
    const struct payment *payment;
    const char *request; /* the body as it came; must live until done() */
    size_t request_len;
    const char *key;       /* Idempotency-Key, "" if none */
    const char *key_scope; /* what the key is unique within: API key and path */
    void (*done)(struct submission *submission);

    /* Out. */
    enum submit_result result;
    const char *answer; /* STORED, REPLAYED: on the arena */
    size_t answer_len;
    char id[IDENT_TEXT_SIZE]; /* STORED, REPLAYED */
    struct error err;         /* the other results: a sentence */

    /* The bank's. */
    struct bank *bank;
    struct writer_job write;
    struct reader_job read;
    struct schedule_wait wait;
    struct ident ident; /* without its time until decided */
    uint64_t key_fingerprint;
    char key_digest[SHA256_HEX_SIZE];
    bool key_claimed, uetr_claimed;
    bool key_checked; /* the key is ours or absent: next is the uetr */
    uint64_t matches[8], refuted[8];
    size_t match_count, refuted_count;
    enum payment_outcome outcome;
    uint64_t note; /* in the bank's memory */
};

void bank_submit(struct bank *bank, struct submission *submission);

/*
 * Find one payment, or list many.  A listing holds whole records while it is
 * read; it ends a page early rather than hold much more than this.
 */
#define LOOKUP_BYTES_MAX 2097152

struct lookup_row {
    uint64_t seq;
    const char *answer; /* on the arena */
    size_t answer_len;
};

struct lookup {
    /* In. */
    struct arena *arena; /* lent: used by one thread at a time */
    enum { LOOKUP_ID, LOOKUP_UETR, LOOKUP_LIST } by;
    struct ident id;            /* LOOKUP_ID */
    uint8_t uetr[16];           /* LOOKUP_UETR; a listing of one or none */
    struct store_filter filter; /* LOOKUP_LIST and LOOKUP_UETR; strings must live */
    size_t limit;
    bool explain; /* by id or uetr: with the decisive facts, if the decision is still ours */
    void (*done)(struct lookup *lookup);

    /* Out: rc 0, or -1 with err.  Not found by id or uetr is rc 0 and count 0. */
    int rc;
    struct error err;
    struct lookup_row *rows;
    size_t count;
    bool cut; /* a listing ended early: more may follow the last row */

    /* The bank's. */
    struct bank *bank;
    struct reader_job read;
    uint64_t matches[8];
    size_t match_count;
};

void bank_lookup(struct bank *bank, struct lookup *lookup);

#endif
