/*
 * changes.h - payments that a pair judges otherwise, counted with their value.
 *
 *     3  accept -> reject   CNY 3750000.00      a move: from A's action to B's
 *     3  B KIT-01           CNY 3750000.00      a rule that makes the difference,
 *                                               or what stood in for one (cause.h)
 *
 *   C1  each change counts once among the moves and once among the rules: with
 *       the cause of the stricter side's action.
 *   C2  what comes out does not depend on how the counting was divided.
 *
 * {0} is nothing.  All of it lives on the arena that is handed in.
 */
#ifndef CLIENTS_CHANGES_H
#define CLIENTS_CHANGES_H

#include <stdbool.h>

#include "clients/pair.h"
#include "clients/sums.h"

struct change_row {
    struct change_row *next;
    int from, to;     /* a move: actions.  A rule: its side, and the cause's kind */
    const char *name; /* the cause's; "" in a move */
    size_t count;
    struct sums sums;
};

struct changes {
    size_t payments; /* all that were judged */
    size_t changed;
    struct change_row *moves, *rules;
};

/* Count a payment; true if the two judge it otherwise. */
bool changes_add(struct changes *changes, struct arena *arena,
                 const struct policy_payment *payment,
                 const struct decision decisions[PAIR_COUNT]);
void changes_merge(struct changes *into, struct arena *arena, const struct changes *from);

/* The moves, then the rules, each with the most frequent first; nothing if none changed. */
void changes_print(FILE *out, struct arena *arena, const struct changes *changes);

/* The members "payments", "changed", "moves" and "rules"; noun is the pair's. */
void changes_json(struct buffer *out, struct arena *arena, const struct changes *changes,
                  const char *noun);

#endif
