/*
 * time.h - instants as text and back, and the one place where time comes from.
 *
 * An instant is int64_t milliseconds since 1970-01-01T00:00Z.  The bank lives
 * in Asia/Shanghai, which has been UTC+8 without summer time since 1991, so
 * its offset is a constant here.
 */
#ifndef GATEWAY_BASE_TIME_H
#define GATEWAY_BASE_TIME_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "gateway/base/error.h"

#define SHANGHAI_OFFSET_MS (8 * 3600 * 1000LL)
#define INSTANT_MAX_MS     253402271999999LL /* 9999-12-31T23:59:59.999 in Shanghai */
#define INSTANT_TEXT_SIZE  30                /* "2024-04-17T09:30:00.120+08:00" and a NUL */
#define DAY_TEXT_SIZE      11                /* "2024-04-17" likewise */

/* RFC 3339 with an offset or Z, at most nine decimals of a second, 1970 to INSTANT_MAX_MS. */
bool instant_parse(const char *text, int64_t *ms) __attribute__((warn_unused_result));

/* The same, or "2024-03-20" and "2024-04-15T09:00:00" taken as Asia/Shanghai. */
bool instant_parse_local(const char *text, int64_t *ms) __attribute__((warn_unused_result));

/* "2024-04-17T09:30:00.120+08:00", always in Asia/Shanghai with milliseconds. */
void instant_print(int64_t ms, char text[INSTANT_TEXT_SIZE]);

/* "2024-04-17", the day it is in Asia/Shanghai. */
void day_print(int64_t ms, char text[DAY_TEXT_SIZE]);

bool date_is_valid(int year, int month, int day);

/*
 * The bank's clock.  Four kinds: the machine's own; one
 * that runs on from a given moment; one that only moves when told to; one that
 * takes each payment's created_at.
 */
enum clock_kind { CLOCK_WALL, CLOCK_FROM, CLOCK_MANUAL, CLOCK_PAYMENT };

/* How far created_at may go back behind the latest payment, or ahead of it at once. */
#define CLOCK_PAYMENT_BACK_MS_MAX  (24 * 3600 * 1000LL)
#define CLOCK_PAYMENT_AHEAD_MS_MAX (366 * 24 * 3600 * 1000LL)

struct clock {
    enum clock_kind kind;
    int64_t start_ms;             /* FROM: the moment given */
    int64_t started_monotonic_ms; /* FROM: the machine's monotonic time then */
    _Atomic int64_t stands_ms;    /* MANUAL and PAYMENT: where it stands */
};

/* "wall", "from:TIME", "manual:TIME" or "payment". */
int clock_init(struct clock *clock, const char *spec, struct error *err)
    __attribute__((warn_unused_result));

/*
 * Any but CLOCK_WALL: go on no earlier than ms, the time of the last thing known.
 * A bank that is started again does not live through the same morning twice.
 */
void clock_resume(struct clock *clock, int64_t ms);

/* The bank's time now. */
int64_t clock_now(struct clock *clock);

/*
 * The bank's time for a payment: clock_now(), but under CLOCK_PAYMENT the
 * payment's created_at_ms, which must be there (not 0), at most
 * CLOCK_PAYMENT_BACK_MS_MAX behind the latest taken and, so that one wrong year
 * does not end the run, CLOCK_PAYMENT_AHEAD_MS_MAX ahead of it.  Moves nothing.
 */
int clock_of_payment(struct clock *clock, int64_t created_at_ms, int64_t *now_ms,
                     struct error *err) __attribute__((warn_unused_result));

/* CLOCK_PAYMENT: a payment of this time has been taken; the clock stands at the latest. */
void clock_reach(struct clock *clock, int64_t now_ms);

/* CLOCK_MANUAL: forward by ms > 0, to INSTANT_MAX_MS.  Any other clock: ERROR_CONFLICT. */
int clock_may_advance(struct clock *clock, int64_t ms, struct error *err)
    __attribute__((warn_unused_result));

/* Both at once: for a clock on which nothing is scheduled. */
int clock_advance(struct clock *clock, int64_t ms, struct error *err)
    __attribute__((warn_unused_result));

/* CLOCK_MANUAL, where clock_may_advance() said so: to that instant, never back. */
void clock_advance_to(struct clock *clock, int64_t now_ms);

const char *clock_kind_name(enum clock_kind kind); /* "manual" */

/*
 * An ISO 8601 duration of fixed length: weeks, days, hours, minutes, seconds,
 * as in "P40D" or "P1DT2H30M".  No months or years, whose length varies.
 */
bool duration_parse(const char *text, int64_t *ms) __attribute__((warn_unused_result));

/* Milliseconds that only ever grow; for latencies and deadlines, not for the bank. */
int64_t monotonic_ms(void);
int64_t monotonic_ns(void);

#endif
