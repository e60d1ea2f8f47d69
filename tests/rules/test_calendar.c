/* The calendar, day by day against one that only ever counts on. */
#include "gateway/base/time.h"
#include "policy/rules/cel/calendar.h"
#include "tests/support/test.h"

static bool
is_last_of_month(int year, int month, int day)
{
    return day >= 28 && !date_is_valid(year == 0 ? 4 : year, month, day + 1); /* 0 leaps too */
}

static void
every_day_of_ten_thousand_years_follows_the_one_before(void **state)
{
    struct calendar counted = {.year = 0, .month = 1, .day = 1, .weekday = 6};

    (void)state;
    for (int64_t days = -719528; counted.year < 10000; days++) {
        struct calendar found = calendar_of(days * SECONDS_PER_DAY);

        if (found.year != counted.year || found.month != counted.month ||
            found.day != counted.day || found.weekday != counted.weekday ||
            found.day_of_year != counted.day_of_year ||
            calendar_days(counted.year, counted.month, counted.day) != days)
            fail_msg("day %lld: %d-%d-%d", (long long)days, found.year, found.month, found.day);
        counted.weekday = (counted.weekday + 1) % 7;
        counted.day_of_year++;
        if (!is_last_of_month(counted.year, counted.month, counted.day)) {
            counted.day++;
            continue;
        }
        counted.day = 1;
        counted.month = counted.month % 12 + 1;
        if (counted.month == 1) {
            counted.year++;
            counted.day_of_year = 0;
        }
    }
}

static void
a_day_has_hours_minutes_and_seconds(void **state)
{
    static const struct {
        int64_t seconds;
        int day, hour, minute, second;
    } rows[] = {
        {0, 1, 0, 0, 0},        {59, 1, 0, 0, 59},        {3600, 1, 1, 0, 0},
        {86399, 1, 23, 59, 59}, {86400, 2, 0, 0, 0},      {-1, 31, 23, 59, 59},
        {-86400, 31, 0, 0, 0},  {-86401, 30, 23, 59, 59}, {45296, 1, 12, 34, 56},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct calendar found = calendar_of(rows[i].seconds);

        assert_int_equal(found.day, rows[i].day);
        assert_int_equal(found.hour, rows[i].hour);
        assert_int_equal(found.minute, rows[i].minute);
        assert_int_equal(found.second, rows[i].second);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_ten_thousand_years_follows_the_one_before),
        cmocka_unit_test(a_day_has_hours_minutes_and_seconds),
    };

    return cmocka_run_group_tests_name("calendar", tests, NULL, NULL);
}
