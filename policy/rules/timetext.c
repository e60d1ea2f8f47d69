/* timetext.c - timestamps as RFC 3339 and durations as "3.5s", both ways. */
#include <stdio.h>

#include "policy/rules/calendar.h"
#include "policy/rules/functions.h"

#define NANOS 1000000000

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
