/* list_folder.c - what is in a folder of lists. */
#include "policy/screening/list_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/base/json.h"

bool
list_folder_is(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static int
is_shown(const struct dirent *item)
{
    return item->d_name[0] != '.' && strcmp(item->d_name, LIST_MANIFEST) != 0;
}

/* Those that are folders, or those that are not. */
static int
folder_read(struct arena *arena, const char *folder, bool folders, const char *const **paths,
            size_t *count, struct error *err)
{
    struct dirent **items;
    const char **found;
    int n = scandir(folder, &items, is_shown, alphasort);

    *paths = NULL;
    *count = 0;
    if (n < 0)
        return error_set(err, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_INVALID, "%.300s: %s",
                         folder, strerror(errno));
    found = arena_alloc(arena, ((size_t)n + 1) * sizeof(*found));
    for (int i = 0; i < n; i++) {
        const char *path = arena_printf(arena, "%s/%s", folder, items[i]->d_name);

        if (list_folder_is(path) == folders)
            found[(*count)++] = path;
        free(items[i]);
    }
    free(items);
    *paths = found;
    return 0;
}

int
list_folder_files(struct arena *arena, const char *folder, const char *const **paths,
                  size_t *count, struct error *err)
{
    return folder_read(arena, folder, false, paths, count, err);
}

int
list_folder_folders(struct arena *arena, const char *folder, const char *const **paths,
                    size_t *count, struct error *err)
{
    return folder_read(arena, folder, true, paths, count, err);
}

/* A member of a file in the manifest, or "". */
static const char *
manifest_text(const cJSON *file, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(file, name);

    return cJSON_IsString(item) ? item->valuestring : "";
}

static bool
manifest_has(const cJSON *manifest, const struct list_file *file)
{
    const cJSON *one;

    cJSON_ArrayForEach(
        one, cJSON_GetObjectItemCaseSensitive(
                 manifest, "files")) if (strcmp(manifest_text(one, "name"), file->name) ==
                                         0) return strcmp(manifest_text(one, "sha256"),
                                                          file->digest) == 0;
    return false;
}

int
list_folder_check(struct arena *arena, const char *folder, const struct list_file *files,
                  size_t count, struct error *err)
{
    const char *path = arena_printf(arena, "%s/" LIST_MANIFEST, folder);
    cJSON *manifest;
    int told;

    if (access(path, F_OK) != 0 && errno == ENOENT)
        return 0;
    if (json_parse_file(arena, path, LIST_MANIFEST_BYTES_MAX, &manifest, err) != 0)
        return -1;
    told = cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(manifest, "files"));
    if (told < 0 || (size_t)told != count)
        return error_set(err, ERROR_INVALID,
                         "%.300s: %zu files where %d were imported; import the list again",
                         folder, count, told);
    for (size_t i = 0; i < count; i++)
        if (!manifest_has(manifest, &files[i]))
            return error_set(err, ERROR_INVALID,
                             "%.300s/%.80s: not the file that was imported; import the list "
                             "again",
                             folder, files[i].name);
    return 0;
}

int
list_folder_as_of(struct arena *arena, const char *folder, const char **as_of,
                  struct error *err)
{
    const char *path = arena_printf(arena, "%s/" LIST_MANIFEST, folder), *day;
    cJSON *manifest;

    if (json_parse_file(arena, path, LIST_MANIFEST_BYTES_MAX, &manifest, err) != 0)
        return -1;
    day = manifest_text(manifest, "as_of");
    *as_of = day[0] ? day : NULL;
    return 0;
}

int
list_order_expand(struct arena *arena, struct list_order *order, struct error *err)
{
    const char *folder = order->path_count == 1 ? order->paths[0] : NULL;

    if (!folder || !list_folder_is(folder))
        return 0;
    if (list_folder_files(arena, folder, &order->paths, &order->path_count, err) != 0)
        return -1;
    if (order->path_count == 0)
        return error_set(err, ERROR_NOT_FOUND, "%.300s: no file of a list in this folder",
                         folder);
    return 0;
}
