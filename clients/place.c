/* place.c - candidates in order, the first that is there. */
#include "clients/place.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where the shipped folders are, seen from a program's: build/, build/san/, PREFIX/bin/. */
static const char *const shipped[] = {"../policy", "../../policy", "../share/yuangate"};

#define SHIPPED_SIGN  "goods/high_priority.json"
#define SHIPPED_COUNT (sizeof(shipped) / sizeof(shipped[0]))

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

const char *
place_of_program(struct arena *arena)
{
    char self[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", self, sizeof(self));

    return arena_copy(arena, self, len > 0 ? (size_t)len : 0);
}

static const char *
own_folder(struct arena *arena)
{
    return folder_of(arena, place_of_program(arena));
}

int
place_of_gateway(struct arena *arena, const char **path, struct error *err)
{
    const char *folder = own_folder(arena);

    *path = arena_printf(arena, "%s/yuangate", folder);
    if (access(*path, X_OK) == 0)
        return 0;
    *path = program_in_path(arena, "yuangate");
    if (*path)
        return 0;
    return error_set(err, ERROR_NOT_FOUND,
                     "there is no yuangate in %s or in PATH; --gateway names one", folder);
}

/* The folder with books, goods and packs; NULL: there is none.  A file tells: beside a build
 * folder in another one lies a folder policy/goods of objects. */
static const char *
shipped_root(struct arena *arena, const char *program_folder)
{
    for (size_t i = 0; i < SHIPPED_COUNT; i++) {
        const char *root = arena_printf(arena, "%s/%s", program_folder, shipped[i]);

        if (access(arena_printf(arena, "%s/" SHIPPED_SIGN, root), R_OK) == 0)
            return root;
    }
    return NULL;
}

/* The shipped file or folder of this name; NULL: it is not there. */
static const char *
shipped_file(struct arena *arena, const char *program_folder, const char *name)
{
    const char *root = shipped_root(arena, program_folder);
    const char *path = root ? arena_printf(arena, "%s/%s", root, name) : NULL;

    return path && access(path, R_OK) == 0 ? path : NULL;
}

int
place_of_shipped(struct arena *arena, const char *name, const char **path, struct error *err)
{
    const char *folder = own_folder(arena);

    *path = shipped_file(arena, folder, name);
    return *path ? 0
                 : error_set(err, ERROR_NOT_FOUND, "no %s are shipped with the program in %s",
                             name, folder);
}

/* A path rather than the name of something shipped? */
static bool
is_path(const char *name)
{
    size_t len = strlen(name);

    return strchr(name, '/') || (len > 5 && strcmp(name + len - 5, ".json") == 0);
}

/* A path as it is, or the shipped file of this name in a folder. */
static int
named_file(struct arena *arena, const char *name, const char *folder, const char *what,
           const char **path, struct error *err)
{
    *path = is_path(name) ? name
                          : shipped_file(arena, own_folder(arena),
                                         arena_printf(arena, "%s/%s.json", folder, name));
    return *path ? 0
                 : error_set(err, ERROR_NOT_FOUND,
                             "there is no shipped %s \"%.60s\"; a file has a / or .json in "
                             "its name",
                             what, name);
}

int
place_of_pack(struct arena *arena, const char *pack, const char **path, struct error *err)
{
    return named_file(arena, pack, "packs", "pack", path, err);
}

int
place_of_own_book(struct arena *arena, const char *book, const char **path, struct error *err)
{
    return named_file(arena, book, "books", "book", path, err);
}

const char *
place_of_plugins(struct arena *arena)
{
    const char *folder = own_folder(arena);
    const char *installed = arena_printf(arena, "%s/../lib/yuangate/plugins", folder);

    return access(installed, R_OK) == 0 ? installed : arena_printf(arena, "%s/plugins", folder);
}

int
place_of_book(struct arena *arena, const char *book, const char *scenario_file,
              const char *program, const char **path, struct error *err)
{
    char real[PATH_MAX];

    if (is_path(book)) {
        *path = book[0] == '/'
                    ? book
                    : arena_printf(arena, "%s/%s", folder_of(arena, scenario_file), book);
        if (access(*path, R_OK) == 0)
            return 0;
        return error_set(err, ERROR_INVALID, "%s: /book: there is no file %s", scenario_file,
                         *path);
    }
    *path = realpath(program, real) ? shipped_file(arena, folder_of(arena, real),
                                                   arena_printf(arena, "books/%s.json", book))
                                    : NULL;
    if (*path)
        return 0;
    return error_set(err, ERROR_INVALID, "%s: /book: no book \"%.60s\" is shipped with %s",
                     scenario_file, book, program);
}
