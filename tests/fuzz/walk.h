/*
 * walk.h - evaluation as the language definition tells it, node by node.
 *
 * No folding, no sharing, no order of its own: slow, and simple enough to be
 * believed where the compiled program says something else.
 */
#ifndef TESTS_FUZZ_WALK_H
#define TESTS_FUZZ_WALK_H

#include "policy/rules/cel/check.h"

struct walk {
    struct cel_run *run;
    const struct cel_environment *environment;
    const struct cel_value *variables; /* as in struct cel_frame */
    struct cel_value (*load)(struct cel_run *run, enum cel_variable_id id);
    bool gave_up; /* too long, or chance(): whatever comes out means nothing */
};

/* The value of a checked tree. */
struct cel_value walk_tree(struct walk *walk, const struct cel_node *root);

#endif
