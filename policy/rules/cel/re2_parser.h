/*
 * re2_parser.h - what the parts of the parser share: the source, and the piece at hand.
 *
 * re2_syntax.c reads groups and repetitions, re2_class.c characters and
 * classes.  Functions answer false after a fault, whose sentence is written
 * then; "behind the x" says what is already read.
 */
#ifndef POLICY_RULES_CEL_RE2_PARSER_H
#define POLICY_RULES_CEL_RE2_PARSER_H

#include <string.h>

#include "policy/rules/cel/re2_build.h"
#include "policy/rules/cel/re2_syntax.h"

enum flag { FOLD = 1, LINES = 2, DOT_ALL = 4, UNGREEDY = 8 };

struct re2_group {
    uint32_t begin, branch; /* first steps: of the group, of its last branch */
    uint32_t jumps;         /* re2_build.h */
    unsigned flags;         /* in force outside */
    int32_t turns;          /* RE2_REPEAT_MAX holds for nested repetitions together */
    size_t at;              /* of the bracket in the source */
};

struct re2_parser {
    const char *source;
    size_t size, at;
    struct re2_program *program;
    struct re2_memory *memory;
    unsigned flags;
    struct re2_group groups[RE2_NESTING_MAX + 1]; /* the first is the whole */
    uint32_t depth;
    size_t names[RE2_SOURCE_MAX / 4]; /* where names of groups begin */
    uint32_t name_count;
    bool has_piece; /* a repetition may follow, */
    bool repeated;  /* unless there was one just now */
    uint32_t piece; /* its first step */
    int32_t turns;  /* of the piece */
    struct re2_set_draft draft;
    char *error;
    size_t error_size;
};

/* The sentence for what begins at byte `at`; false, for the caller to return. */
bool re2_refuse(struct re2_parser *parser, size_t at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
bool re2_too_large(struct re2_parser *parser);

static inline bool
more(const struct re2_parser *parser)
{
    return parser->at < parser->size;
}

static inline bool
looking_at(const struct re2_parser *parser, const char *text)
{
    size_t size = strlen(text);

    return parser->size - parser->at >= size &&
           memcmp(parser->source + parser->at, text, size) == 0;
}

static inline bool
skip(struct re2_parser *parser, const char *text)
{
    if (!looking_at(parser, text))
        return false;
    parser->at += strlen(text);
    return true;
}

/* The value of a digit of any base up to 16; 16 for what is none. */
static inline int
digit_of(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : 16;
}

/* A piece of one step. */
bool re2_emit_piece(struct re2_parser *parser, enum re2_op op, int32_t x);
bool re2_emit_point(struct re2_parser *parser, uint32_t point);

/* Any character of the source, as it is. */
bool re2_read_point(struct re2_parser *parser, uint32_t *point);

bool re2_parse_class(struct re2_parser *parser);  /* behind the [ */
bool re2_parse_escape(struct re2_parser *parser); /* behind the backslash */

#endif
