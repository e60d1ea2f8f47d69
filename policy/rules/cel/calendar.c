/*
 * calendar.c - dates from days and back.
 *
 * A year is taken to begin in March, so that the leap day is its last and the
 * months' lengths follow one formula; 400 years are one era of 146,097 days.
 */
#include "policy/rules/cel/calendar.h"

#define DAYS_PER_ERA   146097
#define EPOCH_IN_ERAS  719468 /* 0000-03-01 to 1970-01-01 */
#define EPOCH_WEEKDAY  4      /* a Thursday */
#define YEARS_PER_ERA  400
#define LEAP_CYCLE     1461 /* four years */
#define CENTURY_DAYS   36524
#define DAYS_PER_YEAR  365
#define MONTHS_5_DAYS  153 /* March to July, and August to December */
#define MONTHS_OF_YEAR 12

/* Rounds down where / rounds towards zero. */
static int64_t
floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int64_t
calendar_days(int year, int month, int day)
{
    int64_t shifted_year = month > 2 ? year : (int64_t)year - 1;
    int64_t era = floor_divide(shifted_year, YEARS_PER_ERA);
    int64_t in_era = shifted_year - era * YEARS_PER_ERA;
    int months = month > 2 ? month - 3 : month + MONTHS_OF_YEAR - 3;
    int64_t in_year = (MONTHS_5_DAYS * months + 2) / 5 + day - 1;

    return era * DAYS_PER_ERA + in_era * DAYS_PER_YEAR + in_era / 4 - in_era / 100 + in_year -
           EPOCH_IN_ERAS;
}

static void
set_date(struct calendar *calendar, int64_t days)
{
    int64_t era = floor_divide(days + EPOCH_IN_ERAS, DAYS_PER_ERA);
    int64_t in_era = days + EPOCH_IN_ERAS - era * DAYS_PER_ERA;
    int64_t year = (in_era - in_era / (LEAP_CYCLE - 1) + in_era / CENTURY_DAYS -
                    in_era / (DAYS_PER_ERA - 1)) /
                   DAYS_PER_YEAR;
    int64_t in_year = in_era - (DAYS_PER_YEAR * year + year / 4 - year / 100);
    int64_t months = (5 * in_year + 2) / MONTHS_5_DAYS;

    calendar->day = (int)(in_year - (MONTHS_5_DAYS * months + 2) / 5 + 1);
    calendar->month = (int)(months < 10 ? months + 3 : months - 9);
    calendar->year = (int)(era * YEARS_PER_ERA + year + (calendar->month <= 2));
}

struct calendar
calendar_of(int64_t seconds)
{
    int64_t days = floor_divide(seconds, SECONDS_PER_DAY);
    int of_day = (int)(seconds - days * SECONDS_PER_DAY);
    struct calendar calendar = {
        .hour = of_day / 3600,
        .minute = of_day / 60 % 60,
        .second = of_day % 60,
        .weekday = (int)(days + EPOCH_WEEKDAY - floor_divide(days + EPOCH_WEEKDAY, 7) * 7),
    };

    set_date(&calendar, days);
    calendar.day_of_year = (int)(days - calendar_days(calendar.year, 1, 1));
    return calendar;
}
