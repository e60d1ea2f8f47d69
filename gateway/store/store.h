/*
 * store.h - where records are kept.
 *
 * A record is written once and never changed.  It has a sequence number (1, 2,
 * 3 … without gaps), a chain hash, the few columns that listings filter by,
 * and its bytes: a JSON head line, the request as it came and the answer as it
 * was given (record.h writes and reads that layout).
 *
 * One interface, several backends: sqlite for one machine, memory for tests,
 * postgres later.  A backend is a table of functions and a file of its own.
 * Every backend promises, and tests/store/ checks on all of them:
 *
 *   S1  append is all or nothing: it returns 0 with every entry stored, or -1
 *       with none.
 *   S2  after append returned 0 the entries survive kill -9 and power loss
 *       (not: memory).
 *   S3  entries come back byte for byte, in order of seq, or the newest first if asked so.
 *   S4  one thread appends; read, list, events, feed, rollouts and scan may run beside it on
 *       another.  What they see is a whole number of appends.
 */
#ifndef GATEWAY_STORE_STORE_H
#define GATEWAY_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/arena.h"
#include "gateway/base/error.h"
#include "gateway/base/hash.h"

/* Stored as numbers: append only. */
enum record_kind {
    RECORD_PAYMENT = 1,
    RECORD_EVENT = 2,   /* in a payment's life */
    RECORD_ROLLOUT = 3, /* what was put in force, and its files: rollout_record.h */
    RECORD_CLOCK = 4,   /* the bank's time was moved to at_ms */
};

struct store_entry {
    uint64_t seq;                /* set by the writer */
    uint8_t chain[SHA256_BYTES]; /* set by the writer */
    enum record_kind kind;
    /* Payments only; what a start needs again and what listings filter by. */
    uint64_t fingerprint;     /* of the uetr, also a part of the id: see bank/ */
    uint64_t key_fingerprint; /* of the Idempotency-Key; 0: none */
    int64_t at_ms;            /* decided_at */
    int state;                /* enum payment_state */
    char currency[4];
    char debtor_country[3];
    const void *note; /* what the bank remembers of it (bank/history.h); NULL without */
    size_t note_len;
    /* Payments and events: when something follows by itself; 0: nothing does. */
    int64_t due_ms;
    /* Events only: whose, the one before it of that payment (0: none), and what the bank
     * wants to know again at a start.  state and at_ms as above. */
    uint64_t payment_seq, previous_seq;
    unsigned flags;
    const char *body; /* the record's bytes */
    size_t body_len;
};

/* Unset members (-1, 0, "") do not filter. */
struct store_filter {
    uint64_t after_seq; /* only entries with a greater seq */
    uint64_t last_seq;  /* and no greater one than this; 0: any */
    unsigned states;    /* bit 1 << state for each wanted; 0: any */
    /* How a payment stands by now, for states; NULL: as it was decided. */
    int (*state_now)(void *context, uint64_t seq, int state);
    void *context;
    int64_t from_ms; /* at_ms >= from_ms; INT64_MIN: any */
    int64_t to_ms;   /* at_ms <  to_ms; INT64_MAX: any */
    const char *currency;
    const char *debtor_country;
    size_t bytes_max;  /* stop behind the entry whose body reaches it; 0: no bound */
    bool newest_first; /* by falling seq; last_seq then bounds the next page, 0 still is any */
};

struct store {
    const struct store_ops *ops;
};

struct store_ops {
    const char *name;

    /*
     * where: a path (sqlite), ignored (memory).  seed belongs to the store: ids
     * and fingerprints are made from it, so an existing store with another
     * seed is refused with a line that names both.
     */
    int (*open)(const char *where, uint64_t seed, struct store **out, struct error *err);

    /*
     * The same store to be read only, while its gateway runs or not; *seed is the
     * store's.  All but append may be called, by one thread at a time, and no
     * reading holds a place in the store's journal for longer than its call.
     */
    int (*view)(const char *where, uint64_t *seed, struct store **out, struct error *err);

    /* The last entry's seq and chain; 0 and zeros for an empty store. */
    int (*head)(struct store *store, uint64_t *seq, uint8_t chain[SHA256_BYTES],
                struct error *err);

    /* Entries carry consecutive seq from head + 1 on. */
    int (*append)(struct store *store, const struct store_entry *const *entries, size_t count,
                  struct error *err);

    /* Everything, body on the arena.  ERROR_NOT_FOUND where there is no such seq. */
    int (*read)(struct store *store, uint64_t seq, struct arena *arena, struct store_entry *out,
                struct error *err);

    /* At most limit payments that pass the filter, with bodies; by rising seq, or falling. */
    int (*list)(struct store *store, const struct store_filter *filter, size_t limit,
                struct arena *arena, struct store_entry **out, size_t *count,
                struct error *err);

    /* The same for events, by rising seq; only after_seq, last_seq and bytes_max count. */
    int (*events)(struct store *store, const struct store_filter *filter, size_t limit,
                  struct arena *arena, struct store_entry **out, size_t *count,
                  struct error *err);

    /* The same for payments and events together: all that the feed of events shows. */
    int (*feed)(struct store *store, const struct store_filter *filter, size_t limit,
                struct arena *arena, struct store_entry **out, size_t *count,
                struct error *err);

    /* The same for roll-outs, which a start wants at once, among however many others. */
    int (*rollouts)(struct store *store, const struct store_filter *filter, size_t limit,
                    struct arena *arena, struct store_entry **out, size_t *count,
                    struct error *err);

    /* Every payment by rising seq, bodies left out (NULL).  For the start. */
    int (*scan)(struct store *store,
                void (*each)(void *context, const struct store_entry *entry), void *context,
                struct error *err);

    /* The same for events and moves of the clock. */
    int (*scan_events)(struct store *store,
                       void (*each)(void *context, const struct store_entry *entry),
                       void *context, struct error *err);

    void (*close)(struct store *store); /* takes NULL */
};

extern const struct store_ops store_memory;
extern const struct store_ops store_sqlite;

/* "sqlite:PATH" or "memory" opens the right one. */
int store_open(const char *spec, uint64_t seed, struct store **out, struct error *err)
    __attribute__((warn_unused_result));

/* The same by view(). */
int store_view(const char *spec, uint64_t *seed, struct store **out, struct error *err)
    __attribute__((warn_unused_result));

#endif
