/*
 * calendar.h - the days on which the bank works.
 *
 *     "calendar": { "name": "cn-2023-2025",
 *                   "holidays": [ ["2024-02-10", "2024-02-17", "Spring Festival"] ],
 *                   "workdays": ["2024-02-04", "2024-02-18"] }
 *
 * A member of a book.  Holidays are given from the first day to the last and are off; of
 * the rest Saturdays and Sundays are off, but for the workdays that make up for a holiday.
 * The name is for people and may be missing, as may a holiday's and either list.
 *
 *   N1  a calendar of all zeros is sound: weekends are off, and nothing else.
 *   N2  a day is one of Asia/Shanghai.
 */
#ifndef POLICY_CALENDAR_H
#define POLICY_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#include "gateway/base/arena.h"
#include "policy/document.h"

#define CALENDAR_ITEMS_MAX     2000  /* holidays, and again workdays */
#define CALENDAR_SPAN_MAX      36525 /* days from the first that is named to the last */
#define CALENDAR_HOLIDAY_MAX   31    /* days of one holiday */
#define CALENDAR_BANK_DAYS_MAX 1000  /* that are added at once */

struct calendar {
    const char *name;      /* "" where it has none; NULL in a calendar of all zeros */
    int64_t first_day;     /* since 1970-01-01: the first that works[] tells */
    uint32_t day_count;    /* that it tells; around them only weekends are off */
    const uint64_t *works; /* a bit a day */
};

/* Absent: weekends alone.  Lives on the arena and in the document. */
int calendar_read(const struct value *value, struct arena *arena, struct calendar *out,
                  struct error *err) __attribute__((warn_unused_result));

bool calendar_is_bank_day(const struct calendar *calendar, int64_t ms);

/*
 * The bank_days-th bank day after the day of from_ms, at the same time of day: the day
 * itself is never counted, whether it is one or not.  0: the day itself, or the next bank
 * day where it is none.  No later than the last day of INSTANT_MAX_MS, bank_days no more than
 * CALENDAR_BANK_DAYS_MAX: more are taken for that many.
 */
int64_t calendar_add(const struct calendar *calendar, int64_t from_ms, unsigned bank_days);

#endif
