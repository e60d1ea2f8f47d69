/* store_lock.c - open, lock, and say in one line what stands in the way. */
#include "gateway/store/store_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* The file's name must be on disk too before anything in it is acknowledged. */
static void
sync_folder(const char *path)
{
    char folder[PATH_MAX];
    int fd;

    snprintf(folder, sizeof(folder), "%s", path);
    fd = open(dirname(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

int
store_lock(const char *path, struct error *err)
{
    struct stat status;
    int fd = -1;

    if (strlen(path) >= PATH_MAX)
        return error_set(err, ERROR_INVALID, "store: the path has more than %d bytes",
                         PATH_MAX - 1);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return error_set(err, ERROR_INVALID,
                         "store %s: expected a file to read and write, found: %s; "
                         "choose a place with --store sqlite:PATH",
                         path, strerror(errno));
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        error_set(err, ERROR_INVALID,
                  "store %s: expected a regular file, found something else; "
                  "choose another with --store sqlite:PATH",
                  path);
        goto fail;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        error_set(err, ERROR_CONFLICT,
                  "store %s: expected to be its only gateway, found it in use by another; "
                  "stop that one or choose another file with --store sqlite:PATH",
                  path);
        goto fail;
    }
    if (status.st_size == 0)
        sync_folder(path);
    return fd;
fail:
    close(fd);
    return -1;
}
