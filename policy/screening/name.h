/*
 * name.h - a name as the comparison sees it: words with a meaning, a key and a weight.
 *
 *     "OOO «Аргумент» (Argument LLC)"   read twice:  argument [form: limited]
 *                                                    argument [form: limited]
 *     "AL-ASSAD, Bashar"                al  assad  bashar
 *
 * A name is read in several ways: without what stands in brackets, and what stands in
 * them; what a "/" parts.  The score of two names is that of their best readings.
 *
 *   N1  a reading has a word or more; a name without a letter has no reading.
 *   N2  everything is on the arena that name_read() was given.
 */
#ifndef POLICY_SCREENING_NAME_H
#define POLICY_SCREENING_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/arena.h"
#include "policy/screening/key.h"
#include "policy/screening/words.h"

#define NAME_WORDS_MAX    20 /* of a reading; the rest is not looked at */
#define NAME_READINGS_MAX 4

enum name_kind { NAME_PERSON, NAME_COMPANY, NAME_VESSEL };

/* Small, because a list has a hundred thousand of them: 64 bytes. */
struct word {
    const char *text; /* a-z, 0-9 */
    struct key key;
    float sure;       /* 1; less where the script of the name leaves sounds open (Han) */
    float bits;       /* what agreeing on it is worth */
    float miss;       /* what it counts where the other name lacks it */
    uint16_t concept; /* 0: none */
    uint8_t len;
    enum word_class is : 7;
    bool abjad : 1; /* from a script that leaves vowels out */
};

struct reading {
    struct word *words;
    uint64_t forms; /* a bit each: which legal forms it has */
    uint32_t count;
    float miss; /* of all words together */
};

struct name {
    enum name_kind kind;
    struct reading readings[NAME_READINGS_MAX];
    size_t reading_count;
};

void name_read(struct arena *arena, const char *text, enum name_kind kind, struct name *name);

/* The words of a reading, with blanks between: the normalised form that people see. */
char *reading_print(struct arena *arena, const struct reading *reading);

#endif
