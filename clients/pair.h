/*
 * pair.h - two packs, A and B, and what each makes of the same payment.
 *
 * Each judges alone (judge.h), at the bank that a book names.  Judging only
 * reads the pair: any number of threads may do it at once.
 */
#ifndef CLIENTS_PAIR_H
#define CLIENTS_PAIR_H

#include <stdio.h>

#include "clients/judge.h"
#include "gateway/base/buffer.h"
#include "policy/book.h"

#define PAIR_BOOK_DEFAULT "china-2024"

enum { PAIR_A, PAIR_B, PAIR_COUNT };

/* {0} is none.  Closed before its arena goes. */
struct pair {
    struct judge judges[PAIR_COUNT];
    struct document book_document;
    struct book book;
};

/* packs as on the command line, the book a file. */
int pair_open(struct pair *pair, struct arena *arena, const char *const packs[PAIR_COUNT],
              struct error *err) __attribute__((warn_unused_result));
int pair_take_book(struct pair *pair, struct arena *arena, const char *path, struct error *err)
    __attribute__((warn_unused_result));
void pair_close(struct pair *pair);

const char *pair_label(const struct pair *pair, int side); /* "kit-blockade@1.0.0" */

/* The decisions live on the arena, and as long as the pair. */
void pair_judge(const struct pair *pair, const struct policy_payment *payment, int64_t now_ms,
                uint64_t seed, struct arena *arena, struct decision decisions[PAIR_COUNT]);

/* "A reject KIT-01" and "B abstain", a line each and indented, failures below. */
void pair_print(FILE *out, int indent, const struct decision decisions[PAIR_COUNT]);

/* The members "a" and "b". */
void pair_json(struct buffer *line, const struct decision decisions[PAIR_COUNT]);

#endif
