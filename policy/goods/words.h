/*
 * words.h - finds known words in the free text of an invoice line.
 *
 * Text and words are brought to one form first: ASCII and Cyrillic letters in
 * lower case, anything that is no letter or digit a blank, the English plural
 * taken off ("Batteries" and "battery" are one word).  Words of ASCII letters
 * are found as whole words, others (Russian stems, Chinese) anywhere.
 *
 *   W1  one pass over the text whatever the number of words: each place is
 *       looked up by its first four bytes.
 *   W2  after loading the index is only read.
 */
#ifndef POLICY_GOODS_WORDS_H
#define POLICY_GOODS_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "gateway/base/arena.h"

#define WORDS_BUCKETS  1024
#define WORDS_KEY_SIZE 4 /* bytes of a word at least, the blank after it included */

struct word {
    const char *text; /* normalised */
    size_t len;
    uint32_t value; /* the caller's */
    const struct word *next;
};

/* {0} is empty. */
struct words {
    const struct word *buckets[WORDS_BUCKETS];
};

/* Memory that scans of one payment share; {.arena = …} is ready for use. */
struct words_scratch {
    struct arena *arena;
    char *text;
    size_t size;
};

/* -1 if too little of the word is left to look for (two letters, one sign). */
int words_add(struct words *words, struct arena *arena, const char *text, uint32_t value)
    __attribute__((warn_unused_result));

/* Calls found(context, value) for every place where a word stands. */
void words_scan(const struct words *words, const char *text, struct words_scratch *scratch,
                void (*found)(void *context, uint32_t value), void *context);

#endif
