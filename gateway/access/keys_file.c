/* keys_file.c - lines of five fields: read strictly, written whole. */
#include "gateway/access/keys_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/base/buffer.h"
#include "gateway/base/file.h"

#define FIELDS       5
#define HEX          "0123456789abcdef"
#define SALT_DIGITS  (2 * KEY_SALT_BYTES)
#define LINE_BYTES   256 /* of a whole line, and more */
#define ASIDE_SUFFIX ".new"

static const char head[] = "# yuangate keys: NAME ROLE ID SALT HASH\n";

/* -- names and texts -- */

bool
key_name_is_sound(const char *name)
{
    static const char *const taken[] = {"anonymous", "bank", "payer"};
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-._"; /* the last three not at the beginning */
    size_t len = strlen(name);

    for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
        if (strcmp(name, taken[i]) == 0)
            return false;
    return len > 0 && len <= KEY_NAME_MAX && strspn(name, plain) == len &&
           !strchr("-._", name[0]);
}

static bool
is_hex(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!(text[i] >= '0' && text[i] <= '9') && !(text[i] >= 'a' && text[i] <= 'f'))
            return false;
    return true;
}

bool
key_text_is_sound(const char *text, size_t len, char id[KEY_ID_DIGITS + 1])
{
    const size_t prefix = sizeof(KEY_PREFIX) - 1, secret = prefix + KEY_ID_DIGITS + 1;

    if (len != KEY_TEXT_LENGTH || memcmp(text, KEY_PREFIX, prefix) != 0 ||
        !is_hex(text + prefix, KEY_ID_DIGITS) || text[secret - 1] != '_' ||
        !is_hex(text + secret, len - secret))
        return false;
    memcpy(id, text + prefix, KEY_ID_DIGITS);
    id[KEY_ID_DIGITS] = '\0';
    return true;
}

void
key_hash(const uint8_t salt[KEY_SALT_BYTES], const char *text, size_t len,
         uint8_t hash[SHA256_BYTES])
{
    const struct hash_part parts[] = {{salt, KEY_SALT_BYTES}, {text, len}};

    hash_sha256(parts, 2, hash);
}

/* -- reading -- */

/* text has 2 * len digits that is_hex() has seen. */
static void
hex_read(const char *text, uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        bytes[i] = (uint8_t)((strchr(HEX, text[2 * i]) - HEX) << 4 |
                             (strchr(HEX, text[2 * i + 1]) - HEX));
}

/* Cut at single blanks, in place; false: there are not just so many fields. */
static bool
fields_cut(char *text, char *fields[FIELDS])
{
    for (int i = 0; i < FIELDS; i++) {
        fields[i] = text;
        text = strchr(text, ' ');
        if ((text != NULL) != (i < FIELDS - 1))
            return false;
        if (text)
            *text++ = '\0';
    }
    return true;
}

/* What is wrong with the line; NULL: it is read.  A sentence never holds what a field does. */
static const char *
line_read(char *text, struct key_line *line)
{
    struct error ignored = {0};
    char *fields[FIELDS];

    if (!fields_cut(text, fields))
        return "the line is not NAME ROLE ID SALT HASH with one blank between";
    if (!key_name_is_sound(fields[0]))
        return "the name is none that a key can have";
    if (role_parse(fields[1], &line->role, &ignored) != 0)
        return "the role is none of payer, reviewer, analyst, operator";
    if (strlen(fields[2]) != KEY_ID_DIGITS || !is_hex(fields[2], KEY_ID_DIGITS))
        return "the id is not 12 hexadecimal digits";
    if (strlen(fields[3]) != SALT_DIGITS || !is_hex(fields[3], SALT_DIGITS))
        return "the salt is not 32 hexadecimal digits";
    if (strlen(fields[4]) != SHA256_HEX_SIZE - 1 || !is_hex(fields[4], SHA256_HEX_SIZE - 1))
        return "the hash is not 64 hexadecimal digits";
    strcpy(line->name, fields[0]);
    strcpy(line->id, fields[2]);
    hex_read(fields[3], line->salt, KEY_SALT_BYTES);
    hex_read(fields[4], line->hash, SHA256_BYTES);
    return NULL;
}

static const struct key_line *
list_find(const struct key_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->lines[i].name, name) == 0)
            return &list->lines[i];
    return NULL;
}

/* Add the line, unless it is at fault. */
static const char *
list_take(struct key_list *list, char *text)
{
    struct key_line *line = &list->lines[list->count];
    const char *fault;

    if (list->count == KEYS_MAX)
        return "there are more than 1024 keys";
    fault = line_read(text, line);
    if (fault)
        return fault;
    if (list_find(list, line->name))
        return "the name is on an earlier line too";
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->lines[i].id, line->id) == 0)
            return "the id is on an earlier line too";
    list->count++;
    return NULL;
}

static int
lines_read(const char *path, char *text, size_t len, struct key_list *out, struct error *err)
{
    size_t number = 1;

    if (strlen(text) != len)
        return error_set(err, ERROR_SETUP, "%s: the file has a NUL byte; it is none of keys",
                         path);
    for (char *feed; *text; text = feed + 1, number++) {
        const char *fault = NULL;

        feed = strchr(text, '\n');
        if (feed)
            *feed = '\0';
        if (!feed)
            fault = "the line does not end, so the file is cut";
        else if (*text != '\0' && *text != '#')
            fault = list_take(out, text);
        if (fault)
            return error_set(err, ERROR_SETUP,
                             "%s:%zu: %s; remove the line, and make its key again with "
                             "yuangate keys add",
                             path, number, fault);
    }
    return 0;
}

int
keys_read(struct arena *arena, const char *path, struct key_list *out, struct error *err)
{
    struct stat status;
    char *text;
    size_t len;

    *out = (struct key_list){0};
    if (file_read(arena, path, KEYS_FILE_MAX, &text, &len, err) != 0)
        return -1;
    if (stat(path, &status) != 0 || (status.st_mode & (S_IWGRP | S_IWOTH)))
        return error_set(err, ERROR_SETUP,
                         "%s: others than its owner may write to it; chmod 600 it, after a "
                         "look at its keys",
                         path);
    out->lines = arena_zalloc(arena, (KEYS_MAX + 1) * sizeof(*out->lines));
    return lines_read(path, text, len, out, err);
}

/* -- writing -- */

static int
write_fully(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, data, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        data += n;
        len -= (size_t)n;
    }
    return 0;
}

static void
list_write(const struct key_list *list, struct buffer *out)
{
    buffer_text(out, head);
    for (size_t i = 0; i < list->count; i++) {
        const struct key_line *line = &list->lines[i];
        char salt[SALT_DIGITS + 1], hash[SHA256_HEX_SIZE];

        hash_hex(line->salt, KEY_SALT_BYTES, salt);
        hash_hex(line->hash, SHA256_BYTES, hash);
        buffer_printf(out, "%s %s %s %s %s\n", line->name, role_name(line->role), line->id,
                      salt, hash);
    }
}

/* The rename must be on disk before anybody is told of it. */
static int
sync_folder(const char *path)
{
    char folder[PATH_MAX];
    int fd, rc;

    snprintf(folder, sizeof(folder), "%s", path);
    fd = open(dirname(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    rc = fsync(fd);
    close(fd);
    return rc;
}

/* The file that will be renamed is still the one of that name: nobody was faster. */
static bool
is_still_there(int fd, const char *path)
{
    struct stat ours, theirs;

    return fstat(fd, &ours) == 0 && stat(path, &theirs) == 0 && ours.st_ino == theirs.st_ino &&
           ours.st_dev == theirs.st_dev;
}

/* The new file, locked: who holds it may read the old one and put this in its place. */
static int
aside_open(const char *aside)
{
    for (;;) {
        int fd = open(aside, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

        if (fd < 0)
            return -1;
        if (flock(fd, LOCK_EX) == 0 && is_still_there(fd, aside))
            return fd;
        close(fd);
    }
}

static int
file_replace(int fd, const struct buffer *text, const char *aside, const char *path,
             struct error *err)
{
    if (fchmod(fd, 0600) != 0 || ftruncate(fd, 0) != 0 ||
        write_fully(fd, text->data, text->len) != 0 || fsync(fd) != 0 ||
        rename(aside, path) != 0 || sync_folder(path) != 0)
        return error_set(err, ERROR_SETUP, "%s: cannot be written: %s", path, strerror(errno));
    return 0;
}

/* A change of the list; -1: not to be made, as err says. */
typedef int list_change(struct key_list *list, const void *context, struct error *err);

/* Read, change and replace (F2). */
static int
keys_change(const char *path, list_change *change, const void *context, struct error *err)
{
    struct arena arena = {0};
    const char *aside = arena_printf(&arena, "%s" ASIDE_SUFFIX, path);
    struct error missing = {0};
    struct key_list list;
    struct buffer text;
    int fd = -1, rc = -1;

    if (strlen(aside) >= PATH_MAX) {
        error_set(err, ERROR_INVALID, "the path of the keys has more than %d bytes",
                  PATH_MAX - 1);
        goto out;
    }
    fd = aside_open(aside);
    if (fd < 0) {
        error_set(err, ERROR_SETUP, "%s: %s; choose a place with --keys FILE", aside,
                  strerror(errno));
        goto out;
    }
    if (keys_read(&arena, path, &list, &missing) != 0) {
        if (missing.code != ERROR_NOT_FOUND) {
            *err = missing;
            goto out;
        }
        list.lines = arena_zalloc(&arena, (KEYS_MAX + 1) * sizeof(*list.lines));
    }
    if (change(&list, context, err) != 0)
        goto out;
    buffer_init(&text, &arena, LINE_BYTES * (list.count + 1));
    list_write(&list, &text);
    rc = file_replace(fd, &text, aside, path, err);
out:
    if (fd >= 0 && rc != 0)
        unlink(aside);
    if (fd >= 0)
        close(fd);
    arena_release(&arena);
    return rc;
}

static int
change_add(struct key_list *list, const void *context, struct error *err)
{
    const struct key_line *line = context;

    if (list_find(list, line->name))
        return error_set(err, ERROR_CONFLICT,
                         "there is a key of the name %s; remove it first, or choose another "
                         "name",
                         line->name);
    if (list->count == KEYS_MAX)
        return error_set(err, ERROR_CONFLICT, "there are %d keys, and no more can be",
                         KEYS_MAX);
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->lines[i].id, line->id) == 0)
            return error_set(err, ERROR_CONFLICT, "by chance the key's id is taken; try again");
    list->lines[list->count++] = *line;
    return 0;
}

int
keys_add(const char *path, const char *name, enum access_role role,
         char text[KEY_TEXT_LENGTH + 1], struct error *err)
{
    struct key_line line = {.role = role};
    uint8_t random[KEY_ID_BYTES + KEY_SECRET_BYTES];
    char secret[2 * KEY_SECRET_BYTES + 1];

    text[0] = '\0';
    if (!key_name_is_sound(name))
        return error_set(err, ERROR_INVALID,
                         "a key's name has 1 to %d letters, digits, dots, dashes and "
                         "underscores, a letter or digit first, and is not anonymous, bank or "
                         "payer",
                         KEY_NAME_MAX);
    if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random) ||
        getrandom(line.salt, sizeof(line.salt), 0) != (ssize_t)sizeof(line.salt))
        return error_set(err, ERROR_INTERNAL, "no random bytes: %s", strerror(errno));
    strcpy(line.name, name);
    hash_hex(random, KEY_ID_BYTES, line.id);
    hash_hex(random + KEY_ID_BYTES, KEY_SECRET_BYTES, secret);
    snprintf(text, KEY_TEXT_LENGTH + 1, KEY_PREFIX "%s_%s", line.id, secret);
    key_hash(line.salt, text, KEY_TEXT_LENGTH, line.hash);
    if (keys_change(path, change_add, &line, err) == 0)
        return 0;
    text[0] = '\0';
    return -1;
}

static int
change_remove(struct key_list *list, const void *context, struct error *err)
{
    const char *name = context;
    const struct key_line *line = list_find(list, name);
    size_t at;

    if (!line)
        return error_set(err, ERROR_NOT_FOUND,
                         "there is no key of the name %.64s; yuangate keys list has them",
                         name);
    at = (size_t)(line - list->lines);
    memmove(&list->lines[at], &list->lines[at + 1], (list->count - at - 1) * sizeof(*line));
    list->count--;
    return 0;
}

int
keys_remove(const char *path, const char *name, struct error *err)
{
    return keys_change(path, change_remove, name, err);
}
