/*
 * text.matches(pattern): does the pattern match anywhere in the text?
 *
 * All steps that the automaton can be at are followed together, character by
 * character (re2_syntax.h).  `seen` keeps any of them from being entered twice
 * at one place; that bounds the work, and it is charged as it is done.
 */
#include <stdlib.h>

#include "policy/rules/cel/functions.h"
#include "policy/rules/cel/re2_syntax.h"
#include "policy/rules/cel/utf8.h"

#define STEPS_ON_STACK 256 /* larger programs take memory of the run */
#define ARRAYS         4
#define ERROR_MAX      200
#define OUTSIDE        (-1) /* before the first byte, behind the last */
#define NOT_A_POINT    0xFFFD

struct cel_pattern {
    struct re2_program program;
    struct block *blocks;
};

/* Memory of a compiled pattern. */
struct block {
    struct block *next;
    max_align_t data[];
};

struct simulation {
    const struct re2_program *program;
    struct cel_run *run;
    struct re2_probe probe;
    uint32_t *seen;    /* by step: the place it was last entered at */
    uint32_t *waiting; /* steps that take the next character */
    uint32_t *pending; /* steps to enter at the next place */
    uint32_t *left;    /* steps still to enter at this one */
    uint32_t waiting_count, pending_count;
    uint32_t place;    /* from 1 */
    uint32_t entered;  /* steps, since it was last charged */
    int before, after; /* bytes around the place */
};

static bool
is_word(int byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
           (byte >= 'a' && byte <= 'z');
}

/* Is the place what the step asks for?  Bytes suffice: newlines and words are ASCII. */
static bool
holds(const struct simulation *simulation, enum re2_op op)
{
    int before = simulation->before, after = simulation->after;

    switch (op) {
    case RE2_TEXT_BEGINS:
        return before == OUTSIDE;
    case RE2_TEXT_ENDS:
        return after == OUTSIDE;
    case RE2_LINE_BEGINS:
        return before == OUTSIDE || before == '\n';
    case RE2_LINE_ENDS:
        return after == OUTSIDE || after == '\n';
    case RE2_WORD_EDGE:
        return is_word(before) != is_word(after);
    default:
        return is_word(before) == is_word(after);
    }
}

/* From this step, all that can be reached without a character.  True: the match is. */
static bool
enter(struct simulation *simulation, uint32_t first)
{
    uint32_t left = 0;

    simulation->left[left++] = first;
    while (left > 0) {
        uint32_t at = simulation->left[--left];
        const struct re2_step *step = &simulation->program->steps[at];

        if (simulation->seen[at] == simulation->place)
            continue;
        simulation->seen[at] = simulation->place;
        simulation->entered++;
        if (step->op <= RE2_SET)
            simulation->waiting[simulation->waiting_count++] = at;
        else if (step->op == RE2_MATCH)
            return true;
        else if (step->op == RE2_SPLIT || step->op == RE2_JUMP)
            simulation->left[left++] = at + (uint32_t)step->x;
        else if (holds(simulation, step->op))
            simulation->left[left++] = at + 1;
        if (step->op == RE2_SPLIT)
            simulation->left[left++] = at + (uint32_t)step->y;
    }
    return false;
}

static bool
takes(struct simulation *simulation, const struct re2_step *step, uint32_t point)
{
    switch (step->op) {
    case RE2_POINT:
        return point == (uint32_t)step->x;
    case RE2_NOT_NEWLINE:
        return point != '\n';
    case RE2_SET:
        return re2_set_has(&simulation->program->sets[step->x], point, &simulation->probe);
    default:
        return true;
    }
}

/* What waits takes the character, or is dropped. */
static void
advance(struct simulation *simulation, uint32_t point)
{
    simulation->pending_count = 0;
    for (uint32_t i = 0; i < simulation->waiting_count; i++) {
        uint32_t at = simulation->waiting[i];

        if (takes(simulation, &simulation->program->steps[at], point))
            simulation->pending[simulation->pending_count++] = at + 1;
    }
}

/* The place at `at` is reached.  True: there is a match. */
static bool
arrive(struct simulation *simulation, struct cel_value text, size_t at)
{
    const struct re2_program *program = simulation->program;

    simulation->place++;
    simulation->waiting_count = 0;
    simulation->before = at > 0 ? (unsigned char)text.text[at - 1] : OUTSIDE;
    simulation->after = at < text.size ? (unsigned char)text.text[at] : OUTSIDE;
    for (uint32_t i = 0; i < simulation->pending_count; i++)
        if (enter(simulation, simulation->pending[i]))
            return true;
    if (program->anchored && at > 0)
        return false;
    if (program->filtered && (at == text.size || !program->first[simulation->after]))
        return false;
    return enter(simulation, 0);
}

/* Where a match may begin from `at` on; behind the end if nowhere. */
static size_t
next_start(const struct re2_program *program, struct cel_value text, size_t at)
{
    if (program->anchored && at > 0)
        return (size_t)text.size + 1;
    if (!program->filtered)
        return at;
    while (at < text.size && !program->first[(unsigned char)text.text[at]])
        at++;
    return at < text.size ? at : (size_t)text.size + 1;
}

static struct cel_value
simulate(struct simulation *simulation, struct cel_value text)
{
    for (size_t at = 0, start, length;; at += length) {
        uint32_t point;

        start = simulation->pending_count ? at : next_start(simulation->program, text, at);
        if (!cel_spend(simulation->run, start - at))
            return cel_out_of_steps();
        if (start > text.size)
            return cel_bool(false);
        at = start;
        if (arrive(simulation, text, at))
            return cel_bool(true);
        if (at == text.size)
            return cel_bool(false);
        if (!cel_spend(simulation->run, 1 + simulation->entered))
            return cel_out_of_steps();
        simulation->entered = 0;
        length = utf8_decode(text.text + at, text.size - at, &point);
        advance(simulation, length ? point : NOT_A_POINT);
        length = length ? length : 1;
        if (simulation->probe.failed)
            return cel_out_of_memory();
    }
}

static void *
alloc_from_run(void *context, size_t bytes)
{
    return cel_alloc(context, bytes);
}

static struct cel_value
match_program(struct cel_run *run, const struct re2_program *program, struct cel_value text)
{
    uint32_t fixed[ARRAYS * (STEPS_ON_STACK + 1)], *room = fixed;
    uint32_t size = program->step_count + 1; /* a step enters two and leaves one: one is over */
    struct re2_memory memory = {alloc_from_run, run};
    struct simulation simulation = {
        .program = program, .run = run, .probe = {.memory = &memory}};

    if (program->step_count > STEPS_ON_STACK)
        room = cel_alloc(run, ARRAYS * size * sizeof(*room));
    if (!room)
        return cel_out_of_memory();
    if (!cel_spend(run, size))
        return cel_out_of_steps();
    simulation.seen = memset(room, 0, size * sizeof(*room));
    simulation.waiting = room + size;
    simulation.pending = room + 2 * (size_t)size;
    simulation.left = room + 3 * (size_t)size;
    return simulate(&simulation, text);
}

static void *
alloc_block(void *context, size_t bytes)
{
    struct cel_pattern *pattern = context;
    struct block *block = malloc(sizeof(*block) + bytes);

    if (!block)
        return NULL;
    block->next = pattern->blocks;
    pattern->blocks = block;
    return block->data;
}

struct cel_pattern *
cel_pattern_compile(const char *pattern, size_t len, char *error, size_t error_size)
{
    struct cel_pattern *compiled = calloc(1, sizeof(*compiled));
    struct re2_memory memory = {alloc_block, compiled};

    if (!compiled)
        abort();
    if (re2_compile(pattern, len, &memory, &compiled->program, error, error_size) != 0) {
        cel_pattern_release(compiled);
        return NULL;
    }
    return compiled;
}

void
cel_pattern_release(struct cel_pattern *pattern)
{
    while (pattern && pattern->blocks) {
        struct block *block = pattern->blocks;

        pattern->blocks = block->next;
        free(block);
    }
    free(pattern);
}

uint32_t
cel_pattern_steps(const struct cel_pattern *pattern)
{
    return pattern ? pattern->program.step_count : RE2_STEPS_MAX;
}

struct cel_value
cel_pattern_matches(struct cel_run *run, const struct cel_pattern *pattern,
                    struct cel_value text)
{
    if (text.kind != CEL_STRING)
        return cel_no_overload(run, "matches", &text, 1);
    return match_program(run, &pattern->program, text);
}

static struct cel_value
call_matches(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    struct re2_memory memory = {alloc_from_run, run};
    struct re2_program program;
    char error[ERROR_MAX];

    if (args[0].kind != CEL_STRING || args[1].kind != CEL_STRING)
        return cel_no_overload(run, "matches", args, count);
    if (!cel_spend(run, args[1].size))
        return cel_out_of_steps();
    if (re2_compile(args[1].text, args[1].size, &memory, &program, error, sizeof(error)) != 0)
        return cel_fail(run, "matches: %s", error);
    return match_program(run, &program, args[0]);
}

const struct cel_function cel_match_functions[] = {
    {"matches", true, 2, 2, true, "ss:b", call_matches},
    {"matches", false, 2, 2, true, "ss:b", call_matches},
    {NULL, false, 0, 0, false, NULL, NULL},
};
