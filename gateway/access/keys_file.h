/*
 * keys_file.h - the file of the API keys, read and changed.
 *
 *     # yuangate keys: NAME ROLE ID SALT HASH
 *     shop payer 5f0c9a81d2e4 6b…(32 digits) 91…(64 digits)
 *
 * A key reads yg_ID_SECRET: 6 bytes that find its line, and 32 that nobody can guess, all
 * from the kernel's random source, in hexadecimal.  HASH is SHA-256 over the salt's 16 bytes
 * and the key's characters.  A slow hash, as passwords need, would buy nothing: it makes
 * guessing dear, and 256 random bits are not guessed at any price; it would be paid on every
 * request.  The salt keeps one hash from being looked for in two files at once.
 *
 *   F1  a key's text is in no file and no log; it is given out once, by keys_add().
 *   F2  the file is replaced whole: written beside it with mode 0600, flushed, renamed.
 *       Who changes it at the same time waits; a kill leaves the old file or the new one.
 *   F3  what is not exactly as above is refused with its line, and nothing of it is used;
 *       so is a file that others may write to.
 */
#ifndef GATEWAY_ACCESS_KEYS_FILE_H
#define GATEWAY_ACCESS_KEYS_FILE_H

#include <stdint.h>

#include "gateway/access/roles.h"
#include "gateway/base/hash.h"

#define KEYS_MAX         1024
#define KEYS_FILE_MAX    262144 /* bytes: so many lines, and room */
#define KEY_NAME_MAX     64
#define KEY_ID_BYTES     6
#define KEY_ID_DIGITS    12
#define KEY_SECRET_BYTES 32
#define KEY_SALT_BYTES   16
#define KEY_PREFIX       "yg_"
#define KEY_TEXT_LENGTH  80 /* yg_ and 12 digits, _ and 64 digits */

struct key_line {
    char name[KEY_NAME_MAX + 1];
    enum access_role role;
    char id[KEY_ID_DIGITS + 1];
    uint8_t salt[KEY_SALT_BYTES];
    uint8_t hash[SHA256_BYTES];
};

struct key_list {
    struct key_line *lines; /* in the order of the file */
    size_t count;
};

/*
 * Letters, digits, '.', '-' and '_', beginning with a letter or digit, at most KEY_NAME_MAX;
 * and none of the names that stand for somebody in the records: anonymous, bank, payer.
 */
bool key_name_is_sound(const char *name);

/* ERROR_NOT_FOUND: there is no such file.  Lines on the arena. */
int keys_read(struct arena *arena, const char *path, struct key_list *out, struct error *err)
    __attribute__((warn_unused_result));

/*
 * Make a key and put it into the file, which need not be there.  text is the key: the one
 * time that it can be had.  ERROR_CONFLICT: the name is taken.
 */
int keys_add(const char *path, const char *name, enum access_role role,
             char text[KEY_TEXT_LENGTH + 1], struct error *err)
    __attribute__((warn_unused_result));

/* ERROR_NOT_FOUND: no key has that name. */
int keys_remove(const char *path, const char *name, struct error *err)
    __attribute__((warn_unused_result));

/* Is it of the form of a key?  Then id is its public part. */
bool key_text_is_sound(const char *text, size_t len, char id[KEY_ID_DIGITS + 1]);

/* SHA-256 of salt and key. */
void key_hash(const uint8_t salt[KEY_SALT_BYTES], const char *text, size_t len,
              uint8_t hash[SHA256_BYTES]);

#endif
