/*
 * history_large.h - the entries of an account that has many: blocks, and a tree over them.
 *
 *     blocks   [1]  [2]  [3]  [4]  [5]  [6]        node p is the sum of blocks p to
 *     tree      1   2-3   3   4-7   5   6-7        p + (lowest bit of p) - 1
 *
 * What is asked is always a suffix, from a time on: a part of one block, then a walk of
 * log n nodes.  Adding at the end makes a node and touches log n.
 *
 * The sum of all is kept apart: most questions reach back behind the first entry.
 *
 *   A3  no question is asked with the nodes of the first block: it is looked through.  So
 *       entries that leave at the front leave the tree alone.
 *
 * For history_account.c only.
 */
#ifndef GATEWAY_BANK_HISTORY_LARGE_H
#define GATEWAY_BANK_HISTORY_LARGE_H

#include "gateway/bank/history_entries.h"
#include "gateway/bank/history_last.h"

struct block {
    struct entry *entries; /* room for ACCOUNT_BLOCK */
    uint32_t count;
    uint32_t order; /* of the first, as the next */
    int64_t at_ms;
    struct sums sums;
};

struct account_large {
    int64_t first_ms, last_ms; /* of its entries; 0 where it has none */
    struct sums all;
    struct block *blocks; /* from first on */
    struct sums *tree;    /* tree[p] is of blocks[p - 1] on */
    uint32_t first, count, capacity;
    struct history_last last; /* of each counterparty */
};

/* The sorted entries are copied. */
struct account_large *large_new(const struct entry *entries, uint32_t count);
void large_free(struct account_large *large);

/*
 * A place is a block and an entry of it, as block * ACCOUNT_BLOCK + entry.  What was put
 * there moves when blocks are split or let go: a place is looked at before it is believed.
 */
uint32_t large_next_place(const struct account_large *large);              /* at the end */
struct entry *large_at(const struct account_large *large, uint32_t place); /* NULL: none */

/* The block that an entry of this time and order is in, or would be; one must be there. */
uint32_t large_block(const struct account_large *large, int64_t at_ms, uint32_t order);

void large_add(struct account_large *large, const struct entry *entry);
void large_remove(struct account_large *large, uint32_t block, size_t at);

/* The marks of an entry in the block have changed, and its sums by so much. */
void large_change(struct account_large *large, uint32_t block, const struct sums *change);

void large_sum(const struct account_large *large, int64_t since_ms, struct sums *out);

#endif
