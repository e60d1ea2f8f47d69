/* changes.c - short lists of rows: as many as there are pairs of actions, and causes. */
#include "clients/changes.h"

#include <stdlib.h>
#include <string.h>

#include "clients/cause.h"
#include "clients/print.h"
#include "policy/rules/pack.h"

#define NAME_WIDTH 34 /* of a move or a cause, so that the values stand below one another */

/* -- counting -- */

/* The row with this key, made where there is none. */
static struct change_row *
row_of(struct change_row **rows, struct arena *arena, const struct change_row *key)
{
    struct change_row *row = *rows;

    while (row &&
           (row->from != key->from || row->to != key->to || strcmp(row->name, key->name) != 0))
        row = row->next;
    if (row)
        return row;
    row = arena_alloc(arena, sizeof(*row));
    *row = (struct change_row){.next = *rows,
                               .from = key->from,
                               .to = key->to,
                               .name = arena_copy(arena, key->name, strlen(key->name))};
    *rows = row;
    return row;
}

/* What makes the difference (C1). */
static struct change_row
cause_to_name(const struct decision decisions[PAIR_COUNT])
{
    int side = decisions[PAIR_A].action > decisions[PAIR_B].action ? PAIR_A : PAIR_B;
    struct cause cause = cause_of(&decisions[side]);

    return (struct change_row){.from = side, .to = (int)cause.kind, .name = cause.name};
}

static void
row_add(struct change_row **rows, struct arena *arena, const struct change_row *key,
        const struct policy_payment *payment)
{
    struct change_row *row = row_of(rows, arena, key);

    row->count++;
    sums_add(&row->sums, arena, payment->currency, payment->amount_minor);
}

bool
changes_add(struct changes *changes, struct arena *arena, const struct policy_payment *payment,
            const struct decision decisions[PAIR_COUNT])
{
    const struct change_row move = {
        .from = (int)decisions[PAIR_A].action, .to = (int)decisions[PAIR_B].action, .name = ""};
    struct change_row cause;

    changes->payments++;
    if (move.from == move.to)
        return false;
    cause = cause_to_name(decisions);
    changes->changed++;
    row_add(&changes->moves, arena, &move, payment);
    row_add(&changes->rules, arena, &cause, payment);
    return true;
}

static void
rows_merge(struct change_row **into, struct arena *arena, const struct change_row *from)
{
    for (; from; from = from->next) {
        struct change_row *row = row_of(into, arena, from);

        row->count += from->count;
        sums_merge(&row->sums, arena, &from->sums);
    }
}

void
changes_merge(struct changes *into, struct arena *arena, const struct changes *from)
{
    into->payments += from->payments;
    into->changed += from->changed;
    rows_merge(&into->moves, arena, from->moves);
    rows_merge(&into->rules, arena, from->rules);
}

/* -- telling -- */

/* The most frequent first; no two rows are equal, so the order is one (C2). */
static int
row_compare(const void *a, const void *b)
{
    const struct change_row *x = *(const struct change_row *const *)a;
    const struct change_row *y = *(const struct change_row *const *)b;

    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    if (x->from != y->from)
        return x->from - y->from;
    return x->to != y->to ? x->to - y->to : strcmp(x->name, y->name);
}

/* In order, with NULL behind the last. */
static const struct change_row **
rows_sorted(struct arena *arena, const struct change_row *rows)
{
    const struct change_row **sorted;
    size_t count = 0;

    for (const struct change_row *row = rows; row; row = row->next)
        count++;
    sorted = arena_alloc(arena, (count + 1) * sizeof(*sorted));
    sorted[count] = NULL;
    for (size_t i = 0; i < count; i++, rows = rows->next)
        sorted[i] = rows;
    qsort(sorted, count, sizeof(*sorted), row_compare);
    return sorted;
}

static const char *
move_name(struct arena *arena, const struct change_row *row)
{
    return arena_printf(arena, "%s -> %s", pack_action_name((enum policy_action)row->from),
                        pack_action_name((enum policy_action)row->to));
}

static struct cause
row_cause(const struct change_row *row)
{
    return (struct cause){(enum cause_kind)row->to, row->name};
}

static const char *
rule_name(struct arena *arena, const struct change_row *row)
{
    return arena_printf(arena, "%c %s%s", 'A' + row->from, row->name,
                        cause_words(row_cause(row)));
}

static void
rows_print(FILE *out, struct arena *arena, const struct change_row *rows,
           const char *(*name)(struct arena *arena, const struct change_row *row))
{
    for (const struct change_row **row = rows_sorted(arena, rows); *row; row++) {
        const char *text = name(arena, *row);
        size_t len = strlen(text);

        fprintf(out, "%8zu  ", (*row)->count);
        print_text(out, text);
        fprintf(out, "%*s  ", len < NAME_WIDTH ? (int)(NAME_WIDTH - len) : 0, "");
        sums_print(out, &(*row)->sums);
        fputc('\n', out);
    }
}

void
changes_print(FILE *out, struct arena *arena, const struct changes *changes)
{
    if (!changes->changed)
        return;
    rows_print(out, arena, changes->moves, move_name);
    fputs("by rule\n", out);
    rows_print(out, arena, changes->rules, rule_name);
}

static void
row_json(struct buffer *out, const struct change_row *row)
{
    json_key(out, "payments");
    json_int(out, (int64_t)row->count);
    json_key(out, "amounts");
    sums_json(out, &row->sums);
    json_close(out, '}');
}

static void
moves_json(struct buffer *out, const struct change_row **row)
{
    json_key(out, "moves");
    json_open(out, '[');
    for (; *row; row++) {
        json_open(out, '{');
        json_member(out, "from", pack_action_name((enum policy_action)(*row)->from));
        json_member(out, "to", pack_action_name((enum policy_action)(*row)->to));
        row_json(out, *row);
    }
    json_close(out, ']');
}

static void
rules_json(struct buffer *out, const struct change_row **row, const char *noun)
{
    json_key(out, "rules");
    json_open(out, '[');
    for (; *row; row++) {
        json_open(out, '{');
        json_member(out, noun, (*row)->from == PAIR_A ? "a" : "b");
        json_key(out, "rule");
        if ((*row)->to == CAUSE_RULE)
            json_string(out, (*row)->name);
        else
            json_null(out);
        cause_json(out, row_cause(*row));
        row_json(out, *row);
    }
    json_close(out, ']');
}

void
changes_json(struct buffer *out, struct arena *arena, const struct changes *changes,
             const char *noun)
{
    json_key(out, "payments");
    json_int(out, (int64_t)changes->payments);
    json_key(out, "changed");
    json_int(out, (int64_t)changes->changed);
    moves_json(out, rows_sorted(arena, changes->moves));
    rules_json(out, rows_sorted(arena, changes->rules), noun);
}
