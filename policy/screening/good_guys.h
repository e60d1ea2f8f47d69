/*
 * good_guys.h - exceptions to screening hits: a party that is known to be somebody else.
 *
 * An honest party whose name resembles a listed one is stopped with every payment, until
 * an officer has looked, and says here: this party is not that entry, whatever this name
 * of it says.
 *
 *     added      party + list, entry, name + reason, owner, last day
 *                good_guy_seal()     the entry as the officer saw it, as a digest
 *     in force   good_guys_bind()    the lists as they are now: valid, or void and why
 *     judged     good_guys_find()    this hit of this party on this day: excepted or not
 *
 * One text holds all of them; who changes it writes another one and reads that.
 *
 *   E1  an exception excepts one name of one entry of one list for one party.  A hit by
 *       another name of that entry stands, and so does every hit by a number.
 *   E2  it is void unless the list is loaded, has the entry, the entry has the name, and
 *       all about the entry is as it was when the exception was added.
 *   E3  a party is the same when name, country, kind, dates and identifiers are; one of
 *       whom more is known, or less, is another.
 *   E4  it counts up to its last day, that day included.  On what is no day nothing counts.
 *   E5  a set is read whole or not at all; an id is that of its content, and stands once.
 *   E6  the same set writes the same bytes, in whatever order it came, and they read back.
 *   E7  good_guys_find() takes no memory and changes nothing: once a set is bound, any
 *       number of threads may ask it.
 *
 * Sources: OFAC, Guidance on False Hit Lists, 21 October 2015 (reviewed from time to time; a
 * changed entry, or a changed customer, must raise the alert again); Wolfsberg Group,
 * Guidance on Sanctions Screening, 2019, on the management of a bank's internal lists.
 */
#ifndef POLICY_SCREENING_GOOD_GUYS_H
#define POLICY_SCREENING_GOOD_GUYS_H

#include <cjson/cJSON.h>

#include "gateway/base/buffer.h"
#include "gateway/base/error.h"
#include "policy/screening/screen.h"

#define GOOD_GUYS_MAX            5000
#define GOOD_GUY_NAME_MAX        1000 /* characters of a name, the party's and the entry's */
#define GOOD_GUY_TEXT_MAX        500  /* of reason and owner */
#define GOOD_GUY_ENTRY_MAX       200  /* of an entry's id */
#define GOOD_GUY_NUMBER_MAX      35   /* of an identifier, as in payments */
#define GOOD_GUY_IDENTIFIERS_MAX 12
#define GOOD_GUYS_BYTES_MAX      (GOOD_GUYS_MAX * 16384u) /* what the other limits let through */
#define GOOD_GUY_FAULTS_MAX      32                       /* reported; more are counted */
#define GOOD_GUY_ID_SIZE         sizeof("gg-3f9a0c51d2e7")

struct good_guy_identifier {
    const char *scheme, *value; /* as in payments: "inn" "uscc" "tax_id" … */
};

/* Strings are never NULL; "" is "not given". */
struct good_guy_party {
    const char *name;
    const char *country;                           /* ISO 3166-1 alpha-2 */
    const char *kind;                              /* "person", "company" or "" */
    const char *born_on;                           /* "1980-02-03" */
    const char *incorporated_on;                   /* likewise */
    const struct good_guy_identifier *identifiers; /* in any order, each scheme once */
    size_t identifier_count;
};

/* E2.  Only the valid ones except anything. */
enum good_guy_state {
    GOOD_GUY_UNBOUND, /* nobody has compared it with lists */
    GOOD_GUY_VALID,
    GOOD_GUY_NO_LIST,
    GOOD_GUY_ENTRY_GONE,
    GOOD_GUY_NAME_GONE, /* and so the entry has changed as well */
    GOOD_GUY_ENTRY_CHANGED,
};

struct good_guy {
    char id[GOOD_GUY_ID_SIZE]; /* good_guy_id() */
    struct good_guy_party party;
    const char *list;                    /* its name */
    const char *entry;                   /* its id in the list */
    const char *name;                    /* of the entry, as published */
    const char *reason;                  /* why they are not the same, for people */
    const char *owner;                   /* who answers for it */
    const char *expires_on;              /* "2024-12-31", the last day it counts */
    int64_t added_at_ms;                 /* since 1970-01-01T00:00Z */
    uint8_t entry_digest[SHA256_BYTES];  /* list_entry_digest() when it was added */
    enum good_guy_state state;           /* good_guys_bind() sets it */
    const struct list_entry *entry_here; /* of the list in force; NULL unless valid */
};

struct good_guys {
    struct good_guy *list; /* in the order of ids */
    size_t count;
    const struct good_guy **places; /* a hash of the valid ones, NULL: a free place */
    size_t place_mask;
};

/* One thing wrong with what a client sent.  pointer is an RFC 6901 JSON Pointer. */
struct good_guy_fault {
    const char *pointer;
    const char *detail;
};

struct good_guy_faults {
    struct arena *arena;
    size_t count; /* all of them, also those past GOOD_GUY_FAULTS_MAX */
    struct good_guy_fault list[GOOD_GUY_FAULTS_MAX];
};

/* Copies both on faults->arena. */
void good_guy_fault_add(struct good_guy_faults *faults, const char *pointer, const char *fmt,
                        ...) __attribute__((format(printf, 3, 4)));

/* -- adding one -- */

/*
 * Read one as a client sends it: party, list, entry, name, reason, owner, expires_on, which
 * is not before day ("2024-04-15", the bank's).  Faults are collected, never only the first;
 * the result is -1 if there are any, and then *out must not be used.  All of it lives on
 * faults->arena; json may go.
 */
int good_guy_read(const cJSON *json, const char *day, struct good_guy *out,
                  struct good_guy_faults *faults) __attribute__((warn_unused_result));

/*
 * Add what a client may not say: id, now_ms as the time, and the digest of the entry as the
 * lists have it.  -1 with a fault where no list has that entry with that name.
 */
int good_guy_seal(struct good_guy *guy, const struct list *const *lists, size_t count,
                  int64_t now_ms, struct good_guy_faults *faults)
    __attribute__((warn_unused_result));

/*
 * "gg-" and the first 12 hexadecimal digits of SHA-256 over list, entry, name and the party,
 * each text with its NUL: name, country, kind, born_on, incorporated_on, then scheme and
 * value of each identifier in the order of schemes.
 */
void good_guy_id(const struct good_guy *guy, char id[GOOD_GUY_ID_SIZE]);

/* -- all of them as one text -- */

/*
 * Read what good_guys_write() writes, or a person: {"good_guys": [...]}, at most
 * GOOD_GUYS_MAX of them in any order.  *out lives on the arena, text may go.  On failure
 * *out is NULL and the error has the JSON Pointer and the remedy.
 */
int good_guys_read(struct arena *arena, const char *text, size_t len, struct good_guys **out,
                   struct error *err) __attribute__((warn_unused_result));

/*
 * As one JSON document (E6): by id, without blanks, and without members that are "".  More
 * than GOOD_GUYS_MAX of them, or one id twice, would not read back: the caller looks first.
 */
void good_guys_write(const struct good_guy *list, size_t count, struct buffer *out);

/* The members of one, into an object that the caller has opened and may add to. */
void good_guy_members(const struct good_guy *guy, struct buffer *out);

/* -- while payments are judged -- */

/*
 * Compare each with the lists in force, which outlive the set: the very lists that are
 * screened.  Once, before any thread asks; memory from the arena of good_guys_read().
 */
void good_guys_bind(struct good_guys *set, struct arena *arena, const struct list *const *lists,
                    size_t count);

/*
 * The exception that takes this hit of this party out on this day ("2024-04-15", the
 * bank's); NULL: there is none, and the hit stands.  A set that is not bound has none.
 * screen_find() tells the best hit of an entry only, so whoever drops it has not heard of
 * the entry's other names.
 */
const struct good_guy *good_guys_find(const struct good_guys *set, const struct screen_hit *hit,
                                      const struct good_guy_party *party, const char *day);

/* For listings, in the order of ids. */
const struct good_guy *good_guys_all(const struct good_guys *set, size_t *count);

/* "the entry has changed since the exception was added" */
const char *good_guy_state_name(enum good_guy_state state);

/* A day of the calendar such as "2024-04-15". */
bool good_guy_day_is_valid(const char *text);

#endif
