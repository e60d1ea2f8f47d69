/*
 * rollout.h - what is in force, and how that changes while payments flow.
 *
 *        requests ──► office ──► a snapshot is built aside, checked, its files and the
 *     (one thread)      │        act are written to the store ──► published by one pointer
 *                       │                                              │
 *                       └── reads the store's records at start    workers judge by it
 *
 * One thread, the office, does all that takes time: it loads, checks and builds, one
 * request after the other, and nobody who judges waits for it.  Checks and trials wait for
 * what a bank may need at once, such as a roll-back; those whose client has gone, and all
 * that wait when the gateway ends, are left undone.
 *
 *   O1  what is in force is whole: a payment is judged by one snapshot, old or new.
 *   O2  the record that puts a snapshot in force is on disk before the first payment is
 *       judged by it.  After a crash at any moment, what the last record says is in
 *       force again; a request that was not answered may or may not have happened.
 *   O3  what does not load, or fails its checks, changes nothing.
 *   O4  what was activated stays in force over restarts and changed files, until it is
 *       rolled back or a start is told to reset it.
 *   O5  nothing in force means that nothing is judged: rollout_enter() gives an in_force
 *       without a snapshot, and why.
 *   O6  every snapshot that was ever in force can be built again from the store, as long
 *       as the engine, its plugins and the files of its lists are still the same.
 */
#ifndef GATEWAY_ROLLOUT_ROLLOUT_H
#define GATEWAY_ROLLOUT_ROLLOUT_H

#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "gateway/base/buffer.h"
#include "gateway/base/time.h"
#include "gateway/rollout/catalogue.h"
#include "gateway/store/reader.h"
#include "gateway/store/writer.h"
#include "policy/snapshot.h"

#define SHADOWS_MAX          4   /* candidates that judge beside what is in force */
#define ROLLOUT_QUEUE_MAX    256 /* requests that wait for the office; past it ERROR_BUSY */
#define ROLLOUT_PATIENT_MAX  64  /* the same of checks, shadows begun, and borrowings */
#define ROLLOUT_BORROWED_MAX 4   /* snapshots kept for evaluations that name one */
#define ROLLOUT_FINDINGS_MAX 200 /* of a check, told one by one */
#define ROLLOUT_SHRINK_USUAL UINT_MAX /* as the gateway's options say */

struct good_guy;
struct rollout;
struct shadow;

/* What payments are judged by just now.  Never changes; replaced as a whole. */
struct in_force {
    const struct snapshot *active; /* NULL: nothing is in force (O5) */
    const char *why;               /* then: one sentence */
    struct shadow *shadows[SHADOWS_MAX];
    size_t shadow_count;
};

struct rollout_options {
    const struct snapshot_sources *sources; /* outlive the rollout, as all below */
    struct store *store;                    /* read while opening, before other threads */
    struct reader *reader;
    struct writer *writer;
    struct clock *clock;
    bool reset; /* files count again, whatever was activated */
};

/*
 * Read the records, load what is to be in force, record it if that is news, publish.
 * What cannot be loaded opens all the same (O5); -1 only for ERROR_SETUP and for a store
 * that cannot be read.
 */
int rollout_open(const struct rollout_options *options, struct rollout **out, struct error *err)
    __attribute__((warn_unused_result));

/* Ends the office: what waits is answered first.  Before reader and writer end. */
void rollout_stop(struct rollout *rollout); /* takes NULL */

/* After the last rollout_leave(). */
void rollout_free(struct rollout *rollout); /* takes NULL */

/* Alive until rollout_leave() on the same thread.  Not nested. */
const struct in_force *rollout_enter(struct rollout *rollout);
void rollout_leave(void);

enum rollout_verb {
    ROLLOUT_READ_NAMES,  /* names: which versions are where */
    ROLLOUT_SHOW,        /* one name and its versions */
    ROLLOUT_TEXT,        /* of a version: digest, else what is in force, else the candidate */
    ROLLOUT_DO_PUT,      /* text is the candidate */
    ROLLOUT_DO_CHECK,    /* the candidate, or the version of digest */
    ROLLOUT_DO_SHADOW,   /* likewise, from now on beside what is in force; of a list what has
                            come in, and use() gets the snapshot with it */
    ROLLOUT_DO_UNSHADOW, /* no more */
    ROLLOUT_DO_ACTIVATE, /* the candidate or the version of digest; of a list what has come in */
    ROLLOUT_DO_ROLLBACK,
    ROLLOUT_DROP_FILE,      /* of a list: what has come in is without this file */
    ROLLOUT_READ_SHADOW,    /* the comparison so far */
    ROLLOUT_READ_HISTORY,   /* what happened, newest first */
    ROLLOUT_LIST_SNAPSHOTS, /* that were in force, the latest new one first */
    ROLLOUT_READ_SNAPSHOT,  /* digest: what it is made of */
    ROLLOUT_SNAPSHOT_TEXT,  /* digest, and file: "pack/kit-blockade" */
    ROLLOUT_READ_GOOD_GUYS, /* exceptions, by id */
    ROLLOUT_READ_GOOD_GUY,  /* name: its id */
    ROLLOUT_ADD_GOOD_GUY,   /* good_guy */
    ROLLOUT_DROP_GOOD_GUY,  /* name: its id */
    ROLLOUT_DO_RELOAD,      /* look at the files again */
    ROLLOUT_BORROW,         /* use() gets a snapshot: of digest, else with name's candidate */
    ROLLOUT_VERB_COUNT,
};

enum rollout_result {
    ROLLOUT_DONE,
    ROLLOUT_CREATED,   /* PUT: a version that was not there */
    ROLLOUT_NOT_FOUND, /* a name, version, snapshot or file that is not known */
    ROLLOUT_CONFLICT,  /* not in this state: never checked, nothing to roll back … */
    ROLLOUT_REFUSED,   /* the version fails its checks: see findings */
    ROLLOUT_FAILED,    /* err.code tells: busy, or our fault */
};

/* One thing that a check says. */
struct rollout_finding {
    const char *severity;  /* "error" "warning" "note" */
    const char *file;      /* "kit-blockade.json" */
    unsigned line, column; /* 0: the file as a whole */
    const char *rule;      /* "" */
    const char *sentence;
};

struct rollout_request {
    /* In.  Strings must live until done(); "" where they do not apply. */
    struct arena *arena; /* lent: used by one thread at a time */
    enum rollout_verb verb;
    enum rollout_kind kind;
    const char *name;
    const char *digest;
    const char *file;
    const char *text;
    size_t len;
    struct good_guy *good_guy; /* ADD_GOOD_GUY: as good_guy_read() made it, on the arena */
    const char *after;         /* READ_NAMES, READ_GOOD_GUYS: names, ids behind this one */
    uint64_t before;         /* READ_SHADOW, READ_HISTORY: numbers below it; UINT64_MAX: all */
    size_t limit;            /* of lists; at least 1 */
    const char *as_of;       /* of a list that has come in: "" or a day, see list_load.h */
    unsigned shrink_percent; /* likewise: by how much it may have shrunk */
    size_t payments;         /* for use(), as the caller likes; so is context */
    void *context;
    const atomic_bool *gone; /* NULL, or true: nobody waits for the answer any more */
    /* May add a JSON value to extra, which the answer to DO_SHADOW has as "impact". */
    void (*use)(struct rollout_request *request, const struct snapshot *snapshot);
    void (*done)(struct rollout_request *request); /* on the office's thread or the caller's */

    /* Out. */
    enum rollout_result result;
    struct error err; /* where result is none of DONE and CREATED */
    const struct rollout_finding *findings;
    size_t finding_count;
    struct buffer answer; /* DONE, CREATED: a JSON text on the arena */
    struct buffer extra;

    struct rollout_request *next; /* the office's */
};

/* The member "findings", for a reply that is an error too. */
void rollout_write_findings(const struct rollout_request *request, struct buffer *out);

/* Always ends in done(). */
void rollout_submit(struct rollout *rollout, struct rollout_request *request);

#endif
