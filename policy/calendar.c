/* calendar.c - a bit a day, from the first day that is named to the last. */
#include "policy/calendar.h"

#include <string.h>

#include "gateway/base/time.h"

#define DAY_MS     (24 * 3600 * 1000LL)
#define DAY_LENGTH 10 /* "2024-02-10" */
#define BITS       64

static int64_t
day_of(int64_t ms)
{
    int64_t local = ms + SHANGHAI_OFFSET_MS;

    return local / DAY_MS - (local % DAY_MS < 0);
}

/* 1970-01-01 was a Thursday. */
static bool
is_weekend(int64_t day)
{
    int64_t since_monday = ((day + 3) % 7 + 7) % 7;

    return since_monday >= 5;
}

static bool
day_works(const struct calendar *calendar, int64_t day)
{
    int64_t at = day - calendar->first_day;

    if (at < 0 || at >= calendar->day_count)
        return !is_weekend(day);
    return calendar->works[at / BITS] >> (at % BITS) & 1;
}

bool
calendar_is_bank_day(const struct calendar *calendar, int64_t ms)
{
    return day_works(calendar, day_of(ms));
}

int64_t
calendar_add(const struct calendar *calendar, int64_t from_ms, unsigned bank_days)
{
    int64_t first = day_of(from_ms), day = first, last = day_of(INSTANT_MAX_MS);
    unsigned left = bank_days < CALENDAR_BANK_DAYS_MAX ? bank_days : CALENDAR_BANK_DAYS_MAX;

    while (left > 0 && day < last)
        left -= day_works(calendar, ++day);
    while (!day_works(calendar, day) && day < last) /* only where none was to be counted */
        day++;
    return from_ms + (day - first) * DAY_MS;
}

/* -- reading -- */

static int
read_day(const struct value *value, int64_t *out, struct error *err)
{
    const char *text = cJSON_IsString(value->json) ? value->json->valuestring : "";
    int64_t ms;

    if (strlen(text) != DAY_LENGTH || !instant_parse_local(text, &ms))
        return value_fault(value, err, "a day such as \"2024-02-10\"");
    *out = day_of(ms);
    return 0;
}

/* [FIRST, LAST, NAME], the name being for people. */
static int
read_holiday(const struct value *value, int64_t days[2], struct error *err)
{
    struct value item = {0};
    const char *name;

    if (value_array(value, 2, 3, err) != 0)
        return -1;
    while (value_next(value, &item))
        if (item.index < 2 ? read_day(&item, &days[item.index], err) != 0
                           : value_text(&item, &name, err) != 0)
            return -1;
    if (days[1] < days[0] || days[1] - days[0] >= CALENDAR_HOLIDAY_MAX)
        return value_fault(value, err,
                           "the first and the last day of a holiday, of at most 31 days");
    return 0;
}

/* Days as they are being collected, a pair each: the first and the last. */
struct days {
    int64_t (*pairs)[2];
    size_t count;
};

static int
read_holidays(const struct value *value, struct arena *arena, struct days *out,
              struct error *err)
{
    struct value item = {0};

    if (!value->json)
        return 0;
    if (value_array(value, 0, CALENDAR_ITEMS_MAX, err) != 0)
        return -1;
    out->pairs =
        arena_alloc(arena, ((size_t)cJSON_GetArraySize(value->json) + 1) * sizeof(*out->pairs));
    while (value_next(value, &item))
        if (read_holiday(&item, out->pairs[out->count++], err) != 0)
            return -1;
    return 0;
}

static bool
is_in(const struct days *days, int64_t day)
{
    for (size_t i = 0; i < days->count; i++)
        if (days->pairs[i][0] <= day && day <= days->pairs[i][1])
            return true;
    return false;
}

/* Any other day than one off is no make-up: a slip in a date would pass unseen. */
static int
read_workdays(const struct value *value, const struct days *holidays, struct arena *arena,
              struct days *out, struct error *err)
{
    struct value item = {0};

    if (!value->json)
        return 0;
    if (value_array(value, 0, CALENDAR_ITEMS_MAX, err) != 0)
        return -1;
    out->pairs =
        arena_alloc(arena, ((size_t)cJSON_GetArraySize(value->json) + 1) * sizeof(*out->pairs));
    while (value_next(value, &item)) {
        int64_t *pair = out->pairs[out->count++];

        if (read_day(&item, &pair[0], err) != 0)
            return -1;
        pair[1] = pair[0];
        if (!is_weekend(pair[0]) || is_in(holidays, pair[0]))
            return value_fault(&item, err,
                               "a Saturday or Sunday that is worked, outside the holidays");
    }
    return 0;
}

static void
widen(const struct days *days, int64_t *first, int64_t *last)
{
    for (size_t i = 0; i < days->count; i++) {
        *first = days->pairs[i][0] < *first ? days->pairs[i][0] : *first;
        *last = days->pairs[i][1] > *last ? days->pairs[i][1] : *last;
    }
}

static void
mark(const struct days *days, bool works, int64_t first, uint64_t *bits)
{
    for (size_t i = 0; i < days->count; i++)
        for (int64_t day = days->pairs[i][0]; day <= days->pairs[i][1]; day++) {
            uint64_t bit = 1ULL << ((day - first) % BITS);

            if (works)
                bits[(day - first) / BITS] |= bit;
            else
                bits[(day - first) / BITS] &= ~bit;
        }
}

int
calendar_read(const struct value *value, struct arena *arena, struct calendar *out,
              struct error *err)
{
    static const char *const names[] = {"name", "holidays", "workdays", NULL};
    struct value name = value_member(value, "name");
    struct value off = value_member(value, "holidays");
    struct value on = value_member(value, "workdays");
    struct days holidays = {0}, workdays = {0};
    int64_t first = INT64_MAX, last = INT64_MIN;
    uint64_t *bits;

    *out = (struct calendar){.name = ""};
    if (!value->json)
        return 0;
    if (value_object(value, names, err) != 0 ||
        (name.json && value_text(&name, &out->name, err) != 0) ||
        read_holidays(&off, arena, &holidays, err) != 0 ||
        read_workdays(&on, &holidays, arena, &workdays, err) != 0)
        return -1;
    widen(&holidays, &first, &last);
    widen(&workdays, &first, &last);
    if (last < first)
        return 0;
    if (last - first >= CALENDAR_SPAN_MAX)
        return value_fault(value, err, "days of at most 100 years");
    out->first_day = first;
    out->day_count = (uint32_t)(last - first + 1);
    out->works = bits = arena_zalloc(arena, (out->day_count / BITS + 1) * sizeof(*bits));
    for (int64_t day = first; day <= last; day++)
        if (!is_weekend(day))
            bits[(day - first) / BITS] |= 1ULL << ((day - first) % BITS);
    mark(&holidays, false, first, bits);
    mark(&workdays, true, first, bits);
    return 0;
}
