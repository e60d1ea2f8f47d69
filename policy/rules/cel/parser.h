/*
 * parser.h - what parser.c, operand.c and macros.c share; private to them.
 *
 * A function that parses leaves p->token after what it took.  One that fails
 * returns NULL or false with the fault recorded.
 */
#ifndef POLICY_RULES_CEL_PARSER_H
#define POLICY_RULES_CEL_PARSER_H

#include "policy/rules/cel/lexer.h"

struct cel_parser {
    struct cel_lexer lexer;
    struct cel_token token; /* the next one */
    uint32_t end;           /* of the one before */
    uint32_t depth;
};

/* A part of a list or chain: begin and end include brackets around the node. */
struct cel_part {
    struct cel_node *node;
    uint32_t begin, end;
    uint32_t at; /* the operator before it */
};

struct cel_parts {
    struct cel_part *items;
    uint32_t count, room;
};

void cel_parser_advance(struct cel_parser *p);
bool cel_parser_accept(struct cel_parser *p, enum cel_token_kind kind);
bool cel_parser_expect(struct cel_parser *p, enum cel_token_kind kind, const char *what);

/* "expected WHAT; found ..." at the next token. */
struct cel_node *cel_parser_expected(struct cel_parser *p, const char *what);

/* Nodes that end with the token before: without arguments, with one (right NULL)
 * or two, with any number. */
struct cel_node *cel_parser_node(struct cel_parser *p, enum cel_node_kind kind, uint32_t begin,
                                 uint32_t at);
struct cel_node *cel_parser_operation(struct cel_parser *p, enum cel_node_kind kind,
                                      uint32_t begin, uint32_t at, struct cel_node *left,
                                      struct cel_node *right);
struct cel_node *cel_parser_parts(struct cel_parser *p, enum cel_node_kind kind, uint32_t begin,
                                  uint32_t at, const struct cel_parts *parts);

void cel_parser_append(struct cel_parser *p, struct cel_parts *parts, struct cel_part part);

/* Parse an expression; the second adds it to the parts. */
struct cel_node *cel_parser_expression(struct cel_parser *p);
bool cel_parser_append_expression(struct cel_parser *p, struct cel_parts *parts);

/* operand.c: what an operator stands between; and a minus with the number after it
 * (the next token), which are one literal: -1, -0x80, -2.5. */
struct cel_node *cel_parser_operand(struct cel_parser *p);
struct cel_node *cel_parser_negative(struct cel_parser *p, uint32_t begin);

/*
 * macros.c: a CALL whose name, style and argument count are a macro's becomes
 * that node; any other stays as it is.
 */
bool cel_parser_macro(struct cel_parser *p, struct cel_node *call);

#endif
