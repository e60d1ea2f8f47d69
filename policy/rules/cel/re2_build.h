/*
 * re2_build.h - steps put together, piece by piece.
 *
 * A piece is what program->steps holds from some step to the end.  Ways within
 * it are relative, so that it can be moved and copied as it is.
 *
 * All answer false where the program would be too large; no memory is too
 * large as well.
 */
#ifndef POLICY_RULES_CEL_RE2_BUILD_H
#define POLICY_RULES_CEL_RE2_BUILD_H

#include "policy/rules/cel/re2_syntax.h"

#define RE2_NO_END (-1)

bool re2_emit(struct re2_program *program, struct re2_memory *memory, enum re2_op op,
              int32_t x);

/* An empty set for the caller to fill; its index is the last. */
struct re2_set *re2_new_set(struct re2_program *program, struct re2_memory *memory);

/* The piece from `begin` becomes a first branch: another piece may follow.  Its
 * JUMP, the last step, waits in the list *jumps for the end of all branches. */
bool re2_branch(struct re2_program *program, struct re2_memory *memory, uint32_t begin,
                uint32_t *jumps);
void re2_join(struct re2_program *program, uint32_t *jumps);

/* The piece from `begin`, min to max times; RE2_NO_END: as often as you like. */
bool re2_repeat(struct re2_program *program, struct re2_memory *memory, uint32_t begin,
                int32_t min, int32_t max);

/* Nothing follows: find out how a match can begin. */
bool re2_finish(struct re2_program *program, struct re2_memory *memory);

#endif
