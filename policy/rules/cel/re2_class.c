/* Characters of a pattern: as they are, escaped, quoted, and classes of them. */
#include "policy/rules/cel/re2_parser.h"
#include "policy/rules/cel/utf8.h"

/* A piece of one step begins here. */
static void
begin_piece(struct re2_parser *parser)
{
    parser->piece = parser->program->step_count;
    parser->has_piece = true;
    parser->repeated = false;
    parser->turns = 1;
}

bool
re2_emit_piece(struct re2_parser *parser, enum re2_op op, int32_t x)
{
    begin_piece(parser);
    return re2_emit(parser->program, parser->memory, op, x) || re2_too_large(parser);
}

/* The draft as a step. */
static bool
emit_set(struct re2_parser *parser, bool negated)
{
    struct re2_set *set = re2_new_set(parser->program, parser->memory);

    if (!set || !re2_set_end(&parser->draft, negated, parser->memory, set))
        return re2_too_large(parser);
    return re2_emit_piece(parser, RE2_SET, (int32_t)parser->program->set_count - 1);
}

bool
re2_emit_point(struct re2_parser *parser, uint32_t point)
{
    uint32_t lower = point | 0x20;

    if (!(parser->flags & FOLD) || (point < 128 && (lower < 'a' || lower > 'z')))
        return re2_emit_piece(parser, RE2_POINT, (int32_t)point);
    re2_set_begin(&parser->draft, true);
    re2_set_add_range(&parser->draft, point, point);
    return emit_set(parser, false);
}

/* Any character of the source, as it is. */
bool
re2_read_point(struct re2_parser *parser, uint32_t *point)
{
    size_t length = utf8_decode(parser->source + parser->at, parser->size - parser->at, point);

    if (length == 0)
        return re2_refuse(parser, parser->at, "bytes that are not UTF-8");
    parser->at += length;
    return true;
}

/* Digits of a base, `most` at most; the number of them. */
static int
read_digits(struct re2_parser *parser, int base, int most, uint32_t *value)
{
    int count = 0;

    *value = 0;
    while (count < most && more(parser) && digit_of(parser->source[parser->at]) < base) {
        if (*value <= RE2_POINT_MAX)
            *value = *value * (uint32_t)base + (uint32_t)digit_of(parser->source[parser->at]);
        parser->at++;
        count++;
    }
    return count;
}

/* Behind \x: 7F or {10FFFF}. */
static bool
read_hexadecimal(struct re2_parser *parser, size_t begin, uint32_t *point)
{
    if (skip(parser, "{")) {
        if (read_digits(parser, 16, RE2_SOURCE_MAX, point) == 0 || !skip(parser, "}"))
            return re2_refuse(parser, begin, "\\x{ without digits and }");
    } else if (read_digits(parser, 16, 2, point) != 2) {
        return re2_refuse(parser, begin, "\\x without two digits");
    }
    if (*point > RE2_POINT_MAX)
        return re2_refuse(parser, begin, "a character beyond \\x{10FFFF}");
    if (*point >= 0xD800 && *point <= 0xDFFF)
        return re2_refuse(parser, begin, "a surrogate, which no text holds");
    return true;
}

/* Behind the backslash, which stood at `begin`: what stands for one character. */
static bool
read_escape(struct re2_parser *parser, size_t begin, uint32_t *point)
{
    static const char letters[] = "a\af\fn\nr\rt\tv\v";
    const char *letter;
    char c;

    if (!more(parser))
        return re2_refuse(parser, begin, "a backslash at the end");
    c = parser->source[parser->at];
    letter = c >= 'a' && c <= 'z' ? strchr(letters, c) : NULL;
    if ((unsigned char)c >= 128)
        return re2_refuse(parser, begin, "a backslash before a character beyond ASCII");
    if (c == '0' || (c >= '1' && c <= '7' && parser->at + 1 < parser->size &&
                     digit_of(parser->source[parser->at + 1]) < 8))
        return read_digits(parser, 8, 3, point) > 0;
    if (digit_of(c) < 10)
        return re2_refuse(parser, begin, "a backreference (\\%c)", c);
    parser->at++;
    if (c == 'x')
        return read_hexadecimal(parser, begin, point);
    *point = letter ? (unsigned char)letter[1] : (unsigned char)c;
    if (!letter && (((c | 0x20) >= 'a' && (c | 0x20) <= 'z')))
        return re2_refuse(parser, begin, "the escape \\%c", c);
    return true;
}

/* Behind the backslash: \d, \pL, \P{^Greek} into the draft.  *done false: it is none. */
static bool
read_class_escape(struct re2_parser *parser, bool *done)
{
    size_t begin = parser->at - 1, size = 0;
    char c = more(parser) ? parser->source[parser->at] : '\0';
    bool negated = c == 'P';
    const char *name, *end;

    *done = c != '\0' && strchr("dDsSwWpP", c);
    if (!*done)
        return true;
    parser->at++;
    if ((c | 0x20) != 'p')
        return re2_set_add_perl(&parser->draft, (char)(c | 0x20), c < 'a');
    name = parser->source + parser->at;
    if (skip(parser, "{")) {
        name++;
        end = memchr(name, '}', parser->size - parser->at);
        if (!end)
            return re2_refuse(parser, begin, "\\%c{ without its }", c);
        parser->at += (size_t)(end - name) + 1;
        if (*name == '^') {
            name++;
            negated = !negated;
        }
        size = (size_t)(end - name);
    } else if (more(parser)) {
        size = utf8_next(parser->source, parser->size, parser->at) - parser->at;
        parser->at += size;
    }
    return re2_set_add_property(&parser->draft, name, size, negated) ||
           re2_refuse(parser, begin, "\\%c without a category or script of Unicode", c);
}

/* [:alpha:] or [:^alpha:] at this place of a class?  *done false: it is none. */
static bool
read_posix(struct re2_parser *parser, bool *done)
{
    size_t begin = parser->at, left = parser->size - parser->at;
    const char *name = parser->source + parser->at + 2, *end = NULL;
    bool negated;

    *done = false;
    if (looking_at(parser, "[:"))
        end = memmem(name, left - 2, ":]", 2);
    if (!end)
        return true;
    *done = true;
    parser->at += (size_t)(end + 2 - (name - 2));
    negated = *name == '^';
    name += negated;
    return (end - name > 1 &&
            re2_set_add_posix(&parser->draft, name, (size_t)(end - name), negated)) ||
           re2_refuse(parser, begin, "[: :] around what is no class of POSIX");
}

static bool
read_class_point(struct re2_parser *parser, uint32_t *point)
{
    size_t begin = parser->at;

    if (skip(parser, "\\"))
        return read_escape(parser, begin, point);
    return re2_read_point(parser, point);
}

/* One character, or two with a minus between them. */
static bool
read_class_range(struct re2_parser *parser)
{
    size_t begin = parser->at;
    uint32_t first, last;

    if (!read_class_point(parser, &first))
        return false;
    last = first;
    if (looking_at(parser, "-") && !looking_at(parser, "-]") && parser->at + 1 < parser->size) {
        parser->at++;
        if (!read_class_point(parser, &last))
            return false;
    }
    if (last < first)
        return re2_refuse(parser, begin, "a range that ends before it begins");
    re2_set_add_range(&parser->draft, first, last);
    return true;
}

/* Behind the [. */
bool
re2_parse_class(struct re2_parser *parser)
{
    size_t begin = parser->at - 1;
    bool negated = skip(parser, "^"), done;

    re2_set_begin(&parser->draft, parser->flags & FOLD);
    for (bool first = true; first || !looking_at(parser, "]"); first = false) {
        if (!more(parser))
            return re2_refuse(parser, begin, "a [ without its ]");
        if (!read_posix(parser, &done))
            return false;
        if (!done && looking_at(parser, "\\")) {
            parser->at++;
            if (!read_class_escape(parser, &done))
                return false;
            parser->at -= !done;
        }
        if (!done && !read_class_range(parser))
            return false;
    }
    parser->at++;
    return emit_set(parser, negated);
}

/* Behind \Q: characters as they are up to \E or the end. */
static bool
parse_quotation(struct re2_parser *parser)
{
    uint32_t point;

    while (more(parser) && !skip(parser, "\\E"))
        if (!re2_read_point(parser, &point) || !re2_emit_point(parser, point))
            return false;
    return true;
}

/* Behind the backslash. */
bool
re2_parse_escape(struct re2_parser *parser)
{
    static const struct {
        char letter;
        enum re2_op op;
    } places[] = {
        {'A', RE2_TEXT_BEGINS},
        {'z', RE2_TEXT_ENDS},
        {'b', RE2_WORD_EDGE},
        {'B', RE2_NO_WORD_EDGE},
    };
    size_t begin = parser->at - 1;
    uint32_t point;
    bool done;

    if (skip(parser, "Q"))
        return parse_quotation(parser);
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (!more(parser) || parser->source[parser->at] != places[i].letter)
            continue;
        parser->at++;
        return re2_emit_piece(parser, places[i].op, 0);
    }
    re2_set_begin(&parser->draft, parser->flags & FOLD);
    if (!read_class_escape(parser, &done))
        return false;
    if (done)
        return emit_set(parser, false);
    return read_escape(parser, begin, &point) && re2_emit_point(parser, point);
}
