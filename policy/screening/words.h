/*
 * words.h - words that mean something before they name anyone, and how rare the rest is.
 *
 * A word of the table stands for a concept, so that zavod, Werk and plant agree.
 * A rarity is in bits: a word that one name in 2^n bears has n of them.
 */
#ifndef POLICY_SCREENING_WORDS_H
#define POLICY_SCREENING_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/screening/key.h"

enum word_class {
    WORD_NAME,     /* in no table */
    WORD_FORM,     /* what a company legally is */
    WORD_GENERIC,  /* what it does */
    WORD_PLACE,    /* where it is */
    WORD_PARTICLE, /* al, bin, van */
    WORD_TITLE,    /* haji, dr */
    WORD_PATRONYMIC,
    WORD_NUMBER,
    WORD_INITIAL,
    WORD_STOP,  /* the, of */
    WORD_SHORT, /* an abbreviation of several words */
};

#define WORD_JOINED_MAX 8 /* words that stand for one concept: as many */

struct word_meaning {
    enum word_class is;
    uint16_t concept; /* from 1; equal ones agree */
    float bits;
    const char *stands_for; /* WORD_SHORT: words with blanks between */
};

/*
 * What a word of a-z means in the name of a person, or of anything else; several joined
 * without a blank also ("limitedliabilitycompany"); NULL: it is in no table.
 */
const struct word_meaning *word_find(const char *word, size_t len, bool of_person);

/* The same where its key is made already. */
const struct word_meaning *word_find_keyed(const char *word, size_t len, const struct key *key,
                                           bool of_person);

/* The most letters of a word of the table that begins with these three; 0: none does. */
size_t word_longest(const char *word);

/*
 * How rare a word in no table is, from lists of common names, else from its length.  A
 * personal name tells less of a company: many bear their founder's.
 */
float word_rarity(const char *word, const struct key *key, size_t len, bool of_person);

/* Is it made of the syllables of Mandarin alone?  How many; 0: no. */
size_t word_syllables(const char *word, size_t len);

#endif
