/*
 * listing.h - lists that are loaded and made ready to screen against, shared by all who do.
 *
 *     files ──list_load──► list ──► screen, who is owned   = a listing
 *
 * The largest takes a fifth of a second to make and tens of MiB to keep.  What is in force
 * and what is tried beside it mostly differ in a pack, and then hold the same listings.
 *
 *   T1  a listing never changes, and lives until its last holder lets go of it.
 *   T2  there is one of a name and digest at a time.
 *   T3  what is found by its digest has that digest, wherever it was found.
 *   T4  a list that is refused changes nothing but its alarm, which stands until a list of
 *       that name loads.
 *
 * Holding, finding and loading are for one thread at a time; any may ask for alarms.
 */
#ifndef POLICY_SCREENING_LISTING_H
#define POLICY_SCREENING_LISTING_H

#include "policy/screening/list_load.h"
#include "policy/screening/ownership.h"
#include "policy/screening/screen.h"

#define LISTINGS_MAX        64  /* lists that screen at once */
#define LISTINGS_ALARMS_MAX 256 /* told at once */

struct listings;

struct listing {
    const struct list *list;
    struct screen *screen; /* of this list alone */

    /* The rest is for listing.c. */
    struct listing *next;
    struct listings *of;
    size_t holders;
    uint8_t *states[2][2]; /* NULL: every entry is OWNERSHIP_LISTED */
};

struct listings_options {
    const char *folder; /* FOLDER/NAME/DIGITS has the list of that digest; NULL: none */
    const struct list_order *orders; /* the lists that files stand for */
    size_t order_count;
    unsigned shrink_percent_max, faults_max; /* of lists that come in: see list_load.h */
};

/* The options' strings and orders outlive it. */
struct listings *listings_new(const struct listings_options *options);
void listings_free(struct listings *listings); /* when nobody holds one; takes NULL */

const struct listings_options *listings_options(const struct listings *listings);

/*
 * Load what the order says, held for the caller.  before is the list in force that it may
 * not have shrunk against, or NULL.
 */
int listings_load(struct listings *listings, const struct list_order *order,
                  const struct listing *before, struct list_faults *faults,
                  struct listing **out, struct error *err) __attribute__((warn_unused_result));

/*
 * The list of this name and digest, "sha256:…", held for the caller: one that is loaded, or
 * out of the folder, or of the files.  ERROR_NOT_FOUND: it is nowhere any more.
 */
int listings_find(struct listings *listings, const char *name, const char *digest,
                  struct listing **out, struct error *err) __attribute__((warn_unused_result));

void listing_hold(struct listing *listing);
void listing_release(struct listing *listing); /* takes NULL */

/* FOLDER/NAME/DIGITS on the arena; NULL without a folder. */
const char *listings_place(const struct listings *listings, const char *name,
                           const char *digest, struct arena *arena);

/* Is the entry blocked, and by what, under the rule? */
enum ownership_state listing_state(const struct listing *listing,
                                   const struct list_entry *entry, struct ownership_rule rule);

/*
 * In days, -1 where it is not known or the list is of a later day: since it was published
 * on the bank's clock or, where files do not say when, since they were written on our own.
 */
int listing_age_days(const struct list *list, int64_t now_ms);

/* -- alarms -- */

struct listing_alarm {
    const char *name;
    const char *why; /* a sentence */
};

/*
 * why NULL: no more.  Where there are too many, one of a list that nobody holds gives way.  For
 * the thread that loads.
 */
void listings_alarm(struct listings *listings, const char *name, const char *why);

/* Copies on the arena, sorted by name. */
size_t listings_alarms(struct listings *listings, struct arena *arena,
                       const struct listing_alarm **out);

#endif
