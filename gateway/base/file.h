/* file.h - whole files, read with a limit. */
#ifndef GATEWAY_BASE_FILE_H
#define GATEWAY_BASE_FILE_H

#include <stddef.h>

#include "gateway/base/arena.h"
#include "gateway/base/error.h"

/*
 * Read path into the arena: *data is NUL-terminated, *len without the NUL.
 * Longer than bytes_max, no regular file (a pipe is not waited for), or unreadable:
 * ERROR_INVALID or ERROR_NOT_FOUND with the path and the system's reason.
 */
int file_read(struct arena *arena, const char *path, size_t bytes_max, char **data, size_t *len,
              struct error *err) __attribute__((warn_unused_result));

#endif
