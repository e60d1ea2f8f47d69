/*
 * key.h - one spelling for the many in which a word is romanised.
 *
 *     Sergeyevich Sergejewitsch Sergeevic     sergeevic
 *     Muhammad Mouhammed Mukhammed            muhamad muhamed muhamed
 *     Shcherbakov Schtscherbakow              Xerbakov
 *
 * Keys of the same sound are equal or a short way apart (key_distance: vowels and
 * letters that are written for each other cost little).  A skeleton is what is left
 * of the consonants, in ten groups: words whose skeletons share no variant, that is,
 * are neither equal nor equal after leaving out one letter each, are never compared.
 *
 *   K1  key_distance(a, b) = key_distance(b, a), 0 for equal keys.
 *   K2  skeletons meet if and only if skeleton_variants() of both have one in common.
 */
#ifndef POLICY_SCREENING_KEY_H
#define POLICY_SCREENING_KEY_H

#include <stddef.h>
#include <stdint.h>

#define KEY_MAX      23 /* letters; what is longer is cut */
#define SKELETON_MAX 14 /* letters */
#define VARIANTS_MAX (SKELETON_MAX + 1)
#define KEY_UNIT     20 /* one different letter costs this much */
#define KEY_FAR      1000

struct key {
    uint64_t skeleton; /* four bits a letter */
    uint32_t letters;  /* which of them are in it */
    uint32_t hash;     /* of all letters, those that were cut too */
    uint8_t len;
    uint8_t text[KEY_MAX]; /* codes of letters */
};

/* Of a word of a-z and 0-9. */
void key_make(const char *word, size_t len, struct key *key);

/* The key of two words written as one. */
void key_join(const struct key *a, const struct key *b, struct key *joined);

/* What lies between two keys, in KEY_UNITs; KEY_FAR where it is more than most. */
int key_distance(const struct key *a, const struct key *b, int most);

/* Keys of these letters (key.letters) are not nearer: what one lacks must go or change. */
int key_distance_least(uint32_t a, uint32_t b);

/*
 * The skeleton first, then those without one letter; how many.  Short ones also tell a word that
 * begins with a vowel, or h, from others.
 */
size_t skeleton_variants(uint64_t skeleton, uint64_t variants[VARIANTS_MAX]);

/* Do the two share a variant? */
int skeletons_meet(uint64_t a, uint64_t b);

#endif
