/*
 * score.h - two names side by side, without a list.
 *
 * The same comparison as the index (compare.h); how rare a word is comes from words.h.
 */
#ifndef POLICY_SCREENING_SCORE_H
#define POLICY_SCREENING_SCORE_H

#include "policy/screening/compare.h"

struct score {
    float value; /* 0..1 */
    struct name a, b;
    struct comparison how;
};

/* "Person", "Company", "Organization", "LegalEntity", "Vessel"; false: none of them. */
bool score_kind(const char *word, enum name_kind *kind);

/* What *score points to is on the arena. */
void score_names(struct arena *arena, enum name_kind kind, const char *a, const char *b,
                 struct score *score);

/* Lines for people: both normalised forms, which words agreed, what each was worth. */
const char *score_explain(struct arena *arena, const struct score *score);

#endif
