/*
 * keys.c - a sorted array behind a lock that is held for the search alone.
 *
 * Readers copy the one line they need and hash outside the lock, so that a reload waits for
 * no hash and no request for a reload's file.
 */
#include "gateway/access/keys.h"

#include <openssl/crypto.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/access/keys_file.h"
#include "gateway/base/log.h"

struct keys {
    char *path; /* NULL: no file */
    pthread_rwlock_t lock;
    struct key_line *lines; /* malloc, by id; guarded by lock */
    size_t count;           /* guarded by lock */
    atomic_bool needed;     /* never taken back (K3) */
};

static int
by_id(const void *a, const void *b)
{
    return strcmp(((const struct key_line *)a)->id, ((const struct key_line *)b)->id);
}

/* The swap (K1). */
static void
keys_put(struct keys *keys, const struct key_list *list)
{
    size_t bytes = list->count * sizeof(*list->lines);
    struct key_line *lines = malloc(bytes + 1), *old;

    if (!lines)
        abort();
    memcpy(lines, list->lines, bytes);
    qsort(lines, list->count, sizeof(*lines), by_id);
    pthread_rwlock_wrlock(&keys->lock);
    old = keys->lines;
    keys->lines = lines;
    keys->count = list->count;
    pthread_rwlock_unlock(&keys->lock);
    free(old);
    atomic_store(&keys->needed, true);
    log_info("keys.read", "keys=%zu", list->count);
}

static int
keys_load(struct keys *keys, struct error *err)
{
    struct arena arena = {0};
    struct key_list list;
    int rc = keys_read(&arena, keys->path, &list, err);

    if (rc == 0)
        keys_put(keys, &list);
    arena_release(&arena);
    return rc;
}

static struct keys *
keys_new(const char *path)
{
    struct keys *keys = calloc(1, sizeof(*keys));
    pthread_rwlockattr_t kind;

    /* Else a stream of requests could keep a reload out for ever. */
    if (!keys || pthread_rwlockattr_init(&kind) != 0 ||
        pthread_rwlockattr_setkind_np(&kind, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP) !=
            0 ||
        pthread_rwlock_init(&keys->lock, &kind) != 0)
        abort();
    pthread_rwlockattr_destroy(&kind);
    keys->path = path ? strdup(path) : NULL;
    if (path && !keys->path)
        abort();
    return keys;
}

int
keys_open(const char *path, bool wanted, struct keys **out, struct error *err)
{
    struct keys *keys = keys_new(path);
    struct error why = {0};

    *out = NULL;
    if (path && keys_load(keys, &why) != 0 && (wanted || why.code != ERROR_NOT_FOUND)) {
        *err = why;
        if (why.code == ERROR_NOT_FOUND)
            error_set(err, ERROR_NOT_FOUND,
                      "there is no file of keys at %.400s; yuangate keys add makes it", path);
        keys_close(keys);
        return -1;
    }
    *out = keys;
    return 0;
}

bool
keys_are_needed(const struct keys *keys)
{
    return atomic_load_explicit(&keys->needed, memory_order_acquire);
}

int
keys_reload(struct keys *keys, struct error *err)
{
    struct error why = {0};

    if (!keys->path || keys_load(keys, &why) == 0)
        return 0;
    if (why.code == ERROR_NOT_FOUND && !keys_are_needed(keys))
        return 0;
    log_error("keys.refused", "why=\"%s\"", why.text);
    *err = why;
    return -1;
}

static bool
line_copy(struct keys *keys, const char *id, struct key_line *out)
{
    struct key_line wanted = {.id = ""};
    const struct key_line *line = NULL;

    strcpy(wanted.id, id);
    pthread_rwlock_rdlock(&keys->lock);
    if (keys->count > 0)
        line = bsearch(&wanted, keys->lines, keys->count, sizeof(wanted), by_id);
    if (line)
        *out = *line;
    pthread_rwlock_unlock(&keys->lock);
    return line != NULL;
}

bool
keys_find(struct keys *keys, const char *text, size_t len, struct arena *arena,
          struct access_key *out)
{
    char id[KEY_ID_DIGITS + 1];
    uint8_t hash[SHA256_BYTES];
    struct key_line line;

    if (!key_text_is_sound(text, len, id) || !line_copy(keys, id, &line))
        return false;
    key_hash(line.salt, text, len, hash);
    if (CRYPTO_memcmp(hash, line.hash, sizeof(hash)) != 0)
        return false;
    out->name = arena_copy(arena, line.name, strlen(line.name));
    out->role = line.role;
    out->id = arena_copy(arena, line.id, strlen(line.id));
    return true;
}

bool
keys_hold(struct keys *keys, const struct access_key *key)
{
    struct key_line line;

    if (!key->id)
        return !keys_are_needed(keys);
    return line_copy(keys, key->id, &line) && line.role == key->role;
}

void
keys_close(struct keys *keys)
{
    if (!keys)
        return;
    pthread_rwlock_destroy(&keys->lock);
    free(keys->lines);
    free(keys->path);
    free(keys);
}
