/* rollout_private.h - the office's inside, for the files of gateway/rollout only. */
#ifndef GATEWAY_ROLLOUT_ROLLOUT_PRIVATE_H
#define GATEWAY_ROLLOUT_ROLLOUT_PRIVATE_H

#include <pthread.h>

#include "gateway/rollout/publish.h"
#include "gateway/rollout/rollout.h"

/* A snapshot for evaluations that name one. */
struct borrowed {
    char *key; /* malloc: what it was asked for by; NULL: the place is free */
    struct snapshot *snapshot;
    uint64_t used; /* the larger, the later */
};

/* Requests that wait, the oldest first. */
struct office_queue {
    struct rollout_request *oldest, **end;
    size_t waiting;
};

struct rollout {
    const struct snapshot_sources *sources;
    struct store *store;
    struct reader *reader;
    struct writer *writer;
    struct clock *clock;
    bool from_files;        /* while opening: what was activated does not count */
    struct publisher force; /* a struct in_force */

    /* The office's own from here on; while opening, the opener's. */
    struct in_force *current;
    struct catalogue catalogue;
    struct borrowed borrowed[ROLLOUT_BORROWED_MAX];
    uint64_t borrowings;

    pthread_t thread;
    bool runs;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t wake;
    struct office_queue urgent, patient;
    bool closing;
};

/* -- rollout_store.c: records and texts, waited for -- */

/* Read all records of the store; before the threads start. */
int rollout_replay(struct rollout *rollout, struct error *err)
    __attribute__((warn_unused_result));

/*
 * Write the records, in order, and apply them to the catalogue.  0: all are on disk.
 * at_ms is filled in.
 */
int rollout_write(struct rollout *rollout, struct rollout_record *records, size_t count,
                  struct error *err) __attribute__((warn_unused_result));

/* The text of record seq, on the arena. */
int rollout_read_text(struct rollout *rollout, uint64_t seq, struct arena *arena,
                      struct rollout_record *out, struct error *err)
    __attribute__((warn_unused_result));

/* -- rollout_build.c: snapshots -- */

/* A version in the place of what is in force for its name; version NULL: the file. */
struct replacement {
    const struct rollout_name *name;
    const struct version *version;
};

/*
 * What would be in force if the replacement (NULL: none) were made in base; texts still with
 * it.  Without a base the files count, under what was activated.
 */
int rollout_build(struct rollout *rollout, const struct snapshot *base,
                  const struct replacement *replacement, struct snapshot **out,
                  struct error *err) __attribute__((warn_unused_result));

/* The texts of rollout_build() without building, for checks; on the arena. */
int rollout_gather(struct rollout *rollout, const struct snapshot *base,
                   const struct replacement *replacement, struct arena *arena,
                   struct texts *out, struct error *err) __attribute__((warn_unused_result));

/* The lines "kind name sha256" of a record's text, without data; on the arena. */
size_t rollout_lines(const char *text, size_t len, struct arena *arena, struct text **out);

/* A snapshot of the past from its record.  ERROR_CONFLICT: it cannot be built any more. */
int rollout_rebuild(struct rollout *rollout, const struct kept_snapshot *kept,
                    struct snapshot **out, struct error *err)
    __attribute__((warn_unused_result));

/*
 * Record that the snapshot is in force, its texts that are not stored yet first, then put
 * it in force; the snapshot is taken either way.  record says what, of, name and digest.
 */
int rollout_put_in_force(struct rollout *rollout, struct snapshot *snapshot,
                         struct rollout_record *record, struct error *err)
    __attribute__((warn_unused_result));

/* Publish what is in force with these shadows; frees what is in it no more. */
void rollout_publish(struct rollout *rollout, const struct snapshot *active, const char *why,
                     struct shadow *const *shadows, size_t count);

/*
 * A shadow for all that the catalogue shadows, to be compared with active; counting
 * begins anew.  What does not load any more is given up.
 */
size_t rollout_shadows(struct rollout *rollout, const struct snapshot *active,
                       struct shadow *shadows[SHADOWS_MAX]);

/* The shadow of a name; NULL: none. */
struct shadow *rollout_shadow_of(const struct rollout *rollout,
                                 const struct rollout_name *name);

/* -- rollout_check.c -- */

/*
 * Everything that can be said of the version: its own faults, and whether the whole would
 * load with it.  0: it passes, findings are warnings and notes.  ERROR_INVALID: it is
 * refused, its first fault is in err.  Any other code: it could not be checked, or what would
 * be in force with it has a fault elsewhere (ERROR_CONFLICT).
 */
int rollout_check(struct rollout *rollout, const struct rollout_name *name,
                  const struct version *version, struct arena *arena,
                  const struct rollout_finding **findings, size_t *count, struct error *err)
    __attribute__((warn_unused_result));

/* -- rollout_verbs.c -- */

/* Carries a request out and fills its result; does not call done(). */
void rollout_carry_out(struct rollout *rollout, struct rollout_request *request);

#define rollout_fail(request, result_, code, ...)                                              \
    ((request)->result = (result_), error_record(&(request)->err, (code), __VA_ARGS__))

/* err tells already what went wrong. */
void rollout_fail_as(struct rollout_request *request, const struct error *err);

/* What the request is about; NULL: the request has failed, and says why. */
struct rollout_name *rollout_wanted(struct rollout *rollout, struct rollout_request *request);

/* The version of the digest that was given, else the candidate; NULL likewise. */
struct version *rollout_wanted_version(struct rollout_request *request,
                                       const struct rollout_name *name);

/* Likewise, one that has passed its checks. */
struct version *rollout_checked_version(struct rollout_request *request,
                                        const struct rollout_name *name);

/*
 * A version that needs no check of its own, because who puts it has made sure of it: put and
 * passed, and the candidate of its name.
 */
int rollout_put_checked(struct rollout *rollout, enum rollout_kind kind, const char *name,
                        const char *digest, const char *text, size_t len, struct error *err)
    __attribute__((warn_unused_result));

/* What is in force becomes that with the replacement; the record says why. */
void rollout_replace(struct rollout *rollout, const struct replacement *replacement,
                     struct rollout_record *record, struct rollout_request *request);

/* rollout_build(), or the request has failed. */
int rollout_build_for(struct rollout *rollout, const struct replacement *replacement,
                      struct rollout_request *request, struct snapshot **out)
    __attribute__((warn_unused_result));

/* -- rollout_lists.c -- */

/*
 * Of a list: what has come in for it since it was loaded last becomes a version, its
 * candidate, and then() goes on with the request; of anything else then() alone.  What
 * does not load fails the request and stays where it is, to be mended.
 */
void rollout_with_list(struct rollout *rollout, struct rollout_request *request,
                       void (*then)(struct rollout *rollout, struct rollout_request *request));

/* A file that has come in by mistake is removed. */
void carry_drop_file(struct rollout *rollout, struct rollout_request *request);

/* The members "loaded", "alarm" and "incoming" of a list. */
void rollout_write_list(struct rollout *rollout, const struct rollout_name *name,
                        struct arena *arena, struct buffer *out);

/* Names for which something has come in and of which no record speaks, linked, on the arena. */
struct rollout_name *rollout_incoming_names(struct rollout *rollout, struct arena *arena);

/* -- rollout_good_guys.c -- */

void carry_good_guys(struct rollout *rollout, struct rollout_request *request);
void carry_good_guy(struct rollout *rollout, struct rollout_request *request);
void carry_add_good_guy(struct rollout *rollout, struct rollout_request *request);
void carry_drop_good_guy(struct rollout *rollout, struct rollout_request *request);

/* -- rollout_read.c -- */

void carry_list(struct rollout *rollout, struct rollout_request *request);
void carry_show(struct rollout *rollout, struct rollout_request *request);
void carry_text(struct rollout *rollout, struct rollout_request *request);
void carry_history(struct rollout *rollout, struct rollout_request *request);
void carry_snapshots(struct rollout *rollout, struct rollout_request *request);
void carry_snapshot(struct rollout *rollout, struct rollout_request *request);
void carry_snapshot_text(struct rollout *rollout, struct rollout_request *request);
void carry_borrow(struct rollout *rollout, struct rollout_request *request);

/* The text that is in force for the name; NULL: none is. */
const struct text *rollout_text_in_force(const struct rollout *rollout,
                                         const struct rollout_name *name);

/* -- rollout_answer.c -- */

/* The JSON answers, into request->answer. */
void answer_name(struct rollout *rollout, const struct rollout_name *name, bool versions,
                 struct rollout_request *request);
void answer_names(struct rollout *rollout, struct rollout_request *request);
void answer_history(struct rollout *rollout, const struct rollout_name *name,
                    struct rollout_request *request);
void answer_snapshots(struct rollout *rollout, struct rollout_request *request);
void answer_snapshot(struct rollout *rollout, const struct kept_snapshot *kept,
                     const struct rollout_record *record, struct rollout_request *request);
void answer_check(const struct rollout_name *name, const struct version *version,
                  struct rollout_request *request);
void answer_shadow(struct rollout *rollout, const struct rollout_name *name,
                   struct rollout_request *request);

#endif
