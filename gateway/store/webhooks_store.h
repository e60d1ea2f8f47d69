/*
 * webhooks_store.h - what must outlive the gateway of webhooks.
 *
 * A small SQLite file beside the store: who wants to be told what, how far each
 * has been told, and what could not be delivered.  One thread uses it.
 *
 *   K1  webhooks_store_put(), _drop() and _set_state() return 0 once it is on disk.
 *   K2  a cursor may be found older after a crash, never newer than a dead letter before it:
 *       what is written comes back in the order in which it was written.
 */
#ifndef GATEWAY_STORE_WEBHOOKS_STORE_H
#define GATEWAY_STORE_WEBHOOKS_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/error.h"

struct webhooks_store;

/* Strings are valid during the call they are handed to. */
struct webhook_row {
    const char *id;
    const char *url;
    const char *secret;     /* as shown: whsec_… */
    const char *definition; /* JSON: what it wants to be told */
    int64_t created_ms;
    uint64_t cursor; /* all up to this seq is delivered or a dead letter */
    bool disabled;
};

struct webhook_letter {
    uint64_t seq;
    uint64_t payment; /* equal for events of one payment */
    int64_t at_ms;
    int attempts;
    const char *why;
};

/* path NULL: nothing outlives the gateway. */
int webhooks_store_open(const char *path, struct webhooks_store **out, struct error *err)
    __attribute__((warn_unused_result));
void webhooks_store_close(struct webhooks_store *store); /* takes NULL */

/* All webhooks, by the order of their making. */
int webhooks_store_each(struct webhooks_store *store,
                        void (*each)(void *context, const struct webhook_row *row),
                        void *context, struct error *err) __attribute__((warn_unused_result));

int webhooks_store_put(struct webhooks_store *store, const struct webhook_row *row,
                       struct error *err) __attribute__((warn_unused_result));
/* With its dead letters. */
int webhooks_store_drop(struct webhooks_store *store, const char *id, struct error *err)
    __attribute__((warn_unused_result));
int webhooks_store_set_state(struct webhooks_store *store, const char *id, bool disabled,
                             struct error *err) __attribute__((warn_unused_result));

/* Cursors, many at once: begin, move each, commit. */
int webhooks_store_begin(struct webhooks_store *store, struct error *err)
    __attribute__((warn_unused_result));
int webhooks_store_move(struct webhooks_store *store, const char *id, uint64_t cursor,
                        struct error *err) __attribute__((warn_unused_result));
int webhooks_store_commit(struct webhooks_store *store, struct error *err)
    __attribute__((warn_unused_result));

/* A dead letter is kept; a known one (by seq) is replaced. */
int webhooks_store_bury(struct webhooks_store *store, const char *id,
                        const struct webhook_letter *letter, struct error *err)
    __attribute__((warn_unused_result));
/* It was delivered after all. */
int webhooks_store_unbury(struct webhooks_store *store, const char *id, uint64_t seq,
                          struct error *err) __attribute__((warn_unused_result));
/* Dead letters behind after_seq by rising seq, limit at most. */
int webhooks_store_letters(struct webhooks_store *store, const char *id, uint64_t after_seq,
                           size_t limit,
                           void (*each)(void *context, const struct webhook_letter *letter),
                           void *context, struct error *err)
    __attribute__((warn_unused_result));
/* How many there are. */
int webhooks_store_count(struct webhooks_store *store, const char *id, int64_t *count,
                         struct error *err) __attribute__((warn_unused_result));

#endif
