/*
 * tzrule.c - the rule at the end of a time zone file, in the form of the
 * environment variable TZ: "AEST-10AEDT,M10.1.0,M4.1.0/3".
 *
 * Offsets in it count to the west; names may stand in <> and are of no use here.
 */
#include <string.h>

#include "policy/rules/cel/calendar.h"
#include "policy/rules/cel/tzif.h"

#define NAME_MIN        3
#define OFFSET_HOURS    24
#define TIME_HOURS      167 /* a rule's time may lie a week away */
#define DAYS_OF_YEAR    365
#define SECONDS_OF_HOUR 3600
#define CHANGE_TIME     (2 * SECONDS_OF_HOUR) /* where the rule names none */

/* What is left to read; ok turns false at the first fault and stays so. */
struct reader {
    const char *at, *end;
    bool ok;
};

static bool
next_is(const struct reader *reader, char c)
{
    return reader->at < reader->end && *reader->at == c;
}

static bool
take(struct reader *reader, char c)
{
    if (!next_is(reader, c))
        return false;
    reader->at++;
    return true;
}

static void
expect(struct reader *reader, char c)
{
    if (!take(reader, c))
        reader->ok = false;
}

static int
take_number(struct reader *reader, int least, int most)
{
    const char *begin = reader->at;
    int number = 0;

    while (reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9' &&
           number <= most)
        number = number * 10 + (*reader->at++ - '0');
    if (reader->at == begin || number < least || number > most)
        reader->ok = false;
    return number;
}

static bool
is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* "CET" or "<+0530>" */
static void
skip_name(struct reader *reader)
{
    const char *begin = reader->at;

    if (take(reader, '<')) {
        while (reader->at < reader->end && *reader->at != '>')
            reader->at++;
        expect(reader, '>');
        return;
    }
    while (reader->at < reader->end && is_letter(*reader->at))
        reader->at++;
    if (reader->at - begin < NAME_MIN)
        reader->ok = false;
}

/* [+-]hh[:mm[:ss]] */
static int32_t
take_time(struct reader *reader, int hours_max)
{
    int32_t sign = take(reader, '-') ? -1 : 1, seconds;

    if (sign > 0)
        take(reader, '+');
    seconds = take_number(reader, 0, hours_max) * SECONDS_OF_HOUR;
    if (take(reader, ':'))
        seconds += take_number(reader, 0, 59) * 60;
    if (take(reader, ':'))
        seconds += take_number(reader, 0, 59);
    return sign * seconds;
}

static struct tz_day
take_day(struct reader *reader)
{
    struct tz_day day = {.form = TZ_DAY_ZERO_BASED, .seconds = CHANGE_TIME};

    if (take(reader, 'M')) {
        day.form = TZ_DAY_OF_WEEK;
        day.month = take_number(reader, 1, 12);
        expect(reader, '.');
        day.week = take_number(reader, 1, 5);
        expect(reader, '.');
        day.day = take_number(reader, 0, 6);
    } else if (take(reader, 'J')) {
        day.form = TZ_DAY_JULIAN;
        day.day = take_number(reader, 1, DAYS_OF_YEAR);
    } else {
        day.day = take_number(reader, 0, DAYS_OF_YEAR);
    }
    if (take(reader, '/'))
        day.seconds = take_time(reader, TIME_HOURS);
    return day;
}

bool
tz_rule_parse(const char *text, size_t len, struct tz_rule *rule)
{
    struct reader reader = {.at = text, .end = text + len, .ok = true};

    *rule = (struct tz_rule){0};
    skip_name(&reader);
    rule->standard = -take_time(&reader, OFFSET_HOURS);
    if (reader.at < reader.end) {
        rule->has_summer = true;
        skip_name(&reader);
        rule->summer = next_is(&reader, ',') ? rule->standard + SECONDS_OF_HOUR
                                             : -take_time(&reader, OFFSET_HOURS);
        expect(&reader, ',');
        rule->begin = take_day(&reader);
        expect(&reader, ',');
        rule->end = take_day(&reader);
    }
    return reader.ok && reader.at == reader.end;
}

/* The week'th weekday `day` of a month, week 5 being the last one there is. */
static int64_t
day_of_week(int year, const struct tz_day *day)
{
    int64_t first = calendar_days(year, day->month, 1);
    int64_t next = day->month == 12 ? calendar_days(year + 1, 1, 1)
                                    : calendar_days(year, day->month + 1, 1);
    int weekday = calendar_of(first * SECONDS_PER_DAY).weekday;
    int64_t found = first + (day->day - weekday + 7) % 7 + (day->week - 1) * 7;

    return found < next ? found : found - 7;
}

/* When it begins in a year, in seconds since 1970 of local time. */
static int64_t
day_begins(int year, const struct tz_day *day)
{
    int64_t days = calendar_days(year, 1, 1);

    switch (day->form) {
    case TZ_DAY_JULIAN: /* 29 February is not counted: day 60 is 1 March */
        days += day->day - 1;
        if (day->day >= 60)
            days += calendar_days(year, 3, 1) - calendar_days(year, 2, 29);
        break;
    case TZ_DAY_ZERO_BASED:
        days += day->day;
        break;
    case TZ_DAY_OF_WEEK:
        days = day_of_week(year, day);
        break;
    }
    return days * SECONDS_PER_DAY + day->seconds;
}

int32_t
tz_rule_offset(const struct tz_rule *rule, int64_t seconds)
{
    int year = calendar_of(seconds + rule->standard).year;
    int64_t begin, end;

    if (!rule->has_summer)
        return rule->standard;
    begin = day_begins(year, &rule->begin) - rule->standard;
    end = day_begins(year, &rule->end) - rule->summer;
    if (begin < end)
        return seconds >= begin && seconds < end ? rule->summer : rule->standard;
    return seconds >= begin || seconds < end ? rule->summer : rule->standard;
}
