/* Steps put together: branches, repetitions, and how a match begins. */
#include <string.h>

#include "policy/rules/cel/re2_build.h"
#include "policy/rules/cel/utf8.h"

#define ROOM_FIRST 32

/* Room for `more` steps behind the last. */
static bool
reserve(struct re2_program *program, struct re2_memory *memory, uint32_t more)
{
    uint32_t room = 2 * (program->step_count + more) + ROOM_FIRST;
    struct re2_step *moved;

    if (more > RE2_STEPS_MAX - program->step_count)
        return false;
    if (program->step_count + more <= program->step_room)
        return true;
    moved = memory->alloc(memory->context, room * sizeof(*moved));
    if (!moved)
        return false;
    if (program->step_count > 0)
        memcpy(moved, program->steps, program->step_count * sizeof(*moved));
    program->steps = moved;
    program->step_room = room;
    return true;
}

static struct re2_step *
append(struct re2_program *program, enum re2_op op, int32_t x, int32_t y)
{
    struct re2_step *step = &program->steps[program->step_count++];

    *step = (struct re2_step){op, x, y};
    return step;
}

bool
re2_emit(struct re2_program *program, struct re2_memory *memory, enum re2_op op, int32_t x)
{
    if (!reserve(program, memory, 1))
        return false;
    append(program, op, x, 0);
    return true;
}

struct re2_set *
re2_new_set(struct re2_program *program, struct re2_memory *memory)
{
    if (program->set_count == program->set_room) {
        uint32_t room = 2 * program->set_room + 4;
        struct re2_set *moved = memory->alloc(memory->context, room * sizeof(*moved));

        if (!moved)
            return NULL;
        if (program->set_count > 0)
            memcpy(moved, program->sets, program->set_count * sizeof(*moved));
        program->sets = moved;
        program->set_room = room;
    }
    return &program->sets[program->set_count++];
}

/* Before the piece from `begin`, with room reserved. */
static void
insert_split(struct re2_program *program, uint32_t begin, int32_t y)
{
    struct re2_step *at = program->steps + begin;

    memmove(at + 1, at, (program->step_count - begin) * sizeof(*at));
    *at = (struct re2_step){RE2_SPLIT, 1, y};
    program->step_count++;
}

bool
re2_branch(struct re2_program *program, struct re2_memory *memory, uint32_t begin,
           uint32_t *jumps)
{
    if (!reserve(program, memory, 2))
        return false;
    insert_split(program, begin, (int32_t)(program->step_count - begin) + 2);
    append(program, RE2_JUMP, (int32_t)*jumps, 0);
    *jumps = program->step_count; /* one more than the index: 0 ends the list */
    return true;
}

void
re2_join(struct re2_program *program, uint32_t *jumps)
{
    while (*jumps != 0) {
        struct re2_step *jump = &program->steps[*jumps - 1];
        int32_t way = (int32_t)(program->step_count - (*jumps - 1));

        *jumps = (uint32_t)jump->x;
        jump->x = way;
    }
}

static void
copy_piece(struct re2_program *program, uint32_t begin, uint32_t size)
{
    memcpy(program->steps + program->step_count, program->steps + begin,
           size * sizeof(*program->steps));
    program->step_count += size;
}

/* x* and x{n,}: go round once more, or on. */
static void
repeat_for_ever(struct re2_program *program, uint32_t begin, uint32_t size, int32_t min)
{
    if (min == 0) {
        insert_split(program, begin, (int32_t)size + 2);
        append(program, RE2_JUMP, -(int32_t)(size + 1), 0);
        return;
    }
    for (int32_t i = 1; i < min; i++)
        copy_piece(program, begin, size);
    append(program, RE2_SPLIT, -(int32_t)size, 1);
}

/* x{n,m} is n times x and then (x(x(x)?)?)?: each SPLIT may leave for the end. */
static void
repeat_at_most(struct re2_program *program, uint32_t begin, uint32_t size, int32_t min,
               int32_t max)
{
    uint32_t copies = min > 0 ? (uint32_t)min : 1;
    uint32_t end = begin + (uint32_t)max * size + (uint32_t)(max - min);

    if (min == 0) {
        insert_split(program, begin, (int32_t)(end - begin));
        begin++;
    }
    for (uint32_t i = 1; i < copies; i++)
        copy_piece(program, begin, size);
    for (; copies < (uint32_t)max; copies++) {
        append(program, RE2_SPLIT, 1, (int32_t)(end - program->step_count));
        copy_piece(program, begin, size);
    }
}

bool
re2_repeat(struct re2_program *program, struct re2_memory *memory, uint32_t begin, int32_t min,
           int32_t max)
{
    uint32_t size = program->step_count - begin;
    uint64_t grown = max == RE2_NO_END ? (uint64_t)(min > 1 ? min : 1) * size + 2
                                       : (uint64_t)max * size + (uint64_t)(max - min);

    if (size == 0) /* nothing any number of times; there may be no steps yet to copy from */
        return true;
    if (grown > RE2_STEPS_MAX ||
        (grown > size && !reserve(program, memory, (uint32_t)grown - size)))
        return false;
    if (max == RE2_NO_END)
        repeat_for_ever(program, begin, size, min);
    else if (max == 0)
        program->step_count = begin;
    else
        repeat_at_most(program, begin, size, min, max);
    return true;
}

/* The steps that can be reached without a character. */
struct reach {
    const struct re2_program *program;
    bool *seen;
    uint32_t *left; /* steps still to look at */
    uint32_t left_count;
};

static void
reach(struct reach *reach, uint32_t step)
{
    if (reach->seen[step])
        return;
    reach->seen[step] = true;
    reach->left[reach->left_count++] = step;
}

/* The next step that takes a character or is the match; through places, \A perhaps not. */
static const struct re2_step *
next_reached(struct reach *from, bool through_begin)
{
    while (from->left_count > 0) {
        uint32_t at = from->left[--from->left_count];
        const struct re2_step *step = &from->program->steps[at];

        if (step->op <= RE2_SET || step->op == RE2_MATCH)
            return step;
        if (step->op == RE2_SPLIT || step->op == RE2_JUMP)
            reach(from, at + (uint32_t)step->x);
        else if (step->op != RE2_TEXT_BEGINS || through_begin)
            reach(from, at + 1);
        if (step->op == RE2_SPLIT)
            reach(from, at + (uint32_t)step->y);
    }
    return NULL;
}

/* The bytes that a character of this step can begin with; false: any, or none is needed. */
static bool
add_first(struct re2_program *program, const struct re2_step *step)
{
    char bytes[UTF8_BYTES_MAX];

    if (step->op == RE2_POINT) {
        utf8_encode((uint32_t)step->x, bytes);
        program->first[(unsigned char)bytes[0]] = true;
        return true;
    }
    if (step->op != RE2_SET)
        return false;
    for (int byte = 0; byte < 256; byte++)
        program->first[byte] |= byte < 128
                                    ? re2_set_has(&program->sets[step->x], (uint32_t)byte, NULL)
                                    : re2_set_leaves_ascii(&program->sets[step->x]);
    return true;
}

bool
re2_finish(struct re2_program *program, struct re2_memory *memory)
{
    struct reach from = {.program = program};
    const struct re2_step *step;

    if (!re2_emit(program, memory, RE2_MATCH, 0))
        return false;
    from.seen = memory->alloc(memory->context, program->step_count * sizeof(*from.seen));
    from.left = memory->alloc(memory->context, program->step_count * sizeof(*from.left));
    if (!from.seen || !from.left)
        return false;
    memset(from.seen, 0, program->step_count * sizeof(*from.seen));
    reach(&from, 0);
    program->anchored = !next_reached(&from, false);

    memset(from.seen, 0, program->step_count * sizeof(*from.seen));
    from.left_count = 0;
    reach(&from, 0);
    program->filtered = true;
    while (program->filtered && (step = next_reached(&from, true)))
        program->filtered = add_first(program, step);
    return true;
}
