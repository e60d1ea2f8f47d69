/*
 * watch.h - server-sent events out of the bytes of a stream.
 *
 * Bytes come cut anywhere; each event that has data is handed on whole.
 */
#ifndef CLIENTS_WATCH_H
#define CLIENTS_WATCH_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define WATCH_LINE_MAX  1048576 /* bytes of one line; a longer one ends the stream */
#define WATCH_ID_SIZE   32
#define WATCH_TYPE_SIZE 64

struct watch_reader {
    char *line; /* malloc: what has come of one */
    size_t len, capacity;
    char *data; /* malloc: of the event that is being read; NULL: none yet */
    char type[WATCH_TYPE_SIZE];
    char id[WATCH_ID_SIZE]; /* the last one: where to go on */
    bool (*each)(void *context, const char *type, const char *data); /* false: no more */
    void *context;
};

/* False: each() has said so, or a line is too long. */
bool watch_read(struct watch_reader *reader, const char *bytes, size_t len);

/* The connection has ended: what is not whole is forgotten. */
void watch_reset(struct watch_reader *reader);
void watch_release(struct watch_reader *reader);

/* "17 2024-04-17T09:30:00.120+08:00 payment.held 018e… held NARR UNDER REVIEW" (watch.c) */
void watch_print(FILE *out, const char *type, const cJSON *event);

#endif
