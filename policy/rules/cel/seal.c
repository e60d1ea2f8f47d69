/*
 * seal.c - which values of a finished program are worth remembering: those that
 * several ask for, and those that a loop asks for each round.
 */
#include <stdlib.h>

#include "policy/rules/cel/program_ops.h"

/* How often each op is asked for by what can be reached from the roots. */
struct census {
    const struct cel_program *program;
    uint32_t *readers;
};

static void counted(struct census *census, uint32_t index, bool in_loop);

static void
counted_operands(struct census *census, const struct cel_op *op)
{
    bool loops = op->locals != 0; /* each round of a loop asks again */

    if (cel_op_has_row(op)) {
        for (uint32_t i = 0; i < op->b; i++)
            counted(census, census->program->operands[op->a + i], loops);
        return;
    }
    switch (op->kind) {
    case CEL_NODE_CONST:
    case CEL_OP_VARIABLE:
    case CEL_OP_LOCAL:
        break;
    case CEL_NODE_SELECT:
    case CEL_NODE_HAS:
    case CEL_NODE_NOT:
    case CEL_NODE_NEGATE:
    case CEL_OP_FIELD:
    case CEL_OP_HAS_FIELD:
    case CEL_OP_MATCHES:
        counted(census, op->a, loops);
        break;
    default:
        counted(census, op->a, loops);
        counted(census, op->b, loops || cel_op_is_loop(op));
        if (op->kind == CEL_NODE_COND || (op->kind == CEL_NODE_MAP_EACH && op->c != UINT32_MAX))
            counted(census, op->c, loops || cel_op_is_loop(op));
    }
}

static void
counted(struct census *census, uint32_t index, bool in_loop)
{
    uint32_t before = census->readers[index];

    census->readers[index] += in_loop ? 2 : 1;
    if (before == 0)
        counted_operands(census, &census->program->ops[index]);
}

void
cel_program_seal(struct cel_program *program)
{
    struct census census = {program, calloc(program->op_count + 1, sizeof(uint32_t))};

    if (!census.readers)
        abort();
    for (uint32_t i = 0; i < program->root_count; i++)
        counted(&census, program->roots[i], false);
    for (uint32_t i = 0; i < program->op_count; i++) {
        struct cel_op *op = &program->ops[i];

        if (op->memo == 0 && op->locals == 0 && op->kind != CEL_NODE_CONST &&
            census.readers[i] > 1)
            op->memo = ++program->memo_count;
    }
    free(census.readers);
}
