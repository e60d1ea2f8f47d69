/*
 * re2_syntax.h - a regular expression in RE2's syntax into steps of an automaton.
 *
 *     a|b*        0 SPLIT 1 3     1 POINT a     2 JUMP 6
 *                 3 SPLIT 4 6     4 POINT b     5 JUMP 3     6 MATCH
 *
 * The automaton has no memory of how it came to a step, so that all steps it
 * can be at are followed together and time grows with text times steps, never
 * faster: no pattern is slow.  That is also why RE2's syntax ends where it
 * does, and what PCRE or Perl know beyond it is refused by name.
 *
 *   X1  a source has at most RE2_SOURCE_MAX bytes, a program RE2_STEPS_MAX
 *       steps, a repetition RE2_REPEAT_MAX turns, also when nested.
 *   X2  SPLIT and JUMP lead to a step of the program; the last is MATCH.
 *   X3  greed is read and forgotten: whether there is a match does not
 *       depend on it, nor on groups.
 *
 * Syntax: https://github.com/google/re2/wiki/Syntax
 */
#ifndef POLICY_RULES_CEL_RE2_SYNTAX_H
#define POLICY_RULES_CEL_RE2_SYNTAX_H

#include "policy/rules/cel/re2_set.h"

#define RE2_SOURCE_MAX  1000
#define RE2_STEPS_MAX   10000
#define RE2_REPEAT_MAX  1000 /* as in RE2 */
#define RE2_NESTING_MAX 200

enum re2_op {
    RE2_POINT,       /* this character, x */
    RE2_ANY,         /* any character */
    RE2_NOT_NEWLINE, /* any but \n */
    RE2_SET,         /* one of sets[x] */
    RE2_SPLIT,       /* go on at both: x and y steps from here */
    RE2_JUMP,        /* go on x steps from here */
    RE2_TEXT_BEGINS, /* \A, and ^ without m; the rest are also places, not characters */
    RE2_TEXT_ENDS,
    RE2_LINE_BEGINS, /* ^ with m */
    RE2_LINE_ENDS,
    RE2_WORD_EDGE,    /* \b */
    RE2_NO_WORD_EDGE, /* \B */
    RE2_MATCH
};

struct re2_step {
    enum re2_op op;
    int32_t x, y;
};

struct re2_program {
    struct re2_step *steps;
    struct re2_set *sets;
    uint32_t step_count, step_room;
    uint32_t set_count, set_room;
    bool anchored; /* it begins where the text begins, or nowhere */
    bool filtered; /* it begins with a byte of first[], or nowhere */
    bool first[256];
};

/*
 * 0, or -1 with a sentence: "character 3 of the pattern: look-ahead: not RE2
 * syntax".  *program lives in memory.
 */
int re2_compile(const char *source, size_t size, struct re2_memory *memory,
                struct re2_program *program, char *error, size_t error_size)
    __attribute__((warn_unused_result));

#endif
