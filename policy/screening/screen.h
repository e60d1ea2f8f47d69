/*
 * screen.h - one party against the sanctions lists: what the gateway calls.
 *
 *     party ── names ──► cache, index ──► hits by name
 *           ── identifiers ─────────────► hits by number       outrank names
 *           ── born_on, countries                              strengthen or weaken
 *
 * A screen is made once for a set of lists and read by all threads.
 *
 *   S1  the hits by name are the names whose score, dates and countries heeded, reaches
 *       the threshold of its list and kind: none is missed (index.h, I1).
 *   S2  a party whose identifier is an entry's, is a hit with score 1: of the same type, or
 *       where one side does not say its type.  What a payment calls tax_id or inn is a
 *       list's tax, and so on.  Of a BIC the first 8 characters count: a branch is its bank.
 *   S3  screen_find() takes memory from the arena alone, once ICU is warm (fold.h, F3).
 *   S4  the cache changes no answer.
 */
#ifndef POLICY_SCREENING_SCREEN_H
#define POLICY_SCREENING_SCREEN_H

#include <stdbool.h>

#include "policy/screening/list.h"

#define SCREEN_THRESHOLD    0.817f /* where nothing else is said: see README.md for the curve */
#define SCREEN_NUMBER_LEAST 5      /* letters and digits of an identifier that is looked for */

/* What a party may be; the first three are those of enum name_kind. */
enum screen_kind {
    SCREEN_PERSON,
    SCREEN_COMPANY,
    SCREEN_VESSEL,
    SCREEN_PARTY,        /* a person or a company */
    SCREEN_SAID_PERSON,  /* by the payment itself: a company by SCREEN_OTHER_KIND as well */
    SCREEN_SAID_COMPANY, /* likewise */
    SCREEN_ANY,
    SCREEN_KINDS
};

/*
 * At least so alike is a name of the kind that a party is said not to be, to be a hit: what
 * decisions show, and rules read, as 0.95 (roster_score()).
 */
#define SCREEN_OTHER_KIND 0.94995f

#define SCREEN_NAME_KINDS (SCREEN_VESSEL + 1)

struct screen;

/* From which score on a name of a list is a hit; 0: SCREEN_THRESHOLD. */
struct screen_thresholds {
    float of[SCREEN_NAME_KINDS];
};

struct screen_identifier {
    const char *type, *value; /* as in struct list_identifier; "": of any type */
};

struct screen_hit;

/* Strings are the caller's; counts may be 0. */
struct screen_party {
    enum screen_kind kind;
    const char *const *names;
    size_t name_count;
    const char *const *countries; /* alpha-2 */
    size_t country_count;
    const char *born_on; /* "1957-01-31", "1957-01", "1957", "" */
    const struct screen_identifier *identifiers;
    size_t identifier_count;
    const struct screen_thresholds *thresholds; /* one for each list; NULL: none is said */
    /* Takes out a hit by name, so that another name of the entry is seen; NULL: none. */
    bool (*excepts)(void *context, const struct screen_hit *hit);
    void *context;
};

/* Of an entry the best only.  Strings live as long as the arena or the lists. */
struct screen_hit {
    const char *list;               /* its name */
    const struct list_entry *entry; /* entry->id, programs, … */
    const char *query;              /* of the party's names, or the identifier */
    const char *query_type;         /* of the identifier; "" of a name */
    const char *matched;            /* as published: a name, or the identifier */
    const char *query_normal, *matched_normal;
    enum screen_kind read_as; /* as which of the three the name was; SCREEN_ANY: a number */
    float score;              /* 0..1 */
    bool by_identifier;
};

/* The caller's, for screen_free().  The lists, and their array, outlive the screen. */
struct screen *screen_new(const struct list *const *lists, size_t count);
void screen_free(struct screen *screen);

/* The hits, best first, in *hits on the arena; how many. */
size_t screen_find(struct screen *screen, struct arena *arena, const struct screen_party *party,
                   struct screen_hit **hits);

/* Bytes held, the lists not counted. */
size_t screen_footprint(const struct screen *screen);

#endif
