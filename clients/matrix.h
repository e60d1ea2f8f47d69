/*
 * matrix.h - payments judged at every class of bank on every date that matters.
 *
 *                              2023-12-01  2024-03-20  2024-04-01     columns
 *     joint_stock                accept      return      reject
 *     city_commercial            accept      return      reject
 *     QXCBCNSH city_commercial   accept      reject      reject        a bank alone
 *     rows                                                             one such block a payment
 *
 * Each payment is judged by a snapshot as a gateway would, only that its creditor's bank is
 * the row's and the bank's time the column's.  Nothing is remembered from one to the next.
 *
 *   M1  a column for each regime, at its very beginning: no change is passed over.
 *   M2  a row for each class, judged at the first of its banks that has no policies of its
 *       own, and one for each bank that has.  With every_bank: a row for each.
 *   M3  the same files give the same matrix.
 *   M4  at most MATRIX_CELLS_MAX decisions; more are refused before the first.
 */
#ifndef CLIENTS_MATRIX_H
#define CLIENTS_MATRIX_H

#include <stdbool.h>

#include "clients/scenario.h"
#include "policy/book.h"
#include "policy/snapshot.h"

#define MATRIX_CELLS_MAX 1000000

struct matrix_column {
    int64_t at_ms;
    const char *date;   /* "2024-03-20", or with a time of day "2024-04-15T12:00:00+08:00" */
    const char *regime; /* the `from` of the one in force */
};

struct matrix_row {
    const char *label; /* "joint_stock", of one bank alone "HLDBCNBS joint_stock" */
    const struct policy_bank *bank;
};

struct matrix_cell {
    enum policy_action action; /* never abstain */
    const char *rules;         /* all that fired: "CNY-01 KIT-01"; "" for none */
    const char *code, *text;   /* the internal reason, "" where there is none */
    const char *failure;       /* why the first policy that could not answer could not; or "" */
};

struct matrix_payment {
    size_t step;       /* in the scenario, from 1 */
    const char *name;  /* what it pays as, or its title; one of its own */
    const char *title; /* "" where it says no more than the name */
    struct matrix_cell *cells;
};

struct matrix {
    const char *book;
    const char *scenario;
    const char *snapshot; /* "sha256:..." */
    struct matrix_column *columns;
    size_t column_count;
    struct matrix_row *rows;
    size_t row_count;
    struct matrix_payment *payments;
    size_t payment_count;
    size_t left_out; /* no payment that a gateway takes */
    size_t failures; /* cells with one */
};

struct matrix_wishes {
    bool every_bank;
    bool months; /* also noon on the 15th of every month from the first regime to the last */
};

/* All on the arena; the snapshot and the scenario outlive it. */
int matrix_judge(struct arena *arena, const struct snapshot *snapshot,
                 const struct scenario *scenario, struct matrix_wishes wishes,
                 struct matrix *out, struct error *err) __attribute__((warn_unused_result));

static inline const struct matrix_cell *
matrix_cell(const struct matrix *matrix, const struct matrix_payment *payment, size_t row,
            size_t column)
{
    return &payment->cells[row * matrix->column_count + column];
}

/* "reject RR04 by CNY-01 KIT-01; a policy failed: ..." */
const char *matrix_cell_words(struct arena *arena, const struct matrix_cell *cell);

#endif
