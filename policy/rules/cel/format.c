/* Texts from patterns; the text grows in memory of the run and stops at the first fault. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "policy/rules/cel/format.h"
#include "policy/rules/cel/functions.h"
#include "policy/rules/cel/utf8.h"

#define DOUBLE_DIGITS   17  /* that tell any double from its neighbours */
#define DOUBLE_TEXT_MAX 400 /* -4.9e-324 without an exponent has 328 characters */
#define FIXED_TEXT_MAX  (FORMAT_PRECISION_MAX + DOUBLE_TEXT_MAX)
#define PRECISION       6 /* where the clause does not say */
#define ROOM_FIRST      64

struct text {
    struct cel_run *run;
    char *data;
    size_t size, room;
    struct cel_value fault; /* an ERROR, or NULL while all is well */
};

struct clause {
    char letter;
    int precision; /* -1: not said */
    uint32_t argument;
};

static bool
text_fails(struct text *text, struct cel_value fault)
{
    text->fault = fault;
    return false;
}

static bool
add(struct text *text, const char *from, size_t size)
{
    if (size == 0)
        return true;
    if (text->size + size > text->room) {
        size_t room = 2 * (text->size + size) + ROOM_FIRST;
        char *moved = cel_alloc(text->run, room);

        if (!moved)
            return text_fails(text, cel_out_of_memory());
        if (text->size)
            memcpy(moved, text->data, text->size);
        text->data = moved;
        text->room = room;
    }
    if (!cel_spend(text->run, size + 1))
        return text_fails(text, cel_out_of_steps());
    memcpy(text->data + text->size, from, size);
    text->size += size;
    return true;
}

static bool
add_text(struct text *text, const char *terminated)
{
    return add(text, terminated, strlen(terminated));
}

/* A magnitude in base 2, 8, 10 or 16. */
static bool
add_digits(struct text *text, bool negative, uint64_t magnitude, unsigned base, bool capitals)
{
    const char *digits = capitals ? "0123456789ABCDEF" : "0123456789abcdef";
    char room[65];
    size_t at = sizeof(room);

    do {
        room[--at] = digits[magnitude % base];
        magnitude /= base;
    } while (magnitude);
    if (negative)
        room[--at] = '-';
    return add(text, room + at, sizeof(room) - at);
}

static uint64_t
magnitude(int64_t i)
{
    return i < 0 ? 0 - (uint64_t)i : (uint64_t)i;
}

/* NULL where the double is a number. */
static const char *
no_number(double d)
{
    return isnan(d) ? "NaN" : isinf(d) ? (d < 0 ? "-Infinity" : "Infinity") : NULL;
}

/* d = 0.d1 d2 ... dn * 10^point in the fewest digits that read as the same double. */
static int
shortest_digits(double d, char digits[DOUBLE_DIGITS + 1], int *point)
{
    char room[DOUBLE_DIGITS + 16];
    int count = 0;

    do
        snprintf(room, sizeof(room), "%.*e", count, fabs(d));
    while (strtod(room, NULL) != fabs(d) && ++count < DOUBLE_DIGITS);
    digits[0] = room[0];
    memcpy(digits + 1, room + 2, (size_t)count);
    *point = atoi(strchr(room, 'e') + 1) + 1;
    return count + 1;
}

/* Never with an exponent; the point only where digits follow it. */
static bool
add_double(struct text *text, double d)
{
    const char *word = no_number(d);
    char digits[DOUBLE_DIGITS + 1], room[DOUBLE_TEXT_MAX], *to = room;
    int count, point;

    if (word)
        return add_text(text, word);
    count = shortest_digits(d, digits, &point);
    if (signbit(d))
        *to++ = '-';
    if (point <= 0)
        *to++ = '0';
    for (int i = 0; i < point; i++)
        *to++ = i < count ? digits[i] : '0';
    if (count > point)
        *to++ = '.';
    for (int i = point; i < 0; i++)
        *to++ = '0';
    for (int i = point < 0 ? 0 : point; i < count; i++)
        *to++ = digits[i];
    return add(text, room, (size_t)(to - room));
}

/* UTF-8 as it is, and one U+FFFD for each run of bytes that are none. */
static bool
add_bytes(struct text *text, struct cel_value bytes)
{
    bool good_before = true;

    for (size_t at = 0, length; at < bytes.size; at += length ? length : 1) {
        uint32_t point;

        length = utf8_decode(bytes.text + at, bytes.size - at, &point);
        if (length ? !add(text, bytes.text + at, length)
                   : good_before && !add_text(text, "\xEF\xBF\xBD"))
            return false;
        good_before = length != 0;
    }
    return true;
}

static bool add_value(struct text *text, struct cel_value value);

static bool
add_list(struct text *text, struct cel_value list)
{
    if (!add_text(text, "["))
        return false;
    for (uint32_t i = 0; i < list.size; i++) {
        if ((i > 0 && !add_text(text, ", ")) || !add_value(text, list.items[i]))
            return false;
    }
    return add_text(text, "]");
}

/* A key as it prints. */
struct key {
    const char *text;
    size_t size;
    uint32_t pair;
};

static int
compare_keys(const void *a, const void *b)
{
    const struct key *x = a, *y = b;
    int order = memcmp(x->text, y->text, x->size < y->size ? x->size : y->size);

    if (order == 0)
        order = (x->size > y->size) - (x->size < y->size);
    return order ? order : (x->pair > y->pair) - (x->pair < y->pair);
}

/* The map's keys in the order of their texts, or NULL with text->fault. */
static struct key *
sorted_keys(struct text *text, struct cel_value map)
{
    struct key *keys = cel_alloc(text->run, (map.size + 1) * sizeof(*keys));

    if (!keys) {
        text->fault = cel_out_of_memory();
        return NULL;
    }
    for (uint32_t i = 0; i < map.size; i++) {
        struct text key = {.run = text->run, .fault = cel_null()};

        if (!add_value(&key, map.items[2 * i])) {
            text->fault = key.fault;
            return NULL;
        }
        keys[i] = (struct key){key.data ? key.data : "", key.size, i};
    }
    qsort(keys, map.size, sizeof(*keys), compare_keys);
    return keys;
}

static bool
add_map(struct text *text, struct cel_value map)
{
    const struct key *keys = sorted_keys(text, map);

    if (!keys || !add_text(text, "{"))
        return false;
    for (uint32_t i = 0; i < map.size; i++) {
        if ((i > 0 && !add_text(text, ", ")) || !add(text, keys[i].text, keys[i].size) ||
            !add_text(text, ": ") || !add_value(text, map.items[2 * keys[i].pair + 1]))
            return false;
    }
    return add_text(text, "}");
}

/* %s */
static bool
add_value(struct text *text, struct cel_value value)
{
    char time[CEL_TIME_TEXT_SIZE];

    switch ((enum cel_kind)value.kind) {
    case CEL_NULL:
        return add_text(text, "null");
    case CEL_BOOL:
        return add_text(text, value.truth ? "true" : "false");
    case CEL_INT:
        return add_digits(text, value.i < 0, magnitude(value.i), 10, false);
    case CEL_UINT:
        return add_digits(text, false, value.u, 10, false);
    case CEL_DOUBLE:
        return add_double(text, value.d);
    case CEL_STRING:
        return add(text, value.text, value.size);
    case CEL_BYTES:
        return add_bytes(text, value);
    case CEL_TIMESTAMP:
        cel_timestamp_print(value, time);
        return add_text(text, time);
    case CEL_DURATION:
        cel_duration_print(value, time);
        return add_text(text, time);
    case CEL_TYPE:
        return add_text(text, cel_kind_name((enum cel_kind)value.type));
    case CEL_LIST:
        return add_list(text, value);
    case CEL_MAP:
        return add_map(text, value);
    default:
        return text_fails(text,
                          cel_error("format: %s takes no record; name one of its fields"));
    }
}

static bool
wrong_kind(struct text *text, struct clause clause, struct cel_value value, const char *takes)
{
    return text_fails(text, cel_fail(text->run, "format: %%%c takes %s; argument %u is %s",
                                     clause.letter, takes, clause.argument + 1,
                                     cel_kind_name((enum cel_kind)value.kind)));
}

/* %d */
static bool
add_decimal(struct text *text, struct clause clause, struct cel_value value)
{
    if (value.kind != CEL_INT && value.kind != CEL_UINT && value.kind != CEL_DOUBLE)
        return wrong_kind(text, clause, value, "a number");
    return add_value(text, value);
}

/* %b %o %x of a number */
static bool
add_in_base(struct text *text, struct clause clause, struct cel_value value, unsigned base,
            const char *takes)
{
    if (value.kind == CEL_INT)
        return add_digits(text, value.i < 0, magnitude(value.i), base, clause.letter == 'X');
    if (value.kind == CEL_UINT)
        return add_digits(text, false, value.u, base, clause.letter == 'X');
    return wrong_kind(text, clause, value, takes);
}

static bool
add_binary(struct text *text, struct clause clause, struct cel_value value)
{
    if (value.kind == CEL_BOOL)
        return add_text(text, value.truth ? "1" : "0");
    return add_in_base(text, clause, value, 2, "an int, a uint or a bool");
}

static bool
add_octal(struct text *text, struct clause clause, struct cel_value value)
{
    return add_in_base(text, clause, value, 8, "an int or a uint");
}

static bool
add_hexadecimal(struct text *text, struct clause clause, struct cel_value value)
{
    const char *digits = clause.letter == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";

    if (value.kind != CEL_STRING && value.kind != CEL_BYTES)
        return add_in_base(text, clause, value, 16, "an int, a uint, a string or bytes");
    for (uint32_t i = 0; i < value.size; i++) {
        unsigned byte = (unsigned char)value.text[i];

        if (!add(text, (char[]){digits[byte >> 4], digits[byte & 15]}, 2))
            return false;
    }
    return true;
}

/* %f %e.  A long double holds every int, uint and double exactly; printf rounds half to even. */
static bool
add_fixed(struct text *text, struct clause clause, struct cel_value value)
{
    int precision = clause.precision < 0 ? PRECISION : clause.precision;
    const char *word = value.kind == CEL_DOUBLE ? no_number(value.d) : NULL;
    char room[FIXED_TEXT_MAX];
    long double number;

    if (word)
        return add_text(text, word);
    if (value.kind == CEL_INT)
        number = (long double)value.i;
    else if (value.kind == CEL_UINT)
        number = (long double)value.u;
    else if (value.kind == CEL_DOUBLE)
        number = (long double)value.d;
    else
        return wrong_kind(text, clause, value, "a number");
    snprintf(room, sizeof(room), clause.letter == 'f' ? "%.*Lf" : "%.*Le", precision, number);
    return add_text(text, room);
}

static bool
add_any(struct text *text, struct clause clause, struct cel_value value)
{
    (void)clause;
    return add_value(text, value);
}

static const struct {
    char letter;
    bool (*add)(struct text *text, struct clause clause, struct cel_value value);
} clauses[] = {
    {'s', add_any},    {'d', add_decimal},     {'f', add_fixed},       {'e', add_fixed},
    {'b', add_binary}, {'x', add_hexadecimal}, {'X', add_hexadecimal}, {'o', add_octal},
};

/* ".3" before the letter: *at moves behind it. */
static bool
read_precision(struct text *text, struct cel_value pattern, size_t *at, int *precision)
{
    size_t begin = *at + 1;

    *precision = -1;
    if (*at == pattern.size || pattern.text[*at] != '.')
        return true;
    *precision = 0;
    for (*at = begin; *at < pattern.size; ++*at) {
        unsigned digit = (unsigned char)pattern.text[*at] - (unsigned)'0';

        if (digit > 9)
            break;
        *precision = *precision * 10 + (int)digit;
        if (*precision > FORMAT_PRECISION_MAX)
            return text_fails(text, cel_fail(text->run,
                                             "format: at most %d digits may follow "
                                             "the point",
                                             FORMAT_PRECISION_MAX));
    }
    return *at > begin || text_fails(text, cel_error("format: digits must follow \"%.\""));
}

/* pattern.text[*at] is behind the percent sign; *at moves behind the clause. */
static bool
add_clause(struct text *text, struct cel_value pattern, size_t *at, struct cel_value arguments,
           struct clause *clause)
{
    if (!read_precision(text, pattern, at, &clause->precision))
        return false;
    if (*at == pattern.size)
        return text_fails(text, cel_error("format: the text ends within a clause; "
                                          "a percent sign is written %%"));
    clause->letter = pattern.text[(*at)++];
    for (size_t i = 0; i < sizeof(clauses) / sizeof(clauses[0]); i++) {
        if (clauses[i].letter != clause->letter)
            continue;
        if (clause->argument == arguments.size)
            return text_fails(text,
                              cel_fail(text->run, "format: %%%c has no argument; there are %u",
                                       clause->letter, arguments.size));
        if (!clauses[i].add(text, *clause, arguments.items[clause->argument]))
            return false;
        clause->argument++;
        return true;
    }
    return text_fails(text, cel_error("format: unknown clause; known are %s %d %f %e %b %x %X "
                                      "%o and %% for a percent sign"));
}

struct cel_value
cel_format(struct cel_run *run, struct cel_value pattern, struct cel_value arguments)
{
    struct text text = {.run = run, .fault = cel_null()};
    struct clause clause = {0};

    for (size_t at = 0, end; at < pattern.size; at = end) {
        const char *sign = memchr(pattern.text + at, '%', pattern.size - at);

        end = sign ? (size_t)(sign - pattern.text) : pattern.size;
        if (end > at && !add(&text, pattern.text + at, end - at))
            return text.fault;
        if (!sign)
            break;
        end++;
        if (end < pattern.size && pattern.text[end] == '%') {
            end++;
            if (!add_text(&text, "%"))
                return text.fault;
        } else if (!add_clause(&text, pattern, &end, arguments, &clause)) {
            return text.fault;
        }
    }
    return cel_string(text.data ? text.data : "", text.size);
}
