/*
 * compare.h - how much two names agree: the one comparison, for pairs and for the index.
 *
 * Words are paired so that what they agree on is worth the most bits.  What is left
 * over counts against: little where one name says less than the other ("MATA, Americo",
 * "MATA GARCIA, Americo Alex"), much where both go on, and differently.  What tells little
 * in all (a common name, a generic word) must agree more exactly.
 *
 *   C1  compare(a, b) = compare(b, a); a name with itself is 1.
 *   C2  more evidence never lowers a score: the index bounds it from above by that.
 */
#ifndef POLICY_SCREENING_COMPARE_H
#define POLICY_SCREENING_COMPARE_H

#include "policy/screening/name.h"

#define COMPARE_JOINED_MAX         3 /* words written as one */
#define COMPARE_JOINED_LETTERS_MIN 4 /* of the word that they are */
#define COMPARE_PAIRS_MAX          NAME_WORDS_MAX

/* Words a… of one reading and b… of the other that were taken for the same. */
struct agreement {
    uint8_t a, a_count, b, b_count;
    float agree; /* 0..1 */
    float bits;  /* what it is worth */
};

struct comparison {
    float score; /* 0..1 */
    size_t reading_a, reading_b;
    struct agreement pairs[COMPARE_PAIRS_MAX];
    size_t pair_count;
    float evidence, missing_a, missing_b; /* bits */
};

/* What the sums of a comparison are worth: the rule that bounds the index too. */
float compare_score(enum name_kind kind, float evidence, float missing_a, float missing_b);

/* How much two words agree, 0..1. */
float word_agree(const struct word *a, const struct word *b);

/* The same of words whose skeletons meet, or that share a concept or a text. */
float word_agree_near(const struct word *a, const struct word *b);

/* Can a key of these letters and so many not agree with the other, whatever their order? */
bool letters_far(const struct key *key, uint32_t letters, size_t len);

/* How much neighbours written as one agree with a word, 0..1. */
float joined_agree(const struct key *joined, bool abjad, const struct word *word);

/* The best readings of both.  Kinds must be equal. */
void compare(const struct name *a, const struct name *b, struct comparison *best);

#endif
