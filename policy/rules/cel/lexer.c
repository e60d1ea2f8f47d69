#include "policy/rules/cel/lexer.h"

#include <stdarg.h>
#include <stdio.h>

#include "policy/rules/cel/utf8.h"

#define QUOTE_MAX 40 /* bytes of the source that a fault shows */

/* Longer ones first where one begins with the other. */
static const struct {
    const char *text;
    enum cel_token_kind kind;
} punctuation[] = {
    {"||", CEL_TOKEN_OR},          {"&&", CEL_TOKEN_AND},
    {"==", CEL_TOKEN_EQ},          {"!=", CEL_TOKEN_NE},
    {"<=", CEL_TOKEN_LE},          {">=", CEL_TOKEN_GE},
    {"<", CEL_TOKEN_LT},           {">", CEL_TOKEN_GT},
    {"+", CEL_TOKEN_PLUS},         {"-", CEL_TOKEN_MINUS},
    {"*", CEL_TOKEN_STAR},         {"/", CEL_TOKEN_SLASH},
    {"%", CEL_TOKEN_PERCENT},      {"!", CEL_TOKEN_NOT},
    {"?", CEL_TOKEN_QUESTION},     {":", CEL_TOKEN_COLON},
    {",", CEL_TOKEN_COMMA},        {".", CEL_TOKEN_DOT},
    {"(", CEL_TOKEN_PAREN_OPEN},   {")", CEL_TOKEN_PAREN_CLOSE},
    {"[", CEL_TOKEN_BRACKET_OPEN}, {"]", CEL_TOKEN_BRACKET_CLOSE},
    {"{", CEL_TOKEN_BRACE_OPEN},   {"}", CEL_TOKEN_BRACE_CLOSE},
};

/* Words that are no names.  A value belongs to a literal. */
static const struct {
    const char *text;
    enum cel_token_kind kind;
    struct cel_value value;
} words[] = {
    {"true", CEL_TOKEN_LITERAL, {.kind = CEL_BOOL, .truth = true}},
    {"false", CEL_TOKEN_LITERAL, {.kind = CEL_BOOL, .truth = false}},
    {"null", CEL_TOKEN_LITERAL, {.kind = CEL_NULL}},
    {"in", CEL_TOKEN_IN, {0}},
    {"as", CEL_TOKEN_RESERVED, {0}},
    {"break", CEL_TOKEN_RESERVED, {0}},
    {"const", CEL_TOKEN_RESERVED, {0}},
    {"continue", CEL_TOKEN_RESERVED, {0}},
    {"else", CEL_TOKEN_RESERVED, {0}},
    {"for", CEL_TOKEN_RESERVED, {0}},
    {"function", CEL_TOKEN_RESERVED, {0}},
    {"if", CEL_TOKEN_RESERVED, {0}},
    {"import", CEL_TOKEN_RESERVED, {0}},
    {"let", CEL_TOKEN_RESERVED, {0}},
    {"loop", CEL_TOKEN_RESERVED, {0}},
    {"package", CEL_TOKEN_RESERVED, {0}},
    {"namespace", CEL_TOKEN_RESERVED, {0}},
    {"return", CEL_TOKEN_RESERVED, {0}},
    {"var", CEL_TOKEN_RESERVED, {0}},
    {"void", CEL_TOKEN_RESERVED, {0}},
    {"while", CEL_TOKEN_RESERVED, {0}},
};

struct cel_node *
cel_lexer_fail(struct cel_lexer *lexer, uint32_t at, const char *fmt, ...)
{
    va_list args;

    if (lexer->failed)
        return NULL;
    lexer->failed = true;
    lexer->fault->at = at;
    va_start(args, fmt);
    vsnprintf(lexer->fault->text, sizeof(lexer->fault->text), fmt, args);
    va_end(args);
    return NULL;
}

void
cel_position(const char *source, size_t len, uint32_t at, uint32_t *line, uint32_t *column)
{
    *line = *column = 1;
    for (uint32_t i = 0; i < at && i < len; i++) {
        bool crlf = source[i] == '\r' && i + 1 < len && source[i + 1] == '\n';

        if (source[i] == '\n' || (source[i] == '\r' && !crlf)) {
            ++*line;
            *column = 1;
        } else if (!utf8_continues(source[i])) {
            ++*column;
        }
    }
}

void
cel_lexer_init(struct cel_lexer *lexer, struct arena *arena, const char *source, size_t len,
               struct cel_fault *fault)
{
    uint32_t point;

    *lexer = (struct cel_lexer){.arena = arena, .source = source, .fault = fault};
    if (len > CEL_SOURCE_MAX) {
        cel_lexer_fail(lexer, CEL_SOURCE_MAX, "longer than %d bytes", CEL_SOURCE_MAX);
        return;
    }
    lexer->len = (uint32_t)len;
    for (size_t at = 0, size; at < len && !lexer->failed; at += size) {
        size = utf8_decode(source + at, len - at, &point);
        if (size == 0)
            cel_lexer_fail(lexer, (uint32_t)at, "not UTF-8: the byte 0x%02x",
                           (unsigned char)source[at]);
    }
}

void
cel_token_print(const struct cel_lexer *lexer, const struct cel_token *token,
                char text[CEL_TOKEN_TEXT_SIZE])
{
    uint32_t len = token->end - token->begin;
    const char *kind = NULL;

    if (token->kind == CEL_TOKEN_END)
        kind = "the end";
    else if (token->kind == CEL_TOKEN_QUOTED)
        kind = "a name in backticks";
    else if (token->kind == CEL_TOKEN_LITERAL && token->value.kind == CEL_STRING)
        kind = "a string";
    else if (token->kind == CEL_TOKEN_LITERAL && token->value.kind == CEL_BYTES)
        kind = "bytes";
    if (kind) /* what holds text of any length and kind is not quoted */
        snprintf(text, CEL_TOKEN_TEXT_SIZE, "%s", kind);
    else
        snprintf(text, CEL_TOKEN_TEXT_SIZE, "'%.*s%s'",
                 (int)(len < QUOTE_MAX ? len : QUOTE_MAX), lexer->source + token->begin,
                 len > QUOTE_MAX ? "..." : "");
}

/* The byte at the offset; 0 past the end, which begins no token either. */
static char
byte_at(const struct cel_lexer *lexer, uint32_t at)
{
    return at < lexer->len ? lexer->source[at] : '\0';
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c);
}

static void
skip_blanks(struct cel_lexer *lexer)
{
    for (;;) {
        char c = byte_at(lexer, lexer->at);

        if (c == '/' && byte_at(lexer, lexer->at + 1) == '/') {
            while (lexer->at < lexer->len && lexer->source[lexer->at] != '\n' &&
                   lexer->source[lexer->at] != '\r')
                lexer->at++;
        } else if (c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r') {
            lexer->at++;
        } else {
            return;
        }
    }
}

/* Where the quote of a literal with prefix b, r, br or rb stands, or at itself if nowhere. */
static uint32_t
quote_after_prefix(const struct cel_lexer *lexer, uint32_t at)
{
    uint32_t quote = at;
    int bytes = 0, raws = 0;

    for (; quote < at + 2; quote++) {
        char c = byte_at(lexer, quote);

        bytes += c == 'b' || c == 'B';
        raws += c == 'r' || c == 'R';
        if (bytes + raws != (int)(quote - at) + 1)
            break;
    }
    if (bytes > 1 || raws > 1)
        return at;
    return byte_at(lexer, quote) == '"' || byte_at(lexer, quote) == '\'' ? quote : at;
}

static void
read_word(struct cel_lexer *lexer, struct cel_token *token)
{
    const char *text = lexer->source + token->begin;
    size_t len;

    while (is_name(byte_at(lexer, token->end)))
        token->end++;
    len = token->end - token->begin;
    token->kind = CEL_TOKEN_NAME;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strlen(words[i].text) == len && memcmp(words[i].text, text, len) == 0) {
            token->kind = words[i].kind;
            token->value = words[i].value;
        }
}

static bool
read_quoted_name(struct cel_lexer *lexer, struct cel_token *token)
{
    char c;

    token->end++;
    for (c = byte_at(lexer, token->end); is_name(c) || (c && strchr(".-/ ", c));
         c = byte_at(lexer, token->end))
        token->end++;
    if (c != '`' || token->end == token->begin + 1) {
        cel_lexer_fail(
            lexer, token->begin,
            "between backticks belongs a name of letters, digits and _ . - / or space");
        return false;
    }
    token->value = cel_string(lexer->source + token->begin + 1, token->end - token->begin - 1);
    token->end++;
    token->kind = CEL_TOKEN_QUOTED;
    return true;
}

static bool
fail_unexpected(struct cel_lexer *lexer, uint32_t at)
{
    char c = lexer->source[at];
    uint32_t point;

    utf8_decode(lexer->source + at, lexer->len - at, &point);
    if (c == '=' || c == '&' || c == '|')
        cel_lexer_fail(lexer, at, "'%c' is no operator; write '%c%c'", c, c, c);
    else if (c > ' ' && c < 0x7f)
        cel_lexer_fail(lexer, at, "unexpected '%c'", c);
    else
        cel_lexer_fail(lexer, at, "unexpected character U+%04X", point);
    return false;
}

static bool
read_punctuation(struct cel_lexer *lexer, struct cel_token *token)
{
    const char *text = lexer->source + token->begin;
    size_t left = lexer->len - token->begin;

    for (size_t i = 0; i < sizeof(punctuation) / sizeof(punctuation[0]); i++) {
        size_t size = strlen(punctuation[i].text);

        if (size <= left && memcmp(punctuation[i].text, text, size) == 0) {
            token->kind = punctuation[i].kind;
            token->end = token->begin + (uint32_t)size;
            return true;
        }
    }
    return fail_unexpected(lexer, token->begin);
}

static bool
read_token(struct cel_lexer *lexer, struct cel_token *token)
{
    char c = byte_at(lexer, token->begin);
    uint32_t quote = quote_after_prefix(lexer, token->begin);

    if (quote > token->begin || c == '"' || c == '\'')
        return cel_literal_string(lexer, token, quote);
    if (is_digit(c) || (c == '.' && is_digit(byte_at(lexer, token->begin + 1))))
        return cel_literal_number(lexer, token);
    if (c == '`')
        return read_quoted_name(lexer, token);
    if (!is_name(c))
        return read_punctuation(lexer, token);
    read_word(lexer, token);
    return true;
}

struct cel_token
cel_lexer_next(struct cel_lexer *lexer)
{
    struct cel_token token;

    skip_blanks(lexer);
    token = (struct cel_token){.kind = CEL_TOKEN_END, .begin = lexer->at, .end = lexer->at};
    if (lexer->failed || (lexer->at < lexer->len && !read_token(lexer, &token)))
        token.kind = CEL_TOKEN_FAULT;
    lexer->at = token.end;
    return token;
}
