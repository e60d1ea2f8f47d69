/* Time zones: known offsets, the system's own answers, broken files and names. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gateway/base/file.h"
#include "policy/rules/cel/functions.h"
#include "policy/rules/cel/tzif.h"
#include "policy/rules/cel/zones.h"
#include "tests/support/test.h"

#define MINUTE 60
#define HOUR   3600

/* Seconds east of UTC. */
static int32_t
offset_of(const char *zone, int64_t seconds)
{
    char why[ZONE_ERROR_MAX];
    int32_t offset;

    if (!cel_zone_offset(zone, strlen(zone), seconds, &offset, why))
        fail_msg("%s: %s", zone, why);
    return offset;
}

static int64_t
seconds_of(const char *time)
{
    struct cel_value value = cel_timestamp_parse(time, strlen(time));

    if (value.kind != CEL_TIMESTAMP)
        fail_msg("%s", time);
    return value.i;
}

static void
offsets_are_those_of_the_day(void **state)
{
    static const struct {
        const char *zone, *time;
        int32_t minutes;
    } rows[] = {
        {"UTC", "2024-07-01T00:00:00Z", 0},
        {"+05:30", "2024-07-01T00:00:00Z", 330},
        {"-08:00", "2024-07-01T00:00:00Z", -480},
        {"02:00", "2024-07-01T00:00:00Z", 120},
        {"-00:30", "2024-07-01T00:00:00Z", -30},
        {"Asia/Shanghai", "2024-07-01T00:00:00Z", 480},
        {"Asia/Shanghai", "1988-07-01T00:00:00Z", 540}, /* summer time from 1986 to 1991 */
        {"Asia/Shanghai", "1991-09-14T16:59:59Z", 540}, /* its last hour */
        {"Asia/Shanghai", "1991-09-14T17:00:00Z", 480},
        {"Asia/Kathmandu", "2024-01-01T00:00:00Z", 345},
        {"Asia/Kathmandu", "1980-01-01T00:00:00Z", 330},
        {"Europe/Moscow", "2010-01-01T00:00:00Z", 180},
        {"Europe/Moscow", "2012-01-01T00:00:00Z", 240},
        {"Europe/Moscow", "2024-07-01T00:00:00Z", 180},
        {"Europe/London", "1970-01-01T00:00:00Z", 60},
        {"America/St_Johns", "2024-01-01T00:00:00Z", -210},
        {"America/St_Johns", "2024-07-01T00:00:00Z", -150},
        {"Australia/Sydney", "2024-01-01T00:00:00Z", 660},
        {"Australia/Sydney", "2024-07-01T00:00:00Z", 600},
        /* Past the last change in the file: the rule at its end. */
        {"Europe/Berlin", "2100-01-01T00:00:00Z", 60},
        {"Europe/Berlin", "2100-07-01T00:00:00Z", 120},
        {"Europe/Berlin", "2040-03-25T00:59:59Z", 60},
        {"Europe/Berlin", "2040-03-25T01:00:00Z", 120},
        {"Europe/Berlin", "2040-10-28T00:59:59Z", 120},
        {"Europe/Berlin", "2040-10-28T01:00:00Z", 60},
        {"Australia/Sydney", "2099-12-31T23:59:59Z", 660},
        {"Australia/Sydney", "2100-04-03T15:59:59Z", 660}, /* 4 April 02:59:59 */
        {"Australia/Sydney", "2100-04-03T16:00:00Z", 600},
        {"Europe/Dublin", "2100-01-01T00:00:00Z", 0}, /* winter is what is shifted there */
        {"Europe/Dublin", "2100-07-01T00:00:00Z", 60},
        {"Asia/Shanghai", "9999-12-31T23:59:59Z", 480},
        {"America/New_York", "9999-07-31T23:59:59Z", -240},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int32_t offset = offset_of(rows[i].zone, seconds_of(rows[i].time));

        if (offset != rows[i].minutes * MINUTE)
            fail_msg("%s at %s: %d", rows[i].zone, rows[i].time, (int)offset);
    }
}

/* Every 11 days and some hours from 1910 to 2500, as the C library has it. */
static void
offsets_are_those_of_the_c_library(void **state)
{
    static const char *const zones[] = {
        "Asia/Shanghai",  "America/St_Johns",    "Australia/Sydney",
        "Asia/Kathmandu", "Europe/Dublin",       "Africa/Casablanca",
        "America/Nuuk",   "Antarctica/Troll",    "Asia/Gaza",
        "Pacific/Apia",   "Australia/Lord_Howe", "America/Sao_Paulo",
        "Asia/Tehran",    "Pacific/Chatham",     "America/Argentina/San_Luis",
        "Etc/GMT+5",
    };
    int64_t from = seconds_of("1910-01-01T00:00:00Z"), to = seconds_of("2500-01-01T00:00:00Z");

    (void)state;
    for (size_t i = 0; i < COUNT(zones); i++) {
        setenv("TZ", zones[i], 1);
        tzset();
        for (int64_t at = from; at < to; at += 11 * 24 * HOUR + 5017) {
            time_t moment = at;
            struct tm local;

            assert_non_null(localtime_r(&moment, &local));
            if (offset_of(zones[i], at) != local.tm_gmtoff)
                fail_msg("%s at %lld: %d, not %ld", zones[i], (long long)at,
                         (int)offset_of(zones[i], at), local.tm_gmtoff);
        }
    }
    unsetenv("TZ");
    tzset();
}

static void
what_names_no_zone_says_so(void **state)
{
    static const char *const rows[] = {
        "",
        "/etc/passwd",
        "../zoneinfo/UTC",
        "Asia/../Asia/Shanghai",
        "posix/UTC",
        "right/UTC",
        "localtime",
        "zone.tab",
        "Asia",
        "Asia/",
        "Asia/Atlantis",
        "asia/shanghai",
        "Asia Shanghai",
        "+5:30",
        "+05:60",
        "+24:00",
        "+0530",
        "05",
        "--05:00",
        "+05:30 ",
        "UTC+1:00",
        "Z",
        "A\xc3\xa9",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char why[ZONE_ERROR_MAX] = "";
        int32_t offset;

        if (cel_zone_known(rows[i]))
            fail_msg("\"%s\" is known", rows[i]);
        assert_false(cel_zone_offset(rows[i], strlen(rows[i]), 0, &offset, why));
        assert_true(strlen(why) > 20);
    }
    assert_true(cel_zone_known("Asia/Shanghai"));
    assert_true(cel_zone_known("Etc/GMT+5"));
    assert_true(cel_zone_known("UTC"));
    assert_false(cel_zone_offset("UTC\0", 4, 0, &(int32_t){0}, (char[ZONE_ERROR_MAX]){0}));
}

static void
without_the_database_the_error_names_the_package(void **state)
{
    char why[ZONE_ERROR_MAX];
    int32_t offset;

    (void)state;
    assert_true(cel_zone_known("Europe/Paris"));
    setenv("TZDIR", "/no/such/folder", 1);
    assert_false(cel_zone_offset("Europe/Rome", 11, 0, &offset, why));
    assert_string_equal(why, "no time zones: there is no folder /no/such/folder; install the "
                             "package tzdata");
    assert_true(cel_zone_known("Europe/Paris")); /* which needs its file no longer */
    assert_true(cel_zone_known("+01:00"));
    unsetenv("TZDIR");
    assert_true(cel_zone_known("Europe/Rome"));
}

static void *
ask_for_many(void *sum)
{
    static const char *const zones[] = {"Europe/Oslo",  "Asia/Tokyo",   "Asia/Dubai",
                                        "Africa/Cairo", "America/Lima", "Europe/Riga"};
    int64_t offsets = 0;

    for (int64_t i = 0; i < 600; i++) {
        char why[ZONE_ERROR_MAX];
        int32_t offset;

        if (!cel_zone_offset(zones[i % 6], strlen(zones[i % 6]), i * 30 * 24 * HOUR, &offset,
                             why))
            return NULL;
        offsets += offset;
    }
    *(int64_t *)sum = offsets;
    return sum;
}

static void
threads_find_the_same_zones(void **state)
{
    pthread_t threads[4];
    int64_t sums[4] = {0}, expected;

    (void)state;
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_for_many, &sums[i]), 0);
    for (size_t i = 0; i < COUNT(threads); i++)
        pthread_join(threads[i], NULL);
    assert_non_null(ask_for_many(&expected));
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_int_equal(sums[i], expected);
}

/* Berlin's file, as the system has it. */
static unsigned char *
berlin(struct arena *arena, size_t *len)
{
    struct error err;
    char *bytes;

    if (file_read(arena, "/usr/share/zoneinfo/Europe/Berlin", ZONE_BYTES_MAX, &bytes, len,
                  &err) != 0)
        fail_msg("%s", err.text);
    return (unsigned char *)bytes;
}

static void
a_file_that_was_cut_is_refused(void **state)
{
    struct arena arena = {0};
    size_t len;
    unsigned char *bytes = berlin(&arena, &len);
    struct tzif *zone = tzif_parse(bytes, len);

    (void)state;
    assert_non_null(zone);
    free(zone);
    for (size_t cut = 0; cut < len; cut++) {
        unsigned char *copy =
            malloc(cut + 1); /* its own block, so that a sanitizer sees its end */

        memcpy(copy, bytes, cut);
        assert_null(tzif_parse(copy, cut));
        free(copy);
    }
    arena_release(&arena);
}

static void
a_file_with_a_wrong_byte_does_no_harm(void **state)
{
    static const unsigned char changes[] = {0x01, 0x80, 0xff};
    struct arena arena = {0};
    size_t len, refused = 0;
    unsigned char *bytes = berlin(&arena, &len);

    (void)state;
    for (size_t i = 0; i < len; i++)
        for (size_t j = 0; j < COUNT(changes); j++) {
            struct tzif *zone;

            bytes[i] ^= changes[j];
            zone = tzif_parse(bytes, len);
            for (int64_t at = -4000000000; zone && at < 8000000000; at += 1000000000)
                assert_in_range(tzif_offset(zone, at) + 168 * HOUR, 0, 336 * HOUR);
            refused += zone == NULL;
            free(zone);
            bytes[i] ^= changes[j];
        }
    assert_in_range(refused, 100, 3 * len);
    arena_release(&arena);
}

/* A file of version 2 with a few one-byte counts, its block and its rule. */
struct small_file {
    unsigned char leaps, changes, types;
    const char *block;
    size_t block_bytes;
    const char *rule;
    bool taken;
};

static size_t
write_small_file(const struct small_file *file, unsigned char *bytes)
{
    size_t at = 44; /* the header of version 1 counts nothing */

    memset(bytes, 0, 2 * at);
    memcpy(bytes, "TZif2", 5);
    memcpy(bytes + at, "TZif2", 5);
    bytes[at + 31] = file->leaps;
    bytes[at + 35] = file->changes;
    bytes[at + 39] = file->types;
    memcpy(bytes + 2 * at, file->block, file->block_bytes);
    strcpy((char *)bytes + 2 * at + file->block_bytes, file->rule);
    return 2 * at + file->block_bytes + strlen(file->rule);
}

#define BLOCK(bytes) bytes, sizeof(bytes) - 1

#define AT_1      "\0\0\0\0\0\0\0\1"
#define AT_2      "\0\0\0\0\0\0\0\2"
#define HOUR_EAST "\0\0\x0e\x10\0\0"
#define WEST_26_H "\xff\xfe\x92\x60\0\0"

static void
what_a_file_says_is_checked_before_it_is_used(void **state)
{
    static const struct small_file rows[] = {
        {0, 0, 1, BLOCK(HOUR_EAST), "\nUTC0\n", true},
        {0, 0, 1, BLOCK(HOUR_EAST), "\n\n", true}, /* no rule */
        {0, 2, 2, BLOCK(AT_1 AT_2 "\0\1" HOUR_EAST HOUR_EAST), "\n\n", true},
        {0, 2, 2, BLOCK(AT_2 AT_1 "\0\1" HOUR_EAST HOUR_EAST), "\n\n", false},
        {0, 2, 2, BLOCK(AT_1 AT_1 "\0\1" HOUR_EAST HOUR_EAST), "\n\n", false},
        {0, 2, 2, BLOCK(AT_1 AT_2 "\0\2" HOUR_EAST HOUR_EAST), "\n\n", false},
        {0, 0, 1, BLOCK(WEST_26_H), "\n\n", false},
        {0, 0, 0, BLOCK(""), "\nUTC0\n", false},
        {1, 0, 1, BLOCK(HOUR_EAST AT_1 "\0\0\0\1"), "\n\n", false}, /* a leap second */
        {0, 0, 1, BLOCK(HOUR_EAST), "\nUTC\n", false},
        {0, 0, 1, BLOCK(HOUR_EAST), "\nUTC0", false},
        {0, 0, 1, BLOCK(HOUR_EAST), "UTC0\n", false},
        {0, 0, 1, BLOCK(HOUR_EAST), "", false},
        {0, 9, 1, BLOCK(HOUR_EAST), "\n\n", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        unsigned char bytes[200];
        struct tzif *zone = tzif_parse(bytes, write_small_file(&rows[i], bytes));

        if ((zone != NULL) != rows[i].taken)
            fail_msg("row %zu", i);
        free(zone);
    }
}

static void
rules_at_the_end_of_files_are_read(void **state)
{
    static const struct {
        const char *rule, *time;
        int32_t minutes;
    } rows[] = {
        {"UTC0", "2024-07-01T00:00:00Z", 0},
        {"<+0545>-5:45", "2024-07-01T00:00:00Z", 345},
        {"NST3:30NDT,M3.2.0,M11.1.0", "2024-03-10T05:29:59Z", -210},
        {"NST3:30NDT,M3.2.0,M11.1.0", "2024-03-10T05:30:00Z", -150},
        {"NST3:30NDT,M3.2.0,M11.1.0", "2024-11-03T04:29:59Z", -150},
        {"NST3:30NDT,M3.2.0,M11.1.0", "2024-11-03T04:30:00Z", -210},
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2024-03-31T00:59:59Z", -120},
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2024-03-31T01:00:00Z", -60},
        {"IST-1GMT0,M10.5.0,M3.5.0/1", "2024-12-31T23:30:00Z", 0},
        {"XXX0YYY,J60/0,J61/0", "2024-02-29T23:59:59Z", 0}, /* J60 is always 1 March */
        {"XXX0YYY,J60/0,J61/0", "2024-03-01T00:00:00Z", 60},
        {"XXX0YYY,59/0,60/0", "2024-02-28T23:59:59Z", 0}, /* 59 is 29 February, or 1 March */
        {"XXX0YYY,59/0,60/0", "2024-02-29T00:00:00Z", 60},
        {"XXX0YYY,59/0,60/0", "2023-03-01T00:00:00Z", 60},
        {"XXX3<+02>-2,0/0,J365/23", "2024-01-01T03:00:00Z", 120}, /* summer all the year */
        {"XXX-1:30:30", "2024-01-01T00:00:00Z", 90},
        {"XXX0YYY-2:15,M1.1.1,M12.5.6", "2024-06-01T00:00:00Z", 135},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct tz_rule rule;
        int32_t offset;

        assert_true(tz_rule_parse(rows[i].rule, strlen(rows[i].rule), &rule));
        offset = tz_rule_offset(&rule, seconds_of(rows[i].time));
        if (offset / MINUTE != rows[i].minutes)
            fail_msg("%s at %s: %d", rows[i].rule, rows[i].time, (int)offset);
    }
}

static void
what_is_no_rule_is_refused(void **state)
{
    static const char *const rows[] = {
        "",
        "UTC",
        "0",
        "UT0",
        "<UTC0",
        "CET-25",
        "CET-1:60",
        "CET-1CEST",
        "CET-1CEST,",
        "CET-1CEST,M3.5.0",
        "CET-1CEST,M3.5.0,",
        "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.0.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0",
        "CET-1CEST,J0,J365",
        "CET-1CEST,J1,J366",
        "CET-1CEST,0,366",
        "CET-1CEST,M3.5.0/168,M10.5.0",
        "CET-1CEST,M3.5.0,M10.5.0/",
        "CET-1CEST,M3.5.0,M10.5.0x",
        "CET-1CEST,M3.5.0,M10.5.0\n",
    };
    struct tz_rule rule;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        if (tz_rule_parse(rows[i], strlen(rows[i]), &rule))
            fail_msg("\"%s\" is taken", rows[i]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offsets_are_those_of_the_day),
        cmocka_unit_test(offsets_are_those_of_the_c_library),
        cmocka_unit_test(what_names_no_zone_says_so),
        cmocka_unit_test(without_the_database_the_error_names_the_package),
        cmocka_unit_test(threads_find_the_same_zones),
        cmocka_unit_test(a_file_that_was_cut_is_refused),
        cmocka_unit_test(a_file_with_a_wrong_byte_does_no_harm),
        cmocka_unit_test(what_a_file_says_is_checked_before_it_is_used),
        cmocka_unit_test(rules_at_the_end_of_files_are_read),
        cmocka_unit_test(what_is_no_rule_is_refused),
    };

    return cmocka_run_group_tests_name("zones", tests, NULL, NULL);
}
