/* uploads_sweep.c - what uploads have left behind that a kill has ended. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/api/uploads.h"
#include "policy/screening/list_folder.h"

#define CHANCE_CHARS 6 /* what mkstemp puts in the place of XXXXXX */

/* ".FILE.a1B2c3", FILE being a name that a file can be put under. */
static int
is_aside(const struct dirent *item)
{
    const char *name = item->d_name;
    size_t len = strlen(name);
    char file[LIST_NAME_BYTES_MAX + 1];

    if (name[0] != '.' || len < CHANCE_CHARS + 3 || name[len - CHANCE_CHARS - 1] != '.')
        return 0;
    len -= CHANCE_CHARS + 2;
    if (len >= sizeof(file))
        return 0;
    memcpy(file, name + 1, len);
    file[len] = '\0';
    return list_name_is_valid(file);
}

/* U4: its writer has it locked as long as it lives. */
static bool
aside_sweep(const char *path)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat status;
    bool swept;

    if (fd < 0)
        return false;
    swept = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
            flock(fd, LOCK_EX | LOCK_NB) == 0 && unlink(path) == 0;
    close(fd);
    return swept;
}

static size_t
incoming_sweep(struct arena *arena, const char *folder)
{
    struct dirent **items;
    int count = scandir(folder, &items, is_aside, NULL);
    size_t swept = 0;

    for (int i = 0; i < count; i++) {
        swept += aside_sweep(arena_printf(arena, "%s/%s", folder, items[i]->d_name));
        free(items[i]);
    }
    if (count >= 0)
        free(items);
    return swept;
}

size_t
uploads_sweep(const char *folder)
{
    struct arena arena = {0};
    const char *const *lists;
    struct error err = {0};
    size_t count, swept = 0;

    if (list_folder_folders(&arena, folder, &lists, &count, &err) != 0)
        count = 0; /* nothing was ever put */
    for (size_t i = 0; i < count; i++)
        swept += incoming_sweep(&arena, arena_printf(&arena, "%s/" LIST_INCOMING, lists[i]));
    arena_release(&arena);
    return swept;
}
