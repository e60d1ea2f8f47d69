/*
 * lexer.h - CEL source into tokens, literals converted; private to the parser.
 *
 *   L1  all of the source is UTF-8: cel_lexer_init() has looked at every byte.
 *   L2  after a fault every token is CEL_TOKEN_FAULT, and the first fault stays.
 *   L3  a token's value lives on the arena.
 */
#ifndef POLICY_RULES_CEL_LEXER_H
#define POLICY_RULES_CEL_LEXER_H

#include "policy/rules/cel/syntax.h"

enum cel_token_kind {
    CEL_TOKEN_FAULT,
    CEL_TOKEN_END,
    CEL_TOKEN_NAME,
    CEL_TOKEN_RESERVED, /* a name after a dot, a fault elsewhere: for, if, ... */
    CEL_TOKEN_QUOTED,   /* `content-type`: only after a dot; value: what is between */
    CEL_TOKEN_INT,      /* value: a CEL_UINT, the sign being the parser's affair */
    CEL_TOKEN_LITERAL,  /* value: uint, double, string, bytes, bool, null */
    CEL_TOKEN_IN,
    CEL_TOKEN_OR,
    CEL_TOKEN_AND,
    CEL_TOKEN_EQ,
    CEL_TOKEN_NE,
    CEL_TOKEN_LE,
    CEL_TOKEN_GE,
    CEL_TOKEN_LT,
    CEL_TOKEN_GT,
    CEL_TOKEN_PLUS,
    CEL_TOKEN_MINUS,
    CEL_TOKEN_STAR,
    CEL_TOKEN_SLASH,
    CEL_TOKEN_PERCENT,
    CEL_TOKEN_NOT,
    CEL_TOKEN_QUESTION,
    CEL_TOKEN_COLON,
    CEL_TOKEN_COMMA,
    CEL_TOKEN_DOT,
    CEL_TOKEN_PAREN_OPEN,
    CEL_TOKEN_PAREN_CLOSE,
    CEL_TOKEN_BRACKET_OPEN,
    CEL_TOKEN_BRACKET_CLOSE,
    CEL_TOKEN_BRACE_OPEN,
    CEL_TOKEN_BRACE_CLOSE,
};

struct cel_token {
    enum cel_token_kind kind;
    uint32_t begin; /* source[begin..end) */
    uint32_t end;
    struct cel_value value;
};

struct cel_lexer {
    struct arena *arena;
    const char *source;
    uint32_t len;
    uint32_t at;
    bool failed;
    struct cel_fault *fault;
};

/* A source that is too long or no UTF-8 leaves the lexer failed. */
void cel_lexer_init(struct cel_lexer *lexer, struct arena *arena, const char *source,
                    size_t len, struct cel_fault *fault);

struct cel_token cel_lexer_next(struct cel_lexer *lexer);

/* Record a fault unless there is one; NULL, for the parser to return. */
struct cel_node *cel_lexer_fail(struct cel_lexer *lexer, uint32_t at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* A token as a fault quotes it: 'name', "a string", "the end". */
#define CEL_TOKEN_TEXT_SIZE 48
void cel_token_print(const struct cel_lexer *lexer, const struct cel_token *token,
                     char text[CEL_TOKEN_TEXT_SIZE]);

/*
 * literal.c: what begins at token->begin, a digit (or a dot before one) or the
 * quote at quote_at with its prefix before it.  Sets kind, end and value; false
 * after a fault.
 */
bool cel_literal_number(struct cel_lexer *lexer, struct cel_token *token);
bool cel_literal_string(struct cel_lexer *lexer, struct cel_token *token, uint32_t quote_at);

#endif
