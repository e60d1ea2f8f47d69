/* compare.c - pairs of words, then one sum. */
#include "policy/screening/compare.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define CANDIDATES_MAX    1024  /* pairs of words that agree; 20 by 20, and joined ones */
#define FAR_A_LETTER      0.28f /* distance a letter at which two keys agree no more */
#define AGREE_LEAST       0.4f
#define VOWELS            (1u << 0 | 1u << 4 | 1u << 8 | 1u << 14 | 1u << 20 | 1u << 21) /* aeiou v */
#define ABJAD_SAME        0.85f
#define ABJAD_ALIKE       0.6f
#define ABJAD_NEAR        10 /* distance of those */
#define ABJAD_LETTERS_MIN 3
#define SAME_MEANING      0.97f /* zavod, plant */

struct weights {
    float both;   /* of what both say differently */
    float one;    /* of what one alone says */
    float enough; /* bits from which a part may be taken for the whole */
    float steep;
    float forms; /* lost where the legal forms differ */
};

static const struct weights weights_of[] = {
    [NAME_PERSON] = {1.0f, 0.4f, 16, 1, 0},
    [NAME_COMPANY] = {1.0f, 0.15f, 10, 2.5f, 0.02f},
    [NAME_VESSEL] = {1.0f, 0.4f, 20, 1, 0},
};

float
compare_score(enum name_kind kind, float evidence, float missing_a, float missing_b)
{
    const struct weights *w = &weights_of[kind];
    float low = fminf(missing_a, missing_b), high = fmaxf(missing_a, missing_b);
    float against = w->both * low + w->one * (high - low);

    if (evidence <= 0)
        return 0;
    return powf(evidence / (evidence + against), powf(w->enough / evidence, w->steep));
}

/* -- words -- */

/* The distance at which keys, the longer of so many letters, agree no more at all. */
static float
far(size_t a_len, size_t b_len)
{
    return FAR_A_LETTER * KEY_UNIT * (float)(a_len > b_len ? a_len : b_len);
}

bool
letters_far(const struct key *key, uint32_t letters, size_t len)
{
    return (float)key_distance_least(key->letters, letters) >
           far(key->len, len) * (1 - AGREE_LEAST);
}

static float
keys_agree(const struct key *a, const struct key *b)
{
    float most = far(a->len, b->len);
    int distance = key_distance(a, b, (int)(most * (1 - AGREE_LEAST)));

    return distance == KEY_FAR ? 0 : 1 - (float)distance / most;
}

/* A key without vowels, and without v and a last h, which may be written for one. */
static void
bare(const struct key *key, struct key *out)
{
    *out = (struct key){0};
    for (size_t i = 0; i < key->len; i++) {
        uint8_t code = key->text[i];

        if (1u << code & VOWELS || (code == 'h' - 'a' && i + 1u == key->len))
            continue;
        out->letters |= 1u << code;
        out->text[out->len++] = code;
    }
}

/* One of the two was written without vowels. */
static float
abjads_agree(const struct key *a, const struct key *b)
{
    struct key of_a, of_b;
    int distance;

    bare(a, &of_a);
    bare(b, &of_b);
    if (of_a.len == 0 || of_b.len == 0)
        return 0;
    distance = key_distance(&of_a, &of_b, ABJAD_NEAR);
    if (distance == KEY_FAR ||
        (distance > 0 && (of_a.len < ABJAD_LETTERS_MIN || of_b.len < ABJAD_LETTERS_MIN)))
        return 0;
    return distance == 0 ? ABJAD_SAME : ABJAD_ALIKE;
}

/* The two stand for the same. */
static float
meaning_agree(const struct word *a, const struct word *b)
{
    if (a->sure != b->sure)
        return fminf(a->sure, b->sure);
    return a->len == b->len && memcmp(a->text, b->text, a->len) == 0 ? 1 : SAME_MEANING;
}

float
word_agree_near(const struct word *a, const struct word *b)
{
    if (a->is == WORD_NUMBER || b->is == WORD_NUMBER)
        return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
    if (a->concept && a->concept == b->concept)
        return meaning_agree(a, b);
    if (a->key.hash == b->key.hash && a->len == b->len && memcmp(a->text, b->text, a->len) == 0)
        return a->sure != b->sure ? fminf(a->sure, b->sure) : 1;
    if (a->is == WORD_PARTICLE || b->is == WORD_PARTICLE) /* too short to be misspelled */
        return 0;
    if (a->sure < 1 || b->sure < 1 || a->is == WORD_INITIAL || b->is == WORD_INITIAL)
        return 0;
    return a->abjad != b->abjad ? abjads_agree(&a->key, &b->key) : keys_agree(&a->key, &b->key);
}

float
word_agree(const struct word *a, const struct word *b)
{
    if (a->is != WORD_NUMBER && (!a->concept || a->concept != b->concept) &&
        ((a->abjad == b->abjad && letters_far(&a->key, b->key.letters, b->key.len)) ||
         !skeletons_meet(a->key.skeleton, b->key.skeleton)))
        return 0;
    return word_agree_near(a, b);
}

float
joined_agree(const struct key *joined, bool abjad, const struct word *word)
{
    float agree;

    if (joined->skeleton != word->key.skeleton || word->len < COMPARE_JOINED_LETTERS_MIN)
        return 0;
    if (abjad != word->abjad)
        return abjads_agree(joined, &word->key);
    agree = keys_agree(joined, &word->key);
    if (word->sure < 1)
        return agree == 1 && joined->letters == word->key.letters ? word->sure : 0;
    return agree;
}

/* -- pairs -- */

struct candidates {
    struct agreement at[CANDIDATES_MAX];
    size_t count;
};

static void
candidate_add(struct candidates *all, size_t a, size_t a_count, size_t b, size_t b_count,
              float agree, float bits)
{
    if (agree > 0 && all->count < CANDIDATES_MAX)
        all->at[all->count++] = (struct agreement){
            (uint8_t)a, (uint8_t)a_count, (uint8_t)b, (uint8_t)b_count, agree, agree * bits};
}

static float
bits_of(const struct word *words, size_t count)
{
    float bits = 0;

    for (size_t i = 0; i < count; i++)
        bits += words[i].bits;
    return bits;
}

/* Words i… of a written as one are word j of b. */
static void
joined_find(const struct reading *a, const struct reading *b, bool swapped,
            struct candidates *all)
{
    for (size_t i = 0; i < a->count; i++) {
        struct key key = a->words[i].key;

        for (size_t n = 2; n <= COMPARE_JOINED_MAX && i + n <= a->count; n++) {
            key_join(&key, &a->words[i + n - 1].key, &key);
            for (size_t j = 0; j < b->count; j++) {
                const struct word *word = &b->words[j];
                float bits = fminf(bits_of(a->words + i, n), word->bits);
                float agree = joined_agree(&key, a->words[i].abjad, word);

                if (swapped)
                    candidate_add(all, j, 1, i, n, agree, bits);
                else
                    candidate_add(all, i, n, j, 1, agree, bits);
            }
        }
    }
}

static void
candidates_find(const struct reading *a, const struct reading *b, struct candidates *all)
{
    for (size_t i = 0; i < a->count; i++)
        for (size_t j = 0; j < b->count; j++)
            candidate_add(all, i, 1, j, 1, word_agree(&a->words[i], &b->words[j]),
                          fminf(a->words[i].bits, b->words[j].bits));
    joined_find(a, b, false, all);
    joined_find(b, a, true, all);
}

static uint32_t
mask(size_t first, size_t count)
{
    return ((1u << count) - 1) << first;
}

/* The worthiest first, as long as its words are free. */
static void
pairs_choose(struct candidates *all, struct comparison *out)
{
    uint32_t used_a = 0, used_b = 0;

    for (;;) {
        struct agreement *best = NULL;

        for (size_t i = 0; i < all->count; i++) {
            struct agreement *c = &all->at[i];

            if ((used_a & mask(c->a, c->a_count)) || (used_b & mask(c->b, c->b_count)))
                continue;
            if (!best || c->bits > best->bits)
                best = c;
        }
        if (!best || out->pair_count == COMPARE_PAIRS_MAX)
            return;
        used_a |= mask(best->a, best->a_count);
        used_b |= mask(best->b, best->b_count);
        out->pairs[out->pair_count++] = *best;
        out->evidence += best->bits;
    }
}

/* What a pair takes off the words that are missing. */
static float
found(const struct reading *reading, size_t first, size_t count, float agree)
{
    float miss = 0;

    for (size_t i = 0; i < count; i++)
        miss += reading->words[first + i].miss;
    return miss * agree;
}

static void
compare_readings(const struct name *a, size_t ra, const struct name *b, size_t rb,
                 struct comparison *out)
{
    const struct reading *of_a = &a->readings[ra], *of_b = &b->readings[rb];
    struct candidates all;

    all.count = 0;
    *out = (struct comparison){.reading_a = ra, .reading_b = rb};
    out->missing_a = of_a->miss;
    out->missing_b = of_b->miss;
    candidates_find(of_a, of_b, &all);
    pairs_choose(&all, out);
    for (size_t i = 0; i < out->pair_count; i++) {
        const struct agreement *p = &out->pairs[i];

        out->missing_a -= found(of_a, p->a, p->a_count, p->agree);
        out->missing_b -= found(of_b, p->b, p->b_count, p->agree);
    }
    out->missing_a = fmaxf(out->missing_a, 0);
    out->missing_b = fmaxf(out->missing_b, 0);
    out->score = compare_score(a->kind, out->evidence, out->missing_a, out->missing_b);
    if (of_a->forms != of_b->forms)
        out->score -= weights_of[a->kind].forms * out->score;
}

void
compare(const struct name *a, const struct name *b, struct comparison *best)
{
    assert(a->kind == b->kind);
    *best = (struct comparison){0};
    for (size_t i = 0; i < a->reading_count; i++)
        for (size_t j = 0; j < b->reading_count; j++) {
            struct comparison next;

            compare_readings(a, i, b, j, &next);
            if (next.score > best->score)
                *best = next;
        }
}
