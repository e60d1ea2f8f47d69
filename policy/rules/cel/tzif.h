/*
 * tzif.h - one file of the time zone database (RFC 9636, version 2 and later).
 *
 * The file lists the moments at which the offset from UTC changed and is to
 * change, and ends with a rule for all the time after the last of them.
 */
#ifndef POLICY_RULES_CEL_TZIF_H
#define POLICY_RULES_CEL_TZIF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TZIF_TYPES_MAX 256 /* an index is one byte */

/* A day of any year and a time on it: "M10.5.0/3". */
struct tz_day {
    enum { TZ_DAY_JULIAN, TZ_DAY_ZERO_BASED, TZ_DAY_OF_WEEK } form; /* Jn, n, Mm.w.d */
    int day;                                                        /* n; d, 0 is Sunday */
    int month, week;                                                /* week 5: the last */
    int32_t seconds; /* since midnight, may lie on another day */
};

/* "CET-1CEST,M3.5.0,M10.5.0/3" */
struct tz_rule {
    bool has_summer;
    int32_t standard, summer; /* seconds east of UTC */
    struct tz_day begin, end; /* of summer */
};

struct tzif {
    size_t count;
    const int64_t *changes; /* count moments, ascending */
    const uint8_t *types;   /* count indices: what holds from then on */
    int32_t
        offsets[TZIF_TYPES_MAX]; /* seconds east of UTC; [0] holds before the first change */
    bool has_rule;
    struct tz_rule rule;
};

/* The whole file.  The result is one block, to be freed; NULL where it is no such file. */
struct tzif *tzif_parse(const unsigned char *bytes, size_t len);

/* The rule at its end.  False where it is none. */
bool tz_rule_parse(const char *text, size_t len, struct tz_rule *rule);

/* Seconds east of UTC at `seconds` since 1970. */
int32_t tzif_offset(const struct tzif *zone, int64_t seconds);
int32_t tz_rule_offset(const struct tz_rule *rule, int64_t seconds);

#endif
