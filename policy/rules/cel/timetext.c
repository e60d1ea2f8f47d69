/* timetext.c - timestamps as RFC 3339 and durations as "3.5s", both ways. */
#include <ctype.h>
#include <stdio.h>

#include "gateway/base/time.h"
#include "policy/rules/cel/calendar.h"
#include "policy/rules/cel/functions.h"

#define NANOS           1000000000
#define FRACTION_DIGITS 9  /* of a second; further ones are below what a value holds */
#define FRACTION_MAX    18 /* digits of a duration's fraction that can matter: 1e-18 h */

/* What is left of a text. */
struct reader {
    const char *at, *end;
};

/* ".5" for half a second, "" for none. */
static void
print_fraction(unsigned nanos, char text[12])
{
    size_t len;

    text[0] = '\0';
    if (nanos == 0)
        return;
    len = (size_t)snprintf(text, 12, ".%09u", nanos % NANOS);
    while (text[len - 1] == '0')
        text[--len] = '\0';
}

void
cel_timestamp_print(struct cel_value timestamp, char *text)
{
    struct calendar at = calendar_of(timestamp.i);
    char fraction[12];

    print_fraction(timestamp.size, fraction);
    snprintf(text, CEL_TIME_TEXT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d%sZ", at.year, at.month,
             at.day, at.hour, at.minute, at.second, fraction);
}

void
cel_duration_print(struct cel_value duration, char *text)
{
    uint64_t nanos = duration.i < 0 ? 0 - (uint64_t)duration.i : (uint64_t)duration.i;
    char fraction[12];

    print_fraction((unsigned)(nanos % NANOS), fraction);
    snprintf(text, CEL_TIME_TEXT_SIZE, "%s%llu%ss", duration.i < 0 ? "-" : "",
             (unsigned long long)(nanos / NANOS), fraction);
}

static bool
take(struct reader *reader, char c)
{
    if (reader->at == reader->end || *reader->at != c)
        return false;
    reader->at++;
    return true;
}

static bool
next_is_digit(const struct reader *reader)
{
    return reader->at < reader->end && isdigit((unsigned char)*reader->at);
}

/* Exactly count digits. */
static bool
take_digits(struct reader *reader, int count, int *value)
{
    for (*value = 0; count > 0; count--) {
        if (!next_is_digit(reader))
            return false;
        *value = *value * 10 + (*reader->at++ - '0');
    }
    return true;
}

/* ".5" as nanoseconds, or nothing. */
static bool
take_fraction(struct reader *reader, uint32_t *nanos)
{
    int digits = 0;

    *nanos = 0;
    if (!take(reader, '.'))
        return true;
    for (; next_is_digit(reader); reader->at++, digits++)
        if (digits < FRACTION_DIGITS)
            *nanos = *nanos * 10 + (uint32_t)(*reader->at - '0');
    for (int i = digits; i < FRACTION_DIGITS; i++)
        *nanos *= 10;
    return digits > 0;
}

/* "Z", "+08:00" */
static bool
take_offset(struct reader *reader, int64_t *seconds)
{
    bool west = reader->at < reader->end && *reader->at == '-';
    int hours, minutes;

    *seconds = 0;
    if (take(reader, 'Z'))
        return true;
    if (!take(reader, '+') && !take(reader, '-'))
        return false;
    if (!take_digits(reader, 2, &hours) || !take(reader, ':') ||
        !take_digits(reader, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *seconds = (hours * 60 + minutes) * (west ? -60 : 60);
    return true;
}

/* "2024-04-15T09:00:00.5+08:00"; seconds are of UTC. */
static bool
take_instant(struct reader *reader, int64_t *seconds, uint32_t *nanos)
{
    int year, month, day, hour, minute, second;
    int64_t offset;

    if (!take_digits(reader, 4, &year) || !take(reader, '-') ||
        !take_digits(reader, 2, &month) || !take(reader, '-') ||
        !take_digits(reader, 2, &day) || !take(reader, 'T'))
        return false;
    if (!take_digits(reader, 2, &hour) || !take(reader, ':') ||
        !take_digits(reader, 2, &minute) || !take(reader, ':') ||
        !take_digits(reader, 2, &second))
        return false;
    if (!take_fraction(reader, nanos) || !take_offset(reader, &offset))
        return false;
    if (!date_is_valid(year, month, day) || hour > 23 || minute > 59 || second > 59)
        return false;
    *seconds = calendar_days(year, month, day) * SECONDS_PER_DAY + hour * 3600 + minute * 60 +
               second - offset;
    return reader->at == reader->end;
}

struct cel_value
cel_timestamp_parse(const char *text, size_t len)
{
    struct reader reader = {.at = text, .end = text + len};
    uint32_t nanos;
    int64_t seconds;

    if (!take_instant(&reader, &seconds, &nanos))
        return cel_error("not a time of the years 0001 to 9999 such as "
                         "2024-04-15T09:00:00+08:00");
    if (seconds < CEL_TIMESTAMP_MIN || seconds > CEL_TIMESTAMP_MAX)
        return cel_error("timestamp out of range: years go from 0001 to 9999");
    return cel_timestamp(seconds, nanos);
}

/* The nanoseconds of the unit that stands next, 0 if there is none. */
static uint64_t
take_unit(struct reader *reader)
{
    static const struct {
        const char *name;
        uint64_t nanos;
    } units[] = {
        {"ns", 1},           {"us", 1000}, {"\xc2\xb5s", 1000}, /* micro sign */
        {"\xce\xbcs", 1000},                                    /* Greek mu */
        {"ms", 1000000},     {"s", NANOS}, {"m", 60ull * NANOS}, {"h", 3600ull * NANOS},
    };
    const char *begin = reader->at;
    size_t len;

    while (reader->at < reader->end && *reader->at != '.' && !next_is_digit(reader))
        reader->at++;
    len = (size_t)(reader->at - begin);
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
        if (strlen(units[i].name) == len && memcmp(units[i].name, begin, len) == 0)
            return units[i].nanos;
    return 0;
}

/* One term such as "1.5h" is added; what lies below a nanosecond is cut off.  False where it
 * is none; *fits turns false past 64 bits. */
static bool
take_term(struct reader *reader, uint64_t *nanos, bool *fits)
{
    uint64_t whole = 0, fraction = 0, scale = 1, unit, sum;
    int digits = 0, decimals = 0;

    for (; next_is_digit(reader); reader->at++, digits++)
        if (__builtin_mul_overflow(whole, 10u, &whole) ||
            __builtin_add_overflow(whole, (uint64_t)(*reader->at - '0'), &whole))
            *fits = false;
    if (take(reader, '.'))
        for (; next_is_digit(reader); reader->at++, decimals++)
            if (decimals < FRACTION_MAX) {
                fraction = fraction * 10 + (uint64_t)(*reader->at - '0');
                scale *= 10;
            }
    unit = take_unit(reader);
    if (digits + decimals == 0 || unit == 0)
        return false;
    fraction = (uint64_t)((unsigned __int128)fraction * unit / scale);
    if (__builtin_mul_overflow(whole, unit, &sum) ||
        __builtin_add_overflow(sum, fraction, &sum) ||
        __builtin_add_overflow(*nanos, sum, nanos))
        *fits = false;
    return true;
}

struct cel_value
cel_duration_parse(const char *text, size_t len)
{
    static const char no_duration[] = "not a duration such as 1h30m, 720h, 1.5s or 100ms";
    struct reader reader = {.at = text, .end = text + len};
    bool negative = take(&reader, '-'), fits = true;
    uint64_t nanos = 0;

    if (!negative)
        take(&reader, '+');
    if (reader.end - reader.at == 1 && *reader.at == '0')
        return cel_duration(0);
    if (reader.at == reader.end)
        return cel_error(no_duration);
    while (reader.at < reader.end)
        if (!take_term(&reader, &nanos, &fits))
            return cel_error(no_duration);
    if (!fits || nanos > (uint64_t)INT64_MAX + negative)
        return cel_error("duration out of range: at most some 292 years");
    return cel_duration((int64_t)(negative ? 0 - nanos : nanos));
}
