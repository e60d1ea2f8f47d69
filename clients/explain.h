/*
 * explain.h - a condition taken apart: the value of every part of it.
 *
 *     payment.debtor.country == 'RU' && kits.exists(k, k.coverage >= 0.6)   true
 *       payment.debtor.country == 'RU'                                      true
 *         payment.debtor.country                                            'RU'
 *       kits.exists(k, k.coverage >= 0.6)                                   true
 *         k = a kit                                                         true
 *           k.coverage                                                      0.75
 *
 * Left out are constants, loop variables, and records on the way to a field:
 * their values are seen in the text, or one line above or below.
 *
 *   X1  what the evaluation did not need, because && || ?: or a loop was decided
 *       before it, is evaluated and marked so.
 *   X2  of a loop at most EXPLAIN_ELEMENTS_MAX elements are shown.
 */
#ifndef CLIENTS_EXPLAIN_H
#define CLIENTS_EXPLAIN_H

#include "gateway/base/buffer.h"
#include "policy/rules/cel/program.h"

#define EXPLAIN_ELEMENTS_MAX 20

struct explained_row {
    struct explained *first, *last;
};

/* One part, on the explainer's arena. */
struct explained {
    const char *text; /* the source, its blanks joined; of an element the loop's variable */
    bool is_element;  /* of a loop's range, the one at index */
    uint32_t index;
    struct cel_value value; /* of an element: what the loop asked of it gave */
    struct cel_value element;
    bool needed;
    uint32_t omitted; /* elements of a loop that are not shown */
    struct explained_row parts;
    struct explained *next;
};

/* Values live as long as the run's memory and the explainer do. */
struct explainer {
    struct arena *arena;
    struct cel_run *run;
    struct cel_program *program;
    struct cel_frame frame;
};

/* The run's host is what load() needs. */
void explainer_init(struct explainer *explainer, struct arena *arena, struct cel_run *run,
                    const struct cel_environment *environment,
                    struct cel_value (*load)(struct cel_run *run, enum cel_variable_id id));
void explainer_release(struct explainer *explainer);

/* A checked tree and its source; rule names it to chance(). */
const struct explained *explain(struct explainer *explainer, const struct cel_node *root,
                                const char *source, const char *rule);

/* The value of a checked tree alone. */
struct cel_value explain_value(struct explainer *explainer, const struct cel_node *root,
                               const char *rule);

#endif
