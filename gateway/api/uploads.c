/*
 * uploads.c - the slots, and what the disk's thread does for them.
 *
 * Folders and files are made at the first write, so that an upload refused before
 * leaves no trace.
 */
#include "gateway/api/uploads.h"
#include "policy/screening/list_folder.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/base/log.h"

/* -- on the disk's thread: 0, or -1 and the reason is logged -- */

static int
step_failed(struct upload *upload, const char *path)
{
    upload->failure = errno;
    log_error("upload.failed", "path=\"%s\" error=\"%s\"", path, strerror(upload->failure));
    return -1;
}

static int
folder_flush(struct upload *upload, const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int rc = fd >= 0 && fsync(fd) == 0 ? 0 : step_failed(upload, path);

    if (fd >= 0)
        close(fd);
    return rc;
}

/* A folder that was not there is flushed into the one above. */
static int
folder_make(struct upload *upload, const char *path)
{
    if (mkdir(path, 0755) == 0)
        return folder_flush(upload, arena_printf(&upload->arena, "%s/..", path));
    return errno == EEXIST ? 0 : step_failed(upload, path);
}

static int
aside_open(struct upload *upload)
{
    const char *all = upload->uploads->folder;
    const char *list = arena_printf(&upload->arena, "%s/%s", all, upload->list);

    upload->folder = arena_printf(&upload->arena, "%s/" LIST_INCOMING, list);
    upload->path = arena_printf(&upload->arena, "%s/%s", upload->folder, upload->file);
    upload->aside = arena_printf(&upload->arena, "%s/.%s.XXXXXX", upload->folder, upload->file);
    if (folder_make(upload, all) != 0 || folder_make(upload, list) != 0 ||
        folder_make(upload, upload->folder) != 0)
        return -1;
    upload->fd = mkostemp(upload->aside, O_CLOEXEC);
    /* Readable for others, as lists are; the lock is U4. */
    if (upload->fd < 0 || fchmod(upload->fd, 0644) != 0 ||
        flock(upload->fd, LOCK_EX | LOCK_NB) != 0)
        return step_failed(upload, upload->aside);
    return 0;
}

static int
collected_write(struct upload *upload)
{
    const char *data = upload->data;
    size_t left = upload->len;

    if (upload->fd < 0 && aside_open(upload) != 0)
        return -1;
    while (left > 0) {
        ssize_t n = write(upload->fd, data, left);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return step_failed(upload, upload->aside);
        data += n;
        left -= (size_t)n;
    }
    hash_sum_add(upload->sum, upload->data, upload->len);
    upload->len = 0;
    return 0;
}

/* U1: one rename, and it is there and whole, even if the last flush fails and we say so. */
static int
aside_publish(struct upload *upload)
{
    uint8_t digest[SHA256_BYTES];

    if (fsync(upload->fd) != 0)
        return step_failed(upload, upload->aside);
    upload->replaced = access(upload->path, F_OK) == 0;
    if (rename(upload->aside, upload->path) != 0)
        return step_failed(upload, upload->path);
    close(upload->fd);
    upload->fd = -1;
    hash_sum_read(upload->sum, digest);
    hash_hex(digest, sizeof(digest), upload->sha256);
    if (folder_flush(upload, upload->folder) != 0)
        return -1;
    log_info("upload.done", "list=%s file=%s bytes=%" PRId64 " sha256=%s", upload->list,
             upload->file, upload->bytes, upload->sha256);
    return 0;
}

static void
aside_remove(struct upload *upload)
{
    if (upload->fd < 0)
        return;
    unlink(upload->aside);
    close(upload->fd);
    upload->fd = -1;
}

static void
upload_run(struct job *job, void *context)
{
    struct upload *upload = (struct upload *)job;
    int rc = -1;

    (void)context;
    if (upload->step != UPLOAD_ABANDON)
        rc = collected_write(upload);
    if (rc == 0 && upload->step == UPLOAD_FINISH)
        rc = aside_publish(upload);
    if (rc != 0)
        aside_remove(upload);
    upload->done(upload); /* the upload is not ours any more */
}

/* -- all uploads -- */

int
uploads_open(struct uploads *uploads, const char *folder, struct error *err)
{
    const struct jobs_options options = {
        .name = "disk", .noun = "uploads", .max = UPLOADS_MAX, .run = upload_run};
    size_t swept = uploads_sweep(folder);

    *uploads = (struct uploads){.folder = folder};
    if (swept > 0)
        log_info("upload.sweep", "folder=\"%s\" removed=%zu", folder, swept);
    return jobs_open(&options, &uploads->disk, err);
}

static void
upload_release(struct upload *upload)
{
    hash_sum_free(upload->sum);
    arena_release(&upload->arena);
    atomic_store(&upload->taken, false);
}

void
uploads_close(struct uploads *uploads)
{
    if (!uploads->disk)
        return;
    jobs_close(uploads->disk);
    uploads->disk = NULL;
    for (size_t i = 0; i < UPLOADS_MAX; i++) {
        if (!atomic_load(&uploads->slots[i].taken))
            continue;
        aside_remove(&uploads->slots[i]);
        upload_release(&uploads->slots[i]);
    }
}

/* -- one of them -- */

static struct upload *
slot_take(struct uploads *uploads)
{
    for (size_t i = 0; i < UPLOADS_MAX; i++)
        if (!atomic_exchange(&uploads->slots[i].taken, true))
            return &uploads->slots[i];
    return NULL;
}

struct upload *
upload_begin(struct uploads *uploads, const char *list, const char *file)
{
    struct upload *upload = slot_take(uploads);

    if (!upload)
        return NULL;
    upload->uploads = uploads;
    upload->arena = (struct arena){0};
    upload->step = UPLOAD_BEGIN;
    upload->data = arena_alloc(&upload->arena, UPLOAD_BYTES);
    upload->len = 0;
    upload->failure = 0;
    upload->bytes = 0;
    upload->list = arena_copy(&upload->arena, list, strlen(list));
    upload->file = arena_copy(&upload->arena, file, strlen(file));
    upload->fd = -1;
    upload->sum = hash_sum_new();
    return upload;
}

bool
upload_collect(struct upload *upload, const char *data, size_t len)
{
    assert(len <= UPLOAD_PIECE_MAX && upload->len < UPLOAD_WRITE_BYTES);
    memcpy(upload->data + upload->len, data, len);
    upload->len += len;
    upload->bytes += (int64_t)len;
    return upload->len >= UPLOAD_WRITE_BYTES;
}

/* To the disk.  There is a place in its queue for every upload, so only an end refuses. */
static void
upload_hand_over(struct upload *upload, enum upload_step step)
{
    struct error err = {0};

    if (!upload->uploads->disk)
        return;
    upload->step = step;
    if (jobs_submit(upload->uploads->disk, &upload->job, &err) != 0)
        abort();
}

void
upload_write(struct upload *upload)
{
    upload_hand_over(upload, UPLOAD_WRITE);
}

void
upload_finish(struct upload *upload)
{
    upload_hand_over(upload, UPLOAD_FINISH);
}

void
upload_abandon(struct upload *upload)
{
    upload_hand_over(upload, UPLOAD_ABANDON);
}

void
upload_end(struct upload *upload)
{
    if (upload->uploads->disk)
        upload_release(upload);
}
