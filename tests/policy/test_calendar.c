/* Bank days: weekends, holidays and the days that make up for them, across the year's longest. */
#include "gateway/base/time.h"
#include "policy/book.h"
#include "policy/calendar.h"
#include "tests/support/test.h"

#define DAY_MS  (24 * 3600 * 1000LL)
#define SHIPPED "policy/books/china-2024.json"

static const struct calendar weekends;

/* The shipped book's, on the arena. */
static void
shipped(struct arena *arena, struct calendar *out)
{
    struct document document;
    struct book book;
    struct error err = {0};

    if (document_read(arena, SHIPPED, &document, &err) != 0 ||
        book_read(&document, arena, &book, &err) != 0)
        fail_msg("%s", err.text);
    *out = book.calendar;
}

static int64_t
at(const char *text)
{
    int64_t ms;

    assert_true(instant_parse_local(text, &ms));
    return ms;
}

static void
assert_reaches(const struct calendar *calendar, const char *from, unsigned days, const char *to)
{
    char found[INSTANT_TEXT_SIZE];

    instant_print(calendar_add(calendar, at(from), days), found);
    if (calendar_add(calendar, at(from), days) != at(to))
        fail_msg("%s and %u bank days: expected %s, got %s", from, days, to, found);
}

/* The State Council's calendars, month by month: x off, . worked, from the first on. */
static void
the_months_of_the_episode_are_as_they_were(void **state)
{
    static const struct {
        const char *first, *days;
    } months[] = {
        /* clang-format off */
        {"2023-10-01", "xxxxxx.......xx.....xx.....xx.."},
        {"2024-01-01", "x....xx.....xx.....xx.....xx..."},
        {"2024-02-01", "..x......xxxxxxxx......xx...."},
        {"2024-04-01", "...xxx......xx.....xx.....x..."},
        {"2024-05-01", "xxxxx......x.....xx.....xx....."},
        {"2024-06-01", "xx.....xxx....xx.....xx.....xx"},
        {"2024-09-01", "x.....xx......xxx...xx.....x.."},
        {"2024-10-01", "xxxxxxx.....x.....xx.....xx...."},
        {"2025-01-01", "x..xx.....xx.....xx.....x..xxxx"},
        {"2025-02-01", "xxxx....x.....xx.....xx....."},
        {"2025-10-01", "xxxxxxxx...x.....xx.....xx....."},
        {"2026-01-01", "..xx.....xx.....xx.....xx.....x"}, /* not told: weekends */
        /* clang-format on */
    };
    struct arena arena = {0};
    struct calendar calendar;

    (void)state;
    shipped(&arena, &calendar);
    for (size_t m = 0; m < sizeof(months) / sizeof(months[0]); m++)
        for (size_t d = 0; months[m].days[d] != '\0'; d++) {
            int64_t midnight = at(months[m].first) + (int64_t)d * DAY_MS;
            bool works = calendar_is_bank_day(&calendar, midnight);

            if (works != (months[m].days[d] == '.') ||
                works != calendar_is_bank_day(&calendar, midnight + 86399999))
                fail_msg("%s, day %zu: bank day is %d", months[m].first, d + 1, works);
        }
    arena_release(&arena);
}

static void
ten_bank_days_go_round_the_spring_festival(void **state)
{
    struct arena arena = {0};
    struct calendar calendar;

    (void)state;
    shipped(&arena, &calendar);
    /* Fri 2 Feb: Sun 4 is worked, 5-9, then off until Sun 18, 19-21. */
    assert_reaches(&calendar, "2024-02-02T16:45:00", 1, "2024-02-04T16:45:00");
    assert_reaches(&calendar, "2024-02-02T16:45:00", 6, "2024-02-09T16:45:00");
    assert_reaches(&calendar, "2024-02-02T16:45:00", 7, "2024-02-18T16:45:00");
    assert_reaches(&calendar, "2024-02-02T16:45:00", 10, "2024-02-21T16:45:00");
    assert_reaches(&weekends, "2024-02-02T16:45:00", 10, "2024-02-16T16:45:00");
    arena_release(&arena);
}

static void
a_day_off_is_left_by_counting_and_by_not_counting(void **state)
{
    struct arena arena = {0};
    struct calendar calendar;

    (void)state;
    shipped(&arena, &calendar);
    assert_reaches(&calendar, "2024-02-12T10:00:00", 0, "2024-02-18T10:00:00");
    assert_reaches(&calendar, "2024-02-12T10:00:00", 1, "2024-02-18T10:00:00");
    assert_reaches(&calendar, "2024-02-12T10:00:00", 2, "2024-02-19T10:00:00");
    assert_reaches(&calendar, "2024-04-15T10:00:00", 0, "2024-04-15T10:00:00");
    assert_reaches(&calendar, "2024-04-15T10:00:00", 1, "2024-04-16T10:00:00");
    arena_release(&arena);
}

static void
a_day_is_one_of_shanghai(void **state)
{
    (void)state;
    /* Friday 17:00 in London is Saturday in Shanghai. */
    assert_false(calendar_is_bank_day(&weekends, at("2024-04-19T17:00:00Z")));
    assert_true(calendar_is_bank_day(&weekends, at("2024-04-21T17:00:00Z")));
    assert_reaches(&weekends, "2024-04-19T17:00:00Z", 1, "2024-04-21T17:00:00Z");
}

static void
the_end_of_time_and_too_many_days_are_stopped_at(void **state)
{
    (void)state;
    assert_true(calendar_add(&weekends, INSTANT_MAX_MS - 2 * DAY_MS, 5) == INSTANT_MAX_MS);
    assert_true(calendar_add(&weekends, 0, UINT32_MAX) ==
                calendar_add(&weekends, 0, CALENDAR_BANK_DAYS_MAX));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_months_of_the_episode_are_as_they_were),
        cmocka_unit_test(ten_bank_days_go_round_the_spring_festival),
        cmocka_unit_test(a_day_off_is_left_by_counting_and_by_not_counting),
        cmocka_unit_test(a_day_is_one_of_shanghai),
        cmocka_unit_test(the_end_of_time_and_too_many_days_are_stopped_at),
    };

    return cmocka_run_group_tests_name("calendar", tests, NULL, NULL);
}
