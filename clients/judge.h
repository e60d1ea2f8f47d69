/*
 * judge.h - a pack or a book, and its answer to one payment.
 *
 *   a pack   as the only policy of a bank: through the ABI and the chain, as in a
 *            gateway, only that no default stands in where it abstains
 *   a book   whole, as a gateway loads it and would answer by it: a bank that it
 *            does not know, a day before its first regime, its default action
 *
 * Judging only reads: any number of threads may do it at once.
 */
#ifndef CLIENTS_JUDGE_H
#define CLIENTS_JUDGE_H

#include <stdbool.h>

#include "policy/book.h"
#include "policy/decision.h"
#include "policy/host.h"
#include "policy/snapshot.h"

struct judge;

/* Under what circumstances. */
struct circumstances {
    const struct book *banks; /* of whom a pack is asked; a book has its own */
    int64_t now_ms;
    uint64_t seed;
};

/* The two kinds, one in judge_pack.c, the other in judge_book.c. */
struct judge_ops {
    const char *noun; /* "pack" */
    bool many;        /* policies answer: a failure is told with the one that failed */

    /* What it decides is on the arena, or lives as long as the judge and the banks. */
    void (*judge)(const struct judge *judge, const struct policy_payment *payment,
                  const struct circumstances *circumstances, struct arena *arena,
                  struct decision *decision);
    void (*close)(struct judge *judge);
};

/* {0} is none.  Closed before its arena goes. */
struct judge {
    const struct judge_ops *ops;
    const char *label;
    const struct goods *goods; /* a pack's, from here on */
    const struct roster *roster;
    struct policy policy;
    struct snapshot *snapshot; /* a book's */
};

/* A file's text as a pack.  The error is one line: file, line, column, what is wrong.
 * decision->action is POLICY_ABSTAIN where no rule has an opinion; its bank, where the banks
 * have none such, is one without a class. */
int judge_pack_open(struct judge *judge, struct arena *arena,
                    const struct snapshot_sources *sources, const struct host_pack *pack,
                    const struct goods *goods, const struct roster *roster, struct error *err)
    __attribute__((warn_unused_result));

/* The book of the sources with its packs and plugins: see snapshot_load(). */
int judge_book_open(struct judge *judge, struct arena *arena,
                    const struct snapshot_sources *sources, struct error *err)
    __attribute__((warn_unused_result));

#endif
