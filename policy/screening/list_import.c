/*
 * list_import.c - files checked, written aside, and exchanged for the old ones.
 *
 * What is copied is compared with what was loaded, so that a file which changed in
 * between is not let in unchecked.  Files keep their time, because where a list does not
 * say when it was published its age is theirs.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "gateway/base/buffer.h"
#include "gateway/base/file.h"
#include "gateway/base/json.h"
#include "gateway/base/time.h"
#include "policy/screening/list_folder.h"

struct import {
    const struct list_order *order;
    struct arena arena;
    const char *folder;
    const char *target; /* FOLDER/NAME */
    char *aside;        /* FOLDER/.NAME.XXXXXX; ours alone, once it is made */
    bool made;
    const char **names; /* of the files in it */
    const struct list *list;
    struct error *err;
};

static int
complain(struct import *import, const char *path)
{
    return error_set(import->err, ERROR_INTERNAL, "%.300s: %s", path, strerror(errno));
}

/* -- the list in force -- */

/* A count of its manifest; -1: it has none that makes sense. */
static double
manifest_count(const cJSON *manifest, const char *name)
{
    const cJSON *count = cJSON_GetObjectItemCaseSensitive(manifest, name);

    return cJSON_IsNumber(count) && count->valuedouble < LIST_FILE_BYTES_MAX
               ? count->valuedouble
               : -1;
}

/* What it has, as its manifest says; nothing where there is none. */
static int
in_force(struct import *import, struct list_order *order)
{
    const char *path = arena_printf(&import->arena, "%s/" LIST_MANIFEST, import->target);
    struct error why = {0};
    double entries, names;
    cJSON *json = NULL;

    if (access(import->target, F_OK) != 0)
        return 0;
    if (json_parse_file(&import->arena, path, LIST_MANIFEST_BYTES_MAX, &json, &why) != 0)
        json = NULL;
    entries = manifest_count(json, "entries");
    names = manifest_count(json, "names");
    if (entries < 0 || names < 0)
        return error_set(
            import->err, ERROR_CONFLICT,
            "%.200s is there, but does not say how many entries it has (%.200s); move "
            "it away if it is none of our lists",
            import->target, why.text[0] ? why.text : "no such member");
    order->entries_before = (size_t)entries;
    order->names_before = (size_t)names;
    return 0;
}

/* -- writing aside -- */

static int
file_write(struct import *import, const char *path, const char *data, size_t len,
           const struct timespec *modified)
{
    const struct timespec times[2] = {{.tv_nsec = UTIME_NOW}, modified ? *modified : times[0]};
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    int rc = -1;

    if (fd < 0)
        return complain(import, path);
    while (len > 0) {
        ssize_t n = write(fd, data, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            goto out;
        data += n;
        len -= (size_t)n;
    }
    if (modified && futimens(fd, times) != 0)
        goto out;
    if (fsync(fd) == 0)
        rc = 0;
out:
    if (rc != 0)
        complain(import, path);
    close(fd);
    return rc;
}

/* "delta-0002.json": in the order that they are applied in. */
static const char *
file_name(struct import *import, size_t index)
{
    const struct list_file *file = &import->list->files[index];
    const char *format = import->list->format, *dash = strrchr(format, '-');
    bool numbered = strcmp(file->role, "delta") == 0 || strcmp(file->role, "history") == 0;
    unsigned number = 1;

    for (size_t i = 0; i < index; i++)
        number += strcmp(import->list->files[i].role, file->role) == 0;
    return numbered || number > 1
               ? arena_printf(&import->arena, "%s-%04u.%s", file->role, number, dash + 1)
               : arena_printf(&import->arena, "%s.%s", file->role, dash + 1);
}

static int
file_copy(struct import *import, size_t index)
{
    const char *from = import->order->paths[index];
    const char *to = arena_printf(&import->arena, "%s/%s", import->aside, import->names[index]);
    char hex[SHA256_HEX_SIZE], *data;
    uint8_t digest[SHA256_BYTES];
    struct arena bytes = {0};
    struct hash_part whole;
    struct stat status;
    int rc = -1;

    if (stat(from, &status) != 0)
        return complain(import, from);
    if (file_read(&bytes, from, LIST_FILE_BYTES_MAX, &data, &whole.len, import->err) == 0) {
        whole.data = data;
        hash_sha256(&whole, 1, digest);
        hash_hex(digest, SHA256_BYTES, hex);
        rc = strcmp(hex, import->list->files[index].digest) != 0
                 ? error_set(import->err, ERROR_CONFLICT,
                             "%.300s: it changed while it was read; import it again", from)
                 : file_write(import, to, data, whole.len, &status.st_mtim);
    }
    arena_release(&bytes);
    return rc;
}

static int
manifest_write(struct import *import)
{
    const struct list *list = import->list;
    const char *path = arena_printf(&import->arena, "%s/" LIST_MANIFEST, import->aside);
    char now[INSTANT_TEXT_SIZE];
    struct buffer text;

    instant_print((int64_t)time(NULL) * 1000, now);
    buffer_init(&text, &import->arena, 1024);
    json_open(&text, '{');
    json_member(&text, "list", list->name);
    json_member(&text, "format", list->format);
    json_member(&text, "digest", list->digest);
    json_member(&text, "published_on", list->published_on);
    json_member_if(&text, "as_of", list->as_of);
    json_key(&text, "entries");
    json_int(&text, (int64_t)list->entry_count);
    json_key(&text, "names");
    json_int(&text, (int64_t)list->name_count);
    json_member(&text, "imported_at", now);
    json_key(&text, "files");
    json_open(&text, '[');
    for (size_t i = 0; i < list->file_count; i++) {
        json_open(&text, '{');
        json_member(&text, "name", import->names[i]);
        json_member(&text, "from", list->files[i].name);
        json_member(&text, "sha256", list->files[i].digest);
        json_close(&text, '}');
    }
    json_close(&text, ']');
    json_close(&text, '}');
    buffer_text(&text, "\n");
    return file_write(import, path, text.data, text.len, NULL);
}

static int
folder_flush(struct import *import, const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int rc = fd >= 0 ? fsync(fd) : -1;

    if (rc != 0)
        complain(import, path);
    if (fd >= 0)
        close(fd);
    return rc;
}

static int
aside_write(struct import *import)
{
    import->names =
        arena_alloc(&import->arena, import->list->file_count * sizeof(*import->names));
    if ((mkdir(import->folder, 0755) != 0 && errno != EEXIST) || !mkdtemp(import->aside))
        return complain(import, import->folder);
    import->made = true;
    if (chmod(import->aside, 0755) != 0)
        return complain(import, import->aside);
    for (size_t i = 0; i < import->list->file_count; i++) {
        import->names[i] = file_name(import, i);
        if (file_copy(import, i) != 0)
            return -1;
    }
    return manifest_write(import) != 0 ? -1 : folder_flush(import, import->aside);
}

/* -- the exchange -- */

/* F1: one rename, whether there was an old one or not. */
static int
exchange(struct import *import)
{
    if (renameat2(AT_FDCWD, import->aside, AT_FDCWD, import->target, RENAME_NOREPLACE) != 0 &&
        (errno != EEXIST ||
         renameat2(AT_FDCWD, import->aside, AT_FDCWD, import->target, RENAME_EXCHANGE) != 0))
        return complain(import, import->target);
    return folder_flush(import, import->folder);
}

/* What stands aside: a new list that failed, or the old one.  As far as it can be removed. */
static void
aside_remove(struct import *import)
{
    const char *const *paths;
    struct error err = {0};
    struct stat status;
    size_t count;

    if (!import->made || lstat(import->aside, &status) != 0)
        return;
    if (S_ISLNK(status.st_mode)) { /* what stood there pointed elsewhere: not ours to empty */
        unlink(import->aside);
        return;
    }
    if (list_folder_files(&import->arena, import->aside, &paths, &count, &err) != 0)
        return;
    for (size_t i = 0; i < count; i++)
        unlink(paths[i]);
    unlink(arena_printf(&import->arena, "%s/" LIST_MANIFEST, import->aside));
    rmdir(import->aside);
}

/* All of it, where it is to be; what stood there before is removed. */
static int
import_write(struct import *import)
{
    int rc = aside_write(import) != 0 ? -1 : exchange(import);

    aside_remove(import);
    return rc;
}

int
list_keep(const struct list_order *order, const struct list *list, const char *folder,
          const char *as, struct error *err)
{
    struct list_order own = *order;
    struct import import = {.order = &own, .folder = folder, .list = list, .err = err};
    int rc;

    import.target = arena_printf(&import.arena, "%s/%s", folder, as);
    import.aside = arena_printf(&import.arena, "%s/.%.16s.XXXXXX", folder, as);
    rc = list_order_expand(&import.arena, &own, err) != 0 ? -1 : import_write(&import);
    arena_release(&import.arena);
    return rc;
}

int
list_import(const struct list_order *order, const char *folder, struct list_faults *faults,
            struct list **list, struct error *err)
{
    struct list_order own = *order;
    struct import import = {.order = &own, .folder = folder, .err = err};
    struct list *loaded = NULL;
    int rc = -1;

    *list = NULL;
    import.target = arena_printf(&import.arena, "%s/%s", folder, order->name);
    import.aside = arena_printf(&import.arena, "%s/.%s.XXXXXX", folder, order->name);
    if (list_order_expand(&import.arena, &own, err) != 0 || in_force(&import, &own) != 0 ||
        list_load(&own, faults, &loaded, err) != 0 ||
        (own.paths != order->paths &&
         list_folder_check(&import.arena, order->paths[0], loaded->files, loaded->file_count,
                           err) != 0))
        goto out;
    import.list = loaded;
    rc = import_write(&import);
    if (rc != 0)
        goto out;
    *list = loaded;
    loaded = NULL;
out:
    list_free(loaded);
    arena_release(&import.arena);
    return rc;
}
