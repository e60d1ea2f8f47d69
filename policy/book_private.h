/* book_private.h - a book being analysed, for the files book_analysis.c and book_*.c only. */
#ifndef POLICY_BOOK_PRIVATE_H
#define POLICY_BOOK_PRIVATE_H

#include "policy/book.h"
#include "policy/book_analysis.h"
#include "policy/rules/implication.h"
#include "policy/rules/pack.h"

/* A pack that the book names. */
struct book_pack {
    const char *name;
    const char *path;
    const char *text; /* NULL: it could not be read, which is told */
    size_t len;
    const struct pack *pack; /* with its own parameters; NULL: faulty, which is told */
    const char *pointer;     /* where the book names it first */
    bool judges;             /* some bank of the book */
};

/* A pack with the parameters that the book gives it. */
struct book_variant {
    struct book_pack *of;
    const cJSON *parameters;     /* NULL: its own */
    const struct pack *pack;     /* NULL: faulty */
    struct conjuncts *conjuncts; /* of each rule, filled when first compared */
};

/* One place in a chain: NULL where no pack is asked, or one that is faulty. */
struct book_link {
    const struct book_policy *entry;
    const struct book_variant *variant;
};

/* What banks are judged by in a regime; equal ones are kept once. */
struct book_chain {
    const char *place; /* the first: "foreign banks from 2024-03-20 on" */
    struct book_link *links;
    size_t count;
};

struct book_check {
    const struct snapshot_sources *sources;
    const struct goods *goods;
    struct arena *arena;
    const char *text;
    struct document document;
    struct book book;
    struct book_pack *packs;
    size_t pack_count;
    struct book_variant *variants;
    size_t variant_count;
    struct book_finding *findings;
    size_t count;
};

/* --- book_analysis.c --------------------------------------------------------------------- */

/* A finding at a JSON Pointer of the book, as faults have it: "/regimes/0/policies/foreign". */
void book_find(struct book_check *check, enum book_severity severity, const char *pointer,
               const char *sentence);

/* What a function failed with, about the file at path: its text begins with the place. */
void book_find_error(struct book_check *check, const char *path, const char *text);

/* Somewhere else; line 0: the file as a whole. */
void book_find_at(struct book_check *check, enum book_severity severity, const char *path,
                  uint32_t line, uint32_t column, const char *sentence);

/* At the condition of a pack's rule. */
void book_find_rule(struct book_check *check, enum book_severity severity,
                    const struct pack *pack, const struct pack_rule *rule,
                    const char *sentence);

/* Its place in the file's array, which the book has sorted. */
size_t book_regime_index(const struct book_check *check, const struct book_regime *regime);

/* The first bank of a class; NULL: the book has none, and the class cannot miss anything. */
const struct book_bank *book_bank_of(const struct book *book, size_t class);

/* --- one file each: what their names say ------------------------------------------------- */

void book_find_packs(struct book_check *check); /* reads them: errors, "twice" needs it */
void book_find_gaps(struct book_check *check);  /* dropped, left out, no policy, no banks */
void book_find_rules(struct book_check *check); /* twice, contradictions, outdone */
void book_find_idle(struct book_check *check);  /* for nobody, unused: after the rules */

/* NULL where it names no pack, or one that cannot be compared. */
const struct book_variant *book_variant_of(const struct book_check *check,
                                           const struct book_policy *entry);

#endif
