/*
 * raws.h - the words of a folded name as they stand, before anything is known about them.
 *
 * Letters and digits part each other; "l.l.c." is one word; syllables of Han are brought
 * together into words of the table, and names.
 */
#ifndef POLICY_SCREENING_RAWS_H
#define POLICY_SCREENING_RAWS_H

#include "policy/screening/name.h"

#define RAW_WORDS_MAX    64
#define JOINED_BYTES_MAX 200 /* of words written as one */

/* A word as it stands, before anything is known about it. */
struct raw {
    const char *text;
    size_t len;
    int han;    /* the number of the run that it is a syllable of, from 1; 0: none */
    bool loose; /* came from Han */
    bool abjad; /* came from a script without vowels */
};

struct raws {
    struct raw at[RAW_WORDS_MAX];
    size_t count;
    int runs; /* of Han */
};

/* Cut len bytes that fold() made; texts point into them, or are on the arena. */
void raws_cut(struct arena *arena, const char *text, size_t len, enum name_kind kind,
              struct raws *raws);

/* count words from first on joined, *len bytes on the arena. */
char *raws_join(struct arena *arena, const struct raw *first, size_t count, size_t *len);

bool raw_is(const struct raw *raw, const char *text);

static inline bool
is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

static inline bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

#endif
