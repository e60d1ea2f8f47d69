/*
 * operand.c - what stands between operators: literals, names, calls, lists, maps,
 * and what follows them: .field, .method(...), [index].
 *
 *   Member  = Primary {"." SELECTOR ["(" [Exprs] ")"] | "[" Expr "]"}   suffixes()
 *   Primary = ["."] IDENT ["(" [Exprs] ")"] | "(" Expr ")" | LITERAL
 *           | "[" [Exprs] [","] "]" | "{" [Entries] [","] "}"            primary()
 */
#include "policy/rules/cel/parser.h"

static struct cel_node *
make_constant(struct cel_parser *p, uint32_t begin, struct cel_value value)
{
    struct cel_node *node = cel_parser_node(p, CEL_NODE_CONST, begin, begin);

    node->value = value;
    return node;
}

static const char *
token_name(struct cel_parser *p)
{
    if (p->token.kind == CEL_TOKEN_QUOTED)
        return arena_copy(p->lexer.arena, p->token.value.text, p->token.value.size);
    return arena_copy(p->lexer.arena, p->lexer.source + p->token.begin,
                      p->token.end - p->token.begin);
}

/* f(a, b) from its opening bracket on; receiver: the a of a.f(b), or NULL. */
static struct cel_node *
call(struct cel_parser *p, uint32_t begin, uint32_t at, const char *name,
     struct cel_node *receiver)
{
    struct cel_parts args = {0};
    struct cel_node *node;
    bool more;

    cel_parser_advance(p);
    if (receiver)
        cel_parser_append(p, &args, (struct cel_part){.node = receiver});
    more = p->token.kind != CEL_TOKEN_PAREN_CLOSE;
    while (more) {
        if (!cel_parser_append_expression(p, &args))
            return NULL;
        more = cel_parser_accept(p, CEL_TOKEN_COMMA);
    }
    if (!cel_parser_expect(p, CEL_TOKEN_PAREN_CLOSE, "',' or ')'"))
        return NULL;
    node = cel_parser_parts(p, CEL_NODE_CALL, begin, at, &args);
    node->name = name;
    node->method = receiver;
    return node;
}

/* x, .x, f(...), .f(...).  A dot says: not of the container; we have one container. */
static struct cel_node *
name_or_call(struct cel_parser *p)
{
    uint32_t begin = p->token.begin, at;
    bool dot = cel_parser_accept(p, CEL_TOKEN_DOT);
    struct cel_node *node;
    const char *name;

    if (p->token.kind != CEL_TOKEN_NAME)
        return cel_parser_expected(p, "a name");
    at = p->token.begin;
    name = token_name(p);
    cel_parser_advance(p);
    if (p->token.kind == CEL_TOKEN_PAREN_OPEN) {
        node = call(p, begin, at, name, NULL);
        return node && (dot || cel_parser_macro(p, node)) ? node : NULL;
    }
    node = cel_parser_node(p, CEL_NODE_IDENT, begin, at);
    node->name = dot ? arena_printf(p->lexer.arena, ".%s", name) : name;
    return node;
}

/* Lists and maps may end with a comma, and may be nothing but one. */
static struct cel_node *
list(struct cel_parser *p)
{
    uint32_t begin = p->token.begin;
    struct cel_parts items = {0};

    cel_parser_advance(p);
    while (p->token.kind != CEL_TOKEN_BRACKET_CLOSE) {
        if (items.count == 0 && cel_parser_accept(p, CEL_TOKEN_COMMA))
            break;
        if (!cel_parser_append_expression(p, &items))
            return NULL;
        if (!cel_parser_accept(p, CEL_TOKEN_COMMA))
            break;
    }
    if (!cel_parser_expect(p, CEL_TOKEN_BRACKET_CLOSE, "',' or ']'"))
        return NULL;
    return cel_parser_parts(p, CEL_NODE_LIST, begin, begin, &items);
}

static struct cel_node *
map(struct cel_parser *p)
{
    uint32_t begin = p->token.begin;
    struct cel_parts items = {0};

    cel_parser_advance(p);
    while (p->token.kind != CEL_TOKEN_BRACE_CLOSE) {
        if (items.count == 0 && cel_parser_accept(p, CEL_TOKEN_COMMA))
            break;
        if (!cel_parser_append_expression(p, &items) ||
            !cel_parser_expect(p, CEL_TOKEN_COLON, "':' after the key") ||
            !cel_parser_append_expression(p, &items))
            return NULL;
        if (!cel_parser_accept(p, CEL_TOKEN_COMMA))
            break;
    }
    if (!cel_parser_expect(p, CEL_TOKEN_BRACE_CLOSE, "',' or '}'"))
        return NULL;
    return cel_parser_parts(p, CEL_NODE_MAP, begin, begin, &items);
}

/* An int's magnitude with its sign. */
static struct cel_node *
integer(struct cel_parser *p, uint32_t begin, bool negative)
{
    uint64_t magnitude = p->token.value.u;
    char text[CEL_TOKEN_TEXT_SIZE];

    cel_token_print(&p->lexer, &p->token, text);
    if (magnitude > (uint64_t)INT64_MAX + negative)
        return cel_lexer_fail(&p->lexer, begin, "%s is too large for an int%s", text,
                              negative ? ", even after a minus" : "");
    cel_parser_advance(p);
    return make_constant(p, begin,
                         cel_int(negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude));
}

static struct cel_node *
primary(struct cel_parser *p)
{
    uint32_t begin = p->token.begin;
    struct cel_value value = p->token.value;
    struct cel_node *node;

    switch (p->token.kind) {
    case CEL_TOKEN_LITERAL:
        cel_parser_advance(p);
        return make_constant(p, begin, value);
    case CEL_TOKEN_INT:
        return integer(p, begin, false);
    case CEL_TOKEN_NAME:
    case CEL_TOKEN_DOT:
        return name_or_call(p);
    case CEL_TOKEN_BRACKET_OPEN:
        return list(p);
    case CEL_TOKEN_BRACE_OPEN:
        return map(p);
    case CEL_TOKEN_PAREN_OPEN:
        cel_parser_advance(p);
        node = cel_parser_expression(p);
        return node && cel_parser_expect(p, CEL_TOKEN_PAREN_CLOSE, "')'") ? node : NULL;
    default:
        return cel_parser_expected(p, "an operand");
    }
}

/* .name or .name(...) after the operand. */
static struct cel_node *
select_or_call(struct cel_parser *p, uint32_t begin, struct cel_node *operand)
{
    bool quoted;
    uint32_t at;
    struct cel_node *node;
    const char *name;

    cel_parser_advance(p);
    quoted = p->token.kind == CEL_TOKEN_QUOTED;
    if (!quoted && p->token.kind != CEL_TOKEN_NAME && p->token.kind != CEL_TOKEN_RESERVED)
        return cel_parser_expected(p, "a field or function name after '.'");
    at = p->token.begin;
    name = token_name(p);
    cel_parser_advance(p);
    if (p->token.kind == CEL_TOKEN_PAREN_OPEN && !quoted) {
        node = call(p, begin, at, name, operand);
        return node && cel_parser_macro(p, node) ? node : NULL;
    }
    node = cel_parser_operation(p, CEL_NODE_SELECT, begin, at, operand, NULL);
    node->name = name;
    return node;
}

static struct cel_node *
subscript(struct cel_parser *p, uint32_t begin, struct cel_node *operand)
{
    uint32_t at = p->token.begin;
    struct cel_node *key;

    cel_parser_advance(p);
    key = cel_parser_expression(p);
    if (!key || !cel_parser_expect(p, CEL_TOKEN_BRACKET_CLOSE, "']'"))
        return NULL;
    return cel_parser_operation(p, CEL_NODE_INDEX, begin, at, operand, key);
}

static struct cel_node *
suffixes(struct cel_parser *p, uint32_t begin, struct cel_node *operand)
{
    while (operand) {
        if (p->token.kind == CEL_TOKEN_DOT)
            operand = select_or_call(p, begin, operand);
        else if (p->token.kind == CEL_TOKEN_BRACKET_OPEN)
            operand = subscript(p, begin, operand);
        else if (p->token.kind == CEL_TOKEN_BRACE_OPEN)
            return cel_lexer_fail(
                &p->lexer, p->token.begin,
                "there are no messages to construct; a map is {'key': value}");
        else
            break;
    }
    return operand;
}

struct cel_node *
cel_parser_operand(struct cel_parser *p)
{
    uint32_t begin = p->token.begin;

    return suffixes(p, begin, primary(p));
}

struct cel_node *
cel_parser_negative(struct cel_parser *p, uint32_t begin)
{
    double d = p->token.value.d;

    if (p->token.kind == CEL_TOKEN_INT)
        return suffixes(p, begin, integer(p, begin, true));
    cel_parser_advance(p);
    return suffixes(p, begin, make_constant(p, begin, cel_double(-d)));
}
