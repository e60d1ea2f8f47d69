/*
 * catalogue.h - which versions there are, and which of them is where in its roll-out.
 *
 *   put ──► unchecked ──check──► checked ──activate──► in force
 *               │                  │  └──shadow──► judges beside what is in force
 *               └──check──► refused                 │
 *                                      rollback ◄───┘ in force is what was before
 *
 * A policy is a pack by its name, and each name has a version in force of its own; so has
 * each sanctions list.  Of books one is in force, whatever its name.  Nothing was activated
 * for a name: then the file stands for it.
 *
 * All of it follows from the roll-out's records, one after the other: a start reads
 * them again and knows what was known.  No files, no threads, no snapshots here.
 *
 *   G1  what a record says has happened; a record that cannot be is a damaged store.
 *   G2  a version is checked for good: its text never changes, it is named by its digest.
 *   G3  activations of a name are a stack: rolling back takes the last one away.
 */
#ifndef GATEWAY_ROLLOUT_CATALOGUE_H
#define GATEWAY_ROLLOUT_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/rollout/rollout_record.h"

#define ROLLOUT_NAME_MAX     64    /* characters */
#define ROLLOUT_NAMES_MAX    1000  /* policies, books and lists that records speak of */
#define ROLLOUT_VERSIONS_MAX 20000 /* of all of them together */
#define ROLLOUT_EVENTS_MAX   10000 /* in memory; older ones are in the store alone */

enum rollout_kind {
    ROLLOUT_POLICY,
    ROLLOUT_BOOK,
    ROLLOUT_LIST,
    ROLLOUT_GOOD_GUYS, /* one name: the exceptions, all together */
    ROLLOUT_KIND_COUNT
};

const char *rollout_kind_name(enum rollout_kind kind); /* "policy" */
const char *rollout_kind_text(enum rollout_kind kind); /* "pack": its kind of text */

/* Letters, digits, - _ and ., not first, at most ROLLOUT_NAME_MAX. */
bool rollout_name_is_sound(const char *name);

enum version_state { VERSION_UNCHECKED, VERSION_CHECKED, VERSION_REFUSED };

struct version {
    struct version *older;
    char digest[DIGEST_TEXT_SIZE];
    int64_t put_at_ms;
    uint64_t text_seq; /* the record that has its text */
    enum version_state state;
    char *why; /* of the last refusal; NULL */
};

/* An activation that has not been rolled back. */
struct pin {
    struct pin *below;
    struct rollout_name *name;
    struct version *version;
};

struct rollout_name {
    struct rollout_name *next; /* in the order of their first records */
    enum rollout_kind kind;
    const char *name;
    struct version *newest;
    struct version *candidate; /* what was put last; it may be in force by now */
    struct version *shadow;    /* NULL: none is shadowed */
    struct pin *pin;           /* but of a book; NULL: the file */
};

/* What happened, as /history tells it. */
struct rollout_event {
    uint64_t seq;
    int64_t at_ms;
    enum rollout_what what;
    const struct rollout_name *name; /* NULL: about none, as a start is */
    const char *digest;              /* "" */
    const char *snapshot;            /* "" */
    char *note;                      /* NULL */
};

/* One that has been in force. */
struct kept_snapshot {
    struct kept_snapshot *older;
    char digest[DIGEST_TEXT_SIZE];
    uint64_t seq; /* the first record that has its lines */
    int64_t first_at_ms, last_at_ms;
};

/* {0} is empty. */
struct catalogue {
    struct arena arena;
    struct rollout_name *names, **names_end;
    size_t name_count, version_count;
    struct pin *book; /* NULL: the file */
    struct stored_text *texts;
    size_t text_count, text_room;
    struct rollout_event *events; /* malloc, by rising seq */
    size_t event_count;
    struct kept_snapshot *snapshots;  /* the latest new one first */
    const struct kept_snapshot *last; /* in force by the last record that says so; NULL */
};

/* What record number seq says.  ERROR_INTERNAL: it cannot be (G1). */
int catalogue_apply(struct catalogue *catalogue, uint64_t seq,
                    const struct rollout_record *record, struct error *err)
    __attribute__((warn_unused_result));
void catalogue_release(struct catalogue *catalogue);

/* NULL: no record speaks of it. */
struct rollout_name *catalogue_name(const struct catalogue *catalogue, enum rollout_kind kind,
                                    const char *name);
struct version *catalogue_version(const struct rollout_name *name, const char *digest);

/* The activation that counts for it; NULL: the file.  Of a book, of whatever name. */
const struct pin *catalogue_pin(const struct catalogue *catalogue,
                                const struct rollout_name *name);

/* The record that has the text of this digest; 0: none has. */
uint64_t catalogue_text(const struct catalogue *catalogue, const uint8_t digest[SHA256_BYTES]);

/* NULL: it has never been in force. */
const struct kept_snapshot *catalogue_snapshot(const struct catalogue *catalogue,
                                               const char *digest);

#endif
