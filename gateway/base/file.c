/* file.c - whole files, read with a limit. */
#include "gateway/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Fill data from fd until len bytes or the end; -1 with errno on failure. */
static ssize_t
read_fully(int fd, char *data, size_t len)
{
    size_t got = 0;

    while (got < len) {
        ssize_t n = read(fd, data + got, len - got);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        got += (size_t)n;
    }
    return (ssize_t)got;
}

int
file_read(struct arena *arena, const char *path, size_t bytes_max, char **data, size_t *len,
          struct error *err)
{
    struct stat status;
    ssize_t got;
    int rc = -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* so that a pipe is refused too */

    *data = NULL;
    *len = 0;
    if (fd < 0 || fstat(fd, &status) != 0) {
        error_set(err, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_INVALID, "%s: %s", path,
                  strerror(errno));
        goto out;
    }
    if (!S_ISREG(status.st_mode)) {
        error_set(err, ERROR_INVALID, "%s: not a regular file", path);
        goto out;
    }
    if ((size_t)status.st_size > bytes_max) {
        error_set(err, ERROR_INVALID, "%s: %zu bytes, at most %zu are read", path,
                  (size_t)status.st_size, bytes_max);
        goto out;
    }
    *data = arena_alloc(arena, (size_t)status.st_size + 1);
    got = read_fully(fd, *data, (size_t)status.st_size);
    if (got < 0) {
        error_set(err, ERROR_INVALID, "%s: %s", path, strerror(errno));
        goto out;
    }
    (*data)[got] = '\0';
    *len = (size_t)got;
    rc = 0;
out:
    if (fd >= 0)
        close(fd);
    return rc;
}
