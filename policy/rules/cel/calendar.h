/*
 * calendar.h - the proleptic Gregorian calendar for any int64_t of days and seconds that
 * a timestamp and a zone's offset can make: a little before year 1 to a little after 9999.
 */
#ifndef POLICY_RULES_CEL_CALENDAR_H
#define POLICY_RULES_CEL_CALENDAR_H

#include <stdint.h>

#define SECONDS_PER_DAY 86400

struct calendar {
    int year;
    int month; /* 1 to 12 */
    int day;   /* 1 to 31 */
    int hour, minute, second;
    int weekday;     /* 0 is Sunday */
    int day_of_year; /* 0 is the first of January */
};

/* Seconds since 1970-01-01T00:00Z as date and time of UTC. */
struct calendar calendar_of(int64_t seconds);

/* Days since 1970-01-01 of a date; a day past the month's end counts on. */
int64_t calendar_days(int year, int month, int day);

#endif
