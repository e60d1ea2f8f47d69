/*
 * pair.h - two packs or two books, A and B, and what each makes of the same payment.
 *
 * A pack judges alone, a book as a gateway would by it (judge.h); one of each is no
 * pair.  Judging only reads: any number of threads may do it at once.
 */
#ifndef CLIENTS_PAIR_H
#define CLIENTS_PAIR_H

#include <stdio.h>

#include "clients/judge.h"
#include "clients/options.h"
#include "gateway/base/buffer.h"
#include "policy/book.h"
#include "policy/screening/roster.h"

#define PAIR_BOOK_DEFAULT "china-2024"

enum { PAIR_A, PAIR_B, PAIR_COUNT };

/* {0} is none.  Closed before its arena goes. */
struct pair {
    struct judge judges[PAIR_COUNT];
    struct listings *listings; /* what both screen by */
    struct roster roster;      /* of packs */
    struct document banks_document;
    struct book banks; /* of whom packs are asked */
};

/* The two arguments; a book's packs are those of --packs. */
int pair_open(struct pair *pair, struct arena *arena, const struct options *options,
              struct error *err) __attribute__((warn_unused_result));

/* The banks of whom packs are asked: those of --book, else of the book that --scenario's file
 * names, else ("") of the shipped one.  Books have their own: nothing is read for them. */
int pair_take_banks(struct pair *pair, struct arena *arena, const struct options *options,
                    const char *named, struct error *err) __attribute__((warn_unused_result));
void pair_close(struct pair *pair);

const char *pair_noun(const struct pair *pair);            /* "pack" or "book" */
const char *pair_label(const struct pair *pair, int side); /* "kit-blockade@1.0.0" */

/* What books change is summed up by rule and value, of a scenario as well. */
bool pair_is_of_books(const struct pair *pair);

/* The decisions live on the arena, and as long as the pair. */
void pair_judge(const struct pair *pair, const struct policy_payment *payment, int64_t now_ms,
                uint64_t seed, struct arena *arena, struct decision decisions[PAIR_COUNT]);

/* "A reject KIT-01" and "B abstain", a line each and indented; below, what stood in for a
 * rule, and failures. */
void pair_print(const struct pair *pair, FILE *out, int indent,
                const struct decision decisions[PAIR_COUNT]);

/* The members "a" and "b". */
void pair_json(const struct pair *pair, struct buffer *line,
               const struct decision decisions[PAIR_COUNT]);

#endif
