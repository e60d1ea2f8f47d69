/*
 * literal.c - numbers, strings and bytes of CEL source into values.
 *
 * No escape is longer decoded than written (\x is 4 bytes for 2, \U 10 for 4),
 * so the source's own length bounds what is built.
 */
#include <math.h>
#include <stdlib.h>

#include "policy/rules/cel/lexer.h"
#include "policy/rules/cel/utf8.h"

/* ---- numbers ---- */

static int
digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return 16; /* a digit of no base */
}

/* Past the digits of the base that begin at the offset. */
static uint32_t
skip_digits(const struct cel_lexer *lexer, uint32_t at, int base)
{
    while (at < lexer->len && digit_value(lexer->source[at]) < base)
        at++;
    return at;
}

static bool
has_at(const struct cel_lexer *lexer, uint32_t at, const char *characters)
{
    return at < lexer->len && lexer->source[at] && strchr(characters, lexer->source[at]);
}

static bool
fail_range(struct cel_lexer *lexer, const struct cel_token *token, const char *type)
{
    char text[CEL_TOKEN_TEXT_SIZE];

    cel_token_print(lexer, token, text);
    cel_lexer_fail(lexer, token->begin, "%s is too large for %s", text, type);
    return false;
}

static bool
read_integer(struct cel_lexer *lexer, struct cel_token *token, uint32_t digits, int base)
{
    bool is_unsigned = has_at(lexer, token->end, "uU");
    bool fits = true;
    uint64_t n = 0;

    for (uint32_t at = digits; at < token->end; at++)
        fits = fits && !__builtin_mul_overflow(n, (uint64_t)base, &n) &&
               !__builtin_add_overflow(n, (uint64_t)digit_value(lexer->source[at]), &n);
    token->end += is_unsigned;
    token->kind = is_unsigned ? CEL_TOKEN_LITERAL : CEL_TOKEN_INT;
    token->value = cel_uint(n);
    return fits || fail_range(lexer, token, is_unsigned ? "a uint" : "an int");
}

static bool
read_double(struct cel_lexer *lexer, struct cel_token *token)
{
    const char *text =
        arena_copy(lexer->arena, lexer->source + token->begin, token->end - token->begin);

    token->kind = CEL_TOKEN_LITERAL;
    token->value = cel_double(strtod(text, NULL));
    return isfinite(token->value.d) || fail_range(lexer, token, "a double");
}

bool
cel_literal_number(struct cel_lexer *lexer, struct cel_token *token)
{
    uint32_t at = token->begin, digits;
    bool fraction, exponent;

    if (lexer->source[at] == '0' && has_at(lexer, at + 1, "x")) {
        token->end = skip_digits(lexer, at + 2, 16);
        if (token->end == at + 2) {
            cel_lexer_fail(lexer, at, "0x needs hexadecimal digits after it");
            return false;
        }
        return read_integer(lexer, token, at + 2, 16);
    }
    at = skip_digits(lexer, at, 10);
    fraction = has_at(lexer, at, ".") && skip_digits(lexer, at + 1, 10) > at + 1;
    if (fraction)
        at = skip_digits(lexer, at + 1, 10);
    digits = at + 1 + has_at(lexer, at + 1, "+-");
    exponent = has_at(lexer, at, "eE") && skip_digits(lexer, digits, 10) > digits;
    token->end = exponent ? skip_digits(lexer, digits, 10) : at;
    if (fraction || exponent)
        return read_double(lexer, token);
    return read_integer(lexer, token, token->begin, 10);
}

/* ---- strings and bytes ---- */

struct quoted {
    struct cel_lexer *lexer;
    uint32_t at;
    char *out;
    char quote;
    bool bytes, raw, triple;
};

static const char escape_letters[] = "abfnrtv\\?\"'`";
static const char escape_meanings[] = "\a\b\f\n\r\t\v\\?\"'`";

/* The escapes that take a number, by their first character. */
static const struct numeric_escape {
    const char *first;
    uint32_t skip; /* characters between the backslash and the digits */
    uint32_t digits;
    int base;
    bool text_only;
    const char *expected;
} numeric_escapes[] = {
    {"xX", 1, 2, 16, false, "\\x takes two hexadecimal digits"},
    {"u", 1, 4, 16, true, "\\u takes four hexadecimal digits"},
    {"U", 1, 8, 16, true, "\\U takes eight hexadecimal digits"},
    {"01234567", 0, 3, 8, false, "an octal escape takes three digits, \\000 to \\377"},
};

/* The number of the escape whose backslash is at the offset. */
static bool
read_code(const struct quoted *q, uint32_t at, const struct numeric_escape *escape,
          uint32_t *code)
{
    uint32_t digits = at + 1 + escape->skip;

    *code = 0;
    for (uint32_t i = digits; i < digits + escape->digits; i++) {
        if (i >= q->lexer->len || digit_value(q->lexer->source[i]) >= escape->base)
            return false;
        *code = *code * (uint32_t)escape->base + (uint32_t)digit_value(q->lexer->source[i]);
    }
    return escape->base != 8 || *code <= 0377;
}

/* The second half of a surrogate pair, \uDC00 to \uDFFF, at the offset; or 0. */
static uint32_t
low_surrogate(const struct quoted *q, uint32_t at, const struct numeric_escape *escape)
{
    uint32_t code;

    if (!has_at(q->lexer, at, "\\") || !has_at(q->lexer, at + 1, "u") ||
        !read_code(q, at, escape, &code))
        return 0;
    return code >= 0xdc00 && code <= 0xdfff ? code : 0;
}

static bool
put_code(struct quoted *q, uint32_t at, const struct numeric_escape *escape, uint32_t code)
{
    uint32_t low = 0;

    if (q->bytes) {
        *q->out++ = (char)code;
        return true;
    }
    if (code > 0x10ffff) {
        cel_lexer_fail(q->lexer, at, "there is no character U+%08X", code);
        return false;
    }
    if (code >= 0xd800 && code <= 0xdbff && escape->digits == 4)
        low = low_surrogate(q, q->at, escape);
    if (code >= 0xd800 && code <= 0xdfff && !low) {
        cel_lexer_fail(q->lexer, at, "U+%04X is half a surrogate pair and no character", code);
        return false;
    }
    if (low) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        q->at += 1 + escape->skip + escape->digits;
    }
    q->out += utf8_encode(code, q->out);
    return true;
}

static bool
read_numeric_escape(struct quoted *q, const struct numeric_escape *escape)
{
    uint32_t at = q->at, code;

    if (q->bytes && escape->text_only) {
        cel_lexer_fail(q->lexer, at, "\\%s is for strings; bytes take \\x and octal escapes",
                       escape->first);
        return false;
    }
    if (!read_code(q, at, escape, &code)) {
        cel_lexer_fail(q->lexer, at, "%s", escape->expected);
        return false;
    }
    q->at += 1 + escape->skip + escape->digits;
    return put_code(q, at, escape, code);
}

static bool
read_escape(struct quoted *q)
{
    char c = q->at + 1 < q->lexer->len ? q->lexer->source[q->at + 1] : '\0';
    const char *letter = c ? strchr(escape_letters, c) : NULL;

    if (letter) {
        *q->out++ = escape_meanings[letter - escape_letters];
        q->at += 2;
        return true;
    }
    for (size_t i = 0; c && i < sizeof(numeric_escapes) / sizeof(numeric_escapes[0]); i++)
        if (strchr(numeric_escapes[i].first, c))
            return read_numeric_escape(q, &numeric_escapes[i]);
    if (c > ' ' && c < 0x7f)
        cel_lexer_fail(q->lexer, q->at, "there is no escape \\%c; a backslash itself is \\\\",
                       c);
    else
        cel_lexer_fail(q->lexer, q->at, "a backslash itself is written \\\\");
    return false;
}

static bool
closes(const struct quoted *q)
{
    const char *at = q->lexer->source + q->at;

    if (at[0] != q->quote || !q->triple)
        return at[0] == q->quote;
    return q->at + 2 < q->lexer->len && at[1] == q->quote && at[2] == q->quote;
}

/* Up to the closing quote; false where there is none or an escape is at fault. */
static bool
read_quoted(struct quoted *q)
{
    for (; q->at < q->lexer->len; q->at++) {
        char c = q->lexer->source[q->at];

        if (closes(q))
            return true;
        if (c == '\\' && !q->raw) {
            if (!read_escape(q))
                return false;
            q->at--; /* the loop steps over the last of it */
        } else if (c != '\n' && c != '\r') {
            *q->out++ = c;
        } else if (q->triple) { /* every kind of line end is one \n */
            q->at += c == '\r' && has_at(q->lexer, q->at + 1, "\n");
            *q->out++ = '\n';
        } else {
            return false;
        }
    }
    return false;
}

bool
cel_literal_string(struct cel_lexer *lexer, struct cel_token *token, uint32_t quote_at)
{
    char text[CEL_SOURCE_MAX];
    struct quoted q = {.lexer = lexer, .out = text, .quote = lexer->source[quote_at]};
    const char *kept;
    const char same[2] = {q.quote, '\0'};

    for (uint32_t at = token->begin; at < quote_at; at++) {
        q.bytes |= has_at(lexer, at, "bB");
        q.raw |= has_at(lexer, at, "rR");
    }
    q.triple = has_at(lexer, quote_at + 1, same) && has_at(lexer, quote_at + 2, same);
    q.at = quote_at + (q.triple ? 3 : 1);
    if (!read_quoted(&q)) {
        cel_lexer_fail(lexer, token->begin, "unterminated %s", q.bytes ? "bytes" : "string");
        return false;
    }
    token->end = q.at + (q.triple ? 3 : 1);
    token->kind = CEL_TOKEN_LITERAL;
    kept = arena_copy(lexer->arena, text, (size_t)(q.out - text));
    token->value = q.bytes ? cel_bytes(kept, (size_t)(q.out - text))
                           : cel_string(kept, (size_t)(q.out - text));
    return true;
}
