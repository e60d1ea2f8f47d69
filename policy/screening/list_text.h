/*
 * list_text.h - texts as files have them, and as a list holds them.
 *
 * A struct list_text points into a file's bytes or at a cleaned copy; it is not
 * NUL-terminated.  What is cleaned satisfies L2 of list.h.
 */
#ifndef POLICY_SCREENING_LIST_TEXT_H
#define POLICY_SCREENING_LIST_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/arena.h"

struct list_text {
    const char *data;
    size_t len;
};

struct list_text text_of(const char *text);
bool text_is(struct list_text text, const char *word);
bool text_is_word(struct list_text text, const char *word); /* ASCII letters in any case */
bool text_begins(struct list_text text, const char *word);
bool text_equals(struct list_text a, struct list_text b);

/* Without white space at both ends. */
struct list_text text_trim(struct list_text text);

/* Cut off what stands before the next separator; rest "" and false at the end. */
bool text_cut(struct list_text *rest, const char *separator, struct list_text *part);

/*
 * Valid UTF-8, trimmed, each run of control characters (line ends, tabs, C1) one
 * blank.  A copy on the arena only where that changed something.  False: not UTF-8.
 */
bool text_clean(struct arena *arena, struct list_text text, struct list_text *clean)
    __attribute__((warn_unused_result));

/* An identifier without blanks and separators: "9113-1000 X" is "91131000X". */
struct list_text text_pack(struct arena *arena, struct list_text text);

#endif
