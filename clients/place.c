/* place.c - candidates in order, the first that is there. */
#include "clients/place.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Seen from the gateway's folder: build/, build/san/, PREFIX/bin/. */
static const char *const book_folders[] = {
    "../policy/books",
    "../../policy/books",
    "../share/yuangate/books",
};

#define BOOK_FOLDER_COUNT (sizeof(book_folders) / sizeof(book_folders[0]))

/* "a/b" of "a/b/c"; "." of "c". */
static const char *
folder_of(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? arena_copy(arena, path, (size_t)(slash - path)) : ".";
}

static const char *
program_in_path(struct arena *arena, const char *name)
{
    const char *folders = getenv("PATH");

    while (folders && *folders) {
        size_t len = strcspn(folders, ":");
        const char *path = arena_printf(arena, "%.*s/%s", (int)len, folders, name);

        if (access(path, X_OK) == 0)
            return path;
        folders += len + (folders[len] == ':');
    }
    return NULL;
}

int
place_of_gateway(struct arena *arena, const char **path, struct error *err)
{
    char self[PATH_MAX] = "";
    ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

    self[len > 0 ? len : 0] = '\0';
    *path = arena_printf(arena, "%s/yuangate", folder_of(arena, self));
    if (access(*path, X_OK) == 0)
        return 0;
    *path = program_in_path(arena, "yuangate");
    if (*path)
        return 0;
    return error_set(err, ERROR_NOT_FOUND,
                     "there is no yuangate in %s or in PATH; --gateway names one",
                     folder_of(arena, self));
}

static bool
book_is_path(const char *book)
{
    size_t len = strlen(book);

    return strchr(book, '/') || (len > 5 && strcmp(book + len - 5, ".json") == 0);
}

int
place_of_book(struct arena *arena, const char *book, const char *scenario_file,
              const char *gateway, const char **path, struct error *err)
{
    char real[PATH_MAX];

    if (book_is_path(book)) {
        *path = book[0] == '/'
                    ? book
                    : arena_printf(arena, "%s/%s", folder_of(arena, scenario_file), book);
        if (access(*path, R_OK) == 0)
            return 0;
        return error_set(err, ERROR_INVALID, "%s: /book: there is no file %s", scenario_file,
                         *path);
    }
    for (size_t i = 0; realpath(gateway, real) && i < BOOK_FOLDER_COUNT; i++) {
        *path =
            arena_printf(arena, "%s/%s/%s.json", folder_of(arena, real), book_folders[i], book);
        if (access(*path, R_OK) == 0)
            return 0;
    }
    return error_set(err, ERROR_INVALID, "%s: /book: no book \"%.60s\" is shipped with %s",
                     scenario_file, book, gateway);
}
