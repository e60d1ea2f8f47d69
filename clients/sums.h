/*
 * sums.h - amounts added up by currency, exactly and however many.
 *
 * {0} is nothing.  All of it lives on the arena that is handed in.
 */
#ifndef CLIENTS_SUMS_H
#define CLIENTS_SUMS_H

#include <stdint.h>
#include <stdio.h>

#include "gateway/base/arena.h"
#include "gateway/base/buffer.h"

struct sum {
    struct sum *next;
    char currency[4];
    uint64_t low, high; /* low < 10^18 minor units, and high times 10^18 of them */
};

struct sums {
    struct sum *first; /* by rising currency */
};

/* 0 <= minor <= MONEY_MINOR_MAX. */
void sums_add(struct sums *sums, struct arena *arena, const char *currency, int64_t minor);
void sums_merge(struct sums *into, struct arena *arena, const struct sums *from);

/* "CNY 1250000.00, USD 3.00" */
void sums_print(FILE *out, const struct sums *sums);

/* {"CNY":"1250000.00","USD":"3.00"} */
void sums_json(struct buffer *out, const struct sums *sums);

#endif
