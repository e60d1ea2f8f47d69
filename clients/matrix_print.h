/*
 * matrix_print.h - a matrix on standard output: for a terminal, as CSV, as JSON.
 *
 *     kit: the same kit on 1 April
 *                            year 23 24 24
 *                           month 12 03 04
 *                             day 01 20 01
 *       joint_stock                .  <  x
 *       QXCBCNSH city_commercial   .  x  x
 *
 * The table is MATRIX_PRINT_WIDTH wide; what does not fit follows below.  CSV has a line a
 * decision under payment,class,bank,date,action,rules,reason; JSON the same with more, and
 * a line for the whole at the end.
 */
#ifndef CLIENTS_MATRIX_PRINT_H
#define CLIENTS_MATRIX_PRINT_H

#include "clients/matrix.h"

#define MATRIX_PRINT_WIDTH 80

/* reasons: below each block from when on each row does what by which rules. */
void matrix_print_table(const struct matrix *matrix, bool reasons);
void matrix_print_csv(const struct matrix *matrix);
void matrix_print_json(const struct matrix *matrix);

#endif
