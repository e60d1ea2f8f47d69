/* time.c - the calendar, RFC 3339, durations and the four clocks. */
#include "gateway/base/time.h"

#include <string.h>
#include <time.h>

#define MS_PER_SECOND   1000LL
#define MS_PER_MINUTE   60000LL
#define MS_PER_HOUR     3600000LL
#define MS_PER_DAY      86400000LL
#define YEAR_MIN        1970
#define YEAR_MAX        9999
#define DURATION_MS_MAX (366LL * 100 * MS_PER_DAY)

/*
 * Days since 1970-01-01 in the proleptic Gregorian calendar.  The year is
 * taken to begin in March, so that the leap day comes last in it.
 */
static int64_t
days_of_date(int year, int month, int day)
{
    int64_t y = month > 2 ? year : year - 1;
    int64_t era = y / 400, year_of_era = y % 400;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
           day_of_year - 719468;
}

static void
date_of_days(int64_t days, int *year, int *month, int *day)
{
    int64_t shifted = days + 719468, era = shifted / 146097, day_of_era = shifted % 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t m = (5 * day_of_year + 2) / 153;

    *day = (int)(day_of_year - (153 * m + 2) / 5 + 1);
    *month = (int)(m < 10 ? m + 3 : m - 9);
    *year = (int)(era * 400 + year_of_era + (*month <= 2));
}

bool
date_is_valid(int year, int month, int day)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    if (year < 1 || year > YEAR_MAX || month < 1 || month > 12 || day < 1)
        return false;
    return day <= lengths[month - 1] + (month == 2 && leap);
}

/* Exactly count digits as a number; moves *at past them. */
static bool
take_digits(const char **at, int count, int *value)
{
    *value = 0;
    for (int i = 0; i < count; i++, (*at)++) {
        if (**at < '0' || **at > '9')
            return false;
        *value = *value * 10 + (**at - '0');
    }
    return true;
}

static bool
take(const char **at, char wanted)
{
    if (**at != wanted)
        return false;
    (*at)++;
    return true;
}

/* "2024-04-17" as midnight UTC. */
static bool
take_date(const char **at, int64_t *ms)
{
    int year, month, day;

    if (!take_digits(at, 4, &year) || !take(at, '-') || !take_digits(at, 2, &month) ||
        !take(at, '-') || !take_digits(at, 2, &day))
        return false;
    if (year < YEAR_MIN || !date_is_valid(year, month, day))
        return false;
    *ms = days_of_date(year, month, day) * MS_PER_DAY;
    return true;
}

/* "09:30:00.120"; a fraction may have one to nine digits, those past ms are cut. */
static bool
take_time(const char **at, int64_t *ms)
{
    int hour, minute, second, digits = 0, fraction = 0;

    if (!take_digits(at, 2, &hour) || !take(at, ':') || !take_digits(at, 2, &minute) ||
        !take(at, ':') || !take_digits(at, 2, &second))
        return false;
    if (hour > 23 || minute > 59 || second > 59) /* no leap second has a payment */
        return false;
    if (take(at, '.')) {
        for (; **at >= '0' && **at <= '9'; (*at)++, digits++)
            if (digits < 3)
                fraction = fraction * 10 + (**at - '0');
        if (digits < 1 || digits > 9)
            return false;
        for (; digits < 3; digits++)
            fraction *= 10;
    }
    *ms += hour * MS_PER_HOUR + minute * MS_PER_MINUTE + second * MS_PER_SECOND + fraction;
    return true;
}

/* "Z" or "+08:00". */
static bool
take_offset(const char **at, int64_t *ms)
{
    int sign = **at == '-' ? -1 : 1, hour, minute;

    if (take(at, 'Z') || take(at, 'z'))
        return true;
    if (!take(at, '+') && !take(at, '-'))
        return false;
    if (!take_digits(at, 2, &hour) || !take(at, ':') || !take_digits(at, 2, &minute) ||
        hour > 23 || minute > 59)
        return false;
    *ms -= sign * (hour * MS_PER_HOUR + minute * MS_PER_MINUTE);
    return true;
}

static bool
take_separator(const char **at)
{
    return take(at, 'T') || take(at, 't');
}

bool
instant_parse(const char *text, int64_t *ms)
{
    int64_t value;

    if (!take_date(&text, &value) || !take_separator(&text) || !take_time(&text, &value) ||
        !take_offset(&text, &value) || *text != '\0' || value < 0 || value > INSTANT_MAX_MS)
        return false;
    *ms = value;
    return true;
}

bool
instant_parse_local(const char *text, int64_t *ms)
{
    int64_t value;

    if (instant_parse(text, ms))
        return true;
    if (!take_date(&text, &value))
        return false;
    if (*text != '\0' && (!take_separator(&text) || !take_time(&text, &value)))
        return false;
    if (*text != '\0')
        return false;
    *ms = value - SHANGHAI_OFFSET_MS;
    return true;
}

static char *
put_digits(char *at, int count, int value)
{
    for (int i = count - 1; i >= 0; i--, value /= 10)
        at[i] = (char)('0' + value % 10);
    return at + count;
}

void
day_print(int64_t ms, char text[DAY_TEXT_SIZE])
{
    int year, month, day;

    date_of_days((ms + SHANGHAI_OFFSET_MS) / MS_PER_DAY, &year, &month, &day);
    text = put_digits(text, 4, year);
    *text++ = '-';
    text = put_digits(text, 2, month);
    *text++ = '-';
    text = put_digits(text, 2, day);
    *text = '\0';
}

void
instant_print(int64_t ms, char text[INSTANT_TEXT_SIZE])
{
    int rest = (int)((ms + SHANGHAI_OFFSET_MS) % MS_PER_DAY);

    day_print(ms, text);
    text += DAY_TEXT_SIZE - 1;
    *text++ = 'T';
    text = put_digits(text, 2, rest / 3600000);
    *text++ = ':';
    text = put_digits(text, 2, rest / 60000 % 60);
    *text++ = ':';
    text = put_digits(text, 2, rest / 1000 % 60);
    *text++ = '.';
    text = put_digits(text, 3, rest % 1000);
    memcpy(text, "+08:00", sizeof("+08:00"));
}

bool
duration_parse(const char *text, int64_t *ms)
{
    static const struct {
        char letter;
        bool after_t;
        int64_t unit_ms;
    } units[] = {
        {'W', false, 7 * MS_PER_DAY}, {'D', false, MS_PER_DAY},   {'H', true, MS_PER_HOUR},
        {'M', true, MS_PER_MINUTE},   {'S', true, MS_PER_SECOND},
    };
    size_t next = 0; /* units come in falling order, each at most once */
    bool after_t = false, any = false;
    int64_t sum = 0;

    if (!take(&text, 'P'))
        return false;
    while (*text != '\0') {
        int64_t number = 0;
        const char *digits;

        if (!after_t && take(&text, 'T')) {
            after_t = true;
            any = false; /* "P1DT" lacks what the T announces */
        }
        for (digits = text; *text >= '0' && *text <= '9'; text++) {
            number = number * 10 + (*text - '0');
            if (number > DURATION_MS_MAX)
                return false;
        }
        while (next < 5 && (units[next].letter != *text || units[next].after_t != after_t))
            next++;
        if (text == digits || next == 5 || number > DURATION_MS_MAX / units[next].unit_ms)
            return false;
        sum += number * units[next++].unit_ms;
        text++;
        any = true;
    }
    if (!any || sum > DURATION_MS_MAX)
        return false;
    *ms = sum;
    return true;
}

static int64_t
read_clock(clockid_t id)
{
    struct timespec now;

    clock_gettime(id, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int64_t
monotonic_ns(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

int64_t
monotonic_ms(void)
{
    return monotonic_ns() / 1000000;
}

static const char *const kind_names[] = {
    [CLOCK_WALL] = "wall",
    [CLOCK_FROM] = "from",
    [CLOCK_MANUAL] = "manual",
    [CLOCK_PAYMENT] = "payment",
};

const char *
clock_kind_name(enum clock_kind kind)
{
    return kind_names[kind];
}

int
clock_init(struct clock *clock, const char *spec, struct error *err)
{
    const char *colon = strchr(spec, ':');
    size_t len = colon ? (size_t)(colon - spec) : strlen(spec);
    int64_t start = 0;
    int kind = 0;

    while (kind <= CLOCK_PAYMENT &&
           (strlen(kind_names[kind]) != len || strncmp(spec, kind_names[kind], len) != 0))
        kind++;
    if (kind > CLOCK_PAYMENT || (colon != NULL) != (kind == CLOCK_FROM || kind == CLOCK_MANUAL))
        return error_set(err, ERROR_INVALID,
                         "clock \"%.60s\" is none of wall, from:TIME, manual:TIME, payment",
                         spec);
    if (colon && !instant_parse_local(colon + 1, &start))
        return error_set(
            err, ERROR_INVALID,
            "clock \"%.60s\": the time must be like 2024-04-15T09:00:00 (Shanghai) "
            "or 2024-04-15T09:00:00+08:00",
            spec);
    clock->kind = (enum clock_kind)kind;
    clock->start_ms = start;
    clock->started_monotonic_ms = monotonic_ms();
    atomic_init(&clock->stands_ms, start);
    return 0;
}

int64_t
clock_now(struct clock *clock)
{
    switch (clock->kind) {
    case CLOCK_WALL:
        break;
    case CLOCK_FROM:
        return clock->start_ms + monotonic_ms() - clock->started_monotonic_ms;
    case CLOCK_MANUAL:
    case CLOCK_PAYMENT:
        return atomic_load(&clock->stands_ms);
    }
    return read_clock(CLOCK_REALTIME) / 1000000;
}

int
clock_of_payment(struct clock *clock, int64_t created_at_ms, int64_t *now_ms, struct error *err)
{
    *now_ms = clock_now(clock);
    if (clock->kind != CLOCK_PAYMENT)
        return 0;
    if (created_at_ms == 0)
        return error_set(err, ERROR_INVALID,
                         "is required: the gateway's clock follows the payments");
    if (created_at_ms < *now_ms - CLOCK_PAYMENT_BACK_MS_MAX)
        return error_set(err, ERROR_INVALID,
                         "is more than a day before the latest payment, and the gateway's "
                         "clock follows the payments");
    if (*now_ms != 0 && created_at_ms > *now_ms + CLOCK_PAYMENT_AHEAD_MS_MAX)
        return error_set(err, ERROR_INVALID,
                         "is more than a year after the latest payment, and the gateway's "
                         "clock follows the payments");
    *now_ms = created_at_ms;
    return 0;
}

int
clock_may_advance(struct clock *clock, int64_t ms, struct error *err)
{
    if (clock->kind != CLOCK_MANUAL)
        return error_set(err, ERROR_CONFLICT,
                         "the clock is \"%s\"; only a manual clock can be advanced "
                         "(start with --clock manual:TIME)",
                         clock_kind_name(clock->kind));
    if (ms <= 0)
        return error_set(err, ERROR_INVALID, "a clock only moves forward");
    if (ms > INSTANT_MAX_MS - atomic_load(&clock->stands_ms))
        return error_set(err, ERROR_INVALID, "the clock ends with the year 9999");
    return 0;
}

static void
stand_at_least(struct clock *clock, int64_t now_ms)
{
    int64_t stands = atomic_load(&clock->stands_ms);

    while (stands < now_ms && !atomic_compare_exchange_weak(&clock->stands_ms, &stands, now_ms))
        ;
}

void
clock_advance_to(struct clock *clock, int64_t now_ms)
{
    if (clock->kind == CLOCK_MANUAL)
        stand_at_least(clock, now_ms);
}

void
clock_reach(struct clock *clock, int64_t now_ms)
{
    if (clock->kind == CLOCK_PAYMENT)
        stand_at_least(clock, now_ms);
}

void
clock_resume(struct clock *clock, int64_t ms)
{
    if (clock->kind == CLOCK_FROM && clock->start_ms < ms)
        clock->start_ms = ms;
    else if (clock->kind == CLOCK_MANUAL || clock->kind == CLOCK_PAYMENT)
        stand_at_least(clock, ms);
}

int
clock_advance(struct clock *clock, int64_t ms, struct error *err)
{
    if (clock_may_advance(clock, ms, err) != 0)
        return -1;
    clock_advance_to(clock, atomic_load(&clock->stands_ms) + ms);
    return 0;
}
