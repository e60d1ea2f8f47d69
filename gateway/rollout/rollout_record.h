/*
 * rollout_record.h - the bytes of a roll-out's record (RECORD_ROLLOUT).
 *
 * A head line and a text, as payments have them, so that an auditor reads it with
 * any tool:
 *
 *     {"kind":"rollout","what":"activate","at_ms":N,"of":"policy","name":"kit-blockade",
 *      "digest":"sha256:…","snapshot":"sha256:…","note":"…","text_bytes":N}\n
 *     the text, N bytes
 *
 *   what        the text is
 *   file        a file that a snapshot is made of; "of" is its kind: "pack", "book" …
 *   put         a version of a policy, book or list that a client sent; of a list, whose files
 *               are kept elsewhere, their sums (policy/screening/list.h)
 *   check       none; the note says why it was refused, "" where it passed
 *   shadow      none: the version judges beside what is in force
 *   unshadow    none; the note says why, "" where a client asked for it
 *   activate    the lines "kind name sha256" of the snapshot that is in force from here on,
 *   rollback    whose SHA-256 is the snapshot's name; "digest" is the version that the
 *   start       roll-out was about, "" where the file stands for the name again.  start
 *   reload      and reload are about no version: files had changed.  reset forgets all
 *   reset       that was activated, so that the files count
 */
#ifndef GATEWAY_ROLLOUT_ROLLOUT_RECORD_H
#define GATEWAY_ROLLOUT_ROLLOUT_RECORD_H

#include "gateway/base/arena.h"
#include "gateway/base/buffer.h"
#include "gateway/base/error.h"
#include "gateway/base/hash.h"

#define DIGEST_PREFIX    "sha256:"
#define DIGEST_TEXT_SIZE (sizeof(DIGEST_PREFIX) - 1 + SHA256_HEX_SIZE)
#define ROLLOUT_NOTE_MAX 500 /* characters; more is cut */

enum rollout_what {
    ROLLOUT_FILE,
    ROLLOUT_PUT,
    ROLLOUT_CHECK,
    ROLLOUT_SHADOW,
    ROLLOUT_UNSHADOW,
    ROLLOUT_ACTIVATE,
    ROLLOUT_ROLLBACK,
    ROLLOUT_START,
    ROLLOUT_RELOAD,
    ROLLOUT_RESET,
    ROLLOUT_WHAT_COUNT,
};

/* Strings are "" where they do not apply, never NULL. */
struct rollout_record {
    enum rollout_what what;
    int64_t at_ms;
    const char *of; /* "policy", "book", "list" or "good-guys"; of a file its kind */
    const char *name;
    const char *digest;   /* of the version or file: "sha256:…" */
    const char *snapshot; /* in force from here on */
    const char *note;
    const char *text;
    size_t text_len;
};

const char *rollout_what_name(enum rollout_what what); /* "activate" */

/* Of that kind, with nothing else set. */
struct rollout_record rollout_record_of(enum rollout_what what);

void rollout_record_write(const struct rollout_record *record, struct buffer *out);

/* The text points into body, the strings are on the arena. */
int rollout_record_read(const char *body, size_t body_len, struct arena *arena,
                        struct rollout_record *out, struct error *err)
    __attribute__((warn_unused_result));

/* "sha256:" and 64 digits for a digest, and back; false: it is none. */
void digest_print(const uint8_t digest[SHA256_BYTES], char text[DIGEST_TEXT_SIZE]);
bool digest_parse(const char *text, uint8_t digest[SHA256_BYTES]);

#endif
