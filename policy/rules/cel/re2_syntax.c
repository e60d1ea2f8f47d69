/*
 * One pass over the source.  A piece that a repetition may follow is known by
 * its first step; an open group by its first step and that of its branch.
 */
#include <stdarg.h>
#include <stdio.h>

#include "policy/rules/cel/re2_parser.h"
#include "policy/rules/cel/utf8.h"

#define NUMBER_MAX 100000 /* read no further: far beyond RE2_REPEAT_MAX */

bool
re2_refuse(struct re2_parser *parser, size_t at, const char *fmt, ...)
{
    char what[100];
    size_t character = 1;
    va_list args;

    for (size_t i = utf8_next(parser->source, parser->size, 0); i <= at && i <= parser->size;
         i = utf8_next(parser->source, parser->size, i))
        character++;
    va_start(args, fmt);
    vsnprintf(what, sizeof(what), fmt, args);
    va_end(args);
    snprintf(parser->error, parser->error_size,
             "character %zu of the pattern: %s: not RE2 syntax", character, what);
    return false;
}

bool
re2_too_large(struct re2_parser *parser)
{
    snprintf(parser->error, parser->error_size,
             "the pattern is too large: it may take %d steps, and the memory of an expression",
             RE2_STEPS_MAX);
    return false;
}

static bool
open_group(struct re2_parser *parser, size_t begin)
{
    struct re2_group *group;

    if (parser->depth == RE2_NESTING_MAX)
        return re2_refuse(parser, begin, "more than %d groups in each other", RE2_NESTING_MAX);
    group = &parser->groups[++parser->depth];
    *group = (struct re2_group){.begin = parser->program->step_count,
                                .branch = parser->program->step_count,
                                .flags = parser->flags,
                                .turns = 1,
                                .at = begin};
    parser->has_piece = parser->repeated = false;
    return true;
}

/* Behind (?P< or (?<. */
static bool
parse_name(struct re2_parser *parser, size_t begin)
{
    size_t from = parser->at, size;

    while (more(parser) && parser->source[parser->at] != '>') {
        char c = parser->source[parser->at++];

        if (digit_of(c) > 9 && c != '_' && ((c | 0x20) < 'a' || (c | 0x20) > 'z'))
            return re2_refuse(parser, begin, "a name of other than letters, digits and _");
    }
    size = parser->at - from;
    if (size == 0 || !skip(parser, ">"))
        return re2_refuse(parser, begin, "a group's name is missing or without its >");
    for (uint32_t i = 0; i < parser->name_count; i++) {
        const char *other = parser->source + parser->names[i];

        if (memcmp(other, parser->source + from, size) == 0 && other[size] == '>')
            return re2_refuse(parser, begin, "two groups of one name");
    }
    parser->names[parser->name_count++] = from;
    return open_group(parser, begin);
}

/* Behind (?: letters that set flags, behind a minus clear them, up to : or ). */
static bool
parse_flags(struct re2_parser *parser, size_t begin)
{
    static const char letters[] = "imsU";
    unsigned flags = parser->flags;
    bool clear = false, any = false;

    for (; more(parser); parser->at++) {
        char c = parser->source[parser->at];
        const char *letter = c ? strchr(letters, c) : NULL;

        if (c == ':' || c == ')')
            break;
        if (letter) {
            unsigned flag = 1u << (letter - letters);

            flags = clear ? flags & ~flag : flags | flag;
            any = true;
        } else if (c == '-' && !clear) {
            clear = true;
            any = false;
        } else {
            return re2_refuse(parser, begin, "an unknown group or flag behind (?");
        }
    }
    if (!more(parser) || (clear && !any))
        return re2_refuse(parser, begin, "flags without their end");
    if (parser->source[parser->at++] == ':' && !open_group(parser, begin))
        return false;
    parser->flags = flags;
    return true;
}

/* Behind the (. */
static bool
parse_group(struct re2_parser *parser)
{
    static const struct {
        const char *begins, *what;
    } refused[] = {
        {"?=", "look-ahead"},       {"?!", "look-ahead"},       {"?<=", "look-behind"},
        {"?<!", "look-behind"},     {"?>", "an atomic group"},  {"?#", "a comment"},
        {"?|", "a branch reset"},   {"?R", "recursion"},        {"?&", "recursion"},
        {"?P=", "a backreference"}, {"?P>", "recursion"},       {"?C", "a callout"},
        {"?(", "a condition"},      {"?'", "a name in quotes"}, {"*", "a verb"},
        {"?+", "recursion"},
    };
    size_t begin = parser->at - 1;

    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
        if (looking_at(parser, refused[i].begins))
            return re2_refuse(parser, begin, "%s", refused[i].what);
    if (skip(parser, "?P<") || skip(parser, "?<"))
        return parse_name(parser, begin);
    if (skip(parser, "?"))
        return parse_flags(parser, begin);
    return open_group(parser, begin);
}

/* The most turns of a group are those of one of its pieces. */
static void
note_turns(struct re2_parser *parser)
{
    struct re2_group *group = &parser->groups[parser->depth];

    if (group->turns < parser->turns)
        group->turns = parser->turns;
}

/* Behind the ). */
static bool
close_group(struct re2_parser *parser)
{
    struct re2_group *group = &parser->groups[parser->depth];

    if (parser->depth == 0)
        return re2_refuse(parser, parser->at - 1, "a ) without its (");
    re2_join(parser->program, &group->jumps);
    parser->depth--;
    parser->flags = group->flags;
    parser->piece = group->begin;
    parser->turns = group->turns;
    parser->has_piece = true;
    parser->repeated = false;
    note_turns(parser);
    return true;
}

/* Behind the |. */
static bool
next_branch(struct re2_parser *parser)
{
    struct re2_group *group = &parser->groups[parser->depth];

    if (!re2_branch(parser->program, parser->memory, group->branch, &group->jumps))
        return re2_too_large(parser);
    group->branch = parser->program->step_count;
    parser->has_piece = parser->repeated = false;
    return true;
}

/* A number without zeros in front; false where there is none. */
static bool
read_number(struct re2_parser *parser, int32_t *number)
{
    size_t begin = parser->at;

    *number = 0;
    while (more(parser) && digit_of(parser->source[parser->at]) < 10) {
        if (*number < NUMBER_MAX)
            *number = *number * 10 + digit_of(parser->source[parser->at]);
        parser->at++;
    }
    return parser->at > begin && (parser->at == begin + 1 || parser->source[begin] != '0');
}

/* {2} {2,} {2,5}; anything else is no repetition, and the { a character. */
static bool
read_turns(struct re2_parser *parser, int32_t *min, int32_t *max)
{
    size_t begin = parser->at;
    bool reads = skip(parser, "{") && read_number(parser, min);

    *max = *min;
    if (reads && skip(parser, ",")) {
        *max = RE2_NO_END;
        reads = looking_at(parser, "}") || read_number(parser, max);
    }
    if (reads && skip(parser, "}"))
        return true;
    parser->at = begin;
    return false;
}

/* Behind the *, +, ? or {2,5} that stands at `begin`. */
static bool
repeat(struct re2_parser *parser, size_t begin, int32_t min, int32_t max)
{
    int32_t turns = max == RE2_NO_END ? min : max;

    if (!parser->has_piece)
        return re2_refuse(parser, begin, "a repetition of nothing");
    if (parser->repeated)
        return re2_refuse(parser, begin, "a repetition of a repetition");
    if (max != RE2_NO_END && max < min)
        return re2_refuse(parser, begin, "a repetition from %d to %d", min, max);
    if (turns > RE2_REPEAT_MAX || turns * parser->turns > RE2_REPEAT_MAX)
        return re2_refuse(parser, begin, "a repetition of more than %d turns", RE2_REPEAT_MAX);
    skip(parser, "?");
    if (!re2_repeat(parser->program, parser->memory, parser->piece, min, max))
        return re2_too_large(parser);
    if (turns > 1)
        parser->turns *= turns;
    note_turns(parser);
    parser->repeated = true;
    return true;
}

/* Behind a character that has a meaning of its own. */
static bool
parse_special(struct re2_parser *parser, char c)
{
    size_t begin = parser->at - 1;

    switch (c) {
    case '(':
        return parse_group(parser);
    case ')':
        return close_group(parser);
    case '|':
        return next_branch(parser);
    case '*':
        return repeat(parser, begin, 0, RE2_NO_END);
    case '+':
        return repeat(parser, begin, 1, RE2_NO_END);
    case '?':
        return repeat(parser, begin, 0, 1);
    case '[':
        return re2_parse_class(parser);
    case '.':
        return re2_emit_piece(parser, parser->flags & DOT_ALL ? RE2_ANY : RE2_NOT_NEWLINE, 0);
    case '^':
        return re2_emit_piece(parser, parser->flags & LINES ? RE2_LINE_BEGINS : RE2_TEXT_BEGINS,
                              0);
    case '$':
        return re2_emit_piece(parser, parser->flags & LINES ? RE2_LINE_ENDS : RE2_TEXT_ENDS, 0);
    default:
        return re2_parse_escape(parser);
    }
}

static bool
parse_next(struct re2_parser *parser)
{
    size_t begin = parser->at;
    int32_t min = 0, max = 0;
    uint32_t point;

    if (read_turns(parser, &min, &max))
        return repeat(parser, begin, min, max);
    if (!re2_read_point(parser, &point))
        return false;
    if (point != 0 && point < 128 && strchr("()|*+?[.^$\\", (int)point))
        return parse_special(parser, (char)point);
    return re2_emit_point(parser, point);
}

int
re2_compile(const char *source, size_t size, struct re2_memory *memory,
            struct re2_program *program, char *error, size_t error_size)
{
    struct re2_parser parser = {.source = source,
                                .size = size,
                                .program = program,
                                .memory = memory,
                                .error = error,
                                .error_size = error_size};

    *program = (struct re2_program){0};
    if (size > RE2_SOURCE_MAX) {
        snprintf(error, error_size, "the pattern has %zu bytes; it may have %d", size,
                 RE2_SOURCE_MAX);
        return -1;
    }
    while (more(&parser))
        if (!parse_next(&parser))
            return -1;
    if (parser.depth > 0) {
        re2_refuse(&parser, parser.groups[parser.depth].at, "a ( without its )");
        return -1;
    }
    re2_join(program, &parser.groups[0].jumps);
    if (!re2_finish(program, memory)) {
        re2_too_large(&parser);
        return -1;
    }
    return 0;
}
