/*
 * log.h - one event per line on standard error, as key=value.
 *
 *     log_info("payment.stored", "seq=%" PRIu64 " outcome=%s", seq, outcome);
 *     2024-… level=info event=payment.stored seq=17 outcome=held
 *
 * The time is the machine's (UTC).  Never write an account number, a key or a
 * name of a party; ids and codes suffice.  A line is at most LOG_LINE_MAX
 * bytes, control characters are replaced, and it is written by one write(2).
 */
#ifndef GATEWAY_BASE_LOG_H
#define GATEWAY_BASE_LOG_H

#include "gateway/base/error.h"

#define LOG_LINE_MAX 1024

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

void log_set_level(enum log_level level);
int log_level_parse(const char *name, enum log_level *level, struct error *err);

void log_event(enum log_level level, const char *event, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#define log_debug(...) log_event(LOG_DEBUG, __VA_ARGS__)
#define log_info(...)  log_event(LOG_INFO, __VA_ARGS__)
#define log_warn(...)  log_event(LOG_WARN, __VA_ARGS__)
#define log_error(...) log_event(LOG_ERROR, __VA_ARGS__)

#endif
