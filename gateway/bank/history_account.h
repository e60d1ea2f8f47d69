/*
 * history_account.h - the earlier payments of one party, end user or contract, by time.
 *
 * One entry is in the account itself; up to ACCOUNT_SMALL are one sorted array, looked
 * through; more are history_large.h's.
 *
 *   A1  entries are sorted by time, and at one time in the order of judging.
 *   A2  of the entries with one counterparty the last is marked, so that the marks of a
 *       suffix are its different counterparties.
 *
 * Not locked here: the shard is.
 */
#ifndef GATEWAY_BANK_HISTORY_ACCOUNT_H
#define GATEWAY_BANK_HISTORY_ACCOUNT_H

#include "policy/memory.h"

#define ACCOUNT_SMALL 64
#define ACCOUNT_BLOCK 32
#define ACCOUNT_PARTS 64 /* payments with goods for kits that are kept */

struct entry {
    int64_t at_ms;
    int64_t amount; /* MEMORY_UNKNOWN */
    uint64_t other; /* the counterparty */
    uint32_t order; /* of judging; wraps around */
    uint32_t marks;
};

#define ENTRY_LAST    1u /* A2 */
#define ENTRY_REFUSED 2u

struct sums {
    __int128 sum;
    int64_t largest;
    uint32_t count, last, refused, unknown;
};

struct account_large;

/* A payment that brought parts of kits. */
struct account_part {
    uint64_t goods; /* a hash of its lines */
    uint32_t note;
};

struct account_parts {
    uint32_t count, capacity;
    struct account_part list[]; /* in the order of judging */
};

struct account {
    uint64_t key;
    int64_t gone_ms; /* the latest of those that went; 0: none */
    struct entry *entries;
    struct account_large *large; /* NULL: entries has them all */
    struct account_parts *parts; /* NULL: none */
    uint32_t count, capacity;    /* of entries; of all if large */
    union {
        struct entry one; /* capacity 1: entries points here */
        struct sums all;  /* of an array: of all its entries */
    };
};

struct account *account_new(uint64_t key);
void account_free(struct account *account); /* takes NULL */

/* The mark ENTRY_LAST is the account's. */
void account_add(struct account *account, const struct entry *entry);

/* The entry of this time and order, which may be none; keeps marks right. */
void account_remove(struct account *account, int64_t at_ms, uint32_t order);
void account_refuse(struct account *account, int64_t at_ms, uint32_t order, bool refused);

void account_window(const struct account *account, int64_t since_ms, struct memory_window *out);

/* Where the end of its entries is will be looked at soon. */
void account_prefetch(const struct account *account);

/* A full list lets go of the oldest with the same goods, else of the oldest. */
void account_add_part(struct account *account, uint32_t note, uint64_t goods);
void account_remove_part(struct account *account, uint32_t note);

#endif
