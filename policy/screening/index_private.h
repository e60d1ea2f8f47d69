/*
 * index_private.h - what index_build.c lays out and index.c reads.
 *
 * One part a kind.  A bucket is a key of 64 bits and the terms under it; a term is a word
 * (or neighbours joined) that some readings have.  All arrays are filled in two passes
 * (count, place), so that a part is a few flat blocks.
 */
#ifndef POLICY_SCREENING_INDEX_PRIVATE_H
#define POLICY_SCREENING_INDEX_PRIVATE_H

#include "policy/screening/index.h"

#define TAG_CONCEPT 0x1000000000000000u /* above a skeleton */
#define TAG_TEXT    0x2000000000000000u
#define TAG_JOINED  0x3000000000000000u
#define KEYS_MAX    (VARIANTS_MAX + 2)
#define AHEAD       6 /* terms that are fetched while others are compared */
#define NAME_KINDS  3

/* A reading of a listed name. */
struct unit {
    uint32_t record; /* of the part */
    float miss;
};

/* A listed name. */
struct record {
    struct name name;
    uint32_t list, entry, at;
    bool weak; /* the source calls it so */
};

/* A word of some units, or joined neighbours. */
struct term {
    struct word word;
    bool joined;
    uint32_t first, count; /* of postings: units */
};

struct bucket {
    uint64_t key;
    uint32_t first, count; /* of members */
};

/* A term in a bucket, and what tells at once that a word is far from it. */
struct member {
    uint32_t term, letters;
    uint8_t len; /* of the key; 0: agrees by more than its letters */
};

struct part {
    struct arena arena; /* words of names */
    struct record *records;
    size_t record_count;
    struct unit *units;
    size_t unit_count;
    struct term *terms;
    size_t term_count;
    uint32_t *postings;
    struct bucket *buckets; /* a hash: count is 0 where there is none */
    size_t bucket_mask;
    struct member *members;
};

struct index {
    struct part parts[NAME_KINDS];
};

/* The buckets that a word stands in, and is looked for in. */
size_t index_word_keys(const struct word *word, uint64_t keys[KEYS_MAX]);

/* The bucket of a key, or the free place where it would be. */
static inline struct bucket *
bucket_find(const struct part *part, uint64_t key)
{
    size_t at = (size_t)((key * 0x9e3779b97f4a7c15u) >> 32) & part->bucket_mask;

    while (part->buckets[at].count && part->buckets[at].key != key)
        at = (at + 1) & part->bucket_mask;
    return &part->buckets[at];
}

#endif
