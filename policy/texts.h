/*
 * texts.h - the texts that a snapshot is made of, and those that stand in for files.
 *
 * A snapshot is read from files.  A text of the same kind and name goes before the
 * file: that is how a candidate is tried beside what is in force, and how a
 * snapshot of last month is built again when its files are long gone.
 *
 *   kind      name             otherwise the file
 *   book      the book's       sources->book
 *   pack      the pack's       pack_path/NAME.json
 *   goods     high_priority    goods_path/NAME.json
 *             groups
 *   kit       the kit's        goods_path/kits/NAME.json
 *   list      the list's       the files that the command line names for it (screening/)
 *   good-guys GOOD_GUYS_NAME   no file: exceptions are added while the bank runs
 *   plugin    the plugin's     no text: code is not kept, only known by its digest
 *   engine    SNAPSHOT_ENGINE  no text
 *
 * The text of a list is not the list, which is megabytes, but the sums of its files (list.h):
 * enough to know it by where it is kept.
 */
#ifndef POLICY_TEXTS_H
#define POLICY_TEXTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/hash.h"

#define TEXT_BOOK      "book"
#define TEXT_PACK      "pack"
#define TEXT_GOODS     "goods"
#define TEXT_KIT       "kit"
#define TEXT_LIST      "list"
#define TEXT_PLUGIN    "plugin"
#define TEXT_GOOD_GUYS "good-guys"
#define TEXT_ENGINE    "engine"

struct text {
    const char *kind;
    const char *name;
    const char *data; /* NUL-terminated; NULL: not kept */
    size_t len;
    uint8_t digest[SHA256_BYTES]; /* of data, or of what it is known by */
};

/* {0} has none: all comes from files. */
struct texts {
    const struct text *list;
    size_t count;
    bool only; /* a text that is not here is missing, whatever the folders have */
};

/* NULL: there is none, and the file counts. */
const struct text *texts_find(const struct texts *texts, const char *kind, const char *name);

#endif
