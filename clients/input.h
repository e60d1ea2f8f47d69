/* input.h - a file named on the command line, or standard input. */
#ifndef CLIENTS_INPUT_H
#define CLIENTS_INPUT_H

#include <stddef.h>

#include "gateway/base/arena.h"
#include "gateway/base/error.h"

#define INPUT_BYTES_MAX (64 * 1024 * 1024)

/*
 * Read path, "-" being standard input, into the arena: *data is NUL-terminated,
 * *len without the NUL.  Pipes are fine, so that <(jq …) works.
 */
int input_read(struct arena *arena, const char *path, char **data, size_t *len,
               struct error *err) __attribute__((warn_unused_result));

/* Its first line, without the end of it: a key or a secret. */
int input_read_line(struct arena *arena, const char *path, const char **line, struct error *err)
    __attribute__((warn_unused_result));

#endif
