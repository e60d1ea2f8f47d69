/*
 * print.c - values in CEL's own notation, for explanations and sentences.
 *
 * What is printed can be pasted into an expression, unless it was cut.
 */
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "policy/rules/cel/functions.h"
#include "policy/rules/records.h"

#define DIGITS_MAX      17 /* as many as tell any two doubles apart */
#define DIGITS_EXACT    15 /* as many as any normal double keeps */
#define FIXED_EXP_MIN   (-4)
#define FIXED_EXP_MAX   5 /* 1e+06 has an exponent, 100000 has none */
#define DOUBLE_TEXT_MAX 32
#define PIECE_MAX       64

/* What is written so far; used stays below size. */
struct printer {
    char *text;
    size_t size;
    size_t used;
    bool full;
};

static void print_value(struct printer *printer, struct cel_value value);

static void
put(struct printer *printer, const char *bytes, size_t len)
{
    size_t room = printer->size - 1 - printer->used;

    if (len > room) {
        printer->full = true;
        len = room;
    }
    if (len > 0)
        memcpy(printer->text + printer->used, bytes, len);
    printer->used += len;
}

static void
put_text(struct printer *printer, const char *text)
{
    put(printer, text, strlen(text));
}

__attribute__((format(printf, 2, 3))) static void
put_format(struct printer *printer, const char *fmt, ...)
{
    char piece[PIECE_MAX];
    va_list args;

    va_start(args, fmt);
    vsnprintf(piece, sizeof(piece), fmt, args);
    va_end(args);
    put_text(printer, piece);
}

/*
 * The fewest decimal digits that read back as d > 0.  The result is the power
 * of ten of the first one.
 */
static int
shortest_digits(double d, char digits[DIGITS_MAX + 1])
{
    char text[DOUBLE_TEXT_MAX];
    size_t len = 0;
    int count = d < DBL_MIN ? 1 : DIGITS_EXACT;

    for (; count <= DIGITS_MAX; count++) {
        snprintf(text, sizeof(text), "%.*e", count - 1, d);
        if (count == DIGITS_MAX || strtod(text, NULL) == d)
            break;
    }
    for (const char *at = text; *at != 'e'; at++)
        if (*at != '.')
            digits[len++] = *at;
    while (len > 1 && digits[len - 1] == '0')
        len--;
    digits[len] = '\0';
    return atoi(strchr(text, 'e') + 1);
}

static void
print_scientific(struct printer *printer, const char *digits, int exponent)
{
    put(printer, digits, 1);
    if (digits[1])
        put_text(printer, ".");
    put_text(printer, digits + 1);
    put_format(printer, "e%c%02d", exponent < 0 ? '-' : '+', abs(exponent));
}

static void
print_fixed(struct printer *printer, const char *digits, int exponent)
{
    size_t count = strlen(digits), whole = exponent < 0 ? 0 : (size_t)exponent + 1;

    if (whole == 0)
        put(printer, "0.000", 1 + (size_t)-exponent);
    for (size_t i = 0; i < whole; i++)
        put(printer, i < count ? &digits[i] : "0", 1);
    if (count > whole) {
        if (whole > 0)
            put_text(printer, ".");
        put_text(printer, digits + whole);
    }
}

size_t
cel_double_print(double d, char text[32])
{
    struct printer printer = {.text = text, .size = DOUBLE_TEXT_MAX};
    char digits[DIGITS_MAX + 1];
    int exponent;

    if (signbit(d) && !isnan(d))
        put_text(&printer, "-");
    if (isnan(d)) {
        put_text(&printer, "NaN");
    } else if (isinf(d)) {
        put_text(&printer, signbit(d) ? "Inf" : "+Inf");
    } else {
        exponent = d == 0 ? 0 : shortest_digits(fabs(d), digits);
        if (d == 0)
            put_text(&printer, "0");
        else if (exponent < FIXED_EXP_MIN || exponent > FIXED_EXP_MAX)
            print_scientific(&printer, digits, exponent);
        else
            print_fixed(&printer, digits, exponent);
    }
    text[printer.used] = '\0';
    return printer.used;
}

/* In an expression 1 is an int, 1.0 a double, and infinity has no literal. */
static void
print_double(struct printer *printer, double d)
{
    char text[DOUBLE_TEXT_MAX];

    cel_double_print(d, text);
    if (!isfinite(d))
        put_format(printer, "double('%s')", text);
    else
        put_format(printer, "%s%s", text, strpbrk(text, ".e") ? "" : ".0");
}

/* Between single quotes; what is above ASCII stands as it is in a string only. */
static void
print_quoted(struct printer *printer, struct cel_value value)
{
    static const char escaped[] = "\n\r\t\\'", letters[] = "nrt\\'";

    put_text(printer, value.kind == CEL_BYTES ? "b'" : "'");
    for (uint32_t i = 0; i < value.size && !printer->full; i++) {
        unsigned char byte = (unsigned char)value.text[i];
        const char *special = byte ? strchr(escaped, byte) : NULL;

        if (special)
            put_format(printer, "\\%c", letters[special - escaped]);
        else if (byte < ' ' || byte == 0x7f || (byte > 0x7f && value.kind == CEL_BYTES))
            put_format(printer, "\\x%02x", byte);
        else
            put(printer, &value.text[i], 1);
    }
    put_text(printer, "'");
}

static void
print_list(struct printer *printer, struct cel_value list)
{
    put_text(printer, "[");
    for (uint32_t i = 0; i < list.size && !printer->full; i++) {
        if (i > 0)
            put_text(printer, ", ");
        print_value(printer, list.items[i]);
    }
    put_text(printer, "]");
}

static void
print_map(struct printer *printer, struct cel_value map)
{
    put_text(printer, "{");
    for (uint32_t i = 0; i < map.size && !printer->full; i++) {
        if (i > 0)
            put_text(printer, ", ");
        print_value(printer, map.items[2 * (size_t)i]);
        put_text(printer, ": ");
        print_value(printer, map.items[2 * (size_t)i + 1]);
    }
    put_text(printer, "}");
}

static void
print_time(struct printer *printer, struct cel_value value)
{
    char text[CEL_TIME_TEXT_SIZE];

    if (value.kind == CEL_TIMESTAMP)
        cel_timestamp_print(value, text);
    else
        cel_duration_print(value, text);
    put_format(printer, "%s('%s')", value.kind == CEL_TIMESTAMP ? "timestamp" : "duration",
               text);
}

static void
print_value(struct printer *printer, struct cel_value value)
{
    switch ((enum cel_kind)value.kind) {
    case CEL_ERROR:
        put_text(printer, "error: ");
        put_text(printer, value.text);
        break;
    case CEL_NULL:
        put_text(printer, "null");
        break;
    case CEL_BOOL:
        put_text(printer, value.truth ? "true" : "false");
        break;
    case CEL_INT:
        put_format(printer, "%" PRId64, value.i);
        break;
    case CEL_UINT:
        put_format(printer, "%" PRIu64 "u", value.u);
        break;
    case CEL_DOUBLE:
        print_double(printer, value.d);
        break;
    case CEL_STRING:
    case CEL_BYTES:
        print_quoted(printer, value);
        break;
    case CEL_TIMESTAMP:
    case CEL_DURATION:
        print_time(printer, value);
        break;
    case CEL_TYPE:
        put_text(printer, value.type == CEL_RECORD ? cel_records[value.size].name
                                                   : cel_kind_name(value.type));
        break;
    case CEL_LIST:
        print_list(printer, value);
        break;
    case CEL_MAP:
        print_map(printer, value);
        break;
    default:
        put_text(printer, cel_name_of_kind(value));
        break;
    }
}

/* Ends with "..." in place of what did not fit, never within a code point. */
static void
cut(struct printer *printer)
{
    size_t dots = printer->size > 3 ? 3 : printer->size - 1;

    printer->used = printer->size - 1 - dots;
    while (printer->used > 0 && (printer->text[printer->used] & 0xc0) == 0x80)
        printer->used--;
    memcpy(printer->text + printer->used, "...", dots);
    printer->used += dots;
}

void
cel_print(struct cel_value value, char *text, size_t size)
{
    struct printer printer = {.text = text, .size = size};

    if (size == 0)
        return;
    print_value(&printer, value);
    if (printer.full)
        cut(&printer);
    text[printer.used] = '\0';
}
