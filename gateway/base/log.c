/* log.c - formats a line and writes it in one piece. */
#include "gateway/base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *const level_names[] = {
    [LOG_DEBUG] = "debug",
    [LOG_INFO] = "info",
    [LOG_WARN] = "warn",
    [LOG_ERROR] = "error",
};

static enum log_level threshold = LOG_INFO; /* set before threads start */

void
log_set_level(enum log_level level)
{
    threshold = level;
}

int
log_level_parse(const char *name, enum log_level *level, struct error *err)
{
    for (int i = LOG_DEBUG; i <= LOG_ERROR; i++) {
        if (strcmp(name, level_names[i]) == 0) {
            *level = (enum log_level)i;
            return 0;
        }
    }
    return error_set(err, ERROR_INVALID,
                     "log level \"%.20s\" is none of debug, info, warn, error", name);
}

/* Keep what fits and what a terminal survives. */
static size_t
line_finish(char *line, size_t len)
{
    if (len > LOG_LINE_MAX - 1)
        len = LOG_LINE_MAX - 1;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
            line[i] = '?';
    line[len] = '\n';
    return len + 1;
}

void
log_event(enum log_level level, const char *event, const char *fmt, ...)
{
    char line[LOG_LINE_MAX + 1];
    struct timespec now;
    struct tm utc;
    size_t len;
    va_list args;

    if (level < threshold)
        return;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    len = strftime(line, sizeof(line), "%Y-%m-%dT%H:%M:%S", &utc);
    len += (size_t)snprintf(line + len, sizeof(line) - len, ".%03ldZ level=%s event=%s ",
                            now.tv_nsec / 1000000, level_names[level], event);
    va_start(args, fmt);
    len += (size_t)vsnprintf(line + len, sizeof(line) - len, fmt, args);
    va_end(args);
    len = line_finish(line, len);
    if (write(STDERR_FILENO, line, len) < 0)
        return; /* nowhere left to say so */
}
