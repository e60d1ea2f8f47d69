/* input.c - reads to the end of whatever was named. */
#include "clients/input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "gateway/base/buffer.h"

#define INPUT_PIECE_BYTES 65536

static int
input_drain(int fd, const char *name, struct buffer *text, struct error *err)
{
    char piece[INPUT_PIECE_BYTES];

    for (;;) {
        ssize_t got = read(fd, piece, sizeof(piece));

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_set(err, ERROR_INVALID, "%s: %s", name, strerror(errno));
        if (got == 0)
            return 0;
        if (text->len + (size_t)got > INPUT_BYTES_MAX)
            return error_set(err, ERROR_INVALID, "%s: more than %d bytes", name,
                             INPUT_BYTES_MAX);
        buffer_append(text, piece, (size_t)got);
    }
}

int
input_read(struct arena *arena, const char *path, char **data, size_t *len, struct error *err)
{
    int standard = strcmp(path, "-") == 0;
    const char *name = standard ? "standard input" : path;
    struct buffer text;
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    int rc = -1;

    *data = NULL;
    *len = 0;
    if (fd < 0)
        return error_set(err, ERROR_NOT_FOUND, "%s: %s", name, strerror(errno));
    buffer_init(&text, arena, INPUT_PIECE_BYTES);
    if (input_drain(fd, name, &text, err) != 0)
        goto out;
    *len = text.len;
    *data = buffer_terminate(&text);
    rc = 0;
out:
    if (!standard)
        close(fd);
    return rc;
}

int
input_read_line(struct arena *arena, const char *path, const char **line, struct error *err)
{
    char *text;
    size_t len;

    *line = NULL;
    if (input_read(arena, path, &text, &len, err) != 0)
        return -1;
    text[strcspn(text, "\r\n")] = '\0';
    *line = text;
    return 0;
}
