/*
 * parser.c - recursive descent over the tokens, one function a rule of the grammar.
 *
 *   Expr      = Or ["?" Or ":" Expr]             cel_parser_expression()
 *   Or        = And {"||" And}                   disjunction()
 *   And       = Relation {"&&" Relation}         conjunction()
 *   Relation to Multiplication, by rank          operation()
 *   Unary     = Member | "!"... | "-"...         unary()
 *   Member                                       operand.c
 *
 * Two things keep the stack small, here and in whoever walks the tree.  All
 * recursion goes through cel_parser_expression() and unary(), which count it;
 * and the finished tree is measured, because a chain of operators makes it deep
 * without recursion.  Chains of && and || become balanced trees, so that they
 * may be long.
 */
#include "policy/rules/cel/parser.h"

static const struct operation {
    enum cel_token_kind token;
    enum cel_node_kind node;
    int rank; /* the greater, the tighter */
} operations[] = {
    {CEL_TOKEN_EQ, CEL_NODE_EQ, 1},     {CEL_TOKEN_NE, CEL_NODE_NE, 1},
    {CEL_TOKEN_LT, CEL_NODE_LT, 1},     {CEL_TOKEN_LE, CEL_NODE_LE, 1},
    {CEL_TOKEN_GT, CEL_NODE_GT, 1},     {CEL_TOKEN_GE, CEL_NODE_GE, 1},
    {CEL_TOKEN_IN, CEL_NODE_IN, 1},     {CEL_TOKEN_PLUS, CEL_NODE_ADD, 2},
    {CEL_TOKEN_MINUS, CEL_NODE_SUB, 2}, {CEL_TOKEN_STAR, CEL_NODE_MUL, 3},
    {CEL_TOKEN_SLASH, CEL_NODE_DIV, 3}, {CEL_TOKEN_PERCENT, CEL_NODE_MOD, 3},
};

void
cel_parser_advance(struct cel_parser *p)
{
    p->end = p->token.end;
    p->token = cel_lexer_next(&p->lexer);
}

bool
cel_parser_accept(struct cel_parser *p, enum cel_token_kind kind)
{
    if (p->token.kind != kind)
        return false;
    cel_parser_advance(p);
    return true;
}

struct cel_node *
cel_parser_expected(struct cel_parser *p, const char *what)
{
    char found[CEL_TOKEN_TEXT_SIZE];

    if (p->token.kind == CEL_TOKEN_RESERVED)
        return cel_lexer_fail(&p->lexer, p->token.begin, "'%.*s' is a reserved word",
                              (int)(p->token.end - p->token.begin),
                              p->lexer.source + p->token.begin);
    cel_token_print(&p->lexer, &p->token, found);
    return cel_lexer_fail(&p->lexer, p->token.begin, "expected %s; found %s", what, found);
}

bool
cel_parser_expect(struct cel_parser *p, enum cel_token_kind kind, const char *what)
{
    if (cel_parser_accept(p, kind))
        return true;
    cel_parser_expected(p, what);
    return false;
}

static bool
enter(struct cel_parser *p)
{
    if (p->depth++ < CEL_NESTING_MAX)
        return true;
    cel_lexer_fail(&p->lexer, p->token.begin, "nested more than %d deep", CEL_NESTING_MAX);
    return false;
}

struct cel_node *
cel_parser_node(struct cel_parser *p, enum cel_node_kind kind, uint32_t begin, uint32_t at)
{
    struct cel_node *node = arena_alloc(p->lexer.arena, sizeof(*node));

    *node = (struct cel_node){.kind = kind, .at = at, .begin = begin, .end = p->end};
    return node;
}

struct cel_node *
cel_parser_operation(struct cel_parser *p, enum cel_node_kind kind, uint32_t begin, uint32_t at,
                     struct cel_node *left, struct cel_node *right)
{
    struct cel_node *node = cel_parser_node(p, kind, begin, at);

    node->arg_count = right ? 2 : 1;
    node->args = arena_alloc(p->lexer.arena, node->arg_count * sizeof(*node->args));
    node->args[0] = left;
    if (right)
        node->args[1] = right;
    return node;
}

void
cel_parser_append(struct cel_parser *p, struct cel_parts *parts, struct cel_part part)
{
    if (parts->count == parts->room) {
        size_t bytes = parts->room * sizeof(part);

        parts->room = parts->room ? 2 * parts->room : 4;
        parts->items =
            arena_grow(p->lexer.arena, parts->items, bytes, parts->room * sizeof(part));
    }
    parts->items[parts->count++] = part;
}

bool
cel_parser_append_expression(struct cel_parser *p, struct cel_parts *parts)
{
    struct cel_node *node = cel_parser_expression(p);

    if (node)
        cel_parser_append(p, parts, (struct cel_part){.node = node});
    return node;
}

struct cel_node *
cel_parser_parts(struct cel_parser *p, enum cel_node_kind kind, uint32_t begin, uint32_t at,
                 const struct cel_parts *parts)
{
    struct cel_node *node = cel_parser_node(p, kind, begin, at);

    node->arg_count = parts->count;
    node->args = arena_alloc(p->lexer.arena, parts->count * sizeof(*node->args));
    for (uint32_t i = 0; i < parts->count; i++)
        node->args[i] = parts->items[i].node;
    return node;
}

static bool
is_signed_number(const struct cel_token *token)
{
    return token->kind == CEL_TOKEN_INT ||
           (token->kind == CEL_TOKEN_LITERAL && token->value.kind == CEL_DOUBLE);
}

static struct cel_node *
unary(struct cel_parser *p)
{
    uint32_t begin = p->token.begin;
    enum cel_token_kind sign = p->token.kind;
    struct cel_node *operand;

    if (sign != CEL_TOKEN_NOT && sign != CEL_TOKEN_MINUS)
        return cel_parser_operand(p);
    cel_parser_advance(p);
    if (sign == CEL_TOKEN_MINUS && is_signed_number(&p->token))
        return cel_parser_negative(p, begin);
    if (!enter(p))
        return NULL;
    /* The grammar has !!x and --x, but neither !-x nor -!x. */
    if (p->token.kind == sign)
        operand = unary(p);
    else
        operand = cel_parser_operand(p);
    p->depth--;
    if (!operand)
        return NULL;
    return cel_parser_operation(p, sign == CEL_TOKEN_NOT ? CEL_NODE_NOT : CEL_NODE_NEGATE,
                                begin, begin, operand, NULL);
}

/* ---- binary operators and ?: ---- */

/* The operator that comes next, of at least that rank; or NULL. */
static const struct operation *
next_operation(const struct cel_parser *p, int rank)
{
    for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
        if (operations[i].token == p->token.kind && operations[i].rank >= rank)
            return &operations[i];
    return NULL;
}

static struct cel_node *
operation(struct cel_parser *p, int rank)
{
    uint32_t begin = p->token.begin;
    struct cel_node *left = unary(p);
    const struct operation *op;

    while (left && (op = next_operation(p, rank))) {
        uint32_t at = p->token.begin;
        struct cel_node *right;

        cel_parser_advance(p);
        right = operation(p, op->rank + 1);
        left = right ? cel_parser_operation(p, op->node, begin, at, left, right) : NULL;
    }
    return left;
}

/* A balanced tree of the parts; the order of evaluation stays as written. */
static struct cel_node *
balance(struct cel_parser *p, enum cel_node_kind kind, const struct cel_part *parts,
        uint32_t count)
{
    uint32_t half = (count + 1) / 2;
    struct cel_node *node;

    if (count == 1)
        return parts[0].node;
    node = cel_parser_operation(p, kind, parts[0].begin, parts[half].at,
                                balance(p, kind, parts, half),
                                balance(p, kind, parts + half, count - half));
    node->end = parts[count - 1].end;
    return node;
}

static struct cel_node *
relation(struct cel_parser *p)
{
    return operation(p, 1);
}

static struct cel_node *
chain(struct cel_parser *p, enum cel_token_kind token, enum cel_node_kind kind,
      struct cel_node *(*parse_part)(struct cel_parser *p))
{
    struct cel_parts parts = {0};
    struct cel_part part = {.begin = p->token.begin};

    part.node = parse_part(p);
    if (!part.node || p->token.kind != token)
        return part.node;
    part.end = p->end;
    cel_parser_append(p, &parts, part);
    while (p->token.kind == token) {
        part.at = p->token.begin;
        cel_parser_advance(p);
        part.begin = p->token.begin;
        part.node = parse_part(p);
        part.end = p->end;
        if (!part.node)
            return NULL;
        cel_parser_append(p, &parts, part);
    }
    return balance(p, kind, parts.items, parts.count);
}

static struct cel_node *
conjunction(struct cel_parser *p)
{
    return chain(p, CEL_TOKEN_AND, CEL_NODE_AND, relation);
}

static struct cel_node *
disjunction(struct cel_parser *p)
{
    return chain(p, CEL_TOKEN_OR, CEL_NODE_OR, conjunction);
}

/* condition ? yes : no, from the question mark on. */
static struct cel_node *
conditional(struct cel_parser *p, uint32_t begin, struct cel_node *condition)
{
    uint32_t at = p->token.begin;
    struct cel_parts args = {0};
    struct cel_node *node;

    cel_parser_append(p, &args, (struct cel_part){.node = condition});
    cel_parser_advance(p);
    node = disjunction(p);
    if (!node || !cel_parser_expect(p, CEL_TOKEN_COLON, "':' of '?:'"))
        return NULL;
    cel_parser_append(p, &args, (struct cel_part){.node = node});
    if (!cel_parser_append_expression(p, &args))
        return NULL;
    return cel_parser_parts(p, CEL_NODE_COND, begin, at, &args);
}

struct cel_node *
cel_parser_expression(struct cel_parser *p)
{
    uint32_t begin = p->token.begin;
    struct cel_node *node;

    if (!enter(p))
        return NULL;
    node = disjunction(p);
    if (node && p->token.kind == CEL_TOKEN_QUESTION)
        node = conditional(p, begin, node);
    p->depth--;
    return node;
}

/* S1 for the finished tree; goes no deeper than the limit itself. */
static bool
within_limits(struct cel_parser *p, const struct cel_node *node, uint32_t depth, uint32_t loops)
{
    bool is_loop = cel_node_is_loop(node);

    if (depth > CEL_NESTING_MAX)
        cel_lexer_fail(&p->lexer, node->at, "nested more than %d deep", CEL_NESTING_MAX);
    else if (loops + is_loop > CEL_LOOPS_MAX)
        cel_lexer_fail(&p->lexer, node->at, "more than %d loops in each other", CEL_LOOPS_MAX);
    /* A loop's range is computed before the loop and is not in it. */
    for (uint32_t i = 0; !p->lexer.failed && i < node->arg_count; i++)
        within_limits(p, node->args[i], depth + 1, loops + (is_loop && i > 0));
    return !p->lexer.failed;
}

int
cel_parse(struct arena *arena, const char *source, size_t len, struct cel_node **out,
          struct cel_fault *fault)
{
    struct cel_parser p = {0};
    struct cel_node *root;

    *out = NULL;
    *fault = (struct cel_fault){0};
    cel_lexer_init(&p.lexer, arena, source, len, fault);
    cel_parser_advance(&p);
    root = cel_parser_expression(&p);
    if (root && p.token.kind != CEL_TOKEN_END)
        root = cel_parser_expected(&p, "an operator or the end");
    if (!root || !within_limits(&p, root, 1, 0))
        return -1;
    *out = root;
    return 0;
}
