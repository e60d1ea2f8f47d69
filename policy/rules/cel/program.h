/*
 * program.h - checked expressions compiled into one program, and its evaluation.
 *
 * A program is an array of nodes.  Equal subexpressions, of one rule or of
 * many, are one node; a node that several share remembers its value for the
 * payment, so that it is computed once.  What depends on no variable is
 * computed when the program is made.
 *
 *   P1  a program is only read after cel_program_seal(): threads share it, each
 *       evaluation has a frame of its own.
 *   P2  evaluation allocates through the frame's run alone and takes no lock.
 *   P3  what is computed early or once gives what it would give in its place:
 *       an error stays where it was met, and && and || still absorb it.
 */
#ifndef POLICY_RULES_CEL_PROGRAM_H
#define POLICY_RULES_CEL_PROGRAM_H

#include "policy/rules/cel/check.h"

struct cel_program;

/* fold false: keep every subexpression as written, for explaining it. */
struct cel_program *cel_program_new(const struct cel_environment *environment, bool fold);
void cel_program_free(struct cel_program *program); /* takes NULL */

/*
 * Add a checked expression.  rule names it to chance().  The result stands for
 * it in cel_evaluate().  The tree's arena must outlive the program: names and
 * constants are not copied.
 */
uint32_t cel_program_add(struct cel_program *program, const struct cel_node *root,
                         const char *rule);

/* Where in its rule a part of an expression stands. */
struct cel_surroundings {
    const char
        *locals[CEL_LOOPS_MAX]; /* the variables of the loops around it, outermost first */
    uint32_t local_count;
    uint32_t chances; /* calls of chance() before it, as the tree is written */
};

/* The same for a part, to be evaluated by itself.  frame->locals[] must hold the values of
 * the loops' variables then. */
uint32_t cel_program_add_part(struct cel_program *program, const struct cel_node *node,
                              const char *rule, const struct cel_surroundings *surroundings);

/* After the last expression: settles what is remembered.  Without it nothing is. */
void cel_program_seal(struct cel_program *program);

/* One payment's evaluation; memory of the run.  {0} is nothing. */
struct cel_frame {
    struct cel_run *run;
    const struct cel_program *program;
    struct cel_value *memo;
    uint64_t *known;                   /* a bit for each memo */
    const struct cel_value *variables; /* by index in the environment, or NULL */
    struct cel_value (*load)(struct cel_run *run, enum cel_variable_id id); /* or NULL */
    struct cel_value locals[CEL_LOOPS_MAX]; /* the loops' variables, outermost first */
};

/* Variables are an array (bindings) or loaded when first asked for (facts). */
void cel_frame_init(struct cel_frame *frame, const struct cel_program *program,
                    struct cel_run *run, const struct cel_value *variables,
                    struct cel_value (*load)(struct cel_run *run, enum cel_variable_id id));

struct cel_value cel_evaluate(struct cel_frame *frame, uint32_t expression);

#endif
