/* lines.c - one buffer that a line begins in; what is left moves to its front. */
#include "clients/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CAPACITY (LINE_BYTES_MAX + 1)

int
lines_open(struct lines *lines, const char *path, struct error *err)
{
    bool standard = strcmp(path, "-") == 0;

    *lines = (struct lines){.name = standard ? "standard input" : path};
    lines->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (lines->fd < 0)
        return error_set(err, ERROR_NOT_FOUND, "%s: %s", path, strerror(errno));
    lines->data = malloc(CAPACITY);
    if (!lines->data)
        abort();
    return 0;
}

void
lines_release(struct lines *lines)
{
    if (lines->data && lines->fd != STDIN_FILENO)
        close(lines->fd);
    free(lines->data);
    *lines = (struct lines){0};
}

static char *
newline_in(const struct lines *lines)
{
    return memchr(lines->data + lines->begin, '\n', lines->end - lines->begin);
}

bool
lines_ready(const struct lines *lines)
{
    return newline_in(lines) != NULL;
}

/* Read once more behind what is there; there is room. */
static int
lines_fill(struct lines *lines, struct error *err)
{
    ssize_t got;

    do
        got = read(lines->fd, lines->data + lines->end, CAPACITY - lines->end);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return error_set(err, ERROR_INVALID, "%s: %s", lines->name, strerror(errno));
    lines->finished = got == 0;
    lines->end += (size_t)got;
    return 0;
}

/* A line that fills the buffer: pass over the rest of it. */
static int
lines_skip(struct lines *lines, struct error *err)
{
    char *newline = NULL;

    while (!newline && !lines->finished) {
        lines->begin = lines->end = 0;
        if (lines_fill(lines, err) != 0)
            return -1;
        newline = newline_in(lines);
    }
    lines->begin = newline ? (size_t)(newline + 1 - lines->data) : lines->end;
    return 0;
}

/* Until a newline is there, the buffer is full, or nothing more comes. */
static int
lines_collect(struct lines *lines, char **newline, struct error *err)
{
    while (!(*newline = newline_in(lines)) && !lines->finished) {
        memmove(lines->data, lines->data + lines->begin, lines->end - lines->begin);
        lines->end -= lines->begin;
        lines->begin = 0;
        if (lines->end == CAPACITY)
            return 0;
        if (lines_fill(lines, err) != 0)
            return -1;
    }
    return 0;
}

int
lines_next(struct lines *lines, const char **line, size_t *len, struct error *err)
{
    char *newline;

    if (lines_collect(lines, &newline, err) != 0)
        return -1;
    *line = lines->data + lines->begin;
    *len = newline ? (size_t)(newline - *line) : lines->end - lines->begin;
    if (!newline && *len == 0)
        return 0;
    lines->line++;
    if (*len == CAPACITY)
        return lines_skip(lines, err) == 0 ? 1 : -1;
    lines->begin += *len + (newline != NULL);
    return 1;
}
