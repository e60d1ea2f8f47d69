/*
 * times.c - timestamp(), duration(), and what can be asked of either.
 *
 * A part of a timestamp is that of UTC, or of the zone that is named.  A
 * duration has no calendar: its hours are all its hours, while its milliseconds
 * are those of its last second only, as the language definition has it.
 */
#include "policy/rules/cel/calendar.h"
#include "policy/rules/cel/functions.h"
#include "policy/rules/cel/zones.h"

#define NANOS_PER_MS     1000000
#define NANOS_PER_SECOND 1000000000LL
#define TEXT_MAX         80 /* of what could not be read, in a sentence */

static struct cel_value
parse(struct cel_run *run, const char *function, struct cel_value string,
      struct cel_value (*parser)(const char *text, size_t len))
{
    char text[TEXT_MAX];
    struct cel_value value;

    if (!cel_spend(run, string.size))
        return cel_out_of_steps();
    value = parser(string.text, string.size);
    if (value.kind != CEL_ERROR)
        return value;
    cel_print(string, text, sizeof(text));
    return cel_fail(run, "%s(%s): %s", function, text, value.text);
}

static struct cel_value
call_timestamp(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    switch (args[0].kind) {
    case CEL_TIMESTAMP:
        return args[0];
    case CEL_STRING:
        return parse(run, "timestamp", args[0], cel_timestamp_parse);
    case CEL_INT:
        if (args[0].i < CEL_TIMESTAMP_MIN || args[0].i > CEL_TIMESTAMP_MAX)
            return cel_error("timestamp out of range: years go from 0001 to 9999");
        return cel_timestamp(args[0].i, 0);
    default:
        return cel_no_overload(run, "timestamp", args, count);
    }
}

static struct cel_value
call_duration(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    if (args[0].kind == CEL_DURATION)
        return args[0];
    if (args[0].kind == CEL_STRING)
        return parse(run, "duration", args[0], cel_duration_parse);
    return cel_no_overload(run, "duration", args, count);
}

enum part {
    YEAR,
    MONTH,
    DATE,
    DAY_OF_MONTH,
    DAY_OF_WEEK,
    DAY_OF_YEAR,
    HOURS,
    MINUTES,
    SECONDS,
    MS
};

static const struct {
    const char *function;
    int64_t nanos; /* of one such part of a duration; 0: durations have none */
} parts[] = {
    [YEAR] = {"getFullYear", 0},
    [MONTH] = {"getMonth", 0},
    [DATE] = {"getDate", 0},
    [DAY_OF_MONTH] = {"getDayOfMonth", 0},
    [DAY_OF_WEEK] = {"getDayOfWeek", 0},
    [DAY_OF_YEAR] = {"getDayOfYear", 0},
    [HOURS] = {"getHours", 3600 * NANOS_PER_SECOND},
    [MINUTES] = {"getMinutes", 60 * NANOS_PER_SECOND},
    [SECONDS] = {"getSeconds", NANOS_PER_SECOND},
    [MS] = {"getMilliseconds", NANOS_PER_MS},
};

static int64_t
part_of_time(enum part part, const struct calendar *local, uint32_t nanos)
{
    switch (part) {
    case YEAR:
        return local->year;
    case MONTH:
        return local->month - 1;
    case DATE:
        return local->day;
    case DAY_OF_MONTH:
        return local->day - 1;
    case DAY_OF_WEEK:
        return local->weekday;
    case DAY_OF_YEAR:
        return local->day_of_year;
    case HOURS:
        return local->hour;
    case MINUTES:
        return local->minute;
    case SECONDS:
        return local->second;
    default:
        return nanos / NANOS_PER_MS;
    }
}

/* args: a duration, or a timestamp and perhaps the name of a zone. */
static struct cel_value
get(struct cel_run *run, enum part part, const struct cel_value *args, uint32_t count)
{
    const char *function = parts[part].function;
    struct calendar local;
    char why[ZONE_ERROR_MAX];
    int32_t offset = 0;

    if (args[0].kind == CEL_DURATION && count == 1 && parts[part].nanos > 0)
        return cel_int((part == MS ? args[0].i % NANOS_PER_SECOND : args[0].i) /
                       parts[part].nanos);
    if (args[0].kind != CEL_TIMESTAMP || (count > 1 && args[1].kind != CEL_STRING))
        return cel_no_overload(run, function, args, count);
    if (count > 1 && !cel_zone_offset(args[1].text, args[1].size, args[0].i, &offset, why))
        return cel_fail(run, "%s: %s", function, why);
    local = calendar_of(args[0].i + offset);
    return cel_int(part_of_time(part, &local, args[0].size));
}

#define GETTER(name, part)                                                                     \
    static struct cel_value name(struct cel_run *run, const struct cel_value *args,            \
                                 uint32_t count)                                               \
    {                                                                                          \
        return get(run, part, args, count);                                                    \
    }

GETTER(get_full_year, YEAR)
GETTER(get_month, MONTH)
GETTER(get_date, DATE)
GETTER(get_day_of_month, DAY_OF_MONTH)
GETTER(get_day_of_week, DAY_OF_WEEK)
GETTER(get_day_of_year, DAY_OF_YEAR)
GETTER(get_hours, HOURS)
GETTER(get_minutes, MINUTES)
GETTER(get_seconds, SECONDS)
GETTER(get_milliseconds, MS)

const struct cel_function cel_time_functions[] = {
    {"timestamp", false, 1, 1, true, "t:t s:t i:t", call_timestamp},
    {"duration", false, 1, 1, true, "r:r s:r", call_duration},
    {"getFullYear", true, 1, 2, true, "t:i ts:i", get_full_year},
    {"getMonth", true, 1, 2, true, "t:i ts:i", get_month},
    {"getDate", true, 1, 2, true, "t:i ts:i", get_date},
    {"getDayOfMonth", true, 1, 2, true, "t:i ts:i", get_day_of_month},
    {"getDayOfWeek", true, 1, 2, true, "t:i ts:i", get_day_of_week},
    {"getDayOfYear", true, 1, 2, true, "t:i ts:i", get_day_of_year},
    {"getHours", true, 1, 2, true, "t:i ts:i r:i", get_hours},
    {"getMinutes", true, 1, 2, true, "t:i ts:i r:i", get_minutes},
    {"getSeconds", true, 1, 2, true, "t:i ts:i r:i", get_seconds},
    {"getMilliseconds", true, 1, 2, true, "t:i ts:i r:i", get_milliseconds},
    {0},
};
