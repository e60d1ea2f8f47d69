/*
 * conversions.c - int(), uint(), double(), string(), bytes() and bool().
 *
 * What the result cannot hold is an error, never the nearest that it can; only
 * the fraction of a double is cut off.  timestamp() and duration() are in times.c.
 */
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "policy/rules/cel/functions.h"
#include "policy/rules/cel/utf8.h"

#define INT_END         0x1p63
#define UINT_END        0x1p64
#define VALUE_TEXT_MAX  80  /* of what could not be converted, in a sentence */
#define NUMBER_TEXT_MAX 128 /* longer numbers are copied into the run's memory */

/* "int('abc'): not a whole number" */
static struct cel_value
cannot(struct cel_run *run, const char *function, struct cel_value value, const char *why)
{
    char text[VALUE_TEXT_MAX];

    cel_print(value, text, sizeof(text));
    return cel_fail(run, "%s(%s): %s", function, text, why);
}

/* Decimal digits alone, at least one.  False if there is another byte; *fits tells of
 * values above UINT64_MAX. */
static bool
digits_parse(const char *text, size_t len, uint64_t *value, bool *fits)
{
    *value = 0;
    *fits = true;
    for (size_t i = 0; i < len; i++) {
        if (!isdigit((unsigned char)text[i]))
            return false;
        if (__builtin_mul_overflow(*value, 10u, value) ||
            __builtin_add_overflow(*value, (uint64_t)(text[i] - '0'), value))
            *fits = false;
    }
    return len > 0;
}

static struct cel_value
int_of_string(struct cel_run *run, struct cel_value string)
{
    bool has_sign = string.size > 0 && (string.text[0] == '-' || string.text[0] == '+');
    bool negative = has_sign && string.text[0] == '-', fits;
    uint64_t magnitude, most = negative ? (uint64_t)INT64_MAX + 1 : INT64_MAX;

    if (!cel_spend(run, string.size))
        return cel_out_of_steps();
    if (!digits_parse(string.text + has_sign, string.size - has_sign, &magnitude, &fits))
        return cannot(run, "int", string, "not a whole number in decimal digits");
    if (!fits || magnitude > most)
        return cannot(run, "int", string, "out of range");
    return cel_int((int64_t)(negative ? 0 - magnitude : magnitude));
}

static struct cel_value
call_int(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    struct cel_value a = args[0];

    switch (a.kind) {
    case CEL_INT:
        return a;
    case CEL_UINT:
        return a.u <= INT64_MAX ? cel_int((int64_t)a.u) : cannot(run, "int", a, "out of range");
    case CEL_DOUBLE: /* -2^63 itself is out, as in the other implementations */
        return a.d > -INT_END && a.d < INT_END ? cel_int((int64_t)a.d)
                                               : cannot(run, "int", a, "out of range");
    case CEL_STRING:
        return int_of_string(run, a);
    case CEL_TIMESTAMP:
        return cel_int(a.i);
    default:
        return cel_no_overload(run, "int", args, count);
    }
}

static struct cel_value
uint_of_string(struct cel_run *run, struct cel_value string)
{
    uint64_t value;
    bool fits;

    if (!cel_spend(run, string.size))
        return cel_out_of_steps();
    if (!digits_parse(string.text, string.size, &value, &fits))
        return cannot(run, "uint", string, "not a whole number in decimal digits");
    return fits ? cel_uint(value) : cannot(run, "uint", string, "out of range");
}

static struct cel_value
call_uint(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    struct cel_value a = args[0];

    switch (a.kind) {
    case CEL_UINT:
        return a;
    case CEL_INT:
        return a.i >= 0 ? cel_uint((uint64_t)a.i) : cannot(run, "uint", a, "out of range");
    case CEL_DOUBLE:
        return a.d >= 0 && a.d < UINT_END ? cel_uint((uint64_t)a.d)
                                          : cannot(run, "uint", a, "out of range");
    case CEL_STRING:
        return uint_of_string(run, a);
    default:
        return cel_no_overload(run, "uint", args, count);
    }
}

static const char *
skip_digits(const char *at)
{
    while (isdigit((unsigned char)*at))
        at++;
    return at;
}

/* 1, 1.5, 1., .5, each with or without an exponent: strtod() alone takes more than that. */
static bool
is_decimal(const char *text)
{
    const char *at = skip_digits(text);
    size_t digits = (size_t)(at - text);

    if (*at == '.') {
        const char *fraction = at + 1;

        at = skip_digits(fraction);
        digits += (size_t)(at - fraction);
    }
    if (digits == 0)
        return false;
    if (*at == 'e' || *at == 'E') {
        const char *exponent = at + 1;

        exponent += *exponent == '-' || *exponent == '+';
        at = skip_digits(exponent);
        if (at == exponent)
            return false;
    }
    return *at == '\0';
}

/* text is terminated.  False where it is no number; one past all doubles gives infinity. */
static bool
double_parse(const char *text, double *value)
{
    bool has_sign = text[0] == '-' || text[0] == '+';
    const char *unsigned_text = text + has_sign;

    if (strcasecmp(unsigned_text, "inf") == 0 || strcasecmp(unsigned_text, "infinity") == 0) {
        *value = text[0] == '-' ? -INFINITY : INFINITY;
        return true;
    }
    if (strcasecmp(text, "nan") == 0) {
        *value = NAN;
        return true;
    }
    if (!is_decimal(unsigned_text))
        return false;
    *value = strtod(text, NULL);
    return true;
}

static struct cel_value
double_of_string(struct cel_run *run, struct cel_value string)
{
    char small[NUMBER_TEXT_MAX];
    char *text = small;
    double value;

    if (!cel_spend(run, string.size))
        return cel_out_of_steps();
    if (string.size >= sizeof(small))
        text = cel_alloc(run, (size_t)string.size + 1);
    if (!text)
        return cel_out_of_memory();
    if (string.size > 0)
        memcpy(text, string.text, string.size);
    text[string.size] = '\0';
    if (strlen(text) != string.size || !double_parse(text, &value))
        return cannot(run, "double", string, "not a number");
    if (isinf(value) && strpbrk(text, "0123456789"))
        return cannot(run, "double", string, "out of range");
    return cel_double(value);
}

static struct cel_value
call_double(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    switch (args[0].kind) {
    case CEL_DOUBLE:
        return args[0];
    case CEL_INT:
        return cel_double((double)args[0].i);
    case CEL_UINT:
        return cel_double((double)args[0].u);
    case CEL_STRING:
        return double_of_string(run, args[0]);
    default:
        return cel_no_overload(run, "double", args, count);
    }
}

static struct cel_value
string_of_bytes(struct cel_run *run, struct cel_value bytes)
{
    uint32_t point;
    size_t length;

    if (!cel_spend(run, bytes.size))
        return cel_out_of_steps();
    for (size_t at = 0; at < bytes.size; at += length) {
        length = utf8_decode(bytes.text + at, bytes.size - at, &point);
        if (length == 0)
            return cannot(run, "string", bytes, "not UTF-8");
    }
    return cel_string(bytes.text, bytes.size);
}

static struct cel_value
call_string(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    char text[CEL_TIME_TEXT_SIZE];

    switch (args[0].kind) {
    case CEL_STRING:
        return args[0];
    case CEL_BYTES:
        return string_of_bytes(run, args[0]);
    case CEL_BOOL:
        return cel_text(args[0].truth ? "true" : "false");
    case CEL_INT:
        snprintf(text, sizeof(text), "%" PRId64, args[0].i);
        break;
    case CEL_UINT:
        snprintf(text, sizeof(text), "%" PRIu64, args[0].u);
        break;
    case CEL_DOUBLE:
        cel_double_print(args[0].d, text);
        break;
    case CEL_TIMESTAMP:
        cel_timestamp_print(args[0], text);
        break;
    case CEL_DURATION:
        cel_duration_print(args[0], text);
        break;
    default:
        return cel_no_overload(run, "string", args, count);
    }
    return cel_string_copy(run, text, strlen(text));
}

static struct cel_value
call_bytes(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    if (args[0].kind != CEL_BYTES && args[0].kind != CEL_STRING)
        return cel_no_overload(run, "bytes", args, count);
    return cel_bytes(args[0].text, args[0].size);
}

static struct cel_value
call_bool(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    static const char *const words[][2] = {
        {"false", "true"}, {"False", "True"}, {"FALSE", "TRUE"},
        {"f", "t"},        {"F", "T"},        {"0", "1"},
    };

    if (args[0].kind == CEL_BOOL)
        return args[0];
    if (args[0].kind != CEL_STRING)
        return cel_no_overload(run, "bool", args, count);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        for (int truth = 0; truth < 2; truth++)
            if (cel_same_text(args[0], cel_text(words[i][truth])))
                return cel_bool(truth);
    return cannot(run, "bool", args[0], "neither 'true' nor 'false'");
}

const struct cel_function cel_conversion_functions[] = {
    {"int", false, 1, 1, true, "i:i u:i d:i s:i t:i", call_int},
    {"uint", false, 1, 1, true, "u:u i:u d:u s:u", call_uint},
    {"double", false, 1, 1, true, "d:d i:d u:d s:d", call_double},
    {"string", false, 1, 1, true, "s:s y:s b:s i:s u:s d:s t:s r:s", call_string},
    {"bytes", false, 1, 1, true, "y:y s:y", call_bytes},
    {"bool", false, 1, 1, true, "b:b s:b", call_bool},
    {0},
};
