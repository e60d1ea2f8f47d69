/*
 * lines.h - standard input or a file, line by line, as it comes.
 *
 *     while ((got = lines_next(&lines, &line, &len)) > 0) {
 *         ...answer it...
 *         if (!lines_ready(&lines))
 *             fflush(stdout);
 *     }
 *
 *   L1  a line is handed out as soon as its newline is read: whoever waits for
 *       the answer before sending the next one gets it.
 *   L2  at most LINE_BYTES_MAX are kept of a line, whatever its length.
 */
#ifndef CLIENTS_LINES_H
#define CLIENTS_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "gateway/base/error.h"

#define LINE_BYTES_MAX (1u << 20)

/* {0} is nothing; release what was opened. */
struct lines {
    int fd;
    const char *name;
    char *data;        /* LINE_BYTES_MAX + 1 of it */
    size_t begin, end; /* what is read and not handed out */
    size_t line;       /* the number of the last one, from 1 */
    bool finished;     /* nothing more comes */
};

/* path "-" is standard input. */
int lines_open(struct lines *lines, const char *path, struct error *err)
    __attribute__((warn_unused_result));
void lines_release(struct lines *lines);

/*
 * 1 and the line without its newline, valid until the next call; 0 at the end;
 * -1 where reading fails.  Of a longer line *len is LINE_BYTES_MAX + 1, and the
 * rest is passed over.
 */
int lines_next(struct lines *lines, const char **line, size_t *len, struct error *err)
    __attribute__((warn_unused_result));

/* Can the next line be had without waiting for it? */
bool lines_ready(const struct lines *lines);

#endif
